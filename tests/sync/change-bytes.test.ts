import * as A from '@automerge/automerge'
import { describe, expect, test } from 'vitest'
import { copyOf } from '#lib/sync/bytes.ts'
import { readChange } from '#lib/sync/change-bytes.ts'

describe('our reader of changes', () => {
  test('agrees with Automerge on real changes, short and long (R3)', async () => {
    let doc = A.init<Record<string, unknown>>({ actor: 'ab'.repeat(24) })
    for (let i = 0; i < 60; i++) {
      doc = A.change(doc, { time: 1_700_000_000 + i, message: i % 3 ? `step ${i}` : '' }, (d) => {
        d[`key ${i % 7}`] = i % 2 ? 'x'.repeat(i * 9) : i
        d.list ??= []
        ;(d.list as unknown[]).push({ at: i, done: i % 2 === 0, ratio: i / 7, none: null })
        if (i % 5 === 4) (d.list as unknown[]).splice(0, 2)
      })
    }
    const changes = A.getAllChanges(doc)
    expect(changes).toHaveLength(60)
    for (const change of changes) {
      const expected = A.decodeChange(change)
      const reading = await readChange(copyOf(change))
      expect(reading).toMatchObject({
        ok: true,
        change: {
          hash: expected.hash,
          actor: expected.actor,
          seq: expected.seq,
          deps: expected.deps,
          startOp: expected.startOp,
          maxOp: expected.startOp + expected.ops.length - 1,
          time: expected.time,
          message: expected.message || null,
        },
      })
    }
  })
})
