/**
 * Does a board of 10,000 cards stutter? Each thing that people do with one, in a real Chromium over the real build, with the longest
 * task of the window's main thread while they do it, against 50 ms: at a desk, and on a phone of 360 pixels whose processor is
 * slowed down four times. A task's time on a processor counts: what a busy machine takes away meanwhile is not the product's.
 */
import { parseArgs } from 'node:util'
import type { BrowserContext, Page } from 'playwright'
import type { MutationCall } from '../src/lib/kernel/define-kind.ts'
import { startBrowserBench } from './harness/browser.ts'
import { median, printResult, printTable, rounded } from './harness/figures.ts'
import { fillLargeBoard, PATIENCE } from './harness/large-board.ts'
import { traceTasks } from './harness/trace.ts'
import { boardCalls, cardsOf } from './load/board-work.ts'

const { smoke } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } }).values
const ROUNDS = smoke ? 1 : 3
const CARDS = smoke ? 600 : 10_000
const STEPS = smoke ? 3 : 30
const LONG_TASK = 50
const SLOWER = 4
const LABELS = ['Market', '市场', 'Legal', 'Design', 'Quality', '采购', 'Launch', 'Later']

interface Place {
  home: string
  name: string
}
interface Gesture {
  name: string
  act: (page: Page) => Promise<unknown>
}

