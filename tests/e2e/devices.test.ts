import { readFileSync } from 'node:fs'
import { expect, test, type Browser, type BrowserContext, type Page } from 'playwright/test'
import { decodeRelayMessage } from '../../src/lib/sync/protocol.ts'
import { startRecordingProxy } from '../support/recording-proxy.ts'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  createWorkspace,
  frameworkWarnings,
  inviteLink,
  join,
  keepKit,
  killCore,
  openFirstBoard,
  panelOf,
  scanned,
  syncIs,
  twoPeople,
  workOffline,
  removeBo,
} from './steps.ts'

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

/** Begins a card in the second column. */
async function beginCard(page: Page, title: string): Promise<void> {
  const column = page.getByTestId('column').nth(1)
  await column
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  await column.getByRole('textbox', { name: /Add a card to/ }).fill(title)
}

/** A busy window: what its core says waits from `hold` on, and comes, one thing after the other, with `letGo`. */
async function busyWindow(page: Page): Promise<{ hold: () => Promise<void>; letGo: () => Promise<void> }> {
  await page.addInitScript(() => {
    const own = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage')!
    let held: (() => void)[] | null = null
    Object.defineProperty(MessagePort.prototype, 'onmessage', {
      ...own,
      set(this: MessagePort, listener: ((event: MessageEvent) => void) | null) {
        const deliver = (event: MessageEvent) =>
          held ? held.push(() => listener?.call(this, event)) : listener?.call(this, event)
        own.set!.call(this, listener && deliver)
      },
    })
    const hold = () => (held = [])
    const letGo = async () => {
      for (let next = held?.shift(); next; next = held?.shift()) {
        next()
        await new Promise((resolve) => setTimeout(resolve))
      }
      held = null
    }
    Object.assign(window, { hold, letGo })
  })
  await page.reload()
  type Busy = { hold: () => void; letGo: () => Promise<void> }
  return {
    hold: () => page.evaluate(() => (window as unknown as Busy).hold()),
    letGo: () => page.evaluate(() => (window as unknown as Busy).letGo()),
  }
}

const noAccess = (page: Page) => page.getByRole('heading', { name: 'You no longer have access to Skiff' })
const titleRead = (page: Page) => page.locator('#svelte-announcer')
const saidInPassing = (page: Page) => page.locator('.sr-only[role=status]')

/** The titles that a screen reader is told from now on. */
async function titlesRead(page: Page): Promise<() => Promise<string[]>> {
  await page.locator('#svelte-announcer').evaluate((announcer) => {
    const read: string[] = []
    new MutationObserver(() => read.push(announcer.textContent)).observe(announcer, {
      subtree: true,
      characterData: true,
      childList: true,
    })
    Object.assign(window, { read })
  })
  return () => page.evaluate(() => (window as unknown as { read: string[] }).read)
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
  // A link alone is no device.
  const herself = ann.getByRole('listitem').filter({ hasText: 'Ann' }).first()
  await expect(herself).toContainText('1 device')
  await expect(herself).toContainText('Link for a device, not used yet')

  const phone = await device(browser)
  await phone.goto(link)
  await phone.getByLabel('Name of this device').fill('Telephone')
  await phone.getByRole('button', { name: 'Link this device' }).click()
  // What a screen reader is told is where she is now.
  await expect(phone.locator('#svelte-announcer')).toHaveText(/^Home · /)
  await openFirstBoard(phone)
  await expect(cardNamed(phone, 'from the computer')).toHaveCount(1)
  await addCard(phone, 'from the phone')
  await expect(ann.getByRole('listitem').filter({ hasText: 'Telephone' }).first()).toBeVisible()
  const notice = ann.getByRole('status').filter({ hasText: 'A device was linked: “Telephone”' })
  await expect(notice).toContainText('If that was not you, remove it under People at once.')
  await notice.getByRole('link', { name: 'See my devices' }).click()
  await expect(ann.getByRole('listitem').filter({ hasText: 'Telephone' }).first()).toContainText('since')
  await expect(herself).toContainText('2 devices')
  await expect(herself).not.toContainText('not used yet')
  // One that she shows and does not need she takes back.
  await ann.getByRole('button', { name: 'Link a device' }).click()
  await ann.getByRole('button', { name: 'Show the link' }).click()
  await expect(ann.getByRole('dialog').getByRole('textbox')).toHaveValue(/\/link#/)
  await ann.keyboard.press('Escape')
  await ann.getByRole('button', { name: /^Withdraw/ }).click()
  await expect(herself).not.toContainText('not used yet')
  await ann.goto(board)
  await expect(cardNamed(ann, 'from the phone')).toHaveCount(1)
  await syncIs(ann, 'Synced')

  // Opened once more where it was used, the link leads home.
  await phone.goto(link)
  await expect(phone.getByText('This device is linked already: the workspace is here.')).toBeVisible()
  await phone.getByRole('link', { name: 'Open it' }).click()
  await expect(
    cardNamed(phone, 'from the phone')
      .or(phone.getByRole('link', { name: /First board/ }))
      .first(),
  ).toBeVisible()

  const thief = await device(browser)
  await thief.goto(link)
  const used = thief.getByText('This link has been used or withdrawn. Show a new one on the other device.')
  await expect(used).toBeVisible()
  await thief.getByLabel('Name of this device').fill('Thief')
  await thief.getByRole('button', { name: 'Link this device' }).click()
  await expect(thief.getByRole('button', { name: 'Link this device' })).toBeEnabled()
  await expect(used).toBeVisible()
})

