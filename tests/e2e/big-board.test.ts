import { readFile } from 'node:fs/promises'
import { expect, test, type BrowserContext, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { boxOf, createWorkspace, openFirstBoard, panelOf, pressOn } from './steps.ts'

// One board of 10,000 cards for all of these: it is brought in once, as a person would bring it in.
test.describe.configure({ mode: 'serial' })

const CARDS = 10_000
const COLUMNS = ['Backlog', 'Next', 'Work', 'Review', 'Ready']
let relay: RelayProcess
let context: BrowserContext
let page: Page
test.beforeAll(async ({ browser }) => {
  relay = await startRelayProcess()
  context = await browser.newContext()
  page = await context.newPage()
})
test.afterAll(async () => {
  await context.close()
  await relay.dispose()
})

const titleOf = (number: number) => `Task ${number} of batch ${number % 97}`
const column = (on: Page, name: string) =>
  on.getByTestId('column').filter({ has: on.getByRole('heading', { name: new RegExp(`^${name}`) }) })
const listIn = (on: Page, name: string) => column(on, name).locator('[data-cards]')
const tiles = (on: Page) => on.getByTestId('card')
const tile = (on: Page, number: number) =>
  tiles(on).filter({ has: on.getByRole('link', { name: titleOf(number), exact: true }) })
const announced = (words: string | RegExp) =>
  expect(page.locator('[aria-live=polite]').filter({ hasText: words }).first()).toBeAttached({ timeout: 120_000 })
const placeOf = (card: ReturnType<typeof tile>) => card.locator('xpath=..')
/** Whether the browser asks before the page is left. */
const isAsked = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))

test('10,000 cards come in and open: few tiles are drawn, and a list says how many there are', async () => {
  await createWorkspace(page, relay.origin, 'Big', 'Ann')
  await openFirstBoard(page)
  const rows = Array.from(
    { length: CARDS },
    (_, i) => `${titleOf(i)},${COLUMNS[i % 5]},${i % 50 === 0 ? 'Market' : ''},${['', 'high', 'low'][i % 3]}`,
  )
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  const wizard = page.getByRole('dialog', { name: 'Import CSV' })
  const buffer = Buffer.from(['Name,State,Labels,Priority', ...rows].join('\n'))
  await wizard.locator('input[type=file]').setInputFiles({ name: 'big.csv', mimeType: 'text/csv', buffer })
  await wizard.getByRole('button', { name: 'Import 10,000 cards' }).click({ timeout: 60_000 })
  await expect(tile(page, 0)).toBeVisible({ timeout: 180_000 })
  await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 120_000 })
  await page.getByRole('link', { name: 'Home' }).click()
  await openFirstBoard(page)
  await expect(tile(page, 0)).toBeVisible({ timeout: 60_000 })
  expect(await tiles(page).count()).toBeLessThan(200)
  await expect(placeOf(tile(page, 5))).toHaveAttribute('aria-posinset', '2')
  await expect(placeOf(tile(page, 5))).toHaveAttribute('aria-setsize', '2000')
  await expect(page.getByRole('button', { name: /Show .* more/ })).toHaveCount(0)
})

