import { afterEach, expect, test, vi } from 'vitest'
import { tryNow } from '#lib/core/keep-loading.ts'
import { loadPart } from '#lib/core/load-part.ts'

// What the build says of itself; here is none.
vi.mock('$app/environment', () => ({ version: 'tried' }))

/** A device whose service worker keeps these versions, and a server that cannot be reached. */
function deviceWith(...versions: string[]): void {
  vi.stubGlobal('caches', { keys: () => Promise.resolve(versions.map((one) => `tongzhou-${one}`)) })
  vi.stubGlobal('document', { querySelectorAll: () => [] })
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
}
afterEach(() => vi.unstubAllGlobals())

const broken = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))

test('a part of a version that is kept no more is refused at the first try, offline too', async () => {
  deviceWith('next', 'after-next')
  const load = vi.fn(broken)
  await expect(loadPart(load)).rejects.toMatchObject({ code: 'part-replaced' })
  expect(load).toHaveBeenCalledTimes(1)
})

const kept = [
  ['is kept', ['tried', 'next']],
  ['cannot be kept, without a service worker or while the first one comes,', []],
] as const
test.each(kept)('a part of a version that %s is asked for again when it breaks off, and comes', async (_, versions) => {
  deviceWith(...versions)
  const load = vi.fn(() => Promise.resolve('part')).mockImplementationOnce(broken)
  const part = loadPart(load)
  await vi.waitUntil(() => {
    tryNow()
    return load.mock.calls.length === 2
  })
  expect(await part).toBe('part')
})
