/** What people do, for the browser tests: by the names they see on the screen. */
import { readFileSync } from 'node:fs'
import axe from 'axe-core'
import jsQR from 'jsqr'
import { expect, type Browser, type Locator, type Page } from 'playwright/test'

type Axe = typeof axe

export interface Kit {
  words: string
  workspace: string
  relay: string
}

/** Creates a workspace from the start page, keeps the kit, and lands in the workspace. */
export async function createWorkspace(page: Page, origin: string, name: string, person: string): Promise<Kit> {
  await page.goto(origin)
  await page.getByRole('button', { name: /Create a workspace/ }).click()
  await page.getByLabel('Workspace name').fill(name)
  await page.getByLabel('Your name').fill(person)
  await page.getByRole('button', { name: 'Create workspace' }).click()
  return keepKit(page)
}

/** Reads the kit that is on the screen, says that it is kept, and goes on. */
export async function keepKit(page: Page): Promise<Kit> {
  await expect(page.getByRole('heading', { name: 'Your recovery kit' })).toBeVisible()
  const words = await page
    .getByRole('list', { name: /Recovery words/ })
    .getByRole('listitem')
    .allInnerTexts()
  const said = (term: string) => page.getByRole('term').filter({ hasText: term }).locator('+ dd').innerText()
  const kit = { words: words.join('\n'), workspace: await said('Workspace'), relay: await said('Server') }
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  return kit
}

export async function openFirstBoard(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /First board/ })
    .first()
    .click()
  await expect(page.getByTestId('column').first()).toBeVisible()
  // It may have been open before: whoever gives a card the focus while the page is still on its way would lose it again.
  await page.waitForFunction(() => !document.activeElement?.matches('a'))
}

export async function inviteLink(page: Page, whom = ''): Promise<string> {
  await page.getByRole('link', { name: 'People' }).first().click()
  await page.getByRole('button', { name: 'Invite someone', exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'For whom' }).fill(whom)
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  await page.keyboard.press('Escape')
  return link
}

export async function join(page: Page, link: string, person: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill(person)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await keepKit(page)
}

/** Ann does, under People. */
export async function removeBo(ann: Page): Promise<void> {
  await ann.getByRole('link', { name: 'People' }).first().click()
  await ann.getByRole('button', { name: 'Bo: actions' }).click()
  await ann.getByRole('menuitem', { name: /Remove from workspace/ }).click()
  await ann
    .getByRole('alertdialog')
    .or(ann.getByRole('dialog'))
    .getByRole('button', { name: 'Remove from workspace' })
    .click()
}

/** Ann creates a workspace and invites Bo, on a device of his own; both have its first board before them. */
export async function twoPeople(
  browser: Browser,
  origin: string,
): Promise<{ ann: Page; bo: Page; board: string; leave: () => Promise<void> }> {
  const [hers, his] = [await browser.newContext(), await browser.newContext()]
  const [ann, bo] = [await hers.newPage(), await his.newPage()]
  await createWorkspace(ann, origin, 'Skiff', 'Ann')
  await openFirstBoard(ann)
  const board = ann.url()
  await join(bo, await inviteLink(ann), 'Bo')
  await openFirstBoard(bo)
  await openFirstBoard(ann)
  const leave = async () => {
    for (const context of [hers, his]) await context.close()
  }
  return { ann, bo, board, leave }
}

/** Ends the page's SharedWorker as a browser does that needs its memory: at once, without a word to it. */
export const killCore = async (page: Page): Promise<void> => (await coreKiller(page))()

/** The same for whoever must be quick: it is found now, and ended by what this gives back. */
export async function coreKiller(page: Page): Promise<() => Promise<void>> {
  const own = await page.context().newCDPSession(page)
  const { targetInfo: here } = await own.send('Target.getTargetInfo')
  await own.detach()
  const session = await page.context().browser()!.newBrowserCDPSession()
  const { targetInfos } = await session.send('Target.getTargets')
  const cores = targetInfos.filter(
    ({ type, title, browserContextId }) =>
      type === 'shared_worker' && title === 'tongzhou-core' && browserContextId === here.browserContextId,
  )
  expect(cores).toHaveLength(1)
  return async () => {
    for (const { targetId } of cores) await session.send('Target.closeTarget', { targetId })
    await session.detach()
  }
}

