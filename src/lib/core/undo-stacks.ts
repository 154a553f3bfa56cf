/** Undo and redo per tab: what this tab did, newest last. An undo is a change of its own, so redo is undoing it. */
import { refuse } from '#lib/kernel/refusal.ts'
import type { MutationContext, Sentence } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { randomBytes } from '#lib/sync/bytes.ts'
import { kindNamed, documentTypeNamed } from '#lib/kinds/index.ts'
import type { Documents } from '#lib/store/documents.ts'
import { fieldsOfChanges } from '#lib/store/fields.ts'
import { applyUndo, planUndo } from '#lib/store/undo.ts'
import { changeMessage, splitKind, type CommittedGroup, type OpenWork, type Works } from '#lib/store/works.ts'
import type { UndoConflict, UndoResult } from './api.ts'
import { sentenceOf } from './history.ts'

interface Entry extends CommittedGroup {
  work: DocId
}
interface Stacks {
  undo: Entry[]
  redo: Entry[]
}

const DEEPEST = 200

export class UndoStacks {
  readonly #documents: Documents
  readonly #works: Works
  readonly #personName: (person: string) => string
  readonly #stacks = new Map<string, Stacks>()

  constructor(documents: Documents, works: Works, personName: (person: string) => string) {
    this.#documents = documents
    this.#works = works
    this.#personName = personName
  }

  push(tab: string, work: DocId, group: CommittedGroup): void {
    const stacks = this.#of(tab)
    stacks.undo.push({ ...group, work })
    if (stacks.undo.length > DEEPEST) stacks.undo.shift()
    stacks.redo = stacks.redo.filter((entry) => entry.work !== work)
  }

  forget(tab: string): void {
    this.#stacks.delete(tab)
  }

  /** Undoes (or redoes) the newest group of this tab in the work, or the named one. `force` writes over what others changed. */
  async run(
    direction: 'undo' | 'redo',
    tab: string,
    work: OpenWork,
    ctx: MutationContext,
    options: { group?: string; force?: boolean },
    nameOfActor: (actor: string) => string,
  ): Promise<{ result: UndoResult; committed: CommittedGroup | null }> {
    const stacks = this.#of(tab)
    const from = stacks[direction]
    const index = from.findLastIndex((entry) =>
      options.group ? entry.group === options.group : entry.work === work.root,
    )
    const entry = from[index]
    if (!entry) return { result: { done: 'nothing' }, committed: null }
    // A companion may have been closed since.
    const opened = await Promise.all(entry.changes.map(({ doc }) => this.#documents.open(doc)))
    const plans = entry.changes.map(({ doc, hashes }, at) => {
      const open = opened[at] ?? refuse('work-unknown')
      const created = documentTypeNamed(open.row.kind)?.created
      return { doc, open, ...planUndo(open.handle.doc(), hashes, created) }
    })
    const clashes = plans.flatMap((plan) => plan.clashes)
    if (clashes.length > 0 && !options.force) {
      const conflict: UndoConflict = {
        fields: clashes.map(({ path, mine, theirs, actor }) => ({ path, mine, theirs, by: nameOfActor(actor) })),
      }
      return { result: { done: 'ask', group: entry.group, conflict }, committed: null }
    }
    const group = randomBytes(6).toBase64({ alphabet: 'base64url' })
    const name = entry.calls[0]?.mutation ?? ''
    const changes: CommittedGroup['changes'] = []
    for (const { doc, open, writes } of plans) {
      if (writes.length === 0) continue
      const hash = this.#documents.change(open, changeMessage(`${direction}:${name}`, group), (draft) =>
        applyUndo(draft, writes),
      )
      if (hash) changes.push({ doc, hashes: [hash] })
    }
    from.splice(index, 1)
    const committed: CommittedGroup = { group, calls: entry.calls, changes }
    stacks[direction === 'undo' ? 'redo' : 'undo'].push({ ...committed, work: entry.work })
    return { result: { done: 'undone', sentence: this.#sentence(work, entry) }, committed }
  }

  #sentence(work: OpenWork, entry: Entry): Sentence {
    const fields = entry.changes.flatMap(({ doc, hashes }) => {
      const open = this.#documents.peek(doc)
      const [kind, type] = splitKind(open?.row.kind ?? '.')
      if (!open || !kindNamed(kind)) return []
      return fieldsOfChanges(open.handle.doc(), hashes).map((field) => ({ ...field, doc, type }))
    })
    return sentenceOf(
      work,
      entry.calls.map(({ mutation }) => mutation),
      { fields, view: work.kind.read(this.#works.plain(work)), personName: this.#personName },
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
