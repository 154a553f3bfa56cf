/**
 * Keys as one table per place: what handles them and what the sheet of shortcuts lists is the same list. A combination is
 * written as in a keymap: `Mod-Shift-z`, `ArrowUp`, `Space`.
 */
export interface KeyBinding<Id extends string, Place> {
  /** Names its words in the sheet. */
  id: Id
  keys: readonly string[]
  /** False = nothing to do here: the key stays the browser's. Absent where the browser does it (Enter on a link). */
  run?: (place: Place, key: string) => boolean
}

export interface ListedKeys {
  title: string
  keys: readonly { keys: readonly string[]; does: string }[]
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'> & { altKey?: boolean }

export function combinationOf({ key, ctrlKey, metaKey, shiftKey, altKey = false }: Pressed): string {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key
  // Some keyboards reach a sign such as / only with Shift; of a letter, Shift makes another key.
  const shifted = shiftKey && (key.length > 1 || key.toLowerCase() !== key.toUpperCase())
  return [ctrlKey || metaKey ? 'Mod' : '', altKey ? 'Alt' : '', shifted ? 'Shift' : '', name].filter(Boolean).join('-')
}

/** Runs what the key is bound to. True where it did something. */
export function press<Id extends string, Place>(
  bindings: readonly KeyBinding<Id, Place>[],
  event: Pressed,
  place: Place,
): boolean {
  const pressed = combinationOf(event)
  return bindings.some(({ keys, run }) => keys.includes(pressed) && run?.(place, pressed) === true)
}

export const listKeys = <Id extends string, Place>(
  title: string,
  bindings: readonly KeyBinding<Id, Place>[],
  words: Readonly<Record<Id, string>>,
): ListedKeys => ({ title, keys: bindings.map(({ id, keys }) => ({ keys, does: words[id] })) })
