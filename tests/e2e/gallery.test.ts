import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import { fixtureNames, states } from '../../src/routes/dev/gallery/states.ts'

const root = join(import.meta.dirname, '..', '..')
let vite: ChildProcess
let origin = ''
const dataDir = mkdtempSync(join(tmpdir(), 'tongzhou-gallery-'))

test.beforeAll(async () => {
  const program = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  vite = spawn(process.execPath, [program, '--port', '0', '--host', '127.0.0.1'], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  origin = await new Promise<string>((resolve, reject) => {
    vite.stdout?.on('data', (text: Buffer) => {
      output += text.toString()
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)
      if (address) resolve(address[0])
    })
    vite.once('close', () => reject(new Error(`vite ended: ${output}`)))
  })
})
test.afterAll(async () => {
  const ended = new Promise((resolve) => vite.once('close', resolve))
  vite.kill()
  await ended
  rmSync(dataDir, { recursive: true, force: true })
})

test('gallery: every view shows every fixture of its kind in every state, without an error', async ({ page }) => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  await page.goto(`${origin}/dev/gallery`)
  const choices = page.getByRole('navigation')
  // The development server bundles what it depends on when it is first asked, and may then load the page anew.
  await expect(page.getByTestId('gallery').locator('[data-shown]')).toBeVisible({ timeout: 90_000 })
  const names = await choices.locator('span').first().getByRole('link').allInnerTexts()
  expect(names).toContain('board')
  for (const kind of names) {
    for (const fixture of fixtureNames) {
      // The huge one once: what a state looks like does not depend on how much there is.
      for (const state of fixture === 'huge' ? (['open'] as const) : states) {
        // By its links, within the page: each load in development fetches hundreds of modules.
        for (const name of [kind, fixture, state]) await choices.getByRole('link', { name, exact: true }).click()
        const shown = page.getByTestId('gallery')
        await expect(shown).toHaveAttribute('data-state', state)
        if (state === 'loading') continue
        await expect(shown.locator(`[data-shown=${kind}]`)).toBeVisible({ timeout: 120_000 })
        await expect(shown.getByRole('heading', { level: 1 })).not.toBeEmpty()
      }
    }
  }
  expect(complaints).toEqual([])
})

test('npm run dev: the relay beside Vite says that it is there', async ({ request }) => {
  expect(await (await request.get(`${origin}/healthz`)).text()).toBe('ok\n')
})

test('gallery: it is not in the application that people get', () => {
  const scripts = join(root, 'build', '_app')
  const found = readdirSync(scripts, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .filter((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').includes('/dev/fixtures'))
  expect(found).toEqual([])
})
