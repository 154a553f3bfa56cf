/** The connection breaks while the application is on its way to a new device. */
import { expect, test, type Page } from 'playwright/test'
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.ts'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { axeFindsNothing, createWorkspace, openFirstBoard } from './steps.ts'

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

test('the wasm does not come until the browser says that it is online again: then by itself', async ({ page }) => {
  breakOff(/\.wasm$/)
  await page.goto(line.origin)
  await expect(said(page)).toBeVisible()
  broken = null
  await page.context().setOffline(true)
  await page.context().setOffline(false)
  await expect(start(page)).toBeVisible()
  await expect(said(page)).toHaveCount(0)
})
