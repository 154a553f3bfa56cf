import { expect, test, type Browser, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  chooseWhenThere,
  columnNamed,
  createBoard,
  createWorkspace,
  cutCard,
  goTo,
  moveCard as moveNamed,
  openFirstBoard,
  panelOf,
  pasteCard,
  retitle,
  syncIs,
  takeBack,
  twoPeople,
  workOffline,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('undo after a remote edit: another field is no matter; the same field asks, names Bo, and does as told, on two boards too (P7)', async ({
  browser,
}) => {
  const { ann, bo, board, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'first')
  await retitle(ann, 'first', 'second')
  await cardNamed(bo, 'second').click()

  // Bo sets a priority; Ann's undo is of her title and does not ask.
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await expect(panelOf(ann).getByLabel('Priority')).toHaveValue(/./)
  const undo = ann.getByRole('button', { name: 'Undo', exact: true }).first()
  await undo.click()
  await expect(cardNamed(bo, 'first')).toHaveCount(1)
  await expect(ann.getByRole('dialog')).toHaveCount(0)
  await expect(panelOf(bo).getByLabel('Priority')).toHaveValue(/./)

  // Bo changes the title after Ann: she is asked, and reads what would stand there.
  await retitle(ann, 'first', 'third')
  await expect(cardNamed(bo, 'third')).toHaveCount(1)
  await retitle(bo, 'third', 'the title of Bo')
  await expect(cardNamed(ann, 'the title of Bo')).toHaveCount(1)
  await undo.click()
  const question = ann.getByRole('dialog', { name: 'Someone has changed this since' })
  await expect(question).toContainText('Bo changed the same field as well.')
  // Keys scroll what it tells.
  const told = question.getByRole('region', { name: 'Someone has changed this since' })
  await told.focus()
  await expect(told).toBeFocused()
  await axeFindsNothing(ann)
  await expect(question).toContainText('third')
  await expect(question).toContainText('the title of Bo')
  const words = (label: string) => question.getByText(label, { exact: true }).locator('xpath=..')
  await expect(words('Yours')).toContainText('third')
  await expect(words('Now, by Bo')).toContainText('the title of Bo')
  await expect(words('After undoing')).toContainText('first')
  // Who closes the question has decided nothing.
  await ann.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await expect(cardNamed(ann, 'the title of Bo')).toHaveCount(1)
  await undo.click()
  await question.getByRole('button', { name: 'Undo anyway' }).click()
  await expect(cardNamed(bo, 'first')).toHaveCount(1)
  await expect(cardNamed(ann, 'first')).toHaveCount(1)
  // The first of them: what is announced says the same.
  const toast = (text: string | RegExp) => ann.locator('[data-stays]').first().getByText(text)
  await expect(toast(/^Undone: /)).toHaveCount(1)

  // Of another title she keeps his: she is not asked again, and undo goes on to what she did before.
  await retitle(ann, 'first', 'fourth')
  // What was taken back cannot be done again any more: nothing offers it.
  await expect(toast(/^Undone: /)).toHaveCount(0)
  await expect(cardNamed(bo, 'fourth')).toHaveCount(1)
  await retitle(bo, 'fourth', 'again of Bo')
  await expect(cardNamed(ann, 'again of Bo')).toHaveCount(1)
  await undo.click()
  await question.getByRole('button', { name: 'Keep theirs' }).click()
  await expect(toast('Left as it is now')).toHaveCount(1)
  await expect(toast(/^Undone: /)).toHaveCount(0)
  await undo.click()
  // That was adding the card, in which Bo has worked since.
  await expect(question).toContainText('Bo has changed this card since.')
  await expect(question.getByTestId('undo-entries')).toContainText('again of Bo')
  await question.getByRole('button', { name: 'Undo anyway' }).click()
  await expect(cardNamed(bo, 'again of Bo')).toHaveCount(0)
  await expect(question).toHaveCount(0)

  // Of an action on several cards she takes back what Bo has not touched.
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  for (const title of ['one', 'two', 'three']) await addCard(ann, title)
  for (const title of ['one', 'two', 'three']) {
    await cardNamed(ann, title).getByRole('link').focus()
    await ann.keyboard.press('x')
  }
  await ann.getByRole('toolbar', { name: 'Selected cards' }).getByRole('button', { name: 'Priority' }).click()
  await ann.getByRole('menuitem', { name: 'P1 · High' }).click()
  await expect(cardNamed(bo, 'two')).toContainText('P1')
  await cardNamed(bo, 'two').click()
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P3 · Low' })
  await expect(cardNamed(ann, 'two')).toContainText('P3')
  await undo.click()
  await expect(question).toContainText(/two.*Priority.*P3 · Low/s)
  // The rest are other cards.
  await question.getByRole('button', { name: 'Undo the rest', exact: true }).click()
  for (const page of [ann, bo]) {
    await expect(cardNamed(page, 'one')).not.toContainText('P1')
    await expect(cardNamed(page, 'three')).not.toContainText('P1')
    await expect(cardNamed(page, 'two')).toContainText('P3')
  }

  // What Bo did, alone.
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'History', exact: true }).click()
  const history = ann.getByRole('region', { name: 'History' })
  await expect(history.getByText('Added “three” to “To do”')).toBeVisible()
  await history.getByLabel('Done by').selectOption({ label: 'Bo' })
  await expect(history.getByText('Added “three” to “To do”')).toHaveCount(0)
  await expect(history.getByRole('listitem').first()).toContainText('Set the priority of “two” to P3')
  await expect(history.getByRole('listitem')).toHaveCount(4)

  // A card that she moved to another board, and in which Bo has worked there: both boards are as they were, and again as they are.
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  await ann.getByRole('link', { name: 'Home' }).first().click()
  await ann.getByRole('button', { name: 'Create a board' }).first().click()
  await ann.getByRole('dialog').getByLabel('Board name').fill('Workshop')
  await ann.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
  await expect(ann.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  const goTo = async (page: Page, name: string) => {
    await page.getByRole('link', { name }).first().click()
    await expect(page.getByRole('heading', { name })).toBeVisible()
    await expect(page.getByTestId('column')).toHaveCount(3)
  }
  await goTo(ann, 'First board')
  await cardNamed(ann, 'The mould').getByRole('link').focus()
  await ann.keyboard.press('Control+x')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  await goTo(ann, 'Workshop')
  await ann.getByTestId('column').nth(1).hover()
  await ann.keyboard.press('Control+v')
  await expect(toast('Moved 1 card from “First board” to “Doing”')).toHaveCount(1)
  // The message of the cut has gone: what it offered is the paste's to take back.
  expect(await toast(/^Cut 1 card/).count()).toBe(0)

  await goTo(bo, 'Workshop')
  await retitle(bo, 'The mould', 'The mould, hardened')
  await expect(cardNamed(ann, 'The mould, hardened')).toHaveCount(1)
  await goTo(ann, 'First board')
  await undo.click()
  await expect(question).toContainText('Bo has changed this card on “Workshop” since you moved it there.')
  await expect(question.getByTestId('undo-entries')).toContainText('The mould, hardened')
  await axeFindsNothing(ann)
  await question.getByRole('button', { name: 'Undo anyway' }).click()
  await expect(toast('Moved 1 card back to “First board”')).toHaveCount(1)
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)
  await expect(cardNamed(bo, 'The mould')).toHaveCount(0)
  await ann.locator('[data-stays]').getByRole('button', { name: 'Redo' }).click()
  await expect(toast('Moved 1 card to “Workshop” again')).toHaveCount(1)
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  await expect(cardNamed(bo, 'The mould, hardened')).toHaveCount(1)
  expect(ann.url()).toBe(board)
  // Archived there by Bo, it is called that.
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await cardNamed(bo, 'The mould, hardened').getByRole('link').focus()
  await bo.keyboard.press('e')
  await expect(cardNamed(bo, 'The mould, hardened')).toHaveCount(0)
  // She knows of it: where she did not, both would be told of it instead.
  await goTo(ann, 'Workshop')
  await expect(cardNamed(ann, 'The mould, hardened')).toHaveCount(0)
  await goTo(ann, 'First board')
  await undo.click()
  await expect(question).toContainText('Bo has archived this card on “Workshop” since you moved it there.')
  await ann.keyboard.press('Escape')
  await expect(question).toHaveCount(0)
  await bo.keyboard.press('Control+z')
  await expect(cardNamed(bo, 'The mould, hardened')).toHaveCount(1)

  // A column that she added, and in which a card of Bo stands now.
  await goTo(bo, 'First board')
  await ann.getByRole('button', { name: 'Add column' }).first().click()
  await ann.getByRole('textbox', { name: 'Column name' }).fill('Rigging')
  await ann.keyboard.press('Enter')
  const rigging = (page: Page) => page.getByTestId('column').filter({ hasText: 'Rigging' })
  await expect(rigging(bo)).toHaveCount(1)
  await ann.keyboard.press('Escape')
  await rigging(bo)
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  await rigging(bo)
    .getByRole('textbox', { name: /Add a card to/ })
    .fill('Halyards of Bo')
  await bo.keyboard.press('Enter')
  await expect(rigging(ann).getByTestId('card')).toHaveCount(1)
  await undo.click()
  const held = ann.getByRole('dialog', { name: 'Cards would lose their column' })
  await expect(held).toContainText('Bo has put 1 card into this column, which would be archived.')
  await expect(held.getByTestId('undo-entries')).toContainText(/Rigging.*1 card by Bo/s)
  await axeFindsNothing(ann)
  await held.getByRole('button', { name: 'Keep it' }).click()
  await expect(toast('Left as it is now')).toHaveCount(1)
  await expect(rigging(ann).getByTestId('card')).toHaveCount(1)
  await leave()
})

