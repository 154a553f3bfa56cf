/**
 * What a change did, in a sentence. Made from the fields that it wrote, so that it is true for undo and redo too; the
 * mutation's name only says where to look first, and what to say where no field is to be seen.
 */
import type { AuditFacts, ChangedField, Sentence } from '../../kernel/define-kind.ts'
import { priorities, type Board, type Priority } from './schema.ts'

type Facts = AuditFacts<Board>
type Collection = 'cards' | 'columns' | 'labels'

export const audit = {
  renameBoard: about('title', say('改了看板的名称', 'Renamed the board')),
  addShard: about('shards', say('扩充了看板的存储', 'Made room for more cards')),
  addColumn: about('columns', say('添加了列', 'Added a column')),
  renameColumn: about('columns', say('改了列名', 'Renamed a column')),
  recolorColumn: about('columns', say('改了列的颜色', 'Changed the colour of a column')),
  setColumnDone: about('columns', say('改了列的用途', 'Changed what a column is for')),
  moveColumn: about('columns', say('移动了列', 'Moved a column')),
  archiveColumn: about('columns', say('归档了列', 'Archived a column')),
  restoreColumn: about('columns', say('恢复了列', 'Restored a column')),
  addLabel: about('labels', say('添加了标签', 'Added a label')),
  editLabel: about('labels', say('改了标签', 'Changed a label')),
  removeLabel: about('labels', say('移除了标签', 'Removed a label')),
  addCard: about('cards', say('添加了卡片', 'Added a card')),
  retitleCard: about('cards', say('改了卡片标题', 'Renamed a card')),
  moveCard: about('cards', say('移动了卡片', 'Moved a card')),
  setAssignee: about('cards', say('改了负责人', 'Changed who a card is assigned to')),
  setLabel: about('cards', say('改了卡片的标签', 'Changed the labels of a card')),
  setDates: about('cards', say('改了卡片的日期', 'Changed the dates of a card')),
  setPriority: about('cards', say('改了卡片的优先级', 'Changed the priority of a card')),
  archiveCard: about('cards', say('归档了卡片', 'Archived a card')),
  restoreCard: about('cards', say('恢复了卡片', 'Restored a card')),
}

function about(first: string, otherwise: Sentence): (facts: Facts) => Sentence {
  return (facts) => {
    const telling = facts.fields.filter(({ path }) => path[0] === first)
    // A card's new column says more than its new place.
    const field = telling.find(({ path }) => path.at(-1) !== 'order') ?? telling[0]
    return (field && describe(field, telling, facts)) ?? otherwise
  }
}

function describe(field: ChangedField, among: readonly ChangedField[], facts: Facts): Sentence | null {
  const [first, id, name] = field.path
  const { before, after } = field
  if (first === 'title') return say(`把看板改名为「${shown(after)}」`, `Renamed the board to “${shown(after)}”`)
  if (first !== 'cards' && first !== 'columns' && first !== 'labels') return null
  const entries = new Set(
    among.filter(({ path }) => path.length === field.path.length && path[2] === name).map(({ path }) => path[1]),
  )
  const it = subject(first, entryName(facts, first, String(id), field), entries.size)
  const { zh, en } = it
  if (name === undefined) return created(first, field, it, entries.size, facts)
  switch (name) {
    case 'archived':
      if (first === 'labels')
        return after === true ? say(`移除了${zh}`, `Removed ${en}`) : say(`恢复了${zh}`, `Restored ${en}`)
      return after === true ? say(`归档了${zh}`, `Archived ${en}`) : say(`恢复了${zh}`, `Restored ${en}`)
    case 'title':
    case 'name': {
      const old = subject(first, shown(before), 1)
      return say(`把${old.zh}改名为「${shown(after)}」`, `Renamed ${old.en} to “${shown(after)}”`)
    }
    case 'color':
      return say(`改了${zh}的颜色`, `Changed the colour of ${en}`)
    case 'done':
      return after === true
        ? say(`把${zh}设为已完成的列`, `Made ${en} a column of finished cards`)
        : say(`${zh}不再是已完成的列`, `Made ${en} a column of unfinished cards`)
    case 'order':
      return say(`调整了${zh}的位置`, `Changed the place of ${en}`)
    case 'column': {
      const [from, to] = [columnName(facts.view, before), columnName(facts.view, after)]
      return say(`把${zh}从「${from.zh}」移到「${to.zh}」`, `Moved ${en} from “${from.en}” to “${to.en}”`)
    }
    case 'start':
    case 'due':
      return dates(name, after, it)
    case 'priority': {
      const code = priorities.find((priority) => priority === after)
      return code
        ? say(`把${zh}的优先级设为 ${PRIORITY_CODES[code]}`, `Set the priority of ${en} to ${PRIORITY_CODES[code]}`)
        : say(`清除了${zh}的优先级`, `Cleared the priority of ${en}`)
    }
    case 'assignees':
      return assigned(field, it, facts)
    case 'labels':
      return labelled(field, it, facts)
    default:
      return null
  }
}

