import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  chooseWhenThere,
  columnNamed,
  createWorkspace,
  openFirstBoard,
  openUntilThere,
  takeBack,
  twoPeople,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('P13: Ann filters, saves the view, leaves it, comes back to it after a reload, changes it, and removes it', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Views', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Ask for a quote')
  const views = page.getByRole('toolbar', { name: 'View of the board' })
  const menu = views.getByRole('button', { name: /^View:/ })
  const text = page.getByRole('searchbox', { name: 'Filter cards' })

  await page.keyboard.press('/')
  await page.keyboard.type('QUOTE')
  await expect(page.getByTestId('card')).toHaveCount(1)
  await expect(views.getByRole('status')).toHaveText('1 of 3 cards')
  await views.getByRole('button', { name: 'Save as…' }).click()
  await page.getByRole('textbox', { name: 'Name of the view' }).fill('Quotes')
  await page.keyboard.press('Enter')
  await expect(menu).toHaveAccessibleName('View: Quotes')

  await menu.click()
  await page.getByRole('menuitem', { name: 'All cards' }).click()
  await expect(page.getByTestId('card')).toHaveCount(3)
  await menu.press('Enter')
  await page.getByRole('menuitem', { name: /Quotes/ }).press('Enter')
  await expect(page.getByTestId('card')).toHaveCount(1)
  await page.reload()
  await expect(menu).toHaveAccessibleName('View: Quotes')
  await expect(cardNamed(page, 'Ask for a quote')).toBeVisible()

  await text.fill('nothing of the kind')
  await expect(page.getByTestId('card')).toHaveCount(0)
  await views.getByRole('button', { name: 'Save view' }).click()
  await expect(views.getByRole('button', { name: 'Save view' })).toHaveCount(0)
  await views.getByRole('button', { name: /^Remove condition/ }).click()
  await expect(page.getByTestId('card')).toHaveCount(3)
  await axeFindsNothing(page)

  await menu.click()
  await page.getByRole('menuitem', { name: 'Remove view' }).click()
  await expect(menu).toHaveAccessibleName('View: All cards')
  await takeBack(page, 'Removed “Quotes”')
  await openUntilThere(page, menu, /Quotes/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)

  // What is added and does not match is not simply gone.
  await text.fill('quote')
  await expect(page.getByTestId('card')).toHaveCount(1)
  await addCard(page, 'Book the hall')
  const hidden = page
    .locator('[data-stays] > div')
    .filter({ hasText: '“Book the hall” was added, but the filter hides it.' })
  await hidden.getByRole('button', { name: 'Clear filter' }).click()
  await expect(cardNamed(page, 'Book the hall')).toBeVisible()

  // Nor is it said to be hidden once it is shown, whichever way that came about: without a filter, or by another one.
  const boat = page.locator('[data-stays] > div').filter({ hasText: '“Book the boat” was added' })
  const ways = [() => text.fill(''), () => text.fill('boat')]
  for (const show of ways) {
    await text.fill('quote')
    await expect(cardNamed(page, 'Book the boat')).toHaveCount(0)
    await addCard(page, 'Book the boat')
    // Under the pointer its time stands still.
    await boat.hover()
    await show()
    await expect(cardNamed(page, 'Book the boat').first()).toBeVisible()
    await expect(boat).toHaveCount(0)
  }
})

