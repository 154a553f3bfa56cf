/**
 * Joining (A9): the invitation's seed is a key that the log knows, so it may fetch the log and the scope keys wrapped to it
 * while the inviter is offline. With them the new device writes its own `join` record.
 */
import type { ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { refuse, Refusal } from '#lib/kernel/refusal.ts'
import { replay } from './authority-log.ts'
import { initialState, type AuthorityState } from './authority-state.ts'
import type { Bytes, Hash } from './bytes.ts'
import { signerOf, type DeviceKeys } from './keys.ts'
import { orderStart } from './order.ts'
import { closeCodes, decodeRelayMessage, encodeMessage, signHello, type DeviceMessage, type RelayMessage } from './protocol.ts'
import { webVerify } from './signatures.ts'
import { RelayConnection } from './transport.ts'
import { openWrap, parseWrap, verifyWrap } from './wraps.ts'

export interface FetchedWorkspace {
  state: AuthorityState
  log: Bytes[]
  /** Scope keys that were wrapped to the seed: newest epoch of each named scope. */
  scopeKeys: { scope: ScopeId; epoch: number; key: Bytes }[]
}

/** How long a person waits for a relay before being told that it does not answer. */
const PATIENCE = 15_000

/**
 * Connects with the keys of a seed or kit, fetches log and keys, and lets `write` append one record. Refuses with
 * `relay-unreachable`, `workspace-unknown`, `log-invalid` or what the relay answers.
 */
export function withSeed(
  relay: string,
  workspace: WorkspaceId,
  keys: DeviceKeys,
  now: () => number,
  write: (fetched: FetchedWorkspace, headOf: (scope: ScopeId) => { position: number; order: Hash }, at: Instant) => Promise<Bytes>,
): Promise<{ fetched: FetchedWorkspace; signed: Bytes }> {
  const signer = signerOf(keys)
  const log: Bytes[] = []
  const wraps: Bytes[] = []
  const heads = new Map<ScopeId, { position: number; order: Hash }>()
  let last = -1
  let signed: Bytes | null = null
  let fetched: FetchedWorkspace | null = null
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      connection.stop()
      settle()
    }
    const fail = (error: unknown) =>
      finish(() => reject(error instanceof Error ? error : new Refusal('relay-unreachable')))
    const timer = setTimeout(() => fail(new Refusal('relay-unreachable')), PATIENCE)
    const send = (message: DeviceMessage) => connection.sendFrame(encodeMessage(message))
    const headOf = (scope: ScopeId) => heads.get(scope) ?? { position: 0, order: orderStart(scope) }
    const attempt = async () => {
      const replayed = await replay(initialState(workspace), log, webVerify)
      if (replayed.refused || log.length === 0) refuse('log-invalid')
      fetched = { state: replayed.state, log: [...log], scopeKeys: await openAll(replayed.state, wraps, keys) }
      signed = await write(fetched, headOf, toInstant(Math.floor(now())))
      send({ type: 'auth-append', signed })
    }
    const receive = async (message: RelayMessage) => {
      switch (message.type) {
        case 'challenge':
          send(await signHello(message, workspace, keys.public.sign, null, signer))
          return
        case 'ready':
          if (!message.known) refuse('workspace-unknown')
          last = message.authority
          for (const head of message.scopes) heads.set(head.scope, { position: head.n, order: head.hash })
          send({ type: 'auth-pull', from: 0 })
          return
        case 'auth':
          for (const [index, entry] of message.records.entries()) log[message.from + index] = entry
          if (log.length > last && !signed) send({ type: 'wrap-pull', scope: null })
          else if (signed && message.from + message.records.length > last) await attempt()
          return
        case 'wraps':
          wraps.push(...message.wraps)
          if (!signed) await attempt()
          return
        case 'auth-ok': {
          const done = fetched && signed ? { fetched, signed } : null
          if (done) finish(() => resolve(done))
          return
        }
        case 'auth-no':
          // Somebody wrote to the log in between: fetch what is new and sign again (A2).
          if (message.reason !== 'not-the-head' && message.reason !== 'stale') refuse(message.reason)
          last = Math.max(last, message.n)
          send({ type: 'auth-pull', from: log.length })
          return
        case 'gone':
          refuse('invite-expired')
          return
        default:
          return
      }
    }
    let queue = Promise.resolve()
    const connection = new RelayConnection(relay, keys.id, {
      open: () => undefined,
      frame: (bytes) => {
        queue = queue
          .then(async () => {
            const message = decodeRelayMessage(bytes)
            if (message.ok) await receive(message.value)
          })
          .catch(fail)
      },
      closed: (code) => {
        // The relay does not know this seed: never made, used up, or for another workspace.
        if (code === closeCodes.unauthorised) fail(new Refusal('invite-unknown'))
        if (code === closeCodes.removed) fail(new Refusal('invite-expired'))
        if (code === closeCodes['workspace-unknown-needs-token']) fail(new Refusal('workspace-unknown'))
      },
      ping: () => encodeMessage({ type: 'ping', token: 1 }),
    })
    connection.start()
  })
}

async function openAll(state: AuthorityState, wraps: readonly Bytes[], keys: DeviceKeys): Promise<FetchedWorkspace['scopeKeys']> {
  const opened: FetchedWorkspace['scopeKeys'] = []
  for (const bytes of wraps) {
    const wrap = parseWrap(bytes)
    if (!wrap.ok || wrap.value.recipient !== keys.id) continue
    const { scope, epoch, sender } = wrap.value
    const commitment = state.scopes.get(scope)?.epochs[epoch]?.commitment
    const senderKey = state.devices.get(sender)?.keys.sign
    if (!commitment || !senderKey || !(await verifyWrap(wrap.value, senderKey, webVerify))) continue
    const key = await openWrap(wrap.value, keys, commitment)
    if (key) opened.push({ scope, epoch, key })
  }
  return opened
}
