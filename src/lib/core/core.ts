/**
 * The core: every workspace of this profile, and the calls and topics that tabs use. It starts from what is stored and
 * needs no network.
 */
import {
  openDb,
  forgetWorkspace,
  ofWorkspace,
  type Db,
  type JoiningRow,
  type Promised,
  type WorkspaceRow,
} from '#lib/store/db.ts'
import type { ProjectionEvent } from '#lib/store/projections.ts'
import { DocumentStore } from '#lib/store/document-store.ts'
import { mendRows, mendWorkspace } from '#lib/store/mend-rows.ts'
import type { CommitPace } from '#lib/store/works.ts'
import type { Locale, MutationCall } from '#lib/kernel/define-kind.ts'
import {
  entityId,
  toId,
  type DeviceId,
  type DocId,
  type PersonId,
  type ScopeId,
  type WorkspaceId,
} from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { refuse, Refusal } from '#lib/kernel/refusal.ts'
import { createDemo } from '#lib/kinds/demo.ts'
import { firstBoard } from '#lib/kinds/starters.ts'
import { joinProof, ranks, signAuthority } from '#lib/sync/authority.ts'
import { draftAuthority, replay } from '#lib/sync/authority-log.ts'
import { initialState, type AuthorityState } from '#lib/sync/authority-state.ts'
import { randomBytes, randomId, type Bytes } from '#lib/sync/bytes.ts'
import { workspaceIdOf } from '#lib/sync/identities.ts'
import { withSeed, type FetchedWorkspace, type KeyWords, type SeedOptions, type WriteStep } from '#lib/sync/join.ts'
import { Keyring } from '#lib/sync/keyring.ts'
import { commitmentOf, createDeviceKeys, createScopeKey, seedKeys, signerOf, type DeviceKeys } from '#lib/sync/keys.ts'
import { deviceAt, rankOf } from '#lib/sync/rights.ts'
import { createKitSecret, kitToWords, wordsToKit } from '#lib/sync/kit.ts'
import { encodeInviteLink, isRelayAddress, parseInviteLink } from '#lib/sync/links.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import type { AppState, CoreCalls, CoreTopics, ThisDevice } from './api.ts'
import { writeOf, type CoreHandlers } from './rpc.ts'
import { stageDemo } from './stage-demo.ts'
import { noteUnsaved, type Unsaved, type UnsavedEvent } from './unsaved.ts'
import { unsentFile } from './unsent-file.ts'
import { WorkspaceCore } from './workspace-core.ts'

export interface CoreOptions {
  /** Where the application came from: the relay is at `/sync` there. */
  origin: string
  /** Names of the databases, so that tests can run several devices in one process. */
  name?: string
  now?: () => number
}

export interface Core {
  handlers: CoreHandlers
  /** The open workspaces, for tests that look underneath. */
  workspaces: ReadonlyMap<WorkspaceId, WorkspaceCore>
  close: () => Promise<void>
}

type Implementation = {
  [Name in keyof CoreCalls]: (args: Parameters<CoreCalls[Name]>[0]) => Promise<ReturnType<CoreCalls[Name]>>
}

const DAY = 24 * 60 * 60 * 1000

