import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  cardNamed,
  columnNamed,
  createWorkspace,
  descriptionOf,
  moveCaret,
  openFirstBoard,
  panelOf,
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

const cardIn = (page: Page, column: string) => columnNamed(page, column).getByTestId('card')
/** As from another application; for that the page must be allowed to write the clipboard. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((one) => navigator.clipboard.writeText(one), text)
  await page.keyboard.press('ControlOrMeta+v')
}

test('Ann and Bo write in one description: runs stay runs, undo takes back one’s own words alone, on the board too; what one does to a card in the other’s hand is said', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Order the sails')
  const both = async (text: string) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page)).toHaveText(text)
  }
  for (const page of [ann, bo]) {
    await cardNamed(page, 'Order the sails').click()
    await expect(descriptionOf(page)).toHaveAttribute('contenteditable', 'true')
    await descriptionOf(page).click()
  }

  // At one place, letter after letter.
  await ann.keyboard.type('Sizes:')
  await both('Sizes:')
  await bo.keyboard.press('ControlOrMeta+End')
  for (const [page, letter, text] of [
    [bo, 'x', 'Sizes:x'],
    [ann, 'a', 'Sizes:ax'],
    [bo, 'y', 'Sizes:axy'],
    [ann, 'b', 'Sizes:abxy'],
  ] as const) {
    await page.keyboard.type(letter)
    await both(text)
  }

  // Bo writes in the middle of what Ann wrote, with a paragraph of his own.
  await bo.keyboard.press('Enter')
  await bo.keyboard.type('Ask Cy.')
  await both('Sizes:abxyAsk Cy.')
  // Ann goes on where she was.
  await ann.keyboard.type('c')
  await both('Sizes:abcxyAsk Cy.')
  await expect(descriptionOf(ann).getByRole('paragraph')).toHaveText(['Sizes:abcxy', 'Ask Cy.'])
  const left = async (texts: string[]) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page).getByRole('paragraph')).toHaveText(texts)
  }
  for (let step = 0; step < 9; step++) {
    if ((await descriptionOf(ann).innerText()).startsWith('xy')) break
    const before = await descriptionOf(ann).innerText()
    await ann.keyboard.press('ControlOrMeta+z')
    await expect.poll(() => descriptionOf(ann).innerText()).not.toBe(before)
  }
  await left(['xy', 'Ask Cy.'])
  // Nothing of hers is left in the text, and the card that she added stays.
  await ann.keyboard.press('ControlOrMeta+z')
  await ann.keyboard.type('!')
  await expect(descriptionOf(bo)).toContainText('!')
  await expect(cardNamed(ann, 'Order the sails')).toHaveCount(1)

  // Outside the text the same history goes on: her last words first, named, and again by Redo; not yet the card.
  await ann.keyboard.press('Escape')
  await expect(panelOf(ann)).toHaveCount(0)
  await expect(cardNamed(ann, 'Order the sails').getByRole('link')).toBeFocused()
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(ann.getByText('Undone: Changed the description of “Order the sails”').last()).toBeVisible()
  await expect(descriptionOf(bo)).not.toContainText('!')
  await ann.keyboard.press('ControlOrMeta+Shift+z')
  await expect(descriptionOf(bo)).toContainText('!')

  // Ann archives the card in which Bo is writing: he goes on in it, and is told who did it.
  await expect(cardNamed(ann, 'Order the sails').getByRole('link')).toBeFocused()
  await ann.keyboard.press('e')
  const note = panelOf(bo).getByTestId('archived-note')
  await expect(note).toContainText(/^Ann archived this card/)
  await expect(cardNamed(bo, 'Order the sails')).toHaveCount(0)
  await expect(descriptionOf(bo)).toBeFocused()
  await bo.keyboard.type(' new numbers next')
  await expect(descriptionOf(bo)).toContainText('new numbers next')
  await expect(bo.getByRole('textbox', { name: /Add a card to/ })).toHaveCount(0)
  await note.getByRole('button', { name: 'Restore card' }).click()
  await expect(note).toHaveCount(0)
  await cardNamed(ann, 'Order the sails').click()
  await expect(descriptionOf(ann)).toContainText('new numbers next')
  // Somebody who opens it once it is archived, and is not in the middle of a word, finds it locked.
  await panelOf(bo).getByRole('button', { name: 'Archive card' }).click()
  await expect(panelOf(ann).getByTestId('archived-note')).toContainText(/^Bo archived this card/)
  await expect(descriptionOf(ann)).toHaveAttribute('contenteditable', 'false')
  // Restored from wherever it is, the message takes that back.
  const hers = panelOf(ann).getByTestId('archived-note')
  await hers.getByRole('button', { name: 'Restore card' }).click()
  await expect(hers).toHaveCount(0)
  // Whose doing it is that it lies there is as before.
  await takeBack(ann, 'Restored “Order the sails”')
  await expect(hers).toContainText(/^Bo archived this card/)
  await ann.keyboard.press('ControlOrMeta+k')
  await ann.getByRole('combobox', { name: 'Search and commands' }).fill('Restore card')
  await ann.getByRole('option', { name: 'Restore card' }).click()
  await expect(hers).toHaveCount(0)
  await expect(ann.getByText('Restored “Order the sails”').last()).toBeVisible()

  // Ann has the card in her hand while Bo moves it: hers counts, and she is told whose move that was, with a way back.
  await panelOf(ann).getByRole('button', { name: 'Close card' }).click()
  await expect(cardNamed(ann, 'Order the sails').getByRole('link')).toBeFocused()
  await ann.keyboard.press('Space')
  await expect(ann.locator('[data-lifted]')).toHaveCount(1)
  await ann.keyboard.press('ArrowRight')
  await expect(cardIn(ann, 'Doing')).toHaveCount(1)
  await cardNamed(bo, 'Order the sails').click()
  await panelOf(bo).getByLabel('Column', { exact: true }).selectOption({ label: 'Done' })
  await expect(cardIn(bo, 'Done')).toHaveCount(1)
  // She reads it while there is still time to think.
  await expect(ann.getByText('Bo moved “Order the sails” to Done while you held it.').last()).toBeVisible()
  await expect(ann.locator('[data-lifted]')).toHaveCount(1)
  await ann.keyboard.press('Space')
  const said = ann.getByText('Bo moved “Order the sails” to Done meanwhile. It is in Doing now.')
  // So does he whose place it took; what both are told stands there for some seconds only.
  const after = bo.getByText('Ann moved “Order the sails” to Doing, right after you moved it to Done.')
  await Promise.all([
    expect(said.last()).toBeVisible(),
    expect(after.last().locator('..').getByRole('button', { name: 'Move to Done' })).toBeVisible(),
  ])
  await expect(cardIn(bo, 'Doing')).toHaveCount(1)
  await ann.locator('[data-stays] > div').filter({ has: said }).getByRole('button', { name: 'Undo' }).click()
  for (const page of [ann, bo]) await expect(cardIn(page, 'Done')).toHaveCount(1)

  // The column under her hand is archived: the card falls back to where it was.
  await cardNamed(ann, 'Order the sails').getByRole('link').focus()
  await ann.keyboard.press('Space')
  await expect(ann.locator('[data-lifted]')).toHaveCount(1)
  await ann.keyboard.press('ArrowLeft')
  await expect(cardIn(ann, 'Doing')).toHaveCount(1)
  await columnNamed(bo, 'Doing').getByRole('button', { name: 'Column Doing: actions' }).click()
  await bo.getByRole('menuitem', { name: 'Archive column' }).click()
  await expect(
    ann.getByText('Bo archived the column meanwhile. “Order the sails” stays where it was.').last(),
  ).toBeVisible()
  await expect(cardIn(ann, 'Done')).toHaveCount(1)
  await leave()
})

test('of a word that Bo has put in the place of Ann’s her undo says so and leaves it alone; what comes back in a word with his is told, in the text and on the board, and lines stay lines; of a line that he has taken out nothing comes back', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Order the sails')
  for (const page of [ann, bo]) {
    await cardNamed(page, 'Order the sails').click()
    await expect(descriptionOf(page)).toHaveAttribute('contenteditable', 'true')
    await descriptionOf(page).click()
  }
  const both = async (...lines: (string | RegExp)[]) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page).getByRole('paragraph')).toHaveText(lines)
  }
  /** From the end back, as far as so many letters. */
  const select = async (page: Page, letters: number) => {
    await page.keyboard.press('ControlOrMeta+End')
    for (let nth = 0; nth < letters; nth++) await moveCaret(page, 'Shift+ArrowLeft')
  }
  const typeOver = async (page: Page, letters: number, text: string) => {
    await select(page, letters)
    await page.keyboard.type(text)
  }
  const message = (text: string) => ann.locator('[data-stays] > div').filter({ hasText: text })
  const said = (text: string) => expect(message(text)).toBeVisible()

  await ann.keyboard.type('costs 300')
  await both('costs 300')
  await typeOver(ann, 3, '350')
  await both('costs 350')
  await typeOver(bo, 3, '100')
  await both('costs 100')
  await ann.keyboard.press('ControlOrMeta+z')
  await said('Not undone: Changed the description of “Order the sails”')
  await said('Bo has put other words in that place since. They stay, and nothing comes back beside them.')
  await both('costs 100')

  // In the text.
  await select(ann, 3)
  await ann.keyboard.press('Backspace')
  await both('costs')
  await bo.keyboard.press('ControlOrMeta+End')
  await bo.keyboard.type('nothing')
  await both('costs nothing')
  const beside =
    'What Bo wrote or brought back there stands right beside other words now. Please look whether it still reads well.'
  await ann.keyboard.press('ControlOrMeta+z')
  await both(/^costs (100nothing|nothing100)$/)
  await said('Undone: Changed the description of “Order the sails”')
  await said(beside)
  await ann.keyboard.press('ControlOrMeta+Shift+z')
  await both('costs nothing')
  await expect(message(beside)).toHaveCount(0)

  // All that is there, of several lines.
  await ann.keyboard.press('ControlOrMeta+End')
  await ann.keyboard.press('Enter')
  await ann.keyboard.type('line two')
  await both('costs nothing', 'line two')
  await ann.keyboard.press('ControlOrMeta+a')
  await ann.keyboard.press('Backspace')
  await both('')
  await bo.keyboard.type('bo')
  await both('bo')
  await ann.keyboard.press('ControlOrMeta+z')
  await both('bo', 'costs nothing', 'line two')
  await expect(message(beside)).toHaveCount(0)

  // On the board.
  await select(ann, 3)
  await ann.keyboard.press('Backspace')
  await both('bo', 'costs nothing', 'line')
  await bo.keyboard.press('ControlOrMeta+End')
  await bo.keyboard.type('2')
  await both('bo', 'costs nothing', 'line 2')
  await ann.keyboard.press('Escape')
  await expect(panelOf(ann)).toHaveCount(0)
  await expect(cardNamed(ann, 'Order the sails').getByRole('link')).toBeFocused()
  await ann.keyboard.press('ControlOrMeta+z')
  await expect(descriptionOf(bo).getByRole('paragraph').last()).toHaveText(/^line (two2|2two)$/)
  await said(beside)

  const toFirstEnd = async () => {
    for (const key of ['ControlOrMeta+Home', 'End']) await moveCaret(ann, key)
  }
  // A line that she has begun.
  await cardNamed(ann, 'Order the sails').click()
  await expect(descriptionOf(ann)).toHaveAttribute('contenteditable', 'true')
  await descriptionOf(ann).click()
  await ann.keyboard.press('ControlOrMeta+a')
  await ann.keyboard.type('Order 300 sails')
  await ann.keyboard.press('Enter')
  await ann.keyboard.type('Paint the hull')
  await both('Order 300 sails', 'Paint the hull')
  await toFirstEnd()
  await ann.keyboard.press('Enter')
  await ann.keyboard.type('Do not use')
  await both('Order 300 sails', 'Do not use', 'Paint the hull')
  await bo.keyboard.press('ControlOrMeta+End')
  await moveCaret(bo, 'ArrowUp')
  await bo.keyboard.type(' the red varnish')
  await both('Order 300 sails', 'Do not use the red varnish', 'Paint the hull')
  await ann.keyboard.press('ControlOrMeta+z')
  await both('Order 300 sails', 'the red varnish', 'Paint the hull')
  await ann.keyboard.press('ControlOrMeta+Shift+z')
  await both('Order 300 sails', 'Do not use the red varnish', 'Paint the hull')

  // A line that Bo takes out: with its own mark, and up to the next one.
  const gone = 'Bo took out the line in which that stood. Nothing comes back there.'
  await typeOver(ann, 8, 'all decks')
  await both('Order 300 sails', 'Do not use the red varnish', 'Paint all decks')
  await select(bo, 'Paint all decks'.length)
  await bo.keyboard.press('Backspace')
  await bo.keyboard.press('Backspace')
  await both('Order 300 sails', 'Do not use the red varnish')
  await ann.keyboard.press('ControlOrMeta+z')
  await said('Not undone: Changed the description of “Order the sails”')
  await said(gone)
  await both('Order 300 sails', 'Do not use the red varnish')
  await toFirstEnd()
  for (let nth = 0; nth < 'sails'.length; nth++) await moveCaret(ann, 'Shift+ArrowLeft')
  await ann.keyboard.type('oars')
  await both('Order 300 oars', 'Do not use the red varnish')
  await expect(message(gone)).toHaveCount(0)
  await select(bo, 'Do not use the red varnish'.length)
  await moveCaret(bo, 'ArrowLeft')
  for (let nth = 0; nth < 'Order 300 oars'.length + 1; nth++) await moveCaret(bo, 'Shift+ArrowLeft')
  await bo.keyboard.press('Delete')
  await both('Do not use the red varnish')
  await ann.keyboard.press('Escape')
  await expect(panelOf(ann)).toHaveCount(0)
  await expect(cardNamed(ann, 'Order the sails').getByRole('link')).toBeFocused()
  await ann.keyboard.press('ControlOrMeta+z')
  await said(gone)
  await expect(descriptionOf(bo).getByRole('paragraph')).toHaveText(['Do not use the red varnish'])
  await leave()
})

