/** The keyboard in the line of a new card. */
import type { KeyBinding } from '#lib/ui/key-bindings.ts'

/** What the line does for its keys. */
export interface QuickAddLine {
  add: () => void
  /** False where the cursor is not right behind words that were understood: then the key is the text's. */
  keepAsText: () => boolean
  close: () => void
}
export type QuickAddKeyId = 'add' | 'keepAsText' | 'close'

const done = (_: void): true => true

export const quickAddKeys: readonly KeyBinding<QuickAddKeyId, QuickAddLine>[] = [
  { id: 'add', keys: ['Enter', 'Mod-Enter'], run: ({ add }) => done(add()) },
  { id: 'keepAsText', keys: ['Backspace'], run: ({ keepAsText }) => keepAsText() },
  { id: 'close', keys: ['Escape'], run: ({ close }) => done(close()) },
]
