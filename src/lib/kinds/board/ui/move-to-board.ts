/**
 * Moves cards to another board: what cutting and pasting them does, in one step and as one action. They come there first and go
 * from here then, so that they are on one of both boards whatever happens in between.
 */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { attempt } from '#lib/ui/attempt.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { MOST_CLIPPED } from '../card-clip.ts'
import { planArrival, type Arrival, type Paste } from '../paste-cards.ts'
import { cardsByColumn, shownColumns } from '../queries.ts'
import type { Board } from '../schema.ts'
import { calls, newEntity, random } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { boardElsewhere, cardElsewhere, closeCard, openCardId, openElsewhere } from './card-address.svelte.ts'
import { clipOf, planClip, sayComeAgain, sayLeftOut } from './carried-cards.ts'
import type { Card } from './screen-board.ts'

export interface PlaceElsewhere {
  work: DocId
  /** Null for the first one. */
  column: string | null
  /** Above all cards of the column, instead of below them. */
  top: boolean
}

/** What is left here goes on: chosen are they no more, a card that was open is closed, and the focus is with the one beside it. */
export async function moveAway(
  screen: BoardScreen,
  card: Card,
  cards: readonly Card[],
  to: PlaceElsewhere,
): Promise<void> {
  const goes = new Set(cards.map(({ id }) => id))
  const next = screen.focus.neighbour(card, (id) => goes.has(id))
  const isDone = await moveToBoard(screen, cards, to)
  if (!isDone) return screen.focus.toCard(card.id)
  for (const id of goes) screen.chosen.ids.delete(id)
  if (goes.has(openCardId() ?? '')) await closeCard()
  // Whoever has gone on meanwhile is not called back.
  if (screen.focus.isWith(card.id) || document.activeElement?.id === 'content') screen.focus.goOnWith(next, card)
}

/** False where they stay, which is said. */
async function moveToBoard(screen: BoardScreen, wanted: readonly Card[], to: PlaceElsewhere): Promise<boolean> {
  const { core, workspace } = screen
  const cards = screen.meanwhile.stillHere(wanted)
  if (cards.length === 0) return false
  if (cards.length > MOST_CLIPPED) {
    showToast({ text: () => t().clipboard.tooMany(MOST_CLIPPED), tone: 'danger' })
    return false
  }
  const cut = newEntity()
  // Reading both boards takes a while, and the person may have gone on to another one.
  const run = screen.runHere()
  const clip = await attempt(clipOf(screen, cards, cut))
  const there = clip && (await screen.otherBoard(to.work))
  if (!clip || !there) return false
  const columns = shownColumns(there)
  const column = to.column === null ? columns[0] : columns.find(({ id }) => id === to.column)
  if (!column) {
    await sayNoColumn(screen, there, to)
    return false
  }
  const place = { column: column.id, after: null, top: to.top }
  const planned = await planClip(screen, clip.value, { board: there, work: to.work }, place)
  const arrival = planArrival(planned.paste, planned.clip, () => true, {
    board: there,
    column: column.id,
    today: screen.today,
    random,
    whereNow: (card) => screen.placesNow(card, to.work),
  })
  if (!arrival) return false
  const { paste, entries, comeAgain } = arrival
  const came = await attempt(core.call.commit({ workspace, work: to.work, calls: paste.calls, tab: core.tab }))
  if (!came) return false
  const { group } = came.value
  const gone = await run(
    cards.map(({ id }) => calls.archiveCard(id)),
    { cut, along: { work: to.work, group, entries } },
  )
  if (!gone) {
    // They stay here, so what came there goes; but not where somebody has worked in it already.
    await attempt(core.call.undo({ workspace, work: to.work, tab: core.tab, group }))
    return false
  }
  tell(screen, {
    cards,
    paste,
    there,
    work: to.work,
    column: column.id,
    group: gone.group,
    leftBehind: planned.leftBehind,
    comeAgain,
  })
  return true
}

interface Told {
  cards: readonly Card[]
  paste: Paste
  there: Board
  work: DocId
  column: string
  group: string
  leftBehind: readonly string[]
  comeAgain: Arrival['comeAgain']
}

function tell(
  screen: BoardScreen,
  { cards, paste, there, work, column: to, group, leftBehind, comeAgain }: Told,
): void {
  const { workspace } = screen
  const [card] = cards
  const [first] = paste.cards
  const board = () => there.title || t().board.untitled
  const column = () => titleOf(there, to)
  const details = () => [
    ...sayComeAgain(screen, comeAgain),
    ...sayLeftOut(paste, { leftBehind, board: there, over: overLimit(there, to, cards.length) }),
  ]
  const address =
    cards.length === 1 && first !== undefined ? cardElsewhere(workspace, work, first) : boardElsewhere(workspace, work)
  showToast({
    text: () =>
      card && cards.length === 1
        ? t().move.toBoard(card.title || t().card.untitled, board(), column())
        : t().move.toBoardAll(cards.length, board(), column()),
    about: group,
    detail: details().length > 0 ? () => details().join('\n') : undefined,
    action: { label: () => t().common.undo, run: () => void screen.back.undo(group) },
    way: {
      label: () => (cards.length === 1 ? t().card.openThere : t().move.openBoard),
      run: () => void openElsewhere(address),
    },
  })
}

/** What the cards make too many there. */
function overLimit(there: Board, id: string, coming: number): string {
  const limit = there.columns.find((column) => column.id === id)?.limit ?? null
  const count = (cardsByColumn(there).get(id)?.length ?? 0) + coming
  return limit !== null && count > limit ? t().limit.over(titleOf(there, id), count, limit) : ''
}

async function sayNoColumn(screen: BoardScreen, there: Board, { work, column }: PlaceElsewhere): Promise<void> {
  if (column === null) return void showToast({ text: () => t().move.noColumn })
  const who = await screen.whoWrote(column, 'archived', true, work)
  showToast({ text: () => t().meanwhile.columnArchived(who, titleOf(there, column)), about: `gone ${column}` })
}

const titleOf = ({ columns }: Board, id: string): string =>
  columns.find((column) => column.id === id)?.title || t().board.columnName
