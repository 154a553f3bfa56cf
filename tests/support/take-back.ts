/** Undo without a core, on one device. */
import * as A from '@automerge/automerge/slim'
import { applyUndo, planUndo, type UndoClash, type UndoPlan } from '#lib/store/undo.ts'
import type { Replica, Written } from './kinds.ts'

/** Takes a group back on a device. Gives what it did as a group of its own, and whom it would overwrite. */
export function takeBack(
  replica: Replica,
  group: readonly Written[],
  force = false,
): { undone: Written[]; clashes: UndoClash[]; met: UndoPlan['met'] } {
  const met: UndoPlan['met'] = []
  const undone: Written[] = []
  const clashes: UndoClash[] = []
  for (const id of new Set(group.map(({ doc }) => doc))) {
    const member = replica.docs.get(id)
    if (!member) throw new Error('no such document')
    const hashes = group.filter(({ doc }) => doc === id).flatMap((written) => written.hashes)
    const plan = planUndo(member.doc, hashes, replica.kind.documents[member.type])
    clashes.push(...plan.clashes)
    met.push(...plan.met)
    if (plan.clashes.length > 0 && !force) continue
    const before = A.getHeads(member.doc)
    member.doc = A.change(member.doc, (draft) => applyUndo(draft, plan.writes))
    undone.push({ doc: id, type: member.type, hashes: A.getHeads(member.doc).filter((head) => !before.includes(head)) })
  }
  return { undone, clashes, met }
}
