import { expect, test } from 'vitest'
import type { DocId } from '#lib/kernel/ids.ts'
import { addDays, type Day } from '#lib/kernel/instants.ts'
import { TextIndex, type Hit, type IndexedEntry } from '#lib/search/text-index.ts'

const NOW = Date.UTC(2026, 10, 23)
const DAY = 86_400_000

type Card = Partial<IndexedEntry> & { title: string }
let made = 0
function indexOf(...cards: (Card | string)[]): TextIndex {
  const index = new TextIndex()
  for (const card of cards) {
    const given = typeof card === 'string' ? { title: card } : card
    index.put({ group: 'entry', work: 'w', entity: `e${made++}`, text: '', at: NOW - DAY, ...given })
  }
  return index
}
const find = (index: TextIndex, query: string, limit = 20): Hit[] => index.search(query, limit, NOW).hits
const titles = (index: TextIndex, query: string): string[] => find(index, query).map(({ title }) => title)
const marked = (text: string, ranges: Hit['titleRanges']): string[] => ranges.map(([from, to]) => text.slice(from, to))

/** The cards of a product launch, as a team would write them. */
const launch = (): TextIndex =>
  indexOf(
    { title: '确认包装供应商的交期', text: '先问华南的三家供应商，报价和交期都要书面确认。' },
    { title: '渠道返点方案（三档）', text: '与财务核对毛利，北区试点客户例外。' },
    { title: 'Freeze firmware 1.0', text: 'No features after this date. Ask Li Lei about the bootloader.' },
    { title: 'Price list for distributors', text: 'With the exception for the pilot customers in the north.' },
    { title: '发布会 keynote 彩排', text: '场地已订，demo 机三台，备用网络要测。' },
    { title: '新品上市预算', text: '市场部 120 万，含税。' },
    { title: '供货合同', text: '法务意见见附件。' },
    { title: '林小舟', group: 'person', work: 'root' },
    { title: 'Ada Morgan', group: 'person', work: 'root' },
    { title: '新品上市 · Product launch', group: 'work', entity: '' },
  )

test('Chinese is found by any part of a phrase, from one character on', () => {
  const index = launch()
  expect(titles(index, '包装供应商')).toEqual(['确认包装供应商的交期'])
  expect(titles(index, '供应商')).toEqual(['确认包装供应商的交期'])
  expect(titles(index, '装供')).toEqual(['确认包装供应商的交期'])
  expect(titles(index, '舟')).toEqual(['林小舟'])
  expect(titles(index, '供').sort()).toEqual(['供货合同', '确认包装供应商的交期'])
  expect(titles(index, '税')).toEqual(['新品上市预算'])
  expect(titles(index, '鲸')).toEqual([])
})

test('characters that are all there, but not as they were typed, are not what was looked for while something is', () => {
  const index = indexOf('商务供应链', '供应商甲', '供应商乙', '供应商丙')
  expect(titles(index, '供应商')).not.toContain('商务供应链')
})

test('a card that was moved is found where it is now; what it left in the archives is found where nothing else of it is', () => {
  const [deck, hold] = ['a', 'b'].map((letter) => letter.repeat(32) as DocId) as [DocId, DocId]
  const there: Card = { entity: 'sail', work: deck, title: 'Mend the sail' }
  const onTheWay: Card = { entity: 'sail2', work: hold, title: there.title, from: { work: deck, entity: 'sail' } }
  const now: Card = { entity: 'sail3', work: deck, title: 'Mend the jib', from: { work: hold, entity: 'sail2' } }
  const index = indexOf({ ...there, archived: true }, { ...onTheWay, archived: true }, now)
  const found = (text: string) => find(index, text).map(({ entity }) => entity)
  expect(found('mend')).toEqual(['sail3'])
  expect(index.search('mend', 20, NOW).entries).toBe(1)
  // Under the name that it had then, by the last of what has it.
  expect(found('sail')).toEqual(['sail2'])
  index.remove(deck, 'sail3')
  expect(found('mend')).toEqual(['sail2'])
  index.remove(hold, 'sail2')
  expect(found('mend')).toEqual(['sail'])
  // Once the move was taken back, it is found where it was.
  const undone = indexOf(there, { ...onTheWay, archived: true })
  expect(find(undone, 'mend').map(({ entity }) => entity)).toEqual(['sail'])
  // What was pasted and brought back where it was cut is two.
  const both = indexOf(there, onTheWay)
  expect(titles(both, 'mend')).toHaveLength(2)
})

