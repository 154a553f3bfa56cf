/** A collaborative text with its paragraphs and formats as a list of spans: to copy it to another entry, or bring it back. */
import { getBackend, ImmutableString, spans, updateSpans, type Doc, type Span } from '@automerge/automerge/slim'
import * as v from 'valibot'
import type { ProseDraft } from './schema.ts'

export type { Span }

const pathOf = (entry: string) => ['entries', entry, 'text']

/** Empty where there is no such text. */
export function spansOf(doc: Doc<unknown>, entry: string): Span[] {
  const { entries } = doc as Partial<ProseDraft>
  return entries && Object.hasOwn(entries, entry) ? spans(doc, pathOf(entry)) : []
}

/** The same at an earlier moment, which the document must know, without making that moment's document. */
export function spansThen(doc: Doc<unknown>, entry: string, heads: readonly string[]): Span[] {
  const backend = getBackend(doc)
  const then = [...heads]
  let at = '_root'
  for (const key of pathOf(entry)) {
    const [, object] = backend.getWithType(at, key, then) ?? []
    if (typeof object !== 'string') return []
    at = object
  }
  return backend.spans(at, then)
}

/** A link does not grow with what is written at its edge, all else does. */
const EDGES = { defaultExpand: 'both', perMarkExpand: { link: 'none' } } as const

/** Makes the text of an entry these spans, changing what differs alone. */
export function writeSpans(draft: ProseDraft, entry: string, to: readonly Span[]): void {
  if (draft.entries[entry]) updateSpans(draft as Doc<ProseDraft>, pathOf(entry), [...to], EDGES)
}

/** How many letters go and come where one moment's text takes the place of another's, formats counted in. */
export const lettersBetween = (one: Doc<unknown>, other: Doc<unknown>, entry: string): number =>
  textKey(spansOf(one, entry)).length + textKey(spansOf(other, entry)).length

/** Spans as arguments: made by `spansOf`, so only their shape is looked at. */
export const Spans = v.array(
  v.custom<Span>((value) => isMap(value) && (value['type'] === 'text' || value['type'] === 'block')),
)

/** Spans of one text with the same content are the same text. */
export const sameSpans = (a: readonly Span[], b: readonly Span[]): boolean => textKey(a) === textKey(b)
/** The same for texts that are the same with their formats. */
export const textKey = (list: readonly Span[]): string =>
  JSON.stringify(list.map(withoutOldLevel), (_, value: unknown) =>
    value instanceof ImmutableString
      ? value.toString()
      : isMap(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
  )

/** Where a heading met another format, its level is left and says nothing. */
function withoutOldLevel(span: Span): Span {
  if (span.type !== 'block' || String(span.value['type']) === 'heading' || !isMap(span.value['attrs'])) return span
  const { level: _, ...attrs } = span.value['attrs']
  return { ...span, value: { ...span.value, attrs } }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
