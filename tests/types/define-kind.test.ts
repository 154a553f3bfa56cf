import '#tests/support/automerge.ts'
import { expectTypeOf, test } from 'vitest'
import { defineKind } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { board } from '#lib/kinds/board/index.ts'

/** These hold when `npm run check` passes: an error that is expected and does not come is an error there. */

test('a kind without the audit sentence of one of its mutations does not build', () => {
  const { addCard: _, ...others } = board.audit
  // @ts-expect-error -- the sentence for addCard is missing
  const incomplete = () => defineKind({ ...board, audit: others })
  expectTypeOf(incomplete).toBeFunction()
})

test('a kind without its fixtures does not build', () => {
  const { fixtures: _, ...others } = board
  // @ts-expect-error -- fixtures are missing
  const incomplete = () => defineKind(others)
  expectTypeOf(incomplete).toBeFunction()
})

test('a plain string is no id of a document', () => {
  expectTypeOf<string>().not.toExtend<DocId>()
  expectTypeOf<DocId>().toExtend<string>()
})
