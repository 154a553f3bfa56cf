/** The connection breaks while the application is on its way to a new device. */
import { expect, test, type Page } from 'playwright/test'
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.ts'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, axeFindsNothing, cardNamed, createWorkspace, openFirstBoard, panelOf } from './steps.ts'

let relay: RelayProcess
let line: RecordingProxy
/** What does not come through, and how often it was asked for. */
let broken: RegExp | null = null
let tries = 0
let most = Infinity

test.beforeAll(async () => {
  relay = await startRelayProcess()
  line = await startRecordingProxy(
    relay.port,
    () => false,
    (path) => !!broken?.test(path) && ++tries <= most,
  )
})
test.afterAll(async () => {
  await line.close()
  await relay.dispose()
})

function breakOff(what: RegExp, times = Infinity) {
  broken = what
  most = times
  tries = 0
}

const start = (page: Page) => page.getByRole('button', { name: /Create a workspace/ })
const said = (page: Page) => page.getByRole('heading', { name: 'The connection broke while the app was loading.' })

for (const [name, what] of [
  ['the wasm', /\.wasm$/],
  ['the worker', /core\.worker.*\.js$/],
] as const) {
  test(`${name} broke off twice on its way: it is fetched again, and nobody is troubled`, async ({ page }) => {
    breakOff(what, 2)
    await createWorkspace(page, line.origin, 'Skiff', 'Ann')
    await openFirstBoard(page)
    expect(tries).toBeGreaterThan(2)
  })

  test(`${name} does not come: the page says that the connection broke, not the storage, and tries again when asked`, async ({
    page,
  }) => {
    breakOff(what)
    await page.goto(line.origin)
    await expect(said(page)).toBeVisible()
    await expect(page.getByText('storage')).toHaveCount(0)
    await axeFindsNothing(page)
    const again = page.getByRole('button', { name: 'Try again' })
    const before = tries
    await again.click()
    await expect.poll(() => tries).toBeGreaterThan(before)
    await expect(again).toBeEnabled()
    await expect(said(page)).toBeVisible()
    broken = null
    await again.click()
    await expect(start(page)).toBeVisible()
    await createWorkspace(page, line.origin, 'Skiff', 'Ann')
  })
}

test('the first script of the page broke off twice: the page is loaded again by itself', async ({ page }) => {
  breakOff(/entry\/start.*\.js$/, 2)
  await page.goto(line.origin)
  await expect(start(page)).toBeVisible()
  expect(tries).toBeGreaterThan(2)
})

test('the first script of the page does not come: the page says so, and tries again when asked', async ({ page }) => {
  breakOff(/entry\/app.*\.js$/)
  await page.goto(line.origin)
  const alert = page.getByRole('alert')
  await expect(alert).toHaveText(/The connection broke while the app was loading/)
  await axeFindsNothing(page)
  broken = null
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(start(page)).toBeVisible()
  await expect(alert).toBeHidden()
})

test('the wasm does not come until the browser says that it is online again: then by itself @long', async ({
  page,
}) => {
  breakOff(/\.wasm$/)
  await page.goto(line.origin)
  await expect(said(page)).toBeVisible()
  broken = null
  await page.context().setOffline(true)
  await page.context().setOffline(false)
  await expect(start(page)).toBeVisible()
  await expect(said(page)).toHaveCount(0)
})

test('search, an import, a board and a description whose code broke off on its way come all the same', async ({
  page,
}) => {
  await createWorkspace(page, line.origin, 'Skiff', 'Ann')
  breakOff(/BoardView.*\.css$/, 1)
  await openFirstBoard(page)
  expect(tries).toBeGreaterThan(0)
  const sheets = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].map((link) => !!link.sheet),
    )
  expect(await sheets()).not.toContain(false)
  await addCard(page, 'Rudder')

  breakOff(/\.wasm$/, 1)
  await cardNamed(page, 'Rudder').click()
  await expect(panelOf(page).getByRole('textbox', { name: 'Description' })).toBeEditable()
  await page.keyboard.press('Escape')

  breakOff(/search\.worker.*\.js$/, 1)
  await page.getByRole('link', { name: 'Home' }).first().click()
  await expect(page.getByTestId('column')).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('Rudder')
  await expect(page.getByRole('option', { name: /Rudder/ }).first()).toBeVisible()
  expect(tries).toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  await openFirstBoard(page)

  breakOff(/import\.worker.*\.js$/)
  await page.getByRole('button', { name: 'Board actions' }).click()
  await page.getByRole('menuitem', { name: 'Import CSV' }).click()
  const file = { name: 'cards.csv', mimeType: 'text/csv', buffer: Buffer.from('Title\nFrom a file\n') }
  const dialog = page.getByRole('dialog')
  const choose = () => dialog.locator('input[type=file]').setInputFiles(file)
  await choose()
  await expect(dialog.getByText('The connection broke while this part of the app was loading.')).toBeVisible()
  broken = null
  await dialog.getByRole('button', { name: 'Choose another file' }).click()
  await choose()
  await expect(dialog.getByText('From a file').first()).toBeVisible()
})

test('a search worker that gives no sign, because the browser is just ending it, is begun anew @long', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const Shared = SharedWorker
    let mute = 1
    globalThis.SharedWorker = new Proxy(Shared, {
      construct: (_, [url, options]: [URL, WorkerOptions]) =>
        options.name === 'tongzhou-search' && mute-- > 0
          ? Object.assign(Object.create(EventTarget.prototype) as object, { port: new MessageChannel().port1 })
          : new Shared(url, options),
    })
  })
  await createWorkspace(page, line.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Rudder')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search and commands' }).fill('Rudder')
  await expect(page.getByRole('option', { name: /Rudder/ }).first()).toBeVisible()
})
