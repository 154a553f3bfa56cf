import { expect, test } from 'vitest'
import {
  clipCards,
  clipToForeign,
  clipToHtml,
  clipToText,
  htmlToClip,
  MOST_CLIPPED,
  textToTitles,
  titlesToForeign,
  type CardClip,
} from '#lib/kinds/board/card-clip.ts'
import {
  blockersLeftBehind,
  followBlockers,
  planArrival,
  planPaste,
  planReturn,
  type PastePlace,
} from '#lib/kinds/board/paste-cards.ts'
import { nextCardId } from '#lib/kinds/board/next-card.ts'
import { cardsByColumn } from '#lib/kinds/board/queries.ts'
import type { Board } from '#lib/kinds/board/schema.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { asRead, boardAfter, planOptions, seeded, zhang } from '#tests/support/planned-board.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })
const pause = () => Promise.resolve()
const today = '2026-11-24' as Day

const ours: MutationCall[] = [
  call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
  call('addColumn', { column: 'doing', title: 'Doing', order: 'a1' }),
  call('addLabel', { label: 'rush', name: '加急', color: 'red' }),
  call('addCard', { card: 'mould', title: 'Order the mould', column: 'todo', order: 'a0' }),
  call('addCard', {
    card: 'sample',
    title: 'Send <b>samples</b>',
    column: 'todo',
    order: 'a1',
    labels: ['rush'],
    assignees: [zhang.id],
    due: '2026-12-04',
    priority: 'high',
    estimate: 3,
    blockedBy: ['mould'],
    checklist: [{ item: 'i1', text: 'Pack', order: 'a0', done: true }],
    description: 'To the customer.',
  }),
  call('addCard', { card: 'press', title: 'Press list', column: 'todo', order: 'a2', blockedBy: ['sample'] }),
]
const from = boardAfter(ours)

function copied(ids: string[], { board, formatted: descriptions } = from, cut: string | null = null): CardClip {
  const cards = ids.flatMap((id) => board.cardsById.get(id) ?? [])
  return clipCards(cards, { board, root: 'b1', personName: () => zhang.name, descriptions, cut })
}
/** Once through the clipboard. */
function through(clip: CardClip): CardClip {
  const arrived = htmlToClip(`<meta charset='utf-8'>${clipToHtml(clip)}`)
  if (!arrived) throw new Error('nothing arrived')
  return arrived
}
async function pasted(clip: CardClip, before: MutationCall[], place: PastePlace) {
  const { board } = boardAfter(before)
  const paste = await planPaste(
    clipToForeign(clip, (person) => person === zhang.id),
    place,
    planOptions(board),
    pause,
  )
  return { paste, after: boardAfter([...before, ...paste.calls]) }
}
const titlesIn = (board: Board, column: string) => (cardsByColumn(board).get(column) ?? []).map(({ title }) => title)

test('Ann copies two cards and pastes them into another column: all they say comes along, and who waits for whom among them', async () => {
  const { after, paste } = await pasted(through(copied(['mould', 'sample'])), ours, { column: 'doing', after: null })
  expect(asRead(after)[1]).toEqual({
    column: 'Doing',
    cards: [
      { title: 'Order the mould' },
      {
        title: 'Send <b>samples</b>',
        labels: ['加急'],
        assignees: [zhang.id],
        due: '2026-12-04',
        priority: 'high',
        estimate: 3,
        blockedBy: ['Order the mould'],
        checklist: ['[x] Pack'],
        description: 'To the customer.',
      },
    ],
  })
  expect(paste.cards).toHaveLength(2)
  const [mould, sample] = cardsByColumn(after.board).get('doing') ?? []
  expect(sample?.blockedBy).toEqual([mould?.id])
})

