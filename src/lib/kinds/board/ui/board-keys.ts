/** The keyboard on the board (P14): what the shortcut sheet promises. */
import { isComposing } from '#lib/ui/ime.ts'
import { LOST, type BoardScreen } from './board-screen.svelte.ts'
import { closeCard } from './card-address.svelte.ts'

const ARROWS = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' } as const
const isArrow = (key: string): key is keyof typeof ARROWS => Object.hasOwn(ARROWS, key)

export function boardKeys(event: KeyboardEvent, screen: BoardScreen, openCard: string | null): void {
  if (event.defaultPrevented || isComposing(event)) return
  const target = event.target instanceof HTMLElement ? event.target : null
  const typing = Boolean(target?.closest('input, textarea, select, [contenteditable="true"]'))
  const command = event.ctrlKey || event.metaKey
  if (command && !event.altKey && !typing) {
    if (screen.past) return
    const key = event.key.toLowerCase()
    if (key === 'z' || (key === 'y' && !event.shiftKey)) {
      event.preventDefault()
      void (key === 'z' && !event.shiftKey ? screen.undo() : screen.redo())
    }
    return
  }
  if (command || event.altKey || typing || target?.closest('[role="dialog"], [role="menu"]')) return

  const { lift } = screen
  if (lift) {
    if (isArrow(event.key)) screen.stepLift(ARROWS[event.key])
    else if (event.key === ' ' || event.key === 'Enter') void screen.dropLift()
    else if (event.key === 'Escape' || event.key === 'Tab') screen.cancelLift()
    else return
    event.preventDefault()
    return
  }

  // A field that has just taken its text in gives the focus to nobody: Escape still closes the card that is open.
  if (event.key === 'Escape' && openCard !== null && target === document.body) {
    event.preventDefault()
    void closeCard().then(() => screen.focusCard(openCard))
    return
  }

  const link = target?.closest('[data-card-link]')
  const focused = link?.closest<HTMLElement>('[data-card]')?.dataset['card']
  const card = focused ? screen.board.cards[focused] : undefined
  if (event.key === '/' && !event.shiftKey) {
    event.preventDefault()
    screen.focusFilter()
  } else if (event.key === 'n' && !screen.locked && screen.shown.content.layout === 'board') {
    const column = card?.column ?? screen.columns[0]?.id
    if (column === undefined || column === LOST) return
    event.preventDefault()
    screen.adding = column
  } else if (card && isArrow(event.key)) {
    event.preventDefault()
    screen.stepFocus(card.id, ARROWS[event.key])
  } else if (card && event.key === ' ') {
    event.preventDefault()
    screen.startLift(card.id, 'keyboard')
  } else if (card && event.key === 'x') {
    event.preventDefault()
    screen.toggleSelected(card.id)
  } else if (event.key === 'Escape' && screen.selected.size > 0) {
    event.preventDefault()
    screen.selected.clear()
  } else if (card && event.key === 'm' && !screen.locked) {
    event.preventDefault()
    screen.moving = card
  } else if (card && event.key === 'e' && !screen.locked && openCard === null) {
    event.preventDefault()
    screen.archiveCard(card)
  }
}
