/** A first name for this device, for the person to change: what it is, as far as the browser says. */
import type { Messages } from '../i18n/messages.ts'

export function deviceKind(t: Messages, agent: string = navigator.userAgent): string {
  if (/iPad|Tablet/.test(agent)) return t.link.kinds.tablet
  if (/iPhone|Android|Mobile/.test(agent)) return t.link.kinds.phone
  return t.link.kinds.computer
}
