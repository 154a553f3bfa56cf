import { expect, test, type Browser, type BrowserContext, type Page } from 'playwright/test'
import type { WorkspaceId } from '../../src/lib/kernel/ids.ts'
import { encodeInviteLink, parseInviteLink } from '../../src/lib/sync/links.ts'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { createWorkspace, inviteLink, join, scanned, syncIs, workOffline } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
const contexts: BrowserContext[] = []
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})
test.afterAll(() => relay.dispose())

async function device(browser: Browser): Promise<Page> {
  const context = await browser.newContext()
  contexts.push(context)
  return context.newPage()
}

test('the code beside an invitation says to a camera what the link says @long', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await page.getByRole('link', { name: 'People' }).first().click()
  await page.getByRole('button', { name: 'Invite someone', exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  expect(await scanned(page, 'Scan to join')).toBe(link)
})

/** What the page says of a link that nobody can join by, without a name having been typed. */
async function isRefused(page: Page, link: string, why: string | RegExp): Promise<void> {
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'The invitation cannot be used' })).toBeVisible()
  await expect(page.getByText(why)).toBeVisible()
  await expect(page.getByLabel('Your name')).toHaveCount(0)
}

test('used, withdrawn, for another workspace or for none, damaged: each is said when the link is opened, in both languages', async ({
  browser,
}) => {
  const ann = await device(browser)
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  const used = await inviteLink(ann)
  const withdrawn = await inviteLink(ann, 'Cy')
  await syncIs(ann, 'Synced')
  const bo = await device(browser)
  await bo.goto(relay.origin)
  await bo.getByRole('button', { name: /I have an invitation/ }).click()
  const field = bo.getByLabel('Invitation link')
  await expect(field).toBeFocused()
  await field.fill(`Please join: ${used} Thanks!`)
  await field.press('Enter')
  await expect(bo.getByText(/^Valid until .* Your role: Member\.$/)).toBeVisible()
  // The same link in another window, which is slower: there it is no used one, but his own.
  const slower = await bo.context().newPage()
  await slower.goto(used)
  await slower.getByLabel('Your name').fill('Bo')
  await expect(slower.getByText(/^Valid until/)).toBeVisible()
  await join(bo, used, 'Bo')
  await slower.getByLabel('Your name').press('Enter')
  await expect(slower.getByText('You are already a member of this workspace on this device.')).toBeVisible()
  await slower.close()
  await expect(bo.locator('#svelte-announcer')).toHaveText('Home · Skiff')
  await expect(bo.getByRole('link', { name: /First board/ }).first()).toBeVisible()
  await bo.goto(withdrawn)
  await expect(bo.getByText('You are already a member of this workspace on this device.')).toBeVisible()

  const cy = await device(browser)
  await isRefused(cy, used, /This invitation has already been used/)
  // Withdrawn while somebody types a name: nothing says any longer that it holds.
  const eve = await device(browser)
  await eve.goto(withdrawn)
  await eve.getByLabel('Your name').fill('Eve')
  await expect(eve.getByText(/^Valid until/)).toBeVisible()
  await ann.getByRole('button', { name: 'Withdraw the invitation: For Cy' }).click()
  await expect(ann.getByText('The invitation no longer works.').first()).toBeVisible()
  await syncIs(ann, 'Synced')
  await eve.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(eve.getByText('This invitation was withdrawn.')).toBeVisible()
  await expect(eve.getByText(/^Valid until/)).toHaveCount(0)
  await expect(eve.getByRole('button', { name: 'Join', exact: true })).toHaveCount(0)
  await isRefused(cy, withdrawn, /This invitation was withdrawn/)

  // The same key for a workspace that it does not open, and for one that nobody knows.
  const parsed = parseInviteLink(withdrawn)
  if (!parsed.ok) throw new Error('the link cannot be read')
  await createWorkspace(cy, relay.origin, 'Another', 'Cy')
  await cy.waitForURL(/[0-9a-f]{32}/)
  const another = cy.url().match(/[0-9a-f]{32}/)?.[0] as WorkspaceId
  const dan = await device(browser)
  const linkTo = (workspace: WorkspaceId) => encodeInviteLink(relay.origin, { ...parsed.value, workspace })
  await isRefused(dan, linkTo(another), /The server does not know this invitation/)
  await isRefused(dan, linkTo('f'.repeat(32) as WorkspaceId), /the server does not know it/)
  await isRefused(dan, withdrawn.slice(0, -9), /This link is damaged or incomplete/)
  await dan.getByText('简体中文').click()
  await expect(dan.getByRole('heading', { name: '邀请无法使用' })).toBeVisible()
  await expect(dan.getByText('链接已损坏或不完整。')).toBeVisible()
})

