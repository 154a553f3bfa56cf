import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  columnNamed,
  createBoard,
  createWorkspace,
  descriptionOf,
  goTo,
  inviteLink,
  join,
  openFirstBoard,
  panelOf,
  retitle,
  syncIs,
  twoPeople,
  workOffline,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('Ann comes back and reads what Bo changed, card by card; opening a card, and then all, marks it as seen (P8)', async ({
  browser,
}) => {
  const contexts = [await browser.newContext(), await browser.newContext()]
  const [ann, bo] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page]
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  const board = ann.url()
  await addCard(ann, 'Packaging')
  await addCard(ann, 'Price list')
  await addCard(ann, 'Old plan')
  await join(bo, await inviteLink(ann), 'Bo')
  await openFirstBoard(bo)
  await expect(cardNamed(bo, 'Packaging')).toHaveCount(1)

  // Ann is at home while Bo works.
  await ann.getByRole('link', { name: /^Home/ }).first().click()
  await retitle(bo, 'Packaging', 'Boxes')
  await panelOf(bo).getByLabel('Column').selectOption({ label: 'Doing' })
  const description = panelOf(bo).getByRole('textbox', { name: 'Description' })
  await description.click()
  await expect(description).toBeFocused()
  await bo.keyboard.type('Ask for three offers.')
  await expect(description).toHaveText('Ask for three offers.')
  await panelOf(bo).getByRole('button', { name: 'Close card' }).click()
  await expect(panelOf(bo)).toHaveCount(0)
  await cardNamed(bo, 'Old plan').click()
  await panelOf(bo).getByRole('button', { name: 'Archive card' }).click()
  await addCard(bo, 'Samples')
  const shelf = ann.getByRole('main').getByRole('link', { name: /First board.*cards/ })
  await expect(shelf).toContainText('3 new')

  await shelf.click()
  await expect(ann).toHaveURL(board)
  await expect(ann.getByTestId('news-mark')).toHaveCount(2)
  await expect(ann.getByRole('button', { name: '3 new: changes by others since you last looked' })).toBeVisible()
  await ann.keyboard.press('c')
  const news = ann.getByRole('region', { name: 'What changed' })
  const items = news.getByTestId('changes').getByRole('listitem')
  await expect(news).toBeFocused()
  await expect(items).toHaveCount(3)
  const boxes = items.filter({ hasText: 'Boxes' })
  await expect(boxes).toContainText('Bo ·')
  await expect(boxes).toContainText(/Title.*Packaging\s*→.*Boxes/s)
  await expect(boxes).toContainText(/Column.*To do\s*→.*Doing/s)
  await expect(boxes).toContainText(/Description.*empty\s*→.*Ask for three offers\./s)
  await expect(items.filter({ hasText: 'Old plan' })).toContainText('Archived, was in “To do”')
  await expect(items.filter({ hasText: 'Samples' })).toContainText('Added to To do')
  await axeFindsNothing(ann)

  // Opened, the card is seen; what was new in it can still be read beside it.
  await boxes.getByRole('button', { name: 'Boxes' }).click()
  await expect(panelOf(ann).getByRole('region', { name: 'Changed since you last looked' })).toContainText('Packaging')
  await axeFindsNothing(ann)
  await ann.keyboard.press('Escape')
  await expect(items).toHaveCount(2)
  await expect(ann.getByTestId('news-mark')).toHaveCount(1)

  // That outlives a restart of the page; the table has the marks too.
  await ann.reload()
  await expect(ann.getByRole('button', { name: '2 new: changes by others since you last looked' })).toBeVisible()
  await ann.getByRole('button', { name: 'Table' }).click()
  await expect(ann.getByRole('row').filter({ hasText: 'Samples' }).getByTestId('news-mark')).toHaveCount(1)
  await ann.getByRole('button', { name: 'Board', exact: true }).click()

  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'What changed' }).click()
  await news.getByRole('button', { name: 'Mark all as seen' }).press('Enter')
  // The keyboard stays in the panel.
  await expect(news.getByRole('button', { name: 'Mark all as seen' })).toHaveCount(0)
  await expect(news).toBeFocused()
  await expect(news).toContainText('Nothing new')
  await expect(ann.getByTestId('news-mark')).toHaveCount(0)
  await expect(ann.getByTestId('news-button')).toHaveCount(0)

  // What Bo does while Ann looks is new again.
  await retitle(bo, 'Samples', 'Three samples')
  await expect(items).toHaveText(/Three samples/)
  await description.click()
  await expect(description).toBeFocused()
  await bo.keyboard.type('Of oak')
  await expect(items).toContainText(/empty\s*→.*Of oak\s*$/)
  await bo.keyboard.type(' and of pine')
  await expect(items).toContainText(/empty\s*→.*Of oak and of pine\s*$/)
  // An archived card opens from there, and says what happened to it.
  await cardNamed(bo, 'Price list').click()
  await panelOf(bo).getByRole('button', { name: 'Archive card' }).click()
  await items.getByRole('button', { name: 'Price list' }).click()
  await expect(panelOf(ann).getByTestId('card-news')).toContainText('Archived, was in “To do”')
  await ann.keyboard.press('Escape')

  // What Ann archives while Bo works on it is still told to her.
  for (const page of [ann, bo]) await workOffline(page)
  await cardNamed(ann, 'Boxes').click()
  await panelOf(ann).getByRole('button', { name: 'Archive card' }).click()
  await expect(cardNamed(ann, 'Boxes')).toHaveCount(0)
  await retitle(bo, 'Boxes', 'Crates')
  for (const page of [ann, bo]) await workOffline(page)
  await expect(items.filter({ hasText: 'Crates' })).toContainText('Changed · in the archive')
  await expect(items.filter({ hasText: 'Crates' })).toContainText(/Title.*Boxes\s*→.*Crates/s)
  for (const context of contexts) await context.close()
})

