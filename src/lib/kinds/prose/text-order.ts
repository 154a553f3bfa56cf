/** In which order the characters of a text stand, those among them that were taken out. */
import * as A from '@automerge/automerge/slim'
import { WROTE, writtenIn } from '../../kernel/groups.ts'
import { fieldsOf, textOf } from '../../kernel/reading.ts'

const actorOf = (id: string): string => id.slice(id.indexOf('@') + 1)
const countOf = (id: string): number => Number(id.slice(0, id.indexOf('@')))

/**
 * Each stands behind the one that it was put behind; of several that were put behind one, the newest is first, as Automerge has them. All
 * changes of the text are read for it: not to be asked for while the document is being changed.
 */
export function orderIn(doc: A.Doc<unknown>, text: A.ObjID, entry: string): (id: string) => number | null {
  const behind = new Map<string, string[]>()
  for (const { hash, message } of A.getChangesMetaSince(doc, [])) {
    // What was written in another text is not looked at.
    if (message?.startsWith(`${WROTE} `) && writtenIn(message) !== entry.slice(0, 2)) continue
    const { ops = [], startOp = 0, actor = '' } = A.inspectChange(doc, hash) ?? {}
    for (const [at, op] of ops.entries()) {
      const { insert, elemId } = fieldsOf(op)
      if (op.obj !== text || insert !== true) continue
      const [root, id] = [textOf(elemId), `${startOp + at}@${actor}`]
      const others = behind.get(root)
      if (others) others.push(id)
      else behind.set(root, [id])
    }
  }
  for (const ids of behind.values()) ids.sort((a, b) => countOf(a) - countOf(b) || (actorOf(a) < actorOf(b) ? -1 : 1))
  const order = new Map<string, number>()
  const way = [HEAD]
  for (let id = way.pop(); id !== undefined; id = way.pop()) {
    order.set(id, order.size)
    way.push(...(behind.get(id) ?? []))
  }
  return (id) => order.get(id) ?? null
}
const HEAD = '_head'
