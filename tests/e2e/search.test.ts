import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  boxOf,
  cardNamed,
  createWorkspace,
  openFirstBoard,
  panelOf,
  pressOn,
} from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const search = (page: Page) => page.getByRole('combobox', { name: 'Search and commands' })
const results = (page: Page, group: string) => page.getByRole('group', { name: group }).getByRole('option')

/** What an input method does to the field that has the focus: it shows what is composed so far, or puts in the chosen word. */
async function inputMethod(page: Page) {
  const session = await page.context().newCDPSession(page)
  return {
    compose: (text: string) =>
      session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length }),
    choose: (text: string) => session.send('Input.insertText', { text }),
  }
}

test('search: a card that was just written is found in Chinese, by pinyin initials and with a typing error, offline too', async ({
  page,
  context,
}) => {
  await createWorkspace(page, relay.origin, 'Findings', '林小舟')
  await openFirstBoard(page)
  await addCard(page, '确认包装供应商的交期')
  await addCard(page, 'Freeze firmware 1.0')
  await context.setOffline(true)
  await page.keyboard.press('ControlOrMeta+k')
  await search(page).fill('供应商')
  await expect(results(page, 'Cards')).toHaveText([/确认包装供应商的交期/])
  await expect(results(page, 'Cards').locator('mark')).toHaveText(['供应商'])
  await search(page).fill('bzgys')
  await expect(results(page, 'Cards').locator('mark')).toHaveText(['包装供应商'])
  await search(page).fill('firmwaer')
  await expect(results(page, 'Cards')).toHaveText([/Freeze firmware 1.0/])
  await search(page).fill('lxz')
  await expect(results(page, 'People')).toHaveText([/林小舟/])
  // Under other things than its title, and where; what was put away below the others.
  await page.keyboard.press('Escape')
  await addCard(page, '冻结固件 #Firmware')
  await addCard(page, 'firmware and filters of last year')
  await cardNamed(page, 'filters of last year').getByRole('link').focus()
  await page.keyboard.press('e')
  await expect(cardNamed(page, 'filters of last year')).toHaveCount(0)
  await page.keyboard.press('ControlOrMeta+k')
  await search(page).fill('firmware')
  await expect(results(page, 'Cards')).toHaveText([
    /Freeze firmware 1.0\s*To do\s*·\s*First board/,
    /冻结固件\s*Labels: Firmware\s*To do\s*·\s*First board/,
    /firmware and filters of last year\s*Archived\s*To do\s*·\s*First board/,
  ])
  await search(page).fill('last year')
  await expect(results(page, 'Cards')).toHaveText([/Archived/])
  await page.keyboard.press('Enter')
  await expect(panelOf(page)).toContainText('archived')
  await page.keyboard.press('ControlOrMeta+k')
  // A command that is called so comes before it.
  await search(page).fill('Filters')
  await expect(page.getByRole('option').filter({ hasText: /filters/i })).toHaveText([/^\s*Filters\s*$/, /Archived/])
  await search(page).fill('鲸鱼')
  await expect(page.getByText('Nothing found.')).toBeVisible()
})

test('search by keyboard: the arrows choose, Enter opens the card where it is', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Keys', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Price list')
  await addCard(page, 'Price review')
  await page.getByRole('link', { name: 'Home' }).first().click()
  await page.keyboard.press('ControlOrMeta+k')
  await search(page).fill('price')
  await expect(results(page, 'Cards')).toHaveCount(2)
  const second = await results(page, 'Cards').nth(1).locator('mark').locator('..').innerText()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('card-panel').getByRole('textbox', { name: /title/i }).first()).toHaveValue(second)

  // As quick as no hand is: before the entries below the first ones are drawn, Up reaches the last of all.
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('card-panel')).toBeHidden()
  await page.evaluate(async () => {
    const press = (on: Element, key: string, ctrlKey: boolean) =>
      on.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }))
    press(document.body, 'k', true)
    let field: Element | null = null
    for (let turn = 0; !field && turn < 1000; turn++) {
      await Promise.resolve()
      field = document.querySelector('[role="combobox"]')
    }
    if (field) press(field, 'ArrowUp', false)
  })
  const last = page.getByRole('option').last()
  await expect(last).toHaveAttribute('aria-selected', 'true')
  await expect(last).toBeInViewport({ ratio: 1 })
  await expect(search(page)).toHaveAttribute('aria-activedescendant', (await last.getAttribute('id')) ?? '')
})

