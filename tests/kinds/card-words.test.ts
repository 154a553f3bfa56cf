import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areTooMany, linesToItems, lineToItem } from '#lib/kinds/board/checklist-lines.ts'
import { hoursToDays, parseHours } from '#lib/kinds/board/estimate.ts'

test.each([
  ['2d', 16],
  ['1.5h', 1.5],
  ['1,5 h', 1.5],
  ['.5h', 0.5],
  ['90m', 1.5],
  ['90 min', 1.5],
  ['1d 4h', 12],
  ['1h30m', 1.5],
  ['1w', 40],
  ['3', 3],
  ['0', 0],
  ['２天', 16],
  ['1 天 4 小时', 12],
  ['2个工作日', 16],
  ['3人天', 24],
  ['30分钟', 0.5],
  ['1周', 40],
  ['半天', 4],
  ['20m', 0.33],
])('an estimate of %s is %d hours', (text, hours) => {
  expect(parseHours(text)).toBe(hours)
})

test.each(['', 'soon', '-1h', '2x', '1h 5', 'h', '1e3h', '100001h', 'NaN', '2d!', '∞', '一会儿'])(
  '“%s” is no estimate',
  (text) => {
    expect(parseHours(text)).toBeNull()
  },
)

test('an estimate is a number within its bounds whatever is typed, and what is shown is understood again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,dhmw天小时 ]{0,12}$/)), (text) => {
      const hours = parseHours(text)
      if (hours === null) return
      expect(hours).toBeGreaterThanOrEqual(0)
      expect(hours).toBeLessThanOrEqual(10_000)
      expect(parseHours(`${hours} h`)).toBe(hours)
      expect(parseHours(`${hours.toLocaleString('zh-CN', { useGrouping: false })} 小时`)).toBe(hours)
    }),
  )
})

test('an estimate of a day and more says how many days that is', () => {
  expect([4, 8, 12, 20, 16.5].map(hoursToDays)).toEqual([null, 1, 1.5, 2.5, 2.1])
})

test('a pasted list becomes items without its bullets, numbers and boxes; ticked boxes stay ticked', () => {
  const pasted =
    '- [ ] Order film\r\n* [x] Ask legal\n\n3. Print\n（1）样品\n1）打样\n一、签字\n☑ 付款\n☐ 开票\n• 寄出\n2026 figures\n[ ] 归档'
  expect(linesToItems(pasted)).toEqual([
    { text: 'Order film', done: false },
    { text: 'Ask legal', done: true },
    { text: 'Print', done: false },
    { text: '样品', done: false },
    { text: '打样', done: false },
    { text: '签字', done: false },
    { text: '付款', done: true },
    { text: '开票', done: false },
    { text: '寄出', done: false },
    { text: '2026 figures', done: false },
    { text: '归档', done: false },
  ])
})

test('one line with the box of a Markdown item is that item, ticked or not; all else stays as it was typed', () => {
  expect(['- [x] Legal', '* [ ] Print', '- 5 °C', '3. floor', '[x](y)'].map(lineToItem)).toEqual([
    { text: 'Legal', done: true },
    { text: 'Print', done: false },
    { text: '- 5 °C', done: false },
    { text: '3. floor', done: false },
    { text: '[x](y)', done: false },
  ])
})

test('a pasted list has at most 200 items, none of them empty or longer than an item may be', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 3_000 }), (text) => {
      for (const item of linesToItems(text)) {
        expect(item.text).toBe(item.text.trim())
        expect(item.text.length).toBeGreaterThan(0)
        expect(item.text.length).toBeLessThanOrEqual(5000)
      }
    }),
  )
  // Nothing is cut in silence: what is too much is told, and not taken.
  expect(linesToItems('a\n'.repeat(500))).toHaveLength(500)
  expect(areTooMany(linesToItems('a\n'.repeat(200)))).toBe(false)
  expect(areTooMany(linesToItems('a\n'.repeat(201)))).toBe(true)
  expect(areTooMany(linesToItems('x'.repeat(5000)))).toBe(false)
  expect(areTooMany(linesToItems('x'.repeat(5001)))).toBe(true)
})
