/** What the palette can do while a board is open, beside what is in the board's own menu. */
import ArchiveRestore from '@lucide/svelte/icons/archive-restore'
import ArrowDownUp from '@lucide/svelte/icons/arrow-down-up'
import CheckCheck from '@lucide/svelte/icons/check-check'
import Columns from '@lucide/svelte/icons/columns-3'
import Diff from '@lucide/svelte/icons/diff'
import Eye from '@lucide/svelte/icons/eye'
import ListFilter from '@lucide/svelte/icons/list-filter'
import FilterX from '@lucide/svelte/icons/list-x'
import Kanban from '@lucide/svelte/icons/square-kanban'
import Layers from '@lucide/svelte/icons/layers'
import Plus from '@lucide/svelte/icons/plus'
import Redo from '@lucide/svelte/icons/redo-2'
import SquareCheck from '@lucide/svelte/icons/square-check'
import Table from '@lucide/svelte/icons/table-2'
import Tag from '@lucide/svelte/icons/tag'
import Undo from '@lucide/svelte/icons/undo-2'
import Rows from '@lucide/svelte/icons/rows-3'
import StretchHorizontal from '@lucide/svelte/icons/stretch-horizontal'
import { locale, t } from '#lib/i18n/locale.svelte.ts'
import { answersTo, saysAll, type Action, type Command, type Offer } from '#lib/ui/commands.svelte.ts'
import { listKeys } from '#lib/ui/key-bindings.ts'
import type { MenuEntry } from '#lib/ui/Menu.svelte'
import { menuCommands } from '#lib/ui/menu-commands.ts'
import type { NamedVersion } from '../schema.ts'
import { calls } from './board-calls.ts'
import { boardKeys, keysBesideTable, liftKeys } from './board-keys.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { quickAddKeys } from './quick-add-keys.ts'
import { nextSort, tableFields } from './table-fields.ts'
import { tableKeys } from './table-keys.ts'
import { versionNames } from './version-names.ts'

const groupings = ['none', 'department', 'assignee', 'label', 'priority'] as const

/** What a version is for: to be looked at, and compared with the present. */
export interface WithVersion {
  look: (version: NamedVersion) => void
  compare: (version: NamedVersion) => void
}

export function boardOffer(screen: BoardScreen, menu: readonly MenuEntry[], version: WithVersion): Offer {
  const words = t().shortcuts
  const keys =
    screen.shown.content.layout === 'table'
      ? [listKeys(words.inTable, tableKeys, words.table), listKeys(words.onBoard, keysBesideTable, words.board)]
      : [
          listKeys(words.onBoard, boardKeys, words.board),
          listKeys(words.lifted, liftKeys, words.lift),
          listKeys(words.inNewCard, quickAddKeys, words.quickAdd),
        ]
  return {
    title: t().palette.onBoard(screen.board.title || t().board.untitled),
    commands: [
      ...screenCommands(screen),
      ...once(menuCommands(menu)),
      ...menuCommands(screen.viewMenu(), 'view-menu').map((one) => ({
        ...one,
        label: t().common.of(t().views.label, one.label),
      })),
      ...versionQuestions(screen, version),
      ...lostColumns(screen),
      ...columnQuestions(screen),
      ...labelQuestion(screen),
    ],
    keys,
  }
}

