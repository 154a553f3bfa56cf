import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, createWorkspace, openFirstBoard, twoPeople } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

async function axeFindsNothing(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
}

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
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await menu.click()
  await expect(page.getByRole('menuitem', { name: /Quotes/ })).toBeVisible()
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
  await page.getByRole('columnheader', { name: 'Title' }).getByRole('button').click()
  await expect(rows.first()).toContainText('Aardvark')
  await expect(page.getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'ascending')

  await grid.focus()
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

  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  const bulk = page.getByRole('toolbar', { name: 'Change the selected cards' })
  await expect(bulk.getByRole('status')).toHaveText('2 cards selected')
  await bulk.getByRole('button', { name: 'Move to…' }).click()
  await page.getByRole('menuitem', { name: 'Done' }).click()
  await expect(rows.filter({ hasText: 'Done' })).toHaveCount(2)
  await axeFindsNothing(page)
  await grid.focus()
  await page.keyboard.press('Control+z')
  await expect(rows.filter({ hasText: 'Done' })).toHaveCount(0)
  await expect(rows.filter({ hasText: 'To do' })).toHaveCount(3)

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
  await page
    .getByTestId('card')
    .nth(1)
    .getByRole('link')
    .click({ modifiers: ['ControlOrMeta'] })
  const bulk = page.getByRole('toolbar', { name: 'Change the selected cards' })
  await expect(bulk.getByRole('status')).toHaveText('2 cards selected')
  await bulk.getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByTestId('card')).toHaveCount(0)
  await expect(bulk).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(page.getByTestId('card')).toHaveCount(2)
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

test('P12: what Ann saves into a shared view Bo sees at once where he changed nothing; where he has, he is told and chooses', async ({
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
  await menu(bo).click()
  await bo.getByRole('menuitem', { name: /Team view/ }).click()
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
  await leave()
})
