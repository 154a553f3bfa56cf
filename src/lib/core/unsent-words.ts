/**
 * What a person wrote and nobody has confirmed, in words that can be read and copied (R7): the audit sentences of the
 * changes, and of descriptions the text itself.
 */
import * as A from '@automerge/automerge/slim'
import type { Locale, Sentence } from '#lib/kernel/define-kind.ts'
import { WROTE } from '#lib/kernel/groups.ts'
import type { DocId, ScopeId } from '#lib/kernel/ids.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import type { DocRow } from '#lib/store/db.ts'
import type { Documents } from '#lib/store/documents.ts'
import { toPlain } from '#lib/store/plain.ts'
import { splitKind, type OpenWork, type Works } from '#lib/store/works.ts'
import { sentenceOf, textFields, type HistoryReader } from './history.ts'

export interface SaidEdits {
  /** The record of work that the document belongs to, the document itself where none is known here. */
  work: DocId
  title: string
  sentences: Sentence[]
  text: string
}

export interface UnsentWordsOptions {
  documents: Documents
  works: Works
  history: HistoryReader
  locale: Locale
  openWork: (root: DocId) => Promise<OpenWork>
  /** What the scope's index lists. */
  indexOf: (scope: ScopeId) => Readonly<Record<string, { title: string }>>
  personName: (person: string) => string
}

export class UnsentWords {
  readonly #options: UnsentWordsOptions

  constructor(options: UnsentWordsOptions) {
    this.#options = options
  }

  async of(row: DocRow, changes: readonly Uint8Array[]): Promise<SaidEdits> {
    const { history, locale, indexOf, personName } = this.#options
    const root = await this.#rootOf(row)
    const [kind] = splitKind(row.kind)
    const sentences =
      kind === 'prose'
        ? await this.#texts(row, root)
        : (await history.ofChanges(row.doc, root, changes, personName)).map(({ sentence }) => sentence)
    const work = root ?? row.doc
    const text = sentences.map((sentence) => sentence[locale]).join('\n')
    return { work, title: indexOf(row.scope)[work]?.title ?? '', sentences, text }
  }

  /** Texts as they are now, of those that differ from what is accepted: each with the card that it is of. */
  async #texts({ doc, acceptedHeads }: DocRow, root: DocId | null): Promise<Sentence[]> {
    const { documents, works, openWork, personName } = this.#options
    const content = (await documents.open(doc)).handle.doc()
    const before = readProse(toPlain(A.view(content, acceptedHeads))).entries
    const work = root && (await openWork(root))
    const view = work && work.kind.read(works.plain(work))
    return Object.entries(readProse(toPlain(content)).entries)
      .filter(([entry, { text }]) => text !== (before[entry]?.text ?? ''))
      .map(([entry, { text }]) => {
        const fields = work ? textFields(work, works.shardOf(work, entry), [entry]) : []
        const of = work && sentenceOf(work, [WROTE], { fields, view, personName })
        return {
          'zh-CN': `${of?.['zh-CN'] ?? '描述'}：${text || '（已清空）'}`,
          en: `${of?.en ?? 'Description'}: ${text || '(emptied)'}`,
        }
      })
  }

  async #rootOf({ doc, scope, kind }: DocRow): Promise<DocId | null> {
    const { documents, openWork, works, indexOf } = this.#options
    if (splitKind(kind)[1] === 'root' && splitKind(kind)[0] !== 'prose') return doc
    for (const root of Object.keys(indexOf(scope)) as DocId[]) {
      const work = documents.rows.has(root) ? await openWork(root).catch(() => null) : null
      if (work && works.holds(work, doc)) return root
    }
    return null
  }
}