test('in a second window, where there is nothing to undo, Ann reads that what she did in the first can be undone there @long', async ({
  context,
}) => {
  const first = await context.newPage()
  await createWorkspace(first, relay.origin, 'Windows', 'Ann')
  await openFirstBoard(first)
  await addCard(first, 'Sails')
  const second = await context.newPage()
  await second.goto(first.url())
  await expect(cardNamed(second, 'Sails')).toHaveCount(1)
  await second.keyboard.press('ControlOrMeta+z')
  const toast = second.locator('[data-stays] > div').filter({ hasText: 'Nothing to undo' })
  await expect(toast).toContainText('What you did in another window can be undone there.')
  await expect(cardNamed(second, 'Sails')).toHaveCount(1)
  await first.keyboard.press('Escape')
  await first.keyboard.press('ControlOrMeta+z')
  await expect(cardNamed(second, 'Sails')).toHaveCount(0)
})

test('the question says in words which view, and of a card or a column that only has another place, which place @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const undo = ann.getByRole('button', { name: 'Undo', exact: true }).first()
  const question = ann.getByRole('dialog', { name: 'Someone has changed this since' })
  const words = (label: string) => question.getByText(label, { exact: true }).locator('xpath=..')
  const says = async (values: Record<'Yours' | 'Now, by Bo' | 'After undoing', string>) => {
    for (const [label, value] of Object.entries(values)) await expect(words(label)).toContainText(value)
    await axeFindsNothing(ann)
    await question.getByRole('button', { name: 'Keep theirs' }).click()
    await expect(question).toHaveCount(0)
  }
  const stand = (page: Page, ...titles: readonly string[]) =>
    expect(page.getByTestId('column').first().getByTestId('card')).toHaveText(titles.map((title) => new RegExp(title)))
  const first = ['Invite a colleague', 'Move this card']
  const [one, two, three] = ['Sails', 'Oars', 'Ropes']
  for (const title of [one, two, three]) await addCard(ann, title)
  await stand(bo, ...first, one, two, three)

  const up = async (page: Page, title: string, steps: number) => {
    await cardNamed(page, title).getByRole('link').focus()
    await page.keyboard.press('Space')
    for (let step = 0; step < steps; step++) await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Space')
  }
  await up(ann, three, 1)
  await stand(bo, ...first, one, three, two)
  await up(bo, three, 1)
  await stand(ann, ...first, three, one, two)
  await undo.click()
  await expect(question).toContainText(`${three} · Place`)
  await says({ Yours: 'No. 4 of 5', 'Now, by Bo': 'No. 3 of 5', 'After undoing': 'No. 5 of 5' })

  const columns = (page: Page) => page.getByTestId('column')
  const left = async (page: Page, title: string) => {
    await page.getByRole('button', { name: `Column ${title}: actions` }).click()
    await page.getByRole('menuitem', { name: 'Move left' }).click()
  }
  await left(ann, 'Done')
  await expect(columns(bo).nth(1)).toContainText('Done')
  await left(bo, 'Done')
  await expect(columns(ann).first()).toContainText('Done')
  await undo.click()
  await expect(question).toContainText('Column “Done” · Place')
  await says({ Yours: 'No. 2 of 3', 'Now, by Bo': 'No. 1 of 3', 'After undoing': 'No. 3 of 3' })

  // A place in another column is none among the cards of this one.
  const into = async (page: Page, other: Page, title: string) => {
    await panelOf(page).getByLabel('Column').selectOption({ label: title })
    await expect(columnNamed(other, title).getByTestId('card').filter({ hasText: one })).toHaveCount(1)
  }
  for (const page of [ann, bo]) await cardNamed(page, one).getByRole('link').click()
  await into(ann, bo, 'Doing')
  await into(bo, ann, 'To do')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await undo.click()
  await expect(question).toContainText(`${one} · Place`)
  await expect(words('Yours')).toHaveText(/^Yours\s*Doing$/)
  await says({ Yours: 'Doing', 'Now, by Bo': 'To do · No. 5 of 5', 'After undoing': 'To do · No. 4 of 5' })

  const group = (page: Page) => page.getByRole('combobox', { name: 'Group by' })
  await ann.getByRole('searchbox', { name: 'Filter cards' }).fill('a')
  await ann.getByRole('button', { name: 'Save as…' }).click()
  await ann.getByRole('textbox', { name: 'Name of the view' }).fill('Mine')
  await ann.getByRole('checkbox', { name: /Everybody/ }).check()
  await ann.keyboard.press('Enter')
  await chooseWhenThere(bo, bo.getByRole('button', { name: /^View:/ }), /Mine/)
  for (const [page, other, by] of [
    [ann, bo, 'label'],
    [bo, ann, 'priority'],
  ] as const) {
    await group(page).selectOption(by)
    await page.getByRole('button', { name: 'Save view' }).click()
    await expect(group(other)).toHaveValue(by)
  }
  await undo.click()
  await expect(question).toContainText('View “Mine” · What it shows')
  await says({
    Yours: 'Board · By label · “a”',
    'Now, by Bo': 'Board · By priority · “a”',
    'After undoing': 'Board · No groups · “a”',
  })
  await leave()
})

