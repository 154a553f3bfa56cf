import { defineKind, type AuditFacts, type Sentence } from '../../kernel/define-kind.ts'
import { counted, numerals } from '../../kernel/numerals.ts'
import { mutations } from './mutations.ts'
import { genesis, readWorkspace, type WorkspaceView } from './schema.ts'

/** The name that was given, also where the whole entry came into being. */
const after = ({ fields }: AuditFacts<WorkspaceView>, key: string): string => {
  const field = fields.find(({ path, after }) => path.at(-1) === key || typeof after === 'object')
  const value = field?.after
  if (typeof value === 'string') return value
  const inside = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  return typeof inside === 'string' ? inside : '…'
}
const say = (zh: string, en: string): Sentence => ({ 'zh-CN': zh, en })

/** The organisation's root document: every name that the authority log, which the relay reads, must not hold. */
export const workspace = defineKind({
  name: 'workspace',
  // Undo leaves entries: others may have named them anew since.
  documents: {
    root: {
      genesis,
      migrations: [],
      created: { people: null, scopes: null, devices: null, invites: null },
      // A device is named once, when it comes in.
      contested: { '': ['name'], people: ['name'], scopes: ['name'] },
    },
  },
  mutations,
  read: ({ root, docs }) => readWorkspace(docs[root]?.doc),
  audit: {
    renameWorkspace: (facts) =>
      say(`将工作区改名为“${after(facts, 'name')}”`, `renamed the workspace to “${after(facts, 'name')}”`),
    introducePerson: (facts) => say(`登记了姓名“${after(facts, 'name')}”`, `gave the name “${after(facts, 'name')}”`),
    nameScope: (facts) => say(`命名了范围“${after(facts, 'name')}”`, `named the scope “${after(facts, 'name')}”`),
    nameDevice: (facts) => {
      const name = after(facts, 'name')
      return name
        ? say(`命名了设备“${name}”`, `named the device “${name}”`)
        : say('加入了一台设备', 'brought in a device')
    },
    nameInvite: (facts) => say(`发出了给“${after(facts, 'name')}”的邀请`, `invited “${after(facts, 'name')}”`),
  },
  projections: {
    version: 1,
    title: (view) => view.name,
    brief: (view) => Object.keys(view.people).length,
    summary: (count) => say(`${numerals(count)} 人`, counted(count, 'person', 'people')),
    // People are found by their names; the workspace itself is where one is.
    searchText: (view) =>
      Object.fromEntries(
        Object.entries(view.people).map(([id, { name }]) => [id, { title: name, text: '', at: null }]),
      ),
  },
  digest: { version: 1, content: ({ name, people }) => ({ name, people }) },
  exchange: {
    export: (view) => ({ version: 1, ...view }),
    import: (file) => {
      const view = readWorkspace(file)
      return [
        ...(view.name ? [{ mutation: 'renameWorkspace', args: { name: view.name } }] : []),
        ...Object.entries(view.people)
          .filter(([, { name }]) => name)
          .map(([person, { name, locale }]) => ({ mutation: 'introducePerson', args: { person, name, locale } })),
        ...Object.entries(view.scopes)
          .filter(([, { name }]) => name)
          .map(([scope, { name }]) => ({ mutation: 'nameScope', args: { scope, name } })),
        ...Object.entries(view.devices)
          .filter(([, { name, kind, browser }]) => name || kind || browser)
          .map(([device, { name, kind, browser }]) => ({
            mutation: 'nameDevice',
            args: { device, ...(name && { name }), ...(kind && { kind }), ...(browser && { browser }) },
          })),
        ...Object.entries(view.invites)
          .filter(([, { name }]) => name)
          .map(([invite, { name }]) => ({ mutation: 'nameInvite', args: { invite, name } })),
      ]
    },
  },
  fixtures: {
    empty: () => [],
    typical: () => [
      { mutation: 'renameWorkspace', args: { name: '远帆科技 Farsail' } },
      { mutation: 'introducePerson', args: { person: '0a'.repeat(16), name: '林小舟', locale: 'zh-CN' } },
      { mutation: 'introducePerson', args: { person: '1b'.repeat(16), name: 'Ada Morgan', locale: 'en' } },
      {
        mutation: 'nameDevice',
        args: { device: '2c'.repeat(16), name: 'ThinkPad', kind: 'computer', browser: 'Edge · Windows' },
      },
      { mutation: 'nameInvite', args: { invite: '3d'.repeat(16), name: '周雨桐' } },
    ],
    conflicted: () => ({
      start: [{ mutation: 'renameWorkspace', args: { name: 'Farsail' } }],
      ours: [{ mutation: 'renameWorkspace', args: { name: '远帆' } }],
      theirs: [{ mutation: 'renameWorkspace', args: { name: 'Far Sail' } }],
    }),
    huge: () =>
      Array.from({ length: 500 }, (_, i) => ({
        mutation: 'introducePerson',
        args: { person: i.toString(16).padStart(32, '0'), name: `同事 ${i}`, locale: i % 2 ? 'en' : 'zh-CN' },
      })),
  },
})
