import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writingMessage } from '#lib/kernel/groups.ts'
import { mutations } from '#lib/kinds/prose/mutations.ts'
import { takingBack } from '#lib/kinds/prose/take-back.ts'
import { genesis, type ProseDraft } from '#lib/kinds/prose/schema.ts'
import { spansOf } from '#lib/kinds/prose/spans.ts'
import { changeMessage, choiceIn, choiceMessage, takenBack } from '#lib/store/change-message.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { Touched } from '#lib/store/touched.ts'
import { wordsSince } from '#lib/store/words-contested.ts'
import { fixed } from '#tests/support/runs.ts'

type Prose = A.Doc<ProseDraft>
const actorOf = (name: string) => Array.from(name.padEnd(24), (letter) => letter.charCodeAt(0).toString(16)).join('')
const as = (name: string, doc: Prose): Prose => A.clone(doc, { actor: actorOf(name) })
const path = ['entries', 'k1', 'text']
const start = (text: string): Prose =>
  A.change(
    A.change(A.init<ProseDraft>({ actor: actorOf('genesis') }), genesis),
    { message: changeMessage('addEntry', 'g') },
    (draft) => mutations.addEntry.run(draft, { entry: 'k1', text, spans: [], formatted: [] }, { now: 0 as never }),
  )
const lettersOf = (doc: Prose) =>
  spansOf(doc, 'k1')
    .map((span) => (span.type === 'block' ? '\n' : span.value))
    .join('')
/** Each edit a change of its own, as an editor makes them: takes a length out at a place, and puts letters there one by one. */
const edit = (doc: Prose, words: string, [out, letters]: readonly [number, string], offset = 0): Prose => {
  const at = lettersOf(doc).indexOf(words) + offset
  let now = A.change(doc, { message: writingMessage(0, 'k1') }, (draft) =>
    A.splice(draft, path, at, out, letters.slice(0, 1)),
  )
  for (const [nth, letter] of [...letters.slice(1)].entries())
    now = A.change(now, { message: writingMessage(0, 'k1') }, (draft) => A.splice(draft, path, at + 1 + nth, 0, letter))
  return now
}
const found = (doc: Prose) => wordsSince({ doc: doc as AnyDoc, touched: new Touched() }, 'cards', undefined)
const said = (doc: Prose) =>
  found(doc).map(({ of, values }) => [
    of,
    ...values.map(({ value, actor }) => [value, Buffer.from(actor, 'hex').toString().trim()]),
  ])
const met = (ann: Prose, bo: Prose) => [A.merge(as('c', ann), bo), A.merge(as('d', bo), ann)]
const keep = (doc: Prose, nth: number): Prose => {
  const [{ path: place, values } = { path: [] as readonly string[], values: [] }] = found(doc)
  const value = values[nth]?.value as string | Record<string, string>
  const { words, together, stays, once, after } = typeof value === 'string' ? { words: value } : value
  return A.change(doc, { message: changeMessage('keepWords', 'g') }, (draft) =>
    mutations.keepWords.run(
      draft,
      {
        ...{ entry: 'k1', from: place[3] ?? '', to: place[4] ?? '' },
        ...{ words: words ?? together ?? stays ?? once ?? '', ...(after !== undefined && { after }) },
      },
      { now: 0 as never },
    ),
  )
}
/** Whether that was done last. */
const isChoice = (doc: Prose): boolean => {
  const [last = '', ...others] = A.getHeads(doc)
  return others.length === 0 && choiceIn(A.inspectChange(doc, last)?.message) === 'made'
}
const isOfChoice = (doc: Prose): boolean => choiceIn(A.inspectChange(doc, A.getHeads(doc)[0] ?? '')?.message) !== null
/** Takes back, or does again, what was done last. */
const takeBack = (doc: Prose, way: 'undo' | 'redo'): Prose => {
  const { write } = takingBack(doc, path, A.getHeads(doc), new Map(), () => false)
  const choice = choiceMessage(changeMessage(takenBack(way, ['keepWords']), 'u'), A.getHeads(doc))
  const message = isOfChoice(doc) ? choice : writingMessage(0, 'k1', A.getHeads(doc))
  return A.change(doc, { message }, (draft) => void write(draft))
}
/** Begins a line behind these words and writes into it. */
const begin = (doc: Prose, behind: string, words: string): Prose => {
  const at = lettersOf(doc).indexOf(behind) + behind.length
  const split = A.change(doc, { message: writingMessage(0, 'k1') }, (draft) =>
    A.splitBlock(draft, path, at, { type: 'paragraph', parents: [], attrs: {} }),
  )
  return edit(split, `${behind}\n`, [0, words], behind.length + 1)
}

