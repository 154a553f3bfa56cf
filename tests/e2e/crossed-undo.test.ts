import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, descriptionOf, moveCaret, panelOf, syncIs, twoPeople, workOffline } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('Ann and Bo take back and do again what they wrote in one description, crossing each other: sentences stay whole, formats and choices are there again, and undo goes step by step', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const begin = async (title: string, words: string) => {
    await addCard(ann, title)
    for (const page of [ann, bo]) {
      await cardNamed(page, title).click()
      await expect(descriptionOf(page)).toHaveAttribute('contenteditable', 'true')
    }
    await descriptionOf(ann).click()
    await ann.keyboard.insertText(words)
    await reads(words)
  }
  const reads = async (words: string) => {
    for (const page of [ann, bo]) await expect(descriptionOf(page).locator('p')).toHaveText(words)
  }
  const end = async () => {
    for (const page of [ann, bo]) await panelOf(page).getByRole('button', { name: 'Close card' }).click()
  }
  const selectLastWord = async (page: Page) => {
    await descriptionOf(page).click()
    await moveCaret(page, 'Home')
    await moveCaret(page, 'End')
    await moveCaret(page, 'Control+Shift+ArrowLeft')
  }
  const presses = async (page: Page, key: 'z' | 'Shift+z') => {
    await descriptionOf(page).focus()
    await page.keyboard.press(`ControlOrMeta+${key}`)
  }

  await begin('Plan', 'see the plan')
  await selectLastWord(bo)
  await bo.keyboard.insertText('sketch')
  await reads('see the sketch')
  for (const [page, key, words] of [
    [ann, 'z', 'sketch'],
    [bo, 'z', ''],
    [ann, 'Shift+z', 'see the plan'],
    [bo, 'Shift+z', 'see the sketch'],
  ] as const) {
    await presses(page, key)
    await reads(words)
  }
  await end()

  await begin('Bold', 'one two three')
  await selectLastWord(bo)
  await bo.keyboard.press('ControlOrMeta+b')
  for (const page of [ann, bo]) await expect(descriptionOf(page).locator('strong')).toHaveText('three')
  await presses(ann, 'z')
  await reads('')
  await presses(ann, 'Shift+z')
  for (const page of [ann, bo]) await expect(descriptionOf(page).locator('strong')).toHaveText('three')
  await end()

  await begin('Pier', 'Meet at the north')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  await selectLastWord(ann)
  await ann.keyboard.press('ControlOrMeta+b')
  await expect(descriptionOf(ann).locator('strong')).toHaveText('north')
  await selectLastWord(bo)
  await bo.keyboard.press('Delete')
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  await reads('Meet at the')
  await presses(ann, 'z')
  const told = ann.locator('[data-stays] > div').filter({ hasText: 'Bo has taken that out or replaced it since' })
  await expect(told).toContainText('Undone: Changed the description of “Pier”')
  await reads('Meet at the')
  await presses(ann, 'z')
  await reads('')
  await presses(ann, 'Shift+z')
  await reads('Meet at the')
  await end()

  await begin('Price', 'costs 300')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  for (const [page, price] of [
    [ann, '450'],
    [bo, '120'],
  ] as const) {
    await selectLastWord(page)
    await page.keyboard.insertText(price)
  }
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  const choices = (page: Page) => panelOf(page).getByTestId('contested').getByRole('group')
  for (const page of [ann, bo]) await expect(choices(page)).toHaveCount(1)
  await presses(ann, 'z')
  for (const page of [ann, bo]) await expect(choices(page)).toHaveCount(0)
  await presses(ann, 'Shift+z')
  for (const page of [ann, bo]) await expect(choices(page)).toHaveCount(1)
  await end()

  await begin('Link', 'one two three')
  await workOffline(bo)
  await syncIs(bo, 'Offline')
  const link = (page: Page) => descriptionOf(page).getByRole('link', { name: 'three' })
  for (const [page, address] of [
    [ann, 'https://ann.example/'],
    [bo, 'https://bo.example/'],
  ] as const) {
    await selectLastWord(page)
    await page.keyboard.press('ControlOrMeta+Shift+k')
    await panelOf(page).getByRole('textbox', { name: 'Address of the link' }).fill(address)
    await page.keyboard.press('Enter')
    await expect(link(page)).toHaveAttribute('href', address)
  }
  await workOffline(bo)
  await syncIs(bo, 'Synced')
  for (const page of [ann, bo]) await expect(choices(page)).toHaveCount(1)
  await choices(ann)
    .getByRole('button', { name: /ann\.example/ })
    .click()
  for (const page of [ann, bo]) {
    await expect(choices(page)).toHaveCount(0)
    await expect(link(page)).toHaveAttribute('href', 'https://ann.example/')
  }
  await presses(ann, 'z')
  for (const page of [ann, bo]) await expect(choices(page)).toHaveCount(1)
  await presses(ann, 'z')
  // Whether hers counted or his, it is his that is left.
  for (const page of [ann, bo]) await expect(link(page)).toHaveAttribute('href', 'https://bo.example/')
  await reads('one two three')
  await leave()
})
