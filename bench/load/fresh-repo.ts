/**
 * automerge-repo's own client, the same work: a long history made once, then found by a new device. Titles are whole strings, as
 * on our boards; as texts to edit by the letter they would cost it more.
 */
import { ImmutableString, Repo, type AutomergeUrl, type DocHandle } from '@automerge/automerge-repo'
import { WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import { serveTask, until } from '../harness/task.ts'
import type { RepoJob } from './fresh-shapes.ts'

interface Board {
  cards: Record<string, { title: ImmutableString }>
}

serveTask<RepoJob, string | number>(async (job) => {
  const connect = () => new Repo({ network: [new WebSocketClientAdapter(`ws://127.0.0.1:${job.port}`)] })
  const isWhole = (handle: DocHandle<Board>) => String(handle.doc().cards['one']?.title) === `title ${job.changes - 1}`
  if (job.do === 'fill') {
    const handle = connect().create<Board>({ cards: { one: { title: new ImmutableString('first') } } })
    for (let change = 0; change < job.changes; change++) {
      handle.change((board) => {
        board.cards['one']!.title = new ImmutableString(`title ${change}`)
      })
      if (change % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const other = await connect().find<Board>(handle.url)
    await until(() => isWhole(other))
    return handle.url
  }
  const start = performance.now()
  const handle = await connect().find<Board>(job.url as AutomergeUrl)
  await until(() => isWhole(handle))
  return performance.now() - start
})