test('a word that Ann composes with an input method stays one, whatever Bo does in the text meanwhile', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Order the sails')
  const paragraphs = async (texts: string[]) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page).getByRole('paragraph')).toHaveText(texts)
  }
  for (const page of [ann, bo]) {
    await cardNamed(page, 'Order the sails').click()
    await expect(descriptionOf(page)).toHaveAttribute('contenteditable', 'true')
    await descriptionOf(page).click()
  }
  // Each goes on where they are: she at the end, he before that.
  await ann.keyboard.type('two')
  await paragraphs(['two'])
  await bo.keyboard.type('one')
  await bo.keyboard.press('Enter')
  await paragraphs(['one', 'two'])
  const inputMethod = await ann.context().newCDPSession(ann)
  await inputMethod.send('Input.imeSetComposition', { text: 'wen', selectionStart: 3, selectionEnd: 3 })
  await expect(descriptionOf(ann)).toContainText('wen')
  await bo.keyboard.type('new')
  await bo.keyboard.press('Enter')
  // What he does after that is here.
  await panelOf(bo).getByLabel('Priority').selectOption({ label: 'P1 · High' })
  await expect(panelOf(ann).getByLabel('Priority')).toHaveValue('high')
  await inputMethod.send('Input.insertText', { text: '文字' })
  await paragraphs(['one', 'new', 'two文字'])
  // And goes on being what others see at once.
  await ann.keyboard.type('!')
  await paragraphs(['one', 'new', 'two文字!'])
  await descriptionOf(bo).focus()
  await bo.keyboard.type('er')
  await paragraphs(['one', 'new', 'ertwo文字!'])
  await leave()
})

