/**
 * A device at the level of the wire, and a company whose log and records go through a real relay: for tests of what the
 * relay answers, byte by byte.
 */
import { WebSocket } from 'ws'
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import type { AuthorityBody } from '#lib/sync/authority.ts'
import { bytesToHash, copyOf, type Bytes, type Hash } from '#lib/sync/bytes.ts'
import { signerOf, type DeviceKeys } from '#lib/sync/keys.ts'
import {
  closeReasonOf,
  decodeRelayMessage,
  encodeMessage,
  ownRecordId,
  signHello,
  type DeviceMessage,
  type RelayMessage,
} from '#lib/sync/protocol.ts'
import { parseRecord } from '#lib/sync/records.ts'
import type { Signer } from '#lib/sync/signatures.ts'
import { createColleague, expectOk, foundCompany, type Colleague, type Company } from './sync-company.ts'
import { startRelay, type TestRelay } from './start-relay.ts'
import type { RelayOptions } from '#relay/relay.ts'

type Of<Type extends RelayMessage['type']> = Extract<RelayMessage, { type: Type }>

export class Wire {
  readonly socket: WebSocket
  /** All that has arrived, in order. */
  readonly received: RelayMessage[] = []
  readonly closed: Promise<string>
  #at = 0
  #waiters: (() => void)[] = []
  #ended: string | null = null

  constructor(address: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(address, { perMessageDeflate: false, headers })
    this.socket.on('message', (frame: Buffer) => {
      const message = decodeRelayMessage(copyOf(frame))
      if (!message.ok) throw new Error(`the relay sent what is no message: ${message.reason}`)
      this.received.push(message.value)
      this.#wake()
    })
    this.socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => {
        this.#ended = closeReasonOf(code) ?? String(code)
        resolve(this.#ended)
        this.#wake()
      })
    })
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter()
  }

  send(message: DeviceMessage): void {
    this.socket.send(encodeMessage(message))
  }

  sendBytes(bytes: Uint8Array | string): void {
    this.socket.send(bytes)
  }

  /** The next message of this type after those that were taken; others before it are passed over. */
  async next<Type extends RelayMessage['type']>(type: Type): Promise<Of<Type>> {
    for (;;) {
      while (this.#at < this.received.length) {
        const message = this.received[this.#at++]!
        if (message.type === type) return message as Of<Type>
      }
      if (this.#ended) throw new Error(`closed (${this.#ended}) before ${type}`)
      await new Promise<void>((resolve) => this.#waiters.push(resolve))
    }
  }

  /** Answers to everything that was sent before this. */
  async settled(): Promise<void> {
    const token = Math.floor(Math.random() * 2 ** 30)
    this.send({ type: 'ping', token })
    while ((await this.next('pong')).token !== token);
  }

  /** Ids of the records of one scope that have arrived until there are so many, in order, whole or as receipts. */
  async ids(count: number): Promise<Hash[]> {
    const ids: Hash[] = []
    while (ids.length < count) {
      for (const item of (await this.next('records')).list) {
        const own = ownRecordId(item)
        if (own) ids.push(bytesToHash(own))
        else {
          const parsed = parseRecord(item)
          if (!parsed.ok) throw new Error(`the relay passed on what is no record: ${parsed.reason}`)
          ids.push(parsed.value.id)
        }
      }
    }
    return ids
  }

  end(): Promise<string> {
    this.socket.close()
    return this.closed
  }
}

/** Says hello with these keys; resolves with `ready`. */
export async function greet(
  address: string,
  workspace: WorkspaceId,
  keys: DeviceKeys,
  token: string | null = null,
): Promise<{ wire: Wire; ready: Of<'ready'>; challenge: Of<'challenge'> }> {
  const { wire, challenge } = await knock(address, workspace, keys, token)
  return { wire, ready: await wire.next('ready'), challenge }
}

/** Says hello, whatever the answer. */
export async function knock(
  address: string,
  workspace: WorkspaceId,
  keys: DeviceKeys,
  token: string | null = null,
): Promise<{ wire: Wire; challenge: Of<'challenge'> }> {
  const wire = new Wire(address)
  const challenge = await wire.next('challenge')
  wire.send(await signHello(challenge, workspace, keys.public.sign, token, signerOf(keys)))
  return { wire, challenge }
}

export interface Office {
  relay: TestRelay
  company: Company
  /** The founder's connection. */
  founder: Wire
  connect: (who: Colleague) => Promise<Wire>
  /** Appends to the log, as this signer, over this connection. */
  appends: (wire: Wire, signer: Signer, body: AuthorityBody) => Promise<void>
  /** Invites, joins over the seed's connection, and connects. */
  hires: (name: string) => Promise<{ who: Colleague; wire: Wire }>
}

/** A relay with one workspace, founded by Ada, who is connected. */
export async function openOffice(options: Partial<RelayOptions> = {}): Promise<Office> {
  const relay = await startRelay(options)
  const company = await foundCompany()
  const connect = async (who: Colleague) => (await greet(relay.address, company.workspace, who.keys)).wire
  const bring = async (wire: Wire, signed: Bytes) => {
    wire.send({ type: 'auth-append', signed })
    await wire.next('auth-ok')
  }
  const founder = await connect(company.founder)
  await bring(founder, company.log[0]!)
  const appends = async (wire: Wire, signer: Signer, body: AuthorityBody) => {
    expectOk(await company.does(signer, body))
    await bring(wire, company.log.at(-1)!)
  }
  return {
    relay,
    company,
    founder,
    connect,
    appends,
    async hires(name) {
      const who = await createColleague(name)
      const { keys } = await company.invite(company.founder)
      await bring(founder, company.log.at(-1)!)
      const { wire: seed } = await greet(relay.address, company.workspace, keys)
      await appends(seed, who.signer, await company.joinBody(who, keys))
      await seed.end()
      return { who, wire: await connect(who) }
    },
  }
}
