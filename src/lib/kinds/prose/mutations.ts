import { splice, splitBlock, updateText } from '@automerge/automerge/slim'
import * as v from 'valibot'
import { Entity } from '../../kernel/args.ts'
import { mutation } from '../../kernel/define-kind.ts'
import { begunApart, str } from '../../kernel/immutable-string.ts'
import { Formatted, ParagraphFormat } from '../../kernel/formatted.ts'
import { formattedToSpans } from './formatted-spans.ts'
import { writeFormat } from './formats.ts'
import { replaceLetters } from './letters.ts'
import { writeLink } from './links.ts'
import type { ProseDraft } from './schema.ts'
import { Spans, writeSpans } from './spans.ts'

export const mutations = {
  /** Begins a text; where it has begun already nothing happens. Only the creator of the entry that the text belongs to runs it: two creations of one text hide each other. */
  addEntry: mutation({
    on: 'root',
    args: v.object({
      entry: Entity,
      text: v.optional(v.pipe(v.string(), v.maxLength(100_000)), ''),
      /** Instead of `text`, one with formats: a copy of another entry's. */
      spans: v.optional(Spans, []),
      /** The same from a file. */
      formatted: v.optional(Formatted, []),
    }),
    run(d: ProseDraft, { entry, text, spans, formatted }) {
      if (d.entries[entry]) return
      // A plain string is collaborative text in Automerge; the editor's binding keeps paragraphs as markers within it.
      d.entries[entry] = { text: '' }
      if (spans.length > 0) return writeSpans(d, entry, spans)
      if (formatted.length > 0) return writeSpans(d, entry, formattedToSpans(formatted))
      if (text === '') return
      const path = ['entries', entry, 'text']
      let at = 0
      for (const line of text
        .toWellFormed()
        .replaceAll('\uFFFC', '')
        .split(/\r\n|\r|\n/)) {
        splitBlock(d, path, at, { type: str('paragraph'), parents: [], attrs: {} })
        splice(d, path, at + 1, 0, line)
        at += 1 + line.length
      }
    },
  }),
  /** Of a text that was begun twice this one is kept; what is hidden is empty from then on. */
  keepText: mutation({
    on: 'root',
    args: v.object({ entry: Entity, spans: Spans }),
    run(d: ProseDraft, { entry, spans }) {
      writeSpans(d, entry, spans)
      for (const hidden of begunApart(d.entries, entry).slice(0, -1)) updateText(hidden as never, ['text'], '')
    },
  }),
  /** Of formats that two people gave one paragraph at once this one is kept; nothing where the paragraph is gone. */
  keepFormat: mutation({
    on: 'root',
    args: v.object({ entry: Entity, block: v.string(), format: ParagraphFormat }),
    run(d: ProseDraft, { entry, block, format }) {
      writeFormat(d, entry, block, format, { isChoice: true })
    },
  }),
  /** Of addresses that two people gave the same letters at once this one is kept, or none; nothing where the letters are gone. */
  keepLink: mutation({
    on: 'root',
    args: v.object({ entry: Entity, from: v.string(), to: v.string(), link: v.nullable(v.string()) }),
    run(d: ProseDraft, { entry, from, to, link }) {
      writeLink(d, entry, from, to, link)
    },
  }),
  /** Of words that two people wrote at once in one place these are kept, or none; nothing where the letters are gone. */
  keepWords: mutation({
    on: 'root',
    args: v.object({
      entry: Entity,
      from: v.string(),
      to: v.string(),
      words: v.pipe(v.string(), v.maxLength(100_000)),
      /** There they are put, and not where they stand. */
      after: v.optional(v.string()),
    }),
    run(d: ProseDraft, { entry, from, to, words, after }) {
      replaceLetters(d, entry, from, to, words.toWellFormed().replaceAll('\uFFFC', ''), after)
    },
  }),
}
