import { expect, test } from 'vitest'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { connectPort, type TabPort, type ToCore } from '#lib/core/rpc.ts'
import { until } from '#tests/support/people.ts'

test('the core hears a tab’s name only when the tab holds its lock, and every core after a restart hears it', async () => {
  const said: ToCore[][] = [[], []]
  const portOf = (messages: ToCore[] | undefined): TabPort => ({
    postMessage: (message) => messages?.push(message),
    onmessage: null,
  })
  let hold = () => {}
  const held = new Promise<void>((resolve) => (hold = resolve))
  const core = connectPort(portOf(said[0]), 'tab-1', { held, onBroken: () => undefined })
  core.watch('app', {}, () => undefined)
  await Promise.resolve()
  // A core that waited for the lock now would get it, and would take the tab for gone.
  expect(said[0]?.map(({ type }) => type)).toEqual(['watch'])
  hold()
  await held
  expect(said[0]?.map(({ type }) => type)).toEqual(['watch', 'tab'])
  core.reconnect(portOf(said[1]))
  await held
  expect(said[1]?.map(({ type }) => type)).toEqual(['watch', 'tab'])
})

test('what a tab hands in counts as under way until it is answered or refused, also by a core that dies; a look is no write', async () => {
  const port: TabPort = { postMessage: () => undefined, onmessage: null }
  const core = connectPort(port, 'tab-1', { held: Promise.resolve(), onBroken: () => undefined })
  const underWay: string[] = []
  core.onWrite(({ work }, ended) => {
    underWay.push(work)
    void ended.then(() => underWay.splice(underWay.indexOf(work), 1))
  })
  const workspace = '1'.repeat(32) as WorkspaceId
  const at = (work: string) => ({ workspace, work: work as DocId, tab: 'tab-1' })
  const answers: Promise<unknown>[] = [
    core.call.commit({ ...at('first'), calls: [] }),
    core.call.undo(at('second')),
    core.call.commit({ ...at('third'), calls: [] }),
  ]
  void core.call.undo({ ...at('looked at'), onConflict: 'look' }).catch(() => undefined)
  void core.call.history({ ...at('read'), limit: 1 }).catch(() => undefined)
  expect(underWay).toEqual(['first', 'second', 'third'])
  port.onmessage?.({ data: { type: 'result', id: 1, value: { group: 'one' } } } as MessageEvent)
  await until(() => expect(underWay).toEqual(['second', 'third']))
  port.onmessage?.({ data: { type: 'refused', id: 2, refused: { code: 'no-right', params: {} } } } as MessageEvent)
  await expect(answers[1]).rejects.toThrow('no-right')
  await until(() => expect(underWay).toEqual(['third']))
  core.reconnect({ ...port })
  await expect(answers[2]).rejects.toThrow('core-restarted')
  await until(() => expect(underWay).toEqual([]))
})

test('a core that never came to serve is replaced without a word: what it was asked goes to the next, what one that served was asked is refused', async () => {
  const said: ToCore[][] = [[], [], []]
  const ports = said.map((messages): TabPort => ({ postMessage: (message) => messages.push(message), onmessage: null }))
  const [first, second, third] = ports as [TabPort, TabPort, TabPort]
  const core = connectPort(first, 'tab-1', { held: Promise.resolve(), onBroken: () => undefined })
  const asked = core.call.askPersist({ granted: true })
  core.reconnect(second)
  expect(said[1]).toEqual([{ type: 'call', id: 1, name: 'askPersist', args: { granted: true } }])
  second.onmessage?.({ data: { type: 'ready' } } as MessageEvent)
  core.reconnect(third)
  await expect(asked).rejects.toThrow('core-restarted')
  expect(said[2]?.filter(({ type }) => type === 'call')).toEqual([])
})
