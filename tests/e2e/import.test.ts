import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { expect, test, type Page } from 'playwright/test'
import { gb18030 } from '../support/gb18030.ts'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { axeFindsNothing, cardNamed, createWorkspace, openFirstBoard, syncIs, twoPeople } from './steps.ts'

let relay: RelayProcess
let folder: string
test.beforeAll(async () => {
  relay = await startRelayProcess()
  folder = mkdtempSync(joinPath(tmpdir(), 'tongzhou-csv-'))
})
test.afterAll(async () => {
  await relay.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const wizard = (page: Page) => page.getByRole('dialog', { name: 'Import CSV' })
const preview = (page: Page) => wizard(page).getByRole('table', { name: 'The first rows' })

async function openWizard(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  await expect(wizard(page)).toBeVisible()
}

async function choose(page: Page, name: string, content: string | Uint8Array): Promise<void> {
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(content) }
  await wizard(page).locator('input[type=file]').setInputFiles(file)
}

test('a board that home makes for an import asks for the file once: neither replay nor a reload asks again', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await page.getByRole('link', { name: 'Home' }).first().click()
  await page.getByRole('button', { name: 'Import CSV or JSON' }).click()
  const making = page.getByRole('dialog', { name: 'Import into a new board' })
  await making.getByLabel('Board name').fill('Yard')
  await making.getByRole('button', { name: 'Create and choose the file' }).click()
  await choose(page, 'yard.csv', 'Title\nPlanks\n')
  await wizard(page).getByRole('button', { name: 'Import 1 card' }).click()
  await expect(cardNamed(page, 'Planks')).toHaveCount(1)
  await expect(wizard(page)).toBeHidden()
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(page.getByRole('button', { name: 'Back to now' })).toBeHidden()
  await page.getByRole('button', { name: 'Board actions' }).click()
  await expect(page.getByRole('menuitem', { name: 'Replay' })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(new URL(page.url()).search).toBe('')
  await page.reload()
  await expect(cardNamed(page, 'Planks')).toHaveCount(1)
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('import: a UTF-8 file with a byte order mark: mapping, preview, row errors, losses; one undo takes all of it back, also after a reload', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  const rows = [
    'Name,State,Who,When,Votes',
    'Book the hall,Doing,Ann,2026-12-01,3',
    '=HYPERLINK("http://evil.example";"pay"),Doing,Ann,2026-12-02,',
    '<img src=x onerror="window.__hit=1">,Doing,,,',
    ',Doing,,,',
    'Ragged,Doing',
    'Too many cells,Review,Bo,yesterdayish,1,2,3',
  ]
  await choose(page, 'plan.csv', `\uFEFF${rows.join('\r\n')}\r\n`)

  // The guess, and its correction by hand.
  const becomes = (heading: string) => wizard(page).getByLabel(`${heading}: Becomes`)
  await expect(becomes('Name')).toHaveValue('title')
  await expect(becomes('State')).toHaveValue('column')
  await expect(becomes('When')).toHaveValue('ignore')
  await becomes('When').selectOption('due')
  await expect(preview(page).getByRole('row')).toHaveCount(6)
  await expect(preview(page)).toContainText('=HYPERLINK("http://evil.example";"pay")')
  await expect(preview(page)).toContainText('<img src=x onerror="window.__hit=1">')
  await expect(wizard(page)).toContainText('Row 5: No title. It is left out.')
  await expect(wizard(page)).toContainText('Row 7: “yesterdayish” is not a date. The card comes without it.')
  await expect(wizard(page)).toContainText('Nobody here is called Bo')
  await expect(wizard(page)).toContainText('The column “Votes” is left out (2 cells).')
  await expect(wizard(page)).toContainText('Column 6 is left out (1 cell).')
  await expect(wizard(page)).toContainText('1 entry is left out.')
  await expect(wizard(page)).toContainText('Row 6: It has 2 cells, the first row has 5: check that nothing slipped.')
  await expect(wizard(page)).toContainText('Row 7: It has 7 cells, the first row has 5: check that nothing slipped.')
  // Whatever lies below the fold is said beside the button.
  const summary = wizard(page).getByRole('button', {
    name: '4 entries need your attention, 5 things cannot be carried over',
  })
  await expect(summary).toBeInViewport()
  await summary.click()
  await expect(wizard(page).getByRole('heading', { name: '4 entries need your attention' })).toBeInViewport()

  await wizard(page).getByRole('button', { name: 'Import 5 cards' }).click()
  await expect(wizard(page).getByRole('heading', { name: '5 cards imported' })).toBeFocused()
  const saving = page.waitForEvent('download')
  await wizard(page).getByRole('button', { name: 'Save this report as a file' }).click()
  const report = readFileSync(await (await saving).path(), 'utf8')
  expect(report).toContain('plan.csv: 5 cards imported')
  expect(report).toContain('Row 7: “yesterdayish” is not a date. The card comes without it.')
  expect(report).toContain('The column “Votes” is left out (2 cells).')
  await wizard(page).getByRole('button', { name: 'Done' }).click()
  await expect(wizard(page)).toBeHidden()
  await expect(cardNamed(page, 'Book the hall')).toHaveCount(1)
  await expect(cardNamed(page, '=HYPERLINK')).toHaveCount(1)
  await expect(cardNamed(page, '<img src=x')).toHaveCount(1)
  await expect(page.getByTestId('column').filter({ hasText: 'Review' }).getByTestId('card')).toHaveCount(1)
  expect(await page.evaluate(() => '__hit' in window)).toBe(false)
  await syncIs(page, 'Synced')

  await page.reload()
  await expect(cardNamed(page, 'Book the hall')).toHaveCount(1)
  // What went is said, not only that the card that had the focus is gone.
  await cardNamed(page, 'Ragged').getByRole('link').focus()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByTestId('card')).toHaveCount(2)
  await expect(page.getByTestId('column')).toHaveCount(3)
  await expect(
    page.locator('[aria-live=polite]').filter({ hasText: /Took back the import of “.*”: .* cards/ }),
  ).toBeAttached()
  await page.getByRole('button', { name: 'Redo', exact: true }).first().click()
  await expect(page.getByTestId('card')).toHaveCount(7)
})

test('import: a GB18030 file of Excel in China is recognised, and another encoding can be chosen', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  await choose(
    page,
    '计划.csv',
    gb18030('任务名称,状态,截止日期,优先级\r\n确定发布日期,待办,2026年11月30日,紧急\r\n“新品”海报,进行中,,\r\n'),
  )
  await expect(wizard(page)).toContainText('recognised as GB18030')
  const encodings = wizard(page).getByLabel('Text encoding').getByRole('option')
  await expect(encodings).toHaveText(['UTF-8', 'GB18030', 'Big5', 'UTF-16LE', 'UTF-16BE', 'Windows-1252'])
  await expect(preview(page)).toContainText('确定发布日期')
  await expect(preview(page)).toContainText('2026-11-30')
  await expect(preview(page).getByRole('cell', { name: 'P0 · Critical' })).toBeVisible()
  await wizard(page).getByLabel('Text encoding').selectOption('big5')
  await expect(preview(page)).not.toContainText('确定发布日期')
  await wizard(page).getByLabel('Text encoding').selectOption('gb18030')
  await wizard(page).getByRole('button', { name: 'Import 2 cards' }).click()
  await expect(cardNamed(page, '“新品”海报')).toHaveCount(1)
  await expect(cardNamed(page, '确定发布日期')).toHaveCount(1)
})

