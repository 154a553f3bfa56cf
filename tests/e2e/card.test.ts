import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  boxOf,
  cardNamed,
  createWorkspace,
  moveCaret,
  openFirstBoard,
  openQuickAdd,
  pressOn,
  syncIs,
  twoPeople,
  workOffline,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const panel = (page: Page) => page.getByTestId('card-panel')
const description = (page: Page) => panel(page).getByRole('textbox', { name: 'Description' })
const openAnyCard = async (page: Page) => {
  await page.getByTestId('card').first().getByRole('link').click()
  await expect(description(page)).toBeVisible()
}

test('whoever ticks an item right after writing in the description ticks that one: nothing moves under a press', async ({
  context,
}) => {
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Ticks', 'Ann')
  await openFirstBoard(page)
  await openAnyCard(page)
  const add = panel(page).getByRole('textbox', { name: 'Add an item' })
  for (const item of ['one', 'two', 'three']) {
    await add.fill(item)
    await add.press('Enter')
    await expect(panel(page).getByRole('checkbox', { name: item })).toBeVisible()
  }
  await description(page).click()
  await page.keyboard.type('Call the supplier')
  await expect(panel(page).getByRole('button', { name: /^Bold/ })).toBeVisible()
  const { x, y } = await boxOf(panel(page).getByRole('checkbox', { name: 'two' }))
  await page.mouse.move(x + 5, y + 5)
  await page.mouse.down()
  await expect(description(page)).not.toBeFocused()
  // As long as the button is down the box stands where it was pressed.
  expect(await boxOf(panel(page).getByRole('checkbox', { name: 'two' }))).toMatchObject({ x, y })
  await page.mouse.up()
  await expect(panel(page).getByRole('checkbox', { name: 'two' })).toBeChecked()
  await expect(panel(page).getByRole('button', { name: /^Bold/ })).toBeHidden()
})

test('whoever writes in a card that was archived, and presses a choice in it, has pressed that: it turns read-only when the press is over', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bo.setViewportSize({ width: 1280, height: 600 })
  await addCard(ann, 'The mould')
  await cardNamed(bo, 'The mould').click()
  await workOffline(ann)
  await cardNamed(ann, 'The mould').click()
  await panel(ann).getByRole('button', { name: 'Archive card' }).click()
  await description(bo).click()
  await bo.keyboard.type('Four colours')
  await syncIs(bo, 'Synced')
  await workOffline(ann)
  const keep = panel(bo).getByRole('button', { name: 'Keep “Description: Four colours” by Bo (Where it is)' })
  await expect(keep).toBeVisible()
  await expect(description(bo)).toBeFocused()
  const { x, y } = await pressOn(bo, keep, 5, 5)
  await expect(description(bo)).not.toBeFocused()
  expect(await boxOf(keep)).toMatchObject({ x, y })
  await expect(panel(bo).getByRole('textbox', { name: 'Title' })).toBeEditable()
  await bo.mouse.up()
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  await expect(keep).toHaveCount(0)
  await leave()
})