test('the formats of a description come along: headings, lists, bold words and links', async () => {
  const plan: Formatted = [
    { is: 'heading', level: 2, within: [], runs: [{ text: 'Plan' }] },
    { is: 'unordered-list-item', within: [], runs: [{ text: 'call ' }, { text: 'the owner', strong: true }] },
    { is: 'paragraph', within: [], runs: [{ text: '主页', link: 'https://example.com/' }] },
  ]
  const described = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', { card: 'plan', title: 'Plan', column: 'todo', order: 'a0', description: plan }),
  ])
  const { after, paste } = await pasted(through(copied(['plan'], described)), ours, { column: 'doing', after: null })
  expect(after.formatted[paste.cards[0] ?? '']).toEqual(plan)
})

test('a card that comes again on the 31st does so as a copy, too, although February pulled its date forward', async () => {
  const monthly = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', {
      ...{ card: 'rent', title: 'Rent', column: 'todo', order: 'a0', repeat: 'monthly' },
      ...{ start: '2027-02-27', due: '2027-02-28', startDay: 30, dueDay: 31 },
    }),
  ])
  const { after, paste } = await pasted(through(copied(['rent'], monthly)), ours, { column: 'doing', after: null })
  expect(after.board.cardsById.get(paste.cards[0] ?? '')).toMatchObject({ startDay: 30, dueDay: 31, repeat: 'monthly' })
})

test('a copy on the same board waits for the cards that Ann’s card waits for, of the copied ones for their copies', async () => {
  const alone = await pasted(through(copied(['press'])), ours, { column: 'doing', after: null })
  expect(asRead(alone.after)[1]?.cards).toEqual([{ title: 'Press list', blockedBy: ['Send <b>samples</b>'] }])
  expect(alone.after.board.cardsById.get(alone.paste.cards[0] ?? '')?.blockedBy).toEqual(['sample'])
  expect(blockersLeftBehind(copied(['press']), alone.after.board)).toEqual([])

  const both = await pasted(through(copied(['sample', 'press'])), ours, { column: 'doing', after: null })
  const [sample, press] = both.paste.cards
  expect(both.after.board.cardsById.get(sample ?? '')?.blockedBy).toEqual(['mould'])
  expect(both.after.board.cardsById.get(press ?? '')?.blockedBy).toEqual([sample])
})

test('on another board a card does not wait for what was left behind, which is named once', async () => {
  const clip = through(copied(['sample', 'press']))
  const theirs = [
    call('addColumn', { column: 'c', title: 'Inbox', order: 'a0' }),
    // Of the same title, but another card.
    call('addCard', { card: 'other', title: 'Order the mould', column: 'c', order: 'a0' }),
  ]
  const { after, paste } = await pasted(clip, theirs, { column: 'c', after: null })
  expect(paste.cards.map((id) => after.board.cardsById.get(id)?.blockedBy)).toEqual([[], [paste.cards[0]]])
  expect(blockersLeftBehind(clip, after.board)).toEqual(['Order the mould'])
})

test('a card waits on another board for what was moved there before it, and for what goes with it', async () => {
  const theirs = [
    call('addColumn', { column: 'c', title: 'Inbox', order: 'a0' }),
    call('addCard', { card: 'mould2', title: 'Order the mould', column: 'c', order: 'a0' }),
  ]
  const { board } = boardAfter(theirs)
  // One that is carried along is followed nowhere else.
  const movedHere = (id: string) =>
    new Map([
      ['mould', 'mould2'],
      ['sample', 'mould2'],
    ]).get(id) ?? null
  const clip = followBlockers(through(copied(['sample', 'press'])), board, movedHere)
  const { after, paste } = await pasted(clip, theirs, { column: 'c', after: null })
  expect(paste.cards.map((id) => after.board.cardsById.get(id)?.blockedBy)).toEqual([['mould2'], [paste.cards[0]]])
  expect(blockersLeftBehind(clip, after.board)).toEqual([])
  // On its own board it waits for the one that it waited for.
  expect(followBlockers(copied(['sample']), from.board, movedHere)).toEqual(copied(['sample']))
})

