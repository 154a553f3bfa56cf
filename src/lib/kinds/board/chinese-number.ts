/** Numbers in Chinese, up to 99: 三, 两, 十二, 二十. */

const DIGITS = '〇一二三四五六七八九'

export const chineseNumberPattern = '[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]'

/** In figures or characters; 0 for what is no number. */
export function numberIn(text = ''): number {
  if (/^\d+$/.test(text)) return Number(text)
  const digit = (letter: string | undefined) => (letter ? Math.max(DIGITS.indexOf(letter), letter === '两' ? 2 : 0) : 0)
  const ten = text.indexOf('十')
  return ten < 0 ? digit(text) : (ten === 0 ? 1 : digit(text[0])) * 10 + digit(text[ten + 1])
}
