/**
 * What a device keeps beside its documents: keys, the authority log, the accepted records in order, sealed records on
 * their way, wraps, drafts, notices. One IndexedDB database; every row is keyed by its workspace first, so that leaving
 * a workspace is a range delete. Documents themselves lie in a database of their own (document-store.ts).
 */
import type { DeviceKeys } from '#lib/sync/keys.ts'
import type { ReachRow } from '#lib/sync/reach.ts'
import type { Part } from '#lib/sync/records.ts'
import type { ContestedField } from './contested.ts'
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Arrival, Locale, MutationCall, SearchText, TaskBrief } from '#lib/kernel/define-kind.ts'
import type { DeviceId, DocId, PersonId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import type { Instant } from '#lib/kernel/instants.ts'

export interface WorkspaceRow {
  id: WorkspaceId
  /** WebSocket address of the relay; null = this workspace never leaves the device (the demo). */
  relay: string | null
  demo: boolean
  locale: Locale
  name: string
  me: PersonId
  /** Private halves cannot be exported. */
  keys: DeviceKeys
  rootScope: ScopeId
  /** The relay's generation that our positions belong to (R12), 32 hex digits. */
  generation: string | null
  relayKey: Uint8Array<ArrayBuffer> | null
  setupToken: string | null
  /** False from the moment a recovery kit is shown until its owner says that it is put away. */
  kitKept: boolean
  /** The kit whose words this device showed last; null where newer ones are put away that another device showed. */
  kit: DeviceId | null
  /** What was there when this device joined is still coming. */
  firstSync: boolean
  /** How many records of the authority log the relay has confirmed; what lies beyond is tentative (A2). */
  confirmed: number
  /** How many of them a relay ever had confirmed: one that was restored from an older copy lacks some of those (R12). */
  owed: number
  /** No passing talk of this device has had a higher counter (R9). */
  talked: number
  removed: boolean
  createdAt: number
  /** Until all of it is done and on the disk: where the window was closed before, the next start does it. */
  promised?: Promised
  /** Which devices have what this one wrote. */
  reach?: ReachRow
}

/** What whoever brought a workspace to this device was promised with that. */
export interface Promised {
  /** For the workspace document: what it, the person and this device are called. */
  names: MutationCall[]
  /** The first board. */
  board?: MutationCall[]
}

export interface AuthorityRow {
  ws: WorkspaceId
  n: number
  signed: Uint8Array<ArrayBuffer>
  /** Of a record of mine that was part of an action: its group. */
  group?: string
}

export interface DocRow {
  ws: WorkspaceId
  doc: DocId
  scope: ScopeId
  lane: 'main' | 'talk' | 'decision'
  /** `<kind>.<document type>` */
  kind: string
  creator: DeviceId
  nonce: Uint8Array<ArrayBuffer>
  /** The local document behind the shared id: a new one after a rollback. */
  local: string
  /** The frontier of the accepted changes (hashes); genesis and migrations count as accepted. */
  acceptedHeads: string[]
  /** Last accepted record of each device in this document (R1). */
  chains: Record<DeviceId, { seq: number; id: string; part: Part | null }>
  /** Devices of whose records some are of a newer kind version: read-only until the application is updated, or they are removed. */
  newerBy: DeviceId[]
  /** Shown from a snapshot whose records have not all been judged yet (R8): edits wait. Null = judged. */
  checking: { record: string; device: DeviceId; heads: string[]; position: number; order: string } | null
  /** Accepted changes since the newest snapshot of this document. */
  sinceSnapshot: number
  updatedAt: number
}

export interface RecordRow {
  ws: WorkspaceId
  scope: ScopeId
  position: number
  id: string
  doc: DocId
  device: DeviceId
  bytes: Uint8Array<ArrayBuffer>
  /** The order's hash at this position, 64 hex digits (A4). */
  order: string
  /** accepted: applied. held: waits for a key or a record. quarantined: checked and refused by this device. */
  verdict: 'accepted' | 'held' | 'quarantined'
  reason: string | null
}

/** What the books need to know of a change without reading it again. */
export interface SealedChange {
  hash: string
  actor: string
  seq: number
  deps: string[]
  maxOp: number
}

/** R6: records that are being applied. If it is still there at the next start, the core died over one of them. */
export interface ApplyingMark {
  ws: WorkspaceId
  scope: ScopeId
  position: number
  count: number
  /** How often it has died with just this one under way. */
  crashes: number
}

export interface SealedRow {
  ws: WorkspaceId
  doc: DocId
  seq: number
  id: string
  scope: ScopeId
  bytes: Uint8Array<ArrayBuffer>
  /** The changes in it, for the frontier once it is accepted. Empty for all but the last of several parts. */
  changes: SealedChange[]
  /** The actions that they belong to, as a person counts them: one may write into many documents. */
  groups: string[]
}

export interface CursorRow {
  ws: WorkspaceId
  scope: ScopeId
  position: number
  order: string
}

export interface ScopeKeyRow {
  ws: WorkspaceId
  scope: ScopeId
  epoch: number
  /** Wrapped to this device's agreement key: never at rest in the clear. */
  wrap: Uint8Array<ArrayBuffer>
  /** For whom the relay has a wrap of it by this device. */
  served?: DeviceId[]
}

/**
 * Written before a device asks to be let in by an invitation: the window may be closed before the answer comes, and what the
 * invitation let in by then are these keys.
 */
export interface JoiningRow {
  ws: WorkspaceId
  seed: DeviceId
  me: PersonId
  keys: DeviceKeys
}

export interface DraftRow {
  ws: WorkspaceId
  id: string
  doc: DocId
  work: DocId
  title: string
  at: number
  reason: string
  sentences: { 'zh-CN': string; en: string }[]
  text: string
  changes: Uint8Array<ArrayBuffer>[]
  /** Its reader has it in a file or copied it. */
  hasCopy?: true
}

export interface NoticeRow {
  ws: WorkspaceId
  id: string
  code: string
  params: Record<string, string | number>
  severity: 'info' | 'warning' | 'danger'
}

/** An entry that was put away, and at once by others as well or changed by them: by which actors. */
export interface PutAwayRow {
  entity: string
  by: string[]
  /** Those of several who did so by taking back that it came to be there. */
  takenBackBy?: string[]
  /** With those of them who knew of it where others did not. */
  changed: { actor: string; knownBy: readonly string[] }[]
}

/** A record of work as home, lists and search show it, without its documents. Derived: it can be dropped and made anew. */
export interface ProjectionRow {
  ws: WorkspaceId
  work: DocId
  kind: string
  /** Of the kind's projections: another one makes this row worthless. */
  version: number
  title: string
  /** The facts that the kind makes its summary of. */
  brief: unknown
  /** What the person of this device still has to do there. */
  tasks: TaskBrief[]
  taskCount: number
  /** Entries that came from other records of work. */
  arrivals: Arrival[]
  /** Heads of every document it was made from; none where a listed document was not here. */
  heads: Record<DocId, string[]>
  /** Of the documents that have such fields, or paragraphs, those that were contested at those heads. */
  contested: Record<DocId, ContestedField[]>
  /** Those of them that were put away, also where others wrote in their texts. */
  putAway: PutAwayRow[]
  /** The latest change: when, as its device claimed, and by which actor. */
  changedAt: Instant | null
  changedBy: string | null
}

/** One entry (a card; '' = the work itself) as search sees it. */
export interface ProjectedEntryRow extends SearchText {
  ws: WorkspaceId
  work: DocId
  entity: string
}

/** An action of this device that can be taken back, or one that takes back and can be done again. */
export interface UndoRow {
  ws: WorkspaceId
  work: DocId
  /** In the order in which they were done. */
  seq: number
  way: 'undo' | 'redo'
  group: string
  /** The names of its mutations, each once. */
  mutations: readonly string[]
  changes: { doc: DocId; hashes: string[] }[]
  /** Where it was an import. */
  from?: ImportedFrom
  /** Where it was a choice between words, links or formats of one text: the entry that has it. */
  chosenIn?: string
  /** Entries were cut: what the clipboard calls them. */
  cut?: string
  /** Of what was taken back, the changes by which it was done first: what others have written since then is asked about each time. */
  first?: UndoRow['changes']
  /** Where taking it back brought entries back or put them away: what was known then of the texts of each shard. */
  texts?: { shard: DocId; heads: string[] }[]
  /** Entries that it put away or brought back while they stood where they came from, too: they come back all the same. */
  twice?: string[]
  /** Entries that it brought back, and of which what had put them away has been taken back since: they stay. */
  stays?: string[]
  /** Entries that were cut in another record of work were pasted. */
  pasted?: Pasted
  /** What was done in two works as one action, as cutting and pasting is: its other half, among the actions of that work. */
  other?: { work: DocId; group: string }
}
export interface ImportedFrom {
  file: string
  cards: number
}
export interface Pasted {
  cut: string
  /** Where they were cut. */
  work: DocId
  entries: readonly (readonly [cut: string, pasted: string])[]
}

/** What this device last saw of a record of work. */
export interface SeenRow {
  ws: WorkspaceId
  work: DocId
  heads: Record<DocId, readonly string[]>
  /** When that was. */
  at?: Instant
  /** Entries that were looked at since, as they were then, with the heads of the documents that they are in. */
  entries?: { collection: string; id: string; value: unknown; text: string; heads: Record<DocId, readonly string[]> }[]
  /** How many entries were new when that was last counted. */
  count?: number
}

interface Schema extends DBSchema {
  workspaces: { key: string; value: WorkspaceRow }
  authority: { key: [string, number]; value: AuthorityRow }
  docs: { key: [string, string]; value: DocRow }
  records: {
    key: [string, string, number]
    value: RecordRow
    indexes: { doc: [string, string]; id: [string, string]; verdict: [string, string] }
  }
  applying: { key: string; value: ApplyingMark }
  sealed: { key: [string, string, number]; value: SealedRow }
  cursors: { key: [string, string]; value: CursorRow }
  scopeKeys: { key: [string, string, number]; value: ScopeKeyRow }
  joining: { key: [string, string]; value: JoiningRow }
  drafts: { key: [string, string]; value: DraftRow }
  notices: { key: [string, string]; value: NoticeRow }
  undo: { key: [string, string, number]; value: UndoRow }
  seen: { key: [string, string]; value: SeenRow }
  projections: { key: [string, string]; value: ProjectionRow }
  projectedEntries: { key: [string, string, string]; value: ProjectedEntryRow }
  settings: { key: string; value: unknown }
}

export type Db = IDBPDatabase<Schema>

/** Opens (and creates) the database. Rejects with the browser's error, e.g. where site data is blocked. */
export function openDb(name = 'tongzhou'): Promise<Db> {
  return openDB<Schema>(name, 1, {
    upgrade(db) {
      db.createObjectStore('workspaces', { keyPath: 'id' })
      db.createObjectStore('authority', { keyPath: ['ws', 'n'] })
      db.createObjectStore('docs', { keyPath: ['ws', 'doc'] })
      const records = db.createObjectStore('records', { keyPath: ['ws', 'scope', 'position'] })
      records.createIndex('doc', ['ws', 'doc'])
      records.createIndex('id', ['ws', 'id'])
      records.createIndex('verdict', ['ws', 'verdict'])
      db.createObjectStore('applying', { keyPath: 'ws' })
      db.createObjectStore('sealed', { keyPath: ['ws', 'doc', 'seq'] })
      db.createObjectStore('cursors', { keyPath: ['ws', 'scope'] })
      db.createObjectStore('scopeKeys', { keyPath: ['ws', 'scope', 'epoch'] })
      db.createObjectStore('joining', { keyPath: ['ws', 'seed'] })
      db.createObjectStore('drafts', { keyPath: ['ws', 'id'] })
      db.createObjectStore('notices', { keyPath: ['ws', 'id'] })
      db.createObjectStore('undo', { keyPath: ['ws', 'work', 'seq'] })
      db.createObjectStore('seen', { keyPath: ['ws', 'work'] })
      db.createObjectStore('projections', { keyPath: ['ws', 'work'] })
      db.createObjectStore('projectedEntries', { keyPath: ['ws', 'work', 'entity'] })
      db.createObjectStore('settings')
    },
  })
}

/** All rows of one workspace in a store whose key begins with the workspace. */
export const ofWorkspace = (ws: WorkspaceId): IDBKeyRange => IDBKeyRange.bound([ws], [ws, []])

const WORKSPACE_STORES = [
  'authority',
  'docs',
  'records',
  'sealed',
  'cursors',
  'scopeKeys',
  'joining',
  'drafts',
  'notices',
  'undo',
  'seen',
  'projections',
  'projectedEntries',
] as const

/** Forgets a workspace on this device, all or nothing. The caller removes its documents from the repo. */
export async function forgetWorkspace(db: Db, ws: WorkspaceId): Promise<void> {
  const tx = db.transaction(['workspaces', 'applying', ...WORKSPACE_STORES], 'readwrite')
  await Promise.all([
    ...WORKSPACE_STORES.map((store) => tx.objectStore(store).delete(ofWorkspace(ws))),
    tx.objectStore('workspaces').delete(ws),
    tx.objectStore('applying').delete(ws),
  ])
  await tx.done
}
