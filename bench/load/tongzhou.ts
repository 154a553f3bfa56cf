/**
 * Tongzhou: a workspace whose members are all in the log, each with a device of its own. Records are sealed as the product
 * seals them (real Automerge changes, encrypted, signed, chained); the relay verifies every one.
 */
import { WebSocket } from 'ws'
import * as A from '@automerge/automerge'
import { encodeChangesBody } from '../../src/lib/sync/bodies.ts'
import { copyOf, toHex, type Bytes, type Hash } from '../../src/lib/sync/bytes.ts'
import { decodeRelayMessage, encodeMessage, ownRecordId, signHello } from '../../src/lib/sync/protocol.ts'
import { contentKey } from '../../src/lib/sync/keys.ts'
import { parseRecord, sealRecord } from '../../src/lib/sync/records.ts'
import { foundCompany, type Colleague } from '../../tests/support/sync-company.ts'
import { onceFor, payloadOf, serveCrowd } from './crowd.ts'

interface Writer {
  who: Colleague
  key: CryptoKey
  seq: number
  prev: Hash | null
  /** Made, not yet sealed. */
  waiting: number[]
  /** Sent, its receipt still on the way. */
  underWay: Hash | null
  sealing: boolean
}
/** Of 200 KB and a little over 300 bytes each. */
const MOST_IN_RECORD = 600

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
  /** The changes of every record that was sealed, by its id. */
  const changesOf = new Map<string, number[]>([[birth.id, []]])
  // Automerge's part of the work is done beforehand; sealing is not, because the first change of a burst goes at once and what is
  // made until its receipt comes goes in one record (R2), as in the product.
  const made: Bytes[] = []
  const docs = people.slice(0, job.writers).map(() => A.init<Record<string, A.ImmutableString>>())
  for (let change = 0; change < job.changes; change++) {
    const writer = change % job.writers
    docs[writer] = A.change(
      docs[writer]!,
      (d) => void (d[`c${change}`] = new A.ImmutableString(payloadOf(change, job.payload))),
    )
    made.push(A.getLastLocalChange(docs[writer]) as Bytes)
  }
  const writers: Writer[] = []
  for (const who of people.slice(0, job.writers)) {
    const key = await contentKey(company.scopeKeys.get(`${doc.scope}.0`)!, doc.id, 0, who.keys.id)
    const end = who === company.founder ? birth : null
    writers.push({ who, key, seq: end ? 1 : 0, prev: end?.id ?? null, waiting: [], underWay: null, sealing: false })
  }
  const seal = async (writer: Writer, socket: WebSocket) => {
    if (writer.sealing || writer.underWay || writer.waiting.length === 0) return
    writer.sealing = true
    const changes = writer.waiting.splice(0, MOST_IN_RECORD)
    const { scope } = doc
    const header = { kind: 'changes', scope, doc: doc.id, epoch: 0, kindVersion: 1, birth: null, part: null } as const
    const body = encodeChangesBody(changes.map((change) => made[change]!))
    const place = { seq: writer.seq, prev: writer.prev }
    const { id, bytes } = await sealRecord({ ...header, ...place }, body, writer.key, writer.who.signer)
    changesOf.set(id, changes)
    Object.assign(writer, { seq: writer.seq + 1, prev: id, underWay: id, sealing: false })
    socket.send(encodeMessage({ type: 'put', records: [bytes] }))
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
            const changes = changesOf.get(id)
            if (!changes) complaint ??= 'a record that nobody wrote'
            for (const change of changes ?? []) tally.received(index, change)
            const writer = writers[index]
            if (writer?.underWay !== id) continue
            writer.underWay = null
            void seal(writer, socket)
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
      writers[writer]!.waiting.push(change)
      void seal(writers[writer]!, readers[writer]!.socket)
    },
    verdict() {
      if (complaint) return complaint
      const order = readers[0]!.order
      const changes = order.flatMap((id) => changesOf.get(id) ?? [])
      if (changes.length !== job.changes || new Set(changes).size !== job.changes) return 'not every change came once'
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
