import * as A from '@automerge/automerge/slim'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createGroups } from '#lib/kernel/groups.ts'
import type { MutationCall, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { board } from '#lib/kinds/board/index.ts'
import { keyOf, Moments } from '#lib/store/moments.ts'
import { toPlain } from '#lib/store/plain.ts'
import { changeMessage } from '#lib/store/change-message.ts'
import type { Member, Members } from '#lib/store/works.ts'
import { createReplica, fork, mergeInto, ROOT, run, viewOf, workOf, type Replica } from '#tests/support/kinds.ts'
import { programOf } from '#tests/support/programs.ts'
import { runsOf } from '#tests/support/runs.ts'

const runs = runsOf(40, 1_000)
const typical = createReplica(board, 'Lin')
run(typical, board.fixtures.typical())

interface Doing {
  who: 'Ann' | 'Bo'
  /** Milliseconds since what that person did last; clocks are set back now and then. */
  later: number
  /** The two meet before. */
  met: boolean
}
const doing: fc.Arbitrary<Doing> = fc.record({
  who: fc.constantFrom('Ann', 'Bo'),
  later: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: -90_000_000, max: 90_000_000 })),
  met: fc.boolean(),
})

/** A device's own clock and its undo groups. */
function deviceOf(name: string, start: number) {
  const replica = fork(typical, name)
  let now = start
  const newGroup = createGroups(
    () => now,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  )
  /** A refusal writes nothing; anything else is a fault. */
  const does = (made: MutationCall, later: number) => {
    now = Math.max(1_000_000_000_000, now + later)
    const stamp = { time: Math.floor(now / 1000), message: changeMessage(made.mutation, newGroup()) }
    try {
      run(replica, [made], undefined, stamp)
    } catch (error) {
      if (!(error instanceof Error && error.name === 'Refusal')) throw error
    }
  }
  // An open document stays the same while it grows: what was read of it is not read again.
  const opened = new Map<DocId, Member['open']>()
  const members = (): Members =>
    new Map(
      [...replica.docs].map(([id, { type, doc }]) => {
        const open = opened.get(id) ?? { handle: { doc: () => replica.docs.get(id)?.doc ?? doc } }
        opened.set(id, open)
        return [id, { type, open }]
      }),
    )
  return { replica, does, members, moments: new Moments() }
}

/** What a moment holds, made from nothing: without anything that was looked at before. */
function madeAnew(replica: Replica, manifest: Readonly<Record<DocId, readonly string[]>>): WorkDocs {
  const docs: Record<DocId, { type: string; doc: unknown }> = {}
  for (const [id, { type, doc }] of replica.docs) {
    const heads = manifest[id] ?? []
    if (heads.length > 0) docs[id] = { type, doc: toPlain(A.view(doc, [...heads])) }
  }
  return { root: ROOT, docs }
}

test(`two people, their clocks and meetings at random: the end of the replay is the board, on both devices step by step the same (P18; ${runs.numRuns} programs)`, () => {
  const programs = fc.tuple(
    programOf('board', 'A', 25),
    programOf('board', 'B', 25),
    fc.array(doing, { maxLength: 40 }),
  )
  const places = fc.array(fc.nat(), { maxLength: 12 })
  fc.assert(
    fc.property(programs, places, ([annDoes, boDoes, doings], slid) => {
      const [ann, bo] = [deviceOf('Ann', 1_795_000_000_000), deviceOf('Bo', 1_795_000_500_000)]
      const left = { Ann: [...annDoes], Bo: [...boDoes] }
      for (const { who, later, met } of doings) {
        if (met) mergeInto(ann.replica, bo.replica)
        if (met) mergeInto(bo.replica, ann.replica)
        const made = left[who].shift()
        if (made) (who === 'Ann' ? ann : bo).does(made, later)
        // Somebody looks at it meanwhile.
        if (met) ann.moments.timeline(ROOT, ann.members())
      }
      mergeInto(ann.replica, bo.replica)
      mergeInto(bo.replica, ann.replica)

      const members = ann.members()
      const steps = ann.moments.timeline(ROOT, members)
      expect(bo.moments.timeline(ROOT, bo.members())).toEqual(steps)

      // Every change is in it, once, after those that it builds on.
      const known = new Set<string>()
      for (const [, { doc }] of ann.replica.docs)
        for (const { hash, actor } of A.getChangesMetaSince(doc, [])) if (actor.length !== 48) known.add(hash)
      for (const { hash, deps } of steps.flatMap(({ changes }) => changes)) {
        expect(known.has(hash)).toBe(false)
        for (const dep of deps) expect(known.has(dep)).toBe(true)
        known.add(hash)
      }

      const end = ann.moments.at(ROOT, members, steps.length)
      expect(keyOf(end)).toBe(keyOf(ann.moments.now(members)))
      expect(ann.moments.plain(ROOT, members, end)).toEqual(workOf(ann.replica))
      expect(board.read(ann.moments.plain(ROOT, members, end))).toEqual(viewOf(bo.replica))

      // A slider goes to and fro: what it shows does not depend on where it was before.
      for (const place of slid.map((at) => at % (steps.length + 1))) {
        const manifest = ann.moments.at(ROOT, members, place)
        expect(bo.moments.at(ROOT, bo.members(), place)).toEqual(manifest)
        expect(ann.moments.plain(ROOT, members, manifest)).toEqual(madeAnew(ann.replica, manifest))
      }
    }),
    runs,
  )
})
