/** In which order the palette lists what was found and what can be done. */
import { fold } from '../../search/fold.ts'
import { bare } from '../commands.svelte.ts'

interface Group<Entry> {
  id: string
  title: string
  entries: readonly Entry[]
}

/**
 * What was found, then commands; but a command that is called what was typed, or begins so, comes first where nothing that was
 * found is called so as closely. `titles` are those of what was found and is not archived.
 */
export function withNamedFirst<Entry extends { label: string }>(
  typed: string,
  titles: readonly string[],
  found: readonly Group<Entry>[],
  commands: readonly Group<Entry>[],
): Group<Entry>[] {
  const text = fold(typed.trim())
  const closest = (names: readonly string[]) => Math.max(0, ...names.map((name) => closeness(name, text)))
  const most = closest(commands.flatMap(({ entries }) => entries.map(({ label }) => label)))
  const isNamed = ({ label }: Entry) => closeness(label, text) === most
  if (text === '' || most <= closest(titles)) return [...found, ...commands]
  const part = (id: string, isIn: (entry: Entry) => boolean) =>
    commands.map((group) => ({ ...group, id: group.id + id, entries: group.entries.filter(isIn) }))
  return [...part('-named', isNamed), ...found, ...part('', (entry) => !isNamed(entry))].filter(
    ({ entries }) => entries.length > 0,
  )
}

/** 2: it is what was typed, 1: it begins so. */
function closeness(name: string, text: string): 0 | 1 | 2 {
  const folded = fold(bare(name))
  return folded === text ? 2 : folded.startsWith(text) ? 1 : 0
}
