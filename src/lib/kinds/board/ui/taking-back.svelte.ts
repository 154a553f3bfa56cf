/** Undo and redo, and the question that they ask before they write over the work of others (P7). */
import { untrack } from 'svelte'
import type { LeftBehind, MovedAway, OnConflict, UndoConflict, UndoResult } from '#lib/core/api.ts'
import { say, t } from '#lib/i18n/locale.svelte.ts'
import { oneAtATime } from '#lib/ui/one-at-a-time.ts'
import { dismissToastsAbout, showToast } from '#lib/ui/toasts.svelte.ts'
import { boardsIn } from '../landed.ts'
import type { Board } from '../schema.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { listNames } from './change-words.ts'
import type { ManyChanges } from './long-work.svelte.ts'

/** One toast tells of undo and redo, the latest. */
export const TAKEN_BACK = 'taken-back'
const NOTHING = 'nothing-taken-back'

type Undone = Extract<UndoResult, { done: 'undone' }>

/** What undo, or redo, asks before it writes over the work of others. */
interface AskedBack {
  way: 'undo' | 'redo'
  group: string
  conflict: UndoConflict
  /** The other board, where others have worked there. */
  elsewhere: Board | null
  /** How often it has become another question while it stood. */
  renewed: number
}

const TOLD = [
  'away',
  'behind',
  'archivedBy',
  'already',
  'alsoThere',
  'instead',
  'beside',
  'around',
  'gone',
  'kept',
  'taken',
] as const
type NotTakenBack = Partial<Pick<Undone, (typeof TOLD)[number] | 'moved'>>
const titlesOf = (some: readonly MovedAway[]) => some.map(({ title }) => title || t().card.untitled)
const isTold = (done: NotTakenBack): boolean => TOLD.some((name) => done[name] !== undefined)

export class TakingBack {
  readonly #screen: BoardScreen
  asked = $state.raw<AskedBack | null>(null)

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  async undo(group?: string, onConflict: OnConflict = 'ask'): Promise<void> {
    const done = await this.#takeBack('undo', group, onConflict)
    if (done) this.#tellUndone(done)
  }

  async redo(group?: string, onConflict: OnConflict = 'ask'): Promise<void> {
    const done = await this.#takeBack('redo', group, onConflict)
    if (done) this.#tellRedone(done)
  }

