import * as A from '@automerge/automerge'
import { expect, test } from 'vitest'
import fc from 'fast-check'
import { linkMark } from '#lib/kinds/prose/link-mark.ts'
import { annAndBo, block, type Writers } from '../support/prose-writers.ts'

type Who = 'ann' | 'bo'
interface Step {
  /** What takes it back now, or does it again. */
  hashes: string[]
  counts: boolean
}
const turn = fc.record({ who: fc.constantFrom<Who>('ann', 'bo'), way: fc.constantFrom('undo', 'redo') })
const turns = fc.array(turn, { maxLength: 12 })

/**
 * Ann and Bo take back and do again what they did, each the newest of theirs: first as they like, then until all is taken back, then until all is
 * done again. `stands` looks each time; not where something stays as another has it, which is told (0013), for then nothing more is said here.
 */
function takeTurns<One extends Step>(
  both: Writers,
  done: Record<Who, One[]>,
  some: readonly { who: Who; way: string }[],
  stands: (when: 'between' | 'taken back' | 'done again', step?: One) => void,
): void {
  const undone: Record<Who, One[]> = { ann: [], bo: [] }
  const take = (who: Who, way: string): boolean => {
    const [from, to] = way === 'undo' ? [done[who], undone[who]] : [undone[who], done[who]]
    const step = from.pop()
    if (!step) return true
    step.hashes = both[who].takesBack(step.hashes)
    both.meet()
    const { instead, gone } = both[who].told
    if (instead.length + gone.length > 0) return false
    step.counts = way === 'redo'
    to.push(step)
    stands('between', step)
    return true
  }
  const all = (way: 'undo' | 'redo') =>
    (['ann', 'bo'] as const).every((who) => {
      const from = way === 'undo' ? done[who] : undone[who]
      while (from.length > 0) if (!take(who, way)) return false
      return true
    })
  if (!some.every(({ who, way }) => take(who, way))) return
  if (!all('undo')) return
  stands('taken back')
  if (all('redo')) stands('done again')
}

test('whatever Ann and Bo write and take out, apart or not: of each letter it holds at each turn that it is there where what put it in counts, and nothing does that took it out', () => {
  const write = fc.record({
    who: fc.constantFrom<Who>('ann', 'bo'),
    at: fc.nat(30),
    length: fc.nat(4),
    instead: fc.nat(3),
    meets: fc.boolean(),
  })
  interface Write extends Step {
    put: readonly string[]
    taken: readonly string[]
    isTurned: boolean
  }
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 6 }), turns, (writes, some) => {
      const both = annAndBo('begin.')
      const [done, all]: [Record<Who, Write[]>, Write[]] = [{ ann: [], bo: [] }, []]
      let next = '一'.codePointAt(0) ?? 0
      for (const { who, at, length, instead, meets } of writes) {
        const text = both[who].text()
        const from = Math.min(at, text.length)
        const put = Array.from({ length }, () => String.fromCodePoint(next++))
        const taken = text.slice(from, from + instead).split('')
        const hashes = both[who].writes(from, put.join(''), taken.length)
        const step = { hashes, put, taken, counts: true, isTurned: false }
        if (hashes.length > 0) done[who].push(step)
        if (hashes.length > 0) all.push(step)
        if (meets) both.meet()
      }
      both.meet()
      const end = both.ann.text()
      const isThere = (letter: string) => {
        const takers = all.filter(({ taken }) => taken.includes(letter))
        // Where both took it out apart, it is there as soon as one of them takes that back.
        const isOut = takers.some((one) => one.counts && one.isTurned) || takers.every(({ counts }) => counts)
        return all.every(({ put, counts }) => counts || !put.includes(letter)) && (takers.length === 0 || !isOut)
      }
      takeTurns(both, done, some, (when, step) => {
        if (step) step.isTurned = true
        const letters = [...'begin.', ...all.flatMap(({ put }) => put)].filter(isThere)
        expect([...both.ann.text()].toSorted()).toEqual(letters.toSorted())
        if (when === 'taken back') expect(both.ann.text()).toBe('begin.')
        if (when === 'done again') expect(both.ann.text()).toBe(end)
      })
    }),
    { numRuns: 150 },
  )
})

const KINDS = ['heading', 'ordered-list-item', 'blockquote', 'code-block']
test.each(['a paragraph', 'a paragraph that Ann begins as well', 'a link'])(
  'whatever Ann and Bo make of %s, apart or not: at each turn it is as somebody made it whose step counts, and nobody’s counts who knew of it',
  (what) => {
    const isLink = what === 'a link'
    const make = fc.record({ who: fc.constantFrom<Who>('ann', 'bo'), kind: fc.nat(3), meets: fc.boolean() })
    interface Make extends Step {
      is: string
      knew: readonly Make[]
    }
    fc.assert(
      fc.property(fc.array(make, { minLength: 1, maxLength: 4 }), turns, (makes, some) => {
        const both = annAndBo()
        const begins = [...both.ann.splits(0), ...both.ann.writes(1, 'word')]
        both.meet()
        const is = () => {
          const [first, words] = both.ann.spans()
          if (isLink) return String((words?.type === 'text' && words.marks?.['link']) || '')
          return first?.type === 'block' ? String(first.value['type']) : ''
        }
        const start = is()
        const [done, all]: [Record<Who, Make[]>, Make[]] = [{ ann: [], bo: [] }, []]
        const first = new Map<Make, string[]>()
        const begun: Make = { hashes: begins, is: start, counts: true, knew: [] }
        if (what !== 'a paragraph' && !isLink) {
          first.set(begun, begins.slice(-1))
          done.ann.push(begun)
        }
        for (const [nth, { who, kind, meets }] of makes.entries()) {
          const person = both[who]
          const value = isLink ? linkMark(`https://${who}.example/${nth}`) : (KINDS[kind] ?? '')
          const attrs = value === 'heading' ? { level: 1 } : {}
          const knew = all.filter((other) => A.hasHeads(person.doc, first.get(other) ?? []))
          const hashes = isLink
            ? person.marks(1, 5, 'link', value)
            : person.shapes([
                { type: 'block', value: { ...block(value), attrs } },
                { type: 'text', value: 'word' },
              ])
          const step = { hashes, is: value, counts: true, knew }
          if (hashes.length > 0) all.push(step)
          if (hashes.length > 0) done[who].push(step)
          first.set(step, hashes)
          if (meets) both.meet()
        }
        both.meet()
        const end = is()
        takeTurns(both, done, some, (when) => {
          const counting = all.filter(({ counts }) => counts)
          const newest = counting.filter((one) => !counting.some(({ knew }) => knew.includes(one)))
          if (begun.counts) expect(newest.length > 0 ? newest.map((one) => one.is) : [start]).toContain(is())
          if (when === 'taken back') expect(is()).toBe(begun.counts ? start : '')
          if (when === 'done again') expect(is()).toBe(end)
        })
      }),
      { numRuns: 150 },
    )
  },
)
