import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { SyncState, WorkspaceState } from '#lib/core/api.ts'
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { freshDocument } from '#lib/store/frozen.ts'
import { sealBlob } from '#lib/sync/blobs.ts'
import { encodeSnapshotBody, type SnapshotBody } from '#lib/sync/bodies.ts'
import { concat, copyOf, randomBytes, randomId, toHash, type Bytes, type Hash } from '#lib/sync/bytes.ts'
import { docIdOf, type Birth } from '#lib/sync/identities.ts'
import { contentKey, createDeviceKeys, signerOf, type DeviceKeys } from '#lib/sync/keys.ts'
import type { RelayMessage } from '#lib/sync/protocol.ts'
import { sealRecord, type RecordHeader } from '#lib/sync/records.ts'
import { chunkOf, swollenDocument } from '#tests/support/craft-change.ts'
import { lyingRelay, type LyingRelay } from '#tests/support/lying-relay.ts'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { greet } from '#tests/support/wire.ts'
import { addCard, coreOf, expectSame, expectSettled, openWorldAt } from '#tests/support/world.ts'

const titlesOf = (docs: Record<string, unknown>): string[] =>
  Object.values(docs)
    .flatMap((doc) => Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}))
    .map((card) => card.title)
    .sort()

const synced = (device: TestDevice, workspace: WorkspaceId) =>
  until(async () => expect((await device.state(workspace)).sync.state).toBe('synced'), 30_000)

/** A board on which Ann has renamed one card so often that a snapshot was made. */
async function annWithALongHistory() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  await synced(ann, workspace)
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  const column = Object.keys(root.columns)[0] ?? ''
  const card = newEntity()
  const commit = (mutation: string, args: Record<string, unknown>) =>
    ann.call('commit', { workspace, work: board, tab: ann.tab, calls: [{ mutation, args }] })
  await commit('addCard', { card, title: 'first', column, order: 'a5' })
  for (let round = 0; round < 520; round++) {
    await commit('retitleCard', { card, title: `title ${round}` })
    if (round % 5 === 0) await synced(ann, workspace)
  }
  await synced(ann, workspace)
  const shard = Object.entries(await ann.docs(workspace, board)).find(
    ([, doc]) => card in ((doc as { cards?: object }).cards ?? {}),
  )
  const { documents } = ann.core.workspaces.get(workspace)!
  return { relay, ann, workspace, board, column, card, commit, shard: (shard?.[0] ?? '') as DocId, documents }
}

/** Every state of the workspace that the device has shown, from now on. */
function statesOf(device: TestDevice, workspace: WorkspaceId): WorkspaceState[] {
  const states: WorkspaceState[] = []
  onTestFinished(device.core.workspaces.get(workspace)!.watch((state) => states.push(state)))
  return states
}

test('Bo, who comes in late, sees the board from a snapshot while its records are still being checked (R8)', async () => {
  const { relay, ann, workspace, board, commit, card, shard, documents } = await annWithALongHistory()
  await until(() => expect(documents.rows.get(shard)?.sinceSnapshot).toBeLessThan(100))
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)
  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const states = statesOf(bo, workspace)
  const work: SyncState['state'][] = []
  onTestFinished(
    bo.core.workspaces.get(workspace)!.mirrors.watch(board, (event) => {
      if (event.type === 'state') work.push(event.sync.state)
    }),
  )
  await synced(bo, workspace)
  expect(states.map(({ sync }) => sync.state)).toContain('checking')
  expect(titlesOf(await bo.docs(workspace, board))).toEqual(titlesOf(await ann.docs(workspace, board)))
  const hers = ann.core.workspaces.get(workspace)!.documents.rows.get(shard)
  const his = bo.core.workspaces.get(workspace)!.documents.rows.get(shard)
  expect(his?.checking).toBeNull()
  expect(his?.acceptedHeads).toEqual(hers?.acceptedHeads)
  await commit('retitleCard', { card, title: 'after' })
  await until(async () => expect(titlesOf(await bo.docs(workspace, board))).toContain('after'))
  expect((await bo.state(workspace)).notices).toEqual([])
})

