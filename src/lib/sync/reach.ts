/**
 * On how many devices is what this one wrote last? A device says in presence up to which place of a scope's order it has taken
 * everything in (A8). What one has said is kept: it goes on having it. None is known to have it before it has said so.
 */
import * as v from 'valibot'
import type { DeviceId, ScopeId } from '#lib/kernel/ids.ts'
import type { AuthorityState } from './authority-state.ts'
import { originOf } from './device-origins.ts'
import { deviceAt, includes, rightOf } from './rights.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Row = v.object({
  /** Of the relay: places belong to its order. */
  generation: v.string(),
  /** By scope, where the last record of this device stands. */
  own: v.record(v.string(), count),
  /** By scope and device, up to where it has everything. */
  heard: v.record(v.string(), v.record(v.string(), count)),
})
export type ReachRow = v.InferOutput<typeof Row>

export interface Reached {
  /** Devices that have it, this one among them. */
  on: number
  /** Devices that may read the scope. */
  of: number
}

export class Reach {
  #row: ReachRow | null

  /** What is stored and cannot be read is heard again. */
  constructor(stored: unknown) {
    const parsed = v.safeParse(Row, stored)
    this.#row = parsed.success ? parsed.output : null
  }

  /** To be stored. */
  get row(): ReachRow | null {
    return this.#row
  }

  /** The relay has given a record of this device its place. */
  received(generation: string, scope: ScopeId, position: number): void {
    const { own } = this.#in(generation)
    own[scope] = Math.max(own[scope] ?? -1, position)
  }

  /** Another device has everything up to there. */
  heard(generation: string, scope: ScopeId, device: DeviceId, position: number): void {
    const heard = (this.#in(generation).heard[scope] ??= {})
    heard[device] = Math.max(heard[device] ?? -1, position)
  }

  /** Null where nothing that was written here has had its place yet. */
  of(scope: ScopeId, me: DeviceId, state: AuthorityState): Reached | null {
    const own = this.#row?.own[scope]
    if (own === undefined) return null
    const readers = [...state.devices.values()].filter(
      ({ id, kit }) =>
        !kit && originOf(id, state) !== 'seed' && deviceAt(state, id) && includes(rightOf(state, id, scope), 'read'),
    )
    const heard = this.#row?.heard[scope] ?? {}
    return { on: readers.filter(({ id }) => id === me || (heard[id] ?? -1) >= own).length, of: readers.length }
  }

  #in(generation: string): ReachRow {
    if (this.#row?.generation !== generation) this.#row = { generation, own: {}, heard: {} }
    return this.#row
  }
}
