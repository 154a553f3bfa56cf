/** P6 in words. The core decides the state; here it only gets its sentence, tone and mark. */
import type { SyncState } from '../core/api.ts'
import type { Messages } from '../i18n/messages.ts'

export function syncLabel(sync: SyncState, t: Messages): string {
  const waiting = waitingIn(sync)
  return waiting > 0 ? `${syncName(sync, t)} · ${t.sync.waiting(waiting)}` : syncName(sync, t)
}

/** How much waits for what the state's name says to end. */
export const waitingIn = (sync: SyncState): number =>
  sync.state === 'no-room' ||
  sync.state === 'no-space' ||
  sync.state === 'keyless' ||
  sync.state === 'offline' ||
  sync.state === 'parted' ||
  sync.state === 'connecting'
    ? sync.count
    : 0

/** The server answers; of what is only being stored nothing can be told. */
export const isConnected = ({ state }: SyncState): boolean =>
  state !== 'saving' &&
  state !== 'no-space' &&
  state !== 'saved' &&
  state !== 'connecting' &&
  state !== 'offline' &&
  state !== 'parted'

/** Without what waits. */
export function syncName(sync: SyncState, t: Messages): string {
  switch (sync.state) {
    case 'saving':
      return t.sync.saving
    case 'no-space':
      return sync.isStored ? t.sync.noSpace.stored : t.sync.noSpace.unstored
    case 'saved':
      return t.sync.saved
    case 'connecting':
      return t.sync.connecting
    case 'sending':
      return t.sync.sending(sync.count)
    case 'receiving':
      return t.sync.receiving
    case 'no-room':
      return t.sync.noRoom[sync.lack]
    case 'synced':
      return t.sync.synced
    case 'offline':
      return sync.why === 'token' ? t.sync.wantsToken : t.sync.offline
    case 'refused':
      return t.sync.refused(sync.count)
    case 'keyless':
      return t.sync.keyless
    case 'held':
      return t.sync.held(sync.count)
    case 'parted':
      return t.sync.parted
    case 'checking':
      return t.sync.checking
    default:
      return sync satisfies never
  }
}

export function syncExplanation(sync: SyncState, t: Messages): string {
  if (sync.state === 'offline' && sync.why === 'choice') return t.sync.explain.offlineByChoice
  if (sync.state === 'offline' && sync.why === 'token') return t.sync.explain.wantsToken
  if (sync.state === 'no-space') {
    if (sync.isStored) return t.sync.explain.noSpace.stored
    return sync.count > 0 ? t.sync.explain.noSpace.unstored : t.sync.explain.noSpace.confirmed
  }
  if (sync.state === 'no-room') return t.sync.explain.noRoom[sync.lack]
  return t.sync.explain[sync.state]
}
