/**
 * Joining (A9): the invitation's seed is a key that the log knows, so it may fetch the log and the scope keys wrapped to it
 * while the inviter is offline. With them the new device writes its own `join` record.
 */
import type { ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { refuse, Refusal } from '#lib/kernel/refusal.ts'
import { replay, toldHead } from './authority-log.ts'
import { initialState, type AuthorityState } from './authority-state.ts'
import { equal, type Bytes, type Hash } from './bytes.ts'
import { signerOf, type DeviceKeys } from './keys.ts'
import {
  closeCodes,
  decodeRelayMessage,
  encodeMessage,
  SIGN_OF_LIFE,
  signHello,
  type DeviceMessage,
  type RelayMessage,
} from './protocol.ts'
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
/** The token of the ping whose pong says that all wraps have come. */
const ALL_WRAPS = SIGN_OF_LIFE + 1

export type HeadOf = (scope: ScopeId) => { position: number; order: Hash }
/** What the person is told of a key that the log no longer lets in, or never knew. */
export interface KeyWords {
  spent: string
  unknown: string
}
const invitation: KeyWords = { spent: 'invite-expired', unknown: 'invite-unknown' }

export interface SeedOptions {
  words?: KeyWords | undefined
  /** The device that the record lets in. */
  successor?: DeviceKeys | undefined | null
  /** Calls it off, as long as nothing is on its way that may be taken: then refuses `cancelled`. */
  signal?: AbortSignal | undefined
}

/** Drafts one log record on the state that it is given; called again where somebody else was first. */
export type WriteStep = (
  state: AuthorityState,
  headOf: HeadOf,
  at: Instant,
  scopeKeys: FetchedWorkspace['scopeKeys'],
) => Promise<Bytes>

/**
 * Connects with the keys of a seed, a kit or a linking device, fetches log and keys, and appends one record per step. Where the
 * answer to a record is lost with its connection the next one finds out whether it was taken; for a seed that is spent by then
 * `successor`, whom the record lets in, asks.
 * Refuses with `relay-unreachable`, `workspace-unknown`, `log-invalid`, or what log and relay say.
 */
export function withSeed(
  relay: string,
  workspace: WorkspaceId,
  keys: DeviceKeys,
  now: () => number,
  steps: readonly WriteStep[],
  { words = invitation, successor = null, signal }: SeedOptions = {},
): Promise<FetchedWorkspace> {
  const signer = signerOf(keys)
  const log: Bytes[] = []
  const wraps: Bytes[] = []
  const heads = new Map<ScopeId, { position: number; order: Hash }>()
  let step = 0
  let last = -1
  let waiting: Bytes | null = null
  let asked = false
  let fetchedWraps = false
  let answered = false
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      connection.stop()
      settle()
    }
    const fail = (error: unknown) =>
      finish(() => reject(error instanceof Error ? error : new Refusal('relay-unreachable')))
    const timer = setTimeout(() => fail(new Refusal('relay-unreachable')), PATIENCE)
    signal?.addEventListener('abort', () => !waiting && fail(new Refusal('cancelled')))
    const send = (message: DeviceMessage) => connection.sendFrame(encodeMessage(message))
    const stateNow = async () => {
      const replayed = await replay(initialState(workspace), log, webVerify)
      if (replayed.refused || log.length === 0) refuse('log-invalid')
      return replayed.state
    }
    /** Whether the record that waits for an answer is in the log after all; then all is done. */
    const wasLetIn = async (): Promise<boolean> => {
      if (!waiting || !successor) return false
      const record = waiting
      const found = await withSeed(relay, workspace, successor, now, []).catch(() => null)
      if (!found?.log.some((signed) => equal(signed, record))) return false
      const scopeKeys = await openAll(found.state, wraps, keys)
      finish(() => resolve({ ...found, scopeKeys }))
      return true
    }
    const attempt = async () => {
      // Still waiting on a new connection: it was taken, or it is drafted again.
      const record = waiting
      if (record && log.some((signed) => equal(signed, record))) step++
      waiting = null
      const state = await stateNow()
      const next = steps[step]
      if (next) {
        const headOf: HeadOf = (scope) => toldHead(state, scope, heads.get(scope), last)
        waiting = await next(state, headOf, toInstant(Math.floor(now())), await openAll(state, wraps, keys))
        send({ type: 'auth-append', signed: waiting })
        return
      }
      const fetched = { state, log: [...log], scopeKeys: await openAll(state, wraps, keys) }
      finish(() => resolve(fetched))
    }
    const receive = async (message: RelayMessage) => {
      switch (message.type) {
        case 'challenge':
          send(await signHello(message, workspace, keys.public.sign, null, signer))
          return
        case 'ready':
          if (!message.known) refuse('workspace-unknown')
          last = message.authority
          wraps.length = 0
          asked = false
          fetchedWraps = false
          for (const head of message.scopes) heads.set(head.scope, { position: head.n, order: head.hash })
          send({ type: 'auth-pull', from: 0 })
          return
        case 'auth': {
          const before = log.length
          // What is told live may overtake the answer to our pull, which then brings it too.
          if (message.from > before) return
          for (const [index, entry] of message.records.entries()) log[message.from + index] = entry
          if (log.length <= last) return
          if (!asked) {
            asked = true
            send({ type: 'wrap-pull', scope: null })
            send({ type: 'ping', token: ALL_WRAPS })
          }
          // Somebody was first: what waits for an answer is drafted again on the new head (A2).
          else if (fetchedWraps && !waiting && log.length > before) await attempt()
          return
        }
        case 'wraps':
          wraps.push(...message.wraps)
          return
        case 'pong':
          if (message.token !== ALL_WRAPS || !asked || fetchedWraps) return
          fetchedWraps = true
          await attempt()
          return
        case 'auth-ok':
          if (!waiting) return
          log[message.n] = waiting
          waiting = null
          step++
          await attempt()
          return
        case 'auth-no':
          if (message.reason !== 'not-the-head' && message.reason !== 'stale') refuse(message.reason)
          waiting = null
          if (message.n < log.length) await attempt()
          else send({ type: 'auth-pull', from: log.length })
          return
        case 'records':
          heads.set(message.scope, { position: message.head.n, order: message.head.hash })
          return
        case 'gone':
          // All is done: what becomes of the key now is no failure of this.
          if (steps.length > 0 && step >= steps.length) return
          if (await wasLetIn()) return
          refuse(message.reason.startsWith('invite-') && words === invitation ? message.reason : words.spent)
          return
        default:
          return
      }
    }
    let queue = Promise.resolve()
    const connection = new RelayConnection(relay, keys.id, {
      open: () => undefined,
      frame: (bytes) => {
        answered = true
        queue = queue
          .then(async () => {
            const message = decodeRelayMessage(bytes)
            if (message.ok) await receive(message.value)
          })
          .catch(fail)
      },
      closed: (code) => {
        // The relay does not know this key: never made, used up, or for another workspace.
        if (code === closeCodes.unauthorised) fail(new Refusal(words.unknown))
        // What it said before it closed is still being read, and says it better.
        if (code === closeCodes.removed) void queue.then(() => fail(new Refusal(words.spent)))
        if (code === closeCodes['workspace-unknown-needs-token']) fail(new Refusal('workspace-unknown'))
        // Where nobody answers, or who only asks, is told so at once, and may ask again.
        if (!answered || steps.length === 0) void queue.then(() => fail(new Refusal('relay-unreachable')))
      },
      ping: () => encodeMessage({ type: 'ping', token: SIGN_OF_LIFE }),
    })
    connection.start()
  })
}

async function openAll(
  state: AuthorityState,
  wraps: readonly Bytes[],
  keys: DeviceKeys,
): Promise<FetchedWorkspace['scopeKeys']> {
  const opened: FetchedWorkspace['scopeKeys'] = []
  for (const bytes of wraps) {
    const wrap = parseWrap(bytes)
    if (!wrap.ok) continue
    const { scope, epoch, sender } = wrap.value
    const commitment = state.scopes.get(scope)?.epochs[epoch]?.commitment
    const senderKey = state.devices.get(sender)?.keys.sign
    if (!commitment || !senderKey || !(await verifyWrap(wrap.value, senderKey, webVerify))) continue
    const key = await openWrap(wrap.value, keys, commitment)
    if (key) opened.push({ scope, epoch, key })
  }
  return opened
}