test('second device: while its link is on the screen Ann is told there that it is in, and by which name @long', async ({
  browser,
}) => {
  const ann = await device(browser)
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Link a device' }).click()
  await ann.getByRole('button', { name: 'Show the link' }).click()
  const dialog = ann.getByRole('dialog')
  const link = await dialog.getByRole('textbox').inputValue()

  const phone = await device(browser)
  await phone.goto(link)
  await phone.getByLabel('Name of this device').fill('Telephone')
  await phone.getByRole('button', { name: 'Link this device' }).click()
  await expect(dialog).toContainText('“Telephone” is in.')
  await expect(ann.locator('.sr-only[role=status]').filter({ hasText: '“Telephone” is in.' })).toHaveCount(1)
  await expect(dialog.getByRole('img', { name: 'Scan with the other device' })).toHaveCount(0)
  await expect(dialog.getByRole('textbox')).toHaveCount(0)
  await expect(dialog.getByRole('button', { name: 'Done' })).toBeFocused()
  await axeFindsNothing(ann)
  await ann.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  // The next one has a link of its own.
  await ann.getByRole('button', { name: 'Link a device' }).click()
  await ann.getByRole('button', { name: 'Show the link' }).click()
  await expect(dialog.getByRole('textbox')).toHaveValue(/\/link#/)
  await expect(dialog.getByRole('textbox')).not.toHaveValue(link)
  await ann.keyboard.press('Escape')
})

test('recovery: the kit as it was saved or scanned brings an empty profile back in, is replaced, and works only once', async ({
  browser,
}) => {
  const lost = await device(browser)
  await lost.goto(relay.origin)
  await lost.getByRole('button', { name: /Create a workspace/ }).click()
  await expect(lost.getByLabel('Workspace name')).toBeFocused()
  await lost.getByLabel('Workspace name').fill('Skiff')
  await lost.getByLabel('Your name').fill('Ann')
  await lost.getByRole('button', { name: 'Create workspace' }).click()
  await expect(lost.getByRole('heading', { name: 'Your recovery kit' })).toBeFocused()
  await expect(lost.locator('#svelte-announcer')).toHaveText('Your recovery kit · Tongzhou')
  const read = await titlesRead(lost)
  const saving = lost.waitForEvent('download')
  await lost.getByRole('button', { name: 'Save as file' }).click()
  const sheet = readFileSync(await (await saving).path(), 'utf8')
  const code = await scanned(lost, 'The same as a code: scan it to open the page that recovers')
  const kit = await keepKit(lost)
  await expect.poll(async () => (await read()).at(-1)).toBe('First board · Skiff')
  expect((await read()).join()).not.toContain('Boards')
  await addCard(lost, 'before the laptop fell')
  await syncIs(lost, 'Synced')
  await contexts.shift()?.close()

  // What was wrong is said beside each field, and what cannot be an address at once.
  const fresh = await device(browser)
  await fresh.goto(relay.origin)
  await fresh.getByRole('button', { name: 'Recover with my kit' }).click()
  const field = {
    words: fresh.getByLabel('Recovery words'),
    workspace: fresh.getByLabel('Workspace number on the kit'),
    relay: fresh.getByLabel('Server address on the kit'),
  }
  await expect(field.words).toBeFocused()
  await field.words.fill('abandon ability')
  await field.workspace.fill(kit.workspace.slice(1))
  await field.relay.fill('hello')
  await fresh.getByRole('button', { name: 'Recover', exact: true }).click()
  await expect(field.words).toHaveAccessibleDescription('A kit has twelve words; here are 2 words.')
  await expect(field.workspace).toHaveAccessibleDescription(/32 digits and letters from a to f; here are 31/)
  await expect(field.relay).toHaveAccessibleDescription(/begins with wss:/)
  // Where nobody answers.
  await field.words.fill(sheet)
  await field.relay.fill(kit.relay.replace(/:\d+/, ':9'))
  await fresh.getByRole('button', { name: 'Recover', exact: true }).click()
  await expect(field.relay).toHaveAccessibleDescription(/:9 cannot be reached/)
  await field.relay.fill(kit.relay)
  // However she divides the words, they are twelve.
  for (const mark of ['，', '、', ', ', '; ']) {
    await field.words.fill(kit.words.replaceAll('\n', mark))
    await expect(field.words).toHaveAccessibleDescription('12 words so far')
  }
  await field.words.fill(sheet)
  await field.workspace.fill('0'.repeat(32))
  await fresh.getByRole('button', { name: 'Recover', exact: true }).click()
  await expect(field.workspace).toHaveAccessibleDescription(/The server knows no workspace of this number/)
  await field.words.fill(`${(await field.words.inputValue()).split(' ').slice(1).join(' ')} tongzhou`)
  await field.relay.fill(kit.relay)
  await fresh.getByRole('button', { name: 'Recover', exact: true }).click()
  await expect(field.words).toHaveAccessibleDescription(
    '“tongzhou” does not occur in recovery kits. Check its spelling.',
  )

  await field.words.fill(sheet)
  await expect(field.workspace).toHaveValue(kit.workspace)
  await expect(field.relay).toHaveValue(kit.relay)
  await fresh.getByRole('button', { name: 'Recover', exact: true }).click()
  await expect(fresh.getByText('Recovery kit of Ann for Skiff')).toBeVisible()
  const next = await keepKit(fresh)
  expect(next.words).not.toBe(kit.words)
  // What a screen reader is told is where Ann is now.
  const told = fresh.locator('#svelte-announcer')
  await expect(told).toHaveText('Home · Skiff')
  await openFirstBoard(fresh)
  await expect(told).toHaveText('First board · Skiff')
  await expect(cardNamed(fresh, 'before the laptop fell')).toHaveCount(1)
  await addCard(fresh, 'after it')
  await syncIs(fresh, 'Synced')

  const finder = await device(browser)
  await finder.goto(code ?? '')
  await expect(finder.getByLabel('Workspace number on the kit')).toHaveValue(kit.workspace)
  await finder.getByRole('button', { name: 'Recover', exact: true }).click()
  await expect(finder.getByLabel('Recovery words')).toHaveAccessibleDescription(/This kit has been used or replaced\./)
})

test('recovery: words that do not count any more are said to be void on the device that showed them, also while they are before her, and Ann has newer ones or makes them @long', async ({
  browser,
}) => {
  const laptop = await device(browser)
  const kit = await createWorkspace(laptop, relay.origin, 'Skiff', 'Ann')
  await syncIs(laptop, 'Synced')
  const phone = await device(browser)
  await phone.goto(`${relay.origin}/recover`)
  await phone.getByLabel('Recovery words').fill(kit.words)
  await phone.getByLabel('Workspace number on the kit').fill(kit.workspace)
  await phone.getByRole('button', { name: 'Recover', exact: true }).click()
  await keepKit(phone)
  const isVoid = (page: Page) => page.getByRole('status').filter({ hasText: 'do not count any more' })
  await expect(isVoid(laptop)).toBeVisible()
  await expect(isVoid(phone)).toHaveCount(0)

  await isVoid(laptop).getByRole('button', { name: 'Make a new kit' }).click()
  const words = laptop.getByRole('list', { name: /Recovery words/ })
  await expect(words).toBeVisible()
  await isVoid(phone).getByRole('button', { name: 'Make a new kit' }).click()
  await expect(isVoid(laptop)).toBeVisible()
  await expect(words).toHaveCount(0)
  await expect(laptop.getByRole('heading', { name: 'Your recovery kit' })).toBeFocused()
  await axeFindsNothing(laptop)
  await keepKit(phone)
  await isVoid(laptop).getByRole('button', { name: 'I have the newer words' }).click()
  await expect(laptop.getByTestId('column').first()).toBeVisible()
  for (const page of [laptop, phone]) await expect(isVoid(page)).toHaveCount(0)
  await laptop.reload()
  await expect(laptop.getByTestId('column').first()).toBeVisible()
  await expect(isVoid(laptop)).toHaveCount(0)
})

test('a refused edit is discarded for good only after a question, which leads back to it @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await workOffline(bo)
  await addCard(bo, 'too late')
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Bo: actions' }).click()
  await ann.getByRole('menuitem', { name: /^Guest/ }).click()
  await expect(ann.getByRole('listitem').filter({ hasText: 'Bo' }).first()).toContainText('Guest')
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, '1 edit refused')
  await bo.getByTestId('sync-state').click()
  const question = bo.getByRole('dialog', { name: /^Discard/ })
  const discard = bo.locator('[data-popover-content]').getByRole('button', { name: 'Discard draft' })
  await discard.click()
  await expect(question).toContainText('cannot be brought back')
  await axeFindsNothing(bo)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toHaveCount(0)
  await expect(discard).toHaveCount(1)
  await expect(bo.locator('[data-popover-content] :focus')).toHaveCount(1)
  await discard.click()
  await question.getByRole('button', { name: 'Discard draft' }).click()
  await expect(question).toHaveCount(0)
  await expect(bo.getByTestId('sync-state')).toHaveAttribute('data-state', 'synced')
  await expect(discard).toHaveCount(0)
  await leave()
})

