/**
 * Tongzhou's own core with its databases in memory (fake-indexeddb). `fill` makes a board with a long history and invites
 * people; otherwise a new device joins with a link: the time from there to the board standing in front of the person with the
 * last edit in it, and to the whole history being checked.
 */
import 'fake-indexeddb/auto'
import '../../tests/support/automerge.ts'
import { createCore } from '../../src/lib/core/core.ts'
import type { WorkspaceId } from '../../src/lib/kernel/ids.ts'
import { serveTask, until } from '../harness/task.ts'
import type { Filled, FreshJob, Loaded } from './fresh-shapes.ts'

type Cards = { cards?: Record<string, { title: string }> }
const lastTitle = (changes: number) => `title ${changes - 1}`

serveTask<FreshJob, Filled | Loaded>(async (job) => {
  const core = await createCore({ origin: `http://127.0.0.1:${job.port}`, name: 'device' })
  const { call } = core.handlers
  const isSynced = async (workspace: WorkspaceId) =>
    (await core.workspaces.get(workspace)?.state())?.sync.state === 'synced'

  if (job.do === 'fill') {
    const { workspace, board } = await call('createWorkspace', { name: 'Bench', person: 'Ann', locale: 'en' })
    const docs = (await core.workspaces.get(workspace)!.openWork(board)).docs
    const found = [...docs].flatMap(([shard, { open }]) =>
      Object.keys((open.handle.doc() as Cards).cards ?? {}).map((card) => ({ shard, card })),
    )[0]
    if (!found) throw new Error('the first board has no card')
    const place = { workspace, board, ...found }
    for (let change = 0; change < job.changes; change++) {
      const args = { card: place.card, title: `title ${change}` }
      await call('commit', { workspace, work: board, tab: 'tab', calls: [{ mutation: 'retitleCard', args }] })
      // A person is not faster than the network for hours: a record holds some changes, not all.
      if (change % 20 === 19) await until(() => isSynced(workspace), 1)
    }
    const links: string[] = []
    while (links.length < job.invites)
      links.push((await call('createInvite', { workspace, rank: 'member', days: 1 })).link)
    await until(() => isSynced(workspace))
    return { place, links }
  }

  const { workspace, board, shard, card } = job.place
  const start = performance.now()
  await call('join', { link: job.link, person: 'Bo', locale: 'en' })
  // Opened as soon as it is there, as a person would.
  const title = async () => {
    const here = core.workspaces.get(workspace)
    if (!here?.documents.rows.has(board)) return null
    await here.openWork(board)
    return (here.documents.content(shard) as Cards | undefined)?.cards?.[card]?.title
  }
  await until(async () => String(await title()) === lastTitle(job.changes))
  const shown = performance.now() - start
  await until(() => isSynced(workspace))
  return { shown, checked: performance.now() - start }
})
