/** What is wrong with a card, by the row or the title under which a person finds it in the file. */
import type { CardProblem, ForeignCard, ForeignFormat } from './foreign-board.ts'
import { LONGEST_NAME, oneLine, shorten } from './texts.ts'

/** Formats in which a person can look a card up by its row. */
const withRows: readonly ForeignFormat[] = ['table', 'jira', 'asana', 'todoist']

export function problemOf(
  format: ForeignFormat,
  { at, title }: Pick<ForeignCard, 'at' | 'title'>,
  code: CardProblem['code'],
  effect: CardProblem['effect'],
  params: CardProblem['params'] = {},
): CardProblem {
  const problem = { row: at, code, params, effect }
  return withRows.includes(format) ? problem : { ...problem, title: shorten(oneLine(title), LONGEST_NAME) }
}
