/** What of the board itself, its columns, labels and views two people wrote at once: how it is called, and how one value is kept. */
import { t } from '#lib/i18n/locale.svelte.ts'
import type { Conflict, MutationCall } from '#lib/kernel/define-kind.ts'
import { textOf } from '#lib/kernel/reading.ts'
import { colors } from '../schema.ts'
import { calls } from './board-calls.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
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
  const of = whereOf(collection, entry, screen)
  if (of === null) return null
  const words = t().contested
  const fields: Readonly<Record<string, string>> = {
    title: words.name,
    name: words.name,
    done: t().board.finished,
    limit: words.limit,
    color: words.color,
    content: words.content,
  }
  return {
    id: path.join(' '),
    name: of === '' ? t().board.name : t().common.of(of, fields[field] ?? field),
    values,
    say: (value) => valueWords(field, value, screen),
    keep: (value) => [calls.settleOnBoard(path, value)],
  }
}

/** '' is the board; null where it is not there any more. */
function whereOf(collection: string, entry: string, { board, me }: Screen): string | null {
  const { whole } = board
  switch (collection) {
    case '':
      return ''
    case 'columns': {
      const column = whole.columns.find(({ id, archived }) => id === entry && !archived)
      return column ? t().palette.column(column.title || t().board.columnName) : null
    }
    case 'labels': {
      const label = whole.labels.find(({ id, archived }) => id === entry && !archived)
      return label ? t().contested.label(label.name) : null
    }
    case 'views': {
      const view = whole.views.find(({ id, owner }) => id === entry && (owner === null || owner === me?.id))
      return view ? t().contested.view(view.name) : null
    }
    case 'versions': {
      const version = whole.versions.find(({ id }) => id === entry)
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
