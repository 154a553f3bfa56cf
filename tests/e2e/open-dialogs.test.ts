import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  boxOf,
  cardNamed,
  chooseWhenThere,
  columnNamed,
  createBoard,
  goTo,
  moveCard,
  panelOf,
  retitle,
  twoPeople,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const dialogOf = (page: Page) => page.getByRole('dialog')
const inColumn = (page: Page, column: string, card: string) =>
  columnNamed(page, column).getByRole('link', { name: card })

/** Ann archives a column without cards, and takes that back. */
async function archiveColumn(ann: Page, bo: Page, title: string): Promise<void> {
  await ann.getByRole('button', { name: `Column ${title}: actions` }).click()
  await ann.getByRole('menuitem', { name: 'Archive column' }).click()
  await expect(bo.getByRole('heading', { name: title })).toHaveCount(0)
}
async function restoreColumn(ann: Page, bo: Page, title: string): Promise<void> {
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(bo.getByRole('heading', { name: title })).toHaveCount(1)
}
async function askWhere(bo: Page, card: string) {
  await cardNamed(bo, card).getByRole('link').focus()
  await bo.keyboard.press('m')
  const move = dialogOf(bo).getByRole('button', { name: 'Move', exact: true })
  await expect(move).toBeEnabled()
  return move
}

test('a column, a lane or a place that Bo has chosen in a dialog, and Ann takes away, is not another one in silence: he is told by whom it went, and nothing is moved until he has chosen @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Mast', 'Keel #Idea', 'Oars']) await addCard(ann, title)
  await expect(cardNamed(bo, 'Oars')).toHaveCount(1)
  const alert = dialogOf(bo).getByRole('alert')
  const column = dialogOf(bo).getByLabel('Column')

  // One card, and several.
  for (const chosen of [[], ['Mast', 'Oars']]) {
    for (const title of chosen) {
      await cardNamed(bo, title).getByRole('link').focus()
      await bo.keyboard.press('x')
    }
    const move = await askWhere(bo, 'Mast')
    await column.selectOption({ label: 'Doing' })
    await archiveColumn(ann, bo, 'Doing')
    await expect(alert).toHaveText('Ann archived “Doing” meanwhile. Choose another column.')
    await expect(move).toBeDisabled()
    await axeFindsNothing(bo, '[role="dialog"]')
    // Back again, it is what he chose.
    await restoreColumn(ann, bo, 'Doing')
    await expect(alert).toHaveCount(0)
    await expect(column.locator(':checked')).toHaveText('Doing')
    await archiveColumn(ann, bo, 'Doing')
    await expect(move).toBeDisabled()
    await column.selectOption({ label: 'Done' })
    await expect(alert).toHaveCount(0)
    await move.click()
    for (const title of ['Mast', ...chosen]) await expect(inColumn(bo, 'Done', title)).toHaveCount(1)
    await restoreColumn(ann, bo, 'Doing')
    await bo.keyboard.press('ControlOrMeta+z')
    await expect(inColumn(bo, 'To do', 'Mast')).toHaveCount(1)
  }
  await bo.keyboard.press('Escape')

  // The place is one among all cards, also those that a filter hides.
  const filter = bo.getByRole('searchbox', { name: 'Filter cards' })
  const inToDo = columnNamed(bo, 'To do').locator('[data-card-link]')
  for (const [place, at] of [
    ['At the top', 0],
    ['At the bottom', 4],
  ] as const) {
    await filter.fill('Mast')
    await expect(inToDo).toHaveCount(1)
    await (await askWhere(bo, 'Mast')).press('Tab')
    await dialogOf(bo).getByLabel('Place').selectOption({ label: place })
    await dialogOf(bo).getByRole('button', { name: 'Move', exact: true }).click()
    await expect(dialogOf(bo)).toHaveCount(0)
    await filter.fill('')
    await expect(inToDo).toHaveCount(5)
    await expect(inToDo.nth(at)).toHaveText('Mast')
  }

  // Before a card that goes.
  const move = await askWhere(bo, 'Mast')
  await dialogOf(bo).getByLabel('Place').selectOption({ label: 'Before “Oars”' })
  await cardNamed(ann, 'Oars').getByRole('link').focus()
  await ann.keyboard.press('e')
  await expect(alert).toHaveText('“Oars” is not there any more. Choose another place.')
  await expect(move).toBeDisabled()
  await bo.keyboard.press('Escape')

  // What becomes of the cards of a column, and the column itself.
  const askArchive = async (page: Page) => {
    await page.getByRole('button', { name: 'Column To do: actions' }).click()
    await page.getByRole('menuitem', { name: 'Archive column' }).click()
    return dialogOf(page).getByRole('button', { name: 'Archive column' })
  }
  const archive = await askArchive(bo)
  const cards = dialogOf(bo).getByLabel('Its cards')
  await cards.selectOption({ label: 'Move to “Doing”' })
  await archiveColumn(ann, bo, 'Doing')
  await expect(alert).toHaveText('Ann archived “Doing” meanwhile. Choose anew what becomes of the cards.')
  await expect(archive).toBeDisabled()
  await cards.selectOption({ label: 'Move to “Done”' })
  await expect(alert).toHaveCount(0)
  await expect(archive).toBeEnabled()
  await (await askArchive(ann)).click()
  await expect(dialogOf(bo)).toHaveCount(0)
  await expect(bo.getByText('Ann archived the column “To do” meanwhile.').first()).toBeVisible()
  await expect(bo.locator('#content')).toBeFocused()
  for (const title of ['To do', 'Doing']) await restoreColumn(ann, bo, title)

  // A lane, by a label that Ann removes from the board: the card does not bring it back.
  await bo.getByLabel('Group by').selectOption('label')
  await askWhere(bo, 'Mast')
  await dialogOf(bo).getByLabel('Lane').selectOption({ label: 'Idea' })
  await cardNamed(ann, 'Keel').click()
  await ann.getByRole('button', { name: 'Choose labels' }).click()
  await ann.getByRole('button', { name: 'Edit label “Idea”' }).click()
  await ann.getByRole('button', { name: 'Remove label from board' }).click()
  await expect(alert).toHaveText('Ann removed “Idea” meanwhile. Choose another lane.')
  await expect(move).toBeDisabled()
  await dialogOf(bo).getByLabel('Lane').selectOption({ label: 'Urgent' })
  await move.click()
  await expect(bo.getByTestId('lane').filter({ hasText: 'Urgent' }).getByRole('link', { name: 'Mast' })).toHaveCount(1)
  await leave()
})

