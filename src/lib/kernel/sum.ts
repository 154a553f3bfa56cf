/** Length and FNV-1a of `whole`, which says more than the text alone where that has formats. */
export function lengthAndSum(text: string, whole = text): string {
  let sum = 0x811c9dc5
  for (let at = 0; at < whole.length; at++) sum = Math.imul(sum ^ whole.charCodeAt(at), 0x01000193) >>> 0
  return `${text.length}.${sum.toString(16).padStart(8, '0')}`
}
