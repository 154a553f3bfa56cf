/**
 * Undo and redo: what this tab did, and what was done on this device in tabs that have ended (docs/decisions/0014). An undo is a
 * change of its own, so redo is undoing it.
 */
import { refuse } from '#lib/kernel/refusal.ts'
import type { Arrival, ChangedField, MutationContext, Sentence } from '#lib/kernel/define-kind.ts'
import { WROTE, writingMessage } from '#lib/kernel/groups.ts'
import * as A from '@automerge/automerge/slim'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import { putAwayTold, type PutAwayBy, type Went } from '#lib/kernel/put-away.ts'
import type { DocId, PersonId, WorkspaceId } from '#lib/kernel/ids.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import type { CameBack } from '#lib/kinds/prose/places.ts'
import { nothingMet, takingBack, type Before, type Met } from '#lib/kinds/prose/take-back.ts'
import { reopenedIn } from '#lib/store/changes-apart.ts'
import { contestedIn, type ContestedField } from '#lib/store/contested.ts'
import type { Db, Pasted } from '#lib/store/db.ts'
import type { Documents, OpenDocument } from '#lib/store/documents.ts'
import { valueAt } from '#lib/store/fields.ts'
import { knownText } from '#lib/store/known-text.ts'
import { backBy } from '#lib/store/put-away-then.ts'
import { partsOf, placeNamed, type Touched } from '#lib/store/touched.ts'
import { applyUndo, isSame, planUndo, type UndoneEntry } from '#lib/store/undo.ts'
import { changeMessage, choiceIn, choiceMessage, isTextChoice, takenBack } from '#lib/store/change-message.ts'
import {
  inChanges,
  isManyWrites,
  splitKind,
  type CommitPace,
  type CommittedGroup,
  type Copies,
  type OpenWork,
  type Works,
  type Write,
} from '#lib/store/works.ts'
import type {
  ActionFacts,
  Already,
  ArchivedBy,
  LeftBehind,
  MovedAway,
  UndoConflict,
  UndoOptions,
  UndoResult,
} from './api.ts'
import { chosenOver, hasFields, IMPORT, sentenceOf, textFields } from './history.ts'
import { shownChanges } from './begun-twice.ts'
import { heldBy, keptUnder, standingIn, type Held } from './undo-held.ts'
import { asideOf, goesAgain, isWritten, keptTogether, movedOf, pairsGone, titleOf } from './undo-halves.ts'
import { keptWith, pathName, textsAsMade, workedOn, type KnownText, type Path } from './undo-made.ts'
import {
  entriesFlagged,
  entriesIn,
  entryIn,
  isListed,
  onlyEntries,
  plansOf,
  turned,
  withoutAside,
  withoutEntries,
  withoutMade,
  writtenAlong,
  type Entry,
  type Half,
  type HalfPlan,
} from './undo-plans.ts'
import { broughtBackSince, withoutStaying } from './undo-stays.ts'
import { planTextUndo, textPath, textsInChanges, writingTexts } from './undo-texts.ts'

interface OpenText {
  open: OpenDocument
  heads: string[]
}
/** Of an entry that was moved on, where it is now. What is back where it came from would be there twice, were it taken back. */
interface MovedOn {
  away: MovedAway
  isBack: boolean
}
/** Where an entry that was moved stands that it came from, what it is called here, and by which actor it is there. */
interface BackThere {
  work: OpenWork
  title: string
  actor: string
}
const NONE_ON: ReadonlyMap<string, MovedOn> = new Map()
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
  personOf: (actor: string) => PersonId | null
  personName: (person: string) => string
  /** Entries that somebody else moved from this work to another. */
  movesFrom: (work: DocId) => readonly (MovedAway & { cut: string })[]
  /** Until what is in the documents is in `whereNow` as well. */
  settleMoves: () => Promise<void>
  /** Of the entries of this work, where one is now that somebody moved on from there, or where it was archived; null for what is nowhere else. */
  whereNow: (work: OpenWork) => (entry: string) => { work: DocId; away: MovedAway } | null
  /** What came to this work in a move. */
  arrivalsOf: (work: DocId) => readonly Arrival[]
  /** The title of the work that the person of this actor moved the entry to from this one, and its own there; null where they did not. */
  movedBy: (work: DocId, entry: string, actor: string) => { to: string; title: string } | null
  /** Where the entry went by the person of this actor, away from this work or back where it came from. */
  wentBy: (work: DocId, entry: string, put: PutAwayBy) => Went
  newGroup: () => string
  openWork: (root: DocId) => Promise<OpenWork>
  readOnlyReason: (work: OpenWork) => string | null
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
/** What is to be taken back. */
interface Taking {
  own: Half
  other: Half | null
  /** Own, and the other one. */
  halves: readonly Half[]
  known: ReadonlyMap<Half, readonly OpenText[]>
  /** Entries that were moved: what they were, and what they became. */
  pairs: NonNullable<Entry['pasted']>['entries']
  plans: readonly HalfPlan[]
  /** Of all that was to be taken back. */
  sentence: () => Sentence
  /** Moved by somebody else as well, and so not back. */
  twice: ReadonlyMap<string, MovedAway>
  away: ReadonlyMap<string, MovedAway>
  /** In the archive, and not elsewhere. */
  archived: readonly string[]
  already: Already[]
  /** Moved on since from where they came. */
  onward: Taking['pairs']
  onwardTo: MovedAway[]
  /** By what came in the move: moved on by others, which the person is asked about. */
  movedOn: ReadonlyMap<string, MovedOn>
  aside: ReturnType<typeof asideOf>
  /** Of which nothing is taken back. */
  lame: Taking['pairs']
  /** They go again, and come nowhere: where they went others have put them away, or moved them on, since before they came back. */
  halfway: Taking['pairs']
  isMove: boolean
}
/** What others have done with it since, and what stays for that where the person keeps theirs. */
interface Meanwhile {
  clashes: readonly (HalfPlan['clashes'][number] & { work: DocId })[]
  worked: readonly (UndoneEntry & { work: DocId })[]
  standing: ReadonlyMap<Half, ReturnType<typeof standingIn>>
  held: readonly Held[]
  kept: ReadonlySet<string>
  isKept: (path: Path) => boolean
}
/** What is written in a half. */
interface Done {
  half: Half
  fields: readonly ChangedField[]
  mutations: readonly string[]
  message: string
}
interface Writing {
  group: string
  stays: (path: Path) => boolean
  done: readonly Done[]
  changes: CommittedGroup['changes']
  from: Entry['from']
  /** What it met in texts. */
  inTexts: readonly Met[]
}

