import type { Arrival, FoundIn, SearchText, Sentence, Stage, TaskBrief } from '../../kernel/define-kind.ts'
import type { Day } from '../../kernel/instants.ts'
import { counted, numerals } from '../../kernel/numerals.ts'
import { allBlockersOf } from './blocking.ts'
import { nextCardId, openInSeries } from './next-card.ts'
import { cards, doneColumns } from './queries.ts'
import type { Board, Card } from './schema.ts'

const say = (zh: string, en: string): Sentence => ({ 'zh-CN': zh, en })

/** How many cards, and how many unfinished ones are due on which day: enough to say on any later day what is overdue. */
export interface BoardBrief {
  cards: number
  dueOn: Readonly<Record<Day, number>>
  template: boolean
}

const shownCards = (board: Board) => cards(board).filter(({ archived }) => !archived)

/** More than anybody does in a quarter; a board of a robot's cards must not fill every screen's memory. How many there are is said. */
const MOST_TASKS = 200
const MOST_ARRIVALS = 200

export const projections = {
  version: 19,
  title: (board: Board): string => board.title,
  brief: (board: Board): BoardBrief => {
    const shown = shownCards(board)
    const dueOn: Record<Day, number> = {}
    const done = doneColumns(board)
    for (const { due, column } of shown) if (due && !done.has(column)) dueOn[due] = (dueOn[due] ?? 0) + 1
    return { cards: shown.length, dueOn, template: board.template }
  },
  summary: ({ cards: count, dueOn }: BoardBrief, today: Day): Sentence => {
    const overdue = Object.entries(dueOn).reduce((sum, [day, due]) => (day < today ? sum + due : sum), 0)
    const [zh, en] = [`${numerals(count)} 张卡片`, counted(count, 'card', 'cards')]
    return overdue === 0
      ? say(zh, en)
      : say(`${zh}，${numerals(overdue)} 张逾期`, `${en}, ${numerals(overdue)} overdue`)
  },
  /** By due date, those without one last. */
  tasksOf: (board: Board, person: string): { tasks: TaskBrief[]; count: number } => {
    // What a template says is to be done is nobody's yet.
    if (board.template) return { tasks: [], count: 0 }
    const done = doneColumns(board)
    const columns = new Map(board.columns.map(({ id, title }) => [id, title]))
    const mine = shownCards(board).filter(({ assignees, column }) => assignees.includes(person) && !done.has(column))
    const tasks = mine
      .sort((a, b) => compareDue(a.due, b.due) || (a.id < b.id ? -1 : 1))
      .slice(0, MOST_TASKS)
      .map((card): TaskBrief => {
        const blockers = allBlockersOf(board, card)
        const behind = blockers.filter(({ card: other }) => other.archived).map(({ card: other }) => other.id)
        return {
          entity: card.id,
          title: card.title,
          due: card.due,
          priority: card.priority,
          stage: columns.get(card.column) ?? '',
          blocked: blockers.some(({ state }) => state === 'open'),
          ...(behind.length > 0 && { behind }),
        }
      })
    return { tasks, count: mine.length }
  },
  /** The newest, where there are very many, archived ones last: what two people did at once is not long ago. */
  arrivals: (board: Board): Omit<Arrival, 'by'>[] => {
    const done = doneColumns(board)
    return cards(board)
      .flatMap(({ id, title, createdAt, archived, from, kept, repeat, column }) => {
        if (!from) return []
        const followed = repeat !== null && openInSeries(board, nextCardId(id)).length > 0
        const arrival = { entity: id, title, from, at: createdAt }
        return [
          {
            ...arrival,
            ...(archived && { archived }),
            ...(kept && { kept }),
            ...(followed && { followed }),
            ...(done.has(column) && { finished: true as const }),
          },
        ]
      })
      .sort(
        (a, b) =>
          Number(a.archived ?? false) - Number(b.archived ?? false) || b.at - a.at || (a.entity < b.entity ? -1 : 1),
      )
      .slice(0, MOST_ARRIVALS)
  },
  isTemplate: ({ template }: BoardBrief): boolean => template,
  searchText: (board: Board): Record<string, SearchText> => {
    const names = new Map(board.labels.map(({ id, name }) => [id, name]))
    return Object.fromEntries([
      [
        '',
        { title: board.title, text: '', at: null, stages: stagesOf(board), ...(board.template && { template: true }) },
      ],
      ...cards(board).map((card): [string, SearchText] => [card.id, cardText(card, names)]),
    ])
  },
}

const stagesOf = ({ columns }: Board): Record<string, Stage> =>
  Object.fromEntries(columns.map(({ id, title, done }) => [id, { title, done }]))

function cardText(card: Card, labels: ReadonlyMap<string, string>): SearchText {
  const { title, createdAt, checklist, assignees, archived, undone, from, column, due } = card
  const items = checklist.map(({ text }) => text).join('\n')
  const named = card.labels.flatMap((id) => labels.get(id) ?? []).join('\n')
  const parts: [FoundIn, string][] = [
    ['checklist', items],
    ['labels', named],
  ]
  const also = parts.filter(([, text]) => text !== '')
  return {
    title,
    text: '',
    at: createdAt,
    stage: column,
    ...(due && { due }),
    ...(also.length > 0 && { also }),
    ...(assignees.length > 0 && { people: assignees }),
    ...(archived && { archived }),
    ...(undone && { undone }),
    ...(from && { from: { work: from.work, entity: from.entity } }),
  }
}

const compareDue = (a: Day | null, b: Day | null): number =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1
