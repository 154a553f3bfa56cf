import { expect, test, type Locator, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  boxOf,
  cardNamed,
  columnNamed,
  createBoard,
  createWorkspace,
  exported,
  goTo,
  openFirstBoard,
  panelOf,
  pressOn,
  twoPeople,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const dialogOf = (page: Page) => page.getByRole('dialog')
const moveOf = (page: Page) => dialogOf(page).getByRole('button', { name: 'Move', exact: true })
const inColumn = (page: Page, column: string) => columnNamed(page, column).locator('[data-card-link]')
const said = (page: Page, text: string | RegExp) => page.locator('[aria-live=polite]').filter({ hasText: text })

async function press(page: Page, title: string, key: string): Promise<void> {
  const link = cardNamed(page, title).getByRole('link')
  await link.focus()
  await expect(link).toBeFocused()
  await page.keyboard.press(key)
}
async function describe(page: Page, title: string, text: string): Promise<void> {
  await cardNamed(page, title).click()
  await panelOf(page).locator('.ProseMirror').fill(text)
  await expect(panelOf(page).locator('.ProseMirror')).toHaveText(text)
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  await expect(panelOf(page)).toBeHidden()
}

test('two chosen cards that Ann moves to another board are there for Bo, with all they say; one undo on that board brings both back', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Sails #rush !high', 'Mast', 'Oars @Bo']) await addCard(ann, title)
  await expect(cardNamed(bo, 'Oars')).toHaveCount(1)
  // There is nowhere else to go yet.
  await press(ann, 'Mast', 'm')
  await expect(moveOf(ann)).toBeEnabled()
  await expect(dialogOf(ann).getByLabel('Board')).toHaveCount(0)
  await ann.keyboard.press('Escape')
  await createBoard(ann, bo, 'Hold')
  await addCard(ann, 'Ballast')
  await goTo(bo, 'Hold')
  await goTo(ann, 'First board')
  await describe(ann, 'Sails', 'Two weeks ahead.')
  for (const title of ['Sails', 'Oars']) await press(ann, title, 'x')

  // From the menu of one of them, which is that of both.
  await cardNamed(ann, 'Oars')
    .getByRole('button', { name: /actions/ })
    .click()
  await ann.getByRole('menuitem', { name: 'Move 2 cards' }).click()
  const board = dialogOf(ann).getByLabel('Board')
  await expect(board).toBeFocused()
  await expect(board.locator('option')).toHaveText(['This board: First board', 'Hold'])
  await board.selectOption('Hold')
  const column = dialogOf(ann).getByLabel('Column')
  await expect(column.locator(':checked')).toHaveText('To do')
  await expect(dialogOf(ann).getByLabel('Place').locator('option')).toHaveText(['At the top', 'At the bottom'])
  await dialogOf(ann).getByLabel('Place').selectOption('At the top')
  await axeFindsNothing(ann, '[role="dialog"]')
  await moveOf(ann).click()

  await expect(inColumn(bo, 'To do')).toHaveText(['Sails', 'Oars', 'Ballast'])
  await expect(said(ann, 'Moved 2 cards to “Hold”, To do')).toHaveCount(1)
  await axeFindsNothing(ann)
  for (const title of ['Sails', 'Oars']) await expect(cardNamed(ann, title)).toHaveCount(0)
  await expect(ann.getByRole('toolbar', { name: 'Change the selected cards' })).toHaveCount(0)
  await expect(cardNamed(ann, 'Mast').getByRole('link')).toBeFocused()
  await expect(cardNamed(bo, 'Sails').getByText('rush')).toBeVisible()
  await cardNamed(bo, 'Sails').click()
  await expect(panelOf(bo).locator('.ProseMirror')).toHaveText('Two weeks ahead.')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()

  // From the other board, after the window was loaded anew.
  await goTo(ann, 'Hold')
  await ann.reload()
  await expect(cardNamed(ann, 'Sails')).toHaveCount(1)
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(inColumn(bo, 'To do')).toHaveText(['Ballast'])
  await goTo(bo, 'First board')
  await expect(inColumn(bo, 'To do').filter({ hasText: /^(Sails|Mast|Oars)$/ })).toHaveText(['Sails', 'Mast', 'Oars'])
  await cardNamed(bo, 'Sails').click()
  await expect(panelOf(bo).locator('.ProseMirror')).toHaveText('Two weeks ahead.')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()

  // Bo works in one that was moved once more: before it comes back Ann is asked. What waits for it waits on.
  await goTo(ann, 'First board')
  await cardNamed(ann, 'Mast').click()
  await panelOf(ann).getByRole('button', { name: 'Choose cards that must be finished first' }).click()
  await ann.getByRole('option', { name: 'Sails' }).click()
  await ann.keyboard.press('Escape')
  const waitedFor = panelOf(ann).getByRole('group', { name: 'Blocked by' })
  await expect(waitedFor).toHaveText('Not finished: Sails')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await press(ann, 'Sails', 'm')
  await dialogOf(ann).getByLabel('Board').selectOption('Hold')
  await moveOf(ann).click()
  await expect(cardNamed(ann, 'Mast')).toContainText('Blocked by 1 card')
  // The end of a replay is the board; of a moment before it nobody knows how far a card was that is elsewhere now.
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Replay' }).click()
  await expect(ann.getByTestId('replay-step')).toContainText('Moved “Sails” to the board “Hold”')
  await expect(cardNamed(ann, 'Mast')).toContainText('Blocked by 1 card')
  await ann.getByRole('button', { name: 'Back to now' }).click()
  await cardNamed(ann, 'Mast').click()
  await expect(waitedFor).toHaveText('Not finished: Sails on “Hold”')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  // Whatever follows it there waits for it there.
  await press(ann, 'Mast', 'm')
  await dialogOf(ann).getByLabel('Board').selectOption('Hold')
  await moveOf(ann).click()
  await expect(said(ann, 'Moved “Mast” to “Hold”, To do')).toHaveCount(1)
  await expect(said(ann, /left out/)).toHaveCount(0)
  await goTo(bo, 'Hold')
  await expect(cardNamed(bo, 'Mast')).toContainText('Blocked by 1 card')
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(cardNamed(ann, 'Mast')).toContainText('Blocked by 1 card')
  await cardNamed(bo, 'Sails').click()
  await panelOf(bo).getByRole('textbox', { name: 'Title' }).fill('Sails of Bo')
  await panelOf(bo).getByRole('textbox', { name: 'Title' }).press('Enter')
  await ann.getByRole('link', { name: 'Hold' }).first().click()
  await expect(cardNamed(ann, 'Sails of Bo')).toHaveCount(1)
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(dialogOf(ann)).toContainText('Sails of Bo')
  await ann.keyboard.press('Escape')

  // It goes back as any card: with what Bo wrote, and once.
  await press(ann, 'Sails of Bo', 'm')
  await dialogOf(ann).getByLabel('Board').selectOption('First board')
  await moveOf(ann).click()
  await expect(cardNamed(ann, 'Sails of Bo')).toHaveCount(0)
  await goTo(ann, 'First board')
  await expect(cardNamed(ann, 'Sails')).toHaveText([/Sails of Bo/])
  await cardNamed(ann, 'Mast').click()
  await expect(waitedFor).toHaveText('Not finished: Sails of Bo')
  await waitedFor.getByRole('link').click()
  await expect(panelOf(ann).locator('.ProseMirror')).toHaveText('Two weeks ahead.')
  await leave()
})

