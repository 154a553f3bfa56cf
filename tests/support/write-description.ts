import * as A from '@automerge/automerge/slim'
import { writingMessage } from '#lib/kernel/groups.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import type { TestDevice } from './people.ts'

/** Writes at the end of a card's description, as the editor in a tab does. */
export async function writeDescription(
  device: TestDevice,
  workspace: WorkspaceId,
  work: DocId,
  entity: string,
  text: string,
  { tab = device.tab, at, step = 'new' }: { tab?: string; at?: number; step?: 'new' | 'more' } = {},
) {
  const { doc, bytes, actor, path } = await device.call('openProse', { workspace, work, entity, tab })
  const before = A.load<Record<string, unknown>>(bytes, { actor: actor as A.ActorId })
  const end = A.spans(before, path).reduce((sum, span) => sum + (span.type === 'text' ? span.value.length : 1), 0)
  const after = A.change(before, { message: writingMessage(Date.now(), entity) }, (draft) =>
    A.splice(draft as A.Doc<unknown>, path, at ?? end, 0, text),
  )
  const changes = A.getChangesSince(after, A.getHeads(before))
  await device.call('proseChanges', { workspace, work, entity, doc, tab, changes, step })
}
