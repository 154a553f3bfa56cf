/** The formats of a description and the keys in its text: the editor takes them, the toolbar and the sheet of shortcuts name them. */
import type { KeyBinding } from '#lib/ui/key-bindings.ts'

export const formats = ['strong', 'em', 'code', 'heading', 'bullets', 'numbers', 'quote', 'link'] as const
export type Format = (typeof formats)[number]

/** Keys as a keymap wants them; `Mod` is Command on a Mac and Control elsewhere. */
export const formatKeys: Readonly<Record<Format, string>> = {
  strong: 'Mod-b',
  em: 'Mod-i',
  code: 'Mod-e',
  heading: 'Mod-Alt-2',
  bullets: 'Mod-Shift-8',
  numbers: 'Mod-Shift-7',
  quote: 'Mod-Shift-9',
  link: 'Mod-Shift-k',
}
export const itemKeys = { deeper: 'Mod-]', outwards: 'Mod-[' } as const

export const textKeys: readonly KeyBinding<Format | keyof typeof itemKeys | 'leave', never>[] = [
  ...formats.map((id) => ({ id, keys: [formatKeys[id]] })),
  { id: 'deeper', keys: ['Tab', itemKeys.deeper] },
  { id: 'outwards', keys: ['Shift-Tab', itemKeys.outwards] },
  { id: 'leave', keys: ['Escape'] },
]
