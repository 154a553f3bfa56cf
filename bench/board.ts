/**
 * A board of 10,000 cards: what an edit costs the core against the same edit of one document that holds all cards; how long
 * the person waits from the key to the painted card, in a real Chromium; and how large a board with all of its history is,
 * against Yjs.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright'
import { relayFlags } from '../sync-relay/prepare.mjs'
import { panelOf } from '../tests/e2e/steps.ts'
import { FRAME, startBrowserBench } from './harness/browser.ts'
import { median, printResult, printTable, rounded, versionsOf } from './harness/figures.ts'
import { fillLargeBoard, PATIENCE } from './harness/large-board.ts'
import { interleaved } from './harness/rounds.ts'
import { startServer, temporaryFolder } from './harness/server.ts'
import { runTask } from './harness/task.ts'
import { boardCalls, cardsOf, type BoardFigures, type BoardJob } from './load/board-work.ts'

const { smoke } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } }).values
const ROUNDS = smoke ? 1 : 5
const CARDS = smoke ? 600 : 10_000
/** One document of 10,000 cards takes tens of milliseconds for an edit: the mean of so many is steady. */
const EDITS = smoke ? 20 : 200
const HISTORY = smoke ? 20 : 10_000
const GESTURES = smoke ? 3 : 30
const WARM_UP = smoke ? 0 : 3

const file = (...path: string[]) => join(import.meta.dirname, ...path)

async function measure(job: Omit<BoardJob, 'port'>): Promise<BoardFigures> {
  const run = (port: number) => runTask<BoardJob, BoardFigures>(file('load', 'board.ts'), { ...job, port })
  if (job.system !== 'tongzhou') return run(0)
  const folder = temporaryFolder()
  const relay = await startServer(file('..', 'sync-relay', 'main.ts'), folder.path, relayFlags)
  try {
    return await run(relay.port)
  } finally {
    await relay.stop()
    folder.remove()
  }
}

const ratios: Record<string, number> = {}
const medians: Record<string, number> = {}

console.log(`Board: ${CARDS} cards, medians of ${ROUNDS} interleaved rounds. An edit of one field of any card:`)
const found = await interleaved(ROUNDS, ['tongzhou', 'one-document'] as const, (system) =>
  measure({ system, cards: CARDS, edits: EDITS }),
)
const ours = median(found.tongzhou.map(({ edit }) => edit))
const theirs = median(found['one-document'].map(({ edit }) => edit))
printTable([
  ['', 'ms'],
  ['Tongzhou: the whole core with storage, sealing and relay', String(rounded(ours))],
  ['one Automerge document, bare', String(rounded(theirs))],
])
ratios['edit_vs_one_document'] = ours / theirs
Object.assign(medians, { edit_ms_tongzhou: ours, 'edit_ms_one-document': theirs })

console.log(`\nStored, after ${HISTORY} more edits, with every state that it had:`)
const stored = await measure({ system: 'tongzhou', cards: CARDS, edits: HISTORY })
const yjs = await measure({ system: 'yjs', cards: CARDS, edits: HISTORY })
printTable([
  ['', 'kB'],
  ['Tongzhou: root, shards and descriptions; who, when and why of each change', String(rounded(stored.size / 1000))],
  ['Yjs without garbage collection, as its providers store it', String(rounded(yjs.size / 1000))],
  ['the same in its second encoding', String(rounded(yjs.smallest / 1000))],
])
ratios['size_vs_yjs'] = stored.size / yjs.size
ratios['size_vs_yjs_v2'] = stored.size / yjs.smallest
Object.assign(medians, { size_kb_tongzhou: stored.size / 1000, size_kb_yjs: yjs.size / 1000 })

console.log(`\nFrom Enter in the title of a card to the painted card, the board of ${CARDS} cards open:`)
const bench = await startBrowserBench()
try {
  const rounds: { p50: number; p95: number }[] = []
  const context = await bench.browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } })
  const { board } = await fillLargeBoard(context, bench.origin, boardCalls(cardsOf(CARDS)))
  for (let round = 0; round < ROUNDS; round++) {
    const page = await context.newPage()
    await page.goto(board)
    const took = await retitleCards(page, round)
    took.sort((a, b) => a - b)
    rounds.push({ p50: median(took), p95: took[Math.floor(took.length * 0.95)]! })
    await page.close()
  }
  const [p50, p95] = [median(rounds.map((round) => round.p50)), median(rounds.map((round) => round.p95))]
  printTable([
    ['', 'p50 ms', 'p95 ms'],
    ...rounds.map((round, index) => [`round ${index + 1}`, String(rounded(round.p50)), String(rounded(round.p95))]),
    ['median', String(rounded(p50)), String(rounded(p95))],
  ])
  ratios['edit_to_dom_vs_frame'] = p95 / FRAME
  Object.assign(medians, { edit_to_dom_p50_ms: p50, edit_to_dom_p95_ms: p95 })
  console.log()
  const peers = { ...versionsOf('yjs', '@automerge/automerge', '@automerge/automerge-repo') }
  printResult({ bench: 'board', ratios, medians, peers: { ...peers, chromium: bench.browser.version() } })
} finally {
  await bench.close()
}

/** Runs in the page: milliseconds from the next Enter to a painted card that says the title. */
function timeTitle(title: string): Promise<number> {
  return new Promise((resolve) => {
    let pressed = 0
    const enter = (event: KeyboardEvent) => event.key === 'Enter' && (pressed ||= event.timeStamp)
    addEventListener('keydown', enter, true)
    const observer = new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        const card = (target instanceof Element ? target : target.parentElement)?.closest('[data-testid="card"]')
        const shown = [card, ...addedNodes].some((node) => node?.textContent?.includes(title) && isOnBoard(node))
        if (!shown || !pressed) continue
        observer.disconnect()
        removeEventListener('keydown', enter, true)
        void window.benchNextPaint().then((at) => resolve(at - pressed))
        return
      }
    })
    const isOnBoard = (node: Node) => {
      const element = node instanceof Element ? node : node.parentElement
      return Boolean(element?.closest('[data-testid="card"]') ?? element?.querySelector('[data-testid="card"]'))
    }
    observer.observe(document.body, { childList: true, characterData: true, subtree: true })
  })
}

/** Opens one card after the other and gives it a title. */
async function retitleCards(page: Page, round: number): Promise<number[]> {
  const took: number[] = []
  const field = panelOf(page).getByRole('textbox', { name: 'Title' })
  await page.getByTestId('card').first().click({ timeout: PATIENCE })
  await field.waitFor()
  for (let gesture = 0; gesture < WARM_UP + GESTURES; gesture++) {
    const title = `Gesture ${round}/${gesture}.`
    await field.fill(title)
    const timed = page.evaluate(timeTitle, title)
    // Whoever waits is in place before the key goes down.
    await page.evaluate(() => true)
    await field.press('Enter')
    const ms = await timed
    if (gesture >= WARM_UP) took.push(ms)
    await page.getByTestId('card').filter({ hasText: title }).first().waitFor()
  }
  return took
}
