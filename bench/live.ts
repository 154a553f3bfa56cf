/**
 * From one screen to another: two people in two profiles of a real Chromium have one board open, over the real build and
 * the real relay. One adds a card; the time runs from the key that she presses to the card painted on his screen: worker,
 * storage, sealing, relay, checking, decrypting, applying, mirror, DOM and frame included.
 */
import { join as joinPath } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright'
import { relayFlags } from '../sync-relay/prepare.mjs'
import { ensureChromium } from '../tests/chromium.mjs'
import { createWorkspace, inviteLink, join, openFirstBoard, syncIs } from '../tests/e2e/steps.ts'
import { median, printResult, printTable, rounded } from './harness/figures.ts'
import { startServer, temporaryFolder } from './harness/server.ts'
import { coresOf, type Core, type Mark } from './harness/stages.ts'

const FRAME = 1000 / 60
const { smoke, stages, trace } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    stages: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
}).values
const ROUNDS = smoke || trace ? 1 : 5
const GESTURES = smoke ? 3 : 20
const DEVTOOLS_PORT = 9333
/** The first ones warm up what a person who works has warm. */
const WARM_UP = smoke ? 0 : 3

declare global {
  interface Window {
    /** When Enter was pressed last, and when each title was painted: milliseconds of the machine's clock. */
    benchPressed: number
    benchPainted: Map<string, number>
  }
}

/** Runs in the page. The machine's clock is the one that both profiles share; the page's own runs finer between its ticks. */
function watch(): void {
  const tick = Date.now()
  while (Date.now() === tick);
  const skew = Date.now() - performance.now()
  window.benchPainted = new Map()
  window.addEventListener(
    'keydown',
    (event) => event.key === 'Enter' && (window.benchPressed = skew + event.timeStamp),
    true,
  )
  const seen = new Set<Element>()
  const observe = () => {
    for (const card of document.querySelectorAll('[data-testid="card"]')) {
      if (seen.has(card)) continue
      seen.add(card)
      requestAnimationFrame(() => {
        // The frame is painted after its callbacks; a message queued in one is handled behind the paint.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => window.benchPainted.set(card.textContent?.trim() ?? '', skew + performance.now())
        port2.postMessage(null)
      })
    }
  }
  new MutationObserver(observe).observe(document.body, { childList: true, subtree: true })
}

async function twoPeople(
  browser: Browser,
  origin: string,
): Promise<{ ann: Page; bo: Page; close: () => Promise<void> }> {
  // High enough for every card of a round: a board draws only those near the view, and the last one is waited for.
  const screen = { locale: 'en-GB', viewport: { width: 1280, height: 2000 } }
  const contexts = [await browser.newContext(screen), await browser.newContext(screen)]
  const [ann, bo] = [await contexts[0]!.newPage(), await contexts[1]!.newPage()]
  await createWorkspace(ann, origin, 'Bench', 'Ann')
  await openFirstBoard(ann)
  await syncIs(ann, 'Synced')
  const board = ann.url()
  const link = await inviteLink(ann)
  await join(bo, link, 'Bo')
  await ann.goto(board)
  for (const page of [ann, bo]) {
    await openFirstBoard(page)
    await syncIs(page, 'Synced')
    await page.evaluate(watch)
  }
  return { ann, bo, close: async () => void (await Promise.all(contexts.map((context) => context.close()))) }
}

interface Gesture {
  pressed: number
  painted: number
  /** What the cores noted meanwhile; empty unless asked for stages. */
  noted: Mark[][]
}

/** One adds cards, the other watches. */
async function addCards(writer: Page, reader: Page, name: string, cores: readonly Core[]): Promise<Gesture[]> {
  const column = writer.getByTestId('column').first()
  await column
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  const field = column.getByRole('textbox', { name: /Add a card to/ })
  const gestures: Gesture[] = []
  for (let card = 0; card < WARM_UP + GESTURES; card++) {
    const title = `${name} ${card}`
    await field.fill(title)
    for (const core of cores) await core.take()
    await field.press('Enter')
    const painted = await reader.waitForFunction(
      (title) => [...window.benchPainted].find(([text]) => text.includes(title))?.[1],
      title,
    )
    const at = (await painted.jsonValue()) ?? Number.NaN
    const pressed = await writer.evaluate(() => window.benchPressed)
    const noted: Mark[][] = []
    for (const core of cores) noted.push(await core.take())
    if (card >= WARM_UP) gestures.push({ pressed, painted: at, noted })
  }
  await field.press('Escape')
  return gestures
}

