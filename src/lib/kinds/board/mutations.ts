import * as v from 'valibot'
import { Entity, Id, KnownText, Words } from '../../kernel/args.ts'
import { mutation } from '../../kernel/define-kind.ts'
import { str, type ImmutableString } from '../../kernel/immutable-string.ts'
import { isDay } from '../../kernel/instants.ts'
import { isOrder } from '../../kernel/order.ts'
import { refuse } from '../../kernel/refusal.ts'
import { write } from '../../kernel/write.ts'
import { Formatted, ParagraphFormat } from '../../kernel/formatted.ts'
import { repeats } from './repeat.ts'
import {
  colors,
  LONGEST_LINE,
  MOST_HOURS,
  originToText,
  priorities,
  type BoardDraft,
  type CardsDraft,
} from './schema.ts'

const Title = Words(LONGEST_LINE)
const Name = Words(100)
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
const DayOfMonth = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31)))
const Estimate = v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_HOURS)))
const RepeatOrNone = v.nullable(v.picklist(repeats))
const Limit = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)))
const Heads = v.record(Id, v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))))
/** A saved view as text (`view-content.ts`). */
const Content = v.pipe(v.string(), v.maxLength(10_000))
const ItemText = Words(LONGEST_LINE)
const ColorOrNone = v.nullable(v.picklist(colors))

const columnOf = (d: BoardDraft, column: string) => d.columns[column] ?? refuse('column-gone')
const labelOf = (d: BoardDraft, label: string) => d.labels[label] ?? refuse('label-gone')
const viewOf = (d: BoardDraft, view: string) => d.views[view] ?? refuse('view-gone')
const versionOf = (d: BoardDraft, version: string) => d.versions[version] ?? refuse('version-gone')
const itemOf = (d: CardsDraft, card: string, item: string) => cardOf(d, card).checklist[item] ?? refuse('item-gone')
const cardOf = (d: CardsDraft, card: string) => d.cards[card] ?? refuse('card-gone')
const strOrNone = (text: string | null) => (text === null ? null : str(text))
/** What was never set need not be cleared. */
const writeFlag = (flags: Record<string, boolean>, id: string, on: boolean) => {
  if (on || flags[id] !== undefined) write(flags, id, on)
}
/** Said once more it settles what somebody did who did not know of it; the same value alone would be no change. */
const putAway = <Flag extends string>(entry: Record<Flag, boolean> & MayBeUndone, flag: Flag) => {
  const flags: Record<Flag, boolean> = entry
  if (flags[flag]) flags[flag] = false
  flags[flag] = true
  byHand(entry)
}
type MayBeUndone = { undone?: ImmutableString }
/** From now on it is there, or archived, because somebody wants it so, and not because its adding was undone. */
const byHand = (entry: MayBeUndone) => {
  if (entry.undone !== undefined) delete entry.undone
}

