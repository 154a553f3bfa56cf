/**
 * Tongzhou: a workspace whose members are all in the log, each with a device of its own. Records are sealed beforehand as
 * the product seals them (a real Automerge change, encrypted, signed, chained); the relay verifies every one.
 */
import { WebSocket } from 'ws'
import * as A from '@automerge/automerge'
import { encodeChangesBody } from '../../src/lib/sync/bodies.ts'
import { copyOf, toHex, type Bytes } from '../../src/lib/sync/bytes.ts'
import { decodeRelayMessage, encodeMessage, ownRecordId, signHello } from '../../src/lib/sync/protocol.ts'
import { parseRecord } from '../../src/lib/sync/records.ts'
import { foundCompany, type Colleague } from '../../tests/support/sync-company.ts'
import { onceFor, payloadOf, serveCrowd } from './crowd.ts'

interface Reader {
  socket: WebSocket
  /** The record ids it has, in the relay's order. */
  order: string[]
  next: number
}

serveCrowd(async (job, tally) => {
  const address = `ws://127.0.0.1:${job.port}/sync`
  const company = await foundCompany()
  const people: Colleague[] = [company.founder]
  while (people.length < job.clients) people.push(await company.hires(`person ${people.length}`))
  const doc = company.newDoc(company.founder)
  const birth = await company.seals(company.founder, doc)
  if (company.puts(birth) !== 'accept') throw new Error('the first record of the document was not accepted')
  const frames: Bytes[] = []
  const changeOf = new Map<string, number>([[birth.id, -1]])
  const docs = people.slice(0, job.writers).map(() => A.init<Record<string, string>>())
  for (let change = 0; change < job.changes; change++) {
    const writer = change % job.writers
    docs[writer] = A.change(docs[writer]!, (d) => void (d[`c${change}`] = payloadOf(change, job.payload)))
    const made = A.getLastLocalChange(docs[writer]) as Bytes
    const record = await company.seals(people[writer]!, doc, {}, encodeChangesBody([made]))
    if (company.puts(record) !== 'accept') throw new Error('a record was not accepted')
    changeOf.set(record.id, change)
    frames.push(encodeMessage({ type: 'put', records: [record.bytes] }))
  }

  const readers: Reader[] = []
  let complaint: string | null = null
  // Frames to authors differ from those to readers only where the own record stands as its id.
  const read = onceFor((frame) => {
    const message = decodeRelayMessage(copyOf(frame))
    if (!message.ok) throw new Error(message.reason)
    if (message.value.type !== 'records') return message.value
    const ids = message.value.list.map((item) => {
      const own = ownRecordId(item)
      if (own) return toHex(own)
      const parsed = parseRecord(item)
      if (!parsed.ok) throw new Error(parsed.reason)
      return String(parsed.value.id)
    })
    return { type: 'ids' as const, from: message.value.from, ids }
  })

  /** Connects, says hello, follows the scope; resolves when the relay has served everything so far. */
  const connect = (who: Colleague, index: number): Promise<Reader> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(address, { perMessageDeflate: false })
      const reader: Reader = { socket, order: [], next: 1 }
      socket.on('error', reject)
      socket.on('close', (_, reason) => (complaint ??= `a socket closed: ${reason.toString()}`))
      socket.on('message', (frame: Buffer) => {
        const message = read(frame)
        if (message.type === 'ids') {
          if (message.from !== reader.next) complaint ??= 'a reader has a gap in the order'
          reader.next += message.ids.length
          for (const id of message.ids) {
            reader.order.push(id)
            const change = changeOf.get(id)
            if (change === undefined) complaint ??= 'a record that nobody wrote'
            else if (change >= 0) tally.received(index, change)
          }
        } else if (message.type === 'challenge')
          void signHello(message, company.workspace, who.keys.public.sign, null, who.signer).then((hello) =>
            socket.send(encodeMessage(hello)),
          )
        else if (message.type === 'ready') resolve(reader)
        else if (message.type === 'nack') complaint ??= `refused: ${message.reason}`
      })
    })
  const settled = (reader: Reader): Promise<void> =>
    new Promise((resolve) => {
      const listen = (frame: Buffer) => {
        if (read(frame).type !== 'pong') return
        reader.socket.off('message', listen)
        resolve()
      }
      reader.socket.on('message', listen)
      reader.socket.send(encodeMessage({ type: 'ping', token: 1 }))
    })

  return {
    async enter() {
      const founder = await connect(company.founder, 0)
      readers.push(founder)
      for (const signed of company.log) founder.socket.send(encodeMessage({ type: 'auth-append', signed }))
      // The log's word: answered when the last of its records is in.
      await new Promise<void>((resolve) => {
        const listen = (frame: Buffer) => {
          const message = read(frame)
          if (message.type === 'auth-no') complaint ??= `log: ${message.reason}`
          if (message.type !== 'auth-no' && !(message.type === 'auth-ok' && message.n === company.log.length - 1))
            return
          founder.socket.off('message', listen)
          resolve()
        }
        founder.socket.on('message', listen)
      })
      if (complaint) throw new Error(complaint)
      for (const who of people.slice(1)) readers.push(await connect(who, readers.length))
      founder.socket.send(encodeMessage({ type: 'put', records: [birth.bytes] }))
      await settled(founder)
      for (const reader of readers) {
        reader.socket.send(encodeMessage({ type: 'sub', scope: doc.scope, after: 0 }))
        await settled(reader)
      }
      while (readers.some((reader) => reader.order.length < 1)) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    write(writer, change) {
      tally.sent(change)
      readers[writer]!.socket.send(frames[change]!)
    },
    verdict() {
      if (complaint) return complaint
      const order = readers[0]!.order
      if (order.length !== job.changes + 1) return 'the order does not hold every change once'
      if (new Set(order).size !== order.length) return 'a record came twice'
      // Who has its own receipt still on the way has a beginning of the order.
      const differs = readers.some((reader) => reader.order.some((id, place) => id !== order[place]))
      return differs ? 'readers have different orders' : null
    },
    leave() {
      for (const reader of readers) reader.socket.terminate()
    },
  }
})
