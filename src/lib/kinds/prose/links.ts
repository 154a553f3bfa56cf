/**
 * What letters of a collaborative text lead to. Of the marks that lie over letters Automerge keeps the one that counts and no other:
 * who gave them which address is read at each change that wrote one.
 */
import { clone, free, getBackend, view, type DecodedChange, type Doc, type ObjID } from '@automerge/automerge/slim'
import { fieldsOf, textOf } from '../../kernel/reading.ts'
import { textIn } from './formats.ts'
import { hrefOf, linkMark } from './link-mark.ts'
import type { ProseDraft } from './schema.ts'

type Backend = ReturnType<typeof getBackend>

/** Where a change laid something over letters, or took it away: the ids of where that begins and ends, which stand in the text like letters. */
export interface MarkWrite {
  name: string
  text: ObjID
  begin: string
  end: string
}

export function markWrites({ ops, startOp, actor }: Pick<DecodedChange, 'ops' | 'startOp' | 'actor'>): MarkWrite[] {
  return ops.flatMap((op, at) => {
    const next = ops[at + 1]
    if (op.action !== 'markBegin' || next?.action !== 'markEnd' || next.obj !== op.obj) return []
    const [begin, end] = [`${startOp + at}@${actor}`, `${startOp + at + 1}@${actor}`]
    return [{ name: textOf(fieldsOf(op)['name']), text: op.obj, begin, end }]
  })
}

export const linkWrites = (change: Parameters<typeof markWrites>[0]): MarkWrite[] =>
  markWrites(change).filter(({ name }) => name === 'link')

/** Its place in the text, now or at a moment; null of what is not, or was not, there. */
export function placeOf(backend: Backend, text: ObjID, id: string, heads?: string[]): number | null {
  try {
    return backend.getCursorPosition(text, id, heads)
  } catch {
    return null
  }
}

/** Where these stood at a moment. To ask for one takes as long as the text is; of a copy, which takes as long as the document is, many. */
export function placesAt(doc: Doc<unknown>, text: ObjID, ids: readonly string[], heads: string[]): (number | null)[] {
  if (ids.length <= MUCH) return ids.map((id) => placeOf(getBackend(doc), text, id, heads))
  const copy = clone(view(doc, heads))
  try {
    return ids.map((id) => placeOf(getBackend(copy), text, id))
  } finally {
    free(copy)
  }
}
const MUCH = 64

/** The address at each place of a text, now or at a moment; null where there is none. */
export function linksIn(backend: Backend, text: ObjID, heads?: string[]): (place: number | null) => string | null {
  const links = backend.marks(text, heads).filter(({ name }) => name === 'link')
  return (place) => {
    const link = links.find(({ start, end }) => place !== null && start <= place && place < end)
    return hrefOf(link?.value) || null
  }
}

/**
 * Gives the letters from one to another this address, or none. Also what they have already: what others gave them at once is settled by
 * that. Nothing where either letter is gone.
 */
export function writeLink(draft: Doc<ProseDraft>, entry: string, from: string, to: string, link: string | null): void {
  const text = textIn(draft, entry)
  const backend = getBackend(draft)
  const [start, last] = text === null ? [] : [from, to].map((id) => placeOf(backend, text, id))
  if (text === null || typeof start !== 'number' || typeof last !== 'number' || last < start) return
  if (backend.getCursor(text, start) !== from || backend.getCursor(text, last) !== to) return
  // A link does not grow with what is written at its edge.
  const range = { start, end: backend.getCursor(text, last + 1) === to ? last + 2 : last + 1, expand: 'none' } as const
  if (link === null) backend.unmark(text, range, 'link')
  else backend.mark(text, range, 'link', linkMark(link), 'str')
}
