/** The board as a file, with what lives outside its own documents: descriptions, names of people, its history. */
import type { HistoryEntry } from '#lib/core/api.ts'
import { t } from '#lib/i18n/locale.svelte.ts'
import { plainText, type Formatted } from '#lib/kernel/formatted.ts'
import { exportCsv } from '../export-csv.ts'
import { exportJson } from '../export-json.ts'
import { exportMarkdown } from '../export-markdown.ts'
import { readBoard } from '../schema.ts'
import { toMarkdown } from '../to-markdown.ts'
import type { BoardScreen } from './board-screen.svelte.ts'

export type BoardFileFormat = 'csv' | 'md' | 'json'

const PAGE = 400

export async function exportFile(
  screen: BoardScreen,
  format: BoardFileFormat,
): Promise<{ text: string; type: string }> {
  const { past } = screen
  const board = readBoard(past ?? screen.live.docs)
  const people = [...screen.people.values()].map(({ id, name }) => ({ id, name }))
  const { workspace, work } = screen
  // Of a moment of the past the board is known, but neither its descriptions nor where its history ended.
  const { texts } = past ? { texts: {} } : await screen.core.call.descriptions({ workspace, work })
  const inWords = (say: (text: Formatted) => string) =>
    Object.fromEntries(Object.entries(texts).map(([card, text]) => [card, say(text)]))
  switch (format) {
    case 'csv': {
      const { ignore: _, ...headings } = t().importing.fields
      return {
        text: exportCsv(board, people, { headings, descriptions: inWords(plainText) }),
        type: 'text/csv;charset=utf-8',
      }
    }
    case 'md':
      return {
        text: exportMarkdown(board, {
          nameOf: screen.personName,
          descriptions: inWords(toMarkdown),
          words: t().board.markdown,
        }),
        type: 'text/markdown;charset=utf-8',
      }
    case 'json': {
      const history: HistoryEntry[] = []
      for (let more = !past; more;) {
        const before = history.at(-1)?.id
        const page = await screen.core.call.history({ workspace, work, limit: PAGE, ...(before ? { before } : {}) })
        history.push(...page.entries)
        more = page.more && page.entries.length > 0
      }
      return {
        text: exportJson(board, { now: Date.now(), people, descriptions: texts, history }),
        type: 'application/json',
      }
    }
  }
}
