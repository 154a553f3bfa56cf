import { expect, test, type Locator, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, boxOf, cardNamed, columnNamed, createWorkspace, openFirstBoard } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const menu = (page: Page) => page.getByRole('menu')
/** The one that has the keys, and not one that is going. */
const hasKeys = (page: Page) => expect(page.locator('[role="menu"][data-state="open"]:focus-within')).toHaveCount(1)
const item = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true })
const linkOf = (page: Page, title: string) => cardNamed(page, title).getByRole('link')
const boardMenu = (page: Page) => page.getByRole('button', { name: 'Board actions' })
const columnMenu = (page: Page) => page.getByRole('button', { name: 'Column To do: actions' })
const middleOf = async (what: Locator) => {
  const { x, y, width, height } = await boxOf(what)
  return [x + width / 2, y + height / 2] as const
}
async function annWithCards(page: Page) {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Mast', 'Sails']) await addCard(page, title)
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)
}

test('a right press beside an open menu closes it, on a card it opens that of the card; no other press takes the keys from the menu', async ({
  page,
}) => {
  await annWithCards(page)
  // Where no menu lies over it.
  const edgeOf = async (title: string) => {
    const { x, y, height } = await boxOf(cardNamed(page, title))
    return [x + 12, y + height / 2] as const
  }
  const [mast, sails] = [await edgeOf('Mast'), await edgeOf('Sails')]
  const beside = await middleOf(columnNamed(page, 'Done'))
  for (const open of [
    () => page.mouse.click(...mast, { button: 'right' }),
    () => boardMenu(page).click(),
    () => columnMenu(page).click(),
  ]) {
    await open()
    await hasKeys(page)
    await page.mouse.click(...beside, { button: 'middle' })
    await hasKeys(page)
    // On the board it would be a new card.
    await page.keyboard.press('n')
    await page.mouse.click(...beside, { button: 'right' })
    await expect(menu(page)).toHaveCount(0)
    await expect(page.getByRole('textbox', { name: /Add a card to/ })).toHaveCount(0)
    await expect(page.locator('body:focus')).toHaveCount(0)

    await open()
    await hasKeys(page)
    await page.mouse.click(...sails, { button: 'right' })
    await hasKeys(page)
    await expect(item(page, 'Archive card')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(menu(page)).toHaveCount(0)
    await expect(linkOf(page, 'Sails')).toBeFocused()
  }
  await page.mouse.click(...mast, { button: 'right' })
  await hasKeys(page)
  await page.mouse.click(...sails, { button: 'right' })
  await hasKeys(page)
  await item(page, 'Archive card').click()
  await expect(cardNamed(page, 'Sails')).toHaveCount(0)
  await expect(cardNamed(page, 'Mast')).toHaveCount(1)
})

test('a menu that a press beside it or on its own button closes gives the focus back to its button, by mouse and by touch', async ({
  browser,
}) => {
  for (const hasTouch of [false, true]) {
    const context = await browser.newContext({ hasTouch })
    const page = await context.newPage()
    await annWithCards(page)
    const beside = await middleOf(columnNamed(page, 'Done'))
    const press = (at: readonly [number, number]) => (hasTouch ? page.touchscreen.tap(...at) : page.mouse.click(...at))
    for (const button of [boardMenu(page), columnMenu(page)]) {
      const own = await middleOf(button)
      for (const place of [beside, own]) {
        await press(own)
        await expect(item(page, 'Rename').or(item(page, 'Rename board'))).toBeVisible()
        await press(place)
        await expect(menu(page)).toHaveCount(0)
        await expect(button).toBeFocused()
      }
    }
    // Tab goes on from there, and what an item opens keeps it.
    await press(await middleOf(columnMenu(page)))
    await hasKeys(page)
    await page.keyboard.press('Tab')
    await expect(menu(page)).toHaveCount(0)
    await expect(page.locator('[data-card-link]:focus')).toHaveCount(1)
    await press(await middleOf(columnMenu(page)))
    await item(page, 'Rename').click()
    await expect(page.getByRole('textbox', { name: 'Column name' })).toBeFocused()
    await context.close()
  }
})

test('the dialog to move a card, opened from the card’s menu, gives the focus back to the card', async ({ page }) => {
  await annWithCards(page)
  const link = linkOf(page, 'Mast')
  const button = cardNamed(page, 'Mast').getByRole('button', { name: /: actions$/ })
  const dialog = page.getByRole('dialog', { name: /Move “Mast”/ })
  for (const [open, back] of [
    [() => cardNamed(page, 'Mast').click({ button: 'right' }), link],
    [() => button.press('Enter'), button],
  ] as const)
    for (const leave of [() => page.keyboard.press('Escape'), () => page.mouse.click(700, 880)]) {
      await open()
      await item(page, 'Move to…').click()
      await expect(dialog.getByLabel('Column')).toBeFocused()
      await leave()
      await expect(dialog).toHaveCount(0)
      await expect(back).toBeFocused()
    }

  await page.getByRole('button', { name: 'Table' }).click()
  await page.getByTestId('row').filter({ hasText: 'Mast' }).click({ button: 'right' })
  await item(page, 'Move to…').click()
  await expect(dialog.getByLabel('Column')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('grid')).toBeFocused()
})

test('a menu that a key opened has all its items for the next key', async ({ page }) => {
  await annWithCards(page)
  const items = page.getByRole('menuitem')
  // What lies under the pointer takes the focus as soon as it is there.
  await page.mouse.move(0, 0)
  for (const button of [
    boardMenu(page),
    columnMenu(page),
    cardNamed(page, 'Mast').getByRole('button', { name: /: actions$/ }),
  ])
    for (const key of ['ArrowUp', 'End']) {
      await button.focus()
      const first = await page.evaluateHandle(() => ({
        count: new Promise<number>((found) => {
          const seen = new MutationObserver(() => {
            const { length } = document.querySelectorAll('[role="menuitem"]')
            if (length === 0) return
            seen.disconnect()
            found(length)
          })
          seen.observe(document.body, { childList: true, subtree: true })
        }),
      }))
      await page.keyboard.press('Enter')
      await page.keyboard.press(key)
      await expect(items.last()).toBeFocused()
      expect(await first.evaluate(({ count }) => count)).toBe(await items.count())
      await page.keyboard.press('Escape')
      await expect(menu(page)).toHaveCount(0)
    }
})

test('the list of shortcuts is scrolled by keys as it opens', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 500 })
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  const last = sheet.locator('dt').last()
  await expect(sheet).toBeVisible()
  await expect(last).not.toBeInViewport()
  await page.keyboard.press('End')
  await expect(last).toBeInViewport()
})

test('the content has the keyboard once a board is archived, brought back by the message, or its replay is left by key', async ({
  page,
}) => {
  await annWithCards(page)
  const content = page.locator('#content:focus')
  await boardMenu(page).press('Enter')
  await item(page, 'Archive board').press('Enter')
  await expect(page.getByText('All boards are archived')).toBeVisible()
  await expect(content).toHaveCount(1)
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(page.getByText('All boards are archived')).toHaveCount(0)
  await expect(content).toHaveCount(1)

  await openFirstBoard(page)
  await boardMenu(page).press('Enter')
  await item(page, 'Replay').press('Enter')
  await expect(page.getByTestId('replay')).toBeVisible()
  await expect(page.getByRole('slider')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('replay')).toHaveCount(0)
  await expect(content).toHaveCount(1)
})
