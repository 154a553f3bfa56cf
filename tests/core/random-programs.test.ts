import '#tests/support/automerge.ts'
import fc from 'fast-check'
import { test } from 'vitest'
import { runsOf } from '#tests/support/runs.ts'
import { anyStep, expectAgreement, openWorld, play, type Cast, type Step } from '#tests/support/world.ts'

const runs = runsOf(8, 1_000)
const casts = fc.constantFrom<Cast>('three people', 'a phone')

async function run(cast: Cast, program: readonly Step[]): Promise<void> {
  const world = await openWorld(cast)
  for (const [index, next] of program.entries()) await play(world, next, index)
  await expectAgreement(world)
  await world.close()
}

test(
  `three devices, random edits, partitions and restarts: one board, equal heads, no saved edit missing (${runs.numRuns} programs)`,
  async () => {
    const program = fc.array(anyStep, { minLength: 10, maxLength: 40 })
    await fc.assert(fc.asyncProperty(casts, program, run), runs)
  },
  runs.numRuns * 30_000,
)

test(
  `Bo is removed in the middle: who stays agrees, his late edits count nowhere and are drafts with him (A4, A7, R7; ${runs.numRuns} programs)`,
  async () => {
    const half = fc.array(anyStep, { minLength: 5, maxLength: 20 })
    const program = fc.tuple(half, half).map(([before, after]): Step[] => [...before, { do: 'remove' }, ...after])
    await fc.assert(fc.asyncProperty(casts, program, run), runs)
  },
  runs.numRuns * 30_000,
)
