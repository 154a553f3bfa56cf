/**
 * Records of work: to a person one thing, underneath a root document, the shards it lists, and the shards' companions.
 * Here a list of mutation calls becomes changes of the right documents, all or nothing, as one undo group.
 */
import * as A from '@automerge/automerge/slim'
import * as v from 'valibot'
import type {
  AnyKind,
  AnyMutation,
  DocumentType,
  MutationCall,
  MutationContext,
  WorkDocs,
} from '#lib/kernel/define-kind.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import { runMutation } from '#lib/kernel/run-mutation.ts'
import { choosing } from '#lib/kernel/write.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { spansOf } from '#lib/kinds/prose/spans.ts'
import { companionBirth, docIdOf, type Birth } from '#lib/sync/identities.ts'
import { changeMessage } from './change-message.ts'
import { begunBy, textsBegun } from './begun-apart.ts'
import type { AnyDoc, Documents, OpenDocument } from './documents.ts'
import { knownText } from './known-text.ts'
import { isQuiet } from './moments.ts'
import { toPlain } from './plain.ts'
import { actorOf, valuesAt, type WrittenValue } from './values-met.ts'
import { firstOf } from './changes-apart.ts'

/** For whoever waits for a long commit: how far it has been tried, and a way to call it off. */
export interface CommitPace {
  onProgress: (done: number, all: number) => void
  signal: AbortSignal
}

export interface CommitOptions {
  actor?: string
  pace?: CommitPace | undefined
  /** The name that its changes have, instead of those of its mutations: of an action that is more than they are. */
  named?: string | undefined
  /** Somebody chooses by them: what stands there already is written again. */
  isChoice?: boolean | undefined
}

/** What undo needs to know of a group: which changes it made in which documents. */
export interface CommittedGroup {
  group: string
  changes: { doc: DocId; hashes: string[] }[]
  calls: readonly MutationCall[]
}

/** A document of a record of work. */
export interface WorkMember {
  type: string
  open: OpenDocument
}

export interface OpenWork {
  root: DocId
  kind: AnyKind
  scope: ScopeId
  /** Root and shards that are here; a listed shard whose records have not arrived is missing. */
  docs: Map<DocId, WorkMember>
}

/** What history, replay and comparison look at: root and shards, and the texts of their entries. */
export type Members = ReadonlyMap<DocId, Member>
export interface Member {
  type: string
  open: { handle: Pick<OpenDocument['handle'], 'doc'> }
  /** A companion: the shard whose entries it has the texts of. */
  textsOf?: DocId
}

/** `board.cards` → ['board', 'cards'] */
export function splitKind(kind: string): [string, string] {
  const dot = kind.indexOf('.')
  return [kind.slice(0, dot), kind.slice(dot + 1)]
}

/** A change to be made. */
export interface Write {
  doc: DocId
  open: OpenDocument
  message: string
  run: (draft: Record<string, unknown>) => void
}

/** Documents as they were when each was first asked for, to rehearse changes on; whoever has them made frees them. */
export class Copies {
  readonly #documents: Documents
  readonly #actor: string | undefined
  readonly #copies = new Map<DocId, { open: OpenDocument; heads: A.Heads; copy: AnyDoc }>()

  /** Under this session's actor, or another's; what comes to a document meanwhile merges with what that one writes. */
  constructor(documents: Documents, actor?: string) {
    this.#documents = documents
    this.#actor = actor
  }

