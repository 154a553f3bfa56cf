/** How this system's keyboards write the command key. */
const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent)
export const commandKey = (): string => (isApple() ? '⌘' : 'Ctrl ')
const ARROWS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }

/** A key as a keymap names it (`Mod-Shift-7`), as it stands on this system's keyboards. */
export const keyName = (key: string): string =>
  key
    .split('-')
    .map((part) => {
      if (part === 'Mod') return isApple() ? '⌘' : 'Ctrl+'
      if (part === 'Shift') return isApple() ? '⇧' : 'Shift+'
      if (part === 'Alt') return isApple() ? '⌥' : 'Alt+'
      return ARROWS[part] ?? (part.length === 1 ? part.toUpperCase() : part)
    })
    .join('')
/** Whether keys typed here belong to a text field. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type="checkbox"]), textarea, select'))
