/**
 * Genesis and migrations as fixed changes: time 0, an actor derived from their content, one chain that depends only on
 * itself. Every device computes the same bytes, none sends them, and applying them again changes nothing.
 */
import * as A from '@automerge/automerge/slim'
import type { DocumentType } from '#lib/kernel/define-kind.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'

/** A document of that type with nothing in it but its frozen changes. Throws if this application does not know the type. */
export function freshDocument(name: string): A.Doc<Record<string, unknown>> {
  const type = documentTypeNamed(name)
  if (!type) throw new Error(`unknown document type ${name}`)
  return A.applyChanges(A.init<Record<string, unknown>>(), [...frozenChanges(name, type)] as A.Change[])[0]
}

const made = new Map<string, readonly Uint8Array[]>()

/** The chain of a document type, by its full name (`board.cards`), made once. */
export function frozenChanges(name: string, type: DocumentType<never>): readonly Uint8Array[] {
  const known = made.get(name)
  if (known) return known
  const steps = [type.genesis, ...type.migrations] as ((draft: Record<string, unknown>) => void)[]
  let doc = A.init<Record<string, unknown>>({ actor: '00'.repeat(16) })
  const changes: Uint8Array[] = []
  for (const step of steps) {
    // First by an actor of zeros, only to learn the content's hash; then by the actor that the hash names.
    const draft = changeBy('00'.repeat(16), doc, step)
    const actor = A.decodeChange(draft.change).hash.slice(0, 32)
    const final = changeBy(actor, doc, step)
    changes.push(final.change)
    doc = final.doc
  }
  made.set(name, changes)
  return changes
}

function changeBy(
  actor: string,
  base: A.Doc<Record<string, unknown>>,
  step: (draft: Record<string, unknown>) => void,
): { doc: A.Doc<Record<string, unknown>>; change: Uint8Array } {
  const copy = A.clone(base, { actor })
  const doc = A.change(copy, { time: 0, message: 'genesis' }, step)
  const change = A.getLastLocalChange(doc)
  if (!change) throw new Error('a genesis or migration must write something')
  return { doc, change }
}
