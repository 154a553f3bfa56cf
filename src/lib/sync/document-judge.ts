/**
 * R0 for one document: the books by which its records, coming in the scope's order, are told to be accepted, held or
 * quarantined. It applies and stores nothing; what it lets through goes to `accept`, in order. The engine keeps one for
 * every document that records arrive for, and makes a fresh one to judge a document's records all over again.
 */
import * as A from '@automerge/automerge/slim'
import { kindVersionOf } from '#lib/kinds/index.ts'
import type { DocRow, RecordRow, SealedChange } from '#lib/store/db.ts'
import { judgeOpened } from './accept.ts'
import { decodeChangesBody, joinBody } from './bodies.ts'
import type { Bytes } from './bytes.ts'
import { readChanges } from './change-bytes.ts'
import { openRecord, type RecordHeader, type SealedRecord } from './records.ts'

/** The accepted changes of a document by hash and actor (R3, R6). */
export interface ChangeIndex {
  changes: Map<string, { maxOp: number }>
  actors: Map<string, { seq: number; maxOp: number }>
  maxOp: number
}

export interface JudgeOptions {
  /** `<kind>.<document type>` */
  kind: string
  /** Chain ends by device; kept up here (R1). */
  chains: DocRow['chains']
  index: ChangeIndex
  contentKey: (header: RecordHeader) => Promise<CryptoKey> | null
  /** Pieces of a body in parts that were judged before this judge was made. */
  storedPieces: (first: string) => Promise<Bytes[]>
  /** Changes that are now accepted, in an order in which they apply; none of them twice. Throws if Automerge will not have them. */
  accept: (changes: readonly Bytes[], facts: readonly SealedChange[]) => void
}

interface Waiting {
  row: RecordRow
  record: SealedRecord
}

export class DocumentJudge {
  readonly #options: JudgeOptions
  readonly #pieces = new Map<string, Bytes[]>()
  #held: Waiting[] = []

  constructor(options: JudgeOptions) {
    this.#options = options
  }

  get held(): readonly RecordRow[] {
    return this.#held.map(({ row }) => row)
  }

  /** Takes up records that were held before this judge was made, in their order. */
  hold(waiting: readonly Waiting[]): void {
    this.#held.push(...waiting)
  }

  /**
   * A record that passed `judgeSealed` at its place. Writes the verdict into its row, and into the rows of held records that
   * it released; returns those. `own` are the facts of a record that this device sealed itself: its changes are here.
   */
  async take(row: RecordRow, record: SealedRecord, own: readonly SealedChange[] | null): Promise<RecordRow[]> {
    const { header } = record
    this.keepPlace(record)
    if (own) {
      for (const change of own) note(this.#options.index, change)
      this.#options.accept([], own)
    } else if (header.kind === 'changes') {
      await this.#open({ row, record })
    }
    return row.verdict === 'accepted' ? this.retry() : []
  }

  /** A record that keeps its place in the chain and is not opened. */
  keepPlace({ id, header }: SealedRecord): void {
    this.#options.chains[header.device] = { seq: header.seq, id, part: header.part }
  }

  /** Judges the held records again, in their order, until nothing more is released. Returns the rows that changed. */
  async retry(): Promise<RecordRow[]> {
    const released: RecordRow[] = []
    for (let again = true; again;) {
      again = false
      const waiting = this.#held
      this.#held = []
      for (const [at, entry] of waiting.entries()) {
        await this.#open(entry)
        if (entry.row.verdict === 'held') continue
        released.push(entry.row)
        if (entry.row.verdict !== 'accepted') continue
        // R6: after every acceptance from the first one on.
        this.#held.push(...waiting.slice(at + 1))
        again = true
        break
      }
    }
    return released
  }

  async #open(entry: Waiting): Promise<void> {
    const { row, record } = entry
    const outcome = await this.#judge(record)
    row.verdict = outcome?.verdict ?? 'accepted'
    row.reason = outcome?.reason ?? null
    if (row.verdict === 'held') this.#held.push(entry)
  }

