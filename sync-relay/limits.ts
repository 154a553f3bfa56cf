/** What one device, address or workspace may ask of the relay. */
export interface RelayLimits {
  /** Records per second of one connection, and how many may come at once. */
  recordsPerSecond: number
  burst: number
  socketsPerAddress: number
  socketsPerWorkspace: number
  bytesPerWorkspace: number
  /** The largest blob. */
  blob: number
  docsPerWorkspace: number
  /** A connection that has not said hello by then is closed. */
  handshake: number
  /**
   * Bytes that a reader has not taken: with `ahead` it waits for answers and pages, with `buffered` it is dropped to its cursor,
   * with twice that it is closed; as it is when it has not taken all of them after `stuck`.
   */
  ahead: number
  buffered: number
  stuck: number
  /** How long a workspace that everybody has left stays in the memory. */
  idle: number
  /** How long records wait whose author's rights somebody is about to take, at most. */
  hold: number
}

export const usualRelayLimits: RelayLimits = {
  recordsPerSecond: 200,
  burst: 5_000,
  socketsPerAddress: 1_000,
  socketsPerWorkspace: 2_000,
  bytesPerWorkspace: 4 * 1024 ** 3,
  blob: 64 * 1024 ** 2,
  docsPerWorkspace: 100_000,
  handshake: 10_000,
  ahead: 256 * 1024,
  buffered: 4 * 1024 * 1024,
  stuck: 60_000,
  idle: 60_000,
  hold: 30_000,
}

/** A bucket that fills with time; `take` says whether so much was in it. */
export function createBucket(perSecond: number, burst: number, now: () => number): (amount: number) => boolean {
  let level = burst
  let at = now()
  return (amount) => {
    const moment = now()
    level = Math.min(burst, level + ((moment - at) / 1000) * perSecond)
    at = moment
    if (level < amount) return false
    level -= amount
    return true
  }
}
