import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tokenFromFolder } from '#relay/setup-token.ts'
import { temporaryFolder } from '#tests/support/start-relay.ts'

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
