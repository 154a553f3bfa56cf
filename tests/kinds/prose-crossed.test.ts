import * as A from '@automerge/automerge'
import { describe, test, expect } from 'vitest'
import fc from 'fast-check'
import { writingMessage } from '#lib/kernel/groups.ts'
import { settledNow, takings } from '#lib/kinds/prose/put-again.ts'
import { annAndBo, REDO, UNDO } from '../support/prose-writers.ts'

type Who = 'ann' | 'bo'

/** Both undo and redo what they wrote, each the newest of theirs, one after the other; all that one did reaches the other before that does anything. */
function crossing(both: ReturnType<typeof annAndBo>, steps: Record<Who, string[][]>) {
  const undone: Record<Who, string[][]> = { ann: [], bo: [] }
  const turn = (who: Who, from: string[][], to: string[][]) => {
    const hashes = from.pop()
    const back = hashes ? both[who].takesBack(hashes) : []
    if (back.length > 0) to.push(back)
    both.meet()
  }
  return {
    undo: (who: Who) => turn(who, steps[who], undone[who]),
    redo: (who: Who) => turn(who, undone[who], steps[who]),
    undoAll(who: Who) {
      while (steps[who].length > 0) this.undo(who)
    },
    redoAll(who: Who) {
      while (undone[who].length > 0) this.redo(who)
    },
  }
}

describe('both take all of theirs back and do it again, in whichever order', () => {
  const orders: [name: string, ...Who[]][] = [
    ['Ann, Bo, Bo, Ann', 'ann', 'bo', 'bo', 'ann'],
    ['Bo, Ann, Ann, Bo', 'bo', 'ann', 'ann', 'bo'],
    ['Ann, Bo, Ann, Bo', 'ann', 'bo', 'ann', 'bo'],
    ['Bo, Ann, Bo, Ann', 'bo', 'ann', 'bo', 'ann'],
  ]
  test.each(orders)(
    'a word that Bo typed over one of Ann’s stands where it stood: %s',
    (_, ...[one, two, three, four]) => {
      const both = annAndBo()
      const { ann, bo, meet } = both
      const ann1 = [ann.writes(0, 'see the plan now'), ann.splits(16), ann.writes(17, 'and more')]
      meet()
      const bo1 = [bo.writes(8, 'sketch', 4)]
      meet()
      const crossed = crossing(both, { ann: ann1, bo: bo1 })
      for (const who of [one, two]) crossed.undoAll(who!)
      for (const who of [three, four]) crossed.redoAll(who!)
      expect(ann.text()).toBe('see the sketch now¶and more')
    },
  )

  test.each(orders)('a line of Bo’s between two of Ann’s stays one: %s', (_, ...[one, two, three, four]) => {
    const both = annAndBo()
    const { ann, bo, meet } = both
    const ann1 = [ann.splits(0), ann.writes(1, 'first line'), ann.splits(11), ann.writes(12, 'last line')]
    meet()
    const bo1 = [bo.splits(11), bo.writes(12, 'of Bo')]
    meet()
    expect(ann.text()).toBe('¶first line¶of Bo¶last line')
    const crossed = crossing(both, { ann: ann1, bo: bo1 })
    for (const who of [one, two]) crossed.undoAll(who!)
    for (const who of [three, four]) crossed.redoAll(who!)
    expect(ann.text()).toBe('¶first line¶of Bo¶last line')
  })
})

test('a word of Ann’s that Bo’s undo has brought back goes as she takes back all that she wrote', () => {
  const both = annAndBo()
  const { ann, bo, meet } = both
  const step = ann.writes(0, 'see the plan now')
  meet()
  const crossed = crossing(both, { ann: [step], bo: [bo.writes(8, 'sketch', 4)] })
  meet()
  crossed.undo('bo')
  crossed.undo('ann')
  expect(ann.text()).toBe('')
})

test('a choice is not made again where the one whose words it chose has taken them back: hers stay, and she is told', () => {
  const { ann, bo, meet } = annAndBo('room 31 booked')
  const [hers, his] = [ann.writes(5, '47', 2), bo.writes(5, '62', 2)]
  meet()
  const chosen = ann.chooses(5, 9, '62')
  const undone = ann.takesBack(chosen, UNDO)
  meet()
  bo.takesBack(his)
  meet()
  const back = ann.takesBack(hers)
  expect(ann.text()).toBe('room 31 booked')
  ann.takesBack(back)
  expect(ann.text()).toBe('room 47 booked')
  ann.takesBack(undone, REDO)
  expect(ann.text()).toBe('room 47 booked')
  expect(ann.told.taken).toEqual([bo.actor()])
})

test('what comes back into a sentence that another has taken out around it is told', () => {
  const { ann, bo, meet } = annAndBo('Eat well. Bring the two big pots. Bye.')
  ann.writes(10, '', 24)
  const his = bo.writes(20, '', 8)
  meet()
  bo.takesBack(his)
  expect(bo.text()).toBe('Eat well. two big Bye.')
  expect(bo.told.around).toEqual([ann.actor()])
})

