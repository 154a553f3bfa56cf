import type { AuditFacts, ChangedField, Sentence } from '../../kernel/define-kind.ts'
import { cards } from './queries.ts'
import type { Board, Priority } from './schema.ts'

const say = (zh: string, en: string): Sentence => ({ 'zh-CN': zh, en })
type Facts = AuditFacts<Board>

const inCards = ({ fields }: Facts): ChangedField | undefined => fields.find(({ path }) => path[0] === 'cards')
const field = ({ fields }: Facts, name: string): ChangedField | undefined =>
  fields.find(({ path }) => path.at(-1) === name)
/** A field of what was written, also where the whole entry came into being. */
function written(facts: Facts, collection: string, name: string): string {
  const direct = facts.fields.find(({ path }) => path[0] === collection && path.at(-1) === name)
  if (direct) return typeof direct.after === 'string' ? direct.after : ''
  const whole = facts.fields.find(({ path }) => path[0] === collection && path.length === 2)?.after
  const value = typeof whole === 'object' && whole !== null ? (whole as Record<string, unknown>)[name] : ''
  return typeof value === 'string' ? value : ''
}
const entryOf = (facts: Facts, collection: string): string =>
  String(facts.fields.find(({ path }) => path[0] === collection)?.path[1] ?? '')

function cardTitle(facts: Facts): string {
  const id = String(inCards(facts)?.path[1] ?? '')
  return facts.view.cardsById[id]?.title || written(facts, 'cards', 'title')
}
const columnTitle = ({ view }: Facts, id: unknown): string =>
  view.columns.find((column) => column.id === id)?.title ?? ''
const ownColumn = (facts: Facts): string => columnTitle(facts, entryOf(facts, 'columns'))
const ownLabel = (facts: Facts): string =>
  facts.view.labels.find(({ id }) => id === entryOf(facts, 'labels'))?.name ?? written(facts, 'labels', 'name')
const countOfCards = ({ fields }: Facts): number =>
  new Set(fields.filter(({ path }) => path[0] === 'cards').map(({ path }) => path[1])).size

const priorityNames: Record<Priority, Sentence> = {
  urgent: say('紧急', 'urgent'),
  high: say('高', 'high'),
  medium: say('中', 'medium'),
  low: say('低', 'low'),
}

const dateSentence = (facts: Facts): Sentence => {
  const card = cardTitle(facts)
  const due = field(facts, 'due')
  if (due) {
    return due.after
      ? say(`将“${card}”的截止日期设为 ${String(due.after)}`, `set the due date of “${card}” to ${String(due.after)}`)
      : say(`清除了“${card}”的截止日期`, `cleared the due date of “${card}”`)
  }
  const start = field(facts, 'start')
  return start?.after
    ? say(`将“${card}”的开始日期设为 ${String(start.after)}`, `set the start of “${card}” to ${String(start.after)}`)
    : say(`清除了“${card}”的开始日期`, `cleared the start of “${card}”`)
}

/** What happened, in both languages; who and when stand beside it. */
export const audit = {
  renameBoard: (f: Facts) =>
    say(`将看板改名为“${written(f, 'title', 'title')}”`, `renamed the board to “${written(f, 'title', 'title')}”`),
  addColumn: (f: Facts) => say(`添加了列“${ownColumn(f)}”`, `added the column “${ownColumn(f)}”`),
  renameColumn: (f: Facts) => say(`将列改名为“${ownColumn(f)}”`, `renamed a column to “${ownColumn(f)}”`),
  recolorColumn: (f: Facts) =>
    say(`更改了列“${ownColumn(f)}”的颜色`, `changed the colour of the column “${ownColumn(f)}”`),
  moveColumn: (f: Facts) => say(`移动了列“${ownColumn(f)}”`, `moved the column “${ownColumn(f)}”`),
  archiveColumn: (f: Facts) => say(`归档了列“${ownColumn(f)}”`, `archived the column “${ownColumn(f)}”`),
  restoreColumn: (f: Facts) => say(`恢复了列“${ownColumn(f)}”`, `restored the column “${ownColumn(f)}”`),
  addLabel: (f: Facts) => say(`添加了标签“${ownLabel(f)}”`, `added the label “${ownLabel(f)}”`),
  editLabel: (f: Facts) => say(`修改了标签“${ownLabel(f)}”`, `changed the label “${ownLabel(f)}”`),
  removeLabel: (f: Facts) => say(`移除了标签“${ownLabel(f)}”`, `removed the label “${ownLabel(f)}”`),
  addShard: () => say('扩充了看板', 'made room on the board'),
  addCard: (f: Facts) => {
    const count = countOfCards(f)
    if (count > 1) return say(`添加了 ${count} 张卡片`, `added ${count} cards`)
    return say(`添加了卡片“${cardTitle(f)}”`, `added the card “${cardTitle(f)}”`)
  },
  retitleCard: (f: Facts) => {
    const before = field(f, 'title')?.before
    const to = written(f, 'cards', 'title')
    return say(`将卡片“${String(before ?? '')}”改名为“${to}”`, `renamed the card “${String(before ?? '')}” to “${to}”`)
  },
  moveCard: (f: Facts) => {
    const column = field(f, 'column')
    if (!column) return say(`调整了“${cardTitle(f)}”的位置`, `reordered “${cardTitle(f)}”`)
    const to = columnTitle(f, column.after)
    return say(`将“${cardTitle(f)}”移到“${to}”`, `moved “${cardTitle(f)}” to “${to}”`)
  },
  setAssignee: (f: Facts) => {
    const change = inCards(f)
    const name = f.personName(String(change?.path.at(-1) ?? ''))
    return change?.after === true
      ? say(`将“${cardTitle(f)}”指派给${name}`, `assigned “${cardTitle(f)}” to ${name}`)
      : say(`取消了${name}在“${cardTitle(f)}”上的指派`, `took ${name} off “${cardTitle(f)}”`)
  },
  setLabel: (f: Facts) => {
    const change = inCards(f)
    const name = f.view.labels.find(({ id }) => id === change?.path.at(-1))?.name ?? ''
    return change?.after === true
      ? say(`给“${cardTitle(f)}”加上标签“${name}”`, `labelled “${cardTitle(f)}” “${name}”`)
      : say(`从“${cardTitle(f)}”去掉标签“${name}”`, `took the label “${name}” off “${cardTitle(f)}”`)
  },
  setDates: dateSentence,
  setPriority: (f: Facts) => {
    const value = field(f, 'priority')?.after
    const name = priorityNames[value as Priority] ?? say('无', 'none')
    return say(`将“${cardTitle(f)}”的优先级设为${name['zh-CN']}`, `set the priority of “${cardTitle(f)}” to ${name.en}`)
  },
  archiveCard: (f: Facts) => say(`归档了“${cardTitle(f)}”`, `archived “${cardTitle(f)}”`),
  restoreCard: (f: Facts) => say(`恢复了“${cardTitle(f)}”`, `restored “${cardTitle(f)}”`),
}

export const projections = {
  title: (board: Board): string => board.title,
  summary: (board: Board): Sentence => {
    const count = cards(board).filter(({ archived }) => !archived).length
    return say(`${count} 张卡片`, count === 1 ? '1 card' : `${count} cards`)
  },
  searchText: (board: Board): Record<string, string> =>
    Object.fromEntries([['', board.title], ...cards(board).map(({ id, title }) => [id, title])]),
}
