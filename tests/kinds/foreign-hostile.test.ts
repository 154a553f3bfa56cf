import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Day } from '#lib/kernel/instants.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import { guessMapping } from '#lib/kinds/board/csv-mapping.ts'
import type { ForeignReading } from '#lib/kinds/board/foreign/fields.ts'
import { planBoard, type ImportPlan } from '#lib/kinds/board/foreign/plan-board.ts'
import { looksLikeJson, readJsonBoard, readProductTable } from '#lib/kinds/board/foreign/read-foreign.ts'
import { circlesIn } from '#lib/kinds/board/blocking.ts'
import { withoutCycles } from '#lib/kinds/board/without-cycles.ts'
import { englishWords } from '#tests/support/foreign-words.ts'
import { planImport } from '#lib/kinds/board/import-csv.ts'
import { safeHref } from '#lib/kinds/board/ui/safe-href.ts'
import { MAX_ROWS, readTable } from '#lib/kinds/board/read-table.ts'
import { boardAfter, planOptions, type PlannedBoard } from '../support/planned-board.ts'

const reading: ForeignReading = { today: '2026-11-23' as Day, utcOffset: 480, words: englishWords }
const pause = () => Promise.resolve()
const folder = new URL('../fixtures/foreign/', import.meta.url)
const fixtures = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))
const tableFixtures = fixtures.filter(({ name }) => name.endsWith('.csv'))
const jsonFixtures = fixtures.filter(({ name }) => name.endsWith('.json'))
const empty = boardAfter([]).board

/** Null where the file is refused in words; anything else that is thrown fails the test. */
async function planOf(text: string): Promise<ImportPlan | null> {
  const options = planOptions(empty)
  try {
    if (looksLikeJson(text)) return await planBoard(readJsonBoard(text, reading), options, { pause })
    const table = await readTable(text, {}, { pause })
    const foreign = await readProductTable(table, reading, { pause })
    if (foreign) return await planBoard(foreign, options, { pause })
    const mapping = guessMapping(table.header, table.rows)
    return mapping.fields.includes('title') ? await planImport(table, mapping, options, { pause }) : null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

const asCsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')

/** `boardAfter` throws where a mutation does not take what was planned. */
function accepted(plan: ImportPlan): PlannedBoard {
  const planned = boardAfter(plan.calls)
  expect([...planned.board.cardsById.keys()]).toHaveLength(plan.adds.cards)
  expect(circlesIn(planned.board)).toEqual([])
  return planned
}

/** Every place in a JSON value, as ways of keys. */
function placesIn(value: unknown, way: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [way]
  return [way, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...way, key]))]
}
function put(value: unknown, way: readonly (string | number)[], change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = way
  if (key === undefined) return change(value)
  if (Array.isArray(value))
    return value.map((inner, at) => (String(at) === String(key) ? put(inner, rest, change) : inner))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([k, inner]) => [k, k === key ? put(inner, rest, change) : inner]),
  )
}

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      null,
      true,
      0,
      -1,
      1e308,
      '',
      ' ',
      '__proto__',
      'constructor',
      [],
      {},
      [[]],
      [null],
      'l1',
      'c1',
      ['c1', 'c1'],
      '\uD800',
    ],
    ...['x'.repeat(6000), '<img src=x onerror=alert(1)>', '=1+1', '2026-02-31', '99999999999999', 'a\u0000b\nc', '１'],
    ...[[{ id: 'c1' }, { id: 'c1' }, 3], { $date: {} }, { constructor: 1 }],
  ),
  fc.jsonValue(),
)