test('a snapshot that holds more than the records is dropped, its author named, and what Bo wrote meanwhile stays (R8)', async () => {
  const { relay, ann, workspace, board, column, card, shard, commit, documents } = await annWithALongHistory()
  // Ann's client is modified: her snapshots hold a title that no record brings.
  const open = await documents.open(shard)
  const forged = A.change(A.clone(open.handle.doc(), { actor: 'ab'.repeat(24) }), (draft) => {
    const cards = draft['cards'] as Record<string, { title: unknown }>
    cards[card]!.title = new A.ImmutableString('forged')
  })
  const { engine } = ann.core.workspaces.get(workspace)!
  const content = new Uint8Array(A.save(forged))
  await until(() => expect(open.row.sinceSnapshot).toBeLessThan(100))
  await engine.snapshots.publish(open.row, content, A.getHeads(forged), engine.inbox.place(open.row.scope))
  await until(() => expect(open.row.sinceSnapshot).toBe(0))
  await commit('setPriority', { card, priority: 'high' })
  const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 7 })
  await synced(ann, workspace)

  const bo = await deviceOf('bo', relay.port)
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  const shown: string[] = []
  let written: Promise<unknown> | null = null
  onTestFinished(
    bo.core.workspaces.get(workspace)!.watch(() => {
      const content = bo.core.workspaces.get(workspace)!.documents.content(shard) as
        { cards?: Record<string, { title: { toString(): string } }> } | undefined
      const title = content?.cards?.[card]?.title.toString()
      if (!title) return
      shown.push(title)
      written ??= until(() =>
        bo.call('commit', {
          workspace,
          work: board,
          tab: bo.tab,
          calls: [
            { mutation: 'addCard', args: { card: newEntity(), title: 'Bo, at first sight', column, order: 'a6' } },
            { mutation: 'retitleCard', args: { card, title: 'renamed by Bo' } },
          ],
        }),
      )
    }),
  )
  await until(async () =>
    expect((await bo.state(workspace)).notices).toMatchObject([{ code: 'snapshot-false', params: { by: 'Ann' } }]),
  )
  expect(shown).toContain('forged')
  await written
  await until(() => expectSettled(bo, workspace), 30_000)
  const { drafts } = await bo.state(workspace)
  // What he wrote on top of what never was is kept for him to read; the rest has gone to the others.
  const his = [...titlesOf(await bo.docs(workspace, board)), ...drafts.map(({ text }) => text)].join('\n')
  expect(his).toContain('Bo, at first sight')
  expect(his).toContain('renamed by Bo')
  await until(async () =>
    expect(titlesOf(await ann.docs(workspace, board))).toEqual(titlesOf(await bo.docs(workspace, board))),
  )
  expect(titlesOf(await bo.docs(workspace, board))).not.toContain('forged')
})

/** A workspace of so many records that a new device asks for snapshots; Ann publishes some, true or not. */
async function annWithManyRecords() {
  const { port } = await startRelay()
  const liar = await lyingRelay(port)
  const world = await openWorldAt(liar.port, [])
  const { workspace } = world
  const [ann] = world.devices as [TestDevice]
  const { documents, engine, row } = coreOf(ann, workspace)
  await addCard(world, ann, 'Book the hall')
  const works: DocId[] = []
  for (let n = 0; n < 10; n++) works.push((await ann.call('createWork', { workspace, kind: 'board', calls: [] })).root)
  for (let round = 0; engine.inbox.place(row.rootScope).position < 100; round++) {
    const calls = [{ mutation: 'renameBoard', args: { title: `title ${round}` } }]
    for (const work of works) await ann.call('commit', { workspace, work, tab: ann.tab, calls })
    await synced(ann, workspace)
  }
  const publish = async (doc: DocId, changed = (saved: Bytes) => saved) => {
    const { row: of, handle } = await documents.open(doc)
    const content = changed(copyOf(A.save(handle.doc())))
    expect(A.getHeads(A.load(content))).toEqual(A.getHeads(handle.doc()))
    await engine.snapshots.publish(of, content, of.acceptedHeads, engine.inbox.place(of.scope))
    await until(() => expect(of.sinceSnapshot).toBe(0))
  }
  const invite = async (rank: 'member' | 'guest' = 'member') => {
    const { link } = await ann.call('createInvite', { workspace, rank, days: 1 })
    await synced(ann, workspace)
    return link
  }
  return { liar, world, ann, documents, engine, row, publish, invite }
}

