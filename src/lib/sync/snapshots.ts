/**
 * R8: a document saved whole, as an encrypted blob, with a record that says up to where it goes. Any writer makes one now and
 * then; a device that comes in new shows it at once, marked "checking", until it has judged every record up to there.
 */
import * as A from '@automerge/automerge/slim'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import type { Db, DocRow } from '#lib/store/db.ts'
import type { AnyDoc, Documents } from '#lib/store/documents.ts'
import { freshDocument } from '#lib/store/frozen.ts'
import type { AuthorityState } from './authority-state.ts'
import { openBlob, sealBlob } from './blobs.ts'
import { decodeSnapshotBody, encodeSnapshotBody, type SnapshotBody } from './bodies.ts'
import { concat, copyOf, toHash, type Bytes, type Hash } from './bytes.ts'
import { refuseDocument } from './change-bytes.ts'
import { docIdOf } from './identities.ts'
import type { Inbox, Place } from './inbox.ts'
import type { Keyring } from './keyring.ts'
import type { Outbox } from './outbox.ts'
import { BLOB_CHUNK_LIMIT, type DeviceMessage, type RelayMessage } from './protocol.ts'
import { openRecord, parseRecord, verifyRecord, type SealedRecord } from './records.ts'
import { includes, rightForLane, rightsOf } from './rights.ts'
import { webVerify } from './signatures.ts'

/** Fewer changes than that are quicker judged than saved. */
const LEAST_CHANGES = 500
/** Of a long history a snapshot is made after so much of it again, so that all of them together stay a few times its size. */
const SHARE = 0.1
/** A new device does without snapshots where the scope has fewer records. */
const LEAST_RECORDS = 100
const LARGEST_BLOB = 64 * 1024 * 1024

export interface SnapshotsOptions {
  db: Db
  documents: Documents
  inbox: Inbox
  outbox: Outbox
  keyring: Keyring
  ws: WorkspaceId
  agreed: () => AuthorityState
  send: (message: DeviceMessage) => boolean
  /** Its pong says that all before it has been answered: its token. */
  ping: () => number
  discovered: (doc: DocId) => void
  /** Nothing (more) to wait for: the scope's records may come. */
  done: (scope: ScopeId) => void
}

interface Fetch {
  scope: ScopeId
  record: SealedRecord
  body: SnapshotBody
  chunks: Bytes[]
  received: number
}

interface Upload {
  doc: DocId
  scope: ScopeId
  blob: Bytes
  body: SnapshotBody
}

export class Snapshots {
  readonly #options: SnapshotsOptions
  /** Scopes whose snapshots were asked for, with the ping that ends their listing; null when it has ended. */
  readonly #asked = new Map<ScopeId, number | null>()
  readonly #fetches = new Map<Hash, Fetch>()
  readonly #uploads = new Map<Hash, Upload>()

  constructor(options: SnapshotsOptions) {
    this.#options = options
  }

  /** The connection is gone: what was under way is begun anew with the next one. */
  reset(): void {
    this.#asked.clear()
    this.#fetches.clear()
    this.#uploads.clear()
  }

  // ── Making ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** To be called when a record of mine was confirmed: whoever writes the change that makes it worth while makes the snapshot. */
  async consider(doc: DocId): Promise<void> {
    const { documents } = this.#options
    const row = documents.rows.get(doc)
    if (!row || !this.#isDue(row)) return
    await this.#make(row)
    // A shard alone shows nothing: what lists and names it comes with it, where it has changed since.
    for (const other of documents.rows.values()) {
      if (other.scope === row.scope && other.kind.endsWith('.root') && other.sinceSnapshot > 0) await this.#make(other)
    }
  }

  #isDue(row: DocRow): boolean {
    if (row.sinceSnapshot < LEAST_CHANGES) return false
    const doc = this.#options.documents.content(row.doc)
    return doc !== undefined && row.sinceSnapshot >= A.stats(doc).numChanges * SHARE
  }

  async #make(row: DocRow): Promise<void> {
    const { documents, inbox } = this.#options
    if (row.checking || row.newerBy.length > 0 || [...this.#uploads.values()].some(({ doc }) => doc === row.doc)) return
    const open = await documents.open(row.doc)
    if (documents.unaccepted(open).length > 0) return
    // No await before this: content, heads and place belong together.
    await this.publish(row, copyOf(A.save(open.handle.doc())), row.acceptedHeads, inbox.place(row.scope))
  }

  /** Uploads a saved document and then puts the record that names it. */
  async publish({ doc, scope }: DocRow, content: Bytes, acceptedHeads: readonly string[], place: Place): Promise<void> {
    const { position, order } = place
    const heads = acceptedHeads.map(toHash)
    const blob = await sealBlob(content)
    if (blob.bytes.length > LARGEST_BLOB) return
    const body = { blob: blob.hash, key: blob.key, size: blob.bytes.length, heads, position, order }
    this.#uploads.set(blob.hash, { doc, scope, blob: blob.bytes, body })
    this.#upload(blob.hash, 0)
  }

  #upload(hash: Hash, offset: number): void {
    const upload = this.#uploads.get(hash)
    if (!upload) return
    const { scope, blob } = upload
    const bytes = copyOf(blob, offset, Math.min(blob.length, offset + BLOB_CHUNK_LIMIT))
    this.#options.send({ type: 'blob-put', scope, hash, offset, total: blob.length, bytes })
  }

