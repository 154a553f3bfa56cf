/** Undo and redo per tab: what this tab did, newest last. An undo is a change of its own, so redo is undoing it. */
import { refuse } from '#lib/kernel/refusal.ts'
import type { MutationContext, Sentence } from '#lib/kernel/define-kind.ts'
import { WROTE, writingMessage } from '#lib/kernel/groups.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { kindNamed, documentTypeNamed } from '#lib/kinds/index.ts'
import { takeBack, type CameBack } from '#lib/kinds/prose/take-back.ts'
import type { Documents } from '#lib/store/documents.ts'
import { fieldsOfChanges } from '#lib/store/fields.ts'
import { applyUndo, planUndo, type UndoClash, type UndoWrite } from '#lib/store/undo.ts'
import { changeMessage, splitKind, type CommittedGroup, type OpenWork, type Works } from '#lib/store/works.ts'
import type { UndoConflict, UndoOptions, UndoResult } from './api.ts'
import { sentenceOf, textFields } from './history.ts'
import { applyTexts, planTextUndo, textPath, type TextWrite } from './undo-texts.ts'

interface Entry extends CommittedGroup {
  work: DocId
  /** A step of writing in the text of this entry, instead of an action. */
  text?: string
}
/** What somebody typed in the text of an entry. */
interface Written {
  work: DocId
  entity: string
  doc: DocId
  hashes: readonly string[]
  /** Of its own, or more of the last one. */
  step: 'new' | 'more'
}
interface Stacks {
  undo: Entry[]
  redo: Entry[]
}

const DEEPEST = 1_000

export class UndoStacks {
  readonly #documents: Documents
  readonly #works: Works
  readonly #personName: (person: string) => string
  readonly #newGroup: () => string
  readonly #stacks = new Map<string, Stacks>()
  /** By entry: characters of its text that were taken back and came again. */
  readonly #cameBack = new Map<string, CameBack>()

  constructor(documents: Documents, works: Works, personName: (person: string) => string, newGroup: () => string) {
    this.#documents = documents
    this.#works = works
    this.#personName = personName
    this.#newGroup = newGroup
  }

  push(tab: string, work: DocId, group: CommittedGroup, text?: string): void {
    const stacks = this.#of(tab)
    stacks.undo.push({ ...group, work, ...(text !== undefined && { text }) })
    if (stacks.undo.length > DEEPEST) stacks.undo.shift()
    stacks.redo = stacks.redo.filter((entry) => entry.work !== work)
  }