test('import: everything is said to be carried over only where it is, before the import and after it', async ({
  page,
}) => {
  const all = wizard(page).getByText('Everything in the mapped columns is carried over.')
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  await choose(page, 'whole.csv', 'Title,Due\nBook the hall,2026-12-01\n')
  await expect(all).toBeVisible()
  await wizard(page).getByRole('button', { name: 'Choose another file' }).click()
  // Nobody maps the columns of a product's own file.
  const [lists, cards] = [[{ id: 'l', name: 'To do' }], [{ id: 'c', name: 'Book the hall', idList: 'l' }]]
  await choose(page, 'trello.json', JSON.stringify({ name: 'Boat', lists, cards }))
  await expect(wizard(page).getByText('Everything is carried over.')).toBeVisible()
  await wizard(page).getByRole('button', { name: 'Choose another file' }).click()
  await choose(page, 'soon.csv', 'Title,Due,Priority\nBook the hall,soonish,\nPrint the posters,,very\n')
  await expect(wizard(page)).toContainText('Row 2: “soonish” is not a date. The card comes without it.')
  await expect(all).toHaveCount(0)
  await wizard(page).getByRole('button', { name: 'Import 2 cards' }).click()
  await expect(wizard(page).getByRole('heading', { name: '2 cards imported' })).toBeFocused()
  await expect(wizard(page)).toContainText('Row 3: “very” is not a priority.')
  await expect(all).toHaveCount(0)
})

