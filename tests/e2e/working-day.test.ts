/** A day on the board without a mouse, and one with thumbs alone: nothing on the way may need another hand. */
import { expect, test, type Locator, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { cardNamed, createWorkspace, openFirstBoard, panelOf, syncIs } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())
// As most people have it: what moves here moves.
test.use({ contextOptions: { reducedMotion: 'no-preference' }, serviceWorkers: 'allow' })

const column = (page: Page, title: string) =>
  page.getByTestId('column').filter({ has: page.getByRole('heading', { name: new RegExp(`^${title}`) }) })

test.describe('by keyboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

  /** A command of the palette, by its name. */
  async function command(page: Page, name: string): Promise<void> {
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Search and commands' })
    await expect(field).toBeFocused()
    await page.keyboard.type(name)
    await expect(page.getByRole('option', { name, selected: true })).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(field).toBeHidden()
  }
  /** Tab until it has the focus, as somebody does who sees the focus. */
  async function tabTo(page: Page, wanted: Locator): Promise<void> {
    for (let presses = 0; presses < 80; presses++) {
      if (await wanted.evaluate((element) => element.contains(document.activeElement))) return
      await page.keyboard.press('Tab')
    }
    throw new Error('Tab never came there')
  }
  const cardLink = (page: Page, title: string) => cardNamed(page, title).getByRole('link')

  test('Ann plans, writes, moves, filters, chooses, copies, looks back, works offline and tidies up, and never touches the mouse', async ({
    page,
  }) => {
    await createWorkspace(page, relay.origin, 'Nine to five', 'Ann')
    await openFirstBoard(page)

    // Morning: what there is to do.
    await command(page, 'Add a card')
    const entry = column(page, 'To do').getByRole('textbox', { name: /Add a card to/ })
    await expect(entry).toBeFocused()
    for (const card of ['Call the supplier tomorrow !high', 'Order film', '订会议室']) {
      await page.keyboard.type(card)
      await page.keyboard.press('Enter')
      await expect(entry).toHaveValue('')
    }
    await page.keyboard.press('Escape')
    await expect(cardNamed(page, 'Call the supplier')).toHaveCount(1)
    await expect(cardNamed(page, '订会议室')).toHaveCount(1)

    // One card in full: title, checklist, description.
    await cardLink(page, 'Order film').focus()
    await page.keyboard.press('Enter')
    await expect(panelOf(page)).toBeVisible()
    const title = panelOf(page).getByRole('textbox', { name: 'Title' })
    await tabTo(page, title)
    await page.keyboard.press('End')
    await page.keyboard.type(' for the mould')
    await page.keyboard.press('Enter')
    await expect(cardNamed(page, 'Order film for the mould')).toHaveCount(1)
    const item = panelOf(page).getByRole('textbox', { name: 'Add an item' })
    await tabTo(page, item)
    await page.keyboard.type('Measure')
    await page.keyboard.press('Enter')
    await expect(panelOf(page).getByRole('checkbox', { name: 'Measure' })).toBeVisible()
    const description = panelOf(page).getByRole('textbox', { name: 'Description' })
    await tabTo(page, description)
    await page.keyboard.type('Two rolls, 两卷')
    await expect(description).toContainText('Two rolls, 两卷')
    await page.keyboard.press('Escape')
    await expect(panelOf(page)).toBeHidden()
    await expect(cardLink(page, 'Order film for the mould')).toBeFocused()

    // Into work, by hand and by the menu.
    await page.keyboard.press('Space')
    await expect(page.locator('[data-lifted=keyboard]')).toHaveCount(1)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Space')
    // Until it is out of the hand, it has the keys to itself.
    await expect(page.locator('[data-lifted]')).toHaveCount(0)
    await expect(column(page, 'Doing').getByTestId('card')).toHaveCount(1)
    await cardLink(page, '订会议室').focus()
    await page.keyboard.press('m')
    const move = page.getByRole('dialog', { name: /Move “订会议室”/ })
    await expect(move.getByLabel('Column')).toBeFocused()
    await page.keyboard.press('End')
    await tabTo(page, move.getByRole('button', { name: 'Move', exact: true }))
    await page.keyboard.press('Enter')
    await expect(column(page, 'Done').getByTestId('card')).toHaveCount(1)

    // Noon: only what is urgent, and all again.
    await cardLink(page, 'Call the supplier').focus()
    await page.keyboard.press('/')
    await expect(page.locator('[data-board-filter]:focus')).toHaveCount(1)
    await page.keyboard.type('supplier')
    await expect(page.getByTestId('card')).toHaveCount(1)
    await command(page, 'Clear')
    await expect(cardNamed(page, 'Order film for the mould')).toHaveCount(1)

    // Two at once, to another column, and back in one step.
    await cardLink(page, 'Call the supplier').focus()
    await page.keyboard.press('x')
    await cardLink(page, 'Order film for the mould').focus()
    await page.keyboard.press('x')
    const bulk = page.getByRole('toolbar', { name: 'Change the selected cards' })
    await expect(bulk.getByRole('status')).toHaveText('2 cards selected')
    await tabTo(page, bulk.getByRole('button', { name: 'Move to…' }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('menuitem', { name: 'Done' })).toBeVisible()
    await page.keyboard.type('Done')
    await expect(page.getByRole('menuitem', { name: 'Done' })).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(column(page, 'Done').getByTestId('card')).toHaveCount(3)
    await command(page, 'Undo')
    await expect(column(page, 'Done').getByTestId('card')).toHaveCount(1)

    // A copy, in the column where the focus is.
    await cardLink(page, 'Call the supplier').focus()
    await page.keyboard.press('Escape')
    await expect(bulk).toBeHidden()
    await page.keyboard.press('Control+c')
    await expect(page.getByText('Copied 1 card').first()).toBeVisible()
    await cardLink(page, 'Order film for the mould').focus()
    await page.keyboard.press('Control+v')
    await expect(column(page, 'Doing').getByTestId('card')).toHaveCount(2)
    await expect(cardNamed(page, 'Call the supplier')).toHaveCount(2)

    // On the train: offline, and nothing is missing afterwards.
    await command(page, 'Work offline')
    await syncIs(page, 'Offline')
    await cardLink(page, '订会议室').focus()
    await page.keyboard.press('e')
    await expect(cardNamed(page, '订会议室')).toHaveCount(0)
    await command(page, 'Go online again')
    await syncIs(page, 'Synced')

    // Evening: the day once more, then the same cards as a table.
    await command(page, 'Replay')
    const slider = page.getByRole('slider', { name: 'Moment' })
    await expect(slider).toBeFocused()
    await page.keyboard.press('Home')
    await expect(page.getByRole('region', { name: 'Replay of the board' })).toContainText('The beginning')
    await page.keyboard.press('Escape')
    await expect(slider).toBeHidden()
    await command(page, 'Show as: Table')
    await expect(page.getByTestId('row').filter({ hasText: 'Call the supplier' })).toHaveCount(2)
    await command(page, 'Show as: Board')
    await expect(column(page, 'Doing').getByTestId('card')).toHaveCount(2)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await page.keyboard.press('Escape')
    await command(page, 'Go to home')
    await expect(page.getByRole('heading', { name: 'Home' }).first()).toBeVisible()
  })
})