test('a link that closes a circle does not count, and no copy has it', () => {
  const circle = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    ...['a', 'b'].map((card) => call('addCard', { card, title: card, column: 'todo', order: 'a0' })),
    call('setBlockedBy', { card: 'a', by: 'b', on: true }),
    call('setBlockedBy', { card: 'b', by: 'a', on: true }),
  ])
  expect(copied(['a', 'b'], circle).cards.map(({ blockedBy }) => blockedBy)).toEqual([[{ id: 'b', title: 'b' }], []])
})

test('pasted below a card, cards lie right below it and in their order', async () => {
  const { after } = await pasted(through(copied(['press', 'mould'])), ours, { column: 'todo', after: 'mould' })
  expect(titlesIn(after.board, 'todo')).toEqual([
    'Order the mould',
    'Press list',
    'Order the mould',
    'Send <b>samples</b>',
    'Press list',
  ])
})

test('at the top, cards lie above all others and in their order', async () => {
  const { after } = await pasted(copied(['press', 'mould']), ours, { column: 'todo', after: null, top: true })
  expect(titlesIn(after.board, 'todo').slice(0, 3)).toEqual(['Press list', 'Order the mould', 'Order the mould'])
})

test('what goes to another board says there what it was; of what has come back meanwhile there is only a copy', async () => {
  const [board, cut, sails, oars] = ['e'.repeat(32), 'cut', 'sails', 'oars']
  const before = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', { card: sails, title: 'Sails', column: 'todo', order: 'a0' }),
    call('addCard', { card: oars, title: 'Oars', column: 'todo', order: 'a1', blockedBy: [sails] }),
  ])
  const clip = { ...copied([sails, oars], before, cut), board }
  const { paste } = await pasted(clip, ours, { column: 'doing', after: null })
  const fromOf = (calls: readonly MutationCall[] = []) => {
    const { board } = boardAfter([...ours, ...calls])
    return paste.cards.map((id) => board.cardsById.get(id)?.from)
  }
  const to = { board: boardAfter(ours).board, column: 'doing', today, random: seeded(), whereNow: () => [] }
  const whole = planArrival(paste, clip, () => true, to)
  expect(whole?.comeAgain).toEqual([])
  expect(whole?.entries).toEqual([
    [sails, paste.cards[0]],
    [oars, paste.cards[1]],
  ])
  expect(fromOf(whole?.paste.calls)).toEqual([
    { work: board, entity: sails, cut },
    { work: board, entity: oars, cut },
  ])
  const part = planArrival(paste, clip, (card) => card === oars, to)
  expect(part?.entries).toEqual([[oars, paste.cards[1]]])
  expect(fromOf(part?.paste.calls)).toEqual([null, { work: board, entity: oars, cut }])
  expect(planArrival(paste, clip, () => false, to)).toBeNull()
  expect(planArrival(paste, { ...clip, cut: null }, () => true, to)).toBeNull()
})

test('what waits for a card that was moved away waits for what it is when it comes back, unless that closes a circle', async () => {
  const elsewhere = 'e'.repeat(32) as DocId
  const here = [
    ...ours,
    call('addCard', { card: 'sails', title: 'Sails', column: 'doing', order: 'a0' }),
    call('addCard', { card: 'oars', title: 'Oars', column: 'doing', order: 'a1', blockedBy: ['sails'] }),
    call('addCard', { card: 'mast', title: 'Mast', column: 'doing', order: 'a2', blockedBy: ['oars'] }),
    call('archiveCard', { card: 'sails' }),
  ]
  const there = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addCard', { card: 'sails2', title: 'Sails', column: 'todo', order: 'a0' }),
  ])
  const clip = { ...copied(['sails2'], there, 'cut'), board: elsewhere }
  const place = { work: elsewhere, entity: 'sails2', title: 'Sails', by: null, board: 'Hold' }
  const waitsAfter = async (blockedBy: { id: string; title: string }[]) => {
    const carried = { ...clip, cards: clip.cards.map((card) => ({ ...card, blockedBy })) }
    const { paste } = await pasted(carried, here, { column: 'doing', after: null })
    const whereNow = (card: string) => (card === 'sails' ? [place] : [])
    const to = { board: boardAfter(here).board, column: 'doing', today, random: seeded(), whereNow }
    const calls = planArrival(paste, carried, () => true, to)?.paste.calls ?? []
    const { board } = boardAfter([...here, ...calls])
    const came = paste.cards[0] ?? ''
    return board.cardsById.get('oars')?.blockedBy.map((id) => (id === came ? 'came' : id))
  }
  expect(await waitsAfter([])).toEqual(['came'])
  // Elsewhere it has come to wait for one that waits for it here.
  expect(await waitsAfter([{ id: 'mast', title: 'Mast' }])).toEqual(['sails'])
})

