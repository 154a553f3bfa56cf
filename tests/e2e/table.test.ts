import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  createBoard,
  createWorkspace,
  goTo,
  moveCard,
  openFirstBoard,
  panelOf,
  retitle,
  twoPeople,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const fields = ['Title', 'Column', 'Assignees', 'Labels', 'Priority', 'Start', 'Due', 'Estimate'] as const
const table = (page: Page) => page.getByRole('grid', { name: /^Cards as a table/ })
const rowOf = (page: Page, title: string) => page.getByTestId('row').filter({ hasText: title })
const news = (page: Page) => page.getByRole('region', { name: 'What changed' })
const said = (page: Page, text: string) => page.locator('[data-stays] > div').filter({ hasText: text })

/** Opens a cell of the first row. */
async function edit(page: Page, title: string, field: (typeof fields)[number]): Promise<void> {
  await expect(page.getByTestId('row').first()).toContainText(title)
  await table(page).focus()
  await page.keyboard.press('Control+Home')
  for (let at = 0; at < fields.indexOf(field); at += 1) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
}
async function archive(page: Page, title: string): Promise<void> {
  await cardNamed(page, title).click()
  await panelOf(page).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(page, title)).toHaveCount(0)
}

test('a cell that Bo changes in the table belongs to its card: no key goes to another one when Ann archives, moves or hides it, and what he wrote is told @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const board of ['Second', 'Boat']) await createBoard(ann, bo, board)
  for (const page of [ann, bo]) await goTo(page, 'Boat')
  const titles = ['Mould', 'Rope', 'Glue', 'Sails', 'Paint', 'Anchor', 'Oars']
  for (const title of titles) await addCard(ann, title)
  await bo.getByRole('button', { name: 'Table' }).click()
  await expect(bo.getByTestId('row')).toHaveCount(7)
  const title = table(bo).getByRole('textbox', { name: 'Title' })
  /** The other cards are as they were, and nothing is open, chosen or filtered. */
  const nothingElseChanged = async (left: number) => {
    await expect(table(bo)).toBeFocused()
    await expect(bo.getByTestId('row').getByRole('link')).toHaveText(titles.slice(-left))
    // Nothing stands between the column and the day on which it was made.
    await expect(bo.getByTestId('row').filter({ hasText: /To do\s+\d+ [A-Z][a-z]+$/ })).toHaveCount(left)
    await expect(table(bo).locator('input:not([type=checkbox]), select')).toHaveCount(0)
    await expect(table(bo).locator('[aria-selected=true]')).toHaveCount(0)
    await expect(bo.getByRole('listbox')).toHaveCount(0)
    await expect(panelOf(bo)).toHaveCount(0)
    await expect(news(bo)).toHaveCount(0)
  }

  // A title, archived: letters, Space and Enter are nobody's; then the keys are the table's again.
  await edit(bo, 'Mould', 'Title')
  await expect(title).toBeFocused()
  await bo.keyboard.type('agreed with the sup')
  await archive(ann, 'Mould')
  const archived = said(bo, 'Ann archived “Mould” meanwhile.')
  await expect(archived).toContainText('Title “agreed with the sup” is only on the archived card here.')
  await axeFindsNothing(bo)
  await bo.keyboard.type('plier / once')
  for (const key of ['ArrowLeft', 'e', 'Home', 'x', 'Shift+ArrowLeft', 'Delete', 'End', 'm', 'ArrowRight', ' '])
    await bo.keyboard.press(key)
  await bo.keyboard.press('Control+Enter')
  await bo.keyboard.press('Enter')
  await nothingElseChanged(6)
  await bo.keyboard.press('Enter')
  await expect(title).toHaveValue('Rope')
  await bo.keyboard.press('Escape')
  await archived.getByRole('button', { name: 'Restore card' }).click()
  await expect(rowOf(bo, 'agreed with the sup')).toHaveCount(1)
  await expect(archived).toHaveCount(0)
  await archive(ann, 'agreed with the sup')

  // Words in the picker of labels.
  await edit(bo, 'Rope', 'Labels')
  await bo.getByRole('combobox', { name: 'Choose labels' }).fill('Urgent thing')
  await archive(ann, 'Rope')
  await expect(said(bo, 'Ann archived “Rope” meanwhile.')).toContainText('Not saved, Labels: “Urgent thing”')
  await bo.keyboard.press('Enter')
  await nothingElseChanged(5)

  // Half a day.
  await edit(bo, 'Glue', 'Due')
  await expect(table(bo).getByRole('textbox', { name: 'Due' })).toBeFocused()
  await bo.keyboard.type('12')
  await archive(ann, 'Glue')
  await expect(said(bo, 'Ann archived “Glue” meanwhile.')).toHaveCount(1)
  await bo.keyboard.type('242026')
  await bo.keyboard.press('Enter')
  await nothingElseChanged(4)

  // A column to choose.
  await edit(bo, 'Sails', 'Column')
  await expect(table(bo).getByRole('combobox', { name: 'Column' })).toBeFocused()
  await archive(ann, 'Sails')
  await expect(said(bo, 'Ann archived “Sails” meanwhile.')).toHaveCount(1)
  await bo.keyboard.press('End')
  await nothingElseChanged(3)

  // Moved to another board: what he wrote is offered there.
  await edit(bo, 'Paint', 'Title')
  await expect(title).toBeFocused()
  await bo.keyboard.type('Two coats')
  await moveCard(ann, 'Paint', 'Boat', 'Second')
  const moved = said(bo, 'Ann moved this card to “Second” meanwhile.')
  await expect(moved).toContainText('Title “Two coats” is only on the archived card here.')
  await expect(said(bo, 'Ann archived “Paint” meanwhile.')).toHaveCount(0)
  await bo.keyboard.press('Enter')
  await nothingElseChanged(2)
  await moved.getByRole('button', { name: 'Use it there' }).click()
  await expect(panelOf(bo).getByRole('textbox', { name: 'Title' })).toHaveValue('Two coats')
  await expect(cardNamed(ann, 'Two coats')).toHaveCount(1)

  // Hidden by the filter: it stays under his hands until he leaves it.
  await goTo(ann, 'Boat')
  await bo.getByRole('link', { name: 'Boat' }).first().click()
  await expect(bo.getByRole('heading', { name: 'Boat' })).toBeVisible()
  await bo.getByRole('searchbox', { name: 'Filter cards' }).fill('an')
  await expect(bo.getByTestId('row')).toHaveCount(1)
  await edit(bo, 'Anchor', 'Estimate')
  const estimate = table(bo).getByRole('textbox', { name: 'Estimate' })
  await bo.keyboard.type('1')
  await retitle(ann, 'Anchor', 'Hook')
  await expect(rowOf(bo, 'Hook')).toHaveCount(1)
  await expect(estimate).toBeFocused()
  await bo.keyboard.type('2')
  await expect(estimate).toHaveValue('12')
  await bo.keyboard.press('Enter')
  await expect(table(bo)).toBeFocused()
  await expect(bo.getByTestId('row')).toHaveCount(0)
  await expect(panelOf(ann).getByRole('textbox', { name: 'Estimate' })).toHaveValue('12 h')

  // Sorted anew it closes, and does not stay in the first row, whosever that is.
  await bo.getByRole('searchbox', { name: 'Filter cards' }).fill('')
  await edit(bo, 'Hook', 'Title')
  await expect(title).toBeFocused()
  const sort = table(bo).getByRole('button', { name: 'Title' })
  await sort.click()
  await expect(title).toHaveCount(0)
  await sort.click()
  await expect(bo.getByTestId('row').first()).toContainText('Oars')
  await expect(title).toHaveCount(0)
  await leave()
})

