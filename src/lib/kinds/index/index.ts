import { defineKind, type AuditFacts, type Sentence } from '../../kernel/define-kind.ts'
import { counted, numerals } from '../../kernel/numerals.ts'
import { mutations } from './mutations.ts'
import { genesis, readIndex, type IndexView } from './schema.ts'

const say = (zh: string, en: string): Sentence => ({ 'zh-CN': zh, en })
const titleIn = ({ fields, view }: AuditFacts<IndexView>): string =>
  view.works[String(fields.find(({ path }) => path[0] === 'works')?.path[1] ?? '')]?.title || '…'
const work = (letter: string): string => letter.repeat(32)

export const index = defineKind({
  name: 'index',
  documents: { root: { genesis, migrations: [], created: { works: 'archived' } } },
  mutations,
  read: ({ root, docs }) => readIndex(docs[root]?.doc),
  audit: {
    listWork: (facts) => say(`新建了“${titleIn(facts)}”`, `created “${titleIn(facts)}”`),
    retitleWork: (facts) => say(`改名为“${titleIn(facts)}”`, `renamed it to “${titleIn(facts)}”`),
    archiveWork: (facts) => say(`归档了“${titleIn(facts)}”`, `archived “${titleIn(facts)}”`),
    restoreWork: (facts) => say(`恢复了“${titleIn(facts)}”`, `restored “${titleIn(facts)}”`),
  },
  projections: {
    version: 1,
    title: () => '',
    brief: (view) => Object.values(view.works).filter(({ archived }) => !archived).length,
    summary: (count) => say(`${numerals(count)} 项`, counted(count, 'item', 'items')),
    // Each work says its own title.
    searchText: () => ({}),
  },
  digest: { version: 1, content: ({ works }) => works },
  exchange: {
    export: (view) => ({ version: 1, works: view.works }),
    import: (file) =>
      Object.entries(readIndex(file).works).flatMap(([id, { kind, title, archived }]) => [
        { mutation: 'listWork', args: { work: id, kind, title } },
        ...(archived ? [{ mutation: 'archiveWork', args: { work: id } }] : []),
      ]),
  },
  fixtures: {
    empty: () => [],
    typical: () => [
      { mutation: 'listWork', args: { work: work('a'), kind: 'board', title: '新品上市 Product launch' } },
      { mutation: 'listWork', args: { work: work('b'), kind: 'board', title: 'Recruiting' } },
    ],
    conflicted: () => ({
      start: [{ mutation: 'listWork', args: { work: work('a'), kind: 'board', title: 'Plan' } }],
      ours: [{ mutation: 'retitleWork', args: { work: work('a'), title: '计划' } }],
      theirs: [{ mutation: 'retitleWork', args: { work: work('a'), title: 'The plan' } }],
    }),
    huge: () =>
      Array.from({ length: 300 }, (_, i) => ({
        mutation: 'listWork',
        args: { work: i.toString(16).padStart(32, '0'), kind: 'board', title: `看板 ${i}` },
      })),
  },
})
