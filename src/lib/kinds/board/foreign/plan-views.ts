/** The saved views of a file, as views of the board that it goes to. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { orderBetween, type RandomBytes } from '#lib/kernel/order.ts'
import type { Board } from '../schema.ts'
import { viewToText } from '../view-content.ts'
import type { ForeignLabel, ForeignView, Losses } from './foreign-board.ts'
import { LONGEST_NAME, oneLine, plainName, shorten } from './texts.ts'

interface ViewPlan {
  board: Board
  newEntity: () => string
  random: RandomBytes
  /** The id of somebody who is here; null for a stranger. */
  personOf: (name: string) => string | null
  labelOf: (label: ForeignLabel) => string
  losses: Losses
}

/** A view without one of its conditions would be another one: where a person is not here, it is left out, and counted. */
export function planViews(views: readonly ForeignView[], plan: ViewPlan): MutationCall[] {
  const { board, newEntity, random, personOf, labelOf, losses } = plan
  const taken = new Set(board.views.map(({ name }) => plainName(name)))
  let last = board.views.findLast(({ order }) => order !== '')?.order ?? null
  const calls: MutationCall[] = []
  for (const { name: whole, owner: named, content, people, labels } of views) {
    const name = shorten(oneLine(whole), LONGEST_NAME)
    const owner = named === null ? null : personOf(named)
    const assignees = people.flatMap((person) => (person === '' ? person : (personOf(person) ?? [])))
    const isWhole = name !== '' && (named === null || owner !== null) && assignees.length === people.length
    if (!isWhole || taken.has(plainName(name))) {
      losses.add('views', name)
      continue
    }
    taken.add(plainName(name))
    last = orderBetween(last, null, random)
    const text = viewToText({ ...content, assignees, labels: labels.map((label) => labelOf(label)) })
    calls.push({ mutation: 'addView', args: { view: newEntity(), name, content: text, order: last, owner } })
  }
  return calls
}
