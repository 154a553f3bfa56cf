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
  const hash = sha256(Uint8Array.of(1), uleb(content.length), content)
  const carried = options.deflated ? copyOf(deflateRawSync(content)) : content
  const type = options.type ?? (options.deflated ? 2 : 1)
  const magic = Uint8Array.of(0x85, 0x6f, 0x4a, 0x83)
  return concat(magic, hash.subarray(0, 4), Uint8Array.of(type), uleb(carried.length), carried)
}

export const craftChange = (change: CraftedChange): Bytes => chunkOf(craftContent(change))
