/** A key pressed anywhere while a board is open. */
import { isComposing } from '#lib/ui/ime.ts'
import { press } from '#lib/ui/key-bindings.ts'
import { commandKeys, liftKeys, plainKeys } from './board-keys.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { closeCard } from './card-address.svelte.ts'
import { cardOf } from './card-of.ts'

export function pressOnBoard(event: KeyboardEvent, screen: BoardScreen, openCard: string | null): void {
  if (event.defaultPrevented || isComposing(event) || event.altKey) return
  const target = event.target instanceof HTMLElement ? event.target : null
  // Also where nothing can be written at present: what was meant as text must not become a command.
  if (target?.closest('input, textarea, select, [role="textbox"], [role="spinbutton"]')) return
  // A question of undo would come up behind it, and what it takes back is not to be seen.
  if (target?.closest('[data-dialog-content], [data-alert-dialog-content]')) return
  if (screen.stillTyping.takes(event)) return event.preventDefault()
  const focused = cardOf(target)
  const isNowhere = target === document.body || target?.id === 'content'
  const place = { screen, openCard, isNowhere, card: focused ? screen.board.cards.get(focused) : undefined }
  if (event.ctrlKey || event.metaKey) {
    if (press(commandKeys, event, place)) event.preventDefault()
    return
  }
  if (target?.closest('[role="dialog"], [role="menu"]')) return
  // That calls off what is under way.
  if (event.key === 'Escape' && screen.longWork.underWay && !screen.hand.lift) return

  // A card in the hand has the arrows, Space and Escape to itself.
  if (screen.hand.lift) {
    const { key } = event
    if (press(liftKeys, { key, ctrlKey: false, metaKey: false, shiftKey: false }, screen)) event.preventDefault()
    return
  }
  // A field that has just taken its text in gives the focus to nobody: Escape still closes the card that is open.
  if (event.key === 'Escape' && openCard !== null && isNowhere) {
    event.preventDefault()
    void closeCard().then(() => screen.focus.toCard(openCard))
    return
  }
  // A card's own buttons are pressed by these; the other keys are the card's wherever in it the focus is.
  if ((event.key === ' ' || event.key === 'Enter') && target?.closest('button')) return
  if (press(plainKeys, event, place)) event.preventDefault()
}