test('of words that both wrote in place of the same ones both are told, with what stands there, and each can be kept', () => {
  const first = start('the price is 100 euro')
  const [ann, bo] = [edit(as('ann', first), '100', [3, '120']), edit(as('bo', first), '100', [3, '150'])]
  for (const doc of met(ann, bo)) {
    const together = /is (\d+)/.exec(lettersOf(doc))?.[1] ?? ''
    expect(['120150', '150120']).toContain(together)
    expect(said(doc)).toEqual([[`the price is ${together} euro`, [{ together }, ''], ['120', 'ann'], ['150', 'bo']]])
    for (const [nth, words] of [together, '120', '150'].entries()) {
      const kept = keep(as('e', doc), nth)
      expect(lettersOf(kept)).toBe(`\nthe price is ${words} euro`)
      expect(said(kept)).toEqual([])
    }
  }
})

test.each(['before', 'behind'])(
  'what somebody writes right %s words that met leaves the question as it was',
  (where) => {
    const first = start('100')
    const [ann, bo] = [edit(as('ann', first), '100', [3, '120']), edit(as('bo', first), '100', [3, '150'])]
    const [doc = first] = met(ann, bo)
    const together = lettersOf(doc).trim()
    const [, ...values] = said(doc)[0] ?? []
    expect(values).toHaveLength(3)
    const more = where === 'before' ? edit(doc, together, [0, 'it is ']) : edit(doc, together, [0, ', more'], 6)
    const text = where === 'before' ? `it is ${together}` : `${together}, more`
    expect(said(more)).toEqual([[text, ...values]])
  },
)

test('told are whole words, of which an editor has left what both begin or end with; in Chinese the signs alone', () => {
  const first = start('at 1000 euro 五月一日')
  const [ann, bo] = [edit(as('ann', first), '1000', [2, '2'], 1), edit(as('bo', first), '1000', [2, '5'], 1)]
  const [doc] = met(ann, bo)
  expect(said(doc!)[0]?.slice(2)).toEqual([
    ['120', 'ann'],
    ['150', 'bo'],
  ])
  expect(lettersOf(keep(as('e', doc!), 1))).toBe('\nat 120 euro 五月一日')
  const [other] = met(edit(as('ann', first), '一日', [1, '二']), edit(as('bo', first), '一日', [1, '三']))
  expect(said(other!)[0]?.slice(2)).toEqual([
    ['三', 'bo'],
    ['二', 'ann'],
  ])
})

test('of one who replaced less the rest stays with their words', () => {
  const first = start('price 100 euro')
  const [ann, bo] = [edit(as('ann', first), '100 euro', [8, '220 dollars']), edit(as('bo', first), '100', [3, '350'])]
  for (const doc of met(ann, bo)) {
    expect(said(doc)[0]?.slice(2)).toEqual([
      ['220 dollars', 'ann'],
      ['350 euro', 'bo'],
    ])
    expect(lettersOf(keep(as('e', doc), 2))).toBe('\nprice 350 euro')
  }
})

test.each([
  ['ten', 'eleven', 'Monday at eleven'],
  ['ten', '8', 'Monday at 8'],
  ['at', 'before', 'Monday before ten'],
])(
  'of a phrase that Ann replaces and one word of which Bo does (%s, %s) each one’s phrase is told',
  (word, other, phrase) => {
    const first = start('We meet on Monday at ten in the yard')
    const ann = edit(as('ann', first), 'Monday at ten', [13, 'Friday noon'])
    const bo = edit(as('bo', first), word, [word.length, other])
    for (const doc of met(ann, bo)) {
      expect(said(doc)[0]?.slice(2)).toEqual([
        ['Friday noon', 'ann'],
        [phrase, 'bo'],
      ])
      expect([1, 2].map((nth) => lettersOf(keep(as('e', doc), nth)))).toEqual([lettersOf(ann), lettersOf(bo)])
    }
  },
)

