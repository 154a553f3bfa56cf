import { describe, test, expect } from 'vitest'
import fc from 'fast-check'
import type * as A from '@automerge/automerge'
import { standIns } from '#lib/kinds/prose/chosen.ts'
import { textIn } from '#lib/kinds/prose/formats.ts'
import { annAndBo, NOBODY, REDO, toldOf, UNDO } from '../support/prose-writers.ts'

/** Ann and Bo each put another number in the place of 300, knowing nothing of one another. */
function metIn(text = 'costs 300') {
  const both = annAndBo()
  const { ann, bo, meet } = both
  const written = ann.writes(0, text)
  meet()
  const [hers, his] = [ann.writes(6, '450', 3), bo.writes(6, '120', 3)]
  meet()
  return { ...both, written, hers, his, order: ann.text().startsWith('costs 450') ? '450120' : '120450' }
}

describe('who chose between words that had met takes back what they had written before', () => {
  test('what stands there of theirs goes also where the choice has written it again, and nothing is left of a word', () => {
    const both = metIn()
    const { ann, bo, meet, order, written, hers } = both
    ann.chooses(6, 12, order)
    meet()
    ann.takesBack(hers)
    meet()
    expect(bo.text()).toBe('costs 120')
    expect(toldOf(both)).toEqual({ ...NOBODY, instead: ['Bo'] })
    ann.takesBack(written)
    meet()
    expect(bo.text()).toBe('120')
  })

  test('her own word that she chose is hers, and what she had written over comes back', () => {
    const both = metIn()
    const { ann, bo, meet, written, hers } = both
    ann.chooses(6, 12, '450')
    meet()
    const back = ann.takesBack(hers)
    meet()
    expect(bo.text()).toBe('costs 300')
    expect(toldOf(both)).toEqual(NOBODY)
    const all = ann.takesBack(written)
    meet()
    expect(bo.text()).toBe('')
    ann.takesBack(all)
    ann.takesBack(back)
    meet()
    expect(bo.text()).toBe('costs 450')
  })

  test('his word that she chose is his: it stays alone, and he is named', () => {
    const both = metIn()
    const { ann, bo, meet, hers } = both
    ann.chooses(6, 12, '120')
    meet()
    ann.takesBack(hers)
    meet()
    expect(bo.text()).toBe('costs 120')
    expect(toldOf(both)).toEqual({ ...NOBODY, instead: ['Bo'] })
  })

  test('the other one, too', () => {
    const both = metIn()
    const { ann, bo, meet, his } = both
    ann.chooses(6, 12, '120')
    meet()
    bo.takesBack(his)
    meet()
    expect(ann.text()).toBe('costs 300')
  })

  test('a letter that both began with is whose it was: only what she put goes', () => {
    const both = annAndBo('costs 100')
    const { ann, bo, meet } = both
    const hers = ann.writes(7, '20', 2)
    bo.writes(7, '50', 2)
    meet()
    // Told are whole words, of which neither put the first letter.
    ann.chooses(6, 11, '120')
    meet()
    ann.takesBack(hers)
    meet()
    expect(bo.text()).toBe('costs 100')
  })
})

test('a choice that was taken back, or made again, by whomever: her words are hers', () => {
  for (const { chooser, again } of [
    { chooser: 'ann', again: false },
    { chooser: 'ann', again: true },
    { chooser: 'bo', again: false },
    { chooser: 'bo', again: true },
  ] as const) {
    const both = metIn()
    const { ann, bo, meet, order, written, hers } = both
    const who = both[chooser]
    const chosen = who.chooses(6, 12, '450')
    meet()
    const back = who.takesBack(chosen, UNDO)
    meet()
    expect(bo.text()).toBe(`costs ${order}`)
    if (again) who.takesBack(back, REDO)
    meet()
    expect(bo.text()).toBe(again ? 'costs 450' : `costs ${order}`)
    ann.takesBack(hers)
    meet()
    expect(bo.text()).toBe(again ? 'costs 300' : 'costs 120')
    ann.takesBack(written)
    meet()
    expect(bo.text()).toBe(again ? '' : '120')
  }
})

test('a choice that is taken back brings back nothing that has been taken out since of what it had written again', () => {
  for (const isAgain of [false, true]) {
    const both = metIn()
    const { ann, bo, meet, order, written, hers, his } = both
    const chosen = ann.chooses(6, 12, order)
    meet()
    const back = bo.takesBack(his)
    if (isAgain) bo.takesBack(back)
    meet()
    const stands = bo.text()
    expect(stands.replace('450', '')).toBe(isAgain ? 'costs 120' : 'costs ')
    const undone = ann.takesBack(chosen, UNDO)
    meet()
    expect(bo.text()).toBe(stands)
    const redone = ann.takesBack(undone, REDO)
    meet()
    expect(bo.text()).toBe(stands)
    ann.takesBack(redone, UNDO)
    meet()
    ann.takesBack(hers)
    meet()
    ann.takesBack(written)
    meet()
    expect(bo.text()).toBe(isAgain ? '120' : '')
  }
})

