/**
 * `npm run pictures` makes the README's pictures from the built application, a real relay and Chromium.
 * `npm run pictures -- --all FOLDER` makes every screen in both languages, both themes and two widths, to be looked at;
 * `--only board,card` and `--looks en-light-1440,zh-CN-dark-360` narrow that down.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser } from 'playwright'
import { ensureBuilt } from '../../sync-relay/prepare.mjs'
import { ensureChromium } from '../../tests/chromium.mjs'
import { readmePictures } from './readme.ts'
import { allLooks, nameOf } from './look.ts'
import { visitAll } from './tour.ts'

const { values } = parseArgs({
  options: { all: { type: 'string' }, only: { type: 'string' }, looks: { type: 'string' } },
})

await ensureBuilt()
const browser: Browser = await chromium.launch({
  executablePath: await ensureChromium(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--force-color-profile=srgb',
    '--font-render-hinting=none',
    // An address that no browser holds for secure, for the page that says so.
    '--host-resolver-rules=MAP tongzhou.example 127.0.0.1',
  ],
})
try {
  if (values.all === undefined) await readmePictures(browser, import.meta.dirname)
  else {
    const folder = resolve(values.all)
    const only = values.only?.split(',') ?? null
    const looks = allLooks.filter((look) => !values.looks || values.looks.split(',').includes(nameOf(look)))
    for (const look of looks) {
      const place = join(folder, nameOf(look))
      mkdirSync(place, { recursive: true })
      await visitAll(browser, look, async (name, page) => {
        if (only && !only.some((wanted) => name.startsWith(wanted))) return
        await page.screenshot({ path: join(place, `${name}.png`), animations: 'disabled', caret: 'hide' })
      })
      console.log(nameOf(look))
    }
  }
} finally {
  await browser.close()
}
