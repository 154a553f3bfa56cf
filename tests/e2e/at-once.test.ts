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
  cutCard,
  descriptionOf,
  frameworkWarnings,
  goTo,
  moveCaret,
  moveCard,
  openUntilThere,
  panelOf,
  pasteCard,
  pressOn,
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

/** Says in the panel of a card which one it waits for. */
async function waitsFor(page: Page, title: string, other: string): Promise<void> {
  await cardNamed(page, title).click()
  await panelOf(page).getByRole('button', { name: 'Choose cards that must be finished first' }).click()
  await page.getByRole('option', { name: other }).click()
  await page.keyboard.press('Escape')
  await expect(panelOf(page).getByRole('link', { name: other })).toBeVisible()
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
}

test('what Ann and Bo do to one card at once is said, by whom, and settled; a card that is typed or dropped into an archived column is not lost', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Ask three suppliers', 'Order the samples', 'Book the hall']) await addCard(ann, title)
  await expect(cardNamed(bo, 'Book the hall')).toHaveCount(1)

  // Ann archives the column in which Bo is typing a card: he is told, and has his words again when it is back.
  const addToDoing = columnNamed(bo, 'Doing').getByRole('button', { name: 'Add a card to Doing' }).last()
  await addToDoing.click()
  await columnNamed(bo, 'Doing').getByRole('textbox').fill('Ask for a discount')
  await columnNamed(ann, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
  await ann.getByRole('menuitem', { name: 'Archive column' }).click()
  await expect(columnNamed(bo, 'Doing')).toHaveCount(0)
  const notAdded = bo.getByText('The column was archived meanwhile. Not added: “Ask for a discount”')
  await expect(notAdded.first()).toBeVisible()
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(addToDoing).toHaveText('Ask for a discount')
  await addToDoing.click()
  await expect(columnNamed(bo, 'Doing').getByRole('textbox')).toHaveValue('Ask for a discount')
  await columnNamed(bo, 'Doing').getByRole('textbox').fill('')
  await bo.keyboard.press('Escape')

  // Apart: both set a priority, Ann archives a column into which Bo moves a card, each makes one card wait for the other.
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await cardNamed(ann, 'Ask three suppliers').click()
  await panelOf(ann).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await columnNamed(ann, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
  await ann.getByRole('menuitem', { name: 'Archive column' }).click()
  await expect(columnNamed(ann, 'Doing')).toHaveCount(0)
  await waitsFor(ann, 'Book the hall', 'Ask three suppliers')
  await syncIs(ann, 'Synced')

  await cardNamed(bo, 'Ask three suppliers').click()
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P3 · Low' })
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await cardNamed(bo, 'Order the samples').click()
  await panelOf(bo).getByLabel('Column', { exact: true }).selectOption({ label: 'Doing' })
  await expect(columnNamed(bo, 'Doing').getByTestId('card')).toHaveCount(1)
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await waitsFor(bo, 'Ask three suppliers', 'Book the hall')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  // Both are told which card it is, and find both values on it.
  for (const page of [ann, bo]) {
    await expect(page.getByTestId('contested-bar')).toContainText('1 card was changed in two places at once')
    await page.getByTestId('contested-bar').getByRole('link', { name: 'Ask three suppliers' }).first().click()
    const choice = panelOf(page).getByRole('group', { name: 'Priority' })
    await expect(choice.getByRole('listitem').filter({ hasText: 'Ann' })).toContainText('P1 · High')
    await expect(choice.getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('P3 · Low')
    await expect(choice.getByRole('listitem').first()).toContainText('counts for now')
  }
  await axeFindsNothing(ann, 'main')
  await panelOf(bo).getByRole('button', { name: 'Keep “P3 · Low” by Bo (Priority)' }).click()
  for (const page of [ann, bo]) {
    await expect(panelOf(page).getByTestId('contested')).toHaveCount(0)
    await expect(page.getByTestId('contested-bar')).not.toContainText('in two places at once')
    await expect(panelOf(page).getByLabel('Priority')).toHaveValue('low')
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }

  // Each card waits for the other: one of both links is not followed, both cards say so, and either can take it back.
  for (const page of [ann, bo])
    await expect(page.getByTestId('contested-bar')).toContainText('1 card closes a circle of cards that wait')
  const circle = (page: Page) => panelOf(page).getByTestId('circle')
  for (const title of ['Ask three suppliers', 'Book the hall']) {
    await cardNamed(ann, title).click()
    await expect(circle(ann)).toContainText('closes a circle')
    await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  }
  await cardNamed(ann, 'Book the hall').click()
  await axeFindsNothing(ann, 'main')
  await cardNamed(bo, 'Ask three suppliers').click()
  await circle(bo)
    .getByRole('button', { name: /^Remove/ })
    .click()
  for (const page of [ann, bo]) {
    await expect(circle(page)).toHaveCount(0)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }

  // The card that lost its column is in sight, says whose doing that is, and gets it back.
  const lost = (page: Page) => columnNamed(page, 'Without a column')
  for (const page of [ann, bo]) await expect(lost(page).getByTestId('card')).toHaveText(/Order the samples/)
  await cardNamed(ann, 'Order the samples').click()
  const note = panelOf(ann).getByTestId('lost-note')
  await expect(note).toContainText('Bo put the card there')
  await expect(note).toContainText('Ann archived the column')
  await expect(note.getByRole('button', { name: 'Restore “Doing”' })).toBeVisible()
  await axeFindsNothing(ann, 'main')
  // Others can wait for it all the same.
  await cardNamed(ann, 'Book the hall').click()
  await panelOf(ann).getByRole('button', { name: 'Choose cards that must be finished first' }).click()
  await ann.keyboard.type('Order the')
  await expect(ann.getByRole('option', { name: /^Order the samples\s*Without a column/ })).toBeVisible()
  await ann.keyboard.press('Escape')
  await cardNamed(ann, 'Order the samples').click()
  await lost(bo).getByRole('button', { name: 'Restore “Doing”' }).click()
  await expect(columnNamed(bo, 'Doing').getByRole('link', { name: 'Order the samples' })).toBeFocused()
  for (const page of [ann, bo]) {
    await expect(lost(page)).toHaveCount(0)
    await expect(columnNamed(page, 'Doing').getByTestId('card')).toHaveText(/Order the samples/)
  }
  await expect(note).toHaveCount(0)

  // Each moves one card without having heard of the other: both read whose place holds, and one press takes the other's.
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  for (const [page, column] of [
    [ann, 'Done'],
    [bo, 'Doing'],
  ] as const) {
    await cardNamed(page, 'Book the hall').click()
    await panelOf(page).getByLabel('Column', { exact: true }).selectOption({ label: column })
    await expect(columnNamed(page, column).getByRole('link', { name: 'Book the hall' })).toHaveCount(1)
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  const toast = (page: Page) => page.locator('[data-stays] > div').filter({ hasText: 'at the same time' })
  await expect(toast(ann)).toContainText('Bo moved “Book the hall” to Doing at the same time.')
  await expect(toast(bo)).toContainText('Ann moved “Book the hall” to Done at the same time.')
  const counts = (page: Page) => toast(page).filter({ hasText: /Your move to \w+ counts/ })
  await expect.poll(async () => (await counts(ann).count()) + (await counts(bo).count())).toBe(1)
  const [loser, mine] = (await counts(ann).count()) === 1 ? ([bo, 'Doing'] as const) : ([ann, 'Done'] as const)
  await toast(loser)
    .getByRole('button', { name: `Move to ${mine}` })
    .click()
  for (const page of [ann, bo])
    await expect(columnNamed(page, mine).getByRole('link', { name: 'Book the hall' })).toHaveCount(1)
  await leave()
})

test('of two moves at once the one that counts is undone: the other holds, that is said, and what was said before is over @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Book the hall')
  const isIn = (page: Page, column: string) =>
    expect(columnNamed(page, column).getByRole('link', { name: 'Book the hall' })).toHaveCount(1)
  await isIn(bo, 'To do')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  for (const [page, column] of [
    [ann, 'Done'],
    [bo, 'Doing'],
  ] as const) {
    await cardNamed(page, 'Book the hall').click()
    await panelOf(page).getByLabel('Column', { exact: true }).selectOption({ label: column })
    await isIn(page, column)
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  const toast = (page: Page) => page.locator('[data-stays] > div').filter({ hasText: 'at the same time' })
  for (const page of [ann, bo]) await expect(toast(page)).toContainText(/counts/)
  const annWins =
    (await toast(ann)
      .filter({ hasText: /Your move to \w+ counts/ })
      .count()) === 1
  const [winner, loser, theirs] = annWins ? ([ann, 'Bo', 'Doing'] as const) : ([bo, 'Ann', 'Done'] as const)
  // Under the pointer a message does not go by itself.
  for (const page of [ann, bo]) await toast(page).hover()
  await winner.keyboard.press('ControlOrMeta+z')
  for (const page of [ann, bo]) {
    await isIn(page, theirs)
    await expect(page.locator('[data-stays] > div').filter({ hasText: /counts, not yours|Your move/ })).toHaveCount(0)
  }
  const undone = winner.locator('[data-stays] > div').filter({ hasText: 'Undone: Moved' })
  await expect(undone).toContainText(`What ${loser} did at the same time counts now.`)
  await leave()
})

test('the name that Ann and Bo, apart, each give one column is no silent choice, nor an item that one removes and the other ticks, nor a label that one removes and the other uses: both read both, by whom, and choose @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const rename = async (page: Page, name: string) => {
    await columnNamed(page, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Column name' }).fill(name)
    await page.keyboard.press('Enter')
    await expect(columnNamed(page, name)).toBeVisible()
  }
  await addCard(ann, 'Hull')
  await cardNamed(ann, 'Hull').click()
  await panelOf(ann).getByRole('textbox', { name: 'Add an item' }).fill('Sand')
  await ann.keyboard.press('Enter')
  await cardNamed(bo, 'Hull').click()
  const item = (page: Page) => panelOf(page).getByRole('checkbox', { name: 'Sand' })
  await expect(item(bo)).toBeVisible()
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await panelOf(ann).getByRole('button', { name: 'Item “Sand”: actions' }).click()
  await ann.getByRole('menuitem', { name: 'Remove item' }).click()
  await expect(item(ann)).toHaveCount(0)
  await rename(ann, 'In work')
  await panelOf(ann).getByRole('button', { name: 'Choose labels' }).click()
  await ann.getByRole('button', { name: 'Edit label “Idea”' }).click()
  await ann.getByRole('button', { name: 'Remove label from board' }).click()
  await syncIs(ann, 'Synced')
  await item(bo).check()
  await panelOf(bo).getByRole('button', { name: 'Choose labels' }).click()
  await bo.getByRole('option', { name: 'Idea' }).click()
  await bo.keyboard.press('Escape')
  const labels = (page: Page) => panelOf(page).getByRole('group', { name: 'Labels' })
  await expect(labels(bo)).toContainText('Idea')
  await rename(bo, 'Running')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  for (const page of [ann, bo]) {
    const choice = panelOf(page).getByRole('group', { name: 'Checklist item' })
    await expect(choice.getByRole('listitem').filter({ hasText: 'Ann' })).toContainText('Removed')
    await expect(choice.getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('☑ Sand')
  }
  await panelOf(ann).getByRole('button', { name: 'Keep “☑ Sand” by Bo (Checklist item)' }).click()
  for (const page of [ann, bo]) {
    await expect(item(page)).toBeChecked()
    await expect(panelOf(page).getByTestId('contested')).toHaveCount(0)
  }

  for (const page of [ann, bo]) {
    const bar = page.getByTestId('contested-bar')
    await expect(bar).toContainText('2 settings of the board were changed in two places at once:')
    await expect(labels(page)).toContainText('Idea')
    await bar.getByRole('button', { name: /^Column “(?:In work|Running)”: Name$/ }).click()
    const choice = page.getByRole('dialog').getByRole('group', { name: /^Column “.*”: Name$/ })
    await expect(choice.getByRole('listitem').filter({ hasText: 'Ann' })).toContainText('In work')
    await expect(choice.getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('Running')
  }
  const label = bo.getByRole('dialog').getByRole('group', { name: 'Label “Idea”' })
  await expect(label.getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('Stays on 1 card')
  await expect(label.getByRole('listitem').filter({ hasText: 'Ann' })).toContainText('Removed')
  await axeFindsNothing(bo, '[role="dialog"]')
  await bo.getByRole('button', { name: /^Keep “In work” by Ann/ }).click()
  await bo.getByRole('button', { name: /^Keep “Stays on 1 card” by Bo/ }).click()
  await expect(labels(ann)).toContainText('Idea')
  for (const page of [ann, bo]) {
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
    await expect(columnNamed(page, 'In work')).toBeVisible()
  }

  // A department that both name: the way to its page has a mark, and whoever may choose does so where it stands.
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Bo: actions' }).click()
  await ann.getByRole('menuitem', { name: 'Administrator' }).click()
  await ann.getByRole('button', { name: 'New department' }).first().click()
  await ann.getByRole('dialog').getByLabel('Name of the department').fill('Sales')
  await ann.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
  await bo.getByRole('link', { name: 'People' }).first().click()
  await expect(bo.getByRole('button', { name: 'Edit department Sales' })).toBeVisible()
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const name = async (page: Page, wanted: string) => {
    await page.getByRole('button', { name: 'Edit department Sales' }).click()
    await page.getByRole('dialog').getByLabel('Name of the department').fill(wanted)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('button', { name: `Edit department ${wanted}` })).toBeVisible()
  }
  await name(ann, 'Sales and service')
  await syncIs(ann, 'Synced')
  await name(bo, 'Customers')
  await workOffline(bo)
  const mark = (page: Page) => page.getByRole('link', { name: /^People.*1 department was named in two places at once/ })
  for (const page of [ann, bo]) {
    const choice = page.getByRole('group', { name: 'Name of the department' })
    await expect(choice.getByRole('listitem').filter({ hasText: 'Ann' })).toContainText('Sales and service')
    await expect(choice.getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('Customers')
    await expect(mark(page)).toBeVisible()
  }
  await axeFindsNothing(bo)
  // On a phone the navigation is put away: the way to it has the mark.
  const wide = bo.viewportSize() ?? { width: 0, height: 0 }
  await bo.setViewportSize({ width: 360, height: 740 })
  const navigation = bo.getByRole('button', { name: 'Open navigation' })
  await expect(navigation).toHaveAccessibleDescription('1 department was named in two places at once')
  await bo.setViewportSize(wide)
  await bo.getByRole('button', { name: /^Keep “Sales and service” by Ann/ }).click()
  for (const page of [ann, bo]) {
    await expect(page.getByRole('button', { name: 'Edit department Sales and service' })).toBeVisible()
    await expect(page.getByTestId('contested-name')).toHaveCount(0)
    await expect(mark(page)).toHaveCount(0)
  }
  await expect(bo.getByRole('button', { name: 'Edit department Sales and service' })).toBeFocused()

  // Nor is a name that comes while one types another replaced unread.
  await bo.keyboard.press('Enter')
  await bo.getByRole('dialog').getByLabel('Name of the department').fill('Customers')
  await ann.getByRole('button', { name: 'Edit department Sales and service' }).click()
  await ann.getByRole('dialog').getByLabel('Name of the department').fill('Clients')
  await ann.keyboard.press('Enter')
  const meanwhile = bo.getByTestId('meanwhile')
  await expect(meanwhile).toContainText('changed this to “Clients” meanwhile.')
  await expect(bo.getByRole('dialog', { name: 'Edit department Clients' })).toBeVisible()
  await axeFindsNothing(bo)
  await meanwhile.getByRole('button', { name: 'Take theirs' }).click()
  await expect(bo.getByRole('dialog').getByLabel('Name of the department')).toHaveValue('Clients')
  await expect(meanwhile).toHaveCount(0)
  await leave()
})

test('a label that Ann and Bo each make apart is two of one name: both are told, and one press makes it one', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await addCard(ann, 'Hull #Client')
  await addCard(bo, 'Sail #client')
  await workOffline(bo)
  const bar = (page: Page) => page.getByTestId('contested-bar')
  for (const page of [ann, bo])
    await expect(bar(page)).toContainText(/There are two labels “client”, on 1 card and on 1 card:/i)
  await bar(bo)
    .getByRole('button', { name: /^Edit label “client/i })
    .click()
  await expect(bo.getByRole('dialog').getByRole('status')).toContainText('There is another label')
  await bo.keyboard.press('Escape')
  await bar(ann).getByRole('button', { name: 'Merge the labels' }).click()
  for (const page of [ann, bo]) {
    await expect(bar(page)).toBeHidden()
    await page.getByLabel('Group by').selectOption('label')
    await expect(page.getByRole('region', { name: /^client, 2 cards/i })).toBeVisible()
  }
  await ann.keyboard.press('Control+z')
  await expect(bar(bo)).toContainText('There are two labels')
  await leave()
})

test('what is lit in a list of labels stays lit while Ann removes others; where it goes itself, nothing is chosen until Bo moves @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Alpha')
  const choose = (page: Page) => panelOf(page).getByRole('button', { name: 'Choose labels' }).click()
  for (const page of [ann, bo]) await cardNamed(page, 'Alpha').click()
  await choose(bo)
  const list = bo.getByRole('combobox', { name: 'Choose labels' })
  const option = (name: string) => bo.getByRole('option', { name })
  const lit = async (name: string) =>
    expect(list).toHaveAttribute('aria-activedescendant', (await option(name).getAttribute('id')) ?? '')
  const remove = async (name: string) => {
    await choose(ann)
    await ann.getByRole('button', { name: `Edit label “${name}”` }).click()
    await ann.getByRole('button', { name: 'Remove label from board' }).click()
    await expect(option(name)).toBeDisabled()
    await ann.reload()
  }
  await lit('Idea')
  await list.press('ArrowDown')
  await lit('To discuss')
  await remove('Idea')
  await lit('To discuss')
  await list.press('Enter')
  await expect(option('To discuss')).toHaveAttribute('aria-selected', 'true')
  await expect(option('Urgent')).toHaveAttribute('aria-selected', 'false')

  await remove('To discuss')
  await expect(list).not.toHaveAttribute('aria-activedescendant')
  await list.press('Enter')
  await list.press('ArrowDown')
  await lit('Urgent')
  await expect(option('Urgent')).toHaveAttribute('aria-selected', 'false')
  await list.press('Enter')
  await expect(option('Urgent')).toHaveAttribute('aria-selected', 'true')
  await leave()
})

test('of five cards that Ann archives and Bo, apart, gives a date each is reached from the bar, and a filter that would show none is not offered @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const titles = ['Mast', 'Keel', 'Sails', 'Oars', 'Rope']
  for (const title of titles) await addCard(ann, title)
  await expect(cardNamed(bo, 'Rope')).toHaveCount(1)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  for (const page of [ann, bo])
    for (const title of titles) {
      await cardNamed(page, title).getByRole('link').focus()
      await page.keyboard.press('x')
    }
  const bulk = (page: Page) => page.getByRole('toolbar', { name: 'Change the selected cards' })
  await bulk(bo).getByRole('textbox', { name: 'Due' }).fill('05052032')
  await bo.keyboard.press('Enter')
  await expect(bo.locator('time[datetime="2032-05-05"]')).toHaveCount(5)
  await bulk(ann).getByRole('button', { name: 'Archive' }).click()
  await expect(cardNamed(ann, 'Rope')).toHaveCount(0)
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  for (const page of [ann, bo]) {
    const bar = page.getByTestId('contested-bar')
    await expect(bar).toContainText('5 cards were changed in two places at once:')
    await expect(bar.getByRole('button', { name: 'Show them all' })).toHaveCount(0)
    const named = await bar.getByRole('link').allInnerTexts()
    expect(named).toHaveLength(3)
    await bar.getByRole('button', { name: 'and 2 others' }).click()
    await expect(page.getByRole('menuitem')).toHaveCount(2)
    const others = await page.getByRole('menuitem').allInnerTexts()
    expect([...named, ...others].sort()).toEqual(titles.toSorted())
    await page.getByRole('menuitem').last().click()
    await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue(others.at(-1) ?? '')
    await expect(panelOf(page).getByTestId('contested')).toBeVisible()
  }
  await leave()
})

