/**
 * What the authority log says, as facts with the stretch of the log in which they hold (`n`), so that rights can be asked
 * for any place of the log and never change for a place that has been. Plain values, maps and bytes: it can be cloned and
 * stored. Values are never changed; the reducer makes new ones that share what stayed.
 */
import type { DeviceId, PersonId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/instants.ts'
import type { GrantRef, PolicyValue, Rank, Right, ScopeClass, Subject } from './authority.ts'
import type { Bytes, Hash } from './bytes.ts'
import type { PublicKeys } from './keys.ts'

export interface AuthorityState {
  workspace: WorkspaceId
  /** Of the last record, -1 before genesis. */
  n: number
  head: Hash | null
  rootScope: ScopeId | null
  people: ReadonlyMap<PersonId, PersonFact>
  devices: ReadonlyMap<DeviceId, DeviceFact>
  scopes: ReadonlyMap<ScopeId, ScopeFact>
  /** By the seed's device id. */
  invites: ReadonlyMap<DeviceId, InviteFact>
  policies: ReadonlyMap<string, { n: number; value: PolicyValue }>
  relay: { n: number; key: Bytes | null; url: string | null }
}

export interface PersonFact {
  id: PersonId
  /** Ascending in n; null = removed. */
  ranks: readonly { n: number; rank: Rank | null }[]
  departments: readonly { n: number; departments: readonly ScopeId[] }[]
  departmentRoles: readonly { n: number; department: ScopeId; rank: Rank }[]
}

export interface DeviceFact {
  id: DeviceId
  person: PersonId
  keys: PublicKeys
  /** A recovery kit: cold, writes nothing but addDevice and removeDevice. */
  kit: boolean
  /** The device of the same person that let it in; null for those that came with the person. */
  by: DeviceId | null
  /** Holds for from <= n < to. */
  from: number
  to: number | null
}

export interface GrantFact {
  ref: GrantRef
  scope: ScopeId
  subject: Subject
  right: Right
  by: PersonId
  /** Claimed; ends by an expire record, meanwhile the relay refuses. */
  expires: Instant | null
  from: number
  to: number | null
}

export interface ScopeFact {
  id: ScopeId
  parent: ScopeId | null
  class: ScopeClass
  from: number
  /** The device that opened it: well-known documents are derived from it. */
  opener: DeviceId
  /** By epoch. */
  epochs: readonly { n: number; commitment: Hash; oldKey: Bytes | null }[]
  grants: readonly GrantFact[]
  /** Ascending in n; as their authors claimed them (A4). */
  checkpoints: Growing<{ n: number; position: number; order: Hash }>
  /** A10: refused records that a writer has taken over, with the place of the log that did. */
  adopted: ReadonlyMap<Hash, number>
  /** A7: the place of the log since which somebody who had read no longer may; null once rotated. */
  rotationDue: number | null
}

export interface InviteFact {
  id: DeviceId
  seed: PublicKeys
  /** What the inviter meant the person to become; joining gives member at most. */
  rank: Rank
  expires: Instant
  scopes: readonly ScopeId[]
  by: PersonId
  from: number
  usedBy: PersonId | null
  /** The place of the log that used or expired it. */
  to: number | null
}

export const initialState = (workspace: WorkspaceId): AuthorityState => ({
  workspace,
  n: -1,
  head: null,
  rootScope: null,
  people: new Map(),
  devices: new Map(),
  scopes: new Map(),
  invites: new Map(),
  policies: new Map(),
  relay: { n: -1, key: null, url: null },
})

/**
 * A list that grows at its end, many times a log: values share one array and each knows how much of it is its own, so
 * appending is cheap and older values stay what they were. Only where two values grow apart is the array copied.
 */
export interface Growing<Item> {
  readonly items: readonly Item[]
  readonly length: number
}

export const nothingYet = <Item>(): Growing<Item> => ({ items: [], length: 0 })

export function grow<Item>(list: Growing<Item>, item: Item): Growing<Item> {
  const items = (list.items.length === list.length ? list.items : list.items.slice(0, list.length)) as Item[]
  items.push(item)
  return { items, length: list.length + 1 }
}

/** The entry in force at n, from a list ascending in n. */
export function inForce<Entry extends { n: number }>(entries: readonly Entry[], n: number): Entry | undefined {
  for (let i = entries.length - 1; i >= 0; i--) if (entries[i]!.n <= n) return entries[i]
  return undefined
}

export const holdsAt = (fact: { from: number; to: number | null }, n: number): boolean =>
  fact.from <= n && (fact.to === null || n < fact.to)
