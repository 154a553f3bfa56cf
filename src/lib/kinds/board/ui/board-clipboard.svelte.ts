/**
 * Copy, cut and paste of cards, between columns, boards, tabs and workspaces. One carrier for the keys and the menus: HTML
 * with the cards in an attribute, which survives both ways of reading the clipboard, and a list of titles for everybody else.
 */
import { getContext, setContext, tick } from 'svelte'
import type { ActionFacts } from '#lib/core/api.ts'
import { t } from '#lib/i18n/locale.svelte.ts'
import { isHexId, toId, type DocId } from '#lib/kernel/ids.ts'
import { attempt } from '#lib/ui/attempt.ts'
import { dismissToastsAbout, showToast } from '#lib/ui/toasts.svelte.ts'
import {
  clipToHtml,
  clipToText,
  htmlToClip,
  MOST_CLIPPED,
  textToTitles,
  titlesToForeign,
  UNASKED_LINES,
  type CardClip,
} from '../card-clip.ts'
import type { ForeignBoard } from '../foreign/foreign-board.ts'
import type { NextCard } from '../next-card.ts'
import { planArrival, planReturn, type Paste, type PastePlace } from '../paste-cards.ts'
import { calls, newEntity, random } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { cardOf } from './card-of.ts'
import { clipOf, planClip, planOn, sayComeAgain, sayLeftOut, sayStayed } from './carried-cards.ts'
import type { Card } from './screen-board.ts'

/** The message about it goes along to the board where it is pasted. */
let lastCut: { cut: string; group: string } | null = null
/** On its way to the clipboard: whoever pastes meanwhile wants that; null where it did not come there. */
let writing: Promise<CardClip | null> | null = null

export class BoardClipboard {
  readonly #screen: BoardScreen
  /** So many lines become cards only once the person has said so. */
  asked = $state.raw<{ titles: string[]; place: PastePlace } | null>(null)

  /** The card that got the focus as it was pasted, and whether the mouse has moved since. */
  #pasted = { card: '', isPointing: false }

  constructor(screen: BoardScreen) {
    this.#screen = screen
  }

  /** What the keys act on: the chosen cards, else the one that has the focus. */
  get cardsAtHand(): readonly Card[] {
    const { chosen, board } = this.#screen
    const card = board.cards.get(focusedCard() ?? '')
    return chosen.any ? chosen.cards : card && !card.archived ? [card] : []
  }
  /**
   * Below the card that has the focus, else at the end of the column that has it or is pointed at, else of the first one. A card that
   * has the focus because it was pasted does not hold those who point at another column since.
   */
  get placeAtHand(): PastePlace | null {
    const { board } = this.#screen
    const card = board.cards.get(focusedCard() ?? '')
    const isColumn = (id: string | undefined) => board.columns.some((column) => column.id === id)
    const around = (element: Element | null) =>
      element?.closest<HTMLElement>('[data-column]')?.dataset['column'] ?? undefined
    const [focused, hovered] = [document.activeElement, document.querySelector('[data-column]:hover')]
    const { card: pasted, isPointing } = this.#pasted
    const pointed = isPointing && card?.id === pasted ? around(hovered) : undefined
    if (pointed !== undefined && isColumn(pointed) && pointed !== card?.column) return { column: pointed, after: null }
    if (card && isColumn(card.column)) return { column: card.column, after: card.id }
    // Where the last card of a column has gone the focus was left, and nobody went there.
    const isLeft = focused?.matches('[data-quick-add]') === true
    const column = (isLeft ? [hovered, focused] : [focused, hovered]).map(around).find(isColumn)
    const end = column ?? board.columns[0]?.id
    return end === undefined ? null : { column: end, after: null }
  }

