/** Addresses that stand in a text: what is pasted or typed becomes a link where it is one. Pure. */
import { safeHref } from './safe-href.ts'

/** A Chinese sentence goes on without a space: its characters and marks, full-width ones too, are behind the address. */
const ADDRESS = /https?:\/\/[^\s<>"“”‘’\u3000-\u303f\uff01-\uff1f\p{Script=Han}]+/giu
/** They end the sentence and not the address. */
const AFTER = /[.,;:!?'*_~]+$/

export interface FoundAddress {
  from: number
  to: number
  href: string
}

/** In their order; `from` and `to` count UTF-16 units. */
export function addressesIn(text: string): FoundAddress[] {
  return [...text.matchAll(ADDRESS)].flatMap(({ 0: words, index }) => {
    const address = trimmed(words)
    const href = safeHref(address)
    return href === null || address.endsWith('//') ? [] : [{ from: index, to: index + address.length, href }]
  })
}

/** A bracket that was opened before the address does not belong to it. */
function trimmed(words: string): string {
  const address = words.replace(AFTER, '')
  const last = address.at(-1) ?? ''
  const opening = { ')': '(', ']': '[', '}': '{' }[last]
  const isClosed = opening === undefined || address.split(opening).length >= address.split(last).length
  return isClosed ? address : trimmed(address.slice(0, -1))
}