/** The same of what stays, or comes back: who puts it away at once did not know that. */
const putBack = (entry: { archived: boolean } & MayBeUndone) => {
  if (!entry.archived) entry.archived = true
  entry.archived = false
  byHand(entry)
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
      limit: v.optional(Limit, null),
    }),
    run(d: BoardDraft, { column, title, order, color, done, limit }) {
      if (d.columns[column]) refuse('entry-exists')
      d.columns[column] = {
        title: str(title),
        order: str(order),
        color: strOrNone(color),
        done,
        limit,
        archived: false,
      }
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
  setColumnLimit: mutation({
    on: 'root',
    args: v.object({ column: Entity, limit: Limit }),
    run(d: BoardDraft, { column, limit }) {
      write(columnOf(d, column), 'limit', limit)
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
      putAway(columnOf(d, column), 'archived')
    },
  }),
  restoreColumn: mutation({
    on: 'root',
    args: v.object({ column: Entity }),
    run(d: BoardDraft, { column }) {
      putBack(columnOf(d, column))
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
    args: v.object({ label: Entity, name: v.optional(Name), color: v.optional(v.picklist(colors)) }),
    run(d: BoardDraft, { label, name, color }) {
      const known = labelOf(d, label)
      if (name !== undefined) write(known, 'name', str(name))
      if (color !== undefined) write(known, 'color', str(color))
    },
  }),
  removeLabel: mutation({
    on: 'root',
    args: v.object({ label: Entity }),
    run(d: BoardDraft, { label }) {
      putAway(labelOf(d, label), 'archived')
    },
  }),
  /** Its cards are given the other label in the same action. */
  mergeLabel: mutation({
    on: 'root',
    args: v.object({ label: Entity, into: Entity }),
    run(d: BoardDraft, { label, into }) {
      const merged = labelOf(d, label)
      labelOf(d, into)
      if (label === into) refuse('entry-exists')
      putAway(merged, 'archived')
      merged.into = str(into)
    },
  }),
  restoreLabel: mutation({
    on: 'root',
    args: v.object({ label: Entity }),
    run(d: BoardDraft, { label }) {
      putBack(labelOf(d, label))
    },
  }),
  /** `owner` null: everybody's. */
  addView: mutation({
    on: 'root',
    args: v.object({ view: Entity, name: Name, content: Content, order: Order, owner: v.nullable(Id) }),
    run(d: BoardDraft, { view, name, content, order, owner }) {
      if (d.views[view]) refuse('entry-exists')
      d.views[view] = {
        name: str(name),
        owner: strOrNone(owner),
        content: str(content),
        order: str(order),
        archived: false,
      }
    },
  }),
  editView: mutation({
    on: 'root',
    args: v.object({ view: Entity, name: v.optional(Name), content: v.optional(Content) }),
    run(d: BoardDraft, { view, name, content }) {
      const known = viewOf(d, view)
      if (name !== undefined) write(known, 'name', str(name))
      if (content !== undefined) write(known, 'content', str(content))
    },
  }),
  removeView: mutation({
    on: 'root',
    args: v.object({ view: Entity }),
    run(d: BoardDraft, { view }) {
      putAway(viewOf(d, view), 'archived')
    },
  }),
  restoreView: mutation({
    on: 'root',
    args: v.object({ view: Entity }),
    run(d: BoardDraft, { view }) {
      putBack(viewOf(d, view))
    },
  }),
  nameVersion: mutation({
    on: 'root',
    args: v.object({ version: Entity, name: Name, heads: Heads }),
    run(d: BoardDraft, { version, name, heads }, ctx) {
      if (d.versions[version]) refuse('entry-exists')
      d.versions[version] = {
        name: str(name),
        at: ctx.now,
        heads: Object.fromEntries(
          Object.entries(heads).map(([doc, hashes]) => [doc, str([...hashes].sort().join(' '))]),
        ),
        archived: false,
      }
    },
  }),
  renameVersion: mutation({
    on: 'root',
    args: v.object({ version: Entity, name: Name }),
    run(d: BoardDraft, { version, name }) {
      write(versionOf(d, version), 'name', str(name))
    },
  }),
  removeVersion: mutation({
    on: 'root',
    args: v.object({ version: Entity }),
    run(d: BoardDraft, { version }) {
      putAway(versionOf(d, version), 'archived')
    },
  }),
  restoreVersion: mutation({
    on: 'root',
    args: v.object({ version: Entity }),
    run(d: BoardDraft, { version }) {
      putBack(versionOf(d, version))
    },
  }),
  setTemplate: mutation({
    on: 'root',
    args: v.object({ template: v.boolean() }),
    run(d: BoardDraft, { template }) {
      write(d, 'template', template)
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
      startDay: v.optional(DayOfMonth, null),
      dueDay: v.optional(DayOfMonth, null),
      priority: v.optional(v.nullable(v.picklist(priorities)), null),
      labels: v.optional(v.array(Entity), []),
      assignees: v.optional(v.array(Id), []),
      estimate: v.optional(Estimate, null),
      repeat: v.optional(RepeatOrNone, null),
      blockedBy: v.optional(v.array(Entity), []),
      checklist: v.optional(
        v.array(v.object({ item: Entity, text: ItemText, order: Order, done: v.optional(v.boolean(), false) })),
        [],
      ),
      /** Plain, a paragraph per line, or with formats. */
      description: v.optional(v.union([v.pipe(v.string(), v.maxLength(100_000)), Formatted]), ''),
      /** The card whose description this one gets too. */
      descriptionOf: v.optional(Entity),
      /** The card of another board that was cut there and is moved here. */
      from: v.optional(v.object({ work: Id, entity: Entity, cut: Entity })),
      /** It follows one that repeats: whoever finishes that in the same moment adds it, too. */
      follows: v.optional(v.boolean(), false),
    }),
    unlessThere: ({ follows }) => follows,
    companionArgs: ({ description, descriptionOf }) => ({
      ...(typeof description === 'string' ? { text: description } : { formatted: description }),
      copyOf: descriptionOf,
    }),
    run(d: CardsDraft, args, ctx) {
      const { card, title, column, order, start, due, priority, labels, assignees, estimate, repeat } = args
      if (d.cards[card] && args.follows) return
      if (d.cards[card]) refuse('entry-exists')
      d.cards[card] = {
        title: str(title),
        column: str(column),
        order: str(order),
        assignees: Object.fromEntries(assignees.map((person) => [person, true])),
        labels: Object.fromEntries(labels.map((label) => [label, true])),
        start: strOrNone(start),
        due: strOrNone(due),
        startDay: args.startDay,
        dueDay: args.dueDay,
        priority: strOrNone(priority),
        estimate,
        repeat: strOrNone(repeat),
        blockedBy: Object.fromEntries(args.blockedBy.map((other) => [other, true])),
        checklist: Object.fromEntries(
          args.checklist.map(({ item, text, order, done }) => [
            item,
            { text: str(text), order: str(order), done, removed: false },
          ]),
        ),
        createdAt: ctx.now,
        archived: false,
        ...(args.from && { from: str(originToText(args.from)) }),
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
  /** Room for another card: the same place by a shorter key. Who moves the card at once has their way. */
  respaceCard: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, order: Order }),
    run(d: CardsDraft, { card, order }) {
      const spaced = cardOf(d, card)
      write(spaced, 'spaced', str(`${String(spaced.order)} ${order}`))
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
    args: v.object({
      card: Entity,
      start: v.optional(DayOrNone),
      due: v.optional(DayOrNone),
      startDay: v.optional(DayOfMonth, null),
      dueDay: v.optional(DayOfMonth, null),
    }),
    run(d: CardsDraft, { card, start, due, startDay, dueDay }) {
      const dated = cardOf(d, card)
      if (start !== undefined) {
        write(dated, 'start', strOrNone(start))
        // A day that a person chose is the day to come back to.
        if (startDay !== null || dated.startDay) write(dated, 'startDay', startDay)
      }
      if (due !== undefined) {
        write(dated, 'due', strOrNone(due))
        if (dueDay !== null || dated.dueDay) write(dated, 'dueDay', dueDay)
      }
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
  setEstimate: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, estimate: Estimate }),
    run(d: CardsDraft, { card, estimate }) {
      write(cardOf(d, card), 'estimate', estimate)
    },
  }),
  setRepeat: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, repeat: RepeatOrNone }),
    run(d: CardsDraft, { card, repeat }) {
      write(cardOf(d, card), 'repeat', strOrNone(repeat))
    },
  }),
  /** `by` must be finished before `card`. A cycle is refused by the guard, which sees all shards. */
  setBlockedBy: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, by: Entity, on: v.boolean() }),
    run(d: CardsDraft, { card, by, on }) {
      writeFlag(cardOf(d, card).blockedBy, by, on)
    },
  }),
  addChecklistItem: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, item: Entity, text: ItemText, order: Order }),
    run(d: CardsDraft, { card, item, text, order }) {
      const { checklist } = cardOf(d, card)
      if (checklist[item]) refuse('entry-exists')
      checklist[item] = { text: str(text), order: str(order), done: false, removed: false }
    },
  }),
  editChecklistItem: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, item: Entity, text: ItemText }),
    run(d: CardsDraft, { card, item, text }) {
      write(itemOf(d, card, item), 'text', str(text))
    },
  }),
  tickChecklistItem: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, item: Entity, done: v.boolean() }),
    run(d: CardsDraft, { card, item, done }) {
      write(itemOf(d, card, item), 'done', done)
    },
  }),
  moveChecklistItem: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, item: Entity, order: Order }),
    run(d: CardsDraft, { card, item, order }) {
      write(itemOf(d, card, item), 'order', str(order))
    },
  }),
  /** A mark, not a deletion: what somebody else writes into it meanwhile is not lost with it. */
  removeChecklistItem: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, item: Entity }),
    run(d: CardsDraft, { card, item }) {
      putAway(itemOf(d, card, item), 'removed')
    },
  }),
  restoreChecklistItem: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity, item: Entity }),
    run(d: CardsDraft, { card, item }) {
      write(itemOf(d, card, item), 'removed', false)
    },
  }),
  /** Moved here by one and somewhere by another: both cards stay, and are two from now on. */
  keepBoth: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity }),
    run(d: CardsDraft, { card }) {
      write(cardOf(d, card), 'kept', true)
    },
  }),
  /** Two descriptions, of a card that was begun twice: this one is kept, in its document. */
  keepDescription: mutation({
    on: 'cards',
    entity: 'card',
    keepsText: true,
    args: v.object({ card: Entity, text: v.string() }),
    run(d: CardsDraft, { card }) {
      cardOf(d, card)
    },
  }),
  /** Two formats of one paragraph of the description: this one is kept. */
  keepFormat: mutation({
    on: 'cards',
    entity: 'card',
    inText: 'keepFormat',
    args: v.object({ card: Entity, block: v.string(), format: ParagraphFormat }),
    run(d: CardsDraft, { card }) {
      cardOf(d, card)
    },
  }),
  /** Two addresses given to the same words of the description: this one is kept. */
  keepLink: mutation({
    on: 'cards',
    entity: 'card',
    inText: 'keepLink',
    args: v.object({ card: Entity, from: v.string(), to: v.string(), link: v.nullable(v.string()) }),
    run(d: CardsDraft, { card }) {
      cardOf(d, card)
    },
  }),
  /** Words that two people wrote at once in one place of the description: these are kept. */
  keepWords: mutation({
    on: 'cards',
    entity: 'card',
    inText: 'keepWords',
    args: v.object({
      card: Entity,
      from: v.string(),
      to: v.string(),
      words: v.string(),
      after: v.optional(v.string()),
    }),
    run(d: CardsDraft, { card }) {
      cardOf(d, card)
    },
  }),
  archiveCard: mutation({
    on: 'cards',
    entity: 'card',
    knowsText: true,
    args: v.object({ card: Entity, knewText: v.optional(KnownText) }),
    run(d: CardsDraft, { card, knewText }) {
      const entry = cardOf(d, card)
      putAway(entry, 'archived')
      if (knewText !== undefined) entry.knewText = str(knewText)
      else if (entry.knewText !== undefined) delete entry.knewText
    },
  }),
  restoreCard: mutation({
    on: 'cards',
    entity: 'card',
    args: v.object({ card: Entity }),
    run(d: CardsDraft, { card }) {
      putBack(cardOf(d, card))
    },
  }),
}
