/**
 * What a relay costs: many people on one document, some writing, everybody receiving; the processor time of the server's
 * process, how long a change takes to others, how many changes go through, and the memory. Beside it the servers of
 * automerge-repo, Hocuspocus and y-websocket, and bare sockets, under the same load on the same machine in the same minutes.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { relayFlags } from '../sync-relay/prepare.mjs'
import { median, printResult, printTable, rounded, versionsOf } from './harness/figures.ts'
import { gather } from './harness/load.ts'
import { interleaved } from './harness/rounds.ts'
import { startServer, temporaryFolder } from './harness/server.ts'
import { runTask } from './harness/task.ts'
import type { Job } from './load/crowd.ts'
import type { Filled, FreshJob, Loaded, RepoJob } from './load/fresh-shapes.ts'

const file = (...path: string[]) => join(import.meta.dirname, ...path)
const systems = {
  tongzhou: {
    server: file('..', 'sync-relay', 'main.ts'),
    crowd: file('load', 'tongzhou.ts'),
    does: 'verifies every record, orders it, commits it to SQLite (synchronous = full), then passes it on with a signed head',
  },
  'automerge-repo': {
    server: file('peers', 'automerge-repo.ts'),
    crowd: file('load', 'automerge-repo.ts'),
    does: 'holds the document, syncs with each client, writes files behind it (100 ms)',
  },
  hocuspocus: {
    server: file('peers', 'hocuspocus.ts'),
    crowd: file('load', 'hocuspocus.ts'),
    does: 'holds the document, passes on at once, stores the whole in SQLite behind it (2 s)',
  },
  'y-websocket': {
    server: file('peers', 'y-websocket.ts'),
    crowd: file('load', 'y-websocket.ts'),
    does: 'holds the document in memory, passes on at once, stores nothing',
  },
  ws: {
    server: file('peers', 'ws.ts'),
    crowd: file('load', 'ws.ts'),
    does: 'passes the 200 bytes on; checks, orders and stores nothing: the floor',
  },
} as const
type System = keyof typeof systems

interface Figures {
  /** Microseconds of the server's processor time per change and reader. */
  cpu: number
  /** Milliseconds from making a change to its being at a reader, committed where the system commits. */
  p50: number
  p99: number
  /** Changes per second. */
  speed: number
  /** Megabytes of the server's process after the load. */
  rss: number
}

const { smoke, part } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, part: { type: 'string' } },
}).values
/** `--part=50`, `200`, `500`, `burst` or `fresh`: that part alone. */
const isWanted = (name: string): boolean => part === undefined || part === name
const ROUNDS = smoke ? 1 : 5
const PAYLOAD = 200

async function measure(name: System, job: Omit<Job, 'port' | 'payload'>): Promise<Figures> {
  const folder = temporaryFolder()
  const server = await startServer(systems[name].server, folder.path, name === 'tongzhou' ? relayFlags : [])
  try {
    const load = await gather(systems[name].crowd, { ...job, port: server.port, payload: PAYLOAD })
    const before = await server.settled()
    const { took, deliveries, p50, p99 } = await load.run()
    const after = await server.settled()
    await load.end()
    return {
      cpu: ((after.cpu - before.cpu) * 1000) / deliveries,
      p50,
      p99,
      speed: job.changes / (took / 1000),
      rss: after.rss / 2 ** 20,
    }
  } finally {
    await server.stop()
    folder.remove()
  }
}

/** Runs the contenders in turn and shows their medians. */
async function compare(title: string, job: Omit<Job, 'port' | 'payload'>, contenders: readonly System[]) {
  const figures = await interleaved(ROUNDS, contenders, (name) => measure(name, job))
  const medians = Object.fromEntries(
    contenders.map((name) => [
      name,
      Object.fromEntries(
        (['cpu', 'p50', 'p99', 'speed', 'rss'] as const).map((key) => [key, median(figures[name].map((f) => f[key]))]),
      ),
    ]),
  ) as unknown as Record<System, Figures>
  console.log(`\n${title}`)
  printTable([
    ['', 'CPU µs per change and reader', 'p50 ms', 'p99 ms', 'changes/s', 'memory MB'],
    ...contenders.map((name) => {
      const { cpu, p50, p99, speed, rss } = medians[name]
      return [name, ...[cpu, p50, p99, speed, rss].map((value) => String(rounded(value)))]
    }),
  ])
  return medians
}

console.log(
  `Relay: one document, changes of ${PAYLOAD} bytes of text, medians of ${ROUNDS} interleaved rounds. Each server:`,
)
for (const [name, { does }] of Object.entries(systems)) console.log(`  ${name}: ${does}`)

const all = Object.keys(systems) as System[]
const steady = (clients: number): Omit<Job, 'port' | 'payload'> =>
  smoke ? { clients, writers: 4, changes: 20, pace: 100 } : { clients, writers: 5, changes: 40, pace: 10 }
/** Everybody at 200; with fewer and more those who are compared there. */
const contendersOf = (clients: number): System[] =>
  all.filter(
    (name) => (name !== 'hocuspocus' || clients !== 50) && (name !== 'y-websocket' || clients < 50 || clients === 200),
  )
