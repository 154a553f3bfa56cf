import { withTaken, writtenIn } from '#lib/kernel/groups.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import type { ChoiceSort } from '#lib/kinds/prose/chosen.ts'

/** A change's message: the mutation and the undo group, no more (arguments would add 90 % to a document). */
export const changeMessage = (mutation: string, group: string): string => `${mutation} ${group}`
/** The same of a choice in a text that is taken back, or done again: with the changes by which it was made, oldest first. */
export const choiceMessage = (message: string, takes: readonly string[]): string =>
  takes.length > 0 ? withTaken(`${message} `, takes) : message

export function parseMessage(message: string | null | undefined): { mutation: string; group: string | null } {
  const [mutation = '', group] = (message ?? '').split(' ')
  return { mutation, group: group || null }
}

/** What counts as one thing that waits to be sent: an action, or what was written in one text. */
export const actionIn = (doc: DocId, message: string | null | undefined): string =>
  parseMessage(message).group ?? `${doc} ${writtenIn(message)}`

/** What stands in the place of the mutation where an action was taken back or done again: the way, and all that it was made of. */
export const takenBack = (way: 'undo' | 'redo', mutations: readonly string[]): string =>
  `${way}:${mutations.slice(0, MOST_NAMED).join('+')}`
/** No action of a person has so many; a message from outside may. */
const MOST_NAMED = 12

export function parseTakenBack(mutation: string): { way: 'undo' | 'redo' | null; mutations: string[] } {
  const [, way, names = ''] = /^(undo|redo):(.*)$/s.exec(mutation) ?? []
  if (way === 'undo' || way === 'redo') return { way, mutations: names.split('+').slice(0, MOST_NAMED) }
  return { way: null, mutations: [mutation] }
}

/** Of a change in which an action was taken back, or done again. */
export const isTakingBack = (message: string | null | undefined): boolean =>
  parseTakenBack(parseMessage(message).mutation).way !== null
/** Not done again. */
export const isOfUndo = (message: string | null | undefined): boolean =>
  parseTakenBack(parseMessage(message).mutation).way === 'undo'

/** The mutation in the messages of changes by which what one set counts beside what another set and took back (yielded.ts). */
export const YIELDED = 'yielded'
/** It is nobody's action. */
export const isYielded = (message: string | null | undefined): boolean => parseMessage(message).mutation === YIELDED

/** What a change was in which a person chose between words (or what lies over them, or paragraphs are), took that back, or did it again; null of any other. */
export function choiceIn(message: string | null | undefined, of: 'words' | 'formats' = 'words'): ChoiceSort | null {
  const { way, mutations } = parseTakenBack(parseMessage(message).mutation)
  if (!mutations.some((mutation) => CHOICES[of].includes(mutation))) return null
  return way === 'undo' ? 'back' : 'made'
}
const CHOICES = { words: ['keepWords'], formats: ['keepLink', 'keepFormat'] }

/** By which a person chooses in a text between what was written there at once. */
export const isTextChoice = (mutation: string): boolean => Object.values(CHOICES).flat().includes(mutation)