const moveCard = (page: Page, from: string, to: string) => moveNamed(page, 'The mould', from, to)

/** Ann has moved a card to “Workshop”, and Bo from there to “Store”: she is asked. */
async function annTakesBackWhatBoMovedOn(browser: Browser) {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  for (const name of ['Workshop', 'Store']) await createBoard(ann, bo, name)
  await moveCard(ann, 'First board', 'Workshop')
  await moveCard(bo, 'Workshop', 'Store')
  await goTo(ann, 'Store')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)
  await goTo(ann, 'First board')
  await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
  return { ann, bo, question: ann.getByRole('dialog', { name: 'Someone has changed this since' }), leave }
}

test('the question says that a moved card was moved on, and before a restore that it stays on the other board as well @long', async ({
  browser,
}) => {
  const { ann, bo, question, leave } = await annTakesBackWhatBoMovedOn(browser)
  await expect(question).toContainText(
    'Bo has moved this card on to “Store” since you moved it to “Workshop”. Undoing brings it back to “First board” as well, so that it is on both boards.',
  )
  await axeFindsNothing(ann)
  await question.getByRole('button', { name: 'Keep it' }).click()

  // On the board that it left, it comes back from the replay: the whole board with it, or the card alone.
  await moveCard(bo, 'Store', 'Workshop')
  await goTo(bo, 'Store')
  await bo.getByRole('button', { name: 'Board actions' }).click()
  await bo.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = bo.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  await slider.press('ArrowLeft')
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  await replay.getByRole('button', { name: 'Restore the board to this moment' }).click()
  const board = bo.getByRole('dialog', { name: 'Restore the whole board?' })
  await expect(board).toContainText('1 card was moved to “Workshop”: it comes back here and stays there, too.')
  await axeFindsNothing(bo)
  await board.getByRole('button', { name: 'Cancel' }).click()
  await cardNamed(bo, 'The mould').click()
  await panelOf(bo).getByRole('button', { name: 'Restore this card' }).click()
  const card = bo.getByRole('dialog', { name: 'Restore this card?' })
  await expect(card).toContainText('It was moved to “Workshop”: it comes back here and stays there, too.')
  await axeFindsNothing(bo)
  await card.getByRole('button', { name: 'Restore this card' }).click()
  await expect(bo.getByText('“The mould” is as it was then').first()).toBeVisible()

  // Of a card that is on both boards either says where it is as well, and leads there, until one of them goes.
  await replay.getByRole('button', { name: 'Back to now' }).click()
  const elsewhere = (page: Page) => panelOf(page).getByTestId('elsewhere-note')
  await goTo(bo, 'Store')
  await cardNamed(bo, 'The mould').click()
  await expect(elsewhere(bo)).toContainText('Bo moved this card to “Workshop”. It is here, too.')
  await axeFindsNothing(bo)
  await elsewhere(bo).getByRole('link', { name: 'Open it there' }).click()
  await expect(bo.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  await expect(elsewhere(bo)).toContainText('This card came from “Store”. It is there, too.')
  await goTo(ann, 'Store')
  await cardNamed(ann, 'The mould').click()
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect(elsewhere(bo)).toHaveCount(0)
  await leave()
})

test('a card that Bo moved on, and that Ann has back all the same, was moved by him, and not by him to where she has it; redo is offered @long', async ({
  browser,
}) => {
  const { ann, bo, question, leave } = await annTakesBackWhatBoMovedOn(browser)
  const said = ann.locator('[data-stays] > div')
  await question.getByText('Undo anyway').click()
  await said.getByRole('button', { name: 'Redo' }).click()
  await expect(said).toHaveText(
    /^Redone: Archived “The mould”\s*Bo moved “The mould” to “Store” meanwhile: it stays there as it is\./,
  )
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  await axeFindsNothing(ann)
  await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await expect(question).toContainText('Bo has moved this card on to “Store” since you moved it to “Workshop”.')
  await question.getByText('Undo anyway').click()
  await expect(said).toHaveText(/^“The mould” is on “First board” again, and on “Store”, too\./)
  await cardNamed(ann, 'The mould').click()
  await expect(panelOf(ann).getByTestId('elsewhere-note')).toContainText(
    'Bo moved this card to “Store”. It is here, too.',
  )
  await expect(ann.getByTestId('contested-bar')).toHaveCount(0)
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  for (const page of [ann, bo]) {
    await goTo(page, 'Workshop')
    await page.getByRole('button', { name: 'Board actions' }).click()
    await page.getByRole('menuitem', { name: 'Archived items' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'The mould' }).click()
    const note = panelOf(page).getByTestId('archived-note')
    await expect(note).toContainText('Bo moved this card to “Store”.')
    await expect(note).toContainText('It is on “First board”.')
    await expect(note).not.toContainText('moved this card to “First board”')
  }
  await leave()
})

test('of a card that Ann and Bo, apart, moved to two boards, and of which he took his move back, the question names both boards @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  for (const name of ['Workshop', 'Store']) await createBoard(ann, bo, name)
  await goTo(bo, 'First board')
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await moveCard(bo, 'First board', 'Store')
  await moveCard(ann, 'First board', 'Workshop')
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  await goTo(ann, 'Store')
  for (const page of [ann, bo])
    await expect(page.getByTestId('contested-bar')).toContainText('Moved twice at once, and double now:')
  await bo.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await expect(cardNamed(bo, 'The mould')).toHaveCount(0)
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  await goTo(ann, 'First board')
  await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
  const question = ann.getByRole('dialog', { name: 'Someone has changed this since' })
  await expect(question.getByRole('listitem')).toHaveText(
    /Yours\s*Moved to “Workshop”\s*Now, by Bo\s*Moved to “Store”, archived there\s*After undoing\s*On the board/,
  )
  await axeFindsNothing(ann)
  await leave()
})

