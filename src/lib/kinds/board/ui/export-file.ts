/** The board as a file, with what lives outside its own documents: descriptions, names of people, its history. */
import type { HistoryEntry } from '#lib/core/api.ts'
import { t } from '#lib/i18n/locale.svelte.ts'
import { exportCsv } from '../export-csv.ts'
import { exportJson } from '../export-json.ts'
import { exportMarkdown } from '../export-markdown.ts'
import { linksElsewhere } from '../blocking.ts'
import { archivedCards, cardsByTitle, withoutCards, withoutUndone } from '../queries.ts'
import type { Repeat } from '../repeat.ts'
import { readBoard, type Board } from '../schema.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { priorityCode } from './priority-code.ts'
import type { Priority } from './screen-board.ts'

export type BoardFileFormat = 'csv' | 'md' | 'json'

const PAGE = 400

export interface BoardExport {
  text: string
  type: string
  /** How many cards are in it. */
  cards: number
  /** What stays behind. */
  says: () => string
}

/** Null where it was called off. Of a board that is still being opened it waits for all of it. */
export async function exportFile(
  screen: BoardScreen,
  format: BoardFileFormat,
  signal: AbortSignal,
): Promise<BoardExport | null> {
  const { past } = screen
  const calledOff = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  await Promise.race([screen.arrival, calledOff])
  if (signal.aborted) return null
  const isContested = (card: string) => screen.conflictsOf(card).length > 0
  const whole = readBoard(past ?? screen.live.docs)
  const moved = past ? new Set<string>() : await movedAway(screen, whole)
  const board = withoutCards(withoutUndone(whole, isContested), moved)
  const people = [...screen.people.values()].map(({ id, name }) => ({ id, name }))
  const { workspace, work } = screen
  const all = await screen.descriptions()
  if (signal.aborted) return null
  const descriptions = Object.fromEntries(Object.entries(all).filter(([card]) => board.cardsById.has(card)))
  const { exported, markdown } = t().board
  const listed = cardsByTitle(board).flatMap(({ cards }) => cards)
  const inFile = format === 'json' ? [...board.cardsById.values()] : listed
  const known = inFile.flatMap(({ id }) => whole.cardsById.get(id) ?? [])
  const links = linksElsewhere(whole, known, moved)
  const says = () => {
    const words = t().board.exported
    // Where the history of a moment of the past ended is not known.
    const behind = words[past && format === 'json' ? 'past' : format]
    return links === 0 ? behind : t().common.inOne([behind, words.linksElsewhere(links)])
  }
  const shown = listed.length
  const repeat = (one: Repeat) => t().repeat.every[one]
  const priority = (one: Priority) => t().card.priorities[priorityCode[one]]
  switch (format) {
    case 'csv': {
      const { ignore: _, ...fields } = t().importing.fields
      const headings = { ...fields, key: exported.key }
      const words = { priority, repeat }
      return {
        text: exportCsv(board, people, { headings, words, descriptions }),
        type: 'text/csv;charset=utf-8',
        cards: shown,
        says,
      }
    }
    case 'md':
      return {
        text: exportMarkdown(board, {
          nameOf: screen.personName,
          descriptions,
          words: { ...markdown, priority, repeat },
        }),
        type: 'text/markdown;charset=utf-8',
        cards: shown,
        says,
      }
    case 'json': {
      const history: HistoryEntry[] = []
      for (let more = !past; more;) {
        const before = history.at(-1)?.id
        const asked = { workspace, work, limit: PAGE, settled: true, ...(before ? { before } : {}) } as const
        const page = await screen.core.call.history(asked)
        // Also while the last page of it came.
        if (signal.aborted) return null
        history.push(...page.entries)
        more = page.more && page.entries.length > 0
      }
      return {
        text: exportJson(board, { now: Date.now(), people, descriptions, history }),
        type: 'application/json',
        cards: board.cardsById.size,
        says,
      }
    }
  }
}

/** What lies in the archive by a move is on another board, and in the file of that. */
async function movedAway(screen: BoardScreen, board: Board): Promise<ReadonlySet<string>> {
  const { core, workspace, work } = screen
  const entities = archivedCards(board).flatMap(({ id }) =>
    screen.movesOf(id, work).length > 0 && screen.conflictsOf(id).length === 0 ? [id] : [],
  )
  if (entities.length === 0) return new Set()
  const away = await core.call.movedAway({ workspace, work, entities })
  return new Set(away.map(({ entity }) => entity))
}
