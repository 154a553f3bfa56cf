import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', 'src')
const overlays = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.svelte'))
  .flatMap((path) =>
    [
      ...readFileSync(join(root, path), 'utf8').matchAll(/<(Popover|Dialog|AlertDialog|DropdownMenu)\.Content\b[^>]*/g),
    ].map(([tag, kind]) => ({ path, kind, tag })),
  )

// Either has the browser work out the style of all that is on the page anew, once when it is set and once when it goes: with a
// board on a phone, 20 to 35 ms each.
test('what opens over the page writes no style that everything inherits to its body', () => {
  expect(overlays.length).toBeGreaterThan(8)
  const selecting = overlays.filter(({ tag }) => !tag.includes('preventOverflowTextSelection={false}'))
  // A popover takes no scrolling away unless it is asked to.
  const locking = overlays.filter(({ kind, tag }) => kind !== 'Popover' && !tag.includes('preventScroll={false}'))
  expect([...selecting, ...locking].map(({ path }) => path)).toEqual([])
})