test('what Bo has begun for a card, in a list or a dialog, is not done where Ann archives it meanwhile or moves it to another board: he is told, with the way there @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await createBoard(ann, bo, 'Second')
  await goTo(ann, 'First board')
  for (const title of ['Mast', 'Keel', 'Oars']) await addCard(ann, title)
  await expect(cardNamed(bo, 'Oars')).toHaveCount(1)
  const archive = async (title: string) => {
    await cardNamed(ann, title).getByRole('link').focus()
    await ann.keyboard.press('e')
    await expect(cardNamed(bo, title)).toHaveCount(0)
  }
  const takeBack = async (title: string) => {
    await ann.keyboard.press('ControlOrMeta+z')
    await expect(inColumn(bo, 'To do', title)).toHaveCount(1)
  }
  const ask = async (question: string) => {
    await bo.keyboard.press('ControlOrMeta+k')
    await bo.getByRole('combobox', { name: 'Search and commands' }).fill(question)
    await bo.getByRole('option', { name: `${question}…` }).click()
  }
  const toast = bo.locator('[data-stays] > div')
  const said = (text: string) => toast.filter({ hasText: text })

  // The palette: of a card on the board, and of one that is open.
  await cardNamed(bo, 'Mast').getByRole('link').focus()
  await ask('Move to column')
  await archive('Mast')
  await bo.getByRole('option', { name: 'Done' }).click()
  await expect(said('Ann archived “Mast” meanwhile.').first()).toBeVisible()
  await expect(bo.getByText('Moved to Done')).toHaveCount(0)
  await takeBack('Mast')
  await cardNamed(bo, 'Keel').click()
  await ask('Priority')
  await moveCard(ann, 'Keel', 'First board', 'Second')
  await expect(panelOf(bo).getByTestId('archived-note')).toContainText('Ann moved this card to “Second”.')
  await dialogOf(bo).getByRole('option', { name: 'P0 · Critical' }).click()
  const moved = said('Ann moved “Keel” to “Second” meanwhile.').filter({
    has: bo.getByRole('button', { name: 'Open it there' }),
  })
  await moved.getByRole('button', { name: 'Open it there' }).click()
  await expect(bo.getByRole('heading', { name: 'Second' })).toBeVisible()
  await expect(panelOf(bo).getByLabel('Priority')).toHaveValue('')
  for (const page of [ann, bo]) await goTo(page, 'First board')

  // The dialog says it itself, as the panel of a card does; of several, the others are moved.
  const move = await askWhere(bo, 'Oars')
  await dialogOf(bo).getByLabel('Column').selectOption({ label: 'Done' })
  await archive('Oars')
  const note = dialogOf(bo).getByTestId('archived-note')
  await expect(note).toContainText('Ann archived this card')
  await expect(move).toBeDisabled()
  await axeFindsNothing(bo, '[role="dialog"]')
  await note.getByRole('button', { name: 'Restore card' }).click()
  await move.click()
  await expect(inColumn(bo, 'Done', 'Oars')).toHaveCount(1)
  for (const title of ['Mast', 'Oars']) {
    await cardNamed(bo, title).getByRole('link').focus()
    await bo.keyboard.press('x')
  }
  await askWhere(bo, 'Mast')
  await dialogOf(bo).getByLabel('Column').selectOption({ label: 'Doing' })
  await archive('Mast')
  await move.click()
  await expect(inColumn(bo, 'Doing', 'Oars')).toHaveCount(1)
  await expect(said('Moved 1 card to Doing')).toBeVisible()
  await expect(said('Ann archived “Mast” meanwhile.')).toBeVisible()

  // Where what is lit in the list goes, no other entry takes its place.
  await cardNamed(bo, 'Invite a colleague').getByRole('link').focus()
  await ask('Move to column')
  const lit = dialogOf(bo).getByRole('option', { selected: true })
  while (!(await lit.innerText()).includes('Done')) await bo.keyboard.press('ArrowDown')
  await archiveColumn(ann, bo, 'Done')
  await expect(dialogOf(bo).getByRole('option', { name: 'Done' })).toHaveCount(0)
  await expect(lit).toHaveCount(0)
  await bo.keyboard.press('Enter')
  await bo.keyboard.press('ArrowDown')
  await expect(lit).toHaveCount(1)
  await bo.keyboard.press('Escape')
  await bo.keyboard.press('Escape')
  await expect(inColumn(bo, 'To do', 'Invite a colleague')).toHaveCount(1)
  await leave()
})

