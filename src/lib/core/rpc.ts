/**
 * Calls and subscriptions over one MessagePort. A call has a number and is answered once; a subscription has a number
 * and delivers events until it is stopped or its port falls silent. Both ends are ours and of one build, so what arrives
 * is trusted to have its type; what people or peers sent was parsed before it came here.
 */
import type { DocId, WorkspaceId } from '../kernel/ids.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { CoreCalls, CoreTopics, OnConflict, Refused } from './api.ts'

export type CallName = keyof CoreCalls
export type CallArgs<Name extends CallName> = Parameters<CoreCalls[Name]>[0]
export type CallResult<Name extends CallName> = ReturnType<CoreCalls[Name]>
export type TopicName = keyof CoreTopics
export type TopicArgs<Name extends TopicName> = CoreTopics[Name]['args']
export type TopicEvent<Name extends TopicName> = CoreTopics[Name]['event']

/** Calls that write into a record of work: while one is under way, nobody can say that all is saved. */
const WRITES: ReadonlySet<CallName> = new Set<CallName>([
  'commit',
  'undo',
  'redo',
  'restoreMoment',
  'nameVersion',
  'proseChanges',
])
export interface Write {
  workspace: WorkspaceId
  work: DocId
}
/** Where the call writes; null where it does not. */
export function writeOf(name: CallName, args: unknown): Write | null {
  const { workspace, work, onConflict } = args as Write & { onConflict?: OnConflict }
  return WRITES.has(name) && onConflict !== 'look' ? { workspace, work } : null
}

export type ToCore =
  | { type: 'call'; id: number; name: CallName; args: unknown }
  | { type: 'watch'; id: number; topic: TopicName; args: unknown }
  | { type: 'unwatch'; id: number }
  | { type: 'tab'; tab: string; languages: readonly string[] }
  | { type: 'bye' }
  /** What the worker could not load it may try now. */
  | { type: 'again' }
  /** From a tab whose core is its own worker: another end that the worker is to serve (search's). */
  | { type: 'connect'; port: MessagePort }

export type ToTab =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'refused'; id: number; refused: Refused }
  | { type: 'failed'; id: number; message: string }
  | { type: 'event'; id: number; event: unknown }
  | { type: 'ready' }
  /** Another core, of another version or another tab, still has the storage: this one starts when that one ends. */
  | { type: 'waiting' }
  | { type: 'broken'; code: CoreBroken; message: string }

/** `load-failed`: something of it broke off on its way here, and may come yet. */
export type CoreBroken = 'core-broken' | 'load-failed'

/** What the core offers; each handler may refuse by throwing a Refusal. */
export interface CoreHandlers {
  call: <Name extends CallName>(name: Name, args: CallArgs<Name>) => Promise<CallResult<Name>>
  watch: <Name extends TopicName>(
    topic: Name,
    args: TopicArgs<Name>,
    emit: (event: TopicEvent<Name>) => void,
  ) => () => void
  /** The tab is gone: its presence goes with it, and what it did can be undone from any other. */
  left: (tab: string) => void
}

export interface Port {
  postMessage: (message: ToTab) => void
  onmessage: ((event: { data: ToCore }) => void) | null
}

/** Serves one tab. Returns the function that ends the service, e.g. when the tab's lock was released. */
export function servePort(port: Port, handlers: CoreHandlers): { end: () => void; tab: () => string | null } {
  const watches = new Map<number, () => void>()
  let tab: string | null = null
  const end = () => {
    for (const stop of watches.values()) stop()
    watches.clear()
    if (tab) handlers.left(tab)
    tab = null
  }
  port.onmessage = ({ data }) => {
    switch (data.type) {
      case 'call':
        handlers.call(data.name, data.args as never).then(
          (value) => port.postMessage({ type: 'result', id: data.id, value }),
          (error: unknown) => {
            if (error instanceof Refusal) {
              const refused = { code: error.code, params: { ...error.params } }
              port.postMessage({ type: 'refused', id: data.id, refused })
            } else {
              console.error(error)
              port.postMessage({ type: 'failed', id: data.id, message: String(error) })
            }
          },
        )
        break
      case 'watch':
        watches.set(
          data.id,
          handlers.watch(data.topic, data.args as never, (event) => {
            port.postMessage({ type: 'event', id: data.id, event })
          }),
        )
        break
      case 'unwatch':
        watches.get(data.id)?.()
        watches.delete(data.id)
        break
      case 'tab':
        tab = data.tab
        break
      case 'bye':
        end()
        break
      case 'connect':
      case 'again':
        // The worker's own business: it owns the ports, and what it is made of.
        break
      default:
        data satisfies never
    }
  }
  return { end, tab: () => tab }
}

