/** What two formatted, or linked, apart and then take back and do again across each other: what is asked, on either device. */
import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linkMark } from '#lib/kinds/prose/link-mark.ts'
import { mutations } from '#lib/kinds/prose/mutations.ts'
import type { ProseDraft } from '#lib/kinds/prose/schema.ts'
import { changeMessage } from '#lib/store/change-message.ts'
import { isFormat, isLink, type ContestedAt, type ContestedField } from '#lib/store/contested.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { contestedInTexts } from '#lib/store/texts-contested.ts'
import { Touched } from '#lib/store/touched.ts'
import { annAndBo, block, REDO, UNDO, type Writers } from '../support/prose-writers.ts'
import { runsOf } from '../support/runs.ts'

type Who = 'ann' | 'bo'
interface Step {
  hashes: string[]
  isChoice?: boolean
}
const [LESS, MORE] = ['aa'.repeat(16), 'bb'.repeat(16)]
const actorsWith = (counts: Who) => ({ ann: counts === 'ann' ? MORE : LESS, bo: counts === 'bo' ? MORE : LESS })

/** Each of the two has a device that looks for what met from what it knew, whenever it hears of something. */
function asked(text: string, counts: Who = 'bo') {
  const actors = actorsWith(counts)
  const both = annAndBo(text, actors)
  const touched = { ann: new Touched(), bo: new Touched() }
  const known: Partial<Record<Who, ContestedAt>> = {}
  const steps: Record<Who, Step[]> = { ann: [], bo: [] }
  const undone: Record<Who, Step[]> = { ann: [], bo: [] }
  const turn = (who: Who, from: Step[], to: Step[], choiceSaid: string) => {
    const { hashes = [], isChoice = false } = from.pop() ?? {}
    const back = isChoice ? both[who].takesBack(hashes, choiceSaid) : both[who].takesBack(hashes)
    if (back.length > 0) to.push({ hashes: back, isChoice })
  }
  const person = {
    ...both,
    writes: (who: Who, ...hashes: string[]) => void (hashes.length > 0 && steps[who].push({ hashes })),
    /** Between words that met: from the first letter of them to behind the last one. */
    chooses(who: Who, start: number, end: number, words: string) {
      const hashes = both[who].chooses(start, end, words)
      if (hashes.length > 0) steps[who].push({ hashes, isChoice: true })
    },
    undo: (who: Who) => turn(who, steps[who], undone[who], UNDO),
    redo: (who: Who) => turn(who, undone[who], steps[who], REDO),
    undone,
    looks(who: Who): ContestedField[] {
      const doc = both[who].doc as unknown as AnyDoc
      const fields = contestedInTexts({ doc, touched: touched[who] }, 'cards', known[who])
      expect(fields, `${who}, from an earlier state on`).toEqual(
        contestedInTexts({ doc, touched: new Touched() }, 'cards', undefined),
      )
      known[who] = { heads: A.getHeads(doc), fields }
      return fields
    },
    /** Of what both see, by whom. */
    asks() {
      both.meet()
      const [hers, his] = [person.looks('ann'), person.looks('bo')]
      expect(his).toEqual(hers)
      const nameOf = (actor: string) => (actor === actors.ann ? 'Ann' : actor === actors.bo ? 'Bo' : actor)
      return hers.map(
        ({ values }) => new Set(values.map(({ value, actor }) => [saidOf(value), nameOf(actor)].join(' – '))),
      )
    },
  }
  return person
}
/** Chooses between links or formats that met, if there are any. */
function keepIn(own: Writers[Who], fields: readonly ContestedField[], nth: number): void {
  const field = fields.find(({ path }) => isFormat(path) || isLink(path))
  if (!field) return
  const [, entry, , from = '', to = ''] = field.path
  const value = field.values[nth % field.values.length]!.value
  const name = isFormat(field.path) ? 'keepFormat' : 'keepLink'
  own.doc = A.change(own.doc, { message: changeMessage(name, 'g') }, (draft) => {
    const [prose, at] = [draft as unknown as ProseDraft, { now: 0 as never }]
    if (name === 'keepLink') mutations.keepLink.run(prose, { entry, from, to, link: value as string | null }, at)
    else mutations.keepFormat.run(prose, { entry, block: from, format: value as never }, at)
  })
}
const saidOf = (value: unknown): string =>
  typeof value === 'string' || value === null ? String(value) : Object.values(value as object).join(' ')

