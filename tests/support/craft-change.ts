/** Automerge changes as no honest editor writes them, byte by byte. */
import { deflateRawSync } from 'node:zlib'
import { concat, copyOf, fromHex, sha256, utf8, type Bytes } from '#lib/sync/bytes.ts'

export function uleb(value: number): Bytes {
  const bytes: number[] = []
  let left = value
  do {
    bytes.push((left % 128) | (left >= 128 ? 128 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Uint8Array.from(bytes)
}

/** Of a number that is not negative: one more bit than uleb, for the sign. */
export function sleb(value: number): Bytes {
  const bytes = [...uleb(value)]
  if (bytes.at(-1)! & 64) {
    bytes[bytes.length - 1]! |= 128
    bytes.push(0)
  }
  return Uint8Array.from(bytes)
}

export interface CraftedChange {
  actor: string
  seq: number
  startOp: number
  deps: string[]
  /** So many operations `root.k = null`, written as runs: a few bytes whatever the number. */
  operations: number
  /** In place of the run of empty predecessor lists. */
  predecessors?: Bytes
  message?: string
}

export function craftContent(change: CraftedChange): Bytes {
  const run = sleb(change.operations)
  const columns: [number, Bytes][] =
    change.operations === 0
      ? []
      : [
          [0x15, concat(run, uleb(1), utf8('k'))],
          [0x34, uleb(change.operations)],
          [0x42, concat(run, uleb(1))],
          [0x56, concat(run, uleb(0))],
          [0x70, change.predecessors ?? concat(run, uleb(0))],
        ]
  const message = utf8(change.message ?? '')
  return concat(
    uleb(change.deps.length),
    ...change.deps.map((dep) => fromHex(dep)),
    uleb(change.actor.length / 2),
    fromHex(change.actor),
    uleb(change.seq),
    uleb(change.startOp),
    uleb(0),
    uleb(message.length),
    message,
    uleb(0),
    uleb(columns.length),
    ...columns.flatMap(([spec, column]) => [uleb(spec), uleb(column.length)]),
    ...columns.map(([, column]) => column),
  )
}

/** A chunk around content, its checksum right, plain or deflated. */
export function chunkOf(content: Uint8Array, options: { deflated?: boolean; type?: number } = {}): Bytes {
  const type = options.type ?? (options.deflated ? 2 : 1)
  // A deflated change is named by what it inflates to.
  const hash = sha256(Uint8Array.of(type === 2 ? 1 : type), uleb(content.length), content)
  const carried = options.deflated ? copyOf(deflateRawSync(content)) : content
  const magic = Uint8Array.of(0x85, 0x6f, 0x4a, 0x83)
  return concat(magic, hash.subarray(0, 4), Uint8Array.of(type), uleb(carried.length), carried)
}

export const craftChange = (change: CraftedChange): Bytes => chunkOf(craftContent(change))

/**
 * A saved document with one column of operations more, of a kind that Automerge does not know, and loads all the same: with
 * equal heads. It claims so many values, written as a run.
 */
export function swollenDocument(saved: Uint8Array, values: number): Bytes {
  let at = 9
  const number = (): number => {
    const byte = saved[at++]!
    return byte < 128 ? byte : (byte & 127) + 128 * number()
  }
  const pass = (size: number) => void (at += size)
  number()
  const start = at
  for (let actors = number(); actors > 0; actors--) pass(number())
  pass(32 * number())
  const sizeOfColumns = (count: number) => {
    let size = 0
    for (let column = 0; column < count; column++) {
      number()
      size += number()
    }
    return size
  }
  const ofChanges = sizeOfColumns(number())
  const counted = at
  const columns = number()
  const listed = at
  const ofOperations = sizeOfColumns(columns)
  const end = at + ofChanges + ofOperations
  const run = concat(sleb(values), uleb(1))
  const content = concat(
    saved.subarray(start, counted),
    uleb(columns + 1),
    saved.subarray(listed, at),
    uleb(0xb2),
    uleb(run.length),
    saved.subarray(at, end),
    run,
    saved.subarray(end),
  )
  return chunkOf(content, { type: 0 })
}
