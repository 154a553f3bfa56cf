import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  axeFindsNothing,
  cardNamed,
  createWorkspace,
  exported,
  fromBoardMenu,
  openFirstBoard,
  panelOf,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => (relay = await startRelayProcess()))
test.afterAll(() => relay.dispose())

const archive = (page: Page) => page.getByRole('dialog', { name: 'Archived items' })

async function importCards(page: Page, titles: readonly string[]): Promise<void> {
  await fromBoardMenu(page, 'Import CSV')
  const wizard = page.getByRole('dialog', { name: 'Import CSV' })
  const content = ['Title,Column', ...titles.map((title) => `${title},Sailing`)].join('\n')
  const file = { name: 'sails.csv', mimeType: 'text/csv', buffer: Buffer.from(content) }
  await wizard.locator('input[type=file]').setInputFiles(file)
  await wizard.getByRole('button', { name: `Import ${titles.length} cards` }).click()
  await expect(wizard).toBeHidden()
}
async function searchFinds(page: Page, text: string, title: string | null): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill(text)
  const found = page.getByRole('group', { name: 'Cards' }).getByRole('option')
  if (title === null) await expect(page.getByText('Nothing found')).toBeVisible()
  else await expect(found.first()).toContainText(title)
  await expect(found).toHaveCount(title === null ? 0 : 1)
  await page.keyboard.press('Escape')
}

test('an import that is undone is as if it had never been: the archive folds it up, search and files know nothing of it; redo brings all of it, and from the archive one card can be brought back', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Boats', 'Ann')
  await openFirstBoard(page)
  const titles = Array.from({ length: 130 }, (_, at) => `Sail no ${at}x`)
  await importCards(page, titles)
  await expect(page.getByTestId('column').filter({ hasText: 'Sailing' })).toHaveCount(1)
  await searchFinds(page, '77x', 'Sail no 77x')
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByTestId('column').filter({ hasText: 'Sailing' })).toHaveCount(0)
  await searchFinds(page, '77x', null)
  for (const format of ['CSV', 'Markdown', 'JSON with history']) {
    const text = await exported(page, format)
    expect(text).not.toContain('Sail no')
    // The history is whole.
    if (format.startsWith('JSON')) expect(text).toContain('Undone: Imported 130 cards')
  }

  await page.keyboard.press('ControlOrMeta+Shift+z')
  await expect(page.getByTestId('column').filter({ hasText: 'Sailing' })).toHaveCount(1)
  await searchFinds(page, '77x', 'Sail no 77x')
  await fromBoardMenu(page, 'Archived items')
  await expect(archive(page)).toContainText('Nothing is archived.')
  await expect(archive(page).getByTestId('undone')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByTestId('column').filter({ hasText: 'Sailing' })).toHaveCount(0)

  await fromBoardMenu(page, 'Archived items')
  const folded = archive(page).getByText('Added, then undone (131)')
  await expect(folded).toBeVisible()
  await expect(archive(page)).toContainText('Nothing is archived.')
  await expect(archive(page).getByRole('listitem')).toHaveCount(0)
  await folded.focus()
  await page.keyboard.press('Enter')
  await expect(archive(page).getByRole('listitem')).toHaveCount(101)
  await expect(archive(page).getByRole('link').first()).toContainText('Sail no')
  await expect(archive(page)).toContainText('undone by Ann')
  await axeFindsNothing(page)
  await archive(page).getByRole('button', { name: 'Show 30 more' }).press('Enter')
  await expect(archive(page).getByRole('listitem')).toHaveCount(131)
  // The focus goes on with the first of what has come.
  await expect(archive(page).getByRole('link').nth(100)).toBeFocused()

  // Its panel says what it is, and whoever closes it is where they were.
  await archive(page).getByRole('link', { name: 'Sail no 77x' }).click()
  await expect(panelOf(page).getByTestId('archived-note')).toContainText('Ann undid the adding of this card')
  await page.keyboard.press('Escape')
  await expect(archive(page).getByRole('link', { name: 'Sail no 77x' })).toBeInViewport()

  const row = archive(page).getByRole('listitem').filter({ hasText: 'Sail no 77x' })
  await row.getByRole('button', { name: 'Restore' }).click()
  await expect(archive(page)).toContainText('Added, then undone (129)')
  // Its column has a card of somebody's in it, and is archived like any other.
  const column = archive(page).getByRole('listitem').filter({ hasText: 'Sailing' }).first()
  await column.getByRole('button', { name: 'Restore' }).click()
  await page.keyboard.press('Escape')
  await expect(cardNamed(page, 'Sail no 77x')).toHaveCount(1)
  await searchFinds(page, '77x', 'Sail no 77x')
  await searchFinds(page, '78x', null)
})
