/** Which entries each change of a document touched, from its operations alone: a diff costs by the size of the document. */
import * as A from '@automerge/automerge/slim'
import type { AnyDoc } from './documents.ts'

export const entryName = (collection: string, id: string): string => `${collection}\u0000${id}`
export const placeNamed = (name: string): readonly [collection: string, entry: string] => {
  const [collection = '', entry = ''] = name.split('\u0000')
  return [collection, entry]
}

/** Changes that are remembered: what a change touched never changes. */
const MOST_KEPT = 100_000

export class Touched {
  readonly #known = new Map<string, readonly string[]>()

  /** The names of the entries. A field of the root itself is an entry without a collection, as in comparing. */
  of(doc: AnyDoc, hash: string): readonly string[] {
    const known = this.#known.get(hash)
    if (known) return known
    const touched = read(doc, hash)
    if (this.#known.size >= MOST_KEPT) this.#known.clear()
    this.#known.set(hash, touched)
    return touched
  }
}

/** The first two parts of a path; null for what is no part of an entry. */
type Place = readonly [collection: string, entry?: string]

function read(doc: AnyDoc, hash: string): readonly string[] {
  const change = A.inspectChange(doc, hash)
  if (!change) return []
  const backend = A.getBackend(doc)
  const places = new Map<string, Place>([['_root', ['']]])
  const placeOf = (obj: string): Place => {
    const known = places.get(obj)
    if (known) return known
    const [collection = '', entry] = (backend.objInfo(obj, [hash]).path ?? []).map(String)
    const place: Place = entry === undefined ? [collection] : [collection, entry]
    places.set(obj, place)
    return place
  }
  const touched = new Set<string>()
  for (const [at, op] of change.ops.entries()) {
    const [collection, entry] = placeOf(op.obj)
    const made = op.action.startsWith('make')
    const inRoot = op.obj === '_root'
    const inside: Place = inRoot ? [op.key] : [collection, entry ?? op.key]
    if (made) places.set(`${change.startOp + at}@${change.actor}`, inside)
    if (inside[1] !== undefined) touched.add(entryName(inside[0], inside[1]))
    else if (!made) touched.add(entryName('', inside[0]))
  }
  return [...touched]
}
