import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  boxOf,
  cardNamed,
  createBoard,
  createWorkspace,
  goTo,
  openFirstBoard,
  panelOf,
  pressOn,
  takeBack,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())
test.use({ permissions: ['clipboard-read', 'clipboard-write'] })
// As most people have it: what moves here moves.
test.use({ contextOptions: { reducedMotion: 'no-preference' } })

const column = (page: Page, index: number) => page.getByTestId('column').nth(index)
const focusCard = async (page: Page, title: string) => {
  await cardNamed(page, title).getByRole('link').focus()
  await expect(cardNamed(page, title).getByRole('link')).toBeFocused()
}
const clipboardText = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

test('Ann copies a card to another board, cuts one and gets it back, and pastes a list from a mail', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Copies', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Order the mould #rush !high')
  await expect(cardNamed(page, 'Order the mould')).toHaveCount(1)
  await addCard(page, 'Press list')
  await cardNamed(page, 'Order the mould').getByRole('link').click()
  await panelOf(page).locator('.ProseMirror').fill('Two weeks ahead.')
  await expect(panelOf(page).locator('.ProseMirror')).toHaveText('Two weeks ahead.')
  await panelOf(page).getByRole('button', { name: 'Choose cards that must be finished first' }).click()
  await page.getByRole('option', { name: 'Press list' }).click()
  await page.keyboard.press('Escape')
  await expect(cardNamed(page, 'Order the mould').getByText('Blocked by 1 card')).toBeAttached()
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  await expect(panelOf(page)).toBeHidden()

  // On its own board the copy waits for the same card.
  await cardNamed(page, 'Order the mould')
    .getByRole('button', { name: /actions/ })
    .click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(cardNamed(page, 'Order the mould')).toHaveCount(2)
  await expect(cardNamed(page, 'Order the mould').getByText('Blocked by 1 card')).toHaveCount(2)
  await page.keyboard.press('Control+z')
  await expect(cardNamed(page, 'Order the mould')).toHaveCount(1)

  await focusCard(page, 'Order the mould')
  await page.keyboard.press('Control+c')
  await expect(page.getByText('Copied 1 card').first()).toBeVisible()
  expect(await clipboardText(page)).toBe('Order the mould')

  // Another board of the workspace.
  await page.getByRole('link', { name: 'Home' }).first().click()
  await page.getByRole('button', { name: 'Create a board' }).first().click()
  await page.getByRole('dialog').getByLabel('Board name').fill('Second')
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByTestId('column')).toHaveCount(3)
  await column(page, 1).hover()
  await page.keyboard.press('Control+v')
  await expect(column(page, 1).getByTestId('card')).toHaveCount(1)
  const leftOut = 'Not on “Second”, so left out of “Blocked by”: Press list'
  await expect(page.getByRole('paragraph').filter({ hasText: leftOut })).toBeVisible()
  await expect(page.locator('[aria-live=polite]').filter({ hasText: leftOut })).toHaveCount(1)
  await expect(cardNamed(page, 'Order the mould').getByText('rush')).toBeVisible()
  await expect(cardNamed(page, 'Order the mould').getByRole('link')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(panelOf(page).locator('.ProseMirror')).toHaveText('Two weeks ahead.')
  // In a field the keys are the field's.
  const title = panelOf(page).getByRole('textbox', { name: 'Title' })
  await title.press('Control+a')
  await page.keyboard.press('Control+v')
  await expect(title).toHaveValue('Order the mould')
  await panelOf(page).getByRole('combobox', { name: 'Repeats' }).selectOption({ label: 'Every week' })
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  await expect(panelOf(page)).toBeHidden()

  // Cut, pasted elsewhere on the same board: it is the same card, and one step takes the paste back.
  await focusCard(page, 'Order the mould')
  await page.keyboard.press('Control+x')
  await expect(cardNamed(page, 'Order the mould')).toHaveCount(0)
  await column(page, 2).hover()
  await page.keyboard.press('Control+v')
  await expect(column(page, 2).getByTestId('card')).toHaveCount(1)
  // There it is finished, and comes again.
  await expect(column(page, 0).getByTestId('card')).toHaveText([/Order the mould/])
  const said = /Pasted 1 card into Done\s+“Order the mould” comes again: the next one for /
  await expect(page.locator('[aria-live=polite]').filter({ hasText: said })).toBeAttached()
  await page.keyboard.press('Control+z')
  await expect(cardNamed(page, 'Order the mould')).toHaveCount(0)

  // Lines of text: a few become cards at once, many after a question.
  await page.evaluate(() => navigator.clipboard.writeText('- Book the room\n- 订会议室'))
  await column(page, 0).hover()
  await page.keyboard.press('Control+v')
  await expect(column(page, 0).getByTestId('card')).toHaveText([/Book the room/, /订会议室/])
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n')
  await page.evaluate((text) => navigator.clipboard.writeText(text), lines)
  await page.keyboard.press('Control+v')
  const question = page.getByRole('dialog', { name: 'Make 30 cards?' })
  await question.getByRole('button', { name: 'Make 30 cards' }).click()
  await expect(page.getByText('Pasted 30 cards into To do').first()).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(column(page, 0).getByTestId('card')).toHaveText([/Book the room/, /订会议室/])

  // In the line of a new card they are as many cards, too; one line is words.
  await page.evaluate(() => navigator.clipboard.writeText('Buy milk\nCall the hotel'))
  await column(page, 1).getByRole('button', { name: 'Add a card to Doing' }).last().click()
  await page.keyboard.press('Control+v')
  await expect(column(page, 1).getByTestId('card')).toHaveText([/Buy milk/, /Call the hotel/])
  await takeBack(page, 'Pasted 2 cards into Doing')
  await expect(column(page, 1).getByTestId('card')).toHaveCount(0)
  await page.evaluate(() => navigator.clipboard.writeText('Rent a boat'))
  await column(page, 1).getByRole('button', { name: 'Add a card to Doing' }).last().click()
  await page.keyboard.press('Control+v')
  await expect(column(page, 1).getByRole('textbox', { name: 'Add a card to Doing' })).toHaveValue('Rent a boat')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Escape')

  // The menus do the same.
  await cardNamed(page, '订会议室')
    .getByRole('button', { name: /actions/ })
    .click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(cardNamed(page, '订会议室')).toHaveCount(2)
  await cardNamed(page, 'Book the room')
    .getByRole('button', { name: /actions/ })
    .click()
  await page.getByRole('menuitem', { name: 'Copy', exact: true }).click()
  await expect.poll(() => clipboardText(page)).toContain('Book the room')
  await column(page, 1)
    .getByRole('button', { name: /Column Doing: actions/ })
    .click()
  await page.getByRole('menuitem', { name: 'Paste cards' }).click()
  await expect(column(page, 1).getByTestId('card')).toHaveText([/Book the room/])
})

