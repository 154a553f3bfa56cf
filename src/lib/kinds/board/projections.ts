import type { SearchText, Sentence } from '../../kernel/define-kind.ts'
import type { Day } from '../../kernel/instants.ts'
import { cards, doneColumns } from './queries.ts'
import type { Board } from './schema.ts'

const say = (zh: string, en: string): Sentence => ({ 'zh-CN': zh, en })

/** How many cards, and how many unfinished ones are due on which day: enough to say on any later day what is overdue. */
export interface BoardBrief {
  cards: number
  dueOn: Readonly<Record<Day, number>>
}

const shownCards = (board: Board) => cards(board).filter(({ archived }) => !archived)

export const projections = {
  version: 1,
  title: (board: Board): string => board.title,
  brief: (board: Board): BoardBrief => {
    const shown = shownCards(board)
    const dueOn: Record<Day, number> = {}
    const done = doneColumns(board)
    for (const { due, column } of shown) if (due && !done.has(column)) dueOn[due] = (dueOn[due] ?? 0) + 1
    return { cards: shown.length, dueOn }
  },
  summary: ({ cards: count, dueOn }: BoardBrief, today: Day): Sentence => {
    const overdue = Object.entries(dueOn).reduce((sum, [day, due]) => (day < today ? sum + due : sum), 0)
    const [zh, en] = [`${count} 张卡片`, count === 1 ? '1 card' : `${count} cards`]
    return overdue === 0 ? say(zh, en) : say(`${zh}，${overdue} 张逾期`, `${en}, ${overdue} overdue`)
  },
  /** Archived cards are not found: they are looked for where they are kept. */
  searchText: (board: Board): Record<string, SearchText> =>
    Object.fromEntries([
      ['', { title: board.title, text: '', at: null }],
      ...shownCards(board).map(({ id, title, createdAt }): [string, SearchText] => [
        id,
        { title, text: '', at: createdAt },
      ]),
    ]),
}
