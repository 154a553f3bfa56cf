import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { chromium, expect, test } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  cardNamed,
  createWorkspace,
  openFirstBoard,
  openQuickAdd,
  panelOf,
  syncIs,
  twoPeople,
} from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('two people: each sees the other, and which card he edits, and an edit arrives without a reload', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await expect(ann.getByTestId('presence').first()).toBeVisible()
  await expect(bo.getByTestId('presence').first()).toBeVisible()
  await addCard(ann, 'typed by Ann')
  await expect(cardNamed(bo, 'typed by Ann')).toBeVisible()
  await cardNamed(bo, 'typed by Ann').click()
  const title = bo.getByTestId('card-panel').getByRole('textbox', { name: /title/i }).first()
  await title.fill('typed by Ann, mended by Bo')
  await title.press('Enter')
  const mended = cardNamed(ann, 'typed by Ann, mended by Bo')
  await expect(mended).toBeVisible()
  await expect(mended).toContainText('Bo is editing this card')
  await expect(ann.getByText('Bo is editing this card')).toHaveCount(1)
  // The initial beside the title is no part of it.
  await expect(cardNamed(ann, 'mended by Bo B')).toHaveCount(0)
  await bo.keyboard.press('Escape')
  await expect(panelOf(bo)).toHaveCount(0)
  await expect(ann.getByText('Bo is editing this card')).toHaveCount(0)
  await leave()
})

test('two tabs: one core, an edit in one is in the other at once', async ({ context }) => {
  const first = await context.newPage()
  await createWorkspace(first, relay.origin, 'Tabs', 'Ann')
  await openFirstBoard(first)
  const second = await context.newPage()
  await second.goto(first.url())
  await addCard(first, 'from the first tab')
  await expect(cardNamed(second, 'from the first tab')).toHaveCount(1)
  await addCard(second, 'from the second tab')
  await expect(cardNamed(first, 'from the second tab')).toHaveCount(1)
})

test('keyboard only: Space lifts a card, arrows move it, Space drops it; Ctrl-Z takes it back', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Keys', 'Ann')
  await openFirstBoard(page)
  const column = (index: number) => page.getByTestId('column').nth(index)
  const title = ((await page.getByTestId('card').first().textContent()) ?? '').trim().slice(0, 12)
  await page.getByTestId('card').first().getByRole('link').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  await expect(column(1).getByTestId('card').filter({ hasText: title })).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(column(0).getByTestId('card').filter({ hasText: title })).toHaveCount(1)
})

test('language: switching keeps what was typed', async ({ page }) => {
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Create a workspace/ }).click()
  await page.getByLabel('Workspace name').fill('Half typed')
  await page.getByText('简体中文').click()
  await expect(page.getByLabel('工作区名称')).toHaveValue('Half typed')
})

test('from the turn on in which a card is handed in the badge says that it is being saved, and whoever leaves is asked', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Turn', 'Ann')
  await openFirstBoard(page)
  await syncIs(page, 'Synced')
  const field = await openQuickAdd(page)
  await field.fill('Sails')
  const seen = await field.evaluate(async (input) => {
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    // No more than what was waiting: nothing of the core's has come back by then.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    const isAsked = !dispatchEvent(new Event('beforeunload', { cancelable: true }))
    return { state: document.querySelector<HTMLElement>('[data-testid=sync-state]')?.dataset['state'], isAsked }
  })
  expect(seen).toEqual({ state: 'saving', isAsked: true })
  await syncIs(page, 'Synced')
  await page.reload()
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)
})

test('offline for good: browser restarted, relay gone, a deep link opens the board with its cards', async () => {
  const profile = mkdtempSync(joinPath(tmpdir(), 'tongzhou-profile-'))
  const options = { ...test.info().project.use.launchOptions, viewport: { width: 1440, height: 900 } }
  const own = await startRelayProcess()
  try {
    let context = await chromium.launchPersistentContext(profile, options)
    let page = await context.newPage()
    await createWorkspace(page, own.origin, 'Far', 'Ann')
    await openFirstBoard(page)
    const board = page.url()
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await syncIs(page, 'Synced')
    await own.kill()
    await syncIs(page, 'Offline$')
    // Each count is read but once: one that was there before the card says nothing of it.
    await addCard(page, 'before the tunnel')
    await syncIs(page, 'Offline · 1 waiting')
    await addCard(page, 'in the tunnel')
    await syncIs(page, 'Offline · 2 waiting')
    await context.close()
    context = await chromium.launchPersistentContext(profile, options)
    page = await context.newPage()
    await page.goto(board)
    await expect(cardNamed(page, 'before the tunnel')).toHaveCount(1)
    await expect(cardNamed(page, 'in the tunnel')).toHaveCount(1)
    await own.restart()
    await syncIs(page, 'Synced')
    const session = await context.newCDPSession(page)
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    expect(installabilityErrors).toEqual([])
    await context.close()
  } finally {
    await own.dispose()
    rmSync(profile, { recursive: true, force: true })
  }
})

test('at 360 px nothing needs sideways scrolling but the columns', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true })
  const page = await context.newPage()
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Open the demo/ }).click()
  const isNarrow = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
  await expect(page.getByRole('link', { name: /Product launch/ }).first()).toBeVisible()
  expect(await isNarrow()).toBe(true)
  await page
    .getByRole('main')
    .getByRole('link', { name: /Product launch/ })
    .first()
    .click()
  await expect(page.getByTestId('card').first()).toBeVisible()
  expect(await isNarrow()).toBe(true)
  await page.getByTestId('card').first().tap()
  await expect(page.getByTestId('card-panel')).toBeVisible()
  expect(await isNarrow()).toBe(true)
  await context.close()
})
