/** What of the board itself, its columns, labels and views two people wrote at once: how it is called, and how one value is kept. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { fieldsOf, textOf } from '#lib/kernel/reading.ts'
import { colors } from '../schema.ts'
import { calls } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { mergeLabelCalls, removeLabelCalls } from './label-calls.ts'
import { hueOfColor } from './label-hue.ts'
import { viewWords } from './view-words.ts'

export interface ContestedPlace {
  id: string
  name: string
  values: Conflict['values']
  say: (value: unknown) => string
  /** Write that value: that ends it. */
  keep: (value: unknown) => MutationCall[]
}
type Screen = Pick<BoardScreen, 'board' | 'words' | 'me'>

/** None where it is a card's, or of something that is not there (for this person) any more. */
export function contestedPlace({ path, values }: Conflict, screen: Screen): ContestedPlace | null {
  const [collection, entry, field] = path
  const isAway = field === 'archived'
  const of = whereOf(collection, entry, isAway, screen)
  if (of === null) return null
  const id = path.join(' ')
  if (isAway) return { id, name: of, values, ...putAway(collection, entry, screen) }
  return {
    id,
    name: of === '' ? t().board.name : t().common.of(of, fieldName(field)),
    values,
    say: (value) => valueWords(field, value, screen),
    keep: (value) => [calls.settleOnBoard(path, value)],
  }
}

function fieldName(field: string): string {
  const words = t().contested
  const names: Readonly<Record<string, string>> = {
    title: words.name,
    name: words.name,
    done: t().board.finished,
    limit: words.limit,
    color: words.color,
    content: words.content,
  }
  return names[field] ?? field
}

/** Taken away by one, changed by another who did not know of that, or kept: `true`, the fields that were written, or `false`. */
function putAway(collection: string, entry: string, screen: Screen): Pick<ContestedPlace, 'say' | 'keep'> {
  const { board } = screen
  const label = board.whole.labels.find(({ id }) => collection === 'labels' && id === entry)
  const into = label && board.whole.labels.find(({ id }) => id === label.into)
  const words = t().contested
  const away = into ? words.mergedInto(into.name) : collection === 'columns' ? words.archived : words.removed
  const remove: Readonly<Record<string, () => MutationCall[]>> = {
    columns: () => [calls.archiveColumn(entry)],
    labels: () => (into ? mergeLabelCalls(board, entry, into.id) : removeLabelCalls(board, entry)),
    views: () => [calls.removeView(entry)],
    versions: () => [calls.removeVersion(entry)],
  }
  const restore: Readonly<Record<string, (id: string) => MutationCall>> = {
    columns: calls.restoreColumn,
    labels: calls.restoreLabel,
    views: calls.restoreView,
    versions: calls.restoreVersion,
  }
  const written = (value: unknown) => Object.entries(fieldsOf(value))
  return {
    say: (value) =>
      value === true
        ? away
        : written(value)
            .map(([field, one]) => t().common.of(fieldName(field), valueWords(field, one, screen)))
            .join(' · ') || words.stays,
    keep: (value) =>
      value === true
        ? (remove[collection]?.() ?? [])
        : [
            ...(restore[collection] ? [restore[collection](entry)] : []),
            ...written(value).map(([field, one]) => calls.settleOnBoard([collection, entry, field], one)),
          ],
  }
}

/** '' is the board; null where it is not there any more, but where it is asked whether it is, or was never this person's. */
function whereOf(collection: string, entry: string, isAsked: boolean, { board, me }: Screen): string | null {
  const { whole } = board
  const isIt = ({ id, archived = false }: { id: string; archived?: boolean }) => id === entry && (isAsked || !archived)
  switch (collection) {
    case '':
      return ''
    case 'columns': {
      const column = whole.columns.find(isIt)
      return column ? t().palette.column(column.title || t().board.columnName) : null
    }
    case 'labels': {
      const label = whole.labels.find(isIt)
      return label ? t().contested.label(label.name) : null
    }
    case 'views': {
      const views = isAsked ? [...whole.views, ...whole.archivedViews] : whole.views
      const view = views.find(({ id, owner }) => id === entry && (owner === null || owner === me?.id))
      return view ? t().contested.view(view.name) : null
    }
    case 'versions': {
      const versions = isAsked ? [...whole.versions, ...whole.archivedVersions] : whole.versions
      const version = versions.find(isIt)
      return version ? t().contested.version(version.name) : null
    }
    default:
      return null
  }
}

function valueWords(field: string, value: unknown, screen: Screen): string {
  const words = t().contested
  switch (field) {
    case 'done':
      return value === true ? words.forDone : words.notForDone
    case 'limit':
      return typeof value === 'number' ? String(value) : words.noLimit
    case 'color': {
      const color = colors.find((one) => one === value)
      return color ? t().colors[hueOfColor[color]] : words.empty
    }
    case 'content':
      return viewWords(textOf(value), screen.words)
    default:
      return typeof value === 'string' && value !== '' ? value : words.empty
  }
}
