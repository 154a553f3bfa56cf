/**
 * Reads an Automerge change before Automerge does (R3, R6), because a change is hostile until proven small: a legal one of
 * 1,109 bytes can take seconds to apply, since runs of equal values cost almost nothing to write down. Runs are counted
 * here, never expanded, and inflation stops at a cap.
 *
 *   chunk = 85 6f 4a 83, checksum(4), type(1), length(uleb), content
 *   type 0: a saved document; type 1: a change; type 2: the same content deflated. The checksum is the start of the hash,
 *   hash = SHA-256(01 ‖ length(uleb) ‖ content), of the inflated form.
 *
 * (Binary format of Automerge 3, https://automerge.org/automerge-binary-format-spec/, "change chunk".)
 */
import { bytesToHash, concat, copyOf, equal, sha256, toHex, type Bytes, type Hash } from './bytes.ts'

export interface ChangeFacts {
  hash: Hash
  /** Hex. */
  actor: string
  seq: number
  deps: Hash[]
  startOp: number
  /** The last operation's counter; startOp - 1 in an empty change. */
  maxOp: number
  /** Seconds since 1970, claimed. */
  time: number
  message: string | null
  /** The largest number of values that any of its columns claims. */
  operations: number
  /** Bytes of the content when inflated. */
  inflatedSize: number
}

export interface ChangeLimits {
  bytes: number
  operations: number
}
/** R6, per body. */
export const CHANGE_LIMITS: ChangeLimits = { bytes: 4 * 1024 * 1024, operations: 200_000 }

export type ChangeRefusal = 'malformed-change' | 'inflates-too-large' | 'too-many-operations'
export type ChangeReading = { ok: true; change: ChangeFacts } | { ok: false; reason: ChangeRefusal }
export type ChangesReading = { ok: true; changes: ChangeFacts[] } | { ok: false; reason: ChangeRefusal }

class Refused extends Error {
  readonly reason: ChangeRefusal
  constructor(reason: ChangeRefusal) {
    super(reason)
    this.reason = reason
  }
}
const malformed = (): never => {
  throw new Refused('malformed-change')
}

/** All changes of a body; the limits are for them together. */
export async function readChanges(
  chunks: readonly Bytes[],
  limits: ChangeLimits = CHANGE_LIMITS,
): Promise<ChangesReading> {
  const changes: ChangeFacts[] = []
  const left = { ...limits }
  for (const chunk of chunks) {
    const reading = await readChange(chunk, left)
    if (!reading.ok) return reading
    left.bytes -= reading.change.inflatedSize
    left.operations -= reading.change.operations
    changes.push(reading.change)
  }
  return { ok: true, changes }
}

export async function readChange(chunk: Uint8Array, limits: ChangeLimits = CHANGE_LIMITS): Promise<ChangeReading> {
  try {
    const { type, checksum, content } = readChunk(chunk)
    // Whole documents and bundles have no place in a record.
    if (type !== PLAIN && type !== DEFLATED) malformed()
    const inflated = type === DEFLATED ? await inflate(content, limits.bytes) : content
    if (inflated.length > limits.bytes) throw new Refused('inflates-too-large')
    const hash = sha256(Uint8Array.of(PLAIN), uleb(inflated.length), inflated)
    if (!equal(hash.subarray(0, 4), checksum)) malformed()
    return { ok: true, change: readContent(inflated, bytesToHash(hash), limits.operations) }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.reason }
    throw error
  }
}

/** R8: a snapshot may hold more than a record: years of a document. */
const DOCUMENT_LIMITS: ChangeLimits = { bytes: 128 * 1024 * 1024, operations: 4_000_000 }

/**
 * Proves a saved document (chunk type 0) small before Automerge sees it: null, or why not. Its columns are inflated one by
 * one and counted; what they hold is Automerge's to judge.
 */
export async function refuseDocument(
  chunk: Uint8Array,
  limits: ChangeLimits = DOCUMENT_LIMITS,
): Promise<ChangeRefusal | null> {
  try {
    const { type, content } = readChunk(chunk)
    if (type !== DOCUMENT) malformed()
    const cursor = new Cursor(content)
    for (let actors = cursor.count(1); actors > 0; actors--) cursor.take(cursor.uleb())
    cursor.take(32 * cursor.count(32))
    const columnsOf = () =>
      Array.from({ length: cursor.count(2) }, () => ({ spec: cursor.uleb(), length: cursor.uleb() }))
    const columns = [...columnsOf(), ...columnsOf()]
    let left = limits.bytes
    for (const { spec, length } of columns) {
      const column = copyOf(cursor.take(length))
      const inflated = spec & 8 ? await inflate(column, left) : column
      left -= inflated.length
      if (left < 0) throw new Refused('inflates-too-large')
      countColumn(new Cursor(inflated), spec & 7, limits.operations)
    }
    return null
  } catch (error) {
    if (error instanceof Refused) return error.reason
    throw error
  }
}

const MAGIC = Uint8Array.of(0x85, 0x6f, 0x4a, 0x83)
const DOCUMENT = 0
const PLAIN = 1
const DEFLATED = 2

function readChunk(chunk: Uint8Array): { type: number; checksum: Uint8Array; content: Bytes } {
  const cursor = new Cursor(chunk)
  if (!equal(cursor.take(4), MAGIC)) malformed()
  const checksum = cursor.take(4)
  const type = cursor.byte()
  const content = copyOf(cursor.take(cursor.uleb()))
  if (!cursor.done()) malformed()
  return { type, checksum, content }
}

