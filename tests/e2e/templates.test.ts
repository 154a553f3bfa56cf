import AxeBuilder from '@axe-core/playwright'
import { expect, test } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { cardNamed, createWorkspace, panelOf } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('P47: Ann begins a board from a built-in template, saves it as her own, and begins another from that', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Templates', 'Ann')
  await page.getByRole('link', { name: 'Home' }).first().click()
  await page.getByRole('button', { name: 'Create a board' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Create a board' })
  await dialog.getByLabel('Board name').fill('New lamp')
  await expect(dialog.getByText('It then appears here.')).toBeVisible()
  await dialog.getByText('Product launch').click()
  const preview = dialog.getByRole('region', { name: 'What the new board has' })
  await expect(preview.getByText('Launch critical')).toBeVisible()
  await expect(preview.getByText('Set the launch date and its goals')).toBeVisible()
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id }) => id)).toEqual([])
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByTestId('column')).toHaveCount(5)
  await expect(cardNamed(page, 'Train the sales team')).toHaveCount(1)

  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Save as template…' }).click()
  const saving = page.getByRole('dialog', { name: 'Save as a template' })
  await saving.getByLabel('Name of the template').fill('Our launches')
  await saving.getByLabel('With 7 cards').check()
  await saving.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Open it' }).click()
  await expect(page.getByText('Template', { exact: true })).toBeVisible()
  await expect(page.getByTestId('column')).toHaveCount(5)

  // It is no board to work in: home has it apart, and it is begun from.
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Use this template' }).click()
  await expect(dialog.getByRole('radio', { name: /Our launches/ })).toBeChecked()
  await expect(preview.getByText('Launch critical')).toBeVisible()
  await dialog.getByLabel('Board name').fill('Winter lamp')
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Winter lamp' })).toBeVisible()
  await expect(page.getByText('Template', { exact: true })).toBeHidden()
  await cardNamed(page, 'Set the launch date').getByRole('link').click()
  await expect(panelOf(page).getByText('0 of 3 done')).toBeAttached()
})

test('the palette does what the open board can do, and the sheet of shortcuts lists its keys', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Commands', 'Ann')
  await expect(page.getByTestId('card')).toHaveCount(2)
  const palette = page.getByRole('combobox', { name: 'Search and commands' })
  const run = async (words: string, command: string | RegExp) => {
    await page.keyboard.press('Control+k')
    await expect(palette).toBeFocused()
    await page.keyboard.type(words)
    await page.getByRole('option', { name: command }).first().click()
    await expect(palette).toBeHidden()
  }
  await run('show as', 'Show as: Table')
  await expect(page.getByRole('grid')).toBeVisible()
  await run('group', 'Group: By priority')
  await expect(page.getByLabel('Group by')).toHaveValue('priority')
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByText('From cell to cell')).toBeVisible()
  await expect(sheet.getByText('Lift and drop the card')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await run('add a card', 'Add a card')
  await expect(page.getByRole('textbox', { name: 'Add a card to To do' })).toBeFocused()
  await page.keyboard.press('Escape')
  await run('versions', /ersions/)
  await expect(page.getByRole('dialog', { name: /ersions/ })).toBeVisible()
  await page.keyboard.press('Escape')

  // Elsewhere there is no board to act on.
  await page.getByRole('link', { name: 'People' }).first().click()
  await page.keyboard.press('Control+k')
  await expect(palette).toBeFocused()
  await page.keyboard.type('show as')
  await expect(page.getByRole('option', { name: 'Show as: Table' })).toHaveCount(0)
})
