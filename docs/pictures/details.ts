/** What opens over a screen or stands on it only sometimes: menus, dialogs, pickers, nothing found, two values at once. */
import type { Browser, Page } from 'playwright'
import { newGuest, wordsOf, type Look } from './look.ts'
import type { Stage } from './stage.ts'
import { boardMenu, create, keepKit, openCard, openDemo, openDemoBoard } from './steps.ts'
import type { Shoot } from './tour.ts'

const firstOf = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
const dialogOf = (page: Page) => page.getByRole('dialog').last()

/** Waits for it, takes its picture, and closes it. */
async function over(page: Page, shoot: Shoot, name: string, role: 'dialog' | 'menu' = 'dialog'): Promise<void> {
  await page.getByRole(role).last().waitFor()
  await shoot(name, page)
  await page.keyboard.press('Escape')
  await page.getByRole(role).waitFor({ state: 'detached' })
}

export async function visitDetails(browser: Browser, look: Look, stage: Stage, shoot: Shoot): Promise<void> {
  const t = wordsOf(look)
  const zh = look.locale === 'zh-CN'
  const phone = look.width === 360
  const [context, page] = await newGuest(browser, look)
  const home = await openDemo(page, stage.origin, t)
  await openDemoBoard(page)
  const board = page.url()

  await firstOf(page, t.board.menu).click()
  await over(page, shoot, '82-board-menu', 'menu')
  await boardMenu(page, t, t.board.archived)
  await over(page, shoot, '82-archive-empty')
  await boardMenu(page, t, t.versions.open)
  await over(page, shoot, '82-versions')
  await boardMenu(page, t, t.templates.save)
  await over(page, shoot, '82-save-template')
  await firstOf(page, t.views.choose(t.views.everything)).click()
  await over(page, shoot, '82-view-menu', 'menu')

  // Filters: several conditions, a view of them, and nothing that fits.
  await firstOf(page, t.board.filters).click()
  await page.locator('[data-popover-content] input[type=checkbox]').first().check()
  await page.getByRole('checkbox', { name: t.card.priorities.p1 }).check()
  await page.keyboard.press('Escape')
  await shoot('83-conditions', page)
  await page.getByRole('button', { name: t.views.saveAs }).last().click()
  await over(page, shoot, '83-save-view')
  if (phone) await firstOf(page, t.board.filters).click()
  await page.getByRole('searchbox').fill('zzz')
  // Escape would empty the field first.
  if (phone) await firstOf(page, t.board.filters).click()
  await page.getByText(t.board.noMatch).first().waitFor()
  await shoot('83-nothing-fits', page)
  await page.getByRole('button', { name: t.table.layouts.table, exact: true }).click()
  await shoot('83-nothing-fits-table', page)
  await page.getByRole('button', { name: t.table.layouts.board, exact: true }).click()
  await page.getByRole('button', { name: t.board.clearFilter }).last().click()

  // Columns.
  const column = page.getByTestId('column').first()
  const ofColumn = async (entry: string) => {
    await column.getByRole('button', { name: /./ }).nth(1).click()
    await page.getByRole('menuitem', { name: entry, exact: true }).click()
  }
  await page.getByTestId('card').first().waitFor()
  await ofColumn(t.limit.menu)
  await over(page, shoot, '84-limit')
  await ofColumn(t.board.archiveColumn)
  await over(page, shoot, '84-archive-column')
  await column.getByRole('button', { name: t.board.addCard }).last().click()
  await page.keyboard.type(zh ? '明天给供应商打电话 #销售 p1 ~2h' : 'Call the supplier tomorrow #Sales p1 ~2h')
  await page.getByRole('group', { name: t.quick.understood }).or(page.getByText('P1').last()).first().waitFor()
  await shoot('84-quick-add', page)
  await page.keyboard.press('Escape')

  // The card.
  await page.goto(board)
  await page.getByTestId('card').first().waitFor()
  await openCard(page, 1, 0)
  const panel = page.getByTestId('card-panel')
  await panel.getByRole('button', { name: t.card.addAssignee }).click()
  await page.getByRole('listbox').getByRole('option').first().waitFor()
  await shoot('85-people', page)
  await page.keyboard.press('Escape')
  await panel.getByRole('button', { name: t.dates.calendar(t.card.due) }).click()
  await page.getByRole('grid').first().waitFor()
  await shoot('85-calendar', page)
  await page.keyboard.press('Escape')
  await panel.getByRole('button', { name: t.blocking.add }).click()
  await page.getByRole('listbox').getByRole('option').first().waitFor()
  await shoot('85-blocked-by', page)
  await page.keyboard.press('Escape')
  await panel.getByRole('textbox', { name: t.card.description }).click()
  await page.getByRole('toolbar', { name: t.text.toolbar }).waitFor()
  await shoot('85-description', page)
  await panel.getByRole('button', { name: t.card.addLabel }).click()
  await page
    .getByRole('button', { name: t.card.editLabel(zh ? '生产' : 'Production') })
    .or(page.getByRole('button', { name: new RegExp(t.card.editLabel('')) }))
    .first()
    .click()
  const name = dialogOf(page).getByLabel(t.card.labelName)
  await name.waitFor()
  await shoot('86-label', page)
  await name.fill(zh ? '销售' : 'Sales')
  await dialogOf(page).getByRole('status').waitFor()
  await shoot('86-label-twin', page)
  await page.goto(board)

  // Lanes and the table.
  await page.getByTestId('card').first().waitFor()
  await page.getByLabel(t.table.group).selectOption('department')
  await page.locator('[data-lane]').first().waitFor()
  await shoot('87-lanes', page)
  await page.getByTestId('card').first().getByRole('link').focus()
  await page.keyboard.press('m')
  await over(page, shoot, '87-lane-move')
  await page.getByLabel(t.table.group).selectOption('none')
  await page.getByRole('button', { name: t.table.layouts.table, exact: true }).click()
  await page.getByTestId('row').first().waitFor()
  await shoot('87-table', page)
  await page.getByTestId('row').nth(1).getByRole('checkbox').check()
  await page.getByText(t.bulk.selected(1)).first().waitFor()
  await shoot('87-table-chosen', page)
  await page.getByTestId('row').nth(1).getByRole('checkbox').uncheck()
  await page.getByRole('button', { name: t.table.layouts.board, exact: true }).click()

  // The past.
  await boardMenu(page, t, t.replay.open)
  const replay = page.getByTestId('replay')
  await replay.getByRole('slider').press('PageUp')
  await replay.getByRole('slider').press('ArrowLeft')
  const compare = firstOf(page, t.replay.compare).or(firstOf(page, t.replay.compareShort)).first()
  // It is not to be pressed before the moment is read.
  await compare.click({ trial: true })
  await shoot('88-replay', page)
  await compare.click()
  await page.getByTestId('changes').waitFor()
  await over(page, shoot, '88-since')
  await firstOf(page, t.replay.restoreBoard).or(firstOf(page, t.replay.restoreShort)).first().click()
  await over(page, shoot, '88-restore')
  await replay.getByRole('button', { name: t.replay.leave }).click()

  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('zzzz')
  await page.getByText(t.palette.nothing).waitFor()
  await over(page, shoot, '89-palette-nothing')
  await page.goto(home)
  await firstOf(page, t.home.createBoard).click()
  await dialogOf(page).getByRole('radio').nth(2).check({ force: true })
  await shoot('89-new-board-template', page)
  await page.keyboard.press('Escape')
  await page.goto(`${home}/people`)
  await firstOf(page, t.departments.create).click()
  await over(page, shoot, '89-department')
  await page.goto(`${home}/${'0'.repeat(32)}`)
  await page.getByText(t.board.notFound).waitFor()
  await shoot('89-board-missing', page)
  await context.close()
}

