import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, createWorkspace, inviteLink, join, openFirstBoard, panelOf } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const descriptionOf = (page: Page) => panelOf(page).getByRole('textbox', { name: 'Description' })

test('Ann and Bo write in one description: runs stay runs, undo takes back one’s own words alone, on the board too', async ({
  browser,
}) => {
  const contexts = [await browser.newContext(), await browser.newContext()]
  const [ann, bo] = (await Promise.all(contexts.map((context) => context.newPage()))) as [Page, Page]
  await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  const board = ann.url()
  const link = await inviteLink(ann)
  await join(bo, link, 'Bo')
  await openFirstBoard(bo)
  await ann.goto(board)
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
  await ann.keyboard.type('Sizes: ')
  await both('Sizes: ')
  await bo.keyboard.press('ControlOrMeta+End')
  for (const [page, letter, text] of [
    [bo, 'x', 'Sizes: x'],
    [ann, 'a', 'Sizes: ax'],
    [bo, 'y', 'Sizes: axy'],
    [ann, 'b', 'Sizes: abxy'],
  ] as const) {
    await page.keyboard.type(letter)
    await both(text)
  }

  // Bo writes in the middle of what Ann wrote, with a paragraph of his own.
  await bo.keyboard.press('Enter')
  await bo.keyboard.type('Ask Cy.')
  await both('Sizes: abxyAsk Cy.')
  await expect(descriptionOf(ann).getByRole('paragraph')).toHaveText(['Sizes: abxy', 'Ask Cy.'])
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
  for (const context of contexts) await context.close()
})