test('of a card that Bo has archived, moved away and back, or moved on to a third board, undo says what has become of it @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const name of ['Workshop', 'Store']) await createBoard(ann, bo, name)
  for (const page of [ann, bo]) await goTo(page, 'First board')
  const said = ann.locator('[data-stays] > div')
  const undo = async (...told: string[]) => {
    await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
    for (const words of told) await expect(said).toContainText(words)
    await axeFindsNothing(ann)
    await said.getByRole('button', { name: 'Dismiss' }).click()
  }
  await addCard(ann, 'The mould')
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  await cardNamed(bo, 'The mould').locator('[data-card-link]').focus()
  await bo.keyboard.press('e')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  await undo('Not undone: Added “The mould” to “To do”', 'Bo archived “The mould” meanwhile: it stays in the archive.')

  await addCard(ann, 'The bell')
  await moveNamed(bo, 'The bell', 'First board', 'Workshop')
  await moveNamed(bo, 'The bell', 'Workshop', 'First board')
  await goTo(bo, 'First board')
  await goTo(ann, 'First board')
  await expect(cardNamed(bo, 'The bell')).toHaveCount(1)
  await expect(cardNamed(ann, 'The bell')).toHaveCount(1)
  await undo(
    'Not undone: Added “The bell” to “To do”',
    'Bo moved “The bell” to another board and back meanwhile: it stays as it is.',
  )

  await moveNamed(ann, 'The bell', 'First board', 'Workshop')
  await moveNamed(bo, 'The bell', 'Workshop', 'Store')
  await goTo(ann, 'Store')
  await expect(cardNamed(ann, 'The bell')).toHaveCount(1)
  await goTo(ann, 'First board')
  await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
  const question = ann.getByRole('dialog', { name: 'Someone has changed this since' })
  await question.getByRole('button', { name: 'Undo anyway' }).click()
  await expect(said).toHaveText(/^“The bell” is on “First board” again, and on “Store”, too\./)

  // Archived by hand after that, it is not said to have been moved by Bo.
  await cardNamed(ann, 'The bell').locator('[data-card-link]').focus()
  await ann.keyboard.press('e')
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Archived items' }).click()
  await ann.getByRole('dialog').getByRole('link', { name: 'The bell' }).first().click()
  await expect(panelOf(ann).getByTestId('archived-note')).toContainText(/Ann archived this card.* It is on “Store”\./)
  await leave()
})

