/**
 * A WebSocket message as it stands on the wire, framed once for all its readers. `ws` frames per reader (a header, two
 * writes, an options object each time); with hundreds of readers that is most of what a relay does.
 */
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

declare const finished: unique symbol
export type FinishedFrame = Uint8Array & { readonly [finished]: true }

/** RFC 6455, 5.2: one final binary frame from a server, unmasked, uncompressed. */
export function finishFrame(message: Uint8Array): FinishedFrame {
  const { length } = message
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafeSlow(header + length)
  frame[0] = 0x82
  if (header === 2) frame[1] = length
  else if (header === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(0, 2)
    frame.writeUInt32BE(length, 6)
  }
  frame.set(message, header)
  return frame as unknown as FinishedFrame
}

/**
 * Writes to the stream below the socket. Sound because our sockets neither compress nor send Blobs: `ws` then writes every
 * frame at once and queues none, so what is written here stands whole between two of its frames. After its close frame
 * nothing may follow, and nothing does: the socket is no longer open then.
 */
export function sendFinished(socket: WebSocket, stream: Duplex, frame: FinishedFrame): void {
  if (socket.readyState === socket.OPEN && stream.writable) stream.write(frame)
}
