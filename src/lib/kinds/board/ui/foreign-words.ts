/** The words that an import writes onto cards, in the person's language. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { ForeignWords } from '../foreign/words.ts'
import { colors } from '../schema.ts'
import { hueOfColor } from './label-hue.ts'

export const foreignWords = (): ForeignWords => ({
  fields: t().importing.keptFields,
  notes: { fields: '', ...t().importing.notes },
  colors: Object.fromEntries(colors.map((color) => [color, t().colors[hueOfColor[color]]])) as ForeignWords['colors'],
  untitled: t().card.untitled,
  unnamedColumn: t().importing.unnamedColumn,
})