test('import: more columns than a board can have are told in the preview, and not promised; another column is chosen for them', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  const rows = Array.from({ length: 1_200 }, (_, i) => `Card ${i},Value ${i},Doing`)
  await choose(page, 'many.csv', ['Title,State,Area', ...rows].join('\n'))
  const tooMany = wizard(page).getByText(/With this file the board would have 1,20\d columns, and it can have 1,000/)
  const bringIn = wizard(page).getByRole('button', { name: 'Import 1,200 cards' })
  await expect(tooMany).toContainText('Choose another column of the file for “Column”, or “Leave out”.')
  await expect(bringIn).toBeDisabled()
  await expect(wizard(page)).not.toContainText('will be added')
  await expect(wizard(page)).not.toContainText('is carried over')
  const becomes = (heading: string) => wizard(page).getByLabel(`${heading}: Becomes`)
  await becomes('State').selectOption('labels')
  await expect(tooMany).toHaveCount(0)
  await becomes('Area').selectOption('column')
  await expect(wizard(page)).toContainText('1,200 cards in 1 column will be added.')
  await bringIn.click()
  await expect(cardNamed(page, 'Card 0').first()).toBeAttached({ timeout: 60_000 })
})

test('import: keys scroll what is longer than its place: the first rows, what needs attention and what cannot come along', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  const rows = Array.from({ length: 30 }, (_, i) => [`Card ${i}`, 'someday', ...Array(30).fill('x')].join())
  await choose(
    page,
    'long.csv',
    [['Title,Due', ...Array.from({ length: 30 }, (_, i) => `More ${i}`)].join(), ...rows].join('\n'),
  )
  for (const name of ['The first rows', '30 entries need your attention', 'What cannot be carried over']) {
    const place = wizard(page).getByRole('region', { name })
    await place.focus()
    await page.keyboard.press('PageDown')
    await expect.poll(() => place.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0)
  }
  await axeFindsNothing(page, '[role=dialog]')
})

test('import: a file without headings keeps its first row, and whether it has any is Ann’s to say @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  await choose(page, 'milk.csv', 'Buy milk,To do,2026-11-05\nSell milk,Doing,2026-11-06\n')
  const headings = wizard(page).getByRole('checkbox', { name: 'The first row has headings' })
  await expect(headings).not.toBeChecked()
  await expect(preview(page).getByRole('row')).toHaveCount(3)
  await expect(preview(page)).toContainText('Buy milk')
  await expect(wizard(page).getByText('Column 1', { exact: true })).toBeVisible()
  await expect(wizard(page)).toContainText('Column 3 is left out (2 cells).')
  await axeFindsNothing(page, '[role=dialog]')
  await headings.check()
  await expect(preview(page).getByRole('row')).toHaveCount(2)
  await expect(preview(page)).not.toContainText('Buy milk')
  await expect(headings).toBeFocused()
  await expect(wizard(page).getByLabel('Buy milk: Becomes')).toBeVisible()
  await headings.uncheck()
  await expect(preview(page).getByRole('row')).toHaveCount(3)
  // Another encoding is no other file.
  await headings.check()
  await wizard(page).getByLabel('Text encoding').selectOption('gb18030')
  await expect(preview(page).getByRole('row')).toHaveCount(2)
  await headings.uncheck()
  await wizard(page).getByLabel('Column 2: Becomes').selectOption('column')
  await wizard(page).getByLabel('Column 3: Becomes').selectOption('due')
  await wizard(page).getByRole('button', { name: 'Import 2 cards' }).click()
  for (const title of ['Buy milk', 'Sell milk']) await expect(cardNamed(page, title)).toHaveCount(1)

  await openWizard(page)
  await choose(page, 'plan.csv', 'Was,Wann\nFilm,2026-11-05\n')
  await expect(headings).toBeChecked()
  await expect(preview(page).getByRole('row')).toHaveCount(2)
})