test('what Bo, apart, renames of a column, a label, a view and a version that Ann takes away does not go in silence: both read both, and choose @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const dialog = (page: Page) => page.getByRole('dialog')
  const view = (page: Page) => page.getByRole('button', { name: /^View:/ })
  const choose = (page: Page, item: string) => page.getByRole('menuitem', { name: item, exact: true }).click()
  const editLabel = async (page: Page) => {
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('Edit label: Idea')
    await page.keyboard.press('Enter')
  }
  const openVersions = async (page: Page) => {
    await page.getByTestId('board-menu').click()
    await choose(page, 'Versions')
  }
  await ann.getByRole('searchbox', { name: 'Filter cards' }).fill('a')
  await ann.getByRole('button', { name: 'Save as…' }).click()
  await ann.getByRole('textbox', { name: 'Name of the view' }).fill('Team')
  await ann.getByRole('checkbox', { name: /Everybody/ }).check()
  await ann.keyboard.press('Enter')
  await expect(view(ann)).toHaveAccessibleName('View: Team')
  await openVersions(ann)
  await dialog(ann).getByRole('textbox', { name: 'Name of the version' }).fill('Start')
  await ann.keyboard.press('Enter')
  await expect(dialog(ann).getByRole('listitem')).toContainText('Start')
  await ann.keyboard.press('Escape')
  await syncIs(ann, 'Synced')
  await chooseWhenThere(bo, view(bo), /Team/)
  await openVersions(bo)
  await expect(dialog(bo).getByRole('listitem')).toContainText('Start')
  await bo.keyboard.press('Escape')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await openVersions(bo)

  await dialog(bo)
    .getByRole('button', { name: /^Rename/ })
    .click()
  await dialog(bo).getByRole('list').getByRole('textbox').fill('Start of May')
  await bo.keyboard.press('Enter')
  await expect(dialog(bo).getByRole('listitem')).toContainText('Start of May')
  await bo.keyboard.press('Escape')
  await view(bo).click()
  await choose(bo, 'Rename view')
  await dialog(bo).getByRole('textbox').fill('Team of five')
  await bo.keyboard.press('Enter')
  await expect(view(bo)).toHaveAccessibleName('View: Team of five')
  await bo.getByRole('button', { name: 'Column Doing: actions' }).click()
  await choose(bo, 'Rename')
  await bo.getByRole('textbox', { name: 'Column name' }).fill('Making')
  await bo.keyboard.press('Enter')
  await expect(columnNamed(bo, 'Making')).toHaveCount(1)
  await editLabel(bo)
  await dialog(bo).getByLabel('Label name').fill('Ideas')
  await bo.keyboard.press('Enter')
  await expect(dialog(bo)).toHaveCount(0)

  await openVersions(ann)
  await dialog(ann).getByRole('button', { name: 'Remove “Start”' }).click()
  await ann.keyboard.press('Escape')
  await view(ann).click()
  await choose(ann, 'Remove view')
  await ann.getByRole('button', { name: 'Column Doing: actions' }).click()
  await choose(ann, 'Archive column')
  await editLabel(ann)
  await dialog(ann).getByRole('button', { name: 'Remove label from board' }).click()
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const bar = (page: Page) => page.getByTestId('contested-bar')
  const choice = (page: Page, name: string) => dialog(page).getByRole('group', { name })
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('4 settings of the board were changed in two places at once:')
    await bar(page).getByRole('button').first().click()
    for (const [name, ...said] of [
      ['Column “Making”', 'Archived', 'Name: Making'],
      ['Label “Ideas”', 'Removed', 'Name: Ideas'],
      ['View “Team of five”', 'Removed', 'Name: Team of five'],
      ['Version “Start of May”', 'Removed', 'Name: Start of May'],
    ] as const)
      for (const one of said) await expect(choice(page, name)).toContainText(one)
  }
  await axeFindsNothing(ann, '[role="dialog"]')
  const keep = (page: Page, name: string, which: RegExp) =>
    choice(page, name).getByRole('button', { name: which }).click()
  // Chosen apart, and not alike, it is to be chosen once more: it goes, or stays.
  await bo.keyboard.press('Escape')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await bar(bo).getByRole('button').first().click()
  await keep(bo, 'Column “Making”', /^Keep “Name: Making” by Bo/)
  await expect(choice(bo, 'Column “Making”')).toHaveCount(0)
  await keep(ann, 'Column “Making”', /^Keep “Archived” by Ann/)
  await expect(choice(ann, 'Column “Making”')).toHaveCount(0)
  await bo.keyboard.press('Escape')
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  for (const page of [ann, bo]) {
    if ((await dialog(page).count()) === 0) await bar(page).getByRole('button').first().click()
    for (const said of ['Archived', 'Stays']) await expect(choice(page, 'Column “Making”')).toContainText(said)
  }
  await keep(ann, 'Column “Making”', /^Keep “Stays” by Bo/)
  await keep(ann, 'Label “Ideas”', /^Keep “Removed” by Ann/)
  for (const page of [ann, bo]) await expect(choice(page, 'Label “Ideas”')).toHaveCount(0)
  await keep(bo, 'View “Team of five”', /^Keep “Name: Team of five” by Bo/)
  await keep(bo, 'Version “Start of May”', /^Keep “Removed” by Ann/)
  for (const page of [ann, bo]) {
    await expect(dialog(page)).toHaveCount(0)
    await expect(bar(page)).toHaveCount(0)
    await expect(columnNamed(page, 'Making')).toHaveCount(1)
    await openUntilThere(page, view(page), /Team of five/)
    await page.keyboard.press('Escape')
  }
  await leave()
})

