import type { WorkspaceId } from '../kernel/ids.ts'

/** The recovery kit as text: what is printed, saved, copied and coded for scanning. */
export interface KitSheet {
  words: readonly string[]
  workspace: WorkspaceId
  relay: string
}

/** One line that a device can read back. */
export const kitToCode = ({ words, workspace, relay }: KitSheet): string =>
  `tongzhou-kit:1\n${relay}\n${workspace}\n${words.join(' ')}`

/** The address of the relay that belongs to the page's origin. */
export const relayOf = (origin: string): string => `${origin.replace(/^http/, 'ws')}/sync`
