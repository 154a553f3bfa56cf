/** The pictures in the README: a board, a card, and the board on a phone. */
import type { Browser } from 'playwright'
import { join } from 'node:path'
import { newGuest, wordsOf, type Look } from './look.ts'
import { openStage } from './stage.ts'
import { openCard, openDemo, openDemoBoard } from './steps.ts'

const pictures: readonly { file: string; look: Look; card: boolean }[] = [
  { file: 'board-en-light.png', look: { locale: 'en', theme: 'light', width: 1440 }, card: false },
  { file: 'board-zh-dark.png', look: { locale: 'zh-CN', theme: 'dark', width: 1440 }, card: true },
  { file: 'board-zh-phone.png', look: { locale: 'zh-CN', theme: 'light', width: 360 }, card: false },
]

export async function readmePictures(browser: Browser, folder: string): Promise<void> {
  const stage = await openStage()
  try {
    for (const { file, look, card } of pictures) {
      const [context, page] = await newGuest(browser, look, look.width === 360 ? 2 : 1)
      const t = wordsOf(look)
      await openDemo(page, stage.origin, t)
      await openDemoBoard(page)
      if (card) await openCard(page, 1, 0)
      // What is under the pointer looks otherwise.
      await page.mouse.move(0, 0)
      await page.screenshot({ path: join(folder, file), animations: 'disabled', caret: 'hide' })
      await context.close()
      console.log(file)
    }
  } finally {
    await stage.end()
  }
}
