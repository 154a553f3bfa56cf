/**
 * Bytes of a text file to text. Excel in China writes GB18030 without saying so, Excel elsewhere UTF-16 or Windows-1252,
 * everything else UTF-8: a byte order mark decides where there is one, otherwise the bytes are looked at and the guess
 * is stated, so that the person can choose another encoding.
 */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'big5' | 'windows-1252'

export const ENCODINGS: readonly Encoding[] = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be', 'windows-1252']
/** As people write them. */
export const encodingNames: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  gb18030: 'GB18030',
  big5: 'Big5',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  'windows-1252': 'Windows-1252',
}

export const MAX_MEGABYTES = 50
const MAX_BYTES = MAX_MEGABYTES * 1024 * 1024

/** What a person must know about the file. `fatal`: there is no text to go on with. */
export interface TextProblem {
  code: 'csv-too-large' | 'csv-is-spreadsheet' | 'csv-not-text' | 'csv-damaged'
  params: Record<string, string | number>
  fatal: boolean
}

export interface DecodedText {
  text: string
  encoding: Encoding
  /** No byte order mark and no choice of the person's stands behind `encoding`. */
  guessed: boolean
  problem?: TextProblem
}

/** How long work stays cancellable and lets others in: `pause` gives the thread back, for a frame or a timer of 0 ms. */
export interface Pacing {
  pause: () => Promise<void>
  signal?: AbortSignal | undefined
  /** Of what `done` and `all` count, only their ratio matters. */
  onProgress?: ((done: number, all: number) => void) | undefined
}

/** Decodes at once. 50 MB take longer than a frame: the interface uses `decodeTextPaced`. */
export function decodeText(bytes: Uint8Array, override?: Encoding): DecodedText {
  const steps = decoding(bytes, override)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same in short pieces. Rejects with the signal's reason when it is cancelled. */
export async function decodeTextPaced(
  bytes: Uint8Array,
  override: Encoding | undefined,
  pacing: Pacing,
): Promise<DecodedText> {
  const steps = decoding(bytes, override)
  for (;;) {
    pacing.signal?.throwIfAborted()
    const step = steps.next()
    if (step.done) return step.value
    pacing.onProgress?.(step.value, bytes.length)
    await pacing.pause()
  }
}

const PIECE = 512 * 1024
/** As much as decides a guess. */
const SAMPLE = 64 * 1024

/** Yields how many bytes are done, after every piece. */
function* decoding(bytes: Uint8Array, override: Encoding | undefined): Generator<number, DecodedText> {
  const failed = problemOf(bytes)
  if (failed) return { text: '', encoding: override ?? 'utf-8', guessed: override === undefined, problem: failed }

  const marked = byteOrderMark(bytes)
  const known = override ?? marked
  if (known === null) {
    const wide = utf16WithoutMark(bytes)
    if (wide === null) {
      const strict = yield* decodeStrictly(bytes, 'utf-8')
      if (strict !== null) return decoded(strict, 'utf-8', true)
    }
    const encoding = wide ?? legacyEncoding(bytes)
    return decoded(yield* decodeLeniently(bytes, encoding), encoding, true)
  }
  return decoded(yield* decodeLeniently(bytes, known), known, false)
}

function decoded({ text, damaged }: Decoding, encoding: Encoding, guessed: boolean): DecodedText {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (looksBinary(plain)) {
    return { text: '', encoding, guessed, problem: { code: 'csv-not-text', params: {}, fatal: true } }
  }
  if (damaged === 0) return { text: plain, encoding, guessed }
  return { text: plain, encoding, guessed, problem: { code: 'csv-damaged', params: { count: damaged }, fatal: false } }
}

function problemOf(bytes: Uint8Array): TextProblem | null {
  if (bytes.length > MAX_BYTES) return { code: 'csv-too-large', params: { megabytes: MAX_MEGABYTES }, fatal: true }
  // An .xlsx is a zip, an .xls an OLE file; people rename them to .csv.
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    return { code: 'csv-is-spreadsheet', params: {}, fatal: true }
  }
  return null
}