test('a card that is carried over the name of another board goes there, with those that were chosen; one that is dropped beside the board goes nowhere @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Sails', 'Mast', 'Oars']) await addCard(ann, title)
  await createBoard(ann, bo, 'Hold')
  await goTo(bo, 'Hold')
  await goTo(ann, 'First board')
  const hold = ann.getByRole('link', { name: 'Hold' }).first()
  const carry = async (title: string, over: Locator) => {
    const start = await pressOn(ann, cardNamed(ann, title), 20, 8)
    await ann.mouse.move(start.x + 30, start.y + 10, { steps: 3 })
    await expect(ann.locator('[data-lifted=pointer]')).toHaveCount(1)
    const { x, y, width, height } = await boxOf(over)
    await ann.mouse.move(x + width / 2, y + height / 2, { steps: 5 })
  }
  await carry('Mast', ann.getByRole('link', { name: 'People' }).first())
  await expect(columnNamed(ann, 'To do').locator('[data-lifted=pointer]')).toHaveCount(1)
  await ann.mouse.up()
  await expect(ann.locator('[data-lifted]')).toHaveCount(0)
  await expect(inColumn(ann, 'To do').filter({ hasText: /^(Sails|Mast|Oars)$/ })).toHaveText(['Sails', 'Mast', 'Oars'])

  await carry('Mast', hold)
  await expect(hold).toHaveAttribute('data-takes', '')
  await ann.mouse.up()
  await expect(inColumn(bo, 'To do')).toHaveText(['Mast'])
  await expect(hold).not.toHaveAttribute('data-takes')
  await expect(said(ann, 'Moved “Mast” to “Hold”, To do')).toHaveCount(1)
  await expect(cardNamed(ann, 'Mast')).toHaveCount(0)
  for (const title of ['Sails', 'Oars']) await press(ann, title, 'x')
  await carry('Oars', hold)
  await ann.mouse.up()
  await expect(inColumn(bo, 'To do')).toHaveText(['Mast', 'Sails', 'Oars'])
  await expect(ann.getByRole('toolbar', { name: 'Change the selected cards' })).toHaveCount(0)
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(inColumn(bo, 'To do')).toHaveText(['Mast'])
  for (const title of ['Sails', 'Oars']) await expect(cardNamed(ann, title)).toHaveCount(1)
  await leave()
})

