import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, descriptionOf, moveCaret, panelOf, syncIs, twoPeople, workOffline } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('after a choice between words undo in the text takes that back first, and then what was written before it: nothing of hers is left, and whose words stay is told', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await addCard(ann, 'Sails')
  for (const page of [ann, bo]) {
    await cardNamed(page, 'Sails').click()
    await expect(descriptionOf(page)).toHaveAttribute('contenteditable', 'true')
  }
  await descriptionOf(ann).click()
  await ann.keyboard.type('costs 300')
  const reads = async (words: string | RegExp) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page).locator('p')).toHaveText(words)
  }
  await reads('costs 300')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const replacesPrice = async (page: Page, price: string) => {
    await descriptionOf(page).click()
    await moveCaret(page, 'Home')
    for (let letter = 0; letter < 'costs '.length; letter++) await page.keyboard.press('ArrowRight')
    for (let letter = 0; letter < 3; letter++) await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.type(price)
  }
  await replacesPrice(ann, '450')
  await replacesPrice(bo, '120')
  await workOffline(bo)
  const both = /^costs (450120|120450)$/
  await reads(both)

  const choices = (page: Page) => panelOf(page).getByTestId('contested').getByRole('group')
  await choices(ann)
    .getByRole('button', { name: /^Keep “(450120|120450)”/ })
    .click()
  await expect(choices(bo)).toHaveCount(0)
  await descriptionOf(ann).click()
  await ann.keyboard.press('ControlOrMeta+z')
  for (const page of [ann, bo]) await expect(choices(page)).toHaveCount(1)
  await ann.keyboard.press('ControlOrMeta+Shift+z')
  for (const page of [ann, bo]) await expect(choices(page)).toHaveCount(0)
  await reads(both)

  // Bo has chosen nothing: in what was chosen his words are his, and hers are hers.
  await descriptionOf(bo).click()
  await bo.keyboard.press('ControlOrMeta+z')
  await reads('costs 450')
  await expect(bo.getByText('Ann has put other words in that place since.').first()).toBeVisible()
  await bo.keyboard.press('ControlOrMeta+Shift+z')
  await reads(both)

  // Before her choice she wrote 450 for 300, in whose place Bo’s 120 stands, and all of the line before that.
  await descriptionOf(ann).click()
  for (const words of ['', 'costs 120', '120']) {
    await ann.keyboard.press('ControlOrMeta+z')
    if (words !== '') await reads(words)
  }
  await leave()
})
