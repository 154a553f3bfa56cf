import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kinds } from '#lib/kinds/index.ts'
import { compareWorks, writesBack } from '#lib/store/compare.ts'
import { Moments } from '#lib/store/moments.ts'
import { toPlain } from '#lib/store/plain.ts'
import { applyUndo } from '#lib/store/undo.ts'
import type { OpenWork } from '#lib/store/works.ts'
import { createReplica, fork, mergeInto, ROOT, run, viewOf, workOf, type Replica } from '#tests/support/kinds.ts'
import { programOf } from '#tests/support/programs.ts'

const counts = { numRuns: process.env['TONGZHOU_LONG'] ? 300 : 30 }

/** Runs what can be run; a refusal writes nothing. */
function attempt(replica: Replica, calls: Parameters<typeof run>[1]): void {
  for (const call of calls) {
    try {
      run(replica, [call])
    } catch (error) {
      if (!(error instanceof Error && error.name === 'Refusal')) throw error
    }
  }
}

/** The record of work as the core holds it open. */
const openOf = (replica: Replica): OpenWork =>
  ({
    root: ROOT,
    kind: replica.kind,
    docs: new Map(
      [...replica.docs].map(([id, { type, doc }]) => [
        id,
        { type, open: { row: { kind: `${replica.kind.name}.${type}` }, handle: { doc: () => doc } } },
      ]),
    ),
  }) as unknown as OpenWork

describe.each(kinds.filter(({ name }) => name !== 'prose'))('$name', (kind) => {
  const typical = createReplica(kind, 'Lin')
  run(typical, kind.fixtures.typical())

  test('going back leaves nothing that differs, whatever Ann and Bo did in between (P8)', () => {
    fc.assert(
      fc.property(programOf(kind.name, 'A'), programOf(kind.name, 'B'), (annDoes, boDoes) => {
        const [ann, bo] = [fork(typical, 'Ann'), fork(typical, 'Bo')]
        const before = workOf(ann)
        attempt(ann, annDoes)
        attempt(bo, boDoes)
        mergeInto(ann, bo)
        for (const [doc, writes] of writesBack(compareWorks(before, workOf(ann), kind), kind)) {
          const member = ann.docs.get(doc)
          if (!member) throw new Error('a document that is not there')
          member.doc = A.change(member.doc, (draft) => applyUndo(draft, writes))
        }
        expect(compareWorks(before, workOf(ann), kind)).toEqual([])
      }),
      counts,
    )
  })

  test('whichever moment Ann goes back to, the record of work is then what it was at that moment (P18)', () => {
    fc.assert(
      fc.property(programOf(kind.name, 'A'), programOf(kind.name, 'B'), fc.nat(), (annDoes, boDoes, chosen) => {
        const [ann, bo] = [fork(typical, 'Ann'), fork(typical, 'Bo')]
        attempt(ann, annDoes)
        attempt(bo, boDoes)
        mergeInto(ann, bo)
        const moments = new Moments()
        const { docs } = openOf(ann)
        const count = chosen % (moments.timeline(ROOT, docs).length + 1)
        const then = moments.plain(ROOT, docs, moments.at(ROOT, docs, count))
        for (const [doc, writes] of writesBack(compareWorks(then, workOf(ann), kind), kind)) {
          const member = ann.docs.get(doc)
          if (!member) throw new Error('a document that is not there')
          member.doc = A.change(member.doc, (draft) => applyUndo(draft, writes))
        }
        expect(compareWorks(then, workOf(ann), kind)).toEqual([])
        // And the way there is at the end of the timeline, like every other action.
        const after = openOf(ann).docs
        const end = moments.timeline(ROOT, after).length
        expect(moments.plain(ROOT, after, moments.at(ROOT, after, end))).toEqual(workOf(ann))
      }),
      counts,
    )
  })

  test('every step of the timeline is a state that was possible, and its end is the present (P18)', () => {
    fc.assert(
      fc.property(programOf(kind.name, 'A'), programOf(kind.name, 'B'), (annDoes, boDoes) => {
        const [ann, bo] = [fork(typical, 'Ann'), fork(typical, 'Bo')]
        attempt(ann, annDoes)
        attempt(bo, boDoes)
        mergeInto(ann, bo)
        const moments = new Moments()
        const work = openOf(ann)
        const steps = moments.timeline(ROOT, work.docs)
        for (let count = 0; count <= steps.length; count++) {
          const manifest = moments.at(ROOT, work.docs, count)
          // Heads that are there, and a view that reads: a frontier that skipped a dependency would throw here.
          const { docs } = moments.plain(ROOT, work.docs, manifest)
          expect(() => kind.read({ root: work.root, docs })).not.toThrow()
          // Reached from the moment before; the same as looked up alone.
          for (const [id, { open }] of work.docs) {
            const alone = toPlain(A.view(open.handle.doc(), [...(manifest[id] ?? [])]))
            expect(docs[id]?.doc).toEqual(alone)
          }
        }
        expect(kind.read(moments.plain(ROOT, work.docs, moments.at(ROOT, work.docs, steps.length)))).toEqual(
          viewOf(ann),
        )
        const changes = steps.flatMap((step) => step.changes.map(({ hash }) => hash))
        expect(new Set(changes).size).toBe(changes.length)
      }),
      counts,
    )
  })
})

test('a comparison tells what was put aside from what came, and names no bookkeeping', () => {
  const [kind] = kinds.filter(({ name }) => name === 'board')
  if (!kind) throw new Error('no board')
  const ann = createReplica(kind, 'Ann')
  run(ann, kind.fixtures.typical())
  const before = workOf(ann)
  run(ann, [
    { mutation: 'archiveCard', args: { card: 'k1' } },
    { mutation: 'retitleCard', args: { card: 'k2', title: 'Later' } },
    { mutation: 'addShard', args: { doc: 'ab'.repeat(16), type: 'cards' } },
    { mutation: 'renameBoard', args: { title: 'New' } },
  ])
  const changes = compareWorks(before, workOf(ann), kind)
  expect(changes.map(({ collection, id, change }) => [collection, id, change])).toEqual([
    ['', 'title', 'changed'],
    ['cards', 'k1', 'removed'],
    ['cards', 'k2', 'changed'],
  ])
  expect(changes[2]?.fields).toEqual([{ path: ['title'], before: 'Freeze firmware 1.0', after: 'Later' }])
})
