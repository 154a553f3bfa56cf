import { expect, test } from 'vitest'
import { afterSaying, silent } from '#lib/ui/live-regions.ts'

test('of two things that are said at once both stand to be read; whatever is said changes what one region holds', () => {
  let regions = silent
  const say = (text: string) => (regions = afterSaying(regions, text)).texts
  say('Moved')
  expect(say('Offline')).toEqual(['Moved', 'Offline'])
  for (const text of ['Moved', 'Moved', 'Offline', 'Moved', 'Offline', 'Offline', 'Online']) {
    const before = regions.texts
    const now = say(text)
    const changed = [0, 1].filter((region) => now[region] === text && before[region] !== text)
    expect(changed, `${before.join()} then ${text}`).toHaveLength(1)
    expect(now.filter((one) => one === text)).toHaveLength(1)
  }
})
