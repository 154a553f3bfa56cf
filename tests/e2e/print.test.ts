import { expect, test } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, createWorkspace, openFirstBoard } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('P55: the board on paper has every card that the filter lets through, and nothing of the interface', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Paper', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Order the mould #rush !high')
  await expect(page.getByTestId('card')).toHaveCount(3)
  const sheet = page.locator('.print-pages')
  await expect(sheet).toHaveCount(0)

  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await expect(sheet.getByRole('heading', { name: 'First board' })).toBeVisible()
  await expect(sheet.getByRole('row').filter({ hasText: 'Order the mould' })).toHaveText(/rush.*P1/)
  await expect(sheet.getByText(/ · 3 cards$/)).toBeVisible()
  // The head of a table stands on every page that it goes on on.
  await expect(sheet.locator('thead').getByRole('heading', { name: 'To do 3' })).toBeVisible()
  const widthOf = (name: string) =>
    sheet
      .getByRole('columnheader', { name, exact: true })
      .first()
      .evaluate((cell) => cell.getBoundingClientRect().width)
  expect(await widthOf('Title')).toBeGreaterThan(2 * (await widthOf('Assignees')))
  await expect(page.getByTestId('column').first()).toBeHidden()
  await expect(page.getByRole('navigation')).toBeHidden()
  expect(await sheet.evaluate((paper) => getComputedStyle(paper).color)).toBe('rgb(0, 0, 0)')
  expect((await page.pdf({ preferCSSPageSize: true })).byteLength).toBeGreaterThan(5_000)
  await page.emulateMedia({ media: 'screen' })
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await expect(sheet).toHaveCount(0)

  // From the menu the browser's own dialog opens; a filter is said on the sheet.
  await page.getByRole('searchbox').fill('mould')
  await page.evaluate(() => Object.assign(window, { print: () => dispatchEvent(new Event('beforeprint')) }))
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Print…' }).click()
  await expect(sheet).toHaveCount(1)
  await expect(sheet).toContainText('1 of 3 cards')
  await expect(sheet).toContainText('Filter: “mould”')
  await expect(sheet).not.toContainText('Invite a colleague')
})

test('P55: the sheet is there when the browser itself prints, the first time as well', async ({ page }) => {
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  await createWorkspace(page, relay.origin, 'Paper', 'Ann')
  await openFirstBoard(page)
  // What is on paper is what stands in the document when the browser has told everybody that it prints.
  await page.evaluate(() => {
    Object.assign(window, { printed: [] })
    addEventListener('beforeprint', () =>
      (window as unknown as { printed: string[] }).printed.push(
        document.querySelector('.print-pages')?.textContent ?? '',
      ),
    )
  })
  const printed = () => page.evaluate(() => (window as unknown as { printed: string[] }).printed)
  const fromMenu = async () => {
    await page.getByRole('button', { name: 'Board actions' }).click()
    await page.getByRole('menuitem', { name: 'Print…' }).click()
  }
  await fromMenu()
  await expect.poll(printed).toHaveLength(1)
  expect((await printed())[0]).toContain('Invite a colleague')
  await expect(page.locator('.print-pages')).toHaveCount(0)
  // So soon after the first one the browser may print nothing: no sheet is left then.
  await fromMenu()
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(page.locator('.print-pages')).toHaveCount(0)
  expect(errors).toEqual([])
})