test('what Bo changes in the card that Ann has open is said in it, and stays news unless she reads it there or works on beside it', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Hall')
  for (const page of [ann, bo]) await cardNamed(page, 'Hall').click()
  const set = (priority: string) => panelOf(bo).getByLabel('Priority').selectOption({ label: priority })
  const said = (words: string) =>
    expect(ann.locator('[aria-live=polite]').filter({ hasText: words }).first()).toBeAttached()
  const sign = panelOf(ann).getByTestId('news-in-card')
  const news = ann.getByTestId('news-button')

  // Nobody is at the desk; whoever comes back and closes the card has not seen it.
  await set('P1 · High')
  await said('Bo changed in this card: Priority')
  await expect(sign).toBeVisible()
  await axeFindsNothing(ann)
  await ann.keyboard.press('Escape')
  await expect(panelOf(ann)).toHaveCount(0)
  await expect(news).toHaveAccessibleName('1 new: changes by others since you last looked')
  await expect(ann.getByTestId('news-mark')).toHaveCount(1)
  await cardNamed(ann, 'Hall').click()
  await expect(panelOf(ann).getByTestId('card-news')).toContainText(/Priority.*→.*P1/s)
  await expect(news).toHaveCount(0)

  // Read in the card, it is seen.
  await set('P2 · Medium')
  await sign.click()
  await expect(panelOf(ann).getByTestId('card-news')).toContainText(/Priority.*P1.*→.*P2/s)
  await expect(sign).toHaveCount(0)
  await expect(news).toHaveCount(0)

  // So it is where Ann works on beside it.
  await set('P3 · Low')
  await expect(sign).toBeVisible()
  await panelOf(ann).getByRole('textbox', { name: 'Add an item' }).fill('Chairs')
  await ann.keyboard.press('Enter')
  await expect(panelOf(ann).getByRole('checkbox', { name: 'Chairs' })).toBeVisible()
  await ann.keyboard.press('Tab')
  await ann.keyboard.press('Escape')
  await expect(panelOf(ann)).toHaveCount(0)
  await expect(news).toHaveCount(0)
  await leave()
})

