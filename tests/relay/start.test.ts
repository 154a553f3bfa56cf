import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { isBuilt } from '#relay/prepare.mjs'
import { tokenFromFolder } from '#relay/setup-token.ts'
import { startRelay, temporaryFolder } from '#tests/support/start-relay.ts'

test('`npm start` on a taken port says so in one line that names the way out, before it installs anything', async () => {
  const other = await startRelay()
  const clone = temporaryFolder()
  cpSync(join(import.meta.dirname, '..', '..', 'sync-relay'), join(clone, 'sync-relay'), { recursive: true })
  for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(clone, name), '{}')
  const env = { ...process.env, PORT: String(other.port), HOST: '127.0.0.1', DATA_DIR: temporaryFolder() }
  const start = spawn(process.execPath, [join(clone, 'sync-relay', 'start.mjs')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [start.stdout, start.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()))
  expect(await new Promise((resolve) => start.once('close', resolve))).toBe(1)
  expect(output).toBe(
    `Port ${other.port} is taken on 127.0.0.1: stop what runs there or start with PORT=${other.port + 1} npm start.\n`,
  )
})

test('a set-up token counts from when it was printed: a start that failed before leaves nothing that nobody can read', () => {
  const folder = temporaryFolder()
  const failed = tokenFromFolder(folder)
  expect(readdirSync(folder)).toEqual([])
  const started = tokenFromFolder(folder)
  if (failed.open || started.open) throw new Error('open to anyone')
  started.keep()
  expect(existsSync(join(folder, 'setup-token.sha256'))).toBe(true)
  const again = tokenFromFolder(folder)
  if (again.open) throw new Error('open to anyone')
  expect(again.printed).toBeNull()
  expect(again.admits(started.printed)).toBe(true)
  expect(again.admits(failed.printed)).toBe(false)
  expect(again.admits(null)).toBe(false)
})

test('a build that was interrupted counts as none, and one that is older than a source as well', () => {
  const folder = temporaryFolder()
  const at = (path: string, seconds: number) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), '')
    utimesSync(join(folder, path), seconds, seconds)
    for (let up = dirname(path); up !== '.'; up = dirname(up)) utimesSync(join(folder, up), 1, 1)
  }
  for (const source of ['src/app.html', 'static/icon.svg', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'])
    at(source, 1_000)
  expect(isBuilt(folder)).toBe(false)
  at('build/index.html', 2_000)
  expect(isBuilt(folder)).toBe(false)
  at('build/.complete', 2_000)
  expect(isBuilt(folder)).toBe(true)
  at('src/app.html', 3_000)
  expect(isBuilt(folder)).toBe(false)
})
