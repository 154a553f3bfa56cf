/** How wide a text is in print, roughly: a letter counts one, a Chinese character two. */
export function widthOf(text: string): number {
  let width = 0
  for (const one of text) width += one > '\u2e7f' ? 2 : 1
  return width
}