test('what Bo types at the end of the paragraph in which Ann composes a word stays one run, also after Enter @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Order the sails')
  for (const page of [ann, bo]) {
    await cardNamed(page, 'Order the sails').click()
    await expect(descriptionOf(page)).toHaveAttribute('contenteditable', 'true')
    await descriptionOf(page).click()
  }
  await ann.keyboard.type('Minutes:')
  await expect(descriptionOf(bo)).toHaveText('Minutes:')
  await moveCaret(bo, 'End')
  const inputMethod = await ann.context().newCDPSession(ann)
  for (const [enter, composed, run] of [
    [false, '前半句', ['of glass', ' and wood']],
    [true, '后半句', ['three sizes', ' are clear']],
  ] as const) {
    await inputMethod.send('Input.imeSetComposition', { text: 'qianban', selectionStart: 7, selectionEnd: 7 })
    // What she composes is on his screen, behind his caret.
    await expect(descriptionOf(bo)).toContainText('qianban')
    if (enter) await bo.keyboard.press('Enter')
    await bo.keyboard.type(run[0])
    await inputMethod.send('Input.insertText', { text: composed })
    await expect(descriptionOf(bo)).toContainText(composed)
    await bo.keyboard.type(run[1])
    for (const page of [ann, bo]) await expect(descriptionOf(page)).toContainText(run.join(''))
  }
  await expect.poll(() => descriptionOf(ann).innerText()).toBe(await descriptionOf(bo).innerText())
  await leave()
})

