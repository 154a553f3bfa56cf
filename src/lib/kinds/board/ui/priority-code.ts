import type { Priority } from './screen-board.ts'

/** How priorities are written on screen: P0 to P3. */
export const priorityCode = { urgent: 'p0', high: 'p1', medium: 'p2', low: 'p3' } as const satisfies Record<
  Priority,
  string
>