  async copy(wanted: readonly Card[], { cut: isCut = false } = {}): Promise<void> {
    const cards = this.#asTheyAre(isCut ? this.#screen.meanwhile.stillHere(wanted) : wanted)
    if (cards.length === 0) return
    if (cards.length > MOST_CLIPPED)
      return void showToast({ text: () => t().clipboard.tooMany(MOST_CLIPPED), tone: 'danger' })
    const cut = isCut ? newEntity() : null
    const clip = clipOf(this.#screen, cards, cut)
    // It takes a while on a large board, and the person may have gone on to another one.
    const run = this.#screen.runHere()
    const written = this.#write(cards, clip, cut, run).then((isWritten) => (isWritten ? clip : null))
    writing = written
    await written
    if (writing === written) writing = null
  }

  /** False where it did not come onto the clipboard. */
  async #write(
    cards: readonly Card[],
    clip: Promise<CardClip>,
    cut: string | null,
    run: ReturnType<BoardScreen['runHere']>,
  ): Promise<boolean> {
    const typed = (type: string, write: (clip: CardClip) => string) =>
      clip.then((one) => new Blob([write(one)], { type }))
    try {
      // The promises go in as they are: the browser lets a page write only while it handles the person's gesture.
      await navigator.clipboard.write([
        new ClipboardItem({
          'text/html': typed('text/html', clipToHtml),
          'text/plain': typed('text/plain', clipToText),
        }),
      ])
    } catch (error) {
      console.error(error)
      showToast({ text: () => t().clipboard.failed, tone: 'danger' })
      return false
    }
    if (cut === null) {
      showToast({ text: () => t().clipboard.copied(cards.length) })
      return true
    }
    const list = cards.map(({ id }) => calls.archiveCard(id))
    const done = await run(list, { cut })
    if (done) {
      lastCut = { cut, group: done.group }
      this.#screen.offerUndo(done.group, () => t().clipboard.wasCut(list.length))
    }
    this.#screen.chosen.ids.clear()
    return done !== null
  }

