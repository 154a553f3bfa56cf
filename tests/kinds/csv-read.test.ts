import Papa from 'papaparse'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeText, decodeTextPaced, MAX_MEGABYTES } from '#lib/kinds/board/decode-text.ts'
import { MAX_ROWS, readTable, type Delimiter } from '#lib/kinds/board/read-table.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import { gb18030 } from '#tests/support/gb18030.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const pacing = { pause: () => Promise.resolve() }
const read = (text: string, delimiter?: Delimiter) => readTable(text, { delimiter }, pacing)

function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array {
  const marked = mark ? `\uFEFF${text}` : text
  const view = new DataView(new ArrayBuffer(marked.length * 2))
  for (let i = 0; i < marked.length; i++) view.setUint16(i * 2, marked.charCodeAt(i), littleEndian)
  return new Uint8Array(view.buffer)
}

const PLAN = '标题,负责人,截止日期\r\n确定发布日期,张伟,2026年11月23日\r\n“新品”海报,李娜,2026-12-01\r\n'

describe('decoding', () => {
  test('the table that Zhang Wei saved as UTF-8 is read with and without a byte order mark', () => {
    expect(decodeText(utf8(PLAN))).toEqual({ text: PLAN, encoding: 'utf-8', guessed: true })
    expect(decodeText(utf8(`\uFEFF${PLAN}`))).toEqual({ text: PLAN, encoding: 'utf-8', guessed: false })
  })

  test('the table that Li Na saved with Excel in China is recognised as GB18030, and the guess is stated', () => {
    expect(decodeText(gb18030(PLAN))).toEqual({ text: PLAN, encoding: 'gb18030', guessed: true })
  })

  test('Excel’s "Unicode text" is read in both byte orders, marked or not', () => {
    for (const littleEndian of [true, false]) {
      const encoding = littleEndian ? 'utf-16le' : 'utf-16be'
      expect(decodeText(utf16(PLAN, littleEndian, true))).toEqual({ text: PLAN, encoding, guessed: false })
      expect(decodeText(utf16(PLAN, littleEndian, false))).toEqual({ text: PLAN, encoding, guessed: true })
    }
  })

  test('one zero byte in a table of UTF-8 does not make it UTF-16', () => {
    for (const text of ['Title,Status\nA\0B,Todo', 'Title,Status\nAB\0C,Todo', PLAN.replace('海报', '海\0报')])
      expect(decodeText(utf8(text))).toEqual({ text, encoding: 'utf-8', guessed: true })
    const ascii = 'Title,Status\nA,Todo\n'
    for (const littleEndian of [true, false])
      expect(decodeText(utf16(ascii, littleEndian, false))).toMatchObject({ text: ascii, guessed: true })
  })

  test('Jürgen’s Western table is not taken for Chinese', () => {
    const western = new Uint8Array(
      [...'title,owner\nPrüfen,Jürgen Müller\nCafé à côté,René\n'].map((l) => l.charCodeAt(0)),
    )
    expect(decodeText(western)).toMatchObject({ encoding: 'windows-1252', guessed: true })
    expect(decodeText(western).text).toContain('Jürgen Müller')
  })

  test('a person who knows better overrides the guess', () => {
    const chosen = decodeText(gb18030(PLAN), 'gb18030')
    expect(chosen).toEqual({ text: PLAN, encoding: 'gb18030', guessed: false })
    const wrong = decodeText(gb18030(PLAN), 'utf-8')
    expect(wrong.encoding).toBe('utf-8')
    expect(wrong.problem).toMatchObject({ code: 'csv-damaged', fatal: false })
  })

  test('a UTF-8 file cut off in the middle of a character stays UTF-8 and says that it is damaged', () => {
    const whole = utf8(PLAN.repeat(3) + '完')
    const { encoding, problem, text } = decodeText(whole.subarray(0, whole.length - 1))
    expect({ encoding, problem }).toEqual({
      encoding: 'utf-8',
      problem: { code: 'csv-damaged', params: { count: 1 }, fatal: false },
    })
    expect(text.startsWith(PLAN)).toBe(true)
  })

  test('a workbook renamed to .csv, a picture and an oversized file are turned away with the reason', () => {
    expect(decodeText(new Uint8Array([0x50, 0x4b, 3, 4, 20, 0])).problem?.code).toBe('csv-is-spreadsheet')
    const noise = Uint8Array.from({ length: 4000 }, (_, i) => (i * 7) % 32)
    expect(decodeText(noise).problem).toMatchObject({ code: 'csv-not-text', fatal: true })
    // Its zero bytes are all on one side, as in a table of two bytes a letter.
    const even = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)
    for (const binary of [even, even.subarray(1)])
      expect(decodeText(binary).problem).toMatchObject({ code: 'csv-not-text', fatal: true })
    const huge = decodeText(new Uint8Array(MAX_MEGABYTES * 1024 * 1024 + 1))
    expect(huge.problem).toEqual({ code: 'csv-too-large', params: { megabytes: MAX_MEGABYTES }, fatal: true })
  })

  test('decoding in pieces gives what decoding at once gives, also where a piece ends inside a character', async () => {
    const bytes = utf8('a' + '同舟'.repeat(400_000))
    let pauses = 0
    const paced = await decodeTextPaced(bytes, undefined, { pause: async () => void pauses++ })
    expect(paced).toEqual(decodeText(bytes))
    expect(pauses).toBeGreaterThan(3)
  })
})