test('a card that repeats and goes right among the finished ones of another board comes again there; one that was finished before does not', async () => {
  const there = [...ours, call('addColumn', { column: 'over', title: 'Over', order: 'a9', done: true })]
  const add = (card: string, args: Record<string, unknown>) =>
    call('addCard', { card, title: card, order: 'a0', repeat: 'weekly', due: '2026-11-24', ...args })
  const before = boardAfter([
    call('addColumn', { column: 'todo', title: 'To do', order: 'a0' }),
    call('addColumn', { column: 'done', title: 'Done', order: 'a1', done: true }),
    add('open', {
      column: 'todo',
      priority: 'high',
      checklist: [{ item: 'tick', text: 'Ask', order: 'a0', done: true }],
      description: 'Each week.',
    }),
    add('finished', { column: 'done' }),
    add('once', { column: 'todo', repeat: null }),
  ])
  const clip = { ...through(copied(['open', 'finished', 'once'], before, 'cut')), board: 'e'.repeat(32) }
  const { paste } = await pasted(clip, there, { column: 'over', after: null })
  const to = { board: boardAfter(there).board, column: 'over', today, random: seeded(), whereNow: () => [] }
  const arrival = planArrival(paste, clip, () => true, to)
  expect(arrival?.comeAgain.map(({ card, next }) => `${card.title} ${next.due}`)).toEqual(['open 2026-12-01'])
  const after = boardAfter([...there, ...(arrival?.paste.calls ?? [])])
  const next = after.board.cardsById.get(nextCardId(paste.cards[0] ?? ''))
  expect(next).toMatchObject({ title: 'open', column: 'todo', priority: 'high', due: '2026-12-01', from: null })
  expect(next?.checklist).toMatchObject([{ text: 'Ask', done: false }])
  expect(after.descriptions[next?.id ?? '']).toBe('Each week.')
})

test('on a board of another workspace a label is found by its name or made, and a person who is not there is named', async () => {
  const theirs = [
    call('addColumn', { column: 'c', title: 'Inbox', order: 'a0' }),
    call('addLabel', { label: 'l', name: '加急', color: 'blue' }),
  ]
  const clip = through(copied(['sample']))
  const [card] = clip.cards
  if (!card) throw new Error('no card')
  const foreign = {
    ...clip,
    board: 'b2',
    cards: [
      {
        ...card,
        labels: [...card.labels, { name: 'Rush', color: 'red' as const }],
        people: [
          { id: 'e'.repeat(32), name: 'Li Na' },
          { id: 'f'.repeat(32), name: 'Otto' },
        ],
      },
    ],
  }
  const { paste, after } = await pasted(foreign, theirs, { column: 'c', after: null })
  expect(asRead(after)[0]?.cards[0]).toMatchObject({ assignees: ['b'.repeat(32)] })
  expect(after.board.cardsById.get(paste.cards[0] ?? '')?.labels).toHaveLength(2)
  expect(after.board.labels.map(({ name }) => name)).toEqual(['加急', 'Rush'])
  expect(paste.strangers).toEqual(['Otto'])
})