test('a card that came again week after week: each says where it stands and when it is due, how many there are is said, and all can be reached @long', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await createWorkspace(page, relay.origin, 'Weeks', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Weekly minutes 2027-03-01')
  await cardNamed(page, 'Weekly minutes').click()
  await panelOf(page).getByLabel('Column').selectOption({ label: 'Done' })
  await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  await addCard(page, 'Weekly minutes 2027-03-08')
  await page.keyboard.press('ControlOrMeta+k')
  await search(page).fill('weekly min')
  await expect(results(page, 'Cards')).toHaveText([
    /^\s*Weekly minutes\s*To do\s*·\s*Due 8 Mar 2027\s*·\s*First board\s*$/,
    /^\s*Weekly minutes\s*Done\s*Done\s*·\s*Due 1 Mar 2027\s*·\s*First board\s*$/,
  ])
  await page.keyboard.press('Escape')

  const lines = Array.from({ length: 68 }, () => 'Weekly minutes').join('\n')
  await page.evaluate((text) => navigator.clipboard.writeText(text), lines)
  await page.getByTestId('column').first().hover()
  await page.keyboard.press('Control+v')
  await page.getByRole('button', { name: 'Make 68 cards' }).click()
  await expect(page.getByText('Pasted 68 cards into To do').first()).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await search(page).fill('weekly min')
  const said = (words: string) => expect(page.locator('[aria-live=polite]').filter({ hasText: words })).toBeAttached()
  const cards = results(page, 'Cards').filter({ hasText: 'Weekly minutes' })
  const place = () => cards.evaluateAll((all) => all.findIndex((one) => one.getAttribute('aria-selected') === 'true'))
  await expect(page.getByRole('group', { name: 'Cards: 12 of 70' })).toBeVisible()
  await said('Cards: 12 of 70')
  await expect(cards).toHaveCount(12)
  const more = page.getByRole('option', { name: 'Show 50 more of 58' })
  while ((await more.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await said('Cards: 62 of 70')
  await expect(cards).toHaveCount(62)
  await expect(search(page)).toBeFocused()
  await expect(search(page)).toHaveValue('weekly min')
  // Chosen is the first of those that came, where the entry was.
  await expect.poll(place).toBe(12)
  await axeFindsNothing(page, '[role=dialog]')

  // The pointer does the same, and the focus stays in the field.
  await page.getByRole('option', { name: 'Show all 70 cards' }).click()
  await expect(cards).toHaveCount(70)
  await said('Cards: 70 of 70')
  await expect(search(page)).toBeFocused()
  await expect(page.getByRole('option', { name: /^Show/ })).toHaveCount(0)
  await expect(cards.filter({ hasText: 'Due' })).toHaveCount(2)

  // Whoever types on begins with the best again.
  await search(page).fill('weekly minu')
  await expect(cards).toHaveCount(12)
  await cards.nth(11).click()
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Weekly minutes')
})

test('Enter takes what was found for all that Ann has typed, also before the search has answered @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Quick', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Price list')
  await addCard(page, 'Oars')
  await page.keyboard.press('ControlOrMeta+k')
  await search(page).fill('price')
  await expect(results(page, 'Cards')).toHaveText([/Price list/])
  // In one go, as a paste and a key can be: what the question before found is still on the screen.
  const paste = (typed: readonly { text: string; enter: boolean }[]) =>
    search(page).evaluate((field: HTMLInputElement, typed) => {
      for (const { text, enter } of typed) {
        field.value = text
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))
        if (enter) field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
      }
    }, typed)
  await paste([{ text: 'oars', enter: true }])
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Oars')
  // Before there was any answer.
  await page.keyboard.press('ControlOrMeta+k')
  await paste([{ text: 'price', enter: true }])
  await expect(panelOf(page).getByRole('textbox', { name: 'Title' })).toHaveValue('Price list')
  // Who goes on typing has not chosen.
  await page.keyboard.press('ControlOrMeta+k')
  await paste([
    { text: 'price list', enter: true },
    { text: 'oars', enter: false },
  ])
  await expect(results(page, 'Cards')).toHaveText([/Oars/])

  // A key that is held, or a second press, answers no question that the first one has asked.
  const answers = page.getByRole('listbox', { name: 'Priority' }).getByRole('option')
  for (const twice of ['key', 'press']) {
    await search(page).fill('priority')
    const asks = page.getByRole('option', { name: 'Priority…' })
    if (twice === 'press') await asks.dblclick()
    else {
      while ((await asks.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
      for (let time = 0; time < 3; time++) await page.keyboard.down('Enter')
      await page.keyboard.up('Enter')
    }
    await expect(answers).toHaveCount(5)
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('Escape')
  await expect(panelOf(page).getByLabel('Priority')).toHaveValue('')
})

test('what Ann presses in the palette is what is done, also where the list moves before she lets go; who draws away lets it be @long', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Presses', 'Ann')
  await openFirstBoard(page)
  await page.keyboard.press('Control+k')
  await search(page).fill('s')
  const shortcuts = page.getByRole('option', { name: 'Keyboard shortcuts' })
  await shortcuts.scrollIntoViewIfNeeded()
  const away = await pressOn(page, shortcuts, 20, 10)
  await page.mouse.move(away.x + 20, away.y - 80, { steps: 3 })
  await page.mouse.up()
  await expect(search(page)).toBeVisible()
  const box = await pressOn(page, shortcuts, 20, 10)
  // The entries above it go while the button is down.
  await search(page).evaluate((input: HTMLInputElement) => {
    input.value = 'shortcuts'
    input.dispatchEvent(new Event('input', { bubbles: true }))
  })
  await expect.poll(async () => (await shortcuts.boundingBox())?.y).toBeLessThan(box.y - box.height)
  await page.mouse.up()
  await expect(search(page)).toBeHidden()
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')

  // Pressed with the other button it is no choice, nor is it one of a later press in its place.
  await page.keyboard.press('Control+k')
  await search(page).fill('shortcuts')
  const { x, y } = await boxOf(shortcuts)
  await page.mouse.click(x + 20, y + 10, { button: 'right' })
  await page.keyboard.press('Escape')
  await expect(search(page)).toBeHidden()
  await page.mouse.click(x + 20, y + 10)
  for (let time = 0; time < 2; time++) {
    await page.keyboard.press('Control+k')
    await expect(search(page)).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(search(page)).toBeHidden()
  }
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('what Ann calls otherwise than the product does she finds all the same: “mark done” and “recovery kit” lead to commands', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Words', 'Ann')
  await openFirstBoard(page)
  await page.keyboard.press('Control+k')
  await search(page).fill('recovery kit')
  await expect(page.getByRole('option', { name: 'Go to settings' })).toBeVisible()
  await search(page).fill('mark done')
  await expect(page.getByRole('option', { name: 'Column “Done”: Cards here are done' })).toBeVisible()
  await search(page).fill('swimlane')
  await expect(page.getByRole('option', { name: 'Group: By assignee' })).toBeVisible()
  await search(page).fill('assigned to me')
  await page.getByRole('option', { name: 'Show only my cards' }).click()
  await expect(page.getByTestId('card')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Remove condition: Ann' })).toBeVisible()
})

test('search with an input method: while a word is composed the list stays as it is', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Composing', 'Ann')
  await openFirstBoard(page)
  await addCard(page, '交期')
  await page.keyboard.press('ControlOrMeta+k')
  await search(page).fill('交')
  await expect(results(page, 'Cards')).toHaveText([/交期/])
  const pinyin = await inputMethod(page)
  /** Every state that the list goes through from here on. */
  await page.getByRole('listbox').evaluate((list) => {
    const seen: string[] = []
    new MutationObserver(() => seen.push(list.textContent ?? '')).observe(list, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    Object.assign(window, { seen })
  })
  for (const composed of ['q', 'qi']) {
    await pinyin.compose(composed)
    await expect(search(page)).toHaveValue(`交${composed}`)
  }
  expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([])
  await pinyin.choose('期')
  await expect(search(page)).toHaveValue('交期')
  await expect(results(page, 'Cards').locator('mark')).toHaveText(['交期'])

  // The same where labels are chosen; what was created a moment ago is not created once more.
  await page.keyboard.press('Enter')
  await panelOf(page).getByRole('button', { name: 'Choose labels' }).click()
  const options = page.getByRole('listbox', { name: 'Choose labels' }).getByRole('option')
  const picker = page.getByRole('combobox', { name: 'Choose labels' })
  await expect(picker).toBeFocused()
  const all = await options.allInnerTexts()
  await pinyin.compose('jin ji')
  await expect(picker).toHaveValue('jin ji')
  await expect(options).toHaveText(all)
  await pinyin.choose('紧急')
  await expect(options).toHaveText([/Create .*紧急/])
  await picker.evaluate((field: HTMLInputElement) => {
    for (let time = 0; time < 2; time++) {
      field.value = '紧急'
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    }
  })
  await page.getByRole('combobox', { name: 'Choose labels' }).fill('')
  await expect(options).toHaveText(['紧急', ...all])
})