test('both online: who types is told at once what another wrote there meanwhile, and chooses; a field not typed in follows', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Alpha')
  for (const page of [ann, bo]) await cardNamed(page, 'Alpha').click()
  const titleOf = (page: Page) => panelOf(page).getByRole('textbox', { name: 'Title' })
  const [hers, his] = [titleOf(ann), titleOf(bo)]
  const note = bo.getByTestId('meanwhile')

  // His field has the focus and nothing typed in it: it takes her words.
  await his.click()
  await hers.fill('Alpha A')
  await hers.press('Enter')
  await expect(his).toHaveValue('Alpha A')
  await expect(his).toBeFocused()
  await expect(note).toHaveCount(0)

  // He has typed: he reads hers, keeps his draft, and Escape takes hers.
  await his.fill('Alpha B')
  await hers.fill('Alpha C')
  // What is said next takes its place: on a slow machine that its relay was away for a moment.
  const isSaid = bo.waitForFunction(
    (words) => [...document.querySelectorAll('[role=status]')].some(({ textContent }) => textContent?.includes(words)),
    'Ann changed this to “Alpha C” meanwhile.',
  )
  await hers.press('Enter')
  await expect(note).toContainText('Ann changed this to “Alpha C” meanwhile.')
  await isSaid
  await expect(his).toBeFocused()
  await expect(his).toHaveValue('Alpha B')
  await axeFindsNothing(bo, '[data-testid="meanwhile"]')
  // To go elsewhere is no choice.
  await panelOf(bo).getByRole('textbox', { name: 'Add an item' }).click()
  await expect(note).toBeVisible()
  await expect(cardNamed(ann, 'Alpha C')).toHaveCount(1)
  await his.click()
  await his.press('Escape')
  await expect(note).toHaveCount(0)
  await expect(his).toHaveValue('Alpha C')

  // Enter keeps his, knowingly.
  await his.fill('Alpha D')
  await hers.fill('Alpha E')
  await hers.press('Enter')
  await expect(note).toContainText('Alpha E')
  await his.press('Enter')
  await expect(note).toHaveCount(0)
  await expect(hers).toHaveValue('Alpha D')

  // The estimate, with the buttons.
  const estimateOf = (page: Page) => panelOf(page).getByRole('textbox', { name: 'Estimate' })
  const [herEstimate, hisEstimate] = [estimateOf(ann), estimateOf(bo)]
  await hisEstimate.fill('3')
  await herEstimate.fill('5')
  await herEstimate.press('Enter')
  await expect(note).toContainText('Ann changed this to “5 h” meanwhile.')
  await note.getByRole('button', { name: 'Take theirs' }).click()
  await expect(note).toHaveCount(0)
  await expect(hisEstimate).toHaveValue('5 h')
  for (const page of [ann, bo]) await panelOf(page).getByRole('button', { name: 'Close card' }).click()

  // A column's name and the board's.
  const renameColumn = async (page: Page) => {
    await columnNamed(page, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
    await page.getByRole('menuitem', { name: 'Rename' }).click()
    const name = page.getByRole('textbox', { name: 'Column name' })
    await expect(name).toBeFocused()
    return name
  }
  const hisName = await renameColumn(bo)
  await hisName.fill('At work')
  const herName = await renameColumn(ann)
  await herName.fill('Under way')
  await herName.press('Enter')
  await expect(note).toContainText('Ann changed this to “Under way” meanwhile.')
  await note.getByRole('button', { name: 'Keep mine' }).click()
  await expect(columnNamed(ann, 'At work')).toHaveCount(1)
  const renameBoard = async (page: Page) => {
    await page.getByRole('heading', { level: 1 }).getByText('First board').dblclick()
    const name = page.getByRole('textbox', { name: 'Board name' })
    await expect(name).toBeFocused()
    return name
  }
  const hisBoard = await renameBoard(bo)
  await hisBoard.fill('Hull')
  const herBoard = await renameBoard(ann)
  await herBoard.fill('Deck')
  await herBoard.press('Enter')
  await expect(note).toContainText('Ann changed this to “Deck” meanwhile.')
  await hisBoard.press('Escape')
  await expect(bo.getByRole('heading', { level: 1, name: 'Deck' })).toBeVisible()

  // A cell of the table.
  await bo.getByRole('button', { name: 'Table' }).click()
  await bo.getByRole('grid').focus()
  await expect(bo.getByTestId('row').last()).toContainText('Alpha D')
  for (const key of ['ControlOrMeta+End', 'Home', 'Enter']) await bo.keyboard.press(key)
  const cell = bo.getByRole('grid').getByRole('textbox', { name: 'Title' })
  await expect(cell).toBeFocused()
  await expect(cell).toHaveValue('Alpha D')
  await cell.fill('Alpha F')
  await retitle(ann, 'Alpha D', 'Alpha G')
  await expect(note).toContainText('Ann changed this to “Alpha G” meanwhile.')
  await bo.keyboard.press('Enter')
  await expect(bo.getByRole('row').filter({ hasText: 'Alpha F' })).toHaveCount(1)
  await expect(bo.getByRole('grid')).toBeFocused()
  await leave()
})

test('both online: dates, items of a checklist and names of versions are told and chosen, too; a card closed before the choice leaves it behind @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Alpha')
  for (const page of [ann, bo]) await cardNamed(page, 'Alpha').click()
  const note = bo.getByTestId('meanwhile')
  const due = (page: Page) => panelOf(page).getByRole('textbox', { name: 'Due' })

  await due(bo).fill('05052032')
  await due(ann).fill('06062031')
  await ann.keyboard.press('Enter')
  await expect(note).toContainText('Ann changed this to “06/06/2031” meanwhile.')
  await expect(due(bo)).toBeFocused()
  await expect(due(bo)).toHaveValue('05052032')
  await axeFindsNothing(bo, '[data-testid="meanwhile"]')
  await bo.keyboard.press('Enter')
  await expect(note).toHaveCount(0)
  await expect(due(ann)).toHaveValue('05/05/2032')

  // Escape takes hers; once more, and the card is closed.
  await due(bo).fill('07072033')
  await due(ann).fill('08082034')
  await ann.keyboard.press('Enter')
  await expect(note).toContainText('2034')
  await bo.keyboard.press('Escape')
  await expect(note).toHaveCount(0)
  await expect(due(bo)).toHaveValue('08/08/2034')
  await expect(panelOf(bo)).toBeVisible()
  // The same day in other words is nothing to choose; and of words that are no day none can be kept.
  const dueOf = async (page: Page, typed: string) => {
    await due(page).fill(typed)
    await page.keyboard.press('Enter')
    await expect(due(page)).toHaveAttribute('aria-invalid', 'true')
  }
  await due(bo).fill('9 September 2032')
  await due(ann).fill('09092032')
  await ann.keyboard.press('Enter')
  await expect(bo.locator(`time[datetime="2032-09-09"]`)).toHaveCount(1)
  await expect(note).toHaveCount(0)
  await bo.keyboard.press('Enter')
  await expect(due(bo)).toHaveValue('09/09/2032')
  await dueOf(bo, 'soonish')
  await due(ann).fill('10102032')
  await ann.keyboard.press('Enter')
  await expect(note).toContainText('10/10/2032')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  const nonsense = bo.locator('[data-stays] > div').filter({ hasText: '“soonish”' })
  await expect(nonsense).toContainText('Ann changed this to “10/10/2032” meanwhile.')
  await expect(nonsense.getByRole('button', { name: 'Keep mine' })).toHaveCount(0)
  await nonsense.getByRole('button', { name: 'Dismiss' }).click()
  await cardNamed(bo, 'Alpha').click()
  // In an open calendar the months stay where they are.
  await panelOf(bo).getByRole('button', { name: 'Due: choose in the calendar' }).click()
  const month = bo.getByRole('application', { name: 'Due October 2032' })
  await expect(month).toBeVisible()
  await due(ann).fill('11112033')
  await ann.keyboard.press('Enter')
  await expect(bo.locator(`time[datetime="2033-11-11"]`)).toHaveCount(1)
  await expect(month).toBeVisible()
  await bo.keyboard.press('Escape')
  await due(bo).click()
  await bo.keyboard.press('Escape')
  await expect(panelOf(bo)).toHaveCount(0)

  // An item of the checklist, and the card is closed before he has chosen.
  await cardNamed(bo, 'Alpha').click()
  await panelOf(bo).getByRole('textbox', { name: 'Add an item' }).fill('Sand')
  await bo.keyboard.press('Enter')
  const itemOf = (page: Page) => panelOf(page).getByRole('listitem').getByRole('textbox')
  await expect(itemOf(ann)).toHaveValue('Sand')
  await itemOf(bo).fill('Sand it')
  await itemOf(ann).fill('Sand twice')
  await itemOf(ann).press('Enter')
  await expect(note).toContainText('Ann changed this to “Sand twice” meanwhile.')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  const left = bo.locator('[data-stays] > div').filter({ hasText: 'Not saved' })
  await expect(left).toContainText('“Sand it”')
  await expect(left).toContainText('Ann changed this to “Sand twice” meanwhile.')
  // His words are nowhere else: before the page is left he is asked.
  const isAsked = () => bo.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
  expect(await isAsked()).toBe(true)
  // Nothing is replaced that he was not told of.
  await itemOf(ann).fill('Sand three times')
  await itemOf(ann).press('Enter')
  await addCard(ann, 'After that')
  await expect(cardNamed(bo, 'After that')).toHaveCount(1)
  await left.getByRole('button', { name: 'Keep mine' }).click()
  await expect(left).toContainText('Ann has changed this once more since.')
  await expect(left.getByRole('button', { name: 'Keep mine' })).toHaveCount(0)
  await expect(itemOf(ann)).toHaveValue('Sand three times')
  await left.getByRole('button', { name: 'Dismiss' }).click()
  await cardNamed(bo, 'Alpha').click()
  await itemOf(bo).fill('Sand it')
  await itemOf(ann).fill('Sand twice')
  await itemOf(ann).press('Enter')
  await expect(note).toContainText('Ann changed this to “Sand twice” meanwhile.')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await left.getByRole('button', { name: 'Keep mine' }).click()
  await expect(itemOf(ann)).toHaveValue('Sand it')
  await expect.poll(isAsked).toBe(false)

  // The colour of a label; and one that is given the name of another is merged into it.
  await cardNamed(bo, 'Alpha').click()
  const editLabel = async (page: Page, name: string) => {
    await panelOf(page).getByRole('button', { name: 'Choose labels' }).click()
    await page.getByRole('button', { name: `Edit label “${name}”` }).click()
    return page.getByRole('dialog', { name: `Edit label “${name}”` })
  }
  const [herLabel, hisLabel] = [await editLabel(ann, 'Idea'), await editLabel(bo, 'Idea')]
  await hisLabel.getByText('Pink').click()
  await herLabel.getByText('Green').click()
  await herLabel.getByRole('button', { name: 'Save' }).click()
  await expect(note).toContainText('Ann changed this to “Green” meanwhile.')
  await bo.keyboard.press('Escape')
  await expect(note).toHaveCount(0)
  await expect(hisLabel.getByRole('radio', { name: 'Green' })).toBeChecked()
  await hisLabel.getByText('Pink').click()
  await hisLabel.getByRole('button', { name: 'Save' }).click()
  await expect(hisLabel).toHaveCount(0)
  await ann.getByRole('option', { name: 'Idea' }).click()
  await expect(cardNamed(bo, 'Alpha')).toContainText('Idea')
  await ann.getByRole('button', { name: 'Edit label “Idea”' }).click()
  await expect(herLabel.getByRole('radio', { name: 'Pink' })).toBeChecked()
  await herLabel.getByRole('textbox', { name: 'Label name' }).fill('urgent')
  await expect(herLabel.getByRole('status')).toContainText('There is another label “Urgent”, on 0 cards.')
  await axeFindsNothing(ann, '[role="dialog"]')
  await herLabel.getByRole('button', { name: 'Merge into “Urgent”' }).click()
  await expect(ann.locator('[data-stays] > div').filter({ hasText: 'Merged the label “Idea”' })).toContainText('1 card')
  await expect(cardNamed(bo, 'Alpha')).toContainText('Urgent')
  await expect(cardNamed(bo, 'Alpha')).not.toContainText('Idea')
  for (const page of [ann, bo]) await panelOf(page).getByRole('button', { name: 'Close card' }).click()

  // The name of a version.
  const openVersions = async (page: Page) => {
    await page.getByTestId('board-menu').click()
    await page.getByRole('menuitem', { name: 'Versions' }).click()
    return page.getByRole('dialog')
  }
  const [hers, his] = [await openVersions(ann), await openVersions(bo)]
  await his.getByRole('textbox', { name: 'Name of the version' }).fill('Keel')
  await bo.keyboard.press('Enter')
  const renamed = async (page: Page, name: string) => {
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Rename/ })
      .click()
    const field = page.getByRole('dialog').getByRole('list').getByRole('textbox')
    await expect(field).toBeFocused()
    await field.fill(name)
    return field
  }
  await expect(hers.getByRole('listitem')).toContainText('Keel')
  await renamed(bo, 'Keel laid')
  await (await renamed(ann, 'Keel ready')).press('Enter')
  await expect(note).toContainText('Ann changed this to “Keel ready” meanwhile.')
  await note.getByRole('button', { name: 'Keep mine' }).click()
  await expect(hers.getByRole('listitem')).toContainText('Keel laid')
  await expect(his.getByRole('listitem')).toContainText('Keel laid')
  // Also where it was the only one.
  const words = await renamed(bo, 'Keel in May')
  await hers.getByRole('button', { name: 'Remove “Keel laid”' }).click()
  await expect(bo.getByRole('dialog').getByRole('listitem').getByRole('alert')).toContainText('Nothing is saved.')
  await expect(words).toHaveValue('Keel in May')
  await words.press('Escape')
  await expect(bo.getByRole('dialog').getByRole('listitem')).toHaveCount(0)
  for (const page of [ann, bo]) {
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }

  // The limit of a column: in a dialog that was opened before hers arrived, and was not written in, hers is seen.
  const limit = async (page: Page) => {
    await columnNamed(page, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
    await page.getByRole('menuitem', { name: 'Limit' }).click()
    return page.getByRole('dialog').getByRole('textbox')
  }
  const [herLimit, hisLimit] = [await limit(ann), await limit(bo)]
  await herLimit.fill('4')
  await herLimit.press('Enter')
  await expect(hisLimit).toHaveValue('4')
  await hisLimit.fill('６')
  await (await limit(ann)).fill('5')
  await herLimit.press('Enter')
  await expect(note).toContainText('Ann changed this to “5” meanwhile.')
  await hisLimit.press('Escape')
  await expect(note).toHaveCount(0)
  await expect(hisLimit).toHaveValue('5')
  await hisLimit.fill('６')
  await (await limit(ann)).fill('7')
  await herLimit.press('Enter')
  await expect(note).toContainText('Ann changed this to “7” meanwhile.')
  await hisLimit.press('Enter')
  await expect(bo.getByRole('dialog')).toHaveCount(0)
  await expect(bo.locator('[data-stays] > div').filter({ hasText: 'Not saved' })).toHaveCount(0)
  await expect(await limit(ann)).toHaveValue('6')
  await leave()
})

