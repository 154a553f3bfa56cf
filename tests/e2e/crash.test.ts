import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { chromium, expect, test, type BrowserContext, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  cardNamed,
  coreKiller,
  createWorkspace,
  killCore,
  openFirstBoard,
  syncIs,
  workOffline,
} from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const titles = async (page: Page) => (await page.getByTestId('card').allInnerTexts()).map((text) => text.trim())

/** Begins to bring in many rows. */
const ROWS = 6_000
async function beginImport(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  const wizard = page.getByRole('dialog', { name: 'Import CSV' })
  const rows = Array.from({ length: ROWS }, (_, i) => `imported ${i},Brought in`)
  const buffer = Buffer.from(['Title,State', ...rows].join('\n'))
  await wizard.locator('input[type=file]').setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer })
  const button = wizard.getByRole('button', { name: 'Import 6,000 cards' })
  await expect(button).toBeEnabled()
  await button.click()
}
/** Some rows are done, as the bar says, and nothing is written. */
const someAreDone = (page: Page) =>
  page.waitForFunction(() => {
    const { value = 0, max = 0 } = document.querySelector<HTMLProgressElement>('[role=dialog] progress') ?? {}
    return value > 0 && value < max
  })
/** All are done and shown, and are being written. */
const firstIsShown = (page: Page) =>
  page.waitForFunction(() => document.querySelector('main')?.textContent.includes('imported 0'))

/** How many cards the board says that the column has, once all of them have been read. */
async function countOf(page: Page, column: string): Promise<number> {
  const columns = page.getByTestId('column')
  await expect(columns.first()).toHaveAccessibleName(/ cards?$/)
  const names = await columns.evaluateAll((found) => found.map((one) => one.getAttribute('aria-label') ?? ''))
  const [, count = '0'] = /, ([\d,]+) card/.exec(names.find((name) => name.includes(column)) ?? '') ?? []
  return Number(count.replaceAll(',', ''))
}

test('core killed in the middle of an import: what had been saved is there, nothing is there twice, and the tab goes on', async ({
  page,
}) => {
  const uncaught: string[] = []
  page.on('pageerror', (error) => uncaught.push(String(error)))
  await createWorkspace(page, relay.origin, 'Crash', 'Ann')
  await openFirstBoard(page)
  await syncIs(page, 'Synced')
  await workOffline(page)
  for (let i = 0; i < 3; i++) await addCard(page, `acknowledged ${i}`)
  await syncIs(page, 'Offline · 3 waiting')
  const kill = await coreKiller(page)
  // The button is not waited for: it answers once the page has time, and then much may be done.
  const begun = beginImport(page)
  await someAreDone(page)
  await kill()
  await begun
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(cardNamed(page, 'acknowledged')).toHaveCount(3)
  await addCard(page, 'after the kill')
  await expect(cardNamed(page, 'after the kill')).toHaveCount(1)
  await syncIs(page, String.raw`Offline · [4-9]\d* waiting`)
  await page.reload()
  await expect(cardNamed(page, 'acknowledged')).toHaveCount(3)
  await expect(cardNamed(page, 'after the kill')).toHaveCount(1)
  expect(uncaught).toEqual([])
  // A worker that the browser ends may still finish what it is at: how much came in nobody can say, but none of it came twice.
  expect(await countOf(page, 'Brought in')).toBeLessThanOrEqual(ROWS)
  await workOffline(page)
  await syncIs(page, 'Synced')
})

test('core killed before it was ready: the page that waits for it gets another one @long', async ({
  page,
  browser,
}) => {
  await createWorkspace(page, relay.origin, 'Crash', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'still here')
  await syncIs(page, 'Synced')
  const session = await browser.newBrowserCDPSession()
  const killed = new Promise<void>((resolve) => {
    session.on('Target.targetCreated', ({ targetInfo: { type, url, targetId } }) => {
      if (type !== 'shared_worker' || !url.includes('core.worker')) return
      void session.send('Target.closeTarget', { targetId }).then(() => session.detach().then(resolve))
    })
  })
  await page.goto('about:blank')
  await expect
    .poll(async () =>
      (await session.send('Target.getTargets')).targetInfos.filter(({ url }) => url.includes('core.worker')),
    )
    .toEqual([])
  await session.send('Target.setDiscoverTargets', { discover: true })
  await page.goBack()
  await killed
  await expect(cardNamed(page, 'still here')).toHaveCount(1)
  await addCard(page, 'and on')
  await expect(cardNamed(page, 'and on')).toHaveCount(1)
})

