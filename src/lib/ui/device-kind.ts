/** What this device is, as far as the browser says, and what devices are called. */
import type { Device, DeviceKind } from '../core/api.ts'
import type { Messages } from '../i18n/messages.ts'

export function deviceKind(agent: string = navigator.userAgent): DeviceKind {
  if (/iPad|Tablet/.test(agent)) return 'tablet'
  return /iPhone|Android|Mobile/.test(agent) ? 'phone' : 'computer'
}

/** As its owner named it, else what it is, in the reader's language. */
export const deviceName = ({ id, name, kind }: Pick<Device, 'id' | 'name' | 'kind'>, t: Messages): string =>
  name || (kind ? t.link.kinds[kind] : id.slice(0, 8))
