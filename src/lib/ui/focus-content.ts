/** The content of the page: what has the keyboard where nothing in it does. */
const content = (): HTMLElement | null => document.getElementById('content')

/** Where what had the focus is gone. Whoever has gone on is not called back. */
export function focusContent(): void {
  if (document.activeElement === document.body) content()?.focus({ preventScroll: true })
}

/** Whether a key goes to nothing in particular. */
export const isNowhere = (target: EventTarget | null): boolean => target === document.body || target === content()
