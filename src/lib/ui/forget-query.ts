import { goto } from '$app/navigation'
import { page } from '$app/state'

/** What another page asked of this one stands behind the `?` of its address: done once, it goes, and no reload does it again. */
export function forgetQuery(): void {
  // SvelteKit's router must have started before its address may change.
  // eslint-disable-next-line svelte/no-navigation-without-resolve -- it stays where it is
  queueMicrotask(() => void goto(page.url.pathname, { replaceState: true, noScroll: true, keepFocus: true }))
}
