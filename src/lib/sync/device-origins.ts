/**
 * How a device of a person came in. A link is a device too, its seed, which a device lets in and which lets in another one
 * (decision 0005); so whoever is let in by a kit or by a seed is somebody new at a screen.
 */
import type { DeviceId } from '#lib/kernel/ids.ts'
import type { AuthorityState } from './authority-state.ts'

export type DeviceOrigin = 'first' | 'kit' | 'seed' | 'recovered' | 'linked'

export function originOf(id: DeviceId, state: AuthorityState): DeviceOrigin {
  const device = state.devices.get(id)
  if (device?.kit) return 'kit'
  if (!device?.by) return 'first'
  switch (originOf(device.by, state)) {
    case 'kit':
      return 'recovered'
    case 'seed':
      return 'linked'
    default:
      return 'seed'
  }
}