test('a column of the other board that Bo archives while Ann has chosen it is not another one in silence, nor that board itself @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Sails')
  await createBoard(ann, bo, 'Hold')
  await goTo(bo, 'Hold')
  await goTo(ann, 'First board')
  await press(ann, 'Sails', 'm')
  await dialogOf(ann).getByLabel('Board').selectOption('Hold')
  await dialogOf(ann).getByLabel('Column').selectOption('Doing')
  await bo.getByRole('button', { name: 'Column Doing: actions' }).click()
  await bo.getByRole('menuitem', { name: 'Archive column' }).click()
  const alert = dialogOf(ann).getByRole('alert')
  await expect(alert).toHaveText('Bo archived “Doing” meanwhile. Choose another column.')
  await expect(moveOf(ann)).toBeDisabled()
  await dialogOf(ann).getByLabel('Column').selectOption('Done')
  await expect(moveOf(ann)).toBeEnabled()
  await bo.getByRole('button', { name: 'Board actions' }).click()
  await bo.getByRole('menuitem', { name: 'Archive board' }).click()
  await expect(alert).toHaveText('Nothing can be moved to “Hold” any more. Choose another board.')
  await expect(moveOf(ann)).toBeDisabled()
  await dialogOf(ann).getByLabel('Board').selectOption('This board: First board')
  await expect(moveOf(ann)).toBeEnabled()
  await ann.keyboard.press('Escape')
  await expect(cardNamed(ann, 'Sails')).toHaveCount(1)
  await leave()
})

