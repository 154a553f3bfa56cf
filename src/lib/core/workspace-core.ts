/**
 * One workspace in the core: its documents, its records of work, its sync, and what of them tabs are shown.
 */
import { dayOf } from '#lib/i18n/format.ts'
import type { Locale, MutationCall, MutationContext } from '#lib/kernel/define-kind.ts'
import { entityId, type DeviceId, type DocId, type PersonId, type ScopeId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { readIndex, type IndexedWork } from '#lib/kinds/index/schema.ts'
import { readWorkspace, type WorkspaceView } from '#lib/kinds/workspace/schema.ts'
import type { Db, DocRow, WorkspaceRow } from '#lib/store/db.ts'
import { Documents } from '#lib/store/documents.ts'
import { createGroups } from '#lib/kernel/groups.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import { toPlain, toPlainPatches } from '#lib/store/plain.ts'
import { Projections } from '#lib/store/projections.ts'
import type { DocumentStore } from '#lib/store/document-store.ts'
import { Works, type CommitPace, type CommittedGroup, type OpenWork, type WorkMember } from '#lib/store/works.ts'
import type { AuthorityBody } from '#lib/sync/authority.ts'
import type { InviteFact } from '#lib/sync/authority-state.ts'
import { decode, encode } from '#lib/sync/cbor.ts'
import { randomBytes, sha256, type Bytes } from '#lib/sync/bytes.ts'
import { originOf } from '#lib/sync/device-origins.ts'
import { Engine } from '#lib/sync/engine.ts'
import { docIdOf, indexBirth, workspaceBirth, type Birth } from '#lib/sync/identities.ts'
import type { Signer } from '#lib/sync/signatures.ts'
import { departmentsOf, deviceAt, includes, rankOf, rightOf, strongest } from '#lib/sync/rights.ts'
import type {
  Device,
  Invite,
  Moment,
  Notice,
  Person,
  Presence,
  SyncState,
  UndoOptions,
  WorkEvent,
  WorkspaceState,
  WorkSnapshot,
  WorkSummary,
} from './api.ts'
import { contestedAt } from '#lib/store/contested.ts'
import { ContestedFields } from './contested-fields.ts'
import { longCommitLock } from './core-lock.ts'
import { HistoryReader } from './history.ts'
import { NewsReader } from './news.ts'
import { Replay } from './replay.ts'
import { Projector } from './projector.ts'
import type { CallArgs } from './rpc.ts'
import { UndoStacks } from './undo-stacks.ts'
import { hashesOf } from './undo-texts.ts'
import { UnsentWords } from './unsent-words.ts'

export interface WorkspaceCoreOptions {
  db: Db
  store: DocumentStore
  row: WorkspaceRow
  now: () => number
  workOffline: () => boolean
  /** The application's state changed (a workspace's name, a full disk). */
  onApp: () => void
  onFull: (full: boolean) => void
}

/** What somebody did once, under the actor of their device. */
export interface PastStep {
  at: Instant
  person: PersonId
  device: DeviceId
  actor: string
  calls: readonly MutationCall[]
  /** The moment gets this name. */
  version?: string
  /** This device has seen the work as it is then. */
  seen?: true
}

interface WorkWatch {
  root: DocId
  /** Null until all of it is open. */
  work: OpenWork | null
  /** The documents that the tab has: of these it gets the patches. */
  sent: Set<DocId>
  emit: (event: WorkEvent) => void
  /** The conflicts that it was told last, as text. */
  told: string
}

/** Others forget a presence that was not renewed for so long. */
const PRESENCE_LIFE = 30_000
const PRESENCE_EVERY = 10_000
/** An open document that nobody used for so long is closed. */
const IDLE = 20_000

/** An action of so many calls takes its time. */
const MANY_CALLS = 100

/** A person sees no difference below this. */
const TOLD_EVERY = 30

export class WorkspaceCore {
  readonly documents: Documents
  readonly works: Works
  readonly engine: Engine
  readonly history: HistoryReader
  readonly replay: Replay
  readonly news: NewsReader
  readonly contested: ContestedFields
  readonly projector: Projector
  readonly words: UnsentWords
  readonly row: WorkspaceRow
  readonly #options: WorkspaceCoreOptions
  readonly #undo: UndoStacks
  readonly #newGroup: () => string
  readonly #watchers = new Set<(state: WorkspaceState) => void>()
  readonly #workWatches = new Set<WorkWatch>()
  readonly #proseWatches = new Map<DocId, Set<{ tab: string; emit: (event: { changes: Uint8Array[] }) => void }>>()
  readonly #openWorks = new Map<DocId, Promise<OpenWork>>()
  readonly #saving = new Map<DocId, number>()
  readonly #unsaved = new Set<DocId>()
  readonly #presence = new Map<DeviceId, Presence & { until: number }>()
  readonly #mine = new Map<string, { work: DocId | null; entity: string | null; field: string | null }>()
  #notices: Notice[] = []
  #telling: ReturnType<typeof setTimeout> | null = null
  #applying: { doc: DocId; tab: string } | null = null
  #presenceTimer: ReturnType<typeof setInterval> | undefined

  constructor(options: WorkspaceCoreOptions) {
    this.#options = options
    this.row = options.row
    const { db, store, row, now } = options
    this.documents = new Documents({
      db,
      store,
      ws: row.id,
      device: row.keys.id,
      randomBytes,
      now,
      onChange: (change) => this.#documentChanged(change),
      onReplaced: (doc) => void this.#replaced(doc),
      accepted: (doc) => this.engine.inbox.acceptedChanges(doc),
      onMended: () => void this.notice('document-mended', 'warning'),
    })
    this.works = new Works(this.documents, row.id, row.keys.id, randomBytes)
    this.#newGroup = createGroups(now, randomBytes)
    this.engine = new Engine({
      db,
      documents: this.documents,
      row,
      now,
      hooks: {
        changed: () => this.tell(),
        administered: (first) => this.#tellNewDevices(first),
        discovered: (doc) => void this.#discovered(doc),
        refused: (docRow, reason, changes) => this.#keepDraft(docRow, reason, changes),
        notice: (code, severity, params = {}) => void this.notice(code, severity, this.#withName(params)),
        over: (codes) => void this.#noticesOver(codes),
        talk: (_, device, payload) => this.#heard(device, payload),
        removed: (reason) => this.#wasRemoved(reason),
      },
    })
    this.replay = new Replay({
      db,
      ws: row.id,
      documents: this.documents,
      works: this.works,
      now: this.#options.now,
      personOf: (actor) => this.personOfActor(actor),
    })
    this.#undo = new UndoStacks({
      db,
      ws: row.id,
      documents: this.documents,
      works: this.works,
      touched: this.replay.touched,
      isMine: (actor) => this.personOfActor(actor) === row.me,
      personName: (person) => this.nameOf(person),
      newGroup: this.#newGroup,
    })
    this.news = new NewsReader({
      db,
      ws: row.id,
      works: this.works,
      replay: this.replay,
      me: row.me,
      now: this.#options.now,
      personOf: (actor) => this.personOfActor(actor),
      isArriving: (work) => this.#isArriving(work),
      onCount: () => this.tell(),
    })
    this.history = new HistoryReader(this.documents, this.works, this.replay, (actor) => this.personOfActor(actor))
    const projections = new Projections(db, row.id)
    const { touched } = this.replay
    this.contested = new ContestedFields({
      personOf: (actor) => this.personOfActor(actor),
      touched,
      projected: (work, doc) => contestedAt(projections.rows.get(work), doc),
    })
    this.projector = new Projector({
      projections,
      touched,
      documents: this.documents,
      works: this.works,
      storage: store,
      me: row.me,
      shown: () => this.#shownWorks(),
      openWork: (root) => this.openWork(root),
      isCatchingUp: () => this.engine.connection === 'catching-up',
      onProjected: (work) => this.news.count(work),
      onChange: () => this.tell(),
    })
    this.words = new UnsentWords({
      documents: this.documents,
      works: this.works,
      history: this.history,
      locale: row.locale,
      openWork: (root) => this.openWork(root),
      indexOf: (scope) => {
        const content = this.documents.content(this.indexDoc(scope))
        return content ? readIndex(toPlain(content)).works : {}
      },
      personName: (person) => this.nameOf(person),
    })
  }

  /** Reads what is stored and, unless this workspace is local, starts to sync. */
  async load(): Promise<void> {
    const { db, row } = this.#options
    await this.documents.load()
    await this.engine.load()
    const range = IDBKeyRange.bound([row.id], [row.id, []])
    this.#notices = (await db.getAll('notices', range)).map(({ id, code, params, severity }) => ({
      id,
      code,
      params,
      severity,
    }))
    await this.#ensureWellKnown()
    await this.news.load()
    await this.projector.load()
    if (!this.#options.workOffline()) this.engine.start()
    this.#presenceTimer = setInterval(() => {
      void this.#announce()
      void this.closeIdle()
    }, PRESENCE_EVERY)
  }

  async close({ isRemoved = false } = {}): Promise<void> {
    clearInterval(this.#presenceTimer)
    this.engine.stop()
    await this.engine.settle()
    await this.projector.stop(isRemoved)
    for (const doc of this.documents.rows.keys()) await this.documents.flush(doc)
    await this.documents.clearTouched()
    // Nobody is told any more, and what it would be told from is closed.
    this.tell()
    clearTimeout(this.#telling ?? undefined)
  }

  // ── Well-known documents ────────────────────────────────────────────────────────────────────────────────────────

  /** Workspace document and indexes of readable scopes exist on every device, from their genesis on. */
  async #ensureWellKnown(): Promise<void> {
    const { state } = this.engine
    const root = state.rootScope
    for (const scope of this.engine.readable()) {
      const opener = state.scopes.get(scope)?.opener
      if (!opener) continue
      const births = scope === root ? [workspaceBirth(opener), indexBirth(opener)] : [indexBirth(opener)]
      for (const birth of births) {
        const doc = this.#wellKnown(scope, birth)
        if (!this.documents.rows.has(doc)) await this.documents.ensure({ doc, scope, ...birth })
        await this.documents.open(doc)
      }
    }
  }

  workspaceDoc(): DocId {
    const { state } = this.engine
    const root = state.rootScope ?? refuse('workspace-unknown')
    const opener = state.scopes.get(root)?.opener ?? refuse('workspace-unknown')
    return this.#wellKnown(root, workspaceBirth(opener))
  }

  indexDoc(scope: ScopeId): DocId {
    const opener = this.engine.state.scopes.get(scope)?.opener ?? refuse('scope-unknown')
    return this.#wellKnown(scope, indexBirth(opener))
  }

  /** Asked for whenever anything is told, so hashed once. */
  #wellKnown(scope: ScopeId, birth: Birth): DocId {
    const name = `${scope} ${birth.kind} ${birth.creator}`
    const doc = this.#wellKnownIds.get(name) ?? docIdOf(this.row.id, scope, birth)
    this.#wellKnownIds.set(name, doc)
    return doc
  }
  readonly #wellKnownIds = new Map<string, DocId>()

  names(): WorkspaceView {
    const content = this.engine.state.rootScope ? this.documents.content(this.workspaceDoc()) : undefined
    return readWorkspace(content ? toPlain(content) : {})
  }

  // ── Mutations ───────────────────────────────────────────────────────────────────────────────────────────────────

  context(): MutationContext {
    return { now: toInstant(Math.floor(this.#options.now())), person: this.row.me, device: this.row.keys.id }
  }

  /** `opened` is told of each document as soon as it is there, where the work is not open yet. */
  openWork(root: DocId, opened?: (doc: DocId, member: WorkMember) => void): Promise<OpenWork> {
    const known = this.#openWorks.get(root)
    if (known)
      return known.then((work) => {
        for (const doc of work.docs.keys()) this.documents.use(doc)
        return work
      })
    const opening = this.works.open(root, opened).catch((error: unknown) => {
      this.#openWorks.delete(root)
      throw error
    })
    this.#openWorks.set(root, opening)
    return opening
  }

  /** Documents are opened when they are needed, and let go of when nobody has looked at them or written into them for a while. */
  async closeIdle(before = this.#options.now() - IDLE): Promise<void> {
    const idle = new Set(this.documents.idleSince(before))
    for (const doc of idle) await this.documents.compact(doc)
    for (const doc of this.#proseWatches.keys()) if (this.#proseWatches.get(doc)?.size) idle.delete(doc)
    for (const doc of this.#saving.keys()) idle.delete(doc)
    for (const { doc, kind } of this.documents.rows.values())
      if (kind === 'index.root' || kind === 'workspace.root') idle.delete(doc)
    const watched = new Set([...this.#workWatches].map(({ root }) => root))
    for (const [root, opening] of this.#openWorks) {
      const members = [...(await opening).docs.keys()]
      if (!watched.has(root) && members.every((doc) => idle.has(doc))) this.#openWorks.delete(root)
      else for (const doc of members) idle.delete(doc)
    }
    for (const doc of idle) this.contested.forget(doc)
    if (idle.size > 0) await this.engine.close([...idle], before)
    await this.documents.clearTouched()
  }

  /** Runs calls as one undoable action; resolves when they are done here, before they are on disk. */
  async commit(
    root: DocId,
    calls: readonly MutationCall[],
    tab: string,
    pace?: CommitPace,
  ): Promise<{ group: string }> {
    const work = await this.openWork(root)
    const why = this.readOnlyReason(work)
    if (why) refuse(why)
    const group = this.#newGroup()
    const run = () => this.works.commit(work, calls, this.context(), group, undefined, pace)
    const committed = await (calls.length < MANY_CALLS
      ? run()
      : navigator.locks.request(longCommitLock(root), { mode: 'shared' }, run))
    if (committed.changes.length > 0) void this.#undo.push(tab, root, committed)
    await this.#mirrorShards(work)
    this.afterLocal(committed)
    await this.#keepIndex(work, committed)
    return { group }
  }

  /** Saves, then seals, what a group wrote. */
  afterLocal(committed: Pick<CommittedGroup, 'changes'>): void {
    for (const { doc } of committed.changes) this.written(doc)
  }

  written(doc: DocId): void {
    this.#saving.set(doc, (this.#saving.get(doc) ?? 0) + 1)
    const saved = this.documents.flush(doc).then(
      () => {
        this.#options.onFull(false)
        this.#unsaved.delete(doc)
        // There is room again: what did not fit before is saved and sealed now.
        for (const other of this.#unsaved) {
          this.#unsaved.delete(other)
          this.written(other)
        }
      },
      (error: unknown) => {
        // The edit stays in memory and is tried again with the next one; the person is told.
        console.error(error)
        this.#unsaved.add(doc)
        this.#options.onFull(true)
      },
    )
    void saved.finally(() => {
      const left = (this.#saving.get(doc) ?? 1) - 1
      if (left > 0) this.#saving.set(doc, left)
      else this.#saving.delete(doc)
      this.tell()
    })
    void this.engine.seal(doc)
    this.tell()
  }

  async createWork(scope: ScopeId, kind: string, calls: readonly MutationCall[]): Promise<DocId> {
    if (!includes(rightOf(this.engine.state, this.row.keys.id, scope), 'write')) refuse('no-right')
    const work = await this.works.create(scope, kind)
    const group = this.#newGroup()
    const committed = await this.works.commit(work, calls, this.context(), group)
    this.#openWorks.set(work.root, Promise.resolve(work))
    this.afterLocal(committed)
    const title = work.kind.projections.title(work.kind.read(this.works.plain(work)))
    await this.#index(scope, [{ mutation: 'listWork', args: { work: work.root, kind, title } }], group)
    return work.root
  }

  /** The demo's past: what others did and when, told to a new record of work. Nobody can undo it. */
  async recount(kind: string, past: readonly PastStep[]): Promise<DocId> {
    const scope = this.row.rootScope
    const work = await this.works.create(scope, kind)
    this.#openWorks.set(work.root, Promise.resolve(work))
    for (const { at, person, device, actor, calls, version, seen } of past) {
      const ctx = { now: at, person, device }
      const groupThen = createGroups(() => at, randomBytes)
      await this.works.commit(work, calls, ctx, groupThen(), actor)
      if (version) {
        const args = { version: entityId(randomBytes), name: version, heads: await this.replay.now(work) }
        await this.works.commit(work, [{ mutation: 'nameVersion', args }], ctx, groupThen(), actor)
      }
      if (seen) await this.news.begin(work, at)
    }
    for (const doc of work.docs.keys()) this.written(doc)
    const title = work.kind.projections.title(work.kind.read(this.works.plain(work)))
    await this.#index(scope, [{ mutation: 'listWork', args: { work: work.root, kind, title } }], this.#newGroup())
    return work.root
  }

  /** Keeps the index's title what the work itself says, in the same undo group. Titles stand in root documents. */
  async #keepIndex(work: OpenWork, { group, changes }: CommittedGroup): Promise<void> {
    if (work.kind.name === 'index' || work.kind.name === 'workspace') return
    if (!changes.some(({ doc }) => doc === work.root)) return
    const title = work.kind.projections.title(work.kind.read(this.works.plain(work)))
    const content = this.documents.content(this.indexDoc(work.scope))
    const listed = content ? readIndex(toPlain(content)).works[work.root] : undefined
    if (listed && listed.title !== title)
      await this.#index(work.scope, [{ mutation: 'retitleWork', args: { work: work.root, title } }], group)
  }

  async #index(scope: ScopeId, calls: readonly MutationCall[], group: string): Promise<void> {
    const index = await this.openWork(this.indexDoc(scope))
    this.afterLocal(await this.works.commit(index, calls, this.context(), group))
  }

  /** A change of the workspace document: names of people, scopes, devices. */
  async mutateWorkspace(calls: readonly MutationCall[]): Promise<void> {
    const work = await this.openWork(this.workspaceDoc())
    this.afterLocal(await this.works.commit(work, calls, this.context(), this.#newGroup()))
  }

  readOnlyReason(work: OpenWork): string | null {
    if (this.row.removed) return 'removed'
    for (const { open } of work.docs.values()) if (open.row.newerVersion) return 'newer-version'
    return includes(rightOf(this.engine.state, this.row.keys.id, work.scope), 'write') ? null : 'no-right'
  }

  /** Brings a record of work, or one entry of it, back to a moment. */
  async restore(root: DocId, tab: string, at: Moment, entry?: { collection: string; id: string }) {
    const work = await this.openWork(root)
    const why = this.readOnlyReason(work)
    if (why) refuse(why)
    const group = this.#newGroup()
    const committed = await this.replay.restore(work, at, entry, group)
    if (!committed) return { group: null, changed: 0 }
    void this.#undo.push(tab, root, committed)
    this.afterLocal(committed)
    await this.#keepIndex(work, committed)
    return { group, changed: committed.changes.length }
  }

  undo(root: DocId, tab: string, options: UndoOptions) {
    return this.#undoing('undo', root, tab, options)
  }
  redo(root: DocId, tab: string, options: UndoOptions) {
    return this.#undoing('redo', root, tab, options)
  }

  async #undoing(direction: 'undo' | 'redo', root: DocId, tab: string, options: UndoOptions) {
    const work = await this.openWork(root)
    const why = this.readOnlyReason(work)
    if (why) refuse(why)
    const { result, committed } = await this.#undo.run(direction, tab, work, this.context(), options, (actor) =>
      this.nameOfActor(actor),
    )
    if (committed) this.afterLocal(committed)
    return result
  }

  // ── Changes on their way to screens ─────────────────────────────────────────────────────────────────────────────

  #documentChanged(change: Parameters<NonNullable<ConstructorParameters<typeof Documents>[0]['onChange']>>[0]): void {
    if (change.patches.length > 0) {
      const patches = toPlainPatches(change.patches)
      for (const watch of this.#workWatches) {
        if (watch.sent.has(change.doc)) watch.emit({ type: 'patches', doc: change.doc, patches, by: null, mine: false })
      }
    }
    const prose = this.#proseWatches.get(change.doc)
    if (prose) {
      const changes = this.documents.changesBetween(change.before, change.after)
      for (const watch of prose) {
        if (this.#applying?.doc === change.doc && this.#applying.tab === watch.tab) continue
        watch.emit({ changes })
      }
    }
    this.contested.changed(change)
    this.#tellConflicts(change.doc)
    this.projector.changed(change.doc)
    // A root may list shards that arrived before it.
    for (const { root, work } of this.#workWatches) if (work && root === change.doc) void this.#mirrorShards(work)
    this.tell()
  }

  async #mirrorShards(work: OpenWork): Promise<void> {
    await this.works.openShards(work)
    for (const watch of this.#workWatches) {
      if (watch.work === work) for (const [doc, member] of work.docs) this.#send(watch, doc, member)
    }
  }

  /** Each document in an event of its own: taking in 10,000 cards at once would hold up whoever types in the tab. */
  #send({ sent, emit }: WorkWatch, doc: DocId, { type, open }: WorkMember): void {
    if (sent.has(doc)) return
    sent.add(doc)
    emit({ type: 'document', doc, docType: type, content: toPlain(open.handle.doc()) })
    this.#tellConflicts(doc)
  }

  async #discovered(doc: DocId): Promise<void> {
    const row = this.documents.rows.get(doc)
    if (!row) return
    for (const opening of this.#openWorks.values()) {
      const work = await opening
      if (work.scope === row.scope) await this.#mirrorShards(work)
    }
    this.projector.changed(doc)
    this.tell()
  }

  async #replaced(doc: DocId): Promise<void> {
    for (const [root, opening] of this.#openWorks) {
      const work = await opening
      const member = work.docs.get(doc)
      if (!member) continue
      member.open = await this.documents.open(doc)
      for (const watch of this.#workWatches) {
        if (watch.root === root && watch.sent.delete(doc)) this.#send(watch, doc, member)
      }
    }
    this.contested.forget(doc)
    this.#tellConflicts(doc)
    this.projector.changed(doc)
    this.tell()
  }

  #snapshot(work: OpenWork): WorkSnapshot {
    return {
      root: work.root,
      kind: work.kind.name,
      scope: work.scope,
      docs: {},
      readOnly: this.readOnlyReason(work),
      sync: this.syncOf([...work.docs.keys()]),
    }
  }

  watchWork(root: DocId, emit: (event: WorkEvent) => void): () => void {
    const watch: WorkWatch = { root, work: null, sent: new Set(), emit, told: '[]' }
    this.#workWatches.add(watch)
    const isWatched = () => this.#workWatches.has(watch)
    // The tab takes in the first documents while the others are read.
    const opening = this.openWork(root, (doc, member) => isWatched() && this.#send(watch, doc, member))
    opening.then(
      (work) => {
        if (!isWatched()) return
        watch.work = work
        for (const [doc, member] of work.docs) this.#send(watch, doc, member)
        emit({ type: 'snapshot', snapshot: this.#snapshot(work) })
        this.#tellConflicts(root)
      },
      () => {
        this.#workWatches.delete(watch)
        emit({ type: 'gone' })
      },
    )
    return () => this.#workWatches.delete(watch)
  }

  /** To whoever looks at a record of work with this document, after the change itself is on their screens. */
  #tellConflicts(doc: DocId): void {
    const isWatched = [...this.#workWatches].some(({ work }) => work?.docs.has(doc))
    if (!isWatched || this.#conflictsDue) return
    this.#conflictsDue = true
    setTimeout(() => void this.#tellConflictsNow())
  }
  #conflictsDue = false

  async #tellConflictsNow(): Promise<void> {
    this.#conflictsDue = false
    for (const watch of this.#workWatches) {
      if (!watch.work) continue
      const conflicts = await this.contested.of(watch.work)
      const told = JSON.stringify(conflicts)
      if (told === watch.told) continue
      watch.told = told
      watch.emit({ type: 'conflicts', conflicts })
    }
  }

  watch(emit: (state: WorkspaceState) => void): () => void {
    this.#watchers.add(emit)
    void this.state().then(emit)
    return () => this.#watchers.delete(emit)
  }

  /**
   * Much changes with one gesture: it is saved, sealed, sent, confirmed. Screens are told once in a while, and after what is
   * under way: an edit on its way to somebody does not wait until the badge has been thought about.
   */
  tell(): void {
    if (this.#telling !== null) return
    this.#telling = setTimeout(() => {
      this.#telling = null
      void this.#tellNow()
    }, TOLD_EVERY)
  }

  async #tellNow(): Promise<void> {
    await this.#ensureWellKnown()
    this.projector.worksChanged()
    for (const { work, emit } of this.#workWatches) {
      if (work) emit({ type: 'state', readOnly: this.readOnlyReason(work), sync: this.syncOf([...work.docs.keys()]) })
    }
    const name = this.names().name
    if (name && name !== this.row.name) {
      this.row.name = name
      await this.#options.db.put('workspaces', this.row)
      this.#options.onApp()
    }
    if (this.#watchers.size === 0) return
    const state = await this.state()
    for (const emit of this.#watchers) emit(state)
  }

  /** The works of every scope that I may read, as its index lists them, without archived ones and unknown kinds. */
  #listedWorks(): { root: DocId; scope: ScopeId; entry: IndexedWork }[] {
    return this.engine.readable().flatMap((scope) => {
      const content = this.documents.content(this.indexDoc(scope))
      if (!content) return []
      // The oldest first: a list that stays as it is while people work.
      return Object.entries(readIndex(toPlain(content)).works)
        .filter(([, entry]) => !entry.archived && kindNamed(entry.kind))
        .sort(([a, x], [b, y]) => x.createdAt - y.createdAt || (a < b ? -1 : 1))
        .map(([root, entry]) => ({ root: root as DocId, scope, entry }))
    })
  }

  /** What is projected: those, and the names in the workspace document. */
  #shownWorks(): ReadonlySet<DocId> {
    const shown = new Set(this.#listedWorks().map(({ root }) => root))
    if (this.engine.state.rootScope) shown.add(this.workspaceDoc())
    return shown
  }

  // ── State ───────────────────────────────────────────────────────────────────────────────────────────────────────

  syncOf(docs: readonly DocId[]): SyncState {
    if (docs.some((doc) => this.#saving.has(doc))) return { state: 'saving' }
    if (this.row.relay === null) return { state: 'saved' }
    const pending = this.engine.pending(docs)
    const { connection } = this.engine
    if (connection === 'off' || connection === 'connecting') {
      return { state: 'offline', count: pending, byChoice: this.#options.workOffline() }
    }
    if (docs.some((doc) => this.documents.rows.get(doc)?.checking)) return { state: 'checking' }
    const lack = pending > 0 ? this.engine.lackOf(docs) : null
    if (lack) return { state: 'no-room', count: pending, lack }
    if (pending > 0) return { state: 'sending', count: pending }
    return connection === 'live' ? { state: 'synced' } : { state: 'saved' }
  }

  #isArriving(work: OpenWork): boolean {
    const docs = this.works.membersOf(work)
    const isCaughtUp = this.row.relay === null || this.engine.connection === 'live'
    return !isCaughtUp || docs.some((doc) => this.documents.rows.get(doc)?.checking)
  }

  /** The workspace is synced when every document is, and the log too: an invitation counts once the relay has it. */
  #syncOfAll(): SyncState {
    const sync = this.syncOf([...this.documents.rows.keys()])
    const unconfirmed = this.engine.log.length - this.engine.log.confirmed
    if (sync.state === 'offline') return { ...sync, count: sync.count + unconfirmed }
    const lack = this.engine.lackOf(['authority'])
    if (sync.state === 'synced' && unconfirmed > 0)
      return lack ? { state: 'no-room', count: unconfirmed, lack } : { state: 'sending', count: unconfirmed }
    if (sync.state === 'synced' && this.engine.isSharing) return { state: 'sending', count: 1 }
    return sync
  }

  async state(): Promise<WorkspaceState> {
    const { state } = this.engine
    const names = this.names()
    const { me } = this.row
    const today = dayOf(new Date(this.#options.now()))
    const works = this.#listedWorks().map(({ root, scope, entry }): WorkSummary => {
      const row = this.projector.row(root)
      return {
        root,
        scope,
        kind: entry.kind,
        // The index is quicker with a new title, the work itself has the last word.
        title: row && this.projector.isCurrent(root) ? row.title : entry.title,
        summary: row ? kindNamed(row.kind)!.projections.summary(row.brief, today) : { 'zh-CN': '', en: '' },
        template: (row && kindNamed(row.kind)?.projections.isTemplate?.(row.brief)) ?? false,
        sync: this.syncOf(row ? (Object.keys(row.heads) as DocId[]) : [root]),
        updatedAt: row?.changedAt ?? toInstant(entry.createdAt),
        tasks: row?.tasks ?? [],
        updatedBy: row?.changedBy ? this.personOfActor(row.changedBy) : null,
        news: this.news.countOf(root),
      }
    })
    const people: Person[] = [...state.people.values()].map((person) => ({
      id: person.id,
      name: names.people[person.id]?.name ?? '',
      // Of whoever was removed, what they were last.
      rank: person.ranks.findLast(({ rank }) => rank !== null)?.rank ?? 'guest',
      removed: rankOf(person, state.n) === null,
      departments: [...departmentsOf(person, state.n)],
      devices: [...state.devices.values()]
        .filter((device) => device.person === person.id)
        .map((device): Device => ({
          id: device.id,
          name: names.devices[device.id]?.name ?? '',
          mine: person.id === me,
          current: device.id === this.row.keys.id,
          removed: deviceAt(state, device.id) === null,
          kit: device.kit,
          addedAt: this.engine.log.timeAt(device.from),
        })),
    }))
    const drafts = await this.#options.db.getAll('drafts', IDBKeyRange.bound([this.row.id], [this.row.id, []]))
    const mine = state.people.get(me)
    const { isSharing } = this.engine
    return {
      id: this.row.id,
      name: names.name || this.row.name,
      demo: this.row.demo,
      me,
      device: this.row.keys.id,
      rank: (mine && rankOf(mine, state.n)) ?? 'guest',
      kitKept: this.row.kitKept,
      people,
      scopes: [...state.scopes.values()]
        .filter((scope) => includes(rightOf(state, this.row.keys.id, scope.id), 'read'))
        .map((scope) => ({
          id: scope.id,
          parent: scope.parent,
          class: scope.class,
          name: names.scopes[scope.id]?.name ?? '',
          myRight: strongest(rightOf(state, this.row.keys.id, scope.id)),
          rotationDue: scope.rotationDue !== null,
        })),
      works,
      invites: [...state.invites.values()].map((invite) => ({
        id: invite.id,
        name: names.invites[invite.id]?.name ?? '',
        rank: invite.rank,
        createdBy: invite.by,
        createdAt: this.engine.log.timeAt(invite.from),
        expiresAt: invite.expires,
        state: this.#stateOfInvite(invite),
        usedBy: invite.usedBy,
        sent: invite.from < this.engine.log.confirmed && !isSharing,
      })),
      sync: this.#syncOfAll(),
      presence: this.#present(),
      drafts: drafts.map(({ id, work, title, at, reason, sentences, text }) => ({
        id,
        work,
        title,
        at: toInstant(at),
        reason,
        sentences,
        text,
      })),
      // A new device says its name a little after it is let in.
      notices: this.#notices.map((notice) => {
        const name = names.devices[String(notice.params['device'])]?.name
        return name ? { ...notice, params: { ...notice.params, name } } : notice
      }),
      joining: this.row.relay !== null && this.engine.connection !== 'live' && works.length === 0,
      removed: this.row.removed,
    }
  }

  #stateOfInvite({ usedBy, to, expires }: InviteFact): Invite['state'] {
    if (usedBy) return 'used'
    // Any device with the right to writes down that an invitation has lapsed: that is no withdrawal.
    const endedAt = to === null ? null : this.engine.log.timeAt(to)
    if (endedAt !== null && endedAt < expires) return 'withdrawn'
    return to !== null || expires <= this.#options.now() ? 'expired' : 'open'
  }

  async setKitKept(kept: boolean): Promise<void> {
    this.row.kitKept = kept
    await this.#options.db.put('workspaces', this.row)
    this.tell()
  }

  personOfActor(actor: string): PersonId | null {
    return this.engine.state.devices.get(actor.slice(0, 32) as DeviceId)?.person ?? null
  }
  nameOfActor(actor: string): string {
    const person = this.personOfActor(actor)
    return person ? this.nameOf(person) : ''
  }
  nameOf(person: string): string {
    return this.names().people[person as PersonId]?.name || person.slice(0, 6)
  }

  /** Signed by this device, unless somebody else's key is handed in. */
  async propose(body: AuthorityBody, signer?: Signer): Promise<void> {
    const reason = await this.engine.propose(body, signer)
    if (reason) refuse(reason)
  }

  async notice(
    code: string,
    severity: Notice['severity'],
    params: Record<string, string | number> = {},
    id = code,
  ): Promise<void> {
    // One notice of a kind: the same news again only replaces it.
    const notice: Notice = { id, code, params, severity }
    this.#notices = [notice, ...this.#notices.filter((known) => known.id !== id)]
    await this.#options.db.put('notices', { ws: this.row.id, ...notice })
    this.tell()
  }
  /** Whoever has my kit, or a link of mine, is me to everybody: my other devices say so, in time to do something about it. */
  #tellNewDevices(first: number): void {
    const { log, state } = this.engine
    for (const { id, person, from } of state.devices.values()) {
      if (from < first || person !== this.row.me || id === this.row.keys.id) continue
      const origin = originOf(id, state, (n) => log.authorAt(n))
      if (origin !== 'recovered' && origin !== 'linked') continue
      const code = origin === 'recovered' ? 'device-recovered' : 'device-linked'
      void this.notice(code, 'warning', { device: id, at: log.timeAt(from) ?? this.#options.now() }, `${code} ${id}`)
    }
  }

  /** Devices are known to sync, people to people. */
  #withName(params: Record<string, string | number>): Record<string, string | number> {
    const { device } = params
    return typeof device === 'string' ? { ...params, by: this.nameOfActor(device) } : params
  }

  async dismissNotice(id: string): Promise<void> {
    this.#notices = this.#notices.filter((notice) => notice.id !== id)
    await this.#options.db.delete('notices', [this.row.id, id])
    this.tell()
  }

  async #noticesOver(codes: readonly string[]): Promise<void> {
    for (const { id, code } of this.#notices) if (codes.includes(code)) await this.dismissNotice(id)
  }

  async #keepDraft(row: DocRow, reason: string, changes: Bytes[]): Promise<void> {
    const { work, title, sentences, text } = await this.words.of(row, changes)
    await this.#options.db.put('drafts', {
      ws: this.row.id,
      // The same edits twice (the core died in between) are one draft.
      id: sha256(...changes)
        .toHex()
        .slice(0, 16),
      doc: row.doc,
      work,
      title,
      at: this.#options.now(),
      reason,
      sentences,
      text,
      changes,
    })
  }

  /** I have no access any more: what the relay had not confirmed is put into words, while it is still here. */
  async #wasRemoved(reason: string): Promise<void> {
    for (const [doc, row] of this.documents.rows) {
      const changes = this.documents.unaccepted(await this.documents.open(doc)) as Bytes[]
      if (changes.length > 0 && (await this.words.of(row, changes)).text) await this.#keepDraft(row, 'removed', changes)
    }
    await this.notice('removed', 'danger', { reason })
  }

  async dropDraft(id: string): Promise<void> {
    await this.#options.db.delete('drafts', [this.row.id, id])
    this.tell()
  }

  // ── Prose ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async descriptions(root: DocId): Promise<Record<string, string>> {
    const work = await this.openWork(root)
    const texts: Record<string, string> = {}
    for (const doc of work.docs.keys()) {
      const open = doc === root ? null : await this.works.companion(work, doc)
      const { entries } = readProse(open ? toPlain(open.handle.doc()) : null)
      for (const [entry, { text }] of Object.entries(entries)) if (text !== '') texts[entry] = text
    }
    return texts
  }

  async openProse(root: DocId, entity: string) {
    const work = await this.openWork(root)
    const shard = this.works.shardOf(work, entity) ?? refuse('entry-gone')
    const open = (await this.works.companion(work, shard.doc)) ?? refuse('entry-gone')
    const { bytes, actor } = this.documents.lend(open)
    return { doc: open.row.doc, bytes, actor, path: ['entries', entity, 'text'] }
  }

  async proseChanges({
    work,
    entity,
    doc,
    changes,
    tab,
    step,
  }: Omit<CallArgs<'proseChanges'>, 'workspace'>): Promise<void> {
    const row = this.documents.rows.get(doc) ?? refuse('work-unknown')
    if (!includes(rightOf(this.engine.state, this.row.keys.id, row.scope), 'write')) refuse('no-right')
    const open = await this.documents.open(doc)
    this.#applying = { doc, tab }
    try {
      this.documents.apply(open, changes)
    } finally {
      this.#applying = null
    }
    void this.#undo.wrote(tab, { work, entity, doc, hashes: hashesOf(changes), step })
    this.written(doc)
  }

  watchProse(doc: DocId, tab: string, heads: string[], emit: (event: { changes: Uint8Array[] }) => void): () => void {
    const watches = this.#proseWatches.get(doc) ?? new Set()
    this.#proseWatches.set(doc, watches)
    const watch = { tab, emit }
    watches.add(watch)
    void this.documents.open(doc).then((open) => {
      const changes = this.documents.changesSince(open, heads)
      if (changes.length > 0) emit({ changes })
    })
    return () => watches.delete(watch)
  }

  // ── Presence ────────────────────────────────────────────────────────────────────────────────────────────────────

  present(tab: string, place: { work: DocId | null; entity: string | null; field: string | null } | null): void {
    if (place) this.#mine.set(tab, place)
    else this.#mine.delete(tab)
    void this.#announce()
  }

  leftTab(tab: string): void {
    void this.#undo.forget(tab)
    if (this.#mine.has(tab)) this.present(tab, null)
  }

  async #announce(): Promise<void> {
    const root = this.engine.state.rootScope
    if (!root) return
    const place = [...this.#mine.values()].at(-1)
    const gone = this.#mine.size === 0
    await this.engine.say(root, encode([1, !gone, place?.work ?? null, place?.entity ?? null, place?.field ?? null]))
    this.#present()
  }

  #heard(device: DeviceId, payload: Bytes): void {
    const message = decode(payload)
    if (!message.ok || !Array.isArray(message.value) || message.value[0] !== 1) return
    const [, here, work, entity, field] = message.value
    const person = this.engine.state.devices.get(device)?.person
    const text = (value: unknown) => (typeof value === 'string' && value.length <= 64 ? value : null)
    const newcomer = !this.#presence.has(device)
    if (here !== true || !person) this.#presence.delete(device)
    else {
      this.#presence.set(device, {
        device,
        person,
        name: this.nameOf(person),
        work: text(work) as DocId | null,
        entity: text(entity),
        field: text(field),
        until: this.#options.now() + PRESENCE_LIFE,
      })
      // Whoever comes in learns at once who is here.
      if (newcomer) void this.#announce()
    }
    this.tell()
  }

  #present(): Presence[] {
    const now = this.#options.now()
    for (const [device, presence] of this.#presence) {
      if (presence.until > now && deviceAt(this.engine.state, device)) continue
      this.#presence.delete(device)
      this.tell()
    }
    return [...this.#presence.values()].map(({ until: _, ...presence }) => presence)
  }
}

export type { Locale }