test('a card that is archived, or moved to another board, while Bo apart renames, moves or describes it does not go in silence: both read both, by whom, and choose @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await ann.getByRole('link', { name: 'Home' }).first().click()
  await ann.getByRole('button', { name: 'Create a board' }).first().click()
  await ann.getByRole('dialog').getByLabel('Board name').fill('Second')
  await ann.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
  await expect(ann.getByRole('heading', { name: 'Second' })).toBeVisible()
  const goTo = async (name: string) => {
    await ann.getByRole('link', { name }).first().click()
    await expect(ann.getByRole('heading', { name })).toBeVisible()
    await expect(ann.getByTestId('column')).toHaveCount(3)
  }
  await goTo('First board')
  for (const title of ['Ask three suppliers', 'Book the hall', 'Print the posters']) await addCard(ann, title)
  await expect(cardNamed(bo, 'Print the posters')).toHaveCount(1)
  await expect(bo.getByRole('link', { name: 'Second' }).first()).toBeVisible()

  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await cardNamed(ann, 'Ask three suppliers').click()
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(ann, 'Ask three suppliers')).toHaveCount(0)
  await cardNamed(ann, 'Print the posters').click()
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(ann, 'Print the posters')).toHaveCount(0)
  await cardNamed(ann, 'Book the hall').getByRole('link').focus()
  await ann.keyboard.press('Control+x')
  await expect(cardNamed(ann, 'Book the hall')).toHaveCount(0)
  await goTo('Second')
  await ann.getByTestId('column').nth(1).hover()
  await ann.keyboard.press('Control+v')
  await expect(cardNamed(ann, 'Book the hall')).toHaveCount(1)
  await goTo('First board')
  await syncIs(ann, 'Synced')
  await cardNamed(bo, 'Ask three suppliers').click()
  await retitle(bo, 'Ask three suppliers', 'Ask five suppliers')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await cardNamed(bo, 'Book the hall').click()
  await panelOf(bo).getByLabel('Column', { exact: true }).selectOption({ label: 'Doing' })
  await expect(columnNamed(bo, 'Doing').getByTestId('card')).toHaveCount(1)
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await cardNamed(bo, 'Print the posters').click()
  await panelOf(bo).getByRole('textbox', { name: 'Description' }).click()
  await bo.keyboard.type('Four colours')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const bar = (page: Page) => page.getByTestId('contested-bar')
  const choice = (page: Page) => panelOf(page).getByRole('group', { name: 'Where it is' })
  const by = (page: Page, who: string) => choice(page).getByRole('listitem').filter({ hasText: who })
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('3 cards were changed in two places at once:')
    await bar(page).getByRole('link', { name: 'Print the posters' }).click()
    await expect(by(page, 'Ann')).toContainText('Archived')
    await expect(by(page, 'Bo')).toContainText('Description: Four colours')
  }
  await panelOf(ann).getByRole('button', { name: 'Keep “Description: Four colours” by Bo (Where it is)' }).click()
  for (const page of [ann, bo]) {
    await expect(cardNamed(page, 'Print the posters')).toHaveCount(1)
    await expect(panelOf(page).getByTestId('contested')).toHaveCount(0)
    await expect(panelOf(page).getByRole('textbox', { name: 'Description' })).toContainText('Four colours')
    await expect(bar(page)).toContainText('2 cards were changed in two places at once:')
    await bar(page).getByRole('link', { name: 'Ask five suppliers' }).click()
    await expect(by(page, 'Ann')).toContainText('Archived')
    await expect(by(page, 'Ann')).toContainText('counts for now')
    await expect(by(page, 'Bo')).toContainText('Title: Ask five suppliers')
  }
  await axeFindsNothing(bo, 'main')
  await panelOf(bo).getByRole('button', { name: 'Keep “Title: Ask five suppliers” by Bo (Where it is)' }).click()
  for (const page of [ann, bo]) {
    await expect(cardNamed(page, 'Ask five suppliers')).toHaveCount(1)
    await expect(panelOf(page).getByTestId('contested')).toHaveCount(0)
    await expect(bar(page)).toContainText('1 card was changed in two places at once:')
    await bar(page).getByRole('link', { name: 'Book the hall' }).click()
    await expect(by(page, 'Ann')).toContainText('Moved to “Second”')
    await expect(by(page, 'Bo')).toContainText('Column: Doing')
  }
  const keepMoved = panelOf(ann).getByRole('button', { name: 'Keep “Moved to “Second”” by Ann (Where it is)' })
  await keepMoved.click()
  for (const page of [ann, bo]) await expect(bar(page)).toHaveCount(0)
  // Taken back, it is to be chosen again.
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(ann.locator('[data-stays] > div').filter({ hasText: 'Undone:' })).toContainText('can be chosen again')
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('1 card was changed in two places at once:')
    await expect(by(page, 'Bo')).toContainText('Column: Doing')
  }
  await panelOf(bo).getByRole('button', { name: 'Keep “Moved to “Second”” by Ann (Where it is)' }).click()
  for (const page of [ann, bo]) {
    await expect(bar(page)).toHaveCount(0)
    await expect(cardNamed(page, 'Book the hall')).toHaveCount(0)
    // Whoever chose that has not archived it.
    const note = panelOf(page).getByTestId('archived-note')
    await expect(note).toContainText('Ann moved this card to “Second”.')
    await expect(note).not.toContainText('archived')
  }
  // Her own choice of before goes first.
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(bar(ann)).toContainText('1 card was changed in two places at once:')
  await ann.keyboard.press('ControlOrMeta+z')
  const question = ann.getByRole('dialog', { name: 'Someone has changed this since' })
  await expect(question).toContainText('Since then Bo chose what counts.')
  await expect(question).toContainText('Now, chosen by Bo Moved to “Second”')
  await question.getByRole('button', { name: 'Keep theirs' }).click()
  await expect(question).toHaveCount(0)

  // Nor has whoever takes back that it came back.
  for (const count of [2, 3]) {
    await bo.keyboard.press('ControlOrMeta+z')
    await expect(bar(bo)).toContainText(`${count} cards were changed in two places at once:`)
  }
  for (const page of [ann, bo]) {
    await bar(page).getByRole('link', { name: 'Ask five suppliers' }).click()
    await expect(by(page, 'Ann')).toContainText('Archived')
    await expect(panelOf(page).getByTestId('archived-note')).toContainText('Ann archived this card')
  }
  await leave()
})

test('a card that Ann moves to another board while Bo, apart, archives it does not live on there in silence: both read both, and choose; what both archive is no choice @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const titles = ['The mould', 'The rope', 'The glue']
  for (const title of titles) await addCard(ann, title)
  await createBoard(ann, bo, 'Second')
  await goTo(ann, 'First board')
  await expect(cardNamed(bo, 'The glue')).toHaveCount(1)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const archive = async (page: Page, title: string) => {
    await cardNamed(page, title).click()
    await panelOf(page).getByRole('button', { name: 'Archive card' }).click()
    await expect(cardNamed(page, title)).toHaveCount(0)
  }
  await archive(ann, 'The glue')
  for (const title of ['The mould', 'The rope']) await moveCard(ann, title, 'First board', 'Second')
  await syncIs(ann, 'Synced')
  for (const title of titles) await archive(bo, title)
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const bar = (page: Page) => page.getByTestId('contested-bar')
  await expect(bar(ann)).toContainText('2 cards were changed on another board while they were moved here:')
  await goTo(ann, 'First board')
  const by = (page: Page, who: string) =>
    panelOf(page).getByRole('group', { name: 'Where it is' }).getByRole('listitem').filter({ hasText: who })
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('2 cards were changed in two places at once:')
    await expect(bar(page)).not.toContainText('The glue')
    await bar(page).getByRole('link', { name: 'The mould' }).click()
    await expect(by(page, 'Ann')).toContainText('Moved to “Second”')
    await expect(by(page, 'Ann')).toContainText('counts for now')
    await expect(by(page, 'Bo')).toContainText('Archived')
  }
  await axeFindsNothing(bo, 'main')
  await panelOf(bo).getByRole('button', { name: 'Keep “Moved to “Second”” by Ann (Where it is)' }).click()
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('1 card was changed in two places at once:')
    const note = panelOf(page).getByTestId('archived-note')
    await expect(note).toContainText('Ann moved this card to “Second”.')
    await expect(note).not.toContainText('archived')
    await bar(page).getByRole('link', { name: 'The rope' }).click()
  }

  // The other way, it goes from there as well; taken back in one, it is there again.
  await panelOf(bo).getByRole('button', { name: 'Keep “Archived, on “Second” as well” by Bo (Where it is)' }).click()
  for (const page of [ann, bo]) await expect(bar(page)).toHaveCount(0)
  const note = panelOf(bo).getByTestId('archived-note')
  await expect(note).toContainText('Bo archived this card')
  await expect(note).not.toContainText('moved')
  await goTo(ann, 'Second')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)
  await expect(cardNamed(ann, 'The rope')).toHaveCount(0)
  await expect(bar(ann)).toHaveCount(0)
  await bo.keyboard.press('ControlOrMeta+z')
  await expect(bo.locator('[data-stays] > div').filter({ hasText: 'Undone:' })).toContainText('can be chosen again')
  await expect(cardNamed(ann, 'The rope')).toHaveCount(1)
  await expect(bar(ann)).toContainText('1 card was changed on another board while it was moved here:')
  await expect(by(bo, 'Ann')).toContainText('Moved to “Second”')
  await expect(bar(bo)).toContainText('1 card was changed in two places at once:')
  await leave()
})