describe('reading the table', () => {
  test('quotes, line ends inside cells and doubled quotes are read as RFC 4180 says', async () => {
    const table = await read('title,notes\r\n"Launch, part 1","first line\nsecond ""line"""\r\nPlain,x')
    expect(table.rows).toEqual([
      ['Launch, part 1', 'first line\nsecond "line"'],
      ['Plain', 'x'],
    ])
    expect(table.ragged).toEqual([])
  })

  test('any well-formed table reads as Papa Parse reads it', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '同', ',', ';', '"', '\n', '\t', '=', ' ') })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Delimiter>(',', ';', '\t', '|'),
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 }),
        async (delimiter, rows) => {
          const text = Papa.unparse([['x', 'y', 'z'], ...rows], { delimiter, newline: '\r\n', quotes: true })
          const papa = Papa.parse<string[]>(text, { delimiter, newline: '\r\n' }).data
          const filled = papa.slice(1).filter((row) => row.some((each) => each.trim() !== ''))
          expect((await read(text, delimiter)).rows).toEqual(filled)
        },
      ),
    )
  })

  test('reading never throws anything but a refusal, and loses no letter of an unquoted file', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ',', '"', '\n', '\r', ' ', '|') })
    await fc.assert(
      fc.asyncProperty(text, async (csv) => {
        const table = await read(csv, ',').catch((error: unknown) => {
          expect(error).toBeInstanceOf(Refusal)
          return null
        })
        if (!table) {
          expect(csv.replace(/[,\s"]/g, '')).toBe('')
          return
        }
        const letters = (from: string) => [...from].filter((l) => 'ab|'.includes(l)).join('')
        expect(letters([table.header, ...table.rows].flat().join(''))).toBe(letters(csv))
      }),
    )
  })

  test('ragged rows are kept whole and named by the number that a spreadsheet shows', async () => {
    const table = await read('title,owner\nA\n\nB,Li Na,extra\nC,Wang\n')
    expect(table.header).toEqual(['title', 'owner', ''])
    expect(table.rows).toEqual([
      ['A', '', ''],
      ['B', 'Li Na', 'extra'],
      ['C', 'Wang', ''],
    ])
    expect(table.numbers).toEqual([2, 4, 5])
    expect(table.firstRow.cells).toBe(2)
    expect(table.ragged).toEqual([
      { row: 2, cells: 1 },
      { row: 4, cells: 3 },
    ])
  })

  test('a row that fills a cell below an empty heading at the end has slipped nowhere', async () => {
    const table = await read('title,owner,\nA,Li Na,extra\nB,Wang\nC\nD,Li Na,,x\n')
    expect(table.ragged).toEqual([
      { row: 4, cells: 1 },
      { row: 5, cells: 4 },
    ])
  })

  test('a quote that is never closed costs its own cell, not the rest of the file', async () => {
    const table = await read('title,owner\n"Screen 27,Li Na\nB,Wang\nC,Zhao\n')
    expect(table.rows).toEqual([
      ['"Screen 27', 'Li Na'],
      ['B', 'Wang'],
      ['C', 'Zhao'],
    ])
    expect(table.unclosed).toEqual([2])
  })

  test('the separator is guessed from the rows, taken from "sep=", or chosen', async () => {
    expect((await read('title;notes\nA;one, two, three\nB;x\n')).delimiter).toBe(';')
    expect((await read('标题\t列\nA\t待办\n')).delimiter).toBe('\t')
    expect((await read('sep=|\r\ntitle|list\r\nA|x\r\n')).header).toEqual(['title', 'list'])
    expect((await read('a;b,c\n1;2,3\n', ',')).header).toEqual(['a;b', 'c'])
  })

  test('an empty file, too many rows and too many columns are refused with the limit', async () => {
    await expect(read(' \n\n')).rejects.toMatchObject({ code: 'csv-empty' })
    await expect(read('title\n' + 'x\n'.repeat(MAX_ROWS + 1))).rejects.toMatchObject({
      code: 'csv-too-many-rows',
      params: { limit: MAX_ROWS },
    })
    expect((await read('title\n' + 'x\n'.repeat(MAX_ROWS))).rows).toHaveLength(MAX_ROWS)
    await expect(read('a' + ','.repeat(2_000_000) + 'b\n')).rejects.toMatchObject({ code: 'csv-too-many-columns' })
  })

  test('50 MB are read in pieces, with progress, and a cancel stops after the next piece', async () => {
    const line = `card,"${'描述, "" x '.repeat(280)}",doing\n`
    const text = 'title,description,list\n' + line.repeat(Math.floor((25 * 1024 * 1024) / line.length))
    const reached: number[] = []
    const table = await readTable(
      text,
      {},
      { pause: () => Promise.resolve(), onProgress: (done) => reached.push(done) },
    )
    expect(table.rows.length).toBeGreaterThan(4_000)
    // What is read between two pauses is a few milliseconds' work, however long the file is.
    const pieces = reached.map((done, i) => done - (reached[i - 1] ?? 0))
    expect(Math.max(...pieces)).toBeLessThan(300_000)
    expect(Math.min(...pieces)).toBeGreaterThanOrEqual(0)
    expect(reached.at(-1)).toBe(text.length)

    const cancel = new AbortController()
    let pauses = 0
    const cancelled = readTable(
      text,
      {},
      {
        signal: cancel.signal,
        pause: async () => {
          if (++pauses === 3) cancel.abort()
        },
      },
    )
    await expect(cancelled).rejects.toThrow(/abort/i)
    expect(pauses).toBe(3)
  })

  test('a hostile file of nothing but quotes is read in bounded time', async () => {
    const table = await read('title\n' + '"a"b'.repeat(500_000) + '\n')
    expect(table.rows).toHaveLength(1)
  })
})
