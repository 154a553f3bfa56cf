import { defineKind, type Sentence } from '../../kernel/define-kind.ts'
import { counted, numerals } from '../../kernel/numerals.ts'
import { mutations } from './mutations.ts'
import { genesis, readProse } from './schema.ts'

const say = (zh: string, en: string): Sentence => ({ 'zh-CN': zh, en })

export const prose = defineKind({
  name: 'prose',
  documents: { root: { genesis, migrations: [], created: { entries: null } } },
  mutations,
  read: ({ root, docs }) => readProse(docs[root]?.doc),
  audit: {
    addEntry: () => say('添加了描述', 'added a description'),
    keepText: () => say('选定了描述', 'chose a description'),
    keepFormat: () => say('选定了格式', 'chose a format'),
    keepLink: () => say('选定了链接', 'chose a link'),
    keepWords: () => say('选定了文字', 'chose words'),
  },
  projections: {
    version: 1,
    title: () => '',
    brief: (view) => Object.keys(view.entries).length,
    summary: (count) => say(`${numerals(count)} 段文字`, counted(count, 'text', 'texts')),
    searchText: (view) =>
      Object.fromEntries(Object.entries(view.entries).map(([id, { text }]) => [id, { title: '', text, at: null }])),
  },
  digest: { version: 1, content: ({ entries }) => entries },
  exchange: {
    export: (view) => ({ version: 1, entries: view.entries }),
    import: (file) =>
      Object.entries(readProse(file).entries).map(([entry, { text }]) => ({
        mutation: 'addEntry',
        args: { entry, text },
      })),
  },
  fixtures: {
    empty: () => [],
    typical: () => [
      { mutation: 'addEntry', args: { entry: 'p1', text: '先确认包装的交期，再定发布会日期。' } },
      { mutation: 'addEntry', args: { entry: 'p2', text: 'Ask legal about the wording first.' } },
    ],
    conflicted: () => ({
      start: [{ mutation: 'addEntry', args: { entry: 'p1', text: 'shared' } }],
      ours: [{ mutation: 'addEntry', args: { entry: 'p2', text: 'ours' } }],
      theirs: [{ mutation: 'addEntry', args: { entry: 'p3', text: 'theirs' } }],
    }),
    huge: () =>
      Array.from({ length: 500 }, (_, i) => ({
        mutation: 'addEntry',
        args: { entry: `p${i}`, text: `第 ${i} 段。`.repeat(20) },
      })),
  },
})
