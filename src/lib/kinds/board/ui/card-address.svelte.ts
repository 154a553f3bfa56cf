/** The open card is part of the address (`?card=…`): it can be linked, reloaded and left with Back. */
import { goto } from '$app/navigation'
import { page } from '$app/state'

export const openCardId = (): string | null => page.url.searchParams.get('card')
export const cardHref = (card: string): string => `?card=${encodeURIComponent(card)}`
export const cardLink = (card: string): string => location.origin + page.url.pathname + cardHref(card)

/** Another board, or a card of it. */
export const boardElsewhere = (workspace: string, work: string): string => `/${workspace}/${work}`
export const cardElsewhere = (workspace: string, work: string, card: string): string =>
  boardElsewhere(workspace, work) + cardHref(card)
export const openElsewhere = (href: string): Promise<void> => goto(href)

export const openCard = (card: string): Promise<void> => goto(cardHref(card), { noScroll: true, keepFocus: true })
export const closeCard = (): Promise<void> => goto(page.url.pathname, { noScroll: true, keepFocus: true })
