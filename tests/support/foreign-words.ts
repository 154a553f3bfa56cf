import type { ForeignWords } from '#lib/kinds/board/foreign/words.ts'
import { colors } from '#lib/kinds/board/schema.ts'

/** Words that tests can foretell: a colour is called by its name in the schema. */
export const englishWords: ForeignWords = {
  notes: { fields: '', attachments: 'Attachments', comments: 'Comments' },
  fields: {
    location: 'Location',
    requestedBy: 'Requested by',
    assignedBy: 'Assigned by',
    received: 'Received',
    ended: 'Ended',
  },
  colors: Object.fromEntries(
    colors.map((color) => [color, color[0]!.toUpperCase() + color.slice(1)]),
  ) as ForeignWords['colors'],
  untitled: 'Untitled',
  unnamedColumn: 'Unnamed',
}