  // ── Using ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** True if snapshots were asked for: the scope's records are to wait for `done`. */
  ask(scope: ScopeId, head: number): boolean {
    const { inbox, send } = this.#options
    if (this.#asked.has(scope)) return true
    if (inbox.place(scope).position > 0 || head < LEAST_RECORDS || inbox.diedOverSnapshot) return false
    if (!send({ type: 'snap-pull', scope })) return false
    this.#asked.set(scope, this.#options.ping())
    return true
  }

  async receive(
    message: Extract<RelayMessage, { type: 'snapshots' | 'blob' | 'blob-ok' | 'blob-no' }>,
    head: Place | null,
  ): Promise<void> {
    switch (message.type) {
      case 'snapshots':
        return this.#listed(message.scope, message.list, head)
      case 'blob':
        return this.#arrived(message.hash, message.offset, message.total, message.bytes)
      case 'blob-ok': {
        const upload = this.#uploads.get(message.hash)
        if (!upload) return
        if (message.received < message.total) return this.#upload(message.hash, message.received)
        this.#uploads.delete(message.hash)
        void this.#options.outbox.sealBody(upload.doc, 'snapshot', encodeSnapshotBody(upload.body))
        return
      }
      case 'blob-no': {
        this.#uploads.delete(message.hash)
        const fetch = this.#fetches.get(message.hash)
        if (fetch) this.#finish(message.hash, fetch.scope)
        return
      }
    }
  }

  async #listed(scope: ScopeId, list: readonly { doc: DocId; record: Bytes }[], head: Place | null): Promise<void> {
    if (typeof this.#asked.get(scope) !== 'number') return
    for (const { record } of list) {
      const parsed = parseRecord(record)
      const body = parsed.ok ? await this.#bodyOf(scope, parsed.value) : null
      if (!parsed.ok || !body || body.size > LARGEST_BLOB || !head || body.position > head.position) continue
      if (this.#fetches.has(body.blob)) continue
      this.#fetches.set(body.blob, { scope, record: parsed.value, body, chunks: [], received: 0 })
      this.#options.send({ type: 'blob-get', scope, hash: body.blob, offset: 0 })
    }
  }

  /** All snapshots have been listed that were asked for before this ping. */
  answered(ping: number): void {
    for (const [scope, token] of this.#asked) {
      if (token !== ping) continue
      this.#asked.set(scope, null)
      this.#doneIfAll(scope)
    }
  }

  /** Something that cannot be read came in place of what was asked for: the records say all that the snapshots would have said. */
  giveUp(): void {
    this.#fetches.clear()
    for (const scope of this.#asked.keys()) {
      this.#asked.set(scope, null)
      this.#doneIfAll(scope)
    }
  }

  /** What the snapshot says, if somebody who may write in the scope signed it; all else is found out when the records are judged. */
  async #bodyOf(scope: ScopeId, record: SealedRecord): Promise<SnapshotBody | null> {
    const { header } = record
    const { keyring, ws } = this.#options
    const agreed = this.#options.agreed()
    const author = agreed.devices.get(header.device)
    if (header.kind !== 'snapshot' || header.scope !== scope || !header.birth || !author) return null
    if (docIdOf(ws, scope, header.birth) !== header.doc || !documentTypeNamed(header.birth.kind)) return null
    if (!includes(rightsOf(agreed, author.person, scope), rightForLane(header.birth.lane))) return null
    if (!(await verifyRecord(record, author.keys.sign, webVerify))) return null
    const key = await keyring.contentKey(agreed, scope, header.doc, header.epoch, header.device)
    const opened = key && (await openRecord(record, key))
    const body = opened && decodeSnapshotBody(opened)
    return body && body.ok ? body.value : null
  }

  async #arrived(hash: Hash, offset: number, total: number, bytes: Bytes): Promise<void> {
    const fetch = this.#fetches.get(hash)
    if (!fetch || offset !== fetch.received) return
    fetch.chunks.push(bytes)
    fetch.received += bytes.length
    if (total !== fetch.body.size) return this.#finish(hash, fetch.scope)
    if (fetch.received < total) {
      this.#options.send({ type: 'blob-get', scope: fetch.scope, hash, offset: fetch.received })
      return
    }
    await this.#show(fetch)
    this.#finish(hash, fetch.scope)
  }

  #finish(hash: Hash, scope: ScopeId): void {
    this.#fetches.delete(hash)
    this.#doneIfAll(scope)
  }

  #doneIfAll(scope: ScopeId): void {
    if (this.#asked.get(scope) !== null) return
    for (const fetch of this.#fetches.values()) if (fetch.scope === scope) return
    if (this.#asked.delete(scope)) this.#options.done(scope)
  }

  /** Puts the snapshot on screen, to be checked. One that is not sound is left aside: the records say what it should have said. */
  async #show({ scope, record, body, chunks }: Fetch): Promise<void> {
    const { documents, inbox } = this.#options
    const { header } = record
    const birth = header.birth!
    const bytes = await openBlob(concat(...chunks), body.blob, body.key)
    if (!bytes || (await refuseDocument(bytes)) !== null) return
    await inbox.markSnapshot(scope)
    let content: AnyDoc
    try {
      content = A.load<Record<string, unknown>>(bytes)
    } catch {
      return
    }
    const heads = [...body.heads].sort()
    const isWhole = A.getHeads(content).sort().join() === heads.join()
    if (!isWhole || !hasHeads(content, A.getHeads(freshDocument(birth.kind)))) return
    const known = documents.rows.get(header.doc)
    if (known && Object.keys(known.chains).length > 0) return
    const { position, order } = body
    const checking = { record: record.id, device: header.device, heads, position, order }
    await documents.show({ doc: header.doc, scope, ...birth }, content, checking)
    if (!known) this.#options.discovered(header.doc)
  }
}
