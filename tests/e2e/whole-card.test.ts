import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  createWorkspace,
  openFirstBoard,
  openQuickAdd,
  panelOf,
  takeBack,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const items = (page: Page) => panelOf(page).locator('[data-item] textarea')
const textsOf = (page: Page) => items(page).evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value))
const openCard = async (page: Page, title: string) => {
  await cardNamed(page, title).getByRole('link').click()
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue(title)
}

test('checklist: Ann types and pastes items, ticks, reorders by key, removes and takes it back', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Lists', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Launch')
  await openCard(page, 'Launch')
  const field = panelOf(page).getByRole('textbox', { name: 'Add an item' })
  await field.fill('Film')
  await page.keyboard.press('Enter')
  await expect(items(page)).toHaveCount(1)
  const paste = (words: string) =>
    field.evaluate((input, text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text)
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, words)
  await paste('- [x] Legal\n- [ ] Print\n\n3. 寄出')
  await expect.poll(() => textsOf(page)).toEqual(['Film', 'Legal', 'Print', '寄出'])
  const progress = cardNamed(page, 'Launch').getByText('1 of 4 done')
  await expect(progress).toBeAttached()
  await panelOf(page).getByRole('checkbox', { name: 'Print' }).check()
  await expect(cardNamed(page, 'Launch').getByText('2 of 4 done')).toBeAttached()
  await items(page).nth(3).focus()
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => textsOf(page)).toEqual(['Film', 'Legal', '寄出', 'Print'])
  await expect(items(page).nth(2)).toBeFocused()
  await paste('Nail\n'.repeat(201))
  await expect(page.getByText(/^At most 200 items at once, .* Nothing was added\.$/).first()).toBeVisible()
  await items(page).nth(0).fill('Order film')
  await page.keyboard.press('Enter')
  await expect.poll(() => textsOf(page)).toEqual(['Order film', 'Legal', '寄出', 'Print'])
  await expect(panelOf(page).getByRole('checkbox', { name: 'Order film' })).toBeFocused()
  await field.fill('- [x] Ship')
  await page.keyboard.press('Enter')
  await expect(panelOf(page).getByRole('checkbox', { name: 'Ship', exact: true })).toBeChecked()
  await panelOf(page).getByRole('button', { name: 'Item “Ship”: actions' }).click()
  await page.getByRole('menuitem', { name: 'Remove item' }).click()
  await expect.poll(() => textsOf(page)).toEqual(['Order film', 'Legal', '寄出', 'Print'])
  const grip = panelOf(page).locator('[data-item] .cursor-grab').first()
  await grip.hover()
  const from = (await grip.boundingBox()) ?? { x: 0, y: 0 }
  const to = (await items(page).nth(3).boundingBox()) ?? { y: 0, height: 0 }
  await page.mouse.down()
  await page.mouse.move(from.x + 4, to.y + to.height, { steps: 5 })
  await page.mouse.up()
  await expect.poll(() => textsOf(page)).toEqual(['Legal', '寄出', 'Print', 'Order film'])
  await panelOf(page).getByRole('button', { name: 'Item “Legal”: actions' }).click()
  await page.getByRole('menuitem', { name: 'Remove item' }).click()
  await expect.poll(() => textsOf(page)).toEqual(['寄出', 'Print', 'Order film'])
  await takeBack(page, 'Removed “Legal”')
  await expect.poll(() => textsOf(page)).toEqual(['Legal', '寄出', 'Print', 'Order film'])
})

test('estimate, blocked by and limit: understood, shown on the tile, refused in words', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Fields', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Design box')
  await addCard(page, 'Print box')
  await openCard(page, 'Print box')
  const estimate = panelOf(page).getByRole('textbox', { name: 'Estimate' })
  await estimate.fill('soonish')
  await page.keyboard.press('Enter')
  await expect(panelOf(page).getByRole('alert')).toHaveText('Write an amount of work such as 4h, 2d or 90m.')
  await estimate.fill('2d')
  await page.keyboard.press('Enter')
  await expect(estimate).toHaveValue('16 h')
  await expect(cardNamed(page, 'Print box')).toContainText('16 h')

  const block = async (title: string) => {
    await panelOf(page).getByRole('button', { name: 'Choose cards that must be finished first' }).click()
    await page.getByRole('combobox', { name: 'Choose cards that must be finished first' }).fill(title)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
  }
  await block('Design box')
  await expect(cardNamed(page, 'Print box').getByText('Blocked by 1 card')).toBeAttached()
  await panelOf(page).getByRole('link', { name: 'Design box' }).click()
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Design box')
  await block('Print box')
  await expect(page.getByText('These cards would wait for each other', { exact: false }).last()).toBeVisible()
  await expect(cardNamed(page, 'Design box').getByText('Blocked by')).toHaveCount(0)

  const column = page.getByTestId('column').first()
  const count = await column.getByTestId('card').count()
  await column
    .getByRole('button', { name: /actions$/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Limit…' }).click()
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: 'Cards at most' })
    .fill(String(count - 1))
  await page.keyboard.press('Enter')
  await expect(column.getByRole('heading')).toContainText(`is over its limit: ${count} of ${count - 1}.`)

  await page.keyboard.press('Escape')
  await axeFindsNothing(page, 'main')
  // The table says of a card that it waits, too.
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  const row = page.getByTestId('row').filter({ hasText: 'Print box' })
  await expect(row.getByText('Blocked by 1 card')).toBeAttached()
  await axeFindsNothing(page, 'main')
})