export type CoreClient = {
  /** `core.call.commit({…})`: resolves to the result, rejects with a Refusal on an expected no. */
  call: { [Name in CallName]: (args: CallArgs<Name>) => Promise<CallResult<Name>> }
  watch: <Name extends TopicName>(
    topic: Name,
    args: TopicArgs<Name>,
    onEvent: (event: TopicEvent<Name>) => void,
  ) => () => void
  /** This tab, for undo and presence. */
  tab: string
  /** Told when the core had died and another one has taken its place: what only the old one knew is told again. */
  onRestart: (listener: () => void) => () => void
  /** Told when this tab hands something in to be written, and of its end, however that is answered. */
  onWrite: (listener: (write: Write, ended: Promise<void>) => void) => () => void
}

export interface TabPort {
  postMessage: (message: ToCore) => void
  onmessage: ((event: MessageEvent) => void) | null
}

export interface CoreSigns {
  /** Resolves when this end holds its lock; the core hears its name only then, and waits for that lock to know it gone. */
  held: Promise<void>
  /** The core serves this tab now. */
  onReady?: () => void
  onWaiting?: () => void
  /** The core could not start. */
  onBroken: (code: CoreBroken, message: string) => void
}

/**
 * The tab's end of a port. `reconnect` puts another core behind it, after the first has died: subscriptions go on, calls that
 * were under way are refused with `core-restarted`, because nobody knows whether they were carried out. Those of a core that
 * never came to serve go to the next.
 */
export function connectPort(
  first: TabPort,
  tab: string,
  { held, onReady, onWaiting, onBroken }: CoreSigns,
): CoreClient & { reconnect: (port: TabPort) => void; again: () => void; bye: () => void } {
  let last = 0
  let port = first
  let isServed = false
  const calls = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void; asked: ToCore }>()
  const watches = new Map<number, { topic: TopicName; args: unknown; onEvent: (event: never) => void }>()
  const restarts = new Set<() => void>()
  const writeListeners = new Set<(write: Write, ended: Promise<void>) => void>()
  const tellWrite = (write: Write, answer: Promise<unknown>) => {
    const ended = answer.then(
      () => undefined,
      () => undefined,
    )
    for (const listener of writeListeners) listener(write, ended)
  }
  const receive = (event: MessageEvent<ToTab>) => {
    const { data } = event
    isServed ||= data.type !== 'waiting' && data.type !== 'broken'
    switch (data.type) {
      case 'result':
        calls.get(data.id)?.resolve(data.value as never)
        calls.delete(data.id)
        break
      case 'refused':
        calls.get(data.id)?.reject(new Refusal(data.refused.code, data.refused.params))
        calls.delete(data.id)
        break
      case 'failed':
        calls.get(data.id)?.reject(new Error(data.message))
        calls.delete(data.id)
        break
      case 'event':
        watches.get(data.id)?.onEvent(data.event as never)
        break
      case 'ready':
        onReady?.()
        break
      case 'waiting':
        onWaiting?.()
        break
      case 'broken':
        onBroken(data.code, data.message)
        break
      default:
        data satisfies never
    }
  }
  const greet = () => {
    const to = port
    to.onmessage = receive
    void held.then(() => to.postMessage({ type: 'tab', tab, languages: navigator.languages }))
  }
  greet()
  const call = new Proxy({} as CoreClient['call'], {
    get: (_, property) => (args: unknown) => {
      const name = property as CallName
      const answer = new Promise((resolve, reject) => {
        const id = ++last
        const asked: ToCore = { type: 'call', id, name, args }
        calls.set(id, { resolve, reject, asked })
        port.postMessage(asked)
      })
      const write = writeOf(name, args)
      if (write) tellWrite(write, answer)
      return answer
    },
  })
  return {
    call,
    tab,
    watch(topic, args, onEvent) {
      const id = ++last
      watches.set(id, { topic, args, onEvent })
      port.postMessage({ type: 'watch', id, topic, args })
      return () => {
        watches.delete(id)
        port.postMessage({ type: 'unwatch', id })
      }
    },
    onRestart(listener) {
      restarts.add(listener)
      return () => restarts.delete(listener)
    },
    onWrite(listener) {
      writeListeners.add(listener)
      return () => writeListeners.delete(listener)
    },
    reconnect(next) {
      // Were the first one alive after all, everything would come twice.
      port.onmessage = null
      port = next
      greet()
      if (isServed) {
        isServed = false
        const lost = [...calls.values()]
        calls.clear()
        for (const { reject } of lost) reject(new Refusal('core-restarted'))
        // What the new core lacks comes first: what it shows then has it.
        for (const listener of restarts) listener()
      } else for (const { asked } of calls.values()) port.postMessage(asked)
      for (const [id, { topic, args }] of watches) port.postMessage({ type: 'watch', id, topic, args })
    },
    again: () => port.postMessage({ type: 'again' }),
    bye: () => port.postMessage({ type: 'bye' }),
  }
}
