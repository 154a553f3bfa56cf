import fc from 'fast-check'
import { pmDocFromSpans } from '@automerge/prosemirror'
import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import type { Messages } from '#lib/i18n/messages.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { clipCards } from '#lib/kinds/board/card-clip.ts'
import { guessMapping } from '#lib/kinds/board/csv-mapping.ts'
import { exportCsv, type CsvWords } from '#lib/kinds/board/export-csv.ts'
import { exportJson } from '#lib/kinds/board/export-json.ts'
import { exportMarkdown } from '#lib/kinds/board/export-markdown.ts'
import { planBoard } from '#lib/kinds/board/foreign/plan-board.ts'
import { looksLikeJson, readJsonBoard } from '#lib/kinds/board/foreign/read-foreign.ts'
import { englishWords } from '#tests/support/foreign-words.ts'
import { planImport } from '#lib/kinds/board/import-csv.ts'
import { readTable } from '#lib/kinds/board/read-table.ts'
import { priorityCode } from '#lib/kinds/board/ui/priority-code.ts'
import { reportOf } from '#lib/kinds/board/ui/import-report.ts'
import { proseSchema } from '#lib/kinds/board/ui/prose-schema.ts'
import { parseFormatted, type Container } from '#lib/kernel/formatted.ts'
import { formattedToSpans } from '#lib/kinds/prose/formatted-spans.ts'
import { cardsByTitle, labelsOf, lostCards } from '#lib/kinds/board/queries.ts'
import { repeats } from '#lib/kinds/board/repeat.ts'
import { colors, priorities } from '#lib/kinds/board/schema.ts'
import { formattedTexts, joined } from '#tests/support/formatted-texts.ts'
import { dueRanges, parseView } from '#lib/kinds/board/view-content.ts'
import { asRead, boardAfter, li, planOptions, zhang, type PlannedBoard } from '../support/planned-board.ts'

const pause = () => Promise.resolve()
const people = [zhang, li]
const empty = boardAfter([]).board

const words = fc.constantFrom(
  'alpha',
  '=1+1',
  '发布',
  'a, b',
  '"quoted"',
  "'tick",
  '- dash',
  '[x] y',
  '@Bo',
  '# head',
  '<b>',
  '¥5; x',
  '１',
)
/** Distinct as people compare names, so that a file can tell them apart. */
const names = (kind: string, count: number) =>
  fc.array(words, { minLength: count, maxLength: count }).map((list) => list.map((word, at) => `${word} ${kind}${at}`))