test('what Ann pastes is kept whole, a long title too; a text that a description has no room for is not taken, and that is said', async ({
  page: ann,
}) => {
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openFirstBoard(ann)
  const title = 'Agreed with the supplier '.repeat(30).trim()
  await ann.getByRole('button', { name: 'Add a card' }).first().click()
  const entry = ann.getByRole('textbox', { name: /Add a card to/ })
  await expect(entry).toBeFocused()
  await paste(ann, title)
  await expect(entry).toHaveValue(title)
  await ann.keyboard.press('Enter')
  await expect(cardNamed(ann, title)).toHaveCount(1)

  await cardNamed(ann, title).click()
  await expect(panelOf(ann).getByRole('textbox', { name: 'Title' })).toHaveValue(title)
  await descriptionOf(ann).click()
  await ann.keyboard.type('Before.')
  const refused = ann.getByRole('paragraph').filter({ hasText: 'That is too long for a description' })
  for (const text of ['long '.repeat(60_000), 'line\n\n'.repeat(500)]) {
    await paste(ann, text)
    await expect(refused).toBeVisible()
    await ann.getByRole('button', { name: 'Dismiss' }).click()
    await expect(refused).toHaveCount(0)
    await expect(descriptionOf(ann)).toHaveText('Before.')
    await descriptionOf(ann).click()
    await ann.keyboard.press('ControlOrMeta+End')
  }
  // Nor does what has no words, a picture say, take the place of those that are chosen.
  await ann.keyboard.press('ControlOrMeta+a')
  await descriptionOf(ann).evaluate((text) => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File(['x'], 'mast.png', { type: 'image/png' }))
    text.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(ann.getByRole('paragraph').filter({ hasText: '1 picture was left out' })).toBeVisible()
  await expect(descriptionOf(ann)).toHaveText('Before.')
  await expect(descriptionOf(ann)).toBeFocused()
  await moveCaret(ann, 'ControlOrMeta+End')
  await ann.keyboard.type(' After.')
  await expect(descriptionOf(ann)).toHaveText('Before. After.')
  await syncIs(ann, 'Synced')
  await ann.reload()
  await expect(descriptionOf(ann)).toHaveText('Before. After.')
})

test('what Bo pastes in place of several paragraphs is shown to Ann without an error, and she stands where she stood @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const errors: string[] = []
  for (const page of [ann, bo]) {
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', ({ message }) => errors.push(message))
  }
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'Sails')
  for (const page of [ann, bo]) await cardNamed(page, 'Sails').click()
  const pasteLines = (lines: readonly string[]) => paste(bo, lines.join('\n\n'))
  const both = async (lines: readonly string[]) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page).getByRole('paragraph')).toHaveText(lines)
  }
  const first = ['one', 'two two', 'three']
  await descriptionOf(bo).click()
  await pasteLines(first)
  await both(first)
  const second = ['four', 'five five', 'six', 'seven https://example.com/x', 'eight']
  for (const lines of [second, first, second]) {
    await bo.keyboard.press('ControlOrMeta+a')
    await bo.keyboard.press('Delete')
    await pasteLines(lines)
    await both(lines)
  }
  await descriptionOf(ann).click()
  await ann.keyboard.press('ControlOrMeta+Home')
  await ann.keyboard.press('ArrowRight')
  // From the second paragraph to the end.
  await bo.keyboard.press('ControlOrMeta+Home')
  await bo.keyboard.press('ArrowDown')
  await bo.keyboard.press('ControlOrMeta+Shift+End')
  await bo.keyboard.press('Delete')
  await both(['four', ''])
  await ann.keyboard.type('-')
  await both(['f-our', ''])
  expect(errors).toEqual([])
  await leave()
})

test('what Ann types into a description in whose place Bo, apart, pastes another text stays together, and no word of his is torn', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bo.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await addCard(ann, 'Sails')
  for (const page of [ann, bo]) await cardNamed(page, 'Sails').click()
  await descriptionOf(bo).click()
  const old = ['The sails are made in March', 'and rigged in April', 'by the yard itself']
  await paste(bo, old.join('\n\n'))
  await expect(descriptionOf(ann).getByRole('paragraph')).toHaveText(old)
  await syncIs(bo, 'Synced')
  await workOffline(bo)
  await descriptionOf(bo).click()
  await bo.keyboard.press('ControlOrMeta+a')
  const wanted = ['Masts come from the mill in May', 'and are rigged with the same yard', 'as the year before']
  await paste(bo, wanted.join('\n\n'))
  await expect(descriptionOf(bo).getByRole('paragraph')).toHaveText(wanted)
  await descriptionOf(ann)
    .getByText('rigged')
    .click({ position: { x: 3, y: 8 } })
  await moveCaret(ann, 'End')
  await ann.keyboard.type(' 12345')
  await expect(descriptionOf(ann)).toContainText('April 12345')
  await workOffline(bo)
  for (const page of [ann, bo]) {
    await expect(descriptionOf(page)).toContainText('12345')
    for (const line of wanted) await expect(descriptionOf(page)).toContainText(line)
  }
  await expect.poll(() => descriptionOf(ann).innerText()).toBe(await descriptionOf(bo).innerText())
  // She goes on where she was.
  await ann.keyboard.type('678')
  for (const page of [ann, bo]) await expect(descriptionOf(page)).toContainText(' 12345678')
  await leave()
})

