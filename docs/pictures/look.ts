/** A look: language, theme and width of the window. A guest is a browser profile in such a look. */
import type { Browser, BrowserContext, Page } from 'playwright'
import { en } from '#lib/i18n/en.ts'
import type { Messages } from '#lib/i18n/messages.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import type { Locale } from '#lib/kernel/define-kind.ts'

export interface Look {
  locale: Locale
  theme: 'light' | 'dark'
  width: 1440 | 360
}

export const allLooks: readonly Look[] = (['en', 'zh-CN'] as const).flatMap((locale) =>
  (['light', 'dark'] as const).flatMap((theme) => ([1440, 360] as const).map((width) => ({ locale, theme, width }))),
)

export const nameOf = ({ locale, theme, width }: Look): string => `${locale}-${theme}-${width}`

/** What stands on the screen in this look: screens are found by the words that people see. */
export const wordsOf = ({ locale }: Look): Messages => (locale === 'en' ? en : zhCN)

export async function newGuest(browser: Browser, look: Look, scale = 1): Promise<[BrowserContext, Page]> {
  const phone = look.width === 360
  const context = await browser.newContext({
    viewport: { width: look.width, height: phone ? 740 : 900 },
    deviceScaleFactor: scale,
    colorScheme: look.theme,
    locale: look.locale === 'en' ? 'en-GB' : 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    hasTouch: phone,
    isMobile: phone,
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(`${nameOf(look)}: ${error.message}`))
  return [context, page]
}
