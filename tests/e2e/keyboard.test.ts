import { expect, test, type Locator, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, boxOf, cardNamed, createWorkspace, openFirstBoard, openQuickAdd, panelOf } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const focused = (page: Page) => page.locator(':focus')

/** Goes on with Tab until what is wanted has the focus. */
async function tabTo(page: Page, name: RegExp | string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const named = await focused(page).evaluate((element) => {
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
      return `${element.getAttribute('aria-label') ?? ''} ${labels.map((label) => label.textContent).join(' ')} ${element.textContent}`
    })
    if (typeof name === 'string' ? named.includes(name) : name.test(named)) return
  }
  throw new Error(`Tab never reached ${name}`)
}

const announced = (page: Page, words: string | RegExp) =>
  expect(page.locator('[aria-live=polite]').filter({ hasText: words }).first()).toBeAttached()

test('keyboard only: from the start page to a board; cards are added, edited, moved, archived, found, and it is all said aloud (P14, P54)', async ({
  page,
}) => {
  await page.goto(relay.origin)
  await expect(page.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  await tabTo(page, 'Create a workspace')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Workspace name')).toBeFocused()
  await page.keyboard.type('Keys only')
  await tabTo(page, 'Your name')
  await page.keyboard.type('Ann')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toBeFocused()
  await tabTo(page, 'I have printed it')
  await page.keyboard.press('Space')
  await tabTo(page, 'Continue')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('card')).toHaveCount(2)
  await expect(page.getByRole('main')).toBeFocused()

  // N adds in the column of the focused card; Escape gives the focus back.
  await page.keyboard.press('ArrowDown')
  await expect(focused(page)).toHaveAccessibleName(/Invite a colleague/)
  await page.keyboard.press('n')
  await page.keyboard.type('written by keys')
  await page.keyboard.press('Enter')
  await expect(cardNamed(page, 'written by keys')).toHaveCount(1)
  await announced(page, '“written by keys” was added to To do.')
  await page.keyboard.press('Escape')
  await expect(focused(page)).toHaveAccessibleName(/Add a card to To do/)

  // Arrows go from card to card; Enter opens one, its title is changed, Escape closes and the card has the focus again.
  await page.keyboard.press('Shift+Tab')
  await cardNamed(page, 'written by keys').getByRole('link').focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowDown')
  await expect(focused(page)).toHaveText('written by keys')
  await page.keyboard.press('Enter')
  await expect(panelOf(page)).toBeFocused()
  await tabTo(page, /^Title/)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('renamed by keys')
  await page.keyboard.press('Enter')
  await expect(cardNamed(page, 'renamed by keys')).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(panelOf(page)).toBeHidden()
  await expect(focused(page)).toHaveText('renamed by keys')

  // Lifted, moved, put back; lifted, moved, dropped.
  await page.keyboard.press('Space')
  await announced(page, /^Lifted renamed by keys\./)
  await page.keyboard.press('ArrowRight')
  await announced(page, /^Doing, place 1 of 1/)
  await page.keyboard.press('Escape')
  await announced(page, 'renamed by keys is back where it was.')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  await announced(page, 'Dropped renamed by keys in Doing at place 1.')
  const doing = page.getByTestId('column').nth(1)
  await expect(doing.getByTestId('card')).toHaveCount(1)
  await expect(focused(page)).toHaveText('renamed by keys')

  // The same by the menu.
  await page.keyboard.press('m')
  const move = page.getByRole('dialog', { name: /Move “renamed by keys”/ })
  await expect(move).toBeVisible()
  await move.getByLabel('Column').selectOption({ label: 'Done' })
  await move.getByRole('button', { name: 'Move', exact: true }).press('Enter')
  await expect(move).toBeHidden()
  await expect(page.getByTestId('column').nth(2).getByTestId('card')).toHaveCount(1)

  await page.keyboard.press('Control+z')
  await expect(doing.getByTestId('card')).toHaveCount(1)
  await announced(page, /^Undone:/)
  await page.keyboard.press('Control+Shift+z')
  await expect(doing.getByTestId('card')).toHaveCount(0)

  // Archived and back.
  // The keys of a card work from its own buttons, too, but for those that press them.
  const own = cardNamed(page, 'renamed by keys')
  await own.getByRole('button', { name: /: actions$/ }).focus()
  await page.keyboard.press('x')
  await expect(own.getByRole('checkbox')).toBeChecked()
  await page.keyboard.press('Control+a')
  const bar = page.getByRole('toolbar', { name: 'Change the selected cards' })
  await expect(bar).toContainText(`${await page.getByTestId('card').count()} cards selected`)
  await page.keyboard.press('Escape')
  await expect(bar).toHaveCount(0)
  await own.getByRole('button', { name: /: actions$/ }).press('x')
  await own.getByRole('checkbox').focus()
  await page.keyboard.press('Space')
  await expect(own.getByRole('checkbox')).not.toBeChecked()
  await page.keyboard.press('e')
  await expect(cardNamed(page, 'renamed by keys')).toHaveCount(0)
  // In the archive it can be looked at.
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
  await page.keyboard.type('Archived items')
  await expect(page.getByRole('option', { name: 'Archived items' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  const archive = page.getByRole('dialog', { name: 'Archived items' })
  await expect(archive.getByRole('button', { name: 'Close' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(archive.getByRole('link', { name: 'renamed by keys' })).toBeFocused()
  await expect(archive.getByRole('listitem')).toContainText(/ · archived by Ann, /)
  await page.keyboard.press('Enter')
  await expect(archive).toBeHidden()
  await expect(panelOf(page)).toBeFocused()
  await expect(panelOf(page).getByTestId('archived-note')).toContainText(/^Ann archived this card/)
  await page.keyboard.press('Escape')
  await expect(panelOf(page)).toBeHidden()
  // Whoever looked at it from the list is in the list again.
  await expect(archive.getByRole('link', { name: 'renamed by keys' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(archive).toBeHidden()
  await expect(page.getByRole('main')).toBeFocused()
  // What is asked for by its name stands before the page that has it, too.
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
  await page.keyboard.type('language')
  await expect(page.getByRole('option', { name: '切换到中文' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('main')).toBeFocused()
  await page.keyboard.press('Control+z')
  await expect(cardNamed(page, 'renamed by keys')).toHaveCount(1)

  // The palette finds the card; Escape gives the focus back to where it came from.
  await cardNamed(page, 'Move this card').getByRole('link').focus()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('renamed')
  await expect(page.getByRole('option', { name: /renamed by keys/ })).toBeVisible()
  await announced(page, /^\d+ results?/)
  await page.keyboard.press('Escape')
  await expect(focused(page)).toHaveText(/Move this card/)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('renamed')
  await expect(page.getByRole('option', { name: /renamed by keys/ }).first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(panelOf(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden()

  // As many results are told as are listed, commands among them, and every way out of what a command opened leads back.
  const palette = page.getByRole('combobox', { name: 'Search and commands' })
  const command = async (name: string) => {
    await page.keyboard.press('Control+k')
    await expect(palette).toBeFocused()
    await page.keyboard.type(name)
    await expect(page.getByRole('option', { name, exact: true })).toHaveAttribute('aria-selected', 'true')
  }
  const back = cardNamed(page, 'Move this card').getByRole('link')
  await back.focus()
  await command('Add column')
  const told = page.locator('[aria-live=polite]')
  const listed = () => page.getByRole('listbox').getByRole('option').count()
  await expect.poll(async () => (await told.allTextContents()).includes(`${await listed()} results`)).toBe(true)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Column name' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(back).toBeFocused()
  await command('Show keyboard shortcuts')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(back).toBeFocused()
  await command('Invite someone')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'For whom' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('main')).toBeFocused()
})

test('by keys alone the focus goes on: from the last card of a column, from the name of a column or the board, from a column that is archived', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Focus', 'Ann')
  await openFirstBoard(page)
  const links = page.locator('[data-card-link]')
  await expect(links).not.toHaveCount(0)
  await links.first().focus()
  for (let left = await links.count(); left > 0; left--) {
    await expect(links.first()).toBeFocused()
    await page.keyboard.press('e')
    await expect(links).toHaveCount(left - 1)
  }
  await expect(page.getByRole('button', { name: 'Add a card to To do' }).last()).toBeFocused()

  const menu = (column: string) => page.getByRole('button', { name: `Column ${column}: actions` })
  const choose = async (column: string, entry: string) => {
    await menu(column).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: entry }).focus()
    await page.keyboard.press('Enter')
  }
  for (const [key, name] of [
    ['Enter', 'Ready'],
    ['Escape', 'Ready'],
  ] as const) {
    await choose(key === 'Enter' ? 'To do' : name, 'Rename')
    await expect(page.getByRole('textbox', { name: 'Column name' })).toBeFocused()
    await page.keyboard.type('Ready')
    await page.keyboard.press(key)
    await expect(menu(name)).toBeFocused()
  }
  await choose('Ready', 'Archive column')
  await expect(menu('Ready')).toHaveCount(0)
  await expect(menu('Doing')).toBeFocused()
  await page.getByRole('button', { name: 'Board actions' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Rename' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Board name' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Board actions' })).toBeFocused()
})

test('input method: Escape that gives up a composition closes nothing and keeps no letter of it, wherever one writes', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, '拼音', '李娜')
  await openFirstBoard(page)
  await addCard(page, 'a card')
  const session = await page.context().newCDPSession(page)
  const compose = (text: string) =>
    session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  const giveUp = async (field: Locator, left: string) => {
    await expect(field).toBeFocused()
    await compose('wenben')
    const key = { key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 }
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key })
    await compose('')
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
    await expect(field).toBeFocused()
    expect(
      await field.evaluate((one) => (one instanceof HTMLElement && 'value' in one ? one.value : one.textContent)),
    ).toBe(left)
  }
  const palette = page.getByRole('combobox', { name: 'Search and commands' })
  await page.keyboard.press('ControlOrMeta+k')
  await palette.fill('ab')
  await giveUp(palette, 'ab')
  await page.keyboard.press('Escape')
  const filter = page.getByRole('searchbox', { name: 'Filter cards' })
  await filter.fill('card')
  await giveUp(filter, 'card')
  await filter.fill('')

  await cardNamed(page, 'a card').click()
  const title = panelOf(page).getByRole('textbox', { name: 'Title' })
  await title.fill('a card')
  await giveUp(title, 'a card')
  // Handed in, the keys go on in the panel.
  await title.fill('a card, indeed')
  await title.press('Enter')
  await expect(panelOf(page)).toBeFocused()
  const description = panelOf(page).locator('.ProseMirror')
  await description.click()
  await giveUp(description, '')
  const due = panelOf(page).getByRole('textbox', { name: 'Due' })
  await due.click()
  await giveUp(due, '')
  await panelOf(page).getByRole('button', { name: 'Choose labels' }).click()
  await giveUp(page.getByRole('combobox', { name: 'Choose labels' }), '')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('combobox', { name: 'Choose labels' })).toHaveCount(0)
  await expect(panelOf(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panelOf(page)).toBeHidden()
  await expect(cardNamed(page, 'a card')).toHaveCount(1)
})

test('input method: Enter that chooses a word submits nothing, in quick add, title, palette and forms (P54)', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, '拼音', '李娜')
  await openFirstBoard(page)
  await addCard(page, 'a card')
  const session = await page.context().newCDPSession(page)
  /** Types Pinyin and presses Enter while the candidates are open, as an input method does: key code 229. */
  const compose = async (pinyin: string) => {
    await session.send('Input.imeSetComposition', {
      text: pinyin,
      selectionStart: pinyin.length,
      selectionEnd: pinyin.length,
    })
    const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, nativeVirtualKeyCode: 229 }
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key })
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
  }
  const choose = (word: string) => session.send('Input.insertText', { text: word })

  const quick = await openQuickAdd(page)
  await expect(quick).toBeFocused()
  await compose('nihao')
  await expect(page.getByTestId('card')).toHaveCount(3)
  await choose('你好')
  await expect(quick).toHaveValue('你好')
  await page.keyboard.press('Enter')
  await expect(cardNamed(page, '你好')).toHaveCount(1)
  await page.keyboard.press('Escape')

  await cardNamed(page, 'a card').click()
  const title = panelOf(page).getByRole('textbox', { name: 'Title' })
  await title.fill('')
  await compose('biaoti')
  await expect(title).toBeFocused()
  await choose('标题')
  await expect(title).toHaveValue('标题')
  await page.keyboard.press('Enter')
  await expect(cardNamed(page, '标题')).toHaveCount(1)
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+k')
  const palette = page.getByRole('combobox', { name: 'Search and commands' })
  await compose('shezhi')
  await expect(palette).toBeVisible()
  await choose('你好')
  await expect(page.getByRole('option', { name: /你好/ })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.goto(relay.origin)
  await page.getByRole('button', { name: /Create a workspace/ }).click()
  await page.getByLabel('Your name').fill('李娜')
  await page.getByLabel('Workspace name').focus()
  await compose('gongsi')
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toHaveCount(0)
  await choose('公司')
  await expect(page.getByLabel('Workspace name')).toHaveValue('公司')
})

test('touch at 360 px: a card is opened as a sheet, moved by its menu and by a long press, and the columns swipe', async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Pocket', 'Ann')
  await expect(page.getByTestId('card').first()).toBeVisible()
  await addCard(page, 'by thumb')
  await cardNamed(page, 'by thumb').tap()
  await expect(panelOf(page)).toBeVisible()
  const box = await panelOf(page).boundingBox()
  expect(box?.width).toBeGreaterThan(350)
  await panelOf(page).getByRole('button', { name: 'Close card' }).tap()
  await expect(panelOf(page)).toBeHidden()

  await cardNamed(page, 'by thumb')
    .getByRole('button', { name: /actions/ })
    .tap()
  await page.getByRole('menuitem', { name: 'Move to…' }).tap()
  const move = page.getByRole('dialog', { name: /Move “by thumb”/ })
  await move.getByLabel('Column').selectOption({ label: 'Doing' })
  await move.getByRole('button', { name: 'Move', exact: true }).tap()
  const moved = page.getByTestId('column').nth(1).getByTestId('card')
  await expect(moved).toHaveCount(1)
  // The board goes to where it is, until it stands there, and only then back.
  await expect(moved).toBeInViewport({ ratio: 1 })
  await moved.tap({ trial: true })

  // A long press lifts; the finger carries the card over the next one.
  const cards = page.getByTestId('column').first().getByTestId('card')
  await page.getByTestId('column').first().scrollIntoViewIfNeeded()
  await expect(cards).toHaveCount(2)
  await cards.nth(0).tap({ trial: true })
  const second = ((await cards.nth(1).textContent()) ?? '').trim().slice(0, 14)
  const session = await context.newCDPSession(page)
  const from = await cards.nth(0).boundingBox()
  const to = await cards.nth(1).boundingBox()
  if (!from || !to) throw new Error('the cards are not on the screen')
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number, y: number) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
  const x = from.x + from.width / 3
  await touch('touchStart', x, from.y + from.height / 2)
  await expect(page.locator('[data-lifted=pointer]')).toHaveCount(1)
  for (let step = 1; step <= 6; step++)
    await touch('touchMove', x, from.y + from.height / 2 + ((to.y + to.height - from.y) * step) / 6)
  await touch('touchEnd', 0, 0)
  await expect(page.locator('[data-lifted]')).toHaveCount(0)
  await expect(cards.nth(0)).toContainText(second)

  // There are no keys to take it back by: that is offered, beside what one may carry next.
  const said = page.locator('[data-stays] > div').filter({ hasText: /is in To do now/ })
  const offer = said.getByRole('button', { name: 'Undo' })
  await expect(offer).toBeVisible()
  const [message, last] = [await boxOf(said), await boxOf(cards.nth(1))]
  expect(message.y).toBeGreaterThanOrEqual(last.y + last.height)
  await offer.tap()
  await expect(cards.nth(1)).toContainText(second)
  await expect(said).toHaveCount(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await context.close()
})

test('quick hands: what Ann types straight after Ctrl-K is the palette’s from its first letter on, and no key of the board', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Quick hands', 'Ann')
  await expect(page.getByTestId('card')).toHaveCount(2)
  const palette = page.getByRole('combobox', { name: 'Search and commands' })
  for (let round = 0; round < 5; round++) {
    const card = page.getByTestId('card').first().getByRole('link')
    await card.focus()
    // On the board, E archives the card, N adds one and M moves it.
    await page.keyboard.press('Control+k')
    await page.keyboard.type('enm')
    await expect(palette).toHaveValue('enm')
    await page.keyboard.press('Escape')
    await expect(palette).toBeHidden()
    await expect(card).toBeFocused()
  }
  await expect(page.getByTestId('card')).toHaveCount(2)
})

test('quick hands: the names of a column and of the board are what Ann types as soon as the field is there, after the menu and after the palette', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Quick names', 'Ann')
  await openFirstBoard(page)
  const column = page.getByRole('textbox', { name: 'Column name' })
  await page.getByRole('button', { name: 'Column To do: actions' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await expect(column).toBeVisible()
  await page.keyboard.type('Next up')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /^Next up/ })).toBeVisible()

  const board = page.getByRole('textbox', { name: 'Board name' })
  await page.getByRole('button', { name: 'Board actions' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Rename board' }).press('Enter')
  await expect(board).toBeVisible()
  await page.keyboard.type('Launch')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Launch', level: 1 })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('rename board')
  await page.getByRole('option', { name: 'Rename board' }).click()
  await expect(board).toBeVisible()
  await page.keyboard.type('Landing')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Landing', level: 1 })).toBeVisible()
})

test('a box that was ticked by mouse, and a list that was chosen from, leave the keys to the board', async ({
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Sails', 'Oars', 'Mast']) await addCard(page, title)
  await cardNamed(page, 'Sails').click()
  const panel = panelOf(page)
  await panel.getByRole('textbox', { name: 'Add an item' }).fill('Cut')
  await page.keyboard.press('Enter')
  await panel.getByRole('checkbox', { name: 'Cut' }).click()
  await expect(panel.getByRole('checkbox', { name: 'Cut' })).toBeChecked()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(panel.getByRole('checkbox', { name: 'Cut' })).not.toBeChecked()
  const priority = panel.getByRole('combobox', { name: 'Priority' })
  await priority.selectOption({ label: 'P1 · High' })
  await priority.focus()
  await expect(cardNamed(page, 'Sails').getByText('P1')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+z')
  await expect(cardNamed(page, 'Sails').getByText('P1')).toHaveCount(0)
  await panel.getByRole('button', { name: 'Close card' }).click()

  for (const title of ['Oars', 'Mast']) {
    await cardNamed(page, title).hover()
    await page.getByRole('checkbox', { name: `Select ${title}` }).click()
  }
  await page.keyboard.press('ControlOrMeta+c')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('Mast')
  await page.keyboard.press('e')
  for (const title of ['Oars', 'Mast']) await expect(cardNamed(page, title)).toHaveCount(0)
})
