/** What met within the texts of a shard's entries: formats of paragraphs, addresses, and words. */
import type { ContestedAt, ContestedField } from './contested.ts'
import { formatsSince } from './formats-contested.ts'
import { linksSince } from './links-contested.ts'
import type { LookedAt } from './texts-apart.ts'
import { wordsSince } from './words-contested.ts'

export const contestedInTexts = (
  looked: LookedAt,
  collection: string,
  before: ContestedAt | undefined,
): ContestedField[] => [formatsSince, linksSince, wordsSince].flatMap((since) => since(looked, collection, before))