test('what Ann cuts goes along also where she leaves the board, and pastes, before it is on the clipboard @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Quick', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Order the mould')
  await createBoard(page, page, 'Second')
  await goTo(page, 'First board')
  // A phone needs a while to read the descriptions of a large board.
  await page.evaluate(() => {
    const { clipboard } = navigator
    const write = clipboard.write.bind(clipboard)
    const { promise, resolve } = Promise.withResolvers<void>()
    clipboard.write = (items) => promise.then(() => write(items))
    Object.assign(window, { goOn: resolve })
  })
  await focusCard(page, 'Order the mould')
  await page.keyboard.press('Control+x')
  await goTo(page, 'Second')
  await column(page, 1).hover()
  await page.keyboard.press('Control+v')
  await page.evaluate(() => (window as unknown as { goOn: () => void }).goOn())
  await expect(cardNamed(page, 'Order the mould')).toHaveCount(1)
  await expect(page.getByText('Moved 1 card from “First board” to “Doing”').first()).toBeVisible()
  await goTo(page, 'First board')
  await expect(cardNamed(page, 'Order the mould')).toHaveCount(0)

  // What was cut and is back again, the cut undone, is copied and not moved.
  await focusCard(page, 'Invite a colleague')
  await page.keyboard.press('Control+x')
  await expect(cardNamed(page, 'Invite a colleague')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(cardNamed(page, 'Invite a colleague')).toHaveCount(1)
  await goTo(page, 'Second')
  await column(page, 1).hover()
  await page.keyboard.press('Control+v')
  await expect(page.getByText('Pasted 1 card into Doing').first()).toBeVisible()
  await goTo(page, 'First board')
  await cardNamed(page, 'Invite a colleague').click()
  await panelOf(page).getByRole('button', { name: 'History' }).click()
  await expect(panelOf(page).getByRole('listitem').first()).toBeVisible()
  expect(await panelOf(page).getByTestId('elsewhere-note').count()).toBe(0)
})

test('what Ann cuts once and pastes twice on another board was moved there, and the second one is a copy that says nothing else', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Twice', 'Ann')
  await openFirstBoard(page)
  await createBoard(page, page, 'Second')
  await goTo(page, 'First board')
  await focusCard(page, 'Invite a colleague')
  await page.keyboard.press('Control+x')
  await expect(cardNamed(page, 'Invite a colleague')).toHaveCount(0)
  await goTo(page, 'Second')
  const doing = column(page, 1)
  await doing.hover()
  await page.keyboard.press('Control+v')
  await expect(page.getByText('Moved 1 card from “First board” to “Doing”').first()).toBeVisible()
  const madeBy = async (place: number, said: RegExp) => {
    await doing.getByTestId('card').nth(place).getByRole('link').click()
    await expect(panelOf(page).getByText(said)).toBeVisible()
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }
  await madeBy(0, /^Moved here from “First board” by Ann/)
  await focusCard(page, 'Invite a colleague')
  await page.keyboard.press('Control+v')
  await expect(page.getByText('Pasted 1 card into Doing').first()).toBeVisible()
  await expect(doing.getByTestId('card')).toHaveCount(2)
  await madeBy(1, /^Created by Ann/)
  await madeBy(0, /^Moved here from “First board” by Ann/)
})

