/**
 * The connection to a relay: automerge-repo's WebSocket client adapter (socket, binary framing, CBOR messages) with our
 * handshake and messages in place of its own, and jittered exponential backoff in place of its fixed five seconds.
 */
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import type { PeerId } from '@automerge/automerge-repo/slim'
import { closeCodes } from './protocol.ts'

/** The adapter's own timers are set beyond any session: reconnecting is ours. */
const NEVER = 2 ** 31 - 1
const FIRST_DELAY = 250
/** Whoever sits before the screen sees within this that the relay came back. */
const LONGEST_DELAY = 4_000
/** A relay that is there and turns us away is left in peace for longer. */
const LONGEST_REST = 30_000
/** A socket that says nothing for so long is asked; one that does not answer either is closed. */
const QUIET = 25_000
const PATIENCE = 10_000

export interface ConnectionEvents {
  open: () => void
  frame: (bytes: Uint8Array<ArrayBuffer>) => void
  /** `code` is the relay's close code, 1006 where the network broke. */
  closed: (code: number) => void
  /** Makes the frame that asks the relay for a sign of life. */
  ping: () => Uint8Array<ArrayBuffer>
}

export class RelayConnection extends WebSocketClientAdapter {
  readonly #events: ConnectionEvents
  readonly #peer: PeerId
  #wanted = false
  #attempts = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #quiet: ReturnType<typeof setTimeout> | undefined

  constructor(url: string, peer: string, events: ConnectionEvents) {
    super(url, NEVER)
    this.#events = events
    this.#peer = peer as PeerId
    // The base class listens through these properties, so they are replaced before it first connects.
    const opened = this.onOpen
    this.onOpen = () => {
      opened()
      this.#listen()
      this.#events.open()
    }
    this.onClose = () => undefined
    this.onError = () => undefined
    this.onMessage = (event) => {
      this.#listen()
      if (event.data instanceof ArrayBuffer) this.#events.frame(new Uint8Array(event.data))
    }
  }

  /** Connects, and again after every loss, until `stop`. */
  start(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#attempts = 0
    this.#dial()
  }

  /** The network is said to be back: do not wait for the next attempt, nor for one that went out before. */
  hurry(): void {
    if (!this.#wanted) return
    const state = this.socket?.readyState
    if (state === WebSocket.OPEN) return this.#ask()
    // One that is closing says so itself.
    if (state !== undefined && state !== WebSocket.CONNECTING) return
    this.#attempts = 0
    this.#cut()
    this.#dial()
  }

  stop(): void {
    this.#wanted = false
    clearTimeout(this.#retry)
    clearTimeout(this.#quiet)
    this.#cut()
  }

  /** A handshake that succeeded: the next loss starts with the shortest delay again. */
  settled(): void {
    this.#attempts = 0
  }

  /** False where there is no open socket: the caller sends again after the next handshake. */
  sendFrame(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.socket?.readyState !== 1) return false
    this.socket.send(bytes)
    return true
  }

  /** Replaces the adapter's own greeting: the relay speaks first here. */
  override join(): void {}

  #dial(): void {
    clearTimeout(this.#retry)
    try {
      super.connect(this.#peer)
    } catch {
      // An address that this application's policy forbids: as unreachable as any other.
      this.#retry = setTimeout(() => this.#lost(1006))
      return
    }
    // Somebody may take the call and never say a word.
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => this.#lost(1006), PATIENCE)
    const socket = this.socket
    socket?.addEventListener('close', (event) => {
      if (this.socket === socket) this.#lost(event.code)
    })
    // Of an address that its policy forbids, Chromium reports in a worker an error and never a close.
    socket?.addEventListener('error', () => {
      if (this.socket === socket) this.#lost(1006)
    })
  }

  #lost(code: number): void {
    clearTimeout(this.#quiet)
    this.#cut()
    this.#events.closed(code)
    if (!this.#wanted) return
    const longest = Math.min(isTurnedAway(code) ? LONGEST_REST : LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts++)
    // Half fixed, half random: a relay that comes back is not met by everybody at once.
    this.#retry = setTimeout(() => this.#dial(), longest / 2 + (Math.random() * longest) / 2)
  }

  /** A socket that is cut while it still connects complains; nobody listens to it any more but this. */
  #cut(): void {
    this.socket?.addEventListener('error', () => undefined)
    if (this.socket) this.disconnect()
  }

  #listen(): void {
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => this.#ask(), QUIET)
  }

  /** Whoever does not answer is gone. */
  #ask(): void {
    clearTimeout(this.#quiet)
    if (this.sendFrame(this.#events.ping())) this.#quiet = setTimeout(() => this.#lost(1006), PATIENCE)
  }
}

/** Not where the relay only waits for its token: that it went, or takes us, is seen by calling it alone. */
const isTurnedAway = (code: number): boolean =>
  code >= closeCodes['bad-frame'] &&
  code !== closeCodes['workspace-unknown-needs-token'] &&
  code !== closeCodes['shutting-down']
