import * as A from '@automerge/automerge'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DeviceId } from '#lib/kernel/ids.ts'
import { judgeOpened } from '#lib/sync/accept.ts'
import { actorOf } from '#lib/sync/bodies.ts'
import { copyOf, randomBytes, randomId } from '#lib/sync/bytes.ts'
import { readChanges, type ChangeFacts } from '#lib/sync/change-bytes.ts'

/** Two devices edit, merge and start new sessions at random; nothing an honest editor does may be refused or held. */
test('what honest devices write is accepted, whatever they do in whatever order (R3, R6)', async () => {
  const step = fc.tuple(fc.constantFrom('ada', 'bo'), fc.constantFrom('edit', 'merge', 'send', 'session', 'empty'))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      type Doc = A.Doc<Record<string, unknown>>
      const device = { ada: randomId<DeviceId>(), bo: randomId<DeviceId>() }
      const actor = (who: 'ada' | 'bo') => actorOf(device[who], randomBytes(8))
      const start: Doc = A.change(A.init<Record<string, unknown>>({ actor: '00'.repeat(16) }), { time: 0 }, (d) => {
        d.cards = {}
      })
      const docs: Record<'ada' | 'bo', Doc> = {
        ada: A.clone(start, { actor: actor('ada') }),
        bo: A.clone(start, { actor: actor('bo') }),
      }
      const accepted = new Map<string, ChangeFacts>()
      const tips = new Map<string, ChangeFacts>()
      const take = (changes: readonly ChangeFacts[]) => {
        for (const change of changes) {
          accepted.set(change.hash, change)
          tips.set(change.actor, change)
        }
      }
      const genesis = await readChanges(A.getAllChanges(start).map((change) => copyOf(change)))
      if (!genesis.ok) throw new Error(genesis.reason)
      take(genesis.changes)
      const context = {
        accepted: (hash: string) => accepted.get(hash) ?? null,
        lastOf: (name: string) => tips.get(name) ?? null,
        maxOp: () => Math.max(...[...accepted.values()].map((change) => change.maxOp)),
      }
      /** A sends what the relay lacks of its own; the relay orders it. Merging takes only what has been accepted. */
      const send = async (who: 'ada' | 'bo') => {
        const own = A.getAllChanges(docs[who]).filter((change) => {
          const { hash, actor } = A.decodeChange(change)
          return !accepted.has(hash) && actor.startsWith(device[who])
        })
        if (own.length === 0) return
        const reading = await readChanges(own.map((change) => copyOf(change)))
        if (!reading.ok) throw new Error(reading.reason)
        const verdict = judgeOpened(device[who], reading.changes, context)
        expect(verdict).toMatchObject({ verdict: 'accept' })
        if (verdict.verdict === 'accept') take(verdict.fresh)
      }
      let n = 0
      for (const [who, what] of steps) {
        const other = who === 'ada' ? 'bo' : 'ada'
        const write = (d: Record<string, unknown>) => {
          ;(d.cards as Record<string, unknown>)[`c${n++ % 5}`] = { by: who, n }
        }
        if (what === 'edit') docs[who] = A.change(docs[who], write)
        if (what === 'empty') docs[who] = A.emptyChange(docs[who])
        if (what === 'session') docs[who] = A.clone(docs[who], { actor: actor(who) })
        if (what === 'send') await send(who)
        if (what === 'merge') {
          await send(other)
          docs[who] = A.merge(docs[who], docs[other])
        }
      }
      await send('ada')
      await send('bo')
    }),
    { numRuns: 60 },
  )
})