test('what Ann pastes once more comes below what she pasted, and into the column that she points at since', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Pointed', 'Ann')
  await openFirstBoard(page)
  const title = 'Invite a colleague'
  const [todo, doing] = [column(page, 0), column(page, 1)]
  const inTodo = todo.getByTestId('card').filter({ hasText: title })
  const inDoing = doing.getByTestId('card').filter({ hasText: title })
  await doing.hover()
  await focusCard(page, title)
  await page.keyboard.press('Control+c')
  await expect(page.getByText('Copied 1 card').first()).toBeVisible()
  // Wherever the mouse rests, the card that has the focus is what she works at.
  for (const count of [2, 3]) {
    await page.keyboard.press('Control+v')
    await expect(inTodo).toHaveCount(count)
    await expect(inTodo.nth(count - 1).getByRole('link')).toBeFocused()
  }
  await doing.hover({ position: { x: 40, y: 60 } })
  await page.keyboard.press('Control+v')
  await expect(inDoing).toHaveCount(1)
  await todo.hover()
  await page.keyboard.press('Control+v')
  await expect(inTodo).toHaveCount(4)
  await expect(inDoing).toHaveCount(1)
})

test('Ann copies a card from one tab to another, moves one, and takes one along into another workspace', async ({
  page: first,
  context,
}) => {
  await createWorkspace(first, relay.origin, 'Copies', 'Ann')
  await openFirstBoard(first)
  await addCard(first, 'Order the mould #rush !high @Ann')
  await addCard(first, 'Press list')
  await expect(cardNamed(first, 'Press list')).toHaveCount(1)
  const second = await context.newPage()
  await second.goto(first.url())
  await expect(cardNamed(second, 'Press list')).toHaveCount(1)

  await first.bringToFront()
  await focusCard(first, 'Order the mould')
  await first.keyboard.press('Control+c')
  await expect(first.getByText('Copied 1 card').first()).toBeVisible()
  await second.bringToFront()
  await column(second, 1).hover()
  await second.keyboard.press('Control+v')
  await expect(column(second, 1).getByTestId('card')).toHaveText(/rush\s*Order the mould/)
  await expect(column(first, 1).getByTestId('card')).toHaveText(/rush\s*Order the mould/)

  // Cut in one and pasted in the other it is the same card, in its new place for both.
  await first.bringToFront()
  await focusCard(first, 'Press list')
  await first.keyboard.press('Control+x')
  await expect(cardNamed(second, 'Press list')).toHaveCount(0)
  await second.bringToFront()
  await focusCard(second, 'Invite a colleague')
  await second.keyboard.press('Control+v')
  for (const page of [first, second])
    await expect(column(page, 0).getByTestId('card')).toHaveText([/Invite/, /Press list/, /Move this/, /Order/])

  // In another workspace the label is made there; who is not in it is said, and not assigned.
  const other = await context.newPage()
  await createWorkspace(other, relay.origin, 'Elsewhere', 'Cid')
  await expect(cardNamed(other, 'Move this card')).toHaveCount(1)
  await first.bringToFront()
  await focusCard(first, 'Press list')
  await first.keyboard.press('ArrowDown')
  await first.keyboard.press('ArrowDown')
  await expect(column(first, 0).getByRole('link', { name: 'Order the mould' })).toBeFocused()
  await first.keyboard.press('Control+c')
  await expect.poll(() => clipboardText(first)).toContain('Order the mould')
  await other.bringToFront()
  await column(other, 1).hover()
  await other.keyboard.press('Control+v')
  await expect(column(other, 1).getByTestId('card')).toHaveText(/rush\s*Order the mould\s*P1/)
  await expect(other.getByText('Not in this workspace, so not assigned: Ann').first()).toBeVisible()
})

