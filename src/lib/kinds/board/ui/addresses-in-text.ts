/** Addresses that stand in a text: what is pasted or typed becomes a link where it is one. Pure. */
import { safeHref } from './safe-href.ts'

/** A Chinese sentence goes on without a space: its characters and marks, full-width ones too, are behind the address. */
const ADDRESS = /https?:\/\/[^\s<>"“”‘’\u3000-\u303f\uff01-\uff1f\p{Script=Han}]+/giu
/** They end the sentence and not the address. */
const AFTER = new Set(".,;:!?'*_~")
/** What closes, and what opened it. */
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
/** No browser shows a longer one; nobody typed it. */
const LONGEST = 2_048

export interface FoundAddress {
  from: number
  to: number
  href: string
}

/** In their order; `from` and `to` count UTF-16 units. */
export function addressesIn(text: string): FoundAddress[] {
  return [...text.matchAll(ADDRESS)].flatMap(({ 0: words, index }) => {
    const address = words.length > LONGEST ? '' : trimmed(words)
    const href = safeHref(address)
    return href === null || address.endsWith('//') ? [] : [{ from: index, to: index + address.length, href }]
  })
}

/** A bracket that was opened before the address does not belong to it. */
function trimmed(words: string): string {
  let end = words.length
  for (; end > 0; end--) {
    const last = words.charAt(end - 1)
    if (AFTER.has(last)) continue
    const opening = OPENING[last]
    if (opening === undefined) break
    const address = words.slice(0, end)
    if (address.split(opening).length >= address.split(last).length) break
  }
  return words.slice(0, end)
}
