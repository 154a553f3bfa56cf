/**
 * What the relay keeps: sealed bytes and the little that it needs to check and order them. Every call that changes
 * something is one transaction; it throws `StorageFull` where there is no room. SQLite now; another database may stand here.
 */
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import type { Bytes, Hash } from '#lib/sync/bytes.ts'
import type { Birth } from '#lib/sync/identities.ts'
import type { Part } from '#lib/sync/records.ts'

export class StorageFull extends Error {}
/** Another relay that runs has the folder. */
export class FolderInUse extends Error {
  constructor(folder: string) {
    super(
      `DATA_DIR ${folder} is in use by another relay that runs: stop that one, or give this one a folder of its own, for example DATA_DIR=data-2 npm start.`,
    )
  }
}

export interface StoredRecord {
  scope: ScopeId
  position: number
  id: Hash
  order: Hash
  doc: DocId
  device: DeviceId
  seq: number
  epoch: number
  part: Part | null
  isSnapshot: boolean
  bytes: Bytes
  /** With the first record of a document: what it is. */
  birth: Birth | null
}

/** A record without its bytes. */
export type Placed = Omit<StoredRecord, 'bytes' | 'birth' | 'isSnapshot'>

export interface StoredDoc {
  doc: DocId
  scope: ScopeId
  birth: Birth
}

export interface StoredWrap {
  scope: ScopeId
  epoch: number
  recipient: DeviceId
  sender: DeviceId
  bytes: Bytes
}

export interface Storage {
  /** The relay's own secret key (PKCS #8) and generation, made by `make` when there are none. */
  identity: (make: () => { key: Bytes; generation: Bytes }) => {
    key: Bytes
    generation: Bytes
    /** There has been another generation before this one (R12). */
    renewed: boolean
  }
  setGeneration: (generation: Bytes) => void
  /** Whether there is anything of its log. */
  isKnown: (ws: WorkspaceId) => boolean
  log: (ws: WorkspaceId) => Bytes[]
  appendLog: (ws: WorkspaceId, n: number, signed: Bytes) => void
  docs: (ws: WorkspaceId) => StoredDoc[]
  /** Last record of every device in every document. */
  chainEnds: (ws: WorkspaceId) => { device: DeviceId; doc: DocId; seq: number; id: Hash; part: Part | null }[]
  heads: (ws: WorkspaceId) => { scope: ScopeId; position: number; order: Hash }[]
  /** Of records and blobs. */
  bytesOf: (ws: WorkspaceId) => number
  /** All or nothing. */
  addRecords: (ws: WorkspaceId, records: readonly StoredRecord[]) => void
  isAccepted: (ws: WorkspaceId, id: Hash) => boolean
  positionOf: (ws: WorkspaceId, id: Hash) => { scope: ScopeId; position: number } | null
  orderAt: (ws: WorkspaceId, scope: ScopeId, position: number) => Hash | null
  /** Records after a position, in order, as many as one message of several carries. */
  page: (ws: WorkspaceId, scope: ScopeId, after: number) => { position: number; bytes: Bytes }[]
  placedAfter: (ws: WorkspaceId, scope: ScopeId, after: number) => Placed[]
  /** The newest snapshot record of every document of a scope (R8), from the so-and-so-many-th on, a page. */
  snapshots: (ws: WorkspaceId, scope: ScopeId, from: number) => { doc: DocId; record: Bytes }[]
  /** A whole blob's size, null where there is none (R10). */
  blob: (ws: WorkspaceId, scope: ScopeId, hash: Hash) => number | null
  addBlob: (ws: WorkspaceId, scope: ScopeId, hash: Hash, total: number) => void
  /** One of each sender for each recipient and epoch of a scope: a newer one takes the older one's place (A6). */
  addWraps: (ws: WorkspaceId, wraps: readonly StoredWrap[]) => void
  /** From the so-and-so-many-th on, a page: what is added meanwhile may stand before that, and is told at once. */
  wrapsFor: (ws: WorkspaceId, recipient: DeviceId, scope: ScopeId | null, from: number) => Bytes[]
  close: () => void
}
