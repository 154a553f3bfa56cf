/** Whom a card can be assigned to, or be filtered by. */
import { compareNames } from '#lib/kernel/names.ts'

/** Members by name. Who was removed comes after them, and only where they are `still` named: to be taken away, not to be put anew. */
export function peopleToChoose<One extends { id: string; name: string; removed: boolean }>(
  people: Iterable<One>,
  still: Iterable<string>,
): One[] {
  const named = new Set(still)
  return [...people]
    .filter(({ id, removed }) => !removed || named.has(id))
    .sort((a, b) => Number(a.removed) - Number(b.removed) || compareNames(a.name, b.name))
}