  /** Somebody typed in the text of an entry: steps of that stand among the actions. */
  wrote(tab: string, { work, entity, doc, hashes, step }: Written): void {
    const last = this.#of(tab).undo.at(-1)
    if (step === 'more' && last?.text === entity && last.work === work) last.changes[0]?.hashes.push(...hashes)
    else this.push(tab, work, { group: this.#newGroup(), calls: [], changes: [{ doc, hashes: [...hashes] }] }, entity)
  }

  forget(tab: string): void {
    this.#stacks.delete(tab)
  }

  /** Undoes (or redoes) the newest group of this tab in the work, or the named one. */
  async run(
    direction: 'undo' | 'redo',
    tab: string,
    work: OpenWork,
    ctx: MutationContext,
    options: UndoOptions,
    nameOfActor: (actor: string) => string,
  ): Promise<{ result: UndoResult; committed: CommittedGroup | null }> {
    const { group: named, text, onConflict = 'ask' } = options
    const stacks = this.#of(tab)
    const from = stacks[direction]
    const isMeant = (entry: Entry) => entry.work === work.root && (text === undefined || entry.text === text)
    const index = from.findLastIndex((entry) => (named ? entry.group === named : isMeant(entry)))
    const entry = from[index]
    if (!entry) return { result: { done: 'nothing' }, committed: null }
    if (onConflict === 'leave') {
      from.splice(index, 1)
      return { result: { done: 'left' }, committed: null }
    }
    if (entry.text !== undefined) {
      const committed = await this.#takeBackWriting(entry, entry.text, ctx)
      from.splice(from.indexOf(entry), 1)
      // Others have taken out what was written there: what was done before it is next.
      if (!committed) return this.run(direction, tab, work, ctx, options, nameOfActor)
      stacks[direction === 'undo' ? 'redo' : 'undo'].push({ ...entry, ...committed })
      return { result: { done: 'undone', group: entry.group, sentence: this.#sentence(work, entry) }, committed }
    }
    // A companion may have been closed since.
    const opened = await Promise.all(entry.changes.map(({ doc }) => this.#documents.open(doc)))
    const plans = entry.changes.map(({ doc, hashes }, at) => {
      const open = opened[at] ?? refuse('work-unknown')
      const created = documentTypeNamed(open.row.kind)?.created
      if (splitKind(open.row.kind)[0] === 'prose')
        return { doc, open, writes: [], ...planTextUndo(open.handle.doc(), hashes) }
      return { doc, open, texts: [], ...planUndo(open.handle.doc(), hashes, created) }
    })
    const clashes = plans.flatMap((plan) => plan.clashes)
    if (clashes.length > 0 && onConflict === 'ask') {
      const writes = plans.reduce((sum, plan) => sum + plan.writes.length + plan.texts.length, 0)
      const conflict: UndoConflict = {
        fields: clashes.map(({ actor, ...clash }) => ({ ...clash, by: nameOfActor(actor) })),
        others: writes - clashes.length,
      }
      return { result: { done: 'ask', group: entry.group, conflict }, committed: null }
    }
    const group = this.#newGroup()
    const name = entry.calls[0]?.mutation ?? ''
    const changes: CommittedGroup['changes'] = []
    for (const plan of plans) {
      const { doc, open } = plan
      const { writes, texts } = onConflict === 'keep' ? withoutClashes(plan) : plan
      if (writes.length === 0 && texts.length === 0) continue
      const hash = this.#documents.change(open, changeMessage(`${direction}:${name}`, group), (draft) => {
        applyUndo(draft, writes)
        applyTexts(draft, texts)
      })
      if (hash) changes.push({ doc, hashes: [hash] })
    }
    from.splice(index, 1)
    const committed: CommittedGroup = { group, calls: entry.calls, changes }
    stacks[direction === 'undo' ? 'redo' : 'undo'].push({ ...committed, work: entry.work })
    // What is done again is what was written now: the entry itself is the undoing of it.
    const sentence = this.#sentence(work, direction === 'undo' ? entry : committed)
    return { result: { done: 'undone', group: entry.group, sentence }, committed }
  }

  async #takeBackWriting(entry: Entry, text: string, { now }: MutationContext): Promise<CommittedGroup | null> {
    const [written] = entry.changes
    if (!written) return null
    const open = await this.#documents.open(written.doc)
    const before = open.handle.doc()
    const cameBack: CameBack = this.#cameBack.get(text) ?? new Map()
    this.#cameBack.set(text, cameBack)
    const hash = this.#documents.change(open, writingMessage(now), (draft) =>
      takeBack(draft, before, textPath(text), written.hashes, cameBack),
    )
    return hash ? { ...entry, changes: [{ doc: written.doc, hashes: [hash] }] } : null
  }

  #sentence(work: OpenWork, { calls, changes, text }: Omit<Entry, 'work'>): Sentence {
    const facts = { view: work.kind.read(this.#works.plain(work)), personName: this.#personName }
    if (text !== undefined)
      return sentenceOf(work, [WROTE], {
        ...facts,
        fields: textFields(work, this.#works.shardOf(work, text), [text]),
      })
    const fields = changes.flatMap(({ doc, hashes }) => {
      const open = this.#documents.peek(doc)
      const [kind, type] = splitKind(open?.row.kind ?? '.')
      if (!open || !kindNamed(kind)) return []
      return fieldsOfChanges(open.handle.doc(), hashes).map((field) => ({ ...field, doc, type }))
    })
    return sentenceOf(
      work,
      calls.map(({ mutation }) => mutation),
      { ...facts, fields },
    )
  }

  #of(tab: string): Stacks {
    const known = this.#stacks.get(tab)
    if (known) return known
    const fresh: Stacks = { undo: [], redo: [] }
    this.#stacks.set(tab, fresh)
    return fresh
  }
}

/** What nobody else has changed. */
function withoutClashes({ writes, texts, clashes }: { writes: UndoWrite[]; texts: TextWrite[]; clashes: UndoClash[] }) {
  const theirs = new Set(clashes.map(({ path }) => path.join('\u0000')))
  const isMine = (path: readonly (string | number)[]) => !theirs.has(path.join('\u0000'))
  return {
    writes: writes.filter(({ path }) => isMine(path)),
    texts: texts.filter(({ entry }) => isMine(textPath(entry))),
  }
}