test('Ann sees whom each invitation is for, and what became of it', async ({ browser }) => {
  const ann = await device(browser)
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  const forBo = await inviteLink(ann, 'Bo from sales')
  await inviteLink(ann, 'Cai')
  const open = ann.getByTestId('invitation')
  await expect(open).toHaveCount(2)
  await expect(open.filter({ hasText: 'For Cai' })).toContainText('made by Ann')
  await expect(open.filter({ hasText: 'For Cai' })).toContainText('valid until')
  await syncIs(ann, 'Synced')
  const bo = await device(browser)
  await join(bo, forBo, 'Bo')
  await expect(open).toHaveCount(1)
  await ann.getByRole('button', { name: 'Withdraw the invitation: For Cai' }).click()
  await expect(open).toHaveCount(0)
  await ann.getByText('Earlier invitations (2)').click()
  const past = ann.getByTestId('past-invitation')
  await expect(past.filter({ hasText: 'For Bo from sales' })).toContainText('used by Bo')
  await expect(past.filter({ hasText: 'For Cai' })).toContainText('Withdrawn')
})

test('an invitation made offline says that it does not work yet, to Ann and to Bo, and works once she is back', async ({
  browser,
}) => {
  const ann = await device(browser)
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await syncIs(ann, 'Synced')
  await workOffline(ann)
  await syncIs(ann, 'Offline')
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Invite someone', exact: true }).first().click()
  const dialog = ann.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const notYet = 'Not at the server yet: the link works once this device has been online.'
  await expect(dialog.getByRole('status')).toHaveText(notYet)
  const link = await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  await ann.keyboard.press('Escape')
  await expect(ann.getByTestId('invitation')).toContainText(notYet)
  await syncIs(ann, 'Offline · 1 waiting')

  const bo = await device(browser)
  await isRefused(bo, link, /made on a device without a connection, it works once that device has been online/)
  await workOffline(ann)
  await syncIs(ann, 'Synced')
  await expect(ann.getByTestId('invitation')).not.toContainText(notYet)
  await bo.getByRole('button', { name: 'Check again' }).click()
  await expect(bo.getByText(/^Valid until/)).toBeVisible()
  await join(bo, link, 'Bo')
  await expect(bo.getByRole('link', { name: /First board/ }).first()).toBeVisible()
})

test('while the server is away an invitation cannot be checked: that is said, and asked again when wanted', async ({
  browser,
}) => {
  const own = await startRelayProcess()
  try {
    const ann = await device(browser)
    await createWorkspace(ann, own.origin, 'Skiff', 'Ann')
    const link = await inviteLink(ann)
    await syncIs(ann, 'Synced')
    const bo = await device(browser)
    await bo.goto(own.origin)
    await bo.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await own.kill()
    await bo.goto(link)
    await expect(bo.getByText(/cannot be reached, so nobody can say yet/)).toBeVisible()
    await expect(bo.getByLabel('Your name')).toBeVisible()
    await bo.getByText('简体中文').click()
    await expect(bo.getByText(/^连不上服务器，暂时无法核对/)).toBeVisible()
    await bo.getByText('English').click()
    await own.restart()
    await bo.getByRole('button', { name: 'Check again' }).click()
    await expect(bo.getByText(/^Valid until/)).toBeVisible()
  } finally {
    await own.dispose()
  }
})