test('the column that Bo renames, and the item of a checklist that he writes in, go meanwhile: he is told by whom, his words are kept, and no letter becomes a command @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const columns = (page: Page, name: string) =>
    page.getByTestId('column').filter({ has: page.getByRole('heading', { name }) })
  await columns(bo, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
  await bo.getByRole('menuitem', { name: 'Rename' }).click()
  const name = bo.getByRole('textbox', { name: 'Column name' })
  await expect(name).toBeFocused()
  await bo.keyboard.type('Make')
  await columns(ann, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
  await ann.getByRole('menuitem', { name: 'Archive column' }).click()
  const archived = said(bo, 'Ann archived the column “Doing” meanwhile.')
  await expect(archived).toContainText('The name “Make” that you typed is kept on it.')
  await axeFindsNothing(bo)
  await bo.keyboard.type('n / cx')
  for (const key of ['ArrowLeft', 'x', 'Home', ' ']) await bo.keyboard.press(key)
  const quickAdd = bo.getByTestId('column').getByRole('textbox')
  const nothingOpened = async () => {
    await expect(quickAdd).toHaveCount(0)
    await expect(bo.getByRole('searchbox', { name: 'Filter cards' })).not.toBeFocused()
    await expect(news(bo)).toHaveCount(0)
    await expect(bo.locator('[data-lifted], [data-testid=card] :checked')).toHaveCount(0)
  }
  await nothingOpened()
  await bo.keyboard.press('Enter')
  await bo.keyboard.press('n')
  await expect(quickAdd).toBeFocused()
  await bo.keyboard.press('Escape')
  await archived.getByRole('button', { name: 'Restore “Make”' }).click()
  for (const page of [ann, bo]) await expect(columns(page, 'Make')).toHaveCount(1)

  // Where she has given it another name first, and he has not chosen, his is not on it, and nothing says so.
  const inMenu = async (page: Page, column: string, item: string) => {
    await columns(page, column)
      .getByRole('button', { name: `Column ${column}: actions` })
      .click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await inMenu(bo, 'Make', 'Rename')
  await bo.keyboard.type('His')
  await inMenu(ann, 'Make', 'Rename')
  await ann.keyboard.type('Hers')
  await ann.keyboard.press('Enter')
  await expect(bo.getByTestId('meanwhile')).toContainText('Ann changed this to “Hers” meanwhile.')
  await inMenu(ann, 'Hers', 'Archive column')
  const hers = said(bo, 'Ann archived the column “Hers” meanwhile.')
  await expect(hers.getByRole('button', { name: 'Restore “Hers”' })).toBeVisible()
  await expect(hers).not.toContainText('is kept on it')
  await expect(said(bo, 'Not saved, Column name: “His”')).toBeVisible()
  await hers.getByRole('button', { name: 'Restore “Hers”' }).click()
  for (const page of [ann, bo]) await expect(columns(page, 'Hers')).toHaveCount(1)

  await addCard(ann, 'Hull')
  for (const page of [ann, bo]) await cardNamed(page, 'Hull').click()
  const newItem = (page: Page) => panelOf(page).getByRole('textbox', { name: 'Add an item' })
  for (const text of ['Sand', 'Paint']) {
    await newItem(ann).fill(text)
    await ann.keyboard.press('Enter')
  }
  const item = panelOf(bo).getByRole('textbox', { name: 'Item 2' })
  await expect(item).toHaveValue('Paint')
  await item.fill('Paint twice')
  await panelOf(ann).getByRole('button', { name: 'Item “Paint”: actions' }).click()
  await ann.getByRole('menuitem', { name: 'Remove item' }).click()
  const removed = said(bo, 'Ann removed the item “Paint” meanwhile.')
  await expect(removed).toContainText('What you wrote in it is in the field for a new item.')
  await expect(newItem(bo)).toBeFocused()
  await bo.keyboard.type(', n times')
  await expect(newItem(bo)).toHaveValue('Paint twice, n times')
  await nothingOpened()
  await axeFindsNothing(bo)
  await bo.keyboard.press('Enter')
  for (const page of [ann, bo]) await expect(panelOf(page).getByRole('textbox', { name: /^Item/ })).toHaveCount(2)
  await expect(panelOf(ann).getByRole('textbox', { name: 'Item 2' })).toHaveValue('Paint twice, n times')
  await leave()
})

test('a click beside the table leaves the cell that was being changed, and hands in what was typed', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  await page.getByRole('button', { name: 'Table' }).click()
  const [title] = await page.getByTestId('row').first().getByRole('link').allInnerTexts()
  for (const [field, typed, shown] of [
    ['Due', '05052032', '5 May 2032'],
    ['Estimate', '4', '4 h'],
    ['Priority', '', ''],
  ] as const) {
    await edit(page, title ?? '', field)
    const control = table(page).getByRole(field === 'Priority' ? 'combobox' : 'textbox', { name: field })
    await expect(control).toBeFocused()
    await page.keyboard.type(typed)
    await page.getByRole('heading', { level: 1 }).click()
    await expect(control).toHaveCount(0)
    await expect(page.getByTestId('row').first()).toContainText(new RegExp(shown))
  }
})

test('a date that is entered in the table is not said to be lost @long', async ({ browser }) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Mould')
  await expect(cardNamed(bo, 'Mould')).toHaveCount(1)
  await ann.getByRole('button', { name: 'Table' }).click()
  const due = table(ann).getByRole('textbox', { name: 'Due' })
  const lost = ann.locator('[data-stays]').getByText(/^Not saved/)
  const first = await ann.getByTestId('row').first().getByRole('link').innerText()
  await edit(ann, first, 'Due')
  await due.fill('2032-05-05')
  await due.press('Enter')
  await expect(ann.getByTestId('row').first()).toContainText('5 May 2032')
  await expect(lost).toHaveCount(0)
  // Nor where another date came meanwhile, and Ann takes hers or that one.
  for (const key of ['Enter', 'Escape']) {
    await edit(ann, first, 'Due')
    await due.fill(key === 'Enter' ? '2032-06-06' : '2032-08-08')
    await cardNamed(bo, first).click()
    await panelOf(bo).getByRole('textbox', { name: 'Due' }).fill('2032-07-07')
    await panelOf(bo).getByRole('textbox', { name: 'Due' }).press('Enter')
    await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
    await expect(ann.getByText(/^Bo changed this to/).first()).toBeVisible()
    await due.press(key)
    await expect(due).toHaveCount(0)
    await expect(ann.getByTestId('row').first()).toContainText(key === 'Enter' ? /Jun/ : /Jul/)
    await expect(lost).toHaveCount(0)
  }
  // Nor where one goes back from the card in the middle of it: it is handed in.
  const now = ann.url()
  await ann.getByTestId('row').first().getByRole('link').click()
  await panelOf(ann).getByRole('textbox', { name: 'Due' }).fill('2032-09-09')
  await ann.goBack()
  await expect(panelOf(ann)).toBeHidden()
  expect(ann.url()).toBe(now)
  await expect(ann.getByTestId('row').first()).toContainText(/Sep/)
  await expect(lost).toHaveCount(0)
  await edit(ann, first, 'Due')
  await due.fill('no day at all')
  await due.press('Escape')
  await expect(due).toHaveCount(0)
  await expect(lost).toHaveCount(0)
  await leave()
})

