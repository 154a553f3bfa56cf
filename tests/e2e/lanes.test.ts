import { expect, test, type Locator, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  boxOf,
  cardNamed,
  createWorkspace,
  inviteLink,
  join,
  frameworkWarnings,
  openFirstBoard,
  panelOf,
  pressOn,
  removeBo,
  takeBack,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const lane = (page: Page, name: string) => page.getByRole('region', { name: new RegExp(`^${name}, `) })
const cell = (page: Page, name: string, column: string) =>
  page.getByRole('group', { name: `${name}, ${column}`, exact: true })
const cardIn = (page: Page, name: string, column: string, title: string) =>
  cell(page, name, column).getByRole('link', { name: title })
const announced = (page: Page, words: string | RegExp) =>
  expect(page.locator('[aria-live=polite]').filter({ hasText: words }).first()).toBeAttached()

async function drag(page: Page, from: ReturnType<typeof cell>, to: ReturnType<typeof cell>): Promise<void> {
  await carryTo(page, from, to)
  await expect(page.locator('[data-lifted]')).toHaveCount(0)
}
/** The same, up to where the mouse lets go. */
async function carryTo(page: Page, from: ReturnType<typeof cell>, to: ReturnType<typeof cell>): Promise<void> {
  await lift(page, from, to)
  const end = await to.boundingBox()
  if (!end) throw new Error('not on the screen')
  await page.mouse.move(end.x + 60, end.y + end.height / 2, { steps: 6 })
  await expect(to.locator('[data-lifted=pointer]')).toHaveCount(1)
  await page.mouse.up()
}

/** Takes the card once the place it goes to is there as well. */
async function lift(page: Page, card: Locator, to: Locator): Promise<void> {
  await expect(to).toBeVisible()
  const start = await pressOn(page, card, 20, 8)
  await page.mouse.move(start.x + 40, start.y + 20, { steps: 3 })
  await expect(page.locator('[data-lifted=pointer]')).toHaveCount(1)
}

/** Onto the head of a lane that is folded up, where one of its columns is. */
async function dragToHead(
  page: Page,
  from: ReturnType<typeof cell>,
  to: ReturnType<typeof lane>,
  column: string,
): Promise<void> {
  await lift(page, from, to)
  const head = await to.boundingBox()
  const above = await page.getByTestId('column-head').filter({ hasText: column }).boundingBox()
  if (!head || !above) throw new Error('not on the screen')
  await page.mouse.move(above.x + 60, head.y + 15, { steps: 6 })
  await expect(to.locator('[data-takes]')).toHaveText(column)
  await page.mouse.up()
  await expect(page.locator('[data-lifted], [data-takes]')).toHaveCount(0)
}

test('P12: Ann and Bo work in lanes by person: by mouse, by keyboard, by the menu; each move is one action for both', async ({
  page: ann,
  browser,
}) => {
  await createWorkspace(ann, relay.origin, 'Lanes', 'Ann')
  const link = await inviteLink(ann)
  const context = await browser.newContext()
  const bo = await context.newPage()
  await join(bo, link, 'Bo')
  await openFirstBoard(bo)
  await ann.goBack()
  await openFirstBoard(ann)
  await addCard(ann, 'Both of us @Ann @Bo')

  await ann.getByLabel('Group by').selectOption('assignee')
  await expect(lane(ann, 'Nobody')).toBeVisible()
  // One card in two lanes is one card, and says so.
  await expect(cell(ann, 'Ann', 'To do').getByTestId('card')).toContainText('Also in Bo')
  await expect(cell(ann, 'Bo', 'To do').getByTestId('card')).toContainText('Also in Ann')
  await expect(lane(ann, 'Ann')).toHaveAccessibleName('Ann, 1 card')

  // By mouse: another column and another lane at once.
  await drag(ann, cardIn(ann, 'Nobody', 'To do', 'Move this card'), cell(ann, 'Bo', 'Doing'))
  await expect(cardIn(ann, 'Bo', 'Doing', 'Move this card')).toBeVisible()
  await expect(cardIn(ann, 'Nobody', 'To do', 'Move this card')).toHaveCount(0)
  const doing = bo.getByTestId('column').nth(1)
  await expect(doing.getByTestId('card').filter({ hasText: 'Move this card' })).toHaveCount(1)
  await bo.getByLabel('Group by').selectOption('assignee')
  await expect(cardIn(bo, 'Bo', 'Doing', 'Move this card')).toBeVisible()
  await ann.keyboard.press('Control+z')
  await expect(cardIn(ann, 'Nobody', 'To do', 'Move this card')).toBeVisible()
  await expect(cardIn(bo, 'Nobody', 'To do', 'Move this card')).toBeVisible()

  // By keyboard: up out of the lane, and across.
  await cardIn(ann, 'Nobody', 'To do', 'Move this card').focus()
  await ann.keyboard.press('Space')
  await announced(ann, /^Lifted Move this card.*Nobody, To do, place 2 of 2/)
  await ann.keyboard.press('ArrowUp')
  await announced(ann, 'Nobody, To do, place 1 of 2')
  await ann.keyboard.press('ArrowUp')
  await announced(ann, 'Bo, To do, place 2 of 2')
  await ann.keyboard.press('ArrowRight')
  await announced(ann, 'Bo, Doing, place 1 of 1')
  await ann.keyboard.press('Space')
  await announced(ann, /^Dropped Move this card.* in Bo, Doing at place 1\./)
  await expect(cardIn(ann, 'Bo', 'Doing', 'Move this card')).toBeFocused()
  await expect(cardIn(bo, 'Bo', 'Doing', 'Move this card')).toBeVisible()

  // Put back, a card of two lanes has the focus in the one that it was taken from.
  for (const [taken, key, over] of [
    ['Ann', 'ArrowDown', 'Bo'],
    ['Bo', 'ArrowUp', 'Ann'],
  ] as const) {
    await cardIn(ann, taken, 'To do', 'Both of us').focus()
    await ann.keyboard.press('Space')
    await expect(cell(ann, taken, 'To do').locator('[data-lifted]')).toHaveCount(1)
    await ann.keyboard.press(key)
    await expect(cell(ann, over, 'To do').locator('[data-lifted] :focus')).toHaveCount(1)
    await ann.keyboard.press('Escape')
    await expect(ann.locator('[data-lifted]')).toHaveCount(0)
    await expect(cardIn(ann, taken, 'To do', 'Both of us')).toBeFocused()
  }

  // What is aimed at stays where it is, also below a lane whose only card is in the hand.
  const topOf = async (name: string) => (await lane(ann, name).boundingBox())?.y
  const top = await topOf('Nobody')
  const aim = cell(ann, 'Nobody', 'Doing')
  await lift(ann, cardIn(ann, 'Ann', 'To do', 'Both of us'), aim)
  const place = await aim.boundingBox()
  if (!place) throw new Error('not on the screen')
  await ann.mouse.move(place.x + 60, place.y + 20, { steps: 6 })
  await expect(aim.locator('[data-lifted=pointer]')).toHaveCount(1)
  expect(await topOf('Nobody')).toBe(top)
  await ann.mouse.up()
  await expect(ann.locator('[data-lifted]')).toHaveCount(0)
  await expect(cardIn(ann, 'Nobody', 'Doing', 'Both of us')).toBeVisible()
  await expect(ann.getByText('is in Nobody, Doing now. No longer assigned: Ann, Bo.')).toBeVisible()
  await ann.keyboard.press('Control+z')
  for (const name of ['Ann', 'Bo']) await expect(cardIn(ann, name, 'To do', 'Both of us')).toBeVisible()

  // The arrows go through lanes.
  await cardIn(ann, 'Ann', 'To do', 'Both of us').focus()
  await ann.keyboard.press('ArrowDown')
  await expect(cardIn(ann, 'Bo', 'To do', 'Both of us')).toBeFocused()

  // By the menu.
  await ann.keyboard.press('m')
  const move = ann.getByRole('dialog', { name: /^Move “Both of us/ })
  await expect(move.getByLabel('Lane')).toBeVisible()
  await move.getByLabel('Lane').selectOption({ label: 'Nobody' })
  await move.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(move).toBeHidden()
  await expect(cardIn(ann, 'Nobody', 'To do', 'Both of us')).toBeVisible()
  await expect(lane(ann, 'Ann')).toHaveCount(0)

  // Lanes without cards are shown by choice; a lane folds up; a saved view keeps its lanes.
  await ann.getByRole('button', { name: 'Show lanes without cards' }).click()
  await expect(lane(ann, 'Ann')).toHaveAccessibleName('Ann, 0 cards')
  await lane(ann, 'Nobody')
    .getByRole('button', { name: /^Nobody/ })
    .click()
  await expect(lane(ann, 'Nobody').getByTestId('card')).toHaveCount(0)
  await expect(lane(ann, 'Nobody').getByRole('button', { name: /^Nobody/ })).toHaveAttribute('aria-expanded', 'false')
  await axeFindsNothing(ann)
  await ann.reload()
  await expect(lane(ann, 'Ann')).toBeVisible()
  await expect(lane(ann, 'Nobody').getByRole('button', { name: /^Nobody/ })).toHaveAttribute('aria-expanded', 'false')

  // Bo takes away what Ann has in her hand.
  await cardIn(ann, 'Bo', 'Doing', 'Move this card').focus()
  await ann.keyboard.press('Space')
  await announced(ann, /^Lifted Move this card/)
  await cardIn(bo, 'Bo', 'Doing', 'Move this card').focus()
  await bo.keyboard.press('e')
  await announced(ann, /^Bo archived “Move this card/)
  await expect(ann.locator('[data-lifted]')).toHaveCount(0)
  await context.close()
})

test('P12: a card that goes to another lane keeps its place in the column for everybody: by mouse, by keyboard, by the menu, alone and with others @long', async ({
  page: ann,
  browser,
}) => {
  await createWorkspace(ann, relay.origin, 'Rank', 'Ann')
  const context = await browser.newContext()
  const bo = await context.newPage()
  await join(bo, await inviteLink(ann), 'Bo')
  await openFirstBoard(bo)
  await ann.goBack()
  await openFirstBoard(ann)
  const names = ['Keel', 'Mast', 'Boom', 'Sail']
  for (const name of names) await addCard(ann, name)
  const toDo = (page: Page) => page.getByTestId('column').first().getByTestId('card')
  const inOrder = ['Invite a colleague', 'Move this card', ...names].map((name) => new RegExp(name))
  await expect(toDo(bo)).toHaveText(inOrder)
  const group = (by: string) => ann.getByLabel('Group by').selectOption(by)
  await group('priority')
  await ann.getByRole('button', { name: 'Show lanes without cards' }).click()

  // By mouse, into an empty cell; undo and redo say what that was.
  await drag(ann, cardIn(ann, 'No priority', 'To do', 'Keel'), cell(ann, 'P1 · High', 'To do'))
  await expect(cardIn(ann, 'P1 · High', 'To do', 'Keel')).toBeVisible()
  await ann.keyboard.press('Control+z')
  await announced(ann, 'Undone: Set the priority of “Keel” to P1')
  await expect(cardIn(ann, 'No priority', 'To do', 'Keel')).toBeVisible()
  await ann.keyboard.press('Control+y')
  await expect(cardIn(ann, 'P1 · High', 'To do', 'Keel')).toBeVisible()
  // By keyboard, to the end of a cell.
  await cardIn(ann, 'No priority', 'To do', 'Invite a colleague').focus()
  await ann.keyboard.press('x')
  await cardIn(ann, 'No priority', 'To do', 'Mast').focus()
  await ann.keyboard.press('x')
  await ann.keyboard.press('Space')
  await announced(ann, /^Lifted 2 cards/)
  await ann.keyboard.press('Escape')
  await announced(ann, '2 cards are back where they were.')
  await ann.keyboard.press('Space')
  await announced(ann, /^Lifted 2 cards/)
  await ann.keyboard.press('Home')
  await ann.keyboard.press('ArrowUp')
  await announced(ann, 'P3 · Low, To do, place 1 of 1')
  await ann.keyboard.press('Space')
  // Not before they lie there: until then Escape is of what is carried, and they stay chosen.
  await announced(ann, /^Moved 2 cards to P3/)
  await expect(cardIn(ann, 'P3 · Low', 'To do', 'Mast')).toBeFocused()
  await ann.keyboard.press('Escape')
  await expect(ann.getByRole('toolbar', { name: 'Change the selected cards' })).toHaveCount(0)
  // By the menu, at the bottom.
  await cardIn(ann, 'No priority', 'To do', 'Boom').focus()
  await ann.keyboard.press('m')
  const move = ann.getByRole('dialog', { name: /^Move “Boom/ })
  await move.getByLabel('Lane').selectOption({ label: 'P1 · High' })
  await move.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(cardIn(ann, 'P1 · High', 'To do', 'Boom')).toBeFocused()
  await group('none')
  for (const page of [ann, bo]) await expect(toDo(page)).toHaveText(inOrder)

  // What does not fit goes where it was put: below the last card of the cell, and not below all.
  await group('priority')
  await cardIn(ann, 'P3 · Low', 'To do', 'Invite a colleague').focus()
  await ann.keyboard.press('m')
  const again = ann.getByRole('dialog', { name: /^Move “Invite/ })
  await again.getByLabel('Lane').selectOption({ label: 'P1 · High' })
  await again.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(cardIn(ann, 'P1 · High', 'To do', 'Invite a colleague')).toBeFocused()
  await group('none')
  const [invite, ...others] = inOrder
  const below = [...others.slice(0, -1), invite, others.at(-1)].flatMap((one) => one ?? [])
  for (const page of [ann, bo]) await expect(toDo(page)).toHaveText(below)
  await context.close()
})

test('P12: what lanes take: a drop where they are folded up, a new card, a new column; the focus follows a card that Bo moves @long', async ({
  page: ann,
  browser,
}) => {
  await createWorkspace(ann, relay.origin, 'Lanes', 'Ann')
  const link = await inviteLink(ann)
  const context = await browser.newContext()
  const bo = await context.newPage()
  await join(bo, link, 'Bo')
  await openFirstBoard(bo)
  await bo.getByLabel('Group by').selectOption('priority')
  await ann.goBack()
  await openFirstBoard(ann)
  await ann.getByLabel('Group by').selectOption('priority')
  await ann.getByRole('button', { name: 'Show lanes without cards' }).click()
  const fold = (name: string) => lane(ann, name).getByRole('button', { name: new RegExp(`^${name} `) })

  // A card that is added in a lane is of that lane; the field says where it goes.
  await cell(ann, 'P1 · High', 'Doing').hover()
  await cell(ann, 'P1 · High', 'Doing').getByRole('button', { name: 'Add a card to P1 · High, Doing' }).click()
  const field = ann.getByRole('textbox', { name: 'Add a card to P1 · High, Doing' })
  await expect(field).toBeFocused()
  await ann.keyboard.type('Order the mould')
  await ann.keyboard.press('Enter')
  await expect(cardIn(ann, 'P1 · High', 'Doing', 'Order the mould')).toBeVisible()
  await expect(field).toHaveValue('')
  // What is written in words is said more exactly than by the lane.
  await ann.keyboard.type('Sweep the floor !low')
  await ann.keyboard.press('Enter')
  await expect(cardIn(ann, 'P3 · Low', 'Doing', 'Sweep the floor')).toBeVisible()
  await ann.keyboard.press('Escape')
  await expect(field).toHaveCount(0)
  await ann.keyboard.press('Control+z')
  await expect(cardIn(ann, 'P3 · Low', 'Doing', 'Sweep the floor')).toHaveCount(0)
  await cardIn(ann, 'P1 · High', 'Doing', 'Order the mould').focus()
  await ann.keyboard.press('n')
  await expect(field).toBeFocused()
  await ann.keyboard.press('Escape')

  // A folded lane takes a card and stays folded.
  await fold('P1 · High').click()
  await expect(fold('P1 · High')).toHaveAttribute('aria-expanded', 'false')
  await dragToHead(ann, cardIn(ann, 'No priority', 'To do', 'Move this card'), lane(ann, 'P1 · High'), 'Done')
  await expect(lane(ann, 'P1 · High')).toHaveAccessibleName('P1 · High, 2 cards')
  await expect(fold('P1 · High')).toHaveAttribute('aria-expanded', 'false')
  await announced(ann, /^Dropped Move this card.* in P1 · High, Done at place 1\./)
  await expect(cardIn(bo, 'P1 · High', 'Done', 'Move this card')).toBeVisible()

  await fold('P1 · High').click()

  // By keyboard it opens under the card, and folds up again behind it.
  await fold('P2 · Medium').click()
  await fold('P3 · Low').click()
  await cardIn(ann, 'No priority', 'To do', 'Invite a colleague').focus()
  await ann.keyboard.press('Space')
  await announced(ann, /^Lifted Invite a colleague/)
  await ann.keyboard.press('ArrowUp')
  await announced(ann, 'P3 · Low, To do, place 1 of 1')
  await expect(cardIn(ann, 'P3 · Low', 'To do', 'Invite a colleague')).toBeFocused()
  await ann.keyboard.press('ArrowUp')
  await announced(ann, 'P2 · Medium, To do, place 1 of 1')
  await expect(cardIn(ann, 'P2 · Medium', 'To do', 'Invite a colleague')).toBeFocused()
  await expect(fold('P3 · Low')).toHaveAttribute('aria-expanded', 'false')
  await ann.keyboard.press('Space')
  await expect(cardIn(bo, 'P2 · Medium', 'To do', 'Invite a colleague')).toBeVisible()
  await expect(cardIn(ann, 'P2 · Medium', 'To do', 'Invite a colleague')).toBeFocused()
  await expect(fold('P2 · Medium')).toHaveAttribute('aria-expanded', 'true')

  // Bo moves the card that Ann stands on: to another column, to another lane; then he archives it.
  await drag(bo, cardIn(bo, 'P2 · Medium', 'To do', 'Invite a colleague'), cell(bo, 'P2 · Medium', 'Doing'))
  await expect(cardIn(ann, 'P2 · Medium', 'Doing', 'Invite a colleague')).toBeFocused()
  await announced(ann, /^Invite a colleague.* is in P2 · Medium, Doing now\.$/)
  await drag(bo, cardIn(bo, 'P2 · Medium', 'Doing', 'Invite a colleague'), cell(bo, 'P1 · High', 'Done'))
  await expect(cardIn(ann, 'P1 · High', 'Done', 'Invite a colleague')).toBeFocused()
  await cardIn(bo, 'P1 · High', 'Done', 'Invite a colleague').focus()
  await bo.keyboard.press('e')
  await expect(cardIn(ann, 'P1 · High', 'Done', 'Move this card')).toBeFocused()

  // A column is added beside the lanes.
  await ann.getByRole('button', { name: 'Add column' }).click()
  await expect(lane(ann, 'P1 · High')).toBeVisible()
  await expect(ann.getByRole('textbox', { name: 'Column name' })).toBeFocused()
  await ann.keyboard.type('Later')
  await ann.keyboard.press('Enter')
  await expect(cell(ann, 'P1 · High', 'Later')).toBeVisible()
  await ann.keyboard.press('Escape')
  // By its head it is dragged to the front.
  const head = (page: Page, title: string) => page.getByTestId('column-head').filter({ hasText: title })
  await expect(head(ann, 'Later').getByRole('heading')).toBeVisible()
  const first = await boxOf(head(ann, 'To do'))
  await pressOn(ann, head(ann, 'Later'), 20, 14)
  await ann.mouse.move(first.x + 20, first.y + 14, { steps: 6 })
  await expect(ann.getByTestId('column-head').first()).toContainText('Later')
  await ann.mouse.up()
  for (const page of [ann, bo]) await expect(page.getByTestId('column-head').first()).toContainText('Later')

  // On paper the lanes are headings.
  await ann.evaluate(() => dispatchEvent(new Event('beforeprint')))
  await ann.emulateMedia({ media: 'print' })
  const sheet = ann.locator('.print-pages')
  await expect(sheet.getByRole('heading', { name: /^P1 · High/ })).toBeVisible()
  await expect(sheet.getByRole('row').filter({ hasText: 'Order the mould' })).toContainText('Doing')
  await ann.evaluate(() => dispatchEvent(new Event('afterprint')))
  await ann.emulateMedia({ media: 'screen' })

  // The focus goes along without lanes, too.
  await ann.getByLabel('Group by').selectOption('none')
  const inColumn = (at: number) => ann.getByTestId('column').nth(at).getByRole('link', { name: 'Order the mould' })
  await inColumn(2).focus()
  await drag(bo, cardIn(bo, 'P1 · High', 'Doing', 'Order the mould'), cell(bo, 'P1 · High', 'Done'))
  await expect(inColumn(3)).toBeFocused()
  await announced(ann, 'Order the mould is in Done now.')
  await context.close()
})

test('P12: in lanes by department a card goes to whoever is asked for, and to nobody where a department is empty @long', async ({
  page,
  browser,
}) => {
  await createWorkspace(page, relay.origin, 'Departments', 'Ann')
  const context = await browser.newContext()
  const bo = await context.newPage()
  await join(bo, await inviteLink(page), 'Bo')
  await expect(page.getByRole('listitem').filter({ hasText: 'Bo' }).first()).toBeVisible()
  await context.close()
  const departments = page.getByRole('region', { name: 'Departments' })
  const name = page.getByRole('textbox', { name: 'Name of the department' })
  for (const department of ['Sales', 'Legal']) {
    await departments.getByRole('button', { name: 'New department' }).click()
    await name.fill(department)
    await name.press('Enter')
    await expect(departments.getByRole('listitem').filter({ hasText: department })).toBeVisible()
  }
  await departments.getByRole('button', { name: 'Edit department Sales' }).click()
  for (const person of ['Ann', 'Bo']) {
    await page.getByRole('checkbox', { name: person }).click()
    await expect(page.getByRole('checkbox', { name: person })).toBeChecked()
  }
  await name.press('Enter')
  await expect(departments.getByRole('listitem').filter({ hasText: 'Sales' })).toHaveText(/Sales\s*Ann.*Bo/)
  await page.getByRole('link', { name: 'First board' }).first().click()
  await expect(page.getByTestId('column').first()).toBeVisible()
  await page.getByLabel('Group by').selectOption('department')
  await page.getByRole('button', { name: 'Show lanes without cards' }).click()
  // Two could stand for the department: Ann says who, or changes her mind.
  const who = page.getByRole('dialog', { name: /^Who in Sales takes “Move this card/ })
  await carryTo(page, cardIn(page, 'No department', 'To do', 'Move this card'), cell(page, 'Sales', 'To do'))
  await expect(who.getByLabel('Person')).toBeFocused()
  await axeFindsNothing(page, '[role=dialog]')
  await page.keyboard.press('Escape')
  await expect(cardIn(page, 'No department', 'To do', 'Move this card')).toBeVisible()
  await expect(page.locator('[data-lifted]')).toHaveCount(0)
  await cardIn(page, 'No department', 'To do', 'Move this card').focus()
  await page.keyboard.press('Space')
  await announced(page, /^Lifted Move this card/)
  // Up past the other card, and out of the lane.
  for (const place of ['No department, To do, place 1 of 2', 'Sales, To do, place 1 of 1']) {
    await page.keyboard.press('ArrowUp')
    await announced(page, place)
  }
  await page.keyboard.press('Space')
  await who.getByLabel('Person').selectOption({ label: 'Bo' })
  await who.getByRole('button', { name: 'Assign' }).click()
  await expect(cardIn(page, 'Sales', 'To do', 'Move this card')).toBeFocused()
  await expect(cell(page, 'Sales', 'To do').getByTitle('Bo')).toBeVisible()
  // Into the lane of none it loses everybody: who that is is said, and taken back by one press.
  await drag(page, cardIn(page, 'Sales', 'To do', 'Move this card'), cell(page, 'No department', 'To do'))
  const off = 'is in No department, To do now. No longer assigned: Bo.'
  await expect(page.getByText(off)).toBeVisible()
  await takeBack(page, off)
  await expect(cell(page, 'Sales', 'To do').getByTitle('Bo')).toBeVisible()

  // A new card asks, too; where nobody could take it, its words stay.
  const add = async (department: string) => {
    await cell(page, department, 'Done').hover()
    await cell(page, department, 'Done')
      .getByRole('button', { name: `Add a card to ${department}, Done` })
      .click()
    await page.keyboard.type('Call the agency')
    await page.keyboard.press('Enter')
  }
  const field = (department: string) => page.getByRole('textbox', { name: `Add a card to ${department}, Done` })
  await add('Sales')
  await page
    .getByRole('dialog', { name: 'Who in Sales takes “Call the agency”?' })
    .getByRole('button', { name: 'Assign' })
    .click()
  await expect(cardIn(page, 'Sales', 'Done', 'Call the agency')).toBeVisible()
  await expect(field('Sales')).toBeFocused()
  await expect(field('Sales')).toHaveValue('')
  await page.keyboard.press('Escape')
  await add('Legal')
  await expect(page.getByText('Nobody belongs to Legal yet, so nobody there can take a card.').first()).toBeVisible()
  await expect(field('Legal')).toHaveValue('Call the agency')
  await field('Legal').fill('')
  await page.keyboard.press('Escape')
  await drag(page, cardIn(page, 'No department', 'To do', 'Invite a colleague'), cell(page, 'Legal', 'Doing'))
  await expect(page.getByText('Nobody belongs to Legal yet. The card stays where it was.').first()).toBeVisible()
  await expect(cardIn(page, 'No department', 'To do', 'Invite a colleague')).toBeVisible()

  // Without lanes, only what a department has to do; the condition is named, and goes by its button.
  await page.getByLabel('Group by').selectOption('none')
  await page.getByRole('button', { name: 'Filters' }).click()
  const conditions = page.getByRole('group', { name: 'Department' })
  await conditions.getByRole('checkbox', { name: 'Sales' }).check()
  await expect(page.getByTestId('card')).toHaveText([/Move this card/, /Call the agency/])
  await conditions.getByRole('checkbox', { name: 'Sales' }).uncheck()
  await conditions.getByRole('checkbox', { name: 'No department' }).check()
  await expect(page.getByTestId('card')).toHaveText([/Invite a colleague/])
  await axeFindsNothing(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /No department/ }).click()
  await expect(page.getByTestId('card')).toHaveCount(3)
})

