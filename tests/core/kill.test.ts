import '#tests/support/automerge.ts'
import fc from 'fast-check'
import { test } from 'vitest'
import { runsOf } from '#tests/support/runs.ts'
import { anyStep, expectAgreement, openWorld, play, type Cast, type Step } from '#tests/support/world.ts'

const who = fc.nat(2)
const crash: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('crash' as const),
  who,
  commit: fc.integer({ min: 1, max: 12 }),
  turns: fc.nat(12),
})
const program = fc.array(fc.oneof({ weight: 4, arbitrary: anyStep }, { weight: 1, arbitrary: crash }), {
  minLength: 12,
  maxLength: 30,
})
const casts = fc.constantFrom<Cast>('three people', 'a phone')

async function run(cast: Cast, steps: readonly Step[], { isProcess = false, hasTabs = false } = {}): Promise<void> {
  const world = await openWorld(cast, isProcess)
  if (hasTabs) for (const device of world.devices) device.openTab()
  for (const [index, next] of steps.entries()) await play(world, next, index)
  await expectAgreement(world)
  await world.close()
}

const devices = runsOf(8, 2_000)
test(
  `devices lose power at any commit to their disk: what was saved arrives, nothing is doubled, all agree (R4, R6; ${devices.numRuns} programs)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(casts, program, (cast, steps) => run(cast, steps)),
      devices,
    )
  },
  devices.numRuns * 30_000,
)

const cores = runsOf(8, 1_000)
test(
  `cores are killed at any commit to their disk while a tab is open: whatever the tab was shown arrives, saved or not (${cores.numRuns} programs)`,
  async () => {
    await fc.assert(
      fc.asyncProperty(casts, program, (cast, steps) => run(cast, steps, { hasTabs: true })),
      cores,
    )
  },
  cores.numRuns * 30_000,
)

const relays = runsOf(3, 300)
test(
  `the relay is killed while records stream in, and devices lose power too: nothing that was saved is missing (R5; ${relays.numRuns} programs)`,
  async () => {
    const parts = fc.array(program, { minLength: 2, maxLength: 3 })
    const steps = parts.map((all) => all.flatMap((part): Step[] => [...part.slice(0, 12), { do: 'restart relay' }]))
    await fc.assert(
      fc.asyncProperty(casts, steps, (cast, all) => run(cast, all, { isProcess: true })),
      relays,
    )
  },
  relays.numRuns * 30_000,
)