test('a picture is found as a character is, and what stands beside it as before', () => {
  const index = indexOf('🚀 Launch day', '发布🚀会', '✅done', 'Nothing of that')
  expect(titles(index, '🚀').sort()).toEqual(['发布🚀会', '🚀 Launch day'].sort())
  expect(titles(index, '🚀 launch')).toEqual(['🚀 Launch day'])
  expect(titles(index, 'launch')).toEqual(['🚀 Launch day'])
  expect(titles(index, '发布')).toEqual(['发布🚀会'])
  expect(titles(index, '✅')).toEqual(['✅done'])
  expect(titles(index, 'done')).toEqual(['✅done'])
  expect(titles(index, '🎉')).toEqual([])
})

test('English is found by the beginnings of its words, in any case and order', () => {
  const index = launch()
  expect(titles(index, 'firm')).toEqual(['Freeze firmware 1.0'])
  expect(titles(index, 'FIRMWARE freeze')).toEqual(['Freeze firmware 1.0'])
  expect(titles(index, 'ada m')).toEqual(['Ada Morgan'])
  expect(titles(index, 'north pilot')).toEqual(['Price list for distributors'])
})

test('among ten thousand cards with a number each, every one is found by its whole title, however many words begin like its last', () => {
  const index = new TextIndex()
  const order = Array.from({ length: 10_000 }, (_, card) => (card * 7_919) % 10_000)
  for (const card of order)
    index.put({
      ...{ group: 'entry', work: 'w', entity: `n${card}`, text: '', at: NOW },
      title: `Task ${card} of batch ${card % 10}`,
    })
  const lost = order.filter((card) => {
    const title = `Task ${card} of batch ${card % 10}`
    return card % 97 === 0 && find(index, title, 5)[0]?.title !== title
  })
  expect(lost).toEqual([])
  // Nor are the beginnings of words lost that many others begin with.
  expect(titles(index, 'task 9797 b')[0]).toBe('Task 9797 of batch 7')
  expect(
    titles(index, 'batch 7 task 9').every((title) => /^Task 9\d* of batch 7$|^Task 7\d* of batch 9$/.test(title)),
  ).toBe(true)
})

test('titles that begin with the whole words that were typed come first, then those that have them, then those where they only begin a word', () => {
  const cards = Array.from({ length: 10_000 }, (_, i) => (i * 7_919) % 10_000)
  for (const word of ['Task', '任务']) {
    const index = indexOf(...cards.map((card) => ({ title: `${word} ${card} of batch ${card % 47}` })))
    const { hits, entries } = index.search(`${word} 12`, 400, NOW)
    const numbers = hits.map(({ title }) => title.match(/\d+/g)?.map(Number) ?? [])
    expect(entries).toBe(321)
    expect(numbers[0]).toEqual([12, 12])
    // Those of batch 12; then 120 of batch 26, which is not: 12 only begins it.
    const ofBatch = cards.filter((card) => card % 47 === 12 && card !== 12).sort((a, b) => a - b)
    const those = numbers.slice(1, ofBatch.length + 1).map(([card = 0]) => card)
    expect(those.toSorted((a, b) => a - b)).toEqual(ofBatch)
    // What is as good otherwise stands as people count.
    expect(those.filter((card) => !String(card).startsWith('12'))).toEqual(
      ofBatch.filter((card) => !String(card).startsWith('12')),
    )
    expect(titles(index, word).slice(0, 3)).toEqual([0, 1, 2].map((card) => `${word} ${card} of batch ${card}`))
    expect(find(index, `${word} 12`, 3).map(({ title }) => title)).toEqual(hits.slice(0, 3).map(({ title }) => title))
  }
  // In any order of the words; a text that has them does not count.
  const index = indexOf(
    { title: 'Pump 12', at: NOW - 90 * DAY },
    { title: '12th pump', at: NOW },
    { title: 'Pumps', text: 'pump 12' },
  )
  expect(titles(index, '12 pump')).toEqual(['Pump 12', '12th pump', 'Pumps'])
})

test('a typing error still finds the word, and what is spelt so comes first', () => {
  const index = launch()
  expect(titles(index, 'firmwaer')).toEqual(['Freeze firmware 1.0'])
  expect(titles(index, 'lanuch')).toEqual(['新品上市 · Product launch'])
  expect(titles(index, 'distribtors')).toEqual(['Price list for distributors'])
  expect(titles(indexOf('form', 'from the field', 'from'), 'form')[0]).toBe('form')
  expect(titles(index, '包装供应南')).toEqual(['确认包装供应商的交期'])
})

test('a query in both languages needs both, with or without a space between them', () => {
  const index = launch()
  expect(titles(index, '发布会 keynote')).toEqual(['发布会 keynote 彩排'])
  expect(titles(index, 'keynote彩排')).toEqual(['发布会 keynote 彩排'])
  expect(titles(index, 'demo 网络')).toEqual(['发布会 keynote 彩排'])
  expect(titles(index, '包装 keynote')).toEqual([])
})

