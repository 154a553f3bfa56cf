import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldsOfChange, valueAt } from '#lib/store/fields.ts'
import { runsOf } from '#tests/support/runs.ts'

type Draft = Record<string, Record<string, unknown>>
interface Write {
  entry: string
  key: string
  value: unknown
}

const key = fc.constantFrom('a', 'b', 'c')
const plain = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.integer(),
  fc.integer({ min: -99, max: 99 }).map((eighths) => eighths / 8),
  fc.boolean(),
)
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 1, arbitrary: fc.constant(null) },
  // As the kinds write short texts, and what only a few of them have.
  { weight: 2, arbitrary: fc.string({ maxLength: 3 }).map((text) => new A.ImmutableString(text)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((at) => new Date(at)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((count) => new A.Counter(count)) },
  { weight: 1, arbitrary: fc.array(plain, { maxLength: 2 }) },
)
const map = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { maxKeys: 2, noNullPrototype: true })), {
  maxKeys: 3,
  noNullPrototype: true,
})
/** `undefined` deletes; without a key the whole entry. */
const write: fc.Arbitrary<Write> = fc.record({
  entry: fc.constantFrom('one', 'two'),
  key: fc.oneof(key, fc.constant('')),
  value: fc.oneof(value, map, fc.constant(undefined)),
})

function perform(draft: Draft, { entry, key, value }: Write): void {
  const cards = (draft['cards'] ??= {})
  if (key === '') {
    if (value === undefined) delete cards[entry]
    else cards[entry] = value
    return
  }
  const card = cards[entry]
  if (typeof card !== 'object' || card === null || Array.isArray(card) || card instanceof Date) return
  if (card instanceof A.ImmutableString || card instanceof A.Counter) return
  if (value === undefined) Reflect.deleteProperty(card, key)
  else Reflect.set(card, key, value)
}

test('what a change wrote is what the document held before and after it, also where whole entries came with it', () => {
  const commits = fc.array(fc.array(write, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(commits, (all) => {
      let doc = A.from<Draft>({ cards: {} })
      for (const writes of all) {
        const before = A.getHeads(doc)
        doc = A.change(doc, (draft) => writes.forEach((one) => perform(draft, one)))
        const [head] = A.getHeads(doc)
        if (head === undefined || before.includes(head)) continue
        const [then, now] = [A.view(doc, before), A.view(doc, [head])]
        const fields = fieldsOfChange(doc, head)
        for (const { path, before, after } of fields) {
          expect(before).toEqual(valueAt(then, path))
          expect(after).toEqual(valueAt(now, path))
        }
        // Nothing else changed: with these the one becomes the other.
        const became = structuredClone(valueAt(then, ['cards']))
        for (const { path, after } of fields) {
          const last = path.at(-1) ?? ''
          const holder = path
            .slice(1, -1)
            .reduce<object>((at, name) => Reflect.get(at, name) as object, became as object)
          if (after === undefined) Reflect.deleteProperty(holder, last)
          else Reflect.set(holder, last, after)
        }
        expect(became).toEqual(valueAt(now, ['cards']))
      }
    }),
    runsOf(300, 20_000),
  )
})