test('cards are added in the table: by key in the column of the row, by mouse in the column chosen beside it, and Bo sees them @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Mould', 'Rope']) await addCard(ann, title)
  await cardNamed(ann, 'Rope').getByRole('link').focus()
  await ann.keyboard.press('m')
  await ann.getByRole('dialog').getByLabel('Column').selectOption('Doing')
  await ann.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click()
  await expect(ann.getByRole('dialog')).toHaveCount(0)
  await ann.getByRole('button', { name: 'Table' }).click()
  await expect(table(ann)).toBeVisible()
  const field = (column: string) => ann.getByRole('textbox', { name: `Add a card to ${column}` })
  const cells = (title: string) => rowOf(ann, title).getByRole('gridcell')

  await table(ann).focus()
  await ann.keyboard.press('Control+End')
  await expect(table(ann).locator('[data-card]', { has: ann.locator('[id$=-active]') })).toContainText('Rope')
  await ann.keyboard.press('n')
  await expect(field('Doing')).toBeFocused()
  for (const words of ['Varnish !high', 'Brushes']) {
    await ann.keyboard.type(words)
    await ann.keyboard.press('Enter')
    await expect(field('Doing')).toHaveValue('')
  }
  await expect(cells('Varnish').nth(2)).toHaveText('Doing')
  await expect(cells('Varnish').nth(5)).toHaveText(/P1/)
  await expect(cardNamed(bo, 'Brushes')).toHaveCount(1)
  // The keyboard comes back to the table, on the card that was added.
  await ann.keyboard.press('Escape')
  await expect(table(ann)).toBeFocused()
  await expect(table(ann).locator('[data-card]', { has: ann.locator('[id$=-active]') })).toContainText('Brushes')

  // By the palette, too, in the column that was added to last, or is chosen.
  await ann.keyboard.press('ControlOrMeta+k')
  await ann.keyboard.type('Add a card')
  await ann.getByRole('option', { name: 'Add a card', exact: true }).click()
  await expect(field('Doing')).toBeFocused()
  await ann.keyboard.press('Escape')
  await ann.getByRole('button', { name: 'Add a card to Doing' }).click()
  await ann.keyboard.type('Buckets')
  await ann.getByLabel('New cards go to this column').selectOption('Done')
  await expect(field('Done')).toHaveValue('Buckets')
  await axeFindsNothing(ann)
  await field('Done').press('Enter')
  await expect(cells('Buckets').nth(2)).toHaveText('Done')
  await field('Done').press('Escape')
  await expect(ann.getByRole('button', { name: 'Add a card to Done' })).toBeFocused()
  await expect(cardNamed(bo, 'Buckets')).toHaveCount(1)

  // A row ticked by mouse leaves its keys to the table and the board.
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await rowOf(ann, 'Brushes').getByRole('checkbox').click()
  await ann.keyboard.press('ControlOrMeta+c')
  await expect.poll(() => ann.evaluate(() => navigator.clipboard.readText())).toContain('Brushes')
  await ann.keyboard.press('Escape')

  // The sheet of keys names the key, and undo is as anywhere.
  await ann.keyboard.press('?')
  await expect(ann.getByRole('dialog')).toContainText('New card')
  await ann.keyboard.press('Escape')
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(rowOf(ann, 'Buckets')).toHaveCount(0)
  await leave()
})