test('by keys alone Ann moves the open card to another board, and goes there; where it was, the archive says so', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Keys', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Sails', 'Oars']) await addCard(page, title)
  await createBoard(page, page, 'Hold')
  await goTo(page, 'First board')
  await press(page, 'Sails', 'Enter')
  await expect(panelOf(page)).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('Move to')
  await page.getByRole('option', { name: 'Move to…', exact: true }).click()
  await expect(dialogOf(page).getByLabel('Board')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(dialogOf(page).getByLabel('Board').locator(':checked')).toHaveText('Hold')
  await expect(moveOf(page)).toBeEnabled()
  await moveOf(page).press('Enter')
  await expect(panelOf(page)).toBeHidden()
  await expect(cardNamed(page, 'Sails')).toHaveCount(0)
  await expect(cardNamed(page, 'Oars').getByRole('link')).toBeFocused()
  await expect(said(page, 'Moved “Sails” to “Hold”, To do')).toHaveCount(1)
  const there = page.getByRole('button', { name: 'Open it there' })
  await there.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Hold' })).toBeVisible()
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Sails')
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()

  // Where it was its archived card says where it went.
  await goTo(page, 'First board')
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Archived items' }).click()
  await expect(dialogOf(page).getByText(/Moved to “Hold”/)).toBeVisible()
  await expect(dialogOf(page).getByRole('button', { name: 'Restore here, too' })).toBeVisible()
  await page.keyboard.press('Escape')
  // So do the history, and what is compared with the moment before.
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'History', exact: true }).click()
  const history = page.getByTestId('history')
  await expect(history.getByRole('listitem').first()).toContainText('Moved “Sails” to the board “Hold”')
  await history.getByRole('button', { name: 'Replay' }).click()
  await expect(page.getByTestId('replay-step')).toContainText('Moved “Sails” to the board “Hold”')
  await page.getByRole('slider').press('ArrowLeft')
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)
  await page.getByRole('button', { name: 'Compare with now' }).click()
  await expect(dialogOf(page)).toContainText('Moved to “Hold”')
  await expect(dialogOf(page).getByRole('button', { name: '1 moved to another board' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Back to now' }).click()
  // Once the move is taken back, the archive of the other board says where the card is.
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)
  await goTo(page, 'Hold')
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Archived items' }).click()
  await dialogOf(page).getByText('Added, then undone (1)').click()
  await expect(dialogOf(page).getByRole('listitem').filter({ hasText: 'Sails' })).toHaveText(
    /Sails\s*On “First board”\s*Restore here, too/,
  )
  // So does the card that was there.
  await dialogOf(page).getByRole('link', { name: 'Sails' }).click()
  const note = page.getByTestId('archived-note')
  await expect(note).toContainText('Ann moved this card to “First board”.')
  await expect(note.getByRole('button', { name: 'Restore here, too' })).toBeVisible()
  await note.getByRole('link', { name: 'Open it there' }).click()
  await expect(page.getByRole('heading', { name: 'First board' })).toBeVisible()
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Sails')

  // Moved there and back, it lies archived as what it was: on its own board, which is said, and nobody archived it.
  const moveTo = async (board: string) => {
    await press(page, 'Sails', 'm')
    await dialogOf(page).getByLabel('Board').selectOption(board)
    await moveOf(page).click()
    await expect(said(page, `Moved “Sails” to “${board}”, To do`)).toHaveCount(1)
    await goTo(page, board)
  }
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  await moveTo('Hold')
  await moveTo('First board')
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Archived items' }).click()
  await expect(dialogOf(page).getByRole('listitem').filter({ hasText: 'Sails' })).toHaveText(
    /Sails\s*On “First board”\s*Restore as a second card/,
  )
  await dialogOf(page).getByRole('link', { name: 'Sails' }).click()
  await expect(note).toHaveText(/^\s*It is on “First board”\./)
  await note.getByRole('link', { name: 'Open it there' }).click()
  await expect(note).toHaveCount(0)
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Sails')
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  const askToGoBackAStep = async () => {
    await page.getByRole('button', { name: 'Board actions' }).click()
    await page.getByRole('menuitem', { name: 'Replay' }).click()
    await page.getByRole('slider').press('ArrowLeft')
    await expect(cardNamed(page, 'Sails')).toHaveCount(0)
    await page.getByRole('button', { name: 'Restore the board to this moment' }).click()
  }
  // A restore takes off what came from elsewhere since, and says so.
  await askToGoBackAStep()
  await expect(dialogOf(page)).toContainText('1 card was moved here from “Hold”: it goes into the archive here')
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('slider')).toHaveCount(0)
  // And of what lay in the archive then, wherever it came from.
  await press(page, 'Sails', 'e')
  await expect(cardNamed(page, 'Sails')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)
  await askToGoBackAStep()
  await expect(dialogOf(page)).toContainText('1 card goes back into the archive, where it lay then.')
  await expect(dialogOf(page)).not.toContainText('moved here from')
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.press('Escape')

  // Of a card whose move is taken back, and then that it was added, the history tells both, and that the move was one.
  await addCard(page, 'Rope')
  await press(page, 'Rope', 'm')
  await dialogOf(page).getByLabel('Board').selectOption('Hold')
  await moveOf(page).click()
  await expect(said(page, 'Moved “Rope” to “Hold”, To do')).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(cardNamed(page, 'Rope')).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(cardNamed(page, 'Rope')).toHaveCount(0)
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'History', exact: true }).click()
  for (const [at, told] of [
    'Archived “Rope” (undo)',
    'Restored “Rope” (undo)',
    'Moved “Rope” to the board “Hold”',
  ].entries())
    await expect(history.getByRole('listitem').nth(at)).toContainText(told)
  await history.getByRole('button', { name: 'Replay' }).click()
  await expect(page.getByTestId('replay-step')).toContainText('Archived “Rope” (undo)')
})

