/** The board's mutations as the screen calls them: one place that knows their names and arguments. */
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { entityId } from '#lib/kernel/ids.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { orderBetween, type RandomBytes } from '#lib/kernel/order.ts'
import type { Repeat } from '../repeat.ts'
import type { ContestedField } from '../schema.ts'
import type { Card, Priority } from './screen-board.ts'

export const random: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length))
export const newEntity = (): string => entityId(random)

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

/** What a new card may bring along. */
export interface CardFields {
  start?: Day
  due?: Day
  priority?: Priority
  labels?: string[]
  assignees?: string[]
  estimate?: number
}

export const calls = {
  renameBoard: (title: string) => call('renameBoard', { title }),
  addColumn: (column: string, title: string, order: string, done = false) =>
    call('addColumn', { column, title, order, done }),
  renameColumn: (column: string, title: string) => call('renameColumn', { column, title }),
  setColumnDone: (column: string, done: boolean) => call('setColumnDone', { column, done }),
  setColumnLimit: (column: string, limit: number | null) => call('setColumnLimit', { column, limit }),
  moveColumn: (column: string, order: string) => call('moveColumn', { column, order }),
  archiveColumn: (column: string) => call('archiveColumn', { column }),
  restoreColumn: (column: string) => call('restoreColumn', { column }),
  addLabel: (label: string, name: string, color: string) => call('addLabel', { label, name, color }),
  editLabel: (label: string, name: string, color: string) => call('editLabel', { label, name, color }),
  removeLabel: (label: string) => call('removeLabel', { label }),
  mergeLabel: (label: string, into: string) => call('mergeLabel', { label, into }),
  restoreLabel: (label: string) => call('restoreLabel', { label }),
  setTemplate: (template: boolean) => call('setTemplate', { template }),
  renameVersion: (version: string, name: string) => call('renameVersion', { version, name }),
  removeVersion: (version: string) => call('removeVersion', { version }),
  restoreVersion: (version: string) => call('restoreVersion', { version }),
  addCard: (card: string, title: string, column: string, order: string, fields: CardFields = {}) =>
    call('addCard', { card, title, column, order, ...fields }),
  keepBoth: (card: string) => call('keepBoth', { card }),
  retitleCard: (card: string, title: string) => call('retitleCard', { card, title }),
  moveCard: (card: string, column: string, order: string) => call('moveCard', { card, column, order }),
  respaceCard: (card: string, order: string) => call('respaceCard', { card, order }),
  setAssignee: (card: string, person: string, on: boolean) => call('setAssignee', { card, person, on }),
  setLabel: (card: string, label: string, on: boolean) => call('setLabel', { card, label, on }),
  setDates: (card: string, dates: { start?: Day | null; due?: Day | null }) => call('setDates', { card, ...dates }),
  setPriority: (card: string, priority: Priority | null) => call('setPriority', { card, priority }),
  addView: (view: string, name: string, content: string, order: string, owner: string | null) =>
    call('addView', { view, name, content, order, owner }),
  renameView: (view: string, name: string) => call('editView', { view, name }),
  saveView: (view: string, content: string) => call('editView', { view, content }),
  removeView: (view: string) => call('removeView', { view }),
  restoreView: (view: string) => call('restoreView', { view }),
  setEstimate: (card: string, estimate: number | null) => call('setEstimate', { card, estimate }),
  setRepeat: (card: string, repeat: Repeat | null) => call('setRepeat', { card, repeat }),
  setBlockedBy: (card: string, by: string, on: boolean) => call('setBlockedBy', { card, by, on }),
  addChecklistItem: (card: string, item: string, text: string, order: string) =>
    call('addChecklistItem', { card, item, text, order }),
  editChecklistItem: (card: string, item: string, text: string) => call('editChecklistItem', { card, item, text }),
  tickChecklistItem: (card: string, item: string, done: boolean) => call('tickChecklistItem', { card, item, done }),
  moveChecklistItem: (card: string, item: string, order: string) => call('moveChecklistItem', { card, item, order }),
  removeChecklistItem: (card: string, item: string) => call('removeChecklistItem', { card, item }),
  restoreChecklistItem: (card: string, item: string) => call('restoreChecklistItem', { card, item }),
  keepDescription: (card: string, text: string) => call('keepDescription', { card, text }),
  keepFormat: (card: string, block: string, format: unknown) => call('keepFormat', { card, block, format }),
  keepLink: (card: string, from: string, to: string, link: unknown) => call('keepLink', { card, from, to, link }),
  keepWords: (card: string, from: string, to: string, words: string, after?: string) =>
    call('keepWords', { card, from, to, words, ...(after !== undefined && { after }) }),
  archiveCard: (card: string) => call('archiveCard', { card }),
  restoreCard: (card: string) => call('restoreCard', { card }),
  settle,
  settleItem,
  settleOnBoard,
}

/** Writes one of the values that came at once: that ends it. What others wrote is taken as it is; the mutation looks at it. */
function settle({ id: card, order }: Card, field: ContestedField, value: unknown): MutationCall {
  switch (field) {
    case 'title':
      return call('retitleCard', { card, title: value })
    case 'column':
      return call('moveCard', { card, column: value, order: order || orderBetween(null, null, random) })
    case 'start':
    case 'due':
      return call('setDates', { card, [field]: value })
    case 'priority':
      return call('setPriority', { card, priority: value })
    case 'estimate':
      return call('setEstimate', { card, estimate: value })
    case 'repeat':
      return call('setRepeat', { card, repeat: value })
    case 'archived':
      return call(value === true ? 'archiveCard' : 'restoreCard', { card })
  }
}

/** The same of an item of its checklist. */
function settleItem({ id: card }: Card, item: string, field: 'text' | 'removed', value: unknown): MutationCall {
  if (field === 'text') return call('editChecklistItem', { card, item, text: value })
  return call(value === true ? 'removeChecklistItem' : 'restoreChecklistItem', { card, item })
}

/** The same of the board itself, its columns, labels and views. */
function settleOnBoard([collection, entry, field]: Conflict['path'], value: unknown): MutationCall {
  switch (collection) {
    case 'columns':
      return field === 'title'
        ? call('renameColumn', { column: entry, title: value })
        : field === 'done'
          ? call('setColumnDone', { column: entry, done: value })
          : call('setColumnLimit', { column: entry, limit: value })
    case 'labels':
      return call('editLabel', { label: entry, [field]: value })
    case 'views':
      return call('editView', { view: entry, [field]: value })
    case 'versions':
      return call('renameVersion', { version: entry, name: value })
    default:
      return call('renameBoard', { title: value })
  }
}
