import { expect, test } from 'playwright/test'
import { en } from '../../src/lib/i18n/en.ts'
import { zhCN } from '../../src/lib/i18n/zh-CN.ts'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { axeFindsNothing } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

// Each look is half of it: what a theme, a language or a width breaks is seen in one of them.
const looks = [
  { scheme: 'light', t: en, locale: 'en', size: { width: 1440, height: 900 } },
  { scheme: 'dark', t: zhCN, locale: 'zh-CN', size: { width: 360, height: 740 } },
] as const

for (const { scheme, t, locale, size } of looks) {
  test(`axe finds nothing on any screen (${scheme}, ${locale}, ${size.width} px)`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme: scheme, reducedMotion: 'reduce', locale, viewport: size })
    const page = await context.newPage()
    const main = page.getByRole('main')
    const dialog = page.getByRole('dialog')
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const inMenu = async (name: string) => {
      await button(t.board.menu).click()
      await page.getByRole('menuitem', { name, exact: true }).click()
    }
    /** On a phone the places are in a drawer. */
    const goTo = async (name: string) => {
      if (size.width < 768) await button(t.nav.openSidebar).click()
      await page.getByRole('link', { name, exact: true }).first().click()
    }
    await page.goto(relay.origin)
    await expect(page.getByRole('button', { name: t.welcome.create })).toBeVisible()
    await axeFindsNothing(page)
    for (const [name, heading] of [
      [t.welcome.invited, t.welcome.invited],
      [t.welcome.recover, t.recover.title],
      [t.welcome.linkDevice, t.link.title],
      [t.welcome.create, t.create.title],
    ] as const) {
      await page.getByRole('button', { name }).first().click()
      await expect(page.getByRole('heading', { name: heading })).toBeVisible()
      await axeFindsNothing(page)
      if (name !== t.welcome.create) await button(t.common.back).click()
    }
    await page.getByLabel(t.create.workspaceName).fill('Skiff')
    await page.getByLabel(t.create.myName).fill('Ann')
    await button(t.create.submit).click()
    await expect(page.getByRole('heading', { name: t.kit.title })).toBeVisible()
    await axeFindsNothing(page)
    await page.getByRole('checkbox').check()
    await button(t.kit.continue).click()
    await expect(page.getByTestId('column').first()).toBeVisible()
    await goTo(t.people.title)
    await button(t.people.linkDevice).first().click()
    await dialog.getByRole('button', { name: t.link.start }).click()
    await expect(dialog.getByRole('textbox')).toBeVisible()
    await axeFindsNothing(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: t.people.invite }).first().click()
    await dialog.getByRole('button', { name: t.invite.make }).click()
    const link = dialog.getByRole('textbox', { name: t.invite.link })
    await expect(link).toBeVisible()
    await axeFindsNothing(page)
    const stranger = await (await browser.newContext({ colorScheme: scheme, locale, viewport: size })).newPage()
    await stranger.goto(await link.inputValue())
    await expect(stranger.getByLabel(t.join.myName)).toBeVisible()
    await axeFindsNothing(stranger)
    await stranger.goto(`${relay.origin}/join#nonsense`)
    await expect(stranger.getByRole('heading', { name: t.join.broken })).toBeVisible()
    await axeFindsNothing(stranger)
    await stranger.goto(`${relay.origin}/${'f'.repeat(32)}`)
    await expect(stranger.getByText(t.missing.workspace)).toBeVisible()
    await axeFindsNothing(stranger)
    await stranger.context().close()

    await page.goto(relay.origin)
    await page.getByRole('button', { name: t.welcome.demo }).click()
    const launch = main.getByRole('link', { name: /Product launch|新品上市/ }).first()
    await expect(launch).toBeVisible()
    await axeFindsNothing(page)
    await launch.click()
    await expect(page.getByTestId('card').first()).toBeVisible()
    await axeFindsNothing(page)
    await inMenu(t.board.history)
    await expect(page.getByTestId('history')).toBeFocused()
    await expect(page.getByTestId('history').getByRole('listitem').first()).toBeVisible()
    await axeFindsNothing(page)
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('history')).toHaveCount(0)
    await expect(button(t.board.menu)).toBeFocused()
    for (const name of [t.versions.open, t.board.archived, t.templates.save]) {
      await inMenu(name)
      await expect(dialog).toBeVisible()
      await axeFindsNothing(page, '[role="dialog"]')
      await page.keyboard.press('Escape')
      await expect(dialog).toHaveCount(0)
    }
    const doing = page.getByTestId('column').nth(1)
    for (const name of [t.limit.menu, t.board.archiveColumn]) {
      await doing.getByRole('button', { name: new RegExp(t.board.columnMenu('.+')) }).click()
      await page.getByRole('menuitem', { name, exact: true }).click()
      await expect(dialog).toBeVisible()
      await axeFindsNothing(page, '[role="dialog"]')
      await page.keyboard.press('Escape')
      await expect(dialog).toHaveCount(0)
    }
    for (const key of ['m', '?']) {
      await page.getByTestId('card').first().getByRole('link').focus()
      await page.keyboard.press(key)
      await expect(dialog).toBeVisible()
      await axeFindsNothing(page, '[role="dialog"]')
      await page.keyboard.press('Escape')
      await expect(dialog).toHaveCount(0)
    }
    await inMenu(t.board.importCsv)
    const file = { name: 'plan.csv', mimeType: 'text/csv', buffer: Buffer.from('title,due\nA card,nonsense\n,\n') }
    await dialog.locator('input[type=file]').setInputFiles(file)
    await expect(button(t.importing.import(1))).toBeEnabled()
    await axeFindsNothing(page)
    await button(t.importing.import(1)).click()
    await expect(page.getByRole('heading', { name: t.importing.done(1) })).toBeFocused()
    await axeFindsNothing(page)
    await button(t.common.done).click()
    await page.getByTestId('card').first().click()
    await expect(page.getByTestId('card-panel')).toBeVisible()
    await axeFindsNothing(page)
    // Of the palette and the plain pages the wide look is enough.
    if (size.width > 768) {
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('dialog', { name: t.palette.title })).toBeVisible()
      await axeFindsNothing(page)
      await page.keyboard.press('Escape')
      await button(t.card.close).click()
      for (const name of [t.people.title, t.settings.title]) {
        await goTo(name)
        await expect(page.getByRole('heading', { name }).first()).toBeVisible()
        await axeFindsNothing(page)
      }
    }
    await context.close()
  })
}