test('import: what is no table is refused in words, and the board stays as it was', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  await choose(page, 'book.xlsx', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0]))
  await expect(wizard(page).getByRole('alert')).toContainText('Save it as CSV first')
  await wizard(page).getByRole('button', { name: 'Choose another file' }).click()
  await choose(page, 'empty.csv', '')
  await expect(wizard(page).getByText('There is nothing to import in this file.')).toBeVisible()
  await wizard(page).getByRole('button', { name: 'Choose another file' }).click()
  await choose(page, 'numbers.csv', 'a,b\n1,2\n')
  await expect(wizard(page).getByRole('alert')).toContainText('One column must become the title.')
  await expect(wizard(page).getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await wizard(page).getByLabel('a: Becomes').selectOption('title')
  await expect(wizard(page).getByRole('button', { name: 'Import 1 card' })).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('card')).toHaveCount(2)
})

/** It has been noted that cards are coming in. */
const underWay = (page: Page) =>
  page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('tongzhou.import.')))
const cutOff = (page: Page) => page.getByTestId('cut-off-import')

test('import: the preview follows the board: a column that a colleague archives or renames meanwhile is told as it is then @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await openWizard(ann)
  await choose(ann, 'plan.csv', 'Name,State\nBook the hall,Doing\nPrint the plan,Later\n')
  const row = (title: string) => preview(ann).getByRole('row').filter({ hasText: title })
  await expect(row('Book the hall')).toContainText('Doing')
  await expect(row('Book the hall')).not.toContainText('new')
  await expect(row('Print the plan')).toContainText('Later (new)')
  await bo.getByRole('button', { name: 'Column Doing: actions' }).click()
  await bo.getByRole('menuitem', { name: 'Archive column' }).click()
  await expect(row('Book the hall')).toContainText('Doing (new)')
  await bo.getByRole('button', { name: 'Column Done: actions' }).click()
  await bo.getByRole('menuitem', { name: 'Rename', exact: true }).click()
  await bo.keyboard.press('Control+a')
  await bo.keyboard.type('Later')
  await bo.keyboard.press('Enter')
  await expect(row('Print the plan')).not.toContainText('new')
  await wizard(ann).getByRole('button', { name: 'Import 2 cards' }).click()
  for (const [title, column] of [
    ['Book the hall', 'Doing'],
    ['Print the plan', 'Later'],
  ] as const)
    await expect(ann.getByRole('region', { name: `Column ${column}, 1 card` })).toContainText(title)
  await leave()
})

test('import: while Ann takes back 2,000 cards with labels, Bo goes on working, and is asked about no label @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await openWizard(ann)
  const rows = Array.from({ length: 2_000 }, (_, n) => `Task ${n},To do,label ${n % 20},Words of ${n}`)
  await choose(ann, 'labelled.csv', ['Name,State,Labels,Description', ...rows].join('\n'))
  await wizard(ann).getByRole('button', { name: 'Import 2,000 cards' }).click()
  for (const page of [ann, bo])
    await expect(page.getByRole('region', { name: 'Column To do, 2,002 cards' })).toBeVisible({
      timeout: 60_000,
    })
  await expect(wizard(ann)).toHaveCount(0)
  await bo.evaluate(() => {
    const isAsked = () => document.querySelector('[data-testid=contested-bar]') !== null
    new MutationObserver(() => {
      if (isAsked()) document.body.dataset['asked'] = 'yes'
    }).observe(document.body, { childList: true, subtree: true })
  })
  await ann.keyboard.press('Control+z')
  await expect(ann.getByRole('region', { name: 'Column To do, 2 cards' })).toBeVisible({ timeout: 60_000 })
  await bo
    .getByRole('region', { name: /^Column Doing/ })
    .getByRole('button', { name: 'Add a card to Doing' })
    .last()
    .click()
  await bo.keyboard.type('What Bo does meanwhile')
  await bo.keyboard.press('Enter')
  await expect(cardNamed(bo, 'What Bo does meanwhile')).toBeVisible({ timeout: 15_000 })
  await expect(bo.getByRole('region', { name: 'Column To do, 2 cards' })).toBeVisible({ timeout: 30_000 })
  await expect(cardNamed(ann, 'What Bo does meanwhile')).toBeVisible()
  await expect(bo.locator('body')).not.toHaveAttribute('data-asked')
  await leave()
})