test('description: bold, a list and a link by button and by key; a second tab shows the same, after a reload too', async ({
  context,
}) => {
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Words', 'Ann')
  await openFirstBoard(page)
  await openAnyCard(page)
  await description(page).click()
  await page.keyboard.type('Call the supplier')
  await page.keyboard.press('Control+a')
  await panel(page).getByRole('button', { name: /^Bold/ }).click()
  await expect(description(page).locator('strong')).toHaveText('Call the supplier')
  await expect(panel(page).getByRole('button', { name: /^Bold/ })).toHaveAttribute('aria-pressed', 'true')
  await moveCaret(page, 'End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('one')
  await page.keyboard.press('Control+Shift+8')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two')
  await expect(description(page).locator('ul li')).toHaveText(['one', 'two'])
  await page.keyboard.press('Shift+Home')
  await page.keyboard.press('Control+Shift+k')
  const address = panel(page).getByRole('textbox', { name: 'Address of the link' })
  await address.fill('javascript:alert(1)')
  await page.keyboard.press('Enter')
  await expect(panel(page).getByRole('alert')).toHaveText('This is not a web, mail or telephone address.')
  await address.fill('example.com/plan')
  await page.keyboard.press('Enter')
  const other = await context.newPage()
  for (const tab of [page, other]) {
    if (tab === other) await other.goto(page.url())
    await expect(description(tab).locator('a')).toHaveAttribute('href', 'https://example.com/plan')
    await expect(description(tab).locator('li')).toHaveCount(2)
    await expect(description(tab).locator('strong')).toHaveText('Call the supplier')
  }
})

test('dates: follow the language of the product, are typed, and are given out when the field is left', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Dates', 'Ann')
  await openFirstBoard(page)
  await openAnyCard(page)
  const dateOf = (name: string) => panel(page).getByRole('textbox', { name, exact: true })
  const due = dateOf('Due')
  // The browser is British, and so is the order: also of a day that the month before does not have.
  await expect(due).toHaveAttribute('placeholder', 'dd/mm/yyyy')
  const shown = page.getByTestId('card').first().locator('time')
  for (const [typed, day] of [
    ['30112031', '2031-11-30'],
    ['31122031', '2031-12-31'],
    ['29022028', '2028-02-29'],
    ['31032027', '2027-03-31'],
  ] as const) {
    await due.fill(typed)
    await expect(page.getByRole('status').filter({ hasText: 'Enter takes it' })).toBeVisible()
    await expect(shown.and(page.locator(`[datetime="${day}"]`))).toHaveCount(0)
    await page.keyboard.press('Enter')
    await expect(shown).toHaveAttribute('datetime', day)
  }
  await page.keyboard.press('ArrowDown')
  await dateOf('Start').focus()
  await expect(shown).toHaveAttribute('datetime', '2027-03-30')

  // In words, understood while they are typed; what is no date is not taken, and stays.
  await due.fill('2 Oct 2026')
  await expect(page.getByText('Fri, 2 Oct 2026 · Enter takes it')).toBeVisible()
  await due.press('Enter')
  await expect(shown).toHaveAttribute('datetime', '2026-10-02')
  // What undo says of it is written the same way.
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  const undone = page.locator('[data-stays] > div').filter({ hasText: /^Undone: Set the due date of .* to 2 Oct 2026/ })
  await undone.getByRole('button', { name: 'Redo' }).click()
  await expect(shown).toHaveAttribute('datetime', '2026-10-02')
  await due.fill('31/02/2027')
  await dateOf('Start').focus()
  await expect(due).toHaveValue('31/02/2027')
  await expect(due).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText('Not understood as a date.')).toBeVisible()
  await axeFindsNothing(page, '[data-testid="card-panel"]')
  await due.press('Escape')
  await expect(due).toHaveValue('02/10/2026')
  // The calendar begins with the day that was typed, which is given out by that, and the keys are in it at once.
  const calendar = panel(page).getByRole('button', { name: 'Due: choose in the calendar' })
  await due.fill('15/12/2026')
  await due.press('Alt+ArrowDown')
  await expect(shown).toHaveAttribute('datetime', '2026-12-15')
  await expect(page.getByRole('button', { name: 'Tuesday, 15 December 2026' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: 'Wednesday, 16 December 2026' })).toBeFocused()
  for (const [key, day] of [
    ['PageDown', 'Saturday, 16 January 2027'],
    ['Shift+PageUp', 'Friday, 16 January 2026'],
    ['ArrowRight', 'Saturday, 17 January 2026'],
    ['PageUp', 'Wednesday, 17 December 2025'],
    ['Home', 'Monday, 15 December 2025'],
    ['End', 'Sunday, 21 December 2025'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(page.getByRole('button', { name: day })).toBeFocused()
  }
  await page.getByRole('heading', { level: 1 }).click()
  await expect(page.getByRole('application')).toHaveCount(0)
  await expect(shown).toHaveAttribute('datetime', '2026-12-15')
  // Begun, and the calendar looked at: Escape closes that, then the card.
  await due.fill('soonish')
  await calendar.click()
  await expect(page.getByRole('application')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('application')).toHaveCount(0)
  await expect(due).toHaveValue('soonish')
  await due.press('Escape')
  // What is no date, or no amount, and goes with its card, is not gone without a word.
  for (const [field, typed, why] of [
    [due, 'soonish', 'Not understood as a date.'],
    [panel(page).getByRole('textbox', { name: 'Estimate' }), 'a while', 'Write an amount of work'],
  ] as const) {
    await field.fill(typed)
    await panel(page).getByRole('button', { name: 'Close card' }).click()
    const lost = page.locator('[data-stays] > div').filter({ hasText: `“${typed}”` })
    await expect(lost).toContainText('Not saved')
    await expect(lost).toContainText(why)
    await lost.getByRole('button', { name: 'Dismiss' }).click()
    await openAnyCard(page)
  }
  await due.fill('2 Oct 2026')
  await due.press('Enter')
  await expect(due).toHaveValue('02/10/2026')

  // Begun, and chosen in the calendar then: shown is what is chosen.
  await due.fill('3')
  await calendar.click()
  await page.getByRole('button', { name: 'Friday, 9 October 2026' }).click()
  await expect(shown).toHaveAttribute('datetime', '2026-10-09')
  await expect(due).toHaveValue('09/10/2026')
  await due.fill('02102026')
  await due.press('Enter')
  // Typed and not left, it is lost to nobody who closes the window without being asked.
  await dateOf('Start').fill('01102026')
  const isAsked = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
  expect(await isAsked()).toBe(true)
  await dateOf('Start').press('Escape')
  // While what was handed in is being saved, whoever leaves is asked as well.
  await expect.poll(isAsked).toBe(false)

  // A month with holidays, and one of a year of which none are known yet.
  await panel(page).getByRole('button', { name: 'Due: choose in the calendar' }).click()
  await expect(page.getByRole('application', { name: 'Due October 2026' })).toBeVisible()
  await expect(page.getByRole('button', { name: /1 October 2026, public holiday: National Day$/ })).toBeVisible()
  const makesUp = page.getByRole('button', { name: /10 October 2026, workday that makes up for/ })
  await expect(makesUp).toBeVisible()
  // A weekend has a ground of its own, but not where it makes up for a holiday.
  await expect(page.getByRole('button', { name: /Saturday,? 17 October 2026/ })).toHaveAttribute('data-free')
  await expect(makesUp).not.toHaveAttribute('data-free')
  await page.getByRole('button', { name: 'Next month' }).click()
  await expect(page.getByRole('application', { name: 'Due November 2026' })).toBeVisible()
  await page.keyboard.press('Escape')
  await due.fill('27 Nov 2041')
  await due.press('Enter')
  await panel(page).getByRole('button', { name: 'Due: choose in the calendar' }).click()
  await expect(page.getByText('The public holidays of mainland China of 2041 are not known')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('')
  await page.getByRole('option', { name: /切换到中文/ }).click()
  // Also what holds no date yet.
  await expect(dateOf('开始')).toHaveAttribute('placeholder', '年/月/日')
  await expect(dateOf('截止')).toHaveValue('2041/11/27')
  await panel(page).getByRole('button', { name: '在日历中选择截止日期' }).click()
  await expect(page.getByRole('button', { name: '上个月' })).toBeVisible()
  await page.keyboard.press('Escape')
  // By keyboard: what was chosen is said in the language of the page, and a date that is cleared leaves the keys with its field.
  await panel(page).getByRole('button', { name: '在日历中选择截止日期' }).press('Enter')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('application')).toHaveCount(0)
  await expect(dateOf('截止')).toHaveValue('2041/11/28')
  await expect(page.getByText('截止：2041年11月28日', { exact: false })).toBeAttached()
  await expect(page.getByText('Selected Date')).toHaveCount(0)
  await panel(page).getByRole('button', { name: '清除截止日期' }).press('Enter')
  await expect(panel(page).getByRole('button', { name: '在日历中选择截止日期' })).toBeFocused()
  await expect(page.getByTestId('card').first().locator('time')).toHaveCount(0)
})

test('360 px: an open card covers the screen and holds the focus; closing gives it back to the card', async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Phone', 'Ann')
  await page.getByTestId('card').first().waitFor()
  await openAnyCard(page)
  await expect(page.getByRole('dialog', { name: /^Card/ })).toBeVisible()
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press('Tab')
    const place = await page.evaluate(() => {
      const { activeElement } = document
      if (!activeElement || activeElement === document.body) return 'the browser itself'
      return activeElement.closest('[data-testid=card-panel]') ? 'the card' : activeElement.outerHTML.slice(0, 120)
    })
    expect(['the card', 'the browser itself']).toContain(place)
  }
  const title = (await panel(page).getByRole('textbox', { name: 'Title' }).inputValue()).slice(0, 10)
  await panel(page).getByRole('button', { name: 'Close card' }).click()
  await expect(cardNamed(page, title).getByRole('link')).toBeFocused()
  await context.close()
})

