/** Cards that go to another board and come back: what is said of that where they were, and before a moment is restored. */
import type { Browser } from 'playwright'
import { newGuest, wordsOf, type Look } from './look.ts'
import type { Stage } from './stage.ts'
import { boardMenu, openDemo, openDemoBoard } from './steps.ts'
import type { Shoot } from './tour.ts'

export async function visitMoves(browser: Browser, look: Look, stage: Stage, shoot: Shoot): Promise<void> {
  const t = wordsOf(look)
  const [context, page] = await newGuest(browser, look)
  const home = await openDemo(page, stage.origin, t)
  const other = look.locale === 'zh-CN' ? '供应商协调' : 'Suppliers'
  const dialog = page.getByRole('dialog')
  const note = page.getByTestId('archived-note')
  const gone = () => dialog.waitFor({ state: 'detached' })

  await page.getByRole('button', { name: t.board.importCsv }).first().click()
  await dialog.waitFor()
  await shoot('91-import-new-board', page)
  await page.keyboard.press('Escape')
  await gone()
  await page.getByRole('button', { name: t.home.createBoard }).first().click()
  await dialog.getByRole('textbox').first().fill(other)
  await page.keyboard.press('Enter')
  await gone()
  await page.getByTestId('column').first().waitFor()
  const there = page.url()
  await page.goto(home)
  await openDemoBoard(page)
  const first = page.getByTestId('card').first().getByRole('link')
  const title = await first.innerText()
  const titled = page.getByTestId('card').filter({ hasText: title })
  const move = async (to: string) => {
    await titled.first().getByRole('link').focus()
    await page.keyboard.press('m')
    await dialog.waitFor()
    await dialog.getByLabel(t.move.board).selectOption(to)
    await dialog.getByRole('button', { name: t.move.move, exact: true }).click()
    await titled.first().waitFor({ state: 'detached' })
  }
  const openArchived = async () => {
    await boardMenu(page, t, t.board.archived)
    await dialog.waitFor()
    await shootArchive()
    await dialog.getByRole('link', { name: title }).first().click()
    await note.getByRole('link').waitFor()
  }
  let at = ''
  const shootArchive = () => shoot(`92-archive-${at}`, page)
  const shootNote = async () => {
    await shoot(`92-note-${at}`, page)
    await note.getByRole('link').click()
    await note.waitFor({ state: 'detached' })
  }
  const back = page.url()
  await move(other)
  at = 'moved'
  await openArchived()
  await shootNote()
  await page.keyboard.press('Escape')
  await page.goto(back)
  await page.getByTestId('card').first().waitFor()
  await page.keyboard.press('Control+z')
  await titled.first().waitFor()
  await page.goto(there)
  await page.getByTestId('column').first().waitFor()
  at = 'back'
  await openArchived()
  await shootNote()

  // Going back to a moment before something came.
  await page.goto(back)
  await titled.first().waitFor()
  await move(other)
  await page.goto(there)
  await titled.first().waitFor()
  await boardMenu(page, t, t.replay.open)
  await page.getByTestId('replay').getByRole('slider').press('ArrowLeft')
  await titled.first().waitFor({ state: 'detached' })
  await page
    .getByRole('button', { name: t.replay.restoreBoard })
    .or(page.getByRole('button', { name: t.replay.restoreShort }))
    .first()
    .click()
  await dialog.waitFor()
  await shoot('93-restore-came', page)
  await context.close()
}
