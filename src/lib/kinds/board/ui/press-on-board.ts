/** A key pressed anywhere while a board is open. */
import { isNowhere } from '#lib/ui/focus-content.ts'
import { isComposing } from '#lib/ui/ime.ts'
import { press } from '#lib/ui/key-bindings.ts'
import { commandKeys, liftKeys, plainKeys } from './board-keys.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { closeCard } from './card-address.svelte.ts'
import { cardOf } from './card-of.ts'

/** A box to tick is none: like a button it has no keys but its own. */
const TEXTS = 'input:not([type="checkbox"]), textarea, [role="textbox"], [role="spinbutton"]'

export function pressOnBoard(event: KeyboardEvent, screen: BoardScreen, openCard: string | null): void {
  if (event.defaultPrevented || isComposing(event) || event.altKey) return
  const target = event.target instanceof HTMLElement ? event.target : null
  const isCommand = event.ctrlKey || event.metaKey
  // Also where nothing can be written at present: what was meant as text must not become a command. Letters choose from a list,
  // which takes back nothing by itself.
  if (target?.closest(isCommand ? TEXTS : `${TEXTS}, select`)) return
  // A question of undo would come up behind it, and what it takes back is not to be seen.
  if (target?.closest('[data-dialog-content], [data-alert-dialog-content]')) return
  if (screen.stillTyping.takes(event)) return event.preventDefault()
  const focused = cardOf(target)
  const place = {
    screen,
    openCard,
    isNowhere: isNowhere(target),
    card: focused ? screen.board.cards.get(focused) : undefined,
  }
  if (isCommand) {
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
  if (event.key === 'Escape' && openCard !== null && place.isNowhere) {
    event.preventDefault()
    void closeCard().then(() => screen.focus.toCard(openCard))
    return
  }
  // A card's own buttons are pressed by these; the other keys are the card's wherever in it the focus is.
  if ((event.key === ' ' || event.key === 'Enter') && target?.closest('button, input')) return
  if (press(plainKeys, event, place)) event.preventDefault()
}