/** Bo joins and gets no records until he has looked at the snapshots; what he then shows as being checked. */
async function boLooksAtSnapshots(
  { liar, world }: Awaited<ReturnType<typeof annWithManyRecords>>,
  link: string,
  lies: LyingRelay['lies'] = {},
) {
  const looked = Promise.withResolvers<void>()
  const bo = await deviceOf('bo', liar.port)
  const isBo = (device: DeviceId | null) =>
    device !== null && bo.core.workspaces.get(world.workspace)?.row.keys.id === device
  liar.lies = {
    down(message, device) {
      if (!isBo(device)) return [message]
      return message.type === 'records' ? [] : (lies.down?.(message, device) ?? [message])
    },
    up(message, device, answer) {
      if (!isBo(device)) return [message]
      if (message.type === 'sub') looked.resolve()
      return lies.up?.(message, device, answer) ?? [message]
    },
  }
  await bo.call('join', { link, person: 'Bo', locale: 'en' })
  await looked.promise
  const rows = [...coreOf(bo, world.workspace).documents.rows.values()]
  return { bo, checking: rows.filter(({ checking }) => checking).map(({ doc }) => doc) }
}

test('a snapshot that claims more than a device can hold is left aside, though Automerge would load it: Bo has the board from the records (R8)', async () => {
  const many = await annWithManyRecords()
  const { liar, world, ann, documents, publish, invite } = many
  const shard = [...documents.rows.values()].find(({ kind }) => kind === 'board.cards')!.doc
  await publish(world.board)
  await publish(shard, (saved) => swollenDocument(saved, 5_000_000))
  const { bo, checking } = await boLooksAtSnapshots(many, await invite())
  expect(checking).toEqual([world.board])
  // Should his core have died over it: the next one does without snapshots.
  const asked: string[] = []
  liar.lies.up = (message) => [(asked.push(message.type), message)]
  liar.lies.down = (message) => [message]
  await bo.restart()
  await expectSame({ ...world, devices: [ann, bo] })
  expect(asked).toContain('sub')
  expect(asked).not.toContain('snap-pull')
  expect((await bo.state(world.workspace)).notices).toEqual([])
})

test('the relay says that Bo holds another order than its own: no snapshot takes the place of his board, and what he wrote meanwhile arrives (R8, R12)', async () => {
  const { liar, world, ann, publish, invite } = await annWithManyRecords()
  const { workspace, board } = world
  await publish(board)
  const bo = await deviceOf('bo', liar.port)
  await bo.call('join', { link: await invite(), person: 'Bo', locale: 'en' })
  const both = { ...world, devices: [ann, bo] }
  await expectSame(both)
  await bo.call('setWorkOffline', { offline: true })
  const calls = [{ mutation: 'renameBoard', args: { title: 'by Bo, offline' } }]
  await bo.call('commit', { workspace, work: board, tab: bo.tab, calls })
  let listed = 0
  liar.lies.down = (message) => {
    if (message.type === 'snapshots') listed++
    if (message.type !== 'ready' || listed > 0) return [message]
    return [{ ...message, scopes: message.scopes.map((head) => ({ ...head, hash: toHash('ab'.repeat(32)) })) }]
  }
  await bo.call('setWorkOffline', { offline: false })
  await until(
    async () => expect((await ann.state(workspace)).works.map(({ title }) => title)).toContain('by Bo, offline'),
    20_000,
  )
  expect(listed).toBeGreaterThan(0)
  await expectSame(both)
  const { drafts, notices } = await bo.state(workspace)
  expect(drafts).toEqual([])
  expect(notices.map(({ code }) => code)).toEqual(['order-contradicted'])
})

test('a member lists more snapshots than one message carries: Bo has the board from the true one, and the rest from the records (R8)', async () => {
  const many = await annWithManyRecords()
  const { world, ann, engine, row, publish, invite } = many
  const { workspace } = world
  const scope = row.rootScope
  const { wire } = await greet(`ws://127.0.0.1:${many.liar.port}/sync`, workspace, row.keys)
  for (let n = 0; n < 5; n++) {
    const birth: Birth = { lane: 'main', kind: 'board.cards', creator: row.keys.id, nonce: randomBytes(16) }
    const doc = docIdOf(workspace, scope, birth)
    const key = await contentKey(randomBytes(32), doc, 0, row.keys.id)
    const header = {
      kind: 'snapshot' as const,
      scope,
      doc,
      seq: 0,
      prev: null,
      epoch: 0,
      kindVersion: 0,
      birth,
      part: null,
    }
    const record = await sealRecord(header, new Uint8Array(250_000) as Bytes, key, signerOf(row.keys))
    wire.send({ type: 'put', records: [record.bytes] })
  }
  await wire.settled()
  await until(() => expect(engine.inbox.place(scope).position).toBeGreaterThanOrEqual(105))
  await publish(world.board)
  const { bo, checking } = await boLooksAtSnapshots(many, await invite())
  expect(checking).toEqual([world.board])
  many.liar.lies = {}
  many.liar.cut()
  await expectSame({ ...world, devices: [ann, bo] })
})

