import { expect, test, type Locator, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  createWorkspace,
  descriptionOf,
  fromBoardMenu,
  inviteLink,
  join,
  openFirstBoard,
  panelOf,
  retitle,
  takeBack,
  twoPeople,
  workOffline,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('Ann slides the board back by keyboard, sees who did what, and brings one card and then the board back (P18)', async ({
  browser,
}) => {
  // Without a service worker the replay's code comes over the line, which can be held.
  const context = await browser.newContext()
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Packaging')
  await retitle(page, 'Packaging', 'Boxes')
  await page.keyboard.press('Escape')
  await addCard(page, 'Price list')

  await page.getByRole('button', { name: 'Board actions' }).click()
  // On a slow line the replay comes after the key that takes it to its beginning.
  const coming = Promise.withResolvers<void>()
  await page.route('**/_app/**/*.js', async (route) => {
    await coming.promise
    await route.continue()
  })
  const replay = page.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  await page.getByRole('menuitem', { name: 'Replay' }).press('Enter')
  await page.keyboard.press('Home')
  await expect(slider).toHaveCount(0)
  coming.resolve()
  await expect(replay).toContainText('The beginning')
  await expect(slider).toBeFocused()
  await slider.press('End')
  await expect(replay).toContainText('Added “Price list” to “To do”')
  await slider.press('ArrowLeft')
  await expect(replay).toContainText('Renamed “Packaging” to “Boxes”')
  await expect(slider).toHaveAttribute('aria-valuetext', /Renamed “Packaging” to “Boxes”, Ann, /)
  await expect(cardNamed(page, 'Price list')).toHaveCount(0)
  await slider.press('ArrowLeft')
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await expect(page.getByRole('button', { name: /Add a card/ })).toHaveCount(0)
  await axeFindsNothing(page)

  // What has changed since then; a card that came later is found there, and in the present.
  await replay.getByRole('button', { name: 'Compare with now' }).click()
  const since = page.getByRole('dialog', { name: 'Since that moment' })
  const changes = since.getByTestId('changes').getByRole('listitem')
  await expect(changes).toHaveCount(2)
  await expect(changes.filter({ hasText: 'Boxes' })).toContainText(/Title.*Packaging\s*→.*Boxes/s)
  await expect(changes.filter({ hasText: 'Price list' })).toContainText('Added to To do')
  await axeFindsNothing(page)
  await changes.getByRole('button', { name: 'Price list' }).click()
  await expect(page.getByText('This card was not on the board at that moment.')).toBeVisible()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByText('This card was not on the board at that moment.')).toBeHidden()

  // One card, while the rest stays as it is.
  await cardNamed(page, 'Packaging').click()
  await panelOf(page).getByRole('button', { name: 'Restore this card' }).click()
  await expect(page.getByText('“Packaging” is as it was then').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await slider.focus()
  await page.keyboard.press('Escape')
  await expect(replay).toHaveCount(0)
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await expect(cardNamed(page, 'Price list')).toHaveCount(1)

  // The whole board, and undo.
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  await slider.press('Home')
  await expect(replay).toContainText('The beginning')
  await replay.getByRole('button', { name: 'Play' }).click()
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await replay.getByRole('button', { name: 'Pause' }).click()
  await expect(cardNamed(page, 'Price list')).toHaveCount(0)
  await replay.getByRole('button', { name: 'Restore the board to this moment' }).click()
  const ask = page.getByRole('dialog', { name: 'Restore the whole board?' })
  await expect(ask).toContainText(/\d cards?( .*)? go(es)? back to how things were then, for everybody/)
  await axeFindsNothing(page)
  await ask.getByRole('button', { name: 'Restore the board to this moment' }).click()
  await expect(replay).toHaveCount(0)
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await expect(cardNamed(page, 'Price list')).toHaveCount(0)
  // Taken back at the head of the board, where every undo is: the message that offers it goes as well.
  const toast = (text: string | RegExp) => page.locator('[data-stays] p').getByText(text)
  await expect(toast('The board is as it was then')).toBeVisible()
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click()
  await expect(cardNamed(page, 'Price list')).toHaveCount(1)
  await expect(toast(/^Undone: /)).toBeVisible()
  expect(await toast('The board is as it was then').count()).toBe(0)
  await context.close()
})

test('Ann names two moments; Bo sees both, reads what differs card by card, and looks at the first (P8)', async ({
  browser,
}) => {
  const contexts = [await browser.newContext(), await browser.newContext()]
  const [ann, bo] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page]
  const openVersions = async (page: Page) => {
    await page.getByRole('button', { name: 'Board actions' }).click()
    await page.getByRole('menuitem', { name: 'Versions' }).click()
    return page.getByRole('dialog', { name: 'Versions' })
  }
  const nameNow = async (page: Page, name: string) => {
    const dialog = await openVersions(page)
    await dialog.getByRole('textbox', { name: 'Name of the version' }).fill(name)
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('listitem').filter({ hasText: name })).toContainText('Ann')
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
  }
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  const board = ann.url()
  await addCard(ann, 'Packaging')
  await nameNow(ann, 'Start')
  await retitle(ann, 'Packaging', 'Boxes')
  await panelOf(ann).getByLabel('Column').selectOption({ label: 'Doing' })
  await panelOf(ann).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await ann.keyboard.press('Escape')
  await addCard(ann, 'Price list')
  await nameNow(ann, 'Fair')
  // What a key takes back is to be seen: not behind a dialog.
  const versions = await openVersions(ann)
  const fair = versions.getByRole('listitem').filter({ hasText: 'Fair' })
  await fair.getByRole('button').first().focus()
  await ann.keyboard.press('Control+z')
  await ann.keyboard.press('Escape')
  await expect(versions).toHaveCount(0)
  await openVersions(ann)
  await expect(fair).toHaveCount(1)
  await ann.keyboard.press('Escape')
  await addCard(ann, 'Too late for both')
  await join(bo, await inviteLink(ann), 'Bo')
  await openFirstBoard(bo)
  expect(new URL(bo.url()).pathname).toBe(new URL(board).pathname)

  const dialog = await openVersions(bo)
  await dialog.getByRole('combobox', { name: 'From' }).selectOption({ label: 'Start' })
  await dialog.getByRole('combobox', { name: 'To', exact: true }).selectOption({ label: 'Fair' })
  await dialog.getByRole('button', { name: 'Compare' }).click()
  const changes = dialog.getByTestId('changes')
  const boxes = changes.getByRole('listitem').filter({ hasText: 'Boxes' })
  await expect(boxes).toContainText(/Title.*Packaging\s*→.*Boxes/)
  await expect(boxes).toContainText(/Column.*To do\s*→.*Doing/)
  await expect(boxes).toContainText(/Priority.*empty\s*→.*P1 · High/)
  await expect(changes.getByRole('listitem')).toHaveCount(2)
  await axeFindsNothing(bo)
  await dialog.getByRole('button', { name: '1 added' }).click()
  await expect(changes.getByRole('listitem')).toHaveText(/Price list/)

  await dialog.getByRole('button', { name: 'Look at “Start”' }).click()
  const bar = bo.getByRole('region', { name: 'Replay of the board' })
  await expect(bar).toContainText('Version “Start”')
  await expect(cardNamed(bo, 'Packaging')).toHaveCount(1)
  await expect(cardNamed(bo, 'Price list')).toHaveCount(0)
  await bar.getByRole('button', { name: 'Back to now' }).click()
  await expect(cardNamed(bo, 'Price list')).toHaveCount(1)
  await expect(cardNamed(bo, 'Boxes')).toHaveCount(1)
  for (const context of contexts) await context.close()
})

