/**
 * How a device of a person came in, from who signed for it. A link is a device too, its seed, which a device lets in and which
 * lets in another one (decision 0005); so whoever is let in by a kit or by a seed is somebody new at a screen.
 */
import type { DeviceId } from '#lib/kernel/ids.ts'
import type { AuthorityState } from './authority-state.ts'

export type DeviceOrigin = 'first' | 'kit' | 'seed' | 'recovered' | 'linked'

/** `authorAt` is the device that signed record n of the log. */
export function originOf(id: DeviceId, state: AuthorityState, authorAt: (n: number) => DeviceId | null): DeviceOrigin {
  const device = state.devices.get(id)
  if (device?.kit) return 'kit'
  const by = device ? authorAt(device.from) : null
  if (by === null || by === id || !state.devices.has(by)) return 'first'
  switch (originOf(by, state, authorAt)) {
    case 'kit':
      return 'recovered'
    case 'seed':
      return 'linked'
    default:
      return 'seed'
  }
}
