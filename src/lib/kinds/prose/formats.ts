/**
 * What the paragraphs of a collaborative text are: a heading, an item of a list, plain. Each begins with a mark, an object whose
 * fields are written one by one: two people who format it at once write the same field.
 */
import { getBackend, getObjectId, type DecodedChange, type Doc, type ObjID } from '@automerge/automerge/slim'
import { blocks, containers, DEEPEST, levelOf, type Paragraph, type ParagraphFormat } from '../../kernel/formatted.ts'
import { fieldsOf } from '../../kernel/reading.ts'
import { widthOf } from '../../kernel/text-width.ts'
import type { ProseDraft } from './schema.ts'

type Backend = ReturnType<typeof getBackend>

export interface Mark {
  block: ObjID
  attrs: ObjID | null
  /** What it stands in. */
  parents: ObjID | null
  /** How the paragraph begins. */
  words: string
}

/** The text of an entry; of one that was begun twice, the one that is shown. */
export function textIn(doc: Doc<unknown>, entry: string): ObjID | null {
  const entries = fieldsOf(fieldsOf(doc)['entries'])
  const at = Object.hasOwn(entries, entry) ? getObjectId(entries[entry]) : null
  return at === null ? null : objectAt(getBackend(doc), at, 'text', 'text')
}

/** In the order of an entry's text. */
export function marksIn(doc: Doc<unknown>, entry: string): Mark[] {
  const text = textIn(doc, entry)
  if (text === null) return []
  const backend = getBackend(doc)
  const letters = backend.text(text)
  const places = [...letters.matchAll(MARK)].map(({ index }) => index)
  return places.flatMap((place, nth) => {
    const block = objectAt(backend, text, place, 'map')
    if (block === null) return []
    return [markOf(backend, block, beginningOf(letters.slice(place + 1, places[nth + 1])))]
  })
}

/** Also of a paragraph that was taken out. */
export const markOf = (backend: Backend, block: ObjID, words = ''): Mark => ({
  block,
  attrs: objectAt(backend, block, 'attrs', 'map'),
  parents: objectAt(backend, block, 'parents', 'list'),
  words,
})

/** Now, or at a moment; null of what this version does not know. */
export function formatAt(backend: Backend, mark: Mark, heads?: string[]): Omit<Paragraph, 'runs'> | null {
  const [, type] = backend.getWithType(mark.block, 'type', heads) ?? []
  const is = blocks.find((one) => one === type)
  if (!is) return null
  const [, level] = (mark.attrs !== null && backend.getWithType(mark.attrs, 'level', heads)) || []
  const around: unknown = mark.parents === null ? [] : backend.materialize(mark.parents, heads)
  const within = (Array.isArray(around) ? around : [])
    .flatMap((name) => containers.find((one) => one === String(name)) ?? [])
    .slice(0, DEEPEST)
  return { is, within, ...(is === 'heading' && { level: levelOf(level) }) }
}

/** Those that say now what a paragraph is: of what met without a choice several. */
export const operationsOn = (backend: Backend, { block, attrs }: Mark): string[] =>
  [...backend.getAll(block, 'type'), ...(attrs === null ? [] : backend.getAll(attrs, 'level'))].map((one) =>
    String(one.at(-1)),
  )

/** Where a change wrote what a paragraph is: the object of its mark, or of how that is. */
export interface FormatWrite {
  object: ObjID
  operation: string
}

export const formatWrites = ({
  ops,
  startOp,
  actor,
}: Pick<DecodedChange, 'ops' | 'startOp' | 'actor'>): FormatWrite[] =>
  ops.flatMap(({ obj, key }, at) =>
    key === 'type' || key === 'level' ? [{ object: obj, operation: `${startOp + at}@${actor}` }] : [],
  )

/**
 * Writes it into the mark that is there; nothing where the paragraph is gone. As a choice also what is that already: what met it is
 * settled by that.
 */
export function writeFormat(
  draft: Doc<ProseDraft>,
  entry: string,
  block: string,
  { is, level = 1, within }: ParagraphFormat,
  { isChoice }: { isChoice: boolean },
): void {
  const mark = marksIn(draft, entry).find((one) => one.block === block)
  if (!mark) return
  const backend = getBackend(draft)
  const write = (object: ObjID, field: string, value: string | number, type: 'str' | 'int') => {
    const [held, ...met] = backend.getAll(object, field)
    if (!isChoice && met.length === 0 && held?.[1] === value) return
    // The same alone would only take away what met it, and be nobody's choice.
    backend.put(object, field, null)
    backend.put(object, field, value, type)
  }
  write(block, 'type', is, 'str')
  if (is === 'heading') write(mark.attrs ?? backend.putObject(block, 'attrs', {}), 'level', level, 'int')
  else if (mark.attrs !== null && backend.getAll(mark.attrs, 'level').length > 0) backend.delete(mark.attrs, 'level')
  if (within === undefined) return
  const parents = mark.parents ?? backend.putObject(block, 'parents', [])
  const length = backend.length(parents)
  // Not `materialize`: within a change that ends the change.
  const around = Array.from({ length }, (_, at) => backend.get(parents, at))
  if (String(around) !== String(within)) backend.splice(parents, 0, length, [...within])
}

/** The object that counts there, if it is of that type. */
function objectAt(backend: Backend, object: ObjID, key: string | number, type: 'map' | 'list' | 'text'): ObjID | null {
  const [is, id] = backend.getAll(object, key).at(-1) ?? []
  return is === type && typeof id === 'string' ? id : null
}

/** Where a paragraph begins Automerge has this sign in the text. */
const MARK = /\uFFFC/g

/** As `widthOf` counts. */
const WIDEST = 32
export function beginningOf(paragraph: string): string {
  const whole = paragraph
    .slice(0, 10 * WIDEST)
    .replace(/\s+/g, ' ')
    .trim()
  if (widthOf(whole) <= WIDEST) return whole
  let beginning = ''
  for (const letter of whole) {
    if (widthOf(beginning + letter) > WIDEST) break
    beginning += letter
  }
  return `${beginning.trimEnd()}…`
}
