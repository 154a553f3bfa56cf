import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { entityId } from '#lib/kernel/ids.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import { ARCHIVE_VERSION } from '#lib/kinds/board/export-json.ts'
import { ImportSession, type PlanAsk } from '#lib/kinds/board/import-session.ts'
import { asRead, boardAfter, planOptions, seeded } from '#tests/support/planned-board.ts'

const empty = boardAfter([]).board
const ask: PlanAsk = planOptions(empty)
const pause = () => Promise.resolve()
const bytes = (text: string) => new TextEncoder().encode(text)
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/foreign/${name}`, import.meta.url)))
function begin(): ImportSession {
  const random = seeded()
  return new ImportSession({ newEntity: () => entityId(random), random })
}
const asIs = { asTable: false }

describe('an import beside the screen', () => {
  test('a product’s own file is recognised and planned; its mutations stay until they are asked for', async () => {
    const session = begin()
    const shown = await session.read(fixture('trello.json'), asIs, ask, { pause })
    expect(shown.foreign?.format).toBe('trello')
    expect(shown.table).toBeNull()
    expect(shown.plan).not.toHaveProperty('calls')
    expect([...boardAfter(session.calls).board.cardsById.keys()]).toHaveLength(shown.plan?.adds.cards ?? -1)
    // What is shown can go from one thread to another.
    expect(structuredClone(shown)).toEqual(shown)
  })

  test('a table is mapped as it seems, and planned again as Ann maps it', async () => {
    const session = begin()
    const shown = await session.read(bytes('Titel;Wer\nFilm;Li Na\n'), { ...asIs, headings: true }, ask, { pause })
    expect(shown).toMatchObject({ foreign: null, table: { header: ['Titel', 'Wer'], first: ['Film', 'Li Na'] } })
    const { mapping } = shown
    if (!mapping) throw new Error('not mapped')
    const mapped = await session.plan(ask, { pause }, { ...mapping, fields: ['title', 'assignees'] })
    expect(mapped.plan?.adds.cards).toBe(1)
    expect(asRead(boardAfter(session.calls))[0]?.cards).toEqual([{ title: 'Film', assignees: ['b'.repeat(32)] }])
    const unmapped = await session.plan(ask, { pause }, { ...mapping, fields: ['ignore', 'assignees'] })
    expect(unmapped.plan).toBeNull()
    expect(session.calls).toEqual([])
  })

  test.each([
    ['Buy milk,To do,2026-11-05', 'Sell milk,Doing,2026-11-06'],
    ['买牛奶,进行中,3', '卖牛奶,待办,5'],
    ['Buy milk,To do', 'Sell milk,Doing'],
    ['登录,任务', '登出,缺陷'],
    ['Fix it,Component', 'Mend it,Component'],
    ['Buy milk', 'Sell milk'],
    ['Buy milk'],
  ])('a first row that names no columns is a card (%#)', async (...rows) => {
    const session = begin()
    const shown = await session.read(bytes(rows.join('\n')), asIs, ask, { pause })
    expect(shown).toMatchObject({ table: { headings: false }, plan: { adds: { cards: rows.length }, errors: [] } })
    expect(shown.table?.header.join('')).toBe('')
    expect(shown.plan?.preview[0]).toMatchObject({ row: 1, title: rows[0]?.split(',')[0] })
  })

  test.each([
    ['Title,Due', 'Film,2026-11-05'],
    ['任务名称,进度', '拍片,待办'],
    ['Was,Wann', 'Film,2026-11-05', 'Ton,'],
    ['a,b', 'Film,2'],
    ['Summary,Sprint', 'Film,Alpha'],
  ])('a first row that names columns is none (%#)', async (...rows) => {
    const shown = await begin().read(bytes(rows.join('\n')), asIs, ask, { pause })
    expect(shown).toMatchObject({ table: { headings: true, header: rows[0]?.split(',') } })
    expect(shown.plan?.adds.cards).toBe(rows.length - 1)
  })

  test.each([
    ['Buy milk,To do', 'Sell milk,Doing'],
    ['Buy milk,To do', 'Sell milk,Waiting', 'Drink it,Open', 'Pour it,Open'],
    ['买牛奶,待办', '卖牛奶,进行中'],
  ])('a column called after a status is none of titles where statuses stand in it (%#)', async (...rows) => {
    const session = begin()
    await session.read(bytes(rows.join('\n')), { ...asIs, headings: false }, ask, { pause })
    const shown = await session.withHeadings(true, ask, { pause })
    expect(shown.mapping?.fields).toEqual(['title', 'column'])
    expect(shown.plan?.preview[0]).toMatchObject({
      title: rows[1]?.split(',')[0],
      column: rows[1]?.split(',')[1],
    })
  })

  test.each([
    [
      ['To do,Status', 'Buy milk,Open', 'Buy milk,Open', 'Sell milk,Open'],
      ['title', 'column'],
    ],
    [
      ['Todo,Sprint', 'Sell milk,Alpha', 'Buy milk,Alpha'],
      ['title', 'ignore'],
    ],
    [
      ['Login,Task', 'Logout,Bug', 'Search,Bug', 'Sort,Task'],
      ['title', 'ignore'],
    ],
    [
      ['Name,Task', 'Li Na,Sell milk', 'Li Na,Buy milk', 'Li Na,Drink it'],
      ['ignore', 'title'],
    ],
    [
      ['Subject,Name', ',Sell milk', ',Buy milk', 'Dairy,Drink it'],
      ['ignore', 'title'],
    ],
    [
      ['Title,Sprint', 'Same,Alpha', 'Same,Beta', 'Same,Gamma'],
      ['title', 'ignore'],
    ],
  ])('titles are what differs from card to card and is called so (%#)', async (rows, fields) => {
    const shown = await begin().read(bytes(rows.join('\n')), { ...asIs, headings: true }, ask, { pause })
    expect(shown.mapping?.fields).toEqual(fields)
  })

  test.each(['null', '\uFEFF false\n', '[1,2,3]', '[ true ]', '[ "a", null ]', '[]', '{}'])(
    'JSON that is no board is said to be that, and no table: %s',
    async (text) => {
      await expect(begin().read(bytes(text), asIs, ask, { pause })).rejects.toMatchObject({ code: 'json-unknown' })
    },
  )

  test.each([{ boards: [] }, { board: { title: 'Boat', columns: {}, cards: {} }, people: {} }])(
    'a board of a later version is refused as that, also where something of it is known here: %j',
    async (content) => {
      const text = JSON.stringify({ format: 'tongzhou-board', version: ARCHIVE_VERSION + 1, ...content })
      await expect(begin().read(bytes(text), asIs, ask, { pause })).rejects.toMatchObject({ code: 'json-later' })
    },
  )

  test.each(['[x] Buy milk,To do', '[1] Buy milk\n[2] Sell milk', '"Buy milk"', '5', 'null,1\n', 'Nullify it'])(
    'a table that begins like JSON is a table: %s',
    async (text) => {
      expect((await begin().read(bytes(text), asIs, ask, { pause })).table).not.toBeNull()
    },
  )

  test.each([',', ';', '\t'])('what stands above the headings is no card, and is told (%j)', async (delimiter) => {
    const line = (...cells: string[]) => cells.join(delimiter)
    const rows = [
      delimiter === ';' ? '新品上市项目计划表' : line('新品上市项目计划表', '', '', ''),
      line('编制：王小明', '', '2026-11-20', ''),
      '',
      line('任务名称', '负责人', '截止日期', '状态'),
      line('打样', '李娜', '2026-12-01', '进行中'),
      line('拍片', '', '2026-12-05', '进行中'),
    ]
    const session = begin()
    const shown = await session.read(bytes(rows.join('\r\n')), asIs, ask, { pause })
    expect(shown).toMatchObject({
      table: { headings: true, headingsRow: 4, header: ['任务名称', '负责人', '截止日期', '状态'] },
      mapping: { fields: ['title', 'assignees', 'due', 'column'] },
      plan: {
        adds: { cards: 2 },
        errors: [
          { row: 1, code: 'row-above-headings', params: { value: '新品上市项目计划表' }, effect: 'row-left-out' },
          {
            row: 2,
            code: 'row-above-headings',
            params: { value: '编制：王小明 · 2026-11-20' },
            effect: 'row-left-out',
          },
        ],
      },
    })
    expect(shown.plan?.preview[0]).toMatchObject({ row: 5, title: '打样' })
    // All of it is cards where she says so.
    const without = await session.withHeadings(false, ask, { pause })
    expect(without).toMatchObject({ table: { headings: false, headingsRow: 4 }, plan: { adds: { cards: 5 } } })
  })

  test('Ann says whether the first row has headings; a row is told by its number in the file', async () => {
    const session = begin()
    const file = 'sep=,\n\nTitle,State,,\nSell milk,Doing,soon\nDrink it\n"Pour it,Doing,1,2,3\n'
    const shown = await session.read(bytes(file), asIs, ask, { pause })
    expect(shown).toMatchObject({ table: { headings: true }, plan: { adds: { cards: 3 } } })
    const without = await session.withHeadings(false, ask, { pause })
    expect(without).toMatchObject({
      table: { headings: false, header: ['', '', '', '', ''], first: ['Title', 'State', '', '', ''] },
      plan: {
        adds: { cards: 4 },
        loss: { fileColumns: [{ heading: 2 }, { heading: 3 }, { heading: 4 }, { heading: 5 }] },
      },
    })
    expect(without.plan?.errors.map(({ row, code }) => `${row} ${code}`)).toEqual([
      '5 row-cells-short',
      '6 row-quote-unclosed',
      '6 row-cells-long',
    ])
    expect((await session.withHeadings(true, ask, { pause })).plan?.adds.cards).toBe(3)
  })

  test('the order of day and month is asked for only where it makes a difference', async () => {
    const asks = async (...days: string[]) => {
      const shown = await begin().read(bytes(['Name,Due', ...days.map((day) => `Film,${day}`)].join('\n')), asIs, ask, {
        pause,
      })
      return shown.plan?.eitherWay
    }
    expect(await asks('2026-03-04', '3月4日', '4 Mar 2026', '', 'soon')).toBe(false)
    // A 23 says it, a point is written where the day comes first, and the fifth of May is the fifth of May.
    expect(await asks('23/4/2026', '4/23/2026', '3.4.2026', '5/5/2026')).toBe(false)
    expect(await asks('2026-03-04', '3/4/2026')).toBe(true)
    expect(await asks('23/4/2026', '3-4')).toBe(true)
  })

  test('what cannot be read is refused or shown as a problem, and a cancelled step ends', async () => {
    await expect(begin().read(bytes('{"lists":[{'), asIs, ask, { pause })).rejects.toThrow(Refusal)
    const spreadsheet = await begin().read(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), asIs, ask, { pause })
    expect(spreadsheet).toMatchObject({ problem: { code: 'csv-is-spreadsheet', fatal: true }, plan: null })
    // A page to sign in that was saved under the name of the file; many an .xls is a page, too.
    for (const page of [
      '<!DOCTYPE html>\n<html lang="en"><title>Log in</title></html>',
      '\uFEFF <!-- saved --> <HTML><body>502</body></HTML>',
      '<table border=1><tr><td>Title</td></tr></table>',
    ])
      await expect(begin().read(bytes(page), asIs, ask, { pause })).rejects.toMatchObject({ code: 'html-page' })
    expect((await begin().read(bytes('title\n<html> of the page\n'), asIs, ask, { pause })).plan).not.toBeNull()
    // What "Export Markdown" writes; another text that begins with such a mark is a table.
    const written = ['# Boat', '', '## To do', '', '- [ ] Mast · urgent', '- [ ] Sails']
    for (const file of [written, written.slice(0, 3), [...written.slice(0, 3), '', '## Done', '', '- [x] Hull']])
      for (const end of ['\n', '\r\n'])
        await expect(begin().read(bytes([...file, ''].join(end)), asIs, ask, { pause })).rejects.toMatchObject({
          code: 'markdown',
        })
    for (const table of [
      '# of cards,title\n1,Mast\n',
      '# Boat\n\nMast\nSails\n',
      '# Boat\n## To do,title\n- [ ] x,y\n',
    ])
      expect((await begin().read(bytes(table), asIs, ask, { pause })).table).not.toBeNull()
    const cancelled = new AbortController()
    cancelled.abort(new Error('enough'))
    const rows = 'title\n' + 'x\n'.repeat(1_000)
    await expect(begin().read(bytes(rows), asIs, ask, { pause, signal: cancelled.signal })).rejects.toThrow('enough')
  })
})
