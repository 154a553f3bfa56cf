import { expect, test, type Locator, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, axeFindsNothing, boxOf, cardNamed, createWorkspace } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())
// As most people have it: what moves here moves.
test.use({ contextOptions: { reducedMotion: 'no-preference' }, serviceWorkers: 'allow' })

const columns = (page: Page) => page.getByTestId('column').getByRole('heading')
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Change the selected cards' })
const tile = (page: Page, title: string) => page.getByTestId('card').filter({ hasText: title })
const middleOf = async (page: Page, title: string) => {
  const box = await boxOf(columns(page).filter({ hasText: title }))
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}
/** What is said at the edge of the screen; all that is visible of it. */
const message = (page: Page) => page.locator('[data-stays] > div').filter({ visible: true })
async function isOver(one: Locator, other: Locator): Promise<boolean | null> {
  const [a, b] = [await one.boundingBox(), await other.boundingBox()]
  return a && b && a.y < b.y + b.height && b.y < a.y + a.height && a.x < b.x + b.width && b.x < a.x + a.width
}
async function annWithCards(page: Page) {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await expect(page.getByTestId('column').first()).toBeVisible()
  for (const title of ['Mast', 'Sails', 'Anchor']) await addCard(page, title)
  await expect(cardNamed(page, 'Anchor')).toHaveCount(1)
}

test('by mouse alone Ann chooses cards, changes them all, and drags a column by its head; no message lies over what comes next', async ({
  page,
}) => {
  await annWithCards(page)
  const box = (title: string) => page.getByRole('checkbox', { name: `Select ${title}` })
  await tile(page, 'Mast').hover()
  await box('Mast').click()
  await expect(bar(page)).toContainText('1 card selected')
  await box('Anchor').click({ modifiers: ['Shift'] })
  await expect(bar(page)).toContainText('3 cards selected')
  await box('Sails').click()
  await expect(box('Sails')).not.toBeChecked()
  const priority = bar(page).getByRole('button', { name: 'Priority' })
  await priority.click()
  await expect(page.getByRole('menu')).toBeFocused()
  // A press beside an open menu closes it and does nothing else.
  const beside = await tile(page, 'Sails').boundingBox()
  if (!beside) throw new Error('Sails is not on the screen')
  await page.mouse.click(beside.x + beside.width / 2, beside.y + 12)
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(page).not.toHaveURL(/card=/)
  await expect(bar(page)).toContainText('2 cards selected')
  await priority.click()
  await page.getByRole('menuitem', { name: 'P1 · High' }).click()
  await expect(page.getByText('Priority of 2 cards: P1 · High').last()).toBeVisible()
  // It rises into its place.
  await expect
    .poll(async () => {
      const message = await page.getByRole('button', { name: 'Dismiss' }).last().boundingBox()
      const toolbar = await bar(page).boundingBox()
      return message && toolbar && message.y + message.height <= toolbar.y
    })
    .toBe(true)
  // Under the pointer it stays; what is laid out anew, as it is when a phone is turned, has it go where the bar is not.
  await message(page).hover()
  const said = await message(page).boundingBox()
  const shell = page.locator('.h-dvh')
  await shell.evaluate((one, height) => (one.style.height = height), `${said ? said.y + said.height : 0}px`)
  await expect.poll(() => isOver(message(page), bar(page))).toBe(false)
  await shell.evaluate((one) => (one.style.height = ''))
  await bar(page).getByRole('button', { name: 'Move to…' }).click()
  // No message lies over a menu.
  for (const item of await page.getByRole('menuitem').all()) await item.hover({ trial: true })
  await page.getByRole('menuitem', { name: 'Done' }).click()
  await expect(page.getByTestId('column').filter({ hasText: 'Done' }).getByTestId('card')).toHaveCount(2)
  await expect(page.getByText('Moved 2 cards to Done').last()).toBeVisible()
  // A label that there is not yet is made for them.
  await bar(page).getByRole('button', { name: 'Labels' }).click()
  await page.getByRole('combobox', { name: 'Choose labels' }).fill('Rigging')
  await page.getByRole('option', { name: 'Create label “Rigging”' }).click()
  await page.keyboard.press('Escape')
  for (const title of ['Mast', 'Anchor']) await expect(tile(page, title)).toContainText('Rigging')
  await axeFindsNothing(page, 'main')
  await bar(page).getByRole('button', { name: 'Clear the selection' }).click()
  await expect(tile(page, 'Mast').getByRole('link')).toBeFocused()

  await expect(columns(page)).toHaveText([/^To do/, /^Doing/, /^Done/])
  const [from, to] = [await middleOf(page, 'To do'), await middleOf(page, 'Done')]
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x + 40, to.y, { steps: 8 })
  await expect(columns(page)).toHaveText([/^Doing/, /^Done/, /^To do/])
  await page.keyboard.press('Escape')
  await expect(columns(page)).toHaveText([/^To do/, /^Doing/, /^Done/])
  await page.mouse.up()
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x + 40, to.y, { steps: 8 })
  await page.mouse.up()
  await expect(page.getByText('Moved the column To do to place 3 of 3')).toBeAttached()
  await page.reload()
  await expect(columns(page)).toHaveText([/^Doing/, /^Done/, /^To do/])
})