interface Subject {
  zh: string
  en: string
}
const KIND_NAMES = {
  cards: { zh: '', en: '', count: '张卡片', others: (n: number) => (n === 1 ? '1 other card' : `${n} other cards`) },
  columns: {
    zh: '列',
    en: 'the column ',
    count: '个列',
    others: (n: number) => (n === 1 ? '1 other column' : `${n} other columns`),
  },
  labels: {
    zh: '标签',
    en: 'the label ',
    count: '个标签',
    others: (n: number) => (n === 1 ? '1 other label' : `${n} other labels`),
  },
}
/** As they stand on the screen. */
const PRIORITY_CODES: Readonly<Record<Priority, string>> = { urgent: 'P0', high: 'P1', medium: 'P2', low: 'P3' }

/** “Packaging” or “Packaging” and 4 other cards. */
function subject(collection: Collection, name: string, count: number): Subject {
  const kind = KIND_NAMES[collection]
  if (count <= 1) return { zh: `${kind.zh}「${name}」`, en: `${kind.en}“${name}”` }
  return { zh: `「${name}」等 ${count} ${kind.count}`, en: `“${name}” and ${kind.others(count - 1)}` }
}

function created(first: Collection, field: ChangedField, it: Subject, count: number, { view }: Facts): Sentence {
  if (field.after === undefined) return say(`删除了${it.zh}`, `Deleted ${it.en}`)
  if (first !== 'cards' || count > 1) return say(`添加了${it.zh}`, `Added ${it.en}`)
  const column = columnName(view, partOf(field.after, 'column'))
  return say(`在「${column.zh}」添加了${it.zh}`, `Added ${it.en} to “${column.en}”`)
}

function dates(name: 'start' | 'due', after: unknown, it: Subject): Sentence {
  const [zh, en] = name === 'start' ? ['开始日期', 'start'] : ['截止日期', 'due date']
  return typeof after === 'string'
    ? say(`把${it.zh}的${zh}设为 ${after}`, `Set the ${en} of ${it.en} to ${after}`)
    : say(`清除了${it.zh}的${zh}`, `Cleared the ${en} of ${it.en}`)
}

function assigned({ path, after }: ChangedField, it: Subject, { personName }: Facts): Sentence {
  const person = personName(String(path[3]))
  return after === true
    ? say(`把${it.zh}指派给 ${person}`, `Assigned ${it.en} to ${person}`)
    : say(`取消了 ${person} 对${it.zh}的负责`, `Unassigned ${person} from ${it.en}`)
}

function labelled({ path, after }: ChangedField, it: Subject, { view }: Facts): Sentence {
  const label = view.labels.find((label) => label.id === path[3])?.name ?? '…'
  return after === true
    ? say(`给${it.zh}加上标签「${label}」`, `Put the label “${label}” on ${it.en}`)
    : say(`去掉${it.zh}的标签「${label}」`, `Took the label “${label}” off ${it.en}`)
}

/** The name as the change left it, else as it is now. */
function entryName({ view }: Facts, collection: Collection, id: string, field: ChangedField): string {
  const written = field.path.length === 2 ? (field.after ?? field.before) : undefined
  const then = partOf(written, collection === 'labels' ? 'name' : 'title')
  if (typeof then === 'string') return then
  if (collection === 'cards') return view.cardsById[id]?.title ?? '…'
  if (collection === 'columns') return view.columns.find((column) => column.id === id)?.title ?? '…'
  return view.labels.find((label) => label.id === id)?.name ?? '…'
}

function columnName(view: Board, id: unknown): Subject {
  const title = typeof id === 'string' ? view.columns.find((column) => column.id === id)?.title : undefined
  return title === undefined ? { zh: '未知列', en: 'an unknown column' } : { zh: title, en: title }
}

const partOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
const shown = (value: unknown): string => (typeof value === 'string' ? value : '')

function say(zh: string, en: string): Sentence {
  return { 'zh-CN': zh, en }
}
