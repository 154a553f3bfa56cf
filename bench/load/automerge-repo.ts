/**
 * automerge-repo: its WebSocket messages and Automerge's sync protocol. Every writer has a document of its own. Readers who
 * have seen the same messages share document and sync state until they see different ones, so that the crowd applies a change
 * about once however many read it; what is sent is what each alone would send. A writer offers its change to the server at
 * once, where automerge-repo's own client would wait up to 100 ms.
 */
import * as A from '@automerge/automerge'
import { cbor, generateAutomergeUrl, parseAutomergeUrl } from '@automerge/automerge-repo'
import { WebSocket } from 'ws'
import { payloadOf, serveCrowd } from './crowd.ts'

type Cards = Record<string, A.ImmutableString>
interface Message {
  type: string
  senderId: string
  targetId?: string
  documentId?: string
  data?: Uint8Array
}
/** Where one writer, or several readers who are equal, stand with the server. */
interface Standing {
  doc: A.Doc<Cards>
  state: A.SyncState
  steps: Step[]
}
/** What a message of the server comes to there. */
interface Step {
  data: Buffer
  /** Heads that the server named. */
  heads: string[]
  reply: Uint8Array | null
  next: Standing
}
interface Peer {
  socket: WebSocket
  name: string
  isWriter: boolean
  standing: Standing
  /** Heads that the server named; their changes may come in a later message. */
  named: string[]
  server: string
}

serveCrowd((job, tally) => {
  const { documentId } = parseAutomergeUrl(generateAutomergeUrl())
  const start = A.change(A.init<Cards>(), (d) => void (d['start'] = new A.ImmutableString('yes')))
  /** Per change hash: how many changes of each writer lie at or below it. */
  const clocks = new Map<string, Uint32Array>()
  const held = Array.from({ length: job.clients }, () => new Uint32Array(job.writers))
  const peers: Peer[] = []
  const beginning = (): Standing => ({ doc: A.clone(start), state: A.initSyncState(), steps: [] })
  /** Before and after their first message, readers are all equal. */
  const newcomers = beginning()
  const [greeted, greeting] = A.generateSyncMessage(newcomers.doc, newcomers.state)
  newcomers.state = greeted
  const standings = new Map<string, Standing>()

  const send = (peer: Peer, message: Partial<Message> & Record<string, unknown>) =>
    peer.socket.send(cbor.encode({ senderId: peer.name, targetId: peer.server, documentId, ...message }))
  const offer = (peer: Peer) => {
    const [state, data] = A.generateSyncMessage(peer.standing.doc, peer.standing.state)
    peer.standing.state = state
    if (data) send(peer, { type: 'sync', data })
  }
  const step = (from: Standing, doc: A.Doc<Cards>, data: Uint8Array): Step => {
    const heads = A.decodeSyncMessage(data).heads.filter((head) => clocks.has(head))
    const [received, after] = A.receiveSyncMessage(doc, from.state, data)
    const [state, reply] = A.generateSyncMessage(received, after)
    return { data: Buffer.from(data), heads, reply, next: { doc: received, state, steps: [] } }
  }
  const sharedStep = (from: Standing, data: Uint8Array): Step => {
    const known = from.steps.find((one) => one.data.equals(data))
    if (known) return known
    const made = step(from, A.clone(from.doc), data)
    // Readers who took different ways to the same place are equal again.
    const key = JSON.stringify([A.getHeads(made.next.doc), made.next.state])
    made.next = standings.get(key) ?? made.next
    standings.set(key, made.next)
    from.steps.push(made)
    return made
  }
  const take = (peer: Peer, reader: number, data: Uint8Array) => {
    const { heads, reply, next } = peer.isWriter
      ? step(peer.standing, peer.standing.doc, data)
      : sharedStep(peer.standing, data)
    peer.standing = next
    if (reply) send(peer, { type: 'sync', data: reply })
    const mine = held[reader]!
    peer.named = [...peer.named, ...heads].filter((head) => {
      if (!A.hasHeads(peer.standing.doc, [head])) return true
      for (const [writer, count] of clocks.get(head)!.entries())
        while (mine[writer]! < count) tally.received(reader, writer + mine[writer]!++ * job.writers)
      return false
    })
  }

  const connect = (reader: number): Promise<Peer> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${job.port}`, { perMessageDeflate: false })
      const isWriter = reader < job.writers
      const standing = isWriter ? beginning() : newcomers
      const peer: Peer = { socket, name: `reader-${reader}`, isWriter, standing, named: [], server: '' }
      socket.on('error', reject)
      socket.on('open', () =>
        socket.send(
          cbor.encode({ type: 'join', senderId: peer.name, peerMetadata: {}, supportedProtocolVersions: ['1'] }),
        ),
      )
      socket.on('message', (frame: Buffer) => {
        const message = cbor.decode<Message>(frame)
        if (message.type === 'peer') {
          peer.server = message.senderId
          if (isWriter) offer(peer)
          else send(peer, { type: 'sync', data: greeting! })
        } else if (message.type === 'sync' && message.data) {
          take(peer, reader, message.data)
          resolve(peer)
        }
      })
    })

  return {
    async enter() {
      // The first brings the document; the others find it.
      while (peers.length < job.clients) peers.push(await connect(peers.length))
      const [head] = A.getHeads(start)
      while (peers.some(({ standing }) => !standing.state.theirHeads?.includes(head!)))
        await new Promise((resolve) => setTimeout(resolve, 5))
    },
    write(writer, change) {
      const peer = peers[writer]!
      const { standing } = peer
      tally.sent(change)
      standing.doc = A.change(
        standing.doc,
        (d) => void (d[`c${change}`] = new A.ImmutableString(payloadOf(change, job.payload))),
      )
      const made = A.decodeChange(A.getLastLocalChange(standing.doc)!)
      const clock = new Uint32Array(job.writers)
      for (const dep of made.deps) clocks.get(dep)?.forEach((count, at) => (clock[at] = Math.max(clock[at]!, count)))
      clock[writer] = Math.floor(change / job.writers) + 1
      clocks.set(made.hash, clock)
      offer(peer)
    },
    verdict() {
      for (const { standing } of peers) {
        for (let change = 0; change < job.changes; change++)
          if (String(standing.doc[`c${change}`]) !== payloadOf(change, job.payload))
            return `somebody lacks change ${change}`
      }
      return null
    },
    leave() {
      for (const peer of peers) peer.socket.terminate()
    },
  }
})
