/**
 * Of an entry that two devices began under one id without knowing of each other Automerge shows one (docs/decisions/0015). What a person has made
 * of theirs is written into the others as well, by a device of that person, where nobody has made anything of it there: what came with the
 * beginning is nobody's wish, and no question to anybody.
 */
import * as A from '@automerge/automerge/slim'
import { runMutation } from '#lib/kernel/run-mutation.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { mutations } from '#lib/kinds/prose/mutations.ts'
import { settledNow } from '#lib/kinds/prose/put-again.ts'
import { fieldsMadeOf, isInHiddenText, textsBegun } from '#lib/store/begun-apart.ts'
import { changeMessage, parseMessage } from '#lib/store/change-message.ts'
import type { ContestedField } from '#lib/store/contested.ts'
import type { AnyDoc } from '#lib/store/documents.ts'
import { isTouched, type Touched } from '#lib/store/touched.ts'
import { applyUndo, isSame, type UndoWrite } from '#lib/store/undo.ts'
import type { OpenWork, Works, Write } from '#lib/store/works.ts'

/** The name in the messages of these changes. */
export const TOGETHER = 'putTogether'

/**
 * What takes back, in the text that is shown, what these changes of a person wrote in one that is hidden: what put that into the one that is
 * shown, if it stands there; the changes themselves of any other text.
 */
export function shownChanges(
  doc: AnyDoc,
  entry: string,
  hashes: readonly string[],
  touched: Touched,
  isMine: (actor: string) => boolean,
): readonly string[] {
  if (!isInHiddenText(doc, entry, hashes)) return hashes
  const settled = settledNow(A.getChangesMetaSince(doc, []))
  return A.getChangesMetaSince(doc, [...hashes.slice(-1)]).flatMap(({ hash, actor, message }) => {
    const isOfThis = parseMessage(message).mutation === TOGETHER && isMine(actor) && !settled.has(hash)
    return isOfThis && isTouched(touched.of(doc, hash), entry) ? [hash] : []
  })
}

export interface BegunTwiceOptions {
  works: Works
  isMine: (actor: string) => boolean
  readOnlyReason: (work: OpenWork) => string | null
  /** What was found of a document when its work was last projected. */
  contestedIn: (work: DocId, doc: DocId) => readonly ContestedField[]
  newGroup: () => string
  now: () => number
  /** Changes of a document wait to be saved and sent. */
  written: (doc: DocId) => void
}

export class BegunTwice {
  readonly #options: BegunTwiceOptions
  /** By document and entry, the heads at which it was looked at last. */
  readonly #looked = new Map<string, string>()

  constructor(options: BegunTwiceOptions) {
    this.#options = options
  }

  /** To be called whenever a record of work was projected. */
  async putTogether(work: OpenWork): Promise<void> {
    const { works, readOnlyReason, contestedIn, newGroup, now, written } = this.#options
    if (readOnlyReason(work) !== null) return
    const writes: Write[] = []
    const message = changeMessage(TOGETHER, newGroup())
    for (const [doc, { open }] of work.docs) {
      const begun = contestedIn(work.root, doc).filter(({ path: [, , field] }) => field === '')
      for (const { path } of begun) {
        const [collection, entry] = path
        if (!(await this.#isAnother(work, doc, entry))) continue
        const list = this.#fieldsOf(open.handle.doc(), collection, entry)
        if (list.length > 0) writes.push({ doc, open, message, run: (draft) => applyUndo(draft, list) })
        const text = await this.#textOf(work, doc, entry, message)
        if (text) writes.push(text)
      }
    }
    for (const { doc } of writes.length > 0 ? works.writeEach(writes, now()) : []) written(doc)
  }

  /** To ask what was made of them takes as long as their documents' histories are. */
  async #isAnother(work: OpenWork, shard: DocId, entry: string): Promise<boolean> {
    const own = work.docs.get(shard)?.open
    const heads = [own, await this.#options.works.companion(work, shard)].flatMap((open) =>
      open ? A.getHeads(open.handle.doc()) : [],
    )
    const name = `${shard} ${entry}`
    if (this.#looked.get(name) === String(heads)) return false
    this.#looked.set(name, String(heads))
    return true
  }

  #fieldsOf(doc: AnyDoc, collection: string, entry: string): UndoWrite[] {
    const { isMine } = this.#options
    const all = fieldsMadeOf(doc, collection, entry)
    const fields = new Set(all.flatMap(({ made }) => [...made.keys()]))
    return [...fields].flatMap((field): UndoWrite[] => {
      const [own, ...others] = all.filter(({ made }) => made.has(field))
      const is = own?.made.get(field)
      if (!is || others.length > 0 || !isMine(is.actor)) return []
      return all
        .filter((one) => one !== own && !isSame(one.valueOf(field), is.value))
        .map(({ object, isShown }) => ({
          path: [collection, entry, field],
          value: is.value,
          ...(!isShown && { hidden: object }),
        }))
    })
  }

  async #textOf(work: OpenWork, shard: DocId, entry: string, message: string): Promise<Write | null> {
    const { works, isMine, now } = this.#options
    const { companion } = documentTypeNamed(work.docs.get(shard)?.open.row.kind ?? '') ?? {}
    const open = companion === undefined ? null : await works.companion(work, shard)
    const all = open ? textsBegun(open.handle.doc(), entry) : []
    const [own, ...others] = all.filter(({ isWritten, value }) => isWritten && value !== '')
    if (!open || !own || others.length > 0 || own === all.at(-1) || !isMine(own.actor)) return null
    const args = { entry, spans: own.spans }
    const run: Write['run'] = (draft) => runMutation(mutations.keepText, draft, args, { now: now() as never })
    return { doc: open.row.doc, open, message, run }
  }
}
