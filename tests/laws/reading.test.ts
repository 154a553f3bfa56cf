import { serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DocId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { kinds } from '#lib/kinds/index.ts'
import { createReplica, mergeInto, fork, ROOT, run, viewOf } from '#tests/support/kinds.ts'
import { programOf } from '#tests/support/programs.ts'

const TODAY = '2026-11-23' as Day
const counts = { numRuns: process.env['TONGZHOU_LONG'] ? 1_500 : 150 }

/** Documents as a hostile writer may leave them: the right names with anything in them. */
function almost(names: readonly string[]): fc.Arbitrary<unknown> {
  const anything = fc.anything({ withNullPrototype: false })
  const name = fc.constantFrom(...names, 'constructor', 'toString', 'archived', 'title', 'name')
  const value = fc.oneof(fc.constantFrom(null, true, '', 'a0', '2026-02-31', 1e300, -1, NaN), anything)
  const entry = fc.dictionary(name, value)
  const entries = fc.dictionary(
    fc.oneof(fc.constantFrom('constructor', 'a'.repeat(32), 'k1', ''), fc.string()),
    fc.oneof(entry, value),
  )
  return fc.oneof(anything, fc.dictionary(name, fc.oneof(entries, value)))
}
const NAMES = [
  'cards',
  'columns',
  'labels',
  'shards',
  'works',
  'people',
  'scopes',
  'devices',
  'entries',
  'order',
  'assignees',
]

describe.each(kinds)('$name', (kind) => {
  test('reads, projects, digests and exports any content without throwing, and the same twice', () => {
    const documents = fc.dictionary(
      fc.constantFrom(ROOT as string, '1'.repeat(32), '2'.repeat(32)),
      fc.record({ type: fc.constantFrom('root', ...Object.keys(kind.documents), 'unknown'), doc: almost(NAMES) }),
    )
    fc.assert(
      fc.property(documents, (made) => {
        const docs = made as Record<DocId, { type: string; doc: unknown }>
        const view = kind.read({ root: ROOT, docs })
        expect(typeof kind.projections.title(view)).toBe('string')
        const brief: unknown = kind.projections.brief(view)
        expect(structuredClone(brief)).toEqual(brief)
        for (const sentence of Object.values(kind.projections.summary(brief, TODAY))) expect(sentence).not.toBe('')
        for (const { title, text } of Object.values(kind.projections.searchText(view)))
          expect([typeof title, typeof text]).toEqual(['string', 'string'])
        JSON.stringify(kind.exchange.export(view))
        kind.digest.content(view, kind.digest.version)
        expect(kind.read({ root: ROOT, docs: Object.fromEntries(Object.entries(docs).reverse()) })).toEqual(view)
      }),
      counts,
    )
  })

  test('an import of any file either gives calls or is refused', () => {
    fc.assert(
      fc.property(almost(NAMES), (file) => {
        try {
          expect(Array.isArray(kind.exchange.import(file))).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ name: 'Refusal' })
        }
      }),
      counts,
    )
  })

  test('export then import gives the same view, after any program', () => {
    const start = createReplica(kind, 'Lin')
    run(start, kind.fixtures.typical())
    fc.assert(
      fc.property(programOf(kind.name, 'A', 10), (program) => {
        const replica = fork(start, 'Ann')
        for (const call of program) {
          try {
            run(replica, [call])
          } catch (error) {
            expect(error).toMatchObject({ name: 'Refusal' })
          }
        }
        expectRoundTrip(replica)
      }),
      { numRuns: process.env['TONGZHOU_LONG'] ? 300 : 30 },
    )
  })

  test('export then import gives the same view of two merged devices that conflict', () => {
    const { start, ours, theirs } = kind.fixtures.conflicted()
    const ann = createReplica(kind, 'Ann')
    run(ann, start)
    const bo = fork(ann, 'Bo')
    run(ann, ours)
    run(bo, theirs)
    mergeInto(ann, bo)
    expectRoundTrip(ann)
  })

  test('the empty, typical and huge fixtures run and are read', () => {
    const sizes = (['empty', 'typical', 'huge'] as const).map((fixture) => {
      const replica = createReplica(kind, 'Lin')
      run(replica, kind.fixtures[fixture]())
      return serialize(viewOf(replica)).length
    })
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0)
    expect(sizes[1]).toBeLessThan(sizes[2] ?? 0)
    // Ten thousand cards, also on a machine that does much else.
  }, 120_000)

  function expectRoundTrip(replica: ReturnType<typeof createReplica>): void {
    const file: unknown = JSON.parse(JSON.stringify(kind.exchange.export(viewOf(replica))))
    const again = createReplica(kind, 'Import')
    run(again, kind.exchange.import(file))
    expect(kind.exchange.export(viewOf(again))).toEqual(kind.exchange.export(viewOf(replica)))
  }
})
