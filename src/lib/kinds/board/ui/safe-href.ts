/** Addresses that a link in a text may lead to. */
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** The address as it is followed, or null where it is none or would run something. `example.com` means https. */
export function safeHref(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  const address = URL.parse(trimmed) ?? (/^[^\s:/]+\.[^\s:]+$/.test(trimmed) ? URL.parse(`https://${trimmed}`) : null)
  return address && SCHEMES.has(address.protocol) ? address.href : null
}
