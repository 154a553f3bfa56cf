/**
 * Choices between words that had met. Such a choice takes out what stood there and writes what was chosen, so whose letters these are is
 * known only by those that they stand for (docs/decisions/0013, 0015).
 */
import * as A from '@automerge/automerge/slim'
import { letterWrites, type LettersWrite } from './letters.ts'
import { placeOf } from './links.ts'
import { sameLetters } from './same-letters.ts'

/** What a change was that belongs to such a choice: it was made (or made again), or taken back. */
export type ChoiceSort = 'made' | 'back'

export interface Choice {
  hash: string
  sort: ChoiceSort
}

/** What took choices back, each with the choice that it was; `writes` in an order in which each comes after what it was made on. */
export function choicesTakenBack<Write extends LettersWrite>(
  writes: readonly Write[],
  sortOf: (write: Write) => ChoiceSort | null,
): ReadonlyMap<Write, Write> {
  const choices: Write[] = []
  const choiceOf = new Map<Write, Write>()
  const settled = new Set<Write>()
  for (const write of writes) {
    const sort = sortOf(write)
    if (sort === 'made') choices.push(write)
    if (sort !== 'back') continue
    const again = putBy(write).length
    const choice = choices.findLast((one) => {
      const put = new Set([...putBy(one), ...one.marks.map(({ id }) => id)])
      const isOfIt = put.size > 0 ? write.deleted.length > 0 && write.deleted.every((id) => put.has(id)) : true
      return isOfIt && !settled.has(one) && one.deleted.length === again
    })
    if (!choice) continue
    settled.add(choice)
    choiceOf.set(write, choice)
  }
  return choiceOf
}

export const putBy = ({ runs }: LettersWrite): string[] => runs.flatMap(({ ids }) => ids)

/**
 * Letters that choices took out of a text, each with the one that stands for it: the same letter, in what was chosen. In the order of the
 * choices; where one was taken back, those that came again stand for all that it took out.
 */
export function standIns(doc: A.Doc<unknown>, text: A.ObjID, choices: readonly Choice[]): [old: string, now: string][] {
  const writes = choices.flatMap(({ hash, sort }) => {
    const change = A.inspectChange(doc, hash)
    const some = change ? letterWrites(change).filter((write) => write.text === text) : []
    return some.map((write) => ({ ...write, sort, hash, deps: change?.deps ?? [] }))
  })
  const backend = A.getBackend(doc)
  const lettersAt = (ids: readonly string[], heads: string[]) => {
    const letters = ids.length > 0 ? backend.text(text, heads) : ''
    return ids.map((id) => {
      const code = letters.codePointAt(placeOf(backend, text, id, heads) ?? letters.length)
      return code === undefined ? '' : String.fromCodePoint(code)
    })
  }
  const choiceOf = choicesTakenBack(writes, ({ sort }) => sort)
  return writes.flatMap((write): [string, string][] => {
    const [choice, put] = [choiceOf.get(write), putBy(write)]
    const gone = (choice ?? write).deleted
    const pairs = choice
      ? put.map((_, nth) => [nth, nth] as const)
      : sameLetters(lettersAt(gone, write.deps), lettersAt(put, [write.hash]))
    return pairs.flatMap(([at, nth]): [string, string][] => {
      const [old, now] = [gone[at], put[nth]]
      return old === undefined || now === undefined ? [] : [[old, now]]
    })
  })
}
