/** The contested fields of records of work that are being looked at, kept up to date entry by entry. */
import * as A from '@automerge/automerge/slim'
import type { Conflict, DocumentType } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { reopenedIn } from '#lib/store/changes-apart.ts'
import {
  contestedIn,
  contestedSince,
  textContested,
  textsContested,
  type ContestedAt,
  type ContestedField,
} from '#lib/store/contested.ts'
import type { AnyDoc, DocumentChange } from '#lib/store/documents.ts'
import { contestedInTexts } from '#lib/store/texts-contested.ts'
import { placeNamed, type Touched } from '#lib/store/touched.ts'
import type { OpenWork } from '#lib/store/works.ts'

interface Known {
  byEntry: Map<string, ContestedField[]>
  /** Entries that were written since they were looked at. */
  written: Map<string, readonly [collection: string, entry: string]>
  /** When that was. */
  heads: A.Heads
}
/** What was found of the texts of a shard's entries, in which states of the two documents. */
interface KnownTexts {
  content: AnyDoc
  texts: AnyDoc
  found: ContestedField[]
  formats: ContestedAt
}

export interface ContestedOptions {
  personOf: (actor: string) => PersonId | null
  touched: Touched
  /** What was found when the work was last projected. */
  projected: (work: DocId, doc: DocId) => ContestedAt | undefined
  textsOf: (work: OpenWork, shard: DocId) => Promise<AnyDoc | null>
  /** In which document they are. */
  companionId: (work: OpenWork, shard: DocId) => DocId | null
}

export class ContestedFields {
  readonly #options: ContestedOptions
  readonly #known = new Map<DocId, Known>()
  readonly #texts = new Map<DocId, KnownTexts>()

  constructor(options: ContestedOptions) {
    this.#options = options
  }

  changed({ doc, patches }: Pick<DocumentChange, 'doc' | 'patches'>): void {
    const known = this.#known.get(doc)
    if (!known) return
    // What settles two values for the one that counted already shows in no patch.
    for (const [name, [field]] of known.byEntry) if (field) known.written.set(name, [field.path[0], field.path[1]])
    for (const { path } of patches) {
      // A field of the root is an entry without a collection.
      const [collection, entry] = path.length === 1 ? ['', ...path] : path
      if (collection !== undefined && entry !== undefined)
        known.written.set(`${collection} ${entry}`, [String(collection), String(entry)])
    }
  }

  /** The document is another one, or nobody looks at it any more: what was found is of no use. */
  forget(doc: DocId): void {
    this.#known.delete(doc)
    this.#texts.delete(doc)
  }

  /** Every document's are found on their own: between two of them whatever waits has its turn. */
  async of(work: OpenWork): Promise<Conflict[]> {
    const { personOf, touched, projected } = this.#options
    const found: Conflict[] = []
    for (const [doc, { open }] of work.docs) {
      const type = documentTypeNamed(open.row.kind)
      if (!type?.contested) continue
      let known = this.#known.get(doc)
      if (!known) {
        await new Promise((resolve) => setTimeout(resolve))
        const content = open.handle.doc()
        const fields = contestedSince(content, type, touched, projected(work.root, doc))
        const byEntry = Map.groupBy(fields, ({ path }) => path.slice(0, 2).join(' '))
        known = { byEntry, written: new Map(), heads: A.getHeads(content) }
        this.#known.set(doc, known)
      }
      const content = open.handle.doc()
      // Nor does what opens a choice again.
      const reopening = reopenedIn(content).changes
      for (const { hash } of reopening.size > 0 ? A.getChangesMetaSince(content, known.heads) : [])
        for (const name of reopening.has(hash) ? touched.of(content, hash) : []) {
          const place = placeNamed(name)
          known.written.set(place.join(' '), place)
        }
      known.heads = A.getHeads(content)
      for (const [name, [collection, entry]] of known.written) {
        const fields = contestedIn({ doc: content, type, touched }, collection, entry)
        if (fields.length > 0) known.byEntry.set(name, fields)
        else known.byEntry.delete(name)
      }
      known.written.clear()
      const tell = ({ path, values, of }: ContestedField) => ({
        doc,
        path,
        values: values.map(({ value, actor, takenBack, knownBy }) => ({
          ...{ value, by: personOf(actor) },
          ...(takenBack && { takenBack }),
          ...(knownBy && { knownBy: knownBy.map(personOf) }),
        })),
        ...(of !== undefined && { of }),
      })
      const fields = [...known.byEntry.values()].flat()
      const own = fields.filter(({ values }) => values.length > 0).map(tell)
      const texts = (await this.#textsOf(work, doc, type, fields)).map(tell)
      found.push(...withTexts(own, texts))
    }
    return found
  }

  /**
   * Entries that were put away by one who did not know what another wrote in their text, those that were begun twice, and paragraphs
   * and links that two people formatted or changed at once.
   */
  async #textsOf(
    work: OpenWork,
    doc: DocId,
    { companion, entries, putAway }: DocumentType<never>,
    own: readonly ContestedField[],
  ): Promise<ContestedField[]> {
    const { touched, textsOf, companionId, projected } = this.#options
    if (companion === undefined || entries === undefined) return []
    const texts = await textsOf(work, doc)
    const content = work.docs.get(doc)?.open.handle.doc()
    if (!texts || !content) return []
    const known = this.#texts.get(doc)
    if (known?.content === content && known.texts === texts) return known.found
    const begun = own.flatMap(({ path, values }) => (values.length === 0 ? [path] : []))
    const before = known?.formats ?? projected(work.root, companionId(work, doc) ?? doc)
    const formats =
      known?.texts === texts ? known.formats.fields : contestedInTexts({ doc: texts, touched }, entries, before)
    const found = [
      ...textsContested(content, own, putAway, { doc: texts, touched }),
      ...begun.flatMap(([collection, entry]) => textContested(texts, collection, entry)),
      ...formats,
    ]
    this.#texts.set(doc, { content, texts, found, formats: { heads: A.getHeads(texts), fields: formats } })
    return found
  }
}

/** Beside what somebody wrote in an entry stands what they wrote in its text. */
function withTexts(own: readonly Conflict[], texts: readonly Conflict[]): Conflict[] {
  const places = new Map(own.map((conflict) => [conflict.path.join(' '), conflict]))
  for (const text of texts) {
    const place = text.path.join(' ')
    const known = places.get(place)
    places.set(place, known ? { ...known, values: valuesWith(known.values, text.values.slice(1)) } : text)
  }
  return [...places.values()]
}

function valuesWith(values: Conflict['values'], others: Conflict['values']): Conflict['values'] {
  return others.reduce(
    (all, other) => {
      const isOf = ({ value, by, knownBy }: Conflict['values'][number]) =>
        by === other.by && String(knownBy) === String(other.knownBy) && typeof value === 'object' && value !== null
      const at = all.findIndex(isOf)
      const value = { ...fieldsOf(all[at]?.value), ...fieldsOf(other.value) }
      return at < 0 ? [...all, other] : all.with(at, { ...other, value })
    },
    [...values],
  )
}
