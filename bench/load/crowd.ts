/**
 * Many people on one document, in one process: some write, all read. Each system has its own crowd that speaks its real
 * protocol and is otherwise as light as it can be, so that the server is what is measured. Every delivery is counted.
 */
export interface Job {
  port: number
  clients: number
  writers: number
  /** Of all writers together. */
  changes: number
  /** Per second, of all writers together; null: as fast as the server takes them. */
  pace: number | null
  /** Bytes of text in one change. */
  payload: number
}

export interface Crowd {
  /** Everybody connects and follows the document. */
  enter: () => Promise<void>
  /** A person makes a change; it has this number. */
  write: (writer: number, change: number) => void
  /** Null if everybody holds what was written, or what is wrong. */
  verdict: () => string | null
  leave: () => void
}

export interface Tally {
  sent: (change: number) => void
  /** This reader holds the change; its author's own is not counted. */
  received: (reader: number, change: number) => void
}

export type MakeCrowd = (job: Job, tally: Tally) => Crowd | Promise<Crowd>

export interface Outcome {
  /** Milliseconds from the first change to its last delivery. */
  took: number
  deliveries: number
  /** Milliseconds from making a change to a reader's having it. */
  p50: number
  p99: number
  /** Milliseconds of processor time that the crowd itself took meanwhile. */
  cpu: number
}

const PATIENCE = 60_000

/** The text of a change: letters that do not compress much, the same in every run. */
export function payloadOf(change: number, length: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
  let state = (change + 1) * 2654435761
  let text = ''
  while (text.length < length) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0
    text += letters[state % letters.length]
  }
  return text
}

/** Runs in a process of its own: takes the job from its parent, says when everybody is there, writes when told to. */
export function serveCrowd(make: MakeCrowd): void {
  process.once('message', (job: Job) => void work(make, job).catch(fail))
  process.on('disconnect', () => process.exit())
}

function fail(error: unknown): void {
  process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

async function work(make: MakeCrowd, job: Job): Promise<void> {
  const expected = job.changes * (job.clients - 1)
  const sentAt = new Float64Array(job.changes)
  const took = new Float64Array(expected)
  const has = new Uint8Array(job.changes * job.clients)
  let deliveries = 0
  let finish = (): void => undefined
  const everything = new Promise<void>((resolve) => (finish = resolve))
  const crowd = await make(job, {
    sent: (change) => (sentAt[change] = performance.now()),
    received(reader, change) {
      const place = change * job.clients + reader
      if (has[place] || reader === change % job.writers) return
      has[place] = 1
      took[deliveries++] = performance.now() - sentAt[change]!
      if (deliveries === expected) finish()
    },
  })
  await crowd.enter()
  process.send?.({ ready: true })
  await new Promise((resolve) => process.once('message', resolve))

  const start = performance.now()
  const before = process.cpuUsage()
  const late = setTimeout(
    () => fail(new Error(`${deliveries} of ${expected} deliveries; ${crowd.verdict() ?? 'no complaint'}`)),
    PATIENCE + (job.pace ? (1000 * job.changes) / job.pace : 0),
  )
  await writeAll(crowd, job, start)
  await everything
  clearTimeout(late)
  const end = performance.now()
  const { user, system } = process.cpuUsage(before)
  const wrong = crowd.verdict()
  if (wrong) return fail(new Error(wrong))
  took.sort()
  process.send?.({
    outcome: {
      took: end - start,
      deliveries,
      p50: took[Math.floor(expected / 2)]!,
      p99: took[Math.floor(expected * 0.99)]!,
      cpu: (user + system) / 1000,
    } satisfies Outcome,
  })
  process.once('message', () => {
    crowd.leave()
    process.exit()
  })
}

/** People do not write in step: the moments are spread at random, the same in every run. */
async function writeAll(crowd: Crowd, job: Job, start: number): Promise<void> {
  let seed = 7
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32
  let due = 0
  for (let change = 0; change < job.changes; change++) {
    if (job.pace) {
      due += (-Math.log(1 - random()) * 1000) / job.pace
      while (performance.now() - start < due) await new Promise((resolve) => setTimeout(resolve, 1))
    } else if (change % job.writers === 0) await new Promise((resolve) => setImmediate(resolve))
    crowd.write(change % job.writers, change)
  }
}

/** Remembers what the same bytes meant to the reader before, because a server sends most readers the same. */
export function onceFor<Value>(read: (frame: Buffer) => Value): (frame: Buffer) => Value {
  const kept: { frame: Buffer; value: Value }[] = []
  return (frame) => {
    for (const entry of kept) if (entry.frame.length === frame.length && entry.frame.equals(frame)) return entry.value
    const value = read(frame)
    kept.unshift({ frame: Buffer.from(frame), value })
    if (kept.length > 64) kept.pop()
    return value
  }
}
