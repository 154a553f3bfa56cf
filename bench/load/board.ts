/**
 * One device with a large board. Ours is the whole core: rights, arguments, shards, patches for a screen, projections, storage
 * (in memory), sealing and the relay. The others are the bare document in memory, of one piece, with somebody listening to
 * its changes as a screen would.
 */
import 'fake-indexeddb/auto'
import '../../tests/support/automerge.ts'
import * as A from '@automerge/automerge'
import { Repo } from '@automerge/automerge-repo'
import * as Y from 'yjs'
import { createCore } from '../../src/lib/core/core.ts'
import type { WorkEvent } from '../../src/lib/core/api.ts'
import { str } from '../../src/lib/kernel/immutable-string.ts'
import { serveTask, until } from '../harness/task.ts'
import { boardCalls, callOf, cardsOf, checkOutcome, editsOf, outcome } from './board-work.ts'
import type { BoardFigures, BoardJob, CardText, Edit } from './board-work.ts'

serveTask<BoardJob, BoardFigures>((job) => {
  const cards = cardsOf(job.cards)
  const edits = [...editsOf(job.edits, cards)]
  if (job.system === 'tongzhou') return tongzhou(job.port, cards, edits)
  return Promise.resolve(job.system === 'yjs' ? yjs(cards, edits) : oneDocument(cards, edits))
})

async function tongzhou(port: number, cards: CardText[], edits: Edit[]): Promise<BoardFigures> {
  const core = await createCore({ origin: `http://127.0.0.1:${port}`, name: 'device' })
  const { call, watch } = core.handlers
  const { workspace } = await call('createWorkspace', { name: 'Bench', person: 'Ann', locale: 'en' })
  const here = core.workspaces.get(workspace)!
  const isSynced = async () => (await here.state()).sync.state === 'synced'
  const { root } = await call('createWork', { workspace, kind: 'board', calls: boardCalls(cards) })
  await until(isSynced, 20)
  await here.projector.settle()
  let events = 0
  // The person looks at the board before editing it.
  let stop: () => void = () => undefined
  await new Promise<void>((resolve) => {
    stop = watch('work', { workspace, work: root }, ({ type }: WorkEvent) => {
      if (type === 'snapshot') resolve()
      if (type === 'patches') events++
    })
  })
  const start = performance.now()
  for (const edit of edits) await call('commit', { workspace, work: root, tab: 'tab', calls: [callOf(edit)] })
  const edit = (performance.now() - start) / edits.length
  stop()
  if (events < edits.length) throw new Error('the screen was not told of every edit')
  await until(isSynced, 20)
  const work = await here.openWork(root)
  const found = new Map<string, Record<string, unknown>>()
  let size = 0
  for (const doc of here.works.membersOf(work)) {
    const content = (await here.documents.open(doc)).handle.doc()
    for (const [card, fields] of Object.entries(content['cards'] ?? {})) found.set(card, fields as never)
    size += A.save(content).length
  }
  checkOutcome(outcome(cards, edits), (card) => found.get(card))
  await core.close()
  return { edit, size, smallest: size }
}

interface OneDocument {
  cards: Record<string, Record<string, unknown>>
}

function oneDocument(cards: CardText[], edits: Edit[]): BoardFigures {
  const repo = new Repo({ network: [] })
  const handle = repo.create<OneDocument>({ cards: {} })
  for (let from = 0; from < cards.length; from += 100) {
    handle.change((doc) => {
      for (const { card, title, column, order } of cards.slice(from, from + 100)) {
        doc.cards[card] = {
          ...{ title: str(title), column: str(column), order: str(order), assignees: {}, labels: {} },
          ...{ start: null, due: null, priority: null, estimate: null, repeat: null, blockedBy: {}, checklist: {} },
          createdAt: 1_764_000_000_000,
          archived: false,
        }
      }
    })
  }
  let events = 0
  handle.on('change', ({ patches }) => (events += patches.length > 0 ? 1 : 0))
  const start = performance.now()
  for (const { card, ...fields } of edits)
    handle.change((doc) => {
      const edited = doc.cards[card]!
      for (const [name, value] of Object.entries(fields)) edited[name] = str(value)
    })
  const edit = (performance.now() - start) / edits.length
  if (events < edits.length) throw new Error('not every edit was told')
  const doc = handle.doc()
  checkOutcome(outcome(cards, edits), (card) => doc.cards[card])
  const size = A.save(doc).length
  return { edit, size, smallest: size }
}

/** What is absent counts as null or false there; collections must stand from the beginning, else two people make them twice. */
function yjs(cards: CardText[], edits: Edit[]): BoardFigures {
  // Without collecting garbage, so that it holds every state that it had, as ours does.
  const doc = new Y.Doc({ gc: false })
  doc.clientID = 1
  const all = doc.getMap<Y.Map<unknown>>('cards')
  for (let from = 0; from < cards.length; from += 100) {
    doc.transact(() => {
      for (const { card, ...fields } of cards.slice(from, from + 100)) {
        const made = new Y.Map<unknown>(Object.entries(fields))
        for (const collection of ['assignees', 'labels', 'blockedBy', 'checklist']) made.set(collection, new Y.Map())
        made.set('createdAt', 1_764_000_000_000)
        all.set(card, made)
      }
    })
  }
  let events = 0
  all.observeDeep(() => events++)
  const start = performance.now()
  for (const { card, ...fields } of edits)
    doc.transact(() => {
      const edited = all.get(card)!
      for (const [name, value] of Object.entries(fields)) edited.set(name, value)
    })
  const edit = (performance.now() - start) / edits.length
  if (events < edits.length) throw new Error('not every edit was told')
  checkOutcome(outcome(cards, edits), (card) => all.get(card)?.toJSON())
  return { edit, size: Y.encodeStateAsUpdate(doc).length, smallest: Y.encodeStateAsUpdateV2(doc).length }
}