test('of two moved cards, one of which waits for the other, Ann keeps the one that Bo has worked in: it waits on for the one that is back, and goes back to it', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Sails', 'Mast']) await addCard(ann, title)
  await cardNamed(ann, 'Sails').click()
  await panelOf(ann).getByRole('button', { name: 'Choose cards that must be finished first' }).click()
  await ann.getByRole('option', { name: 'Mast' }).click()
  await ann.keyboard.press('Escape')
  const waitedFor = panelOf(ann).getByRole('group', { name: 'Blocked by' })
  await expect(waitedFor).toHaveText('Not finished: Mast')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await createBoard(ann, bo, 'Hold')
  await goTo(bo, 'Hold')
  await goTo(ann, 'First board')
  for (const title of ['Sails', 'Mast']) await press(ann, title, 'x')
  await press(ann, 'Mast', 'm')
  await dialogOf(ann).getByLabel('Board').selectOption('Hold')
  await moveOf(ann).click()
  await cardNamed(bo, 'Sails').click()
  await panelOf(bo).getByRole('textbox', { name: 'Title' }).fill('Sails of Bo')
  await panelOf(bo).getByRole('textbox', { name: 'Title' }).press('Enter')
  await goTo(ann, 'Hold')
  await expect(cardNamed(ann, 'Sails of Bo')).toHaveCount(1)
  await ann.keyboard.press('ControlOrMeta+z')
  await dialogOf(ann).getByRole('button', { name: 'Keep those, undo the rest' }).click()
  await expect(inColumn(ann, 'To do')).toHaveText(['Sails of Bo'])

  // The board that it waits for is not the one that is open, nor has it been since the start.
  await ann.reload()
  await expect(cardNamed(ann, 'Sails of Bo')).toContainText('Blocked by 1 card')
  await cardNamed(ann, 'Sails of Bo').click()
  await expect(waitedFor).toHaveText('Not finished: Mast on “First board”')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await press(ann, 'Sails of Bo', 'm')
  await dialogOf(ann).getByLabel('Board').selectOption('First board')
  await moveOf(ann).click()
  await expect(said(ann, 'Moved “Sails of Bo” to “First board”, To do')).toHaveCount(1)
  await expect(said(ann, /left out/)).toHaveCount(0)
  await goTo(ann, 'First board')
  await cardNamed(ann, 'Sails of Bo').click()
  await expect(waitedFor).toHaveText('Not finished: Mast')
  await leave()
})

test('what Ann wrote in a card after she moved it does not go with the undo of that unasked; nor comes one back that she moved on', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Mine', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Sails')
  await createBoard(page, page, 'Hold')
  const moveTo = async (board: string) => {
    await press(page, 'Sails', 'm')
    await dialogOf(page).getByLabel('Board').selectOption(board)
    await moveOf(page).click()
    await expect(cardNamed(page, 'Sails')).toHaveCount(0)
    await goTo(page, board)
  }
  await goTo(page, 'First board')
  await moveTo('Hold')
  await describe(page, 'Sails', 'Two weeks ahead.')
  await goTo(page, 'First board')
  await page.keyboard.press('ControlOrMeta+z')
  const question = page.getByRole('dialog', { name: 'You have changed this since' })
  await expect(question).toContainText('You have changed this card on “Hold” since you moved it there.')
  await question.getByRole('button', { name: 'Keep it' }).click()
  await goTo(page, 'Hold')
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)

  // From there to and fro: the way there is taken back after the way back.
  await moveTo('First board')
  await goTo(page, 'Hold')
  await createBoard(page, page, 'Shed')
  await goTo(page, 'First board')
  await moveTo('Shed')
  await goTo(page, 'Hold')
  await page.keyboard.press('ControlOrMeta+z')
  await expect(page.getByRole('paragraph').filter({ hasText: 'You moved “Sails” on to “Shed” since.' })).toBeVisible()
  await expect(cardNamed(page, 'Sails')).toHaveCount(0)
  await goTo(page, 'Shed')
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)
})