test('what Ann types at the end of a paragraph stays in it, whatever Bo, apart, makes of the next one', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Sails')
  for (const page of [ann, bo]) await cardNamed(page, 'Sails').click()
  await descriptionOf(ann).click()
  await ann.keyboard.type('Mend')
  await ann.keyboard.press('Enter')
  await ann.keyboard.type('Wash')
  const blocks = (page: Page) => descriptionOf(page).locator(':scope > *')
  await expect(blocks(bo)).toHaveText(['Mend', 'Wash'])
  const toolbar = panelOf(bo).getByRole('toolbar')
  let typed = 'Mend'
  // Into a list, into the other one, and out of it again.
  for (const [nth, format] of ['Bulleted list', 'Bulleted list', 'Numbered list', 'Numbered list'].entries()) {
    await syncIs(bo, 'Synced')
    await workOffline(bo)
    await syncIs(bo, 'Offline')
    await descriptionOf(ann)
      .getByText('Mend')
      .click({ position: { x: 3, y: 8 } })
    await moveCaret(ann, 'End')
    await ann.keyboard.type(` ${nth}`)
    await descriptionOf(bo).getByText('Wash').click()
    await toolbar.getByRole('button', { name: format }).click()
    await expect(descriptionOf(bo).getByRole('listitem')).toHaveCount(nth % 2 === 0 ? 1 : 0)
    await workOffline(bo)
    typed += ` ${nth}`
    for (const page of [ann, bo]) {
      await expect(blocks(page)).toHaveText([typed, 'Wash'])
      await expect(descriptionOf(page).getByRole('listitem')).toHaveCount(nth % 2 === 0 ? 1 : 0)
    }
  }
  await leave()
})

test('what Bo, apart, wrote in place of paragraphs in which Ann wrote is taken back before both without an error @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Sails')
  for (const page of [ann, bo]) await cardNamed(page, 'Sails').click()
  const old = ['The sails are made in March', 'and rigged in April', 'by the yard itself']
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await descriptionOf(ann).click()
  await paste(ann, old.join('\n\n'))
  await expect(descriptionOf(bo).getByRole('paragraph')).toHaveText(old)
  const errors: string[] = []
  for (const page of [ann, bo]) {
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', ({ message }) => errors.push(message))
  }
  await syncIs(bo, 'Synced')
  await workOffline(bo)
  await descriptionOf(bo).click()
  await bo.keyboard.press('ControlOrMeta+a')
  await bo.keyboard.type('Masts come from the mill in May')
  await expect(descriptionOf(bo)).toHaveText('Masts come from the mill in May')
  await descriptionOf(ann).click()
  await ann.keyboard.press('ControlOrMeta+Home')
  await ann.keyboard.press('End')
  await ann.keyboard.type(' 12345')
  await expect(descriptionOf(ann)).toContainText('in March 12345')
  await workOffline(bo)
  for (const page of [ann, bo]) await expect(descriptionOf(page)).toHaveText(/mill in May.* 12345/)
  await descriptionOf(bo).click()
  await bo.keyboard.press('ControlOrMeta+z')
  for (const page of [ann, bo]) {
    await expect(descriptionOf(page)).not.toContainText('mill')
    await expect(descriptionOf(page).getByRole('paragraph')).toHaveText([`${old[0]} 12345`, ...old.slice(1)])
  }
  await expect.poll(() => descriptionOf(ann).innerText()).toBe(await descriptionOf(bo).innerText())
  expect(errors).toEqual([])
  await leave()
})

test('what is copied from a table, a letter, Google Docs or Word is pasted as it was: cells and lines apart, bold and lists where they were', async ({
  page: ann,
}) => {
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openFirstBoard(ann)
  await ann.getByTestId('card').first().click()
  const paste = async (html: string) => {
    await descriptionOf(ann).click()
    await ann.keyboard.press('ControlOrMeta+a')
    await ann.evaluate(
      (one) => navigator.clipboard.write([new ClipboardItem({ 'text/html': new Blob([one], { type: 'text/html' }) })]),
      html,
    )
    await ann.keyboard.press('ControlOrMeta+v')
  }
  const lines = (wanted: string[]) => expect(descriptionOf(ann).locator('p, h5, li > p')).toHaveText(wanted)
  const sheet =
    '<table><tbody><tr><td>Item</td><td>Qty</td><td><b>Price</b></td></tr><tr><td>Bolt</td><td>12</td><td>34</td></tr><tr><td>Nut</td><td></td><td><p>56</p></td></tr></tbody></table>'
  await paste(sheet)
  await lines(['Item | Qty | Price', 'Bolt | 12 | 34', 'Nut |  | 56'])
  await expect(descriptionOf(ann).locator('strong')).toHaveText('Price')
  const letter =
    '<table><tr><td><div>Harbour Road 3<br>Bergen<br><br></div><p>Dear Ann,</p><br><p>we <i>agree.<br></i>Bo</p><ul><li>one<br>two</li><li>three</li></ul></td></tr></table>'
  await paste(letter)
  await lines(['Harbour Road 3', 'Bergen', 'Dear Ann,', 'we agree.', 'Bo', 'one', 'two', 'three'])
  await expect(descriptionOf(ann).getByRole('listitem')).toHaveCount(2)
  const docs =
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1f"><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400;font-style:normal">please </span><span style="font-size:11pt;font-weight:700">approve</span><span style="font-weight:400;font-style:italic"> soon</span></p><ul><li dir="ltr" style="font-weight:400"><p><span style="font-weight:400">one</span></p></li></ul></b>'
  await paste(docs)
  await lines(['please approve soon', 'one'])
  await expect(descriptionOf(ann).locator('strong')).toHaveText(['approve'])
  await expect(descriptionOf(ann).locator('em')).toHaveText([' soon'])
  const item = (level: number, sign: string, text: string) =>
    `<p class=MsoListParagraphCxSpMiddle style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:l0 level${level} lfo1'><!--[if !supportLists]--><span style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>${sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><!--[endif]--><b>${text}</b></p>`
  await paste(
    `<p class=MsoNormal>Plan</p>${item(1, '·', 'Hull')}${item(2, 'o', 'Keel')}${item(1, '·', 'Sails')}<p class=MsoNormal>then</p>${item(1, '1.', 'Paint')}${item(1, '2.', 'Launch')}`,
  )
  await lines(['Plan', 'Hull', 'Keel', 'Sails', 'then', 'Paint', 'Launch'])
  await expect(descriptionOf(ann).locator('ul > li > ul > li')).toHaveText(['Keel'])
  await expect(descriptionOf(ann).locator('ol > li')).toHaveText(['Paint', 'Launch'])
  await paste('<div>good<hr>bad<details><summary>More</summary>of it</details></div>')
  await lines(['good', 'bad', 'More', 'of it'])
  await paste('one<br>two<hr>three')
  await lines(['one', 'two', 'three'])
  await paste('<dl><dt>jib</dt><dt>genoa</dt><dd>the two</dd></dl>')
  await lines(['jib', 'genoa', 'the two'])
  await paste(
    `<p class=MsoNormal>Plan</p><p class=MsoListParagraph style='mso-list:l1 level1 lfo1'><span style='mso-list:Ignore'>（一）<span>&nbsp; </span></span>Hull</p>`,
  )
  await lines(['Plan', 'Hull'])
  await expect(descriptionOf(ann).locator('ol > li')).toHaveText(['Hull'])
  await paste(letter)
  // One's own text comes back as it was.
  await moveCaret(ann, 'ControlOrMeta+a')
  await ann.keyboard.press('ControlOrMeta+c')
  await moveCaret(ann, 'ControlOrMeta+End')
  await ann.keyboard.press('Enter')
  await ann.keyboard.press('Enter')
  await ann.keyboard.press('ControlOrMeta+v')
  await expect(descriptionOf(ann).getByRole('listitem')).toHaveCount(4)
})