test.describe('by touch', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })

  test('Bo does the same with his thumbs on a small telephone', async ({ page }) => {
    await createWorkspace(page, relay.origin, 'Pocket', 'Bo')
    const todo = page.getByTestId('column').first()
    // Cards are drawn one after another.
    await expect(todo.getByTestId('card')).toHaveCount(2)

    await todo
      .getByRole('button', { name: /Add a card to/ })
      .last()
      .tap()
    await todo.getByRole('textbox', { name: /Add a card to/ }).fill('Call the supplier tomorrow')
    await page.keyboard.press('Enter')
    await expect(cardNamed(page, 'Call the supplier')).toHaveCount(1)
    await page.keyboard.press('Escape')

    await cardNamed(page, 'Call the supplier').getByRole('link').tap()
    await expect(panelOf(page)).toBeVisible()
    await panelOf(page).getByRole('textbox', { name: 'Add an item' }).fill('Ask for the price')
    await page.keyboard.press('Enter')
    await panelOf(page).getByRole('checkbox', { name: 'Ask for the price' }).tap()
    await expect(panelOf(page).getByRole('checkbox', { name: 'Ask for the price' })).toBeChecked()
    await panelOf(page).getByRole('button', { name: 'Close card' }).tap()
    await expect(panelOf(page)).toBeHidden()

    await cardNamed(page, 'Call the supplier')
      .getByRole('button', { name: /actions/ })
      .tap()
    await page.getByRole('menuitem', { name: 'Move to…' }).tap()
    const move = page.getByRole('dialog', { name: /Move “Call the supplier”/ })
    await move.getByLabel('Column').selectOption({ label: 'Done' })
    await move.getByRole('button', { name: 'Move', exact: true }).tap()
    await expect(page.getByTestId('column').nth(2).getByTestId('card')).toHaveCount(1)

    await page.getByRole('button', { name: 'Board actions' }).tap()
    await page.getByRole('menuitem', { name: 'Undo' }).tap()
    await expect(todo.getByTestId('card')).toHaveCount(3)

    await page.getByRole('button', { name: 'Search' }).last().tap()
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('Call the supplier')
    await page.getByRole('option', { name: /Call the supplier/ }).tap()
    await expect(panelOf(page)).toBeVisible()
    await panelOf(page).getByRole('button', { name: 'Close card' }).tap()

    await page.getByTestId('sync-state').tap()
    await page.getByRole('switch', { name: 'Work offline' }).tap()
    await page.keyboard.press('Escape')
    await syncIs(page, 'Offline')
    await page.reload()
    await expect(cardNamed(page, 'Call the supplier')).toHaveCount(1)
    await page.getByTestId('sync-state').tap()
    await page.getByRole('switch', { name: 'Work offline' }).tap()
    await page.keyboard.press('Escape')
    await syncIs(page, 'Synced')
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  })
})
