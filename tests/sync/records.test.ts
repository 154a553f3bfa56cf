import { describe, expect, test } from 'vitest'
import {
  BODY_LIMIT,
  cutBody,
  decodeChangesBody,
  decodeSnapshotBody,
  encodeChangesBody,
  encodeSnapshotBody,
  joinBody,
} from '#lib/sync/bodies.ts'
import { copyOf, randomBytes, toHash, utf8 } from '#lib/sync/bytes.ts'
import { encode } from '#lib/sync/cbor.ts'
import { contentKey } from '#lib/sync/keys.ts'
import {
  encodeHeader,
  MOST_PARTS,
  openRecord,
  parseHeader,
  parseRecord,
  PIECE_LIMIT,
  RECORD_LIMIT,
  sealRecord,
  verifyRecord,
} from '#lib/sync/records.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { foundCompany } from '#tests/support/sync-company.ts'

describe('sealed records', () => {
  test('what Ada seals, every reader opens, and it says who, where and after what', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const doc = company.newDoc(ada)
    const body = encodeChangesBody([utf8('one'), utf8('two')])
    const sealed = await company.seals(ada, doc, {}, body)
    const parsed = parseRecord(sealed.bytes)
    if (!parsed.ok) throw new Error(parsed.reason)
    expect(parsed.value).toEqual(sealed)
    expect(parsed.value.header).toMatchObject({
      doc: doc.id,
      device: ada.keys.id,
      seq: 0,
      prev: null,
      birth: doc.birth,
    })
    expect(await verifyRecord(parsed.value, ada.keys.public.sign, webVerify)).not.toBeNull()
    const key = await contentKey(company.scopeKeys.get(`${company.root}.0`)!, doc.id, 0, ada.keys.id)
    expect(await openRecord(parsed.value, key)).toEqual(body)
    expect(decodeChangesBody(body)).toEqual({ ok: true, value: [utf8('one'), utf8('two')] })
  })

  test('a key of another document, epoch or device opens nothing', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const doc = company.newDoc(ada)
    const sealed = await company.seals(ada, doc)
    const scopeKey = company.scopeKeys.get(`${company.root}.0`)!
    const others = [
      contentKey(scopeKey, company.newDoc(ada).id, 0, ada.keys.id),
      contentKey(scopeKey, doc.id, 1, ada.keys.id),
      contentKey(scopeKey, doc.id, 0, ada.kit.id),
      contentKey(randomBytes(32), doc.id, 0, ada.keys.id),
    ]
    for (const key of others) expect(await openRecord(sealed, await key)).toBeNull()
  })

  test('no flipped bit of a record parses, verifies and opens (R13)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const doc = company.newDoc(ada)
    const sealed = await company.seals(ada, doc)
    const key = await contentKey(company.scopeKeys.get(`${company.root}.0`)!, doc.id, 0, ada.keys.id)
    for (let at = 0; at < sealed.bytes.length; at++) {
      const bytes = copyOf(sealed.bytes)
      bytes[at]! ^= 1 << (at % 8)
      const parsed = parseRecord(bytes)
      if (!parsed.ok) continue
      expect(await verifyRecord(parsed.value, ada.keys.public.sign, webVerify)).toBeNull()
      if (at < sealed.bytes.length - 66) expect(await openRecord(parsed.value, key)).toBeNull()
    }
  })

  test('truncated, oversized and wrong-version records are refused with a reason (R13)', async () => {
    const company = await foundCompany('Ada')
    const sealed = await company.seals(company.founder, company.newDoc(company.founder))
    for (const length of [0, 1, 40, sealed.bytes.length - 1]) {
      expect(parseRecord(copyOf(sealed.bytes, 0, length))).toMatchObject({ ok: false })
    }
    expect(parseRecord(new Uint8Array(RECORD_LIMIT + 1))).toEqual({ ok: false, reason: 'too large' })
    const header = copyOf(sealed.headerBytes)
    expect(header[1]).toBe(1)
    header[1] = 2
    const future = encode([header, sealed.ciphertext, sealed.signature])
    expect(parseRecord(future)).toEqual({ ok: false, reason: 'unknown version of a record' })
  })

  test('a header contradicting itself is no header', async () => {
    const company = await foundCompany('Ada')
    const { header } = await company.seals(company.founder, company.newDoc(company.founder))
    const prev = toHash('11'.repeat(32))
    const refused = [
      { ...header, seq: 0, prev },
      { ...header, seq: 1, prev: null },
      { ...header, birth: { ...header.birth!, kind: 'Board' } },
      { ...header, birth: { ...header.birth!, kind: '../board.root' } },
      { ...header, part: { index: 0, count: 1, first: null } },
      { ...header, part: { index: 0, count: 2, first: prev } },
      { ...header, part: { index: 1, count: 2, first: null } },
      { ...header, part: { index: 2, count: 2, first: prev } },
      { ...header, part: { index: 0, count: MOST_PARTS + 1, first: null } },
      { ...header, kind: 'snapshot' as const, part: { index: 0, count: 2, first: null } },
    ]
    for (const wrong of refused) expect(parseHeader(encodeHeader(wrong))).toMatchObject({ ok: false })
    expect(parseHeader(encodeHeader(header))).toEqual({ ok: true, value: header })
  })

  test('a body of 3 MB is cut into records that fit, and put together again (R2)', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const body = encodeChangesBody([copyOf(new Uint8Array(3 * 1024 * 1024).fill(7))])
    const pieces = cutBody(body)
    if (pieces === 'too-large') throw new Error(pieces)
    expect(pieces.length).toBeGreaterThan(10)
    expect(joinBody(pieces)).toEqual(body)
    const doc = company.newDoc(ada)
    const part = { index: 0, count: pieces.length, first: null }
    expect((await company.seals(ada, doc, { part }, pieces[0])).bytes.length).toBeLessThanOrEqual(RECORD_LIMIT)
    expect(cutBody(new Uint8Array(BODY_LIMIT + 1))).toBe('too-large')
    expect(MOST_PARTS * PIECE_LIMIT).toBeGreaterThanOrEqual(BODY_LIMIT)
  })

  test('sealing more than a record holds is a bug, and says so', async () => {
    const company = await foundCompany('Ada')
    const ada = company.founder
    const { header } = await company.seals(ada, company.newDoc(ada))
    const key = await contentKey(randomBytes(32), header.doc, 0, ada.keys.id)
    await expect(sealRecord(header, new Uint8Array(RECORD_LIMIT), key, ada.signer)).rejects.toThrow(RangeError)
  })

  test('bodies of another version, without changes or malformed are refused', () => {
    expect(decodeChangesBody(encode([2, [utf8('x')]]))).toMatchObject({ ok: false })
    expect(decodeChangesBody(encode([1, []]))).toMatchObject({ ok: false })
    expect(decodeChangesBody(encode([1, ['text']]))).toMatchObject({ ok: false })
    expect(decodeChangesBody(utf8('nonsense'))).toMatchObject({ ok: false })
  })

  test('a snapshot names blob, key, heads and place (R8)', () => {
    const snapshot = {
      blob: toHash('aa'.repeat(32)),
      key: randomBytes(32),
      size: 12_345,
      heads: [toHash('bb'.repeat(32))],
      position: 512,
      order: toHash('cc'.repeat(32)),
    }
    expect(decodeSnapshotBody(encodeSnapshotBody(snapshot))).toEqual({ ok: true, value: snapshot })
    expect(decodeSnapshotBody(encode([1, 2, 3]))).toMatchObject({ ok: false })
  })
})
