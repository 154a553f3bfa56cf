/** Reads the cards before they are shown, a few at a time: a window that takes in 10,000 at once would stand still. */
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import { entriesOf } from '#lib/kernel/reading.ts'
import { ownWords } from '../queries.ts'
import { readCard, shardsOf } from '../schema.ts'

const SLICE_MS = 8

export async function prepareBoard({ docs }: WorkDocs, clock: () => number = () => performance.now()): Promise<void> {
  let since = clock()
  for (const [doc, entries] of shardsOf(docs)) {
    // What was read is remembered by its entry.
    for (const [id, entry] of entriesOf(entries)) ownWords(readCard(entry, id, doc))
    if (clock() - since < SLICE_MS) continue
    await new Promise((resolve) => setTimeout(resolve))
    since = clock()
  }
}