test('of what Ann did to a card that Bo has moved to another board since she is told that it stays there; nothing is said to be undone that is not @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  await createBoard(ann, bo, 'Workshop')
  await goTo(ann, 'First board')
  await cardNamed(ann, 'The mould').click()
  await panelOf(ann).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await panelOf(ann).getByRole('textbox', { name: 'Description' }).click()
  await ann.keyboard.type('Of clay')
  await panelOf(ann).getByRole('textbox', { name: 'Title' }).focus()
  await expect(cardNamed(bo, 'The mould')).toContainText('P1')
  await syncIs(ann, 'Synced')
  await moveCard(bo, 'First board', 'Workshop')
  await expect(panelOf(ann).getByTestId('archived-note')).toContainText('Bo moved this card to “Workshop”.')
  const undo = ann.getByRole('button', { name: 'Undo', exact: true }).first()
  const said = ann.locator('[data-stays] > div')
  for (const not of [
    'Not undone: Changed the description of “The mould”',
    'Not undone: Set the priority of “The mould” to P1',
    'Not undone: Added “The mould” to “To do”',
  ]) {
    await undo.click()
    await expect(said).toContainText(not)
    await expect(said).toContainText('Bo moved “The mould” to “Workshop” meanwhile: it stays there as it is.')
    await expect(said.filter({ hasText: /^Undone/ })).toHaveCount(0)
    await axeFindsNothing(ann)
    await said.getByRole('button', { name: 'Dismiss' }).click()
  }
  await expect(cardNamed(bo, 'The mould')).toContainText('P1')
  await leave()
})

