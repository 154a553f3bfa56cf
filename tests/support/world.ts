/**
 * One board, three devices, one relay, for random programs: what may happen there, and what must hold afterwards. Every
 * edit that a device took is remembered by the hashes of its changes, so that afterwards each can be looked for.
 */
import * as A from '@automerge/automerge/slim'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { DocId, PersonId, WorkspaceId } from '#lib/kernel/ids.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { ofWorkspace, openDb, type Db } from '#lib/store/db.ts'
import type { WorkspaceCore } from '#lib/core/workspace-core.ts'
import { anyway, deviceOf, newEntity, until, type TestDevice } from './people.ts'
import { startRelayProcess } from './relay-process.ts'
import { startRelay, temporaryFolder } from './start-relay.ts'

/** What may happen, by whom. A step that cannot happen (a card that does not exist yet) does nothing. */
export type Step =
  | { do: 'add'; who: number }
  | { do: 'retitle' | 'move' | 'archive' | 'describe'; who: number; card: number }
  | { do: 'rename' | 'undo' | 'redo'; who: number }
  | { do: 'offline' | 'online' | 'restart'; who: number }
  /** What nobody has asked for until now is let go of, while the next steps are under way. */
  | { do: 'let go'; who: number }
  | { do: 'restart relay' }
  /** Ann removes Bo, wherever he is. */
  | { do: 'remove' }
  /** The device loses power at a commit to its disk that is still to come, or a little later; where it has a tab, only its core is killed. */
  | { do: 'crash'; who: number; commit: number; turns: number }

const who = fc.nat(2)
const card = fc.nat(20)
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), who }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom('retitle' as const, 'move' as const, 'archive' as const, 'describe' as const),
      who,
      card,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('rename' as const, 'undo' as const, 'redo' as const), who }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('offline' as const, 'online' as const, 'restart' as const), who }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('let go' as const), who }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart relay' as const }) },
)

/** Ann and Bo, and as the third either Cai or Ann's phone. */
export type Cast = 'three people' | 'a phone'

interface Edit {
  device: TestDevice
  doc: DocId
  hash: string
  /** The index of the step that made it, for the failure's sake. */
  step: number
  /** The device's life in which it was made, and whether that life has seen it saved. */
  life: number
  saved: boolean
}

export interface World {
  devices: TestDevice[]
  workspace: WorkspaceId
  board: DocId
  column: string
  /** Cards in the order in which they were added, by anybody: a device may not know them yet. */
  cards: string[]
  /** What somebody was told is saved. */
  edits: Edit[]
  bo: PersonId
  removed: boolean
  restartRelay: () => Promise<void>
  close: () => Promise<void>
}

const ANN = 0
const BO = 1

export async function openWorld(cast: Cast = 'three people', isProcess = false): Promise<World> {
  const relay = isProcess ? await relayToKill() : await relayToRestart()
  const world = await openWorldAt(relay.port, cast === 'a phone' ? ['Bo'] : ['Bo', 'Cai'], cast === 'a phone')
  return {
    ...world,
    restartRelay: relay.restart,
    async close() {
      for (const device of world.devices) await device.close()
      await relay.close()
    },
  }
}

