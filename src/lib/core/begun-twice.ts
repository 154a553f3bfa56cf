/**
 * Of an entry that two devices began under one id without knowing of each other Automerge shows one (docs/decisions/0015). What a person has made
 * of theirs is written into the others as well, by a device of that person, where nobody has made anything of it there: what came with the
 * beginning is nobody's wish, and no question to anybody.
 */
import * as A from '@automerge/automerge/slim'
import type { PutAway } from '#lib/kernel/define-kind.ts'
import { runMutation } from '#lib/kernel/run-mutation.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { mutations } from '#lib/kinds/prose/mutations.ts'
import { settledNow } from '#lib/kinds/prose/put-again.ts'
import { fieldsMadeOf, isInHiddenText, textsBegun, type BegunObject } from '#lib/store/begun-apart.ts'
import { changeMessage, parseMessage } from '#lib/store/change-message.ts'
import type { ContestedField } from '#lib/store/contested.ts'
import type { AnyDoc, OpenDocument } from '#lib/store/documents.ts'
import { isTouched, type Touched } from '#lib/store/touched.ts'
import { applyUndo, isSame, type UndoWrite } from '#lib/store/undo.ts'
import { actorOf } from '#lib/store/values-met.ts'
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
    for (const [shard, { open }] of work.docs) {
      const begun = contestedIn(work.root, shard).filter(({ path: [, , field] }) => field === '')
      if (begun.length === 0) continue
      const { companion, putAway = {} } = documentTypeNamed(open.row.kind) ?? {}
      const texts = companion === undefined ? null : await works.companion(work, shard)
      // From here on nothing is waited for: what is written is what was read.
      const message = changeMessage(TOGETHER, newGroup())
      const writes = begun.flatMap(({ path: [collection, entry] }): Write[] => {
        if (!this.#isAnother(`${shard} ${entry}`, [open, texts])) return []
        const list = this.#fieldsOf(open.handle.doc(), collection, entry, putAway[collection])
        const text = texts && this.#textOf(texts, entry, message)
        return [
          ...(list.length > 0 ? [{ doc: shard, open, message, run: writing(list) }] : []),
          ...(text ? [text] : []),
        ]
      })
      for (const { doc } of writes.length > 0 ? works.writeEach(writes, now()) : []) written(doc)
    }
  }

  /** To ask what was made of them takes as long as their documents' histories are. */
  #isAnother(entry: string, documents: readonly (OpenDocument | null)[]): boolean {
    const heads = documents.flatMap((open) => (open ? A.getHeads(open.handle.doc()) : [])).join(' ')
    const isKnown = this.#looked.get(entry) === heads
    this.#looked.set(entry, heads)
    return !isKnown
  }

  #fieldsOf(doc: AnyDoc, collection: string, entry: string, away: PutAway | undefined): UndoWrite[] {
    const { isMine } = this.#options
    const all = fieldsMadeOf(doc, collection, entry)
    const back = this.#broughtBack(all, [collection, entry], away)
    const names = new Set(all.flatMap(({ made }) => [...made.keys()]))
    const isBack = (name: string) => back.some(({ path }) => JSON.stringify(path.slice(2)) === name)
    const list = [...names].flatMap((name): UndoWrite[] => {
      if (isBack(name)) return []
      const [own, ...others] = all.filter(({ made }) => made.has(name))
      const is = own?.made.get(name)
      if (!is || others.length > 0 || !isMine(is.actor)) return []
      return all
        .filter((one) => one !== own && !isSame(one.valueOf(is.path), is.value))
        .map(({ object, isShown }) => ({
          path: [collection, entry, ...is.path],
          value: is.value,
          ...(!isShown && { hidden: object }),
        }))
    })
    return [...list, ...back]
  }

  /** Who began it and took that back has wished nothing: it is there for whoever else began it. */
  #broughtBack(
    all: readonly BegunObject[],
    place: readonly [collection: string, entry: string],
    { flag, undone }: Partial<PutAway> = {},
  ): UndoWrite[] {
    const { isMine } = this.#options
    if (flag === undefined || undone === undefined) return []
    const isTakenBack = ({ valueOf }: BegunObject) => valueOf([flag]) === true && valueOf([undone.field]) !== undefined
    const other = all.findLast(({ valueOf }) => valueOf([flag]) !== true)
    if (!other || !all.some(({ object }) => isMine(actorOf(object)))) return []
    return all.filter(isTakenBack).flatMap(({ object, isShown }): UndoWrite[] =>
      [flag, undone.field].map((field) => ({
        path: [...place, field],
        value: other.valueOf([field]),
        ...(!isShown && { hidden: object }),
      })),
    )
  }

  #textOf(open: OpenDocument, entry: string, message: string): Write | null {
    const { isMine, now } = this.#options
    const all = textsBegun(open.handle.doc(), entry)
    const [own, ...others] = all.filter(({ isWritten, value }) => isWritten && value !== '')
    if (!own || others.length > 0 || own === all.at(-1) || !isMine(own.actor)) return null
    const args = { entry, spans: own.spans }
    const run: Write['run'] = (draft) => runMutation(mutations.keepText, draft, args, { now: toInstant(now()) })
    return { doc: open.row.doc, open, message, run }
  }
}

const writing =
  (list: readonly UndoWrite[]): Write['run'] =>
  (draft) =>
    applyUndo(draft, list)
