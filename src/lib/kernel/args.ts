/** Arguments that mutations of every kind take. */
import * as v from 'valibot'

/** 16 bytes in hex: a person, device, scope, document or invitation. */
export const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))
/** An entry inside a document: a card, column, label. */
export const Entity = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,32}$/))
/** Text that says something, of so many characters at most. */
export const Words = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most))