export async function createCore({ origin, name = 'tongzhou', now = Date.now }: CoreOptions): Promise<Core> {
  const db: Db = await openDb(name)
  const store = new DocumentStore(`${name}-documents`)
  const workspaces = new Map<WorkspaceId, WorkspaceCore>()
  const relay = `${origin.replace(/^http/, 'ws')}/sync`
  let workOffline = (await db.get('settings', 'workOffline')) === true
  let persisted: boolean | null = null
  let unreadable = 0
  /** Long commits that may be called off, and who watches them. */
  const jobs = new Map<string, AbortController>()
  const jobWatchers = new Map<string, (event: CoreTopics['commit']['event']) => void>()
  async function paced<T>(job: string | undefined, run: (pace?: CommitPace) => Promise<T>): Promise<T> {
    if (job === undefined) return run()
    const cancelling = new AbortController()
    jobs.set(job, cancelling)
    try {
      const onProgress = (done: number, all: number) => jobWatchers.get(job)?.({ done, all })
      return await run({ onProgress, signal: cancelling.signal })
    } finally {
      jobs.delete(job)
    }
  }
  /** For tabs that are opened later. */
  const unsaved: Unsaved = new Map()
  const unsavedWatchers = new Set<(event: UnsavedEvent) => void>()
  const tellUnsaved = (event: UnsavedEvent): void => {
    noteUnsaved(unsaved, event)
    for (const emit of unsavedWatchers) emit(event)
  }
  const appWatchers = new Set<(state: AppState) => void>()

  const open = async (row: WorkspaceRow, { isMended = false } = {}): Promise<WorkspaceCore> => {
    const workspace = new WorkspaceCore({
      db,
      store,
      row,
      now,
      workOffline: () => workOffline,
      onApp: tellApp,
      onUnsaved: tellUnsaved,
    })
    workspaces.set(row.id, workspace)
    const mended = await mendRows(db, row.id)
    await workspace.load()
    if (mended || isMended) await workspace.notices.add('document-mended', 'warning')
    return workspace
  }

  const appState = async (): Promise<AppState> => {
    const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null)
    return {
      workspaces: [...workspaces.values()].map(({ row }) => ({
        id: row.id,
        name: row.name,
        demo: row.demo,
        kitKept: row.kitKept,
        me: row.me,
        device: row.keys.id,
      })),
      storage: {
        persisted,
        full: [...workspaces.values()].some(({ isDiskFull }) => isDiskFull),
        usage: estimate?.usage ?? null,
        quota: estimate?.quota ?? null,
      },
      workOffline,
      unreadable,
    }
  }
  function tellApp(): void {
    void appState().then((state) => {
      for (const emit of appWatchers) emit(state)
    })
  }
  function hurry(): void {
    for (const workspace of workspaces.values()) workspace.hurry()
  }
  const of = (id: WorkspaceId): WorkspaceCore => workspaces.get(id) ?? refuse('workspace-unknown')

  /** A new workspace on this device, in which what was promised with it is still to be done; nothing of it exists if a step fails. */
  async function found(options: {
    name: string
    person: string
    locale: Locale
    demo: boolean
    setupToken: string | null
    me?: PersonId
    device?: ThisDevice | undefined
    board?: MutationCall[]
  }): Promise<{ workspace: WorkspaceCore; kit: string[] }> {
    const keys = await createDeviceKeys()
    const secret = createKitSecret()
    const kit = await seedKeys(secret, 'kit')
    const me = options.me ?? randomId<PersonId>()
    const rootScope = randomId<ScopeId>()
    const scopeKey = createScopeKey()
    const genesis = await signAuthority(
      {
        n: 0,
        prev: null,
        at: toInstant(Math.floor(now())),
        checkpoints: [],
        body: {
          type: 'genesis',
          nonce: randomBytes(16),
          person: me,
          device: keys.public,
          kit: kit.public,
          rootScope,
          commitment: commitmentOf(rootScope, 0, scopeKey),
          relayKey: null,
        },
      },
      signerOf(keys),
    )
    const row: WorkspaceRow = {
      id: workspaceIdOf(genesis),
      relay: options.demo ? null : relay,
      demo: options.demo,
      locale: options.locale,
      name: options.name,
      me,
      keys,
      rootScope,
      generation: null,
      relayKey: null,
      setupToken: options.setupToken,
      // Nobody recovers a demo.
      kitKept: options.demo,
      kit: kit.id,
      firstSync: false,
      confirmed: 0,
      owed: 1,
      talked: 0,
      removed: false,
      createdAt: now(),
      promised: {
        names: [
          { mutation: 'renameWorkspace', args: { name: options.name } },
          { mutation: 'introducePerson', args: { person: me, name: options.person, locale: options.locale } },
          ...nameOfDevice(keys.id, '', options.device),
        ],
        ...(options.board && { board: options.board }),
      },
    }
    await db.put('authority', { ws: row.id, n: 0, signed: genesis })
    // The key before the engine: what it does first is to wrap it for the kit.
    const { state } = await replay(initialState(row.id), [genesis], webVerify)
    await new Keyring(db, row.id, keys).keep(state, rootScope, 0, scopeKey)
    // Last: from here on it is there.
    await db.put('workspaces', row)
    return { workspace: await open(row), kit: kitToWords(secret, options.locale) }
  }

  const remove = async (id: WorkspaceId): Promise<void> => {
    const workspace = of(id)
    await workspace.close({ isRemoved: true })
    await workspace.documents.remove()
    await forgetWorkspace(db, id)
    workspaces.delete(id)
    // Nobody is asked about what is gone.
    for (const [doc, { workspace }] of unsaved) if (workspace === id) tellUnsaved({ type: 'saved', workspace, doc })
    // What it leaves is room for the others.
    hurry()
    tellApp()
  }

  /** Stores a workspace whose log and keys were fetched, opens it as the device with these keys, and does what was promised with it. */
  async function enter(
    fetched: FetchedWorkspace,
    place: { workspace: WorkspaceId; relay: string },
    facts: Pick<WorkspaceRow, 'me' | 'keys' | 'locale' | 'kit' | 'kitKept'> & { promised: Promised },
  ): Promise<WorkspaceCore> {
    const row: WorkspaceRow = {
      ...facts,
      id: place.workspace,
      relay: place.relay,
      demo: false,
      name: '',
      rootScope: fetched.state.rootScope ?? refuse('log-invalid'),
      generation: null,
      relayKey: null,
      setupToken: null,
      firstSync: true,
      confirmed: fetched.log.length,
      owed: fetched.log.length,
      talked: 0,
      removed: false,
      createdAt: now(),
    }
    for (const [n, signed] of fetched.log.entries()) await db.put('authority', { ws: row.id, n, signed })
    await keepKeys(row.id, row.keys, fetched.state, fetched.scopeKeys)
    // Last, and in one moment: from here on it is here, and nobody is still coming in.
    const tx = db.transaction(['workspaces', 'joining'], 'readwrite')
    const arrived = [tx.objectStore('workspaces').put(row), tx.objectStore('joining').delete(ofWorkspace(row.id))]
    await Promise.all([...arrived, tx.done])
    const workspace = await open(row)
    await workspace.keepPromises()
    return workspace
  }

  async function keepKeys(
    ws: WorkspaceId,
    keys: DeviceKeys,
    state: AuthorityState,
    scopeKeys: FetchedWorkspace['scopeKeys'],
  ): Promise<void> {
    const keyring = new Keyring(db, ws, keys)
    for (const { scope, epoch, key } of scopeKeys) await keyring.keep(state, scope, epoch, key)
  }

  /** Of a relay that is not ours it is said which one it is: this application may not be allowed to reach it. */
  function fetchFrom(
    place: { workspace: WorkspaceId; relay: string },
    by: DeviceKeys,
    steps: readonly WriteStep[],
    options?: SeedOptions,
  ): ReturnType<typeof withSeed> {
    return withSeed(place.relay, place.workspace, by, now, steps, options).catch((error: unknown) => {
      const isElsewhere = place.relay !== relay && error instanceof Refusal && error.code === 'relay-unreachable'
      throw isElsewhere ? new Refusal('relay-elsewhere', { host: new URL(place.relay).host }) : error
    })
  }

  /** What an invitation, a link or a kit has let in on this device already, where the window was closed before that was known; else null. */
  async function letInBefore(place: { workspace: WorkspaceId; relay: string }, seed: DeviceId) {
    const row = await db.get('joining', [place.workspace, seed])
    const fetched = row ? await fetchFrom(place, row.keys, []).catch(() => null) : null
    return row && fetched && deviceAt(fetched.state, row.keys.id)?.person === row.me ? { ...row, fetched } : null
  }

  const ofDeviceLink: KeyWords = { spent: 'link-used', unknown: 'link-unknown' }
  async function deviceLink(link: string) {
    const parsed = parseInviteLink(link)
    const place = parsed.ok ? parsed.value : refuse('invite-unreadable')
    return { place, seed: await seedKeys(place.seed, 'seed') }
  }

  /**
   * A further device of a person, let in by a key that is already theirs: the seed that another device of theirs showed, or
   * the recovery kit. Letting it in is all that this key does: it may be used elsewhere in the same moment, and have ended by then.
   */
  async function moveIn(
    place: { workspace: WorkspaceId; relay: string },
    by: DeviceKeys,
    promised: (device: DeviceId) => Promised,
    locale: Locale,
    words: KeyWords,
    signal?: AbortSignal,
  ): Promise<WorkspaceCore> {
    const before = await letInBefore(place, by.id)
    const keys = before?.keys ?? (await createDeviceKeys())
    const ownerOf = (state: AuthorityState) => state.devices.get(by.id)?.person ?? refuse('invite-unknown')
    const step: WriteStep = async (state, headOf, at, scopeKeys) => {
      const person = ownerOf(state)
      await keepJoining({ ws: place.workspace, seed: by.id, me: person, keys }, state, scopeKeys)
      const body = { type: 'addDevice', person, device: keys.public, kit: false } as const
      return drafted(draftAuthority(state, body, at, headOf, signerOf(by)))
    }
    const fetched = before?.fetched ?? (await fetchFrom(place, by, [step], { words, successor: keys, signal }))
    const me = ownerOf(fetched.state)
    return enter(fetched, place, { me, keys, locale, kit: null, kitKept: true, promised: promised(keys.id) })
  }

  /** Before it is asked for: whoever closes the window meanwhile comes back as the device that was let in. */
  async function keepJoining(
    row: JoiningRow,
    state: AuthorityState,
    scopeKeys: FetchedWorkspace['scopeKeys'],
  ): Promise<void> {
    await db.put('joining', row)
    await keepKeys(row.ws, row.keys, state, scopeKeys)
  }

  const call: Implementation = {
    async createWorkspace({ name, person, locale, device, setupToken }) {
      if (!name.trim()) refuse('name-missing')
      if (!person.trim()) refuse('person-missing')
      const { workspace, kit } = await found({
        name: name.trim(),
        person: person.trim(),
        locale,
        demo: false,
        setupToken: setupToken ?? null,
        device,
        board: firstBoard(locale, newEntity),
      })
      const board = (await workspace.keepPromises()) ?? refuse('workspace-unknown')
      tellApp()
      return { workspace: workspace.row.id, kit, board }
    },
    async setSetupToken({ workspace, token }) {
      const core = of(workspace)
      const given = token.trim() || refuse('setup-token-needed')
      // First, or the refusal of a call that was made without it would count as a refusal of this one.
      core.engine.stop()
      core.row.setupToken = given
      await db.put('workspaces', core.row)
      await core.notices.add('setup-token-needed', 'warning', { token: 'given' })
      if (!workOffline) core.engine.start()
    },
    async keepKit({ workspace }) {
      await of(workspace).keepKit()
      tellApp()
    },
    async renewKit({ workspace, locale }) {
      const core = of(workspace)
      const { me } = core.row
      const mine = [...core.engine.state.devices.values()].filter((one) => one.person === me && one.kit)
      const secret = await core.replaceKits(mine.map(({ id }) => id))
      tellApp()
      return { kit: kitToWords(secret, locale), relay: core.row.relay ?? relay }
    },
    async createDemo({ locale, today }) {
      const demo = createDemo(locale, { today, newEntity, newPerson: randomId<PersonId> })
      const { person: me, name: person } = demo.me
      const { workspace } = await found({
        name: demo.name,
        person,
        locale,
        demo: true,
        setupToken: null,
        me: toId<PersonId>(me),
      })
      await stageDemo(workspace, demo, locale)
      await workspace.keepPromises()
      tellApp()
      return { workspace: workspace.row.id }
    },
    async removeDemo({ workspace }) {
      if (!of(workspace).row.demo) refuse('not-a-demo')
      await remove(workspace)
    },
    async leaveWorkspace({ workspace }) {
      await remove(workspace)
    },
    async unsentEdits({ workspace, typed = [] }) {
      const core = of(workspace)
      const changes: { doc: DocId; change: string }[] = []
      const edits: { title: string; text: string }[] = []
      for (const [doc, row] of core.documents.rows) {
        const open = await core.documents.open(doc)
        const unaccepted = core.documents.unaccepted(open)
        for (const change of unaccepted) changes.push({ doc, change: change.toBase64() })
        const { title, text } = await core.words.of(row, unaccepted)
        if (text) edits.push({ title, text })
      }
      return {
        count: core.unsentActions(),
        file: unsentFile({ workspace, name: core.row.name, typed, edits, changes }),
      }
    },
    async setWorkOffline({ offline }) {
      workOffline = offline
      await db.put('settings', offline, 'workOffline')
      for (const workspace of workspaces.values()) {
        await workspace.connectOrLeave()
        workspace.tell()
      }
      tellApp()
    },
    async askPersist({ granted }) {
      persisted = granted
      tellApp()
    },
    async hurry() {
      hurry()
    },

    async createInvite({ workspace, rank, days, name: whom }) {
      const core = of(workspace)
      const secret = randomBytes(32)
      const seed = await seedKeys(secret, 'seed')
      // It would have lapsed before it is used, or hold for years.
      if (core.engine.isFarBehind) refuse('clock-behind')
      // The relay ends it, by its clock.
      const expires = toInstant(Math.floor(now() - core.engine.clockAhead + days * DAY))
      const scopes = core.engine.readable().filter((scope) => core.engine.state.scopes.get(scope)?.class !== 'private')
      const group = core.newGroup()
      await core.propose({ type: 'invite', seed: seed.public, rank, expires, scopes }, { group })
      if (whom?.trim())
        await core.mutateWorkspace([{ mutation: 'nameInvite', args: { invite: seed.id, name: whom.trim() } }], group)
      await core.engine.shareKeys()
      // Whoever has the link and leaves has seen whether it is sent.
      await core.tellNow()
      const link = encodeInviteLink(origin, {
        workspace,
        relay: core.row.relay ?? refuse('demo-is-local'),
        seed: secret,
      })
      return { link, id: seed.id, expiresAt: expires }
    },
    async expireInvite({ workspace, id }) {
      await of(workspace).propose({ type: 'expire', what: { invite: id as DeviceId } })
    },
    async readInvite({ link }) {
      const parsed = parseInviteLink(link)
      const { workspace, relay: address } = parsed.ok ? parsed.value : refuse('invite-unreadable')
      const known = workspaces.get(workspace)
      return { workspace, relay: address, known: known !== undefined, ended: known?.row.removed ?? false }
    },
    async checkInvite({ link }) {
      const parsed = parseInviteLink(link)
      const invite = parsed.ok ? parsed.value : refuse('invite-unreadable')
      const seed = await seedKeys(invite.seed, 'seed')
      const before = await letInBefore(invite, seed.id)
      // The relay has refused by now what is over, the expiry by its clock: that of this device may be wrong.
      const { state } = before?.fetched ?? (await fetchFrom(invite, seed, []))
      const found = state.invites.get(seed.id) ?? refuse('invite-unknown')
      const inviter = state.people.get(found.by)
      // An invitation is worth what its author could still give (A9).
      if (!inviter || rankOf(inviter, state.n) === null) refuse('inviter-gone')
      // Whatever it says: a link may leak, so a higher rank is given afterwards.
      return { rank: found.rank === 'guest' ? 'guest' : 'member', expiresAt: found.expires }
    },
    async join({ link, person, locale, device, job }) {
      const parsed = parseInviteLink(link)
      const invite = parsed.ok ? parsed.value : refuse('invite-unreadable')
      if (!person.trim()) refuse('person-missing')
      if (workspaces.has(invite.workspace)) refuse('already-member')
      const seed = await seedKeys(invite.seed, 'seed')
      const before = await letInBefore(invite, seed.id)
      const { me, keys } = before ?? { me: randomId<PersonId>(), keys: await createDeviceKeys() }
      const secret = createKitSecret()
      const kit = await seedKeys(secret, 'kit')
      const write: WriteStep = async (state, headOf, at, scopeKeys) => {
        await keepJoining({ ws: invite.workspace, seed: seed.id, me, keys }, state, scopeKeys)
        const proof = await signerOf(seed).sign(
          joinProof(invite.workspace, seed.id, me, keys.public.sign, kit.public.sign),
        )
        const body = {
          type: 'join',
          invite: seed.id,
          person: me,
          device: keys.public,
          kit: kit.public,
          proof,
        } as const
        return drafted(draftAuthority(state, body, at, headOf, signerOf(keys)))
      }
      const fetched =
        before?.fetched ??
        (await paced(job, (pace) => fetchFrom(invite, seed, [write], { successor: keys, signal: pace?.signal })))
      if (workspaces.has(invite.workspace)) refuse('already-member')
      const names = [
        { mutation: 'introducePerson', args: { person: me, name: person.trim(), locale } },
        ...nameOfDevice(keys.id, '', device),
      ]
      // The kit of that time was never shown.
      const shown = before ? null : kit.id
      await enter(fetched, invite, { me, keys, locale, kit: shown, kitKept: false, promised: { names } })
      tellApp()
      if (before)
        return { workspace: invite.workspace, kit: (await call.renewKit({ workspace: invite.workspace, locale })).kit }
      return { workspace: invite.workspace, kit: kitToWords(secret, locale) }
    },
    async startDeviceLink({ workspace }) {
      const core = of(workspace)
      const secret = randomBytes(32)
      const seed = await seedKeys(secret, 'seed')
      await core.propose({ type: 'addDevice', person: core.row.me, device: seed.public, kit: false })
      await core.engine.shareKeys()
      await core.tellNow()
      const link = encodeInviteLink(origin, {
        workspace,
        relay: core.row.relay ?? refuse('demo-is-local'),
        seed: secret,
      })
      return { link: link.replace('/join#', '/link#'), id: seed.id }
    },
    async checkDeviceLink({ link }) {
      const { place, seed } = await deviceLink(link)
      if (!(await letInBefore(place, seed.id))) await fetchFrom(place, seed, [], { words: ofDeviceLink })
    },
    async finishDeviceLink({ link, name, device, locale, job }) {
      const { place, seed } = await deviceLink(link)
      if (workspaces.has(place.workspace)) refuse('already-member')
      const promised = (id: DeviceId) => ({ names: nameOfDevice(id, name.trim(), device) })
      await paced(job, (pace) => moveIn(place, seed, promised, locale, ofDeviceLink, pace?.signal))
      tellApp()
      return { workspace: place.workspace }
    },
    async recover({ words, relay: address, workspace: id, locale, device, job }) {
      const reading = wordsToKit(words.join(' '))
      if (!reading.ok) refuse(`kit-${reading.reason}`, 'word' in reading ? { word: reading.word } : {})
      if (!isRelayAddress(address)) refuse('relay-address')
      if (workspaces.has(id)) refuse('already-member')
      const kit = await seedKeys(reading.secret, 'kit')
      const place = { workspace: id, relay: address }
      const said = { spent: 'kit-used', unknown: 'kit-other' }
      const promised = (id: DeviceId) => ({ names: nameOfDevice(id, '', device) })
      const workspace = await paced(job, (pace) => moveIn(place, kit, promised, locale, said, pace?.signal))
      const secret = await workspace.replaceKits([kit.id])
      tellApp()
      return { workspace: id, kit: kitToWords(secret, locale) }
    },
    async removeMember({ workspace, person }) {
      await of(workspace).propose({ type: 'removeMember', person })
    },
    async removeDevice({ workspace, device }) {
      await of(workspace).propose({ type: 'removeDevice', device })
    },
    async setRank({ workspace, person, rank }) {
      if (!ranks.includes(rank)) refuse('bad-arguments')
      await of(workspace).propose({ type: 'setRole', person, rank, department: null })
    },
    async createDepartment({ workspace, name }) {
      if (!name.trim()) refuse('name-missing')
      const core = of(workspace)
      const scope = randomId<ScopeId>()
      const group = core.newGroup()
      const refused = await core.engine.openScope(scope, core.row.rootScope, 'department', group)
      if (refused) refuse(refused)
      await core.mutateWorkspace([{ mutation: 'nameScope', args: { scope, name: name.trim() } }], group)
      return { scope }
    },
    async introduceMe({ workspace, name }) {
      if (!name.trim()) refuse('person-missing')
      const core = of(workspace)
      const { me: person, locale: here } = core.row
      const locale = core.names().people[person]?.locale ?? here
      await core.mutateWorkspace([{ mutation: 'introducePerson', args: { person, name: name.trim(), locale } }])
    },
    async renameWorkspace({ workspace, name }) {
      if (!name.trim()) refuse('name-missing')
      await of(workspace).mutateWorkspace([{ mutation: 'renameWorkspace', args: { name: name.trim() } }])
    },
    async archiveWork({ workspace, work, archived }) {
      await of(workspace).archiveWork(work, archived)
    },
    async renameScope({ workspace, scope, name }) {
      if (!name.trim()) refuse('name-missing')
      await of(workspace).mutateWorkspace([{ mutation: 'nameScope', args: { scope, name: name.trim() } }])
    },
    async setDepartments({ workspace, person, departments }) {
      await of(workspace).propose({ type: 'setDepartments', person, departments })
    },

    async createWork({ workspace, scope, kind, calls }) {
      const core = of(workspace)
      return { root: await core.createWork(scope ?? core.row.rootScope, kind, calls) }
    },
    async commit({ workspace, work, calls, tab, job, ...facts }) {
      return paced(job, (pace) => of(workspace).commit(work, calls, tab, pace, facts))
    },
    async cancelCommit({ job }) {
      jobs.get(job)?.abort()
    },
    async undo({ workspace, work, tab, job, ...options }) {
      return paced(job, (pace) => of(workspace).undo(work, tab, options, pace))
    },
    async redo({ workspace, work, tab, job, ...options }) {
      return paced(job, (pace) => of(workspace).redo(work, tab, options, pace))
    },
    async timeline({ workspace, work }) {
      const core = of(workspace)
      return { steps: await core.replay.timeline(await core.openWork(work)) }
    },
    async tellStep({ workspace, work, step }) {
      const core = of(workspace)
      const open = await core.openWork(work)
      const then = await core.replay.step(open, step)
      // That something was moved just now is known once it has been projected where it went.
      if (then?.isLast) await core.projector.settle()
      const told = then && core.history.told(open, then, (person) => core.nameOf(person))
      return { told }
    },
    async moment({ workspace, work, at, have, limit }) {
      const core = of(workspace)
      return core.replay.moment(await core.openWork(work), at, have, limit)
    },
    async compare({ workspace, work, from, to }) {
      const core = of(workspace)
      return { changes: await core.replay.compare(await core.openWork(work), from, to) }
    },
    async restoreMoment({ workspace, work, tab, job, ...wanted }) {
      return paced(job, (pace) => of(workspace).restore(work, tab, wanted, pace))
    },
    async nameVersion({ workspace, work, tab, name }) {
      const core = of(workspace)
      const heads = await core.replay.now(await core.openWork(work))
      const version = entityId(randomBytes)
      await core.commit(work, [{ mutation: 'nameVersion', args: { version, name, heads } }], tab)
      return { version }
    },
    async news({ workspace, work, limit }) {
      const core = of(workspace)
      return core.news.look(await core.openWork(work), limit)
    },
    async markSeen({ workspace, work, entries, until }) {
      const core = of(workspace)
      return core.news.markSeen(await core.openWork(work), entries, until)
    },
    async markSeenElsewhere({ workspace, work, entries }) {
      const core = of(workspace)
      await core.news.markSeenElsewhere(await core.openWork(work), entries)
    },
    async textHeads({ workspace, work, at, entity }) {
      const core = of(workspace)
      const open = await core.openWork(work)
      const shard = core.works.shardOf(open, entity)
      const heads = shard && (await core.replay.textHeads(open, at, shard.doc))
      return { heads: heads && [...heads] }
    },
    async makers({ workspace, work, entities }) {
      const core = of(workspace)
      const open = await core.openWork(work)
      await core.works.openShards(open)
      return entities.map((entity) => {
        const actor = core.works.begunBy(open, entity)
        return actor === null ? null : core.personOfActor(actor)
      })
    },
    async putAway({ workspace, work, entities }) {
      const core = of(workspace)
      const open = await core.openWork(work)
      return entities.filter((entity) => core.works.isPutAway(open, entity))
    },
    async putAwayBy({ workspace, work, entities }) {
      const core = of(workspace)
      const open = await core.openWork(work)
      await core.works.openShards(open)
      return core.history.putAwayBy(open, entities)
    },
    async movedAway({ workspace, work, entities }) {
      const core = of(workspace)
      const open = await core.openWork(work)
      await core.works.openShards(open)
      return core.history.movedAway(open, entities)
    },
    isShown: ({ workspace, work, entity }) => of(workspace).projector.isShown(work, entity),
    async descriptions({ workspace, work, at }) {
      const core = of(workspace)
      const open = await core.openWork(work)
      return { texts: await core.prose.textsOf(open, at && (await core.replay.headsAt(open, at))) }
    },
    async history({ workspace, work, settled, ...page }) {
      const core = of(workspace)
      if (settled) await core.projector.settled()
      const areMovesKnown = settled ?? core.projector.isSettled
      // Whoever asks who did something to an entry is to know by then whether it was done at once with something of theirs.
      if (page.entity !== undefined) await core.mirrors.conflictsTold()
      const found = await core.history.page(await core.openWork(work), page, (person) => core.nameOf(person))
      // A workspace without a relay waits for nobody's confirmation.
      const entries = core.row.relay ? found.entries : found.entries.map((entry) => ({ ...entry, pending: false }))
      return { ...found, entries, settled: areMovesKnown }
    },
    async openProse({ workspace, work, entity }) {
      const core = of(workspace)
      return core.prose.open(await core.openWork(work), entity)
    },
    proseChanges({ workspace, ...written }) {
      return of(workspace).prose.write(written)
    },
    async writeAgain({ workspace, doc, changes }) {
      await of(workspace).writeAgain(doc, changes)
    },
    async settle() {
      for (const { documents } of workspaces.values())
        await Promise.all([...documents.rows.keys()].map((doc) => documents.flush(doc)))
    },
    async present({ workspace, tab, ...place }) {
      of(workspace).present(tab, place)
    },
    async copiedDrafts({ workspace, ids }) {
      await of(workspace).copiedDrafts(ids)
    },
    async dropDraft({ workspace, id }) {
      await of(workspace).dropDraft(id)
    },
    async dismissNotice({ workspace, id }) {
      await of(workspace).notices.dismiss(id)
    },
  }

  const handlers: CoreHandlers = {
    call: (callName, args) => {
      const answer = call[callName](args as never) as Promise<never>
      // Whoever has handed something in holds it for unsaved until the state comes in which it is counted, or refused.
      const write = writeOf(callName, args)
      if (write) {
        const tell = () => workspaces.get(write.workspace)?.tell()
        void answer.then(tell, tell)
      }
      return answer
    },
    watch(topic, args, emit) {
      switch (topic) {
        case 'app': {
          const tell = emit as (state: AppState) => void
          appWatchers.add(tell)
          void appState().then(tell)
          return () => appWatchers.delete(tell)
        }
        case 'workspace':
          return of((args as { workspace: WorkspaceId }).workspace).watch(emit as never)
        case 'work': {
          const { workspace, work } = args as { workspace: WorkspaceId; work: DocId }
          return of(workspace).mirrors.watch(work, emit as never)
        }
        case 'unsaved': {
          const tell = emit as (event: UnsavedEvent) => void
          for (const [doc, kept] of unsaved) tell({ type: 'written', doc, ...kept })
          unsavedWatchers.add(tell)
          return () => unsavedWatchers.delete(tell)
        }
        case 'commit': {
          const { job } = args as CoreTopics['commit']['args']
          jobWatchers.set(job, emit as (event: CoreTopics['commit']['event']) => void)
          return () => jobWatchers.delete(job)
        }
        case 'projections': {
          const tell = emit as (event: ProjectionEvent) => void
          const workspace = workspaces.get((args as { workspace: WorkspaceId }).workspace)
          if (workspace) return workspace.projector.watch(tell)
          tell({ type: 'gone' })
          return () => undefined
        }
        case 'prose': {
          const { workspace, doc, tab, heads } = args as CoreTopics['prose']['args']
          return of(workspace).prose.watch(doc, tab, heads, emit as never)
        }
        default:
          throw new Error('unknown topic')
      }
    },
    left(tab) {
      for (const workspace of workspaces.values()) workspace.leftTab(tab)
    },
  }

  for (const stored of await db.getAll('workspaces')) {
    const row = mendWorkspace(stored, relay)
    if (!row) {
      unreadable++
      continue
    }
    if (row !== stored) await db.put('workspaces', row)
    const workspace = await open(row, { isMended: row !== stored })
    if (!row.promised) continue
    // A demo is made whole or not at all: nothing in it is anybody's, and it can be opened again.
    await (row.demo ? remove(row.id) : workspace.keepPromises()).catch(console.error)
  }
  globalThis.addEventListener?.('online', hurry)

  return {
    handlers,
    workspaces,
    async close() {
      for (const workspace of workspaces.values()) await workspace.close()
      await store.close()
      db.close()
    },
  }
}

async function drafted(draft: ReturnType<typeof draftAuthority>): Promise<Bytes> {
  const result = await draft
  return result.ok ? result.signed : refuse(result.reason)
}

const newEntity = (): string => entityId(randomBytes)

function nameOfDevice(device: DeviceId, name: string, is: ThisDevice | undefined): MutationCall[] {
  const said = {
    ...(name && { name }),
    ...(is && { kind: is.kind }),
    ...(is?.browser && { browser: is.browser }),
  }
  return Object.keys(said).length > 0 ? [{ mutation: 'nameDevice', args: { device, ...said } }] : []
}