test('a file that is asked for while the board is still being opened holds all of it', async () => {
  await page.getByRole('link', { name: 'Home' }).click()
  await page.reload()
  const downloaded = page.waitForEvent('download')
  await page
    .getByRole('link', { name: /First board/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Export CSV' }).click()
  const written = await readFile(await (await downloaded).path(), 'utf8')
  expect(written.match(/^Task|,Task/gm)).toHaveLength(CARDS)
  // With the two that a new board has.
  await expect(page.getByText('10,002 cards exported').first()).toBeAttached()
})

test('undo of 10,000 cards shows how far it is, and is called off by Escape: all are still there', async () => {
  await tile(page, 5).getByRole('link').focus()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByRole('progressbar', { name: 'Undoing…' })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('ControlOrMeta+y')
  await announced('Undoing is still under way. Redo when it is done, or call it off with Esc.')
  await page.keyboard.press('Escape')
  await announced('Called off. The board is as it was.')
  await expect(page.getByRole('progressbar')).toHaveCount(0)
  await expect(tile(page, 5).getByRole('link')).toBeFocused()
  await expect(placeOf(tile(page, 5))).toHaveAttribute('aria-setsize', '2000')
})

test('a change of all 10,000 shows how far it is; Ctrl-Z before it is done takes that back, and not what was before it', async () => {
  const bar = page.getByRole('toolbar', { name: 'Change the selected cards' })
  await page.getByRole('checkbox', { name: `Select ${titleOf(5)}` }).click()
  await bar.getByRole('button', { name: 'Select all shown' }).click()
  await expect(bar).toContainText(/10,\d{3} cards selected/)
  await bar.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('menuitem', { name: 'P0 · Critical' }).click()
  await expect(page.getByRole('progressbar', { name: 'Changing…' })).toBeVisible({ timeout: 30_000 })
  await tile(page, 5).getByRole('link').focus()
  // Pressed twice before the first is answered; after that the second would mean what was before.
  await page.evaluate(() => {
    for (const key of ['z', 'z'])
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, ctrlKey: true, bubbles: true, cancelable: true }),
      )
  })
  await announced(/Called off\. The board is as it was\.|Undone: /)
  await expect(page.getByRole('progressbar')).toHaveCount(0)
  await expect(placeOf(tile(page, 5))).toHaveAttribute('aria-setsize', '2000')
  await expect(tiles(page).filter({ hasText: 'P0' })).toHaveCount(0)

  // Escape calls it off before it means anything else.
  await bar.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('menuitem', { name: 'P0 · Critical' }).click()
  await expect(page.getByRole('progressbar', { name: 'Changing…' })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('progressbar')).toHaveCount(0)
  await expect(bar).toContainText(/10,\d{3} cards selected/)
  await expect(tiles(page).filter({ hasText: 'P0' })).toHaveCount(0)
  await bar.getByRole('button', { name: 'Clear the selection' }).click()
  await expect.poll(isAsked).toBe(false)
})

test('while hundreds of cards are being changed the badge says that they are being saved, and whoever leaves is asked until they are @long', async () => {
  const bar = page.getByRole('toolbar', { name: 'Change the selected cards' })
  const field = page.locator('[data-board-filter]')
  await field.fill('batch 55')
  await expect(tile(page, 55)).toBeVisible()
  await expect(tile(page, 10)).toHaveCount(0)
  await page.getByRole('checkbox', { name: `Select ${titleOf(55)}` }).click()
  await bar.getByRole('button', { name: 'Select all shown' }).click()
  await expect(bar).toContainText(/\d{3} cards selected/)
  expect(await isAsked()).toBe(false)
  // Looked for in the page, and from before the change: all of it may be on the disk before another look at it.
  const askedWhileSaving = page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          const saving = document.querySelector('[data-testid="sync-state"][data-state="saving"]') !== null
          if (!saving || dispatchEvent(new Event('beforeunload', { cancelable: true }))) return
          observer.disconnect()
          resolve()
        })
        observer.observe(document.body, { subtree: true, childList: true, attributes: true })
      }),
  )
  await bar.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('menuitem', { name: 'P0 · Critical' }).click()
  await askedWhileSaving
  await expect(tiles(page).filter({ hasText: 'P0' }).first()).toBeVisible({ timeout: 60_000 })
  await expect.poll(isAsked, { timeout: 60_000 }).toBe(false)
  await page.reload()
  await expect(tiles(page).first()).toBeVisible({ timeout: 60_000 })
  await field.fill('batch 55')
  await expect(tile(page, 10)).toHaveCount(0)
  await expect(tile(page, 55)).toContainText('P0')
  await expect(tiles(page).filter({ hasNotText: 'P0' })).toHaveCount(0)
  await field.fill('')
  await expect(tile(page, 10)).toBeVisible()
})

test('10,000 cards on their way back to a moment show how far they are, are called off by Escape, and once they go, whoever leaves is asked until they are on disk @long', async () => {
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = page.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  const restores = async () => {
    await replay.getByRole('button', { name: 'Restore the board to this moment' }).click({ timeout: 60_000 })
    const question = page.getByRole('dialog', { name: 'Restore the whole board?' })
    await question.getByRole('button', { name: 'Restore the board to this moment' }).click({ timeout: 60_000 })
    await expect(question).toHaveCount(0)
  }
  await expect(slider).toBeEnabled()
  await slider.press('Home')
  await expect(replay).toContainText('The beginning', { timeout: 60_000 })
  await restores()
  const progress = page.getByRole('progressbar', { name: 'Restoring…' })
  await expect(progress).toBeVisible({ timeout: 60_000 })
  await expect(page.getByTestId('sync-state')).toHaveAttribute('data-state', 'saving')
  expect(await isAsked()).toBe(true)
  await page.keyboard.press('Escape')
  await announced('Called off. The board is as it was.')
  await expect(progress).toHaveCount(0)
  await expect.poll(isAsked).toBe(false)

  // Called off, it is still the moment that is looked at.
  await expect(replay).toContainText('The beginning')
  await restores()
  await announced('The board is as it was then')
  await expect(replay).toHaveCount(0)
  await expect.poll(isAsked, { timeout: 120_000 }).toBe(false)
  await expect(tiles(page)).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(tile(page, 5)).toBeVisible({ timeout: 120_000 })
  await expect.poll(isAsked, { timeout: 120_000 }).toBe(false)
  await expect(placeOf(tile(page, 5))).toHaveAttribute('aria-setsize', '2000')
})

