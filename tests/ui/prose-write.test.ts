import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainText, type Formatted, type Paragraph } from '#lib/kernel/formatted.ts'
import { formattedToSpans, spansToFormatted } from '#lib/kinds/prose/formatted-spans.ts'
import { editorOf as boundTo } from '#tests/support/bound-editor.ts'
import { fixed } from '#tests/support/runs.ts'

const path = ['text']
type Note = Record<'text', string>

const paragraph = (text: string, is: Paragraph['is'] = 'paragraph'): Paragraph => ({ is, within: [], runs: [{ text }] })
const bullet = (text: string) => paragraph(text, 'unordered-list-item')
const noteOf = (formatted: Formatted): A.Doc<Note> =>
  A.change(A.from<Note>({ text: '' }), (draft) => A.updateSpans(draft, path, formattedToSpans(formatted)))
const read = (doc: A.Doc<Note>): Formatted => spansToFormatted(A.spans(doc, path))
const lines = (doc: A.Doc<Note>): string[] => plainText(read(doc)).split('\n')

/** Somebody with the editor open on a copy of theirs. */
const editorOf = (start: A.Doc<Note>) => boundTo(A.clone(start), path)
type Editor = ReturnType<typeof editorOf>

/** What both have when they meet, whoever meets whom. */
function met(start: A.Doc<Note>, anns: (ann: Editor) => void, bos: (bo: Editor) => void): A.Doc<Note>[] {
  const [ann, bo] = [editorOf(start), editorOf(start)]
  anns(ann)
  bos(bo)
  return [A.merge(A.clone(ann.doc), bo.doc), A.merge(A.clone(bo.doc), ann.doc)]
}

const three = ['call the mill', 'order oak boards', 'pay the yard']

test.each([
  ['paragraphs', three.map((text) => paragraph(text))],
  ['items of a list', three.map(bullet)],
  ['headings', three.map((text) => paragraph(text, 'heading'))],
])('of %s each keeps the lines that they put into the middle, apart, and none is glued to another', (_, first) => {
  const puts =
    (...added: string[]) =>
    (editor: Editor) => {
      editor.after('order oak boards')
      for (const line of added) {
        editor.enter()
        editor.types(line)
      }
    }
  for (const doc of met(noteOf(first), puts('ann one', 'ann two'), puts('bo one', 'bo two'))) {
    const [one, two, ...rest] = lines(doc)
    expect([one, two, rest.at(-1)]).toEqual(three)
    const added = rest.slice(0, -1)
    expect([added.slice(0, 2), added.slice(2)].toSorted()).toEqual([
      ['ann one', 'ann two'],
      ['bo one', 'bo two'],
    ])
  }
})

test('a line that Ann takes out goes with its mark: what Bo writes in the next one stays there, and comes back is the line that was there', () => {
  for (const take of ['the line and its end', 'the line from its beginning to the next one']) {
    const start = noteOf(['milk', 'bread rolls', 'eggs'].map((text) => paragraph(text)))
    const ann = editorOf(start)
    if (take === 'the line and its end') {
      ann.over('bread rolls')
      ann.removes()
      ann.removes()
    } else {
      ann.over('bread rolls', '')
      ann.over('bread rolls')
      ann.removes()
      ann.removes()
    }
    expect(lines(ann.doc)).toEqual(['milk', 'eggs'])
    const bo = editorOf(ann.doc)
    bo.before('eggs')
    bo.types('twelve ')
    bo.after('milk')
    bo.types(' fresh')
    const both = editorOf(A.merge(A.clone(ann.doc), bo.doc))
    const hers = A.getChangesMetaSince(ann.doc, A.getHeads(start)).map(({ hash }) => hash)
    both.takesBack(hers)
    expect(lines(both.doc)).toEqual(['milk fresh', 'bread rolls', 'twelve eggs'])
  }
})

test('who begins a line before words leaves them the mark that they had: a heading that Bo makes of them, apart, is theirs', () => {
  const start = noteOf(three.map((text) => paragraph(text)))
  const docs = met(
    start,
    (ann) => {
      ann.before('order oak boards')
      ann.enter()
    },
    (bo) => bo.formats('order oak boards', 'heading', { level: 2 }),
  )
  for (const doc of docs)
    expect(read(doc).map(({ is, runs }) => [is, runs.map(({ text }) => text).join('')])).toEqual([
      ['paragraph', 'call the mill'],
      ['paragraph', ''],
      ['heading', 'order oak boards'],
      ['paragraph', 'pay the yard'],
    ])
})

test('whatever one does in an editor, the description has the letters that are shown', () => {
  const at = fc.nat(60)
  const gesture = fc.oneof(
    fc.record({
      does: fc.constantFrom('types' as const, 'enter' as const),
      at,
      text: fc.constantFrom('a', '字', ' '),
    }),
    fc.record({ does: fc.constantFrom('removes' as const, 'enter over' as const, 'types over' as const), at, to: at }),
  )
  const formats = fc.constantFrom<Paragraph['is']>(
    'paragraph',
    'heading',
    'unordered-list-item',
    'blockquote',
    'code-block',
  )
  fc.assert(
    fc.property(
      fc.array(formats, { minLength: 1, maxLength: 5 }),
      fc.array(gesture, { maxLength: 15 }),
      (first, gestures) => {
        const editor = editorOf(noteOf(first.map((is, nth) => paragraph(`the line ${nth}`, is))))
        for (const one of gestures) {
          editor.selectAt(one.at, 'to' in one ? one.to : one.at)
          if (one.does === 'enter' || one.does === 'enter over') editor.enter()
          else if (one.does === 'removes') editor.removes()
          else editor.types('text' in one ? one.text : 'x')
        }
      },
    ),
    { ...fixed, numRuns: 150 },
  )
})