test('by finger alone Ann chooses cards and drags a column; a swipe that a busy phone hears of late lifts nothing', async ({
  browser,
}) => {
  const permissions = ['clipboard-read', 'clipboard-write']
  const viewport = { width: 360, height: 740 }
  const context = await browser.newContext({ viewport, hasTouch: true, isMobile: true, permissions })
  const page = await context.newPage()
  await annWithCards(page)
  await page.getByRole('button', { name: 'Card Mast: actions' }).tap()
  await page.getByRole('menuitem', { name: 'Select', exact: true }).tap()
  await expect(bar(page)).toContainText('1 card selected')
  await tile(page, 'Anchor').getByRole('link').tap()
  await expect(bar(page)).toContainText('2 cards selected')
  await expect(page.getByTestId('card-panel')).toHaveCount(0)
  await bar(page).getByRole('button', { name: 'Archive' }).tap()
  await expect(tile(page, 'Mast')).toHaveCount(0)
  await expect(tile(page, 'Sails').getByRole('link')).toBeFocused()

  // One message at a time, and neither over the bar nor over what she writes in.
  await expect(message(page)).toHaveText(/Archived 2 cards/)
  await page.getByRole('button', { name: 'Card Sails: actions' }).tap()
  await page.getByRole('menuitem', { name: 'Select', exact: true }).tap()
  await expect(bar(page)).toContainText('1 card selected')
  await expect.poll(() => isOver(message(page), bar(page))).toBe(false)
  await bar(page).getByRole('button', { name: 'Priority' }).tap()
  await page.getByRole('menuitem', { name: 'P1 · High' }).tap()
  await expect(message(page)).toHaveText(/Priority of 1 card: P1 · High/)
  await expect.poll(() => isOver(message(page), bar(page))).toBe(false)
  await bar(page).getByRole('button', { name: 'Copy' }).tap()
  await expect(message(page)).toHaveText(/Copied 1 card/)
  await expect.poll(() => isOver(message(page), bar(page))).toBe(false)
  await bar(page).getByRole('button', { name: 'Clear the selection' }).tap()
  await addCard(page, 'Keel')
  await page.getByRole('button', { name: 'Add a card to To do' }).last().tap()
  const written = page.getByRole('textbox', { name: 'Add a card to To do' })
  await expect(written).toBeFocused()
  await expect.poll(() => isOver(message(page), written)).toBe(false)
  await page.keyboard.press('Escape')

  // What went out of the way of a dialog's answers comes back when the dialog is gone.
  const toEdge = () => message(page).evaluate((one) => innerHeight - one.getBoundingClientRect().bottom)
  await page.getByRole('button', { name: 'Column To do: actions' }).tap()
  await page.getByRole('menuitem', { name: 'Archive column' }).tap()
  const asked = page.getByRole('dialog')
  await asked.getByLabel('Its cards').selectOption({ label: 'Move to “Doing”' })
  await asked.getByRole('button', { name: 'Archive column' }).tap()
  await expect(asked).toHaveCount(0)
  await expect(message(page)).toHaveText(/Archived column “To do”/)
  await expect.poll(toEdge).toBeLessThan(20)
  await message(page).getByRole('button', { name: 'Undo' }).tap()
  await expect(columns(page).first()).toHaveText(/^To do/)
  // The second half of a double tap is not meant for the button that has come in its place.
  const redo = message(page).getByRole('button', { name: 'Redo' })
  await redo.dispatchEvent('click', { detail: 2 })
  await expect(redo).toBeVisible()
  await expect(columns(page).first()).toHaveText(/^To do/)
  // Nor for what the message lay over; a press elsewhere is meant.
  const backInToDo = page.getByTestId('column').first().getByTestId('card').filter({ hasText: 'Sails' })
  await expect(backInToDo).toHaveCount(1)
  await backInToDo.scrollIntoViewIfNeeded()
  await redo.evaluate(
    (button, link) => {
      const at = { bubbles: true, cancelable: true, clientX: 180, clientY: 700 }
      button.dispatchEvent(new MouseEvent('click', { ...at, detail: 1 }))
      link?.dispatchEvent(new MouseEvent('click', { ...at, clientX: 190, detail: 1 }))
    },
    await tile(page, 'Sails').getByRole('link').elementHandle(),
  )
  await expect(columns(page).first()).toHaveText(/^Doing/)
  await expect(page.getByTestId('card-panel')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+z')
  await expect(columns(page).first()).toHaveText(/^To do/)
  await expect(backInToDo).toHaveCount(1)
  await backInToDo.scrollIntoViewIfNeeded()

  const touch = await context.newCDPSession(page)
  const finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: { x: number; y: number }) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] })
  const head = await middleOf(page, 'To do')
  await finger('touchStart', head)
  await expect(page.locator('[data-carried]')).toHaveCount(1)
  await finger('touchMove', { x: 340, y: head.y })
  await expect(columns(page).first()).toHaveText(/^Doing/)
  await finger('touchEnd')
  await expect(page.locator('[data-carried]')).toHaveCount(0)
  const moved = message(page).filter({ hasText: /^Moved the column To do to place/ })
  await moved.getByRole('button', { name: 'Undo' }).tap()
  await expect(columns(page).first()).toHaveText(/^To do/)

  // The hold's timer is read before the move that the finger made meanwhile.
  await tile(page, 'Sails').scrollIntoViewIfNeeded()
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
  await tile(page, 'Sails').evaluate((element) => {
    const { left, top } = element.getBoundingClientRect()
    const at = {
      pointerId: 7,
      pointerType: 'touch',
      isPrimary: true,
      bubbles: true,
      clientX: left + 60,
      clientY: top + 9,
    }
    element.dispatchEvent(new PointerEvent('pointerdown', at))
  })
  await page.clock.runFor(281)
  await expect(page.locator('[data-lifted]')).toHaveCount(0)
  await tile(page, 'Sails').evaluate((element) => {
    const { left, top } = element.getBoundingClientRect()
    const at = {
      pointerId: 7,
      pointerType: 'touch',
      isPrimary: true,
      bubbles: true,
      clientX: left + 60,
      clientY: top + 90,
    }
    element.dispatchEvent(new PointerEvent('pointermove', at))
  })
  await page.clock.runFor(200)
  await expect(page.locator('[data-lifted]')).toHaveCount(0)
  await context.close()
})

test('what is dropped by finger over the button of a menu opens none', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 740 }, hasTouch: true })
  const page = await context.newPage()
  await annWithCards(page)
  const touch = await context.newCDPSession(page)
  const finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: { x: number; y: number }) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] })
  await finger('touchStart', await middleOf(page, 'To do'))
  await expect(page.locator('[data-carried]')).toHaveCount(1)
  // It lies there once the columns have made room.
  await expect(async () => {
    const box = await boxOf(page.getByRole('button', { name: 'Column Done: actions' }))
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    await finger('touchMove', at)
    const name = await page.evaluate(
      ({ x, y }) => document.elementFromPoint(x, y)?.closest('button')?.getAttribute('aria-label') ?? '',
      at,
    )
    expect(name).toMatch(/^Column .*: actions$/)
  }).toPass()
  await finger('touchEnd')
  await expect(page.locator('[data-carried]')).toHaveCount(0)
  await expect(page.getByText(/^Moved the column To do to place/).first()).toBeAttached()
  await expect(page.getByRole('menu')).toHaveCount(0)
  await context.close()
})
