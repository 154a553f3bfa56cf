import { describe, expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import { toId, type WorkspaceId } from '#lib/kernel/ids.ts'
import { createKitSecret, kitToWords } from '#lib/sync/kit.ts'
import { kitToLink, kitToText, readKit, typedRelay } from '#lib/ui/kit-sheet.ts'

describe.each([
  ['en', en.kit],
  ['zh-CN', zhCN.kit],
] as const)('a kit in %s', (locale, say) => {
  const kit = {
    words: kitToWords(createKitSecret(), locale),
    workspace: toId<WorkspaceId>('13ab456789abcdef0123456789abcdef'),
    relay: 'wss://boat.example.com/sync',
  }
  const saved = kitToText(kit, say.sheetFor('1. Kontor 2', 'Ann'), say)

  test('that Ann saved is read back whole', () => {
    expect(readKit(saved)).toEqual(kit)
  })

  test('that came through a mail, with all on one line, is read back whole', () => {
    expect(readKit(`> ${saved.replaceAll(/\s+/g, ' ')}`)).toEqual(kit)
  })

  test('that Ann scanned is read back whole, with what her camera wrote around it', () => {
    expect(readKit(` ${kitToLink('https://boat.example.com', kit)}\n`)).toEqual(kit)
  })

  test('of which Ann typed the words alone is no sheet', () => {
    expect(readKit(kit.words.join(' '))).toBe(null)
  })
})

test('what is no kit is not taken for one', () => {
  expect(readKit('https://boat.example.com/recover#!!')).toBe(null)
  expect(readKit('https://boat.example.com/recover#AAAA')).toBe(null)
  expect(readKit('')).toBe(null)
})

test('the address of a relay may be typed as its own or as that of the application', () => {
  expect(typedRelay(' wss://boat.example.com/sync ')).toBe('wss://boat.example.com/sync')
  expect(typedRelay('https://boat.example.com/somewhere')).toBe('wss://boat.example.com/sync')
  expect(typedRelay('http://localhost:8080')).toBe('ws://localhost:8080/sync')
  for (const nonsense of ['hello', '', 'wss://', 'mailto:ann@example.com', 'javascript:alert(1)'])
    expect(typedRelay(nonsense)).toBe(null)
})
