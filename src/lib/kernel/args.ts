/** Arguments that mutations of every kind take. */
import * as v from 'valibot'

/** 16 bytes in hex: a person, device, scope, document or invitation. */
export const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))
/** An entry inside a document: a card, column, label. */
export const Entity = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,32}$/))
/** Which text of an entry was known: its length and sum, and the heads of its document; none where that was not there (`store/known-text.ts`). */
export const KnownText = v.pipe(v.string(), v.regex(/^\d{1,9}\.[0-9a-f]{8}( [0-9a-f]{64}){0,16}$/))
export const isKnownText = (value: unknown): value is string => v.is(KnownText, value)
/** Text that says something, of so many characters at most. */
export const Words = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most))
