/** What eslint refuses: who may import whom, and that a pure description asks no clock. */
import { ESLint } from 'eslint'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: root })

/** The rules that a file of these lines, at this place, would break. */
async function brokenBy(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) })
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message)
}

const used = (from: string) => `import { it } from '${from}'\nit()\n`

describe('who may import whom', () => {
  test.each([
    ['src/lib/kernel/x.ts', '#lib/sync/keys.ts'],
    ['src/lib/kinds/board/x.ts', '../prose/schema.ts'],
    ['src/lib/kinds/board/x.ts', '#lib/kinds/prose/schema.ts'],
    ['src/lib/kinds/board/x.ts', '../../kinds/prose/schema.ts'],
    ['src/lib/kinds/board/foreign/x.ts', '../../prose/schema.ts'],
    ['src/lib/kinds/board/foreign/x.ts', '#lib/kinds/prose/schema.ts'],
    ['src/lib/kinds/board/x.ts', '#lib/sync/keys.ts'],
    ['src/lib/kinds/board/x.ts', 'svelte'],
    ['src/lib/kinds/board/ui/x.ts', '#lib/store/db.ts'],
    ['src/lib/store/x.ts', '../core/core.ts'],
    ['src/lib/core/x.ts', '#lib/ui/attempt.ts'],
    ['src/lib/ui/x.ts', '#lib/kinds/board/schema.ts'],
    ['sync-relay/x.ts', '#lib/sync/engine.ts'],
    ['sync-relay/x.ts', '#lib/store/db.ts'],
  ])('not %s %s, however it is written', async (file, from) => {
    expect(await brokenBy(file, used(from))).toEqual(['layers/imports'])
    expect(await brokenBy(file, `export const it = await import('${from}')\n`)).toEqual(['layers/imports'])
    expect(await brokenBy(file, `export const it = await import(\`${from}\`)\n`)).toEqual(['layers/imports'])
    expect(await brokenBy(file, `export { it } from '${from}'\n`)).toEqual(['layers/imports'])
    expect(await brokenBy(file, `export * from '${from}'\n`)).toEqual(['layers/imports'])
  })

  test.each([
    ['src/lib/kinds/board/x.ts', '#lib/kernel/ids.ts'],
    ['src/lib/kinds/board/x.ts', './schema.ts'],
    ['src/lib/kinds/board/foreign/x.ts', '../schema.ts'],
    ['src/lib/kinds/board/ui/x.ts', '#lib/kinds/views.ts'],
    ['src/lib/kinds/x.ts', './board/index.ts'],
    ['src/lib/ui/x.ts', '#lib/kinds/index.ts'],
    ['src/lib/sync/x.ts', '@hpke/core'],
    ['sync-relay/x.ts', '#lib/sync/keys.ts'],
  ])('%s may import %s', async (file, from) => {
    expect(await brokenBy(file, used(from))).toEqual([])
  })
})

describe('a description asks no clock and no chance', () => {
  test.each([
    'new Date()',
    'new globalThis.Date()',
    "new globalThis['Date']()",
    'globalThis.Date.now()',
    'self.Date.now()',
    'performance.now()',
    'globalThis.performance.now()',
    'Math.random()',
    'globalThis.Math.random()',
    'crypto.randomUUID()',
    'globalThis.crypto.randomUUID()',
    'fetch("/")',
  ])('%s', async (said) => {
    for (const file of ['src/lib/kernel/x.ts', 'src/lib/kinds/board/x.ts', 'src/lib/kinds/board/foreign/x.ts'])
      expect(await brokenBy(file, `export const it = ${said}\n`)).not.toEqual([])
  })

  test('a view may', async () => {
    expect(await brokenBy('src/lib/kinds/board/ui/x.ts', 'export const it = performance.now()\n')).toEqual([])
  })
})