test('a menu that Bo has open stays as it is while Ann takes away what is lit in it, or moves its card: no other entry is chosen, and the focus is not lost; where she archives the card it closes, and he is told @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Mast', 'Keel']) await addCard(ann, title)
  await expect(cardNamed(bo, 'Keel')).toHaveCount(1)
  const item = (name: string) => bo.getByRole('menuitem', { name, exact: true })
  const lit = bo.locator('[role="menuitem"][data-highlighted]')
  const said = (text: string) => bo.locator('[data-stays] > div').filter({ hasText: text })

  // Of the chosen cards: by keyboard, and by a press that ends after it.
  for (const title of ['Mast', 'Keel']) {
    await cardNamed(bo, title).getByRole('link').focus()
    await bo.keyboard.press('x')
  }
  await bo.getByRole('button', { name: 'Move to…' }).press('Enter')
  await bo.keyboard.press('ArrowDown')
  await expect(lit).toHaveText('Doing')
  await archiveColumn(ann, bo, 'Doing')
  await expect(lit).toHaveText('Doing')
  await bo.keyboard.press('Enter')
  await expect(said('Ann archived “Doing” meanwhile. Choose another column.')).toBeVisible()
  await restoreColumn(ann, bo, 'Doing')
  await bo.getByRole('button', { name: 'Move to…' }).click()
  await item('Doing').hover()
  await bo.mouse.down()
  await archiveColumn(ann, bo, 'Doing')
  await bo.mouse.up()
  await expect(said('Ann archived “Doing” meanwhile. Choose another column.')).toBeVisible()
  await restoreColumn(ann, bo, 'Doing')
  for (const title of ['Mast', 'Keel']) await expect(inColumn(bo, 'To do', title)).toHaveCount(1)
  await bo.keyboard.press('Escape')
  await expect(bo.getByRole('toolbar', { name: 'Change the selected cards' })).toHaveCount(0)

  // Of one card.
  const link = cardNamed(bo, 'Mast').getByRole('link')
  await link.focus()
  await bo.keyboard.press('Tab')
  await bo.keyboard.press('Enter')
  await expect(lit).toHaveText('Open card')
  await cardNamed(ann, 'Mast').getByRole('link').focus()
  for (const key of ['Space', 'ArrowRight', 'Space']) await ann.keyboard.press(key)
  await expect(inColumn(bo, 'Doing', 'Mast')).toHaveCount(1)
  await expect(item('Copy link')).toBeVisible()
  await axeFindsNothing(bo, '[role="menu"]')
  for (const key of ['Escape', 'Tab']) {
    await bo.keyboard.press(key)
    await expect(item('Copy link')).toHaveCount(0)
    await expect(link).toBeFocused()
    await bo.keyboard.press('Shift+F10')
    await expect(item('Copy link')).toBeVisible()
  }
  await bo.keyboard.press('Escape')
  await expect(link).toBeFocused()
  await bo.keyboard.press('Tab')
  await bo.keyboard.press('Enter')
  await expect(lit).toHaveText('Open card')
  await ann.keyboard.press('e')
  await expect(item('Copy link')).toHaveCount(0)
  await expect(said('Ann archived “Mast” meanwhile.')).toBeVisible()
  await expect(bo.locator('#content')).toBeFocused()
  await cardNamed(bo, 'Keel').click()
  await expect(panelOf(bo)).toBeVisible()
  await leave()
})