const [NEW, SHOP, THIRD] = ['https://n.example', 'https://s.example', 'https://t.example']
const ORDERS = [
  ['a-', 'b-', 'a+', 'b+'],
  ['a-', 'b-', 'b+', 'a+'],
  ['b-', 'a-', 'a+', 'b+'],
  ['b-', 'a-', 'b+', 'a+'],
  ['a-', 'a+', 'b-', 'b+'],
  ['b-', 'b+', 'a-', 'a+'],
]
const WHO: Who[] = ['ann', 'bo']
const CASES = ORDERS.flatMap((order) => WHO.map((counts) => [order.join(' '), counts, order] as const))

/** a- and a+ are Ann’s undo and redo, b- and b+ Bo’s; each is heard of before the next one. */
function asksWhileBothCount(both: ReturnType<typeof asked>, turns: readonly string[], question: Set<string>[]) {
  const back = new Set<Who>()
  for (const turn of turns) {
    const who = turn.startsWith('a') ? 'ann' : 'bo'
    const isUndo = turn.endsWith('-')
    if (isUndo) back.add(who)
    else back.delete(who)
    both[isUndo ? 'undo' : 'redo'](who)
    expect(both.asks(), turn).toEqual(back.size > 0 ? [] : question)
  }
}

/** Both give the same words an address apart. */
function linkedApart(counts: Who) {
  const both = asked('see the price list now', counts)
  both.writes('ann', ...both.ann.marks(8, 18, 'link', linkMark(NEW)))
  both.writes('bo', ...both.bo.marks(8, 18, 'link', linkMark(SHOP)))
  return both
}

describe('two who give the same words an address apart', () => {
  const question = [new Set([`${NEW} – Ann`, `${SHOP} – Bo`])]

  test.each(CASES)(
    'are asked nothing while one is taken back, and the same as before once both are done again: %s; %s’s counts',
    (_, counts, order) => {
      const both = linkedApart(counts)
      expect(both.asks()).toEqual(question)
      asksWhileBothCount(both, [...order, ...order], question)
    },
  )
})

describe('two who make something else of one paragraph apart', () => {
  const question = [new Set(['heading 2 – Ann', 'unordered-list-item – Bo'])]
  const formatted = (counts: Who) => {
    const both = asked('', counts)
    const at = both.ann.splits(0)
    both.ann.writes(1, 'Ask three yards')
    expect(at).toHaveLength(1)
    both.meet()
    const spans = (type: string, level?: number) => [
      { type: 'block' as const, value: { ...block(type), ...(level !== undefined && { attrs: { level } }) } },
      { type: 'text' as const, value: 'Ask three yards' },
    ]
    both.writes('ann', ...both.ann.shapes(spans('heading', 2)))
    both.writes('bo', ...both.bo.shapes(spans('unordered-list-item')))
    return both
  }

  test.each(CASES)(
    'are asked nothing while one is taken back, and the same as before once both are done again: %s; %s’s counts',
    (_, counts, order) => {
      const both = formatted(counts)
      expect(both.asks()).toEqual(question)
      asksWhileBothCount(both, [...order, ...order], question)
    },
  )
})

