import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { randomBytes } from '#lib/sync/bytes.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, expectSame, openWorldAt, titlesIn } from '#tests/support/world.ts'
import { newEntity, until } from '#tests/support/people.ts'

/** On a machine that does much else. */
const PATIENCE = 60_000

test(
  'a relay that lost everything gets back what the devices hold, also more than one message carries (R12, R13)',
  async () => {
    const first = await startRelay()
    const world = await openWorldAt(first.port, ['Bo'])
    const [ann, bo] = world.devices
    const { workspace, board: work } = world
    for (let record = 0; record < 15; record++) {
      // Nothing that could be made smaller, some 100 KB of it in each record.
      const calls = Array.from({ length: 14 }, () => ({
        mutation: 'addView',
        args: { view: newEntity(), name: 'long', content: randomBytes(7_400).toBase64(), order: 'a5', owner: null },
      }))
      await ann!.call('commit', { workspace, work, tab: ann!.tab, calls })
      await until(async () => expect((await ann!.state(workspace)).sync.state).toBe('synced'))
    }
    await expectSame(world, world.devices, PATIENCE)
    await first.close()
    await startRelay({ port: first.port })
    await addCard(world, bo!, 'afterwards')
    await expectSame(world, world.devices, PATIENCE)
    for (const device of world.devices) {
      expect(await titlesIn(world, device)).toContain('afterwards')
      expect((await device.state(workspace)).drafts).toEqual([])
    }
    await world.close()
  },
  3 * PATIENCE,
)