test('P12: cards of Bo, whom Ann removed, say so everywhere; they leave his lane, and nothing is put into it or assigned to him anew @long', async ({
  page: ann,
  browser,
}) => {
  const warnings = frameworkWarnings(ann)
  await createWorkspace(ann, relay.origin, 'Removed', 'Ann')
  const context = await browser.newContext()
  await join(await context.newPage(), await inviteLink(ann), 'Bo')
  await expect(ann.getByRole('button', { name: 'Bo: actions' })).toBeVisible()
  await context.close()
  await openFirstBoard(ann)
  for (const title of ['Hull', 'Mast', 'Sail']) await addCard(ann, `${title} @Bo`)
  await addCard(ann, 'Keel @Ann @Bo')
  await addCard(ann, 'Anchor @Ann')
  await removeBo(ann)
  await expect(ann.getByText('Bo was removed').first()).toBeVisible()
  await openFirstBoard(ann)

  // The tile says it in a word; the panel and the table with the name.
  const gone = 'Bo (removed)'
  await expect(cardNamed(ann, 'Hull').getByRole('img', { name: gone })).toBeVisible()
  await expect(cardNamed(ann, 'Hull')).toContainText('Removed')
  await expect(cardNamed(ann, 'Anchor')).not.toContainText('Removed')
  await ann.getByLabel('Group by').selectOption('assignee')
  const theirs = ann.getByRole('region', { name: /^Bo \(removed\), / })
  await expect(theirs).toHaveAccessibleName(`${gone}, 4 cards`)

  // By mouse and by keyboard nothing goes into the lane.
  const refused = ann.getByText(
    'Bo was removed from the workspace and takes no more cards. The card stays where it was',
  )
  await drag(ann, cardIn(ann, 'Nobody', 'To do', 'Move this card'), cell(ann, gone, 'Doing'))
  await expect(refused.first()).toBeVisible()
  await expect(cardIn(ann, 'Nobody', 'To do', 'Move this card')).toBeVisible()
  await ann.getByRole('button', { name: 'Dismiss' }).first().click()
  await expect(refused.filter({ visible: true })).toHaveCount(0)
  await cardIn(ann, 'Ann', 'To do', 'Anchor').focus()
  await ann.keyboard.press('Space')
  await announced(ann, /^Lifted Anchor/)
  await ann.keyboard.press('ArrowDown')
  await announced(ann, `${gone}, To do, place 1 of 5`)
  await ann.keyboard.press('Space')
  await announced(ann, 'Anchor is back where it was.')
  await expect(refused.first()).toBeVisible()
  await expect(cardIn(ann, 'Ann', 'To do', 'Anchor')).toBeFocused()

  // No card is added there, and the menu does not name the lane to a card of another one.
  await expect(theirs.getByRole('button', { name: /^Add a card/ })).toHaveCount(0)
  await cardIn(ann, gone, 'To do', 'Hull').focus()
  await ann.keyboard.press('n')
  await expect(ann.getByText('takes no more cards. Add it in another lane').first()).toBeVisible()
  await expect(ann.getByRole('textbox', { name: /^Add a card/ })).toHaveCount(0)
  await cardIn(ann, 'Ann', 'To do', 'Anchor').focus()
  await ann.keyboard.press('m')
  const dialog = ann.getByRole('dialog')
  await expect(dialog.getByLabel('Lane').getByRole('option')).toHaveText(['Ann', 'Nobody'])
  await ann.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  // Within the lane and out of it cards do go.
  for (const title of ['Keel', 'Hull']) {
    await cardIn(ann, gone, 'To do', title).focus()
    await ann.keyboard.press('x')
  }
  await ann.keyboard.press('Space')
  await announced(ann, /^Lifted 2 cards/)
  await ann.keyboard.press('ArrowRight')
  await announced(ann, `${gone}, Doing, place 1 of 1`)
  await ann.keyboard.press('Space')
  await expect(cell(ann, gone, 'Doing').getByTestId('card')).toHaveText([/Hull/, /Keel/])
  await expect(cardIn(ann, 'Ann', 'Doing', 'Keel')).toBeVisible()
  await ann.keyboard.press('Escape')
  await drag(ann, cardIn(ann, gone, 'Doing', 'Keel'), cell(ann, 'Ann', 'Doing'))
  await expect(cardIn(ann, gone, 'Doing', 'Keel')).toHaveCount(0)
  await cardIn(ann, gone, 'To do', 'Mast').focus()
  await ann.keyboard.press('m')
  await expect(dialog.getByLabel('Lane')).toHaveValue(/./)
  await dialog.getByLabel('Column').selectOption({ label: 'Doing' })
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await expect(cardIn(ann, gone, 'Doing', 'Mast')).toBeVisible()
  await drag(ann, cardIn(ann, gone, 'Doing', 'Mast'), cell(ann, gone, 'Done'))
  await expect(cardIn(ann, gone, 'Done', 'Mast')).toBeVisible()
  await drag(ann, cardIn(ann, gone, 'To do', 'Sail'), cell(ann, 'Ann', 'Doing'))
  await expect(cardIn(ann, 'Ann', 'Doing', 'Sail')).toBeVisible()
  await expect(theirs).toHaveAccessibleName(`${gone}, 2 cards`)
  await axeFindsNothing(ann)

  // The filter finds them, and says whose they are.
  await ann.getByLabel('Group by').selectOption('none')
  await ann.getByRole('button', { name: 'Filters' }).click()
  const assigned = ann.getByRole('group', { name: 'Assignees' })
  await expect(assigned.getByRole('checkbox')).toHaveCount(3)
  await assigned.getByRole('checkbox', { name: gone }).check()
  await expect(ann.getByTestId('card')).toHaveText([/Hull/, /Mast/])
  await ann.keyboard.press('Escape')
  await expect(ann.getByRole('button', { name: new RegExp('Bo \\(removed\\)') })).toBeVisible()

  await ann.getByRole('button', { name: 'Table', exact: true }).click()
  await expect(ann.getByRole('row', { name: /Hull/ })).toContainText(gone)
  await ann.getByRole('button', { name: 'Board', exact: true }).click()

  // The bar takes him off what is chosen, and then offers him no more.
  await cardNamed(ann, 'Hull').getByRole('link').click()
  await expect(panelOf(ann).getByRole('group', { name: 'Assignees' })).toContainText(gone)
  await ann.keyboard.press('Escape')
  for (const title of ['Hull', 'Mast']) {
    await cardNamed(ann, title).getByRole('link').focus()
    await ann.keyboard.press('x')
  }
  const bar = ann.getByRole('toolbar', { name: 'Change the selected cards' })
  await bar.getByRole('button', { name: 'Assignees' }).click()
  const people = ann.getByRole('listbox').getByRole('option')
  await expect(people).toHaveText([/Ann/, /Bo \(removed\)/])
  await expect(people.nth(1)).toHaveAttribute('aria-selected', 'true')
  await people.nth(1).click()
  // The condition still names him, though nothing is his any more.
  await expect(ann.getByTestId('card')).toHaveCount(0)
  await expect(people.nth(1)).toHaveAttribute('aria-disabled', 'true')
  await ann.keyboard.press('Escape')
  await ann.getByRole('button', { name: 'Filters' }).click()
  await expect(assigned.getByRole('checkbox', { name: gone })).toBeChecked()
  await assigned.getByRole('checkbox', { name: gone }).uncheck()
  // The box stays under the focus until the list is closed.
  await expect(cardNamed(ann, 'Hull')).toBeVisible()
  await expect(assigned.getByRole('checkbox', { name: gone })).toBeFocused()
  await ann.keyboard.press('Escape')
  await ann.getByRole('button', { name: 'Filters' }).click()
  await expect(assigned.getByRole('checkbox')).toHaveCount(2)
  expect(warnings).toEqual([])
})