test('in the replay a card shows the description of that moment; brought back, the card has it again, and undo takes that back (P18)', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Packaging')
  await cardNamed(page, 'Packaging').click()
  const description = panelOf(page).getByRole('textbox', { name: 'Description' })
  await description.click()
  await expect(description).toBeFocused()
  await page.keyboard.type('Three offers')
  await expect(description).toHaveText('Three offers')
  await panelOf(page).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await description.click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(' by Friday')
  await expect(description).toHaveText('Three offers by Friday')
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()

  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = page.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  await expect(slider).toBeFocused()
  await expect(replay).toContainText('Changed the description of “Packaging”')
  await slider.press('ArrowLeft')
  await expect(replay).toContainText('Set the priority of “Packaging” to P1')
  await cardNamed(page, 'Packaging').click()
  await expect(description).toHaveText('Three offers')
  await expect(description).toHaveAttribute('contenteditable', 'false')
  // What nobody can fill in is no empty form.
  await expect(panelOf(page)).toContainText(/Due\s*None/)
  await expect(panelOf(page).getByRole('textbox', { name: /^(Start|Due)$/ })).toHaveCount(0)
  await panelOf(page).getByRole('button', { name: 'Restore this card' }).click()
  await expect(page.getByText('“Packaging” is as it was then').first()).toBeVisible()
  await replay.getByRole('button', { name: 'Back to now' }).click()
  await expect(replay).toHaveCount(0)
  await expect(description).toHaveText('Three offers')
  await expect(description).toHaveAttribute('contenteditable', 'true')
  await takeBack(page, '“Packaging” is as it was then')
  await expect(description).toHaveText('Three offers by Friday')
})

