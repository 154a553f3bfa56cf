import AxeBuilder from '@axe-core/playwright'
import { expect, test } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, createWorkspace, openFirstBoard, panelOf, retitle } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('Ann slides the board back by keyboard, sees who did what, and brings one card and then the board back (P18)', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Packaging')
  await retitle(page, 'Packaging', 'Boxes')
  await page.keyboard.press('Escape')
  await addCard(page, 'Price list')

  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  const replay = page.getByRole('region', { name: 'Replay of the board' })
  const slider = replay.getByRole('slider', { name: 'Moment' })
  await expect(slider).toBeFocused()
  await expect(replay).toContainText('Added “Price list” to “To do”')
  await slider.press('ArrowLeft')
  await expect(replay).toContainText('Renamed “Packaging” to “Boxes”')
  await expect(slider).toHaveAttribute('aria-valuetext', /Renamed “Packaging” to “Boxes”, Ann, /)
  await expect(cardNamed(page, 'Price list')).toHaveCount(0)
  await slider.press('ArrowLeft')
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await expect(page.getByRole('button', { name: /Add a card/ })).toHaveCount(0)
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations).toEqual([])

  // One card, while the rest stays as it is.
  await cardNamed(page, 'Packaging').click()
  await panelOf(page).getByRole('button', { name: 'Restore this card' }).click()
  await expect(page.getByText('“Packaging” is as it was then').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await slider.focus()
  await page.keyboard.press('Escape')
  await expect(replay).toHaveCount(0)
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await expect(cardNamed(page, 'Price list')).toHaveCount(1)

  // The whole board, and undo.
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Replay' }).click()
  await slider.press('Home')
  await expect(replay).toContainText('The beginning')
  await replay.getByRole('button', { name: 'Play' }).click()
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await replay.getByRole('button', { name: 'Pause' }).click()
  await expect(cardNamed(page, 'Price list')).toHaveCount(0)
  await replay.getByRole('button', { name: 'Restore the board to this moment' }).click()
  await expect(replay).toHaveCount(0)
  await expect(cardNamed(page, 'Packaging')).toHaveCount(1)
  await expect(cardNamed(page, 'Price list')).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await expect(cardNamed(page, 'Price list')).toHaveCount(1)
})
