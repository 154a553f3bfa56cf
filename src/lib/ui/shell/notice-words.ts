/** A notice of the core as a sentence; an unknown code is named, not hidden. */
import type { Notice } from '../../core/api.ts'
import { formatMoment, formatSpan } from '../../i18n/format.ts'
import type { Messages } from '../../i18n/messages.ts'
import type { Locale } from '../../kernel/define-kind.ts'
import { toInstant } from '../../kernel/instants.ts'

export function noticeText({ code, params }: Notice, t: Messages, locale: Locale): string {
  switch (code) {
    case 'relay-equivocates':
    case 'log-forked':
      return t.notices.equivocation
    case 'relay-restored':
      return t.notices.generation
    case 'document-mended':
      return t.notices.mended
    case 'removed':
      return t.notices.removed
    case 'profile-restored':
      return t.notices.rolledBack
    case 'record-set-aside':
      return t.notices.setAside
    case 'relay-withholds':
      return t.notices.withholds
    case 'relay-refuses':
      return t.notices.refuses
    case 'order-contradicted':
      return t.notices.orderContradicted
    case 'snapshot-false':
      return t.notices.snapshotFalse(String(params['by'] ?? ''))
    case 'device-recovered':
    case 'device-linked': {
      const at = formatMoment(toInstant(Number(params['at'])), locale)
      const kinds: Readonly<Record<string, string>> = t.link.kinds
      const name = String(params['name'] || kinds[String(params['kind'])] || '')
      return code === 'device-recovered' ? t.notices.deviceRecovered(name, at) : t.notices.deviceLinked(name, at)
    }
    case 'setup-token-needed':
      return params['token'] === 'given' ? t.notices.setupTokenGiven : t.notices.setupTokenNeeded
    case 'clock-off': {
      const minutes = Number(params['minutes'])
      return t.notices.clockOff(formatSpan(Math.abs(minutes), locale), minutes > 0)
    }
    case 'relay-version':
      return t.notices.relayVersion
    case 'relay-unreadable':
      return t.notices.relayUnreadable
    case 'relay-full':
      return t.notices.relayFull
    case 'relay-storage':
      return t.notices.relayStorage
    case 'quota':
      return t.notices.quota
    case 'administration-dropped':
      return t.notices.administrationDropped
    default:
      return t.notices.other(code)
  }
}
