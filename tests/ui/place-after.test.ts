import { Schema, type Node } from 'prosemirror-model'
import { EditorState } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { placeAfter } from '#lib/kinds/board/ui/place-after.ts'

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { group: 'block', content: 'text*', attrs: { explicit: { default: false } } },
    quote: { group: 'block', content: 'block+' },
    text: {},
  },
})
const paragraph = (text: string, explicit = true): Node =>
  schema.node('paragraph', { explicit }, text ? [schema.text(text)] : [])
const docOf = (...blocks: Node[]): Node => schema.node('doc', null, blocks)

/** The text with a bar where the cursor is, which others changed as the binding does: all of it is another. */
function seen(before: Node, bar: [block: number, offset: number], after: Node): string {
  const state = EditorState.create({ doc: before })
  let place = 1 + bar[1]
  for (let block = 0; block < bar[0]; block++) place += before.child(block).nodeSize
  const change = state.tr.replaceWith(0, before.content.size, after.content)
  const found = change.doc.resolve(placeAfter(change, place))
  expect(found.parent.isTextblock).toBe(true)
  let at = ''
  change.doc.descendants((node, pos) => {
    if (!node.isTextblock) return true
    const own = node.textContent
    const offset = found.pos - pos - 1
    at += `/${found.parent === node && offset >= 0 && offset <= own.length ? `${own.slice(0, offset)}|${own.slice(offset)}` : own}`
    return false
  })
  return at
}

test('Bo presses Enter: Ann goes on where she writes, in whichever paragraph', () => {
  const one = docOf(paragraph('First line', false))
  expect(seen(one, [0, 10], docOf(paragraph('First line'), paragraph('')))).toBe('/First line|/')
  expect(seen(one, [0, 5], docOf(paragraph('First line'), paragraph('')))).toBe('/First| line/')
  expect(seen(one, [0, 8], docOf(paragraph('First'), paragraph(' line')))).toBe('/First/ li|ne')
  expect(seen(one, [0, 0], docOf(paragraph(''), paragraph('First line')))).toBe('//|First line')
  const two = docOf(paragraph('aa'), paragraph('bb'))
  expect(seen(two, [1, 2], docOf(paragraph('aa'), paragraph(''), paragraph('bb')))).toBe('/aa//bb|')
  expect(seen(two, [1, 0], docOf(paragraph('aa'), paragraph(''), paragraph('bb')))).toBe('/aa//|bb')
  expect(seen(two, [0, 2], docOf(paragraph('aa'), paragraph(''), paragraph('bb')))).toBe('/aa|//bb')
})

test('Bo makes a quote of it, or takes out what Ann stands in: she stands where it was', () => {
  const two = docOf(paragraph('aa'), paragraph('bb'))
  expect(seen(two, [1, 1], docOf(paragraph('aa'), schema.node('quote', null, [paragraph('bb')])))).toBe('/aa/b|b')
  expect(seen(docOf(paragraph('one two three')), [0, 6], docOf(paragraph('one three')))).toBe('/one t|hree')
})