test('repeats: a weekly card that is finished comes again with the next date, and one undo takes both back', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Weekly', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Weekly report')
  await openCard(page, 'Weekly report')
  // The browser is British, and so is the order.
  await panelOf(page).getByRole('textbox', { name: 'Due', exact: true }).fill('27112043')
  await page.keyboard.press('Enter')
  await panelOf(page).getByRole('combobox', { name: 'Repeats' }).selectOption({ label: 'Every week' })
  await expect(cardNamed(page, 'Weekly report').getByText('Every week')).toBeAttached()
  await panelOf(page).getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Done' })
  await expect(cardNamed(page, 'Weekly report')).toHaveCount(2)
  await expect(page.getByTestId('column').first().locator('time[datetime="2043-12-04"]')).toBeVisible()
  await takeBack(page, '“Weekly report” comes again')
  await expect(cardNamed(page, 'Weekly report')).toHaveCount(1)
  await expect(panelOf(page).getByRole('combobox', { name: 'Column' }).locator('option:checked')).toHaveText('To do')

  // Where no column is for finished cards it would never come again: that is said where it is set, with the way to mend it.
  const menuOfDone = page.getByRole('button', { name: 'Column Done: actions' })
  const note = panelOf(page).getByTestId('repeat-note')
  await expect(note).toHaveCount(0)
  await menuOfDone.click()
  await page.getByRole('menuitem', { name: 'Cards here are done' }).click()
  await expect(note).toContainText('no column of this board is for finished cards yet')
  await axeFindsNothing(page)
  await note.getByRole('button', { name: 'Choose that column' }).click()
  await page.getByRole('menuitem', { name: 'Done' }).click()
  await expect(note).toHaveCount(0)

  // A column with cards goes only after it is said what becomes of them; one undo brings all of it back.
  const columns = page.getByTestId('column')
  const archiveToDo = async () => {
    await page.getByRole('button', { name: 'Column To do: actions' }).click()
    await page.getByRole('menuitem', { name: 'Archive column' }).click()
  }
  await archiveToDo()
  const question = page.getByRole('dialog', { name: 'Archive the column “To do”?' })
  await expect(question).toContainText('3 cards are in it.')
  await axeFindsNothing(page)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(columns).toHaveCount(3)
  await archiveToDo()
  await question.getByLabel('Its cards').selectOption({ label: 'Move to “Done”' })
  await question.getByRole('button', { name: 'Archive column' }).click()
  await expect(columns).toHaveCount(2)
  // The weekly one is finished by that, and comes again: not in the column that went.
  await expect(columns.filter({ has: page.getByRole('heading', { name: /^Done/ }) }).getByTestId('card')).toHaveCount(3)
  await expect(columns.first().getByTestId('card')).toHaveText(/Weekly report/)
  await takeBack(page, 'moved to “Done”')
  await expect(columns.first().getByTestId('card')).toHaveCount(3)
  await archiveToDo()
  await question.getByRole('button', { name: 'Archive column' }).click()
  await expect(page.getByTestId('card')).toHaveCount(0)
  await expect(columns).toHaveCount(2)
  await takeBack(page, 'Archived column “To do” with 3 cards')
  await expect(columns.first().getByTestId('card')).toHaveCount(3)
})

test('quick add: what was understood is shown, dismissed by a press, and lands on the card', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Quick', 'Ann')
  await openFirstBoard(page)
  const column = page.getByTestId('column').first()
  const field = await openQuickAdd(page)
  await field.fill('Friday report 2043-12-04 #产品 #产品 @ann ~2天 p1')
  const parts = column.getByRole('list', { name: 'Understood' }).getByRole('listitem')
  await expect(parts).toHaveCount(6)
  await parts.filter({ hasText: 'Due' }).getByRole('button').click()
  // The words that are not meant stay in the title, and the next date counts.
  await expect(field).toBeFocused()
  await expect(parts).toHaveCount(6)
  // Right behind the words, Backspace takes nothing but their meaning.
  await field.press('End')
  await page.keyboard.press('Backspace')
  await expect(parts.filter({ hasText: 'P1' })).toHaveCount(0)
  await expect(field).toHaveValue(/~2天 p1$/)
  // The next one is the text's; typed anew, they mean something again.
  await page.keyboard.press('Backspace')
  await expect(field).toHaveValue(/~2天 p$/)
  await page.keyboard.type('1')
  await expect(parts.filter({ hasText: 'P1' })).toHaveCount(1)
  await page.keyboard.press('Enter')
  const card = cardNamed(page, 'Friday report')
  await expect(card.locator('time')).toHaveAttribute('datetime', '2043-12-04')
  await expect(card).toContainText('产品')
  await expect(card).toContainText('16 h')
  await expect(card).toContainText('P1')
  await expect(field).toHaveValue('')
  // A span of days is its start and the day it is due; dismissed, all its words are the title's.
  await field.fill('Dec 1 ~ Dec 4, 2043 trip')
  await expect(parts).toHaveText(['Start 1 Dec 2043, due 4 Dec 2043'])
  await parts.getByRole('button').click()
  await expect(parts).toHaveCount(0)
  await field.fill('2043-12-01..04 fair')
  await expect(parts).toHaveCount(1)
  await page.keyboard.press('Enter')
  await openCard(page, 'fair')
  const dateOf = (name: string) => panelOf(page).getByRole('textbox', { name, exact: true })
  await expect(dateOf('Start')).toHaveValue('01/12/2043')
  await expect(dateOf('Due')).toHaveValue('04/12/2043')
})
