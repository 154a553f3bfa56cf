/**
 * Opening a board, in a real Chromium over the real build and relay. A workspace of 200 documents, a board of 1,000 cards among
 * them with 10,000 edits made on this device. The time from the click on its name to the painted cards, against reading the
 * same board as one compacted document from IndexedDB and loading it with nothing around it. And the longest task of the
 * main thread while that board opens and all documents catch up with what a colleague did in a week.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type * as Automerge from '@automerge/automerge'
import type { BrowserContext, Page } from 'playwright'
import type { DocId, WorkspaceId } from '../src/lib/kernel/ids.ts'
import { createWorkspace, syncIs } from '../tests/e2e/steps.ts'
import { callCore, prepare, startBrowserBench, workspaceOf } from './harness/browser.ts'
import { invite, type Colleague } from './harness/colleague.ts'
import { median, printResult, printTable, rounded, versionsOf } from './harness/figures.ts'
import { interleaved } from './harness/rounds.ts'
import { temporaryFolder } from './harness/server.ts'
import { runTask } from './harness/task.ts'
import { traceTasks } from './harness/trace.ts'
import { boardCalls, callOf, cardsOf, editsOf, outcome } from './load/board-work.ts'
import type { OneDocumentJob } from './load/one-document.ts'

const { smoke } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } }).values
const ROUNDS = smoke ? 1 : 5
const CARDS = smoke ? 100 : 1_000
const EDITS = smoke ? 60 : 10_000
/** Three documents each: columns, cards, descriptions. */
const SMALL_BOARDS = smoke ? 4 : 66
const SMALL = 12
const WEEK = smoke ? 2 : 10
const LONG_TASK = 50
const NAME = 'The large board'

const automerge = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('@automerge/automerge')), '..', 'iife', 'iife.js'),
  'utf8',
)

declare global {
  interface Window {
    Automerge: typeof Automerge
  }
}

interface Place {
  workspace: WorkspaceId
  large: DocId
  boards: DocId[]
  link: string
}

const bench = await startBrowserBench()
const folder = temporaryFolder()
const context = await bench.profile(folder.path)
try {
  await prepare(context)
  const place = await fill(context)
  const bytes = await runTask<OneDocumentJob, string>(join(import.meta.dirname, 'load', 'one-document.ts'), {
    cards: CARDS,
    edits: EDITS,
  })
  await storeOneDocument(context, bytes)

  console.log(
    `Open: ${CARDS} cards after ${EDITS} edits, ${SMALL_BOARDS * 3} further documents; ${ROUNDS} rounds in turn.\n`,
  )
  const found = await interleaved(ROUNDS, ['click', 'direct'] as const, (what) =>
    what === 'click' ? clickToCards(context, place) : readAndLoad(context),
  )
  const [click, direct] = [median(found.click), median(found.direct)]
  printTable([
    ['', 'ms'],
    ['from the click to the painted cards', String(rounded(click))],
    ['one compacted document, read and loaded', String(rounded(direct))],
  ])

  const colleague = await invite({ origin: bench.origin, link: place.link, person: 'Bo' })
  const tasks: { longest: number; busy: number; took: number }[] = []
  for (let round = 0; round < ROUNDS; round++) tasks.push(await catchUp(context, place, colleague, round))
  colleague.leave()
  const longest = median(tasks.map((round) => round.longest))
  const busiest = median(tasks.map((round) => round.busy))
  const took = median(tasks.map((round) => round.took))
  console.log()
  printTable([
    ['main thread, a board opening while everything catches up', 'ms'],
    ['longest task', String(rounded(longest))],
    ['  of it on a processor', String(rounded(busiest))],
    ['until everything is synced', String(rounded(took))],
  ])
  console.log()
  printResult({
    bench: 'open',
    ratios: { open_vs_direct: click / direct, longest_task_vs_50ms: longest / LONG_TASK },
    medians: {
      click_ms: click,
      direct_ms: direct,
      longest_task_ms: longest,
      longest_task_cpu_ms: busiest,
      caught_up_ms: took,
    },
    peers: { ...versionsOf('@automerge/automerge'), chromium: bench.browser.version() },
  })
} finally {
  await context.close()
  await bench.close()
  folder.remove()
}

/** Makes the workspace on this device, edit by edit, and leaves it alone for a while, as people do. */
async function fill(context: BrowserContext): Promise<Place> {
  const page = await context.newPage()
  await createWorkspace(page, bench.origin, 'Bench', 'Ann')
  await page
    .getByRole('link', { name: /First board/ })
    .first()
    .waitFor()
  const workspace = workspaceOf(page)
  const boards: DocId[] = []
  for (let board = 0; board < SMALL_BOARDS; board++) {
    const calls = boardCalls(cardsOf(SMALL)).with(0, { mutation: 'renameBoard', args: { title: `Board ${board}` } })
    boards.push((await callCore(page, 'createWork', { workspace, kind: 'board', calls })).root)
  }
  const cards = cardsOf(CARDS)
  const calls = boardCalls(cards).with(0, { mutation: 'renameBoard', args: { title: NAME } })
  const { root: large } = await callCore(page, 'createWork', { workspace, kind: 'board', calls })
  const edits = [...editsOf(EDITS, cards)].map(callOf)
  for (let from = 0; from < edits.length; from += 500) {
    const commits = edits
      .slice(from, from + 500)
      .map((call) => ({ workspace, work: large, tab: 'bench', calls: [call] }))
    await page.evaluate(async (commits) => {
      for (const commit of commits) await window.benchCall('commit', commit)
    }, commits)
  }
  await syncIs(page, 'Synced')
  const { link } = await callCore(page, 'createInvite', { workspace, rank: 'member', days: 1 })
  await syncIs(page, 'Synced')
  // What a device does when it is left alone (compaction) is part of the product; half a minute is a short break.
  if (!smoke) await page.waitForTimeout(45_000)
  await page.close()
  return { workspace, large, boards: [...boards, large], link }
}