test('what is cut is said to be in the archive until it is pasted; doing an archive again asks about what Bo has written in the card since, and not about a field of hers @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  const said = ann.locator('[data-stays] > div')
  await cutCard(ann, 'The mould', 'First board')
  await expect(said).toContainText('Cut 1 card. Until pasted, it is in the archive, for everybody.')
  await said.getByRole('button', { name: 'Undo' }).click()
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)

  // An item is no card: it is not archived.
  const question = ann.getByRole('dialog', { name: 'Someone has changed this since' })
  for (const page of [ann, bo]) await cardNamed(page, 'The mould').click()
  await panelOf(ann).getByRole('textbox', { name: 'Add an item' }).fill('Sand')
  await ann.keyboard.press('Enter')
  await panelOf(bo).getByRole('checkbox', { name: 'Sand' }).check()
  await expect(panelOf(ann).getByRole('checkbox', { name: 'Sand' })).toBeChecked()
  await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await expect(question).toContainText(
    'Bo has changed this item of the checklist since. Undoing removes it with their work.',
  )
  await expect(question.getByRole('listitem')).toContainText('The mould: Sand')
  await question.getByRole('button', { name: 'Keep it' }).click()
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()

  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(bo, 'The mould')).toHaveCount(0)
  await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await cardNamed(bo, 'The mould').click()
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await expect(cardNamed(ann, 'The mould')).toContainText('P1')
  await said.getByRole('button', { name: 'Redo' }).click()
  await expect(question).toContainText('Bo has changed what doing it again takes away. Their work goes with it.')
  await expect(question).not.toContainText('the same field')
  await axeFindsNothing(ann)
  await question.getByRole('button', { name: 'Redo anyway' }).click()
  await expect(cardNamed(bo, 'The mould')).toHaveCount(0)
  await leave()
})

