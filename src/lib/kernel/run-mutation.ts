/** A mutation on a draft of its document, in which two devices may have begun the entry without knowing of each other. */
import type { AnyMutation, MutationContext } from './define-kind.ts'
import { begunApart } from './immutable-string.ts'
import { fieldsOf, textOf } from './reading.ts'
import { Refusal } from './refusal.ts'

/**
 * Of such an entry Automerge shows one: written is each, so that what somebody writes holds in all of them, as it ends what met
 * in one field. What one of them refuses, an item that it has not, is none of its business. `entries`: the map of the entries.
 */
export function runMutation(
  mutation: AnyMutation,
  draft: Record<string, unknown>,
  args: unknown,
  ctx: MutationContext,
  entries?: string,
): void {
  const id = textOf(fieldsOf(args)[mutation.entity ?? ''])
  const map = entries === undefined || mutation.creates ? undefined : draft[entries]
  const all = map ? begunApart(map as Record<string, unknown>, id) : []
  if (entries === undefined || all.length === 0) {
    mutation.run(draft as never, args as never, ctx)
    return
  }
  const refusals = all.flatMap((entry) => {
    try {
      mutation.run({ [entries]: { [id]: entry } } as never, args as never, ctx)
      return []
    } catch (error) {
      if (error instanceof Refusal) return [error]
      throw error
    }
  })
  if (refusals.length === all.length) throw refusals[0]
}
