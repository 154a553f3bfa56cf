import * as A from '@automerge/automerge/slim'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { ChangedField } from '#lib/kernel/define-kind.ts'
import { isImmutableString } from '@automerge/automerge/slim'
import { kinds } from '#lib/kinds/index.ts'
import { fieldsOfChanges } from '#lib/store/fields.ts'
import { CONTEXT, createReplica, fork, ROOT, run, viewOf, type Replica } from '#tests/support/kinds.ts'
import { callsOf } from '#tests/support/programs.ts'

const cases = kinds.flatMap((kind) =>
  Object.keys(kind.mutations).map((mutation) => ({ kind, name: kind.name, mutation })),
)

function typicalOf(kind: (typeof kinds)[number]): Replica {
  const replica = createReplica(kind, 'Lin')
  run(replica, kind.fixtures.typical())
  return replica
}
const replicas = new Map(kinds.map((kind) => [kind.name, typicalOf(kind)]))

let made = 0
const freshIds = fc.constant(null).map(() => `N${(made++).toString(36)}`)

describe.each(cases)('$name $mutation', ({ kind, name, mutation }) => {
  const typical = replicas.get(name)
  const arbitrary = callsOf[name]?.(freshIds)[mutation]
  if (!typical || !arbitrary) throw new Error(`no calls known for ${name} ${mutation}`)

  test('neither enumerates nor replaces a collection', () => {
    fc.assert(
      fc.property(arbitrary, (call) => {
        const definition = kind.mutations[mutation]
        if (!definition) throw new Error('gone')
        const id =
          definition.entity && !definition.creates
            ? typical.shards.get(String(call.args[definition.entity]))
            : undefined
        const member = id ? typical.docs.get(id) : [...typical.docs.values()].find(({ type }) => type === definition.on)
        if (!member) throw new Error('no document to run on')
        const args = v.parse(definition.args, call.args)
        const copy = A.clone(member.doc)
        A.change(copy, (draft) => definition.run(guarded(draft, 0) as never, args as never, CONTEXT))
      }),
      { numRuns: 20 },
    )
  })

  test('has an audit sentence in both languages that names what it names', () => {
    fc.assert(
      fc.property(arbitrary, (call) => {
        const replica = fork(typical, 'Ann')
        const written = run(replica, [call])
        const fields: ChangedField[] = written.flatMap(({ doc, type, hashes }) =>
          fieldsOfChanges(replica.docs.get(doc)?.doc ?? A.init(), hashes).map(({ path, before, after }) => ({
            doc,
            type,
            path,
            before,
            after,
          })),
        )
        const sentence = kind.audit[mutation]?.({ fields, view: viewOf(replica), personName: () => 'Lin Ruoxi' })
        for (const text of [sentence?.['zh-CN'] ?? '', sentence?.en ?? '']) {
          expect(text.trim()).not.toBe('')
          expect(text).not.toMatch(/undefined|null|\[object|“”/)
        }
        expect(sentence?.['zh-CN']).toMatch(/\p{Script=Han}/u)
        expect(sentence?.en).toMatch(/^[A-Za-z]/)
      }),
      { numRuns: 30 },
    )
  })
})

test('the guard of the law above catches enumeration and replacement', () => {
  const member = replicas.get('board')?.docs.get(ROOT)
  if (!member) throw new Error('no board')
  const doing = (act: (draft: Record<string, Record<string, unknown>>) => void) => () =>
    A.change(A.clone(member.doc), (draft) => act(guarded(draft, 0) as Record<string, Record<string, unknown>>))
  expect(doing((draft) => Object.keys(draft['columns'] ?? {}))).toThrow('enumerates')
  expect(doing((draft) => ({ ...draft['columns'] }))).toThrow('enumerates')
  expect(doing((draft) => void (draft['columns'] = {}))).toThrow('replaces')
  expect(
    doing((draft) => {
      const [id] = Object.keys(member.doc['columns'] ?? {})
      const columns = draft['columns']
      if (columns && id) columns[id] = { title: 'again' }
    }),
  ).toThrow('replaces')
})

/** A draft that may be written field by field only: no keys may be listed, no map may take the place of another. */
function guarded(target: object, depth: number): object {
  return new Proxy(target, {
    ownKeys() {
      throw new Error('enumerates a collection')
    },
    get(inner, key) {
      const value: unknown = Reflect.get(inner, key)
      if (typeof key === 'symbol' || typeof value !== 'object' || value === null || isImmutableString(value))
        return value
      return guarded(value, depth + 1)
    },
    set(inner, key, value: unknown) {
      const present: unknown = Reflect.get(inner, key)
      const isMap = (it: unknown): boolean => typeof it === 'object' && it !== null && !isImmutableString(it)
      if (isMap(value) && isMap(present)) throw new Error('replaces a map')
      return Reflect.set(inner, key, value)
    },
  })
}