test('of words that were composed what stands there in the end is told', () => {
  const first = start('我们周一开会')
  const compose = (doc: Prose, word: string) => edit(edit(doc, '周一', [2, 'zhou']), 'zhou', [4, word])
  const [doc] = met(compose(as('ann', first), '周三'), compose(as('bo', first), '周五'))
  expect(said(doc!)[0]?.slice(2)).toEqual([
    ['周三', 'ann'],
    ['周五', 'bo'],
  ])
})

test('what Ann adds to a line, and stands in the one that Bo, apart, began after it, is told, and can go where it belongs', () => {
  const first = start('alpha one\nbeta two\ngamma')
  const outcomes = [['ann', 'bo'] as const, ['bo', 'ann'] as const].map(([writer, beginner]) => {
    const ann = edit(as(writer, first), 'two', [0, ' by Ann'], 3)
    const [doc] = met(ann, begin(as(beginner, first), 'two', 'bo line'))
    const right = '\nalpha one\nbeta two by Ann\nbo line\ngamma'
    if (lettersOf(doc!) === right) {
      expect(said(doc!)).toEqual([])
      return 'stays'
    }
    expect(said(doc!)[0]?.slice(1)).toEqual([
      [{ stays: ' by Ann' }, ''],
      [{ words: ' by Ann', after: expect.any(String), line: 'beta two' }, writer],
    ])
    const [stays, moved] = [keep(as('e', doc!), 0), keep(as('e', doc!), 1)]
    expect(lettersOf(moved)).toBe(right)
    expect(lettersOf(stays)).toBe(lettersOf(doc!))
    for (const kept of [stays, moved]) {
      expect(said(kept)).toEqual([])
      expect(said(takeBack(kept, 'undo'))).toEqual(said(doc!))
    }
    return 'told'
  })
  expect(outcomes.toSorted()).toEqual(['stays', 'told'])
})

test('a line that Bo, apart, put between two that Ann joined is told with the one that it ran into, and can stay or be one of its own', () => {
  const first = start('line one\nline two\nline three')
  for (const [joiner, other] of [
    ['ann', 'bo'],
    ['bo', 'ann'],
  ] as const) {
    const joined = edit(as(joiner, first), 'one\n', [1, ''], 3)
    const between = begin(as(other, first), 'one', 'his own')
    for (const doc of met(joined, between)) {
      const stands = '\nline one\nhis ownline two\nline three'
      expect(lettersOf(doc)).toBe(stands)
      expect(said(doc)).toEqual([
        [
          'his ownline two',
          [{ joined: 'his ownline two', words: 'n' }, ''],
          [{ parted: ['his own', 'line two'], words: 'n\n' }, other],
        ],
      ])
      const [stays, parted] = [keep(as('e', doc), 0), keep(as('e', doc), 1)]
      expect(lettersOf(stays)).toBe(stands)
      expect(lettersOf(parted)).toBe('\nline one\nhis own\nline two\nline three')
      for (const kept of [stays, parted]) {
        expect(said(kept)).toEqual([])
        const back = takeBack(kept, 'undo')
        expect(said(back)).toEqual(said(doc))
        expect(said(takeBack(back, 'redo'))).toEqual([])
      }
      // Who knows of both and parts them by hand has answered it.
      const byHand = A.change(as('e', doc), { message: writingMessage(0, 'k1') }, (draft) =>
        A.splitBlock(draft, path, stands.indexOf('line two'), { type: 'paragraph', parents: [], attrs: {} }),
      )
      expect(said(byHand)).toEqual([])
    }
  }
})

test('what Bo put behind a line of which Ann, apart, took out the end and the beginning of the next one is told, whether she wrote there or not', () => {
  const first = start('Order 300 sails\nPaint the hull\nLaunch in May')
  const across = ' hull\nLaunch'
  const bo = begin(as('bo', first), 'hull', 'Check the mast')
  for (const letters of ['', ' deck and go']) {
    const ann = edit(as('ann', first), across, [across.length, letters])
    for (const doc of met(ann, bo)) {
      const stands = `\nOrder 300 sails\nPaint the${letters}\nCheck the mast in May`
      expect(lettersOf(doc)).toBe(stands)
      expect(said(doc)).toEqual([
        [
          'Check the mast in May',
          [{ joined: 'Check the mast in May', words: 't' }, ''],
          [{ parted: ['Check the mast', ' in May'], words: 't\n' }, 'bo'],
        ],
      ])
      expect(said(keep(as('e', doc), 0))).toEqual([])
      expect(said(keep(as('e', doc), 1))).toEqual([])
      expect(lettersOf(keep(as('e', doc), 1))).toBe(stands.replace('mast in', 'mast\n in'))
    }
  }
})