test('what Bo chooses in an open menu or list is what it says, of what is there now: a card is cut as Ann has changed it, a column is made the last one once, a view that she removed is not another one, no label comes under the pointer @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const item = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true })
  const said = (text: string) => bo.locator('[data-stays] > div').filter({ hasText: text })
  await addCard(ann, 'Mast')
  await expect(cardNamed(bo, 'Mast')).toHaveCount(1)

  // Cut, and copied, as it is now.
  await bo.getByRole('button', { name: 'Card Mast: actions' }).click()
  await expect(item(bo, 'Cut')).toBeVisible()
  await retitle(ann, 'Mast', 'Mast of larch')
  await panelOf(ann).getByRole('combobox', { name: 'Priority' }).selectOption({ label: 'P1 · High' })
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await expect(cardNamed(bo, 'Mast of larch')).toContainText('P1')
  await item(bo, 'Copy').click()
  await bo.getByRole('button', { name: 'Column Doing: actions' }).click()
  await item(bo, 'Paste cards').click()
  await expect(columnNamed(bo, 'Doing').getByTestId('card')).toHaveText(/Mast of larch.*P1/)

  // Two who say at once that the cards in a column are done agree.
  const column = (page: Page) => page.getByRole('button', { name: 'Column Doing: actions' })
  for (const page of [bo, ann]) {
    await column(page).click()
    await expect(item(page, 'Cards here are done')).toBeVisible()
  }
  const done = columnNamed(bo, 'Doing').getByRole('heading').locator('svg')
  await item(ann, 'Cards here are done').click()
  await expect(done).toHaveCount(1)
  await item(bo, 'Cards here are done').click()
  await expect(item(bo, 'Cards here are done')).toHaveCount(0)
  await addCard(bo, 'After it')
  await expect(cardNamed(ann, 'After it')).toHaveCount(1)
  for (const page of [ann, bo])
    await expect(columnNamed(page, 'Doing').getByRole('heading').locator('svg')).toHaveCount(1)

  // A view that goes while its menu is open.
  await bo.getByRole('searchbox', { name: 'Filter cards' }).fill('mast')
  await bo.getByRole('button', { name: 'Save as…' }).click()
  await bo.getByRole('textbox', { name: 'Name of the view' }).fill('Masts')
  await bo.getByRole('checkbox', { name: /Everybody/ }).check()
  await bo.keyboard.press('Enter')
  const views = (page: Page) => page.getByRole('button', { name: /^View:/ })
  await expect(views(bo)).toHaveAccessibleName('View: Masts')
  const errors: Error[] = []
  bo.on('pageerror', (error) => errors.push(error))
  await views(bo).click()
  await expect(item(bo, 'Remove view')).toBeVisible()
  await chooseWhenThere(ann, views(ann), /Masts/)
  await views(ann).click()
  await item(ann, 'Remove view').click()
  await expect(said('Ann removed the view “Masts”')).toBeVisible()
  await item(bo, 'Remove view').click()
  await expect(item(bo, 'Remove view')).toHaveCount(0)
  await expect(bo.getByRole('searchbox', { name: 'Filter cards' })).toHaveValue('mast')
  expect(errors).toEqual([])
  await said('Ann removed the view “Masts”').getByRole('button', { name: 'Dismiss' }).click()
  await bo.getByRole('button', { name: 'Clear filter' }).first().click()

  // In a list to choose from others come at the end, and where one goes its place stays.
  await cardNamed(bo, 'After it').click()
  await panelOf(bo).getByRole('button', { name: 'Choose labels' }).click()
  const option = (page: Page, name: string) => page.getByRole('option', { name, exact: true })
  const there = await boxOf(option(bo, 'Urgent'))
  await bo.mouse.move(there.x + 120, there.y + there.height / 2)
  await cardNamed(ann, 'After it').click()
  await panelOf(ann).getByRole('button', { name: 'Choose labels' }).click()
  await ann.getByRole('combobox', { name: 'Choose labels' }).fill('Aft')
  await option(ann, 'Create label “Aft”').click()
  await expect(option(bo, 'Aft')).toBeVisible()
  expect((await option(bo, 'Urgent').boundingBox())?.y).toBe(there.y)
  await ann.getByRole('button', { name: 'Edit label “Idea”' }).click()
  await dialogOf(ann).getByRole('button', { name: 'Remove label from board' }).click()
  await expect(option(bo, 'Idea')).toBeDisabled()
  expect((await option(bo, 'Urgent').boundingBox())?.y).toBe(there.y)
  await axeFindsNothing(bo, '[data-popover-content]')
  await bo.mouse.down()
  await bo.mouse.up()
  await expect(option(bo, 'Urgent')).toHaveAttribute('aria-selected', 'true')
  await bo.keyboard.press('Escape')

  // A card that goes while one of its fields, or a calendar, has the keys: none of them is a command.
  for (const open of [
    () => panelOf(bo).getByRole('button', { name: 'Due: choose in the calendar' }).click(),
    () => panelOf(bo).getByRole('combobox', { name: 'Priority' }).focus(),
  ]) {
    await open()
    await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
    await expect(panelOf(bo).getByTestId('archived-note')).toContainText('Ann archived this card')
    await expect(panelOf(bo)).toBeFocused()
    await bo.keyboard.press('n')
    await expect(bo.getByRole('textbox', { name: /Add a card to/ })).toHaveCount(0)
    await bo.keyboard.press('Enter')
    await panelOf(bo).getByRole('button', { name: 'Restore card' }).click()
    await expect(panelOf(bo).getByTestId('archived-note')).toHaveCount(0)
    await cardNamed(ann, 'After it').click()
  }

  // The chosen cards go while he types their date: of that he is told, and what he types is no command.
  for (const page of [ann, bo]) await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  const bulk = bo.getByRole('toolbar', { name: 'Change the selected cards' })
  const two = ['After it', 'Mast of larch']
  const choose = async (page: Page) => {
    for (const title of two) {
      await columnNamed(page, 'To do').getByRole('link', { name: title }).focus()
      await page.keyboard.press('x')
    }
  }
  await choose(bo)
  await bulk.getByRole('textbox', { name: 'Due' }).fill('05052032')
  // Another choice is no choice of the date.
  await bulk.getByRole('button', { name: 'Clear the selection' }).click()
  await expect(bulk).toHaveCount(0)
  await expect(said('Not saved, Due: “05052032”')).toBeVisible()
  await said('Not saved, Due: “05052032”').getByRole('button', { name: 'Dismiss' }).click()
  await expect(bo.locator('time')).toHaveCount(0)
  await choose(bo)
  await bulk.getByRole('textbox', { name: 'Due' }).fill('06062032')
  await choose(ann)
  await ann.keyboard.press('e')
  await expect(bulk).toHaveCount(0)
  for (const title of two) await expect(said(`Ann archived “${title}” meanwhile.`)).toBeVisible()
  await expect(said('Not saved, Due: “06062032”')).toBeVisible()
  await expect(bo.locator('#content')).toBeFocused()
  await bo.keyboard.press('n')
  await expect(bo.getByRole('textbox', { name: /Add a card to/ })).toHaveCount(0)

  // A column that goes while its menu is open.
  await bo.keyboard.press('Escape')
  await bo.getByRole('button', { name: 'Column Done: actions' }).click()
  await expect(item(bo, 'Paste cards')).toBeVisible()
  await ann.keyboard.press('Escape')
  await ann.keyboard.press('Escape')
  await archiveColumn(ann, bo, 'Done')
  await expect(item(bo, 'Paste cards')).toHaveCount(0)
  await expect(said('Ann archived the column “Done” meanwhile.').first()).toBeVisible()
  await expect(bo.locator('#content')).toBeFocused()
  await leave()
})