test('touch at 360 px: a finger carries a card into the lane of what is urgent', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Pocket', 'Ann')
  await expect(page.getByTestId('card').first()).toBeVisible()
  await page.getByLabel('Group by').selectOption('priority')
  await page.getByRole('button', { name: 'Show lanes without cards' }).tap()
  await expect(lane(page, 'P0 · Critical')).toBeVisible()
  const session = await context.newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  /** The first card of those of a priority, to there: where it lay before the card was lifted. */
  async function carry(target: Locator, taken: Locator, of = 'No priority'): Promise<void> {
    const from = await boxOf(cell(page, of, 'To do').getByTestId('card').first())
    const to = await target.boundingBox()
    if (!to) throw new Error('not on the screen')
    const [x, start, end] = [from.x + 60, from.y + 12, to.y + Math.min(to.height / 2, 20)]
    await touch('touchStart', x, start)
    await expect(page.locator('[data-lifted=pointer]')).toHaveCount(1)
    for (let step = 1; step <= 8; step++) await touch('touchMove', x, start + ((end - start) * step) / 8)
    await expect(taken).toHaveCount(1)
    expect((await target.boundingBox())?.y).toBe(to.y)
    await touch('touchEnd', 0, 0)
    await expect(page.locator('[data-lifted], [data-takes]')).toHaveCount(0)
  }
  const urgent = cell(page, 'P0 · Critical', 'To do')
  await carry(urgent, urgent.locator('[data-lifted=pointer]'))
  await expect(lane(page, 'P0 · Critical')).toHaveAccessibleName('P0 · Critical, 1 card')
  // It makes the height of its lane: the lane below stays where it is aimed at, and so does the one that it comes back to.
  const high = cell(page, 'P1 · High', 'To do')
  await carry(high, high.locator('[data-lifted=pointer]'), 'P0 · Critical')
  await expect(lane(page, 'P1 · High')).toHaveAccessibleName('P1 · High, 1 card')
  await carry(urgent, urgent.locator('[data-lifted=pointer]'), 'P1 · High')
  await expect(lane(page, 'P0 · Critical')).toHaveAccessibleName('P0 · Critical, 1 card')
  await lane(page, 'P0 · Critical')
    .getByRole('button', { name: /^P0 · Critical/ })
    .tap()
  await carry(lane(page, 'P0 · Critical'), lane(page, 'P0 · Critical').locator('[data-takes]'))
  await expect(lane(page, 'P0 · Critical')).toHaveAccessibleName('P0 · Critical, 2 cards')

  // A card that is scrolled beneath the head of its lane leaves the taps there to the head.
  await page.setViewportSize({ width: 360, height: 420 })
  await lane(page, 'P0 · Critical')
    .getByRole('button', { name: /^P0 · Critical/ })
    .tap()
  const head = lane(page, 'P0 · Critical').getByRole('heading')
  const menu = urgent
    .getByTestId('card')
    .first()
    .getByRole('button', { name: /: actions$/ })
  await expect(menu).toBeVisible()
  const middleOf = async (what: typeof head) => {
    const box = await what.boundingBox()
    if (!box) throw new Error('not on the screen')
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  const below = async () => Math.round((await middleOf(menu)).y - (await middleOf(head)).y)
  await page.locator('[data-lanes]').evaluate((lanes, by) => void (lanes.scrollTop += by), await below())
  await expect.poll(below).toBe(0)
  const taken = await head.evaluate(
    (element, { x, y }) => element.contains(document.elementFromPoint(x, y)),
    await middleOf(menu),
  )
  expect(taken).toBe(true)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await context.close()
})

