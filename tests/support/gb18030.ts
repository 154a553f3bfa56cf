/** GB18030 bytes by turning the platform's own decoder round: every two-byte character. */
export function gb18030(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030')
  const bytesOf = new Map<string, number[]>()
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail !== 0x7f) bytesOf.set(decoder.decode(new Uint8Array([lead, trail])), [lead, trail])
    }
  }
  return new Uint8Array([...text].flatMap((letter) => bytesOf.get(letter) ?? [letter.charCodeAt(0)]))
}