/** A tab that has just started, with the list of boards before it and nothing of the board in memory. */
async function home(context: BrowserContext, { workspace }: Place): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${bench.origin}/${workspace}`)
  await page.getByRole('link', { name: NAME }).first().waitFor()
  return page
}

/** Runs in the page: clicks the link as a person would; milliseconds until cards stand there and the thread is free. */
async function click(name: string): Promise<{ took: number; first: string }> {
  const link = [...document.querySelectorAll('main a')].find((a) => a.textContent?.includes(name))
  if (!(link instanceof HTMLElement)) throw new Error('no such link')
  const shown = new Promise<void>((resolve) => {
    const look = () => {
      if (!document.querySelector('[data-testid="card"]')) return
      observer.disconnect()
      resolve()
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true })
  })
  const start = performance.now()
  link.click()
  await shown
  const took = (await window.benchNextPaint()) - start
  return { took, first: document.querySelector('[data-testid="card"]')?.textContent?.trim() ?? '' }
}

async function clickToCards(context: BrowserContext, place: Place): Promise<number> {
  const page = await home(context, place)
  await syncIs(page, 'Synced')
  const { took, first } = await page.evaluate(click, NAME)
  if (!first.includes(topCard())) throw new Error(`the first card says “${first}”, not “${topCard()}”`)
  await page.close()
  return took
}

/** The title at the top of the first column after all edits. */
function topCard(): string {
  const cards = cardsOf(CARDS)
  const all = [...outcome(cards, editsOf(EDITS, cards)).values()].filter(({ column }) => column === 'c0')
  const top = all.reduce((a, b) => (String(a['order']) <= String(b['order']) ? a : b))
  return String(top['title'])
}

async function blank(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${bench.origin}/icon.svg`)
  return page
}

async function storeOneDocument(context: BrowserContext, base64: string): Promise<void> {
  const page = await blank(context)
  await page.evaluate(async (base64) => {
    const opening = indexedDB.open('bench-direct', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('documents')
    await new Promise((resolve) => (opening.onsuccess = resolve))
    const tx = opening.result.transaction('documents', 'readwrite')
    const binary = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    tx.objectStore('documents').put({ key: ['large'], binary }, ['large'])
    await new Promise((resolve) => (tx.oncomplete = resolve))
    opening.result.close()
  }, base64)
  await page.close()
}

async function readAndLoad(context: BrowserContext): Promise<number> {
  const page = await blank(context)
  await page.evaluate(automerge)
  const { took, cards } = await page.evaluate(async () => {
    // What a program that runs has long done: wasm is ready, the database open.
    window.Automerge.init()
    const opening = indexedDB.open('bench-direct', 1)
    await new Promise((resolve) => (opening.onsuccess = resolve))
    const start = performance.now()
    const got = opening.result.transaction('documents').objectStore('documents').get(['large'])
    await new Promise((resolve) => (got.onsuccess = resolve))
    const { binary } = got.result as { binary: Uint8Array }
    const doc = window.Automerge.load<{ cards: Record<string, unknown> }>(binary)
    const cards = Object.keys(doc.cards).length
    return { took: performance.now() - start, cards }
  })
  if (cards !== CARDS) throw new Error('the one document does not hold the cards')
  await page.close()
  return took
}

async function catchUp(
  context: BrowserContext,
  place: Place,
  colleague: Colleague,
  round: number,
): Promise<{ longest: number; busy: number; took: number }> {
  const before = await home(context, place)
  await callCore(before, 'setWorkOffline', { offline: true })
  await before.close()
  const name = `Week ${round} edit`
  await colleague.edit({ boards: place.boards, edits: WEEK, name })

  const page = await home(context, place)
  const traced = await traceTasks(page, async () => {
    const start = performance.now()
    const online = callCore(page, 'setWorkOffline', { offline: false })
    await page.evaluate(click, NAME)
    await online
    await syncIs(page, 'Synced')
    return performance.now() - start
  })
  // Wherever on the board they are: only cards near the view are drawn.
  await page.locator('[data-board-filter]').fill(name)
  await page.getByTestId('card').filter({ hasText: name }).first().waitFor()
  await page.close()
  return { longest: traced.longest, busy: traced.busy, took: traced.answer }
}