test('of a line whose words Ann replaces while Bo, apart, takes it out both are told, with what he took out', () => {
  const first = start('Order 300 sails\nPaint the hull\nLaunch in May')
  for (const line of ['Paint the hull', 'Launch in May']) {
    const ann = edit(as('ann', first), line, [line.length, 'Varnish'])
    // Backwards with the mark before it, and with the one behind.
    const removed = [
      edit(as('bo', first), `\n${line}`, [line.length + 1, '']),
      edit(edit(as('bo', first), line, [line.length, '']), '\n', [1, ''], lettersOf(first).indexOf(line) - 1),
      ...(line === 'Launch in May' ? [] : [edit(as('bo', first), line, [line.length + 1, ''])]),
    ]
    for (const [nth, bo] of removed.entries())
      for (const doc of met(ann, bo)) {
        expect(said(doc)[0]?.slice(1)).toEqual([
          [{ stays: 'Varnish' }, ''],
          [{ own: 'Varnish', words: expect.stringContaining('Varnish') }, 'ann'],
          [{ gone: line }, 'bo'],
        ])
        expect(said(doc)).toHaveLength(1)
        expect(lettersOf(keep(as('e', doc), 0))).toBe(lettersOf(doc))
        expect(lettersOf(keep(as('e', doc), 1))).toBe(lettersOf(ann))
        expect(lettersOf(keep(as('e', doc), 2))).toBe(lettersOf(removed[nth]!))
        for (const which of [0, 1, 2]) {
          expect(said(keep(as('e', doc), which))).toEqual([])
          expect(said(takeBack(keep(as('e', doc), which), 'undo'))).toEqual(said(doc))
        }
      }
  }
  // An empty one.
  const empty = start('sails\n\nLaunch')
  const at = '\nsails\n'.length
  const ann = A.change(as('ann', empty), { message: writingMessage(0, 'k1') }, (d) => A.splice(d, path, at, 0, 'X'))
  const bo = A.change(as('bo', empty), { message: writingMessage(0, 'k1') }, (d) => A.splice(d, path, at - 1, 1, ''))
  for (const doc of met(ann, bo))
    expect(said(doc)[0]?.slice(1)).toEqual([
      [{ stays: 'X' }, ''],
      [{ own: 'X', words: '\nX' }, 'ann'],
      [{ gone: '' }, 'bo'],
    ])
})

test('what Ann takes back in a place where Bo, apart, writes something else is told', () => {
  const first = start('Paint the hull')
  const without = edit(as('ann', first), 'the hull', [8, ''])
  const ann = takeBack(as('ann', without), 'undo')
  expect(lettersOf(ann)).toBe(lettersOf(first))
  const bo = edit(as('bo', without), 'Paint ', [0, 'the deck'], 6)
  for (const doc of met(ann, bo)) {
    const [, together, ...each] = said(doc)[0] ?? []
    expect(together).toEqual([{ together: lettersOf(doc).slice('\nPaint '.length) }, ''])
    expect(each).toEqual([
      ['the deck', 'bo'],
      ['the hull', 'ann'],
    ])
  }
})

test('who takes back one of two words that met, and does it again, is asked as before, once more and once again', () => {
  const base = start('costs 300 each')
  const ann = edit(as('ann', base), '300', [3, '450'])
  const hashes = A.getChangesMetaSince(ann, A.getHeads(base)).map(({ hash }) => hash)
  for (let doc of met(ann, edit(as('bo', base), '300', [3, '120']))) {
    const before = said(doc)
    expect(before).toHaveLength(1)
    const cameBack = new Map<string, string>()
    const back = (taken: readonly string[]): string[] => {
      const { write } = takingBack(doc, path, taken, cameBack, (actor) => actor === actorOf('ann'))
      doc = A.change(as('ann', doc), { message: writingMessage(0, 'k1', taken) }, (draft) => void write(draft))
      return A.getHeads(doc)
    }
    let taken: readonly string[] = hashes
    for (let turn = 0; turn < 2; turn++) {
      const undone = back(taken)
      expect(lettersOf(doc)).toBe('\ncosts 120 each')
      taken = back(undone)
      expect(said(doc)).toEqual(before)
    }
  }
})

