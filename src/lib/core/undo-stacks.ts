/**
 * Undo and redo: what this tab did, and what was done on this device in tabs that have ended (docs/decisions/0014). An undo is a
 * change of its own, so redo is undoing it.
 */
import { refuse } from '#lib/kernel/refusal.ts'
import type { ChangedField, MutationContext, Sentence } from '#lib/kernel/define-kind.ts'
import { WROTE, writingMessage } from '#lib/kernel/groups.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import { takeBack, type CameBack } from '#lib/kinds/prose/take-back.ts'
import type { Db, ImportedFrom, UndoRow } from '#lib/store/db.ts'
import type { Documents } from '#lib/store/documents.ts'
import type { Touched } from '#lib/store/touched.ts'
import { applyUndo, planUndo, type UndoClash } from '#lib/store/undo.ts'
import { changeMessage, takenBack } from '#lib/store/change-message.ts'
import {
  CALLS_PER_CHANGE,
  isManyWrites,
  splitKind,
  type CommitPace,
  type CommittedGroup,
  type OpenWork,
  type Works,
  type Write,
} from '#lib/store/works.ts'
import type { UndoConflict, UndoOptions, UndoResult } from './api.ts'
import { hasFields, IMPORT, sentenceOf, textFields } from './history.ts'
import { keptWith, pathName, workedOn } from './undo-made.ts'
import { applyTexts, planTextUndo, textPath } from './undo-texts.ts'

interface Entry extends Omit<UndoRow, 'ws'> {
  /** Whose it is; of nobody once that tab is gone, and so anybody's. */
  tab: string | null
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

export interface UndoStacksOptions {
  db: Db
  ws: WorkspaceId
  documents: Documents
  works: Works
  touched: Touched
  /** An actor of my own, on whichever device. */
  isMine: (actor: string) => boolean
  personName: (person: string) => string
  newGroup: () => string
}

type Asked = [
  direction: 'undo' | 'redo',
  tab: string,
  work: OpenWork,
  ctx: MutationContext,
  options: UndoOptions,
  nameOfActor: (actor: string) => string,
  pace?: CommitPace,
]
interface TakenBack {
  result: UndoResult
  committed: Pick<CommittedGroup, 'changes'> | null
}

/** In a record of work. */
const DEEPEST = 1_000

export class UndoStacks {
  readonly #options: UndoStacksOptions
  /** By record of work: what was done (to be undone) and what was undone (to be done again), oldest first. */
  readonly #entries = new Map<DocId, Promise<Entry[]>>()
  /** By entry: characters of its text that were taken back and came again. */
  readonly #cameBack = new Map<string, CameBack>()

  constructor(options: UndoStacksOptions) {
    this.#options = options
  }