test('the question follows what Bo does while it stands, and says so; when he has put back himself what stood there, there is none @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const titles = ['Oars', 'Ropes', 'Sails']
  for (const title of titles) await addCard(ann, title)
  for (const title of titles) {
    await cardNamed(ann, title).getByRole('link').focus()
    await ann.keyboard.press('x')
  }
  const setPriority = async (page: Page, name: string) => {
    await page.getByRole('toolbar', { name: 'Selected cards' }).getByRole('button', { name: 'Priority' }).click()
    await page.getByRole('menuitem', { name }).click()
  }
  await setPriority(ann, 'P1 · High')
  const boSets = async (title: string, priority: string) => {
    await cardNamed(bo, title).click()
    await panelOf(bo).getByLabel('Priority').selectOption({ label: priority })
    await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  }
  await expect(cardNamed(bo, 'Ropes')).toContainText('P1')
  await boSets('Oars', 'P3 · Low')
  await expect(cardNamed(ann, 'Oars')).toContainText('P3')
  const undo = ann.getByRole('button', { name: 'Undo', exact: true }).first()
  await undo.click()
  const question = ann.getByRole('dialog', { name: 'Someone has changed this since' })
  const asked = question.getByRole('listitem')
  await expect(asked).toHaveText([/Oars.*P3 · Low/s])
  await expect(question).not.toContainText('More has changed')

  const live = ann.locator('[aria-live]')
  await boSets('Ropes', 'P0 · Critical')
  await expect(asked).toHaveText([/Oars.*P3 · Low/s, /Ropes.*P0 · Critical/s])
  await expect(question).toContainText('More has changed while you were being asked.')
  await expect(
    live.filter({
      hasText: /More has changed while you were being asked\..*Ropes, Priority\. Now, by Bo: P0 · Critical/s,
    }),
  ).toHaveCount(1)
  await axeFindsNothing(ann)
  await boSets('Oars', 'P2 · Medium')
  await expect(asked).toHaveText([/Oars.*P2 · Medium/s, /Ropes.*P0 · Critical/s])
  await boSets('Sails', 'P3 · Low')
  await expect(question.getByRole('button', { name: 'Undo the rest' })).toBeDisabled()
  await question.getByRole('button', { name: 'Undo anyway' }).click()
  await expect(question).toHaveCount(0)
  for (const title of titles) await expect(cardNamed(bo, title)).not.toContainText(/P[0-3]/)

  await retitle(ann, 'Oars', 'Oars of Ann')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await retitle(bo, 'Oars of Ann', 'Oars of Bo')
  await expect(cardNamed(ann, 'Oars of Bo')).toHaveCount(1)
  await undo.click()
  await expect(question).toContainText('Oars of Bo')
  await retitle(bo, 'Oars of Bo', 'Oars')
  await expect(question).toHaveCount(0)
  const toast = ann.locator('[data-stays] > div')
  await expect(toast).toContainText('Not undone: Renamed “Oars” to “Oars of Ann”')
  await expect(toast).toContainText('Bo had already taken that back.')
  await expect(question).toHaveCount(0)
  await leave()
})

test('a message’s Undo means the board that it speaks of, also where Ann has gone to another one @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await createBoard(ann, bo, 'Other')
  await goTo(ann, 'First board')
  await addCard(ann, 'Sails')
  await ann.keyboard.press('Escape')
  await cardNamed(ann, 'Sails').getByRole('link').focus()
  await ann.keyboard.press('e')
  await expect(cardNamed(ann, 'Sails')).toHaveCount(0)
  await goTo(ann, 'Other')
  await takeBack(ann, 'Sails')
  await goTo(ann, 'First board')
  await expect(cardNamed(ann, 'Sails')).toBeVisible()
  await leave()
})