test('words of two that somebody who had read both has joined are one word, and no question', () => {
  for (const [hers, his] of [
    [' alpha ', 'beta'],
    ['beta', ' alpha '],
  ] as const) {
    const base = start('of')
    const ann = edit(as('ann', base), 'of', [0, hers], 2)
    const [both] = met(ann, edit(as('bo', base), 'of', [0, his], 2))
    expect(found(both!)).toEqual([])
    const at = lettersOf(both!).search(/(?<=beta) (?=alpha)|(?<=alpha) (?=beta)/)
    const joined = A.change(both!, { message: writingMessage(0, 'k1') }, (draft) => A.splice(draft, path, at, 1))
    expect(lettersOf(joined)).toMatch(/alphabeta|betaalpha/)
    expect(said(joined)).toEqual([])
  }
})

test('words of two that stand glued in one place are told, also where one brought back what had been there; those with space between are two additions', () => {
  for (const [text, at, hers, his, isTold] of [
    ['Order  sails', 'Order ', '300', '120', true],
    ['订购张帆', '订购', '三百', '五百', true],
    ['', '', 'Hello', 'World', true],
    ['oak', 'oak', ' a', ' b', false],
    ['带样品', '带样品', '，下午三点', '，带图纸', false],
  ] as const) {
    const first = start(text)
    const put = (doc: Prose, words: string) =>
      text === '' ? edit(doc, '\n', [0, words], 1) : edit(doc, at, [0, words], at.length)
    for (const doc of met(put(as('ann', first), hers), put(as('bo', first), his)))
      if (!isTold) expect(said(doc)).toEqual([])
      else {
        expect(said(doc)).toHaveLength(1)
        expect(new Map(said(doc)[0]?.slice(2) as [string, string][])).toEqual(
          new Map([
            [hers, 'ann'],
            [his, 'bo'],
          ]),
        )
      }
  }
})

test('a line that Bo, apart, began by writing before one that Ann joined to the one above is told, and can be one of its own', () => {
  const first = start('Paint the hull\nLaunch in May')
  const ann = edit(as('ann', first), 'hull\n', [1, ''], 4)
  const words = edit(as('bo', first), 'Launch', [0, 'Two oars'])
  const bo = A.change(words, { message: writingMessage(0, 'k1') }, (draft) =>
    A.splitBlock(draft, path, lettersOf(words).indexOf('Launch'), { type: 'paragraph', parents: [], attrs: {} }),
  )
  for (const doc of met(ann, bo)) {
    const stands = '\nPaint the hullTwo oars\nLaunch in May'
    expect(lettersOf(doc)).toBe(stands)
    expect(said(doc)).toEqual([
      [
        'Paint the hullTwo oars',
        [{ joined: 'Paint the hullTwo oars', words: 'l' }, ''],
        [{ parted: ['Paint the hull', 'Two oars'], words: 'l\n' }, 'bo'],
      ],
    ])
    expect(lettersOf(keep(as('e', doc), 1))).toBe('\nPaint the hull\nTwo oars\nLaunch in May')
    for (const nth of [0, 1]) {
      expect(said(keep(as('e', doc), nth))).toEqual([])
      expect(said(takeBack(keep(as('e', doc), nth), 'undo'))).toEqual(said(doc))
    }
  }
})

test('of one stretch there is one question', () => {
  const first = start('Order 300 sails')
  const ann = edit(as('ann', first), 'Order 300 sails', [15, 'Order masts'])
  const bo = edit(as('bo', first), '300', [3, '350'])
  for (const doc of met(ann, bo)) {
    expect(said(doc)).toHaveLength(1)
    expect(said(doc)[0]?.slice(2)).toEqual([
      ['Order 350 sails', 'bo'],
      ['Order masts', 'ann'],
    ])
  }
})

