import { randomBytes } from 'node:crypto'
import { chromium, expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  createWorkspace,
  openFirstBoard,
  panelOf,
  syncIs,
  twoPeople,
  workOffline,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('language and theme: switching keeps half-typed text in quick add, title, description and forms', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Switch', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'a card')
  /** As an extension, another tab or the system would switch: the focus stays where it is. */
  const palette = async (what: RegExp) => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /Search and commands|搜索/ }).fill('')
    await page.getByRole('option', { name: what }).click()
  }
  const english = /Switch to English/
  const chinese = /切换到中文/
  const theme = /Switch between light and dark|切换浅色与深色/

  // Another tab follows at once.
  const other = await page.context().newPage()
  await other.goto(page.url())
  await expect(other.getByTestId('column').first()).toBeVisible()
  // A menu that is open there, too.
  await other.getByTestId('board-menu').click()
  await expect(other.getByRole('menuitem', { name: 'Replay' })).toBeVisible()
  await palette(chinese)
  await expect(other.getByRole('link', { name: '首页', includeHidden: true }).first()).toBeAttached()
  await expect(other.getByRole('menuitem', { name: '回放' })).toBeVisible()
  await other.keyboard.press('Escape')
  await palette(english)
  await palette(theme)
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark')
  // The title bar has the colour of the theme, whatever the system has; and of the theme that is there at the start.
  const titleBar = (one: Page) =>
    one.evaluate(() =>
      [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')]
        .filter(({ media }) => matchMedia(media).matches)
        .map(({ content }) => content),
    )
  await expect.poll(() => titleBar(other)).toEqual(['#0f1214'])
  await other.reload()
  expect(await titleBar(other)).toEqual(['#0f1214'])
  await expect(page.getByRole('status').filter({ hasText: /^Theme: Dark$/ })).toHaveCount(1)
  await palette(theme)
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'light')
  await other.close()

  const column = page.getByTestId('column').first()
  await column
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  await page.keyboard.type('half a card')
  await palette(chinese)
  await expect(column.getByRole('textbox')).toHaveValue('half a card')
  await palette(english)
  await expect(column.getByRole('textbox')).toHaveValue('half a card')
  await palette(theme)
  await expect(page.locator('html')).toHaveAttribute('data-theme', /dark/)
  await expect(column.getByRole('textbox')).toHaveValue('half a card')
  await column.getByRole('textbox').press('Escape')

  await cardNamed(page, 'a card').click()
  const description = panelOf(page).getByRole('textbox', { name: /Description|说明|描述/ })
  await description.click()
  await page.keyboard.type('half a description')
  await palette(chinese)
  await expect(panelOf(page).getByRole('textbox', { name: '描述' })).toHaveText('half a description')
  await palette(english)
  await expect(description).toHaveText('half a description')
  await panelOf(page).getByRole('textbox', { name: 'Title' }).fill('half a title')
  await palette(chinese)
  await expect(panelOf(page).getByRole('textbox').first()).toHaveValue('half a title')
  await palette(english)
  await syncIs(page, 'Synced')

  // What a message says and offers, it says and offers in the language of the screen.
  await panelOf(page).getByRole('button', { name: 'Archive card' }).click()
  await expect(page.getByText('Archived “half a title”').last()).toBeVisible()
  await palette(chinese)
  await expect(page.getByText('已归档“half a title”').last()).toBeVisible()
  // And a screen reader comes upon nothing that was said in the other language.
  await expect(page.getByRole('status').filter({ hasText: /Theme|Archived/ })).toHaveCount(0)
  await page.getByText('撤销', { exact: true }).click()
  await expect(cardNamed(page, 'half a title')).toHaveCount(1)
})

test('insecure address: one page says why and what to do, in both languages, and nothing else is tried', async () => {
  const { launchOptions } = test.info().project.use
  const browser = await chromium.launch({
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--host-resolver-rules=MAP intranet.example 127.0.0.1'],
  })
  try {
    const page = await browser.newPage({ locale: 'en-GB' })
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(relay.origin.replace('127.0.0.1', 'intranet.example'))
    await expect(page.getByRole('heading', { name: 'This address is not secure' })).toBeVisible()
    await expect(page.getByText('http://intranet.example')).toBeVisible()
    await expect(page.getByText('put the server behind HTTPS')).toBeVisible()
    await expect(page.getByRole('button', { name: /Create a workspace/ })).toHaveCount(0)
    await page.getByText('简体中文').click()
    await expect(page.getByText('HTTPS').first()).toBeVisible()
    await expect(page.getByText('This address is not secure')).toHaveCount(0)
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
})

test('storage: a refused persist() is said with a way to ask again; a full disk is said and keeps what is there', async ({
  browser,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await page.goto(relay.origin)
  const quota = (quotaSize?: number) =>
    session.send('Storage.overrideQuotaForOrigin', { origin: relay.origin, ...(quotaSize && { quotaSize }) })
  await quota(350_000)
  await createWorkspace(page, relay.origin, 'Disk', 'Ann')
  await openFirstBoard(page)
  await syncIs(page, 'Synced')
  await page.getByTestId('sync-state').click()
  await expect(page.getByText('The browser may delete this data when space runs short.')).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  // Random letters, which no compression makes smaller.
  const rows = Array.from({ length: 500 }, (_, row) => `does not fit ${row} ${randomBytes(350).toString('base64')}\n`)
  const file = { name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.from(`title\n${rows.join('')}`) }
  await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: 'Import 500 cards' }).click()
  await expect(page.getByText('This device has no space left').first()).toBeVisible()
  await expect(page.getByTestId('sync-state').first()).not.toHaveAccessibleName(/Synced/)
  await quota()
  await addCard(page, 'fits again')
  await expect(page.getByText('This device has no space left')).toHaveCount(0)
  await syncIs(page, 'Synced')
  await page.reload()
  await expect(page.getByRole('region', { name: 'Column To do, 503 cards' })).toBeVisible()

  await page.getByRole('link', { name: 'Settings', exact: true }).first().click()
  await expect(page.getByText('Not protected')).toBeVisible()
  await page.getByRole('button', { name: 'Protect it' }).click()
  await expect(page.getByText('The browser refused.').first()).toBeVisible()
  await expect(page.getByText('Not protected')).toBeVisible()
  await context.close()
})

