/** A board once more, as a template or from one: its columns, labels and shared views, and what else is asked for. */
import type { MutationCall } from '../../kernel/define-kind.ts'
import type { Formatted } from '../../kernel/formatted.ts'
import { exportBoard, importBoard } from './exchange.ts'
import { cards } from './queries.ts'
import type { Board, Card } from './schema.ts'
import { parseView, viewToText } from './view-content.ts'

export interface CopyOptions {
  title: string
  template: boolean
  withCards: boolean
  /** Who is on the cards, and when. Without that a copy says what there is to do, not who does it. */
  withPeopleAndDates: boolean
  /** Descriptions by card. */
  descriptions: Readonly<Record<string, Formatted>>
}

/** Ids stay: they name things within one board. */
export function copyCalls(board: Board, options: CopyOptions): MutationCall[] {
  const { title, template, withCards, withPeopleAndDates, descriptions } = options
  const kept = withCards ? cards(board).filter(({ archived }) => !archived) : []
  const known = new Set(kept.map(({ id }) => id))
  const labels = new Set(board.labels.filter(({ archived }) => !archived).map(({ id }) => id))
  const copied = kept.map((card): Card => ({
    ...card,
    ...(withPeopleAndDates ? {} : { assignees: [], start: null, due: null }),
    labels: card.labels.filter((id) => labels.has(id)),
    blockedBy: card.blockedBy.filter((id) => known.has(id)),
    // What is to be done is to be done again.
    checklist: card.checklist.map((item) => ({ ...item, done: false })),
  }))
  const views = board.views
    .filter(({ owner }) => owner === null)
    .map((view) => (withPeopleAndDates ? view : { ...view, content: withoutPeople(view.content) }))
  const calls = importBoard(
    exportBoard({
      ...board,
      title,
      template,
      views,
      columns: board.columns.filter(({ archived }) => !archived),
      labels: board.labels.filter(({ archived }) => !archived),
      cardsById: new Map(copied.map((card) => [card.id, card])),
    }),
  )
  return calls.map((call) => {
    const description = call.mutation === 'addCard' ? descriptions[String(call.args['card'])] : undefined
    return description ? { ...call, args: { ...call.args, description } } : call
  })
}

const withoutPeople = (content: string): string => viewToText({ ...parseView(content), assignees: [] })
