/** The contested fields of records of work that are being looked at, kept up to date entry by entry. */
import type { Conflict } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { contestedIn, contestedSince, type ContestedAt, type ContestedField } from '#lib/store/contested.ts'
import type { DocumentChange } from '#lib/store/documents.ts'
import type { Touched } from '#lib/store/touched.ts'
import type { OpenWork } from '#lib/store/works.ts'

interface Known {
  byEntry: Map<string, ContestedField[]>
  /** Entries that were written since they were looked at. */
  written: Map<string, [collection: string, entry: string]>
}

export interface ContestedOptions {
  personOf: (actor: string) => PersonId | null
  touched: Touched
  /** What was found when the work was last projected. */
  projected: (work: DocId, doc: DocId) => ContestedAt | undefined
}

export class ContestedFields {
  readonly #options: ContestedOptions
  readonly #known = new Map<DocId, Known>()

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
        const fields = contestedSince(open.handle.doc(), type, touched, projected(work.root, doc))
        const byEntry = Map.groupBy(fields, ({ path }) => path.slice(0, 2).join(' '))
        known = { byEntry, written: new Map() }
        this.#known.set(doc, known)
      }
      const content = open.handle.doc()
      for (const [name, [collection, entry]] of known.written) {
        const fields = contestedIn({ doc: content, type, touched }, collection, entry)
        if (fields.length > 0) known.byEntry.set(name, fields)
        else known.byEntry.delete(name)
      }
      known.written.clear()
      for (const { path, values } of [...known.byEntry.values()].flat())
        found.push({ doc, path, values: values.map(({ value, actor }) => ({ value, by: personOf(actor) })) })
    }
    return found
  }
}
