/**
 * Yjs, for both of its servers: updates made beforehand by each writer's own Y.Doc, sent and received as the providers do
 * (sync step 1 and 2, then updates). Hocuspocus puts the document's name before
 * every message and wants a token; y-websocket does neither.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { onceFor, payloadOf, type MakeCrowd } from './crowd.ts'

const NAME = 'document'
const SYNC = 0
const AUTH = 2
const [STEP_1, STEP_2, UPDATE] = [0, 1, 2]

export const yjsCrowd =
  (isHocuspocus: boolean): MakeCrowd =>
  (job, tally) => {
    const write = (body: (encoder: encoding.Encoder) => void): Uint8Array => {
      const encoder = encoding.createEncoder()
      if (isHocuspocus) encoding.writeVarString(encoder, NAME)
      body(encoder)
      return encoding.toUint8Array(encoder)
    }
    const syncMessage = (step: number, bytes: Uint8Array): Uint8Array =>
      write((encoder) => {
        encoding.writeVarUint(encoder, SYNC)
        encoding.writeVarUint(encoder, step)
        encoding.writeVarUint8Array(encoder, bytes)
      })

    const docs = Array.from({ length: job.writers }, (_, writer) => {
      const doc = new Y.Doc()
      doc.clientID = writer + 1
      return doc
    })
    const frames: Uint8Array[] = []
    /** The place of a writer's change in its own clock: one change is one struct of one client. */
    const changeAt = new Map<string, number>()
    for (let change = 0; change < job.changes; change++) {
      const doc = docs[change % job.writers]!
      changeAt.set(`${doc.clientID} ${Y.getState(doc.store, doc.clientID)}`, change)
      doc.once('update', (update: Uint8Array) => frames.push(syncMessage(UPDATE, update)))
      doc.getMap('cards').set(`c${change}`, payloadOf(change, job.payload))
    }

    /** What everybody reads into; a frame is applied once, because the bytes are the same for all. */
    const whole = new Y.Doc()
    const changesIn = onceFor((frame) => {
      const decoder = decoding.createDecoder(frame)
      if (isHocuspocus) decoding.readVarString(decoder)
      if (decoding.readVarUint(decoder) !== SYNC) return { step: null, changes: [] }
      const step = decoding.readVarUint(decoder)
      const bytes = decoding.readVarUint8Array(decoder)
      if (step === STEP_1) return { step, changes: [] }
      const { structs } = Y.decodeUpdate(bytes)
      Y.applyUpdate(whole, bytes)
      const changes = structs.map(({ id }) => changeAt.get(`${id.client} ${id.clock}`))
      return { step, changes: changes.filter((change) => change !== undefined) }
    })

    const sockets: WebSocket[] = []
    const connect = (reader: number): Promise<WebSocket> =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${job.port}/${NAME}`, { perMessageDeflate: false })
        socket.on('error', reject)
        socket.on('open', () => {
          if (isHocuspocus) {
            socket.send(
              write((encoder) => {
                encoding.writeVarUint(encoder, AUTH)
                encoding.writeVarUint(encoder, 0)
                encoding.writeVarString(encoder, 'token')
                encoding.writeVarString(encoder, '4.7.0')
              }),
            )
          }
          socket.send(syncMessage(STEP_1, Y.encodeStateVector(new Y.Doc())))
        })
        socket.on('message', (frame: Buffer) => {
          const { step, changes } = changesIn(frame)
          if (step === STEP_1) socket.send(syncMessage(STEP_2, Y.encodeStateAsUpdate(new Y.Doc())))
          if (step === STEP_2) resolve(socket)
          for (const change of changes) tally.received(reader, change)
        })
      })

    return {
      async enter() {
        while (sockets.length < job.clients) sockets.push(await connect(sockets.length))
      },
      write(writer, change) {
        tally.sent(change)
        sockets[writer]!.send(frames[change]!)
      },
      verdict() {
        const cards = whole.getMap('cards')
        for (let change = 0; change < job.changes; change++)
          if (cards.get(`c${change}`) !== payloadOf(change, job.payload))
            return `change ${change} is missing in the document`
        return null
      },
      leave() {
        for (const socket of sockets) socket.terminate()
      },
    }
  }
