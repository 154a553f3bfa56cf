/** Reads the cards before they are shown, a few at a time: a window that takes in 10,000 at once would stand still. */
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import { ownWords } from '../queries.ts'
import { shardsOf } from '../schema.ts'
import { cardsOfShard, placeAhead } from './board-reader.ts'
import { guessedHeight } from './laid-out-cards.ts'

const SLICE_MS = 8

export async function prepareBoard(work: WorkDocs, whole: boolean): Promise<void> {
  let since = performance.now()
  for (const [doc, entries] of shardsOf(work.docs)) {
    // What was read is remembered by its entries, and what is known of a card by the card.
    for (const card of cardsOfShard(doc, entries)) {
      ownWords(card)
      guessedHeight(card)
    }
    if (performance.now() - since < SLICE_MS) continue
    await othersFirst()
    since = performance.now()
  }
  if (!whole) return
  await othersFirst()
  placeAhead(work)
  await othersFirst()
}

const othersFirst = () => new Promise((resolve) => setTimeout(resolve))
