import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { expect, test } from 'vitest'
import type { DocId } from '#lib/kernel/ids.ts'
import { deviceOf } from '#tests/support/people.ts'
import { startRelay } from '#tests/support/start-relay.ts'

test('Ann changes cards of several shards in turn: each shard gets one change, not one for each card', async () => {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const cards = Array.from({ length: 520 }, (_, n) => `k${n}`)
  const { root } = await ann.call('createWork', {
    workspace,
    kind: 'board',
    calls: [
      { mutation: 'addColumn', args: { column: 'c0', title: 'To do', order: 'a0' } },
      ...cards.map((card) => ({ mutation: 'addCard', args: { card, title: card, column: 'c0', order: 'a0' } })),
    ],
  })
  const docs = await ann.docs(workspace, root)
  const shards = (Object.keys(docs) as DocId[]).filter((doc) => doc !== root)
  expect(shards).toHaveLength(2)
  const documents = ann.core.workspaces.get(workspace)!.documents
  const changesIn = async (doc: DocId) => A.getChangesMetaSince((await documents.open(doc)).handle.doc(), []).length
  const before = await Promise.all(shards.map(changesIn))
  // The first shard has the first 500 cards: one of each in turn.
  const turns = Array.from({ length: 20 }, (_, n) => [`k${n}`, `k${500 + n}`]).flat()
  await ann.call('commit', {
    workspace,
    work: root,
    tab: ann.tab,
    calls: turns.map((card) => ({ mutation: 'retitleCard', args: { card, title: `${card}, changed` } })),
  })
  expect(await Promise.all(shards.map(changesIn))).toEqual(before.map((count) => count + 1))
  const titles = Object.values(await ann.docs(workspace, root)).flatMap((doc) =>
    Object.values((doc as { cards?: Record<string, { title: string }> }).cards ?? {}).map(({ title }) => title),
  )
  for (const card of turns) expect(titles).toContain(`${card}, changed`)
})
