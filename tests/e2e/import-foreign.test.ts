import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { cardNamed, createWorkspace, openFirstBoard, syncIs } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/foreign/${name}`, import.meta.url))
const wizard = (page: Page) => page.getByRole('dialog', { name: 'Import CSV' })

async function openImport(page: Page, person: string): Promise<void> {
  await createWorkspace(page, relay.origin, 'Moving in', person)
  await openFirstBoard(page)
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
}

/** What a download of the board's menu has in it. */
async function saved(page: Page, item: string): Promise<string> {
  await page.getByRole('button', { name: 'Board actions' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: item }).click()
  return readFileSync(await (await download).path(), 'utf8')
}

test('import: a Trello board is recognised, Bo is matched with Ann, losses are counted, one undo takes it back', async ({
  page,
}) => {
  await openImport(page, 'Ann')
  await wizard(page).locator('input[type=file]').setInputFiles(fixture('trello.json'))
  await expect(wizard(page)).toContainText('Recognised as a file of Trello: Launch 发布')
  await expect(wizard(page)).toContainText('Nobody here is called Li Na')
  await wizard(page).getByLabel('Bo Berg: Becomes').selectOption({ label: 'Ann' })
  await expect(wizard(page)).not.toContainText('Nobody here is called Bo Berg')
  await expect(wizard(page)).toContainText('Kept as text in the description: 2 × custom fields (Budget, Region)')
  await expect(wizard(page)).toContainText(
    'Kept as text in the description: 1 × names and links of attachments, without the files (floor plan.pdf)',
  )

  const hall = wizard(page).getByRole('row').filter({ hasText: 'Book the hall' })
  await expect(wizard(page).getByLabel('Doing: Becomes').locator('option:checked')).toHaveText('Doing')
  await expect(wizard(page).getByLabel('待办: Becomes')).toHaveValue('new')
  await expect(hall).toContainText('待办 (new)')
  await wizard(page).getByLabel('待办: Becomes').selectOption({ label: 'To do' })
  await expect(hall).not.toContainText('(new)')
  await expect(wizard(page).getByRole('columnheader', { name: 'Start' })).toBeVisible()
  await expect(wizard(page).getByRole('row').filter({ hasText: 'Book the hall' })).toContainText('2026-11-25')

  await expect(wizard(page)).toContainText('Kept as text in the description: 2 × comments')
  await wizard(page).getByRole('checkbox', { name: 'Comments (' }).uncheck()
  await expect(wizard(page)).toContainText('Left out: 3 × comments')

  await wizard(page).getByRole('button', { name: 'Import 5 cards' }).click()
  await wizard(page).getByRole('button', { name: 'Done' }).click()
  await expect(wizard(page)).toBeHidden()
  await expect(cardNamed(page, 'Book the hall <b>today</b>')).toContainText('@Li Na')
  await expect(page.getByTestId('column').filter({ hasText: 'To do' })).toContainText('Book the hall')
  await cardNamed(page, 'Book the hall').click()
  await expect(page.getByText('<script>alert(1)</script>')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Plan', exact: true })).toBeVisible()
  await expect(page.getByText('floor plan.pdf')).toBeVisible()
  await expect(page.getByText('I call them')).toHaveCount(0)
  await page.keyboard.press('Escape')
  expect(await saved(page, 'Export Markdown')).toContain('  > - **call** the owner')
  expect(await saved(page, 'Export JSON')).toContain('"strong": true')
  await syncIs(page, 'Synced')
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await expect(cardNamed(page, 'Book the hall')).toHaveCount(0)
  await expect(page.getByTestId('card')).toHaveCount(2)
})

test('import: a Jira search is recognised, or read as any table if the person prefers', async ({ page }) => {
  await openImport(page, 'Li Na')
  await wizard(page).locator('input[type=file]').setInputFiles(fixture('jira.csv'))
  await expect(wizard(page)).toContainText('Recognised as a file of Jira')
  await expect(wizard(page)).toContainText('“blocked by” links that close a circle')
  await expect(wizard(page)).toContainText('Row 5: No title. It is left out.')
  const leftOut = wizard(page).getByText(/^Left out: .* descriptions/)
  await wizard(page).getByRole('checkbox', { name: 'Descriptions (' }).uncheck()
  await expect(leftOut).toHaveCount(1)
  await wizard(page).getByRole('button', { name: 'Choose the columns myself' }).click()
  await expect(wizard(page).getByLabel('Summary: Becomes')).toHaveValue('title')
  // Its columns are asked about one by one: what was unticked before is no answer to that.
  await expect(leftOut).toHaveCount(0)
  await wizard(page).getByRole('button', { name: 'Choose another file' }).click()
  await wizard(page).locator('input[type=file]').setInputFiles(fixture('jira.csv'))
  await wizard(page).getByRole('button', { name: 'Import 4 cards' }).click()
  await wizard(page).getByRole('button', { name: 'Done' }).click()
  await expect(page.getByTestId('column').filter({ hasText: 'In Review' })).toContainText('Lost link')
  await expect(cardNamed(page, 'Release the firmware')).toHaveCount(1)
})

test('export: JSON with descriptions and history, which another board imports; Markdown; CSV', async ({ page }) => {
  await openImport(page, 'Li Na')
  await wizard(page).locator('input[type=file]').setInputFiles(fixture('asana.json'))
  await expect(wizard(page)).toContainText('1 of them is finished or archived there')
  await wizard(page).getByRole('button', { name: 'Import 3 cards' }).click()
  await expect(wizard(page)).toContainText('found here under “Archived items”')
  await wizard(page).getByRole('button', { name: 'Done' }).click()
  await expect(cardNamed(page, 'Write the brief')).toHaveCount(1)
  expect(await saved(page, 'Export CSV')).toContain('Two pages')
  await expect(page.getByText('Descriptions with formats are written as Markdown').first()).toBeVisible()
  const markdown = await saved(page, 'Export Markdown')
  expect(markdown).toContain('- [ ] Write the brief')
  expect(markdown).toContain('  - [x] Outline')
  const json = await saved(page, 'Export JSON')
  expect(json).toContain('Two pages')
  expect(JSON.parse(json)).toMatchObject({ format: 'tongzhou-board', version: 1 })
  expect((JSON.parse(json) as { history: unknown[] }).history.length).toBeGreaterThan(0)

  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  const file = { name: 'board.json', mimeType: 'application/json', buffer: Buffer.from(json) }
  await wizard(page).locator('input[type=file]').setInputFiles(file)
  await expect(wizard(page)).toContainText('Recognised as a file of Tongzhou')
  await wizard(page).getByRole('button', { name: 'Import 5 cards' }).click()
  await expect(cardNamed(page, 'Write the brief')).toHaveCount(2)
})
