/** The index of a scope: which records of work it holds, under which title. */
import { entriesOf, fieldsOf, numberOf, textOf } from '../../kernel/reading.ts'
import type { ImmutableString } from '../../kernel/immutable-string.ts'

export interface IndexDraft {
  works: Record<string, { kind: ImmutableString; title: ImmutableString; createdAt: number; archived: boolean }>
}

export interface IndexedWork {
  kind: string
  title: string
  createdAt: number
  archived: boolean
}
export interface IndexView {
  works: Record<string, IndexedWork>
}

export function genesis(draft: IndexDraft): void {
  draft.works = {}
}

/** Never throws, whatever the document holds. */
export function readIndex(doc: unknown): IndexView {
  return {
    works: Object.fromEntries(
      entriesOf(fieldsOf(doc)['works']).map(([id, work]) => [
        id,
        {
          kind: textOf(work['kind']),
          title: textOf(work['title']),
          createdAt: numberOf(work['createdAt']),
          archived: work['archived'] === true,
        },
      ]),
    ),
  }
}