/** The way of a gesture, in order: what has happened, in whose core, and what is noted there then. */
const STAGES = [
  ['her card is made, and told to her own screen', 'writer', 'to tab: event patches'],
  ['encrypted and signed', 'writer', 'sign'],
  ['the record is on her disk, and on its way', 'writer', 'to relay: put'],
  ['checked, committed and passed on by the relay; his core has it', 'reader', 'disk begins: readwrite applying'],
  ['checked, decrypted, applied, told to his screen', 'reader', 'to tab: event patches'],
] as const
/** Not on the way: nobody waits for it. */
const SAVED = 'disk: readwrite documents'

/** Milliseconds from the key to each stage, in their order, to the paint, and to her document on disk. */
function stagesOf({ pressed, painted, noted }: Gesture): number[] {
  const writer = noted.find((marks) => marks.some(({ what }) => what === 'to relay: put')) ?? []
  const reader = noted.find((marks) => marks !== writer) ?? []
  const after = (marks: readonly Mark[], what: string) =>
    (marks.find((mark) => mark.what === what && mark.at > pressed)?.at ?? Number.NaN) - pressed
  const stages = STAGES.map(([, who, what]) => after(who === 'writer' ? writer : reader, what))
  return [...stages, painted - pressed, after(writer, SAVED)]
}

function printStages(gestures: readonly Gesture[]): void {
  const all = gestures.map(stagesOf)
  const names = [...STAGES.map(([name]) => name), 'painted on his screen', '(meanwhile: her document is on disk)']
  printTable([
    ['stage', 'ms after the key', 'ms after the stage before'],
    ...names.map((name, stage) => [
      name,
      String(rounded(median(all.map((one) => one[stage]!)))),
      stage === names.length - 1 ? '' : String(rounded(median(all.map((one) => one[stage]! - (one[stage - 1] ?? 0))))),
    ]),
  ])
}

/** Everything that was noted of one gesture, in order. */
function printTrace({ pressed, painted, noted }: Gesture): void {
  const lines = noted.flatMap((marks, core) =>
    marks.map(({ at, what }) => ({ at: at - pressed, what: `core ${core}  ${what}` })),
  )
  lines.push({ at: painted - pressed, what: 'painted' })
  for (const { at, what } of lines.sort((a, b) => a.at - b.at)) console.log(`${at.toFixed(1).padStart(8)}  ${what}`)
  console.log()
}

async function sameCards(ann: Page, bo: Page): Promise<void> {
  // What is new to him is marked on his screen alone.
  const titles = (page: Page) => page.getByTestId('card').getByRole('link').allInnerTexts()
  const [hers, his] = [await titles(ann), await titles(bo)]
  if (hers.length < GESTURES || hers.join('\n') !== his.join('\n'))
    throw new Error('the two screens show different cards')
}

process.env['CHROMIUM_PATH'] = await ensureChromium()
const folder = temporaryFolder()
const relay = await startServer(joinPath(import.meta.dirname, '..', 'sync-relay', 'main.ts'), folder.path, relayFlags)
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'],
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    ...(stages ? [`--remote-debugging-port=${DEVTOOLS_PORT}`] : []),
  ],
})
try {
  console.log(
    `Live: two people, two profiles, one board; ${GESTURES} cards a round, ${ROUNDS} rounds, each way in turn.\n`,
  )
  const rounds: { p50: number; p95: number }[] = []
  const all: Gesture[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { ann, bo, close } = await twoPeople(browser, `http://127.0.0.1:${relay.port}`)
    const watched = stages ? await coresOf(DEVTOOLS_PORT) : { cores: [], close: () => undefined }
    const [writer, reader, name] = round % 2 ? ([bo, ann, 'by Bo'] as const) : ([ann, bo, 'by Ann'] as const)
    const gestures = await addCards(writer, reader, name, watched.cores)
    watched.close()
    await sameCards(ann, bo)
    all.push(...gestures)
    const took = gestures.map(({ pressed, painted }) => painted - pressed).sort((a, b) => a - b)
    rounds.push({ p50: median(took), p95: took[Math.floor(took.length * 0.95)]! })
    await close()
  }
  const p50 = median(rounds.map((round) => round.p50))
  const p95 = median(rounds.map((round) => round.p95))
  printTable([
    ['from key to the other screen', 'p50 ms', 'p95 ms'],
    ...rounds.map((round, index) => [`round ${index + 1}`, String(rounded(round.p50)), String(rounded(round.p95))]),
    ['median', String(rounded(p50)), String(rounded(p95))],
  ])
  if (stages) {
    console.log()
    printStages(all)
    for (const one of trace ? all.slice(0, 3) : []) printTrace(one)
  }
  console.log()
  const ratios = { screen_to_screen_vs_frame: p50 / FRAME }
  printResult({ bench: 'live', ratios, medians: { p50_ms: p50, p95_ms: p95 }, peers: { chromium: browser.version() } })
} finally {
  await browser.close()
  await relay.stop()
  folder.remove()
}