const cards = (page: Page) => page.getByTestId('card')
const open = ({ name }: Place): Gesture => ({
  name: 'open',
  async act(page) {
    await page.getByRole('link', { name }).first().click()
    await cards(page).first().waitFor({ timeout: PATIENCE })
    await settled(page)
  },
})
const onBoard: readonly Gesture[] = [
  { name: 'scroll', act: (page) => scroll(page, '[data-cards]') },
  {
    name: 'filter',
    async act(page) {
      const field = page.locator('[data-board-filter]:visible')
      // On a phone it stands among the other conditions.
      if ((await field.count()) === 0) await page.getByRole('button', { name: 'Filters', exact: true }).click()
      await field.click()
      await page.keyboard.type('batch 42', { delay: 20 })
      await page.getByRole('status').filter({ hasText: ' of ' }).waitFor()
      await settled(page)
    },
  },
  {
    name: 'filter_cleared',
    async act(page) {
      await page.locator('[data-board-filter]:visible').fill('')
      await page.getByRole('status').filter({ hasText: ' of ' }).waitFor({ state: 'detached' })
      await settled(page)
      await page.keyboard.press('Escape')
    },
  },
  {
    name: 'carry_by_keys',
    async act(page) {
      await page
        .locator('[data-cards]')
        .first()
        .evaluate((list) => (list.scrollTop = 0))
      await cards(page).first().locator('[data-card-link]').focus()
      await page.keyboard.press('Space')
      for (let step = 0; step < STEPS; step++) await page.keyboard.press(step % 10 === 9 ? 'PageDown' : 'ArrowDown')
      await page.keyboard.press('Escape')
      await settled(page)
    },
  },
  {
    name: 'search',
    async act(page) {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('Task 420', { delay: 20 })
      await page
        .getByRole('option', { name: /Task 420/ })
        .first()
        .waitFor({ timeout: PATIENCE })
      await page.keyboard.press('Escape')
      await settled(page)
    },
  },
]
const byMouse: readonly Gesture[] = [
  {
    name: 'drag',
    async act(page) {
      const list = page.locator('[data-cards]').first()
      await list.evaluate((element) => (element.scrollTop = 0))
      const from = await cards(page).first().boundingBox()
      const box = await list.boundingBox()
      if (!from || !box) throw new Error('the list is not on the screen')
      await page.mouse.move(from.x + 40, from.y + 14)
      await page.mouse.down()
      await page.mouse.move(from.x + 60, from.y + 40, { steps: 3 })
      await page.locator('[data-lifted=pointer]').waitFor()
      await page.mouse.move(from.x + 60, box.y + box.height - 4, { steps: 5 })
      await page.waitForFunction((element) => element && element.scrollTop > 1500, await list.elementHandle())
      await page.mouse.up()
      await settled(page)
    },
  },
]
/** With what it writes, and the message that says where the card is. */
const byFinger: readonly Gesture[] = [
  {
    name: 'drop',
    async act(page) {
      const list = page.locator('[data-cards]').first()
      await list.evaluate((element) => (element.scrollTop = 0))
      const [from, to] = [await cards(page).nth(0).boundingBox(), await cards(page).nth(2).boundingBox()]
      if (!from || !to) throw new Error('the list is not on the screen')
      const session = await page.context().newCDPSession(page)
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y = 0) =>
        session.send('Input.dispatchTouchEvent', { type, touchPoints: y === 0 ? [] : [{ x: from.x + 60, y }] })
      await touch('touchStart', from.y + 14)
      await page.locator('[data-lifted=pointer]').waitFor()
      for (let step = 1; step <= 5; step++) await touch('touchMove', from.y + 14 + ((to.y - from.y) * step) / 5)
      await touch('touchEnd')
      await page.locator('[data-lifted]').waitFor({ state: 'detached' })
      await page.locator('[data-stays] > div').first().waitFor()
      await settled(page)
      await session.detach()
    },
  },
]
const inLanes: readonly Gesture[] = [
  {
    name: 'group_by_label',
    async act(page) {
      await page.getByLabel('Group by').selectOption('label')
      await page.getByTestId('lane').first().waitFor()
      await settled(page)
    },
  },
  { name: 'scroll_lanes', act: (page) => scroll(page, '[data-lanes]') },
  {
    name: 'group_by_priority',
    async act(page) {
      await page.getByLabel('Group by').selectOption('priority')
      await page.locator('[data-in-lane=urgent]').waitFor()
      await settled(page)
    },
  },
  {
    name: 'ungroup',
    async act(page) {
      await page.getByLabel('Group by').selectOption('none')
      await page.locator('[data-lanes]').waitFor({ state: 'detached' })
      await settled(page)
    },
  },
]
const inThePast: readonly Gesture[] = [
  {
    name: 'menu',
    async act(page) {
      await page.getByTestId('board-menu').click()
      await page.getByRole('menuitem').first().waitFor()
      await settled(page)
    },
  },
  {
    name: 'replay',
    async act(page) {
      await page.getByRole('menuitem', { name: 'Replay', exact: true }).click()
      await page.locator('[data-testid=replay-step][aria-busy=false]').waitFor({ timeout: PATIENCE })
      await settled(page)
    },
  },
  {
    // Behind the step that brought all cards in.
    name: 'replay_to_beginning',
    async act(page) {
      await page.getByRole('slider').press('Home')
      await cards(page).first().waitFor({ state: 'detached', timeout: PATIENCE })
      await settled(page)
    },
  },
  {
    name: 'replay_to_end',
    async act(page) {
      await page.getByRole('slider').press('End')
      await cards(page).first().waitFor({ timeout: PATIENCE })
      await settled(page)
    },
  },
  {
    name: 'replay_left',
    async act(page) {
      await page.getByRole('button', { name: 'Back to now' }).click()
      await page.getByTestId('replay').waitFor({ state: 'detached' })
      await settled(page)
    },
  },
]
const inTable: readonly Gesture[] = [
  {
    name: 'table',
    async act(page) {
      await page.getByRole('button', { name: 'Table', exact: true }).click()
      await page.getByTestId('row').first().waitFor()
      await settled(page)
    },
  },
  {
    name: 'sort_table',
    async act(page) {
      await page.getByRole('columnheader').getByRole('button', { name: 'Title' }).click()
      await page.locator('[aria-sort]').first().waitFor()
      await settled(page)
    },
  },
  { name: 'scroll_table', act: (page) => scroll(page, '[role=grid]') },
]

