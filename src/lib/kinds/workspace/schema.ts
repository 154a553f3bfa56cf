/**
 * The workspace document: names of the workspace, its people, scopes and devices, and whom invitations are for. The
 * authority log has only ids.
 */
import { entriesOf, fieldsOf, numberOf, textOf } from '../../kernel/reading.ts'
import type { Locale } from '../../kernel/define-kind.ts'
import { str, type ImmutableString } from '../../kernel/immutable-string.ts'

export interface WorkspaceDraft {
  name: ImmutableString
  people: Record<string, { name: ImmutableString; locale: ImmutableString; color: number }>
  scopes: Record<string, { name: ImmutableString }>
  devices: Record<string, { name: ImmutableString }>
  invites: Record<string, { name: ImmutableString }>
}

export interface WorkspaceView {
  name: string
  people: Record<string, { name: string; locale: Locale; color: number }>
  scopes: Record<string, { name: string }>
  devices: Record<string, { name: string }>
  /** Whom an invitation is for, by the invitation's id. */
  invites: Record<string, { name: string }>
}

export function genesis(draft: WorkspaceDraft): void {
  draft.name = str('')
  draft.people = {}
  draft.scopes = {}
  draft.devices = {}
  draft.invites = {}
}

const named = (value: unknown): Record<string, { name: string }> =>
  Object.fromEntries(entriesOf(value).map(([id, entry]) => [id, { name: textOf(entry['name']) }]))

/** Never throws, whatever the document holds. */
export function readWorkspace(doc: unknown): WorkspaceView {
  const fields = fieldsOf(doc)
  return {
    name: textOf(fields['name']),
    people: Object.fromEntries(
      entriesOf(fields['people']).map(([id, person]) => [
        id,
        {
          name: textOf(person['name']),
          locale: person['locale'] === 'en' ? 'en' : 'zh-CN',
          color: Math.abs(Math.trunc(numberOf(person['color']))) % 12,
        },
      ]),
    ),
    scopes: named(fields['scopes']),
    devices: named(fields['devices']),
    invites: named(fields['invites']),
  }
}