test('a card that Bo archives where Ann moved it, moves away and back, or moves on is told as moved; one that she has back all the same knows the other, two moves away @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const archived = async (page: Page) => {
    await page.getByRole('button', { name: 'Board actions' }).click()
    await page.getByRole('menuitem', { name: 'Archived items' }).click()
    return page.getByRole('dialog', { name: 'Archived items' })
  }
  for (const title of ['Sails', 'Ropes', 'Oars']) await addCard(ann, title)
  for (const name of ['Hold', 'Third']) await createBoard(ann, bo, name)

  // Archived where it was moved.
  await moveNamed(ann, 'Sails', 'First board', 'Hold')
  await goTo(bo, 'Hold')
  await cardNamed(bo, 'Sails').click()
  await panelOf(bo).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(ann, 'Sails')).toHaveCount(0)
  await goTo(ann, 'First board')
  const list = await archived(ann)
  await expect(list.getByRole('listitem')).toHaveText([/Sails\s*Moved to “Hold”, archived there\s*Restore here$/])
  await axeFindsNothing(ann)
  await list.getByRole('link', { name: 'Sails' }).click()
  const note = panelOf(ann).getByTestId('archived-note')
  await expect(note).toContainText(
    'Ann moved this card to “Hold”, where it is in the archive. Restored here, it is as it was before.',
  )
  await axeFindsNothing(ann)
  await note.getByRole('link', { name: 'Open it there' }).click()
  await expect(ann.getByRole('heading', { name: 'Hold' })).toBeVisible()
  await expect(note).toContainText('Bo archived this card')
  await goTo(ann, 'First board')
  // What is compared with the moment before says the same.
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Replay' }).click()
  await ann.getByRole('slider', { name: 'Moment' }).press('ArrowLeft')
  await expect(cardNamed(ann, 'Sails')).toHaveCount(1)
  await ann.getByRole('button', { name: 'Compare with now' }).click()
  await expect(ann.getByRole('dialog').getByTestId('changes')).toContainText('Moved to “Hold”')
  await expect(ann.getByRole('dialog')).not.toContainText('Archived')
  await ann.keyboard.press('Escape')
  await ann.getByRole('button', { name: 'Back to now' }).click()
  await ann.keyboard.press('Escape')
  await (await archived(ann)).getByRole('button', { name: 'Restore here' }).click()
  await ann.keyboard.press('Escape')
  await expect(cardNamed(ann, 'Sails')).toHaveCount(1)
  // By hand it is archived, whatever was moved before.
  await cardNamed(ann, 'Sails').click()
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect((await archived(ann)).getByRole('listitem')).toHaveText([
    /Sails\s*To do · archived by Ann, just now\s*Restore$/,
  ])
  await ann.getByRole('dialog').getByRole('link', { name: 'Sails' }).click()
  await expect(note).toContainText('Ann archived this card')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await ann.keyboard.press('Escape')
  await expect(ann.getByRole('dialog')).toHaveCount(0)

  // Away and back, while she has not looked.
  await moveNamed(bo, 'Ropes', 'First board', 'Hold')
  await moveNamed(bo, 'Ropes', 'Hold', 'First board')
  await ann.getByTestId('news-button').click()
  const news = ann.getByRole('region', { name: 'What changed' })
  const ropes = news.getByRole('listitem').filter({ hasText: 'Ropes' })
  await expect(ropes.filter({ hasText: 'Moved to “Hold” and back' })).toContainText('Bo ·')
  await expect(ropes.filter({ hasText: 'Added to Doing · from “Hold”' })).toContainText('Bo ·')
  await expect(news).not.toContainText('Archived')
  await axeFindsNothing(ann)
  await ann.getByTestId('news-button').click()

  // Moved on, and back all the same.
  await moveNamed(ann, 'Oars', 'First board', 'Hold')
  await moveNamed(bo, 'Oars', 'Hold', 'Third')
  await goTo(ann, 'Third')
  await expect(cardNamed(ann, 'Oars')).toHaveCount(1)
  await goTo(ann, 'First board')
  await ann.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await ann.getByRole('dialog').getByRole('button', { name: 'Undo anyway' }).click()
  await cardNamed(ann, 'Oars').click()
  const elsewhere = (page: Page) => panelOf(page).getByTestId('elsewhere-note')
  await expect(elsewhere(ann)).toContainText('Bo moved this card to “Third”. It is here, too.')
  await axeFindsNothing(ann)
  // Archived here by hand: the list does not call that a move either.
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  const oars = (await archived(ann)).getByRole('listitem').filter({ hasText: 'Oars' })
  await expect(oars).toHaveText(/Oars\s*On “Third”\s*Restore here, too$/)
  await oars.getByRole('button', { name: 'Restore here, too' }).click()
  await expect(oars).toHaveCount(0)
  await ann.keyboard.press('Escape')
  await cardNamed(ann, 'Oars').click()
  await elsewhere(ann).getByRole('link', { name: 'Open it there' }).click()
  await expect(ann.getByRole('heading', { name: 'Third' })).toBeVisible()
  await expect(elsewhere(ann)).toContainText('This card came from “First board”. It is there, too.')
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await goTo(ann, 'First board')
  await cardNamed(ann, 'Oars').click()
  await expect(panelOf(ann)).toBeVisible()
  await expect(elsewhere(ann)).toHaveCount(0)
  await leave()
})

test('what Ann, apart, does and takes back is no question beside what Bo does: his priority and his move to another board count alone', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const title of ['The mould', 'The rope']) await addCard(ann, title)
  await createBoard(ann, bo, 'Second')
  for (const page of [ann, bo]) await goTo(page, 'First board')
  await expect(cardNamed(bo, 'The rope')).toHaveCount(1)
  await syncIs(ann, 'Synced')
  const apart = async (state: 'Offline' | 'Synced') => {
    for (const page of [ann, bo]) {
      await workOffline(page)
      await syncIs(page, state)
    }
  }
  await apart('Offline')
  await cardNamed(ann, 'The rope').click()
  await panelOf(ann).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await ann.keyboard.press('Escape')
  await cardNamed(ann, 'The mould').getByRole('link').focus()
  await ann.keyboard.press('e')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  const undo = ann.getByRole('button', { name: 'Undo', exact: true }).first()
  await undo.click()
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)
  await undo.click()
  await expect(cardNamed(ann, 'The rope')).not.toContainText('P1')

  await cardNamed(bo, 'The rope').click()
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P3 · Low' })
  await bo.keyboard.press('Escape')
  await cutCard(bo, 'The mould', 'First board')
  await pasteCard(bo, 'The mould', 'Second')
  await goTo(bo, 'First board')
  await apart('Synced')
  for (const page of [ann, bo]) {
    await expect(cardNamed(page, 'The mould')).toHaveCount(0)
    await expect(cardNamed(page, 'The rope')).toContainText('P3')
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
  }
  await leave()
})
