import { readFileSync } from 'node:fs'
import { expect, test, type Browser, type BrowserContext, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, createWorkspace, inviteLink, join, keepKit, openFirstBoard, syncIs } from './steps.ts'

let relay: RelayProcess
const contexts: BrowserContext[] = []
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})
test.afterAll(() => relay.dispose())

/** A device of its own: a profile that shares nothing with the others. */
async function device(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  contexts.push(context)
  return context.newPage()
}

test('second device: a link lets it in once, it shows the same board, and Ann sees its name', async ({ browser }) => {
  const ann = await device(browser)
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  await addCard(ann, 'from the computer')
  const board = ann.url()
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Link a device' }).click()
  await ann.getByRole('button', { name: 'Show the link' }).click()
  const link = await ann.getByRole('dialog').getByRole('textbox').inputValue()
  expect(link).toContain('/link#')
  await ann.keyboard.press('Escape')

  const phone = await device(browser)
  await phone.goto(link)
  await phone.getByLabel('Name of this device').fill('Telephone')
  await phone.getByRole('button', { name: 'Link this device' }).click()
  await openFirstBoard(phone)
  await expect(cardNamed(phone, 'from the computer')).toHaveCount(1)
  await addCard(phone, 'from the phone')
  await expect(ann.getByRole('listitem').filter({ hasText: 'Telephone' }).first()).toBeVisible()
  const notice = ann.getByRole('status').filter({ hasText: 'A device was linked: “Telephone”' })
  await expect(notice).toContainText('If that was not you, remove it under People at once.')
  await notice.getByRole('link', { name: 'See my devices' }).click()
  await expect(ann.getByRole('listitem').filter({ hasText: 'Telephone' }).first()).toContainText('since')
  await ann.goto(board)
  await expect(cardNamed(ann, 'from the phone')).toHaveCount(1)
  await syncIs(ann, 'Synced')

  const thief = await device(browser)
  await thief.goto(link)
  await thief.getByLabel('Name of this device').fill('Thief')
  await thief.getByRole('button', { name: 'Link this device' }).click()
  await expect(thief.getByRole('alert')).toHaveText('This link has been used. Show a new one on the other device.')
})

test('recovery: the kit brings an empty profile back in, is replaced, and works only once', async ({ browser }) => {
  const lost = await device(browser)
  const kit = await createWorkspace(lost, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(lost)
  await addCard(lost, 'before the laptop fell')
  await syncIs(lost, 'Synced')
  await contexts.shift()?.close()

  const recover = async (page: Page, words: string) => {
    await page.goto(relay.origin)
    await page.getByRole('button', { name: 'Recover with my kit' }).click()
    await page.getByLabel('Recovery words').fill(words)
    await page.getByLabel('Workspace number on the kit').fill(kit.workspace)
    await page.getByLabel('Server address on the kit').fill(kit.relay)
    await page.getByRole('button', { name: 'Recover', exact: true }).click()
  }
  const fresh = await device(browser)
  const [first = '', second = '', ...others] = kit.words.match(/[a-z]+/g) ?? []
  await recover(fresh, [first, second, ...others.slice(1), 'tongzhou'].join(' '))
  await expect(fresh.getByRole('alert')).toContainText('One of these words does not occur in recovery kits.')
  await recover(fresh, kit.words)
  const next = await keepKit(fresh)
  expect(next.words).not.toBe(kit.words)
  await openFirstBoard(fresh)
  await expect(cardNamed(fresh, 'before the laptop fell')).toHaveCount(1)
  await addCard(fresh, 'after it')
  await syncIs(fresh, 'Synced')

  const finder = await device(browser)
  await recover(finder, kit.words)
  await expect(finder.getByRole('alert')).toContainText('This kit has been used or replaced.')
})

test('removal: Bo is told, what he wrote last can be read and saved, and then nothing is left on his device', async ({
  browser,
}) => {
  const ann = await device(browser)
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  const link = await inviteLink(ann)
  const bo = await device(browser)
  await join(bo, link, 'Bo')
  await openFirstBoard(bo)
  await addCard(bo, 'Bo was here')
  await syncIs(bo, 'Synced')
  const board = bo.url()

  // Bo works offline while Ann removes him.
  await bo.getByTestId('sync-state').click()
  await bo.getByRole('switch', { name: 'Work offline' }).click()
  await bo.keyboard.press('Escape')
  await addCard(bo, 'written without knowing')
  await ann.getByRole('button', { name: 'Bo: actions' }).click()
  await ann.getByRole('menuitem', { name: /Remove from workspace/ }).click()
  await ann
    .getByRole('alertdialog')
    .or(ann.getByRole('dialog'))
    .getByRole('button', { name: 'Remove from workspace' })
    .click()
  await expect(ann.getByText('Bo was removed').first()).toBeVisible()
  await expect(ann.getByRole('listitem').filter({ hasText: 'Removed' })).toContainText('Bo')
  await syncIs(ann, 'Synced')

  await bo.getByTestId('sync-state').click()
  await bo.getByRole('switch', { name: 'Work offline' }).click()
  await bo.keyboard.press('Escape')
  await expect(bo.getByRole('heading', { name: 'You no longer have access to Skiff' })).toBeVisible()
  await expect(bo.getByText('Added “written without knowing” to “To do”')).toBeVisible()
  const saving = bo.waitForEvent('download')
  await bo.getByRole('button', { name: 'Save unsent edits as a file' }).click()
  expect(readFileSync(await (await saving).path(), 'utf8')).toContain('written without knowing')
  await bo.getByRole('button', { name: 'Delete from this device' }).click()
  await expect(bo.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  await bo.goto(board)
  await expect(bo.getByText('This workspace is not on this device.')).toBeVisible()

  await ann
    .getByRole('link', { name: /First board/ })
    .first()
    .click()
  await expect(cardNamed(ann, 'Bo was here')).toHaveCount(1)
  await expect(cardNamed(ann, 'written without knowing')).toHaveCount(0)
})
