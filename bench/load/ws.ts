/** The floor: sockets that send bytes and get everybody else's. */
import { WebSocket } from 'ws'
import { payloadOf, serveCrowd } from './crowd.ts'

serveCrowd((job, tally) => {
  const sockets: WebSocket[] = []
  let complaint: string | null = null
  const frames = Array.from({ length: job.changes }, (_, change) => {
    const frame = Buffer.from(`0000${payloadOf(change, job.payload)}`)
    frame.writeUInt32BE(change)
    return frame
  })
  return {
    async enter() {
      while (sockets.length < job.clients) {
        const reader = sockets.length
        const socket = new WebSocket(`ws://127.0.0.1:${job.port}`, { perMessageDeflate: false })
        socket.on('message', (frame: Buffer) => {
          const change = frame.readUInt32BE(0)
          if (!frames[change]?.equals(frame)) complaint ??= 'bytes that nobody sent'
          tally.received(reader, change)
        })
        await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
        sockets.push(socket)
      }
    },
    write(writer, change) {
      tally.sent(change)
      sockets[writer]!.send(frames[change]!)
    },
    verdict: () => complaint,
    leave() {
      for (const socket of sockets) socket.terminate()
    },
  }
})