test('360 px: a card’s menu is on the screen as a whole, wherever the card is', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Menu', 'Ann')
  await page.getByTestId('card').first().waitFor()
  for (let at = 1; at <= 5; at++) await addCard(page, `Card ${at}`)
  const menu = page.getByRole('menu')
  const cards = page.getByTestId('column').first().getByTestId('card')
  await expect(cards).toHaveCount(7)
  for (const card of await cards.all()) {
    await card.getByRole('button', { name: /^Card .*: actions$/ }).click()
    await expect(menu.getByRole('menuitem', { name: 'Archive card' })).toBeAttached()
    await expect(async () => {
      const { y, height } = (await menu.boundingBox()) ?? { y: -1, height: 0 }
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y + height).toBeLessThanOrEqual(740)
    }).toPass()
    await page.keyboard.press('Escape')
    await expect(menu).toHaveCount(0)
  }
  await context.close()
})

test('the archive says who put a card there, however much was done since', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Archive', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Old sails')
  await cardNamed(page, 'Old sails').getByRole('link').focus()
  await page.keyboard.press('e')
  await expect(cardNamed(page, 'Old sails')).toHaveCount(0)
  const field = await openQuickAdd(page)
  for (let count = 1; count <= 55; count++) {
    await field.fill(`New ${count}`)
    await page.keyboard.press('Enter')
    await expect(field).toHaveValue('')
  }
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Archived items' }).click()
  const row = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Old sails' })
  await expect(row).toContainText(/To do · archived by Ann, /)
})

