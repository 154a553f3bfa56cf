/**
 * The workspace document: names of the workspace, its people, scopes and devices, and whom invitations are for. The
 * authority log has only ids.
 */
import { entriesOf, fieldsOf, numberOf, textOf } from '../../kernel/reading.ts'
import type { Locale } from '../../kernel/define-kind.ts'
import { str, type ImmutableString } from '../../kernel/immutable-string.ts'

/** What a device is, so that each reader is told in their own language; a name is what a person typed. */
export const deviceKinds = ['phone', 'tablet', 'computer'] as const
export type DeviceKind = (typeof deviceKinds)[number]

export interface WorkspaceDraft {
  name: ImmutableString
  people: Record<string, { name: ImmutableString; locale: ImmutableString; color: number }>
  scopes: Record<string, { name: ImmutableString }>
  devices: Record<string, { name: ImmutableString; kind?: ImmutableString; browser?: ImmutableString }>
  invites: Record<string, { name: ImmutableString }>
}

export interface WorkspaceView {
  name: string
  people: Record<string, { name: string; locale: Locale; color: number }>
  scopes: Record<string, { name: string }>
  /** The name is '' where nobody gave one; the browser and its system, “Chrome · Windows”, '' where they are not known. */
  devices: Record<string, { name: string; kind: DeviceKind | null; browser: string }>
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
    devices: Object.fromEntries(
      entriesOf(fields['devices']).map(([id, device]) => {
        const said = textOf(device['kind'])
        const kind = deviceKinds.find((kind) => kind === said) ?? null
        return [id, { name: textOf(device['name']), kind, browser: textOf(device['browser']) }]
      }),
    ),
    invites: named(fields['invites']),
  }
}
