import type { Messages } from '../i18n/messages.ts'
import type { WorkspaceId } from '../kernel/ids.ts'

const WORDS = 12

/** The recovery kit as text: what is printed, saved, copied and coded for scanning. */
export interface KitSheet {
  words: readonly string[]
  workspace: WorkspaceId
  relay: string
}

/** What is saved and copied; `readKit` reads it back. */
export const kitToText = ({ words, workspace, relay }: KitSheet, whose: string, say: Messages['kit']): string =>
  [
    whose,
    '',
    words.map((word, index) => `${index + 1}. ${word}`).join('\n'),
    '',
    `${say.relay}: ${relay}`,
    `${say.workspaceId}: ${workspace}`,
    '',
    say.sheetNote,
  ].join('\n')

/** What is coded for scanning: a camera opens it on the page that recovers. No server sees what is behind the #. */
export const kitToLink = (origin: string, { words, workspace, relay }: KitSheet): string =>
  `${origin}/recover#${new TextEncoder()
    .encode([relay, workspace, words.join(' ')].join('\n'))
    .toBase64({ alphabet: 'base64url', omitPadding: true })}`

/** What could be read of a kit; '' and [] for what could not. */
export interface ReadKit {
  words: string[]
  workspace: string
  relay: string
}

/** Reads the saved sheet, in any language, or the link of its code. Null for what is neither: words alone, for example. */
export function readKit(pasted: string): ReadKit | null {
  const linked = /\/recover#([\w-]+)/.exec(pasted)?.[1]
  const text = linked === undefined ? pasted : linkedText(linked)
  const workspace = /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/i.exec(text)?.[0].toLowerCase() ?? ''
  const relay = /wss?:\/\/[^\s,，。]+/i.exec(text)?.[0] ?? ''
  if (!workspace || !relay) return null
  const words = linked === undefined ? numberedWords(text) : (text.split('\n')[2]?.split(' ') ?? [])
  return { words, workspace, relay }
}

function linkedText(fragment: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(fragment, { alphabet: 'base64url' }))
  } catch {
    return ''
  }
}

/** Counted from 1: a number in the name of the workspace starts no list. */
function numberedWords(text: string): string[] {
  let words: string[] = []
  for (const [, number, word = ''] of text.matchAll(/(?<![\p{L}\d])(\d{1,2})[.、)]?\s*(\p{L}+)/gu)) {
    if (words.length === WORDS) break
    if (Number(number) === words.length + 1) words.push(word)
    else if (Number(number) === 1) words = [word]
  }
  return words
}

/** The address of the relay that belongs to the page's origin. */
export const relayOf = (origin: string): string => `${origin.replace(/^http/, 'ws')}/sync`

/** The relay that somebody typed: its own address, or that of the application which it serves. Null for anything else. */
export function typedRelay(typed: string): string | null {
  if (!URL.canParse(typed.trim())) return null
  const { protocol, origin, host, href } = new URL(typed.trim())
  if (!host) return null
  if (protocol === 'ws:' || protocol === 'wss:') return href
  return protocol === 'http:' || protocol === 'https:' ? relayOf(origin) : null
}