test('Bo, who writes in a card that Ann takes back to an earlier state, is told by whom, and gets to what was there before; so is who looks at a board that goes back (P18)', async ({
  browser,
}) => {
  const { ann, bo } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Packaging')
  await cardNamed(bo, 'Packaging').click()
  await descriptionOf(bo).click()
  await bo.keyboard.type('Three offers')
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await descriptionOf(bo).click()
  await bo.keyboard.press('ControlOrMeta+End')
  await bo.keyboard.type(' by Friday')
  await cardNamed(ann, 'Packaging').click()
  await expect(descriptionOf(ann)).toHaveText('Three offers by Friday')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()

  const replay = (page: Page) => page.getByRole('region', { name: 'Replay of the board' })
  await fromBoardMenu(ann, 'Replay')
  const slider = replay(ann).getByRole('slider', { name: 'Moment' })
  await expect(replay(ann)).toContainText('Changed the description of “Packaging”')
  await slider.press('ArrowLeft')
  await slider.press('ArrowLeft')
  await slider.press('ArrowLeft')
  await expect(replay(ann)).toContainText('Added “Packaging”')
  await cardNamed(ann, 'Packaging').click()
  await panelOf(ann).getByRole('button', { name: 'Restore this card' }).click()
  const restore = ann.getByRole('dialog').getByRole('button', { name: /^Restore/ })
  await restore.click()
  await expect(descriptionOf(bo)).toHaveText('')
  const told = bo
    .locator('[data-stays] > div')
    .filter({ hasText: 'Ann: Brought “Packaging” back to an earlier state.' })
  await expect(told).toBeVisible()
  await axeFindsNothing(bo)
  await told.getByRole('button', { name: 'Look at what was there' }).click()
  await expect(replay(bo)).toContainText('Changed the description of “Packaging”')
  await cardNamed(bo, 'Packaging').click()
  await expect(descriptionOf(bo)).toHaveText('Three offers by Friday')
  await panelOf(bo).getByRole('button', { name: 'Restore this card' }).click()
  const again = bo.getByRole('dialog').getByRole('button', { name: /^Restore/ })
  await again.click()
  await replay(bo).getByRole('button', { name: 'Back to now' }).click()
  await expect(descriptionOf(bo)).toHaveText('Three offers by Friday')
  // Whoever did it is not told.
  await expect(ann.locator('[data-stays] > div').filter({ hasText: 'Ann: Brought' })).toHaveCount(0)
  await expect(ann.locator('[data-stays] > div').filter({ hasText: 'Bo: Brought' })).toHaveCount(1)
})