test('it scrolls to the last card and back, and the card with the focus keeps it out of view', async () => {
  await tile(page, 5).getByRole('link').focus()
  await listIn(page, 'Backlog').evaluate((list) => (list.scrollTop = list.scrollHeight))
  await expect(tile(page, 9995)).toBeVisible()
  await expect(tile(page, 5).getByRole('link')).toBeFocused()
  await expect(tile(page, 10)).toHaveCount(0)
  await page.keyboard.press('ArrowDown')
  await expect(tile(page, 10).getByRole('link')).toBeFocused()
  await expect(tile(page, 10)).toBeInViewport()
  await expect(tile(page, 9995)).toHaveCount(0)
})

test('a list that is scrolled shows in that frame what is drawn ahead, and draws on behind it', async () => {
  await expect(tile(page, 1)).toBeVisible()
  const list = listIn(page, 'Next')
  const drawnAhead = () =>
    list.evaluate((list) => {
      const last = [...list.querySelectorAll('[data-place]')].at(-1)
      return (last?.getBoundingClientRect().bottom ?? 0) - list.getBoundingClientRect().bottom
    })
  await expect.poll(drawnAhead).toBeGreaterThanOrEqual(240)
  const shown = await list.evaluate(async (list) => {
    const places = () => [...list.querySelectorAll('[data-place]')].map((one) => one.getAttribute('data-place')).join()
    const before = places()
    const frame = new Promise<string>((resolve) =>
      list.addEventListener('scroll', () => requestAnimationFrame(() => resolve(places())), { once: true }),
    )
    list.scrollTop += 200
    return { before, inFrame: await frame }
  })
  expect(shown.inFrame).toBe(shown.before)
  await expect.poll(drawnAhead).toBeGreaterThanOrEqual(240)
})

test('cards that another device adds above leave what is read where it is', async () => {
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(tile(other, 0)).toBeVisible({ timeout: 60_000 })
  await listIn(page, 'Next').evaluate((list) => (list.scrollTop = 20_000))
  await expect(tile(page, 1)).toHaveCount(0)
  const middle = tiles(page).filter({ visible: true }).and(column(page, 'Next').getByTestId('card')).nth(12)
  await expect(middle).toBeVisible()
  const title = (await middle.getByRole('link').innerText()).trim()
  const before = await middle.boundingBox()
  // The second card of the column goes to its end.
  await tile(other, 6).getByRole('link').focus()
  await other.keyboard.press('Space')
  await other.keyboard.press('End')
  await other.keyboard.press('Space')
  await expect(tile(other, 6)).toBeInViewport()
  await expect(column(page, 'Next').getByRole('link', { name: title, exact: true })).toBeVisible()
  await listIn(page, 'Next').evaluate(
    (list) => new Promise<void>((seen) => requestAnimationFrame(() => (list.isConnected ? seen() : undefined))),
  )
  const after = await tiles(page)
    .filter({ has: page.getByRole('link', { name: title, exact: true }) })
    .boundingBox()
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? -1e6))).toBeLessThan(2)
  await other.close()
})

test('the filter answers while one types, and says how many are left', async () => {
  const field = page.locator('[data-board-filter]')
  // What is found is read from its beginning, wherever the list was.
  await listIn(page, 'Backlog').evaluate((list) => (list.scrollTop = 400))
  await expect(tile(page, 0)).not.toBeInViewport()
  await field.click()
  await page.keyboard.type('batch 42', { delay: 20 })
  await expect(page.getByRole('status').filter({ hasText: /of 10,?002/ })).toBeVisible()
  await expect(tile(page, 42)).toBeVisible()
  await expect(tile(page, 25)).toHaveCount(0)
  expect(await listIn(page, 'Backlog').evaluate((list) => list.scrollTop)).toBe(0)
  await field.fill('')
  await expect(tile(page, 25)).toBeVisible()
})

