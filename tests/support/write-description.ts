import * as A from '@automerge/automerge/slim'
import type { Formatted } from '#lib/kernel/formatted.ts'
import { writingMessage } from '#lib/kernel/groups.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { formattedToSpans } from '#lib/kinds/prose/formatted-spans.ts'
import type { TestDevice } from './people.ts'

interface Writing {
  tab?: string
  step?: 'new' | 'more'
}

/** Writes at the end of a card's description, or in place of so many letters, as the editor in a tab does. */
export function writeDescription(
  device: TestDevice,
  workspace: WorkspaceId,
  work: DocId,
  entity: string,
  text: string,
  { at, instead = 0, ...writing }: Writing & { at?: number; instead?: number } = {},
) {
  return edit(device, { workspace, work, entity, ...writing }, (draft, path) => {
    const end = A.spans(draft, path).reduce((sum, span) => sum + (span.type === 'text' ? span.value.length : 1), 0)
    A.splice(draft, path, at ?? end, instead, text)
  })
}

/** Makes it this text with these formats. */
export function formatDescription(
  device: TestDevice,
  workspace: WorkspaceId,
  work: DocId,
  entity: string,
  formatted: Formatted,
) {
  return edit(device, { workspace, work, entity }, (draft, path) =>
    A.updateSpans(draft, path, formattedToSpans(formatted)),
  )
}

/** Gives letters of it an address. */
export function linkDescription(
  device: TestDevice,
  workspace: WorkspaceId,
  work: DocId,
  entity: string,
  [start, end, href]: readonly [start: number, end: number, href: string],
) {
  return edit(device, { workspace, work, entity }, (draft, path) =>
    // As the editor writes it, which is not as a choice does.
    A.mark(draft, path, { start, end, expand: 'none' }, 'link', JSON.stringify({ href, title: null })),
  )
}

async function edit(
  device: TestDevice,
  { tab = device.tab, step = 'new', ...card }: Writing & { workspace: WorkspaceId; work: DocId; entity: string },
  write: (draft: A.Doc<unknown>, path: A.Prop[]) => void,
) {
  const { doc, bytes, actor, path } = await device.call('openProse', { ...card, tab })
  const before = A.load<Record<string, unknown>>(bytes, { actor: actor as A.ActorId })
  const after = A.change(before, { message: writingMessage(Date.now(), card.entity) }, (draft) => write(draft, path))
  const changes = A.getChangesSince(after, A.getHeads(before))
  await device.call('proseChanges', { ...card, doc, tab, changes, step })
}
