/**
 * Somebody moves a card to another board while it is being written in: what is handed in then stands on the archived card
 * here. That is said once it is known where the card went, whatever is on the screen by then, with the way to have the same there.
 */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { CoreClient } from '#lib/core/client.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { attempt } from '#lib/ui/attempt.ts'
import { showToast } from '#lib/ui/toasts.svelte.ts'
import { personName } from '#lib/ui/workspace-context.ts'
import { landedOn, nowOf, type PlaceNow } from '../landed.ts'
import { readBoard } from '../schema.ts'
import { cardElsewhere, openElsewhere } from './card-address.svelte.ts'
import type { Card } from './screen-board.ts'

export interface Written {
  /** What the field is called, and what was written in it, as one reads it. */
  field: string
  text: string
  /** Writes it in the card, or in the one that it became on another board. */
  calls: (card: Card) => MutationCall[]
}

interface Place {
  core: CoreClient
  workspace: WorkspaceId
  work: DocId
}

/** To be called where it was written in a card that is archived. Resolves once it is told. */
export function tellWhereItWent({ core, workspace, work }: Place, card: string, written: Written): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isTold = false
  const stop = core.watch('workspace', { workspace }, async (state) => {
    const landed = landedOn(state.works)
    const [place] = nowOf(landed, work, card)
    // Where it was brought back, what was written is on the board.
    const isBack = () => core.call.isShown({ workspace, work, entity: card }).catch(() => true)
    if (!place || (await isBack()) || isTold) return
    isTold = true
    stop()
    const mover = place.by ?? landed.moves.movedBackBy(work, card) ?? ''
    say({ core, workspace, work: place.work }, place, written, personName(state, mover, t().app.somebody))
    resolve()
  })
  return promise
}

function say(there: Place, { board, entity }: PlaceNow, { field, text, calls }: Written, who: string): void {
  showToast({
    text: () => t().card.movedMeanwhile(who, board || t().board.untitled),
    detail: () => t().card.writtenHere(field, text),
    life: null,
    lasts: true,
    action: { label: () => t().card.useThere, run: () => void useThere(there, entity, calls) },
  })
}

async function useThere({ core, workspace, work }: Place, entity: string, calls: Written['calls']): Promise<void> {
  const docs = await attempt(core.call.moment({ workspace, work, at: { now: true } }))
  const card = docs && readBoard(docs.value).cardsById.get(entity)
  if (!card) return
  const args = { workspace, work, calls: calls(card), tab: core.tab }
  if (await attempt(core.call.commit(args))) await openElsewhere(cardElsewhere(workspace, work, entity))
}
