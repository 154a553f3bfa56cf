/** The keyboard in an open card. */
import type { KeyBinding } from '#lib/ui/key-bindings.ts'

/** What the checklist does for its keys. */
export interface ItemPlace {
  step: (by: -1 | 1) => void
}
export type CardKeyId = 'moveItem' | 'close'

const done = (_: void): true => true

export const cardKeys: readonly KeyBinding<CardKeyId, ItemPlace>[] = [
  {
    id: 'moveItem',
    keys: ['Alt-ArrowUp', 'Alt-ArrowDown'],
    run: ({ step }, key) => done(step(key === 'Alt-ArrowUp' ? -1 : 1)),
  },
  { id: 'close', keys: ['Escape'] },
]

/** See DateField. */
export const dateKeys: readonly KeyBinding<'otherDay' | 'calendar', never>[] = [
  { id: 'otherDay', keys: ['ArrowUp', 'ArrowDown'] },
  { id: 'calendar', keys: ['Alt-ArrowDown'] },
]
