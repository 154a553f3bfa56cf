/**
 * The one way out to a reader, bounded by what it has not taken yet. What it asked for waits; what goes on by itself leaves it
 * behind (records it gets later from its cursor, presence never); what must reach it is let through, up to a bound. A reader
 * that takes nothing for too long is closed.
 */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Counters } from './counters.ts'
import { sendFinished, type FinishedFrame } from './finished-frame.ts'
import type { RelayLimits } from './limits.ts'

export interface OutletOptions {
  socket: WebSocket
  stream: Duplex
  limits: RelayLimits
  counters: Counters
  tooSlow: () => void
}

export function createOutlet({ socket, stream, limits, counters, tooSlow }: OutletOptions) {
  let taking: Promise<void> | undefined

  const close = () => {
    if (socket.readyState !== socket.OPEN) return
    counters.readers_closed++
    tooSlow()
  }

  /** Undefined where more may be made for the reader; else resolves when it has taken all that was, or has gone. */
  function room(): Promise<void> | undefined {
    if (taking || stream.writableLength <= limits.ahead || !stream.writableNeedDrain) return taking
    taking = new Promise((resolve) => {
      const patience = setTimeout(close, limits.stuck)
      const over = () => {
        clearTimeout(patience)
        stream.off('drain', over)
        stream.off('close', over)
        taking = undefined
        resolve()
      }
      stream.on('drain', over)
      stream.on('close', over)
    })
    return taking
  }

  return {
    room,
    /** Whether what goes on by itself may go to the reader, too. */
    keepsUp: () => !taking && stream.writableLength <= limits.buffered,
    send(frame: FinishedFrame): void {
      if (socket.readyState !== socket.OPEN) return
      if (stream.writableLength > 2 * limits.buffered) return close()
      counters.frames_out++
      sendFinished(socket, stream, frame)
      // Its patience runs, whether or not it asks for anything.
      if (stream.writableLength > limits.buffered) void room()
    },
  }
}
