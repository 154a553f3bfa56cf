import { expect, test } from 'playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRelay } from '../../sync-relay/relay.ts'
import { requireToken } from '../../sync-relay/setup-token.ts'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { createWorkspace, keepKit, syncIs } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const word = /^\d+\s*(\p{L}+)$/u

test('kit: Back does not lose the words; a new kit in the settings has others', async ({ page }) => {
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Create a workspace/ }).click()
  await page.getByLabel('Workspace name').fill('Keys')
  await page.getByLabel('Your name').fill('Ann')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  const words = async () =>
    (
      await page
        .getByRole('list', { name: /Recovery words/ })
        .getByRole('listitem')
        .allInnerTexts()
    ).map((text) => word.exec(text.trim().replaceAll('\n', ' '))?.[1] ?? text)
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toBeVisible()
  const first = await words()
  expect(first).toHaveLength(12)
  const left = page.waitForEvent('framenavigated')
  await page.evaluate(() => history.back())
  await left
  expect(await words()).toEqual(first)
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByTestId('column').first()).toBeVisible()
  await syncIs(page, 'Synced')
  await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
  await page.getByRole('button', { name: 'Make a new kit' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make a new kit' }).click()
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toBeVisible()
  const second = await words()
  expect(second).toHaveLength(12)
  expect(second).not.toEqual(first)
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
})

test('kit: whoever reloads before it is put away is asked until it is, and can have new words', async ({ page }) => {
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Create a workspace/ }).click()
  await page.getByLabel('Workspace name').fill('Lost words')
  await page.getByLabel('Your name').fill('Ann')
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toBeVisible()
  page.on('dialog', (dialog) => void dialog.accept())
  await page.reload()
  const workspace = page.getByRole('link', { name: /Lost words/ })
  await expect(workspace).toContainText('Recovery kit not kept')
  await workspace.click()
  const notice = page.getByRole('status').filter({ hasText: 'saved your recovery kit' })
  await notice.getByRole('button', { name: 'Make a new kit' }).click()
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toBeVisible()
  // These are lost, too.
  await page.reload()
  await notice.getByRole('button', { name: 'Make a new kit' }).click()
  await keepKit(page)
  await expect(page.getByRole('main').getByRole('heading', { name: 'Boards' })).toBeVisible()
  await expect(notice).toHaveCount(0)
  await page.reload()
  await expect(page.getByRole('main').getByRole('heading', { name: 'Boards' })).toBeVisible()
  await expect(notice).toHaveCount(0)
})

test('set-up token: asked for where the server wants one, called wrong where it is, also after the workspace was made; then everything is sent', async ({
  page,
}) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tongzhou-guarded-'))
  const app = join(import.meta.dirname, '..', '..', 'build')
  let guarded = await createRelay({ port: 0, dataDir, app, setup: requireToken('let us in') })
  try {
    await createWorkspace(page, `http://127.0.0.1:${guarded.port}`, 'Guarded', 'Ann')
    const token = page.getByRole('textbox', { name: 'Set-up token' })
    const wrong = page.getByRole('alert').filter({ hasText: 'This set-up token is not right.' })
    await expect(token).toBeVisible()
    await expect(wrong).toHaveCount(0)
    // The server is there: that nothing is sent has another reason.
    await syncIs(page, 'Set-up token needed')
    await token.fill('let me in')
    await token.press('Enter')
    await expect(wrong).toBeVisible()
    await expect(token).toHaveAccessibleDescription('This set-up token is not right.')
    await expect(token).toBeFocused()
    await expect(token).toHaveValue('let me in')
    await token.fill('let us in')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await syncIs(page, 'Synced')
    await expect(token).toHaveCount(0)

    // Given already where the workspace is made, it is called wrong there where the server says so.
    await page.goto(`http://127.0.0.1:${guarded.port}`)
    await page.getByRole('button', { name: /Create a workspace/ }).click()
    await page.getByLabel('Workspace name').fill('Guarded, too')
    await page.getByLabel('Your name').fill('Ann')
    await page.getByRole('button', { name: 'I have a set-up token' }).click()
    await token.fill('let me in')
    await page.getByRole('button', { name: 'Create workspace' }).click()
    await keepKit(page)
    await expect(wrong).toBeVisible()

    // Put away, it is asked for where the badge says what is missing.
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(token).toHaveCount(0)
    await page.getByTestId('sync-state').first().click()
    const inBadge = page.locator('[data-popover-content]').getByRole('textbox', { name: 'Set-up token' })
    await inBadge.fill('let me in again')
    await inBadge.press('Enter')
    // Called wrong where it was written, whatever stands behind.
    await expect(inBadge).toHaveAccessibleDescription('This set-up token is not right.')
    await expect(inBadge).toBeFocused()
    await expect(inBadge).toHaveValue('let me in again')
    await guarded.close()
    await syncIs(page, 'Offline')
    await expect(inBadge).toHaveValue('let me in again')
    await inBadge.fill('let us in')
    guarded = await createRelay({ port: guarded.port, dataDir, app, setup: requireToken('let us in') })
    await inBadge.press('Enter')
    await syncIs(page, 'Synced')
    await expect(inBadge).toHaveCount(0)
    await expect(token).toHaveCount(0)
  } finally {
    await guarded.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
