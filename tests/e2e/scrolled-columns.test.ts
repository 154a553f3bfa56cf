import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { boxOf, columnNamed, createWorkspace, twoPeople } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const columnsOf = (page: Page, titles: string[]) =>
  expect(page.getByTestId('column').getByRole('heading')).toHaveText(titles.map((title) => new RegExp(`^${title}`)))
const listIn = (page: Page, title: string) => columnNamed(page, title).locator('[data-cards]')

/** Sixty cards more in the first column, and as many in the last. */
async function bringIn(page: Page) {
  const rows = ['To do', 'Done'].flatMap((column) => Array.from({ length: 60 }, (_, i) => `${column} ${i},${column}`))
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  const wizard = page.getByRole('dialog', { name: 'Import CSV' })
  const buffer = Buffer.from(['Name,State', ...rows].join('\n'))
  await wizard.locator('input[type=file]').setInputFiles({ name: 'sixty.csv', mimeType: 'text/csv', buffer })
  await wizard.getByRole('button', { name: 'Import 120 cards' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

/** How far the column is scrolled, and the cards that are seen in it. */
const seenIn = (page: Page, title: string) =>
  listIn(page, title).evaluate((list) => {
    const box = list.getBoundingClientRect()
    const cards = [...list.querySelectorAll<HTMLElement>('[data-card]')].filter((card) => {
      const { top, bottom } = card.getBoundingClientRect()
      return top >= box.top && bottom <= box.bottom
    })
    return [Math.round(list.scrollTop), ...cards.map(({ textContent }) => textContent.trim())]
  })
/** Scrolled so far that its first cards are not drawn any more. */
async function scroll(page: Page, title: string) {
  await expect(columnNamed(page, title).getByText(`${title} 0`, { exact: true })).toBeAttached()
  await listIn(page, title).evaluate((list) => (list.scrollTop = 2_000))
  await expect(columnNamed(page, title).getByText(`${title} 0`, { exact: true })).toHaveCount(0)
  let last: unknown
  await expect
    .poll(async () => {
      const before = JSON.stringify(last)
      last = await seenIn(page, title)
      return before === JSON.stringify(last)
    })
    .toBe(true)
  const seen = await seenIn(page, title)
  expect(seen.length).toBeGreaterThan(4)
  return seen
}
const stillSeen = (page: Page, title: string, seen: readonly unknown[]) =>
  expect.poll(() => seenIn(page, title)).toEqual(seen)

async function choose(page: Page, title: string, item: string) {
  await page.getByRole('button', { name: `Column ${title}: actions` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a column that is put in another place stays as far scrolled as it was: by Ann’s menu, by undo and redo, by mouse, and by Bo', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bringIn(ann)
  const seen = { todo: await scroll(ann, 'To do'), done: await scroll(ann, 'Done') }
  const isAsItWas = async (titles: string[]) => {
    await columnsOf(ann, titles)
    await stillSeen(ann, 'To do', seen.todo)
    await stillSeen(ann, 'Done', seen.done)
  }
  await choose(ann, 'To do', 'Move right')
  await isAsItWas(['Doing', 'To do', 'Done'])
  await choose(ann, 'To do', 'Move right')
  await isAsItWas(['Doing', 'Done', 'To do'])
  await ann.keyboard.press('Control+z')
  await isAsItWas(['Doing', 'To do', 'Done'])
  await ann.keyboard.press('Control+z')
  await isAsItWas(['To do', 'Doing', 'Done'])
  await ann.keyboard.press('Control+Shift+z')
  await isAsItWas(['Doing', 'To do', 'Done'])

  const headOf = (title: string) => boxOf(columnNamed(ann, title).getByRole('heading'))
  const [from, to] = [await headOf('To do'), await headOf('Doing')]
  await ann.mouse.move(from.x + 10, from.y + 10)
  await ann.mouse.down()
  await ann.mouse.move(to.x + to.width / 4, to.y + 10, { steps: 8 })
  await isAsItWas(['To do', 'Doing', 'Done'])
  await ann.mouse.up()
  await expect(ann.locator('[data-carried]')).toHaveCount(0)
  await isAsItWas(['To do', 'Doing', 'Done'])

  await columnsOf(bo, ['To do', 'Doing', 'Done'])
  await choose(bo, 'Done', 'Move left')
  await isAsItWas(['To do', 'Done', 'Doing'])
  await choose(bo, 'Done', 'Move left')
  await isAsItWas(['Done', 'To do', 'Doing'])
  await choose(bo, 'Done', 'Move right')
  await isAsItWas(['To do', 'Done', 'Doing'])
  await leave()
})

test('a card that Ann has lifted by keyboard stays in sight and keeps the focus while Bo puts its column elsewhere', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  await bringIn(ann)
  await scroll(ann, 'Done')
  const link = ann.getByRole('link', { name: 'Done 45', exact: true })
  const lifted = ann.locator('[data-lifted=keyboard]')
  const announced = (words: string | RegExp) =>
    expect(ann.locator('[aria-live=polite]').filter({ hasText: words }).first()).toBeAttached()
  const isInHand = async (titles: string[]) => {
    await columnsOf(ann, titles)
    await expect(lifted).toContainText('Done 45')
    await expect(lifted).toBeInViewport()
    await expect(link).toBeFocused()
  }
  await link.focus()
  await ann.keyboard.press('Space')
  await announced('Lifted Done 45. Done, place 46 of 60')
  await columnsOf(bo, ['To do', 'Doing', 'Done'])
  await choose(bo, 'Done', 'Move left')
  await isInHand(['To do', 'Done', 'Doing'])
  await choose(bo, 'Done', 'Move left')
  await isInHand(['Done', 'To do', 'Doing'])
  await ann.keyboard.press('ArrowDown')
  await announced('Done, place 47 of 60')
  await expect(lifted).toBeInViewport()
  await choose(bo, 'Done', 'Move right')
  await isInHand(['To do', 'Done', 'Doing'])
  await ann.keyboard.press('Space')
  await announced('Dropped Done 45 in Done at place 47.')
  await expect(link).toBeFocused()
  await leave()
})

test('what Ann is typing goes on in its field, and her keys are no commands, while Bo puts the column elsewhere', async ({
  browser,
}) => {
  const { ann, bo, leave } = await twoPeople(browser, relay.origin)
  const done = columnNamed(ann, 'Done')
  const field = done.getByRole('textbox', { name: 'Add a card to Done' })
  await done.getByRole('button', { name: 'Add a card to Done' }).last().click()
  await expect(field).toBeFocused()
  await columnsOf(bo, ['To do', 'Doing', 'Done'])
  await choose(bo, 'Done', 'Move left')
  await columnsOf(ann, ['To do', 'Done', 'Doing'])
  await ann.keyboard.type('Paint the ')
  await choose(bo, 'Done', 'Move right')
  await columnsOf(ann, ['To do', 'Doing', 'Done'])
  await expect(field).toBeFocused()
  await ann.keyboard.type('mast')
  await choose(bo, 'To do', 'Move right')
  await choose(bo, 'To do', 'Move right')
  await columnsOf(ann, ['Doing', 'Done', 'To do'])
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('Paint the mast')
  await ann.keyboard.press('Enter')
  await expect(done.getByRole('link', { name: 'Paint the mast', exact: true })).toBeVisible()
  await leave()
})

test('touch at 360 px: a column that is moved by its menu is as far scrolled where it is then', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Pocket', 'Ann')
  await expect(page.getByTestId('column').first()).toBeVisible()
  await bringIn(page)
  const seen = await scroll(page, 'To do')
  await page.getByRole('button', { name: 'Column To do: actions' }).tap()
  await page.getByRole('menuitem', { name: 'Move right' }).tap()
  await columnsOf(page, ['Doing', 'To do', 'Done'])
  await columnNamed(page, 'To do').scrollIntoViewIfNeeded()
  await stillSeen(page, 'To do', seen)
  await context.close()
})

test('whoever leaves the board and comes Back is where they were: in each column, in all of them, and in the table', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1_000, height: 700 })
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await expect(page.getByTestId('column').first()).toBeVisible()
  await bringIn(page)
  const comeBack = async () => {
    await page.getByRole('link', { name: 'Home' }).first().click()
    await expect(page.getByRole('heading', { name: 'Home' }).first()).toBeVisible()
    await page.goBack()
  }
  const board = page.getByRole('group', { name: 'Columns' })
  const aside = () => board.evaluate((element) => element.scrollLeft)
  const [, ...todo] = await scroll(page, 'To do')
  await board.evaluate((element) => (element.scrollLeft = 10_000))
  const [, ...done] = await scroll(page, 'Done')
  const left = await aside()
  expect(left).toBeGreaterThan(100)
  await comeBack()
  await expect.poll(async () => (await seenIn(page, 'Done')).slice(1)).toEqual(done)
  expect(await aside()).toBe(left)
  await board.evaluate((element) => (element.scrollLeft = 0))
  await expect.poll(async () => (await seenIn(page, 'To do')).slice(1)).toEqual(todo)

  await page.getByRole('button', { name: 'Table' }).click()
  const table = page.getByRole('grid')
  const rowsAt = () => table.evaluate(({ scrollTop, scrollLeft }) => [scrollTop, scrollLeft])
  await expect(table).toBeVisible()
  await table.evaluate((element) => element.scrollTo(60, 1_200))
  expect(await rowsAt()).toEqual([1_200, 60])
  await comeBack()
  await expect.poll(rowsAt).toEqual([1_200, 60])
})
