/**
 * The tasks of a page's main thread, from Chromium's own trace: how long the longest one took, how long the busiest one ran on a
 * processor, and how many ran there for longer than 50 ms. Those in which the browser answers who measures (looking for an element
 * by its role takes 40 ms of a slow phone) are not the product's.
 */
import type { Page } from 'playwright'

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  /** Microseconds. */
  ts: number
  dur?: number
  /** Of it on a processor: what a busy machine took away is not in it. */
  tdur?: number
  args?: { chrome_mojo_event_info?: { mojo_interface_tag?: string } }
}

const MEASURING = 'blink.mojom.DevToolsSession'

const MARK = 'bench-trace'
/** Microseconds. */
const LONG_TASK = 50_000

export async function traceTasks<Answer>(
  page: Page,
  act: () => Promise<Answer>,
): Promise<{ longest: number; busy: number; over: number; answer: Answer }> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await session.send('Tracing.start', { categories: 'toplevel,blink.user_timing', transferMode: 'ReportEvents' })
  await page.evaluate((mark) => void performance.mark(mark), MARK)
  const answer = await act()
  await page.evaluate((mark) => void performance.mark(mark), MARK)
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  const marks = events.filter(({ name }) => name === MARK)
  const [from, to] = [marks[0], marks.at(-1)]
  if (!from || !to) throw new Error('the trace has no marks')
  const own = events.filter(
    ({ pid, tid, ts, dur = 0 }) => pid === from.pid && tid === from.tid && ts >= from.ts && ts + dur <= to.ts,
  )
  const measuring = own.filter(({ args }) => args?.chrome_mojo_event_info?.mojo_interface_tag === MEASURING)
  const isMeasuring = ({ ts, dur = 0 }: TraceEvent) => measuring.some((one) => one.ts >= ts && one.ts <= ts + dur)
  const tasks = own.filter((task) => task.name.endsWith('RunTask') && !isMeasuring(task))
  if (tasks.length === 0) throw new Error('the trace has no tasks')
  const longest = tasks.reduce((a, b) => ((a.dur ?? 0) >= (b.dur ?? 0) ? a : b))
  const busiest = Math.max(...tasks.map(({ tdur = 0 }) => tdur))
  const over = tasks.filter(({ tdur = 0 }) => tdur > LONG_TASK).length
  return { longest: (longest.dur ?? 0) / 1000, busy: busiest / 1000, over, answer }
}