test('full width and half width, accents and ligatures are one spelling', () => {
  const index = indexOf('ＡＢＣ１２３ 型号', 'Café Zürich', 'ﬁnal report', 'カタログ')
  expect(titles(index, 'abc123')).toEqual(['ＡＢＣ１２３ 型号'])
  expect(titles(index, 'cafe zurich')).toEqual(['Café Zürich'])
  expect(titles(index, 'CAFE\u0301')).toEqual(['Café Zürich'])
  expect(titles(index, 'final')).toEqual(['ﬁnal report'])
  expect(titles(index, 'ｶﾀﾛｸﾞ')).toEqual(['カタログ'])
})

test('pinyin initials find a title, also where a character has several readings', () => {
  const index = launch()
  expect(titles(index, 'bzgys')).toEqual(['确认包装供应商的交期'])
  expect(titles(index, 'lxz')).toEqual(['林小舟'])
  expect(titles(index, 'xpss').sort()).toEqual(['新品上市 · Product launch', '新品上市预算'])
  expect(titles(indexOf('重庆银行'), 'cqyh')).toEqual(['重庆银行'])
  expect(titles(indexOf('重庆银行'), 'zq')).toEqual(['重庆银行'])
  const [hit] = find(index, 'gys')
  expect(marked(hit!.title, hit!.titleRanges)).toEqual(['供应商'])
})

test('a title counts more than a text, the newer more than the older, the whole title most', () => {
  expect(titles(indexOf({ title: '其他', text: '预算' }, { title: '预算表' }), '预算')).toEqual(['预算表', '其他'])
  const old = { title: '周报 第一周', at: NOW - 400 * DAY }
  expect(titles(indexOf({ title: '周报 第二周', at: NOW }, old), '周报')).toEqual(['周报 第二周', '周报 第一周'])
  expect(titles(indexOf('Budget 2026 review', 'Budget', 'The budget of the pilot'), 'budget')[0]).toBe('Budget')
})

test('what was found is marked in the title as it is written, and in a piece of the text', () => {
  const index = launch()
  const [card] = find(index, '供应商')
  expect(marked(card!.title, card!.titleRanges)).toEqual(['供应商'])
  expect(marked(card!.excerpt, card!.excerptRanges)).toEqual(['供应商'])
  const [firmware] = find(index, 'FIRM boot')
  expect(marked(firmware!.title, firmware!.titleRanges)).toEqual(['firm'])
  expect(marked(firmware!.excerpt, firmware!.excerptRanges)).toEqual(['boot'])
  const [ligature] = find(indexOf('the ﬁnal ＡＢ'), 'fin ab')
  expect(marked(ligature!.title, ligature!.titleRanges)).toEqual(['ﬁn', 'ＡＢ'])
  const [accent] = find(indexOf('Cafe\u0301 x'), 'cafe')
  expect(marked(accent!.title, accent!.titleRanges)[0]?.trim()).toBe('Cafe\u0301')
})

test('a number is marked where it stands by itself, and within others only where they begin with it and it stands nowhere', () => {
  const index = indexOf('Task 2000 of batch 2', 'Task 292 of batch 1')
  const markedFor = (query: string) => find(index, query).map(({ title, titleRanges }) => marked(title, titleRanges))
  expect(markedFor('task 2')).toEqual([
    ['Task', '2'],
    ['Task', '2'],
  ])
  expect(find(index, 'task 2')[0]?.titleRanges).toEqual([
    [0, 4],
    [19, 20],
  ])
  expect(markedFor('Task 2000 of batch 2')).toEqual([['Task', '2000', 'of', 'batch', '2']])
  expect(markedFor('20 2')).toEqual([['20', '2']])
})

test('what was found outside the text says where, and a card that was put away stands below all others', () => {
  const index = indexOf(
    { title: '预算', archived: true },
    {
      title: '海报',
      text: '第三版\n预算见附件',
      also: [
        ['checklist', '交期\n预算表'],
        ['labels', '渠道'],
      ],
    },
    {
      title: '发布会',
      also: [
        ['checklist', '核对返点\n订场地'],
        ['people', 'Ada Morgan'],
      ],
    },
  )
  const shown = (query: string) =>
    find(index, query).map(({ title, foundIn, excerpt, excerptRanges }) => [
      title,
      foundIn,
      excerpt,
      ...marked(excerpt, excerptRanges),
    ])
  expect(shown('预算')).toEqual([
    ['海报', null, '…预算见附件', '预算'],
    ['预算', null, ''],
  ])
  expect(find(index, '预算').map(({ archived }) => archived)).toEqual([false, true])
  expect(shown('渠道')).toEqual([['海报', 'labels', '渠道', '渠道']])
  expect(shown('发布 morgn')).toEqual([['发布会', 'people', 'Ada Morgan', 'Morgan']])
  expect(shown('订场')).toEqual([['发布会', 'checklist', '…订场地', '订场']])
})

