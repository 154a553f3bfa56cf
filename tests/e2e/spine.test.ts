import { expect, test, type BrowserContext, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

/** Creates a workspace from the start page and lands on its first board. */
async function createWorkspace(page: Page, name: string, person: string): Promise<void> {
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Create a workspace/ }).click()
  await page.getByLabel('Workspace name').fill(name)
  await page.getByLabel('Your name').fill(person)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toBeVisible()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Continue' }).click()
}

async function openFirstBoard(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /First board/ })
    .first()
    .click()
  await expect(page.getByTestId('column').first()).toBeVisible()
}

async function inviteLink(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'People' }).first().click()
  await page
    .getByRole('button', { name: /Invite/ })
    .first()
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByRole('dialog').getByRole('textbox').inputValue()
  await page.keyboard.press('Escape')
  return link
}

async function join(page: Page, link: string, person: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill(person)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Continue' }).click()
}

const syncIs = (page: Page, state: string) =>
  expect(page.getByTestId('sync-state').first()).toHaveAccessibleName(new RegExp(`Sync: ${state}`))
const synced = (page: Page) => syncIs(page, 'Synced')
const addCard = async (page: Page, title: string) => {
  const column = page.getByTestId('column').first()
  await column
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  await column.getByRole('textbox', { name: /Add a card to/ }).fill(title)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
}

test('create: a workspace in under a minute, with its kit and a first board', async ({ page }) => {
  await createWorkspace(page, 'Northwind', 'Ann')
  await openFirstBoard(page)
  await expect(page.getByTestId('card')).toHaveCount(2)
  await synced(page)
})

test('demo: opens with one click, is badged, and goes with one click', async ({ page }) => {
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Open the demo/ }).click()
  await expect(page.getByText('Demo').first()).toBeVisible()
  await page
    .getByRole('link', { name: /Product launch/ })
    .first()
    .click()
  await expect(page.getByTestId('card').first()).toBeVisible()
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
  await createWorkspace(ann, 'Skiff', 'Ann')
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
  await bo.reload()
  await expect(bo.getByTestId('card').filter({ hasText: 'while the relay is down' })).toBeVisible()
  await relay.restart()
  await expect(again.getByTestId('card').filter({ hasText: 'while the relay is down' })).toHaveCount(1)
  await synced(bo)
  for (const context of contexts) await context.close()
})