const said = (clients: number) =>
  `${clients} people, some of them writing ${smoke ? 100 : 10} changes a second together`

const ratios: Record<string, number> = {}
const medians: Record<string, number> = {}
for (const clients of smoke ? [10] : [50, 200, 500].filter((count) => isWanted(String(count)))) {
  const contenders = contendersOf(clients)
  const found = await compare(said(clients), steady(clients), contenders)
  for (const name of contenders) {
    medians[`cpu_us_${name}_${clients}`] = found[name].cpu
    medians[`p50_ms_${name}_${clients}`] = found[name].p50
    medians[`rss_mb_${name}_${clients}`] = found[name].rss
  }
  const { tongzhou } = found
  ratios[`cpu_vs_automerge_repo_${clients}`] = tongzhou.cpu / found['automerge-repo'].cpu
  ratios[`cpu_vs_ws_${clients}`] = tongzhou.cpu / found.ws.cpu
  if (clients === 200 || smoke) {
    ratios['cpu_vs_automerge_repo'] = tongzhou.cpu / found['automerge-repo'].cpu
    ratios['cpu_vs_ws'] = tongzhou.cpu / found.ws.cpu
  }
  // With 50 people automerge-repo keeps up; with more its delay is that of a queue.
  if (clients === 50 || smoke) ratios['p50_vs_automerge_repo'] = tongzhou.p50 / found['automerge-repo'].p50
  if (clients === 500 || smoke) ratios['rss_vs_hocuspocus'] = tongzhou.rss / found.hocuspocus.rss
}

if (isWanted('burst')) {
  const crowd = smoke ? 10 : 200
  const burst = await compare(
    `${crowd} people, some of them making changes as fast as they can: ours send what they make meanwhile with the receipt`,
    { clients: crowd, writers: smoke ? 4 : 10, changes: smoke ? 40 : 4_000, pace: null },
    ['tongzhou', 'hocuspocus', 'ws'],
  )
  ratios['burst_vs_hocuspocus'] = burst.tongzhou.speed / burst.hocuspocus.speed
  medians['burst_per_s_tongzhou'] = burst.tongzhou.speed
  medians['burst_per_s_hocuspocus'] = burst.hocuspocus.speed
}

if (isWanted('fresh')) {
  const fresh = await compareFresh(smoke ? 60 : 10_000)
  ratios['fresh_vs_automerge_repo_restarted'] = fresh.shown / fresh.repo
  medians['fresh_shown_ms_tongzhou'] = fresh.shown
  medians['fresh_checked_ms_tongzhou'] = fresh.checked
  medians['fresh_ms_automerge-repo'] = fresh.repo
}

/** A document with a long history; the server is started anew, and a device that has never seen the document loads it. */
async function compareFresh(changes: number): Promise<{ shown: number; checked: number; repo: number }> {
  const [ours, theirs] = [temporaryFolder(), temporaryFolder()]
  const device = file('load', 'fresh-device.ts')
  const client = file('load', 'fresh-repo.ts')
  try {
    const first = await startServer(systems.tongzhou.server, ours.path, relayFlags)
    const { port } = first
    const filled = await runTask<FreshJob, Filled>(device, { port, do: 'fill', changes, invites: ROUNDS })
    await first.settled()
    await first.stop()
    const peer = await startServer(systems['automerge-repo'].server, theirs.path)
    const url = await runTask<RepoJob, string>(client, { port: peer.port, do: 'fill', changes })
    await peer.settled()
    await peer.stop()

    const links = [...filled.links]
    const figures = await interleaved(ROUNDS, ['tongzhou', 'automerge-repo'] as const, async (name) => {
      if (name === 'tongzhou') {
        // An invitation names the relay's address, so the port stays.
        const server = await startServer(systems.tongzhou.server, ours.path, relayFlags, port)
        const job = { port, do: 'join', link: links.pop()!, place: filled.place, changes } as const
        const loaded = await runTask<FreshJob, Loaded>(device, job)
        await server.stop()
        return loaded
      }
      const server = await startServer(systems['automerge-repo'].server, theirs.path)
      const took = await runTask<RepoJob, number>(client, { port: server.port, do: 'join', url, changes })
      await server.stop()
      return { shown: took, checked: took }
    })
    const shown = median(figures.tongzhou.map((round) => round.shown))
    const checked = median(figures.tongzhou.map((round) => round.checked))
    const repo = median(figures['automerge-repo'].map((round) => round.shown))
    console.log(`\nA new device loads a document of ${changes} changes from a server that was restarted`)
    printTable([
      ['', 'last edit shown ms', 'all checked ms'],
      [
        'tongzhou (joins, takes the log, a snapshot, then every record)',
        ...[shown, checked].map((ms) => String(rounded(ms))),
      ],
      ['automerge-repo', String(rounded(repo)), '(nothing is)'],
    ])
    return { shown, checked, repo }
  } finally {
    ours.remove()
    theirs.remove()
  }
}

const peers = versionsOf('@automerge/automerge-repo', '@hocuspocus/server', 'y-websocket', 'yjs', 'ws')
console.log()
printResult({ bench: 'relay', ratios, medians, peers })