test('a card that Ann and Bo, apart, each move to another board became two: both are told, by whom, and one press ends it; where it was, it is said where it went @long', async ({
  browser,
}) => {
  const { ann, bo, board, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  await ann.getByRole('link', { name: 'Home' }).first().click()
  await ann.getByRole('button', { name: 'Create a board' }).first().click()
  await ann.getByRole('dialog').getByLabel('Board name').fill('Workshop')
  await ann.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
  await expect(ann.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  await expect(bo.getByRole('link', { name: 'Workshop' }).first()).toBeVisible()
  const move = (page: Page) => moveCard(page, 'The mould', 'First board', 'Workshop')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await move(ann)
  await syncIs(ann, 'Synced')
  await move(bo)
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  for (const page of [ann, bo]) {
    await expect(cardNamed(page, 'The mould')).toHaveCount(2)
    await expect(page.getByTestId('contested-bar')).toContainText('Moved twice at once, and double now:')
  }
  await ann.getByTestId('contested-bar').getByRole('link', { name: 'The mould' }).first().click()
  const note = (page: Page) => panelOf(page).getByTestId('doubled-note')
  await expect(note(ann)).toContainText(/moved it here\..*moved it here as well:/s)
  await expect(note(ann)).toContainText(/Ann.*Bo|Bo.*Ann/s)
  await axeFindsNothing(ann, 'main')
  await note(ann).getByRole('button', { name: 'Archive this one' }).click()
  for (const page of [ann, bo]) {
    await expect(cardNamed(page, 'The mould')).toHaveCount(1)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
  }
  // As two they can stay as well.
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(bo.getByTestId('contested-bar')).toContainText('Moved twice at once')
  await bo.getByTestId('contested-bar').getByRole('link', { name: 'The mould' }).first().click()
  await note(bo).getByRole('button', { name: 'Keep both' }).click()
  for (const page of [ann, bo]) {
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
    await expect(cardNamed(page, 'The mould')).toHaveCount(2)
  }

  // On the board where it was.
  await ann.goto(board)
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Archived items' }).click()
  await expect(ann.getByRole('dialog')).toContainText('Moved to “Workshop”')
  await ann.getByRole('dialog').getByRole('link', { name: 'The mould' }).click()
  await expect(panelOf(ann).getByTestId('archived-note')).toContainText('moved this card to “Workshop”.')
  await axeFindsNothing(ann, 'main')
  // Both of them are there.
  await expect(panelOf(ann).getByRole('link', { name: 'Open it there' })).toHaveCount(2)
  await panelOf(ann).getByRole('link', { name: 'Open it there' }).first().click()
  await expect(ann.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  await expect(panelOf(ann).getByRole('textbox', { name: 'Title' })).toHaveValue('The mould')
  await leave()
})

test('of cards that are double Ann archives hers and Bo his, apart, in whichever way: each is told, and none is gone in silence', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const titles = ['The mould', 'The rope', 'The glue', 'The sails']
  for (const title of titles) await addCard(ann, title)
  for (const board of ['Second', 'Third']) await createBoard(ann, bo, board)
  await goTo(ann, 'First board')
  await goTo(bo, 'First board')
  await expect(cardNamed(bo, 'The sails')).toHaveCount(1)
  await syncIs(ann, 'Synced')
  const focus = async (page: Page, title: string) => {
    const link = cardNamed(page, title).getByRole('link')
    await link.focus()
    await expect(link).toBeFocused()
  }
  const choose = async (page: Page, some: readonly string[]) => {
    for (const title of some) {
      await focus(page, title)
      await page.keyboard.press('x')
    }
  }
  const cards = (page: Page, count: number) =>
    expect(page.getByTestId('card').filter({ hasText: /The (mould|rope|glue|sails)/ })).toHaveCount(count)
  const apart = async (state: 'Offline' | 'Synced') => {
    for (const page of [ann, bo]) {
      await workOffline(page)
      await syncIs(page, state)
    }
  }
  await apart('Offline')
  for (const [page, to] of [
    [ann, 'Second'],
    [bo, 'Third'],
  ] as const) {
    await choose(page, titles)
    await page.keyboard.press('Control+x')
    await cards(page, 0)
    await goTo(page, to)
    await page.getByTestId('column').nth(1).hover()
    await page.keyboard.press('Control+v')
    await cards(page, titles.length)
  }
  await apart('Synced')
  const bar = (page: Page) => page.getByTestId('contested-bar')
  for (const page of [ann, bo]) await expect(bar(page)).toContainText('Moved twice at once, and double now:')

  await apart('Offline')
  // What either says of the other's counts: they have written more there.
  for (const [page, there, here] of [
    [ann, 'Third', 'Second'],
    [bo, 'Second', 'Third'],
  ] as const) {
    await goTo(page, there)
    for (const title of ['Varnish', 'Tar', 'Nails']) await addCard(page, title)
    await goTo(page, here)
    await cards(page, titles.length)
  }
  await focus(ann, 'The mould')
  await ann.keyboard.press('e')
  await cards(ann, 3)
  await cardNamed(ann, 'The rope').click()
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await cards(ann, 2)
  await choose(ann, ['The glue', 'The sails'])
  await ann.keyboard.press('e')
  await cards(ann, 0)
  // With one undo, as ever.
  await ann.keyboard.press('ControlOrMeta+z')
  await cards(ann, 2)
  await ann.keyboard.press('ControlOrMeta+Shift+z')
  await cards(ann, 0)
  await cardNamed(bo, 'The mould').click({ button: 'right' })
  await bo.getByRole('menuitem', { name: 'Archive card' }).click()
  await cards(bo, 3)
  await bo.getByRole('button', { name: 'Column Doing: actions' }).click()
  await bo.getByRole('menuitem', { name: 'Archive all cards' }).click()
  await cards(bo, 0)
  await apart('Synced')

  const told = (page: Page) => expect(bar(page)).toContainText('4 cards were changed in two places at once:')
  for (const page of [ann, bo]) await told(page)
  await cards(ann, titles.length)
  await cards(bo, titles.length)

  // Nor where each chooses that.
  await apart('Offline')
  for (const page of [ann, bo]) {
    await cardNamed(page, 'The mould').click()
    await panelOf(page)
      .getByRole('button', { name: /^Keep “Archived” by/ })
      .click()
    await cards(page, titles.length - 1)
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }
  await apart('Synced')
  for (const page of [ann, bo]) await told(page)
  await leave()
})

test('of a card that Ann and Bo, apart, each moved Ann takes her move back: his counts, and nothing is left to choose between where it was @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const board of ['Second', 'Third']) await createBoard(ann, bo, board)
  await goTo(ann, 'First board')
  await goTo(bo, 'First board')
  await addCard(ann, 'The mould')
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await moveCard(ann, 'The mould', 'First board', 'Second')
  await syncIs(ann, 'Synced')
  await moveCard(bo, 'The mould', 'First board', 'Third')
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  await goTo(ann, 'Third')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)
  await goTo(ann, 'First board')
  await ann.keyboard.press('ControlOrMeta+z')
  const said = ann.locator('[data-stays] > div').filter({ hasText: 'Took back the move of “The mould” to “Second”' })
  await expect(said).toContainText('Bo moved “The mould” to “Third” meanwhile: it stays there as it is.')
  await goTo(ann, 'Second')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  await goTo(ann, 'First board')
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Archived items' }).click()
  await ann.getByRole('dialog').getByRole('link', { name: 'The mould' }).click()
  await expect(panelOf(ann).getByTestId('archived-note')).toContainText('moved this card to “Third”.')
  await expect(ann.getByText(/changed in two places at once/i)).toHaveCount(0)
  await expect(ann.getByTestId('contested-bar')).toHaveCount(0)
  await leave()
})

test('of a card that Bo moved, took back and has archived by hand since, the question before an undo says that he archived it @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  await createBoard(ann, bo, 'Second')
  await goTo(ann, 'First board')
  await goTo(bo, 'First board')
  await expect(cardNamed(bo, 'The mould')).toHaveCount(1)
  const archive = async (page: Page) => {
    await cardNamed(page, 'The mould').click()
    await panelOf(page).getByRole('button', { name: 'Archive card' }).click()
    for (const one of [ann, bo]) await expect(cardNamed(one, 'The mould')).toHaveCount(0)
  }
  await moveCard(bo, 'The mould', 'First board', 'Second')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(0)
  await bo.keyboard.press('ControlOrMeta+z')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)
  await archive(ann)
  await goTo(bo, 'First board')
  await bo.getByRole('button', { name: 'Board actions' }).click()
  await bo.getByRole('menuitem', { name: 'Archived items' }).click()
  await bo.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click()
  await bo.keyboard.press('Escape')
  await expect(cardNamed(ann, 'The mould')).toHaveCount(1)
  await archive(bo)
  await syncIs(bo, 'Synced')
  await ann.keyboard.press('ControlOrMeta+z')
  const question = ann.getByRole('dialog', { name: /changed/i })
  await expect(question).toContainText('Where it is')
  await expect(question).toContainText(/Now, by Bo\s*Archived/)
  await expect(question).not.toContainText('Second')
  await leave()
})

test('what Bo wrote in a card before he archived it, or moved it and took that back, is to be chosen where Ann moved it without that @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const titles = ['The mould', 'The rope']
  for (const title of titles) await addCard(ann, title)
  await createBoard(ann, bo, 'Second')
  await goTo(ann, 'First board')
  await goTo(bo, 'First board')
  await expect(cardNamed(bo, 'The rope')).toHaveCount(1)
  await syncIs(ann, 'Synced')
  for (const page of [ann, bo]) {
    await workOffline(page)
    await syncIs(page, 'Offline')
  }
  for (const title of titles) await moveCard(ann, title, 'First board', 'Second')
  for (const title of titles) {
    await retitle(bo, title, `${title} of Bo`)
    if (title === 'The rope') await panelOf(bo).getByRole('button', { name: 'Archive card' }).click()
    else await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  }
  await moveCard(bo, 'The mould of Bo', 'First board', 'Second')
  for (const page of [ann, bo]) {
    await workOffline(page)
    await syncIs(page, 'Synced')
  }
  const bar = (page: Page) => page.getByTestId('contested-bar')
  for (const page of [ann, bo]) await expect(bar(page)).toContainText('Moved twice at once, and double now:')
  await bo.keyboard.press('ControlOrMeta+z')
  await expect(cardNamed(bo, 'The mould of Bo')).toHaveCount(0)
  for (const page of [ann, bo]) {
    await expect(bar(page)).not.toContainText('Moved twice at once')
    await expect(bar(page)).toContainText('2 cards were changed on another board while they were moved here:')
    await goTo(page, 'First board')
    await expect(bar(page)).toContainText('2 cards were changed in two places at once:')
  }
  const keep = (title: string) =>
    panelOf(ann).getByRole('button', { name: `Keep “Title: ${title} of Bo, on “Second”” by Bo (Where it is)` })
  for (const title of titles) {
    await bar(ann)
      .getByRole('link', { name: `${title} of Bo` })
      .click()
    await keep(title).click()
    await expect(keep(title)).toHaveCount(0)
  }
  for (const page of [ann, bo]) await expect(bar(page)).toHaveCount(0)
  await goTo(bo, 'Second')
  for (const title of titles) await expect(cardNamed(bo, `${title} of Bo`)).toHaveCount(1)
  await leave()
})

test('of cards that Ann moves back while Bo, apart, renames, archives or moves them on, where they are back it is told as where they went; what he wrote goes along, and what was moved on is double @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const page of [ann, bo]) await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const titles = ['The mould', 'The rope', 'The glue']
  for (const title of titles) await addCard(ann, title)
  for (const board of ['Second', 'Third']) await createBoard(ann, bo, board)
  await goTo(bo, 'First board')
  await expect(cardNamed(bo, 'The glue')).toHaveCount(1)
  for (const title of titles) await moveCard(ann, title, 'First board', 'Second')
  await goTo(bo, 'Second')
  for (const title of titles) await expect(cardNamed(bo, title)).toHaveCount(1)
  await syncIs(ann, 'Synced')
  for (const page of [ann, bo]) {
    await workOffline(page)
    await syncIs(page, 'Offline')
  }
  await goTo(ann, 'First board')
  for (const title of titles.toReversed()) {
    await ann.keyboard.press('ControlOrMeta+z')
    await expect(cardNamed(ann, title)).toHaveCount(1)
  }
  await retitle(bo, 'The mould', 'The mould of Bo')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await cardNamed(bo, 'The rope').click()
  await panelOf(bo).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(bo, 'The rope')).toHaveCount(0)
  await moveCard(bo, 'The glue', 'Second', 'Third')
  for (const page of [ann, bo]) {
    await workOffline(page)
    await syncIs(page, 'Synced')
  }

  const bar = (page: Page) => page.getByTestId('contested-bar')
  const note = (page: Page) => panelOf(page).getByTestId('elsewhere-note')
  const doubled = (page: Page) => panelOf(page).getByTestId('doubled-note')
  await goTo(bo, 'First board')
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('2 cards were changed on another board while they were moved back here:')
    await expect(bar(page)).toContainText('Moved twice at once, and double now:')
    await bar(page).getByRole('link', { name: 'The mould' }).click()
    await expect(note(page)).toHaveText(/Bo changed this card on “Second” while it was moved back here\./)
  }
  await bar(ann).getByRole('link', { name: 'The glue' }).click()
  await expect(doubled(ann)).toContainText(/Ann moved it back here\..*Bo moved it to “Third”:/s)
  await expect(note(ann)).toHaveCount(0)
  await axeFindsNothing(ann, 'main')
  await goTo(bo, 'Third')
  await bar(bo).getByRole('link', { name: 'The glue' }).click()
  await expect(doubled(bo)).toContainText(/Bo moved it here\..*Ann moved it back to “First board”:/s)
  await doubled(ann).getByRole('button', { name: 'Keep both' }).click()
  await expect(bar(bo)).toHaveCount(0)
  await expect(doubled(ann)).toHaveCount(0)
  await expect(note(ann)).toContainText('It is here, too.')
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(bar(bo)).toContainText('Moved twice at once, and double now:')
  await doubled(bo).getByRole('button', { name: 'Archive this one' }).click()
  await expect(bar(bo)).toHaveCount(0)
  await expect(bar(ann)).not.toContainText('Moved twice at once')
  // Hers alone now, and put away: where it had gone that is no question.
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(ann, 'The glue')).toHaveCount(0)

  // The choice is made where they went.
  const by = (page: Page, who: string) =>
    panelOf(page).getByRole('group', { name: 'Where it is' }).getByRole('listitem').filter({ hasText: who })
  await bar(ann).getByRole('link', { name: 'The mould' }).click()
  await note(ann).getByRole('link', { name: 'Open it there' }).click()
  await expect(ann.getByRole('heading', { name: 'Second' })).toBeVisible()
  await expect(bar(ann)).toContainText('2 cards were changed in two places at once:')
  await expect(by(ann, 'Ann')).toContainText('Back on “First board”')
  await expect(by(ann, 'Ann')).toContainText('counts for now')
  await panelOf(ann)
    .getByRole('button', { name: 'Keep “Title: The mould of Bo, on “First board”” by Bo (Where it is)' })
    .click()
  await expect(bar(ann)).toContainText('1 card was changed in two places at once:')
  await bar(ann).getByRole('link', { name: 'The rope' }).click()
  await expect(by(ann, 'Ann')).toContainText('Back on “First board”')
  await expect(by(ann, 'Archived')).toContainText('Bo')
  await axeFindsNothing(ann, 'main')
  await panelOf(ann)
    .getByRole('button', { name: 'Keep “Archived, on “First board” as well” by Bo (Where it is)' })
    .click()
  await expect(bar(ann)).toHaveCount(0)
  await goTo(bo, 'First board')
  await expect(cardNamed(bo, 'The mould of Bo')).toHaveCount(1)
  for (const title of ['The rope', 'The glue']) await expect(cardNamed(bo, title)).toHaveCount(0)
  await expect(bar(bo)).toHaveCount(0)
  await leave()
})

