import '#tests/support/automerge.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as A from '@automerge/automerge/slim'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { deviceOf, newEntity, until, type TestDevice } from '#tests/support/people.ts'
import { startRelay, temporaryFolder } from '#tests/support/start-relay.ts'

/** What may happen, by whom. A step that cannot happen (a card that does not exist yet) does nothing. */
type Step =
  | { do: 'add'; who: number }
  | { do: 'retitle' | 'move' | 'archive'; who: number; card: number }
  | { do: 'rename'; who: number }
  | { do: 'undo'; who: number }
  | { do: 'offline' | 'online' | 'restart'; who: number }
  | { do: 'restart relay' }

const who = fc.nat(2)
const card = fc.nat(20)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), who }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom('retitle' as const, 'move' as const, 'archive' as const), who, card }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo' as const), who }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('offline' as const, 'online' as const, 'restart' as const), who }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'restart relay' as const }) },
)

interface World {
  devices: TestDevice[]
  workspace: WorkspaceId
  board: DocId
  column: string
  /** Cards in the order in which they were added, by anybody: a device may not know them yet. */
  cards: string[]
  restartRelay: () => Promise<void>
}

async function openWorld(): Promise<World> {
  const dataDir = temporaryFolder()
  let relay = await startRelay({ dataDir })
  const { port } = relay
  const ann = await deviceOf('ann', port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const devices = [ann]
  for (const person of ['Bo', 'Cai']) {
    const { link } = await ann.call('createInvite', { workspace, rank: 'member', days: 1 })
    await until(async () => expect((await ann.state(workspace)).sync.state).toBe('synced'))
    const device = await deviceOf(person.toLowerCase(), port)
    await device.call('join', { link, person, locale: 'zh-CN' })
    await until(async () => expect(Object.keys(await device.docs(workspace, board)).length).toBeGreaterThan(1))
    devices.push(device)
  }
  const root = (await ann.docs(workspace, board))[board] as { columns: Record<string, unknown> }
  return {
    devices,
    workspace,
    board,
    column: Object.keys(root.columns)[0] ?? '',
    cards: [],
    async restartRelay() {
      await relay.close()
      relay = await startRelay({ dataDir, port })
    },
  }
}

async function play(world: World, next: Step, index: number): Promise<void> {
  const { devices, workspace, board, column, cards } = world
  if (next.do === 'restart relay') return world.restartRelay()
  const device = devices[next.who]
  if (!device) return
  const commit = async (mutation: string, args: Record<string, unknown>): Promise<boolean> =>
    device.call('commit', { workspace, work: board, tab: device.tab, calls: [{ mutation, args }] }).then(
      () => true,
      (error: unknown) => {
        // A card that has not arrived here cannot be changed here.
        if (error instanceof Error && ['entry-gone', 'card-gone'].includes(error.message)) return false
        throw error
      },
    )
  switch (next.do) {
    case 'add': {
      const added = newEntity()
      cards.push(added)
      await commit('addCard', { card: added, title: `card ${index}`, column, order: `a${index % 10}` })
      return
    }
    case 'retitle':
    case 'move':
    case 'archive': {
      const id = cards[next.card % Math.max(1, cards.length)]
      if (!id) return
      if (next.do === 'retitle') await commit('retitleCard', { card: id, title: `title ${index}` })
      else if (next.do === 'move') await commit('moveCard', { card: id, column, order: `a${index % 10}V` })
      else await commit('archiveCard', { card: id })
      return
    }
    case 'rename':
      await commit('renameBoard', { title: `board ${index}` })
      return
    case 'undo':
      await device.call('undo', { workspace, work: board, tab: device.tab, force: true })
      return
    case 'offline':
    case 'online':
      await device.call('setWorkOffline', { offline: next.do === 'offline' })
      return
    case 'restart':
      await device.restart()
      return
    default:
      next satisfies never
  }
}

/** Heads of every document of the board, and what the kind reads from them. */
async function seen(device: TestDevice, workspace: WorkspaceId, board: DocId) {
  const core = device.core.workspaces.get(workspace)
  if (!core) throw new Error('not in the workspace')
  const work = await core.openWork(board)
  await core.works.openShards(work)
  const heads = Object.fromEntries(
    [...work.docs]
      .map(([doc, { open }]) => [doc, A.getHeads(open.handle.doc()).sort()])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  )
  return { heads, view: kindNamed('board')?.read(core.works.plain(work)) }
}

const runs = process.env['TONGZHOU_LONG'] ? 200 : 8

test(
  `three devices, random edits, partitions and restarts: one board, equal heads, no added card missing (${runs} programs)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (program) => {
        const world = await openWorld()
        const { devices, workspace, board, cards } = world
        for (const [index, next] of program.entries()) await play(world, next, index)
        for (const device of devices) await device.call('setWorkOffline', { offline: false })
        await until(async () => {
          for (const device of devices) expect((await device.state(workspace)).sync.state).toBe('synced')
          const views = await Promise.all(devices.map((device) => seen(device, workspace, board)))
          expect(views[1]).toEqual(views[0])
          expect(views[2]).toEqual(views[0])
          const { cardsById } = views[0]?.view as { cardsById: Record<string, unknown> }
          expect(Object.keys(cardsById)).toEqual(expect.arrayContaining(cards))
        }, 20_000)
        for (const device of devices) await device.close()
      }),
      { numRuns: runs, seed: 20261123, endOnFailure: true },
    )
  },
  runs * 30_000,
)
