import * as v from 'valibot'
import { mutation } from '../../kernel/define-kind.ts'
import { refuse } from '../../kernel/refusal.ts'
import type { ProseDraft } from './schema.ts'

export const mutations = {
  /** Only the creator of the entry that the text belongs to runs it: two creations of one text would hide each other. */
  addEntry: mutation({
    on: 'root',
    args: v.object({
      entry: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,32}$/)),
      text: v.optional(v.pipe(v.string(), v.maxLength(100_000)), ''),
    }),
    run(d: ProseDraft, { entry, text }) {
      if (d.entries[entry]) refuse('entry-exists')
      d.entries[entry] = { text }
    },
  }),
}