describe('a paragraph that Ann begins and makes something of in one step, and Bo, who has not heard of the latter, makes something else of', () => {
  const question = [new Set(['heading 2 – Ann', 'unordered-list-item – Bo'])]
  const words = 'Ask three yards'
  const begun = (counts: Who) => {
    const both = asked('', counts)
    const step = [...both.ann.splits(0), ...both.ann.writes(1, words)]
    both.meet()
    const spans = (type: string, level?: number) => [
      { type: 'block' as const, value: { ...block(type), ...(level !== undefined && { attrs: { level } }) } },
      { type: 'text' as const, value: words },
    ]
    both.writes('ann', ...step, ...both.ann.shapes(spans('heading', 2)))
    both.writes('bo', ...both.bo.shapes(spans('unordered-list-item')))
    return both
  }

  test.each(CASES)(
    'is asked about as long as neither is taken back, also where it is another one by then: %s; %s’s counts',
    (_, counts, order) => {
      const both = begun(counts)
      expect(both.asks()).toEqual(question)
      const start = both.ann.spans()
      asksWhileBothCount(both, [...order, ...order], question)
      expect(both.ann.spans()).toEqual(start)
    },
  )
})

describe('a link that Ann gives, corrects or takes away, of words that Bo types over apart', () => {
  const typedOver = (counts: Who, was: string | null, is: string | null) => {
    const both = asked('see the price list now', counts)
    if (was !== null) both.ann.marks(8, 18, 'link', linkMark(was))
    both.asks()
    both.writes('ann', ...(is === null ? both.ann.unmarks(8, 18, 'link') : both.ann.marks(8, 18, 'link', linkMark(is))))
    const words = both.bo.writes(8, 'catalogue', 10)
    // Whoever saw no link there, and gives none, is of one mind with her who takes it away.
    const link = is === null ? both.bo.marks(8, 17, 'link', linkMark(THIRD)) : []
    both.writes('bo', ...words, ...link)
    return both
  }
  const LINKS: [was: string | null, is: string | null][] = [
    [null, NEW],
    [SHOP, NEW],
    [SHOP, null],
  ]

  test.each(CASES.flatMap((one) => LINKS.map((links) => [...one, links] as const)))(
    'is asked about as long as neither is taken back: %s; %s’s counts',
    (_, counts, order, [was, is]) => {
      const both = typedOver(counts, was, is)
      const question = both.asks()
      // With the address that he saw his words go where she made it lead, if they stand in her link.
      expect(question).toHaveLength(was !== null && is !== null && counts === 'ann' ? 0 : 1)
      asksWhileBothCount(both, [...order, ...order], question)
    },
  )
})

describe('words that both wrote in place of the same ones', () => {
  const typedOver = (counts: Who) => {
    const both = asked('it takes 120 yards', counts)
    both.writes('ann', ...both.ann.writes(9, '81', 3))
    both.writes('bo', ...both.bo.writes(9, '93', 3))
    return both
  }
  /** Where what they are asked about stands, from the first letter to behind the last one. */
  const met = (both: ReturnType<typeof asked>, who: Who) => {
    const [{ path } = { path: [] as string[] }] = both.looks(who)
    const doc = both[who].doc
    const [from = 0, to = 0] = [path[3], path[4]].map((id) =>
      A.getCursorPosition(doc, ['entries', 'k1', 'text'], id ?? ''),
    )
    return [from, to + 1] as const
  }

  test.each(CASES)(
    'are asked nothing about while one is taken back, and as before once both are done again: %s; %s’s counts',
    (_, counts, order) => {
      const both = typedOver(counts)
      const question = both.asks()
      expect(question).toHaveLength(1)
      asksWhileBothCount(both, [...order, ...order], question)
    },
  )

  test.each(
    CASES.flatMap(([name, counts, order]) =>
      WHO.flatMap((chooser) => ['81', '93'].map((kept) => [name, counts, chooser, kept, order] as const)),
    ),
  )(
    'so are those between which one chose and took that back: %s; %s’s counts, %s kept %s',
    (_, counts, chooser, kept, order) => {
      const both = typedOver(counts)
      const question = both.asks()
      both.chooses(chooser, ...met(both, chooser), kept)
      expect(both.asks()).toEqual([])
      both.undo(chooser)
      both.undone[chooser].length = 0
      expect(both.asks()).toEqual(question)
      asksWhileBothCount(both, [...order, ...order], question)
    },
  )

  test('whatever they choose, take back and do again, they are asked as long as both count and no choice does', () => {
    const Turn = fc.constantFrom('a-', 'a+', 'b-', 'b+', 'a-', 'a+', 'b-', 'b+', 'a=', 'b=')
    fc.assert(
      fc.property(fc.array(Turn, { maxLength: 14 }), fc.constantFrom(...WHO), (turns, counts) => {
        const both = typedOver(counts)
        // Which of them stands first is not told here: it may be another each time that they come back.
        const words = () => both.asks().map((said) => [...said].filter((one) => !one.endsWith(' – ')).toSorted())
        const question = words()
        const counted: Record<Who, ('wrote' | 'chose')[]> = { ann: ['wrote'], bo: ['wrote'] }
        const back: Record<Who, ('wrote' | 'chose')[]> = { ann: [], bo: [] }
        for (const turn of turns) {
          const who = turn.startsWith('a') ? 'ann' : 'bo'
          const now = both.asks()
          if (turn.endsWith('=')) {
            if (now.length === 0) continue
            both.chooses(who, ...met(both, who), who === 'ann' ? '93' : '81')
            both.undone[who].length = 0
            counted[who].push('chose')
            back[who] = []
          } else {
            const isUndo = turn.endsWith('-')
            const [from, to] = isUndo ? [counted, back] : [back, counted]
            const step = from[who].pop()
            if (step) to[who].push(step)
            both[isUndo ? 'undo' : 'redo'](who)
            const { instead, gone, kept } = both[who].told
            // It stays as another has it, and is told.
            if (instead.length + gone.length + kept.length > 0) return
          }
          const isBoth = WHO.every((one) => counted[one].includes('wrote'))
          const isChosen = WHO.some((one) => counted[one].includes('chose'))
          if (!isChosen) expect(words(), turn).toEqual(isBoth ? question : [])
          else both.asks()
        }
      }),
      runsOf(100, 2000),
    )
  })
})

