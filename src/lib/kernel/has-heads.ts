/**
 * Whether a document has these changes. Automerge's own `hasHeads` takes each change out of the columns to say so: 6 ms where one
 * change brought in 500 cards. What a document lacks it knows from an index.
 */
import * as A from '@automerge/automerge/slim'

export function hasHeads(doc: A.Doc<unknown>, heads: A.Heads): boolean {
  // Changes that wait for others are told of as well, and such a document is asked the long way.
  return A.getMissingDeps(doc, heads).length === 0 || A.hasHeads(doc, heads)
}
