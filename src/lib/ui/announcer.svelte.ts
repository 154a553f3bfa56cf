/** What a screen reader is told in passing. Two regions alternate, so that the same sentence twice is read twice. */
const regions = $state<{ texts: [string, string] }>({ texts: ['', ''] })
let next: 0 | 1 = 0

export function announce(text: string): void {
  regions.texts[next] = text
  next = next === 0 ? 1 : 0
  regions.texts[next] = ''
}

/** What was said last is not to be found any more. */
export function forgetAnnouncements(): void {
  regions.texts = ['', '']
}

export const announcements = (): readonly [string, string] => regions.texts