test('what Ann hands in after Bo has moved the card to another board stands on the archived one: she is told, as soon as it is there, and has it there with one press @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'The mould')
  await addCard(ann, 'The sails')
  await createBoard(ann, bo, 'Workshop')
  await goTo(ann, 'First board')
  const note = panelOf(ann).getByTestId('archived-note')
  const said = ann.locator('[data-stays] > div').filter({ hasText: 'meanwhile' })

  // Her title is not handed in when he moves the card.
  await cardNamed(ann, 'The mould').click()
  const title = panelOf(ann).getByRole('textbox', { name: 'Title' })
  await title.fill('The new mould')
  await moveCard(bo, 'The mould', 'First board', 'Workshop')
  await expect(note).toContainText('Bo moved this card to “Workshop”.')
  await expect(ann.locator('[aria-live=polite]').filter({ hasText: 'Bo moved this card to “Workshop”.' })).toHaveCount(
    1,
  )
  await title.press('Enter')
  await expect(said).toContainText('Bo moved this card to “Workshop” meanwhile.')
  await expect(said).toContainText('Title “The new mould” is only on the archived card here.')
  await axeFindsNothing(ann)
  await said.getByRole('button', { name: 'Use it there' }).click()
  await expect(ann.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  await expect(title).toHaveValue('The new mould')
  for (const page of [ann, bo]) await expect(cardNamed(page, 'The new mould')).toHaveCount(1)

  // The same of an item that she changes, and hands in before it is pasted.
  await goTo(ann, 'First board')
  await cardNamed(ann, 'The sails').click()
  const item = panelOf(ann).getByRole('textbox', { name: 'Item 1' })
  await panelOf(ann).getByRole('textbox', { name: 'Add an item' }).fill('Sew')
  await ann.keyboard.press('Enter')
  await expect(item).toHaveValue('Sew')
  await item.fill('Sew twice')
  await goTo(bo, 'First board')
  await cardNamed(bo, 'The sails').click()
  await expect(panelOf(bo).getByRole('textbox', { name: 'Item 1' })).toHaveValue('Sew')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await cutCard(bo, 'The sails', 'First board')
  await expect(note).toContainText('Bo archived this card')
  await item.press('Enter')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await expect(said).toHaveCount(0)
  await pasteCard(bo, 'The sails', 'Workshop')
  await expect(said).toContainText('Checklist “Sew twice” is only on the archived card here.')
  await said.getByRole('button', { name: 'Use it there' }).click()
  await expect(ann.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  await expect(item).toHaveValue('Sew twice')
  await expect(panelOf(ann).getByRole('textbox', { name: 'Item 2' })).toHaveCount(0)

  // Nor is it lost where he takes the move back.
  await title.fill('The red sails')
  await bo.keyboard.press('ControlOrMeta+z')
  await bo.getByRole('dialog').getByRole('button', { name: 'Undo anyway' }).click()
  await expect(note).toContainText('Bo moved this card to “First board”.')
  await expect(note).not.toContainText('archived')
  await axeFindsNothing(ann)
  await title.press('Enter')
  await expect(said).toContainText('Bo moved this card to “First board” meanwhile.')
  await said.getByRole('button', { name: 'Use it there' }).click()
  await expect(ann.getByRole('heading', { name: 'First board' })).toBeVisible()
  await expect(title).toHaveValue('The red sails')
  for (const page of [ann, bo]) await goTo(page, 'First board')
  for (const page of [ann, bo]) await expect(cardNamed(page, 'The red sails')).toHaveCount(1)
  await leave()
})

test('what Ann handed in on a card that Bo moved is offered to her also where she has left that board, before she was told or after, until she has used it @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const title of ['The mould', 'The sails']) await addCard(ann, title)
  await createBoard(ann, bo, 'Workshop')
  await goTo(ann, 'First board')
  const note = panelOf(ann).getByTestId('archived-note')
  const said = ann.locator('[data-stays] > div').filter({ hasText: 'meanwhile' })
  const title = panelOf(ann).getByRole('textbox', { name: 'Title' })

  // She has left before it is known where the card went.
  await cardNamed(ann, 'The mould').click()
  await title.fill('The new mould')
  await cutCard(bo, 'The mould', 'First board')
  await expect(note).toContainText('Bo archived this card')
  await title.press('Enter')
  await expect(title).toHaveValue('The new mould')
  await ann.getByRole('link', { name: 'Home' }).first().click()
  await expect(ann.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible()
  await pasteCard(bo, 'The mould', 'Workshop')
  await expect(said).toContainText('Bo moved this card to “Workshop” meanwhile.')

  // It waits through whatever else is said, and on other pages.
  await goTo(ann, 'First board')
  for (const label of ['One', 'Two', 'Three']) {
    await addCard(ann, label)
    await cardNamed(ann, label).click()
    await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
    await expect(ann.locator('[data-stays] > div').filter({ hasText: `“${label}”` })).toBeVisible()
  }
  await ann.getByRole('link', { name: 'People' }).first().click()
  await expect(ann.getByRole('heading', { level: 1, name: 'People' })).toBeVisible()
  await said.getByRole('button', { name: 'Use it there' }).click()
  await expect(ann.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  await expect(title).toHaveValue('The new mould')
  await expect(said).toHaveCount(0)

  // A field that is left with the board.
  await goTo(ann, 'First board')
  await cardNamed(ann, 'The sails').click()
  await title.fill('The new sails')
  await moveCard(bo, 'The sails', 'First board', 'Workshop')
  await expect(note).toContainText('Bo moved this card to “Workshop”.')
  await ann.getByRole('link', { name: 'Home' }).first().click()
  await said.getByRole('button', { name: 'Use it there' }).click()
  await expect(ann.getByRole('heading', { name: 'Workshop' })).toBeVisible()
  await expect(title).toHaveValue('The new sails')
  await leave()
})

test('a card that Bo moves to another board while Ann stands on it, or holds it, is said to be moved as soon as it is there, and not only archived @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  for (const title of ['The rope', 'The mould', 'The glue']) await addCard(ann, title)
  await createBoard(ann, bo, 'Workshop')
  await goTo(ann, 'First board')
  await expect(cardNamed(bo, 'The glue')).toHaveCount(1)
  const heard = (words: string) =>
    expect(ann.locator('[aria-live=polite]').filter({ hasText: words }).first()).toBeAttached()
  await cardNamed(ann, 'The mould').getByRole('link').focus()
  await cutCard(bo, 'The mould', 'First board')
  await heard('Bo archived “The mould” meanwhile.')
  await pasteCard(bo, 'The mould', 'Workshop')
  await heard('Bo moved “The mould” to “Workshop” meanwhile.')

  await cardNamed(ann, 'The rope').getByRole('link').focus()
  await ann.keyboard.press('Space')
  await expect(ann.locator('[data-lifted]')).toHaveCount(1)
  await cutCard(bo, 'The rope', 'First board')
  const said = ann.locator('[data-stays] > div').filter({ hasText: 'The rope' })
  await expect(said).toContainText('Bo archived “The rope” meanwhile.')
  await pasteCard(bo, 'The rope', 'Workshop')
  await expect(said).toHaveText(/Bo moved “The rope” to “Workshop” meanwhile\./)
  await heard('Bo moved “The rope” to “Workshop” meanwhile.')
  await leave()
})

test('a card that repeats is finished by Ann and Bo apart: the next one is one card, both read what each made of it, and choose @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Weekly report')
  await cardNamed(ann, 'Weekly report').click()
  await panelOf(ann).getByRole('combobox', { name: 'Repeats' }).selectOption({ label: 'Every week' })
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await expect(cardNamed(bo, 'Weekly report').getByText('Every week')).toBeAttached()
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const description = (page: Page) => panelOf(page).getByRole('textbox', { name: 'Description' })
  const describe = async (page: Page, words: string) => {
    await expect(description(page)).toHaveAttribute('contenteditable', 'true')
    await description(page).click()
    await page.keyboard.type(words)
    await expect(description(page)).toHaveText(words)
  }
  for (const page of [ann, bo]) {
    await cardNamed(page, 'Weekly report').click()
    await panelOf(page).getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Done' })
    await expect(cardNamed(page, 'Weekly report')).toHaveCount(2)
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
    await columnNamed(page, 'To do').getByRole('link', { name: 'Weekly report' }).click()
  }
  await panelOf(ann).getByLabel('Priority').selectOption({ label: 'P0 · Critical' })
  await describe(ann, 'With the figures of May')
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P3 · Low' })
  await describe(bo, 'Ask Lin for the figures')
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const choice = (page: Page, name: string) => panelOf(page).getByTestId('contested').getByRole('group', { name })
  for (const page of [ann, bo]) {
    await expect(cardNamed(page, 'Weekly report')).toHaveCount(2)
    await expect(page.getByTestId('contested-bar')).toContainText('1 card was changed in two places at once')
    await expect(choice(page, 'Priority').getByRole('listitem').filter({ hasText: 'Ann' })).toContainText(
      'P0 · Critical',
    )
    await expect(choice(page, 'Priority').getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('P3 · Low')
    const descriptions = choice(page, 'Description').getByRole('listitem')
    await expect(descriptions.filter({ hasText: 'Ann' })).toContainText('With the figures of May')
    await expect(descriptions.filter({ hasText: 'Bo' })).toContainText('Ask Lin for the figures')
  }
  await axeFindsNothing(ann, 'main')
  await choice(bo, 'Priority').getByRole('button', { name: 'Keep “P0 · Critical” by Ann' }).click()
  for (const page of [ann, bo]) await expect(choice(page, 'Priority')).toHaveCount(0)
  const hidden = choice(ann, 'Description').getByRole('listitem').last()
  const kept = (await hidden.innerText()).includes('May') ? 'With the figures of May' : 'Ask Lin for the figures'
  await hidden.getByRole('button').click()
  for (const page of [ann, bo]) {
    await expect(panelOf(page).getByTestId('contested')).toHaveCount(0)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
    await expect(panelOf(page).getByLabel('Priority')).toHaveValue('urgent')
    await expect(description(page)).toHaveText(kept)
  }

  // She finishes the one after it as well, which he, apart, only begins: that is no move of his.
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const finish = async (page: Page, all: number) => {
    await panelOf(page).getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Done' })
    await expect(cardNamed(page, 'Weekly report')).toHaveCount(all)
    await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }
  await finish(ann, 3)
  await columnNamed(ann, 'To do').getByRole('link', { name: 'Weekly report' }).click()
  await finish(ann, 4)
  await finish(bo, 3)
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  // What one of them alone has made of it is in the card of both.
  for (const page of [ann, bo]) {
    await expect(columnNamed(page, 'Done').getByRole('link', { name: 'Weekly report' })).toHaveCount(3)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
  }
  await addCard(bo, 'After that')
  await expect(cardNamed(ann, 'After that')).toHaveCount(1)
  await addCard(ann, 'And after that')
  await expect(cardNamed(bo, 'And after that')).toHaveCount(1)
  for (const page of [ann, bo]) expect(await page.getByText('at the same time').count()).toBe(0)
  await leave()
})

