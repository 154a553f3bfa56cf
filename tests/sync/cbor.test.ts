import { decode as decodeCbor } from 'cborg'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex } from '#lib/sync/bytes.ts'
import { decode, encode, type CborValue } from '#lib/sync/cbor.ts'

const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 }),
  ),
}))
const plain = (decoded: unknown): unknown =>
  decoded !== null && typeof decoded === 'object' && !Array.isArray(decoded) && !(decoded instanceof Uint8Array)
    ? Object.fromEntries(Object.entries(decoded).map(([key, inner]) => [key, plain(inner)]))
    : Array.isArray(decoded)
      ? decoded.map(plain)
      : decoded

describe('deterministic CBOR', () => {
  test('every value comes back, and encodes to the same bytes again', () => {
    fc.assert(
      fc.property(value, (original) => {
        const bytes = encode(original)
        const decoded = decode(bytes)
        if (!decoded.ok) throw new Error(decoded.reason)
        expect(plain(decoded.value)).toEqual(plain(original))
        expect(encode(decoded.value)).toEqual(bytes)
      }),
      { numRuns: 300 },
    )
  })

  test('whatever bytes it accepts are the encoding of what it read, as another decoder reads them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        const decoded = decode(bytes)
        if (!decoded.ok) return
        expect(encode(decoded.value)).toEqual(Uint8Array.from(bytes))
        expect(plain(decodeCbor(bytes))).toEqual(plain(decoded.value))
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([
    ['a longer form of a number', '1800', 'not shortest'],
    ['a longer length', '580100', 'not shortest'],
    ['an indefinite list', '9f01ff', 'indefinite length'],
    ['a tag', 'c001', 'tag'],
    ['a duplicate key', 'a2616101616102', 'map keys out of order'],
    ['keys out of order', 'a2616201616102', 'map keys out of order'],
    ['a key that is a number', 'a10102', 'map key is not text'],
    ['bytes after the value', '0000', 'trailing bytes'],
    ['a truncated string', '6261', 'truncated'],
    ['a list that claims four billion entries', '9affffffff00', 'truncated'],
    ['text that is not UTF-8', '61ff', 'not UTF-8'],
    ['undefined', 'f7', 'unsupported simple value'],
    ['a half float', 'f93e00', 'unsupported simple value'],
    ['a whole number as a float', 'fb3ff0000000000000', 'not the encoding of this number'],
    ['not a number', 'fb7ff8000000000000', 'not the encoding of this number'],
    ['a number beyond 2^53', '1b0020000000000000', 'integer too large'],
    ['nothing', '', 'truncated'],
  ])('%s is refused', (_, hex, reason) => {
    expect(decode(fromHex(hex))).toEqual({ ok: false, reason })
  })

  test('depth and number of values are limited, without exhausting the stack', () => {
    const deep = new Uint8Array(100_000).fill(0x81)
    expect(decode(deep)).toEqual({ ok: false, reason: 'too deep' })
    expect(decode(encode([[[1]]]), { depth: 2, values: 10 })).toEqual({ ok: false, reason: 'too deep' })
    expect(decode(encode([1, 2, 3]), { depth: 2, values: 3 })).toEqual({ ok: false, reason: 'too many values' })
  })

  test('a key named __proto__ is a key', () => {
    const decoded = decode(fromHex('a1695f5f70726f746f5f5f01'))
    expect(decoded.ok && Object.keys(decoded.value as object)).toEqual(['__proto__'])
  })
})
