/** Numbers for /metrics, in the text format of Prometheus. They count; they never name a workspace, device or document. */
const HELP = {
  handshakes: 'devices that proved who they are',
  frames_in: 'messages received',
  frames_out: 'messages sent',
  frames_malformed: 'messages that closed their socket',
  readers_dropped: 'times that a slow reader was dropped to its cursor',
  readers_closed: 'readers closed because they took nothing',
  blob_bytes_in: 'bytes of blobs received',
} as const

export type Counter = keyof typeof HELP
export type Counters = Record<Counter, number>

export const createCounters = (): Counters => Object.fromEntries(Object.keys(HELP).map((name) => [name, 0])) as Counters

/** `gauges` are numbers of this moment, beside what was counted. */
export function countersToText(counters: Counters, gauges: Readonly<Record<string, number>>): string {
  const { rss, heapUsed } = process.memoryUsage()
  const now = { ...gauges, rss_bytes: rss, heap_bytes: heapUsed }
  return [
    ...Object.entries(now).map(([name, value]) => `# TYPE tongzhou_${name} gauge\ntongzhou_${name} ${value}`),
    ...Object.entries(HELP).map(
      ([name, help]) =>
        `# HELP tongzhou_${name}_total ${help}\n# TYPE tongzhou_${name}_total counter\ntongzhou_${name}_total ${counters[name as Counter]}`,
    ),
  ].join('\n')
}