test('P13: the table shows the same cards; Ann sorts, edits in place and changes several at once, by keyboard, and one undo takes that back', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Table', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Aardvark')
  const views = page.getByRole('toolbar', { name: 'View of the board' })
  await views.getByRole('button', { name: 'Table' }).click()
  const grid = page.getByRole('grid')
  const rows = page.getByTestId('row')
  await expect(rows).toHaveCount(3)
  await expect(rows.last()).toContainText('Aardvark')

  // A row that a change puts elsewhere keeps the keyboard, in its field and after it; where nothing has the focus an arrow leads here.
  const named = () => grid.getAttribute('aria-activedescendant').then((id) => page.locator(`[id="${id}"]`).innerText())
  const first = await rows.first().getByRole('link').innerText()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('ArrowDown')
  await expect(grid).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  const column = rows.filter({ hasText: first }).getByRole('combobox', { name: 'Column' })
  await expect(column).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(rows.last()).toContainText(first)
  await expect(column).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(column.locator('option:checked')).toHaveText('To do')
  await page.keyboard.press('Escape')
  await expect(grid).toBeFocused()
  await expect.poll(named).toBe('To do')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(named).toBe(first)

  // It fits on a common screen; on a phone the way back to the titles brings their boxes back, too.
  const fits = () => grid.evaluate((element) => element.scrollWidth <= element.clientWidth)
  expect(await fits()).toBe(true)
  await page.setViewportSize({ width: 360, height: 740 })
  await expect.poll(fits).toBe(false)
  const scrolled = () => grid.evaluate((element) => element.scrollLeft)
  // What is drawn so narrow is measured with the next frame: until then End knows of nothing beside.
  const toEnd = () => page.keyboard.press('End').then(scrolled)
  await expect.poll(toEnd).toBeGreaterThan(0)
  await page.keyboard.press('Home')
  await expect.poll(scrolled).toBe(0)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.keyboard.press('Control+Home')

  await page.getByRole('columnheader', { name: 'Title' }).getByRole('button').click()
  await expect(rows.first()).toContainText('Aardvark')
  await expect(page.getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'ascending')

  await grid.focus()
  await expect.poll(named).toBe('Aardvark')
  await page.keyboard.press('Enter')
  await expect(grid.getByRole('textbox', { name: 'Title' })).toBeFocused()
  await page.keyboard.type('Abacus')
  await page.keyboard.press('Enter')
  await expect(rows.first()).toContainText('Abacus')
  await expect(grid).toBeFocused()
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await grid.getByRole('combobox', { name: 'Priority' }).selectOption({ label: 'P1 · High' })
  await page.keyboard.press('Escape')
  await expect(rows.first()).toContainText('P1')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Assign people' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(rows.first()).toContainText('Ann')
  await expect(grid).toBeFocused()
  // A label that there is not yet is made in the cell.
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'Choose labels' })).toBeFocused()
  await page.keyboard.type('Shop')
  await expect(page.getByRole('option', { name: 'Create label “Shop”' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('option', { name: 'Shop' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(rows.first()).toContainText('Shop')
  await expect(grid).toBeFocused()

  // A date is left by Escape as it was, is taken by Enter, and Tab goes on to the next cell; an opened card gives the focus back.
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight')
  const due = grid.getByRole('textbox', { name: 'Due' })
  await page.keyboard.press('Enter')
  await expect(due).toBeFocused()
  const button = grid.getByRole('button', { name: 'Due: choose in the calendar' })
  const [right, left] = [await due.boundingBox(), await button.boundingBox()]
  expect((right?.x ?? 0) + (right?.width ?? 0)).toBeLessThanOrEqual(left?.x ?? 0)
  await page.keyboard.type('05')
  await page.keyboard.press('Escape')
  await expect(grid).toBeFocused()
  await expect(due).toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(due).toBeFocused()
  await page.keyboard.type('05062031')
  await page.keyboard.press('Enter')
  await expect(grid).toBeFocused()
  await expect(rows.first()).toContainText('2031')
  await expect.poll(named).toContain('2031')
  await page.keyboard.press('Enter')
  await expect(due).toBeFocused()
  for (let stop = 0; stop < 3; stop++) await page.keyboard.press('Tab')
  await expect(grid).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(named).toContain('2031')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('card-panel')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(grid).toBeFocused()
  await expect.poll(named).toContain('2031')

  // Work is understood as in the card; what is none is said.
  await page.keyboard.press('ArrowRight')
  for (const [typed, hours] of [
    ['2d', '16'],
    ['abc', '16'],
    ['1,5', '1.5'],
  ] as const) {
    await page.keyboard.press('Enter')
    await grid.getByRole('textbox', { name: 'Estimate' }).fill(typed)
    await page.keyboard.press('Enter')
    await expect(grid).toBeFocused()
    await expect.poll(named).toContain(hours)
    if (typed === 'abc') await expect(page.getByText('Not saved, Estimate: “abc”').first()).toBeVisible()
  }
  await page.keyboard.press('ArrowLeft')
  await expect.poll(named).toContain('2031')

  // A row has the menu of its card, by key and by the right button.
  const copyLink = page.getByRole('menuitem', { name: 'Copy link' })
  await page.keyboard.press('Shift+F10')
  await expect(copyLink).toBeVisible()
  await axeFindsNothing(page, '[role="menu"]')
  await page.keyboard.press('Escape')
  await expect(copyLink).toHaveCount(0)
  await expect(grid).toBeFocused()
  await expect.poll(named).toContain('2031')
  await rows.last().getByRole('gridcell').nth(3).click({ button: 'right' })
  const last = await rows.last().getByRole('link').innerText()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(rows.filter({ hasText: last })).toHaveCount(2)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(rows.filter({ hasText: last })).toHaveCount(1)
  await page.keyboard.press('Control+Home')
  for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight')
  await expect.poll(named).toContain('2031')

  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  const bulk = page.getByRole('toolbar', { name: 'Change the selected cards' })
  await expect(bulk.getByRole('status')).toHaveText('2 cards selected')
  await bulk.getByRole('button', { name: 'Due: clear the date' }).click()
  await expect(rows.filter({ hasText: '2031' })).toHaveCount(0)
  await expect(bulk.getByRole('button', { name: 'Due: clear the date' })).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(rows.filter({ hasText: '2031' })).toHaveCount(1)
  await bulk.getByRole('button', { name: 'Move to…' }).click()
  await page.getByRole('menuitem', { name: 'Done' }).click()
  await expect(rows.filter({ hasText: 'Done' })).toHaveCount(2)
  await axeFindsNothing(page)
  await grid.focus()
  await page.keyboard.press('Control+z')
  await expect(rows.filter({ hasText: 'Done' })).toHaveCount(0)
  await expect(rows.filter({ hasText: 'To do' })).toHaveCount(3)

  // The row that the keyboard stands on is the card at hand: for M, X and E, and for the palette.
  await page.keyboard.press('Escape')
  await expect(bulk).toHaveCount(0)
  await page.keyboard.press('Control+Home')
  await expect.poll(named).toBe('Abacus')
  await page.keyboard.press('m')
  const move = page.getByRole('dialog', { name: 'Move “Abacus”' })
  await move.getByLabel('Column').selectOption({ label: 'Done' })
  await move.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(move).toBeHidden()
  await expect(rows.filter({ hasText: 'Done' })).toContainText(['Abacus'])
  await expect(grid).toBeFocused()
  await page.keyboard.press('x')
  await expect(bulk.getByRole('status')).toHaveText('1 card selected')
  await page.keyboard.press('x')
  await expect(bulk).toHaveCount(0)
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('combobox', { name: 'Search and commands' })
  await expect(palette).toBeFocused()
  const ofCard = page.getByRole('group', { name: 'Card “Abacus”' })
  await expect(ofCard.getByRole('option', { name: 'Move to…', exact: true })).toBeVisible()
  await palette.fill('to column')
  await expect(ofCard.getByRole('option', { name: 'Move to column…' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'Move to column' }).getByRole('option', { name: 'Doing' }).click()
  await expect(rows.first()).toContainText('Doing')
  await expect(grid).toBeFocused()
  await page.keyboard.press('e')
  await expect(rows).toHaveCount(2)
  await expect.poll(named).toMatch(/^Invite a colleague/)
  await expect(grid).toBeFocused()
  await page.keyboard.press('Control+z')
  await expect(rows).toHaveCount(3)
  await expect.poll(named).toBe('Abacus')
  // The sheet of shortcuts names what does something here.
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByText('Archive the card')).toBeVisible()
  await expect(sheet.getByText('Lift the card')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()

  await views.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'By assignee' })
  await expect(grid.getByRole('row', { name: /^Nobody/ })).toBeVisible()
})

test('P14: on the board Ann chooses cards with X and with Ctrl and a click, and archives them as one action', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Bulk', 'Ann')
  await openFirstBoard(page)
  await page.getByTestId('card').first().getByRole('link').focus()
  await page.keyboard.press('x')
  const bulk = page.getByRole('toolbar', { name: 'Change the selected cards' })
  await expect(bulk.getByRole('status')).toHaveText('1 card selected')
  const all = bulk.getByRole('button', { name: 'Select all shown' })
  await expect(all).toBeEnabled()
  await page
    .getByTestId('card')
    .nth(1)
    .getByRole('link')
    .click({ modifiers: ['ControlOrMeta'] })
  await expect(bulk.getByRole('status')).toHaveText('2 cards selected')
  await expect(all).toBeDisabled()
  // Entered, a date leaves the field, and the keys are the board's again.
  const dated = page.getByTestId('card').locator('time')
  await bulk.getByRole('textbox', { name: 'Due' }).fill('05052032')
  await page.keyboard.press('Enter')
  await expect(dated).toHaveCount(2)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(dated).toHaveCount(0)
  await bulk.getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByTestId('card')).toHaveCount(0)
  await expect(bulk).toHaveCount(0)
  await takeBack(page, 'Archived 2 cards')
  await expect(page.getByTestId('card')).toHaveCount(2)
})

