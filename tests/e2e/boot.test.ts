import { expect, test } from 'playwright/test'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess

test.beforeAll(async () => {
  expect(existsSync(join(import.meta.dirname, '..', '..', 'build', 'index.html')), 'the application is built').toBe(
    true,
  )
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('the application opens from the relay and breaks no rule of its own content policy', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.text().includes('Content Security Policy') && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(relay.origin)
  await expect(page.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  expect(complaints).toEqual([])
})

test('a deep link that no file answers opens the application', async ({ page }) => {
  const response = await page.goto(`${relay.origin}/some/where`)
  expect(response?.status()).toBe(200)
  expect(response?.headers()['content-security-policy']).toContain("frame-ancestors 'none'")
})

test('while the application is still on its way, the page says so in the reader’s language, and goes when it is there', async ({
  page,
}) => {
  const arrival = Promise.withResolvers<void>()
  await page.route('**/_app/**/*.js', async (route) => {
    await arrival.promise
    await route.continue()
  })
  await page.goto(relay.origin, { waitUntil: 'commit' })
  const opening = page.getByRole('status').filter({ hasText: 'Opening Tongzhou…' })
  await expect(opening).toBeVisible()
  await expect(page.getByText('正在打开')).toBeHidden()
  arrival.resolve()
  await expect(page.getByRole('button', { name: /Create a workspace/ })).toBeVisible()
  await expect(opening).toHaveCount(0)
})

test('a browser that runs no scripts is told what is needed', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(relay.origin)
  const said = page.locator('noscript p')
  await expect(said).toHaveText([/^\s*同舟需要 JavaScript/, /^\s*Tongzhou needs JavaScript/])
  for (const one of await said.all()) await expect(one).toBeVisible()
  await expect(page.getByText('Opening Tongzhou…')).toBeHidden()
  await context.close()
})