test.each([
  ['a word', 'costs 300 euros', '300', '350', '100', 'costs 100 euros'],
  ['a word of several', '价格是三百块', '三百', '三百五', '一百', '价格是一百块'],
  ['a line', 'call the mill', 'call the mill', 'order oak', 'buy pine', 'buy pine'],
])(
  '%s that Ann types in the place of another one, and Bo in the place of hers, is his alone after her undo',
  (_, first, word, hers, his, is) => {
    const start = noteOf([paragraph(first), paragraph('end')])
    const ann = editorOf(start)
    ann.over(word)
    ann.types(hers)
    const step = A.getChangesMetaSince(ann.doc, A.getHeads(start)).map(({ hash }) => hash)
    const bo = editorOf(ann.doc)
    bo.over(hers)
    bo.types(his)
    const both = editorOf(A.merge(A.clone(ann.doc), bo.doc))
    both.takesBack(step, (actor) => actor === A.getActorId(ann.doc))
    expect(lines(both.doc)).toEqual([is, 'end'])
  },
)

test('all lines that Ann has taken out come back below what Bo has typed in their place since, none glued to his', () => {
  const start = noteOf(three.map((text) => paragraph(text)))
  const ann = editorOf(start)
  ann.over('call the mill', 'pay the yard')
  ann.removes()
  expect(lines(ann.doc)).toEqual([''])
  const step = A.getChangesMetaSince(ann.doc, A.getHeads(start)).map(({ hash }) => hash)
  const bo = editorOf(ann.doc)
  bo.types('bo')
  expect(lines(bo.doc)).toEqual(['bo'])
  const both = editorOf(A.merge(A.clone(ann.doc), bo.doc))
  both.takesBack(step, (actor) => actor === A.getActorId(ann.doc))
  expect(lines(both.doc)).toEqual(['bo', ...three])
})

const boat = ['Order 300 sails', 'Paint the hull', 'Launch in May']

test.each([
  ['a line', ['Do not use'], 'Do not use'],
  ['three lines', ['Do not use', 'the old brush', 'nor tar'], 'Do not use'],
  ['three lines', ['Do not use', 'the old brush', 'nor tar'], 'the old brush'],
  ['three lines', ['Do not use', 'the old brush', 'nor tar'], 'nor tar'],
])('of %s that Ann has begun her undo leaves Bo’s words, at the end of one, a line of their own', (_, added, his) => {
  for (const beginsAt of ['the end of the line above', 'the beginning of the next']) {
    const start = noteOf(boat.map((text) => paragraph(text)))
    const ann = editorOf(start)
    if (beginsAt === 'the end of the line above') {
      ann.after('Paint the hull')
      for (const line of added) {
        ann.enter()
        ann.types(line)
      }
    } else {
      ann.before('Launch in May')
      for (const line of added) {
        ann.types(line)
        ann.enter()
      }
    }
    const step = A.getChangesMetaSince(ann.doc, A.getHeads(start)).map(({ hash }) => hash)
    const bo = editorOf(ann.doc)
    bo.after(his)
    bo.types(' the red varnish')
    const both = editorOf(A.merge(A.clone(ann.doc), bo.doc))
    const isHers = (actor: string) => actor !== A.getActorId(bo.doc)
    const met = A.getHeads(both.doc)
    both.takesBack(step, isHers)
    expect(lines(both.doc)).toEqual(['Order 300 sails', 'Paint the hull', ' the red varnish', 'Launch in May'])
    both.takesBack(
      A.getChangesMetaSince(both.doc, met).map(({ hash }) => hash),
      isHers,
    )
    const whole = added.map((line) => (line === his ? `${line} the red varnish` : line))
    expect(lines(both.doc)).toEqual(['Order 300 sails', 'Paint the hull', ...whole, 'Launch in May'])
  }
})

test('of a line that Bo has taken out, whichever way, nothing comes back as Ann takes back what she did in it', () => {
  const ways = {
    'with its own mark': (bo: Editor, words: string) => {
      bo.over(words)
      bo.removes()
      bo.removes()
    },
    'up to the next line': (bo: Editor, words: string) => {
      bo.from(words, 'Launch')
      bo.removes()
    },
    'from the end of the line above': (bo: Editor, words: string) => {
      bo.behind('300 sails', words)
      bo.removes()
    },
  }
  const gestures = {
    'typed over': (ann: Editor) => {
      ann.over('the hull')
      ann.types('all decks')
      return 'Paint all decks'
    },
    'taken out': (ann: Editor) => {
      ann.over(' the hull')
      ann.removes()
      return 'Paint'
    },
  }
  for (const [way, takesOut] of Object.entries(ways))
    for (const gesture of Object.values(gestures)) {
      const start = noteOf(boat.map((text) => paragraph(text)))
      const ann = editorOf(start)
      const words = gesture(ann)
      const step = A.getChangesMetaSince(ann.doc, A.getHeads(start)).map(({ hash }) => hash)
      const bo = editorOf(ann.doc)
      takesOut(bo, words)
      expect(lines(bo.doc), way).toEqual(['Order 300 sails', 'Launch in May'])
      const both = editorOf(A.merge(A.clone(ann.doc), bo.doc))
      const { gone } = both.takesBack(step, (actor) => actor !== A.getActorId(bo.doc))
      expect(lines(both.doc), way).toEqual(['Order 300 sails', 'Launch in May'])
      expect(gone, way).toEqual([A.getActorId(bo.doc)])
    }
})