/** What the framework warns of while the page is used: that something outlives its screen, for example. */
export function frameworkWarnings(page: Page): readonly string[] {
  const warnings: string[] = []
  page.on('console', (message) => message.text().includes('svelte.dev/e/') && warnings.push(message.text()))
  return warnings
}

export const syncIs = (page: Page, state: string) =>
  expect(page.getByTestId('sync-state').first()).toHaveAccessibleName(new RegExp(`Sync: ${state}`))

/** Opens the field for a new card in the first column. */
export async function openQuickAdd(page: Page): Promise<Locator> {
  const column = page.getByTestId('column').first()
  await column
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  return column.getByRole('textbox', { name: /Add a card to/ })
}

export async function addCard(page: Page, title: string): Promise<void> {
  const field = await openQuickAdd(page)
  await field.fill(title)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
}

/** By its title alone: beside it stand the initials of whoever edits the card, and “Alpha” with a B would pass for “Alpha B”. */
export const cardNamed = (page: Page, title: string) =>
  page.getByTestId('card').filter({ has: page.locator('[data-card-link]', { hasText: title }) })

export const columnNamed = (page: Page, title: string) =>
  page.getByTestId('column').filter({ has: page.getByRole('heading', { name: title }) })

export const panelOf = (page: Page) => page.getByTestId('card-panel')
export const descriptionOf = (page: Page) => panelOf(page).getByRole('textbox', { name: 'Description' })

/** Opens the card unless it is open, and gives it another title. */
export async function retitle(page: Page, from: string, to: string): Promise<void> {
  const title = panelOf(page).getByRole('textbox', { name: 'Title' })
  if (!(await title.isVisible())) await cardNamed(page, from).click()
  await expect(title).toHaveValue(from)
  await title.fill(to)
  await title.press('Enter')
  await expect(cardNamed(page, to)).toHaveCount(1)
}

/** Ann creates a board, which Bo sees. */
export async function createBoard(ann: Page, bo: Page, name: string): Promise<void> {
  await ann.getByRole('link', { name: 'Home' }).first().click()
  await ann.getByRole('button', { name: 'Create a board' }).first().click()
  await ann.getByRole('dialog').getByLabel('Board name').fill(name)
  await ann.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()
  await expect(ann.getByRole('heading', { name })).toBeVisible()
  await expect(bo.getByRole('link', { name }).first()).toBeVisible()
}
export async function goTo(page: Page, board: string): Promise<void> {
  const heading = page.getByRole('heading', { name: board })
  // Going where one is takes the focus too, at a moment that nothing on the page tells.
  if (!(await heading.isVisible())) await page.getByRole('link', { name: board }).first().click()
  await expect(heading).toBeVisible()
  await expect(page.getByTestId('column')).toHaveCount(3)
}

export async function fromBoardMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
/** What the file says. */
export async function exported(page: Page, format: string): Promise<string> {
  const saving = page.waitForEvent('download')
  await fromBoardMenu(page, `Export ${format}`)
  return readFileSync(await (await saving).path(), 'utf8')
}

/** Cuts the card on one board and pastes it on another; for that the page must be allowed to read and write the clipboard. */
export async function moveCard(page: Page, title: string, from: string, to: string): Promise<void> {
  await cutCard(page, title, from)
  await pasteCard(page, title, to)
}
export async function cutCard(page: Page, title: string, board: string): Promise<void> {
  await goTo(page, board)
  const link = cardNamed(page, title).getByRole('link')
  await link.focus()
  await expect(link).toBeFocused()
  await page.keyboard.press('Control+x')
  await expect(cardNamed(page, title)).toHaveCount(0)
}
export async function pasteCard(page: Page, title: string, board: string): Promise<void> {
  await goTo(page, board)
  await page.getByTestId('column').nth(1).hover()
  await page.keyboard.press('Control+v')
  await expect(cardNamed(page, title)).toHaveCount(1)
}