test('a phone’s bar with news, colleagues and a refused edit: the board’s name stands on one line, long enough to be known, and can be had whole @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await workOffline(bo)
  await addCard(bo, 'too late')
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Bo: actions' }).click()
  await ann.getByRole('menuitem', { name: /^Guest/ }).click()
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, '1 edit refused')
  await openFirstBoard(ann)
  await addCard(ann, 'Ask for the price of canvas')
  await expect(bo.getByTestId('news-button')).toBeVisible()
  await expect(bo.getByTestId('presence')).toBeVisible()
  await bo.setViewportSize({ width: 360, height: 740 })
  const heading = bo.getByRole('heading', { level: 1 })
  const name = heading.getByTitle(/./)
  for (const title of ['First board', 'Everything about the summer regatta', '夏季帆船赛的全部筹备工作']) {
    await ann.getByRole('heading', { level: 1 }).getByTitle(/./).dblclick()
    await ann.getByRole('textbox', { name: 'Board name' }).fill(title)
    await ann.keyboard.press('Enter')
    await expect(heading).toHaveAccessibleName(title)
    await expect(name).toHaveAttribute('title', title)
    const { lines, shown, over } = await name.evaluate((element) => {
      const { fontSize, lineHeight } = getComputedStyle(element)
      return {
        lines: Math.round(element.clientHeight / parseFloat(lineHeight)),
        shown: element.clientWidth / parseFloat(fontSize),
        over: document.documentElement.scrollWidth > innerWidth,
      }
    })
    expect({ lines, over }).toEqual({ lines: 1, over: false })
    // Five Chinese letters, or ten Latin ones.
    expect(shown).toBeGreaterThanOrEqual(5)
    await expect(bo.getByRole('button', { name: 'Search' })).toBeInViewport({ ratio: 1 })
  }
  await leave()
})

