/**
 * A recovery kit that its owner has not put away yet. It stays on screen whatever the address says, so that the browser's
 * Back does not lose words that are shown this once.
 */
import type { KitSheet } from './kit-sheet.ts'

export interface ShownKit {
  sheet: KitSheet
  /** '' where it is not known yet: it comes with the workspace. */
  workspaceName: string
  person: string
  /** Where the person goes on. */
  next: string
}

let shown = $state.raw<ShownKit | null>(null)

export const shownKit = (): ShownKit | null => shown
export const showKit = (kit: ShownKit): void => void (shown = kit)
export const kitKept = (): void => void (shown = null)