test('words of a card that Ann is typing wait in their column and in their cell, however she looks at the board and whatever she opens beside them', async ({
  page: ann,
}) => {
  const warnings = frameworkWarnings(ann)
  await createWorkspace(ann, relay.origin, 'Yard', 'Ann')
  await openFirstBoard(ann)
  await ann.getByRole('button', { name: 'Add a card to To do' }).last().click()
  await ann.keyboard.type('Order the mast')
  await ann.getByLabel('Group by').selectOption('priority')
  const field = ann.getByRole('textbox', { name: /^Add a card to/ })
  await expect(field).toHaveValue('Order the mast')
  const addIn = (column: string) => cell(ann, 'No priority', column).getByRole('button', { name: /^Add a card to/ })
  await addIn('To do').click()
  await expect(field).toHaveValue('')
  await ann.keyboard.type('Varnish the deck')
  await addIn('Doing').click()
  await expect(field).toHaveValue('')
  await expect(addIn('To do')).toHaveText('Varnish the deck')
  await ann.keyboard.press('Escape')
  await addIn('To do').click()
  await expect(field).toHaveValue('Varnish the deck')
  await ann.keyboard.press('Enter')
  await expect(cardIn(ann, 'No priority', 'To do', 'Varnish the deck')).toBeVisible()
  // The field goes before the card is there.
  await field.fill('Splice the lines')
  await field.evaluate((one) => {
    one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    const by = document.querySelector<HTMLSelectElement>('select[aria-label="Group by"]')
    by!.value = 'none'
    by!.dispatchEvent(new Event('change', { bubbles: true }))
  })
  await expect(cardNamed(ann, 'Splice the lines')).toHaveCount(1)
  await expect(ann.getByRole('button', { name: 'Add a card to To do' }).last()).toHaveText('Order the mast')
  expect(warnings).toEqual([])
})

