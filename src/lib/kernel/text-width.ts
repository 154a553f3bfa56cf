/** The last character before those of East Asia. */
const LAST_NARROW = 0x2e7f

/** How wide a text is in print, roughly: a letter counts one, a Chinese character two. Quick enough for the titles of a whole board. */
export function widthOf(text: string): number {
  let width = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // Of a character of two units the second has been counted with the first.
    if (unit > LAST_NARROW) width += unit >= 0xdc00 && unit <= 0xdfff ? -1 : 1
  }
  return width
}
