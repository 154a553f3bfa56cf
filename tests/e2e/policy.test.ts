import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { createWorkspace, openFirstBoard } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

/** Every page of the application by its address; what stands in brackets may be anything. */
function addresses(): string[] {
  const routes = joinPath(import.meta.dirname, '..', '..', 'src', 'routes')
  return readdirSync(routes, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === '+page.svelte')
    .map(({ parentPath }) =>
      parentPath
        .slice(routes.length)
        .replaceAll('\\', '/')
        .replaceAll(/\[\w+\]/g, 'f'.repeat(32)),
    )
    .map((path) => path || '/')
}

type Policy = ReadonlyMap<string, readonly string[]>
const toPolicy = (text: string): Policy =>
  new Map(
    text.split(';').flatMap((directive) => {
      const [name, ...sources] = directive.trim().replaceAll("'", '').split(/\s+/)
      return name ? [[name, sources] as const] : []
    }),
  )

test('every page that is served says that scripts and styles are its own, and hashes the one that it carries', async ({
  request,
}) => {
  const paths = addresses()
  expect(paths).toEqual(expect.arrayContaining(['/', '/join', '/link']))
  for (const path of [...paths, '/nowhere/at/all']) {
    const response = await request.get(relay.origin + path, { headers: { accept: 'text/html' } })
    const html = await response.text()
    const meta = /<meta http-equiv="content-security-policy" content="([^"]*)">/.exec(html)
    const policy = toPolicy(meta?.[1] ?? '')
    expect(policy.get('default-src'), path).toEqual(['none'])
    const inline = [...html.matchAll(/<script>([^]*?)<\/script>/g)]
    const hashes = inline.map(([, text = '']) => `sha256-${createHash('sha256').update(text).digest('base64')}`)
    expect(policy.get('script-src'), path).toEqual(['self', 'wasm-unsafe-eval', ...hashes])
    // A policy in the page holds for what comes after it.
    for (const script of inline) expect(script.index).toBeGreaterThan(meta?.index ?? Infinity)
    expect(policy.get('style-src'), path).toEqual(['self'])
    for (const name of ['connect-src', 'worker-src', 'font-src', 'manifest-src'])
      expect(policy.get(name), path).toEqual(['self'])
    const header = toPolicy(response.headers()['content-security-policy'] ?? '')
    for (const name of ['frame-ancestors', 'object-src', 'base-uri', 'form-action'])
      expect(header.get(name), path).toEqual(['none'])
  }
})

declare global {
  interface Window {
    refused: string[]
    slipped?: string
  }
}

/** Tries to run code in the page in every way that somebody who can write into it has; says whether text was run as code. */
const smuggle = (page: Page) =>
  page.evaluate(() => {
    window.refused = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
      window.refused.push(effectiveDirective)
    })
    const script = (fill: (element: HTMLScriptElement) => void) => {
      const element = document.createElement('script')
      fill(element)
      document.body.append(element)
    }
    script((element) => (element.textContent = 'window.slipped = "inline"'))
    script((element) => (element.src = 'data:text/javascript,window.slipped = "data"'))
    script((element) => (element.src = 'https://evil.example/x.js'))
    const image = document.createElement('div')
    image.innerHTML = '<img src="/icon.svg" onload="window.slipped = &quot;handler&quot;">'
    document.body.append(image)
    // In a turn of its own: what a debugger evaluates may evaluate.
    return new Promise<boolean>((resolve) => {
      setTimeout(() => {
        try {
          eval('window.slipped = "eval"')
          resolve(true)
        } catch {
          resolve(false)
        }
      })
    })
  })

async function nothingRuns(page: Page): Promise<void> {
  expect(await smuggle(page)).toBe(false)
  await expect
    .poll(() => page.evaluate(() => window.refused.sort()))
    .toEqual(['script-src', 'script-src-attr', 'script-src-elem', 'script-src-elem', 'script-src-elem'])
  expect(await page.evaluate(() => window.slipped)).toBeUndefined()
}

test('a browser runs no script that was smuggled into a page: not inline, from elsewhere, in an attribute, or from text', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await openFirstBoard(page)
  await nothingRuns(page)
  await page.goto(`${relay.origin}/join`)
  await expect(page.getByRole('heading').first()).toBeVisible()
  await nothingRuns(page)
})