test('several cards are cut with the bar of the chosen ones, and with the palette, and pasted in another column', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Copies', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Mast', 'Sails', 'Anchor', 'Keel']) await addCard(page, title)
  const bar = page.getByRole('toolbar', { name: 'Change the selected cards' })
  const choose = async (titles: readonly string[]) => {
    for (const title of titles) {
      await focusCard(page, title)
      await page.keyboard.press('x')
    }
    await expect(bar.getByRole('status')).toHaveText(`${titles.length} cards selected`)
  }
  const paste = async () => {
    await column(page, 1)
      .getByRole('button', { name: /Column Doing: actions/ })
      .click()
    await page.getByRole('menuitem', { name: 'Paste cards' }).click()
  }
  await choose(['Mast', 'Sails'])
  await bar.getByRole('button', { name: 'Cut' }).click()
  await expect(page.getByText('Cut 2 cards').last()).toBeVisible()
  await expect(bar).toHaveCount(0)
  await expect(cardNamed(page, 'Anchor').getByRole('link')).toBeFocused()
  await paste()
  await expect(column(page, 1).getByTestId('card')).toHaveText([/Mast/, /Sails/])
  await expect(cardNamed(page, 'Mast')).toHaveCount(1)

  await choose(['Anchor', 'Keel'])
  await page.keyboard.press('Control+k')
  await page.keyboard.type('cut')
  const commands = page.getByRole('group', { name: '2 cards selected' })
  await commands.getByRole('option', { name: 'Cut' }).click()
  await expect(bar).toHaveCount(0)
  await paste()
  await expect(column(page, 1).getByTestId('card')).toHaveCount(4)
  await expect(cardNamed(page, 'Keel')).toHaveCount(1)
})

test('what is done to one of several chosen cards is done to all of them: by its menu, by keys, and carried; another card is alone', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Together', 'Ann')
  await openFirstBoard(page)
  await expect(column(page, 0).locator('[data-card-link]')).toHaveCount(2)
  const first = await column(page, 0).locator('[data-card-link]').allTextContents()
  for (const title of ['Mast', 'Sails', 'Anchor', 'Keel', 'Rope']) await addCard(page, title)
  const bar = page.getByRole('toolbar', { name: 'Change the selected cards' })
  const titles = (at: number, ...list: readonly string[]) =>
    expect(column(page, at).locator('[data-card-link]')).toHaveText([...(at === 0 ? first : []), ...list])
  const choose = async (...list: readonly string[]) => {
    for (const title of list) {
      await focusCard(page, title)
      await page.keyboard.press('x')
    }
    await expect(bar.getByRole('status')).toHaveText(`${list.length} cards selected`)
  }
  const inMenu = async (title: string, action: string) => {
    await page.getByRole('button', { name: `Card ${title}: actions` }).click()
    await page.getByRole('menuitem', { name: action, exact: true }).click()
  }

  await choose('Mast', 'Sails')
  await page.getByRole('button', { name: 'Card Rope: actions' }).click()
  await expect(page.getByRole('menuitem', { name: 'Cut', exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Card Sails: actions' }).click()
  await axeFindsNothing(page)
  await page.keyboard.press('Escape')
  await inMenu('Sails', 'Cut 2 cards')
  await expect(bar).toHaveCount(0)
  await titles(0, 'Anchor', 'Keel', 'Rope')
  await column(page, 1)
    .getByRole('button', { name: /Column Doing: actions/ })
    .click()
  await page.getByRole('menuitem', { name: 'Paste cards' }).click()
  await titles(1, 'Mast', 'Sails')

  // To another column by the dialog, and back by one undo.
  await choose('Mast', 'Sails')
  await inMenu('Mast', 'Move 2 cards')
  const dialog = page.getByRole('dialog', { name: 'Move 2 cards' })
  await expect(dialog.getByLabel('Place')).toHaveCount(0)
  await dialog.getByLabel('Column').selectOption({ label: 'Done' })
  await axeFindsNothing(page)
  await dialog.getByRole('button', { name: 'Move', exact: true }).click()
  await titles(2, 'Mast', 'Sails')

  // Carried, all of them come to the place where the one is put, in their order.
  const there = await boxOf(cardNamed(page, 'Keel'))
  await pressOn(page, cardNamed(page, 'Sails'), 20, 10)
  // As far as the card in the hand pushes those below it down.
  await page.mouse.move(there.x + 20, there.y + there.height - 4, { steps: 10 })
  await expect(page.getByTestId('carried-count')).toHaveText('2')
  const spoken = page.locator('[aria-live=polite]')
  await expect(spoken.filter({ hasText: /^Lifted 2 cards\. Done, place 2 of 2\.$/ })).toHaveCount(1)
  await page.mouse.up()
  await titles(2)
  await expect(spoken.filter({ hasText: /^Moved 2 cards to To do$/ })).not.toHaveCount(0)
  await titles(0, 'Anchor', 'Mast', 'Sails', 'Keel', 'Rope')
  await page.keyboard.press('ControlOrMeta+z')
  await titles(2, 'Mast', 'Sails')

  await focusCard(page, 'Mast')
  await page.keyboard.press('e')
  await expect(bar).toHaveCount(0)
  await titles(2)
  await titles(0, 'Anchor', 'Keel', 'Rope')
})
