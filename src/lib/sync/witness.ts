/**
 * A8: the relay signs every head, and devices tell each other in presence which heads they were shown. A relay that shows
 * two orders for one place, or keeps something from one of us, is found out by the first who hears of it.
 */
import type { DeviceId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { hashToBytes, toHex, type Bytes, type Hash } from './bytes.ts'
import { encode, type CborValue } from './cbor.ts'
import { verifyHead, type Head, type HeadOf } from './order.ts'
import { bytes, hash, list, Misshapen, natural, orNull, read } from './shape.ts'
import { webVerify } from './signatures.ts'

/** What a device says beside its presence: the newest heads that the relay showed it, of the scope and of the log. */
export interface Sighting {
  scope: Head | null
  log: Head | null
}

export type Suspicion = 'relay-equivocates' | 'relay-withholds'

/** A head that another was shown and we were not: for so long that may be the network's delay, in milliseconds. */
const PATIENCE = 60_000

export const encodeSighting = (sighting: Sighting, payload: Bytes): Bytes =>
  encode([1, sighting.scope && fields(sighting.scope), sighting.log && fields(sighting.log), payload])

const fields = (head: Head): CborValue => [head.n, hashToBytes(head.hash), head.generation, head.signature]

/** Null where it is not of this shape. */
export function decodeSighting(talk: Uint8Array): { sighting: Sighting; payload: Bytes } | null {
  const head = (value: Parameters<typeof list>[0]): Head => {
    const field = list(value, 4)
    return {
      n: natural(field[0]),
      hash: hash(field[1]),
      generation: bytes(field[2], 16),
      signature: bytes(field[3], 64),
    }
  }
  const parsed = read(talk, (value) => {
    const field = list(value, 4)
    if (field[0] !== 1) throw new Misshapen('unknown version of presence')
    return { sighting: { scope: orNull(field[1], head), log: orNull(field[2], head) }, payload: bytes(field[3]) }
  })
  return parsed.ok ? parsed.value : null
}

export interface WitnessOptions {
  workspace: WorkspaceId
  relayKey: () => Bytes | null
  generation: () => Bytes | null
  /** The hash at a place of what this device holds; null beyond its end. */
  hashAt: (of: HeadOf, n: number) => Promise<Hash | null>
  suspect: (suspicion: Suspicion) => void
  now: () => number
}

export class Witness {
  readonly #options: WitnessOptions
  readonly #shown = new Map<HeadOf, Head>()
  /** Heads that others were shown and that lie beyond ours, and since when. */
  readonly #beyond = new Map<string, { of: HeadOf; head: Head; since: number }>()

  constructor(options: WitnessOptions) {
    this.#options = options
  }

  /** A head that the relay showed us, and whose hash is what we computed. */
  shown(of: HeadOf, head: Head): void {
    const known = this.#shown.get(of)
    if (!known || known.n <= head.n || toHex(known.generation) !== toHex(head.generation)) this.#shown.set(of, head)
  }

  sighting(scope: ScopeId): Sighting {
    return { scope: this.#shown.get(scope) ?? null, log: this.#shown.get('authority') ?? null }
  }

  /** What another device says that it was shown. */
  async heard(from: DeviceId, scope: ScopeId, sighting: Sighting): Promise<void> {
    if (sighting.scope) await this.#compare(from, scope, sighting.scope)
    if (sighting.log) await this.#compare(from, 'authority', sighting.log)
  }

  /** Compares again what lay beyond us: to be called when something was taken in. */
  async grown(of: HeadOf): Promise<void> {
    for (const [name, entry] of this.#beyond) if (entry.of === of) await this.#judge(name, entry)
  }

  async #compare(from: DeviceId, of: HeadOf, head: Head): Promise<void> {
    const generation = this.#options.generation()
    // A relay that was restored orders anew: heads of two generations prove nothing (R12).
    if (!generation || toHex(generation) !== toHex(head.generation)) return
    const name = `${from} ${of}`
    const known = this.#beyond.get(name)
    const entry = { of, head, since: known?.since ?? this.#options.now() }
    await this.#judge(name, entry)
  }

  async #judge(name: string, entry: { of: HeadOf; head: Head; since: number }): Promise<void> {
    const { of, head, since } = entry
    const held = await this.#options.hashAt(of, head.n)
    if (held === null) {
      this.#beyond.set(name, entry)
      if (this.#options.now() - since > PATIENCE && (await this.#isSigned(of, head))) {
        this.#options.suspect('relay-withholds')
      }
      return
    }
    this.#beyond.delete(name)
    // Only the relay's own signature accuses it: a member who makes a head up accuses nobody.
    if (held !== head.hash && (await this.#isSigned(of, head))) this.#options.suspect('relay-equivocates')
  }

  async #isSigned(of: HeadOf, head: Head): Promise<boolean> {
    const key = this.#options.relayKey()
    return key !== null && verifyHead(this.#options.workspace, of, head, key, webVerify)
  }
}
