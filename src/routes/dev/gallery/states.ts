/** What the gallery shows: fixtures of a kind, and the states that a view may be in. */
import type { SyncState } from '#lib/core/api.ts'

export const fixtureNames = ['empty', 'typical', 'conflicted', 'huge'] as const
export type FixtureName = (typeof fixtureNames)[number]

export const states = [
  'open',
  'loading',
  'offline',
  'refused',
  'no-right',
  'checking',
  'removed',
  'newer-version',
] as const
export type GalleryState = (typeof states)[number]

const isOneOf = <Name extends string>(name: string | null, all: readonly Name[]): name is Name =>
  all.some((one) => one === name)
export const isFixture = (name: string | null): name is FixtureName => isOneOf(name, fixtureNames)
export const isState = (name: string | null): name is GalleryState => isOneOf(name, states)

export const readOnlyIn = (state: GalleryState): string | null =>
  state === 'no-right' || state === 'checking' || state === 'removed' || state === 'newer-version' ? state : null

export function syncIn(state: GalleryState): SyncState {
  if (state === 'offline') return { state: 'offline', count: 3, why: 'network' }
  if (state === 'refused') return { state: 'refused', count: 2 }
  return { state: 'synced' }
}