test('on a phone the replay brings the card that a step tells of into view, and a card is overdue by the day of that moment (P18, P53)', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Open the demo/ }).click()
  await page
    .getByRole('main')
    .getByRole('link', { name: /Product launch/ })
    .first()
    .click()
  await expect(page.getByTitle('Overdue')).not.toHaveCount(0)

  // A message lies over no filter that is open, and does not offer to take back what the replay does not show.
  await page
    .getByTestId('card')
    .first()
    .getByRole('button', { name: /: actions$/ })
    .click()
  await page.getByRole('menuitem', { name: 'Archive card' }).click()
  const message = page.getByRole('button', { name: 'Dismiss' })
  // Under the pointer its time stands still, and a slow machine has all the time that it needs.
  const hold = () => page.locator('[data-stays] > div').filter({ has: message }).dispatchEvent('pointerenter')
  await hold()
  await expect(message).toBeVisible()
  await page.getByRole('button', { name: 'Filters' }).click()
  // The mouse that went to the button may have lain over the message: leaving it, it let its time go on.
  await hold()
  const filter = page.locator('[data-popover-content]')
  await expect(filter.getByRole('checkbox').first()).toBeVisible()
  await expect
    .poll(async () => {
      const [over, under] = [await message.boundingBox(), await filter.boundingBox()]
      return over && under && (over.y + over.height <= under.y || under.y + under.height <= over.y)
    })
    .toBe(true)
  await page.keyboard.press('Escape')
  await expect(filter).toHaveCount(0)
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = page.getByRole('region', { name: 'Replay of the board' })
  await expect(replay.getByRole('slider', { name: 'Moment' })).toBeFocused()
  await expect(message).toHaveCount(0)
  await expect(replay.getByRole('slider', { name: 'Moment' })).toHaveAttribute('max', '46')
  await replay.getByRole('slider', { name: 'Moment' }).fill('22')
  await expect(replay).toContainText('Moved “Product page in both languages”')
  // Where from and where to stand at the end of the sentence, and its buttons say in a word what they do.
  const sentence = replay.getByRole('button', { name: /^Moved “Product page/ })
  await sentence.click()
  await expect(sentence).toHaveAttribute('aria-expanded', 'true')
  for (const word of ['Compare', 'Restore', 'Back to now'])
    await expect(replay.getByText(word, { exact: true })).toBeInViewport({ ratio: 1 })
  await expect(cardNamed(page, 'Product page in both languages')).toBeInViewport({ ratio: 0.9 })
  await expect(page.getByTitle('Overdue')).toHaveCount(0)
})

test('while Ann is asked whether the whole board may go back, the question counts what Bo changes, and says so @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Sails', 'Oars']) await addCard(ann, title)
  await retitle(ann, 'Sails', 'Sails of Ann')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await expect(cardNamed(bo, 'Sails of Ann')).toHaveCount(1)
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = ann.getByRole('region', { name: 'Replay of the board' })
  await replay.getByRole('slider', { name: 'Moment' }).press('ArrowLeft')
  await expect(cardNamed(ann, 'Sails of Ann')).toHaveCount(0)
  await replay.getByRole('button', { name: 'Restore the board to this moment' }).click()
  const question = ann.getByRole('dialog', { name: 'Restore the whole board?' })
  await expect(question).toContainText('1 card goes back')
  await expect(question).not.toContainText('More has changed')
  await expect(question).not.toContainText('Others have worked')

  await retitle(bo, 'Oars', 'Oars of Bo')
  const renewed = 'More has changed while you were being asked. 2 cards go back'
  await expect(question).toContainText(renewed)
  await expect(question).toContainText('Others have worked on the board since: Bo, last on')
  await expect(ann.locator('[aria-live=polite]').filter({ hasText: renewed })).toHaveCount(1)
  await axeFindsNothing(ann)
  await question.getByRole('button', { name: 'Cancel' }).click()

  // Of one card as well it is asked before it goes back over what he did.
  await cardNamed(ann, 'Oars').click()
  await panelOf(ann).getByRole('button', { name: 'Restore this card' }).click()
  const card = ann.getByRole('dialog', { name: 'Restore this card?' })
  await expect(card).toContainText(/Bo worked on it since, last on .*: Renamed “Oars” to “Oars of Bo”\./)
  await axeFindsNothing(ann)
  await card.getByRole('button', { name: 'Cancel' }).click()
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()

  await replay.getByRole('button', { name: 'Restore the board to this moment' }).click()
  await question.getByRole('button', { name: 'Restore the board to this moment' }).click()
  await expect(replay).toHaveCount(0)
  for (const title of ['Sails', 'Oars']) await expect(cardNamed(bo, title)).toHaveCount(1)
  for (const title of ['Sails of Ann', 'Oars of Bo']) await expect(cardNamed(bo, title)).toHaveCount(0)
  await leave()
})

