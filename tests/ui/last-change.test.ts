import { expect, test } from 'vitest'
import type { HistoryEntry } from '#lib/core/api.ts'
import { lastOf } from '#lib/kinds/board/ui/last-change.ts'

/** The newest first, as the history has them. */
const moves = (...all: (readonly [person: string, column: string, takesBack?: readonly string[]])[]) =>
  all.map(([person, column, takesBack], at) => ({
    id: String(at),
    person,
    ...(takesBack && { takesBack }),
    fields: [{ path: ['cards', 'sail', 'column'], before: '', after: column }],
  })) as unknown as HistoryEntry[]
const whoPut = (entries: readonly HistoryEntry[]) =>
  lastOf(entries, 'sail', 'column', { atFirst: true, orMade: true, value: 'doing' })?.person

test('who takes back that the board went back has not put the card where it is again', () => {
  const entries = moves(['ann', 'doing', ['restore']], ['ann', 'todo'], ['bo', 'doing'], ['ann', 'todo'])
  expect(whoPut(entries)).toBe('bo')
  // Whose doing it was just now is another question.
  expect(lastOf(entries, 'sail', 'column', { value: 'doing' })?.person).toBe('ann')
})

test('where nobody else is known to have put it there, it is who took something back', () => {
  expect(whoPut(moves(['ann', 'doing', ['moveCard']], ['bo', 'todo']))).toBe('ann')
  expect(whoPut(moves(['ann', 'todo', ['moveCard']]))).toBeUndefined()
})