test('what Ann writes in a description, and goes on to write, is told to Bo as it stands, in the list and in the card, and seen as it stands @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Hall')
  await bo.keyboard.press('c')
  const news = bo.getByRole('region', { name: 'What changed' })
  const hall = news.getByTestId('changes').getByRole('listitem').filter({ hasText: 'Hall' })
  await expect(hall).toContainText('Added to')
  const seeAll = async () => {
    await news.getByRole('button', { name: 'Mark all as seen' }).click()
    await expect(news).toContainText('Nothing new')
  }
  await seeAll()

  await cardNamed(ann, 'Hall').click()
  await descriptionOf(ann).click()
  await expect(descriptionOf(ann)).toBeFocused()
  await ann.keyboard.type('first words')
  await expect(hall).toContainText(/empty\s*→.*first words\s*$/)
  await ann.keyboard.type(' second words')
  await expect(hall).toContainText(/empty\s*→.*first words second words\s*$/)
  await seeAll()
  await ann.keyboard.type(' third words')
  await expect(hall).toContainText(/first words second words\s*→.*second words third words\s*$/)
  await ann.keyboard.type(' fourth words')
  await expect(hall).toContainText(/third words fourth words\s*$/)
  await hall.getByRole('button', { name: 'Hall' }).click()
  await expect(panelOf(bo).getByTestId('card-news')).toContainText(
    /first words second words\s*→.*third words fourth words\s*$/,
  )
  await expect(bo.getByTestId('news-button')).toHaveCount(0)
  await leave()
})

test('Bo moves a card that Ann added before he opens it: it says that she added it, and to which column @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Hall')
  await expect(bo.getByTestId('news-mark')).toHaveCount(1)
  await cardNamed(bo, 'Hall').getByRole('link').focus()
  for (const key of ['Space', 'ArrowRight', 'Space']) await bo.keyboard.press(key)
  await expect(columnNamed(bo, 'Doing').getByTestId('card')).toHaveText(/Hall/)
  await cardNamed(bo, 'Hall').click()
  await expect(panelOf(bo).getByTestId('card-news')).toContainText(/Added to To do.*Ann ·/s)
  await leave()
})

test('Bo moves a card that Ann added to another board before he opens it: there it says who moved it from where, and leads to where it was made', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await createBoard(ann, bo, 'Hold')
  await goTo(ann, 'First board')
  await goTo(bo, 'First board')
  await addCard(ann, 'Hull')
  await expect(bo.getByTestId('news-mark')).toHaveCount(1)
  await cardNamed(bo, 'Hull').getByRole('link').focus()
  await bo.keyboard.press('m')
  await bo.getByRole('dialog').getByLabel('Board').selectOption('Hold')
  await bo.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click()
  // It was new to him, and he has not seen it: where it was it says so until he has.
  const news = bo.getByTestId('news-button')
  await news.click()
  const added = bo.getByRole('region', { name: 'What changed' }).getByRole('listitem')
  await expect(added).toContainText(/Hull.*Added to To do · now on “Hold”.*Ann ·/s)
  await news.click()
  await bo.getByRole('button', { name: 'Open it there' }).click()
  await expect(panelOf(bo).getByRole('textbox', { name: 'Title' })).toHaveValue('Hull')
  // What he did himself is no news.
  await expect(panelOf(bo).getByTestId('card-news')).toHaveCount(0)
  await expect(panelOf(bo)).not.toContainText('Created by')
  await expect(panelOf(bo).getByRole('link', { name: 'Moved here from “First board” by Bo,' })).toBeVisible()
  await panelOf(bo).getByRole('button', { name: 'History' }).click()
  await expect(panelOf(bo).getByRole('listitem')).toHaveText([
    /Moved “Hull” here from the board “First board”, to “To do”\s*Bo ·/,
  ])
  // Who made it is said where it was made.
  await panelOf(bo).getByRole('link', { name: 'Moved here from “First board”' }).click()
  await expect(panelOf(bo)).toContainText('Created by Ann,')
  await bo.keyboard.press('Escape')
  await expect(bo.getByRole('heading', { name: 'First board' })).toBeVisible()
  await expect(news).toHaveCount(0)
  await leave()
})