test('Esc in the bar of the chosen cards gives the focus back to the first of them, and the arrows go on from there @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Bulk', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Mast', 'Sails']) await addCard(page, title)
  for (const title of ['Mast', 'Sails']) {
    await cardNamed(page, title).getByRole('link').focus()
    await page.keyboard.press('x')
  }
  const bulk = page.getByRole('toolbar', { name: 'Change the selected cards' })
  await expect(bulk.getByRole('status')).toHaveText('2 cards selected')
  await bulk.getByRole('button', { name: 'Priority' }).focus()
  await page.keyboard.press('Escape')
  await expect(bulk).toHaveCount(0)
  await expect(cardNamed(page, 'Mast').getByRole('link')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(cardNamed(page, 'Sails').getByRole('link')).toBeFocused()
  // Where a card has the focus, it keeps it.
  await page.keyboard.press('x')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Escape')
  await expect(bulk).toHaveCount(0)
  await expect(cardNamed(page, 'Mast').getByRole('link')).toBeFocused()
})

test('P12: Ann makes a department, belongs to it, and gives it another name', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Departments', 'Ann')
  await page.getByRole('link', { name: 'People' }).first().click()
  const departments = page.getByRole('region', { name: 'Departments' })
  await departments.getByRole('button', { name: 'New department' }).click()
  await page.getByRole('textbox', { name: 'Name of the department' }).fill('市场')
  await page.keyboard.press('Enter')
  await expect(departments.getByRole('listitem')).toContainText('Nobody yet')
  await departments.getByRole('button', { name: 'Edit department 市场' }).click()
  await page.getByRole('checkbox', { name: 'Ann' }).click()
  await expect(page.getByRole('checkbox', { name: 'Ann' })).toBeChecked()
  await page.getByRole('textbox', { name: 'Name of the department' }).fill('Marketing')
  await page.keyboard.press('Enter')
  await expect(departments.getByRole('listitem')).toHaveText(/Marketing\s*Ann/)
  await axeFindsNothing(page)
})