  /** Null where the record counts. */
  async #judge(record: SealedRecord): Promise<{ verdict: 'held' | 'quarantined'; reason: string } | null> {
    const { header } = record
    const { index, kind } = this.#options
    const version = kindVersionOf(kind)
    if (version === null || header.kindVersion > version) return { verdict: 'held', reason: 'newer-version' }
    const key = await this.#options.contentKey(header)
    if (!key) return { verdict: 'held', reason: 'key-missing' }
    const piece = await openRecord(record, key)
    if (!piece) return { verdict: 'quarantined', reason: 'cannot-decrypt' }
    let body = piece
    if (header.part) {
      const first = header.part.first ?? record.id
      const pieces = this.#pieces.get(first) ?? (await this.#options.storedPieces(first))
      if (pieces.length !== header.part.index) return { verdict: 'quarantined', reason: 'part-missing' }
      pieces.push(piece)
      this.#pieces.set(first, pieces)
      if (pieces.length < header.part.count) return null
      this.#pieces.delete(first)
      body = joinBody(pieces)
    }
    const changes = decodeChangesBody(body)
    if (!changes.ok) return { verdict: 'quarantined', reason: 'bad-body' }
    const reading = await readChanges(changes.value)
    if (!reading.ok) return { verdict: 'quarantined', reason: reading.reason }
    const verdict = judgeOpened(header.device, reading.changes, {
      accepted: (hash) => index.changes.get(hash) ?? null,
      lastOf: (actor) => index.actors.get(actor) ?? null,
      maxOp: () => index.maxOp,
    })
    if (verdict.verdict === 'hold') return { verdict: 'held', reason: 'waits-for-another' }
    if (verdict.verdict === 'refuse') return { verdict: 'quarantined', reason: verdict.reason }
    const fresh = new Set<string>(verdict.fresh.map(({ hash }) => hash))
    const bytes = changes.value.filter((_, at) => fresh.delete(reading.changes[at]?.hash ?? ''))
    try {
      this.#options.accept(bytes, verdict.fresh)
    } catch {
      return { verdict: 'quarantined', reason: 'cannot-apply' }
    }
    for (const change of verdict.fresh) note(index, change)
    return null
  }
}

/** The changes of a document that are accepted: `acceptedHeads` and all that they know of. */
export function indexOf(doc: A.Doc<unknown>, acceptedHeads: readonly string[]): ChangeIndex {
  const index: ChangeIndex = { changes: new Map(), actors: new Map(), maxOp: 0 }
  const backend = A.getBackend(doc)
  // Backwards: of a snapshot that is being checked hardly anything is accepted, and nothing else is read.
  const ahead = [...acceptedHeads]
  for (let hash = ahead.pop(); hash !== undefined; hash = ahead.pop()) {
    const meta = index.changes.has(hash) ? null : backend.getChangeMetaByHash(hash)
    if (!meta) continue
    note(index, meta)
    ahead.push(...meta.deps)
  }
  return index
}

function note(index: ChangeIndex, change: Omit<SealedChange, 'deps'>): void {
  index.changes.set(change.hash, { maxOp: change.maxOp })
  const tip = index.actors.get(change.actor)
  if (!tip || tip.seq < change.seq) index.actors.set(change.actor, { seq: change.seq, maxOp: change.maxOp })
  index.maxOp = Math.max(index.maxOp, change.maxOp)
}

/** The frontier after changes that come in an order in which they apply. */
export function advanced(
  heads: readonly string[],
  changes: readonly { hash: string; deps: readonly string[] }[],
): string[] {
  const frontier = new Set(heads)
  for (const { hash, deps } of changes) {
    for (const dep of deps) frontier.delete(dep)
    frontier.add(hash)
  }
  return [...frontier].sort()
}