test('what is struck out, ticked or a picture in what Ann pastes does not go without a word', async ({ page: ann }) => {
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openFirstBoard(ann)
  await ann.getByTestId('card').first().click()
  const pasteHtml = async (html: string) => {
    await descriptionOf(ann).click()
    await ann.keyboard.press('ControlOrMeta+a')
    await ann.evaluate(
      (one) => navigator.clipboard.write([new ClipboardItem({ 'text/html': new Blob([one], { type: 'text/html' }) })]),
      html,
    )
    await ann.keyboard.press('ControlOrMeta+v')
  }
  const lines = (wanted: string[]) => expect(descriptionOf(ann).locator('p, li > p')).toHaveText(wanted)
  await pasteHtml(
    '<p>Pay <s>100</s> <del>200 <b>or 300</b></del> 400<strike> no </strike>yes</p><div style="text-decoration-line: line-through"><p>two <i>thirds</i></p><p>of it</p></div>',
  )
  await lines(['Pay ~~100~~ ~~200 or 300~~ 400 ~~no~~ yes', '~~two thirds~~', '~~of it~~'])
  await expect(descriptionOf(ann).locator('strong')).toContainText('or 300')
  await pasteHtml(
    '<p><span style="text-decoration:underline line-through">gone</span><span style="text-decoration:none"> stays, </span><s style="text-decoration:none">this</s> and <s><code>run</code><br>next</s></p><table><tr><td><s>a</s></td><td><s>b</s></td></tr></table>',
  )
  await lines(['~~gone~~ stays, this and ~~run~~', '~~next~~', '~~a~~ | ~~b~~'])
  await expect(descriptionOf(ann).locator('code')).toHaveText('run')
  // GitHub, an editor of the web, Notion's pages, Google Docs, Confluence.
  await pasteHtml(
    '<ul class="contains-task-list"><li class="task-list-item"><input type="checkbox" class="task-list-item-checkbox" checked disabled> <b>Mast</b> up<ul><li class="task-list-item"><input type="checkbox" disabled> Boom</li></ul></li><li>Plain</li></ul>',
  )
  await lines(['[x] Mast up', '[ ] Boom', 'Plain'])
  await expect(descriptionOf(ann).locator('li li')).toHaveText('[ ] Boom')
  await pasteHtml(
    '<ul data-type="taskList"><li data-checked="true" data-type="taskItem"><label><input type="checkbox" checked><span></span></label><div><p>Hull</p></div></li></ul><ul class="to-do-list"><li><div class="checkbox checkbox-off"></div> <span class="to-do-children-unchecked">Keel</span></li><li><div class="checkbox checkbox-on"></div> <span class="to-do-children-checked">Deck</span></li></ul>',
  )
  await lines(['[x] Hull', '[ ] Keel', '[x] Deck'])
  const box = (state: string) =>
    `<img src="data:image/png;base64,iVBORw0KGgo=" width="18px" height="18px" alt="${state}" aria-roledescription="checkbox">`
  await pasteHtml(
    `<b style="font-weight:normal" id="docs-internal-guid-2"><ul><li role="checkbox" aria-checked="false" style="text-decoration:none">${box('unchecked')}<p><span style="text-decoration:none">Rig</span></p></li><li role="checkbox" aria-checked="true" style="text-decoration:line-through">${box('checked')}<p><span style="text-decoration:line-through">Sail</span></p></li></ul></b><ul class="inline-task-list"><li data-inline-task-id="1" class="checked">Oars</li><li data-inline-task-id="2">[ ] Ropes</li></ul>`,
  )
  await lines(['[ ] Rig', '[x] ~~Sail~~', '[x] Oars', '[ ] Ropes'])
  const leftOut = (words: string) => ann.getByRole('paragraph').filter({ hasText: words })
  await expect(leftOut('left out')).toHaveCount(0)
  await pasteHtml(
    '<p>Before <img src="https://example.invalid/a.png"> and <img src="b.png" alt="🎉"> after<img src="c.png"></p>',
  )
  await lines(['Before and 🎉 after'])
  await expect(leftOut('2 pictures were left out: a description holds text only.')).toBeVisible()
  await ann.getByRole('button', { name: 'Dismiss' }).click()
  // Pictures alone take the place of nothing.
  await pasteHtml('<img src="https://example.invalid/a.png">')
  await expect(leftOut('1 picture was left out: a description holds text only.')).toBeVisible()
  await lines(['Before and 🎉 after'])
})

