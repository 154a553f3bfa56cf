/**
 * SvelteKit reads a page's title out at the moment of the navigation. Where the title comes later, or a page comes without
 * one, it is told again; the address stays as it is.
 */
import { replaceState } from '$app/navigation'
import { page } from '$app/state'

/** To be called when the title is in the document. All of the address stays: behind the # an invitation has its key. */
// eslint-disable-next-line svelte/no-navigation-without-resolve -- it stays where it is
export const readTitleAgain = (): void => replaceState(location.href, page.state)