test('a card that was put away and is called just that stands before what only nearly says it', () => {
  const index = indexOf({ title: 'Over done' }, { title: 'None', archived: true })
  expect(find(index, 'none').map(({ title }) => title)).toEqual(['None', 'Over done'])
})

test('of a long text the piece around the place is shown, in one line', () => {
  const text = `${'很长的前言。'.repeat(60)}\n交期定在十二月，\n由采购跟进。${'后面还有。'.repeat(60)}`
  const [hit] = find(indexOf({ title: '说明', text }), '采购跟进')
  expect(hit!.excerpt.length).toBeLessThan(130)
  expect(hit!.excerpt).toContain('由采购跟进。')
  expect(hit!.excerpt).not.toContain('\n')
  expect(hit!.excerpt.endsWith('…')).toBe(true)
  expect(marked(hit!.excerpt, hit!.excerptRanges)).toEqual(['采购跟进'])
})

test('an entry that changed is found by its new words only, one that is gone by none, however many there were', () => {
  const index = new TextIndex()
  const put = (entity: string, title: string) =>
    index.put({ group: 'entry', work: 'w', entity, title, text: '', at: NOW })
  for (let round = 0; round < 5; round++) {
    for (let i = 0; i < 800; i++) put(`e${i}`, `第 ${i} 张卡片 round${round} 批次${'甲乙丙丁戊'[round]}`)
  }
  expect(index.size).toBe(800)
  expect(titles(index, 'round3').filter((title) => title.includes('round3'))).toEqual([])
  expect(find(index, '批次丁').filter(({ title }) => title.includes('丁'))).toEqual([])
  expect(titles(index, '批次戊')).toHaveLength(20)
  expect(titles(index, '777 round4')).toEqual(['第 777 张卡片 round4 批次戊'])
  index.remove('w', 'e777')
  expect(titles(index, '777 round4')).toEqual([])
  index.removeWork('w')
  expect(index.size).toBe(0)
  expect(titles(index, '卡片')).toEqual([])
})

test('each group has its own room: many cards do not push a person or a board out', () => {
  const cards = Array.from({ length: 50 }, (_, i) => ({ title: `小舟 ${i}` }))
  const index = indexOf(...cards, { title: '林小舟', group: 'person' as const })
  const hits = find(index, '小舟', 5)
  expect(hits.filter(({ group }) => group === 'entry')).toHaveLength(5)
  expect(hits.filter(({ group }) => group === 'person')).toHaveLength(1)
})

test('of cards that are called alike each says where it stands and when it is due, and those beyond the room are counted', () => {
  const minutes = Array.from({ length: 15 }, (_, i) => ({
    title: '周例会纪要',
    stage: i < 14 ? 'done' : 'todo',
    due: addDays('2026-11-23' as Day, (i - 14) * 7),
    at: NOW + (i - 14) * 7 * DAY,
  }))
  const stages = { todo: { title: '待办', done: false }, done: { title: '完成', done: true } }
  const index = indexOf(...minutes, { title: '例会', group: 'work', entity: '', stages }, '周例会室')
  const { hits, entries } = index.search('周例会纪要', 12, NOW)
  expect([hits.length, entries]).toEqual([12, 15])
  expect(hits.slice(0, 2).map(({ stage, done, due }) => [stage, done, due])).toEqual([
    ['待办', false, '2026-11-23'],
    ['完成', true, '2026-11-16'],
  ])
  const all = index.search('周例会纪要', 62, NOW)
  expect(new Set(all.hits.map(({ due }) => due)).size).toBe(15)
  expect(all.hits.slice(0, 12)).toEqual(hits)
  // The name of a column, or a card that moves, is told without being found by it.
  index.put({
    group: 'work',
    work: 'w',
    entity: '',
    title: '例会',
    text: '',
    at: NOW,
    stages: { todo: { title: '计划', done: false } },
  })
  expect(index.search('周例会纪要', 2, NOW).hits.map(({ stage, done }) => [stage, done])).toEqual([
    ['计划', false],
    ['', false],
  ])
  expect(titles(index, '计划')).toEqual([])
})

test('however many cards hold the same characters, every one is counted and can be listed', () => {
  const index = indexOf(...Array.from({ length: 5_000 }, (_, i) => ({ title: `周会 ${i}`, text: '记录' })))
  for (const query of ['周会', '会', '记录', '录', '周会 记录']) {
    const { hits, entries } = index.search(query, 5_000, NOW)
    expect([query, hits.length, entries]).toEqual([query, 5_000, 5_000])
  }
})

test('nothing, punctuation and very long queries find nothing and break nothing', () => {
  const index = launch()
  for (const query of ['', '   ', '，。！', '🙂', 'x'.repeat(5_000), '的'.repeat(5_000), '\ud800', 'a'.repeat(40)])
    expect(titles(index, query)).toEqual([])
})