const day = fc.option(fc.constantFrom('2026-11-23', '2027-02-28', '2024-02-29'), { nil: null })
/** Descriptions with formats, as the editor makes them. */
const run = fc.record(
  {
    text: words,
    strong: fc.constant(true as const),
    em: fc.constant(true as const),
    code: fc.constant(true as const),
    link: fc.constant('https://example.com/'),
  },
  { requiredKeys: ['text'] },
)
const texts = fc.array(
  fc
    .record({
      is: fc.constantFrom('paragraph', 'heading', 'unordered-list-item', 'ordered-list-item', 'blockquote'),
      within: fc.constantFrom<Container[]>([], ['blockquote'], ['unordered-list-item', 'ordered-list-item']),
      level: fc.integer({ min: 1, max: 3 }),
      runs: fc.array(run, { maxLength: 3 }),
    })
    .map(({ is, within, level, runs }) => (is === 'heading' ? { is, level, within: [], runs } : { is, within, runs })),
  { minLength: 1, maxLength: 5 },
)
const messages: Record<'en' | 'zh-CN', Messages> = { en, 'zh-CN': zhCN }
/** As the screen says them. */
const csvWords = (language: 'en' | 'zh-CN'): CsvWords => ({
  priority: (one) => messages[language].card.priorities[priorityCode[one]],
  repeat: (one) => messages[language].repeat.every[one],
})
const line = { is: 'paragraph' as const, within: [] }
const plainTexts = fc.constantFrom('', 'one\n\ntwo', '=SUM(A1)', '# plan\n- "x", y')
const boardsWith = (description: fc.Arbitrary<unknown>, titles = names('t', 6)) =>
  fc
    .record({
      columns: names('c', 3),
      labels: names('l', 4),
      titles,
      cards: fc.array(
        fc.record({
          column: fc.nat(2),
          labels: fc.uniqueArray(fc.nat(3)),
          assignees: fc.uniqueArray(fc.constantFrom(zhang.id, li.id)),
          start: day,
          due: day,
          priority: fc.option(fc.constantFrom(...priorities), { nil: null }),
          estimate: fc.option(fc.constantFrom(0, 0.5, 6, 100), { nil: null }),
          repeat: fc.option(fc.constantFrom(...repeats), { nil: null }),
          after: fc.uniqueArray(fc.nat(5)),
          checklist: fc.array(fc.record({ text: words, done: fc.boolean() }), { maxLength: 3 }),
          description,
          startDay: fc.option(fc.constantFrom(1, 29, 31), { nil: null }),
          dueDay: fc.option(fc.constantFrom(1, 29, 31), { nil: null }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    })
    .map(({ columns, labels, titles, cards }): MutationCall[] => [
      ...columns.map((title, i) => ({
        mutation: 'addColumn',
        args: {
          column: `c${i}`,
          title,
          order: `a${i}`,
          done: i === 2,
          limit: i === 1 ? 3 : null,
          color: i ? 'red' : null,
        },
      })),
      ...labels.map((name, i) => ({ mutation: 'addLabel', args: { label: `l${i}`, name, color: colors[i] } })),
      ...cards.map(({ column, labels, after, checklist, ...card }, i) => ({
        mutation: 'addCard',
        args: {
          ...card,
          card: `k${i}`,
          title: titles[i],
          column: `c${column}`,
          order: `a${i}`,
          labels: labels.map((at) => `l${at}`),
          // Only earlier ones: no circles.
          blockedBy: after.filter((at) => at < i).map((at) => `k${at}`),
          checklist: checklist.map((item, at) => ({ ...item, item: `i${at}`, order: `a${at}` })),
        },
      })),
    ])

/** Afterwards some of it is put away, and views are saved of it: of what it filters only what is there is known elsewhere. */
const putAway = fc
  .record({
    cards: fc.subarray(['k0', 'k1', 'k2']),
    column: fc.constantFrom('stays', 'goes alone', 'goes with its cards'),
    label: fc.boolean(),
    views: fc.array(
      fc.record({
        owner: fc.constantFrom(null, zhang.id, li.id),
        content: fc.record(
          {
            layout: fc.constantFrom('board', 'table'),
            text: words,
            due: fc.constantFrom(...dueRanges),
            assignees: fc.subarray(['', zhang.id, li.id]),
            labels: fc.subarray(['l0', 'l1', 'l2']),
            priorities: fc.subarray([...priorities]),
            sort: fc.record({ by: fc.constantFrom('due', 'title'), down: fc.boolean() }),
          },
          { requiredKeys: [] },
        ),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ cards, column, label, views }) => (calls: readonly MutationCall[]): MutationCall[] => {
    const added = calls.filter(({ mutation }) => mutation === 'addCard').map(({ args }) => args)
    // What somebody else had put into a column that is archived alone stands there without a column.
    const archived = added.filter(
      ({ card, column: at }) => cards.includes(String(card)) || (column === 'goes with its cards' && at === 'c1'),
    )
    return [
      ...calls,
      ...archived.map(({ card }) => ({ mutation: 'archiveCard', args: { card } })),
      ...(column !== 'stays' ? [{ mutation: 'archiveColumn', args: { column: 'c1' } }] : []),
      ...(label ? [{ mutation: 'removeLabel', args: { label: 'l3' } }] : []),
      ...views.map(({ owner, content }, i) => ({
        mutation: 'addView',
        args: { view: `v${i}`, name: `View ${i}`, owner, content: JSON.stringify(content), order: `a${i}` },
      })),
    ]
  })

/** What a person does not read on the board, but finds on the cards. */
const moreOf = ({ board, formatted }: PlannedBoard) => ({
  labels: board.labels.filter(({ archived }) => !archived).map(({ name, color }) => ({ name, color })),
  views: board.views.map(({ name, owner, content }) => {
    const view = parseView(content)
    const labels = view.labels.map((label) => board.labels.find(({ id }) => id === label)?.name)
    return { name, owner, ...view, labels }
  }),
  lost: lostCards(board).map(({ title }) => title),
  cards: [...board.cardsById.values()].map(({ id, title, startDay, dueDay, archived }) => ({
    ...{ title, startDay, dueDay, archived },
    description: formatted[id] ?? [],
  })),
})

/** Sets have no order. */
const comparable = (planned: PlannedBoard) =>
  asRead(planned).map(({ column, cards }) => ({
    column,
    cards: cards.map((card) => ({
      ...card,
      labels: [...((card['labels'] as string[] | undefined) ?? [])].sort(),
      assignees: [...((card['assignees'] as string[] | undefined) ?? [])].sort(),
      blockedBy: [...((card['blockedBy'] as string[] | undefined) ?? [])].sort(),
    })),
  }))

test('a board exported as JSON and imported is the same board: columns, limits, cards, descriptions, views and the archive', async () => {
  await fc.assert(
    fc.asyncProperty(boardsWith(fc.oneof(plainTexts, texts)), putAway, async (calls, away) => {
      const before = boardAfter(away(calls))
      const text = exportJson(before.board, { now: 0, people, descriptions: before.formatted, history: [] })
      expect(looksLikeJson(text)).toBe(true)
      const foreign = readJsonBoard(text, { today: '2026-11-23' as Day, words: englishWords })
      const plan = await planBoard(foreign, planOptions(empty), { pause })
      expect(plan.errors.filter(({ code }) => code !== 'row-dates-reversed')).toEqual([])
      // Created now, by whoever imports it.
      expect(plan.loss.others.map(({ what, count }) => [what, count])).toEqual([
        ['authors', before.board.cardsById.size],
      ])
      const after = boardAfter(plan.calls)
      expect(comparable(after)).toEqual(comparable(before))
      expect(moreOf(after)).toEqual(moreOf(before))
      const facts = ({ board }: PlannedBoard) =>
        board.columns.map(({ title, done, limit, color, archived }) => ({ title, done, limit, color, archived }))
      expect(facts(after)).toEqual(facts(before))
    }),
    { numRuns: 60 },
  )
})

test('what stands without a column comes back without one, and the preview says so', async () => {
  const before = boardAfter([
    { mutation: 'addColumn', args: { column: 'c', title: '缝制', order: 'a0' } },
    { mutation: 'addCard', args: { card: 'k', title: 'Sew', column: 'c', order: 'a0' } },
    { mutation: 'addCard', args: { card: 'l', title: 'Cut', column: 'c', order: 'a1' } },
    { mutation: 'archiveCard', args: { card: 'l' } },
    { mutation: 'archiveColumn', args: { column: 'c' } },
  ])
  const text = exportJson(before.board, { now: 0, people, descriptions: {}, history: [] })
  const foreign = readJsonBoard(text, { today: '2026-11-23' as Day, words: englishWords })
  const plan = await planBoard(foreign, planOptions(empty), { pause })
  expect(lostCards(boardAfter(plan.calls).board).map(({ title }) => title)).toEqual(['Sew'])
  expect(plan.adds).toMatchObject({ cards: 2, archived: 1, lost: 1 })
  expect(plan.preview).toMatchObject([
    { title: 'Sew', column: null },
    { title: 'Cut', column: '缝制' },
  ])
  expect(reportOf(plan, () => true, en).besides).toEqual([
    '1 of them is finished or archived there, and found here under “Archived items”.',
    '1 of them comes without a column, because its column is archived there.',
    '1 new column has no cards: “待办”.',
  ])
})

test('a view for somebody who is not here, of a removed label or of a name that is here is left out, and named', async () => {
  const view = (name: string, content: object, owner: string | null = null) => ({
    mutation: 'addView',
    args: { view: name.replace(/[^a-z]/gi, ''), name, content: JSON.stringify(content), order: 'a0', owner },
  })
  const before = boardAfter([
    { mutation: 'addLabel', args: { label: 'l0', name: 'rush', color: 'red' } },
    { mutation: 'removeLabel', args: { label: 'l0' } },
    view('Rush', { labels: ['l0'] }),
    view('Of Zoe', { assignees: ['e'.repeat(32)] }),
    view('Zoe’s own', {}, 'e'.repeat(32)),
    view('Overdue', { due: 'overdue' }),
    view('Ours', { assignees: ['', zhang.id] }, li.id),
  ])
  const zoe = { id: 'e'.repeat(32), name: 'Zoe' }
  const text = exportJson(before.board, { now: 0, people: [...people, zoe], descriptions: {}, history: [] })
  const { board } = boardAfter([view('overdue', {})])
  const foreign = readJsonBoard(text, { today: '2026-11-23' as Day, words: englishWords })
  const plan = await planBoard(foreign, planOptions(board), { pause })
  expect(plan.loss.others).toEqual([
    { what: 'views', count: 4, names: ['Rush', 'Of Zoe', 'Overdue', 'Zoe’s own'], kept: null },
  ])
  const added = plan.calls.filter(({ mutation }) => mutation === 'addView')
  expect(added).toMatchObject([{ args: { name: 'Ours', owner: li.id } }])
})

test('a board exported as CSV and imported has the same cards, with checklists, hours, repetitions, formats and what blocks them', async () => {
  // Two cards of one title, and one that is called as others are in the file.
  const titles = fc.array(fc.constantFrom('Sew', 'sew', 'a, b', '=1+1', 'card-2', '发布'), {
    minLength: 6,
    maxLength: 6,
  })
  const read = (planned: PlannedBoard) => {
    const shown = cardsByTitle(planned.board).flatMap(({ cards }) => cards.map(({ id }) => id))
    return {
      columns: comparable(planned).filter(({ cards }) => cards.length > 0),
      blockers: shown.map((id) => {
        const { blockedBy = [] } = planned.board.cardsById.get(id) ?? {}
        return blockedBy.map((other) => shown.indexOf(other)).sort()
      }),
      descriptions: shown.map((id) => joined(planned.formatted[id] ?? [])),
    }
  }
  await fc.assert(
    fc.asyncProperty(
      boardsWith(fc.oneof(plainTexts, formattedTexts), titles),
      fc.constantFrom<'en' | 'zh-CN'>('en', 'zh-CN'),
      async (calls, language) => {
        const { importing, board } = messages[language]
        const words = csvWords(language)
        const before = boardAfter(calls)
        const headings = { ...importing.fields, key: board.exported.key }
        const text = exportCsv(before.board, people, { headings, words, descriptions: before.formatted })
        const table = await readTable(text, {}, { pause })
        const plan = await planImport(table, guessMapping(table.header, table.rows), planOptions(empty), { pause })
        expect(plan.errors.filter(({ code }) => code !== 'row-dates-reversed')).toEqual([])
        expect(plan.loss).toEqual({ people: [], fileColumns: [], times: 0, rowsLeftOut: 0, others: [] })
        expect(read(boardAfter(plan.calls))).toEqual(read(before))
      },
    ),
    { numRuns: 100 },
  )
})

test('the CSV and the Markdown of Zhang Wei, who works in Chinese, say how urgent a card is and how it comes back as the screen does', () => {
  const { board } = boardAfter([
    { mutation: 'addColumn', args: { column: 'c0', title: '待办', order: 'a0' } },
    {
      mutation: 'addCard',
      args: { card: 'k0', title: '周报', column: 'c0', order: 'a0', priority: 'medium', repeat: 'weekly' },
    },
  ])
  const words = csvWords('zh-CN')
  expect(exportCsv(board, people, { words })).toContain('P2 · 中,,每周,')
  const markdown = exportMarkdown(board, { nameOf: String, words: { ...zhCN.board.markdown, ...words } })
  expect(markdown).toContain('- [ ] 周报 · P2 · 中 · 每周\n')
})

test('in a CSV file a card is blocked by a title, as people read it, or by a key where two cards bear the title', () => {
  const card = (id: string, title: string, more = {}) => ({
    mutation: 'addCard',
    args: { card: id, title, column: 'c0', order: `a${id}`, ...more },
  })
  const { board, formatted } = boardAfter([
    { mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } },
    card('1', 'Sew'),
    card('2', 'Sew'),
    card('3', 'Hoist', { description: '2 < 3' }),
    card('4', 'Sail', {
      blockedBy: ['2', '3', '5'],
      description: [{ ...line, runs: [{ text: 'now', strong: true }] }],
    }),
    card('5', 'Sew'),
    { mutation: 'archiveCard', args: { card: '5' } },
  ])
  const rows = exportCsv(board, people, { descriptions: formatted }).trim().split('\r\n')
  expect(rows.map((row) => row.split(',').slice(-3).join())).toEqual([
    'Blocked by,Description,Key',
    ',,card-1',
    ',,card-2',
    ',2 < 3,card-3',
    '"card-2; Hoist",**now**,card-4',
  ])
})

test('cards of an archived column stand in Markdown under its name, which says that it is archived', () => {
  const { board } = boardAfter([
    { mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } },
    { mutation: 'addColumn', args: { column: 'c1', title: 'Later', order: 'a1' } },
    { mutation: 'addCard', args: { card: 'k1', title: 'Build', column: 'c1', order: 'a0' } },
    { mutation: 'archiveColumn', args: { column: 'c1' } },
  ])
  expect(exportMarkdown(board, { nameOf: String })).toContain('## To do\n\n## Later (archived column)\n\n- [ ] Build\n')
})

test('in CSV and Markdown a card is blocked by what it is blocked by on the board: by no archived card, and not in a circle', async () => {
  const card = (id: string, title: string, more = {}) => ({
    mutation: 'addCard',
    args: { card: id, title, column: 'c0', order: 'a0', ...more },
  })
  const { board } = boardAfter([
    { mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } },
    card('k1', 'Build'),
    card('k2', 'Sail', { blockedBy: ['k1', 'k3'] }),
    // Bo made it wait for the other one meanwhile.
    card('k3', 'Hoist', { blockedBy: ['k2'] }),
    { mutation: 'archiveCard', args: { card: 'k1' } },
  ])
  expect(exportMarkdown(board, { nameOf: String })).toContain('\n- [ ] Sail · blocked by Hoist\n- [ ] Hoist\n')
  const table = await readTable(exportCsv(board, people), {}, { pause })
  const plan = await planImport(table, guessMapping(table.header, table.rows), planOptions(empty), { pause })
  expect(plan.loss.others).toEqual([])
  const cards = plan.calls.filter(({ mutation }) => mutation === 'addCard').map(({ args }) => args)
  expect(cards.map(({ title, blockedBy }) => [title, blockedBy])).toEqual([
    ['Sail', [cards[1]?.['card']]],
    ['Hoist', []],
  ])
})

test('the JSON tells who did what when; a clock that claims no date is left out', () => {
  const sentence = { en: 'Moved “Hall”', 'zh-CN': '移动了“Hall”' }
  const history = [
    { at: 1_795_000_000_000, person: li.id, sentence },
    { at: 1e300, person: null, sentence },
  ]
  const file: unknown = JSON.parse(exportJson(empty, { now: 0, people, descriptions: {}, history }))
  expect(file).toMatchObject({
    format: 'tongzhou-board',
    version: 1,
    people: { [li.id]: 'Li Na' },
    history: [
      { at: new Date(1_795_000_000_000).toISOString(), by: li.id, what: sentence },
      { at: '', by: null, what: sentence },
    ],
  })
})

test('labels stand in the order of the board, in files, in the preview of an import and for the clipboard as on the card', async () => {
  const names = ['Zinc', 'rush', '加急', 'Anchor']
  const { board } = boardAfter([
    { mutation: 'addColumn', args: { column: 'c0', title: 'Sail', order: 'a0' } },
    ...names.map((name, at) => ({ mutation: 'addLabel', args: { label: `l${at}`, name, color: 'red' } })),
    {
      mutation: 'addCard',
      args: { card: 'k0', title: 'Mast', column: 'c0', order: 'a0', labels: names.map((_, at) => `l${at}`) },
    },
  ])
  const shown = ['加急', 'Anchor', 'rush', 'Zinc']
  const card = board.cardsById.get('k0')
  expect(card && labelsOf(board, card).map(({ name }) => name)).toEqual(shown)
  const csv = exportCsv(board, people)
  expect(csv).toContain(`"${shown.join('; ')}"`)
  expect(exportMarkdown(board, { nameOf: String })).toContain(
    `Mast · ${shown.map((name) => `\`${name}\``).join(' · ')}\n`,
  )
  const table = await readTable(csv, {}, { pause })
  const plan = await planImport(table, guessMapping(table.header, table.rows), planOptions(empty), { pause })
  expect(plan.preview.map(({ labels }) => labels)).toEqual([shown])
  const clip = card && clipCards([card], { board, root: 'b', personName: String, descriptions: {} })
  expect(clip?.cards[0]?.labels.map(({ name }) => name)).toEqual(shown)
})

test('Markdown: columns are headings, cards tasks, checklists below them; marks in titles stay letters', () => {
  const heading = { ...line, is: 'heading', level: 1, runs: [{ text: 'Plan' }] }
  const { board, formatted: descriptions } = boardAfter([
    { mutation: 'renameBoard', args: { title: 'Launch *1* ~2~' } },
    { mutation: 'addColumn', args: { column: 'c0', title: '待办', order: 'a0' } },
    { mutation: 'addColumn', args: { column: 'c1', title: 'Done', order: 'a1', done: true } },
    { mutation: 'addLabel', args: { label: 'l0', name: '市场', color: 'red' } },
    {
      mutation: 'addCard',
      args: {
        ...{
          card: 'k0',
          title: '[Hall] <b>',
          column: 'c0',
          order: 'a0',
          labels: ['l0'],
          assignees: [li.id],
          estimate: 6,
        },
        ...{
          due: '2026-12-01',
          priority: 'high',
          blockedBy: ['k1'],
          description: [heading, { ...line, is: 'unordered-list-item', runs: [{ text: 'call' }] }],
        },
        checklist: [
          { item: 'i0', text: 'Offer', order: 'a0', done: true },
          { item: 'i1', text: 'Sign', order: 'a1' },
        ],
      },
    },
    { mutation: 'addCard', args: { card: 'k1', title: 'Brief', column: 'c1', order: 'a0' } },
  ])
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id
  expect(exportMarkdown(board, { nameOf, descriptions })).toBe(
    [
      '# Launch \\*1\\* \\~2\\~',
      '',
      '## 待办',
      '',
      '- [ ] \\[Hall\\] \\<b\\> · `市场` · **Li Na** · high · due 2026-12-01 · 6 h · blocked by ~~Brief~~',
      '  - [x] Offer',
      '  - [ ] Sign',
      '',
      '  > # Plan',
      '  >',
      '  > - call',
      '',
      '## Done',
      '',
      '- [x] Brief',
      '',
    ].join('\n'),
  )
})

test('whatever stands in the place of a description in a file, the editor opens what comes of it', () => {
  const within = fc.array(fc.constantFrom('blockquote', 'unordered-list-item', 'ordered-list-item'), { maxLength: 4 })
  const is = fc.constantFrom(
    'paragraph',
    'heading',
    'code-block',
    'unordered-list-item',
    'ordered-list-item',
    'blockquote',
  )
  const runs = fc.array(fc.oneof(run, fc.constant({ text: '' }), fc.constant({ text: '\uFFFC', code: true })), {
    maxLength: 2,
  })
  fc.assert(
    fc.property(fc.array(fc.record({ is, within, runs })), (file) => {
      const formatted = parseFormatted(JSON.parse(JSON.stringify(file)))
      expect(formatted).not.toBeNull()
      pmDocFromSpans(proseSchema, formattedToSpans(formatted ?? [])).check()
    }),
    { numRuns: 300 },
  )
  for (const file of [
    null,
    3,
    [null],
    [{ is: 'script', within: [], runs: [] }],
    [{ is: 'paragraph', within: ['heading'], runs: [] }],
  ])
    expect(parseFormatted(file)).toBeNull()
})
