import { expectTypeOf, test } from 'vitest'
import type { Messages } from '#lib/i18n/messages.ts'
import type { AppendRefusal } from '#lib/sync/authority-log.ts'
import type { ChangeRefusal } from '#lib/sync/change-bytes.ts'
import type { NackReason } from '#lib/sync/protocol.ts'

/** These hold when `npm run check` passes. */

/** Why a document is put together anew without edits of mine that had been in it. */
type Lost = 'snapshot-false' | 'cannot-apply' | 'updated' | 'withheld'

test('whatever a relay, or a device itself, refuses of what a person did, there are words for it', () => {
  expectTypeOf<AppendRefusal | ChangeRefusal | NackReason | 'stale' | Lost>().toExtend<keyof Messages['refusal']>()
})