test('import: whoever closes the window in the middle of it is warned, and told afterwards what came in', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  const rows = Array.from({ length: 4_000 }, (_, n) => `task ${n},Doing,About ${n}`)
  await choose(page, 'plan.csv', ['Title,State,Description', ...rows].join('\n'))
  const warnings: string[] = []
  page.on('dialog', (dialog) => {
    warnings.push(dialog.type())
    void dialog.accept()
  })
  await wizard(page).getByRole('button', { name: 'Import 4,000 cards' }).click()
  await underWay(page)
  await page.reload()
  expect(warnings).toEqual(['beforeunload'])
  await expect(cutOff(page)).toContainText('“plan.csv”')
  await cutOff(page)
    .getByRole('button', { name: /^(Keep it|Close)$/ })
    .click()
  await expect(cutOff(page)).toBeHidden()
  await syncIs(page, 'Synced')
  // Said once; and where nothing comes in, nothing warns.
  await page.reload()
  await expect(page.getByTestId('card').first()).toBeVisible()
  await expect(cutOff(page)).toBeHidden()
  expect(warnings).toHaveLength(1)
})

test('import: while another window keeps the application alive, what the closed one began goes on to its end, and is told then @long', async ({
  page,
  context,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(other.getByTestId('card')).toHaveCount(2)
  await openWizard(page)
  const rows = Array.from({ length: 1_500 }, (_, n) => `task ${n},Doing`)
  await choose(page, 'plan.csv', ['Title,State', ...rows].join('\n'))
  await wizard(page).getByRole('button', { name: 'Import 1,500 cards' }).click()
  await underWay(page)
  await page.close({ runBeforeUnload: false })
  await expect(cutOff(other)).toContainText('The window closed while “plan.csv” came in. All 1,500 cards are here.')
  const doing = other.getByTestId('column').nth(1)
  await expect(doing).toHaveAccessibleName('Column Doing, 1,500 cards')
  await cutOff(other).getByRole('button', { name: 'Take it back' }).click()
  await expect(doing).toHaveAccessibleName('Column Doing, 0 cards')
  await expect(cutOff(other)).toBeHidden()
})

test('import: what came in of one that was cut off is taken back as one action, and undo brings it again', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  const tiles = page.getByTestId('card')
  await expect(tiles).toHaveCount(2)
  // As the window left it that brought in two of three cards.
  await page.evaluate(() => {
    const cards = [...document.querySelectorAll<HTMLElement>('[data-card]')].map(({ dataset }) => dataset['card'])
    const note = {
      file: 'plan.csv',
      cards: [...cards, 'third'],
      columns: [],
      labels: [],
      views: [],
      described: cards.slice(0, 1),
    }
    localStorage.setItem(`tongzhou.import.${location.pathname.split('/')[2]}`, JSON.stringify(note))
  })
  await page.reload()
  await expect(cutOff(page)).toContainText('“plan.csv” was cut off: 2 of 3 cards came in.')
  await expect(cutOff(page)).toContainText('1 card lacks the description.')
  await axeFindsNothing(page)
  await cutOff(page).getByRole('button', { name: 'Take it back' }).click()
  await expect(tiles).toHaveCount(0)
  await expect(cutOff(page)).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect(tiles).toHaveCount(2)
  await expect(cutOff(page)).toBeHidden()
})