test('while another moment is being read, restoring and comparing wait for it; what is confirmed is what is shown and named @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Sails', 'Oars']) await addCard(page, title)
  await retitle(page, 'Sails', 'Jib')
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = page.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  const [forward, compare, restore] = ['One step forward', 'Compare with now', 'Restore the board to this moment'].map(
    (name) => replay.getByRole('button', { name }),
  ) as [Locator, Locator, Locator]
  /** With nothing in between: the moment that the first one asks for cannot have been read. */
  const pressBoth = async (first: Locator, second: Locator) => {
    const [one, other] = [await first.elementHandle(), await second.elementHandle()]
    await page.evaluate(
      ([one, other]) => {
        for (const button of [one, other]) {
          ;(button as HTMLElement).focus()
          ;(button as HTMLElement).click()
        }
      },
      [one, other],
    )
  }
  const showSails = async () => {
    await slider.press('End')
    await expect(replay).toContainText('Renamed “Sails” to “Jib”')
    await slider.press('ArrowLeft')
    await slider.press('ArrowLeft')
    await expect(replay).toContainText('Added “Sails”')
    await expect(cardNamed(page, 'Oars')).toHaveCount(0)
  }

  await showSails()
  await pressBoth(forward, compare)
  const since = page.getByRole('dialog', { name: 'Since that moment' })
  await expect(since).toContainText(/Step \d+ of \d+: Added “Oars” to “To do”, Ann, /)
  await expect(since.getByTestId('changes').getByRole('listitem')).toHaveCount(1)
  await axeFindsNothing(page)
  await page.keyboard.press('Escape')
  await expect(compare).toBeFocused()

  // Whoever goes on to another moment is not asked about the one before it.
  await showSails()
  await pressBoth(restore, forward)
  await expect(replay).toContainText('Added “Oars”')
  await restore.click()
  const question = page.getByRole('dialog', { name: 'Restore the whole board?' })
  await expect(question).toContainText('Added “Oars”')
  await page.keyboard.press('Escape')
  await expect(question).toHaveCount(0)

  // Of one card that came to look otherwise while it waited it is asked as well.
  await showSails()
  await cardNamed(page, 'Sails').click()
  await pressBoth(forward, panelOf(page).getByRole('button', { name: 'Restore this card' }))
  const card = page.getByRole('dialog', { name: 'Restore this card?' })
  await expect(card).toContainText(/Added “Oars” to “To do”, Ann, .* It goes back to how it was then/)
  await axeFindsNothing(page)
  await page.keyboard.press('Escape')
  await expect(card).toHaveCount(0)
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()

  await showSails()
  await pressBoth(forward, restore)
  await expect(question).toContainText(/Step \d+ of \d+: Added “Oars” to “To do”, Ann, .* 1 card goes back/)
  await expect(replay).toContainText('Added “Oars”')
  await expect(cardNamed(page, 'Oars')).toHaveCount(1)
  await axeFindsNothing(page)
  await page.keyboard.press('Escape')
  await expect(restore).toBeFocused()
  await restore.press('Enter')
  await question.getByRole('button', { name: 'Restore the board to this moment' }).click()
  await expect(replay).toHaveCount(0)
  for (const title of ['Sails', 'Oars']) await expect(cardNamed(page, title)).toHaveCount(1)
  await expect(cardNamed(page, 'Jib')).toHaveCount(0)
})