test('of paragraphs that Ann makes a bulleted list and Bo, apart, a numbered one both read both, by whom; what one of them chooses stands in the text of both, until that is undone', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Trade fair')
  await cardNamed(ann, 'Trade fair').click()
  await expect(descriptionOf(ann)).toHaveAttribute('contenteditable', 'true')
  await descriptionOf(ann).click()
  const paragraphs = ['Ask three suppliers', 'Order the samples', 'Book the hall']
  for (const [at, words] of paragraphs.entries()) {
    if (at > 0) await ann.keyboard.press('Enter')
    await ann.keyboard.type(words)
  }
  await syncIs(ann, 'Synced')
  await cardNamed(bo, 'Trade fair').click()
  await expect(descriptionOf(bo).locator('p')).toHaveText(paragraphs)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  for (const [page, list, keys] of [
    [ann, 'ul', 'ControlOrMeta+Shift+8'],
    [bo, 'ol', 'ControlOrMeta+Shift+7'],
  ] as const) {
    await descriptionOf(page).click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.press(keys)
    await expect(descriptionOf(page).locator(`${list} > li`)).toHaveText(paragraphs)
  }
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const name = 'Description: format of “Ask three suppliers” and 2 other paragraphs'
  const choice = (page: Page) => panelOf(page).getByTestId('contested').getByRole('group', { name })
  for (const page of [ann, bo]) {
    await expect(page.getByTestId('contested-bar')).toContainText('1 card was changed in two places at once')
    await expect(choice(page).getByRole('listitem').filter({ hasText: 'Ann' })).toContainText('Bulleted list')
    await expect(choice(page).getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('Numbered list')
  }
  const isNumbered = (await choice(ann).getByRole('listitem').first().innerText()).includes('Numbered')
  const [counts, other] = isNumbered ? ['ol', 'ul'] : ['ul', 'ol']
  const shows = async (list: string) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page).locator(`${list} > li`)).toHaveText(paragraphs)
  }
  await shows(counts)
  await axeFindsNothing(ann, 'main')
  await choice(bo).getByRole('listitem').last().getByRole('button').click()
  await shows(other)
  for (const page of [ann, bo]) {
    await expect(panelOf(page).getByTestId('contested')).toHaveCount(0)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
  }
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await bo.keyboard.press('ControlOrMeta+z')
  for (const page of [ann, bo]) await expect(page.getByTestId('contested-bar')).toContainText('1 card was changed')
  await expect(choice(ann)).toBeVisible()
  await expect(descriptionOf(ann).locator(`${counts} > li`)).toHaveText(paragraphs)
  await leave()
})

test('of two addresses that Ann and Bo give the same words of a description both read both, by whom; the one that is chosen is where the words lead, until that is undone @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Trade fair')
  await cardNamed(ann, 'Trade fair').click()
  await expect(descriptionOf(ann)).toHaveAttribute('contenteditable', 'true')
  await descriptionOf(ann).click()
  await ann.keyboard.type('the list of suppliers')
  await syncIs(ann, 'Synced')
  await cardNamed(bo, 'Trade fair').click()
  await expect(descriptionOf(bo)).toHaveText('the list of suppliers')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const folder = 'https://files.example.com/departments/purchasing/trade-fair/2026/autumn/'
  const addresses = [`${folder}suppliers-in-hamburg-and-bremen.ods`, 'https://example.com/plan']
  const link = (page: Page) => descriptionOf(page).getByRole('link', { name: 'the list of suppliers' })
  for (const [at, page] of [ann, bo].entries()) {
    await descriptionOf(page).click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.press('ControlOrMeta+Shift+k')
    await panelOf(page)
      .getByRole('textbox', { name: 'Address of the link' })
      .fill(addresses[at] ?? '')
    await page.keyboard.press('Enter')
    await expect(link(page)).toHaveAttribute('href', addresses[at] ?? '')
  }
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const name = 'Description: link on “the list of suppliers”'
  const choice = (page: Page) => panelOf(page).getByTestId('contested').getByRole('group', { name })
  for (const page of [ann, bo]) {
    await expect(page.getByTestId('contested-bar')).toContainText('1 card was changed in two places at once')
    for (const [at, person] of ['Ann', 'Bo'].entries())
      await expect(choice(page).getByRole('listitem').filter({ hasText: person })).toContainText(addresses[at] ?? '')
  }
  const counts = (await link(ann).getAttribute('href')) ?? ''
  await expect(choice(ann).getByRole('listitem').first()).toContainText(counts)
  await axeFindsNothing(ann, 'main')
  await choice(bo).getByRole('listitem').last().getByRole('button').click()
  for (const page of [ann, bo]) {
    await expect(link(page)).toHaveAttribute('href', addresses.find((one) => one !== counts) ?? '')
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
  }
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await bo.keyboard.press('ControlOrMeta+z')
  await expect(choice(ann)).toBeVisible()
  await expect(link(ann)).toHaveAttribute('href', counts)
  await leave()
})

test('a linked word that Ann gives another address and Bo, apart, types over: both read what each made of the new one, once, and choose, again where that is undone @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Trade fair')
  await cardNamed(ann, 'Trade fair').click()
  const links = async (page: Page, address: string) => {
    await page.keyboard.press('ControlOrMeta+Shift+k')
    await panelOf(page).getByRole('textbox', { name: 'Address of the link' }).fill(address)
    await page.keyboard.press('Enter')
  }
  const selectPlan = async (page: Page) => {
    await descriptionOf(page).click()
    await moveCaret(page, 'Home')
    for (let right = 0; right < 'see the '.length; right++) await moveCaret(page, 'ArrowRight')
    for (let right = 0; right < 'plan'.length; right++) await moveCaret(page, 'Shift+ArrowRight')
  }
  const link = (page: Page) => descriptionOf(page).getByRole('link')
  const [first, second] = ['https://example.com/plan', 'https://example.com/plan-2']
  await expect(descriptionOf(ann)).toHaveAttribute('contenteditable', 'true')
  await descriptionOf(ann).click()
  await ann.keyboard.type('see the plan now')
  await selectPlan(ann)
  await links(ann, first)
  await syncIs(ann, 'Synced')
  await cardNamed(bo, 'Trade fair').click()
  await expect(link(bo)).toHaveText('plan')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await selectPlan(ann)
  await links(ann, second)
  await expect(link(ann)).toHaveAttribute('href', second)
  await syncIs(ann, 'Synced')
  await selectPlan(bo)
  await bo.keyboard.type('map')
  await expect(descriptionOf(bo)).toHaveText('see the map now')
  await expect(link(bo)).toHaveCount(0)
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const choices = (page: Page) => panelOf(page).getByTestId('contested')
  const choice = (page: Page) => choices(page).getByRole('group', { name: 'Description: link on “map”' })
  for (const page of [ann, bo]) {
    await expect(descriptionOf(page)).toHaveText('see the map now')
    await expect(choice(page).getByRole('listitem').filter({ hasText: 'Ann' })).toContainText(second)
    await expect(choice(page).getByRole('listitem').filter({ hasText: 'Bo' })).toContainText('No link')
    await expect(choices(page).getByRole('group')).toHaveCount(1)
  }
  await axeFindsNothing(ann, 'main')
  await choice(ann).getByRole('listitem').filter({ hasText: 'Bo' }).getByRole('button').press('Enter')
  for (const page of [ann, bo]) {
    await expect(link(page)).toHaveCount(0)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
  }
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await ann.keyboard.press('ControlOrMeta+z')
  await choice(bo).getByRole('listitem').filter({ hasText: 'Ann' }).getByRole('button').click()
  await cardNamed(ann, 'Trade fair').click()
  for (const page of [ann, bo]) {
    await expect(link(page)).toHaveText('map')
    await expect(link(page)).toHaveAttribute('href', second)
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
  }
  await leave()
})

test('what Ann and Bo write in one description apart stands in lines of its own; of a word that both replace or repair, a line that one takes out while the other writes in it, and lines that ran into one another, both read what each meant, and choose, again where that is undone @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Boards')
  await cardNamed(ann, 'Boards').click()
  await expect(descriptionOf(ann)).toHaveAttribute('contenteditable', 'true')
  await descriptionOf(ann).click()
  const lines = [
    'Call the mill',
    'The price is 100 euro',
    'Order oak boards',
    'Pay the yard',
    'A quik note',
    'Tar',
    'Rope',
  ]
  for (const [at, words] of lines.entries()) {
    if (at > 0) await ann.keyboard.press('Enter')
    await ann.keyboard.type(words)
  }
  await syncIs(ann, 'Synced')
  await cardNamed(bo, 'Boards').click()
  await expect(descriptionOf(bo).locator('p')).toHaveText(lines)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const line = (page: Page, at: number) => descriptionOf(page).locator('p').nth(at)
  const atEndOf = async (page: Page, at: number) => {
    await line(page, at).click({ position: { x: 1, y: 5 } })
    await moveCaret(page, 'End')
  }
  for (const [page, price, added] of [
    [ann, '220', 'Ask for samples'],
    [bo, '350', 'Pick up by van'],
  ] as const) {
    await atEndOf(page, 1)
    await moveCaret(page, 'Home')
    for (let letter = 0; letter < 'The price is '.length; letter++) await page.keyboard.press('ArrowRight')
    for (let letter = 0; letter < 3; letter++) await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.type(price)
    await atEndOf(page, 0)
    await page.keyboard.press('Enter')
    await page.keyboard.type(added)
    await atEndOf(page, 5)
    await moveCaret(page, 'Home')
    for (let letter = 0; letter < 'A qui'.length; letter++) await page.keyboard.press('ArrowRight')
    await page.keyboard.type('c')
  }
  await atEndOf(ann, 7)
  await moveCaret(ann, 'Home')
  await ann.keyboard.press('Backspace')
  await expect(line(ann, 6)).toHaveText('TarRope')
  await atEndOf(bo, 6)
  await bo.keyboard.press('Enter')
  await bo.keyboard.type('Two sails')
  await line(ann, 3).click({ clickCount: 3 })
  await ann.keyboard.press('Delete')
  await ann.keyboard.press('Backspace')
  await atEndOf(bo, 3)
  await bo.keyboard.type(' NOT before May')
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const added = (page: Page) => descriptionOf(page).locator('p').allInnerTexts()
  for (const page of [ann, bo]) {
    await expect.poll(async () => (await added(page)).length).toBe(8)
    const [first, one, other, price, last, note, ...two] = await added(page)
    expect([first, last]).toEqual(['Call the mill', 'Pay the yard'])
    expect([one, other].toSorted()).toEqual(['Ask for samples', 'Pick up by van'])
    expect([note, ...two]).toEqual(['A quicck note', 'Tar', 'Two sailsRope'])
    expect(price).toMatch(/^The price is (220350|350220) euro NOT before May$/)
  }
  const choices = (page: Page) => panelOf(page).getByTestId('contested').getByRole('group')
  const choice = (page: Page, words: string) => choices(page).filter({ hasText: words })
  for (const page of [ann, bo]) {
    await expect(choices(page)).toHaveCount(4)
    await expect(choice(page, 'Both together').getByRole('listitem')).toHaveText([
      /(220350|350220).*Both together · counts for now/,
      /220.*Ann/,
      /350.*Bo/,
    ])
    await expect(choice(page, 'Took out').getByRole('listitem')).toHaveText([
      /NOT before May.*Bo · counts for now/,
      /Took out “Order oak boards”, in which this was written.*Ann/,
    ])
    await expect(choice(page, 'Only once').getByRole('listitem')).toHaveText([
      /quicck.*As it stands · counts for now/,
      /quick.*Only once/,
    ])
    await expect(choice(page, 'of its own').getByRole('listitem')).toHaveText([
      /Two sailsRope.*As it stands · counts for now/,
      /“Two sails” and “Rope”, each on a line of its own.*Bo/,
    ])
  }
  await axeFindsNothing(ann, 'main')
  const keep = (page: Page, words: RegExp) => choices(page).getByRole('button', { name: words }).click()
  await keep(ann, /^Keep “350”/)
  await expect(choices(bo)).toHaveCount(3)
  await keep(ann, /^Keep “quick”/)
  await expect(choices(bo)).toHaveCount(2)
  await keep(ann, /each on a line of its own/)
  await expect(choices(bo)).toHaveCount(1)
  // Taken back it is asked again, of both.
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(choices(bo)).toHaveCount(2)
  await expect.poll(async () => (await added(bo)).at(-1)).toBe('Two sailsRope')
  await keep(bo, /each on a line of its own/)
  await expect(choices(bo)).toHaveCount(1)
  await cardNamed(ann, 'Boards').click()
  await choices(bo).getByRole('listitem').filter({ hasText: 'Took out' }).getByRole('button').click()
  for (const page of [ann, bo]) {
    await expect(page.getByTestId('contested-bar')).toHaveCount(0)
    await expect.poll(async () => (await added(page))[3]).toBe('The price is 350 euro')
    expect((await added(page)).slice(5)).toEqual(['A quick note', 'Tar', 'Two sails', 'Rope'])
  }
  await leave()
})