/** A workspace of one's own: its settings, a further device, files that are none, and one card changed by two at once. */
export async function visitOwn(browser: Browser, look: Look, stage: Stage, shoot: Shoot): Promise<void> {
  const t = wordsOf(look)
  const zh = look.locale === 'zh-CN'
  const [context, page] = await newGuest(browser, look)
  await page.goto(stage.origin)
  await firstOf(page, t.welcome.create).click()
  await create(page, t, zh ? '远帆科技' : 'Farsail Ltd.', zh ? '林小舟' : 'Ada Morgan')
  await keepKit(page, t)
  await page.getByTestId('card').first().waitFor()
  const board = page.url()
  const home = board.split('/').slice(0, -1).join('/')

  await boardMenu(page, t, t.versions.open)
  await over(page, shoot, '75-versions-empty')
  await boardMenu(page, t, t.board.importCsv)
  const nothing = { name: zh ? '报告.csv' : 'report.csv', mimeType: 'text/csv', buffer: Buffer.from([0, 1, 2, 0, 255]) }
  await page.locator('input[type=file]').setInputFiles(nothing)
  await page.getByRole('alert').waitFor()
  await over(page, shoot, '75-import-refused')
  await page.goto(`${home}/settings`)
  await page.getByRole('heading', { name: t.settings.workspace }).waitFor()
  await shoot('76-settings', page)
  await firstOf(page, t.settings.leave).scrollIntoViewIfNeeded()
  await shoot('76-settings-end', page)
  await firstOf(page, t.settings.renewKit).click()
  await over(page, shoot, '76-renew-kit')
  await firstOf(page, t.settings.leave).click()
  await over(page, shoot, '76-leave')

  await page.goto(`${home}/people`)
  await firstOf(page, t.people.linkDevice).click()
  await dialogOf(page).getByRole('button', { name: t.link.start }).click()
  const link = await dialogOf(page).getByLabel(t.link.pasteLabel).inputValue()
  await shoot('77-link-shown', page)
  await page.keyboard.press('Escape')
  await page.locator('[data-testid=sync-state][data-state=synced]').waitFor()
  const [hisContext, his] = await newGuest(browser, look)
  await his.goto(link)
  await his.getByLabel(t.link.deviceName).waitFor()
  await shoot('77-link-given', his)
  await his.getByRole('button', { name: t.link.submit }).click()
  await his.locator('main ul a').first().waitFor()
  await his.goto(board)
  await his.getByTestId('card').first().waitFor()
  await page.goto(board)
  await page.getByTestId('card').first().waitFor()

  // Apart, both set a priority.
  const offline = async (device: Page, then: string) => {
    await device.getByTestId('sync-state').click()
    await device.getByRole('switch').click()
    await device.keyboard.press('Escape')
    await device.locator(`[data-testid=sync-state][data-state=${then}]`).waitFor()
  }
  await offline(his, 'offline')
  for (const [device, priority] of [
    [page, 1],
    [his, 3],
  ] as const) {
    await device.getByTestId('card').first().getByRole('link').click()
    await device.getByTestId('card-panel').getByLabel(t.card.priority).selectOption({ index: priority })
    await device.getByTestId('card-panel').getByRole('button', { name: t.card.close }).click()
    await device.getByTestId('card-panel').waitFor({ state: 'detached' })
  }
  await shoot('78-offline-waiting', his)
  await page.locator('[data-testid=sync-state][data-state=synced]').waitFor()
  await offline(his, 'synced')
  await page.getByTestId('contested-bar').waitFor()
  await shoot('78-contested', page)
  await page.getByTestId('contested-bar').getByRole('link').first().click()
  await page.getByTestId('contested').waitFor()
  await shoot('78-contested-card', page)
  await page.getByTestId('card-panel').getByRole('button', { name: t.card.close }).click()

  // A board without a column.
  for (let left = await page.getByTestId('column').count(); left > 0; left -= 1) {
    const column = page.getByTestId('column').first()
    await column.getByRole('button', { name: /./ }).nth(1).click()
    await page.getByRole('menuitem', { name: t.board.archiveColumn, exact: true }).click()
    const asked = page.getByRole('dialog').getByRole('button', { name: t.board.archiveColumn })
    if (left === 3) await asked.click()
    await page
      .getByTestId('column')
      .nth(left - 1)
      .waitFor({ state: 'detached' })
  }
  await page.getByText(t.board.emptyTitle).waitFor()
  await shoot('79-board-empty', page)
  await hisContext.close()
  await context.close()
}
