import { describe, expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { boardKeys, liftKeys } from '#lib/kinds/board/ui/board-keys.ts'
import { cardKeys, dateKeys } from '#lib/kinds/board/ui/card-keys.ts'
import { quickAddKeys } from '#lib/kinds/board/ui/quick-add-keys.ts'
import { replayKeys } from '#lib/kinds/board/ui/replay-keys.ts'
import { tableKeys } from '#lib/kinds/board/ui/table-keys.ts'
import { combinationOf, listKeys, press, type KeyBinding } from '#lib/ui/key-bindings.ts'
import { shellKeys } from '#lib/ui/shell/shell-keys.ts'

const pressed = (key: string, held: { ctrl?: boolean; meta?: boolean; shift?: boolean } = {}) => ({
  key,
  ctrlKey: held.ctrl ?? false,
  metaKey: held.meta ?? false,
  shiftKey: held.shift ?? false,
})

test('a combination is written in one way, whatever the keyboard', () => {
  expect(combinationOf(pressed('z', { ctrl: true }))).toBe('Mod-z')
  expect(combinationOf(pressed('Z', { meta: true, shift: true }))).toBe('Mod-Shift-z')
  expect(combinationOf(pressed(' '))).toBe('Space')
  // On a German keyboard / is Shift and 7.
  expect(combinationOf(pressed('/', { shift: true }))).toBe('/')
  expect(combinationOf(pressed('ArrowUp', { shift: true }))).toBe('Shift-ArrowUp')
  expect(combinationOf({ ...pressed('ArrowUp'), altKey: true })).toBe('Alt-ArrowUp')
})

test('a key that its place has no use for stays the browser’s', () => {
  const bindings: KeyBinding<'one', { useful: boolean }>[] = [{ id: 'one', keys: ['m'], run: ({ useful }) => useful }]
  expect(press(bindings, pressed('m'), { useful: true })).toBe(true)
  expect(press(bindings, pressed('m'), { useful: false })).toBe(false)
  expect(press(bindings, pressed('n'), { useful: true })).toBe(false)
})

describe.each([
  ['everywhere', shellKeys, en.shortcuts.shell],
  ['the board', boardKeys, en.shortcuts.board],
  ['a card in the hand', liftKeys, en.shortcuts.lift],
  ['the table', tableKeys, en.shortcuts.table],
  ['an open card', cardKeys, en.shortcuts.card],
  ['a date', dateKeys, en.shortcuts.date],
  ['the line of a new card', quickAddKeys, en.shortcuts.quickAdd],
  ['the replay', replayKeys, en.shortcuts.replay],
] as const)('the sheet of shortcuts for %s', (_, bindings, words) => {
  test('lists every key that exists, and nothing else', () => {
    const ids = bindings.map(({ id }) => id as string)
    expect([...ids].sort()).toEqual(Object.keys(words).sort())
    const listed = listKeys<string, never>('', bindings as readonly KeyBinding<string, never>[], words)
    expect(listed.keys.map(({ keys }) => keys)).toEqual(bindings.map(({ keys }) => keys))
    expect(listed.keys.every(({ does }) => does.length > 0)).toBe(true)
  })

  test('binds no key twice', () => {
    const keys = bindings.flatMap(({ keys }) => keys)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
