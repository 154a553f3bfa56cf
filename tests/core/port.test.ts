import { expect, test } from 'vitest'
import { connectPort, type TabPort, type ToCore } from '#lib/core/rpc.ts'

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