test('by keyboard a card is lifted, carried to the end of 2,000 and into the next column', async () => {
  await listIn(page, 'Backlog').evaluate((list) => (list.scrollTop = 0))
  await tile(page, 0).getByRole('link').focus()
  await page.keyboard.press('Space')
  await announced(/^Lifted Task 0 of batch 0\. Backlog, place 1 of 2,000/)
  await page.keyboard.press('End')
  await announced('Backlog, place 2,000 of 2,000')
  await expect(tile(page, 0).getByRole('link')).toBeFocused()
  await expect(tile(page, 0)).toBeInViewport()
  await page.keyboard.press('PageUp')
  await announced('Backlog, place 1,990 of 2,000')
  await page.keyboard.press('ArrowRight')
  await announced('Next, place 1,990 of 2,001')
  await expect(tile(page, 0)).toBeInViewport()
  await page.keyboard.press('Space')
  await announced('Dropped Task 0 of batch 0 in Next at place 1,990.')
  await expect(column(page, 'Next').getByRole('link', { name: titleOf(0), exact: true })).toBeFocused()
  await page.keyboard.press('Control+z')
  await expect(column(page, 'Next').getByRole('link', { name: titleOf(0), exact: true })).toHaveCount(0)
})

test('by mouse a card is dragged down a list that scrolls by itself, and Escape puts it back', async () => {
  const list = listIn(page, 'Backlog')
  await list.evaluate((element) => (element.scrollTop = 0))
  await expect(tile(page, 0)).toBeVisible()
  const box = await boxOf(list)
  const drag = async () => {
    const from = await pressOn(page, tile(page, 0), 40, 14)
    await page.mouse.move(from.x + 60, from.y + 40, { steps: 3 })
    await expect(page.locator('[data-lifted=pointer]')).toHaveCount(1)
    await page.mouse.move(from.x + 60, box.y + box.height - 4, { steps: 5 })
    await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBeGreaterThan(1500)
  }
  await drag()
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await expect(page.locator('[data-lifted]')).toHaveCount(0)
  await list.evaluate((element) => (element.scrollTop = 0))
  await expect(placeOf(tile(page, 0))).toHaveAttribute('aria-posinset', '1')
  await drag()
  await page.mouse.up()
  await expect(page.locator('[data-lifted]')).toHaveCount(0)
  await expect(tile(page, 0)).toBeInViewport()
  await expect(placeOf(tile(page, 0))).not.toHaveAttribute('aria-posinset', '1')
})

test('a link to a card far down opens it and shows it on the board; the search finds it, too', async () => {
  await page.keyboard.press('Control+k')
  // Its column has never been near the window.
  await page.keyboard.type(titleOf(9004))
  const found = page.getByRole('option', { name: titleOf(9004) }).first()
  await expect(found).toHaveAttribute('aria-selected', 'true', { timeout: 30_000 })
  await page.keyboard.press('Enter')
  await expect(panelOf(page)).toBeVisible()
  await expect(tile(page, 9004)).toBeInViewport()
  await page.reload()
  await expect(panelOf(page)).toBeVisible({ timeout: 60_000 })
  await expect(tile(page, 9004)).toBeInViewport()
  await page.getByRole('button', { name: 'Close card' }).click()
})

test('in lanes by label 10,000 cards scroll, a lane folds up, and few tiles are drawn', async () => {
  await page.getByLabel('Group by').selectOption('label')
  const market = page.getByRole('region', { name: /^Market, 200 cards/ })
  await expect(market).toBeVisible()
  const none = page.getByRole('region', { name: /^No label/ })
  await expect(none).toBeAttached()
  await market.getByRole('button', { name: /^Market/ }).click()
  await expect(market.getByTestId('card')).toHaveCount(0)
  await expect(none.getByTestId('card').first()).toBeVisible()
  expect(await tiles(page).count()).toBeLessThan(200)
  await page.locator('[data-lanes]').evaluate((lanes) => lanes.scrollTo(lanes.scrollWidth, lanes.scrollHeight))
  await expect(tile(page, 9999)).toBeInViewport()
  await page.getByLabel('Group by').selectOption('none')
  await expect(page.getByTestId('lane')).toHaveCount(0)
})

test('a file with a long history says that it is being written, and is called off @long', async () => {
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Export JSON' }).click()
  await expect(page.getByRole('progressbar', { name: 'Writing the file…' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await announced('Called off. No file was written.')
  await expect(page.getByRole('progressbar')).toHaveCount(0)
})