test('what Ann had laid over words goes from those, too, that Bo wrote among them without it, and comes over them again', () => {
  const { ann, bo, meet } = annAndBo('we sail at seven sharp')
  const step = ann.marks(8, 22, 'strong')
  const his = bo.writes(11, 'nine', 5)
  meet()
  const strong = () => ann.spans().flatMap((span) => (span.type === 'text' && span.marks ? span.value : []))
  expect(strong()).toEqual(['at nine sharp'])
  const back = ann.takesBack(step)
  meet()
  expect(strong()).toEqual([])
  ann.takesBack(ann.takesBack(ann.takesBack(back)))
  meet()
  expect(strong()).toEqual(['at nine sharp'])
  bo.takesBack(his)
  meet()
  expect(strong()).toEqual(['at seven sharp'])
})

test('a change may say that it takes back one that says the same, and so on, or thousands at once: no stack overflows, and what no step can be is passed over', () => {
  let doc = A.from({ a: 1 })
  for (let nth = 0; nth < 12_000; nth++) doc = A.emptyChange(doc, { message: writingMessage(0, 'k1', A.getHeads(doc)) })
  const all = A.getChangesMetaSince(doc, [])
  expect(settledNow(all).size).toBe(12_000)
  const hashes = all.map(({ hash }) => hash)
  doc = A.emptyChange(doc, { message: writingMessage(0, 'k1', hashes) })
  const since = A.getChangesMetaSince(doc, [])
  const last = since.at(-1)
  expect(last && takings(since)(last)).toBe(null)
})

test('whatever Ann and Bo write together: however both take theirs back and do it again, in the end it is as it was', () => {
  const step = fc.record({
    who: fc.constantFrom<Who>('ann', 'bo'),
    at: fc.nat(30),
    length: fc.nat(4),
    instead: fc.nat(3),
    splits: fc.boolean(),
  })
  const turns = fc.array(fc.constantFrom<Who>('ann', 'bo'), { maxLength: 12 })
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), turns, turns, (written, undone, again) => {
      const both = annAndBo('start')
      const steps: Record<Who, string[][]> = { ann: [], bo: [] }
      for (const { who, at, length, instead, splits } of written) {
        const text = both[who].text()
        const from = Math.min(at, text.length)
        const letters = (who === 'ann' ? 'aeiou' : 'BCDEF').slice(0, length)
        const gone = Math.min(instead, text.length - from)
        const hashes = splits ? both[who].splits(from) : both[who].writes(from, letters, gone)
        if (hashes.length > 0) steps[who].push(hashes)
        both.meet()
      }
      const stands = both.ann.text()
      const crossed = crossing(both, steps)
      for (const who of undone) crossed.undo(who)
      for (const who of again) crossed.redo(who)
      crossed.redoAll('ann')
      crossed.redoAll('bo')
      expect(both.ann.text()).toBe(stands)
    }),
    { numRuns: 100 },
  )
})

describe('of words that both put in the place of the same ones', () => {
  const both = (hersCounts: boolean) => {
    const [less, more] = ['aa'.repeat(16), 'bb'.repeat(16)]
    const two = annAndBo('it costs 120', hersCounts ? { ann: more, bo: less } : { ann: less, bo: more })
    const steps: Record<string, string[]> = { a: two.ann.writes(9, '81', 3), b: two.bo.writes(9, '93', 3) }
    two.meet()
    const turn = (what: string) => {
      const [who = '', person] = what.startsWith('a') ? ['a', two.ann] : ['b', two.bo]
      steps[who] = person.takesBack(steps[who] ?? [])
      two.meet()
      return two.ann.text()
    }
    return { ...two, turn }
  }

  test.each(
    [true, false].flatMap((hersCounts) =>
      [
        ['a- a+ a- a+', '93', 'both', '93', 'both'],
        ['b- b+ b-', '81', 'both', '81'],
        ['a- b- b+ a+ a-', '93', '120', '93', 'both', '93'],
        ['a- b- a+ b+ b-', '93', '120', '81', 'both', '81'],
        ['b- a- a+ b+', '81', '120', '81', 'both'],
      ].map(([turns = '', ...stands]) => ({ hersCounts, turns, stands })),
    ),
  )('whoever takes theirs back leaves the other one’s alone, however often: %o', ({ hersCounts, turns, stands }) => {
    const { turn, ann } = both(hersCounts)
    const together = ann.text()
    for (const [nth, what] of turns.split(' ').entries()) {
      const ought = stands[nth] === 'both' ? together : `it costs ${stands[nth]}`
      expect(turn(what), `${nth} ${what}`).toBe(ought)
    }
  })

  test('whose are left alone is told; and so is whose word it is that a choice which is taken back brings others beside', () => {
    const first = both(true)
    first.turn('a-')
    expect(first.ann.told.instead).toEqual([first.bo.actor()])
    const { ann, bo, meet, turn } = both(true)
    const chosen = bo.chooses(9, 13, '81')
    meet()
    expect(turn('a-')).toBe('it costs 120')
    bo.takesBack(chosen, UNDO)
    meet()
    expect(bo.text()).toMatch(/^it costs (93120|12093)$/)
    expect(bo.told.beside).toEqual([ann.actor()])
  })
})