test('by keys alone what lies in the archive comes back one after the other: the focus goes on with the next, then with the one before', async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Archive', 'Ann of the Old Harbour Office')
  await page.getByTestId('card').first().waitFor()
  for (const title of ['Sails', 'Mast', 'Oars']) {
    await addCard(page, title)
    await cardNamed(page, title).getByRole('link').focus()
    await page.keyboard.press('e')
    await expect(cardNamed(page, title)).toHaveCount(0)
  }
  // Those whose adding was undone are in a list of their own.
  for (const title of ['Rope', 'Tar']) await addCard(page, title)
  await page.keyboard.press('Escape')
  for (const title of ['Tar', 'Rope']) {
    await page.keyboard.press('ControlOrMeta+z')
    await expect(cardNamed(page, title)).toHaveCount(0)
  }
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Archived items' }).click()
  const dialog = page.getByRole('dialog')
  const row = (title: string) => dialog.getByRole('listitem').filter({ hasText: title })
  const restore = (title: string) => row(title).getByRole('button', { name: 'Restore' })
  const comesBack = async (title: string) => {
    await page.keyboard.press('Enter')
    await expect(row(title)).toHaveCount(0)
  }
  // The line below the title is there as a whole.
  const detail = row('Mast').locator('p')
  await expect(detail).toContainText('archived by Ann of the Old Harbour Office')
  expect(
    await detail.evaluate((line) => line.scrollWidth - line.clientWidth + line.scrollHeight - line.clientHeight),
  ).toBe(0)
  const titles = await dialog.getByRole('listitem').getByRole('link').allTextContents()
  const [first = '', second = '', third = ''] = titles
  expect([...titles].sort()).toEqual(['Mast', 'Oars', 'Sails'])
  await restore(second).focus()
  await comesBack(second)
  await expect(restore(third)).toBeFocused()
  await comesBack(third)
  await expect(restore(first)).toBeFocused()
  await dialog.getByText('Added, then undone').click()
  await expect(dialog.getByRole('listitem')).toHaveCount(3)
  const [fourth = '', fifth = ''] = (await dialog.getByRole('listitem').getByRole('link').allTextContents()).slice(1)
  await restore(fourth).focus()
  await comesBack(fourth)
  await expect(restore(fifth)).toBeFocused()
  await comesBack(fifth)
  await expect(restore(first)).toBeFocused()
  await comesBack(first)
  await expect(dialog.getByText('Nothing is archived')).toBeFocused()
  await context.close()
})

test('a mark that turns letters around in the name of a board or a card turns nothing around it: not what stands beside it, nor what is said of it', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Marks', 'Ann')
  await openFirstBoard(page)
  await page.getByRole('heading', { level: 1 }).getByText('First board').dblclick()
  await page.getByRole('textbox', { name: 'Board name' }).fill('Hold\u202e gpj')
  await page.keyboard.press('Enter')
  await addCard(page, 'Sails\u202e x')
  await page.keyboard.press('Escape')
  const card = page.getByTestId('card').filter({ hasText: 'Sails' })
  await card.getByRole('link').click()
  const [board, column] = [panel(page).locator('header bdi').first(), panel(page).locator('header bdi').last()]
  await expect(column).toHaveText('To do')
  const left = async (one: typeof board) => (await one.boundingBox())?.x ?? NaN
  expect(await left(column)).toBeGreaterThan(await left(board))
  await page.keyboard.press('Escape')
  await card.getByRole('link').focus()
  await page.keyboard.press('e')
  const said = page.getByRole('status').filter({ hasText: 'Sails' })
  await expect(said.first()).toContainText('“Sails x”')
})
