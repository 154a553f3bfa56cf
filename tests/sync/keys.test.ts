import { describe, expect, test } from 'vitest'
import { randomBytes, randomId, toHash, utf8 } from '#lib/sync/bytes.ts'
import { decode, encode } from '#lib/sync/cbor.ts'
import {
  commitmentOf,
  createDeviceKeys,
  createScopeKey,
  keepsCommitment,
  openOldKey,
  sealOldKey,
  seedKeys,
  signerOf,
  talkKey,
} from '#lib/sync/keys.ts'
import { createKitSecret, kitToWords, wordsToKit } from '#lib/sync/kit.ts'
import { encodeInviteLink, parseInviteLink } from '#lib/sync/links.ts'
import { deviceIdOf } from '#lib/sync/identities.ts'
import { webVerify } from '#lib/sync/signatures.ts'
import { openTalk, sealTalk, TALK_LIMIT } from '#lib/sync/talk.ts'
import { openWrap, parseWrap, verifyWrap, wrapScopeKey } from '#lib/sync/wraps.ts'
import type { DeviceId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'

const workspace = randomId<WorkspaceId>()
const scope = randomId<ScopeId>()

describe('keys of devices and seeds', () => {
  test('the private keys of a device cannot be taken out, and survive a structured clone', async () => {
    const keys = await createDeviceKeys()
    expect([keys.sign.extractable, keys.agree.privateKey.extractable]).toEqual([false, false])
    const clone = structuredClone(keys)
    const message = utf8('hello')
    expect(await webVerify(keys.public.sign, message, await signerOf(clone).sign(message))).toBe(true)
    expect(keys.id).toBe(deviceIdOf(keys.public.sign))
  })

  test('a seed gives the same keys everywhere, others as a kit, others from another seed', async () => {
    const secret = randomBytes(32)
    const [here, there] = [await seedKeys(secret, 'seed'), await seedKeys(secret, 'seed')]
    expect(there.public).toEqual(here.public)
    expect(here.sign.extractable).toBe(false)
    expect((await seedKeys(secret, 'kit')).id).not.toBe(here.id)
    expect((await seedKeys(randomBytes(32), 'seed')).id).not.toBe(here.id)
    const message = utf8('hello')
    expect(await webVerify(there.public.sign, message, await signerOf(here).sign(message))).toBe(true)
  })

  test('a signature by another key, over another message, or of the wrong length is none', async () => {
    const [ada, bo] = [await createDeviceKeys(), await createDeviceKeys()]
    const message = utf8('hello')
    const signature = await signerOf(ada).sign(message)
    expect(await webVerify(ada.public.sign, message, signature)).toBe(true)
    expect(await webVerify(bo.public.sign, message, signature)).toBe(false)
    expect(await webVerify(ada.public.sign, utf8('hullo'), signature)).toBe(false)
    expect(await webVerify(ada.public.sign, message, signature.slice(1))).toBe(false)
    expect(await webVerify(new Uint8Array(31), message, signature)).toBe(false)
  })
})

describe('keys of scopes', () => {
  test('a wrapped key opens for its recipient alone, and is checked against the log’s commitment (A6)', async () => {
    const [ada, bo, eve] = [await createDeviceKeys(), await createDeviceKeys(), await createDeviceKeys()]
    const key = createScopeKey()
    const commitment = commitmentOf(scope, 3, key)
    const to = { workspace, scope, epoch: 3, recipient: bo.id }
    const parsed = parseWrap(await wrapScopeKey(to, bo.public.agree, key, signerOf(ada)))
    if (!parsed.ok) throw new Error(parsed.reason)
    const wrap = parsed.value
    expect(wrap).toMatchObject({ ...to, sender: ada.id })
    expect(await verifyWrap(wrap, ada.public.sign, webVerify)).toBe(true)
    expect(await verifyWrap(wrap, eve.public.sign, webVerify)).toBe(false)
    expect(await openWrap(wrap, bo, commitment)).toEqual(key)
    expect(await openWrap(wrap, eve, commitment)).toBeNull()
    expect(await openWrap({ ...wrap, recipient: eve.id }, eve, commitment)).toBeNull()
    expect(await openWrap(wrap, bo, commitmentOf(scope, 3, createScopeKey()))).toBeNull()
    const toEve = parseWrap(await wrapScopeKey({ ...to, recipient: eve.id }, bo.public.agree, key, signerOf(ada)))
    expect(toEve.ok && (await openWrap(toEve.value, bo, commitment))).toBeNull()
    // Each field has its length: nobody fills a relay with one.
    const fields = decode(wrap.payload)
    if (!fields.ok || !Array.isArray(fields.value)) throw new Error('no payload')
    for (const at of [6, 7]) {
      const payload = encode(fields.value.with(at, new Uint8Array(1_000)))
      expect(parseWrap(encode([payload, await signerOf(ada).sign(payload)])).ok).toBe(false)
    }
    expect(parseWrap(encode([wrap.payload, new Uint8Array(1_000)])).ok).toBe(false)
    // What was signed as something else is no wrap.
    const other = wrap.payload.slice()
    other.set(utf8('tz-talk-1'), 2)
    expect(parseWrap(encode([other, await signerOf(ada).sign(other)])).ok).toBe(false)
  })

  test('a wrap cannot be moved to another scope, epoch, workspace or sender (A6)', async () => {
    const [ada, bo, eve] = [await createDeviceKeys(), await createDeviceKeys(), await createDeviceKeys()]
    const key = createScopeKey()
    const to = { workspace, scope, epoch: 0, recipient: bo.id }
    const parsed = parseWrap(await wrapScopeKey(to, bo.public.agree, key, signerOf(ada)))
    if (!parsed.ok) throw new Error(parsed.reason)
    const wrap = parsed.value
    const other = randomId<ScopeId>()
    expect(await openWrap({ ...wrap, scope: other }, bo, commitmentOf(other, 0, key))).toBeNull()
    expect(await openWrap({ ...wrap, epoch: 1 }, bo, commitmentOf(scope, 1, key))).toBeNull()
    expect(await openWrap({ ...wrap, workspace: randomId<WorkspaceId>() }, bo, commitmentOf(scope, 0, key))).toBeNull()
    expect(await openWrap({ ...wrap, sender: eve.id }, bo, commitmentOf(scope, 0, key))).toBeNull()
    expect(await openWrap(wrap, bo, commitmentOf(scope, 0, key))).toEqual(key)
  })

  test('with the new key comes the old one, not the other way round (A7)', async () => {
    const [old, fresh] = [createScopeKey(), createScopeKey()]
    const sealed = await sealOldKey(fresh, old, scope, 1)
    expect(await openOldKey(fresh, sealed, scope, 1)).toEqual(old)
    expect(await openOldKey(old, sealed, scope, 1)).toBeNull()
    expect(await openOldKey(fresh, sealed, scope, 2)).toBeNull()
    expect(await openOldKey(fresh, new Uint8Array(3), scope, 1)).toBeNull()
    expect(keepsCommitment(scope, 0, old, commitmentOf(scope, 0, old))).toBe(true)
    expect(keepsCommitment(scope, 1, old, commitmentOf(scope, 0, old))).toBe(false)
  })
})

describe('presence', () => {
  const place = { workspace, scope, epoch: 0 }

  test('readers hear who speaks; a reader cannot speak for another, nor the relay for anybody (R9)', async () => {
    const [ada, bo] = [await createDeviceKeys(), await createDeviceKeys()]
    const key = await talkKey(createScopeKey(), scope, 0)
    const known = new Map<DeviceId, Uint8Array<ArrayBuffer>>([ada, bo].map((keys) => [keys.id, keys.public.sign]))
    const lookups = { keyOf: () => key, signKeyOf: (id: DeviceId) => known.get(id) ?? null, verify: webVerify }
    const said = await sealTalk(place, 7, utf8('on card 3'), key, signerOf(ada))
    expect(await openTalk(said, place, lookups)).toEqual({ device: ada.id, counter: 7, payload: utf8('on card 3') })

    const impostor = { ...signerOf(bo), device: ada.id }
    expect(await openTalk(await sealTalk(place, 8, utf8('x'), key, impostor), place, lookups)).toBeNull()
    const strange = await sealTalk(place, 1, utf8('x'), key, signerOf(await createDeviceKeys()))
    expect(await openTalk(strange, place, lookups)).toBeNull()
    expect(await openTalk(said, { workspace, scope: randomId<ScopeId>() }, lookups)).toBeNull()
    expect(await openTalk(said, { workspace: randomId<WorkspaceId>(), scope }, lookups)).toBeNull()
    expect(await openTalk(said, place, { ...lookups, keyOf: () => null })).toBeNull()
    expect(await openTalk(new Uint8Array(TALK_LIMIT + 1), place, lookups)).toBeNull()
    for (let at = 0; at < said.length; at += 5) {
      const damaged = said.slice()
      damaged[at]! ^= 4
      expect(await openTalk(damaged, place, lookups)).toBeNull()
    }
  })
})

describe('links', () => {
  test('an invitation comes back from its link, with what a chat adds around it (A9)', () => {
    const invite = { workspace, relay: 'wss://boat.example/sync', seed: randomBytes(32) }
    const link = encodeInviteLink('https://boat.example', invite)
    expect(link).toMatch(/^https:\/\/boat\.example\/join#[\w-]+$/)
    expect(parseInviteLink(link)).toEqual({ ok: true, value: invite })
    expect(parseInviteLink(`  ${link}\n`)).toEqual({ ok: true, value: invite })
    expect(parseInviteLink(link.split('#')[1]!)).toEqual({ ok: true, value: invite })
  })

  test('half a link, another link, or one that leads to no relay is none (A9)', () => {
    const invite = { workspace, relay: 'wss://boat.example/sync', seed: randomBytes(32) }
    const link = encodeInviteLink('https://boat.example', invite)
    const wrong = [
      link.slice(0, -3),
      'https://boat.example/join',
      '',
      'https://boat.example/join#????',
      encodeInviteLink('https://boat.example', { ...invite, relay: 'javascript:alert(1)' }),
      encodeInviteLink('https://boat.example', { ...invite, relay: 'boat' }),
      encodeInviteLink('https://boat.example', { ...invite, seed: randomBytes(31) }),
      `#${'A'.repeat(5_000)}`,
    ]
    for (const each of wrong) expect(parseInviteLink(each)).toMatchObject({ ok: false })
  })
})

describe('the recovery kit', () => {
  test.each(['en', 'zh-CN'] as const)('twelve words in %s lead back to the secret, however typed', (locale) => {
    const secret = createKitSecret()
    const words = kitToWords(secret, locale)
    expect(words).toHaveLength(12)
    expect(wordsToKit(words.join(' '))).toEqual({ ok: true, secret, locale })
    expect(wordsToKit(`  ${words.join('\n ').toUpperCase()} `)).toEqual({ ok: true, secret, locale })
    expect(wordsToKit(words.map((word, i) => `${i + 1}. ${word}`).join(', '))).toEqual({ ok: true, secret, locale })
  })

  test('Chinese words need no blanks between them', () => {
    const secret = createKitSecret()
    for (const mark of ['，', '、', ',', ', ', '；', ' · '])
      for (const locale of ['en', 'zh-CN'] as const)
        expect(wordsToKit(kitToWords(secret, locale).join(mark))).toEqual({ ok: true, secret, locale })
    expect(wordsToKit(kitToWords(secret, 'zh-CN').join(''))).toEqual({ ok: true, secret, locale: 'zh-CN' })
  })

  test('what is wrong with the words is said', () => {
    const words = kitToWords(new Uint8Array(16), 'en')
    expect(wordsToKit(words.slice(1).join(' '))).toEqual({ ok: false, reason: 'word-count' })
    expect(wordsToKit(['zebra', ...words.slice(1)].join(' '))).toEqual({ ok: false, reason: 'checksum' })
    expect(wordsToKit(words.with(4, 'Tongzhou').join(' '))).toEqual({
      ok: false,
      reason: 'unknown-word',
      word: 'tongzhou',
    })
    expect(wordsToKit('')).toEqual({ ok: false, reason: 'word-count' })
  })

  test('the commitment names scope and epoch', () => {
    const key = new Uint8Array(32)
    const pinned = commitmentOf('00'.repeat(16) as ScopeId, 1, key)
    expect(pinned).toBe(toHash(pinned))
    expect(commitmentOf('00'.repeat(16) as ScopeId, 2, key)).not.toBe(pinned)
  })
})