test('P12: what Ann saves into a shared view Bo sees at once where he changed nothing; where he has, he is told and chooses @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const group = (page: Page) => page.getByRole('combobox', { name: 'Group by' })
  const menu = (page: Page) => page.getByRole('button', { name: /^View:/ })
  const save = (page: Page) => page.getByRole('button', { name: 'Save view' })
  await ann.getByRole('searchbox', { name: 'Filter cards' }).fill('a')
  await ann.getByRole('button', { name: 'Save as…' }).click()
  await ann.getByRole('textbox', { name: 'Name of the view' }).fill('Team view')
  await ann.getByRole('checkbox', { name: /Everybody/ }).check()
  await ann.keyboard.press('Enter')
  await expect(menu(ann)).toHaveAccessibleName('View: Team view')
  await chooseWhenThere(bo, menu(bo), /Team view/)
  await expect(menu(bo)).toHaveAccessibleName('View: Team view')

  await group(ann).selectOption('label')
  await save(ann).click()
  await expect(group(bo)).toHaveValue('label')
  await expect(bo.getByRole('status').filter({ hasText: 'Ann changed the view “Team view”' })).toBeVisible()
  await expect(save(bo)).toHaveCount(0)

  await group(bo).selectOption('priority')
  await expect(save(bo)).toBeVisible()
  await group(ann).selectOption('assignee')
  await save(ann).click()
  const apart = bo.getByTestId('view-apart')
  await expect(apart).toContainText('Ann saved “Team view” anew, and you have changed it here:')
  await expect(group(bo)).toHaveValue('priority')
  await axeFindsNothing(bo)
  await apart.getByRole('button', { name: 'Take what was saved' }).click()
  await expect(group(bo)).toHaveValue('assignee')
  await expect(apart).toHaveCount(0)

  await group(bo).selectOption('none')
  await expect(save(bo)).toBeVisible()
  await group(ann).selectOption('label')
  await save(ann).click()
  await apart.getByRole('button', { name: 'Save mine over it' }).click()
  await expect(group(ann)).toHaveValue('none')

  // Nor is its name replaced unread.
  const rename = async (page: Page, text: string) => {
    await menu(page).click()
    await page.getByRole('menuitem', { name: 'Rename view' }).click()
    const field = page.getByRole('textbox', { name: 'Name of the view' })
    await field.fill(text)
    return field
  }
  await rename(bo, 'His view')
  await (await rename(ann, 'Her view')).press('Enter')
  const note = bo.getByTestId('meanwhile')
  await expect(note).toContainText('Ann changed this to “Her view” meanwhile.')
  await note.getByRole('button', { name: 'Keep mine' }).click()
  await expect(menu(ann)).toHaveAccessibleName('View: His view')
  await expect(menu(bo)).toHaveAccessibleName('View: His view')

  // Nor does it go under his hands without a word; what it showed he may keep.
  await group(bo).selectOption('priority')
  await expect(save(bo)).toBeVisible()
  await menu(ann).click()
  await ann.getByRole('menuitem', { name: 'Remove view' }).click()
  const told = bo.locator('[data-stays] > div').filter({ hasText: 'Ann removed the view “His view”.' })
  await expect(menu(bo)).toHaveAccessibleName('View: All cards')
  await expect(group(bo)).toHaveValue('priority')
  await told.getByRole('button', { name: 'Save as…' }).click()
  await bo.getByRole('textbox', { name: 'Name of the view' }).fill('What is left')
  await bo.keyboard.press('Enter')
  await expect(menu(bo)).toHaveAccessibleName('View: What is left')
  await expect(group(bo)).toHaveValue('priority')
  await leave()
})

