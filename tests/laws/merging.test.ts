import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kinds } from '#lib/kinds/index.ts'
import { createReplica, fork, headsOf, mergeInto, run, viewOf, workOf } from '#tests/support/kinds.ts'
import { callsOf, programOf } from '#tests/support/programs.ts'

const counts = { numRuns: process.env['TONGZHOU_LONG'] ? 200 : 40 }

describe.each(kinds)('$name', (kind) => {
  const typical = createReplica(kind, 'Lin')
  run(typical, kind.fixtures.typical())

  test('whatever Ann and Bo do apart merges in either order to the same documents and the same view', () => {
    fc.assert(
      fc.property(programOf(kind.name, 'A'), programOf(kind.name, 'B'), (annDoes, boDoes) => {
        const [ann, bo] = [fork(typical, 'Ann'), fork(typical, 'Bo')]
        for (const call of annDoes) attempt(() => run(ann, [call]))
        for (const call of boDoes) attempt(() => run(bo, [call]))
        const boAlone = fork(bo, 'Bo')
        mergeInto(bo, ann)
        mergeInto(ann, boAlone)
        expect(headsOf(ann)).toEqual(headsOf(bo))
        expect(workOf(ann)).toEqual(workOf(bo))
        expect(viewOf(ann)).toEqual(viewOf(bo))
      }),
      counts,
    )
  })

  test('the conflicted fixture loses nothing that either device created', () => {
    const { start, ours, theirs } = kind.fixtures.conflicted()
    const ann = createReplica(kind, 'Ann')
    run(ann, start)
    const bo = fork(ann, 'Bo')
    run(ann, ours)
    run(bo, theirs)
    mergeInto(ann, bo)
    const text = JSON.stringify(workOf(ann))
    const created = [...ours, ...theirs].filter(({ mutation }) => /^(add|list)/.test(mutation))
    for (const { args } of created) expect(text).toContain(JSON.stringify(Object.values(args)[0]))
  })

  test('the programs of these laws know every mutation', () => {
    const known = callsOf[kind.name]?.(fc.constant('x')) ?? {}
    expect(Object.keys(known).sort()).toEqual(Object.keys(kind.mutations).sort())
  })
})

/** A refusal writes nothing; anything else is a fault. */
function attempt(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Error && error.name === 'Refusal')) throw error
  }
}
