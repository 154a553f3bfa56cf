import { expect, test } from 'playwright/test'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'

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
