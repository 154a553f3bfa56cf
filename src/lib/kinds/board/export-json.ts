/** A board with everything that is known of it, as one JSON file that `readTongzhou` reads back. */
import type { Sentence } from '#lib/kernel/define-kind.ts'
import { isoOf } from '#lib/kernel/instants.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import { exportBoard, type BoardFile } from './exchange.ts'
import type { Board } from './schema.ts'

/** A file with a greater one was written by a version of the application that knows more. */
export const ARCHIVE_VERSION = 1

export interface BoardArchive {
  format: 'tongzhou-board'
  version: typeof ARCHIVE_VERSION
  exportedAt: string
  board: BoardFile
  /** Descriptions by card, with their formats. */
  descriptions: Record<string, Formatted>
  /** Names of the people who are in it or did something, by id. */
  people: Record<string, string>
  /** Newest first. */
  history: ArchivedChange[]
}
export interface ArchivedChange {
  /** As the device that made it claimed. */
  at: string
  /** Null where nobody here is known by it. */
  by: string | null
  what: Sentence
}

/** What a history entry must tell. */
export interface ToldChange {
  at: number
  person: string | null
  sentence: Sentence
}

export function exportJson(
  board: Board,
  {
    now,
    people,
    descriptions,
    history,
  }: {
    now: number
    people: readonly { id: string; name: string }[]
    descriptions: Readonly<Record<string, Formatted>>
    history: readonly ToldChange[]
  },
): string {
  const archive: BoardArchive = {
    format: 'tongzhou-board',
    version: ARCHIVE_VERSION,
    exportedAt: isoOf(now),
    board: exportBoard(board),
    descriptions: { ...descriptions },
    people: Object.fromEntries(people.map(({ id, name }) => [id, name])),
    history: history.map(({ at, person, sentence }) => ({ at: isoOf(at), by: person, what: sentence })),
  }
  return `${JSON.stringify(archive, null, 2)}\n`
}