test('theme: to whoever wants no motion nothing fades from the old colours to the new ones @long', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await createWorkspace(page, relay.origin, 'Still', 'Ann')
  await openFirstBoard(page)
  await page.evaluate(() => {
    const fading: string[] = []
    document.addEventListener('transitionrun', ({ propertyName }) => fading.push(propertyName))
    Object.assign(window, { fading })
  })
  const title = page.getByTestId('card').first().getByRole('link')
  const color = () => title.evaluate((element) => getComputedStyle(element).color)
  const before = await color()
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await expect.poll(color).not.toBe(before)
  expect(await page.evaluate(() => (window as unknown as { fading: string[] }).fading)).toEqual([])
})

test('names: Bo corrects his and Ann the workspace’s, and both read them; two that were given at once are kept until one is chosen @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const settings = (page: Page) => page.getByRole('link', { name: /^Settings/ }).first()
  const change = (page: Page) => page.getByRole('button', { name: 'Change your name' })
  const rename = (page: Page) => page.getByRole('button', { name: 'Rename the workspace' })
  const field = (page: Page) => page.getByRole('dialog').getByRole('textbox')

  await settings(bo).click()
  await change(bo).focus()
  await bo.keyboard.press('Enter')
  await expect(field(bo)).toHaveValue('Bo')
  await expect(field(bo)).toBeFocused()
  await bo.keyboard.press('Control+a')
  await bo.keyboard.press('Delete')
  await expect(bo.getByRole('alert')).toHaveText('Please enter your name.')
  await bo.keyboard.press('Enter')
  await expect(bo.getByRole('dialog').getByRole('button', { name: 'Save' })).toBeDisabled()
  await bo.keyboard.type(' Bo Ek ')
  await axeFindsNothing(bo)
  await bo.keyboard.press('Enter')
  await expect(bo.getByRole('dialog')).toHaveCount(0)
  await expect(change(bo)).toBeFocused()
  await expect(bo.getByRole('main').getByText('Bo Ek', { exact: true })).toBeVisible()
  // A member calls the workspace nothing else.
  await expect(rename(bo)).toHaveCount(0)

  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Bo Ek: actions' }).click()
  await ann.getByRole('menuitem', { name: 'Administrator' }).click()
  await settings(ann).click()
  const nameIt = async (page: Page, name: string) => {
    await rename(page).click()
    await field(page).fill(name)
    await field(page).press('Enter')
    await expect(page.getByRole('button', { name: `${name}: switch workspace` })).toBeVisible()
  }
  await nameIt(ann, 'Skiff Audio')
  await expect(bo.getByRole('button', { name: 'Skiff Audio: switch workspace' })).toBeVisible()

  // One that comes while another is typed is not replaced unread.
  await rename(bo).click()
  await field(bo).fill('Skiff Sound')
  await nameIt(ann, 'Farsail')
  await expect(bo.getByTestId('meanwhile')).toContainText('changed this to “Farsail” meanwhile.')
  await axeFindsNothing(bo)
  await bo.getByTestId('meanwhile').getByRole('button', { name: 'Take theirs' }).click()
  await expect(field(bo)).toHaveValue('Farsail')
  await bo.keyboard.press('Escape')

  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await nameIt(ann, 'Farsail Audio')
  await syncIs(ann, 'Synced')
  await nameIt(bo, '远帆')
  await workOffline(bo)
  for (const page of [ann, bo]) {
    const choice = page.getByRole('group', { name: 'Workspace name' })
    await expect(choice.getByRole('listitem').filter({ hasText: 'Ann' })).toContainText('Farsail Audio')
    await expect(choice.getByRole('listitem').filter({ hasText: 'Bo Ek' })).toContainText('远帆')
    await expect(settings(page)).toHaveAccessibleName('Settings 1 name was changed in two places at once')
  }
  await bo.setViewportSize({ width: 360, height: 740 })
  await axeFindsNothing(bo)
  await expect(bo.getByRole('button', { name: 'Open navigation' })).toHaveAccessibleDescription(
    '1 name was changed in two places at once',
  )
  await bo.getByRole('button', { name: /^Keep “Farsail Audio” by Ann/ }).click()
  await expect(rename(bo)).toBeFocused()
  await bo.setViewportSize({ width: 1280, height: 720 })
  for (const page of [ann, bo]) {
    await expect(page.getByRole('button', { name: 'Farsail Audio: switch workspace' })).toBeVisible()
    await expect(page.getByTestId('contested-name')).toHaveCount(0)
    await expect(settings(page)).toHaveAccessibleName('Settings')
  }
  await leave()
})