test('a card that repeats is moved to another board by Ann and finished by Bo apart: that it comes again on both is told, and it goes on where one chooses @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const warnings = [ann, bo].map(frameworkWarnings)
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const titles = ['Weekly report', 'Weekly order']
  for (const title of titles) {
    await addCard(ann, title)
    await cardNamed(ann, title).click()
    await panelOf(ann).getByRole('combobox', { name: 'Repeats' }).selectOption({ label: 'Every week' })
    await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
    await expect(cardNamed(bo, title).getByText('Every week')).toBeAttached()
  }
  await createBoard(ann, bo, 'Second')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  for (const title of titles) await moveCard(ann, title, 'First board', 'Second')
  await syncIs(ann, 'Synced')
  for (const title of titles) {
    await cardNamed(bo, title).click()
    await panelOf(bo).getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Done' })
    await expect(cardNamed(bo, title)).toHaveCount(2)
    await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  }
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const bar = (page: Page) => page.getByTestId('contested-bar')
  // Ann, who is where she moved them, is told there, before she finishes one herself and it comes again on both boards.
  await expect(bar(ann)).toContainText('2 cards were changed on another board while they were moved here:')
  await bar(ann).getByRole('link', { name: 'Weekly order' }).click()
  const elsewhere = panelOf(ann).getByTestId('elsewhere-note')
  await expect(elsewhere).toContainText(
    'Bo changed this card on “First board” while it was moved here. It comes again there, too. What counts is chosen there.',
  )
  await axeFindsNothing(ann, 'main')
  await panelOf(ann).getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Done' })
  await expect(cardNamed(ann, 'Weekly order')).toHaveCount(2)
  await elsewhere.getByRole('link', { name: 'Open it there' }).click()
  await expect(panelOf(ann).getByTestId('contested')).toBeVisible()

  const by = (page: Page, who: string) =>
    panelOf(page).getByRole('group', { name: 'Where it is' }).getByRole('listitem').filter({ hasText: who })
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('2 cards were changed in two places at once:')
    await bar(page).getByRole('link', { name: 'Weekly report' }).click()
    await expect(by(page, 'Ann')).toContainText('Moved to “Second”; the next one here goes into the archive')
    await expect(by(page, 'Bo')).toContainText('Column: Done; the one on “Second” goes into the archive')
  }
  await axeFindsNothing(bo, 'main')

  // It goes on where Ann moved it.
  await by(bo, 'Ann').getByRole('button').click()
  for (const page of [ann, bo]) {
    await expect(bar(page)).toContainText('1 card was changed in two places at once:')
    await expect(cardNamed(page, 'Weekly report')).toHaveCount(0)
    await bar(page).getByRole('link', { name: 'Weekly order' }).click()
  }
  // The other one goes on here, which one undo takes back on both boards.
  // What is on the other board is known a little later than what is here.
  const chooseDone = async () => {
    await expect(by(ann, 'Bo')).toContainText(
      'Column: Done; the one on “Second” and the next one there go into the archive',
    )
    await by(ann, 'Bo').getByRole('button').click()
  }
  await chooseDone()
  for (const page of [ann, bo]) {
    await expect(bar(page)).toHaveCount(0)
    await expect(cardNamed(page, 'Weekly order')).toHaveCount(2)
  }
  await goTo(bo, 'Second')
  await expect(cardNamed(bo, 'Weekly report')).toHaveCount(1)
  await expect(cardNamed(bo, 'Weekly order')).toHaveCount(0)
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(cardNamed(bo, 'Weekly order')).toHaveCount(2)
  await expect(cardNamed(ann, 'Weekly order')).toHaveCount(1)
  await chooseDone()
  await expect(cardNamed(bo, 'Weekly order')).toHaveCount(0)
  // A message outlives the board that it was of.
  expect(warnings.flat()).toEqual([])
  await leave()
})

test('of several cards in Ann’s hand what Bo does to those that are not under it is said to her as well: at once, and whose move the drop writes over @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['The mast', 'The sails', 'The keel']) await addCard(ann, title)
  await expect(cardNamed(bo, 'The keel')).toHaveCount(1)
  const said = (words: string) => ann.locator('[data-stays] > div').filter({ hasText: words })
  const inHand = ann.locator('[data-lifted]')
  const titlesIn = async (column: string, titles: string[]) => {
    for (const page of [ann, bo]) await expect(columnNamed(page, column).locator('[data-card-link]')).toHaveText(titles)
  }
  const press = async (page: Page, title: string, key: string) => {
    await cardNamed(page, title).getByRole('link').focus()
    await page.keyboard.press(key)
  }
  const moveTo = async (title: string, column: string) => {
    await cardNamed(bo, title).click()
    await panelOf(bo).getByLabel('Column', { exact: true }).selectOption({ label: column })
    await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  }
  for (const title of ['The mast', 'The sails', 'The keel']) await press(ann, title, 'x')
  await expect(ann.getByRole('toolbar', { name: 'Change the selected cards' }).getByRole('status')).toHaveText(
    '3 cards selected',
  )

  // One of them, then another one: one message tells of both.
  await press(ann, 'The mast', 'Space')
  await expect(inHand).toHaveCount(1)
  await moveTo('The sails', 'Done')
  await expect(said('Bo moved “The sails” to Done while you held it.')).toHaveCount(1)
  await moveTo('The keel', 'Done')
  await expect(said('Bo moved 2 of the cards while you held them.')).toHaveCount(1)
  await expect(said('while you held')).toHaveCount(1)
  await expect(inHand).toHaveCount(1)
  await ann.keyboard.press('ArrowRight')
  await ann.keyboard.press('Space')
  const over = said('Bo moved 2 of the cards meanwhile. They are in Doing now.')
  await expect(over).toContainText('Moved 3 cards to Doing')
  await expect(said('while you held')).toHaveCount(0)
  await titlesIn('Doing', ['The mast', 'The sails', 'The keel'])
  await axeFindsNothing(ann)
  await over.getByRole('button', { name: 'Undo' }).click()
  await titlesIn('Done', ['The sails', 'The keel'])

  // What he archives falls out of her hand; the others stay in it.
  await press(ann, 'The mast', 'Space')
  await expect(inHand).toHaveCount(1)
  await press(bo, 'The keel', 'e')
  await expect(said('Bo archived “The keel” meanwhile.')).toHaveCount(1)
  await expect(inHand).toHaveCount(1)
  await ann.keyboard.press('ArrowRight')
  await ann.keyboard.press('Space')
  await expect(said('Moved 2 cards to Doing')).toHaveCount(1)
  await titlesIn('Doing', ['The mast', 'The sails'])
  await leave()
})

test('a column that Bo archives while Ann carries it falls out of her hand, and she is told; one that he moves is where she puts it, and she is told whose move that was @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const columnsOf = (page: Page, titles: string[]) =>
    expect(page.getByTestId('column').getByRole('heading')).toHaveText(titles.map((title) => new RegExp(`^${title}`)))
  const columns = async (titles: string[]) => {
    for (const page of [ann, bo]) await columnsOf(page, titles)
  }
  const said = (words: string) => ann.locator('[data-stays] > div').filter({ hasText: words })
  const carried = ann.locator('[data-carried]')
  const headOf = (page: Page, title: string) => columnNamed(page, title).getByRole('heading')
  const chooseInMenu = async (title: string, item: string) => {
    await bo.getByRole('button', { name: `Column ${title}: actions` }).click()
    await bo.getByRole('menuitem', { name: item }).click()
  }
  const take = async (title: string) => {
    const box = await pressOn(ann, headOf(ann, title), 10, 10)
    await ann.mouse.move(box.x + 30, box.y + 10, { steps: 3 })
    await expect(carried).toHaveCount(1)
  }
  await columns(['To do', 'Doing', 'Done'])
  await take('Doing')
  await chooseInMenu('Doing', 'Archive column')
  await expect(said('Bo archived the column “Doing” meanwhile.')).toHaveCount(1)
  await expect(carried).toHaveCount(0)
  await ann.mouse.up()
  await columns(['To do', 'Done'])
  await takeBack(bo, 'Archived column “Doing”')
  await columns(['To do', 'Doing', 'Done'])

  // Hers says nothing of where he has put it; of the others she sees it.
  await take('To do')
  await chooseInMenu('To do', 'Move right')
  await columnsOf(bo, ['Doing', 'To do', 'Done'])
  await chooseInMenu('Done', 'Move left')
  await columnsOf(bo, ['Doing', 'Done', 'To do'])
  await chooseInMenu('Done', 'Move left')
  await columnsOf(bo, ['Done', 'Doing', 'To do'])
  await columnsOf(ann, ['To do', 'Done', 'Doing'])
  const done = await boxOf(headOf(ann, 'Done'))
  await ann.mouse.move(done.x + (3 * done.width) / 4, done.y + 10, { steps: 5 })
  await columnsOf(ann, ['Done', 'To do', 'Doing'])
  await ann.mouse.up()
  const over = said('Bo moved the column “To do” meanwhile. It is at place 2 now.')
  await expect(over).toHaveCount(1)
  await columns(['Done', 'To do', 'Doing'])
  await axeFindsNothing(ann)
  await over.getByRole('button', { name: 'Undo' }).click()
  await columns(['Done', 'Doing', 'To do'])
  await leave()
})

test('where one of the cards that two changed at once lies in the archive, the bar offers to show those on the board @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const titles = ['Mast', 'Keel', 'Sails']
  for (const title of titles) await addCard(ann, title)
  await expect(cardNamed(bo, 'Sails')).toHaveCount(1)
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  for (const [page, day] of [
    [ann, '05052032'],
    [bo, '06062032'],
  ] as const) {
    for (const title of titles) {
      await cardNamed(page, title).getByRole('link').focus()
      await page.keyboard.press('x')
    }
    const bulk = page.getByRole('toolbar', { name: 'Change the selected cards' })
    await bulk.getByRole('textbox', { name: 'Due' }).fill(day)
    await page.keyboard.press('Enter')
    await expect(page.locator('time')).toHaveCount(3)
    await page.keyboard.press('Escape')
  }
  await cardNamed(ann, 'Keel').click()
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(ann, 'Keel')).toHaveCount(0)
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  const bar = ann.getByTestId('contested-bar')
  await expect(bar).toContainText('3 cards were changed in two places at once:')
  await bar.getByRole('button', { name: 'Show the 2 on the board' }).click()
  await expect(ann.getByTestId('card')).toHaveCount(2)
  await leave()
})

test('of many cards that Ann and Bo set apart what one of them set is kept on all at once, and one undo asks about all of them again', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const titles = ['The mould', 'The rope', 'The glue']
  for (const title of titles) await addCard(ann, title)
  await expect(cardNamed(bo, 'The glue')).toHaveCount(1)
  await syncIs(ann, 'Synced')
  const apart = async (state: 'Offline' | 'Synced') => {
    for (const page of [ann, bo]) {
      await workOffline(page)
      await syncIs(page, state)
    }
  }
  await apart('Offline')
  for (const [page, label] of [
    [ann, 'P1 · High'],
    [bo, 'P3 · Low'],
  ] as const)
    for (const title of titles) {
      await cardNamed(page, title).click()
      await panelOf(page).getByLabel('Priority').selectOption({ label })
      await page.keyboard.press('Escape')
    }
  // Of this one the title is asked about as well.
  await retitle(ann, 'The glue', 'The glue of Ann')
  await retitle(bo, 'The glue', 'The glue of Bo')
  await apart('Synced')
  const bar = (page: Page) => page.getByTestId('contested-bar')
  for (const page of [ann, bo]) await expect(bar(page)).toContainText('3 cards were changed in two places at once')

  await bar(bo).getByRole('button', { name: 'Answer for all' }).click()
  const dialog = bo.getByRole('dialog', { name: 'What stays on all of them?' })
  await expect(dialog.getByRole('radio')).toHaveCount(3)
  await expect(dialog.getByRole('radio', { name: /What counts now/ })).toBeChecked()
  await axeFindsNothing(bo)
  await dialog.getByRole('radio', { name: /What Ann set/ }).check({ force: true })
  await dialog.getByRole('button', { name: 'Keep' }).click()
  for (const page of [ann, bo]) {
    await expect(bar(page)).toHaveCount(0)
    await expect(cardNamed(page, 'The glue of Ann')).toHaveCount(1)
    await expect(page.getByTestId('card').filter({ hasText: 'P1' })).toHaveCount(3)
  }
  await takeBack(bo, 'Answered on 3 cards')
  for (const page of [ann, bo]) await expect(bar(page)).toContainText('3 cards were changed in two places at once')
  await leave()
})
