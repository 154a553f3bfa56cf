/** What each change of a document touched, from its operations alone: a diff costs by the size of the document. */
import * as A from '@automerge/automerge/slim'
import { formatWrites, type FormatWrite } from '#lib/kinds/prose/formats.ts'
import { letterWrites, type LettersWrite } from '#lib/kinds/prose/letters.ts'
import { linkWrites, type MarkWrite } from '#lib/kinds/prose/links.ts'
import type { AnyDoc } from './documents.ts'
import { objectPath } from './object-path.ts'

export const entryName = (collection: string, id: string): string => `${collection}\u0000${id}`
export const placeNamed = (name: string): readonly [collection: string, entry: string] => {
  const [collection = '', entry = ''] = name.split('\u0000')
  return [collection, entry]
}
/** Whether an entry is among those names, in whichever collection. */
export const isTouched = (names: readonly string[], entry: string): boolean => {
  const end = entryName('', entry)
  return names.some((name) => name.endsWith(end))
}
/** Collection, entry, and the way to the field within it. */
export const partsOf = (name: string): string[] => name.split('\u0000')
/** Of the way to a field from the root. */
export const fieldName = (path: readonly string[]): string => (path.length === 1 ? ['', ...path] : path).join('\u0000')
export const pathNamed = (name: string): string[] => {
  const [collection, ...way] = partsOf(name)
  return collection === '' ? way : [collection ?? '', ...way]
}

/** Changes that are remembered: what a change touched never changes. */
const MOST_KEPT = 100_000

interface TextWrites {
  links: readonly MarkWrite[]
  letters: readonly LettersWrite[]
  formats: readonly FormatWrite[]
}
const NOTHING: TextWrites = { links: [], letters: [], formats: [] }

interface TouchedBy {
  entries: readonly string[]
  fields: readonly string[]
}

export class Touched {
  readonly #known = new Map<string, TouchedBy>()
  readonly #texts = new Map<string, TextWrites>()

  /** The names of the entries. A field of the root itself is an entry without a collection, as in comparing. */
  of(doc: AnyDoc, hash: string): readonly string[] {
    return this.#of(doc, hash).entries
  }

  /** The same with the way to each field; an entry, or a map within it, that came as a whole is one of them. */
  fields(doc: AnyDoc, hash: string): readonly string[] {
    return this.#of(doc, hash).fields
  }

  /** What it wrote in texts. */
  inTexts(doc: AnyDoc, hash: string): TextWrites {
    const known = this.#texts.get(hash)
    if (known) return known
    const change = A.inspectChange(doc, hash)
    const [links, letters, formats] = change
      ? [linkWrites(change), letterWrites(change), formatWrites(change)]
      : [[], [], []]
    const writes = links.length + letters.length + formats.length > 0 ? { links, letters, formats } : NOTHING
    if (this.#texts.size >= MOST_KEPT) this.#texts.clear()
    this.#texts.set(hash, writes)
    return writes
  }

  #of(doc: AnyDoc, hash: string): TouchedBy {
    const known = this.#known.get(hash)
    if (known) return known
    const fields = read(doc, hash)
    // Of what came whole both are the same: a large import is not remembered twice.
    const isWhole = fields.every((name) => partsOf(name).length === 2)
    const entries = isWhole ? fields : [...new Set(fields.map((name) => entryName(...placeNamed(name))))]
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    const touched = { entries, fields }
    this.#known.set(hash, touched)
    return touched
  }
}

function read(doc: AnyDoc, hash: string): readonly string[] {
  const change = A.inspectChange(doc, hash)
  if (!change) return []
  const backend = A.getBackend(doc)
  const places = new Map<string, readonly string[] | null>([['_root', []]])
  /** Up to where letters and blocks of a text begin; null of what was hidden behind another entry of that id. */
  const placeOf = (obj: string): readonly string[] | null => {
    const known = places.get(obj)
    if (known !== undefined) return known
    const path = objectPath(backend, obj, { hash, deps: change.deps })
    if (!path) {
      places.set(obj, null)
      return null
    }
    const letters = path.findIndex((part) => typeof part === 'number')
    const place = (letters < 0 ? path : path.slice(0, letters)).map(String)
    places.set(obj, place)
    return place
  }
  const touched = new Set<string>()
  /** Maps and texts within entries that came with the change: what lies in them came with them. */
  const wholes = new Set<string>()
  for (const [at, op] of change.ops.entries()) {
    const outer = placeOf(op.obj)
    if (!outer) continue
    const inside = 'key' in op && typeof op.key === 'string' ? [...outer, op.key] : outer
    const made = op.action.startsWith('make')
    const id = `${change.startOp + at}@${change.actor}`
    if (made) places.set(id, inside)
    if (made && inside.length >= 2) wholes.add(id)
    if (wholes.has(op.obj)) continue
    if (inside.length >= 2) touched.add(inside.join('\u0000'))
    else if (!made && inside[0] !== undefined) touched.add(entryName('', inside[0]))
  }
  return [...touched]
}