  /** In the editor what is taken back shows: only what it met there of others is told, and what is to be chosen again. */
  async tellInText(way: 'undo' | 'redo', done: UndoResult): Promise<void> {
    if (done.done === 'nothing') return
    if (done.done !== 'undone') return this.#tellNotTakenBack(way, done)
    dismissToastsAbout(done.group)
    if (isTold(done) || done.open) (way === 'undo' ? this.#tellUndone : this.#tellRedone)(done)
    // What was told of the one before it is over.
    else dismissToastsAbout(TAKEN_BACK)
  }

  readonly #tellUndone = (done: Undone): void => {
    const { theirs, open, from, moved, ...rest } = done
    // Where none went back from where it was moved to, that is all there is to tell.
    const { alsoThere, ...told } = rest
    const onBoth = alsoThere && moved?.entries === 0 ? { alsoThere, moved } : null
    const besides: NotTakenBack = { ...(onBoth ? told : rest), ...(moved && { moved }) }
    const details = () => [
      ...(theirs ? [t().undo.theirsCount(listNames(theirs, t()))] : []),
      ...(open ? [t().undo.open] : []),
      ...(isTold(besides) ? [this.#sayNot(besides, 'undo')] : []),
    ]
    showToast({
      text: () => {
        if (onBoth) return this.#sayNot(onBoth, 'undo')
        if (from) return t().undo.importUndone(from.file, from.cards)
        const { untitled } = t().board
        if (moved && moved.entries > 0) return t().undo.moveUndone(moved.entries, moved.from || untitled)
        // None of it came back: it is where others moved it.
        if (moved && done.away) return t().undo.moveTakenBack(titlesOf(done.away), moved.to || untitled)
        return t().undo.undone(say(done.sentence))
      },
      ...(details().length > 0 && { detail: () => t().common.inOne(details()) }),
      about: TAKEN_BACK,
      ...(done.again && { action: { label: () => t().common.redo, run: () => void this.redo() } }),
    })
  }

  readonly #tellRedone = (done: Undone): void => {
    showToast({
      text: () => {
        const { from, moved } = done
        if (from) return t().undo.importRedone(from.file, from.cards)
        return moved && moved.entries > 0
          ? t().undo.moveRedone(moved.entries, moved.to || t().board.untitled)
          : t().undo.redone(say(done.sentence))
      },
      ...(isTold(done) && { detail: () => this.#sayNot(done, 'redo') }),
      about: TAKEN_BACK,
    })
  }

  /** Of what nothing was taken back, or shows nowhere, who has put it where. */
  #sayNot(
    {
      away = [],
      behind = [],
      archivedBy = [],
      already = [],
      alsoThere = [],
      moved,
      instead,
      beside,
      around,
      gone: lineGone,
      kept,
      taken,
    }: NotTakenBack,
    way: 'undo' | 'redo',
    isWhole = false,
  ): string {
    const { cardsById } = this.#screen.board.whole
    const [gone = [], standing = []] = [true, undefined].map((isArchived) =>
      away.filter((one) => one.archived === isArchived),
    )
    const boardsOf = (some: readonly MovedAway[]) =>
      boardsIn(
        some.map(({ to }) => ({ board: to })),
        t().board.untitled,
      )
    const whoOf = (some: readonly { by: string }[]) =>
      listNames(
        some.map(({ by }) => by),
        t(),
      )
    const mine = standing.filter((one) => one.mine)
    const theirs = standing.filter((one) => !one.mine)
    const [back, elsewhere] = [theirs.filter((one) => one.back), theirs.filter((one) => !one.back)]
    const { undo } = t()
    const sayAlready = way === 'undo' ? undo.already : undo.alreadyRedone
    const actors = already.map(({ mine, by }) => (mine ? undo.you : by))
    // Of all of it nobody has to be told which cards that are.
    const done = isWhole
      ? []
      : [...Map.groupBy(already, ({ entity }) => entity).keys()].flatMap((entity) => cardsById.get(entity)?.title || [])
    return t().common.inOne([
      ...(already.length > 0 ? [sayAlready(listNames(actors, t()), done)] : []),
      ...(alsoThere.length > 0
        ? [undo.alsoThere(titlesOf(alsoThere), boardsOf(alsoThere), moved?.from || t().board.untitled)]
        : []),
      ...(mine.length > 0 ? [undo.movedOnMyself(titlesOf(mine), boardsOf(mine))] : []),
      ...(elsewhere.length > 0 ? [undo.movedAway(whoOf(elsewhere), titlesOf(elsewhere), boardsOf(elsewhere))] : []),
      ...(back.length > 0 ? [undo.movedAndBack(whoOf(back), titlesOf(back))] : []),
      ...(gone.length > 0 ? [undo.archivedThere(titlesOf(gone), boardsOf(gone))] : []),
      ...(archivedBy.length > 0
        ? [
            undo.archivedBy(
              whoOf(archivedBy),
              archivedBy.map(({ entity }) => cardsById.get(entity)?.title || t().card.untitled),
            ),
          ]
        : []),
      ...(instead
        ? [
            undo.instead(
              listNames(
                instead.map((who) => who ?? undo.you),
                t(),
              ),
            ),
          ]
        : []),
      ...(beside ? [undo.beside(listNames(beside, t()))] : []),
      ...(around ? [undo.around(listNames(around, t()))] : []),
      ...(lineGone ? [undo.lineGone(listNames(lineGone, t()))] : []),
      ...(kept ? [undo.keptSince(listNames(kept, t()))] : []),
      ...(taken ? [undo.takenSince(listNames(taken, t()))] : []),
      ...[true, false].flatMap((archived) => {
        const some = behind.filter((one) => one.archived === archived)
        return some.length > 0 ? [this.#sayBehind(some, archived)] : []
      }),
    ])
  }
  #sayBehind(behind: readonly LeftBehind[], archived: boolean): string {
    const { cardsById } = this.#screen.board.whole
    const who = listNames(
      behind.map(({ by }) => by),
      t(),
    )
    const titles = behind.map(({ entity }) => cardsById.get(entity)?.title || t().card.untitled)
    const boards = boardsIn(
      behind.map(({ on }) => ({ board: on })),
      t().board.untitled,
    )
    return t().undo.leftBehind(who, titles, boards, archived)
  }
  /** What was done again or taken back; null where nothing was, or the person is asked first. */
  async #takeBack(way: 'undo' | 'redo', group: string | undefined, onConflict: OnConflict): Promise<Undone | null> {
    const { core, workspace, work, longWork } = this.#screen
    if (longWork.changes && group === undefined) return this.#callOff(way, longWork.changes)
    // Whoever presses the keys again means the one that they see under way; the other way it is for when that is done.
    if (longWork.underWay && group === undefined) {
      const { way: underWay } = longWork.underWay
      if (underWay !== way)
        showToast({ text: () => (way === 'redo' ? t().undo.stillUndoing : t().undo.stillRedoing), about: TAKEN_BACK })
      return null
    }
    const { tab } = core
    const done = await longWork.run(way, (job) =>
      core.call[way]({ workspace, work, tab, job, ...(group && { group }), onConflict }),
    )
    if (!done) return null
    if (done.value.done === 'undone') {
      // Its toast still offers what has just been done.
      dismissToastsAbout(done.value.group)
      if (done.value.moved) dismissToastsAbout(done.value.moved.otherGroup)
      return done.value
    }
    await this.#tellNotTakenBack(way, done.value, typeof onConflict === 'object' ? 1 : 0)
    return null
  }

  async #tellNotTakenBack(way: 'undo' | 'redo', done: Exclude<UndoResult, Undone>, renewed = 0): Promise<void> {
    if (done.done === 'left') {
      // Its toast offers what will not be done any more.
      dismissToastsAbout(done.group)
      showToast({ text: () => t().undo.left, about: TAKEN_BACK })
    } else if (done.done === 'away') {
      const { group: over, sentence } = done
      dismissToastsAbout(over)
      const why = () => this.#sayNot(done, way, true)
      const not = () => (way === 'undo' ? t().undo.notUndone : t().undo.notRedone)
      const words = sentence ? { text: () => not()(say(sentence)), detail: why } : { text: why }
      showToast({ ...words, about: TAKEN_BACK, life: 10_000 })
    } else if (done.done === 'stays') {
      const { group: stays, title, reason } = done
      dismissToastsAbout(stays)
      const words = (): Readonly<Record<string, string>> => t().banners.readOnly
      showToast({
        text: () => t().undo.stays(title || t().board.untitled),
        detail: () => words()[reason] ?? t().banners.readOnly.other,
        about: TAKEN_BACK,
      })
    } else if (done.done === 'ask') {
      const { group, conflict } = done
      this.asked = { way, group, conflict, elsewhere: await this.#otherBoardIn(conflict), renewed }
    } else if (done.done === 'free') {
      const { group } = done
      const action = { label: () => t().common[way], run: () => void this[way](group) }
      showToast({ text: () => t().undo.free, about: TAKEN_BACK, action })
    } else {
      const text = () => (way === 'undo' ? t().undo.nothing : t().undo.nothingRedo)
      const detail = () => (way === 'undo' ? t().undo.inOtherWindow : t().undo.inOtherWindowRedo)
      showToast({ text, ...(done.elsewhere && { detail }), about: NOTHING })
    }
  }

  /** The question follows what others do while it stands. */
  followQuestion(): void {
    this.#screen.trackOthers()
    if (this.asked) untrack(this.#lookAgain)
  }
  readonly #lookAgain = oneAtATime(async () => {
    const { asked } = this
    if (!asked) return
    const { way, group, renewed } = asked
    const { core, workspace, work } = this.#screen
    const { tab } = core
    // Where nothing can be told now, the answer will.
    const looked = await core.call[way]({ workspace, work, tab, group, onConflict: 'look' }).catch(() => null)
    if (!looked || this.asked !== asked || looked.done === 'undone') return
    const isSame = looked.done === 'ask' && JSON.stringify(looked.conflict) === JSON.stringify(asked.conflict)
    if (isSame && !asked.elsewhere) return
    if (looked.done !== 'ask') {
      this.asked = null
      return this.#tellNotTakenBack(way, looked)
    }
    const { conflict } = looked
    const elsewhere = await this.#otherBoardIn(conflict)
    // It may have been answered meanwhile.
    if (this.asked === asked) this.asked = { way, group, conflict, elsewhere, renewed: isSame ? renewed : renewed + 1 }
  })

  /** Undo while much is being changed means that, and nothing before it. Where it is too late to call it off, it is taken back. */
  async #callOff(way: 'undo' | 'redo', doing: ManyChanges): Promise<Undone | null> {
    if (way === 'redo' || this.#callingOff) return null
    this.#callingOff = true
    this.#screen.longWork.cancel(doing.job)
    const done = await doing.done
    this.#callingOff = false
    return done?.value.group ? this.#takeBack('undo', done.value.group, 'ask') : null
  }
  #callingOff = false

  /** What stands there is called by the names that it has there. */
  async #otherBoardIn({ fields, entries, held }: UndoConflict): Promise<Board | null> {
    const other = [...fields, ...entries, ...held].find(({ work }) => work !== this.#screen.work)?.work
    return other ? this.#screen.otherBoard(other) : null
  }
}
