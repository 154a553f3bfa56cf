/**
 * The tasks of a page's main thread, from Chromium's own trace: how long the longest one took, how long the busiest one ran on a
 * processor, and how many ran there for longer than 50 ms.
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
}

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
  const tasks = events.filter(
    ({ name, pid, tid, ts, dur = 0 }) =>
      name.endsWith('RunTask') && pid === from.pid && tid === from.tid && ts >= from.ts && ts + dur <= to.ts,
  )
  if (tasks.length === 0) throw new Error('the trace has no tasks')
  const longest = tasks.reduce((a, b) => ((a.dur ?? 0) >= (b.dur ?? 0) ? a : b))
  const busiest = Math.max(...tasks.map(({ tdur = 0 }) => tdur))
  const over = tasks.filter(({ tdur = 0 }) => tdur > LONG_TASK).length
  return { longest: (longest.dur ?? 0) / 1000, busy: busiest / 1000, over, answer }
}
