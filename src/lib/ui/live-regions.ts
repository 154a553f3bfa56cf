/**
 * Two regions whose words a screen reader speaks as they change, in turns: the same sentence twice is read twice, and of two that
 * come at once both are.
 */
export interface LiveRegions {
  texts: readonly [string, string]
  /** The one whose words are the older. */
  next: 0 | 1
}
export const silent: LiveRegions = { texts: ['', ''], next: 0 }

export function afterSaying({ texts, next }: LiveRegions, text: string): LiveRegions {
  // Written where it stands already it would change nothing, and stay unread.
  const isFirst = (texts[next] === text) === (next === 1)
  const other = texts[isFirst ? 1 : 0]
  const rest = other === text ? '' : other
  return isFirst ? { texts: [text, rest], next: 1 } : { texts: [rest, text], next: 0 }
}