test('of words that both put in one place alike it is told that they stand there twice', () => {
  const first = start('a quik fox 我们开会')
  const repair = (doc: Prose) => edit(doc, 'quik', [0, 'c'], 3)
  for (const doc of met(repair(as('ann', first)), repair(as('bo', first)))) {
    expect(said(doc)[0]?.slice(1)).toEqual([
      [{ stays: 'quicck' }, ''],
      [{ once: 'quick' }, ''],
    ])
    expect(lettersOf(keep(as('e', doc), 1))).toBe('\na quick fox 我们开会')
    expect(said(keep(as('e', doc), 1))).toEqual([])
    expect(said(takeBack(keep(as('e', doc), 1), 'undo'))).toEqual(said(doc))
  }
})

test('a choice that is taken back is asked again, is none when it is made again, and can be made otherwise', () => {
  const first = start('the price is 100 euro')
  const [doc] = met(edit(as('ann', first), '100', [3, '120']), edit(as('bo', first), '100', [3, '150']))
  for (const nth of [0, 1, 2]) {
    const kept = keep(as('e', doc!), nth)
    const back = takeBack(kept, 'undo')
    expect(lettersOf(back)).toBe(lettersOf(doc!))
    expect(said(back)).toEqual(said(doc!))
    const again = takeBack(back, 'redo')
    expect(lettersOf(again)).toBe(lettersOf(kept))
    expect(said(again)).toEqual([])
    expect(said(takeBack(again, 'undo'))).toEqual(said(doc!))
    expect(lettersOf(keep(as('f', back), 2))).toBe('\nthe price is 150 euro')
    expect(said(keep(as('f', back), 2))).toEqual([])
    // Who writes there knowing of all has answered it.
    expect(said(edit(as('g', back), lettersOf(back).slice(14, 20), [6, '130']))).toEqual([])
  }
})

test('also where they took them out first and wrote then', () => {
  const first = start('on Monday')
  const write = (doc: Prose, words: string) => edit(edit(doc, 'Monday', [6, '']), 'on ', [0, words], 3)
  const [doc] = met(write(as('ann', first), 'Tuesday'), write(as('bo', first), 'Friday'))
  expect(said(doc!)[0]?.slice(2)).toEqual([
    ['Friday', 'bo'],
    ['Tuesday', 'ann'],
  ])
})

test('of words that Bo wrote into a line which Ann took out, with its mark or without, both are told; kept or not', () => {
  const first = start('call the mill\norder oak boards\npay the yard')
  const bo = edit(as('bo', first), 'order oak boards', [0, ' NOT before May'], 'order oak boards'.length)
  for (const from of [0, 1]) {
    const ann = edit(as('ann', first), '\norder', ['order oak boards'.length + 1 - from, ''], from)
    for (const doc of met(ann, bo)) {
      expect(said(doc)[0]?.slice(1)).toEqual([
        [' NOT before May', 'bo'],
        [{ gone: 'order oak boards' }, 'ann'],
      ])
      expect(said(keep(as('e', doc), 0))).toEqual([])
      expect(lettersOf(keep(as('e', doc), 0))).toBe(lettersOf(doc))
      const without = keep(as('e', doc), 1)
      expect(lettersOf(without)).toBe(lettersOf(ann))
      expect(said(without)).toEqual([])
      expect(said(takeBack(without, 'undo'))).toEqual(said(doc))
    }
  }
})

test.each<[string, string, (doc: Prose) => Prose, (doc: Prose) => Prose]>([
  [
    'both only take the same out',
    'oak old boards',
    (doc) => edit(doc, 'old ', [4, '']),
    (doc) => edit(doc, 'old ', [4, '']),
  ],
  [
    'they write in two places',
    'oak boards',
    (doc) => edit(doc, 'oak', [3, 'pine']),
    (doc) => edit(doc, 'boards', [6, 'beams']),
  ],
  ['both add at the end', 'oak', (doc) => edit(doc, 'oak', [0, ' a'], 3), (doc) => edit(doc, 'oak', [0, ' b'], 3)],
  [
    'both take the same out, and add something elsewhere',
    'oak old boards',
    (doc) => edit(edit(doc, 'old ', [4, '']), 'boards', [0, ' a'], 6),
    (doc) => edit(edit(doc, 'old ', [4, '']), 'boards', [0, ' b'], 6),
  ],
  [
    'one writes beside what the other took out',
    'oak old boards',
    (doc) => edit(doc, 'old ', [4, '']),
    (doc) => edit(doc, 'oak ', [0, 'very '], 4),
  ],
  [
    'one takes out what the other writes on from',
    'oak old',
    (doc) => edit(doc, 'oak ', [4, '']),
    (doc) => edit(doc, 'old', [0, 'er'], 3),
  ],
])('nothing is told where %s', (_, text, anns, bos) => {
  const first = start(text)
  for (const doc of met(anns(as('ann', first)), bos(as('bo', first)))) expect(said(doc)).toEqual([])
})