test('boxes outside of lists, what a style sheet strikes out, and videos in what Ann pastes do not go without a word', async ({
  page: ann,
}) => {
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  await ann.getByTestId('card').first().click()
  /** As Office has it: the browser's own way onto the clipboard takes style sheets out. */
  const pasteHtml = async (html: string) => {
    await descriptionOf(ann).click()
    await ann.keyboard.press('ControlOrMeta+a')
    await descriptionOf(ann).evaluate((text, one) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/html', one)
      text.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, html)
  }
  const lines = (wanted: string[]) => expect(descriptionOf(ann).locator('p, li > p')).toHaveText(wanted)
  await pasteHtml(
    '<p><input type="checkbox" checked> Mast up</p><p>Agreed:<label><input type="checkbox">no</label> <span role="checkbox" aria-checked="true"><input type="checkbox" checked></span>yes</p><ul><li><input type="checkbox" checked> Hull, also <input type="checkbox"> inside</li></ul><table><tr><td>Keel</td><td><input type="checkbox" checked></td></tr><tr><td>Deck</td><td><input type="checkbox"></td></tr><tr><td>☑ Oars</td><td>TRUE</td></tr></table>',
  )
  await lines([
    '[x] Mast up',
    'Agreed: [ ] no [x] yes',
    '[x] Hull, also [ ] inside',
    'Keel | [x]',
    'Deck | [ ]',
    '☑ Oars | TRUE',
  ])
  const sheet = (rules: string) => `<html><head><style><!--table {mso-displayed-decimal-separator:"\\.";}
    @page {margin:.75in .7in;} td {font-weight:400; font-style:normal; text-decoration:none; mso-generic-font-family:auto;} ${rules} --></style></head>`
  await pasteHtml(
    `${sheet('.xl65 {text-decoration:line-through;} .xl66 {font-weight:700; text-decoration:underline;} .font5 {color:red; text-decoration:line-through;} .xl67 {font-style:italic;}')}<body><table><col width=64><tr><td class=xl65>Bolt</td><td class=xl66>12</td></tr><tr><td>Nut <font class="font5">old</font></td><td class=xl67>7</td></tr><tr><td>Sum</td><td class=xl65 style="text-decoration:none">19</td></tr></table></body></html>`,
  )
  await lines(['~~Bolt~~ | 12', 'Nut ~~old~~ | 7', 'Sum | 19'])
  await expect(descriptionOf(ann).locator('strong')).toHaveText(['12'])
  await expect(descriptionOf(ann).locator('em')).toHaveText(['7'])
  await pasteHtml(
    '<table><tr style="font-weight:bold"><td>Sum</td><td style="font-weight:400">of all</td><td>19</td></tr></table>',
  )
  await lines(['Sum | of all | 19'])
  await expect(descriptionOf(ann).locator('strong')).toHaveText(['Sum', '19'])
  await pasteHtml(
    `${sheet('p.MsoNormal {margin:0cm;} span.Gone {text-decoration:line-through;} span.Loud {font-weight:bold;}')}<body><p class=MsoNormal>Pay <span class=Gone>100</span> <span class=Loud>now</span></p></body></html>`,
  )
  await lines(['Pay ~~100~~ now'])
  await expect(descriptionOf(ann).locator('strong')).toHaveText(['now'])
  const leftOut = ann.getByRole('paragraph').filter({ hasText: 'left out' })
  await expect(leftOut).toHaveCount(0)
  // What has an address is a link to it.
  await pasteHtml(
    '<p>See<iframe src="//tube.example/embed/1" title="The launch">old browser</iframe></p><video controls><source src="https://example.invalid/mast.mp4">No video here</video><iframe src="https://tags.example/" width="0" height="0"></iframe>',
  )
  await lines(['See The launch', 'https://example.invalid/mast.mp4'])
  await expect(descriptionOf(ann).locator('a')).toHaveCount(2)
  await expect(descriptionOf(ann).getByRole('link', { name: 'The launch' })).toHaveAttribute(
    'href',
    'https://tube.example/embed/1',
  )
  await expect(leftOut).toHaveCount(0)
  await pasteHtml(
    '<p>Before <video src="blob:https://example.invalid/1"></video>after<img src="a.png"><iframe srcdoc="Hi"></iframe></p>',
  )
  await lines(['Before after'])
  await expect(leftOut).toHaveText(
    '1 picture and 2 videos or other embedded parts were left out: a description holds text only.',
  )
  await ann.getByRole('button', { name: 'Dismiss' }).click()
  // A video alone takes the place of nothing.
  await pasteHtml('<video src="blob:https://example.invalid/1">Sorry</video>')
  await expect(leftOut).toHaveText('1 video or other embedded part was left out: a description holds text only.')
  await lines(['Before after'])
})

