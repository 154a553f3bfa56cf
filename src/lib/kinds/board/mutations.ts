import * as v from 'valibot'
import { mutation } from '../../kernel/define-kind.ts'
import { str } from '../../kernel/immutable-string.ts'
import { isDay } from '../../kernel/instants.ts'
import { isOrder } from '../../kernel/order.ts'
import { refuse } from '../../kernel/refusal.ts'
import { write } from '../../kernel/write.ts'
import { colors, priorities, type BoardDraft, type CardsDraft } from './schema.ts'

const Entity = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{1,32}$/))
const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))
const Title = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500))
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))
const Order = v.pipe(
  v.string(),
  v.check((text) => isOrder(text)),
)
const DayOrNone = v.nullable(
  v.pipe(
    v.string(),
    v.check((text) => isDay(text)),
  ),
)
const ColorOrNone = v.nullable(v.picklist(colors))

const columnOf = (d: BoardDraft, column: string) => d.columns[column] ?? refuse('column-gone')
const labelOf = (d: BoardDraft, label: string) => d.labels[label] ?? refuse('label-gone')
const cardOf = (d: CardsDraft, card: string) => d.cards[card] ?? refuse('card-gone')
const strOrNone = (text: string | null) => (text === null ? null : str(text))
/** What was never set need not be cleared. */
const writeFlag = (flags: Record<string, boolean>, id: string, on: boolean) => {
  if (on || flags[id] !== undefined) write(flags, id, on)
}

export const mutations = {
  renameBoard: mutation({
    on: 'root',
    args: v.object({ title: Title }),
    run(d: BoardDraft, { title }) {
      write(d, 'title', str(title))
    },
  }),
  addColumn: mutation({
    on: 'root',
    args: v.object({
      column: Entity,
      title: Name,
      order: Order,
      color: v.optional(ColorOrNone, null),
      done: v.optional(v.boolean(), false),
    }),
    run(d: BoardDraft, { column, title, order, color, done }) {
      if (d.columns[column]) refuse('entry-exists')
      d.columns[column] = { title: str(title), order: str(order), color: strOrNone(color), done, archived: false }
    },
  }),
  renameColumn: mutation({
    on: 'root',
    args: v.object({ column: Entity, title: Name }),
    run(d: BoardDraft, { column, title }) {
      write(columnOf(d, column), 'title', str(title))
    },
  }),
  recolorColumn: mutation({
    on: 'root',
    args: v.object({ column: Entity, color: ColorOrNone }),
    run(d: BoardDraft, { column, color }) {
      write(columnOf(d, column), 'color', strOrNone(color))
    },
  }),
  setColumnDone: mutation({
    on: 'root',
    args: v.object({ column: Entity, done: v.boolean() }),
    run(d: BoardDraft, { column, done }) {
      write(columnOf(d, column), 'done', done)
    },
  }),
  moveColumn: mutation({
    on: 'root',
    args: v.object({ column: Entity, order: Order }),
    run(d: BoardDraft, { column, order }) {
      write(columnOf(d, column), 'order', str(order))
    },
  }),
  archiveColumn: mutation({
    on: 'root',
    args: v.object({ column: Entity }),
    run(d: BoardDraft, { column }) {
      write(columnOf(d, column), 'archived', true)
    },
  }),
  restoreColumn: mutation({
    on: 'root',
    args: v.object({ column: Entity }),
    run(d: BoardDraft, { column }) {
      write(columnOf(d, column), 'archived', false)
    },
  }),
  addLabel: mutation({
    on: 'root',
    args: v.object({ label: Entity, name: Name, color: v.picklist(colors) }),
    run(d: BoardDraft, { label, name, color }) {
      if (d.labels[label]) refuse('entry-exists')
      d.labels[label] = { name: str(name), color: str(color), archived: false }
    },
  }),
  editLabel: mutation({
    on: 'root',
    args: v.object({ label: Entity, name: Name, color: v.picklist(colors) }),
    run(d: BoardDraft, { label, name, color }) {
      const known = labelOf(d, label)
      write(known, 'name', str(name))
      write(known, 'color', str(color))
    },
  }),
  removeLabel: mutation({
    on: 'root',
    args: v.object({ label: Entity }),
    run(d: BoardDraft, { label }) {
      write(labelOf(d, label), 'archived', true)
    },
  }),
  /** The core lists a shard that it has opened. */
  addShard: mutation({
    on: 'root',
    args: v.object({ doc: Id, type: v.literal('cards') }),
    run(d: BoardDraft, { doc, type }) {
      if (!d.shards[doc]) d.shards[doc] = str(type)
    },
  }),
  addCard: mutation({
    on: 'cards',
    entity: 'card',
    creates: true,
    args: v.object({
      card: Entity,
      title: Title,
      column: Entity,
      order: Order,
      start: v.optional(DayOrNone, null),
      due: v.optional(DayOrNone, null),
      priority: v.optional(v.nullable(v.picklist(priorities)), null),
      labels: v.optional(v.array(Entity), []),
      assignees: v.optional(v.array(Id), []),
      description: v.optional(v.pipe(v.string(), v.maxLength(100_000)), ''),
    }),
    companionArgs: ({ description }) => ({ text: description }),
    run(d: CardsDraft, { card, title, column, order, start, due, priority, labels, assignees }, ctx) {
      if (d.cards[card]) refuse('entry-exists')
      d.cards[card] = {
        title: str(title),
        column: str(column),
        order: str(order),
        assignees: Object.fromEntries(assignees.map((person) => [person, true])),
        labels: Object.fromEntries(labels.map((label) => [label, true])),
        start: strOrNone(start),
        due: strOrNone(due),
        priority: strOrNone(priority),
        createdAt: ctx.now,
        createdBy: str(ctx.person),
        archived: false,
      }
    },
  }),
  retitleCard: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, title: Title }),
    run(d: CardsDraft, { card, title }) {
      write(cardOf(d, card), 'title', str(title))
    },
  }),
  moveCard: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, column: Entity, order: Order }),
    run(d: CardsDraft, { card, column, order }) {
      const moved = cardOf(d, card)
      // Both devices may move it; Automerge keeps one column, the same everywhere.
      write(moved, 'column', str(column))
      write(moved, 'order', str(order))
    },
  }),
  setAssignee: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, person: Id, on: v.boolean() }),
    run(d: CardsDraft, { card, person, on }) {
      writeFlag(cardOf(d, card).assignees, person, on)
    },
  }),
  setLabel: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, label: Entity, on: v.boolean() }),
    run(d: CardsDraft, { card, label, on }) {
      writeFlag(cardOf(d, card).labels, label, on)
    },
  }),
  /** An absent field stays as it is: two people who set start and due at once both have their way. */
  setDates: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, start: v.optional(DayOrNone), due: v.optional(DayOrNone) }),
    run(d: CardsDraft, { card, start, due }) {
      const dated = cardOf(d, card)
      if (start !== undefined) write(dated, 'start', strOrNone(start))
      if (due !== undefined) write(dated, 'due', strOrNone(due))
    },
  }),
  setPriority: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, priority: v.nullable(v.picklist(priorities)) }),
    run(d: CardsDraft, { card, priority }) {
      write(cardOf(d, card), 'priority', strOrNone(priority))
    },
  }),
  archiveCard: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity }),
    run(d: CardsDraft, { card }) {
      write(cardOf(d, card), 'archived', true)
    },
  }),
  restoreCard: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity }),
    run(d: CardsDraft, { card }) {
      write(cardOf(d, card), 'archived', false)
    },
  }),
}
