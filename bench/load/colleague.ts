/**
 * A colleague on another device: the product's core with its databases in memory, in a process of its own. Joins with a link,
 * and edits every board while the device under measurement is away.
 */
import 'fake-indexeddb/auto'
import '../../tests/support/automerge.ts'
import { createCore } from '../../src/lib/core/core.ts'
import type { DocId } from '../../src/lib/kernel/ids.ts'
import { until } from '../harness/task.ts'
import type { Joining, Week } from '../harness/colleague.ts'

process.on('disconnect', () => process.exit())
process.once('message', ({ origin, link, person }: Joining) => {
  const joined = join(origin, link, person)
  const answer = (work: Promise<unknown>) =>
    work.then(
      () => process.send?.({ done: true }),
      (error: unknown) => process.send?.({ failed: String(error) }),
    )
  void answer(joined)
  process.on('message', (week: Week) => void answer(joined.then((edit) => edit(week))))
})

async function join(origin: string, link: string, person: string): Promise<(week: Week) => Promise<void>> {
  const core = await createCore({ origin, name: person })
  const { call } = core.handlers
  const { workspace } = await call('join', { link, person, locale: 'en' })
  const here = core.workspaces.get(workspace)!
  const isSynced = async () => (await here.state()).sync.state === 'synced'
  /** The cards of a board that are here. */
  const cardsOf = async (board: DocId): Promise<string[]> => {
    if (!here.documents.rows.has(board)) return []
    const work = await here.openWork(board)
    await here.works.openShards(work)
    return [...work.docs.values()].flatMap(({ open }) => Object.keys(open.handle.doc()['cards'] ?? {}))
  }
  await until(isSynced, 50)
  // Away while anything is measured: it takes no processor time then.
  const away = (offline: boolean) => call('setWorkOffline', { offline })
  await away(true)
  return async ({ boards, edits, name }) => {
    await away(false)
    await until(isSynced, 50)
    for (const work of boards) {
      // A device that has just joined is in step with the relay before the last of its boards is here.
      await until(async () => (await cardsOf(work)).length > 0, 50)
      const cards = await cardsOf(work)
      for (let edit = 0; edit < edits; edit++) {
        const args = { card: cards[(edit * 7) % cards.length], title: `${name} ${edit}` }
        await call('commit', { workspace, work, tab: 'tab', calls: [{ mutation: 'retitleCard', args }] })
      }
    }
    await until(isSynced, 50)
    await away(true)
  }
}