test('removal: Bo is told, what he wrote last can be read and saved, and then nothing is left on his device', async ({
  browser,
}) => {
  const ann = await device(browser)
  const warnings = frameworkWarnings(ann)
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  const link = await inviteLink(ann)
  const bo = await device(browser)
  const hisWarnings = frameworkWarnings(bo)
  await join(bo, link, 'Bo')
  await openFirstBoard(bo)
  await addCard(bo, 'Bo was here')
  await addCard(bo, 'put away')
  await syncIs(bo, 'Synced')
  const board = bo.url()

  // Bo works offline while Ann removes him.
  await bo.getByTestId('sync-state').click()
  await bo.getByRole('switch', { name: 'Work offline' }).click()
  await bo.keyboard.press('Escape')
  await addCard(bo, 'written without knowing')
  await removeBo(ann)
  await expect(ann.getByText('Bo was removed').first()).toBeVisible()
  await expect(ann.getByRole('listitem').filter({ hasText: 'Removed' })).toContainText('Bo')
  await expect(ann.getByRole('dialog')).toHaveCount(0)
  await syncIs(ann, 'Synced')
  expect(warnings).toEqual([])

  // A message still offers to take back what he did last.
  await cardNamed(bo, 'put away').getByRole('link').focus()
  await bo.keyboard.press('e')
  await expect(bo.getByText('Undo', { exact: true })).toBeVisible()
  await bo.getByTestId('sync-state').click()
  await bo.getByRole('switch', { name: 'Work offline' }).click()
  await bo.keyboard.press('Escape')
  await expect(bo.getByRole('heading', { name: 'You no longer have access to Skiff' })).toBeVisible()
  await expect(bo.getByText('Undo', { exact: true })).toHaveCount(0)
  await expect(bo.locator('.sr-only[role=status]')).toHaveText(['', ''])
  await expect(bo.locator('#svelte-announcer')).toHaveText('You no longer have access to Skiff · Tongzhou')
  await axeFindsNothing(bo)
  await expect(bo.getByText('Added “written without knowing” to “To do”')).toBeVisible()
  // What nobody else has is not deleted before he has been asked.
  const remove = bo.getByRole('button', { name: 'Delete from this device' })
  await remove.click()
  const question = bo.getByRole('dialog', { name: 'Remove Skiff from this device?' })
  await expect(question).toContainText('neither saved nor copied yet')
  await axeFindsNothing(bo)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toHaveCount(0)
  await expect(remove).toBeFocused()
  await expect(bo.getByText('Added “written without knowing” to “To do”')).toBeVisible()
  const saving = bo.waitForEvent('download')
  await bo.getByRole('button', { name: 'Save unsent edits as a file' }).click()
  expect(readFileSync(await (await saving).path(), 'utf8')).toContain('written without knowing')
  // Also when the page is opened again he has saved it.
  await bo.reload()
  await expect(bo.getByText('Added “written without knowing” to “To do”')).toBeVisible()
  await bo.getByRole('button', { name: 'Delete from this device' }).click()
  await expect(bo.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  // It stands in the list of his workspaces until all of it is deleted.
  await expect(bo.getByText('Skiff')).toHaveCount(0)
  await bo.goto(board)
  await expect(bo.getByText('This workspace is not on this device')).toBeVisible()
  expect(hisWarnings).toEqual([])

  await ann
    .getByRole('link', { name: /First board/ })
    .first()
    .click()
  await expect(cardNamed(ann, 'Bo was here')).toHaveCount(1)
  await expect(cardNamed(ann, 'written without knowing')).toHaveCount(0)
})

test('removal: the title that Bo is typing when Ann removes him, and the card that he has begun, are on his screen and in his file @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  // What he has begun in a workspace of his own stays out of it.
  await createWorkspace(bo, relay.origin, 'Of his own', 'Bo')
  await openFirstBoard(bo)
  const own = bo.getByTestId('column').first()
  await own
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  await own.getByRole('textbox', { name: /Add a card to/ }).fill('Nobody’s business')
  await bo.getByRole('button', { name: 'Of his own: Switch workspace' }).click()
  await bo.getByRole('menuitem', { name: 'Skiff' }).click()
  await openFirstBoard(bo)
  await addCard(bo, 'Sails')
  await beginCard(bo, 'Ask for the price of canvas')
  await syncIs(bo, 'Synced')
  await cardNamed(bo, 'Sails').getByRole('link').click()
  const typedTitle = 'Three sails of the old canvas, mended, and one that is new'
  const title = panelOf(bo).getByRole('textbox', { name: 'Title' })
  await title.fill(typedTitle)
  await expect(title).toBeFocused()

  await removeBo(ann)
  await expect(noAccess(bo)).toBeVisible()
  const words = bo.getByTestId('typed-words').getByRole('listitem')
  for (const text of [typedTitle, 'Ask for the price of canvas'])
    await expect(words.filter({ hasText: text })).toHaveCount(1)
  await expect(words).toHaveCount(2)
  // All else had been confirmed.
  await expect(bo.getByText('Written by you, and not confirmed before the removal:')).toHaveCount(0)
  await axeFindsNothing(bo)
  const saving = bo.waitForEvent('download')
  await bo.getByRole('button', { name: 'Save unsent edits as a file' }).click()
  expect(JSON.parse(readFileSync(await (await saving).path(), 'utf8'))).toMatchObject({
    typed: expect.arrayContaining([typedTitle, 'Ask for the price of canvas']),
  })
  // The title that was refused is no second message of it.
  await expect(bo.locator('[data-stays]').first().getByText('You were removed from this workspace.')).toHaveCount(0)

  // A window that knows of none of these words does not say that all he wrote was confirmed.
  const second = await bo.context().newPage()
  await second.goto(bo.url())
  await expect(second.getByText('All edits that had been saved on this device were confirmed')).toBeVisible()
  await expect(second.getByText('Everything that you wrote')).toHaveCount(0)
  // Nor does it take them from the one where they stand.
  await second.getByRole('button', { name: 'Delete from this device' }).click()
  await expect(second.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  const deleted = 'The workspace was deleted from this device in another window.'
  await expect(bo.getByRole('paragraph').filter({ hasText: deleted })).toBeVisible()
  await expect(bo.getByRole('status').filter({ hasText: deleted })).toHaveCount(1)
  await expect(words).toHaveCount(2)
  await axeFindsNothing(bo)
  const savingAfter = bo.waitForEvent('download')
  await bo.getByRole('button', { name: 'Save unsent edits as a file' }).click()
  expect(JSON.parse(readFileSync(await (await savingAfter).path(), 'utf8'))).toMatchObject({
    name: 'Skiff',
    typed: expect.arrayContaining([typedTitle, 'Ask for the price of canvas']),
  })
  await bo.getByRole('button', { name: 'Discard it' }).click()
  await expect(bo.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  await leave()
})

test('removal: what Bo does before his window has heard of it is on its page or refused without a word beside it @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(bo, 'Sails')
  const window = await busyWindow(bo)
  await cardNamed(bo, 'Sails').getByRole('link').click()
  const description = panelOf(bo).getByRole('textbox', { name: 'Description' })
  await description.click()
  await bo.keyboard.type('Of old canvas')
  await syncIs(bo, 'Synced')
  const second = await bo.context().newPage()
  await second.goto(bo.url())
  await expect(second.getByTestId('column').first()).toBeVisible()

  await window.hold()
  await removeBo(ann)
  await expect(noAccess(second)).toBeVisible()
  await description.press('End')
  await bo.keyboard.type(', mended')
  await expect(description).toHaveText('Of old canvas, mended')
  await panelOf(bo).getByRole('button', { name: 'Close' }).click()
  await beginCard(bo, 'Ask for the price of canvas')
  await bo.keyboard.press('Enter')
  // Already on to the next one.
  await bo.keyboard.type('Ask Mo')
  await bo.getByRole('button', { name: 'New board' }).first().click()
  await bo.getByRole('dialog').getByRole('textbox').first().fill('Winter')
  await bo.keyboard.press('Enter')
  await window.letGo()
  await expect(noAccess(bo)).toBeVisible()
  await expect(bo.getByText('Changed the description of “Sails”: Of old canvas, mended')).toBeVisible()
  await expect(bo.getByTestId('typed-words').getByRole('listitem')).toHaveText([
    'Ask Mo',
    'Winter',
    'Ask for the price of canvas',
  ])
  await expect(bo.getByText('You do not have the right to do this.')).toHaveCount(0)
  await expect(bo.getByText('You were removed from this workspace.')).toHaveCount(0)
  await expect(saidInPassing(bo)).toHaveText(['', ''])
  await leave()
})

test('removal: a title that Bo is typing stays before him until its page has it, whatever his other window writes, and where his core ends meanwhile @long', async ({
  browser,
}) => {
  let isUntold = false
  const proxy = await startRecordingProxy(relay.port, (data) => {
    const message = decodeRelayMessage(new Uint8Array(data))
    return isUntold && message.ok && message.value.type === 'gone'
  })
  const { ann, bo, board, leave } = await twoPeople(browser, proxy.origin)
  await addCard(bo, 'Sails')
  await syncIs(bo, 'Synced')
  const second = await bo.context().newPage()
  await second.goto(board)
  await cardNamed(bo, 'Sails').getByRole('link').click()
  await panelOf(bo).getByRole('textbox', { name: 'Description' }).click()
  await cardNamed(second, 'Sails').getByRole('link').click()
  const typedTitle = 'Three sails of the old canvas, mended'
  const title = panelOf(second).getByRole('textbox', { name: 'Title' })
  await title.fill(typedTitle)

  isUntold = true
  await removeBo(ann)
  // A new window has nothing of his: as soon as his core has heard of it, it shows none of the boards.
  const third = await bo.context().newPage()
  const noBoard = third.getByText(/Fetching the workspace…|This board is not on this device\./)
  const showsNone = async () => {
    await third.goto(board)
    await expect(third.getByTestId('column').or(noBoard).first()).toBeVisible()
    expect(await noBoard.isVisible()).toBe(true)
  }
  await expect(showsNone).toPass()
  await bo.keyboard.type('Of old canvas')
  await expect(panelOf(bo).getByRole('textbox', { name: 'Description' })).toHaveText('Of old canvas')
  await expect(title).toBeFocused()
  await killCore(bo)
  await expect(showsNone).toPass()
  await expect(title).toBeFocused()
  await expect(title).toHaveValue(typedTitle)

  isUntold = false
  for (const page of [bo, second]) await expect(noAccess(page)).toBeVisible()
  await expect(second.getByTestId('typed-words').getByRole('listitem')).toHaveText([typedTitle])
  await leave()
  await proxy.close()
})

test('removal: Bo joins again in another window; the page with words that he was typing waits until he has them or discards them, and pages without go on @long', async ({
  browser,
}) => {
  const { ann, bo, board, leave } = await twoPeople(browser, relay.origin)
  await addCard(bo, 'Sails')
  const [second, quiet] = [await bo.context().newPage(), await bo.context().newPage()]
  await second.goto(board)
  await quiet.goto(board)
  await beginCard(bo, 'Ask for the price of canvas')
  await cardNamed(bo, 'Sails').getByRole('link').click()
  const typedTitle = 'Three sails of the old canvas, mended'
  await panelOf(bo).getByRole('textbox', { name: 'Title' }).fill(typedTitle)
  await beginCard(second, 'Rope, forty metres')
  await expect(quiet.getByTestId('column').first()).toBeVisible()
  await syncIs(bo, 'Synced')
  await removeBo(ann)
  for (const page of [bo, second, quiet]) await expect(noAccess(page)).toBeVisible()
  const link = await inviteLink(ann)
  const third = await bo.context().newPage()
  await third.goto(board)
  await third.getByRole('button', { name: 'Delete from this device' }).click()
  await expect(third.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  await expect(quiet.getByText('This workspace is not on this device')).toBeVisible()
  await expect(titleRead(quiet)).toHaveText('Nothing here · Tongzhou')
  await join(third, link, 'Bo')

  await expect(quiet.getByTestId('column').first()).toBeVisible()
  await expect(titleRead(quiet)).toHaveText('First board · Skiff')
  for (const page of [bo, second]) {
    await expect(page.getByRole('heading', { name: 'You are in Skiff again' })).toBeVisible()
    await expect(titleRead(page)).toHaveText('You are in Skiff again · Tongzhou')
    await expect(saidInPassing(page).filter({ hasText: 'have joined it again in another window' })).toHaveCount(1)
    await expect(noAccess(page)).toHaveCount(0)
    await axeFindsNothing(page)
  }
  const words = bo.getByTestId('typed-words').getByRole('listitem')
  await expect(words).toHaveText(['Ask for the price of canvas', typedTitle])

  await bo.getByRole('button', { name: 'Open the workspace' }).click()
  await expect(titleRead(bo)).toHaveText('First board · Skiff')
  await expect(
    bo
      .getByTestId('column')
      .nth(1)
      .getByRole('button', { name: /Add a card to/ })
      .last(),
  ).toHaveText('Ask for the price of canvas')
  const message = bo.locator('[data-stays]').first().getByText(typedTitle)
  await expect(message).toBeVisible()
  await expect(bo.getByRole('status').filter({ hasText: typedTitle })).toHaveCount(1)
  // What goes on being typed there does not bring the page back.
  for (const page of [bo, quiet]) {
    await beginCard(page, 'Ask for the price of new canvas')
    await expect(page.getByTestId('column').nth(1).getByRole('textbox')).toHaveValue('Ask for the price of new canvas')
  }
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await bo.getByRole('button', { name: 'Copy text' }).click()
  await expect
    .poll(() => bo.evaluate(() => navigator.clipboard.readText()))
    .toBe(`Ask for the price of canvas\n${typedTitle}`)
  await expect(message).toHaveCount(0)

  await second.getByRole('button', { name: 'Discard it' }).click()
  const question = second.getByRole('dialog', { name: 'Discard what you wrote?' })
  await expect(question).toContainText('neither saved nor copied yet')
  await question.getByRole('button', { name: 'Discard it' }).click()
  await expect(second.getByTestId('column').first()).toBeVisible()
  await expect(titleRead(second)).toHaveText('First board · Skiff')
  await expect(second.getByText('Rope, forty metres')).toHaveCount(0)
  // Nor is he asked about them when he closes the window.
  const isLeftUnasked = () => dispatchEvent(new Event('beforeunload', { cancelable: true }))
  expect(await second.evaluate(isLeftUnasked)).toBe(true)
  await leave()
})

test('Bo, a guest by now, is offered no board to create and nothing to import, and reads why; of two Bos the history names the one who was removed', async ({
  browser,
}) => {
  const { ann, bo, board, leave } = await twoPeople(browser, relay.origin)
  await addCard(bo, 'by the first Bo')
  const create = bo.getByRole('button', { name: 'Create a board' })
  const newBoard = bo.getByRole('button', { name: 'New board' })
  await bo.getByRole('link', { name: 'Home' }).first().click()
  await expect(create).toBeVisible()
  await expect(newBoard).toBeVisible()
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Bo: actions' }).click()
  await ann.getByRole('menuitem', { name: /^Guest/ }).click()
  await expect(bo.getByText('As a guest you can look at boards, but not create or import any.')).toBeVisible()
  await expect(create).toHaveCount(0)
  await expect(newBoard).toHaveCount(0)
  await expect(bo.getByRole('button', { name: /Import/ })).toHaveCount(0)
  await axeFindsNothing(bo)
  await bo.keyboard.press('ControlOrMeta+k')
  await bo.getByRole('combobox').fill('board')
  await expect(bo.getByRole('option', { name: /First board/ })).toBeVisible()
  await expect(bo.getByRole('option', { name: /Create a board|Import/ })).toHaveCount(0)

  await removeBo(ann)
  const again = await browser.newContext()
  await join(await again.newPage(), await inviteLink(ann), 'Bo')
  await ann.goto(board)
  await ann.getByTestId('board-menu').click()
  await ann.getByRole('menuitem', { name: 'History', exact: true }).click()
  const doneBy = ann.getByRole('combobox', { name: 'Done by' })
  await expect(doneBy.getByRole('option')).toHaveText(['Everybody', 'Ann', 'Bo', 'Bo (removed)'])
  await expect(ann.getByText(/^Bo \(removed\) ·/)).toHaveCount(1)
  await again.close()
  await leave()
})