/** Those that the calls name. */
const entriesOf = ({ kind }: OpenWork, calls: CommittedGroup['calls']): string[] => [
  ...new Set(calls.map(({ mutation, args }) => String(fieldsOf(args)[kind.mutations[mutation]?.entity ?? '']))),
]

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

  /** Of what was cut elsewhere and pasted with this, or done there as one action with it, the title of where that was. */
  async push(
    tab: string,
    work: DocId,
    { group, calls, changes }: CommittedGroup,
    { from, cut, pasted, along }: ActionFacts = {},
  ): Promise<string | null> {
    const mutations = from ? [IMPORT] : [...new Set(calls.map(({ mutation }) => mutation))]
    const entries = await this.#of(work)
    const half = pasted ? await this.#cutOf(pasted) : along ? await this.#doneIn(along) : null
    const chosenIn = mutations.every(isTextChoice) ? entriesOf(await this.#options.openWork(work), calls) : []
    const done = this.#done(entries, tab, {
      ...{ work, way: 'undo', group, mutations, changes, tab },
      ...(chosenIn.length === 1 && { chosenIn: chosenIn[0] }),
      ...(from && { from }),
      ...(cut !== undefined && { cut }),
      ...(half && { ...(pasted && { pasted }), other: { work: half.entry.work, group: half.entry.group } }),
    })
    if (half) {
      half.entry.other = { work, group }
      // What is moved in one step comes before it goes, and is what was pasted.
      if (cut !== undefined && along?.entries) half.entry.pasted = { cut, work, entries: along.entries }
      this.#store(half.entry)
    }
    // What an import brings in was not there before.
    const flagged = from ? [] : await this.#flagged(changes)
    const flaggedEntries = half ? [] : flagged.map(({ entry }) => entry)
    const twice = await this.#standingBefore(this.#arrivalsAmong(work, flaggedEntries))
    if (twice.size > 0) {
      done.twice = [...twice.keys()]
      if (entries.includes(done)) this.#store(done)
    }
    // What was written in the texts of what is cut, by who did not know of that, is not where it goes.
    const known = new Set(flagged.filter(({ isBack }) => isBack || cut !== undefined).map(({ doc }) => doc))
    if (known.size > 0) await this.#keepTexts(done, { work: await this.#options.openWork(work), entries }, [...known])
    return half && titleOf(half.work, this.#options.works)
  }

  /** The cut that is one action with this: the first paste of it, if what was cut is still away. */
  async #cutOf({ work: root, cut }: Pasted): Promise<Half | null> {
    const entries = await this.#of(root)
    const entry = entries.find((one) => one.way === 'undo' && one.cut === cut && !one.other)
    if (!entry || !(await this.#isThere(entry))) return null
    const half = { entry, entries, work: await this.#options.openWork(root) }
    const plans = await this.#plan([half])
    return plans.some(({ writes }) => writes.length > 0) ? half : null
  }

  async #doneIn({ work: root, group }: NonNullable<ActionFacts['along']>): Promise<Half | null> {
    const entries = await this.#of(root)
    const entry = entries.find((one) => one.way === 'undo' && one.group === group)
    return entry ? { entry, entries, work: await this.#options.openWork(root) } : null
  }

  /** What can be done again stands before it: after something new it cannot. */
  #done(entries: Entry[], tab: string, entry: Omit<Entry, 'seq'>): Entry {
    for (const other of [...entries]) if (other.way === 'redo' && isOf(other, tab)) this.#removeWhole(entries, other)
    return this.#add(entries, entry)
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

  async #run(...asked: Asked): Promise<TakenBack> {
    const [direction, tab, work, , { group: named, text }] = asked
    const entries = await this.#of(work.root)
    // In a text it is what was typed there, and what was chosen there between words that had met.
    const isIn = (entry: Entry) => text === undefined || entry.text === text || entry.chosenIn === text
    const isMeant = (entry: Entry) => (named ? entry.group === named : isIn(entry))
    const isLeft = (one: Entry) => one.way === direction && isMeant(one) && !this.#taking.has(one.group)
    const isNext = (one: Entry) => isOf(one, tab) && isLeft(one)
    let passed: TakenBack | null = null
    for (const entry of entries.filter(isNext).reverse()) {
      const wasInTheWay = entry.inTheWay
      const taken = await this.#takeAlone({ entry, entries, work }, asked)
      // Of what is still in its way is told once; then what was done before it is next.
      if (!wasInTheWay || !entry.inTheWay) return taken
      passed ??= taken
    }
    if (passed) return passed
    const elsewhere = entries.some((one) => !isOf(one, tab) && isLeft(one) && !one.inTheWay)
    return { result: { done: 'nothing', ...(elsewhere && { elsewhere }) }, committed: null }
  }
  async #takeAlone(own: Half, asked: Asked): Promise<TakenBack> {
    const { entry } = own
    const groups = [entry.group, ...(entry.other ? [entry.other.group] : [])]
    const { documents, works } = this.#options
    const copies = works.copies(documents.newActor())
    for (const group of groups) this.#taking.add(group)
    try {
      return await this.#take(own, asked, copies)
    } finally {
      copies.free()
      for (const group of groups) this.#taking.delete(group)
    }
  }
  /** An action on two records of work is not taken by whoever undoes in the other one meanwhile. */
  readonly #taking = new Set<string>()

  async #take(own: Half, asked: Asked, copies: Copies): Promise<TakenBack> {
    const [, , , , { onConflict = 'ask' }] = asked
    const { entry, entries } = own
    if (onConflict === 'leave') {
      this.#removeWhole(entries, entry)
      return { result: { done: 'left', group: entry.group }, committed: null }
    }
    if (entry.text !== undefined) return this.#takeWriting(own, entry.text, asked)
    // What was refused, or never reached the disk, is gone: what was done before it is next.
    if (!(await this.#isThere(entry))) {
      this.#remove(entries, entry)
      return this.#run(...asked)
    }
    const other = await this.#otherHalf(entry)
    if (other && 'reason' in other) {
      this.#removeWhole(entries, entry)
      return { result: { done: 'stays', group: entry.group, ...other }, committed: null }
    }
    const taking = await this.#lookInto(own, other, asked, copies)
    const { pairs, plans, away, onward, onwardTo, lame } = taking
    if (onward.length > 0 && onward.length === pairs.length) {
      // What the person moved on themselves can be taken back first, and then this.
      if (!onwardTo.some(({ mine }) => mine)) this.#removeWhole(entries, entry)
      return { result: { done: 'away', group: entry.group, away: onwardTo }, committed: null }
    }
    const archivedBy = this.#archivedBy(taking, asked)
    const { already } = taking
    const isNothing = plans.every(({ writes, texts }) => writes.length + texts.length === 0)
    if (isNothing && away.size + archivedBy.length + already.length > 0)
      return this.#leaveAway(own, { away, archivedBy, already, sentence: taking.sentence() }, asked)
    if (isNothing && entry.way === 'undo' && entry.stays) {
      this.#removeWhole(entries, entry)
      return this.#run(...asked)
    }
    if (lame.length > 0 && lame.length === pairs.length) {
      this.#removeWhole(entries, entry)
      const { stays, behind } = await this.#inTheWay(taking, asked)
      if (stays.length + behind.length === 0) return this.#run(...asked)
      return { result: { done: 'away', group: entry.group, away: stays, behind }, committed: null }
    }
    const found = this.#meanwhile(taking)
    if (found.clashes.length + found.worked.length + found.held.length === 0) {
      if (onConflict === 'look') return { result: { done: 'free', group: entry.group }, committed: null }
    } else if (onConflict !== 'keep') {
      const conflict = this.#conflictOf(taking, found, asked)
      const isAnswered = typeof onConflict === 'object' && isSame(onConflict.overwrite, conflict)
      if (!isAnswered) return { result: { done: 'ask', group: entry.group, conflict }, committed: null }
    }
    return this.#write(taking, found, asked, copies)
  }

  async #takeWriting(own: Half, written: string, asked: Asked): Promise<TakenBack> {
    const [direction, , work, ctx, { onConflict, text }, nameOfActor] = asked
    const { entry, entries } = own
    if (onConflict === 'look') return { result: { done: 'free', group: entry.group }, committed: null }
    // Whoever takes it back in the editor sees where that is.
    const isAway = text === undefined && this.#options.works.isPutAway(work, written)
    if (isAway) await this.#options.settleMoves()
    const away = isAway ? this.#movedFrom(work, [written]) : NONE_AWAY
    if (away.size > 0)
      return this.#leaveAway(
        own,
        { away, archivedBy: [], already: [], sentence: this.#sentenceOfWriting(work, written) },
        asked,
      )
    const { changes, met, before } = await this.#takeBackWriting(entry, written, ctx)
    const { kept, ...told } = this.#metInTexts([met], nameOfActor)
    const isInTheWay = changes.length === 0 && (told.instead !== undefined || told.gone !== undefined)
    entry.inTheWay = isInTheWay
    if (!isInTheWay) this.#remove(entries, entry)
    // What there was nothing of from the beginning is passed over.
    if (changes.length === 0 && !isInTheWay) return this.#run(...asked)
    const sentence = this.#sentenceOfWriting(work, written)
    const { group } = entry
    if (isInTheWay) {
      return { result: { done: 'away', group, sentence, away: [], ...told }, committed: null }
    }
    this.#add(entries, { ...entry, way: opposite(direction), changes })
    const done = { done: 'undone', group, sentence, again: true, ...told } as const
    if (before === null) return { result: done, committed: { changes } }
    const [taken, back] = [before.taken, before.back].map((actors) =>
      this.#namesOf(actors, nameOfActor).flatMap((name) => name ?? []),
    )
    const already = (back ?? []).map((by): Already => ({ entity: written, by }))
    const why = kept ? { kept } : already.length > 0 ? { already } : taken && taken.length > 0 && { taken }
    // Nothing older goes with it unasked.
    return { result: { ...done, ...why }, committed: { changes } }
  }

  async #lookInto(own: Half, other: Half | null, asked: Asked, copies: Copies): Promise<Taking> {
    const [direction, , , , { onConflict }, , pace] = asked
    const halves = other ? [own, other] : [own]
    const pairs = halves.flatMap((half) => half.entry.pasted?.entries ?? [])
    const movedOn = direction === 'undo' && other ? await this.#movedOn(halves) : NONE_ON
    // Opened before it is planned: from then on nothing is waited for, and what is written is what was planned.
    const known = new Map(await Promise.all(halves.map(async (half) => [half, await this.#textsThen(half)] as const)))
    const plan = () => this.#plan(halves, pace, onConflict === 'look' ? undefined : copies)
    let planned = await plan()
    const findPutAway = () => (other ? [] : this.#putAwayIn(planned, own))
    let putAway = findPutAway()
    // What stood there, too, when this was done may do so again.
    const coming = (other ? [] : planned)
      .flatMap(entriesFlagged)
      .flatMap(({ entry, isBack }) => (isBack && !own.entry.twice?.includes(entry) ? [entry] : []))
    const came = this.#arrivalsAmong(own.work.root, coming)
    let stands: ReadonlyMap<string, BackThere> = new Map()
    if (putAway.length + came.length > 0 || (other && planned.some((plan) => agreedIn(plan).length > 0))) {
      copies.free()
      await this.#options.settleMoves()
      stands = await this.#standingBefore(came)
      planned = await plan()
      putAway = findPutAway()
    }
    const twice = direction === 'undo' && other ? this.#movedTwice(planned) : NONE_AWAY
    // What is on two works already goes its own way.
    const away = new Map([...this.#movedFrom(own.work, putAway), ...this.#movedBack(stands, asked)])
    const left = away.size > 0 ? away : twice
    // Of what others have moved on the person is asked; what they moved on themselves they take back first; what is back, is.
    const asideIn = (some: readonly HalfPlan[]) => (other ? some.flatMap((plan) => asideOf(plan, pairs)) : [])
    const isAsked = new Set(asideIn(planned).map(({ path }) => path[1]))
    const onward = pairs.filter(([, pasted]) => {
      const place = standing(movedOn.get(pasted))
      return place !== null && (place.away.mine || place.isBack || !isAsked.has(pasted))
    })
    const isCome = (plan: HalfPlan) => other !== null && plan.half.entry.pasted !== undefined
    const wanted = planned.map((plan) =>
      withoutEntries(plan, !isCome(plan) ? left : direction === 'redo' ? putAwayByBoth(plan) : NONE_AWAY),
    )
    // What does not come (again) to the one work does not go from the other, and nothing is asked about it.
    const lame = direction === 'redo' ? pairs.filter((pair) => !goesAgain(pair, wanted)) : onward
    const plans = wanted.map((plan) => withoutMade(plan, new Set(lame.flat())))
    return {
      ...{ own, other, halves, known, pairs, plans, twice, away, onward },
      archived: putAway.filter((entry) => !away.has(entry)),
      already: other ? [] : this.#alreadyIn(plans, asked),
      sentence: () => this.#sentenceOf(own, this.#fieldsOf(own, planned, { direction, stays: () => false }), direction),
      movedOn,
      onwardTo: onward.flatMap(([, pasted]) => movedOn.get(pasted)?.away ?? []),
      // Where cards are now, somebody has put one aside: that it comes to the other work all the same is to be known.
      aside: asideIn(plans),
      lame,
      halfway: direction === 'redo' ? halfwayIn(halves, plans, this.#options.works) : [],
      isMove: halves.some((half) => half.entry.pasted),
    }
  }

  /** What others did to those that are not moved again, so that they cannot be, or that go and do not come again. */
  async #inTheWay(
    { own, other, lame, halfway }: Taking,
    asked: Asked,
  ): Promise<{ stays: MovedAway[]; behind: LeftBehind[] }> {
    const [direction, , , , , nameOfActor] = asked
    const { works, settleMoves, whereNow, movedBy, isMine } = this.#options
    const stays: MovedAway[] = []
    const behind: LeftBehind[] = []
    if (direction === 'undo' || !other) return { stays, behind }
    if (lame.length + halfway.length > 0) await settleMoves()
    const [from, to] = own.entry.pasted ? [other, own] : [own, other]
    for (const [cut, pasted] of lame) {
      const entity = own === from ? cut : pasted
      const [half, entry] = works.isPutAway(from.work, cut) ? [from, cut] : [to, pasted]
      const now = works.putAwayIn(half.work, entry)
      if (!now || isMine(now.actor)) continue
      const place = now.value === true ? standing(whereNow(half.work)(entry)) : null
      const moved = now.value === true ? movedBy(half.work.root, entry, now.actor) : null
      const by = nameOfActor(now.actor)
      // Where it came from it is as it was before it was moved.
      if (place && (half === from || place.work !== from.work.root)) stays.push({ ...place.away, entity })
      else if (moved) stays.push({ entity, by, ...moved })
      else behind.push({ entity, by, on: titleOf(half.work, works), archived: now.value === true })
    }
    if (halfway.length === 0) return { stays, behind }
    const placeOf = whereNow(from.work)
    for (const [cut, pasted] of halfway) {
      const place = placeOf(cut)
      if (place) stays.push({ ...place.away, entity: own === from ? cut : pasted })
    }
    return { stays, behind }
  }

  #archivedBy({ own, archived }: Taking, asked: Asked): ArchivedBy[] {
    const [, , , , , nameOfActor] = asked
    const { works, isMine } = this.#options
    return archived.flatMap((entity) => {
      const now = works.putAwayIn(own.work, entity)
      return now && !isMine(now.actor) ? [{ entity, by: nameOfActor(now.actor) }] : []
    })
  }

  /** By entry, what is back as it was before. */
  #alreadyIn(plans: readonly HalfPlan[], [, , , , , nameOfActor]: Asked): Already[] {
    const { isMine } = this.#options
    const told = plans
      .flatMap(({ already }) => already)
      .map(({ path, actor }): Already => {
        const entity = path.length > 2 ? String(path[1]) : ''
        return { entity, by: nameOfActor(actor), ...(isMine(actor) && { mine: true }) }
      })
    return [...new Map(told.map((one) => [`${one.entity} ${one.by}`, one])).values()]
  }

  #meanwhile({ halves, known, pairs, plans, aside }: Taking): Meanwhile {
    const clashes = plans.flatMap((plan) => plan.clashes.map((clash) => ({ ...clash, work: plan.half.work.root })))
    const worked = [...halves.flatMap((half) => this.#workedOn(plans, half, known.get(half) ?? [])), ...aside]
    const standing = new Map(halves.map((half) => [half, standingIn(half.work, plansOf(plans, half))]))
    const held = [...standing].flatMap(([half, list]) => heldBy(list, half.work.root))
    const touched = new Set([...keptWith(worked, plans), ...clashes.map(({ path }) => pathName(path))])
    const together = keptTogether(keptUnder([...standing.values()].flat(), touched), pairs)
    // What came along with one that stays, a label above all, stays with it.
    const kept = keptWith(
      [...together].map((name) => ({ path: partsOf(name) })),
      plans,
    )
    const isKept = (path: Path) => path.some((_, at) => kept.has(pathName(path.slice(0, at + 1))))
    return { clashes, worked, standing, held, kept, isKept }
  }

  #conflictOf(taking: Taking, { clashes, worked, held, isKept }: Meanwhile, asked: Asked): UndoConflict {
    const [, , , , , nameOfActor] = asked
    const { halves, pairs, plans, movedOn, halfway, isMove } = taking
    // Of what comes nowhere it is not said how it is where it went.
    const isTold = isMove && !worked.some(({ path }) => halfway.some(([cut]) => cut === path[1]))
    const wentTo = ({ path, aside: isAside }: (typeof worked)[number] & { aside?: true }) => {
      const { away } = (isAside && movedOn.get(String(path[1]))) || {}
      return away?.archived && { wentTo: away.to }
    }
    const goes = plans.flatMap(({ writes, texts }) => [
      ...writes.filter(({ note }) => !note).map(({ path }) => path),
      ...texts.map((text) => textPath(text.entry)),
    ])
    const namesOf = (actors: readonly string[]) => [...new Set(actors.map(nameOfActor))]
    const collections = new Set(worked.map(({ path: [collection] }) => collection))
    const alongside = writtenAlong(plans)
    return {
      fields: clashes.map(({ actor, ...clash }) => {
        const along = alongside.get(entryIn(clash.work, clash.path))
        return { ...clash, by: nameOfActor(actor), ...(along && { along }) }
      }),
      entries: worked.map(({ actors, ...one }) => ({ ...one, by: namesOf(actors), ...wentTo({ ...one, actors }) })),
      held: held.map(({ actors, ...one }) => ({ ...one, by: namesOf(actors) })),
      made: this.#madeIn(taking, collections),
      others: goes.filter((path) => !isKept(path)).length,
      ...(isTold && { moved: movedOf(halves, this.#options.works, pairs.length) }),
    }
  }

  /** How many would go: of an import also those that it put into the archive itself. */
  #madeIn({ own, plans, aside }: Taking, collections: ReadonlySet<Path[number] | undefined>): number {
    const made = plans.flatMap((plan) =>
      plan.made.filter(([collection]) => collections.has(collection)).map((path) => isListed(plan, path)),
    )
    const from = made.includes(true) ? withoutAside(own.entry.from, plans) : undefined
    const others = aside.filter(({ path: [collection] }) => collections.has(collection)).length
    return others + (from ? from.cards + made.filter((listed) => !listed).length : made.length)
  }

  /** As it was planned: what others have written since then, or write meanwhile, merges with it and is asked about. */
  async #write(taking: Taking, found: Meanwhile, asked: Asked, copies: Copies): Promise<TakenBack> {
    const [direction, , , ctx, { onConflict }, nameOfActor, pace] = asked
    const { own, plans, away, onward, lame } = taking
    const { works, newGroup, isMine } = this.#options
    const group = newGroup()
    const isWhole = onConflict !== 'keep' && away.size + onward.length + taking.already.length === 0 && !own.entry.stays
    const lameEntries = new Set(lame.flat())
    const isAlready = new Set(
      taking.already.length > 0 ? plans.flatMap(({ already }) => already.map(({ path }) => pathName(path))) : [],
    )
    const stays = (path: Path) =>
      (onConflict === 'keep' && found.isKept(path)) || lameEntries.has(String(path[1])) || isAlready.has(pathName(path))
    const done = taking.halves.map((half): Done => {
      const fields = this.#fieldsOf(half, plansOf(plans, half), { direction, stays })
      const mutations = isWhole ? half.entry.mutations : this.#mutationsOf(half.entry, half.work, fields)
      return { half, fields, mutations, message: changeMessage(takenBack(direction, mutations), group) }
    })
    const isWorked = new Set(found.worked.map(({ path }) => pathName(path)))
    const met: Met[] = []
    // The last first: cards go before the column that was made for them, and come again after it.
    const writes = plans.toReversed().flatMap(({ doc, open, half, ...plan }): Write[] => {
      const message = done.find((one) => one.half === half)?.message ?? ''
      const change = (run: Write['run'], takes: readonly string[] = []): Write => ({
        ...{ doc, open, run },
        message: choiceMessage(message, takes),
      })
      const notes = plan.notes.filter(({ path }) => isWorked.has(pathName(path.slice(0, 2))))
      const list = [...plan.writes, ...notes].filter(({ path }) => !stays(path))
      const texts = plan.texts.filter((text) => !stays(textPath(text.entry)))
      return [
        ...inChanges(list).map((some) => change((draft) => applyUndo(draft, some))),
        ...textsInChanges(texts).map((some) => {
          const run = writingTexts(open.handle.doc(), some, { cameBack: this.#cameBackIn, isMine })
          const takes = some.flatMap((text) => ('takes' in text ? text.takes : []))
          return change((draft) => void met.push(...run(draft)), takes)
        }),
      ]
    })
    const isLong = copies.size > 0 || isManyWrites(writes)
    if (isLong) for (const { open } of writes) copies.of(open)
    const changes = isLong
      ? await works.write(writes, ctx.now, { pace: pace && secondHalf(pace), on: copies })
      : works.writeEach(writes, ctx.now)
    // A choice in whose place another stands, or of which nothing is left: as soon as that is otherwise, it is next.
    if (changes.length === 0 && met.some(({ instead, taken }) => instead.length + taken.length > 0)) {
      own.entry.inTheWay = true
      const [{ fields, mutations } = { fields: [], mutations: [] }] = done
      const sentence = this.#sentenceOf({ ...own, mutations }, fields, direction)
      const told = this.#metInTexts(met, nameOfActor)
      return { result: { done: 'away', group: own.entry.group, sentence, away: [], ...told }, committed: null }
    }
    const from = away.size + onward.length === 0 ? withoutAside(own.entry.from, plans, stays) : undefined
    return this.#written(taking, found, asked, { group, stays, done, changes, from, inTexts: met })
  }

  /** What is written in a half, as the history tells it. */
  #fieldsOf(
    half: Half,
    plans: readonly HalfPlan[],
    { direction, stays }: { direction: Asked[0]; stays: (path: Path) => boolean },
  ): ChangedField[] {
    // What is done again was stored the last first.
    const inOrder = direction === 'undo' ? plans : plans.toReversed()
    const written = inOrder.flatMap((plan) => plan.written).filter(({ path }) => !stays(path))
    // An entry of which nothing but the text is written is named all the same.
    const texts = inOrder
      .flatMap((plan) => plan.texts)
      .filter(({ entry: id }) => !stays(textPath(id)) && !written.some(({ path }) => path[1] === id))
    const { works } = this.#options
    return [...written, ...texts.flatMap(({ entry: id }) => textFields(half.work, works.shardOf(half.work, id), [id]))]
  }

  /** What was taken back can be done again, and what there is to tell of it. */
  async #written(taking: Taking, found: Meanwhile, asked: Asked, write: Writing): Promise<TakenBack> {
    const [direction, tab, , , { onConflict }, nameOfActor] = asked
    const { own, other, halves, pairs, plans, twice, away, movedOn, onwardTo, lame, isMove } = taking
    const { group, stays, done, changes, from, inTexts } = write
    const gone = (onConflict === 'keep' ? pairsGone(found.kept, pairs) : pairs).filter((pair) => !lame.includes(pair))
    const again = direction === 'redo' || !isMove || gone.some(([cut]) => isWritten(cut, plans))
    const opposites: { half: Half; added: Entry }[] = []
    for (const [entry, stays] of direction === 'undo' ? broughtBackSince(plans) : []) {
      entry.stays = [...(entry.stays ?? []), ...stays]
      this.#store(entry)
    }
    for (const { half, mutations } of done) {
      this.#remove(half.entries, half.entry)
      if (!again) continue
      const { from: _, pasted, other: otherHalf, texts, ...rest } = half.entry
      const added = this.#add(half.entries, {
        ...rest,
        ...(from && half === own && { from }),
        ...(other && otherHalf && { other: { work: otherHalf.work, group } }),
        ...(other && pasted && { pasted: { ...pasted, entries: gone } }),
        ...{ first: rest.first ?? rest.changes, ...(texts && { texts }) },
        ...{ mutations, way: opposite(direction), group, tab },
        changes: changes.filter(({ doc }) => (rest.first ?? rest.changes).some((one) => one.doc === doc)),
      })
      opposites.push({ half, added })
    }
    const met = plans.flatMap((plan) => plan.met.filter(({ path }) => !stays(path)))
    const { half, fields, mutations } = done.find((one) => one.fields.length > 0) ?? done[0] ?? refuse('work-unknown')
    const sentence = this.#sentenceOf({ ...half, mutations }, fields, direction)
    const open = direction === 'undo' && this.#isOpenAgain(changes, plans)
    const theirs = [...new Set(met.map(({ actor }) => nameOfActor(actor)))]
    const halfway = taking.halfway.filter((pair) => gone.includes(pair))
    const inTheWay = await this.#inTheWay({ ...taking, halfway }, asked)
    const elsewhere = [...away.values(), ...twice.values(), ...onwardTo, ...inTheWay.stays]
    const { behind } = inTheWay
    const archivedBy = this.#archivedBy(taking, asked)
    const isBack = gone.filter(([entry]) => !twice.has(entry))
    const alsoThere = isBack.flatMap(([, pasted]) => standing(movedOn.get(pasted))?.away ?? [])
    const backOf = (half: Half) => plansOf(plans, half).filter((plan) => entriesFlagged(plan).length > 0)
    const shardsOf = (half: Half) => backOf(half).map(({ doc }) => doc)
    const others = opposites.filter(({ added }) => !added.texts)
    await Promise.all(others.map(({ half, added }) => this.#keepTexts(added, half, shardsOf(half))))
    return {
      result: {
        ...{ done: 'undone', group: own.entry.group, sentence, again },
        ...(open && { open }),
        ...(theirs.length > 0 && { theirs }),
        ...this.#metInTexts(inTexts, nameOfActor),
        ...(from && { from }),
        ...(elsewhere.length > 0 && { away: elsewhere }),
        ...(behind.length > 0 && { behind }),
        ...(alsoThere.length > 0 && { alsoThere }),
        ...(archivedBy.length > 0 && { archivedBy }),
        ...(taking.already.length > 0 && { already: taking.already }),
        ...(other && {
          moved: {
            ...movedOf(halves, this.#options.works, isBack.length - alsoThere.length - halfway.length),
            otherGroup: other.entry.group,
          },
        }),
      },
      committed: { changes },
    }
  }

  /**
   * Null where the action has none, or no more: what was pasted was refused, then the cut alone is taken back. With a reason
   * where that work cannot be changed from here.
   */
  async #otherHalf({ other, way }: Entry): Promise<Half | { title: string; reason: string } | null> {
    if (!other) return null
    const { documents, works, openWork, readOnlyReason } = this.#options
    const entries = await this.#of(other.work)
    const entry = entries.find((one) => one.group === other.group && one.way === way)
    if (!entry) return null
    if (!documents.rows.has(other.work)) return { title: '', reason: 'work-unknown' }
    const work = await openWork(other.work)
    const reason = readOnlyReason(work)
    if (reason) return { title: titleOf(work, works), reason }
    if (await this.#isThere(entry)) return { entry, entries, work }
    this.#remove(entries, entry)
    return null
  }

  /** Entries that were cut, and that somebody else moved as well: what they became there counts now. */
  #movedTwice(plans: readonly HalfPlan[]): ReadonlyMap<string, MovedAway> {
    const cut = plans.find(({ half }) => half.entry.pasted)?.half.entry.pasted?.cut
    const agreed = plans.flatMap(agreedIn)
    const [work] = agreed[0] ?? []
    const moves = work === undefined || cut === undefined ? [] : this.#options.movesFrom(work)
    return new Map(
      agreed.flatMap(([, entry]) => {
        const other = moves.find((one) => one.entity === entry && one.cut !== cut)
        return other ? [[entry, other] as const] : []
      }),
    )
  }

  /**
   * Of what it is about those that lie in the archive, and that would not come back; nor may what both put away at once, or it
   * would be on two works.
   */
  #putAwayIn(plans: readonly HalfPlan[], { work }: Half): string[] {
    const { works } = this.#options
    const agreed = new Set(
      plans.flatMap(({ clashes }) =>
        clashes.filter(({ mine, theirs }) => mine === theirs).map(({ path }) => pathName(path)),
      ),
    )
    const back = new Set(
      plans.flatMap((plan) =>
        entriesFlagged({ ...plan, writes: plan.writes.filter(({ path }) => !agreed.has(pathName(path))) }).map(
          ({ entry }) => entry,
        ),
      ),
    )
    return [...new Set(plans.flatMap(entriesIn))].filter((entry) => !back.has(entry) && works.isPutAway(work, entry))
  }

  /** Those that lie in the archive because they were moved to another work: where they are now, there or here as another entry. */
  #movedFrom(work: OpenWork, putAway: readonly string[]): ReadonlyMap<string, MovedAway> {
    if (putAway.length === 0) return NONE_AWAY
    const whereNow = this.#options.whereNow(work)
    return new Map(
      putAway.flatMap((entry) => {
        const place = whereNow(entry)
        return place ? [[entry, place.away] as const] : []
      }),
    )
  }

  /** Of these entries of a work those that came to it in a move from another. */
  #arrivalsAmong(work: DocId, entries: readonly string[]): Arrival[] {
    if (entries.length === 0) return []
    const { documents, arrivalsOf } = this.#options
    const asked = new Set(entries)
    return arrivalsOf(work).filter(({ entity, from }) => {
      return asked.has(entity) && from.work !== work && documents.rows.has(from.work)
    })
  }
  /** Those of them that stand where they came from: what they are there, and by which actor. */
  async #standingBefore(arrivals: readonly Arrival[]): Promise<ReadonlyMap<string, BackThere>> {
    const { works, openWork, touched } = this.#options
    const found = new Map<string, BackThere>()
    for (const { entity: entry, from, title } of arrivals) {
      const there = await openWork(from.work)
      await works.openShards(there)
      const { doc } = works.shardOf(there, from.entity) ?? {}
      const { open } = (doc && there.docs.get(doc)) ?? {}
      const flags = open && documentTypeNamed(open.row.kind)?.putAway
      const actor = flags && backBy(open.handle.doc(), { flags, entry: from.entity }, touched)
      if (actor) found.set(entry, { work: there, title, actor })
    }
    return found
  }
  /** They were moved back, which would be taken for done twice. */
  #movedBack(stands: ReadonlyMap<string, BackThere>, [, , , , , nameOfActor]: Asked): [string, MovedAway][] {
    const { works, isMine } = this.#options
    return [...stands].map(([entity, { work, title, actor }]) => {
      const mine = isMine(actor) && { mine: true as const }
      return [entity, { entity, title, by: nameOfActor(actor), to: titleOf(work, works), ...mine }]
    })
  }

  /** By what came in a move and lies in the archive there, where it is now. */
  async #movedOn(halves: readonly Half[]): Promise<ReadonlyMap<string, MovedOn>> {
    const { works, settleMoves, whereNow } = this.#options
    const found = new Map<string, MovedOn>()
    for (const { entry, work } of halves) {
      const putAway = (entry.pasted?.entries ?? [])
        .map(([, pasted]) => pasted)
        .filter((one) => works.isPutAway(work, one))
      if (putAway.length === 0) continue
      await settleMoves()
      const placeOf = whereNow(work)
      for (const pasted of putAway) {
        const place = placeOf(pasted)
        if (place)
          found.set(pasted, {
            away: place.away,
            isBack: halves.some((half) => half.work !== work && half.work.root === place.work),
          })
      }
    }
    return found
  }

  #leaveAway(
    { entry, entries }: Half,
    left: { away: ReadonlyMap<string, MovedAway>; archivedBy: ArchivedBy[]; already: Already[]; sentence: Sentence },
    [direction, tab]: Asked,
  ): TakenBack {
    const away = [...left.away.values()]
    const { sentence, archivedBy, already } = left
    const newest = entries.findLast((one) => one.way === direction && isOf(one, tab))
    // What the person moved away themselves they can take back first, where that was done after this.
    if (newest === entry || !away.some(({ mine }) => mine)) this.#removeWhole(entries, entry)
    const told = {
      ...{ sentence, away },
      ...(archivedBy.length > 0 && { archivedBy }),
      ...(already.length > 0 && { already }),
    }
    return { result: { done: 'away', group: entry.group, ...told }, committed: null }
  }

  /** Whether it took a choice back, so that there is something to choose between. */
  #isOpenAgain(changes: CommittedGroup['changes'], plans: readonly HalfPlan[]): boolean {
    const { touched, wentBy } = this.#options
    return changes.some(({ doc: id, hashes }) => {
      const { open, half } = plans.find((plan) => plan.doc === id) ?? {}
      const type = open && documentTypeNamed(open.row.kind)
      const doc = open?.handle.doc()
      if (!type?.contested || !doc) return false
      const isTold = ({ path: [, entry], values }: ContestedField) =>
        values.length === 0 ||
        putAwayTold(
          values.map(({ actor, ...one }) => ({ ...one, by: actor })),
          (put) => wentBy(half?.work.root ?? id, entry, put),
        ).length > 1
      const reopening = reopenedIn(doc).changes
      return hashes
        .filter((hash) => reopening.has(hash))
        .flatMap((hash) => touched.of(doc, hash))
        .some((name) => contestedIn({ doc, type, touched }, ...placeNamed(name)).some(isTold))
    })
  }

  /**
   * Whose work in what is put aside is not asked about: of what was moved nobody's, for where it was it comes back without what was
   * written since.
   */
  readonly #isOwn = ({ entry }: Half): ((actor: string) => boolean) =>
    entry.pasted && entry.way === 'undo' ? NOBODYS : this.#options.isMine

  #workedOn(plans: readonly HalfPlan[], half: Half, known: readonly OpenText[]) {
    const { touched } = this.#options
    const texts = known.map(({ open, heads }): KnownText => {
      const doc = open.handle.doc()
      // Of what has lost them since, all counts as written meanwhile.
      return { doc, heads: hasHeads(doc, heads) ? heads : [] }
    })
    const entries = workedOn(plansOf(plans, half), touched, this.#isOwn(half), texts)
    return entries.map((entry) => ({ ...entry, work: half.work.root }))
  }
  /** What was known of its texts when its entries last came or went. */
  async #textsThen({ entry, work }: Half): Promise<OpenText[]> {
    const { documents, works } = this.#options
    const texts = (entry.texts ?? []).map(async ({ shard, heads }): Promise<OpenText[]> => {
      const id = works.companionId(work, shard)
      return id && documents.rows.has(id) ? [{ open: await documents.open(id), heads }] : []
    })
    return (await Promise.all(texts)).flat()
  }
  /** Kept with what is now to be taken back: of the shards in which entries came or went. Of a text that it began, as it began it. */
  async #keepTexts(entry: Entry, { work, entries }: Omit<Half, 'entry'>, shards: readonly DocId[]): Promise<void> {
    if (shards.length === 0) return
    const texts = await Promise.all(
      shards.map(async (shard) => {
        const { works } = this.#options
        const doc = await works.textsOf(work, shard)
        const companion = works.companionId(work, shard)
        const begun = entry.first?.find((one) => one.doc === companion)?.hashes.slice(-1)
        return doc ? [{ shard, heads: begun ?? [...A.getHeads(doc)] }] : []
      }),
    )
    entry.texts = texts.flat()
    if (entries.includes(entry)) this.#store(entry)
  }

  /** The entries that these changes put away or brought back, and in which shard. */
  async #flagged(changes: Entry['changes']): Promise<{ doc: DocId; entry: string; isBack: boolean }[]> {
    const { documents, touched } = this.#options
    const shards = changes.map(async ({ doc: id, hashes }) => {
      const { row, handle } = await documents.open(id)
      const { putAway } = documentTypeNamed(row.kind) ?? {}
      if (!putAway) return []
      const doc = handle.doc()
      const names = new Set(hashes.flatMap((hash) => touched.fields(doc, hash)))
      return [...names].flatMap((name) => {
        const path = partsOf(name)
        const [collection = '', entry = '', field] = path
        if (field === undefined || field !== putAway[collection]?.flag) return []
        return [{ doc: id, entry, isBack: valueAt(doc, path) !== true }]
      })
    })
    return (await Promise.all(shards)).flat()
  }

  /** What taking an action back would write, document by document. Of what takes long each is copied as it was read. */
  async #plan(halves: readonly Half[], pace?: CommitPace, copies?: Copies): Promise<HalfPlan[]> {
    const { documents, works, touched, isMine, personOf } = this.#options
    const ofHalves = halves.map(async (half) => {
      const own = half.entry.changes.map((change) => ({ ...change, half, only: null }))
      const only = await this.#leftAside(half.entry)
      return only.size === 0 ? own : [...own, ...(half.entry.first ?? []).map((change) => ({ ...change, half, only }))]
    })
    const changes = (await Promise.all(ofHalves)).flat()
    // A companion may have been closed since.
    const opened = await Promise.all(changes.map(({ doc }) => documents.open(doc)))
    const contents = await Promise.all(changes.map(({ doc, half }) => works.textsOf(half.work, doc)))
    const docs = changes.map(({ doc }) => doc)
    const isLong = isManyWrites(changes.flatMap(({ hashes }) => hashes))
    const plans: HalfPlan[] = []
    for (const [at, { doc, hashes, half, only }] of changes.entries()) {
      if (isLong) await works.othersTurn(docs)
      if (pace?.signal.aborted) refuse('cancelled')
      if (isLong) pace?.onProgress(at, 2 * changes.length)
      const open = opened[at] ?? refuse('work-unknown')
      const content = contents[at]
      if (isLong) copies?.of(open)
      const [kind, type] = splitKind(open.row.kind)
      if (kind === 'prose')
        plans.push({
          ...{
            half,
            doc,
            hashes,
            open,
            writes: [],
            notes: [],
            made: [],
            worked: [],
            aside: [],
            met: [],
            already: [],
            written: [],
          },
          ...planTextUndo(open.handle.doc(), hashes),
        })
      else {
        const documentType = documentTypeNamed(open.row.kind) ?? undefined
        const first = only ? hashes : half.entry.first?.find((one) => one.doc === doc)?.hashes
        const { fields, ...plan } = planUndo(open.handle.doc(), hashes, documentType, touched, isMine, {
          first,
          isOwn: this.#isOwn(half),
          knownText: (entry) => knownText(content ?? null, entry),
          isTextAsMade: this.#textAsMade(half, doc, content ?? null),
        })
        plans.push({
          half,
          doc,
          hashes,
          open,
          texts: [],
          ...plan,
          written: fields.map(({ over, ...field }) => ({
            ...field,
            doc,
            type,
            ...(over && { over: chosenOver(over, personOf) }),
          })),
        })
      }
    }
    return plans.map((plan, at) => {
      const only = changes[at]?.only
      return only ? onlyEntries(plan, only) : withoutStaying(plan)
    })
  }

  #textAsMade({ entry, work }: Half, shard: DocId, texts: A.Doc<Record<string, unknown>> | null) {
    const companion = this.#options.works.companionId(work, shard)
    const { hashes = [] } = entry.changes.find(({ doc }) => doc === companion) ?? {}
    return texts ? textsAsMade(texts, hashes, this.#options.touched) : () => true
  }

  /**
   * Of a move that was done again, what did not come again, because others had put it away before: it is of the move all the same,
   * and what they did is asked about by the changes by which it came first.
   */
  async #leftAside({ way, pasted, first, changes }: Entry): Promise<ReadonlySet<string>> {
    if (way !== 'undo' || !pasted || !first) return new Set()
    const came = new Set((await this.#flagged(changes)).map(({ entry }) => entry))
    return new Set(pasted.entries.flatMap(([, one]) => (came.has(one) ? [] : [one])))
  }

  async #isThere({ changes }: Entry): Promise<boolean> {
    const { documents } = this.#options
    for (const { doc, hashes } of changes) {
      if (!documents.rows.has(doc)) return false
      if (!hasHeads((await documents.open(doc)).handle.doc(), hashes)) return false
    }
    return true
  }

  async #takeBackWriting(
    entry: Entry,
    text: string,
    { now }: MutationContext,
  ): Promise<{ changes: Entry['changes']; met: Met; before: Before | null }> {
    const { documents, isMine } = this.#options
    let met = nothingMet()
    const [written] = entry.changes
    if (!written) return { changes: [], met, before: null }
    const open = await documents.open(written.doc)
    const before = open.handle.doc()
    const hashes = shownChanges(before, text, written.hashes, this.#options.touched, isMine)
    if (hashes.length === 0) return { changes: [], met, before: null }
    const taking = takingBack(before, textPath(text), hashes, this.#cameBackIn(text), isMine, choiceIn)
    const message = writingMessage(now, text, hashes)
    const hash = documents.change(open, message, (draft) => void (met = taking.write(draft)))
    const changes = (made: string) => [{ doc: written.doc, hashes: [made] }]
    if (hash) return { changes: changes(hash), met, before: null }
    const isStaying = met.instead.length + met.gone.length > 0
    if (isStaying || !taking.isAnything) return { changes: [], met, before: null }
    // Nothing was left of it; that it is taken back must be known all the same, else what others take back would bring it back.
    const who = taking.whoBefore()
    return { changes: changes(documents.note(open, message)), met, before: who }
  }

  readonly #cameBackIn = (text: string): CameBack => {
    const cameBack: CameBack = this.#cameBack.get(text) ?? new Map()
    this.#cameBack.set(text, cameBack)
    return cameBack
  }

  /** Null for the person. */
  #namesOf(actors: readonly string[], nameOfActor: Asked[5]): (string | null)[] {
    return [...new Set(actors.map((actor) => (this.#options.isMine(actor) ? null : nameOfActor(actor))))]
  }

  /** By name, those whose words what was written back met. */
  #metInTexts(
    met: readonly Met[],
    nameOfActor: Asked[5],
  ): Pick<Extract<UndoResult, { done: 'undone' }>, 'instead' | 'beside' | 'around' | 'gone' | 'taken' | 'kept'> {
    const namesIn = (which: keyof Met) =>
      this.#namesOf(
        met.flatMap((one) => one[which]),
        nameOfActor,
      )
    const instead = namesIn('instead')
    const [beside, around, gone, taken, kept] = (['beside', 'around', 'gone', 'taken', 'kept'] as const).map((which) =>
      namesIn(which).flatMap((name) => name ?? []),
    )
    return {
      ...(instead.length > 0 && { instead }),
      ...(beside && beside.length > 0 && { beside }),
      ...(around && around.length > 0 && { around }),
      ...(gone && gone.length > 0 && { gone }),
      ...(taken && taken.length > 0 && { taken }),
      ...(kept && kept.length > 0 && { kept }),
    }
  }

  #sentenceOfWriting(work: OpenWork, text: string): Sentence {
    return sentenceOf(
      work,
      [WROTE],
      this.#facts(work, textFields(work, this.#options.works.shardOf(work, text), [text])),
    )
  }

  #sentenceOf(
    { work, entry, mutations = entry.mutations }: Half & { mutations?: readonly string[] },
    fields: readonly ChangedField[],
    direction: Asked[0],
  ): Sentence {
    // What is done again is what was written now: the entry itself is the undoing of it.
    const told = direction === 'undo' ? fields : fields.map(turned)
    return sentenceOf(work, mutations, this.#facts(work, told))
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

  #add(entries: Entry[], entry: Omit<Entry, 'seq'>): Entry {
    const added = { ...entry, seq: (entries.at(-1)?.seq ?? 0) + 1 }
    entries.push(added)
    const [oldest] = entries
    if (oldest && entries.length > DEEPEST) this.#removeWhole(entries, oldest)
    if (added.text === undefined) this.#store(added)
    return added
  }

  /** Nothing waits for it: what is not stored can be undone until the tab ends, as ever. */
  #store({ tab: _, text: __, ...row }: Entry): void {
    const { db, ws } = this.#options
    db.put('undo', { ws, ...row }).catch(console.error)
  }

  /** With its other half: neither can be taken back alone. */
  #removeWhole(entries: Entry[], entry: Entry): void {
    this.#remove(entries, entry)
    const { other, way } = entry
    if (!other) return
    void this.#of(other.work).then((others) => {
      const half = others.find((one) => one.group === other.group && one.way === way)
      if (half) this.#remove(others, half)
    })
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