test('a choice that was taken back is not made again where the other one has chosen since: that stands, and who chose is told', () => {
  const both = metIn()
  const { ann, bo, meet } = both
  const undone = bo.takesBack(bo.chooses(6, 12, '120'), UNDO)
  meet()
  ann.chooses(6, 12, '450')
  meet()
  bo.takesBack(undone, REDO)
  meet()
  expect(ann.text()).toBe('costs 450')
  expect(bo.told.instead).toEqual([ann.actor()])
})

test('words that stand somewhere else, or as a line, by a choice are whose they were', () => {
  const { ann, bo, meet } = annAndBo()
  const written = ann.writes(0, 'alpha omega')
  meet()
  ann.chooses(6, 11, '\nomega\n')
  meet()
  expect(bo.text()).toBe('alpha ¶omega¶')
  ann.takesBack(written)
  meet()
  expect(bo.text().replaceAll('¶', '')).toBe('')
})

test('what is chosen keeps what lies over it: the link of a word, bold letters of another', () => {
  const { ann, meet } = annAndBo('a plan of ours and deal x')
  ann.marks(2, 6, 'link', '{"href":"https://a.example"}')
  ann.marks(19, 23, 'strong')
  meet()
  const spans = ann.spans()
  ann.chooses(0, 25, 'a plan of ours and deal x')
  expect(ann.spans()).toEqual(spans)
  ann.chooses(0, 25, 'plan deal new')
  meet()
  const text = (value: string, marks?: A.MarkSet) => ({ type: 'text', value, ...(marks && { marks }) })
  expect(ann.spans()).toEqual([
    text('plan', { link: '{"href":"https://a.example"}' }),
    text(' '),
    text('deal', { strong: true }),
    text(' new'),
  ])
})

test('no letter stands for a newer one, whatever a change says that it takes back', () => {
  const { ann } = annAndBo()
  const [put = ''] = ann.writes(0, 'a')
  ann.writes(1, 'a')
  const [taken = ''] = ann.writes(1, '', 1)
  const text = textIn(ann.doc, 'k1') ?? ''
  expect(standIns(ann.doc, text, [{ hash: put, takes: [taken], wrote: [taken], counts: false }])).toEqual([])
})

test('a letter beyond the basic plane that was chosen is whose it was', () => {
  const { ann, bo, meet } = annAndBo()
  const written = ann.writes(0, 'a😀b')
  meet()
  bo.chooses(0, 4, 'a😀b')
  meet()
  ann.takesBack(written)
  meet()
  expect(bo.text()).toBe('')
})

test('whatever Ann and Bo write, choose, take back and do again: Ann takes back all that she wrote, and no letter of hers is left', () => {
  const step = fc.record({
    who: fc.constantFrom('ann', 'bo'),
    at: fc.nat(40),
    length: fc.integer({ min: 1, max: 4 }),
    does: fc.constantFrom('writes', 'writes', 'chooses all', 'chooses hers', 'chooses his', 'takes back', 'again'),
    meets: fc.boolean(),
  })
  interface Done {
    hashes: string[]
    isChoice: boolean
  }
  fc.assert(
    fc.property(fc.array(step, { maxLength: 16 }), (steps) => {
      const both = annAndBo()
      const { ann, meet } = both
      const done: Record<'ann' | 'bo', Done[]> = { ann: [], bo: [] }
      const undone: Record<'ann' | 'bo', Done[]> = { ann: [], bo: [] }
      const turn = (who: 'ann' | 'bo', from: typeof done, to: typeof done, message: string) => {
        const last = from[who].pop()
        if (!last) return
        const hashes = both[who].takesBack(last.hashes, last.isChoice ? message : undefined)
        to[who].push({ ...last, hashes })
      }
      for (const { who, at, length, does, meets } of steps) {
        const person = both[who]
        const text = person.text()
        const place = Math.min(at, text.length)
        if (does === 'takes back') turn(who, done, undone, UNDO)
        else if (does === 'again') turn(who, undone, done, REDO)
        else {
          undone[who] = []
          const there = text.slice(place, place + length)
          const left = { 'chooses all': /^$/g, 'chooses hers': /[A-Z]/g, 'chooses his': /[a-z]/g }
          if (does === 'writes') {
            const letters = (who === 'ann' ? 'aeiou' : 'BCDEF').slice(0, length)
            done[who].push({ hashes: person.writes(place, letters), isChoice: false })
          } else if (there !== '') {
            const hashes = person.chooses(place, place + there.length, there.replaceAll(left[does], ''))
            done[who].push({ hashes, isChoice: true })
          }
        }
        // Choices that cross are a matter of their own: both write what stands there.
        if (meets || does !== 'writes') meet()
      }
      meet()
      for (const { hashes } of done.ann.reverse().filter(({ isChoice }) => !isChoice)) ann.takesBack(hashes)
      meet()
      expect(ann.text().replaceAll(/[A-Z]/g, '')).toBe('')
    }),
    { numRuns: 150 },
  )
})