test('cards that were cut come back as themselves on their own board, once', () => {
  const archived = [...ours, call('archiveCard', { card: 'mould' }), call('archiveCard', { card: 'sample' })]
  const clip = through(copied(['mould', 'sample'], from, 'cut'))
  const place = { column: 'doing', after: null }
  const paste = planReturn(clip, 'b1', place, boardAfter(archived).board, seeded())
  if (!paste) throw new Error('they did not come back')
  const after = boardAfter([...archived, ...paste.calls])
  expect(
    cardsByColumn(after.board)
      .get('doing')
      ?.map(({ id }) => id),
  ).toEqual(['mould', 'sample'])
  expect(planReturn(clip, 'b1', place, after.board, seeded())).toBeNull()
  expect(planReturn(clip, 'b2', place, boardAfter(archived).board, seeded())).toBeNull()
})

test('elsewhere the clipboard is a list of titles, as text and as HTML that holds no markup of theirs', () => {
  const clip = copied(['mould', 'sample'])
  expect(clipToText(clip)).toBe('Order the mould\nSend <b>samples</b>')
  expect(clipToHtml(clip)).toContain('<li>Send &lt;b&gt;samples&lt;/b&gt;</li>')
})

test('a hostile or damaged clipboard gives nothing, and never an error', async () => {
  const wrap = (value: unknown) =>
    `<ul data-tongzhou-cards="${new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: 'base64url', omitPadding: true })}"></ul>`
  const whole = copied(['sample'])
  for (const html of [
    '',
    '<p>hello</p>',
    '<ul data-tongzhou-cards="%%%"></ul>',
    '<ul data-tongzhou-cards="AAAA"></ul>',
    wrap(null),
    wrap({ ...whole, version: 2 }),
    wrap({ ...whole, cards: [] }),
    wrap({ ...whole, cards: Array.from({ length: MOST_CLIPPED + 1 }, () => whole.cards[0]) }),
    clipToHtml(whole).replace('data-tongzhou-cards="', 'data-tongzhou-cards="AAA'),
  ])
    expect(htmlToClip(html), html.slice(0, 80)).toBeNull()

  // What has the shape, but nonsense in it, becomes cards without it.
  const odd = htmlToClip(
    wrap({
      ...whole,
      cards: [
        {
          id: '__proto__',
          title: '\u0000 ' + 'x'.repeat(6000),
          description: 7,
          labels: [{ name: 'constructor', color: 'octarine' }],
          people: 'nobody',
          due: '2026-02-31',
          estimate: -4,
          repeat: 'hourly',
          blockedBy: [{ id: '__proto__', title: 7 }, { id: 'gone' }],
          checklist: [{ text: '<script>', done: 'yes' }, { text: '' }],
        },
      ],
    }),
  )
  if (!odd) throw new Error('nothing arrived')
  const { after } = await pasted(odd, ours, { column: 'doing', after: null })
  expect(asRead(after)[1]?.cards).toEqual([
    {
      title: `${'x'.repeat(4999)}…`,
      labels: ['constructor'],
      checklist: ['[ ] <script>'],
      description: 'x'.repeat(6000),
    },
  ])
})

test('lines of a text become titles, without the marks of their list', async () => {
  const text = '- [ ] Book the room\r\n  2. 订会议室\n\n• Print\tbadges\n☑ Done thing\n3、第三件\n-- not a list\n'
  const titles = textToTitles(text)
  expect(titles).toEqual(['Book the room', '订会议室', 'Print badges', 'Done thing', '第三件', '-- not a list'])
  const { board } = boardAfter(ours)
  const paste = await planPaste(titlesToForeign(titles), { column: 'doing', after: null }, planOptions(board), pause)
  expect(titlesIn(boardAfter([...ours, ...paste.calls]).board, 'doing')).toEqual(titles)
})