test('Tab in a list nests its items and Shift+Tab takes them out; outside of one, for who comes by, and after Escape it goes on', async ({
  page: ann,
}) => {
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  await ann.getByTestId('card').first().click()
  const text = descriptionOf(ann)
  const shows = (html: string) =>
    expect.poll(() => text.evaluate((editor) => editor.innerHTML.replace(/<br[^>]*>/g, ''))).toBe(html)
  const press = async (...keys: string[]) => {
    for (const key of keys) await ann.keyboard.press(key)
  }
  await text.click()
  await press('Control+Shift+8')
  await shows('<ul><li><p></p></li></ul>')
  await ann.keyboard.type('sails')
  await press('Enter')
  await ann.keyboard.type('jib')
  await press('Tab')
  await shows('<ul><li><p>sails</p><ul><li><p>jib</p></li></ul></li></ul>')
  // There is no step further in, and what she types next belongs here.
  await press('Tab')
  await ann.keyboard.type('s')
  await expect(text).toBeFocused()
  await press('Shift+Tab')
  await shows('<ul><li><p>sails</p></li><li><p>jibs</p></li></ul>')

  await press('Escape')
  await expect(ann.getByRole('status').filter({ hasText: 'Tab now leaves the description' })).toBeAttached()
  await press('Tab')
  await expect(text).not.toBeFocused()
  // Who comes by with Tab, from either side, goes on with it.
  await press('Shift+Tab')
  await expect(text).toBeFocused()
  await press('Tab')
  await expect(text).not.toBeFocused()
  await press('Shift+Tab')
  await expect(text).toBeFocused()
  await press('Shift+Tab')
  await expect(text).not.toBeFocused()
  await press('Tab')
  await expect(text).toBeFocused()
  // Who has come to write stays.
  await text.getByText('jibs').click()
  await ann.keyboard.type('!')
  await press('Tab')
  await shows('<ul><li><p>sails</p><ul><li><p>jibs!</p></li></ul></li></ul>')
  await press('Shift+Tab', 'Shift+Tab')
  await shows('<ul><li><p>sails</p></li></ul><p>jibs!</p>')
  await press('Tab')
  await expect(text).not.toBeFocused()

  await text.getByText('sails').click()
  await press('Escape')
  await expect(panelOf(ann)).toBeVisible()
  await press('Escape')
  await expect(panelOf(ann)).toHaveCount(0)
})

test('an address that Ann types or pastes is a link, which opens by key and by touch; Shift+Enter begins a line', async ({
  page: ann,
}) => {
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await ann.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openFirstBoard(ann)
  await ann.getByTestId('card').first().click()
  const plan = `${relay.origin}/healthz`
  const links = (...wanted: string[]) => expect(descriptionOf(ann).locator('a')).toHaveText(wanted)
  await descriptionOf(ann).click()
  await ann.keyboard.type(`See ${plan}, then`)
  await ann.keyboard.press('Shift+Enter')
  await links(plan)
  await ann.keyboard.type('and https://example.com/b')
  await ann.keyboard.press('Enter')
  await paste(ann, '见https://example.com/计划')
  await links(plan, 'https://example.com/b', 'https://example.com/')
  await expect(descriptionOf(ann).locator('p')).toHaveText([
    `See ${plan}, then`,
    'and https://example.com/b',
    '见https://example.com/计划',
  ])
  await ann.keyboard.press('Enter')
  await ann.keyboard.type('the sketch')
  await moveCaret(ann, 'Shift+Home')
  await paste(ann, 'https://example.com/sketch')
  await links(plan, 'https://example.com/b', 'https://example.com/', 'the sketch')

  // With the cursor in a link the way there stands above the text.
  await descriptionOf(ann).locator('a').first().click()
  const open = panelOf(ann).getByRole('link', { name: `Open ${plan}` })
  await expect(open).toBeVisible()
  await expect(descriptionOf(ann)).toBeFocused()
  await ann.keyboard.press('Shift+Tab')
  await expect(open).toBeFocused()
  const opened = ann.context().waitForEvent('page')
  await ann.keyboard.press('Enter')
  expect((await opened).url()).toBe(plan)
})

test('what is taken back of paragraphs, headings, lists and quotations is shown to Ann and Bo as the description has it @long', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Sails')
  for (const page of [ann, bo]) await cardNamed(page, 'Sails').click()
  const shown = (page: Page) => descriptionOf(page).evaluate((text) => text.innerHTML.replace(/<br[^>]*>/g, ''))
  const both = async (html: string) => {
    for (const page of [ann, bo]) await expect.poll(() => shown(page)).toBe(html)
  }
  /** What follows is a step of its own. */
  const rest = async () => {
    for (const key of ['ArrowLeft', 'ArrowRight']) await moveCaret(ann, key)
  }
  await descriptionOf(ann).click()
  await ann.keyboard.type('one')
  await both('<p>one</p>')
  for (const [key, html] of [
    ['Enter', '<p>one</p><p></p>'],
    ['Control+Shift+8', '<ul><li><p>one</p></li></ul>'],
    ['Control+Shift+9', '<blockquote><p>one</p></blockquote>'],
    ['Control+Alt+2', '<h5 data-level="2">one</h5>'],
  ] as const) {
    await rest()
    await ann.keyboard.press(key)
    await both(html)
    await ann.keyboard.press('Control+z')
    await both('<p>one</p>')
    await ann.keyboard.press('Control+Shift+z')
    await both(html)
    await ann.keyboard.press('Control+z')
    await both('<p>one</p>')
  }
  await rest()
  await ann.keyboard.press('Enter')
  await both('<p>one</p><p></p>')
  await ann.keyboard.type('two')
  // Whoever goes on writes where the words are.
  await ann.keyboard.type('!')
  await both('<p>one</p><p>two!</p>')
  for (const page of [ann, bo]) {
    await page.reload()
    await descriptionOf(page).getByText('two!').waitFor()
  }
  await both('<p>one</p><p>two!</p>')

  // An item that is split at its beginning is two, also where it was a paragraph before.
  await descriptionOf(ann).getByText('two!').click()
  for (const key of ['Home', 'End']) await moveCaret(ann, key)
  await ann.keyboard.press('Control+Shift+8')
  await both('<p>one</p><ul><li><p>two!</p></li></ul>')
  await moveCaret(ann, 'Home')
  await ann.keyboard.press('Enter')
  const split = '<p>one</p><ul><li><p></p></li><li><p>two!</p></li></ul>'
  await both(split)
  await ann.keyboard.press('Control+z')
  await both('<p>one</p><ul><li><p>two!</p></li></ul>')
  await ann.keyboard.press('Control+Shift+z')
  await both(split)
  await leave()
})