function byteOrderMark(bytes: Uint8Array): Encoding | null {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return 'utf-8'
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le'
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be'
  if (startsWith(bytes, [0x84, 0x31, 0x95, 0x33])) return 'gb18030'
  return null
}

const startsWith = (bytes: Uint8Array, mark: readonly number[]) => mark.every((byte, i) => bytes[i] === byte)

/**
 * In UTF-16 the commas and line ends of a table have a zero byte, always on the same side. Beside the zero bytes of a binary file
 * stands anything. In what else is clean UTF-8 a zero byte may have got by mistake: where it is UTF-16, half of it are such bytes.
 */
function utf16WithoutMark(bytes: Uint8Array): Encoding | null {
  let even = 0
  let odd = 0
  let plain = 0
  const end = Math.min(bytes.length, SAMPLE)
  for (let i = 0; i < end; i++) {
    if (bytes[i] !== 0) continue
    if (i % 2 === 0) even++
    else odd++
    const beside = bytes[i ^ 1] ?? 0
    if ((beside >= 0x20 && beside < 0x7f) || beside === 0x09 || beside === 0x0a || beside === 0x0d) plain++
  }
  if (plain * 2 < even + odd) return null
  if ((even + odd) * 4 < end && isUtf8(bytes.subarray(0, end))) return null
  if (odd > 0 && even === 0) return 'utf-16le'
  if (even > 0 && odd === 0) return 'utf-16be'
  return null
}

/** Of a piece of a file: it may end in the middle of a character. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}

/** What bytes that are not clean UTF-8 most likely are. */
function legacyEncoding(bytes: Uint8Array): Encoding {
  const sample = bytes.subarray(0, SAMPLE)
  if (isDamagedUtf8(sample)) return 'utf-8'
  // Common Chinese text keeps to the part of GB18030 that is GB2312: both bytes high. In Western text a high byte
  // mostly stands alone between ASCII letters.
  let pairs = 0
  let others = 0
  for (let i = 0; i < sample.length; i++) {
    const lead = sample[i] ?? 0
    if (lead < 0x80) continue
    const trail = sample[i + 1] ?? 0
    if (lead >= 0xa1 && lead <= 0xf7 && trail >= 0xa1 && trail <= 0xfe) pairs++
    else others++
    if (trail >= 0x40) i++
  }
  return pairs > others ? 'gb18030' : 'windows-1252'
}

/** A file cut off or patched in a few places is still UTF-8: nearly all of its other characters decode. */
function isDamagedUtf8(sample: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(sample)
  let foreign = 0
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) foreign++
  return countReplacements(text) * 5 < foreign
}

interface Decoding {
  text: string
  /** Characters that stand for bytes which are none in this encoding. */
  damaged: number
}

function* decodeStrictly(bytes: Uint8Array, encoding: Encoding): Generator<number, Decoding | null> {
  try {
    return yield* decodePieces(bytes, new TextDecoder(encoding, { fatal: true }))
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

const decodeLeniently = (bytes: Uint8Array, encoding: Encoding) => decodePieces(bytes, new TextDecoder(encoding))

function* decodePieces(bytes: Uint8Array, decoder: TextDecoder): Generator<number, Decoding> {
  const pieces: string[] = []
  let damaged = 0
  for (let at = 0; at < bytes.length; at += PIECE) {
    const last = at + PIECE >= bytes.length
    const piece = decoder.decode(bytes.subarray(at, at + PIECE), { stream: !last })
    damaged += countReplacements(piece)
    pieces.push(piece)
    // After the last piece too: joining 50 MB is a piece of work of its own.
    yield Math.min(at + PIECE, bytes.length)
  }
  return { text: pieces.join(''), damaged }
}

function countReplacements(text: string): number {
  let count = 0
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) count++
  return count
}

/** Control characters that no text file has, in number. */
function looksBinary(text: string): boolean {
  const end = Math.min(text.length, SAMPLE)
  let controls = 0
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d && code !== 0x0c) controls++
  }
  return controls > 1 && controls * 50 > end
}
