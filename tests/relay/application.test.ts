import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startRelay, temporaryFolder } from '#tests/support/start-relay.ts'

function builtApplication(): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, '_app', 'immutable'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>同舟</title>')
  writeFileSync(join(folder, 'service-worker.js'), 'self.x = 1')
  writeFileSync(join(folder, '_app', 'immutable', 'core.abc.js'), 'export const core = 1')
  writeFileSync(join(folder, '_app', 'immutable', 'core.abc.js.br'), brotliCompressSync('export const core = 1'))
  return folder
}

const asNavigation = { headers: { accept: 'text/html,application/xhtml+xml' } }

test('a person who opens any address gets the page, and no other page may frame it', async () => {
  const { origin } = await startRelay({ app: builtApplication() })
  for (const path of ['/', '/w/board?x=1', '/join', '/a.b/c']) {
    const response = await fetch(origin + path, asNavigation)
    expect(response.status, path).toBe(200)
    expect(await response.text()).toContain('同舟')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  }
})

test('a missing script is missing, not the page', async () => {
  const { origin } = await startRelay({ app: builtApplication() })
  expect((await fetch(`${origin}/_app/immutable/gone.js`)).status).toBe(404)
  expect((await fetch(`${origin}/_app/immutable/gone.js`, asNavigation)).status).toBe(404)
  expect((await fetch(`${origin}/data.json`)).status).toBe(404)
})

test('hashed files are kept for good and come compressed, the service worker is asked for every time', async () => {
  const { origin } = await startRelay({ app: builtApplication() })
  const core = await fetch(`${origin}/_app/immutable/core.abc.js`, { headers: { 'accept-encoding': 'br' } })
  expect(core.headers.get('content-encoding')).toBe('br')
  expect(core.headers.get('cache-control')).toContain('immutable')
  expect(await core.text()).toBe('export const core = 1')
  // A worker's policy is that of its own answer.
  expect(core.headers.get('content-security-policy')).toContain("script-src 'self' 'wasm-unsafe-eval'")
  const plain = await fetch(`${origin}/_app/immutable/core.abc.js`, { headers: { 'accept-encoding': 'identity' } })
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(await plain.text()).toBe('export const core = 1')
  expect((await fetch(`${origin}/service-worker.js`)).headers.get('cache-control')).toBe('no-cache')
})

test('a file whose compressing was interrupted, or is of another one, comes as it is', async () => {
  const folder = builtApplication()
  const path = (name: string) => join(folder, '_app', 'immutable', name)
  const whole = `export const lines = '${Array.from({ length: 3_000 }, (_, at) => at * 7_919).join()}'`
  const compressed = brotliCompressSync(whole)
  const beside = {
    empty: Buffer.alloc(0),
    started: compressed.subarray(0, 6),
    half: compressed.subarray(0, compressed.length / 2),
    nearly: compressed.subarray(0, -1),
    stale: brotliCompressSync(whole.replace('lines', 'files')),
    shorter: brotliCompressSync('export const lines = 1'),
    longer: brotliCompressSync(`${whole};`),
    none: Buffer.from('no brotli at all'),
  }
  for (const [name, brotli] of Object.entries(beside)) {
    writeFileSync(path(`${name}.js`), whole)
    writeFileSync(path(`${name}.js.br`), brotli)
  }
  const { origin } = await startRelay({ app: folder })
  for (const name of Object.keys(beside))
    for (const coding of ['br', 'identity']) {
      const answer = await fetch(`${origin}/_app/immutable/${name}.js`, { headers: { 'accept-encoding': coding } })
      expect([name, coding, answer.status]).toEqual([name, coding, 200])
      expect(answer.headers.get('content-encoding')).toBeNull()
      expect(await answer.text()).toBe(whole)
    }
})

test('the application reaches its own server and the relays that this one names, and nobody else', async () => {
  const reach = async (relays?: string[]) => {
    const { origin } = await startRelay({ app: builtApplication(), ...(relays && { relays }) })
    const { headers } = await fetch(`${origin}/_app/immutable/core.abc.js`)
    return /connect-src ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1]
  }
  expect(await reach()).toBe("'self'")
  expect(await reach(['wss://relay.example'])).toBe("'self' wss://relay.example")
})

test('an unchanged file is not sent twice', async () => {
  const { origin } = await startRelay({ app: builtApplication() })
  const etag = (await fetch(`${origin}/service-worker.js`)).headers.get('etag')!
  const again = await fetch(`${origin}/service-worker.js`, { headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
})

test('no address reaches a file outside the application, and nothing but reading is answered', async () => {
  const relay = await startRelay({ app: builtApplication() })
  // fetch would tidy the path up before it is sent.
  const rawStatus = (path: string, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      request({ port: relay.port, host: '127.0.0.1', path, method }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })
  expect(await rawStatus('/../../../etc/passwd')).toBe(404)
  expect(await rawStatus('/%2e%2e/%2e%2e/etc/passwd')).toBe(404)
  expect(await rawStatus('/%')).toBe(404)
  expect(await rawStatus('/', 'POST')).toBe(405)
})

test('where nothing was built, the answer says what to do', async () => {
  const { origin } = await startRelay({ app: temporaryFolder() })
  const response = await fetch(origin, asNavigation)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('npm run build')
})
