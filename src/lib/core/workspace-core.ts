/**
 * One workspace in the core: its documents, its records of work, its sync, and what of them tabs are shown.
 */
import * as A from '@automerge/automerge/slim'
import { entryKey, Moves } from '#lib/kernel/arrivals.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { Arrival, Conflict, MutationCall, MutationContext } from '#lib/kernel/define-kind.ts'
import { entityId, type DeviceId, type DocId, type PersonId, type ScopeId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { readIndex } from '#lib/kinds/index/schema.ts'
import { readWorkspace, type WorkspaceView } from '#lib/kinds/workspace/schema.ts'
import type { Db, DocRow, WorkspaceRow } from '#lib/store/db.ts'
import { Documents, type DocumentChange } from '#lib/store/documents.ts'
import { BegunTwice } from './begun-twice.ts'
import { Yielding } from './yielding.ts'
import { createGroups } from '#lib/kernel/groups.ts'
import { toPlain } from '#lib/store/plain.ts'
import { Projections } from '#lib/store/projections.ts'
import type { DocumentStore } from '#lib/store/document-store.ts'
import type { Between } from '#lib/store/put-away-then.ts'
import { Works, type CommitPace, type CommittedGroup, type OpenWork, type WorkMember } from '#lib/store/works.ts'
import type { AuthorityBody } from '#lib/sync/authority.ts'
import { decode, encode } from '#lib/sync/cbor.ts'
import { randomBytes, sha256, type Bytes } from '#lib/sync/bytes.ts'
import { originOf } from '#lib/sync/device-origins.ts'
import { Engine } from '#lib/sync/engine.ts'
import { docIdOf, indexBirth, workspaceBirth, type Birth } from '#lib/sync/identities.ts'
import { seedKeys } from '#lib/sync/keys.ts'
import { createKitSecret } from '#lib/sync/kit.ts'
import type { Signer } from '#lib/sync/signatures.ts'
import { deviceAt, includes, mustUpdate, rightOf } from '#lib/sync/rights.ts'
import type { ActionFacts, MovedAway, Presence, SyncState, UndoOptions, WorkspaceState } from './api.ts'
import { contestedAt } from '#lib/store/contested.ts'
import { ContestedFields } from './contested-fields.ts'
import { longCommitLock } from './core-lock.ts'
import { HistoryReader, IMPORT, type Moved } from './history.ts'
import { Mirrors } from './mirrors.ts'
import { NewsReader } from './news.ts'
import { Notices } from './notices.ts'
import { Replay, type Wanted } from './replay.ts'
import { Projector } from './projector.ts'
import { ProseSessions } from './prose-sessions.ts'
import { Saves } from './saves.ts'
import { UndoStacks } from './undo-stacks.ts'
import { hashesOf } from './undo-texts.ts'
import type { UnsavedEvent } from './unsaved.ts'
import { UnsentWords } from './unsent-words.ts'
import { isKitVoid, memberNames, readDrafts, readState, type ListedWork } from './workspace-state.ts'

export interface WorkspaceCoreOptions {
  db: Db
  store: DocumentStore
  row: WorkspaceRow
  now: () => number
  workOffline: () => boolean
  /** The application's state changed (a workspace's name, whether its disk is full). */
  onApp: () => void
  onUnsaved: (event: UnsavedEvent) => void
}

/** What somebody did once, under the actor of their device. */
export interface PastStep {
  at: Instant
  actor: string
  calls: readonly MutationCall[]
  /** The moment gets this name. */
  version?: string
  /** This device has seen the work as it is then. */
  seen?: true
}

/** Others forget a presence that was not renewed for so long: who is cut off without a word is gone within half a minute (P5). */
const PRESENCE_LIFE = 25_000
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
  readonly mirrors: Mirrors
  readonly prose: ProseSessions
  readonly notices: Notices
  readonly row: WorkspaceRow
  readonly #options: WorkspaceCoreOptions
  readonly #undo: UndoStacks
  readonly #saves: Saves
  /** How often tabs were told that something was written into a document. */
  readonly #told = new Map<DocId, number>()
  /** For what one action writes in several places. */
  readonly newGroup: () => string
  readonly #watchers = new Set<(state: WorkspaceState) => void>()
  readonly #openWorks = new Map<DocId, Promise<OpenWork>>()
  readonly #presence = new Map<DeviceId, Presence & { until: number }>()
  readonly #mine = new Map<string, { work: DocId | null; entity: string | null; field: string | null }>()
  #telling: ReturnType<typeof setTimeout> | null = null
  #presenceTimer: ReturnType<typeof setInterval> | undefined

  constructor(options: WorkspaceCoreOptions) {
    this.#options = options
    this.row = options.row
    const { db, store, row, now } = options
    this.notices = new Notices(db, row.id, () => this.tell())
    this.documents = new Documents({
      db,
      store,
      ws: row.id,
      device: row.keys.id,
      randomBytes,
      now,
      onChange: (change) => this.#documentChanged(change),
      onWritten: (doc, changes) => {
        this.#told.set(doc, (this.#told.get(doc) ?? 0) + 1)
        options.onUnsaved({ type: 'written', workspace: row.id, doc, changes })
      },
      onReplaced: (doc) => void this.#replaced(doc),
      accepted: (doc) => this.engine.inbox.acceptedChanges(doc),
      onMended: () => void this.notices.add('document-mended', 'warning'),
    })
    this.works = new Works(this.documents, row.id, row.keys.id, randomBytes)
    this.#saves = new Saves({
      flush: async (doc) => {
        const told = this.#told.get(doc)
        await this.documents.flush(doc)
        // What of others has come into it meanwhile may still be under way.
        if (this.#told.get(doc) === told) options.onUnsaved({ type: 'saved', workspace: row.id, doc })
      },
      again: (doc) => this.written(doc),
      onChange: () => this.#storageChanged(),
    })
    this.newGroup = createGroups(now, randomBytes)
    this.engine = new Engine({
      db,
      documents: this.documents,
      row,
      now,
      hooks: {
        changed: () => {
          this.#connectionChanged()
          void this.#forgetRemovedDevices().catch(console.error)
        },
        administered: (first) => this.#tellNewDevices(first),
        discovered: (doc) => void this.#discovered(doc),
        refused: async (docRow, reason, changes) => void (await this.#keepDraft(docRow, reason, changes)),
        notice: (code, severity, params = {}) => void this.notices.add(code, severity, this.#withName(params)),
        over: (codes) => void this.notices.over(codes),
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
      personOf: (actor) => this.personOfActor(actor),
      personName: (person) => this.nameOf(person),
      movesFrom: (work) => this.#movesFrom(work),
      settleMoves: () => this.projector.settle(),
      whereNow: (work) => this.#whereNow(work),
      arrivalsOf: (work) => this.projector.arrivalsOf(work),
      movedBy: (work, entry, actor) => this.#movedBy(work, entry, actor),
      wentBy: (work, entry, { by, ...how }) =>
        this.#moves().wentBy(work, entry, { by: by === null ? null : this.personOfActor(by), ...how }),
      newGroup: this.newGroup,
      openWork: (root) => this.openWork(root),
      readOnlyReason: (work) => this.readOnlyReason(work),
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
      wasMoved: (work, entry, actor) => this.#wasMoved(work, entry, actor),
      onChange: () => this.tell(),
    })
    this.history = new HistoryReader(
      this.documents,
      this.works,
      this.replay,
      (actor) => this.personOfActor(actor),
      (work, entry, actor, between) => this.#movedBy(work, entry, actor, between),
      (work) => this.#titleOf(work),
    )
    const projections = new Projections(db, row.id)
    const { touched } = this.replay
    this.contested = new ContestedFields({
      personOf: (actor) => this.personOfActor(actor),
      touched,
      projected: (work, doc) => contestedAt(projections.rows.get(work), doc),
      textsOf: (work, shard) => this.works.textsOf(work, shard),
      companionId: (work, shard) => this.works.companionId(work, shard),
    })
    const yielding = new Yielding({
      works: this.works,
      touched,
      isMine: (actor) => this.personOfActor(actor) === row.me,
      readOnlyReason: (work) => (this.#isRemoved ? 'removed' : this.readOnlyReason(work)),
      newGroup: this.newGroup,
      now: () => this.#options.now(),
      written: (doc) => this.written(doc),
    })
    this.mirrors = new Mirrors({
      openWork: (root, opened) => this.openWork(root, opened),
      openShards: (work) => this.works.openShards(work),
      conflictsOf: (work) => {
        yielding.run(work, projections.rows.get(work.root))
        return this.contested.of(work)
      },
      holdsTexts: (work, doc) => this.works.holds(work, doc),
      readOnlyReason: (work) => (this.#isRemoved ? null : this.readOnlyReason(work)),
      syncOf: (docs) => this.syncOf(docs),
      isComing: ({ root }) => this.row.firstSync || this.#isLong(root),
      isMine: (actor) => this.personOfActor(actor) === row.me,
    })
    this.prose = new ProseSessions({
      documents: this.documents,
      works: this.works,
      mayWrite: (doc) => this.#mayWrite(this.documents.rows.get(doc)?.scope),
      isRemoved: () => this.#isRemoved,
      onWritten: ({ work, entity, doc, changes, tab, step }) => {
        if (this.#isRemoved) return this.#wroteLate(doc)
        void this.#undo.wrote(tab, { work, entity, doc, hashes: hashesOf(changes), step })
        this.written(doc)
      },
    })
    const begunTwice = new BegunTwice({
      works: this.works,
      isMine: (actor) => this.personOfActor(actor) === row.me,
      readOnlyReason: (work) => (this.#isRemoved ? 'removed' : this.readOnlyReason(work)),
      contestedIn: (work, doc) => contestedAt(projections.rows.get(work), doc)?.fields ?? [],
      newGroup: this.newGroup,
      now: () => this.#options.now(),
      written: (doc) => this.written(doc),
    })
    this.projector = new Projector({
      projections,
      touched,
      documents: this.documents,
      works: this.works,
      storage: store,
      me: row.me,
      personOf: (actor) => this.personOfActor(actor),
      now: () => this.#options.now(),
      shown: () => this.#shownWorks(),
      openWork: (root) => this.openWork(root),
      isCatchingUp: () => this.engine.connection === 'catching-up',
      onProjected: async (work, before) => {
        yielding.run(work, before)
        await begunTwice.putTogether(work)
        await this.news.count(work)
      },
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
    await this.documents.load()
    await this.engine.load()
    await this.notices.load()
    await this.#forgetRemovedDevices()
    await this.#ensureWellKnown()
    await this.news.load()
    await this.projector.load()
    if (!this.#options.workOffline()) this.engine.start()
    this.#presenceTimer = setInterval(() => {
      void this.#announce()
      this.closeIdle().catch((error: unknown) => console.error(error))
    }, PRESENCE_EVERY)
  }

  /** As the switch “Work offline” has it. */
  async connectOrLeave(): Promise<void> {
    if (!this.#options.workOffline()) return this.engine.start()
    // Those who see this device where it was are told before the connection ends.
    await this.#announce()
    // The switch may be back meanwhile.
    if (this.#options.workOffline()) this.engine.stop()
    else await this.#announce({ asks: true })
  }

  async close({ isRemoved = false } = {}): Promise<void> {
    clearInterval(this.#presenceTimer)
    this.#saves.stop()
    this.engine.stop()
    await this.#lettingGo
    await this.engine.settle()
    await this.#keeping
    await this.projector.stop(isRemoved)
    // What goes off the disk needs no room on it.
    if (!isRemoved) {
      for (const doc of this.documents.rows.keys()) await this.documents.flush(doc)
      await this.documents.clearTouched()
    }
    // Nobody is told any more, and what it would be told from is closed.
    this.tell()
    clearTimeout(this.#telling ?? undefined)
    clearTimeout(this.#answering ?? undefined)
    clearTimeout(this.#forgetting ?? undefined)
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
    return { now: toInstant(Math.floor(this.#options.now())) }
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
  closeIdle(before = this.#options.now() - IDLE): Promise<void> {
    const round = this.#lettingGo.then(() => this.#letGo(before))
    this.#lettingGo = round.catch(() => undefined)
    return round
  }
  #lettingGo: Promise<void> = Promise.resolve()

  async #letGo(before: number): Promise<void> {
    const idle = new Set(this.documents.idleSince(before))
    for (const doc of idle) await this.documents.compact(doc)
    for (const doc of idle)
      if (this.prose.isWatched(doc) || this.#saves.has(doc) || this.#saves.failed.has(doc)) idle.delete(doc)
    for (const { doc, kind } of this.documents.rows.values())
      if (kind === 'index.root' || kind === 'workspace.root') idle.delete(doc)
    for (const [root, opening] of this.#openWorks) {
      const members = [...(await opening).docs.keys()]
      if (!this.mirrors.isWatched(root) && members.every((doc) => idle.has(doc))) this.#openWorks.delete(root)
      else for (const doc of members) idle.delete(doc)
    }
    for (const doc of idle) this.contested.forget(doc)
    if (idle.size > 0) await this.engine.close([...idle], before)
    await this.documents.clearTouched()
  }

  /** Runs calls as one undoable action; resolves when they are done here, before they are on disk. */
  commit(
    root: DocId,
    calls: readonly MutationCall[],
    tab: string,
    pace?: CommitPace,
    facts?: ActionFacts,
  ): Promise<{ group: string; movedFrom?: string }> {
    const run = async () => {
      const work = await this.openWork(root)
      const why = this.readOnlyReason(work)
      if (why) refuse(why)
      const group = this.newGroup()
      const named = facts?.from ? IMPORT : undefined
      const write = () =>
        this.works.commit(work, calls, this.context(), group, { pace, named, isChoice: facts?.choice })
      const committed = await (calls.length < MANY_CALLS
        ? write()
        : navigator.locks.request(longCommitLock(root), { mode: 'shared' }, write))
      const pushing = committed.changes.length > 0 ? this.#undo.push(tab, root, committed, facts) : null
      await this.mirrors.openShards(work)
      this.afterLocal(committed)
      await this.#keepIndex(work, committed)
      if (!facts?.pasted && !facts?.along) return { group }
      // Whoever takes it back next means what was done on the other board as well.
      const movedFrom = await pushing
      return { group, ...(facts.pasted && movedFrom !== null && { movedFrom }) }
    }
    const committing = calls.length < MANY_CALLS ? run() : this.#atLength(root, run)
    this.#beforeUndo(root, tab, committing)
    return committing
  }

  /** What a tab is still doing is its newest action: undo waits for it, and takes nothing that was before it. */
  #beforeUndo(root: DocId, tab: string, action: Promise<unknown>): void {
    const key = `${tab} ${root}`
    const ended = Promise.allSettled([this.#doing.get(key), action]).then(() => {
      if (this.#doing.get(key) === ended) this.#doing.delete(key)
    })
    this.#doing.set(key, ended)
  }
  readonly #doing = new Map<string, Promise<void>>()

  /** Saves, then seals, what a group wrote. */
  afterLocal(committed: Pick<CommittedGroup, 'changes'>): void {
    for (const { doc } of committed.changes) this.written(doc)
  }

  written(doc: DocId): void {
    const isFirst = !this.#saves.has(doc)
    void this.#saves.save(doc)
    // The badge changes with what is on the screen, not a moment later.
    if (isFirst) this.#tellWorks()
    void this.engine.seal(doc)
    this.tell()
  }

  /** What a core before this one had not saved, from a tab that had seen it. */
  async writeAgain(doc: DocId, changes: readonly Uint8Array[]): Promise<void> {
    if (!this.#mayWrite(this.documents.rows.get(doc)?.scope)) refuse('no-right')
    const open = await this.documents.open(doc)
    const known = new Set<string>()
    const [now, later]: [Uint8Array[], Uint8Array[]] = [[], []]
    for (const change of changes) {
      const { actor, deps, hash } = A.decodeChange(change as A.Change)
      if (!actor.startsWith(this.row.keys.id)) continue
      const isReady = deps.every((dep) => known.has(dep) || hasHeads(open.handle.doc(), [dep]))
      if (isReady) known.add(hash)
      ;(isReady ? now : later).push(change)
    }
    // Written upon something of somebody else's that was not saved either: the relay gives that again.
    if (later.length > 0) this.#writeLater.set(doc, later)
    this.documents.applyMine(open, now)
    this.written(doc)
  }
  readonly #writeLater = new Map<DocId, readonly Uint8Array[]>()

  /** Who looks at the record of work meanwhile knows that it is not all yet, and that none of it is on disk. */
  async #atLength<Done>(root: DocId, run: () => Promise<Done>): Promise<Done> {
    this.#countLong(root, 1)
    try {
      return await run()
    } finally {
      this.#countLong(root, -1)
    }
  }
  #countLong(root: DocId, by: 1 | -1): void {
    this.#long.set(root, (this.#long.get(root) ?? 0) + by)
    this.#tellWorks()
    this.tell()
  }
  #isLong(root: DocId): boolean {
    return (this.#long.get(root) ?? 0) > 0
  }
  readonly #long = new Map<DocId, number>()

  async createWork(scope: ScopeId, kind: string, calls: readonly MutationCall[]): Promise<DocId> {
    if (!this.#mayWrite(scope)) refuse(this.#isRemoved ? 'removed' : 'no-right')
    const work = await this.works.create(scope, kind)
    const group = this.newGroup()
    const committed = await this.works.commit(work, calls, this.context(), group)
    this.afterLocal(committed)
    // As it is now: a document that was let go of meanwhile is another one when it is opened again.
    await this.openWork(work.root)
    const title = work.kind.projections.title(work.kind.read(this.works.plain(work)))
    await this.#index(scope, [{ mutation: 'listWork', args: { work: work.root, kind, title } }], group)
    // Whoever goes there now finds it in the list: it has a title, and is not called missing.
    await this.tellNow()
    return work.root
  }

  /** The demo's past: what others did and when, told to a new record of work. Nobody can undo it. */
  async recount(kind: string, past: readonly PastStep[]): Promise<DocId> {
    const scope = this.row.rootScope
    const work = await this.works.create(scope, kind)
    this.#openWorks.set(work.root, Promise.resolve(work))
    const docs = new Set<DocId>()
    for (const { at, actor, calls, version, seen } of past) {
      const ctx = { now: at }
      const groupThen = createGroups(() => at, randomBytes)
      const { changes } = await this.works.commit(work, calls, ctx, groupThen(), { actor })
      for (const { doc } of changes) docs.add(doc)
      if (version) {
        const args = { version: entityId(randomBytes), name: version, heads: await this.replay.now(work) }
        await this.works.commit(work, [{ mutation: 'nameVersion', args }], ctx, groupThen(), { actor })
      }
      if (seen) await this.news.begin(work, at)
    }
    for (const doc of docs) this.written(doc)
    const title = work.kind.projections.title(work.kind.read(this.works.plain(work)))
    await this.#index(scope, [{ mutation: 'listWork', args: { work: work.root, kind, title } }], this.newGroup())
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

  /** In the index alone: nothing of the work itself changes. */
  async archiveWork(root: DocId, archived: boolean): Promise<void> {
    const { scope } = await this.openWork(root)
    if (!this.#mayWrite(scope)) refuse(this.#isRemoved ? 'removed' : 'no-right')
    const mutation = archived ? 'archiveWork' : 'restoreWork'
    await this.#index(scope, [{ mutation, args: { work: root } }], this.newGroup())
  }

  async #index(scope: ScopeId, calls: readonly MutationCall[], group: string): Promise<void> {
    const index = await this.openWork(this.indexDoc(scope))
    this.afterLocal(await this.works.commit(index, calls, this.context(), group))
  }

  /** A change of the workspace document: names of people, scopes, devices. */
  async mutateWorkspace(calls: readonly MutationCall[], group = this.newGroup()): Promise<void> {
    if (this.#isRemoved) refuse('removed')
    const work = await this.openWork(this.workspaceDoc())
    this.afterLocal(await this.works.commit(work, calls, this.context(), group))
  }

  /** What this device was promised with the workspace. Done twice it is done once. Returns the first board, where one was made. */
  async keepPromises(): Promise<DocId | null> {
    const { promised } = this.row
    if (!promised || this.#isRemoved) return null
    const { names, board } = promised
    if (names.length > 0) await this.mutateWorkspace(names)
    const isMissing = board !== undefined && this.#listedWorks().length === 0
    const made = isMissing ? await this.createWork(this.row.rootScope, 'board', board) : null
    await this.#forgetPromises().catch(console.error)
    return made
  }

  async #forgetPromises(): Promise<void> {
    for (const doc of this.documents.rows.keys()) await this.documents.flush(doc)
    delete this.row.promised
    await this.#keepRow({})
  }

  readOnlyReason(work: OpenWork): string | null {
    if (this.#isRemoved) return 'removed'
    for (const { open } of work.docs.values()) if (mustUpdate(this.engine.state, open.row)) return 'newer-version'
    return this.#mayWrite(work.scope) ? null : 'no-right'
  }

  /** The log says so; that the relay has ended the connection, and what was not confirmed is kept, comes a little later. */
  get #isRemoved(): boolean {
    return this.row.removed || deviceAt(this.engine.state, this.row.keys.id) === null
  }

  #mayWrite(scope: ScopeId | undefined): boolean {
    return scope !== undefined && includes(rightOf(this.engine.state, this.row.keys.id, scope), 'write')
  }

  /** Brings a record of work, or one entry of it, back to a moment. */
  restore(root: DocId, tab: string, wanted: Wanted, pace?: CommitPace) {
    const restoring = this.#whileItTells(root, pace, async (paced) => {
      const work = await this.openWork(root)
      const why = this.readOnlyReason(work)
      if (why) refuse(why)
      const group = this.newGroup()
      const committed = await this.replay.restore(work, wanted, group, paced)
      if (committed === 'differs') return { group: null, changed: 0, differs: true as const }
      if (!committed) return { group: null, changed: 0 }
      void this.#undo.push(tab, root, committed)
      this.afterLocal(committed)
      await this.#keepIndex(work, committed)
      return { group, changed: committed.changes.length }
    })
    this.#beforeUndo(root, tab, restoring)
    return restoring
  }

  /** Only what takes long tells how far it is; from then on it is known to whoever looks at the record of work. */
  async #whileItTells<Done>(
    root: DocId,
    pace: CommitPace | undefined,
    run: (pace?: CommitPace) => Promise<Done>,
  ): Promise<Done> {
    const done = Promise.withResolvers<void>()
    let isLong = false
    const onProgress = (...progress: Parameters<CommitPace['onProgress']>) => {
      if (!isLong) void this.#atLength(root, () => done.promise)
      isLong = true
      pace?.onProgress(...progress)
    }
    try {
      return await run(pace && { ...pace, onProgress })
    } finally {
      done.resolve()
    }
  }

  undo(root: DocId, tab: string, options: UndoOptions, pace?: CommitPace) {
    return this.#undoing('undo', root, tab, options, pace)
  }
  redo(root: DocId, tab: string, options: UndoOptions, pace?: CommitPace) {
    return this.#undoing('redo', root, tab, options, pace)
  }

  async #undoing(direction: 'undo' | 'redo', root: DocId, tab: string, options: UndoOptions, pace?: CommitPace) {
    await this.#doing.get(`${tab} ${root}`)
    const work = await this.openWork(root)
    const why = this.readOnlyReason(work)
    if (why) refuse(why)
    const nameOf = (actor: string) => this.nameOfActor(actor)
    return this.#whileItTells(root, pace, async (paced) => {
      const { result, committed } = await this.#undo.run(direction, tab, work, this.context(), options, nameOf, paced)
      if (committed) this.afterLocal(committed)
      return result
    })
  }

  // ── Changes on their way to screens ─────────────────────────────────────────────────────────────────────────────

  #documentChanged(change: DocumentChange): void {
    const later = this.#writeLater.get(change.doc)
    this.#writeLater.delete(change.doc)
    if (later) void this.writeAgain(change.doc, later)
    this.contested.changed(change)
    this.mirrors.changed(change)
    this.prose.changed(change)
    this.projector.changed(change.doc)
    this.tell()
  }

  async #discovered(doc: DocId): Promise<void> {
    const row = this.documents.rows.get(doc)
    if (!row) return
    for (const opening of this.#openWorks.values()) {
      const work = await opening
      if (work.scope === row.scope) await this.mirrors.openShards(work)
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
      this.contested.forget(doc)
      this.mirrors.replaced(root, doc, member)
    }
    this.contested.forget(doc)
    this.projector.changed(doc)
    this.tell()
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
      void this.tellNow()
    }, TOLD_EVERY)
  }

  /** For whoever acts on what is shown as soon as they have their answer. */
  async tellNow(): Promise<void> {
    // A full disk keeps nobody from being told so.
    await this.#ensureWellKnown().catch(console.error)
    this.projector.worksChanged()
    this.#tellWorks()
    const name = this.names().name
    if (name && name !== this.row.name) {
      this.row.name = name
      await this.#options.db.put('workspaces', this.row).catch(console.error)
      this.#options.onApp()
    }
    if (this.#watchers.size === 0) return
    const state = await this.state()
    for (const emit of this.#watchers) emit(state)
  }

  /** To somebody removed the workspace says so: a field that is closed before its words are read would take them along. */
  #tellWorks(): void {
    if (!this.#isRemoved) this.mirrors.tellState()
  }

  /** The works of every scope that I may read, as its index lists them, without unknown kinds. */
  #listedWorks(): ListedWork[] {
    return this.engine.readable().flatMap((scope) => {
      const content = this.documents.content(this.indexDoc(scope))
      if (!content) return []
      // The oldest first: a list that stays as it is while people work.
      return Object.entries(readIndex(toPlain(content)).works)
        .filter(([, entry]) => kindNamed(entry.kind))
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
    return this.#syncOf(docs, [])
  }

  /** `administered`: actions whose records of the log wait, too. Whatever one action wrote, it is one thing that waits. */
  #syncOf(docs: readonly DocId[], administered: readonly string[]): SyncState {
    const failed = docs.filter((doc) => this.#saves.failed.has(doc))
    if (failed.length > 0) return { state: 'no-space', count: this.engine.outbox.waiting(failed).size, isStored: false }
    if (docs.some((doc) => this.#isLong(doc) || this.#saves.has(doc))) return { state: 'saving' }
    if (this.row.relay === null) return { state: 'saved' }
    const pending = this.#waiting(docs, administered).size
    const { connection } = this.engine
    if (this.engine.isDiskFull) return { state: 'no-space', count: pending, isStored: true }
    if (this.engine.isParted) return { state: 'parted', count: pending }
    // Who has just begun to call is not offline: that would be shown for a moment at each start.
    if (connection === 'connecting' && this.engine.isFirstCall)
      return pending > 0 ? { state: 'connecting', count: pending } : { state: 'saved' }
    if (connection === 'off' || connection === 'connecting') {
      const why = this.#options.workOffline() ? 'choice' : this.engine.wantsToken ? 'token' : 'network'
      return { state: 'offline', count: pending, why }
    }
    if (docs.some((doc) => this.documents.rows.get(doc)?.checking)) return { state: 'checking' }
    const waiting = administered.length > 0 ? [...docs, 'authority' as const] : docs
    const lack = pending > 0 ? this.engine.lackOf(waiting) : null
    if (lack) return { state: 'no-room', count: pending, lack }
    const scopes = new Set(docs.flatMap((doc) => this.documents.rows.get(doc)?.scope ?? []))
    const isKeyless = connection === 'live' && [...scopes].some((scope) => this.engine.lacksKey(scope))
    if (isKeyless) return { state: 'keyless', count: pending }
    if (pending > 0) return { state: 'sending', count: pending }
    if ([...scopes].some((scope) => this.engine.isReceiving(scope))) return { state: 'receiving' }
    if (connection !== 'live') return { state: 'saved' }
    const refused = this.#refused.reduce((sum, { work, edits }) => sum + (docs.includes(work) ? edits : 0), 0)
    if (refused > 0) return { state: 'refused', count: refused }
    const held = this.engine.inbox.heldIn(docs)
    return held > 0 ? { state: 'held', count: held } : { state: 'synced' }
  }
  #waiting(docs: readonly DocId[], administered: readonly string[]): ReadonlySet<string> {
    return new Set([...this.engine.outbox.waiting(docs), ...administered])
  }
  /** How many actions of mine nobody else has, as the badge counts them. */
  unsentActions(): number {
    return this.#waiting([...this.documents.rows.keys()], this.engine.log.waiting()).size
  }
  /** The disk has not taken all that belongs there. */
  get isDiskFull(): boolean {
    return this.#saves.failed.size > 0 || this.engine.isDiskFull
  }
  #wasDiskFull = false

  #storageChanged(): void {
    if (this.isDiskFull !== this.#wasDiskFull) this.#options.onApp()
    this.#wasDiskFull = this.isDiskFull
    this.tell()
  }

  /** There may be room on the disk, or a connection, again: nobody waits for the next try. */
  hurry(): void {
    this.#saves.hurry()
    this.engine.hurry()
  }

  /** How many edits each draft keeps, and of what work. */
  #refused: readonly { work: DocId; edits: number }[] = []

  #isArriving(work: OpenWork): boolean {
    const docs = this.works.membersOf(work)
    const isCaughtUp = this.row.relay === null || this.engine.connection === 'live'
    return !isCaughtUp || docs.some((doc) => this.documents.rows.get(doc)?.checking)
  }

  /** The workspace is synced when every document is, and the log too: an invitation counts once the relay has it. */
  #syncOfAll(): SyncState {
    const sync = this.#syncOf([...this.documents.rows.keys()], this.engine.log.waiting())
    if (sync.state !== 'synced' || !this.engine.isSharing) return sync
    const lack = this.engine.lackOf(['keys'])
    return lack ? { state: 'no-room', count: 1, lack } : { state: 'sending', count: 1 }
  }

  async state(): Promise<WorkspaceState> {
    const { db, now } = this.#options
    const drafts = await readDrafts(db, this.row.id)
    this.#refused = drafts.map(({ work, sentences }) => ({ work, edits: sentences.length }))
    return readState({
      row: this.row,
      engine: this.engine,
      projector: this.projector,
      news: this.news,
      names: this.names(),
      listed: this.#listedWorks(),
      notices: this.notices.all,
      presence: this.#present(),
      contested: await this.#contestedNames(),
      drafts,
      now: now(),
      personOf: (actor) => this.personOfActor(actor),
      syncOf: (docs) => this.syncOf(docs),
      sync: this.#syncOfAll(),
    })
  }

  async #contestedNames(): Promise<Conflict[]> {
    if (!this.engine.state.rootScope || !this.documents.content(this.workspaceDoc())) return []
    return this.contested.of(await this.openWork(this.workspaceDoc()))
  }

  /**
   * A new recovery kit of mine, in place of those that are named: the words of its secret are shown next. What it replaces may
   * have gone meanwhile.
   */
  async replaceKits(old: readonly DeviceId[]): Promise<Bytes> {
    const secret = createKitSecret()
    const kit = await seedKeys(secret, 'kit')
    const group = this.newGroup()
    await this.propose({ type: 'addDevice', person: this.row.me, device: kit.public, kit: true }, { group })
    await this.#keepRow({ kit: kit.id, kitKept: false })
    for (const device of old) await this.endDevice(device, group)
    await this.engine.shareKeys()
    return secret
  }

  /** Removes a device of mine; another one may have been quicker. */
  async endDevice(device: DeviceId, group?: string): Promise<void> {
    const reason = await this.engine.propose({ type: 'removeDevice', device }, { group })
    if (reason && deviceAt(this.engine.state, device)) refuse(reason)
  }

  async keepKit(): Promise<void> {
    await this.#keepRow({ kitKept: true, ...(isKitVoid(this.row, this.engine.state) && { kit: null }) })
  }

  async #keepRow(facts: Partial<Pick<WorkspaceRow, 'kit' | 'kitKept'>>): Promise<void> {
    Object.assign(this.row, facts)
    await this.#options.db.put('workspaces', this.row)
    this.tell()
  }

  personOfActor(actor: string): PersonId | null {
    return this.engine.state.devices.get(actor.slice(0, 32) as DeviceId)?.person ?? null
  }
  /** Entries that somebody else moved from this work to another, and that are not in the archive there. */
  #movesFrom(work: DocId): (MovedAway & { cut: string })[] {
    return this.#listedWorks().flatMap(({ root }) => {
      const row = this.projector.row(root)
      return (row?.arrivals ?? [])
        .filter(({ from, by, archived }) => !archived && from.work === work && by !== this.row.me)
        .map(({ from: { entity, cut }, title, by }) => ({
          ...{ entity, cut, title, by: this.nameOf(by), to: row?.title ?? '' },
        }))
    })
  }

  #moves() {
    return new Moves(
      this.#listedWorks().flatMap(({ root }) => this.projector.arrivalsOf(root).map((one) => ({ ...one, work: root }))),
    )
  }

  /** Of the entries of this work, where one is now that was moved on from there, or where it was archived; null for what is nowhere else. */
  #whereNow(open: OpenWork): (entity: string) => { work: DocId; away: MovedAway } | null {
    const { root: work } = open
    const moves = this.#moves()
    const endOf = (entity: string) => {
      const [away] = this.history.movedAway(open, [entity])
      const way = away && moves.waysFrom(work, entity).find(({ move }) => entryKey(move) === entryKey(away.to))
      return way?.end
    }
    return (entity) => {
      const standing = moves.whereNow(work, entity).find(({ by }) => by !== null)
      const place = standing ?? endOf(entity)
      if (!place) return null
      const { title, by } = place
      const to = this.#titleOf(place.work) ?? ''
      const how = standing ? by === this.row.me && { mine: true as const } : { archived: true as const }
      const back = place.work === work && { back: true as const }
      return { work: place.work, away: { entity, title, by: this.nameOf(by ?? ''), to, ...how, ...back } }
    }
  }

  /** Null where it is not to be seen any more. */
  #titleOf(work: DocId): string | null {
    const listed = this.#listedWorks().find(({ root }) => root === work)
    return listed ? (this.projector.row(work)?.title ?? listed.entry.title) : null
  }

  /** What the work is called that this actor moved an entry to, null where they did not. */
  #movedTo(work: DocId, entry: string, actor: string): string | null {
    return this.#movedBy(work, entry, actor)?.to ?? null
  }
  /** The same, at all or between those times, and what the entry is there. What was archived there since counts, too: the same undo may bring it back. */
  #movedBy(work: DocId, entry: string, actor: string, between?: Between): (Moved & { title: string }) | null {
    const person = this.personOfActor(actor)
    const isThen = (at: number) => !between || (between.since <= at && at <= between.until)
    const isOfIt = ({ from, by, at }: Arrival) =>
      from.work === work && from.entity === entry && by === person && isThen(at)
    for (const { root } of this.#listedWorks()) {
      const row = this.projector.row(root)
      const arrival = row?.arrivals.find(isOfIt)
      if (!arrival) continue
      const { title, archived = false, entity } = arrival
      return { to: row?.title ?? '', archived, title, entry: { work: root, entity } }
    }
    return null
  }

  /** Whether this actor moved an entry to another work; null while what came to one of those is not known yet. */
  #wasMoved(work: DocId, entry: string, actor: string): boolean | null {
    if (this.#movedTo(work, entry, actor) !== null) return true
    return this.#listedWorks().some(({ root }) => root !== work && this.projector.isUnderWay(root)) ? null : false
  }

  nameOfActor(actor: string): string {
    const person = this.personOfActor(actor)
    return person ? this.nameOf(person) : ''
  }
  nameOf(person: string): string {
    return memberNames(this.names(), this.engine.state).get(person as PersonId) || person.slice(0, 6)
  }

  /** Signed by this device, unless somebody else's key is handed in. `group`: the action that it is part of. */
  async propose(body: AuthorityBody, options: { signer?: Signer; group?: string } = {}): Promise<void> {
    const reason = await this.engine.propose(body, options)
    if (reason) refuse(reason)
  }

  /** Whoever has my kit, or a link of mine, is me to everybody: my other devices say so, in time to do something about it. */
  #tellNewDevices(first: number): void {
    const { log, state } = this.engine
    for (const { id, person, from } of state.devices.values()) {
      if (from < first || person !== this.row.me || id === this.row.keys.id) continue
      if (this.#isDealtWith(id)) continue
      const origin = originOf(id, state)
      if (origin !== 'recovered' && origin !== 'linked') continue
      const code = origin === 'recovered' ? 'device-recovered' : 'device-linked'
      void this.notices.add(
        code,
        'warning',
        { device: id, at: log.timeAt(from) ?? this.#options.now() },
        `${code} ${id}`,
      )
    }
  }

  /**
   * Somebody has removed it: there is nothing to do about it any more. One that removed itself, or was by what it had let in, has
   * been here all the same, and that is still to be heard.
   */
  #isDealtWith(id: DeviceId): boolean {
    const { log, state } = this.engine
    const device = state.devices.get(id)
    if (!device || device.to === null) return false
    const by = state.devices.get(log.authorAt(device.to) ?? id)
    return by !== undefined && by.id !== id && by.by !== id
  }
  async #forgetRemovedDevices(): Promise<void> {
    for (const { id, code, params } of this.notices.all) {
      const isOfDevice = code === 'device-recovered' || code === 'device-linked'
      if (isOfDevice && this.#isDealtWith(params['device'] as DeviceId)) await this.notices.dismiss(id)
    }
  }

  /** Devices are known to sync, people to people. */
  #withName(params: Record<string, string | number>): Record<string, string | number> {
    const { device } = params
    return typeof device === 'string' ? { ...params, by: this.nameOfActor(device) } : params
  }

  /** Returns the draft's id. */
  async #keepDraft(row: DocRow, reason: string, changes: Bytes[]): Promise<string> {
    const { work, title, sentences, text } = await this.words.of(row, changes)
    // The same edits twice (the core died in between) are one draft.
    const id = sha256(...changes)
      .toHex()
      .slice(0, 16)
    const known = await this.#options.db.get('drafts', [this.row.id, id])
    await this.#options.db.put('drafts', {
      ws: this.row.id,
      id,
      doc: row.doc,
      work,
      title,
      at: this.#options.now(),
      reason,
      sentences,
      text,
      changes,
      ...(known?.hasCopy && { hasCopy: true }),
    })
    return id
  }

  /** I have no access any more: what the relay had not confirmed is put into words, while it is still here. */
  async #wasRemoved(reason: string): Promise<void> {
    for (const row of this.documents.rows.values()) await this.#keepUnconfirmed(row)
    await this.notices.add('removed', 'danger', { reason })
  }

  /** In place of what was kept of the document before. */
  #keepUnconfirmed(row: DocRow): Promise<void> {
    const turn = this.#keeping.then(async () => {
      const changes = this.documents.unaccepted(await this.documents.open(row.doc)) as Bytes[]
      const isSaid = changes.length > 0 && (await this.words.of(row, changes)).text !== ''
      const kept = isSaid ? await this.#keepDraft(row, 'removed', changes) : null
      const { db } = this.#options
      for (const { doc, id, reason } of await db.getAll('drafts', IDBKeyRange.bound([this.row.id], [this.row.id, []])))
        if (doc === row.doc && reason === 'removed' && id !== kept) await db.delete('drafts', [this.row.id, id])
    })
    this.#keeping = turn.catch((error: unknown) => console.error(error))
    return turn
  }
  #keeping: Promise<void> = Promise.resolve()

  /** Until the removal is dealt with, all that is written is still to be kept. */
  #wroteLate(doc: DocId): void {
    void this.#saves.save(doc)
    const row = this.documents.rows.get(doc)
    if (row && this.row.removed) void this.#keepUnconfirmed(row).then(() => this.tell())
  }

  /** Their reader has saved or copied them: until something else is written nothing is lost with them. */
  async copiedDrafts(ids: readonly string[]): Promise<void> {
    const { db } = this.#options
    for (const id of ids) {
      const draft = await db.get('drafts', [this.row.id, id])
      if (draft) await db.put('drafts', { ...draft, hasCopy: true })
    }
    this.tell()
  }

  async dropDraft(id: string): Promise<void> {
    await this.#options.db.delete('drafts', [this.row.id, id])
    this.tell()
  }

  // ── Presence ────────────────────────────────────────────────────────────────────────────────────────────────────

  present(tab: string, place: { work: DocId | null; entity: string | null; field: string | null } | null): void {
    if (place) this.#mine.set(tab, place)
    else this.#mine.delete(tab)
    void this.#announce()
  }

  /** Without a connection nobody can be seen; with a new one everybody is asked, for each may have missed the other. */
  #connectionChanged(): void {
    const { connection } = this.engine
    if (this.#isAlone) this.#presence.clear()
    const isLive = connection === 'live'
    if (isLive && this.row.firstSync) {
      this.row.firstSync = false
      this.#options.db.put('workspaces', this.row).catch(console.error)
    }
    if (isLive && !this.#wasLive) void this.#announce({ asks: true })
    this.#wasLive = isLive
    this.#storageChanged()
  }
  #wasLive = false

  get #isAlone(): boolean {
    return this.engine.connection === 'off' || this.engine.connection === 'connecting'
  }

  leftTab(tab: string): void {
    void this.#undo.forget(tab)
    if (this.#mine.has(tab)) this.present(tab, null)
  }

  /** `asks`: who hears it says where they are, too. */
  async #announce({ asks = false } = {}): Promise<void> {
    const root = this.engine.state.rootScope
    if (!root) return
    const place = [...this.#mine.values()].at(-1)
    const isHere = this.#mine.size > 0 && !this.#options.workOffline()
    const said = [1, isHere, place?.work ?? null, place?.entity ?? null, place?.field ?? null, asks]
    await this.engine.say(root, encode(said))
    this.#present()
  }

  /** One answer for all who ask at once: after a restart of the relay that is everybody. */
  #answer(): void {
    this.#answering ??= setTimeout(() => {
      this.#answering = null
      void this.#announce()
    }, TOLD_EVERY)
  }
  #answering: ReturnType<typeof setTimeout> | null = null

  #heard(device: DeviceId, payload: Bytes): void {
    // It was being opened when the connection went.
    if (this.#isAlone) return
    const message = decode(payload)
    if (!message.ok || !Array.isArray(message.value) || message.value[0] !== 1) return
    const [, here, work, entity, field, asks] = message.value
    const person = this.engine.state.devices.get(device)?.person
    const text = (value: unknown) => (typeof value === 'string' && value.length <= 64 ? value : null)
    if (asks === true) this.#answer()
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
      this.#forgetting ??= setTimeout(() => this.#forgetGone(), PRESENCE_LIFE)
    }
    this.tell()
  }

  #forgetGone(): void {
    this.#present()
    const next = Math.min(...[...this.#presence.values()].map(({ until }) => until))
    const isLast = this.#presence.size === 0
    this.#forgetting = isLast ? null : setTimeout(() => this.#forgetGone(), next - this.#options.now())
  }
  #forgetting: ReturnType<typeof setTimeout> | null = null

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
