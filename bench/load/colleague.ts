/**
 * A colleague on another device: the product's core with its databases in memory, in a process of its own. Joins with a link,
 * and edits every board while the device under measurement is away.
 */
import 'fake-indexeddb/auto'
import '../../tests/support/automerge.ts'
import { createCore } from '../../src/lib/core/core.ts'
import type { DocId, WorkspaceId } from '../../src/lib/kernel/ids.ts'
import { until } from '../harness/task.ts'

/** So many edits of each board, under a name of their own. */
export interface Week {
  boards: readonly DocId[]
  edits: number
  name: string
}

export interface Colleague {
  edit: (week: Week) => Promise<void>
  leave: () => Promise<void>
}

export async function joinAs(person: string, origin: string, link: string): Promise<Colleague> {
  const core = await createCore({ origin, name: person })
  const { call } = core.handlers
  const { workspace } = await call('join', { link, person, locale: 'en' })
  const isSynced = async () => (await core.workspaces.get(workspace as WorkspaceId)!.state()).sync.state === 'synced'
  await until(isSynced, 50)
  // Away while anything is measured: it takes no processor time then.
  const away = (offline: boolean) => call('setWorkOffline', { offline })
  await away(true)
  return {
    async edit({ boards, edits, name }) {
      const here = core.workspaces.get(workspace)!
      await away(false)
      await until(isSynced, 50)
      for (const work of boards) {
        const open = await here.openWork(work)
        const cards = [...open.docs.values()].flatMap(({ open: doc }) => Object.keys(doc.handle.doc()['cards'] ?? {}))
        for (let edit = 0; edit < edits; edit++) {
          const args = { card: cards[(edit * 7) % cards.length], title: `${name} ${edit}` }
          await call('commit', { workspace, work, tab: 'tab', calls: [{ mutation: 'retitleCard', args }] })
        }
      }
      await until(isSynced, 50)
      await away(true)
    },
    leave: () => core.close(),
  }
}