test('the bar of the chosen cards says how many of them the filter hides @long', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Bulk', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Mast', 'Sails']) await addCard(page, title)
  for (const title of ['Mast', 'Sails']) {
    await cardNamed(page, title).getByRole('link').focus()
    await page.keyboard.press('x')
  }
  const said = page.getByRole('toolbar', { name: 'Change the selected cards' }).getByRole('status')
  await expect(said).toHaveText('2 cards selected')
  await page.getByRole('searchbox', { name: 'Filter cards' }).fill('mast')
  await expect(page.getByTestId('card')).toHaveCount(1)
  await expect(said).toHaveText('2 cards selected, 1 of them not shown')
  await page.getByRole('searchbox', { name: 'Filter cards' }).fill('')
  await expect(said).toHaveText('2 cards selected')
})

test('a card that is added to a column longer than the window is seen @long', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 480 })
  await createWorkspace(page, relay.origin, 'Long', 'Ann')
  await openFirstBoard(page)
  for (let number = 1; number <= 9; number++) {
    await addCard(page, `Plank ${number}`)
    await expect(cardNamed(page, `Plank ${number}`)).toBeInViewport({ ratio: 1 })
  }
  await expect(page.getByTestId('column').first().locator('[data-cards]')).not.toHaveJSProperty('scrollTop', 0)
})