test('whatever two link and format apart, take back and do again: both are asked the same, whatever their devices heard when', () => {
  const Turn = fc.record({
    who: fc.constantFrom<Who>('ann', 'bo'),
    does: fc.constantFrom(
      'link',
      'link',
      'unlink',
      'write',
      'heading',
      'list',
      'undo',
      'undo',
      'redo',
      'redo',
      'meet',
      'look',
      'hear',
      'keep',
    ),
    at: fc.nat(12),
    length: fc.nat(6),
  })
  fc.assert(
    fc.property(fc.array(Turn, { maxLength: 25 }), fc.constantFrom<Who>('ann', 'bo'), (turns, counts) => {
      const both = asked('', counts)
      both.ann.splits(0)
      both.ann.writes(1, 'rope and tar')
      both.asks()
      for (const { who, does, at, length } of turns) {
        const own = both[who]
        const text = own.text()
        const from = Math.min(1 + at, text.length)
        const to = Math.min(from + length, text.length)
        const address = who === 'ann' ? NEW : SHOP
        if (does === 'undo') both.undo(who)
        else if (does === 'redo') both.redo(who)
        else if (does === 'meet') both.asks()
        else if (does === 'look') both.looks(who)
        else if (does === 'keep') keepIn(own, both.looks(who), length)
        else if (does === 'hear') {
          const other = both[who === 'ann' ? 'bo' : 'ann']
          own.doc = A.merge(own.doc, other.doc)
          both.looks(who)
        } else if (does === 'write') both.writes(who, ...own.writes(from, 'xyz'.slice(0, length % 3), to - from))
        else if (does === 'link' && to > from) both.writes(who, ...own.marks(from, to, 'link', linkMark(address)))
        else if (does === 'unlink' && to > from) both.writes(who, ...own.unmarks(from, to, 'link'))
        else if (does === 'heading' || does === 'list') {
          const [first, ...others] = own.spans()
          if (first?.type !== 'block') continue
          const value = does === 'heading' ? { ...block('heading'), attrs: { level: 2 } } : block('unordered-list-item')
          both.writes(who, ...own.shapes([{ type: 'block', value }, ...others]))
        }
        if (['link', 'unlink', 'write', 'heading', 'list'].includes(does)) both.undone[who].length = 0
      }
      both.asks()
    }),
    runsOf(150, 2000),
  )
})
