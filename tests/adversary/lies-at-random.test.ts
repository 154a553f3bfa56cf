import '#tests/support/automerge.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyOf, type Bytes } from '#lib/sync/bytes.ts'
import type { RelayMessage } from '#lib/sync/protocol.ts'
import { lyingRelay } from '#tests/support/lying-relay.ts'
import { until, type TestDevice } from '#tests/support/people.ts'
import { runsOf } from '#tests/support/runs.ts'
import { startRelay } from '#tests/support/start-relay.ts'
import { addCard, coreOf, expectSame, openWorldAt } from '#tests/support/world.ts'

/** What becomes of one message; `at` says of which item in it, and of which byte. */
const kinds = [
  'as it is',
  'kept back',
  'a byte',
  'cut short',
  'one left out',
  'one twice',
  'turned round',
  'only later',
  'again',
] as const
const anyLie = fc.record({
  kind: fc.oneof({ weight: 4, arbitrary: fc.constant('a byte' as const) }, fc.constantFrom(...kinds)),
  item: fc.nat(20),
  at: fc.nat(2_000),
  bit: fc.nat(7),
})
type Lie = typeof anyLie extends fc.Arbitrary<infer T> ? T : never

function changed(list: readonly Bytes[], { kind, item, at, bit }: Lie): Bytes[] {
  const nth = list.length === 0 ? 0 : item % list.length
  const one = list[nth]
  if (!one || one.length === 0) return [...list]
  if (kind === 'a byte') {
    const copy = copyOf(one)
    copy[at % copy.length]! ^= 1 << bit
    return list.with(nth, copy)
  }
  // So short it is taken for the id of one's own record.
  if (kind === 'cut short') return list.with(nth, copyOf(one.subarray(0, at % 2 === 0 ? 32 : at % one.length)))
  if (kind === 'one left out') return list.toSpliced(nth, 1)
  if (kind === 'one twice') return list.toSpliced(nth, 0, one)
  if (kind === 'turned round') return list.toReversed()
  return [...list]
}

const withLie = (message: RelayMessage, lie: Lie): RelayMessage => {
  if (message.type === 'records') return { ...message, list: changed(message.list, lie) }
  if (message.type === 'auth') return { ...message, records: changed(message.records, lie) }
  if (message.type === 'wraps') return { ...message, wraps: changed(message.wraps, lie) }
  return message
}

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('Ann' as const, 'Bo' as const) },
  fc.constant('cut' as const),
)

test('whatever a relay does for a while to what it shows Bo: when it stops, he and Ann have one board, and nothing is missing in it (R13, A8)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 2, maxLength: 6 }),
      fc.array(anyLie, { minLength: 1, maxLength: 12 }),
      async (steps, lies) => {
        const honest = await startRelay()
        const liar = await lyingRelay(honest.port)
        const world = await openWorldAt(liar.port, ['Bo'])
        const devices = { Ann: world.devices[0] as TestDevice, Bo: world.devices[1] as TestDevice }
        await expectSame(world)
        const boId = coreOf(devices.Bo, world.workspace).row.keys.id
        let said = 0
        const late: RelayMessage[] = []
        liar.lies.down = (message, device) => {
          if (device !== boId || message.type === 'challenge' || message.type === 'ready') return [message]
          const lie = lies[said++ % lies.length]!
          if (lie.kind === 'kept back') return []
          if (lie.kind === 'only later') {
            late.push(message)
            return []
          }
          const told = withLie(message, lie)
          return lie.kind === 'again' ? [told, told, ...late.splice(0)] : [told, ...late.splice(0)]
        }
        for (const [nth, step] of steps.entries()) {
          const before = said
          if (step === 'cut') liar.cut()
          else await addCard(world, devices[step], `card ${nth}`)
          // Something of it comes to Bo, whatever it is by then.
          if (step === 'Ann') await until(() => expect(said).toBeGreaterThan(before))
        }
        liar.lies = {}
        liar.cut()
        await expectSame(world)
        for (const device of world.devices) await device.close()
        await honest.close()
      },
    ),
    runsOf(6, 400),
  )
}, 3_600_000)
