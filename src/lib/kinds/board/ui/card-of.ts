/** The card that an element belongs to. The table has the focus as a whole and names its cell. */
export function cardOf(element: Element | null): string | undefined {
  const named = element?.getAttribute('aria-activedescendant')
  const inside = named ? document.getElementById(named) : element
  return inside?.closest<HTMLElement>('[data-card]')?.dataset['card']
}
