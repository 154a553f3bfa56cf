import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { withNamesIsolated } from '#lib/i18n/isolated-names.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import { isolated } from '#lib/kernel/isolated.ts'

const [FSI, PDI, RLO, RLI] = ['\u2068', '\u2069', '\u202e', '\u2067']
/** Whoever reads on behind it is where they were: what is opened is closed, and nothing else is. */
function ends(text: string): boolean {
  let open = 0
  for (const letter of text) {
    if (/[\u202a-\u202e]/.test(letter)) return false
    if (/[\u2066-\u2068]/.test(letter)) open++
    if (letter === PDI && --open < 0) return false
  }
  return open === 0
}

test('a name that is written from right to left stands by itself in a sentence, and marks that turn the line around end with it', () => {
  for (const plain of ['', 'Sails', '船帆 2', 'Größe – “x”', '👩‍🚀 a\u200db']) expect(isolated(plain)).toBe(plain)
  expect(isolated('מפרשים 2')).toBe(`${FSI}מפרשים 2${PDI}`)
  expect(isolated('أشرعة')).toBe(`${FSI}أشرعة${PDI}`)
  expect(isolated(`abc${RLO}def`)).toBe('abcdef')
  expect(isolated(`${RLO}${RLI}תורן`)).toBe(`${FSI}${RLI}תורן${PDI}${PDI}`)
  expect(isolated(`תורן${PDI}${PDI} x`)).toBe(`${FSI}תורן x${PDI}`)
  // Once more it is the same to the eye.
  expect(ends(isolated(isolated(`a${RLI}${RLO}b${PDI}${PDI}`)))).toBe(true)
})

test('the words of the application isolate the names that they are given, one by one or in lists, in both languages', () => {
  const hostile = `a${RLO}b${RLI}ת${PDI}${PDI}`
  for (const words of [withNamesIsolated(en), withNamesIsolated(zhCN)]) {
    for (const said of [
      words.move.cardGone(hostile, hostile),
      words.undo.movedAway('Bo', [hostile, 'Mast'], [hostile]),
      words.common.inOne([words.move.cardGone(hostile, 'Mast'), hostile]),
      words.versions.look(hostile),
    ]) {
      expect(said).not.toContain(RLO)
      expect(said).toContain('ת')
      expect(ends(said), said).toBe(true)
    }
  }
  expect(withNamesIsolated(en).move.cardGone('Bo', 'Mast')).toBe(en.move.cardGone('Bo', 'Mast'))
  expect(withNamesIsolated(en).app.loading).toBe(en.app.loading)
})
