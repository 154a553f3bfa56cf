import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import { createServer, type ViteDevServer } from 'vite'
import { addCard, cardNamed, createWorkspace, openFirstBoard } from './steps.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'tongzhou-dev-'))
let vite: ViteDevServer

test.beforeAll(async () => {
  process.env['DATA_DIR'] = join(folder, 'data')
  // As after a fresh clone: nothing has been bundled yet.
  const cacheDir = join(folder, 'cache')
  vite = await createServer({ root, cacheDir, server: { host: '127.0.0.1', port: 0 }, logLevel: 'error' })
  await vite.listen()
})
test.afterAll(async () => {
  delete process.env['DATA_DIR']
  await vite.close()
  rmSync(folder, { recursive: true, force: true })
})

test('npm run dev: the page is not loaded anew while the first workspace is created', async ({ page }) => {
  let loads = 0
  page.on('load', () => loads++)
  await createWorkspace(page, vite.resolvedUrls?.local[0] ?? '', 'Skiff', 'Ann')
  await openFirstBoard(page)
  await addCard(page, 'Sails')
  await expect(cardNamed(page, 'Sails')).toHaveCount(1)
  expect(loads).toBe(1)
})