/** What another device brings, or the core, is in no menu that is open already: it is opened anew until it is there. */
export async function openUntilThere(page: Page, menu: Locator, item: RegExp): Promise<void> {
  await expect(async () => {
    if (await page.getByRole('menu').isVisible()) await page.keyboard.press('Escape')
    await menu.click()
    await expect(page.getByRole('menuitem', { name: item })).toBeVisible({ timeout: 2_000 })
  }).toPass({ timeout: 40_000 })
}
export async function chooseWhenThere(page: Page, menu: Locator, item: RegExp): Promise<void> {
  await openUntilThere(page, menu, item)
  await page.getByRole('menuitem', { name: item }).click()
}

/** Throws the switch in the badge, one way or the other. */
export async function workOffline(page: Page): Promise<void> {
  await page.getByTestId('sync-state').click()
  await page.getByRole('switch', { name: 'Work offline' }).click()
  await page.keyboard.press('Escape')
}

/** What a camera reads from the code of that name. */
export async function scanned(page: Page, label: string): Promise<string | null> {
  const { pixels, side } = await page.getByRole('img', { name: label }).evaluate(async (svg) => {
    const side = 600
    const copy = svg.cloneNode(true) as SVGElement
    copy.setAttribute('width', String(side))
    copy.setAttribute('height', String(side))
    const image = new Image()
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = side
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0, side, side)
    return { pixels: [...(context?.getImageData(0, 0, side, side).data ?? [])], side }
  })
  return jsQR(Uint8ClampedArray.from(pixels), side, side)?.data ?? null
}

/** Nothing that axe knows of is wrong on the screen, or in this part of it; else the rule and the elements are told. */
export async function axeFindsNothing(page: Page, part = 'html'): Promise<void> {
  // What still fades in has not its colours yet, and what another device sends meanwhile may bring something in.
  await expect
    .poll(() =>
      page.evaluate(() =>
        document
          .getAnimations()
          .some(({ playState, effect }) => playState === 'running' && effect?.getTiming().iterations !== Infinity),
      ),
    )
    .toBe(false)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const violations = await page.evaluate(async (part) => {
    const { axe } = window as unknown as { axe: Axe }
    const result = await axe.run(part, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
      // Of what is right it need not say where.
      resultTypes: ['violations'],
      elementRef: false,
      iframes: false,
    })
    return result.violations
  }, part)
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`),
  ).toEqual([])
}

/** By the message that says what was done: beside it another one may still offer what was done before. */
export const takeBack = (page: Page, said: string) =>
  page.locator('[data-stays] > div').filter({ hasText: said }).getByRole('button', { name: 'Undo' }).click()

/** Where it is, once it has come to rest. */
export async function boxOf(what: Locator) {
  await what.hover({ trial: true })
  const box = await what.boundingBox()
  if (!box) throw new Error('not on the screen')
  return box
}
/** Presses the mouse on it, so far from its corner, once it has come to rest; what comes in above pushes it away from where it was. */
export async function pressOn(page: Page, what: Locator, x: number, y: number) {
  const box = await boxOf(what)
  await page.mouse.move(box.x + x, box.y + y)
  await page.mouse.down()
  return box
}

/** The browser tells an editor afterwards where the caret went; keys that come before that still mean the old place. */
export async function moveCaret(page: Page, key: string): Promise<void> {
  const armed = await page.evaluateHandle(() => ({
    told: new Promise<void>((done) => {
      const listen = () => document.addEventListener('selectionchange', () => done(), { once: true })
      document.addEventListener('keydown', listen, { once: true, capture: true })
    }),
  }))
  await page.keyboard.press(key)
  await armed.evaluate(({ told }) => told)
}