test('a day of another year stands on one line in the table, whole, in either language @long', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Days', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Report 20 Dec 2047')
  await page.getByRole('toolbar', { name: 'View of the board' }).getByRole('button', { name: 'Table' }).click()
  const day = page.getByTestId('row').locator('time')
  for (const [locale, words] of [
    ['en', '20 Dec 2047'],
    ['zh-CN', '2047年12月20日'],
  ] as const) {
    await page.evaluate((one) => localStorage.setItem('tongzhou.locale', one), locale)
    await page.reload()
    await expect(day).toHaveText(words)
    const { lines, isWhole } = await day.evaluate((element) => {
      const cell = element.closest('[role=gridcell]')
      const lines = Math.round(element.clientHeight / parseFloat(getComputedStyle(element).lineHeight))
      return { lines, isWhole: cell && cell.scrollWidth <= cell.clientWidth }
    })
    expect({ lines, isWhole }).toEqual({ lines: 1, isWhole: true })
  }
})

test('the link from home to the rest of my work on a board shows what of it is mine, and nothing else that was filtered @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Views', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Ask for a quote @Ann')
  await addCard(page, 'Nobody’s')
  await expect(page.getByTestId('card')).toHaveCount(4)
  await page.getByRole('searchbox', { name: 'Filter cards' }).fill('nobody')
  await expect(page.getByTestId('card')).toHaveCount(1)
  const board = page.url()
  await page.goto(`${board}?mine`)
  await expect(cardNamed(page, 'Ask for a quote')).toBeVisible()
  await expect(page.getByTestId('card')).toHaveCount(1)
  await expect(page).toHaveURL(board)
  await page.reload()
  await expect(page.getByTestId('card')).toHaveCount(1)
})

test('on a phone a filter leads to the column of what it finds, where none is in view, and says how many: in lanes, too', async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 844 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Views', 'Ann')
  await openFirstBoard(page)
  await page.getByRole('button', { name: 'Add column' }).first().click()
  for (const title of ['Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth']) {
    await page.getByRole('textbox', { name: 'Column name' }).fill(title)
    await page.keyboard.press('Enter')
    await expect(columnNamed(page, title)).toHaveCount(1)
  }
  await page.keyboard.press('Escape')
  // The last one at the beginning: a card that was added is brought into view, be it a little later.
  for (const [column, title] of [
    ['Eighth', 'Mend the sails'],
    ['To do', 'Mend the oars'],
  ] as const) {
    await page
      .getByRole('button', { name: `Add a card to ${column}` })
      .last()
      .click()
    await page.getByRole('textbox', { name: `Add a card to ${column}` }).fill(title)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
  }
  await page.setViewportSize({ width: 390, height: 844 })
  const columns = page.getByRole('group', { name: 'Columns' })
  const count = page.getByRole('toolbar', { name: 'View of the board' }).getByRole('status')
  const toBeginning = () => columns.evaluate((board) => (board.scrollLeft = 0))
  await toBeginning()
  await page.getByRole('button', { name: 'Filters' }).tap()
  const field = page.getByRole('searchbox', { name: 'Filter cards' })

  await field.fill('mend')
  await expect(page.getByTestId('card').filter({ hasText: 'Mend' })).toHaveCount(1)
  await expect(count).toHaveText('2 of 4 cards')
  await expect(count).toBeInViewport({ ratio: 1 })
  expect(await columns.evaluate((board) => board.scrollLeft)).toBe(0)

  await field.pressSequentially(' the sails')
  await expect(columnNamed(page, 'Eighth')).toBeInViewport({ ratio: 1 })
  await expect(cardNamed(page, 'Mend the sails')).toBeInViewport({ ratio: 1 })
  await expect(field).toBeFocused()
  await expect(count).toHaveText('1 of 4 cards')
  await expect(count).toBeInViewport({ ratio: 1 })
  await expect(page.getByRole('button', { name: /^Remove condition/ })).toHaveCount(1)

  // Whoever then goes elsewhere stays there, whatever is changed meanwhile.
  await toBeginning()
  await field.fill('')
  await expect(count).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByLabel('Group by').selectOption('priority')
  await expect(page.getByTestId('lane').first()).toBeVisible()
  await toBeginning()
  await page.getByRole('button', { name: 'Filters' }).tap()
  await field.fill('sails')
  await expect(cardNamed(page, 'Mend the sails')).toBeInViewport({ ratio: 1 })
  await expect(field).toBeFocused()
  await context.close()
})