test('a line that Ann had taken out comes back with what Bo, apart, wrote into it, also where she had chosen that and taken the choice back', () => {
  const both = annAndBo()
  const { ann, bo, meet } = both
  for (const line of ['Buy rope', 'Paint hull', 'Mend sail']) {
    ann.splits(ann.text().length)
    ann.writes(ann.text().length, line)
  }
  meet()
  const line = [...ann.writes(10, '', 10), ...ann.writes(9, '', 1)]
  bo.writes(20, ' twice')
  meet()
  expect(ann.text()).toBe('¶Buy rope twice¶Mend sail')
  const choice = ann.chooses(9, 15, ' twice')
  meet()
  ann.takesBack(choice, UNDO)
  ann.takesBack(line)
  meet()
  expect(bo.text()).toBe('¶Buy rope¶Paint hull twice¶Mend sail')
  expect(toldOf(both)).toEqual({ ...NOBODY, beside: ['Bo'] })
})

test('what comes back is not said to stand beside what goes with it: Bo had brought 120 back, and Ann does her 300 again', () => {
  const both = annAndBo('costs 120 now')
  let [hers, his] = [both.ann.writes(6, '300', 3), both.bo.writes(6, '450', 3)]
  both.meet()
  hers = both.ann.takesBack(hers)
  both.meet()
  his = both.bo.takesBack(his)
  both.meet()
  expect(both.bo.text()).toBe('costs 120 now')
  both.ann.takesBack(hers)
  expect(both.ann.text()).toBe('costs 300 now')
  expect(toldOf(both)).toEqual(NOBODY)
  both.meet()
  // His words stand beside hers again.
  both.bo.takesBack(his)
  expect(both.bo.told.beside).toEqual([both.ann.actor()])
})

test.each(
  ['', 'a- a+', 'b- b+', 'a- a+ b- b+', 'a- b- a+ b+', 'a- b- b+ a+'].flatMap((turns) =>
    (['ann', 'bo'] as const).map((first) => [turns, first] as const),
  ),
)(
  'Bo chooses Ann’s word, after “%s”, where %s’s letters come first: where she takes it back, what both had written over is there, and his choice is not made again',
  (turns, greater) => {
    const actors = { ann: 'bb'.repeat(16), bo: (greater === 'ann' ? 'aa' : 'cc').repeat(16) }
    const both = annAndBo('costs 120 now', actors)
    const costs = () => both.ann.text().slice('costs '.length, -' now'.length)
    const steps = { a: both.ann.writes(6, '300', 3), b: both.bo.writes(6, '450', 3) }
    both.meet()
    const turn = (who: 'a' | 'b') => {
      steps[who] = both[who === 'a' ? 'ann' : 'bo'].takesBack(steps[who])
      both.meet()
    }
    for (const one of turns.split(' ')) if (one !== '') turn(one.startsWith('a') ? 'a' : 'b')
    let choice = both.bo.chooses(6, 12, '300')
    both.meet()
    expect(costs()).toBe('300')
    turn('a')
    expect(costs()).toBe('120')
    choice = both.bo.takesBack(choice, UNDO)
    both.meet()
    turn('b')
    turn('b')
    expect(costs()).toBe('450')
    both.bo.takesBack(choice, REDO)
    both.meet()
    expect(costs()).toBe('450')
    expect(both.bo.told.taken).toEqual([both.ann.actor()])
  },
)

test.each(
  ['a- b- a+ b+', 'a- b- b+ a+', 'b- a- a+ b+', 'a- a+ b- b+', 'b- b+ a- a+'].flatMap((turns) =>
    ['120', 'both'].flatMap((his) => (['ann', 'bo'] as const).map((first) => [turns, his, first] as const)),
  ),
)(
  'Ann chose 450 and Bo, apart, %2$s, taken back and made again as %1$s, where %3$s’s letters come first: made again a choice holds, unless the other one has chosen since, which is told; nothing is doubled',
  (turns, his, greater) => {
    const actors = { ann: 'bb'.repeat(16), bo: (greater === 'ann' ? 'aa' : 'cc').repeat(16) }
    const both = annAndBo('costs 300 now', actors)
    const costs = () => both.ann.text().slice('costs '.length, -' now'.length)
    both.ann.writes(6, '450', 3)
    both.bo.writes(6, '120', 3)
    both.meet()
    const [hers, theirs] = ['450', his === 'both' ? costs() : '120']
    const asked = costs()
    const steps = { a: both.ann.chooses(6, 12, hers), b: both.bo.chooses(6, 12, theirs) }
    both.meet()
    const counts = { a: true, b: true }
    for (const turn of turns.split(' ')) {
      const who = turn.startsWith('a') ? 'a' : 'b'
      const person = both[who === 'a' ? 'ann' : 'bo']
      const isUndo = turn.endsWith('-')
      steps[who] = person.takesBack(steps[who], isUndo ? UNDO : REDO)
      both.meet()
      const isStaying = person.told.instead.length > 0
      if (isUndo || !isStaying) counts[who] = !isUndo
      if (!isUndo && !isStaying) expect(costs(), turn).toBe(who === 'a' ? hers : theirs)
      if (!counts.a && !counts.b) expect(costs(), turn).toBe(asked)
      expect([hers, theirs, asked], turn).toContain(costs())
    }
  },
)