test('what Bo, apart, writes in a card that Ann moves stays news where it was until she reads it there: where it went it is not to be read', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Mast')
  await createBoard(ann, bo, 'Hold')
  await goTo(ann, 'First board')
  await goTo(bo, 'First board')
  await expect(cardNamed(bo, 'Mast')).toHaveCount(1)
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await retitle(bo, 'Mast', 'Mast of Bo')
  await cardNamed(ann, 'Mast').getByRole('link').focus()
  await ann.keyboard.press('m')
  await ann.getByRole('dialog').getByLabel('Board').selectOption('Hold')
  await ann.getByRole('dialog').getByRole('button', { name: 'Move', exact: true }).click()
  await expect(cardNamed(ann, 'Mast')).toHaveCount(0)
  await syncIs(ann, 'Synced')
  await workOffline(bo)
  await syncIs(bo, 'Synced')

  const news = ann.getByTestId('news-button')
  await expect(news).toHaveAccessibleName(/^1 new/)
  await goTo(ann, 'Hold')
  await cardNamed(ann, 'Mast').click()
  const note = panelOf(ann).getByTestId('elsewhere-note')
  await expect(note).toContainText('Bo changed this card on “First board” while it was moved here.')
  await note.getByRole('link', { name: 'Open it there' }).click()
  await expect(ann.getByRole('heading', { name: 'First board' })).toBeVisible()
  await expect(panelOf(ann).getByTestId('card-news')).toContainText(/Title.*Mast.*Mast of Bo/s)
  await expect(news).toHaveCount(0)
  await leave()
})

test('of very many changes the newest come first, and the rest in steps, as many as are counted (P8) @long', async ({
  browser,
}) => {
  const contexts = [await browser.newContext(), await browser.newContext()]
  const [ann, bo] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page]
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  await join(bo, await inviteLink(ann), 'Bo')
  await openFirstBoard(bo)
  await contexts[1]?.grantPermissions(['clipboard-read', 'clipboard-write'])
  const lines = Array.from({ length: 310 }, (_, i) => `Card ${i}`).join('\n')
  await bo.evaluate((text) => navigator.clipboard.writeText(text), lines)
  await bo.getByTestId('column').first().hover()
  await bo.keyboard.press('Control+v')
  await bo.getByRole('button', { name: 'Make 310 cards' }).click()
  await expect(bo.getByText('Pasted 310 cards into To do').first()).toBeVisible()

  await openFirstBoard(ann)
  await expect(ann.getByRole('button', { name: '310 new: changes by others since you last looked' })).toBeVisible()
  await ann.keyboard.press('c')
  const news = ann.getByRole('region', { name: 'What changed' })
  const items = news.getByTestId('changes').locator('> ul > li')
  await expect(items).toHaveCount(100)
  await expect(news).toContainText('The newest 100 of 310.')
  // Not how many of those that were read so far.
  const added = news.getByRole('group', { name: 'Kinds of change' }).getByRole('button')
  await expect(added).toHaveText('Added')
  for (const [more, shown] of [
    ['Show 100 more of 210', 200],
    ['Show 100 more of 110', 300],
    ['Show 10 more', 310],
  ] as const) {
    await news.getByRole('button', { name: more, exact: true }).click()
    await expect(items).toHaveCount(shown)
    if (shown < 310) await expect(news).toContainText(`The newest ${shown} of 310.`)
  }
  // The button is gone, and the keyboard goes on with what came last.
  await expect(items.nth(300).getByRole('button').first()).toBeFocused()
  await expect(news).not.toContainText('of 310')
  await expect(added).toHaveText('310 added')
  await expect(news.getByRole('button', { name: /^Show/ })).toHaveCount(0)
  await expect(ann.getByRole('button', { name: '310 new: changes by others since you last looked' })).toBeVisible()
})
