/** Collaborative texts by entry id: descriptions of cards share such documents, opened on demand. */
import { entriesOf, fieldsOf, textOf } from '../../kernel/reading.ts'

export interface ProseDraft {
  /** `text` is Automerge's collaborative text, with block markers as the editor's binding writes them. */
  entries: Record<string, { text: string }>
}
export interface ProseView {
  entries: Record<string, { text: string }>
}

export function genesis(draft: ProseDraft): void {
  draft.entries = {}
}

/** In the string form of a text a block marker is one object replacement character. */
const BLOCK = /\uFFFC/g

/** Never throws. Texts come out plain, a line per block. */
export function readProse(doc: unknown): ProseView {
  return {
    entries: Object.fromEntries(
      entriesOf(fieldsOf(doc)['entries']).map(([id, entry]) => [
        id,
        { text: textOf(entry['text']).replace(BLOCK, '\n').replace(/^\n/, '') },
      ]),
    ),
  }
}