  get size(): number {
    return this.#copies.size
  }
  of(open: OpenDocument) {
    const known = this.#copies.get(open.row.doc)
    if (known) return known
    const copy = this.#documents.copy(open, this.#actor)
    const made = { open, heads: A.getHeads(copy), copy }
    this.#copies.set(open.row.doc, made)
    return made
  }
  all() {
    return [...this.#copies.values()]
  }
  free(): void {
    for (const { copy } of this.#copies.values()) A.free(copy)
    this.#copies.clear()
  }
}

/**
 * At most so many calls in one change, and so many letters where there is more than one: a record has a cap (R6), of which each
 * letter of a text takes one, and a change is applied whole.
 */
const CALLS_PER_CHANGE = 100
const LETTERS_PER_CHANGE = 50_000
/** So many changes are made in one go; an action of more (an import) pauses between them. */
const MOST_AT_ONCE = 8
export const isManyWrites = (list: readonly unknown[]): boolean => list.length > MOST_AT_ONCE
export function inChanges<T>(list: readonly T[], lettersIn: (one: T) => number = () => 0): T[][] {
  const changes: T[][] = []
  let letters = 0
  for (const one of list) {
    const more = lettersIn(one)
    const last = changes.at(-1)
    if (!last || last.length >= CALLS_PER_CHANGE || letters + more > LETTERS_PER_CHANGE) {
      changes.push([one])
      letters = more
    } else {
      last.push(one)
      letters += more
    }
  }
  return changes
}
/** At least as many as the operations that they become. */
const lettersOf = (args: unknown): number => JSON.stringify(args).length

export class Works {
  readonly #documents: Documents
  readonly #ws: WorkspaceId
  readonly #device: DeviceId
  readonly #randomBytes: (length: number) => Uint8Array<ArrayBuffer>

  constructor(
    documents: Documents,
    ws: WorkspaceId,
    device: DeviceId,
    randomBytes: (length: number) => Uint8Array<ArrayBuffer>,
  ) {
    this.#documents = documents
    this.#ws = ws
    this.#device = device
    this.#randomBytes = randomBytes
  }

  /** Opens root and shards. Refuses `work-unknown` where the root is not here and `kind-unknown` where this version lacks it. */
  async open(root: DocId, opened: (doc: DocId, member: WorkMember) => void = () => undefined): Promise<OpenWork> {
    const row = this.#documents.rows.get(root) ?? refuse('work-unknown')
    const [name] = splitKind(row.kind)
    const kind = kindNamed(name) ?? refuse('kind-unknown')
    const work: OpenWork = { root, kind, scope: row.scope, docs: new Map() }
    const member = { type: 'root', open: await this.#documents.open(root) }
    work.docs.set(root, member)
    opened(root, member)
    await this.openShards(work, opened)
    return work
  }

  /** Opens listed shards that have arrived since; returns the new ones. */
  async openShards(work: OpenWork, opened?: (doc: DocId, member: WorkMember) => void): Promise<DocId[]> {
    const root = work.docs.get(work.root)?.open.handle.doc()
    const shards = root?.['shards']
    if (typeof shards !== 'object' || shards === null) return []
    // A shard is believed only if it is what the root says, in the root's own scope.
    const added = Object.entries(shards).flatMap(([id, type]) => {
      const doc = id as DocId
      const row = this.#documents.rows.get(doc)
      const isBelieved = row?.scope === work.scope && row.kind === `${work.kind.name}.${String(type)}`
      return isBelieved && !work.docs.has(doc) ? [{ doc, type: String(type) }] : []
    })
    // All are asked for at once: one is read from disk while another is loaded.
    const opening = added.map(({ doc, type }) =>
      this.#documents.open(doc).then((open) => {
        opened?.(doc, { type, open })
        return open
      }),
    )
    const members = await Promise.all(opening)
    // In the order of the list, whichever was there first.
    for (const [at, { doc, type }] of added.entries()) {
      const open = members[at]
      if (open && !work.docs.has(doc)) work.docs.set(doc, { type, open })
    }
    return added.map(({ doc }) => doc)
  }

  plain(work: OpenWork): WorkDocs {
    const docs: Record<DocId, { type: string; doc: unknown }> = {}
    for (const [id, { type, open }] of work.docs) docs[id] = { type, doc: toPlain(open.handle.doc()) }
    return { root: work.root, docs }
  }

  /** A new record of work with its first calls. */
  async create(scope: ScopeId, kindName: string): Promise<OpenWork> {
    const kind = kindNamed(kindName) ?? refuse('kind-unknown')
    const birth = this.#birth(`${kind.name}.root`)
    const doc = docIdOf(this.#ws, scope, birth)
    const open = await this.#documents.ensure({ doc, scope, ...birth })
    return { root: doc, kind, scope, docs: new Map([[doc, { type: 'root', open }]]) }
  }

  /**
   * Runs the calls as one group. Refuses (`bad-arguments`, `entry-gone`, or whatever a mutation refuses) before anything
   * is written. Calls to a shard go where the entry is; a created entry goes to the emptiest open shard of mine or
   * anybody's, or to a new one.
   */
  async commit(
    work: OpenWork,
    calls: readonly MutationCall[],
    ctx: MutationContext,
    group: string,
    { actor, pace, named, isChoice = false }: CommitOptions = {},
  ): Promise<CommittedGroup> {
    const plan = await this.#plan(work, calls)
    const writes = [...plan.steps, ...plan.companions].map(({ doc, open, name, mutation, args: all, entries }) => ({
      doc,
      open,
      message: changeMessage(named && !isQuiet(name) ? named : name, group),
      run: (draft: Record<string, unknown>) => {
        const run = () => all.forEach((args) => runMutation(mutation, draft, args, ctx, entries))
        if (isChoice) choosing(run)
        else run()
      },
    }))
    // The common case: one document, one change; a refusal inside leaves no trace.
    const isOne = !actor && plan.steps.length === 1 && !isManyWrites(writes)
    const changes = isOne ? this.writeEach(writes, ctx.now) : await this.write(writes, ctx.now, { actor, pace })
    return { group, calls, changes }
  }

  /** One after the other, at once: for what cannot be refused half-way. */
  writeEach(writes: readonly Write[], now: number): CommittedGroup['changes'] {
    return changesIn(
      writes.map(({ doc, open, message, run }) => ({ doc, hash: this.#documents.change(open, message, run, now) })),
    )
  }

  /**
   * Several changes as one: rehearsed on copies, then what all accepted is applied. Refuses `cancelled` before that. `on`: copies
   * that are somebody else's, of the moment that the changes were thought out for.
   */
  async write(
    writes: readonly Write[],
    now: number,
    { actor, pace, on }: { actor?: string | undefined; pace?: CommitPace | undefined; on?: Copies } = {},
  ): Promise<CommittedGroup['changes']> {
    // Who brings in 10,000 cards lets others have their turn; what those write meanwhile is by another actor, so that both merge.
    const isLong = isManyWrites(writes)
    const docs = writes.map(({ doc }) => doc)
    const done: { doc: DocId; hash: string | null }[] = []
    const copies = on ?? this.copies(actor ?? (isLong ? this.#documents.newActor() : undefined))
    try {
      for (const [at, { doc, open, message, run }] of writes.entries()) {
        if (isLong) await this.othersTurn(docs)
        // Until here everything was tried on copies: whoever changes their mind has changed nothing else.
        if (pace?.signal.aborted) refuse('cancelled')
        pace?.onProgress(at, writes.length)
        const rehearsed = copies.of(open)
        const before = A.getHeads(rehearsed.copy)
        rehearsed.copy = A.change(rehearsed.copy, { message, time: Math.floor(now / 1000) }, run)
        done.push({ doc, hash: A.getHeads(rehearsed.copy).find((head) => !before.includes(head)) ?? null })
      }
      // A document that was rolled back meanwhile (R7) lacks what the rehearsal built on.
      for (const { open, heads } of copies.all())
        if (!hasHeads(this.#documents.current(open).handle.doc(), heads)) refuse('entry-gone')
      // In the order of what is written, not of what was read: cards go before their column, and come after it.
      for (const { open, heads, copy } of new Set(writes.map((write) => copies.of(write.open)))) {
        if (isLong) await this.othersTurn(docs)
        const changes = A.getChangesSince(copy, heads)
        if (changes.length > 0) this.#documents.applyMine(open, changes)
      }
    } finally {
      if (!on) copies.free()
    }
    return changesIn(done)
  }

  copies(actor?: string): Copies {
    return new Copies(this.#documents, actor)
  }

  /** These documents are in use all the while: none may be closed as idle before its turn has come. */
  async othersTurn(docs: readonly DocId[]): Promise<void> {
    for (const doc of docs) this.#documents.use(doc)
    await new Promise((resolve) => setTimeout(resolve))
  }

  /** Documents that a commit wrote and that must be on disk before the edit counts as saved. */
  static documentsOf(group: CommittedGroup): DocId[] {
    return group.changes.map(({ doc }) => doc)
  }

  /** Which shard document holds an entry, null if none here does. */
  shardOf(work: OpenWork, entity: string): { doc: DocId; type: string } | null {
    for (const [doc, { type, open }] of work.docs) {
      const entries = work.kind.documents[type]?.entries
      if (entries && hasEntry(open, entries, entity)) return { doc, type }
    }
    return null
  }

  /** The actor that began an entry, null where there is none: what the entry says of itself anybody could have written. */
  begunBy(work: OpenWork, entry: string): string | null {
    for (const { type, open } of work.docs.values()) {
      const { entries, created = {} } = work.kind.documents[type] ?? {}
      const collection = [entries, ...Object.keys(created)].find((one) => one && hasEntry(open, one, entry))
      if (collection) return begunBy(open.handle.doc(), collection, entry)
    }
    return null
  }

  /** Whether an entry of a shard lies in the archive, as its document is now. */
  isPutAway(work: OpenWork, entry: string): boolean {
    return this.putAwayIn(work, entry)?.value === true
  }

  /** The same, and by which actor it is so; null where nobody has written that. */
  putAwayIn(work: OpenWork, entry: string): WrittenValue | null {
    const { doc, type } = this.shardOf(work, entry) ?? {}
    const { entries = '', putAway } = work.kind.documents[type ?? ''] ?? {}
    const [content, flag] = [doc && work.docs.get(doc)?.open.handle.doc(), putAway?.[entries]?.flag]
    const at = fieldsOf(fieldsOf(content)[entries])[entry]
    const [counts] = content && flag !== undefined && at ? valuesAt(content, fieldsOf(at), flag) : []
    if (!content || flag === undefined || !counts) return null
    // Whoever chose that it stays away did not put it there.
    return { value: counts.value, actor: actorOf(firstOf(content, fieldsOf(at), flag, counts.operation)) }
  }

  /** The companion document of a shard (its prose), made known here if it is not. */
  async companion(work: OpenWork, shard: DocId): Promise<OpenDocument | null> {
    const birth = this.#companionBirth(work, shard)
    return birth && this.#documents.ensure({ doc: docIdOf(this.#ws, work.scope, birth), scope: work.scope, ...birth })
  }

  /** Where a shard's companion is, whether it is here or not. */
  companionId(work: OpenWork, shard: DocId): DocId | null {
    const birth = this.#companionBirth(work, shard)
    return birth && docIdOf(this.#ws, work.scope, birth)
  }

  /** What a shard's companion has; null where it is not here. */
  async textsOf(work: OpenWork, shard: DocId): Promise<AnyDoc | null> {
    const id = this.companionId(work, shard)
    return id && this.#documents.rows.has(id) ? (await this.#documents.open(id)).handle.doc() : null
  }

  /** Root, shards, and the companions that are here, which are opened. */
  async members(work: OpenWork): Promise<Members> {
    const members = new Map<DocId, Member>(work.docs)
    for (const shard of work.docs.keys()) {
      const id = this.companionId(work, shard)
      const row = id && this.#documents.rows.get(id)
      if (!id || row?.scope !== work.scope) continue
      members.set(id, { type: row.kind, open: await this.#documents.open(id), textsOf: shard })
    }
    return members
  }

  /** Whether the document belongs to the record of work: as its root, a shard, or a shard's companion. */
  holds(work: OpenWork, doc: DocId): boolean {
    return work.docs.has(doc) || [...work.docs.keys()].some((shard) => this.companionId(work, shard) === doc)
  }

  /** Every document that the work consists of here, its shards' companions included. */
  membersOf(work: OpenWork): DocId[] {
    return [...work.docs.keys()].flatMap((doc) => [doc, this.companionId(work, doc) ?? doc])
  }

  #companionBirth(work: OpenWork, shard: DocId): Birth | null {
    const member = work.docs.get(shard)
    const kind = member && work.kind.documents[member.type]?.companion
    return member && kind ? companionBirth(kind, shard, birthOf(member.open)) : null
  }

  async #plan(work: OpenWork, calls: readonly MutationCall[]): Promise<Plan> {
    const { guard } = work.kind
    if (guard && calls.some(({ mutation }) => guard.mutations.includes(mutation)))
      guard.check(work.kind.read(this.plain(work)), calls)
    const steps: Step[] = []
    const companions: Step[] = []
    /** Entries that earlier calls of this list create, and how full that makes each shard. */
    const created = new Map<string, DocId>()
    const load = new Map<DocId, number>()
    const texts = new Map<DocId, AnyDoc | null>()
    for (const call of calls) {
      const mutation = work.kind.mutations[call.mutation] ?? refuse('unknown-mutation')
      const parsed = v.safeParse(mutation.args, call.args)
      const args = parsed.success ? parsed.output : refuse('bad-arguments', { mutation: call.mutation })
      if (mutation.on === 'root') {
        this.#push(steps, work, work.root, call.mutation, mutation, args)
        continue
      }
      const entity = entityOf(mutation, args)
      if (!mutation.creates) {
        const doc = created.get(entity) ?? this.shardOf(work, entity)?.doc ?? refuse('entry-gone')
        const given = { ...fieldsOf(args) }
        if (mutation.knowsText && !created.has(entity)) {
          if (!texts.has(doc)) texts.set(doc, await this.textsOf(work, doc))
          const content = texts.get(doc) ?? null
          given['knewText'] = knownText(content, entity) ?? undefined
        }
        this.#push(steps, work, doc, call.mutation, mutation, given)
        const kind = work.kind.documents[mutation.on]?.companion
        if (mutation.keepsText && kind) {
          const content = await this.textsOf(work, doc)
          const kept = content && textsBegun(content, entity).findLast(({ value }) => value === given['text'])
          const { spans } = kept ?? refuse('entry-gone')
          await this.#pushCompanion(companions, work, doc, kind, { entry: entity, spans }, 'keepText', call.mutation)
        }
        if (mutation.inText !== undefined && kind) {
          const text = { ...given, entry: entity }
          await this.#pushCompanion(companions, work, doc, kind, text, mutation.inText, call.mutation)
        }
        continue
      }
      if (created.has(entity) || this.shardOf(work, entity)) {
        if (mutation.unlessThere?.(args as never)) continue
        refuse('entry-exists')
      }
      const type = work.kind.documents[mutation.on] ?? refuse('unknown-mutation')
      const shard = await this.#shardWithRoom(work, mutation.on, type, load, steps)
      created.set(entity, shard)
      load.set(shard, (load.get(shard) ?? 0) + 1)
      this.#push(steps, work, shard, call.mutation, mutation, args)
      if (type.companion) {
        const more = mutation.companionArgs?.(args as never) ?? {}
        const { copyOf, ...given } = more
        if (typeof copyOf === 'string') given['spans'] = await this.#textOf(work, copyOf)
        await this.#pushCompanion(companions, work, shard, type.companion, { entry: entity, ...given })
      }
    }
    return { steps, companions }
  }

  #push(steps: Step[], work: OpenWork, doc: DocId, name: string, mutation: AnyMutation, args: unknown): void {
    // Within a document the calls keep their order; between documents there is none to keep.
    const last = steps.findLast((step) => step.doc === doc)
    const letters = lettersOf(args)
    if (last && last.name === name && hasRoom(last, letters)) return addTo(last, args, letters)
    const open = work.docs.get(doc)?.open ?? refuse('entry-gone')
    const entries = work.kind.documents[mutation.on]?.entries
    steps.push({ doc, open, name, mutation, args: [args], letters, ...(entries !== undefined && { entries }) })
  }

  /** Nothing where the entry, or its text, is not here. */
  async #textOf(work: OpenWork, entity: string) {
    const content = await this.textsOf(work, this.shardOf(work, entity)?.doc ?? work.root)
    return content ? spansOf(content, entity) : []
  }

  async #pushCompanion(
    companions: Step[],
    work: OpenWork,
    shard: DocId,
    kind: string,
    given: Record<string, unknown>,
    run = 'addEntry',
    name = run,
  ): Promise<void> {
    const open = await this.companion(work, shard)
    const mutation = kindNamed(splitKind(kind)[0])?.mutations[run]
    if (!open || !mutation) return
    const doc = open.row.doc
    const args = v.parse(mutation.args, given)
    const letters = lettersOf(args)
    const step = companions.findLast((one) => one.doc === doc && one.name === name && hasRoom(one, letters))
    if (step) addTo(step, args, letters)
    else companions.push({ doc, open, name, mutation, args: [args], letters })
  }

  async #shardWithRoom(
    work: OpenWork,
    typeName: string,
    type: DocumentType<never>,
    load: Map<DocId, number>,
    steps: Step[],
  ): Promise<DocId> {
    const capacity = type.capacity ?? 500
    for (const [doc, member] of work.docs) {
      if (member.type !== typeName) continue
      const size = entryCount(member.open, type.entries ?? '') + (load.get(doc) ?? 0)
      if (size < capacity) return doc
    }
    const birth = this.#birth(`${work.kind.name}.${typeName}`)
    const doc = docIdOf(this.#ws, work.scope, birth)
    const open = await this.#documents.ensure({ doc, scope: work.scope, ...birth })
    work.docs.set(doc, { type: typeName, open })
    const addShard = work.kind.mutations['addShard'] ?? refuse('unknown-mutation')
    this.#push(steps, work, work.root, 'addShard', addShard, { doc, type: typeName })
    return doc
  }

  #birth(kind: string): Birth {
    return { lane: 'main', kind, creator: this.#device, nonce: this.#randomBytes(16) }
  }
}

/** By document, in order. */
function changesIn(done: readonly { doc: DocId; hash: string | null }[]): CommittedGroup['changes'] {
  const written = Map.groupBy(done, ({ doc }) => doc)
  return [...written].flatMap(([doc, list]) => {
    const hashes = list.flatMap(({ hash }) => (hash ? [hash] : []))
    return hashes.length > 0 ? [{ doc, hashes }] : []
  })
}

interface Step {
  doc: DocId
  open: OpenDocument
  name: string
  mutation: AnyMutation
  args: unknown[]
  letters: number
  /** The map of the document's entries. */
  entries?: string
}
const hasRoom = (step: Step, letters: number): boolean =>
  step.args.length < CALLS_PER_CHANGE && step.letters + letters <= LETTERS_PER_CHANGE
function addTo(step: Step, args: unknown, letters: number): void {
  step.args.push(args)
  step.letters += letters
}
interface Plan {
  steps: Step[]
  companions: Step[]
}

const birthOf = (open: OpenDocument): Birth => ({
  lane: open.row.lane,
  kind: open.row.kind,
  creator: open.row.creator,
  nonce: open.row.nonce,
})

function entityOf(mutation: AnyMutation, args: unknown): string {
  const key = mutation.entity ?? ''
  const value = typeof args === 'object' && args !== null && key in args ? (args as Record<string, unknown>)[key] : null
  return typeof value === 'string' ? value : refuse('bad-arguments', { mutation: key })
}

function entriesOf(open: OpenDocument, map: string): Record<string, unknown> {
  const entries = open.handle.doc()[map]
  return typeof entries === 'object' && entries !== null ? (entries as Record<string, unknown>) : {}
}
const hasEntry = (open: OpenDocument, map: string, entity: string): boolean =>
  Object.hasOwn(entriesOf(open, map), entity)
const entryCount = (open: OpenDocument, map: string): number => Object.keys(entriesOf(open, map)).length
