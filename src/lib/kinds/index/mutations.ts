import * as v from 'valibot'
import { Id } from '../../kernel/args.ts'
import { mutation } from '../../kernel/define-kind.ts'
import { str } from '../../kernel/immutable-string.ts'
import { refuse } from '../../kernel/refusal.ts'
import { write } from '../../kernel/write.ts'
import type { IndexDraft } from './schema.ts'

const Title = v.pipe(v.string(), v.maxLength(500))
const listed = (d: IndexDraft, work: string) => d.works[work] ?? refuse('work-unknown')

export const mutations = {
  listWork: mutation({
    on: 'root',
    args: v.object({ work: Id, kind: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]*$/)), title: Title }),
    run(d: IndexDraft, { work, kind, title }, ctx) {
      if (d.works[work]) refuse('work-listed')
      d.works[work] = {
        kind: str(kind),
        title: str(title),
        createdAt: ctx.now,
        archived: false,
      }
    },
  }),
  retitleWork: mutation({
    on: 'root',
    args: v.object({ work: Id, title: Title }),
    run(d: IndexDraft, { work, title }) {
      write(listed(d, work), 'title', str(title))
    },
  }),
  archiveWork: mutation({
    on: 'root',
    args: v.object({ work: Id }),
    run(d: IndexDraft, { work }) {
      write(listed(d, work), 'archived', true)
    },
  }),
  restoreWork: mutation({
    on: 'root',
    args: v.object({ work: Id }),
    run(d: IndexDraft, { work }) {
      write(listed(d, work), 'archived', false)
    },
  }),
}