describe('almost valid files', () => {
  for (const { name, text } of jsonFixtures) {
    test(`${name} with anything anywhere never throws, and what it makes is accepted`, async () => {
      const file: unknown = JSON.parse(text)
      const places = placesIn(file)
      const change = fc.record({ place: fc.nat(places.length - 1), by: nasty, twice: fc.boolean() })
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
          let changed = file
          for (const { place, by, twice } of changes) {
            changed = put(changed, places[place] ?? [], (old) => (twice && Array.isArray(old) ? [...old, ...old] : by))
          }
          const plan = await planOf(JSON.stringify(changed))
          if (plan) accepted(plan)
        }),
        { numRuns: 150 },
      )
    })
  }

  for (const { name, text } of tableFixtures) {
    test(`${name} with anything in any cell, rows twice and columns gone never throws, and what it makes is accepted`, async () => {
      const { header, rows } = await readTable(text, {}, { pause })
      const cell = nasty.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      const change = fc.record({ row: fc.nat(rows.length - 1), column: fc.nat(header.length - 1), by: cell })
      const twice = fc.array(fc.nat(rows.length - 1), { maxLength: 3 })
      const gone = fc.array(fc.nat(header.length - 1), { maxLength: 2 })
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 6 }), twice, gone, async (changes, again, without) => {
          const changed = rows.map((cells, at) =>
            cells.map((known, place) => changes.find(({ row, column }) => row === at && column === place)?.by ?? known),
          )
          const all = [header, ...changed, ...again.map((at) => changed[at] ?? [])]
          const plan = await planOf(asCsv(all.map((cells) => cells.filter((_, place) => !without.includes(place)))))
          if (plan) accepted(plan)
        }),
        { numRuns: 100 },
      )
    })
  }

  for (const { name, text } of fixtures) {
    test(`${name} cut off at each fiftieth of it is refused in words, or its cards come in`, async () => {
      for (let part = 0; part <= 50; part++) {
        const plan = await planOf(text.slice(0, Math.round((text.length * part) / 50)))
        if (plan) accepted(plan)
        // Half a table is a table; half of a JSON file is none.
        else expect(part).toBeLessThan(50)
      }
    })

    test(`${name} with HTML and scripts in every text: they stay letters, and no link runs anything`, async () => {
      const evil =
        '<img src=x onerror=alert(1)><script>alert(1)</script> [x](javascript:alert(1)) [x|javascript:alert(1)]'
      const spoil = (value: unknown): unknown =>
        typeof value === 'string'
          ? `${value} ${evil}`
          : Array.isArray(value)
            ? value.map(spoil)
            : typeof value === 'object' && value !== null
              ? Object.fromEntries(
                  Object.entries(value).map(([key, inner]) => [key, key === '_format' ? inner : spoil(inner)]),
                )
              : value
      const spoilt = name.endsWith('.json')
        ? JSON.stringify(spoil(JSON.parse(text)))
        : asCsv(
            await readTable(text, {}, { pause }).then(({ header, rows }) => [
              header,
              ...rows.map((cells) => cells.map((cell, at) => (header[at] === 'TYPE' ? cell : `${cell} ${evil}`))),
            ]),
          )
      const plan = await planOf(spoilt)
      if (!plan) throw new Error('refused')
      const { board, formatted } = accepted(plan)
      for (const { title } of board.cardsById.values()) expect(title).toContain('<img src=x onerror=alert(1)>')
      const links = Object.values(formatted).flatMap((texts) =>
        texts.flatMap(({ runs }) => runs.flatMap(({ link }) => link ?? [])),
      )
      expect(links.map(safeHref).filter((href) => href !== null && !/^https?:|^mailto:/.test(href))).toEqual([])
    })

    test(`${name} cut off anywhere, or with letters swapped, never throws`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(text.length),
          fc.nat(text.length),
          fc.string({ maxLength: 4 }),
          async (end, at, letters) => {
            const cut = text.slice(0, end)
            for (const damaged of [cut, text.slice(0, at) + letters + text.slice(at + letters.length)]) {
              const plan = await planOf(damaged)
              if (plan) accepted(plan)
            }
          },
        ),
        { numRuns: 60 },
      )
    })
  }

  test('a JSON file that is cut off is called damaged; one of Jira that, and one of nobody unknown', () => {
    const says = (text: string) => {
      try {
        readJsonBoard(text, reading)
      } catch (error) {
        return error instanceof Refusal ? error.code : error
      }
      return 'read'
    }
    for (const { text } of jsonFixtures) expect(says(text.slice(0, text.length / 2))).toBe('json-damaged')
    for (const text of ['{}', '[]', '{"a":1}', '[1]']) expect(says(text)).toBe('json-unknown')
    for (const issues of [[], [{ key: 'FW-1', fields: { summary: 'Dig' } }]])
      expect(says(JSON.stringify({ total: issues.length, issues }))).toBe('json-jira')
    for (const issues of ['FW-1', [{ title: 'Dig' }]]) expect(says(JSON.stringify({ issues }))).toBe('json-unknown')
    expect(says('['.repeat(1_000_000))).toBe('json-damaged')
    expect(says(`{"lists":${'['.repeat(100_000)}${']'.repeat(100_000)},"cards":[]}`)).toBe('read')
  })

  test('keys of prototypes are keys like others', async () => {
    const list = { id: '__proto__', name: 'constructor', pos: 1 }
    const card = {
      id: 'constructor',
      name: 'toString',
      idList: '__proto__',
      idLabels: ['hasOwnProperty'],
      idMembers: ['valueOf'],
    }
    const text = JSON.stringify({ lists: [list], cards: [card] })
    const plan = await planOf(text.replace('"toString"', '"toString","__proto__":{"closed":true}'))
    expect(plan?.adds.cards).toBe(1)
    if (plan) expect(accepted(plan).board.columns[0]?.title).toBe('constructor')
    const tasks = await planOf(
      asCsv([
        ['TYPE', 'CONTENT', 'PRIORITY', 'INDENT'],
        ['task', 'Call', '__proto__', '1'],
      ]),
    )
    if (tasks) accepted(tasks)
    expect(tasks?.adds.cards).toBe(1)
  })

  test('one card more than a board takes at once: every product’s file is refused with the limit', async () => {
    const many = Array.from({ length: MAX_ROWS + 1 }, (_, i) => i)
    const cardsOf = (card: (i: number) => object) => many.map(card)
    const rowsOf = (head: string, row: (i: number) => string) => [head, ...many.map(row)].join('\n')
    const files = {
      trello: JSON.stringify({ lists: [], cards: cardsOf((i) => ({ id: `${i}`, name: `Card ${i}` })) }),
      planka: JSON.stringify({
        item: { id: '1', name: 'x' },
        included: { lists: [], cards: cardsOf((i) => ({ id: `${i}`, name: `Card ${i}` })) },
      }),
      wekan: JSON.stringify({
        _format: 'wekan-board-1.0.0',
        lists: [],
        swimlanes: [],
        cards: cardsOf((i) => ({ _id: `${i}`, title: `Card ${i}` })),
      }),
      asana: JSON.stringify({ data: cardsOf((i) => ({ gid: `${i}`, name: `Card ${i}`, completed: false })) }),
      ours: JSON.stringify({
        format: 'tongzhou-board',
        board: { cards: Object.fromEntries(many.map((i) => [`k${i}`, { title: `Card ${i}` }])) },
      }),
      jira: rowsOf('Summary,Issue key,Issue id', (i) => `Card ${i},K-${i},${i}`),
      asanaTable: rowsOf('Task ID,Name,Section/Column', (i) => `${i},Card ${i},To do`),
      todoist: rowsOf('TYPE,CONTENT,INDENT', (i) => `task,Card ${i},1`),
      table: rowsOf('Title,Column', (i) => `Card ${i},To do`),
    }
    for (const [name, text] of Object.entries(files)) {
      const read = async () =>
        looksLikeJson(text)
          ? readJsonBoard(text, reading)
          : readProductTable(await readTable(text, {}, { pause }), reading, { pause })
      await expect(read(), name).rejects.toMatchObject({
        code: looksLikeJson(text) ? 'json-too-many-cards' : 'csv-too-many-rows',
        params: { limit: MAX_ROWS },
      })
    }
  })

  test('five thousand cards in one circle, each with everything, are planned without a hang', async () => {
    const cards = Array.from(
      { length: 5_000 },
      (_, i) => `Card ${i},K-${i},Task,To Do,K-${(i + 1) % 5_000},K-${(i + 7) % 5_000}`,
    )
    const text = [
      'Summary,Issue key,Issue Type,Status,Inward issue link (Blocks),Outward issue link (Blocks)',
      ...cards,
    ].join('\n')
    const plan = await planOf(text)
    expect(plan?.adds.cards).toBe(5_000)
    expect(plan?.loss.others.find(({ what }) => what === 'blocking-cycles')?.count).toBeGreaterThan(0)
  })

  test('whatever refers to whatever, no circle is left and nothing else is dropped', () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((size) => fc.array(fc.array(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size }))
    const reaches = (
      edges: readonly (readonly number[])[],
      from: number,
      to: number,
      seen = new Set<number>(),
    ): boolean =>
      from === to ||
      (!seen.has(from) && (seen.add(from), (edges[from] ?? []).some((next) => reaches(edges, next, to, seen))))
    fc.assert(
      fc.property(graphs, (edges) => {
        const { kept, dropped } = withoutCycles(edges)
        for (const [from, list] of kept.entries()) for (const to of list) expect(reaches(kept, to, from)).toBe(false)
        for (const [from, to] of dropped) expect(reaches(kept, to, from)).toBe(true)
        expect(kept.flat().length + dropped.length).toBe(edges.flat().length)
      }),
    )
  })
})
