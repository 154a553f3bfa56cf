/** A card as a view has it, for tests that need no board around it. */
import type { DocId } from '#lib/kernel/ids.ts'
import type { Instant } from '#lib/kernel/instants.ts'
import type { Landed } from '#lib/kinds/board/landed.ts'
import type { Card } from '#lib/kinds/board/schema.ts'

export const card = (id: string, fields: Partial<Card> = {}): Card => ({
  id,
  doc: '' as Card['doc'],
  title: id,
  column: 'todo',
  order: 'a1',
  assignees: [],
  labels: [],
  start: null,
  due: null,
  startDay: null,
  dueDay: null,
  priority: null,
  estimate: null,
  repeat: null,
  blockedBy: [],
  checklist: [],
  createdAt: 0 as Card['createdAt'],
  archived: false,
  from: null,
  kept: false,
  ...fields,
})

/** What a card became that was moved to another board. */
export const landedOn = (board: string, fields: Partial<Landed> = {}): Landed => ({
  entity: 'landed',
  title: 'Mast',
  by: 'ann',
  from: { work: 'd'.repeat(32) as DocId, entity: 'mast', cut: 'cut' },
  at: 0 as Instant,
  work: 'e'.repeat(32) as DocId,
  board,
  ...fields,
})