test('in lanes by label of many cards the one with the focus, and the one that is carried, come to rest in view', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Many lanes', 'Ann')
  await openFirstBoard(page)
  const labels = ['North', 'East', 'South', 'West', 'Up', 'Down', 'Left', 'Right']
  const rows = Array.from({ length: 1200 }, (_, at) => {
    const own = Array.from({ length: 1 + (at % 3) }, (_, step) => labels[(at + step * 3) % labels.length])
    return `Task ${at},${['Backlog', 'Next', 'Work', 'Ready'][(at >> 3) % 4]},"${own.join(', ')}"`
  })
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  const wizard = page.getByRole('dialog', { name: 'Import CSV' })
  const buffer = Buffer.from(['Name,State,Labels', ...rows].join('\n'))
  await wizard.locator('input[type=file]').setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer })
  await wizard.getByRole('button', { name: 'Import 1,200 cards' }).click({ timeout: 60_000 })
  await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 60_000 })
  await page.getByLabel('Group by').selectOption('label')

  const list = cell(page, 'Down', 'Backlog')
  const rests = async (inHand: boolean) => {
    await atRest(page)
    const at = await page.evaluate(() => {
      const tile = document.activeElement?.closest('[data-card]')
      const lanes = document.querySelector('[data-lanes]')
      if (!tile || !lanes) throw new Error('nothing has the focus')
      const [place, window] = [tile.getBoundingClientRect(), lanes.getBoundingClientRect()]
      const heads = parseFloat(getComputedStyle(lanes).scrollPaddingTop)
      // A card in the hand is turned a little.
      const isIn = place.top >= window.top + heads - 4 && place.bottom <= window.bottom + 4
      return { lifted: tile.hasAttribute('data-lifted'), isIn, top: place.top, bottom: place.bottom }
    })
    expect(at).toMatchObject({ lifted: inHand, isIn: true })
  }
  await list.getByTestId('card').nth(1).getByRole('link').focus()
  for (const key of ['ArrowDown', 'ArrowRight', 'End', 'ArrowDown', 'PageDown', 'End', 'ArrowLeft', 'PageUp', 'Home']) {
    await page.keyboard.press(key)
    await rests(false)
  }
  await page.keyboard.press('Space')
  for (const key of [
    'ArrowRight',
    'ArrowRight',
    'End',
    'ArrowDown',
    'ArrowDown',
    'PageDown',
    'End',
    'ArrowLeft',
    'Home',
  ]) {
    await page.keyboard.press(key)
    await rests(true)
  }
})

/** Nothing has moved in ten frames. */
const atRest = (page: Page) =>
  page.evaluate(async () => {
    const places = () =>
      [...document.querySelectorAll('[data-card]')].map((one) => one.getBoundingClientRect().top).join()
    let before = places()
    for (let still = 0; still < 10; still++) {
      await new Promise(requestAnimationFrame)
      if (places() !== before) still = 0
      before = places()
    }
  })
