/** The keyboard everywhere in a workspace. */
import type { KeyBinding } from '../key-bindings.ts'

export interface ShellPlace {
  /** The focus is in a text field. */
  typing: boolean
  togglePalette: () => void
  openShortcuts: () => void
}
export type ShellKeyId = 'palette' | 'help' | 'escape'

const done = (_: void): true => true

export const shellKeys: readonly KeyBinding<ShellKeyId, ShellPlace>[] = [
  { id: 'palette', keys: ['Mod-k'], run: ({ togglePalette }) => done(togglePalette()) },
  { id: 'help', keys: ['?'], run: ({ typing, openShortcuts }) => !typing && done(openShortcuts()) },
  { id: 'escape', keys: ['Escape'] },
]
