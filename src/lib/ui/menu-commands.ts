/** What a menu does, for the palette. */
import Layers from '@lucide/svelte/icons/layers'
import type { Action } from './commands.svelte.ts'
import type { MenuEntry } from './Menu.svelte'

/** `id` tells the entries of one menu from those of others. */
export const menuCommands = (menu: readonly MenuEntry[], id = 'menu'): Action[] =>
  menu.flatMap((entry, index) =>
    entry === 'separator' || entry.disabled
      ? []
      : [
          {
            id: `${id}-${index}`,
            label: entry.label,
            icon: entry.icon ?? Layers,
            run: entry.onSelect,
            ...(entry.also && { also: entry.also }),
          },
        ],
  )
