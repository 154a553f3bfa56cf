import { deflateRawSync } from 'node:zlib'
import * as A from '@automerge/automerge'
import { describe, expect, test, vi } from 'vitest'
import { concat, copyOf, type Bytes } from '#lib/sync/bytes.ts'
import { CHANGE_LIMITS, readChange, readChanges, refuseDocument, type ChangeReading } from '#lib/sync/change-bytes.ts'
import { chunkOf, craftChange, craftContent, sleb, uleb, type CraftedChange } from '#tests/support/craft-change.ts'

const ACTOR = 'ab'.repeat(24)
const one: CraftedChange = { actor: ACTOR, seq: 1, startOp: 1, deps: [], operations: 1 }
const reasonOf = (reading: ChangeReading): string => (reading.ok ? 'read' : reading.reason)

/** A document with every kind of value and operation that ours use, on two devices that merge. */
function livelyDoc(): A.Doc<Record<string, unknown>> {
  let ada = A.init<Record<string, unknown>>({ actor: ACTOR })
  let bo = A.init<Record<string, unknown>>({ actor: 'cd'.repeat(24) })
  for (let i = 0; i < 60; i++) {
    ada = A.change(ada, { time: 1_700_000_000 + i, message: i % 3 ? `step ${i} 同舟` : '' }, (d) => {
      d[`key ${i % 7}`] = i % 2 ? 'x'.repeat(i * 9) : i
      d.list ??= []
      const list = d.list as unknown[]
      list.push({ at: i, done: i % 2 === 0, ratio: i / 7, none: null, when: new Date(i), raw: Uint8Array.of(i) })
      if (i % 5 === 4) list.splice(0, 2)
      if (i % 11 === 10) delete d[`key ${i % 7}`]
    })
    if (i % 9 === 8) {
      bo = A.merge(bo, ada)
      bo = A.change(bo, (d) => {
        d.title = new A.ImmutableString(`by Bo ${i}`)
        d.count ??= new A.Counter(0)
        ;(d.count as A.Counter).increment(-i)
      })
      bo = A.emptyChange(bo)
      ada = A.merge(ada, bo)
    }
  }
  return ada
}