function screenCommands(screen: BoardScreen): Command[] {
  const { shown, board } = screen
  const { layout, group } = shown.content
  const adds = screen.addsTo
  const views = board.views.filter(({ owner }) => owner === null || owner === screen.me?.id)
  const list: (Command | false)[] = [
    !screen.locked &&
      adds !== null && {
        id: 'new-card',
        label: t().board.addCard,
        also: t().palette.also.newCard,
        icon: Plus,
        run: () => (screen.adding = { column: adds, lane: null }),
      },
    { id: 'filter', label: t().board.filterPlaceholder, icon: ListFilter, run: () => screen.focusFilter() },
    {
      id: 'filters',
      label: t().board.filters,
      also: t().palette.also.filters,
      icon: ListFilter,
      run: () => (screen.filtersOpen = true),
    },
    {
      id: 'only-mine',
      label: t().palette.onlyMine,
      also: t().palette.also.onlyMine,
      icon: ListFilter,
      run: () => shown.change({ assignees: screen.me ? [screen.me.id] : [] }),
    },
    {
      id: 'only-overdue',
      label: t().palette.onlyOverdue,
      icon: ListFilter,
      run: () => shown.change({ due: 'overdue' }),
    },
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
    ...(layout === 'table' ? sortQuestion(screen) : []),
    ...groupings
      .filter((one) => one !== group)
      .map((one) => ({
        id: `group-${one}`,
        label: t().palette.groupBy(t().table.groups[one]),
        also: t().palette.also.lanes,
        icon: Rows,
        run: () => shown.change({ group: one }),
      })),
    screen.lanes.shown !== null && {
      id: 'empty-lanes',
      label: t().lanes.showEmpty,
      icon: StretchHorizontal,
      run: () => shown.change({ emptyLanes: !shown.content.emptyLanes }),
    },
    screen.news.total > 0 &&
      !screen.past && { id: 'seen', label: t().news.seeAll, icon: CheckCheck, run: () => screen.news.seeAll() },
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
      run: () => screen.chosen.chooseShown(),
    },
    !screen.locked && { id: 'undo', label: t().common.undo, icon: Undo, run: () => screen.back.undo() },
    !screen.locked && { id: 'redo', label: t().common.redo, icon: Redo, run: () => screen.back.redo() },
  ]
  return list.filter((command) => command !== false)
}

function sortQuestion({ shown }: BoardScreen): Command[] {
  const choices = (text: string) =>
    tableFields
      .flatMap(({ id, sort }) =>
        sort === null
          ? []
          : [
              {
                id,
                label: t().table.fields[id],
                chosen: sort === shown.content.sort.by,
                run: () => shown.change({ sort: nextSort(shown.content.sort, sort) }),
              },
            ],
      )
      .filter(({ label }) => saysAll(label, text))
  return [{ id: 'sort', label: t().palette.sortBy, icon: ArrowDownUp, choices }]
}

function versionQuestions({ board }: BoardScreen, { look, compare }: WithVersion): Command[] {
  const { versions } = board.whole
  if (versions.length === 0) return []
  const names = versionNames(versions, locale())
  const choices = (run: (version: NamedVersion) => void) => (text: string) =>
    versions
      .map((version) => ({
        id: version.id,
        label: names.get(version.id)?.title ?? version.name,
        run: () => run(version),
      }))
      .filter(({ label }) => saysAll(label, text))
  return [
    { id: 'compare', label: t().palette.compareWith, icon: Diff, choices: choices(compare) },
    { id: 'look', label: t().palette.lookAt, icon: Eye, choices: choices(look) },
  ]
}

/** Archived columns in which somebody else has put cards meanwhile. */
const lostColumns = (screen: BoardScreen): Command[] =>
  screen.locked
    ? []
    : screen.board.archivedColumns
        .filter(({ id }) => screen.board.lost.some(({ column }) => column === id))
        .map(({ id, title }) => ({
          id: `lost-${id}`,
          label: t().lost.restore(title || t().board.columnName),
          icon: ArchiveRestore,
          run: () => screen.run([calls.restoreColumn(id)]),
        }))

/** The menu of each column. */
function columnQuestions({ board, columnMenus, locked }: BoardScreen): Command[] {
  if (locked) return []
  return board.columns.flatMap(({ id, title }) => {
    const menu = columnMenus.get(id)
    const choices = (text: string) => menuCommands(menu?.() ?? []).flatMap((one) => (answersTo(one, text) ? [one] : []))
    return menu
      ? [{ id: `column-${id}`, label: t().palette.column(title || t().board.columnName), icon: Columns, choices }]
      : []
  })
}

/** Its name and its colour. */
function labelQuestion(screen: BoardScreen): Command[] {
  const { labels } = screen.board
  if (screen.locked || labels.length === 0) return []
  const choices = (text: string) =>
    labels
      .filter(({ name }) => saysAll(name, text))
      .map((label) => ({ id: label.id, label: label.name, run: () => (screen.editedLabel = label) }))
  return [{ id: 'edit-label', label: t().palette.editLabel, also: t().palette.also.editLabel, icon: Tag, choices }]
}

/** On a phone the menu has undo and redo, too. */
const once = (commands: readonly Action[]): Action[] =>
  commands.filter(({ label }) => label !== t().common.undo && label !== t().common.redo)
