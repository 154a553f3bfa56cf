import { expect, test, type BrowserContext, type Page } from 'playwright/test'
import { readdirSync, readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, createWorkspace, frameworkWarnings, inviteLink, join, openFirstBoard, syncIs } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const synced = (page: Page) => syncIs(page, 'Synced')

test('create: a workspace in under a minute, with its kit and a first board', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Northwind', 'Ann')
  await openFirstBoard(page)
  await expect(page.getByTestId('card')).toHaveCount(2)
  await synced(page)
})

test('demo: opens with one click, is badged, and goes with one click (P1)', async ({ page }) => {
  const warnings = frameworkWarnings(page)
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Open the demo/ }).click()
  await expect(page.getByText('Demo').first()).toBeVisible()
  await page
    .getByRole('link', { name: /Product launch/ })
    .first()
    .click()
  await expect(page.getByTestId('card').first()).toBeVisible()
  await page.getByRole('button', { name: 'Remove demo' }).click()
  await expect(page.getByRole('button', { name: /Open the demo/ })).toBeVisible()
  await expect(page.getByText('The demo is gone from this device.').first()).toBeVisible()
  expect(warnings).toEqual([])
})

test('two devices: Bo joins while Ann is gone, both see what the other adds; reload and relay restart lose nothing', async ({
  browser,
}) => {
  const contexts: BrowserContext[] = []
  const device = async () => {
    const context = await browser.newContext()
    contexts.push(context)
    return context.newPage()
  }
  const ann = await device()
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  await synced(ann)
  const board = ann.url()
  const link = await inviteLink(ann)
  await synced(ann)
  // Ann's tab goes, and with it her worker.
  await ann.close()
  const bo = await device()
  await join(bo, link, 'Bo')
  await openFirstBoard(bo)
  await addCard(bo, 'from Bo')
  await expect(bo.getByTestId('card').filter({ hasText: 'from Bo' })).toBeVisible()
  const again = (await contexts[0]?.newPage()) ?? ann
  await again.goto(board)
  await expect(again.getByTestId('card').filter({ hasText: 'from Bo' })).toBeVisible()
  await addCard(again, 'from Ann')
  await expect(bo.getByTestId('card').filter({ hasText: 'from Ann' })).toBeVisible()

  await relay.kill()
  await syncIs(bo, 'Offline')
  await addCard(bo, 'while the relay is down')
  // It is stored: before that the browser would ask whether he means to leave.
  await syncIs(bo, 'Offline · 1 waiting')
  await bo.reload()
  await expect(bo.getByTestId('card').filter({ hasText: 'while the relay is down' })).toBeVisible()
  await relay.restart()
  await expect(again.getByTestId('card').filter({ hasText: 'while the relay is down' })).toHaveCount(1)
  await synced(bo)
  // The relay holds nothing that people wrote: no title, no name, no word of theirs.
  for (const entry of readdirSync(relay.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const stored = readFileSync(joinPath(entry.parentPath, entry.name)).toString('latin1')
    for (const word of ['from Bo', 'from Ann', 'while the relay is down', 'Skiff', 'First board', 'To do']) {
      expect(stored.includes(word), `"${word}" in ${entry.name}`).toBe(false)
    }
  }
  for (const context of contexts) await context.close()
})