describe('our reader of changes', () => {
  test('agrees with Automerge on real changes, plain and deflated (R3)', async () => {
    const changes = A.getAllChanges(livelyDoc())
    expect(changes.length).toBeGreaterThan(65)
    for (const change of changes) {
      const expected = A.decodeChange(change)
      const plain = await readChange(copyOf(change))
      // The content starts after magic, checksum, type and a length of one or two bytes.
      const content = change.subarray(change[9]! < 128 ? 10 : 11)
      const deflated = chunkOf(content, { deflated: true })
      expect(A.decodeChange(deflated).hash).toBe(expected.hash)
      expect(await readChange(deflated)).toEqual(plain)
      expect(plain).toMatchObject({
        ok: true,
        change: {
          hash: expected.hash,
          actor: expected.actor,
          seq: expected.seq,
          deps: expected.deps,
          startOp: expected.startOp,
          maxOp: expected.startOp + expected.ops.length - 1,
          time: expected.time,
          message: expected.message || null,
        },
      })
    }
  })

  test('counts at least the operations of every real change, and not wildly more (R6)', async () => {
    for (const change of A.getAllChanges(livelyDoc())) {
      const { ops } = A.decodeChange(change)
      const reading = await readChange(copyOf(change))
      if (!reading.ok) throw new Error(reading.reason)
      expect(reading.change.operations).toBeGreaterThanOrEqual(ops.length)
      expect(reading.change.operations).toBeLessThanOrEqual(ops.length * 2 + 1)
    }
  })

  test('reads as Automerge does what was crafted by hand', async () => {
    const crafted = craftChange({ ...one, operations: 1_000 })
    expect(A.decodeChange(crafted).ops).toHaveLength(1_000)
    expect(await readChange(crafted)).toMatchObject({ ok: true, change: { operations: 1_000, maxOp: 1_000 } })
    expect(A.decodeChange(crafted).hash).toBe(((await readChange(crafted)) as { change: { hash: string } }).change.hash)
  })

  test('a change of a hundred bytes that claims a million operations is refused unexpanded (R6)', async () => {
    const bomb = craftChange({ ...one, operations: 1_000_000 })
    expect(bomb.length).toBeLessThan(120)
    expect(reasonOf(await readChange(bomb))).toBe('too-many-operations')
    expect(reasonOf(await readChange(craftChange({ ...one, operations: 2 ** 52 })))).toBe('too-many-operations')
  })

  test('many predecessors of one operation count like operations (R6)', async () => {
    const predecessors = concat(sleb(2), uleb(50_000_000))
    expect(reasonOf(await readChange(craftChange({ ...one, operations: 2, predecessors })))).toBe('too-many-operations')
  })

  test('changes that are small one by one are too many together (R6)', async () => {
    const changes = Array.from({ length: 3 }, (_, i) =>
      craftChange({ ...one, seq: i + 1, startOp: i * 90_000 + 1, operations: 90_000 }),
    )
    expect(await readChanges(changes.slice(0, 2))).toMatchObject({ ok: true })
    expect(await readChanges(changes)).toEqual({ ok: false, reason: 'too-many-operations' })
  })

  test('a few kilobytes that inflate to many megabytes are unpacked to the cap and no further (R6)', async () => {
    let inflated = 0
    const Real = globalThis.DecompressionStream
    /** The browser's own, with a meter on what comes out. */
    class Metered {
      readonly writable: WritableStream<BufferSource>
      readonly readable: ReadableStream<Uint8Array>
      constructor(format: CompressionFormat) {
        const real = new Real(format)
        this.writable = real.writable
        const meter = new TransformStream<Uint8Array, Uint8Array>({
          transform: (piece, out) => {
            inflated += piece.length
            out.enqueue(piece)
          },
        })
        this.readable = real.readable.pipeThrough(meter)
      }
    }
    const bomb = chunkOf(new Uint8Array(64 * 1024 * 1024), { deflated: true })
    expect(bomb.length).toBeLessThan(100 * 1024)
    vi.stubGlobal('DecompressionStream', Metered)
    try {
      expect(reasonOf(await readChange(bomb))).toBe('inflates-too-large')
    } finally {
      vi.unstubAllGlobals()
    }
    expect(inflated).toBeGreaterThan(CHANGE_LIMITS.bytes)
    expect(inflated).toBeLessThan(CHANGE_LIMITS.bytes + 1024 * 1024)
  })

  test('a deflated change is the same change, and junk after the stream is refused', async () => {
    const content = craftContent({ ...one, message: 'a sentence that deflates, deflates, deflates' })
    const plain = await readChange(chunkOf(content))
    expect(await readChange(chunkOf(content, { deflated: true }))).toEqual(plain)
    const deflated = chunkOf(content, { deflated: true })
    const junk = concat(
      deflated.subarray(0, 9),
      uleb(deflated.length - 10 + 3),
      deflated.subarray(10),
      Uint8Array.of(1, 2, 3),
    )
    expect(reasonOf(await readChange(junk))).toBe('malformed-change')
  })

  test('whole documents, bundles, wrong checksums, trailing and missing bytes are refused', async () => {
    const doc = A.from({ title: 'whole' })
    const content = craftContent(one)
    const good = chunkOf(content)
    const flipped = copyOf(good)
    flipped[5]! ^= 1
    const cases = {
      document: copyOf(A.save(doc)),
      bundle: chunkOf(content, { type: 3 }),
      checksum: flipped,
      trailing: concat(good, Uint8Array.of(0)),
      truncated: copyOf(good, 0, good.length - 1),
      'bytes after the columns': chunkOf(concat(content, Uint8Array.of(7))),
      nothing: new Uint8Array(0),
    }
    for (const [name, bytes] of Object.entries(cases)) {
      expect([name, reasonOf(await readChange(bytes))]).toEqual([name, 'malformed-change'])
    }
    expect(reasonOf(await readChange(good))).toBe('read')
  })

  test('no truncation of a real change is read', async () => {
    const change = copyOf(A.getAllChanges(livelyDoc())[8]!)
    for (let length = 0; length < change.length; length++) {
      expect(reasonOf(await readChange(copyOf(change, 0, length)))).toBe('malformed-change')
    }
  })
})

describe('our reader of saved documents (R8)', () => {
  const run = (length: number, value: number): Bytes => concat(sleb(length), Uint8Array.of(value))
  const documentOf = (spec: number, column: Bytes): Bytes => {
    const content = concat(Uint8Array.of(0, 0, 1, spec, ...uleb(column.length), 0), column)
    return concat(Uint8Array.of(0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 0, ...uleb(content.length)), content)
  }

  test('lets through what Automerge saves', async () => {
    let doc = A.from<Record<string, unknown>>({ text: 'x'.repeat(5_000), list: [1, 2, 3] })
    for (let n = 0; n < 300; n++) doc = A.change(doc, (draft) => void (draft[`key ${n}`] = n))
    expect(await refuseDocument(A.save(doc))).toBeNull()
  })

  test('stops at a run that is written down in a few bytes, and at one that is deflated', async () => {
    const bomb = run(50_000_000, 1)
    expect(await refuseDocument(documentOf(2, bomb))).toBe('too-many-operations')
    expect(await refuseDocument(documentOf(2, run(1_000, 1)))).toBeNull()
    const zeros = new Uint8Array(deflateRawSync(new Uint8Array(3_000_000)))
    expect(await refuseDocument(documentOf(7 | 8, zeros), { bytes: 1_000_000, operations: 10 })).toBe(
      'inflates-too-large',
    )
    expect(await refuseDocument(documentOf(7 | 8, zeros))).toBeNull()
  })

  test('refuses changes, stumps and noise', async () => {
    const doc = A.from({ a: 1 })
    expect(await refuseDocument(A.getLastLocalChange(doc)!)).toBe('malformed-change')
    const saved = A.save(doc)
    for (const end of [0, 3, 8, 12, saved.length - 1]) {
      expect(await refuseDocument(saved.slice(0, end))).toBe('malformed-change')
    }
  })
})