test('a label that Bo renames and Ann removes meanwhile is not said to be saved, and his words stay; a version that he compares and she removes is not another one; two of one name are known by their moments @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await expect(ann.getByTestId('column')).toHaveCount(3)
  const alert = dialogOf(bo).getByRole('alert')
  const editLabel = async (page: Page, label: string) => {
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('combobox', { name: 'Search and commands' }).fill(`Edit label: ${label}`)
    await page.keyboard.press('Enter')
    await expect(dialogOf(page).getByLabel('Label name')).toHaveValue(label)
  }
  await editLabel(bo, 'Idea')
  const name = dialogOf(bo).getByLabel('Label name')
  await name.fill('Idea two')
  await editLabel(ann, 'Idea')
  await dialogOf(ann).getByRole('button', { name: 'Remove label from board' }).click()
  await expect(alert).toHaveText('Ann removed the label “Idea” meanwhile. Nothing is saved.')
  await expect(dialogOf(bo).getByRole('button', { name: 'Save' })).toBeDisabled()
  await axeFindsNothing(bo, '[role="dialog"]')
  await name.press('Enter')
  await expect(name).toHaveValue('Idea two')
  // Back again, it is saved.
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(alert).toHaveCount(0)
  await name.press('Enter')
  await expect(dialogOf(bo)).toHaveCount(0)

  // One that she merges into another is said to be in that.
  await editLabel(bo, 'Idea two')
  await name.fill('Idea three')
  await editLabel(ann, 'Idea two')
  await dialogOf(ann).getByLabel('Label name').fill('Urgent')
  await dialogOf(ann).getByRole('button', { name: 'Merge' }).click()
  await expect(alert).toHaveText('Ann merged the label “Idea two” into “Urgent” meanwhile. Nothing is saved.')
  await dialogOf(bo).getByRole('button', { name: 'Cancel' }).click()

  // A view that she removes while he renames it.
  const views = (page: Page, name: string) => page.getByRole('button', { name: `View: ${name}` })
  await views(bo, 'All cards').click()
  await bo.getByRole('menuitem', { name: 'Save as…' }).click()
  await dialogOf(bo).getByRole('textbox', { name: 'Name of the view' }).fill('Everybody’s')
  await dialogOf(bo).getByRole('checkbox').check()
  await bo.keyboard.press('Enter')
  await views(bo, 'Everybody’s').click()
  await bo.getByRole('menuitem', { name: 'Rename view' }).click()
  const viewName = dialogOf(bo).getByRole('textbox', { name: 'Name of the view' })
  await viewName.fill('Ours')
  await views(ann, 'All cards').click()
  await ann.getByRole('menuitem', { name: /Everybody’s/ }).click()
  await views(ann, 'Everybody’s').click()
  await ann.getByRole('menuitem', { name: 'Remove view' }).click()
  await expect(alert).toHaveText('Ann removed the view “Everybody’s” meanwhile. Nothing is saved.')
  await expect(dialogOf(bo).getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await viewName.press('Enter')
  await expect(viewName).toHaveValue('Ours')
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(alert).toHaveCount(0)
  await viewName.press('Enter')
  await expect(dialogOf(bo)).toHaveCount(0)
  await expect(views(bo, 'Ours')).toBeVisible()

  const openVersions = async (page: Page) => {
    await page.getByTestId('board-menu').click()
    await page.getByRole('menuitem', { name: 'Versions' }).click()
    return dialogOf(page)
  }
  const hers = await openVersions(ann)
  // One after the other, as fast as she types.
  await hers.getByRole('textbox', { name: 'Name of the version' }).click()
  for (const title of ['Start', 'Fair', 'Fair']) {
    await ann.keyboard.type(title)
    await ann.keyboard.press('Enter')
  }
  await expect(hers.getByRole('listitem')).toHaveCount(3)
  const his = await openVersions(bo)
  const from = his.getByRole('combobox', { name: 'From' })
  await expect(from.locator('option', { hasText: /^Fair · .*\d:\d\d/ })).toHaveCount(2)
  await from.selectOption({ label: 'Start' })
  await hers.getByRole('button', { name: 'Remove “Start”' }).click()
  await expect(alert).toHaveText('Ann removed the version “Start” meanwhile. Choose another one.')
  await expect(his.getByRole('button', { name: 'Compare' })).toBeDisabled()
  await axeFindsNothing(bo, '[role="dialog"]')
  await from.selectOption({ index: 0 })
  await his.getByRole('button', { name: 'Compare' }).click()
  await expect(his).toContainText('Nothing differs.')

  // What he is typing as the name of one that goes stays, and is not said to be saved.
  await his
    .getByRole('button', { name: /^Rename “Fair · / })
    .last()
    .click()
  const typed = his.getByRole('list').getByRole('textbox', { name: 'Name of the version' })
  await typed.fill('Fair in May')
  await hers
    .getByRole('button', { name: /^Remove “Fair · / })
    .last()
    .click()
  await expect(alert).toHaveText(/^Ann removed the version “Fair · .*” meanwhile\. Nothing is saved\.$/)
  await bo.keyboard.press('Enter')
  await expect(typed).toHaveValue('Fair in May')
  await his.getByRole('textbox', { name: 'Name of the version' }).first().focus()
  await expect(typed).toHaveValue('Fair in May')
  await axeFindsNothing(bo, '[role="dialog"]')
  // Back again, it is saved.
  await ann.keyboard.press('Escape')
  await expect(hers).toHaveCount(0)
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(alert).toHaveCount(0)
  await typed.press('Enter')
  await expect(his.getByRole('listitem').filter({ hasText: 'Fair in May' })).toHaveCount(1)
  await leave()
})