test('core killed while nothing is written: the open tab goes on with another one, and nothing that it had said is missing', async ({
  page,
}) => {
  const uncaught: string[] = []
  page.on('pageerror', (error) => uncaught.push(String(error)))
  await createWorkspace(page, relay.origin, 'Crash', 'Ann')
  await openFirstBoard(page)
  await syncIs(page, 'Synced')
  await workOffline(page)
  for (let i = 0; i < 5; i++) await addCard(page, `before the kill ${i}`)
  await syncIs(page, 'Offline · 5 waiting')
  await expect(cardNamed(page, 'before the kill')).toHaveCount(5)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('before the kill 3')
  await expect(page.getByRole('option', { name: /before the kill 3/ })).toHaveCount(1)
  await page.keyboard.press('Escape')
  const said = await titles(page)
  await killCore(page)
  await addCard(page, 'after the kill')
  await expect(cardNamed(page, 'after the kill')).toHaveCount(1)
  for (const title of said) expect(await titles(page)).toContain(title)
  // Of this one nobody has said that it is saved: the tab has it still.
  await addCard(page, 'seen a moment ago')
  await expect(cardNamed(page, 'seen a moment ago')).toHaveCount(1)
  await killCore(page)
  await addCard(page, 'once more')
  await expect(cardNamed(page, 'once more')).toHaveCount(1)
  await expect(cardNamed(page, 'seen a moment ago')).toHaveCount(1)
  expect(uncaught).toEqual([])
  // Search follows the new core too.
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('after the kill')
  await expect(page.getByRole('option', { name: /after the kill/ })).toHaveCount(1)
  await page.keyboard.press('Escape')
  await workOffline(page)
  await syncIs(page, 'Synced')
  await page.reload()
  await expect(page.getByTestId('card')).toHaveCount(said.length + 3)
})

test('tab killed while its edits are written: another tab and the next start have every edit that was saved', async ({
  browser,
}) => {
  const context = await browser.newContext()
  const first = await context.newPage()
  await createWorkspace(first, relay.origin, 'Crash', 'Ann')
  await openFirstBoard(first)
  const board = first.url()
  const second = await context.newPage()
  await second.goto(board)
  await expect(second.getByTestId('card')).toHaveCount(2)
  for (let i = 0; i < 4; i++) await addCard(first, `from the tab that dies ${i}`)
  await syncIs(first, 'Synced')
  // Of this one nobody has said yet that it is saved.
  await addCard(first, 'on its way')
  const session = await context.newCDPSession(first)
  // The renderer dies in the middle of what it does; the command itself is never answered.
  void session.send('Page.crash').catch(() => undefined)
  await first.waitForEvent('crash')
  await expect(cardNamed(second, 'from the tab that dies')).toHaveCount(4)
  await addCard(second, 'from the other')
  await expect(cardNamed(second, 'from the other')).toHaveCount(1)
  await syncIs(second, 'Synced')
  const shown = await titles(second)
  await second.reload()
  await expect(cardNamed(second, 'from the')).toHaveCount(5)
  expect(await titles(second)).toEqual(shown)
  await context.close()
})

/** The browser's own process, found by its profile: killing it takes every tab and worker with it. */
function browserProcess(profile: string): number {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0')
      if (!command.includes(`--user-data-dir=${profile}`) || command.some((part) => part.startsWith('--type=')))
        continue
      if (readlinkSync(`/proc/${entry}/exe`).includes('chrom')) return Number(entry)
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error('the browser is not running')
}

test('browser killed in the middle of writing: whatever had been "saved here" is there after the restart, once', async () => {
  const profile = mkdtempSync(joinPath(tmpdir(), 'tongzhou-killed-'))
  const options = { ...test.info().project.use.launchOptions, viewport: { width: 1440, height: 900 } }
  let context: BrowserContext | null = null
  try {
    context = await chromium.launchPersistentContext(profile, options)
    let page = await context.newPage()
    await createWorkspace(page, relay.origin, 'Crash', 'Ann')
    await openFirstBoard(page)
    const board = page.url()
    await syncIs(page, 'Synced')
    await workOffline(page)
    for (let i = 0; i < 3; i++) await addCard(page, `acknowledged ${i}`)
    // Offline with a count is said only once the edits are on this device's disk.
    await syncIs(page, 'Offline · 3 waiting')
    await expect(cardNamed(page, 'acknowledged')).toHaveCount(3)
    const killedWhere = async (isThere: (page: Page) => Promise<unknown>): Promise<number> => {
      const closed = context!.waitForEvent('close')
      // The button has no answer where the browser is gone before.
      const begun = beginImport(page).catch(() => undefined)
      await isThere(page)
      process.kill(browserProcess(profile), 'SIGKILL')
      await Promise.all([closed, begun])
      context = await chromium.launchPersistentContext(profile, options)
      page = await context.newPage()
      await page.goto(board)
      await expect(cardNamed(page, 'acknowledged')).toHaveCount(3)
      const there = await titles(page)
      expect(new Set(there).size).toBe(there.length)
      return countOf(page, 'Brought in')
    }
    const before = await killedWhere(someAreDone)
    expect(before).toBeLessThan(ROWS)
    // Some of it, or all, is on the disk by then.
    expect(await killedWhere(firstIsShown)).toBeLessThanOrEqual(before + ROWS)
    await workOffline(page)
    await syncIs(page, 'Synced')
  } finally {
    await context?.close()
    rmSync(profile, { recursive: true, force: true })
  }
})