/** Of a move that is done again, those of which nothing is written where they went, and that lie in the archive there. */
const halfwayIn = (halves: readonly Half[], plans: readonly HalfPlan[], works: Works): Taking['pairs'] =>
  halves.flatMap(({ entry, work }) =>
    (entry.pasted?.entries ?? []).filter(
      ([cut, pasted]) => isWritten(cut, plans) && !isWritten(pasted, plans) && works.isPutAway(work, pasted),
    ),
  )

/** What came in a move, and went as it was taken back: another put it away, too, without knowing of that. It stays as they have it. */
const putAwayByBoth = (plan: HalfPlan): ReadonlySet<string> => {
  const back = new Set(entriesFlagged(plan).flatMap(({ entry, isBack }) => (isBack ? [entry] : [])))
  const putAway = documentTypeNamed(plan.open.row.kind)?.putAway ?? {}
  return new Set(
    plan.clashes.flatMap(({ path: [collection, entry, field], mine, theirs }) =>
      field === putAway[String(collection)]?.flag && mine === theirs && back.has(String(entry)) ? [String(entry)] : [],
    ),
  )
}

/** Null for what was archived where it went. */
const standing = <Place extends { away: MovedAway }>(place: Place | null | undefined): Place | null =>
  place && !place.away.archived ? place : null

/** Entries that were cut, and that another put away at once. */
const agreedIn = ({ half, clashes }: HalfPlan): (readonly [work: DocId, entry: string])[] =>
  half.entry.pasted
    ? []
    : clashes.filter(({ mine, theirs }) => mine === theirs).map(({ path }) => [half.work.root, String(path[1])])

const NOBODYS = (): boolean => false
const NONE_AWAY: ReadonlyMap<string, MovedAway> = new Map()

const isOf = (entry: Entry, tab: string): boolean => entry.tab === null || entry.tab === tab

const opposite = (direction: Asked[0]): Asked[0] => (direction === 'undo' ? 'redo' : 'undo')

const secondHalf = ({ onProgress, signal }: CommitPace): CommitPace => ({
  onProgress: (done, all) => onProgress(all + done, 2 * all),
  signal,
})