test('while Ann is asked about a moment, what Bo did before it, offline, comes in: the question is about the same step, says that more has changed, and what she saw comes back @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  for (const title of ['Sails', 'Oars']) await addCard(ann, title)
  await expect(cardNamed(bo, 'Oars')).toHaveCount(1)
  await workOffline(bo)
  await addCard(bo, 'Ropes')
  await retitle(ann, 'Sails', 'Jib')
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await addCard(ann, 'Rudder')
  await ann.getByRole('button', { name: 'Board actions' }).click()
  await ann.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = ann.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  await slider.press('ArrowLeft')
  const named = 'Renamed “Sails” to “Jib”, Ann'
  await expect(replay).toContainText('Renamed “Sails” to “Jib”')
  await replay.getByRole('button', { name: 'Restore the board to this moment' }).click()
  const question = ann.getByRole('dialog', { name: 'Restore the whole board?' })
  const place = Number(await slider.inputValue())
  await expect(question).toContainText(`Step ${place} of ${place + 1}: ${named}`)
  await expect(question).toContainText('1 card goes back')

  await workOffline(bo)
  await expect(question).toContainText(`Step ${place + 1} of ${place + 2}: ${named}`)
  await expect(question).toContainText('More has changed while you were being asked. 1 card goes back')
  await expect(slider).toHaveValue(String(place + 1))
  await expect(cardNamed(ann, 'Ropes')).toHaveCount(1)
  await axeFindsNothing(ann)
  await question.getByRole('button', { name: 'Restore the board to this moment' }).click()
  await expect(replay).toHaveCount(0)
  for (const title of ['Jib', 'Oars', 'Ropes']) await expect(cardNamed(ann, title)).toHaveCount(1)
  await expect(cardNamed(ann, 'Rudder')).toHaveCount(0)
  await leave()
})

test('a button of the replay that has nothing more to do keeps the focus, and the palette does not move the replay behind a question @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Sails', 'Oars']) await addCard(page, title)
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = page.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  const button = (name: string) => replay.getByRole('button', { name })
  await slider.press('ArrowLeft')
  await expect(replay).toContainText('Added “Sails”')
  await button('One step forward').focus()
  await page.keyboard.press('Enter')
  await expect(replay).toContainText('Added “Oars”')
  for (const name of ['One step forward', 'Compare with now', 'Restore the board to this moment'])
    await expect(button(name)).toBeDisabled()
  await expect(button('One step forward')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(slider).toHaveValue(String(await slider.getAttribute('max')))

  await slider.press('Home')
  await slider.press('ArrowRight')
  await button('One step back').focus()
  await page.keyboard.press('Enter')
  await expect(replay).toContainText('The beginning')
  await expect(button('One step back')).toBeDisabled()
  await expect(button('One step back')).toBeFocused()

  // Playing comes to its end.
  await button('Play').click()
  await button('Compare with now').focus()
  await expect(replay).toContainText('Added “Oars”')
  await expect(button('Compare with now')).toBeDisabled()
  await expect(button('Compare with now')).toBeFocused()
  await page.keyboard.press('Enter')
  await axeFindsNothing(page)
  expect(await page.getByRole('dialog').count()).toBe(0)

  await slider.press('ArrowLeft')
  await expect(replay).toContainText('Added “Sails”')
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('option', { name: 'One step back' })).toBeVisible()
  await page.keyboard.press('Escape')
  await button('Restore the board to this moment').click()
  await expect(page.getByRole('dialog', { name: 'Restore the whole board?' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.locator('[role=option]').first()).toBeVisible()
  expect(await page.getByRole('option', { name: /One step|Compare with now|Back to now/ }).count()).toBe(0)
  await page.keyboard.press('Escape')
})