  async push(tab: string, work: DocId, { group, calls, changes }: CommittedGroup, from?: ImportedFrom): Promise<void> {
    const mutations = from ? [IMPORT] : [...new Set(calls.map(({ mutation }) => mutation))]
    this.#done(await this.#of(work), tab, {
      ...{ work, way: 'undo', group, mutations, changes, tab },
      ...(from && { from }),
    })
  }

  /** What can be done again stands before it: after something new it cannot. */
  #done(entries: Entry[], tab: string, entry: Omit<Entry, 'seq'>): void {
    for (const other of [...entries]) if (other.way === 'redo' && isOf(other, tab)) this.#remove(entries, other)
    this.#add(entries, entry)
  }

  /** Somebody typed in the text of an entry: steps of that stand among the actions. */
  async wrote(tab: string, { work, entity, doc, hashes, step }: Written): Promise<void> {
    const entries = await this.#of(work)
    const last = entries.findLast((entry) => entry.way === 'undo' && isOf(entry, tab))
    if (step === 'more' && last?.text === entity) last.changes[0]?.hashes.push(...hashes)
    else {
      const changes = [{ doc, hashes: [...hashes] }]
      const group = this.#options.newGroup()
      this.#done(entries, tab, { work, way: 'undo', group, mutations: [], changes, tab, text: entity })
    }
  }

  /** The tab is gone: what it did can be undone from any other. What was typed there was for its editor to take back. */
  async forget(tab: string): Promise<void> {
    for (const opening of this.#entries.values()) {
      const entries = await opening
      for (const entry of entries.filter((one) => one.tab === tab)) {
        if (entry.text === undefined) entry.tab = null
        else this.#remove(entries, entry)
      }
    }
  }

  /** Undoes (or redoes) the newest action of this tab in the work, or the named one. Refuses `cancelled`, and then nothing has changed. */
  run(...asked: Asked): Promise<TakenBack> {
    const [, , { root }] = asked
    // A long one is not done twice by whoever presses the keys again meanwhile: the next takes what is next.
    const before = this.#running.get(root) ?? Promise.resolve()
    const running = before.then(() => this.#run(...asked))
    const settled = running.then(
      () => undefined,
      () => undefined,
    )
    this.#running.set(root, settled)
    return running
  }
  readonly #running = new Map<DocId, Promise<void>>()

  async #run(...[direction, tab, work, ctx, options, nameOfActor, pace]: Asked): Promise<TakenBack> {
    const { group: named, text, onConflict = 'ask' } = options
    const { works, newGroup } = this.#options
    const entries = await this.#of(work.root)
    const isMeant = (entry: Entry) => (named ? entry.group === named : text === undefined || entry.text === text)
    const entry = entries.findLast((one) => one.way === direction && isOf(one, tab) && isMeant(one))
    if (!entry) return { result: { done: 'nothing' }, committed: null }
    const opposite = direction === 'undo' ? 'redo' : 'undo'
    const next = () => this.#run(direction, tab, work, ctx, options, nameOfActor, pace)
    if (onConflict === 'leave') {
      this.#remove(entries, entry)
      return { result: { done: 'left' }, committed: null }
    }
    if (entry.text !== undefined) {
      const changes = await this.#takeBackWriting(entry, entry.text, ctx)
      this.#remove(entries, entry)
      // Others have taken out what was written there: what was done before it is next.
      if (!changes) return next()
      this.#add(entries, { ...entry, way: opposite, changes })
      const sentence = this.#sentenceOfWriting(work, entry.text)
      return { result: { done: 'undone', group: entry.group, sentence }, committed: { changes } }
    }
    // What was refused, or never reached the disk, is gone: what was done before it is next.
    if (!(await this.#isThere(entry))) {
      this.#remove(entries, entry)
      return next()
    }
    const plans = await this.#plan(entry, pace)
    const clashes = plans.flatMap((plan) => plan.clashes)
    const worked = workedOn(plans, this.#options.touched, this.#options.isMine)
    if (clashes.length + worked.length > 0 && onConflict === 'ask') {
      const writes = plans.reduce((sum, plan) => sum + plan.writes.length + plan.texts.length, 0)
      const collections = new Set(worked.map(({ path: [collection] }) => collection))
      const conflict: UndoConflict = {
        fields: clashes.map(({ actor, ...clash }) => ({ ...clash, by: nameOfActor(actor) })),
        entries: worked.map(({ path, actors }) => ({ path, by: [...new Set(actors.map(nameOfActor))] })),
        made: plans.flatMap(({ made }) => made).filter(([collection]) => collections.has(collection)).length,
        others: writes - clashes.length - worked.length,
      }
      return { result: { done: 'ask', group: entry.group, conflict }, committed: null }
    }
    const group = newGroup()
    const stays = onConflict === 'keep' ? staysOf(clashes, keptWith(worked, plans)) : () => false
    // What is done again was stored the last first.
    const inOrder = direction === 'undo' ? plans : plans.toReversed()
    const fields = inOrder.flatMap((plan) => plan.written).filter(({ path }) => !stays(path))
    const mutations = onConflict === 'keep' ? this.#mutationsOf(entry, work, fields) : entry.mutations
    const message = changeMessage(takenBack(direction, mutations), group)
    // The last first: cards go before the column that was made for them, and come again after it.
    const writes = plans.toReversed().flatMap(({ doc, open, ...plan }): Write[] => {
      const change = (run: Write['run']): Write => ({ doc, open, message, run })
      const list = plan.writes.filter(({ path }) => !stays(path))
      const texts = plan.texts.filter((text) => !stays(textPath(text.entry)))
      return [
        ...chunksOf(list, CALLS_PER_CHANGE).map((some) => change((draft) => applyUndo(draft, some))),
        ...(texts.length > 0 ? [change((draft) => applyTexts(draft, texts))] : []),
      ]
    })
    const changes = isManyWrites(writes)
      ? await works.write(writes, ctx.now, { pace: pace && secondHalf(pace) })
      : works.writeEach(writes, ctx.now)
    this.#remove(entries, entry)
    // Of an import of which a part stays the number of its cards is another.
    const { from, ...rest } = entry
    const whole = from && onConflict !== 'keep' ? { from } : {}
    this.#add(entries, { ...rest, ...whole, mutations, way: opposite, group, changes, tab })
    // What is done again is what was written now: the entry itself is the undoing of it.
    const told = direction === 'undo' ? fields : fields.map(turned)
    const sentence = sentenceOf(work, mutations, this.#facts(work, told))
    return { result: { done: 'undone', group: entry.group, sentence, ...whole }, committed: { changes } }
  }

  /** What taking an action back would write, document by document. */
  async #plan({ changes }: Entry, pace: CommitPace | undefined) {
    const { documents, works, touched, isMine } = this.#options
    // A companion may have been closed since.
    const opened = await Promise.all(changes.map(({ doc }) => documents.open(doc)))
    const docs = changes.map(({ doc }) => doc)
    const isLong = isManyWrites(changes.flatMap(({ hashes }) => hashes))
    const plans = []
    for (const [at, { doc, hashes }] of changes.entries()) {
      if (isLong) await works.othersTurn(docs)
      if (pace?.signal.aborted) refuse('cancelled')
      if (isLong) pace?.onProgress(at, 2 * changes.length)
      const open = opened[at] ?? refuse('work-unknown')
      const [kind, type] = splitKind(open.row.kind)
      if (kind === 'prose')
        plans.push({
          ...{ doc, hashes, open, writes: [], made: [], worked: [], written: [] },
          ...planTextUndo(open.handle.doc(), hashes),
        })
      else {
        const created = documentTypeNamed(open.row.kind)?.created
        const { fields, ...plan } = planUndo(open.handle.doc(), hashes, created, touched, isMine)
        plans.push({ doc, hashes, open, texts: [], ...plan, written: fields.map((field) => ({ ...field, doc, type })) })
      }
    }
    return plans
  }

  async #isThere({ changes }: Entry): Promise<boolean> {
    const { documents } = this.#options
    for (const { doc, hashes } of changes) {
      if (!documents.rows.has(doc)) return false
      if (!hasHeads((await documents.open(doc)).handle.doc(), hashes)) return false
    }
    return true
  }

  async #takeBackWriting(entry: Entry, text: string, { now }: MutationContext): Promise<Entry['changes'] | null> {
    const [written] = entry.changes
    if (!written) return null
    const { documents } = this.#options
    const open = await documents.open(written.doc)
    const before = open.handle.doc()
    const cameBack: CameBack = this.#cameBack.get(text) ?? new Map()
    this.#cameBack.set(text, cameBack)
    const hash = documents.change(open, writingMessage(now), (draft) =>
      takeBack(draft, before, textPath(text), written.hashes, cameBack),
    )
    return hash ? [{ doc: written.doc, hashes: [hash] }] : null
  }

  #sentenceOfWriting(work: OpenWork, text: string): Sentence {
    return sentenceOf(
      work,
      [WROTE],
      this.#facts(work, textFields(work, this.#options.works.shardOf(work, text), [text])),
    )
  }

  #facts(work: OpenWork, fields: readonly ChangedField[]) {
    const { works, personName } = this.#options
    return { view: work.kind.read(works.plain(work)), personName, fields }
  }

  /** Without those of which everything stays: nothing is said of them. */
  #mutationsOf({ mutations }: Entry, work: OpenWork, fields: readonly ChangedField[]): string[] {
    const facts = this.#facts(work, fields)
    return mutations.filter((mutation) => hasFields(work.kind, mutation, facts))
  }

  #add(entries: Entry[], entry: Omit<Entry, 'seq'>): void {
    const { db, ws } = this.#options
    const added = { ...entry, seq: (entries.at(-1)?.seq ?? 0) + 1 }
    entries.push(added)
    const [oldest] = entries
    if (oldest && entries.length > DEEPEST) this.#remove(entries, oldest)
    if (added.text !== undefined) return
    const { tab: _, text: __, ...row } = added
    // Nothing waits for it: what is not stored can be undone until the tab ends, as ever.
    db.put('undo', { ws, ...row }).catch(console.error)
  }

  #remove(entries: Entry[], entry: Entry): void {
    const { db, ws } = this.#options
    const at = entries.indexOf(entry)
    // Something new was done while it was taken back: it went then.
    if (at < 0) return
    entries.splice(at, 1)
    if (entry.text === undefined) db.delete('undo', [ws, entry.work, entry.seq]).catch(console.error)
  }

  #of(work: DocId): Promise<Entry[]> {
    const known = this.#entries.get(work)
    if (known) return known
    const reading = this.#read(work)
    this.#entries.set(work, reading)
    return reading
  }

  async #read(work: DocId): Promise<Entry[]> {
    const { db, ws } = this.#options
    // Where it cannot be read there is nothing to undo yet, and work goes on.
    const rows = await db.getAll('undo', IDBKeyRange.bound([ws, work], [ws, work, []])).catch(() => [])
    return rows.map(({ ws: _, ...row }) => ({ ...row, tab: null }))
  }
}

const isOf = (entry: Entry, tab: string): boolean => entry.tab === null || entry.tab === tab

/** As if the same had been written the other way round. */
const turned = (field: ChangedField): ChangedField => ({ ...field, before: field.after, after: field.before })

const secondHalf = ({ onProgress, signal }: CommitPace): CommitPace => ({
  onProgress: (done, all) => onProgress(all + done, 2 * all),
  signal,
})

function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))
}

type Path = readonly (string | number)[]

/** What the person keeps: what others have changed since, and the entries that they work in, with all that is in those. */
function staysOf(clashes: readonly UndoClash[], entries: ReadonlySet<string>): (path: Path) => boolean {
  const kept = new Set([...entries, ...clashes.map(({ path }) => pathName(path))])
  return (path) => path.some((_, at) => kept.has(pathName(path.slice(0, at + 1))))
}
