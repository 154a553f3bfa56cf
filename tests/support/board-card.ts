/** A card as a view has it, for tests that need no board around it. */
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
  createdBy: '',
  archived: false,
  from: null,
  ...fields,
})
