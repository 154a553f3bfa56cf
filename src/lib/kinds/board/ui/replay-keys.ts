/** The keyboard while the board of another moment is shown. */
import type { KeyBinding } from '#lib/ui/key-bindings.ts'

/** What the bar does for its keys; false where the focus is on something that has a use for them. */
export interface ReplayPlace {
  togglePlay: () => boolean
  leave: () => boolean
}
export type ReplayKeyId = 'step' | 'play' | 'leave'

export const replayKeys: readonly KeyBinding<ReplayKeyId, ReplayPlace>[] = [
  // The slider's own.
  { id: 'step', keys: ['ArrowLeft', 'ArrowRight'] },
  { id: 'play', keys: ['Space'], run: ({ togglePlay }) => togglePlay() },
  { id: 'leave', keys: ['Escape'], run: ({ leave }) => leave() },
]
