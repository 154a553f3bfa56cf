/** The keyboard on the board (P14): what `pressOnBoard` runs and what the sheet of shortcuts lists. */
import type { KeyBinding } from '#lib/ui/key-bindings.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import type { Card } from './screen-board.ts'

const ARROWS = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const
const LEAPS = { PageUp: 'pageUp', PageDown: 'pageDown', Home: 'first', End: 'last' } as const
const STEPS = { ...ARROWS, ...LEAPS } as const
const isStep = (key: string): key is keyof typeof STEPS => Object.hasOwn(STEPS, key)

/** In the table these keys are the table's, or nobody's. */
const isTile = ({ content }: BoardScreen): boolean => content.layout === 'board'

const ofCard: KeyBinding<BoardKeyId, Place>['run'] = ({ screen, card }, key) =>
  isStep(key) && card !== undefined && isTile(screen) && done(screen.focus.step(card.id, STEPS[key]))
/** Where no card has the focus, an arrow goes to the first. */
const arrow: typeof ofCard = (place, key) =>
  place.card === undefined && place.isNowhere ? place.screen.focus.toFirst() : ofCard(place, key)

export interface Place {
  screen: BoardScreen
  /** The card that has the focus. */
  card: Card | undefined
  /** Nothing on the board has the focus. */
  isNowhere: boolean
  openCard: string | null
}

export type BoardKeyId =
  | 'moveFocus'
  | 'far'
  | 'open'
  | 'lift'
  | 'moveMenu'
  | 'newCard'
  | 'filter'
  | 'select'
  | 'selectAll'
  | 'archive'
  | 'news'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'unselect'
  | 'undo'
  | 'redo'

/** With Ctrl or Cmd: these work with an open dialog, too, but never in a field. */
export const commandKeys: readonly KeyBinding<BoardKeyId, Place>[] = [
  { id: 'undo', keys: ['Mod-z'], run: ({ screen }) => !screen.past && done(screen.back.undo()) },
  { id: 'redo', keys: ['Mod-Shift-z', 'Mod-y'], run: ({ screen }) => !screen.past && done(screen.back.redo()) },
  {
    id: 'selectAll',
    keys: ['Mod-a'],
    // Beside the board it is the browser's, and the text's of a card that is open.
    run: ({ screen, card, isNowhere, openCard }) =>
      openCard === null &&
      (card !== undefined || isNowhere) &&
      screen.counts.shown > 0 &&
      done(screen.chosen.chooseShown()),
  },
]
export const plainKeys: readonly KeyBinding<BoardKeyId, Place>[] = [
  { id: 'moveFocus', keys: Object.keys(ARROWS), run: arrow },
  { id: 'far', keys: Object.keys(LEAPS), run: ofCard },
  { id: 'open', keys: ['Enter'] },
  {
    id: 'lift',
    keys: ['Space'],
    run: ({ screen, card }) => card !== undefined && isTile(screen) && done(screen.hand.take(card.id, 'keyboard')),
  },
  {
    id: 'moveMenu',
    keys: ['m'],
    run: ({ screen, card }) =>
      card !== undefined && !screen.locked && done((screen.moving = { cards: screen.chosen.together(card) })),
  },
  {
    id: 'newCard',
    keys: ['n'],
    run: ({ screen, card }) => {
      const column = card?.column ?? screen.addsTo
      if (screen.locked || column === null || !screen.board.columns.some(({ id }) => id === column)) return false
      const lane = screen.lanes.shown && card ? screen.lanes.of(card) : null
      if (lane !== null && screen.lanes.isOfRemoved(lane)) return done(screen.moves.sayRemoved(lane, 'add'))
      return done((screen.adding = { column, lane }))
    },
  },
  { id: 'filter', keys: ['/'], run: ({ screen }) => done(screen.focusFilter()) },
  {
    id: 'select',
    keys: ['x'],
    run: ({ screen, card }) => card !== undefined && done(screen.chosen.toggle(card.id)),
  },
  {
    id: 'archive',
    keys: ['e'],
    run: ({ screen, card, openCard }) =>
      card !== undefined &&
      !screen.locked &&
      openCard === null &&
      done(screen.chosen.together(card).length > 1 ? screen.chosen.archive() : screen.archiveCard(card)),
  },
  {
    id: 'news',
    keys: ['c'],
    run: ({ screen, openCard }) =>
      screen.past === null && openCard === null && done((screen.news.open = !screen.news.open)),
  },
  // The browser makes events of these, see CardClipboard.
  { id: 'copy', keys: ['Mod-c'] },
  { id: 'cut', keys: ['Mod-x'] },
  { id: 'paste', keys: ['Mod-v'] },
  {
    id: 'unselect',
    keys: ['Escape'],
    run: ({ screen }) => screen.chosen.ids.size > 0 && done(screen.chosen.clear()),
  },
]
/** A card in the hand has these keys to itself, with Shift or without. */
export type LiftKeyId = 'carry' | 'carryFar' | 'drop' | 'putBack'
const carry: KeyBinding<LiftKeyId, BoardScreen>['run'] = (screen, key) =>
  isStep(key) && done(screen.hand.step(STEPS[key]))
export const liftKeys: readonly KeyBinding<LiftKeyId, BoardScreen>[] = [
  { id: 'carry', keys: Object.keys(ARROWS), run: carry },
  { id: 'carryFar', keys: Object.keys(LEAPS), run: carry },
  { id: 'drop', keys: ['Space', 'Enter'], run: (screen) => done(screen.hand.drop()) },
  { id: 'putBack', keys: ['Escape', 'Tab'], run: (screen) => done(screen.hand.putBack()) },
]
export const boardKeys = [...plainKeys, ...commandKeys]
const ofTiles: readonly BoardKeyId[] = ['moveFocus', 'far', 'open', 'lift']
/** Of these, what the table does not do in its own way, or not at all. */
export const keysBesideTable = boardKeys.filter(({ id }) => !ofTiles.includes(id))

const done = (_: unknown): true => true