/** Ann founds a workspace with a board at this relay, and these people join. */
export async function openWorldAt(port: number, people: readonly string[], withPhone = false): Promise<World> {
  const ann = await deviceOf('ann', port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const synced = () => until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
  const devices = [ann]
  for (const person of people) {
    const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
    await synced()
    const device = await deviceOf(person.toLowerCase(), port)
    await device.call('join', { link, person, locale: 'zh-CN' })
    devices.push(device)
  }
  if (withPhone) {
    const { link } = await ann.call('startDeviceLink', { workspace })
    await synced()
    const phone = await deviceOf('ann-phone', port)
    await phone.call('finishDeviceLink', { link, name: 'Phone', locale: 'en' })
    devices.push(phone)
  }
  for (const device of devices)
    await until(async () => expect(Object.keys(await device.docs(workspace, board)).length).toBeGreaterThan(1))
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  return {
    devices,
    workspace,
    board,
    column: Object.keys(root.columns)[0] ?? '',
    cards: [],
    edits: [],
    bo: (await (devices[BO] ?? ann).state(workspace)).me,
    removed: false,
    restartRelay: () => Promise.reject(new Error('the relay is not ours')),
    async close() {
      for (const device of devices) await device.close()
    },
  }
}

interface RelayOfWorld {
  port: number
  restart: () => Promise<void>
  close: () => Promise<void>
}

async function relayToRestart(): Promise<RelayOfWorld> {
  const dataDir = temporaryFolder()
  let relay = await startRelay({ dataDir })
  const { port } = relay
  return {
    port,
    async restart() {
      await relay.close()
      relay = await startRelay({ dataDir, port })
    },
    close: () => relay.close(),
  }
}

/** A process of its own, which is killed without warning. */
async function relayToKill(): Promise<RelayOfWorld> {
  const relay = await startRelayProcess()
  return {
    port: relay.port,
    async restart() {
      await relay.kill()
      await relay.restart()
    },
    close: relay.dispose,
  }
}

export function coreOf(device: TestDevice, workspace: WorkspaceId): WorkspaceCore {
  const core = device.core.workspaces.get(workspace)
  if (!core) throw new Error(`${device.name} is not in the workspace`)
  return core
}

/** Root, shards and companions of the board as far as this device has them. */
async function boardDocs(device: TestDevice, { workspace, board }: World): Promise<Map<DocId, A.Doc<unknown>>> {
  const core = coreOf(device, workspace)
  const work = await core.openWork(board)
  await core.works.openShards(work)
  const docs = new Map<DocId, A.Doc<unknown>>()
  for (const [doc, { open, type }] of work.docs) {
    docs.set(doc, open.handle.doc())
    const companion = type === 'cards' ? await core.works.companion(work, doc) : null
    if (companion) docs.set(companion.row.doc, companion.handle.doc())
  }
  return docs
}

/** Runs what the device does, and remembers every change that it made of its own, and when it has said that it is saved. */
async function doing(world: World, device: TestDevice, step: number, work: () => Promise<unknown>): Promise<void> {
  await device.recovered()
  const { life } = device
  const before = new Map(
    [...(await boardDocs(device, world))].map(([doc, content]) => [doc, new Set(hashesOf(content))]),
  )
  await work()
  if (device.life !== life) return
  const { documents, row } = coreOf(device, world.workspace)
  for (const [doc, content] of await boardDocs(device, world)) {
    if (device.life !== life) return
    for (const meta of A.getChangesMetaSince(content, [])) {
      if (!meta.actor.startsWith(row.keys.id) || before.get(doc)?.has(meta.hash)) continue
      // A tab that has been told of it keeps it until it is saved.
      const edit: Edit = { device, doc, hash: meta.hash, step, life, saved: device.hasTab }
      world.edits.push(edit)
      void documents.flush(doc).then(() => {
        if (device.life === life) edit.saved = true
      })
    }
  }
}

const hashesOf = (doc: A.Doc<unknown>): string[] => A.getChangesMetaSince(doc, []).map((meta) => meta.hash)

/** A device may not know the card yet, or may no longer write, or its core may be killed meanwhile: then nothing happens, or nobody knows. */
const EXPECTED = new Set(['entry-gone', 'card-gone', 'removed', 'no-right', 'core-restarted'])
const mayFail = (error: unknown): null => {
  if (error instanceof Error && EXPECTED.has(error.message)) return null
  throw error
}

export async function play(world: World, next: Step, index: number): Promise<void> {
  const { devices, workspace, board, column, cards } = world
  if (next.do === 'restart relay') return world.restartRelay()
  if (next.do === 'remove') {
    if (world.removed) return
    world.removed = true
    await devices[ANN]!.call('removeMember', { workspace, person: world.bo })
    return
  }
  const device = devices[next.who]
  if (!device) return
  const { tab } = device
  const does = (work: () => Promise<unknown>) => doing(world, device, index, () => work().catch(mayFail))
  const commit = (mutation: string, args: Record<string, unknown>) =>
    does(() => device.call('commit', { workspace, work: board, tab, calls: [{ mutation, args }] }))
  switch (next.do) {
    case 'add': {
      const added = newEntity()
      cards.push(added)
      await commit('addCard', { card: added, title: `card ${index}`, column, order: `a${index % 10}` })
      return
    }
    case 'retitle':
    case 'move':
    case 'archive':
    case 'describe': {
      const id = cards[next.card % Math.max(1, cards.length)]
      if (!id) return
      if (next.do === 'retitle') await commit('retitleCard', { card: id, title: `title ${index}` })
      else if (next.do === 'move') await commit('moveCard', { card: id, column, order: `a${index % 10}V` })
      else if (next.do === 'archive') await commit('archiveCard', { card: id })
      else await does(() => describe(device, world, id, `word${index} `))
      return
    }
    case 'rename':
      await commit('renameBoard', { title: `board ${index}` })
      return
    case 'undo':
      await does(() => anyway(device, 'undo', { workspace, work: board, tab }))
      return
    case 'redo':
      await does(() => device.call('redo', { workspace, work: board, tab }))
      return
    case 'offline':
    case 'online':
      await device.call('setWorkOffline', { offline: next.do === 'offline' }).catch(mayFail)
      return
    case 'let go':
      void device.core.workspaces
        .get(workspace)
        ?.closeIdle(Date.now() + 1)
        .catch(mayFail)
      return
    case 'restart':
      await device.restart()
      return
    case 'crash':
      device.crashAt(next.commit, next.turns)
      return
    default:
      next satisfies never
  }
}

export async function addCard({ workspace, board, column }: World, device: TestDevice, title: string): Promise<void> {
  const calls = [{ mutation: 'addCard', args: { card: newEntity(), title, column, order: 'a5' } }]
  await device.call('commit', { workspace, work: board, tab: device.tab, calls })
}

export async function titlesIn({ workspace, board }: World, device: TestDevice): Promise<string[]> {
  const core = coreOf(device, workspace)
  const work = await core.openWork(board)
  await core.works.openShards(work)
  const view = kindNamed('board')?.read(core.works.plain(work)) as { cardsById: ReadonlyMap<string, { title: string }> }
  return [...view.cardsById.values()].map(({ title }) => title)
}

/** Types a word at the end of the card's description, as a tab's editor does: in a copy, under the actor it was lent. */
async function describe(device: TestDevice, { workspace, board }: World, id: string, word: string): Promise<void> {
  const { tab } = device
  const { doc, bytes, actor, path } = await device.call('openProse', { workspace, work: board, entity: id, tab })
  const copy = A.load<Record<string, unknown>>(bytes, { actor })
  const text = (copy['entries'] as Record<string, { text: string }>)[id]?.text
  // The companion may arrive after its card.
  if (text === undefined) return
  const changed = A.change(copy, (draft) => A.splice(draft, path, text.length, 0, word))
  const changes = A.getChangesSince(changed, A.getHeads(copy))
  await device.call('proseChanges', { workspace, work: board, entity: id, doc, tab, changes, step: 'new' })
}

/** Heads of every document of the board, and what the kind reads from them. */
async function seen(device: TestDevice, world: World) {
  const docs = await boardDocs(device, world)
  const core = coreOf(device, world.workspace)
  const heads = Object.fromEntries([...docs].map(([doc, content]) => [doc, A.getHeads(content).sort()]).sort())
  return { heads, view: kindNamed('board')?.read(core.works.plain(await core.openWork(world.board))) }
}

/** What the device has of the relay's order, record by record (R0). */
async function books(device: TestDevice, { workspace }: World): Promise<string[]> {
  const rows = await stored(device, (db) => db.getAll('records', ofWorkspace(workspace)))
  // What lost its place and belongs to nobody stays with who was shown it.
  return rows
    .filter(({ position }) => position > 0)
    .map((row) => `${row.scope} ${row.position} ${row.id} ${row.verdict} ${row.reason}`)
}

/** Reads beside the core what it has stored. */
async function stored<Rows>(device: TestDevice, read: (db: Db) => Promise<Rows>): Promise<Rows> {
  const db = await openDb(device.name)
  try {
    return await read(db)
  } finally {
    db.close()
  }
}

/** Nothing of it is under way; who was refused something has it as a draft, and the badge says so until it is dropped. */
export async function expectSettled(device: TestDevice, workspace: WorkspaceId): Promise<void> {
  const { sync, drafts } = await device.state(workspace)
  expect(sync.state).toBe(drafts.length > 0 ? 'refused' : 'synced')
}

/** Waits until all devices have the same records in the same order, equal heads and an equal view. */
export async function expectSame(world: World, devices = world.devices, patience = 20_000): Promise<void> {
  await until(async () => {
    for (const device of devices) await expectSettled(device, world.workspace)
    const [first, ...others] = await Promise.all(devices.map((device) => seen(device, world)))
    for (const other of others) expect(other).toEqual(first)
    const [order, ...orders] = await Promise.all(devices.map((device) => books(device, world)))
    for (const other of orders) expect(other).toEqual(order)
  }, patience)
}

/** Changes of drafts on this device (R7). */
async function drafted(device: TestDevice, { workspace }: World): Promise<Set<string>> {
  const rows = await stored(device, (db) => db.getAll('drafts', ofWorkspace(workspace)))
  return new Set(rows.flatMap((row) => row.changes).map((change) => A.decodeChange(change as A.Change).hash))
}

/** All that nobody has confirmed, as whoever lost access can save it. */
async function kept(device: TestDevice, { workspace }: World): Promise<Set<string>> {
  const { file } = await device.call('unsentEdits', { workspace })
  const { changes } = JSON.parse(file) as { changes: { change: string }[] }
  return new Set(changes.map(({ change }) => A.decodeChange(Uint8Array.fromBase64(change)).hash))
}

/**
 * Everybody is online; then: who stays has the same accepted records, equal heads and an equal view, and in them every
 * edit that one of them was told is saved. An edit of who was removed is there too, or is a draft on that device.
 */
export async function expectAgreement(world: World, patience = 20_000): Promise<void> {
  const { devices, workspace } = world
  for (const device of devices) {
    await device.recovered()
    // Its core may be killed once more in the middle of that.
    await until(() => device.call('setWorkOffline', { offline: false }))
  }
  const stay = devices.filter((_, index) => !(world.removed && index === BO))
  await until(async () => {
    if (!world.removed) return
    const notices = (await devices[BO]!.state(workspace)).notices.map(({ code }) => code)
    expect(notices).toContain('removed')
    for (const device of stay)
      expect((await device.state(workspace)).scopes.some((scope) => scope.rotationDue)).toBe(false)
  }, patience)
  await expectSame(world, stay, patience)
  const accepted = new Set([...(await boardDocs(stay[0]!, world)).values()].flatMap(hashesOf))
  for (const device of stay) expect([...(await drafted(device, world))], `drafts of ${device.name}`).toEqual([])
  const drafts = await kept(devices[BO]!, world)
  const missing = world.edits.filter(
    ({ hash, device, life, saved }) =>
      !accepted.has(hash) &&
      (saved || device.life === life) &&
      !(world.removed && device === devices[BO] && drafts.has(hash)),
  )
  expect(missing.map(({ device, step, doc }) => `step ${step} by ${device.name} in ${doc}`)).toEqual([])
}