test('a row that sorting takes out of sight leaves the keyboard where the work is, says so, and shows the way; the next cell of it goes along @long', async ({
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  const titles = Array.from({ length: 60 }, (_, i) => `Task ${String(i + 10)}`)
  await page.evaluate((text) => navigator.clipboard.writeText(text), titles.join('\n'))
  await page.getByTestId('card').last().getByRole('link').focus()
  await page.keyboard.press('ControlOrMeta+v')
  await page.getByRole('dialog').getByRole('button', { name: 'Make 60 cards' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: 'Table' }).click()
  await page.getByRole('columnheader', { name: 'Title' }).getByRole('button').click()
  const active = page.locator('[data-card]', { has: page.locator('[id$=-active]') })
  const goTo = async (title: string) => {
    await rowOf(page, title)
      .getByRole('gridcell')
      .nth(1)
      .click({ position: { x: 180, y: 10 } })
    await expect(active).toContainText(title)
  }
  const rename = async (title: string, to: string, key: string) => {
    await goTo(title)
    await page.keyboard.press('Enter')
    await table(page).getByRole('textbox', { name: 'Title' }).fill(to)
    await page.keyboard.press(key)
  }
  await rename('Task 11', 'Zinc', 'Enter')
  const message = said(page, '“Zinc” has gone to its new place in the sorted table.')
  await expect(message).toBeVisible()
  await expect(active).toContainText('Task 12')
  await expect(table(page)).toBeFocused()
  await message.getByRole('button', { name: 'Go there' }).click()
  await expect(active).toContainText('Zinc')
  await expect(table(page)).toBeFocused()
  await page.keyboard.press('Control+Home')
  await rename('Task 13', 'Zircon', 'Tab')
  await expect(active).toContainText('Zircon')
  await expect(rowOf(page, 'Zircon')).toBeInViewport()
})

test('on a phone the fields beside the title come as one slides to them, and the keyboard reaches the last', async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await expect(page.getByTestId('card').first()).toBeVisible()
  await page.getByRole('button', { name: 'Table' }).click()
  const row = page.getByTestId('row').first()
  const shown = () =>
    row.getByRole('gridcell').evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('aria-colindex'))))
  await expect.poll(shown).toEqual([1, 2, 3, 4, 5])
  await table(page).evaluate((grid) => grid.scrollTo({ left: grid.scrollWidth }))
  await expect.poll(shown).toEqual([1, 2, 9, 10, 11])
  const created = row.locator('[aria-colindex="11"]')
  await expect(created).toHaveText(/\d+ [A-Z][a-z]+/)
  // What is drawn stands where its head is.
  const head = page.getByRole('columnheader', { name: 'Created' })
  const left = async (what: typeof head) => Math.round((await what.boundingBox())?.x ?? -1)
  expect(await left(created)).toBe(await left(head))
  await table(page).focus()
  await page.keyboard.press('Control+Home')
  await expect.poll(shown).toEqual([1, 2, 3, 4, 5])
  await page.keyboard.press('End')
  await expect(created).toBeInViewport({ ratio: 1 })
  await expect(page.locator(`#${await table(page).getAttribute('aria-activedescendant')}`)).toHaveText(/\d+ [A-Z]/)
  await axeFindsNothing(page)
  await context.close()
})