test('import: that nothing came in of one that was cut off is told until it is imported again or closed, in every window; what came in of one stays told @long', async ({
  page,
  context,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await expect(page.getByTestId('card')).toHaveCount(2)
  /** As a window left it that was closed meanwhile. */
  const leaveNote = async (hasCome: boolean) => {
    await page.evaluate((hasCome) => {
      const here = [...document.querySelectorAll<HTMLElement>('[data-card]')].map(({ dataset }) => dataset['card'])
      const cards = [...(hasCome ? here.slice(0, 1) : []), 'other']
      const note = { file: 'plan.csv', cards, columns: [], labels: [], views: [], described: [] }
      localStorage.setItem(`tongzhou.import.${location.pathname.split('/')[2]}`, JSON.stringify(note))
    }, hasCome)
    await page.reload()
  }
  const importAgain = async () => {
    await openWizard(page)
    await choose(page, 'plan.csv', 'Title,State\nBook the hall,Doing\n')
    await wizard(page).getByRole('button', { name: 'Import 1 card' }).click()
    await expect(page.getByText('1 card imported').first()).toBeVisible()
    await expect(wizard(page)).toHaveCount(0)
  }
  await leaveNote(false)
  const other = await context.newPage()
  await other.goto(page.url())
  for (const one of [page, other]) await expect(cutOff(one)).toContainText('was cut off before any card came in')
  await importAgain()
  for (const one of [page, other]) await expect(cutOff(one)).toBeHidden()
  await syncIs(page, 'Synced')
  for (const one of [page, other]) {
    await one.reload()
    await expect(one.getByTestId('card')).toHaveCount(3)
    await expect(cutOff(one)).toBeHidden()
  }
  await leaveNote(false)
  for (const one of [page, other]) await expect(cutOff(one)).toBeVisible()
  await cutOff(other).getByRole('button', { name: 'Close' }).click()
  for (const one of [page, other]) await expect(cutOff(one)).toBeHidden()

  await leaveNote(true)
  for (const one of [page, other]) await expect(cutOff(one)).toContainText('1 of 2 cards came in.')
  await importAgain()
  for (const one of [page, other]) await expect(cutOff(one)).toContainText('1 of 2 cards came in.')
  await syncIs(page, 'Synced')
  await page.reload()
  await expect(page.getByTestId('card')).toHaveCount(4)
  await expect(cutOff(page)).toContainText('1 of 2 cards came in.')
})

/** A file of so many rows of so many bytes each, written piece by piece. */
function bigFile(name: string, rows: number, bytesPerRow: number): string {
  const path = joinPath(folder, name)
  const file = openSync(path, 'w')
  writeSync(file, 'title,notes\n')
  const filling = 'a long note, '.repeat(Math.ceil(bytesPerRow / 13)).slice(0, bytesPerRow - 24)
  for (let at = 0; at < rows; at += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - at) }, (_, i) => `task ${at + i},"${filling}"\n`)
    writeSync(file, lines.join(''))
  }
  closeSync(file)
  return path
}

test('import: a file of 50 MB shows progress and can be cancelled, while it is read and while its cards come in; a larger one is refused', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Imports', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  const input = wizard(page).locator('input[type=file]')
  await input.setInputFiles(bigFile('larger.csv', 20_000, 2_700))
  await expect(wizard(page).getByRole('alert')).toContainText('larger than 50 MB')

  const whole = bigFile('whole.csv', 19_000, 2_700)
  await input.setInputFiles(whole)
  await expect(wizard(page).getByRole('progressbar')).toBeVisible()
  await expect(wizard(page).getByText('Reading the file…')).toBeVisible()
  await wizard(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(wizard(page).getByText('or drop it here')).toBeVisible()
  // More text than one action can hold is refused before it begins; without that column the cards come in.
  await wizard(page).locator('input[type=file]').setInputFiles(whole)
  const tooMuch = wizard(page).getByRole('alert').filter({ hasText: 'one import can bring in 10,000,000' })
  await expect(tooMuch).toBeVisible({ timeout: 90_000 })
  const bringIn = wizard(page).getByRole('button', { name: 'Import 19,000 cards' })
  await expect(bringIn).toBeDisabled()
  await wizard(page).getByLabel('notes').selectOption({ label: 'Leave out' })
  await expect(bringIn).toBeEnabled({ timeout: 90_000 })
  await expect(tooMuch).toHaveCount(0)
  await bringIn.click()
  await expect(wizard(page).getByRole('progressbar', { name: 'Importing…' })).toBeInViewport()
  await wizard(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('The import was cancelled. The board is as it was.').first()).toBeVisible()
  await expect(bringIn).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('card')).toHaveCount(2)
})

test('what is written from right to left turns nothing around: neither the name of a file nor the count beside a column', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Right to left', 'Ann')
  await openFirstBoard(page)
  await openWizard(page)
  const column = '\u05e9\u05dc\u05d5\u05dd'
  await choose(page, 'board\u202excod.csv', `Title,Column\nMast,${column}\n`)
  await expect(wizard(page).getByText('boardxcod.csv', { exact: true })).toBeVisible()
  await wizard(page).getByRole('button', { name: 'Import 1 card' }).click()
  const head = page.getByRole('heading', { name: column })
  await expect(head).toBeVisible()
  const places = await head.evaluate((heading, name) => {
    const words = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT)
    const placeOf = (isIt: (text: string) => boolean) => {
      for (words.currentNode = heading; words.nextNode();) {
        if (!isIt(words.currentNode.nodeValue?.trim() ?? '')) continue
        const range = document.createRange()
        range.selectNodeContents(words.currentNode)
        return range.getBoundingClientRect().left
      }
      return NaN
    }
    return { name: placeOf((text) => text === name), count: placeOf((text) => text === '1') }
  }, column)
  expect(places.count).toBeGreaterThan(places.name)
})
