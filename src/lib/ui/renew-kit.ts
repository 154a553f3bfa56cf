/** Makes a new recovery kit for me and shows it until it is put away; then the person goes on at `next`. */
import type { WorkspaceState } from '../core/api.ts'
import { getCore } from '../core/client.ts'
import { locale } from '../i18n/locale.svelte.ts'
import { attempt } from './attempt.ts'
import { showKit } from './shown-kit.svelte.ts'

export async function renewKit({ id, name, people, me }: WorkspaceState, next: string): Promise<void> {
  const made = await attempt(getCore().call.renewKit({ workspace: id, locale: locale() }))
  if (!made) return
  showKit({
    sheet: { words: made.value.kit, workspace: id, relay: made.value.relay },
    workspaceName: name,
    person: people.find((person) => person.id === me)?.name ?? '',
    next,
  })
}
