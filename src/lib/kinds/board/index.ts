import { defineKind } from '../../kernel/define-kind.ts'
import { audit, auditImport, auditRestored, auditText, auditTogether } from './audit.ts'
import { noCycles } from './blocking.ts'
import { exportBoard, importBoard } from './exchange.ts'
import { fixtures } from './fixtures.ts'
import { mutations } from './mutations.ts'
import { projections } from './projections.ts'
import {
  archivedCards,
  archivedOnBoard,
  cardsGenesis,
  contestedFields,
  contestedOnBoard,
  contestedOnItems,
  orderOfCard,
  orderOfColumn,
  readBoard,
  removedItems,
  rootGenesis,
  SHARD_CAPACITY,
} from './schema.ts'

export const board = defineKind({
  name: 'board',
  documents: {
    root: {
      genesis: rootGenesis,
      migrations: [],
      created: { columns: 'archived', labels: 'archived', views: 'archived', versions: 'archived', shards: null },
      holds: { columns: { type: 'cards', field: 'column' } },
      contested: contestedOnBoard,
      putAway: archivedOnBoard,
      placed: { columns: { order: 'order', orderOf: orderOfColumn } },
    },
    cards: {
      genesis: cardsGenesis,
      migrations: [],
      entries: 'cards',
      capacity: SHARD_CAPACITY,
      companion: 'prose.root',
      created: { cards: 'archived', 'cards.checklist': 'removed' },
      contested: { cards: contestedFields, 'cards.checklist': contestedOnItems },
      putAway: { cards: archivedCards, 'cards.checklist': removedItems },
      placed: { cards: { order: 'order', orderOf: orderOfCard, within: 'column' } },
    },
  },
  mutations,
  guard: noCycles,
  read: readBoard,
  audit,
  auditText,
  auditImport,
  auditRestored,
  auditTogether,
  // A view is a way of looking, a version a name for what was: nothing that anybody missed.
  isNews: ({ collection, id }) =>
    collection !== 'views' && collection !== 'versions' && (collection !== '' || id === 'title'),
  projections,
  digest: { version: 1, content: (view) => exportBoard(view) },
  exchange: { export: exportBoard, import: importBoard },
  fixtures,
})
