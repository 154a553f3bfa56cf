import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyOf, randomBytes, toHash, type Bytes } from '#lib/sync/bytes.ts'
import { closeCodes, encodeMessage, type DeviceMessage } from '#lib/sync/protocol.ts'
import { createColleague, foundCompany } from '#tests/support/sync-company.ts'
import { greet, openOffice, Wire } from '#tests/support/wire.ts'

const runs = process.env['TONGZHOU_LONG'] ? 2_000 : 120

/** Some bytes overwritten, cut out or put in. */
const damage = fc.record({ at: fc.nat(), cut: fc.nat(12), put: fc.uint8Array({ maxLength: 12 }) })
const damaged = (original: Bytes, { at, cut, put }: { at: number; cut: number; put: Uint8Array }): Uint8Array => {
  const from = at % (original.length + 1)
  return Uint8Array.from([...original.subarray(0, from), ...put, ...original.subarray(from + cut)])
}

test('whatever frames a member sends, damaged or random: the relay answers or closes with a code, serves the others, and shows nobody another workspace (R13)', async () => {
  const office = await openOffice()
  const { company, founder, relay } = office
  const bo = await office.hires('Bo')
  const other = await foundCompany('Eve')
  const { wire: eve } = await greet(relay.address, other.workspace, other.founder.keys)
  eve.send({ type: 'auth-append', signed: other.log[0]! })
  await eve.next('auth-ok')
  eve.send({ type: 'sub', scope: other.root, after: 0 })
  await eve.settled()

  const hash = toHash('ab'.repeat(32))
  const record = await company.seals(bo.who, company.newDoc(bo.who))
  const scopes = [company.root, other.root]
  const asked = scopes.flatMap((scope): DeviceMessage[] => [
    { type: 'sub', scope, after: 0 },
    { type: 'unsub', scope },
    { type: 'wrap-pull', scope },
    { type: 'talk', scope, bytes: randomBytes(40) },
    { type: 'snap-pull', scope },
    { type: 'blob-put', scope, hash, offset: 0, total: 10, bytes: randomBytes(10) },
    { type: 'blob-get', scope, hash, offset: 0 },
  ])
  const messages: DeviceMessage[] = [
    ...asked,
    { type: 'auth-pull', from: 0 },
    { type: 'auth-append', signed: company.log[0]! },
    { type: 'put', records: [record.bytes, other.log[0]!] },
    { type: 'wrap-put', wraps: [randomBytes(200)] },
    { type: 'ping', token: 7 },
  ]
  const frame = fc.oneof(
    fc.tuple(fc.constantFrom(...messages.map(encodeMessage)), damage).map(([bytes, how]) => damaged(bytes, how)),
    fc.constantFrom(...messages.map(encodeMessage)),
    fc.uint8Array({ maxLength: 200 }),
  )
  const reasons = new Set<string>([...Object.keys(closeCodes), 'open'])
  const everything: Uint8Array[] = []
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
      const { wire } = await greet(relay.address, company.workspace, bo.who.keys)
      // `Wire` throws where the relay itself sends what is no message.
      wire.socket.on('message', (data: Buffer) => everything.push(copyOf(data)))
      for (const bytes of frames) wire.sendBytes(bytes)
      const end = await Promise.race([wire.settled().then(() => 'open'), wire.closed]).catch(() => wire.closed)
      expect(reasons).toContain(end)
      await wire.end()
      await Promise.all([founder.settled(), eve.settled()])
    }),
    { numRuns: runs },
  )
  const said = Buffer.concat(everything)
  const hidden = [other.root, other.workspace, other.founder.person].map((id) => Buffer.from(id, 'hex'))
  // The root of the other workspace stands only in what was asked, never in an answer.
  for (const id of hidden) expect(said.includes(id)).toBe(false)
  expect(eve.received.filter(({ type }) => type === 'records' || type === 'talk')).toEqual([])
})

test('whatever a stranger says in place of a hello ends its connection, and no other (R13)', async () => {
  const { company, founder, relay } = await openOffice()
  const eve = await createColleague('Eve')
  const { signHello } = await import('#lib/sync/protocol.ts')
  await fc.assert(
    fc.asyncProperty(damage, fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (how, random, isRandom) => {
      const wire = new Wire(relay.address)
      const challenge = await wire.next('challenge')
      const hello = await signHello(challenge, company.workspace, eve.keys.public.sign, null, eve.signer)
      wire.sendBytes(isRandom ? random : damaged(encodeMessage(hello), how))
      expect([
        'bad-frame',
        'bad-hello',
        'unsupported-version',
        'unauthorised',
        'workspace-unknown-needs-token',
      ]).toContain(await Promise.race([wire.closed, wire.next('ready').then(() => 'ready')]).catch(() => wire.closed))
      await founder.settled()
    }),
    { numRuns: runs },
  )
})
