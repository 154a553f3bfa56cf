/** What the palette can do while a board is open, beside what is in the board's own menu. */
import Columns from '@lucide/svelte/icons/columns-3'
import ListFilter from '@lucide/svelte/icons/list-filter'
import FilterX from '@lucide/svelte/icons/list-x'
import Kanban from '@lucide/svelte/icons/square-kanban'
import Layers from '@lucide/svelte/icons/layers'
import Plus from '@lucide/svelte/icons/plus'
import Redo from '@lucide/svelte/icons/redo-2'
import SquareCheck from '@lucide/svelte/icons/square-check'
import Table from '@lucide/svelte/icons/table-2'
import Undo from '@lucide/svelte/icons/undo-2'
import Rows from '@lucide/svelte/icons/rows-3'
import { t } from '#lib/i18n/locale.svelte.ts'
import { saysAll, type Command, type Offer } from '#lib/ui/commands.svelte.ts'
import { listKeys } from '#lib/ui/key-bindings.ts'
import type { MenuEntry } from '#lib/ui/Menu.svelte'
import { boardKeys, liftKeys } from './board-keys.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { tableKeys } from './table-keys.ts'

const groupings = ['none', 'department', 'assignee', 'label', 'priority'] as const

export function boardOffer(screen: BoardScreen, menu: readonly MenuEntry[]): Offer {
  const words = t().shortcuts
  const keys = [listKeys(words.onBoard, boardKeys, words.board), listKeys(words.lifted, liftKeys, words.lift)]
  const inTable = screen.shown.content.layout === 'table'
  return {
    title: t().palette.onBoard(screen.board.title || t().board.untitled),
    commands: [...screenCommands(screen), ...menuCommands(menu), ...columnQuestions(screen)],
    keys: inTable ? [listKeys(words.inTable, tableKeys, words.table), ...keys] : keys,
  }
}

function screenCommands(screen: BoardScreen): Command[] {
  const { shown, board } = screen
  const { layout, group } = shown.content
  const first = board.columns[0]
  const views = board.views.filter(({ owner }) => owner === null || owner === screen.me?.id)
  const list: (Command | false)[] = [
    !screen.locked &&
      first !== undefined && {
        id: 'new-card',
        label: t().board.addCard,
        icon: Plus,
        run: () => {
          shown.change({ layout: 'board' })
          screen.adding = { column: first.id, lane: null }
        },
      },
    { id: 'filter', label: t().board.filterPlaceholder, icon: ListFilter, run: () => screen.focusFilter() },
    screen.filtering && {
      id: 'clear-filter',
      label: t().board.clearFilter,
      icon: FilterX,
      run: () => screen.clearFilter(),
    },
    layout === 'board'
      ? {
          id: 'layout',
          label: t().palette.showAs(t().table.layouts.table),
          icon: Table,
          run: () => shown.change({ layout: 'table' }),
        }
      : {
          id: 'layout',
          label: t().palette.showAs(t().table.layouts.board),
          icon: Kanban,
          run: () => shown.change({ layout: 'board' }),
        },
    ...groupings
      .filter((one) => one !== group)
      .map((one) => ({
        id: `group-${one}`,
        label: t().palette.groupBy(t().table.groups[one]),
        icon: Rows,
        run: () => shown.change({ group: one }),
      })),
    ...views.map((view) => ({
      id: `view-${view.id}`,
      label: t().palette.openView(view.name),
      icon: Layers,
      run: () => shown.open(view),
    })),
    {
      id: 'select-all',
      label: t().bulk.selectAll,
      icon: SquareCheck,
      run: () => screen.selectOnly(screen.columns.flatMap(({ cards }) => cards)),
    },
    !screen.locked && { id: 'undo', label: t().common.undo, icon: Undo, run: () => screen.undo() },
    !screen.locked && { id: 'redo', label: t().common.redo, icon: Redo, run: () => screen.redo() },
  ]
  return list.filter((command) => command !== false)
}

/** The menu of each column. */
function columnQuestions({ board, columnMenus, locked }: BoardScreen): Command[] {
  if (locked) return []
  return board.columns.flatMap(({ id, title }) => {
    const menu = columnMenus.get(id)
    const choices = (text: string) =>
      menuCommands(menu?.() ?? []).flatMap((one) => ('run' in one && saysAll(one.label, text) ? [one] : []))
    return menu
      ? [{ id: `column-${id}`, label: t().palette.column(title || t().board.columnName), icon: Columns, choices }]
      : []
  })
}

/** On a phone the menu has undo and redo, too. */
const menuCommands = (menu: readonly MenuEntry[]): Command[] =>
  menu.flatMap((entry, index) =>
    entry === 'separator' || entry.disabled || entry.label === t().common.undo || entry.label === t().common.redo
      ? []
      : [{ id: `menu-${index}`, label: entry.label, icon: entry.icon ?? Layers, run: entry.onSelect }],
  )
