/**
 * The one place where the kernel touches Automerge: a string that is replaced whole, never merged letter by letter.
 * Everything but long prose is written as one (collaborative text doubles to quadruples load and memory).
 */
import { ImmutableString } from '@automerge/automerge/slim'

export { ImmutableString }

/** Wraps a string for writing into a document. */
export const str = (text: string): ImmutableString => new ImmutableString(text)
