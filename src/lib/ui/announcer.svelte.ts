/** What a screen reader is told in passing. */
import { afterSaying, silent } from './live-regions.ts'

/** Beside what is shown: an effect that says something does not follow what others say. */
let regions = silent
let shown = $state.raw(silent)

export function announce(text: string): void {
  shown = regions = afterSaying(regions, text)
}

/** What was said last is not to be found any more. */
export function forgetAnnouncements(): void {
  shown = regions = silent
}

export const announcements = (): readonly [string, string] => shown.texts
