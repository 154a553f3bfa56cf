import type { Sentence } from '../../kernel/define-kind.ts'
import { cards } from './queries.ts'
import type { Board } from './schema.ts'

const say = (zh: string, en: string): Sentence => ({ 'zh-CN': zh, en })

export const projections = {
  title: (board: Board): string => board.title,
  summary: (board: Board): Sentence => {
    const count = cards(board).filter(({ archived }) => !archived).length
    return say(`${count} 张卡片`, count === 1 ? '1 card' : `${count} cards`)
  },
  searchText: (board: Board): Record<string, string> =>
    Object.fromEntries([['', board.title], ...cards(board).map(({ id, title }) => [id, title])]),
}
