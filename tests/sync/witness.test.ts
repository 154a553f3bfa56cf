import { beforeEach, describe, expect, test } from 'vitest'
import type { DeviceId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { bytesToHash, randomBytes, sha256, utf8, type Bytes, type Hash } from '#lib/sync/bytes.ts'
import { signHead, type Head, type HeadOf } from '#lib/sync/order.ts'
import { decodeSighting, encodeSighting, Witness, type Suspicion } from '#lib/sync/witness.ts'
import { createRelayKey, openRelayKey } from '#relay/signatures.ts'

const workspace = 'aa'.repeat(16) as WorkspaceId
const scope = 'bb'.repeat(16) as ScopeId
const ann = 'cc'.repeat(16) as DeviceId
const key = openRelayKey(createRelayKey())
const generation = randomBytes(16)
const hashOf = (text: string): Hash => bytesToHash(sha256(utf8(text)))

const head = (of: HeadOf, n: number, hash: Hash, by = key, at: Bytes = generation): Promise<Head> =>
  signHead(workspace, of, { n, hash, generation: at }, (message) => by.sign(message))

describe('heads told in presence (A8, R9)', () => {
  let held: Map<string, Hash>
  let suspicions: Suspicion[]
  let now: number
  let witness: Witness

  beforeEach(() => {
    held = new Map([[`${scope} 3`, hashOf('three')]])
    suspicions = []
    now = 1_000_000
    witness = new Witness({
      workspace,
      relayKey: () => key.public,
      generation: () => generation,
      hashAt: (of, n) => Promise.resolve(held.get(`${of} ${n}`) ?? null),
      suspect: (suspicion) => suspicions.push(suspicion),
      now: () => now,
    })
  })

  test('what Ann was shown and we were shown too accuses nobody', async () => {
    await witness.heard(ann, scope, { scope: await head(scope, 3, hashOf('three')), log: null })
    expect(suspicions).toEqual([])
  })

  test('two heads that the relay signed for one place convict it', async () => {
    await witness.heard(ann, scope, { scope: await head(scope, 3, hashOf('another')), log: null })
    expect(suspicions).toEqual(['relay-equivocates'])
  })

  test('a head that the relay did not sign accuses nobody, nor one of another generation (R12)', async () => {
    const liar = openRelayKey(createRelayKey())
    await witness.heard(ann, scope, { scope: await head(scope, 3, hashOf('another'), liar), log: null })
    await witness.heard(ann, scope, { scope: await head(scope, 3, hashOf('another'), key, randomBytes(16)), log: null })
    expect(suspicions).toEqual([])
  })

  test('a head beyond ours is compared when we get there', async () => {
    await witness.heard(ann, scope, { scope: null, log: await head('authority', 5, hashOf('five')) })
    expect(suspicions).toEqual([])
    held.set('authority 5', hashOf('other five'))
    await witness.grown('authority')
    expect(suspicions).toEqual(['relay-equivocates'])
  })

  test('a head that we are not shown for a minute is being withheld', async () => {
    const far = await head(scope, 9, hashOf('nine'))
    await witness.heard(ann, scope, { scope: far, log: null })
    now += 30_000
    await witness.heard(ann, scope, { scope: far, log: null })
    expect(suspicions).toEqual([])
    now += 31_000
    await witness.heard(ann, scope, { scope: far, log: null })
    expect(suspicions).toEqual(['relay-withholds'])
  })

  test('travels with presence unharmed, and nothing else is read as one', async () => {
    const sighting = { scope: await head(scope, 3, hashOf('three')), log: null }
    const said = encodeSighting(sighting, utf8('here'))
    expect(decodeSighting(said)).toEqual({ sighting, payload: utf8('here') })
    expect(decodeSighting(utf8('here'))).toBeNull()
    expect(decodeSighting(said.slice(0, -1))).toBeNull()
  })
})