test.each(['snapshots', 'blob'] as const)(
  'what the relay says in place of %s cannot be read: Bo has the board from the records, and is told (R8, R13)',
  async (type) => {
    const { liar, world, ann, publish, invite } = await annWithManyRecords()
    await publish(world.board)
    const link = await invite()
    liar.lies.down = (message) => [message.type === type ? randomBytes(100) : message]
    const bo = await deviceOf('bo', liar.port)
    await bo.call('join', { link, person: 'Bo', locale: 'en' })
    await expectSame({ ...world, devices: [ann, bo] })
    expect((await bo.state(world.workspace)).notices.map(({ code }) => code)).toEqual(['relay-unreadable'])
  },
)

/** A saved document that says of other changes that they are its last. */
function beheaded(saved: Bytes): Bytes {
  const content = copyOf(saved, saved[9]! < 128 ? 10 : 11)
  let at = 1
  for (let actors = content[0]!; actors > 0; actors--) at += 1 + content[at]!
  content[at + 1]! ^= 1
  return chunkOf(content, { type: 0 })
}

test('the relay and a member list snapshots that are not what they say, or serve other bytes: Bo shows the true one alone, and accuses nobody (R8, R10)', async () => {
  const failed = vi.spyOn(console, 'error')
  onTestFinished(() => failed.mockRestore())
  const many = await annWithManyRecords()
  const { liar, world, ann, engine, row, publish, invite } = many
  const { workspace, board } = world
  await publish(board)
  const gil = await deviceOf('gil', liar.port)
  await gil.call('join', { link: await invite('guest'), person: 'Gil', locale: 'en' })
  const link = await invite()

  const scope = row.rootScope
  const epoch = engine.keyring.newest(engine.state, scope)
  const scopeKey = engine.keyring.scopeKey(engine.state, scope, epoch)!
  const genesis = freshDocument('board.root')
  const own = A.from({ title: 'without a beginning' })
  const spoilt = (bytes: Bytes) => bytes.with(-1, bytes.at(-1)! ^ 1)
  interface Lie {
    by?: DeviceKeys
    birth?: Partial<Birth>
    header?: Partial<RecordHeader>
    key?: Bytes
    body?: Partial<SnapshotBody>
    content?: Bytes
    record?: (bytes: Bytes) => Bytes
    /** What the relay says when it is asked for the blob; without it nobody is to ask. */
    blob?: (blob: Bytes, key: Bytes) => Partial<Extract<RelayMessage, { type: 'blob' }>> | Promise<object> | null
  }
  const served = () => ({})
  const lies: Record<string, Lie> = {
    'listed when nobody asked': {},
    'of another kind': { header: { kind: 'changes' } },
    'of another scope': { header: { scope: randomId<ScopeId>() } },
    'without a birth': { header: { birth: null } },
    'of another document': { header: { doc: board } },
    'of a kind that nobody knows': { birth: { kind: 'nonsense.root' } },
    'by nobody of the company': { by: await createDeviceKeys() },
    'by a guest': { by: coreOf(gil, workspace).row.keys },
    'signed by nobody': { record: spoilt },
    'under another key': { key: randomBytes(32) },
    'no record': { record: () => randomBytes(100) },
    'too large': { body: { size: 2 ** 40 } },
    'beyond the order': { body: { position: 10_000 } },
    'refused when asked for': { blob: () => null },
    'longer than it was to be': { blob: (blob) => ({ total: blob.length + 5 }) },
    'other bytes': { blob: (blob) => ({ bytes: spoilt(blob) }) },
    'sealed anew under its key': {
      blob: async (_, key) => ({ bytes: await sealedAnew(key, copyOf(A.save(genesis))) }),
    },
    'under another blob key': { body: { key: randomBytes(32) }, blob: served },
    'no document': { content: beheaded(copyOf(A.save(genesis))), blob: served },
    'with other heads': { body: { heads: [toHash('ab'.repeat(32))] }, blob: served },
    'without its beginning': {
      content: copyOf(A.save(own)),
      body: { heads: A.getHeads(own).map(toHash) },
      blob: served,
    },
  }
  const names = new Map<DocId, string>([[board, 'the true one']])
  const blobs = new Map<Hash, { name: string; say: () => Promise<RelayMessage> }>()
  const list: { doc: DocId; record: Bytes }[] = []
  for (const [name, lie] of Object.entries(lies)) {
    const birth: Birth = {
      lane: 'main',
      kind: 'board.root',
      creator: row.keys.id,
      nonce: randomBytes(16),
      ...lie.birth,
    }
    const doc = docIdOf(workspace, scope, birth)
    names.set(doc, name)
    const { hash, key, bytes } = await sealBlob(lie.content ?? copyOf(A.save(genesis)))
    const heads = A.getHeads(genesis).map(toHash)
    const { position, order } = engine.inbox.place(scope)
    const body = { blob: hash, key, size: bytes.length, heads, position, order, ...lie.body }
    const signer = signerOf(lie.by ?? row.keys)
    const header = {
      kind: 'snapshot' as const,
      scope,
      doc,
      seq: 0,
      prev: null,
      epoch,
      kindVersion: 0,
      birth,
      part: null,
    }
    const whole = { ...header, ...lie.header }
    const record = await sealRecord(
      whole,
      encodeSnapshotBody(body),
      await contentKey(lie.key ?? scopeKey, whole.doc, epoch, signer.device),
      signer,
    )
    list.push({ doc: whole.doc, record: lie.record?.(record.bytes) ?? record.bytes })
    const say = async (): Promise<RelayMessage> => {
      const changed = await lie.blob?.(bytes, key)
      if (!changed) return { type: 'blob-no', hash, reason: 'unknown' }
      return { type: 'blob', hash, offset: 0, total: bytes.length, bytes, ...changed }
    }
    blobs.set(hash, { name, say })
  }

  const asked: string[] = []
  const unasked = list.splice(0, 1)
  const again = Promise.withResolvers<void>()
  let subscribed = 0
  const { bo, checking } = await boLooksAtSnapshots(many, link, {
    down(message) {
      if (message.type === 'snapshots') return [{ ...message, list: [...list, ...message.list] }]
      if (message.type !== 'blob' || message.offset > 0) return [message]
      // The true one comes in two pieces, the first of them twice, and after one that nobody asked for.
      const first = { ...message, bytes: copyOf(message.bytes, 0, 100) }
      const hash = toHash('cd'.repeat(32))
      return [{ ...first, hash }, { type: 'blob-ok', hash, received: 1, total: 1 }, first, first]
    },
    up(message, _, answer) {
      if (message.type === 'sub' && subscribed++ === 0) {
        // He asks again where records are missing: by then he has seen what came before them.
        answer({ type: 'snapshots', scope, list: unasked })
        const head = {
          n: 1_001,
          hash: toHash('ab'.repeat(32)),
          generation: randomBytes(16),
          signature: randomBytes(64),
        }
        answer({ type: 'records', scope, from: 1_000, list: [randomBytes(100)], head })
      } else if (message.type === 'sub') again.resolve()
      const lie = message.type === 'blob-get' ? blobs.get(message.hash) : undefined
      if (!lie) return [message]
      asked.push(lie.name)
      void lie.say().then(answer)
      return []
    },
  })
  await again.promise
  expect(checking.map((doc) => names.get(doc) ?? doc)).toEqual(['the true one'])
  expect(asked).toEqual(Object.keys(lies).filter((name) => lies[name]!.blob))
  liar.lies = {}
  liar.cut()
  await expectSame({ ...world, devices: [ann, bo] })
  expect((await bo.state(workspace)).notices).toEqual([])
  expect(failed).not.toHaveBeenCalled()
})

/** As its author would seal it once more. */
async function sealedAnew(key: Bytes, content: Bytes): Promise<Bytes> {
  const iv = randomBytes(12)
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, imported, content)))
}