  async cutChosen(): Promise<void> {
    const beside = this.#screen.chosen.beside
    await this.copy(this.#screen.chosen.cards, { cut: true })
    // What did not come onto the clipboard is still chosen.
    if (!this.#screen.chosen.any) await this.#screen.chosen.clear(beside)
  }

  /** What the clipboard holds, as a `paste` event has it. */
  async paste(html: string, text: string, place: PastePlace): Promise<void> {
    const clip = (await writing) ?? htmlToClip(html)
    if (clip) return this.#bringClip(clip, place)
    const titles = textToTitles(text)
    if (titles.length === 0) showToast({ text: () => t().clipboard.nothing })
    else if (titles.length > MOST_CLIPPED)
      showToast({ text: () => t().clipboard.tooMany(MOST_CLIPPED), tone: 'danger' })
    else if (titles.length > UNASKED_LINES) this.asked = { titles, place }
    else await this.bringTitles(titles, place)
  }

  /** From a menu the browser asks the person first, or says no. */
  async pasteAt(place: PastePlace): Promise<void> {
    const texts = { 'text/html': '', 'text/plain': '' }
    try {
      for (const item of await navigator.clipboard.read())
        for (const type of ['text/html', 'text/plain'] as const)
          if (item.types.includes(type)) texts[type] = await (await item.getType(type)).text()
    } catch {
      return void showToast({ text: () => t().clipboard.forbidden, tone: 'danger' })
    }
    await this.paste(texts['text/html'], texts['text/plain'], place)
  }

  async bringTitles(titles: readonly string[], place: PastePlace): Promise<void> {
    await this.#bring(await this.#plan(titlesToForeign(titles), place), place)
  }

  /** The same once more, right below. */
  async duplicate(known: Card): Promise<void> {
    const [card = known] = this.#asTheyAre([known])
    if (!this.#screen.meanwhile.isHere(known)) return
    const clip = await attempt(clipOf(this.#screen, [card], null))
    if (!clip) return
    const { paste } = await this.#planClip(clip.value, { column: card.column, after: card.id })
    await this.#screen.runWithUndo(paste.calls, () => t().clipboard.duplicated(card.title || t().card.untitled))
    await this.#show(paste)
  }

  async #bringClip(carried: CardClip, place: PastePlace): Promise<void> {
    const { board, work } = this.#screen
    const back = planReturn(carried, work, place, board.whole, random)
    if (back) {
      const comeAgain = this.#nextOf(back, place.column)
      const calls = [...back.calls, ...comeAgain.flatMap(({ next }) => next.calls)]
      const also = () => sayComeAgain(this.#screen, comeAgain)
      return this.#bring({ ...back, calls }, place, { also }, undefined, carried.cut)
    }
    const { clip, paste, leftBehind } = await this.#planClip(carried, place)
    const { cut, board: from, cards } = clip
    if (cut === null || from === work || !isHexId(from)) return this.#bring(paste, place, { leftBehind })
    const origin = toId<DocId>(from)
    const away = await this.#awayOn(origin, cards)
    const { today, placesNow: whereNow } = this.#screen
    const to = { board: this.#screen.board.whole, column: place.column, today, random, whereNow }
    const isMoving = (card: string) => away.includes(card) && !this.#hasLanded(origin, card, cut)
    const arrival = planArrival(paste, clip, isMoving, to)
    const stayed = cards.filter(({ id }) => !away.includes(id))
    const sayCopied = () => sayStayed(this.#screen, origin, stayed)
    if (!arrival) return this.#bring(paste, place, { leftBehind, also: sayCopied })
    const { entries, comeAgain } = arrival
    const also = () => [...sayCopied(), ...sayComeAgain(this.#screen, comeAgain)]
    await this.#bring(arrival.paste, place, { leftBehind, also }, { pasted: { cut, work: origin, entries } }, cut)
  }

  /** Of what was cut, that which lies in the archive there: what has come back, the cut undone, is only copied. All where that cannot be told. */
  async #awayOn(work: DocId, cards: CardClip['cards']): Promise<readonly string[]> {
    const { core, workspace } = this.#screen
    const entities = cards.map(({ id }) => id)
    return core.call.putAway({ workspace, work, entities }).catch(() => entities)
  }

  /** What is pasted once more after that is a copy. The cards of the board know it sooner than what is told of all boards. */
  #hasLanded(work: DocId, card: string, cut: string): boolean {
    const { board, movesOf } = this.#screen
    const isIt = (from: Card['from']) => from?.work === work && from.entity === card && from.cut === cut
    return (
      movesOf(card, work).some(({ from }) => isIt(from)) || [...board.cards.values()].some(({ from }) => isIt(from))
    )
  }

  /** A card that repeats is followed by its next one, however it comes among the finished ones. */
  #nextOf({ cards }: Paste, column: string): { card: Card; next: NextCard }[] {
    const { board } = this.#screen
    return cards.flatMap((id) => {
      const card = board.cards.get(id)
      const next = card && this.#screen.moves.nextCard(card, column)
      return card && next ? [{ card, next }] : []
    })
  }

  async #bring(
    paste: Paste,
    place: PastePlace,
    { leftBehind = [], also = () => [] }: { leftBehind?: readonly string[]; also?: () => readonly string[] } = {},
    facts?: ActionFacts,
    cut: string | null = null,
  ): Promise<void> {
    const { cards } = paste
    const done = await this.#screen.run(paste.calls, facts)
    if (!done) return
    // What was cut has arrived: from now on the paste is taken back.
    if (cut !== null && lastCut?.cut === cut) dismissToastsAbout(lastCut.group)
    await tick()
    const column = this.#screen.columnTitle(place.column)
    const over = this.#screen.overLimit(place.column).trim()
    const details = () => [...also(), ...sayLeftOut(paste, { leftBehind, board: this.#screen.board, over })]
    const { movedFrom } = done
    showToast({
      text: () =>
        movedFrom === undefined
          ? t().clipboard.pasted(cards.length, column)
          : t().clipboard.moved(cards.length, movedFrom || t().board.untitled, column),
      about: done.group,
      detail: details().length > 0 ? () => details().join('\n') : undefined,
      action: { label: () => t().common.undo, run: () => void this.#screen.back.undo(done.group) },
    })
    await this.#show(paste)
  }

  async #show({ cards }: Paste): Promise<void> {
    await tick()
    const first = cards[0]
    if (!first || this.#screen.content.layout !== 'board') return
    this.#screen.focus.toCard(first)
    const pasted = { card: first, isPointing: false }
    this.#pasted = pasted
    document.addEventListener('pointermove', () => (pasted.isPointing = true), { once: true })
  }

  async #plan(foreign: ForeignBoard, place: PastePlace): Promise<Paste> {
    await this.#screen.arrival
    return planOn(this.#screen, this.#screen.board.whole, foreign, place)
  }

  async #planClip(clip: CardClip, place: PastePlace): ReturnType<typeof planClip> {
    await this.#screen.arrival
    const { board, work } = this.#screen
    return planClip(this.#screen, clip, { board: board.whole, work }, place)
  }

  /** A menu that is open a while holds them as they were. */
  #asTheyAre(cards: readonly Card[]): readonly Card[] {
    return cards.map((card) => this.#screen.board.cards.get(card.id) ?? card)
  }
}

const focusedCard = () => cardOf(document.activeElement)

const KEY = Symbol('clipboard')
export const provideClipboard = (screen: BoardScreen): BoardClipboard => setContext(KEY, new BoardClipboard(screen))
export const getClipboard = (): BoardClipboard => getContext<BoardClipboard>(KEY)