function readContent(content: Bytes, hash: Hash, most: number): ChangeFacts {
  const cursor = new Cursor(content)
  const deps = Array.from({ length: cursor.count(32) }, () => bytesToHash(cursor.take(32)))
  const actor = toHex(cursor.take(cursor.uleb()))
  const seq = cursor.uleb()
  const startOp = cursor.uleb()
  const time = cursor.sleb()
  const text = cursor.take(cursor.uleb())
  const others = cursor.count(1)
  for (let i = 0; i < others; i++) cursor.take(cursor.uleb())
  const columns = Array.from({ length: cursor.count(2) }, () => ({ spec: cursor.uleb(), length: cursor.uleb() }))
  let operations = 0
  let rows = 0
  for (const { spec, length } of columns) {
    const column = new Cursor(cursor.take(length))
    // Columns are deflated in documents only.
    if (spec & 8) malformed()
    const counted = countColumn(column, spec & 7, most)
    operations = Math.max(operations, counted)
    if (spec === ACTION) rows = counted
  }
  // What a later Automerge might append is not understood here, so not let through.
  if (!cursor.done()) malformed()
  return {
    hash,
    actor,
    seq,
    deps,
    startOp,
    maxOp: startOp + rows - 1,
    time,
    message: text.length === 0 ? null : decodeText(text),
    operations,
    inflatedSize: content.length,
  }
}

/** Column 4 of type integer: what each operation does. Every operation has one. */
const ACTION = (4 << 4) | 2

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
function decodeText(text: Uint8Array): string {
  try {
    return utf8.decode(text)
  } catch {
    return malformed()
  }
}

/** How many values a column claims to hold; for a group column also how many it claims for the columns below it. */
function countColumn(column: Cursor, type: number, most: number): number {
  switch (type) {
    case 0: // group: how many values of the following columns belong to each row
    case 1: // actor
    case 2: // integer
    case 6: // length and type of a value
      return countRuns(column, () => column.uleb(), type === 0, most)
    case 3: // delta
      return countRuns(column, () => column.sleb(), false, most)
    case 4: {
      let values = 0
      while (!column.done()) values = add(values, column.uleb(), most)
      return values
    }
    case 5: // text
      return countRuns(column, () => column.take(column.uleb()).length, false, most)
    default: // raw bytes of values
      return 0
  }
}

function countRuns(column: Cursor, value: () => number, group: boolean, most: number): number {
  let values = 0
  let below = 0
  while (!column.done()) {
    const run = column.sleb()
    if (run > 0) {
      values = add(values, run, most)
      const each = value()
      if (group && each > 0) below = add(below, run * each, most)
    } else if (run < 0) {
      values = add(values, -run, most)
      for (let i = run; i < 0; i++) {
        const each = value()
        if (group) below = add(below, each, most)
      }
    } else {
      values = add(values, column.uleb(), most)
    }
  }
  return Math.max(values, below)
}

function add(a: number, b: number, most: number): number {
  if (b > most - a) throw new Refused('too-many-operations')
  return a + b
}

class Cursor {
  private readonly source: Uint8Array
  private at = 0

  constructor(source: Uint8Array) {
    this.source = source
  }

  done(): boolean {
    return this.at === this.source.length
  }

  byte(): number {
    return this.source[this.at++] ?? malformed()
  }

  take(length: number): Uint8Array {
    if (length > this.source.length - this.at) malformed()
    this.at += length
    return this.source.subarray(this.at - length, this.at)
  }

  /** How many entries follow, each of at least so many bytes: more than can be there is refused before looping. */
  count(smallest: number): number {
    const claimed = this.uleb()
    return claimed * smallest > this.source.length - this.at ? malformed() : claimed
  }

  uleb(): number {
    let value = 0
    for (let shift = 0; shift < 56; shift += 7) {
      const byte = this.byte()
      // Beyond 32 bits the bit operators wrap, so arithmetic.
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return Number.isSafeInteger(value) ? value : malformed()
    }
    return malformed()
  }

  sleb(): number {
    let value = 0
    for (let shift = 0; shift < 56; shift += 7) {
      const byte = this.byte()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) {
        if (byte & 64) value -= 2 ** (shift + 7)
        return Number.isSafeInteger(value) ? value : malformed()
      }
    }
    return malformed()
  }
}

function uleb(value: number): Bytes {
  const encoded: number[] = []
  let left = value
  do {
    const low = left % 128
    left = Math.floor(left / 128)
    encoded.push(left > 0 ? low | 128 : low)
  } while (left > 0)
  return Uint8Array.from(encoded)
}

/** Inflates piece by piece and stops as soon as there is too much: a bomb is never unpacked. */
async function inflate(deflated: Bytes, most: number): Promise<Bytes> {
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const reader = stream.getReader()
  const pieces: Uint8Array[] = []
  let size = 0
  for (;;) {
    const next = await reader.read().catch(malformed)
    if (next.done) return concat(...pieces)
    size += next.value.length
    if (size > most) {
      void reader.cancel().catch(() => undefined)
      throw new Refused('inflates-too-large')
    }
    pieces.push(next.value)
  }
}