test('on a phone Ann moves chosen cards to another board by touch, and takes it back', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Touch', 'Ann')
  await expect(page.getByTestId('column')).toHaveCount(3)
  const first = page.url()
  await page.goto(first.slice(0, first.lastIndexOf('/')))
  await page.getByRole('button', { name: 'Create a board' }).first().click()
  await dialogOf(page).getByLabel('Board name').fill('Hold, where all that is heavy lies below the waterline')
  await dialogOf(page).getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByTestId('column')).toHaveCount(3)
  await page.goto(first)
  for (const title of ['Sails', 'Oars']) await addCard(page, title)
  await cardNamed(page, 'Oars')
    .getByRole('button', { name: /actions/ })
    .tap()
  await page.getByRole('menuitem', { name: 'Select', exact: true }).tap()
  await page.getByRole('toolbar').getByRole('button', { name: 'Move to…' }).tap()
  await page.getByRole('menuitem', { name: 'To another board…' }).tap()
  await expect(dialogOf(page).getByLabel('Board').locator(':checked')).toHaveText(/^Hold/)
  await expect(moveOf(page)).toBeEnabled()
  await axeFindsNothing(page, '[role="dialog"]')
  await moveOf(page).tap()
  await expect(cardNamed(page, 'Oars')).toHaveCount(0)
  const message = page.locator('[data-stays]')
  await expect(message.getByRole('button', { name: 'Open it there' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await axeFindsNothing(page)
  await message.getByRole('button', { name: 'Undo' }).tap()
  await expect(cardNamed(page, 'Oars')).toHaveCount(1)
  await context.close()
})

test('a card that was moved to another board is in that board’s JSON and no more in this one’s, where one that was archived by hand is', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Boats', 'Ann')
  await createBoard(page, page, 'Hold')
  await goTo(page, 'First board')
  for (const title of ['Sails', 'Mast', 'Oars']) await addCard(page, title)
  await press(page, 'Mast', 'm')
  await dialogOf(page).getByLabel('Board').selectOption('Hold')
  await moveOf(page).click()
  await expect(cardNamed(page, 'Mast')).toHaveCount(0)
  await press(page, 'Oars', 'e')
  await expect(cardNamed(page, 'Oars')).toHaveCount(0)
  const titlesInFile = async () => {
    const file = JSON.parse(await exported(page, 'JSON with history')) as {
      board: { cards: Record<string, { title: string }> }
    }
    return Object.values(file.board.cards).map(({ title }) => title)
  }
  const mine = await titlesInFile()
  expect(mine).toContain('Sails')
  expect(mine).toContain('Oars')
  expect(mine).not.toContain('Mast')
  await goTo(page, 'Hold')
  expect(await titlesInFile()).toEqual(['Mast'])
})

test('whoever exports a board is told how many links to cards on another board stay behind', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Yard', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Sails', 'Mast', 'Oars']) await addCard(page, title)
  await createBoard(page, page, 'Hold')
  await goTo(page, 'First board')
  const tells = async (format: string, links: RegExp | null) => {
    await exported(page, format)
    const toast = page.locator('[data-stays] > div').filter({ hasText: 'exported' })
    await expect(toast).toContainText(/stay behind\.|as Markdown/)
    if (links) await expect(toast).toContainText(links)
    else await expect(toast).not.toContainText('link')
    await toast.getByRole('button', { name: 'Dismiss' }).click()
    await expect(toast).toHaveCount(0)
  }
  for (const title of ['Mast', 'Oars']) {
    await cardNamed(page, title).click()
    await panelOf(page).getByRole('button', { name: 'Choose cards that must be finished first' }).click()
    await page.getByRole('option', { name: 'Sails' }).click()
    await page.keyboard.press('Escape')
    await expect(panelOf(page).getByRole('group', { name: 'Blocked by' })).toHaveText('Not finished: Sails')
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }
  await tells('CSV', null)
  await press(page, 'Sails', 'm')
  await dialogOf(page).getByLabel('Board').selectOption('Hold')
  await moveOf(page).click()
  await expect(cardNamed(page, 'Sails')).toHaveCount(0)
  await cardNamed(page, 'Mast').click()
  await expect(panelOf(page).getByRole('group', { name: 'Blocked by' })).toHaveText('Not finished: Sails on “Hold”')
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  for (const format of ['CSV', 'Markdown', 'JSON with history']) await tells(format, /2 links to blocking cards/)
  // In a file without archived cards their links are not missing.
  await press(page, 'Oars', 'e')
  await expect(cardNamed(page, 'Oars')).toHaveCount(0)
  await tells('CSV', /1 link to blocking cards/)
  await tells('JSON with history', /2 links to blocking cards/)
})