/** What comes in turns has all come: so many frames have gone by in which nothing on the page changed. */
const QUIET_FRAMES = 8
const settled = (page: Page) =>
  page.evaluate(async (frames) => {
    let quiet = 0
    const watching = new MutationObserver(() => (quiet = 0))
    watching.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
    while (quiet++ < frames) await window.benchNextPaint()
    watching.disconnect()
  }, QUIET_FRAMES)

/** A brisk hand: 120 pixels with each frame, down and half of the way back. */
function scroll(page: Page, what: string): Promise<void> {
  return page
    .locator(what)
    .first()
    .evaluate(async (list, steps) => {
      for (let step = 0; step < 3 * steps; step++) {
        list.scrollTop += step < 2 * steps ? 120 : -120
        await window.benchNextPaint()
      }
    }, STEPS)
}

async function becomePhone(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: 360,
    height: 740,
    deviceScaleFactor: 2,
    mobile: true,
  })
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
}

const bench = await startBrowserBench()
const ratios: Record<string, number> = {}
const medians: Record<string, number> = {}
try {
  const context = await bench.browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 900 } })
  const place = await fill(context)
  console.log(
    `A board of ${CARDS} cards on the screen, medians of ${ROUNDS} rounds. The longest task of the window, in ms:`,
  )
  await measure('desk', context, place, [open(place), ...onBoard, ...byMouse, ...inLanes, ...inThePast, ...inTable])
  console.log()
  await measure('phone', context, place, [open(place), ...onBoard, ...byFinger, ...inLanes, ...inThePast, ...inTable])
  console.log()
  printResult({ bench: 'gestures', ratios, medians, peers: { chromium: bench.browser.version() } })
} finally {
  await bench.close()
}

async function measure(
  device: 'desk' | 'phone',
  context: BrowserContext,
  place: Place,
  gestures: readonly Gesture[],
): Promise<void> {
  const found = new Map(
    gestures.map(({ name }) => [name, { busy: [] as number[], longest: [] as number[], over: [] as number[] }]),
  )
  for (let round = 0; round < ROUNDS; round++) {
    const page = await context.newPage()
    await page.goto(place.home)
    await page.getByRole('link', { name: place.name }).first().waitFor()
    if (device === 'phone') await becomePhone(page)
    for (const { name, act } of gestures) {
      const { busy, longest, over } = await traceTasks(page, () => act(page))
      const known = found.get(name)!
      known.busy.push(busy)
      known.longest.push(longest)
      known.over.push(over)
    }
    await page.close()
  }
  printTable([
    [device, 'on a processor', 'with waiting', 'tasks over 50'],
    ...[...found].map(([name, { busy, longest, over }]) => [
      name,
      String(rounded(median(busy))),
      String(rounded(median(longest))),
      String(median(over)),
    ]),
  ])
  for (const [name, { busy }] of found) medians[`${device}_${name}_ms`] = median(busy)
  ratios[`${device}_longest_task_vs_50ms`] =
    Math.max(...[...found.values()].map(({ busy }) => median(busy))) / LONG_TASK
}

async function fill(context: BrowserContext): Promise<Place> {
  const label = (index: number) => `label${index}`
  const name = 'The large board'
  const calls: MutationCall[] = [
    { mutation: 'renameBoard', args: { title: name } },
    ...boardCalls([]).slice(1),
    ...LABELS.map((name, index) => ({ mutation: 'addLabel', args: { label: label(index), name, color: 'blue' } })),
    ...cardsOf(CARDS).map((card, index) => ({
      mutation: 'addCard',
      args: {
        ...card,
        labels: index % 2 ? [label(index % LABELS.length)] : [],
        priority: [null, 'urgent', 'high', 'low'][index % 4],
        due: index % 3 ? `2027-0${1 + (index % 9)}-1${index % 10}` : null,
      },
    })),
  ]
  const { home } = await fillLargeBoard(context, bench.origin, calls)
  return { home, name }
}
