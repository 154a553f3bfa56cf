/** What an import would make: its calls run through the board's own schemas and mutations. */
import { englishWords } from './foreign-words.ts'
import * as A from '@automerge/automerge'
import * as v from 'valibot'
import type { AnyMutation, MutationCall, MutationContext } from '#lib/kernel/define-kind.ts'
import { entityId, toId, type DocId } from '#lib/kernel/ids.ts'
import { ImmutableString } from '#lib/kernel/immutable-string.ts'
import { toInstant, type Day } from '#lib/kernel/instants.ts'
import type { PlanOptions } from '#lib/kinds/board/foreign/plan-board.ts'
import { mutations } from '#lib/kinds/board/mutations.ts'
import { cardsByColumn, shownColumns } from '#lib/kinds/board/queries.ts'
import type { Formatted } from '#lib/kernel/formatted.ts'
import { spansToFormatted } from '#lib/kinds/prose/formatted-spans.ts'
import { mutations as proseMutations } from '#lib/kinds/prose/mutations.ts'
import { readProse } from '#lib/kinds/prose/schema.ts'
import { spansOf } from '#lib/kinds/prose/spans.ts'
import { cardsGenesis, readBoard, rootGenesis, type Board } from '#lib/kinds/board/schema.ts'

export const zhang = { id: 'a'.repeat(32), name: '张伟' }
export const li = { id: 'b'.repeat(32), name: 'Li Na' }
const context: MutationContext = { now: toInstant(1_795_000_000_000) }

/** Random bytes that are the same in every run. */
export function seeded(seed = 1) {
  return (length: number) =>
    Uint8Array.from({ length }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed >>> 24
    })
}

export interface PlannedBoard {
  board: Board
  descriptions: Record<string, string>
  formatted: Record<string, Formatted>
}

/** Throws where a schema or a mutation does not take a call. */
export function boardAfter(calls: readonly MutationCall[]): PlannedBoard {
  const drafts = { root: {}, cards: {} }
  rootGenesis(drafts.root as never)
  cardsGenesis(drafts.cards as never)
  const texts: { entry: string }[] = []
  for (const { mutation, args } of calls) {
    const definition: AnyMutation = mutations[mutation as keyof typeof mutations]
    const parsed = v.parse(definition.args, args)
    definition.run(drafts[definition.on as keyof typeof drafts] as never, parsed as never, context)
    const companion = definition.companionArgs?.(parsed as never)
    if (companion?.['text'] || companion?.['formatted']) texts.push({ entry: String(args['card']), ...companion })
  }
  const root = toId<DocId>('0'.repeat(32))
  const shard = toId<DocId>('1'.repeat(32))
  const docs = {
    [root]: { type: 'root', doc: plain(drafts.root) },
    [shard]: { type: 'cards', doc: plain(drafts.cards) },
  }
  const { descriptions, formatted } = proseAfter(texts)
  return { board: readBoard({ root, docs }), descriptions, formatted }
}

/** The descriptions as a real document keeps them. */
function proseAfter(texts: readonly { entry: string }[]): Pick<PlannedBoard, 'descriptions' | 'formatted'> {
  if (texts.length === 0) return { descriptions: {}, formatted: {} }
  const { addEntry } = proseMutations
  const doc = A.change(A.from({ entries: {} }), (draft) => {
    for (const text of texts) addEntry.run(draft, v.parse(addEntry.args, text), context)
  })
  const { entries } = readProse(A.toJS(doc))
  const ids = Object.keys(entries)
  return {
    descriptions: Object.fromEntries(ids.map((id) => [id, entries[id]?.text ?? ''])),
    formatted: Object.fromEntries(ids.map((id) => [id, spansToFormatted(spansOf(doc, id))])),
  }
}

function plain(value: unknown): unknown {
  if (value instanceof ImmutableString) return value.toString()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

export function planOptions(board: Board, random = seeded()): PlanOptions {
  return {
    board,
    people: [zhang, li],
    newEntity: () => entityId(random),
    random,
    today: '2026-11-23' as Day,
    utcOffset: 480,
    firstColumn: '待办',
    words: englishWords,
  }
}

/** The board as a person reads it: names instead of ids, what is empty left out. */
export const asRead = ({ board, descriptions }: PlannedBoard) =>
  shownColumns(board).map(({ id, title }) => ({
    column: title,
    cards: (cardsByColumn(board).get(id) ?? []).map((card) => {
      const { start, due, priority, estimate, repeat } = card
      const shown = {
        title: card.title,
        labels: card.labels.flatMap((label) => {
          const { name = '?', archived = false } = board.labels.find(({ id }) => id === label) ?? {}
          return archived ? [] : [name]
        }),
        assignees: card.assignees,
        ...{ start, due, priority, estimate, repeat },
        blockedBy: card.blockedBy.map((other) => board.cardsById.get(other)?.title ?? '?'),
        checklist: card.checklist.map(({ text, done }) => `${done ? '[x]' : '[ ]'} ${text}`),
        description: descriptions[card.id] ?? '',
      }
      return Object.fromEntries(
        Object.entries(shown).filter(
          ([, value]) => value !== null && value !== '' && (!Array.isArray(value) || value.length > 0),
        ),
      )
    }),
  }))