test('nothing is told of one after another, nor once somebody who knew of both has written there', () => {
  const first = start('the price is 100 euro')
  const ann = edit(as('ann', first), '100', [3, '120'])
  expect(said(edit(as('bo', ann), '120', [3, '150']))).toEqual([])
  const [doc] = met(ann, edit(as('bo', first), '100', [3, '150']))
  const text = lettersOf(doc!)
  expect(said(edit(as('e', doc!), text.slice(14, 20), [6, '130']))).toEqual([])
  expect(said(edit(as('e', doc!), text.slice(14, 20), [0, '/'], 3))).toEqual([])
})

test('what Bo wrote into words that Ann replaced as a whole is told, and stays or goes', () => {
  const first = start('We meet on Monday at ten in the yard')
  const ann = edit(as('ann', first), 'Monday at ten', [13, 'Friday'])
  for (const where of ['Monday', 'Monday at']) {
    const bo = edit(as('bo', first), 'Monday at', [0, ' 7th'], where.length)
    for (const doc of met(ann, bo)) {
      expect(said(doc)[0]?.slice(1)).toEqual([
        [' 7th', 'bo'],
        [{ gone: 'Monday at ten' }, 'ann'],
      ])
      expect([0, 1].map((nth) => lettersOf(keep(as('e', doc), nth)))).toEqual([lettersOf(doc), lettersOf(ann)])
    }
  }
})

test('what Ann took out and brings back is no question', () => {
  const first = start('call the mill\norder oak boards')
  const gone = edit(as('ann', first), 'order oak boards', [16, ''])
  const ann = edit(gone, 'call the mill\n', [0, 'order oak boards'], 14)
  const bo = edit(as('bo', first), 'order oak boards', [0, ' soon'], 16)
  for (const doc of met(ann, bo)) expect(said(doc)).toEqual([])
})

test('whatever was found before, what is found is the same', () => {
  const Step = fc.record({
    who: fc.nat(2),
    at: fc.nat(12),
    out: fc.nat(5),
    letters: fc.constantFrom('', 'a', 'xy', '甲'),
    does: fc.constantFrom('write', 'write', 'meet', 'keep', 'undo'),
    nth: fc.nat(2),
  })
  const first = start('rope tar\nsail')
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 30 }), (steps) => {
      const docs = ['ann', 'bo', 'cai'].map((name) => as(name, first))
      const touched = new Touched()
      let before = { heads: A.getHeads(first), fields: found(first) }
      for (const { who, at, out, letters, does, nth } of steps) {
        const [own, other] = [docs[who]!, docs[(who + 1) % 3]!]
        if (does === 'meet') docs[who] = A.merge(own, other)
        else if (does === 'keep' && found(own).length > 0) {
          const [field] = found(own)
          docs[who] = keep(own, nth % field!.values.length)
          expect(found(docs[who]!).map((one) => one.path)).not.toContainEqual(field!.path)
        } else if (does === 'undo' && isChoice(own)) docs[who] = takeBack(own, 'undo')
        else {
          const text = lettersOf(own)
          const from = 1 + (at % text.length)
          docs[who] = A.change(own, { message: writingMessage(0, 'k1') }, (draft) =>
            A.splice(
              draft,
              path,
              Math.min(from, text.length),
              Math.min(out, text.length - Math.min(from, text.length)),
              letters,
            ),
          )
        }
        if (who !== 0) continue
        const ann = docs[0]! as AnyDoc
        const fields = wordsSince({ doc: ann, touched }, 'cards', before)
        expect(fields).toEqual(found(docs[0]!))
        before = { heads: A.getHeads(ann), fields }
      }
    }),
    { ...fixed, numRuns: 200 },
  )
})
