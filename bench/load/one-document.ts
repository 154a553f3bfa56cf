/** The same board as one Automerge document, compacted: what a program that did nothing else would have to read and load. */
import '../../tests/support/automerge.ts'
import * as A from '@automerge/automerge'
import { str } from '../../src/lib/kernel/immutable-string.ts'
import { serveTask } from '../harness/task.ts'
import { cardsOf, editsOf } from './board-work.ts'

export interface OneDocumentJob {
  cards: number
  edits: number
}

serveTask<OneDocumentJob, string>(async ({ cards: count, edits }) => {
  const cards = cardsOf(count)
  let doc = A.from<{ cards: Record<string, Record<string, unknown>> }>({ cards: {} })
  for (let from = 0; from < cards.length; from += 100) {
    doc = A.change(doc, (draft) => {
      for (const { card, title, column, order } of cards.slice(from, from + 100)) {
        draft.cards[card] = {
          ...{ title: str(title), column: str(column), order: str(order), assignees: {}, labels: {} },
          ...{ start: null, due: null, priority: null, estimate: null, repeat: null, blockedBy: {}, checklist: {} },
          createdAt: 1_764_000_000_000,
          archived: false,
        }
      }
    })
  }
  for (const { card, ...fields } of editsOf(edits, cards))
    doc = A.change(doc, { message: 'editCard 0123abcd' }, (draft) => {
      const edited = draft.cards[card]!
      for (const [name, value] of Object.entries(fields)) edited[name] = str(value)
    })
  return Buffer.from(A.save(doc)).toString('base64')
})
