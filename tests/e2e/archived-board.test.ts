import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, axeFindsNothing, cardNamed, goTo, openFirstBoard, twoPeople, workOffline } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const inSidebar = (page: Page) =>
  page.getByRole('navigation', { name: 'Workspace navigation' }).getByRole('link', { name: 'First board' })

test('a board that Ann archives leaves all lists, goes on for Bo who is writing on it, is found by search, and comes back', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(bo, 'Varnish the mast')
  await expect(cardNamed(ann, 'Varnish the mast')).toBeVisible()
  const archive = async () => {
    await ann.getByRole('button', { name: 'Board actions' }).click()
    await ann.getByRole('menuitem', { name: 'Archive board' }).click()
    await expect(ann.getByRole('paragraph').filter({ hasText: '“First board” is archived' })).toBeVisible()
  }
  await archive()
  await expect(ann.getByText('All boards are archived')).toBeVisible()
  for (const page of [ann, bo]) await expect(inSidebar(page)).toHaveCount(0)
  const archived = bo.getByText('This board is archived: it stands in no list')
  await expect(archived).toBeVisible()

  // At once it is back.
  await ann.getByRole('button', { name: 'Undo' }).click()
  for (const page of [ann, bo]) await expect(inSidebar(page)).toBeVisible()
  await expect(archived).toHaveCount(0)

  await openFirstBoard(ann)
  await archive()
  await expect(archived).toBeVisible()
  await addCard(bo, 'Oil the winch')
  await ann.keyboard.press('Control+k')
  await ann.keyboard.type('winch')
  const found = ann.getByRole('option', { name: /Oil the winch/ })
  await expect(found).toContainText('Archived')
  await ann.keyboard.press('Escape')

  const folded = ann.getByTestId('archived-boards')
  await folded.getByText('Archived boards (1)').click()
  await expect(folded.getByRole('link', { name: 'First board' })).toBeVisible()
  await axeFindsNothing(ann)
  await folded.getByRole('button', { name: 'Restore: First board' }).click()
  await expect(ann.getByText('“First board” is back among the boards.').first()).toBeVisible()
  for (const page of [ann, bo]) await expect(inSidebar(page)).toBeVisible()
  await goTo(ann, 'First board')
  await expect(cardNamed(ann, 'Oil the winch')).toBeVisible()
  await leave()
})

test('an archived board says so to whoever follows a link to it, who may bring it back, also offline @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const address = bo.url()
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Archive board' }).click()
  await bo.getByRole('link', { name: 'Home' }).first().click()
  await expect(bo.getByText('All boards are archived')).toBeVisible()
  await workOffline(bo)
  await bo.goto(address)
  const banner = bo.getByRole('status').filter({ hasText: 'This board is archived' })
  await banner.getByRole('button', { name: 'Restore board' }).click()
  await expect(banner).toHaveCount(0)
  await workOffline(bo)
  await expect(inSidebar(ann)).toBeVisible()
  await leave()
})
