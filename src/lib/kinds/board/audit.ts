/**
 * What a change did, in a sentence. Made from the fields that it wrote, so that it is true for undo and redo too; the
 * mutation's name only says where to look first, and what to say where no field is to be seen.
 */
import { chinese } from '../../kernel/chinese.ts'
import { formatDay } from '../../i18n/format.ts'
import type { AuditFacts, ChangedField, Locale, Sentence } from '../../kernel/define-kind.ts'
import { isDay, type Day } from '../../kernel/instants.ts'
import { isolated } from '../../kernel/isolated.ts'
import { counted, numerals } from '../../kernel/numerals.ts'
import { widthOf } from '../../kernel/text-width.ts'
import { countedEntries, ENTRY_NAMES, isCollection, type Collection } from './counted-entries.ts'
import { repeats, type Repeat } from './repeat.ts'
import { priorities, readOrigin, type Board, type Origin, type Priority } from './schema.ts'

type Facts = AuditFacts<Board>

/** The name of an entry's field that is the entry itself. */
const CREATED = undefined

export const audit = {
  renameBoard: about('title', say('改了看板的名称', 'Renamed the board')),
  addShard: about('shards', say('扩充了看板的存储', 'Made room for more cards')),
  addColumn: about('columns', say('添加了列', 'Added a column'), CREATED, 'archived'),
  renameColumn: about('columns', say('改了列名', 'Renamed a column'), 'title'),
  recolorColumn: about('columns', say('改了列的颜色', 'Changed the colour of a column'), 'color'),
  setColumnDone: about('columns', say('改了列的用途', 'Changed what a column is for'), 'done'),
  setColumnLimit: about('columns', say('改了列的在办上限', 'Changed the limit of a column'), 'limit'),
  moveColumn: about('columns', say('移动了列', 'Moved a column'), 'order'),
  archiveColumn: about('columns', say('归档了列', 'Archived a column'), 'archived'),
  restoreColumn: about('columns', say('恢复了列', 'Restored a column'), 'archived'),
  addLabel: about('labels', say('添加了标签', 'Added a label'), CREATED, 'archived'),
  editLabel: about('labels', say('改了标签', 'Changed a label'), 'name', 'color'),
  removeLabel: about('labels', say('移除了标签', 'Removed a label'), 'archived'),
  mergeLabel: about('labels', say('合并了标签', 'Merged two labels'), 'into'),
  restoreLabel: about('labels', say('恢复了标签', 'Restored a label'), 'archived'),
  addView: about('views', say('保存了视图', 'Saved a view'), CREATED, 'archived'),
  editView: about('views', say('改了视图', 'Changed a view'), 'name', 'content'),
  removeView: about('views', say('移除了视图', 'Removed a view'), 'archived'),
  restoreView: about('views', say('恢复了视图', 'Restored a view'), 'archived'),
  nameVersion: about('versions', say('命名了版本', 'Named a version'), CREATED, 'archived'),
  renameVersion: about('versions', say('改了版本名称', 'Renamed a version'), 'name'),
  removeVersion: about('versions', say('移除了版本名称', 'Removed the name of a version'), 'archived'),
  restoreVersion: about('versions', say('恢复了版本名称', 'Restored the name of a version'), 'archived'),
  setTemplate: about('template', say('改了看板的模板用途', 'Changed whether the board is a template')),
  addCard: about('cards', say('添加了卡片', 'Added a card'), CREATED, 'archived'),
  retitleCard: about('cards', say('改了卡片标题', 'Renamed a card'), 'title'),
  moveCard: about('cards', say('移动了卡片', 'Moved a card'), 'column'),
  respaceCard: () => say('为移动的卡片腾出了位置', 'Made room for a moved card'),
  setAssignee: about('cards', say('改了负责人', 'Changed who a card is assigned to'), 'assignees'),
  setLabel: about('cards', say('改了卡片的标签', 'Changed the labels of a card'), 'labels'),
  setDates: about('cards', say('改了卡片的日期', 'Changed the dates of a card'), 'due', 'start'),
  setPriority: about('cards', say('改了卡片的优先级', 'Changed the priority of a card'), 'priority'),
  setEstimate: about('cards', say('改了卡片的工时', 'Changed the estimate of a card'), 'estimate'),
  setRepeat: about('cards', say('改了卡片的重复', 'Changed how a card repeats'), 'repeat'),
  setBlockedBy: about('cards', say('改了卡片的前置', 'Changed what a card waits for'), 'blockedBy'),
  addChecklistItem: about('cards', say('添加了检查项', 'Added a checklist item'), 'checklist'),
  editChecklistItem: about('cards', say('改了检查项', 'Changed a checklist item'), 'checklist'),
  tickChecklistItem: about('cards', say('改了检查项的状态', 'Changed whether a checklist item is done'), 'checklist'),
  moveChecklistItem: about('cards', say('调整了检查项的位置', 'Changed the place of a checklist item'), 'checklist'),
  removeChecklistItem: about('cards', say('移除了检查项', 'Removed a checklist item'), 'checklist'),
  restoreChecklistItem: about('cards', say('恢复了检查项', 'Restored a checklist item'), 'checklist'),
  keepDescription: auditText,
  keepFormat: chosenInText(['格式', 'a format']),
  keepLink: chosenInText(['链接', 'a link']),
  keepWords: chosenInText(['文字', 'words']),
  keepBoth: about('cards', say('保留了同时移动产生的卡片', 'Kept a card that was moved twice at once'), 'kept'),
  archiveCard: about('cards', say('归档了卡片', 'Archived a card'), 'archived'),
  restoreCard: about('cards', say('恢复了卡片', 'Restored a card'), 'archived'),
}

/** Somebody wrote in descriptions. */
export function auditText(facts: Facts): Sentence {
  const it = describedIn(facts)
  return it
    ? say(`改了${it.zh}的描述`, `Changed the description of ${it.en}`)
    : say('改了卡片的描述', 'Changed the description of a card')
}

/** Somebody chose between what was written in descriptions at once. */
function chosenInText([zh, en]: readonly [zh: string, en: string]) {
  return (facts: Facts): Sentence => {
    const it = describedIn(facts)
    return it
      ? say(`选定了${it.zh}的描述中的${zh}`, `Chose ${en} in the description of ${it.en}`)
      : say(`选定了描述中的${zh}`, `Chose ${en} in the description of a card`)
  }
}

function describedIn(facts: Facts): Subject | null {
  const fields = facts.fields.filter(({ path }) => path[0] === 'cards' && path[2] === 'text')
  const [field] = fields
  return field ? subject('cards', entryName(facts, 'cards', String(field.path[1]), field), fields.length) : null
}

/** A file was brought in. */
export function auditImport(facts: Facts): Sentence {
  const fields = facts.fields.filter(({ path }) => path[0] === 'cards')
  const count = new Set(fields.map(({ path }) => path[1])).size
  const [field] = fields
  if (!field) return say('导入了文件', 'Imported a file')
  if (count > 1) return say(`导入了 ${numerals(count)} 张卡片`, `Imported ${numerals(count)} cards`)
  const it = subject('cards', entryName(facts, 'cards', String(field.path[1]), field), 1)
  return say(`导入了${it.zh}`, `Imported ${it.en}`)
}

/** Somebody brought an entry, or all of the board, back to how it was at an earlier moment. */
export function auditRestored(facts: Facts, isWhole: boolean): Sentence {
  const back = ({ zh, en }: Subject) =>
    isWhole
      ? say(`把看板恢复到了较早的样子：${zh.trim()}`, `Brought the board back to an earlier state: ${en}`)
      : say(`把${zh}恢复到了较早的样子`, `Brought ${en} back to an earlier state`)
  const entries = facts.fields.flatMap(({ path: [first, id] }) => {
    if (isCollection(first)) return [{ collection: first, id: String(id) }]
    return first === 'title' || first === 'template' ? [{ collection: '', id: first }] : []
  })
  const [only] = entries
  if (only && isCollection(only.collection) && entries.every(({ collection }) => collection === only.collection)) {
    const field = facts.fields.find(({ path }) => path[0] === only.collection)
    const size = new Set(entries.map(({ id }) => id)).size
    if (field) return back(subject(only.collection, entryName(facts, only.collection, only.id, field), size))
  }
  if (!only) return say('把看板恢复到了较早的样子', 'Brought the board back to an earlier state')
  const { 'zh-CN': zh, en } = countedEntries(entries)
  return back({ zh: /^\d/.test(zh) ? ` ${zh}` : zh, en })
}

/** Cards that come again, and that two had begun apart. */
export function auditTogether(facts: Facts): Sentence {
  const cards = facts.fields.filter(({ path }) => path[0] === 'cards')
  const [first] = cards
  const size = new Set(cards.map(({ path }) => path[1])).size
  const what = first ? subject('cards', entryName(facts, 'cards', String(first.path[1]), first), size) : null
  return say(
    `把两人同时创建的${what?.zh ?? '内容'}合在一起`,
    `Put together ${what?.en ?? 'what two had begun'}${what ? ', begun by two' : ''}`,
  )
}

/** `names` are the fields that the mutation writes, what says most first; of an action of several each so tells its own part. */
function about(first: string, otherwise: Sentence, ...names: (string | undefined)[]): (facts: Facts) => Sentence {
  return (facts) => {
    const [chosen = [], telling = []] = [true, false].map((isChosen) =>
      facts.fields.filter(({ path, over }) => path[0] === first && (over !== undefined) === isChosen),
    )
    const isOwn = ({ path }: ChangedField) => names.some((name) => name === path[2])
    const ownOf = (fields: readonly ChangedField[]) =>
      names.flatMap((name) => fields.find(({ path }) => path[2] === name) ?? [])[0]
    // A card's new column says more than its new place.
    const field = ownOf(telling) ?? telling.find(({ path }) => !isPlace(path.at(-1))) ?? telling[0]
    const own = ownOf(telling)
    // What was written again as it was is told of entries of which nothing of its own became another.
    const isOther = ({ path }: ChangedField) => !telling.some((one) => one.path[1] === path[1] && isOwn(one))
    const still = own ? chosen.filter((one) => isOwn(one) && isOther(one)) : chosen
    const kept = ownOf(still) ?? (field ? undefined : still[0])
    const said = [
      ...((own || !kept) && field ? [describe(field, telling, facts)] : []),
      ...(kept ? [describeKept(kept, still, facts)] : []),
    ].flatMap((sentence) => sentence ?? [])
    return said.length > 0 ? allOf(said) : otherwise
  }
}

const isPlace = (name: unknown): boolean => name === 'order' || name === 'spaced'

/** Fields of whose value the sentence tells. */
const TOLD_BY_VALUE: ReadonlySet<unknown> = new Set([
  'title',
  'name',
  'archived',
  'done',
  'column',
  'start',
  'due',
  'priority',
  'limit',
  'estimate',
  'repeat',
])
/** So many values are told one by one. */
const MOST_VALUES = 2

/** What became of an entry and of others in the same field; what is told of all of them is true of each. */
function describe(field: ChangedField, among: readonly ChangedField[], facts: Facts): Sentence | null {
  const [first, id, name] = field.path
  const alike = among.filter(({ path }) => path.length === field.path.length && path[2] === name)
  const size = new Set(alike.map(({ path }) => path[1])).size
  if (!isCollection(first) || size <= 1) return told(field, alike, size, facts)
  const values = Map.groupBy(alike, ({ after }) => after)
  if (TOLD_BY_VALUE.has(name) && values.size > 1) {
    if (values.size > MOST_VALUES)
      return changed(name, subject(first, entryName(facts, first, String(id), field), size))
    return allOf(
      [...values.values()].flatMap((some) => {
        const [one] = some
        return (one && told(one, some, new Set(some.map(({ path }) => path[1])).size, facts)) ?? []
      }),
    )
  }
  if (name === 'checklist' || !isSameOfEach(alike))
    return changed(name, subject(first, entryName(facts, first, String(id), field), size))
  return told(field, alike, size, facts)
}

/** Whether every entry got, and lost, the same members: people, labels, cards. */
function isSameOfEach(alike: readonly ChangedField[]): boolean {
  const byEntry = Map.groupBy(alike, ({ path }) => path[1])
  const written = [...byEntry.values()].map((fields) =>
    fields
      .flatMap(({ path, after }) => (path.length === 4 ? [`${path[3]} ${after === true}`] : []))
      .sort()
      .join(),
  )
  return new Set(written).size <= 1
}

/** Of several entries, each in its own way. */
function changed(name: unknown, { zh, en }: Subject): Sentence {
  if (name === 'column') return say(`移动了${zh}`, `Moved ${en}`)
  const what = WHAT[String(name)] ?? WHAT_ELSE
  return say(`改了${zh}的${what.zh}`, `Changed ${what.en} of ${en}`)
}
const WHAT_ELSE: Subject = { zh: '内容', en: 'the content' }
const WHAT: Readonly<Record<string, Subject>> = {
  title: { zh: '标题', en: 'the title' },
  name: { zh: '名称', en: 'the name' },
  color: { zh: '颜色', en: 'the colour' },
  order: { zh: '位置', en: 'the place' },
  start: { zh: '开始日期', en: 'the start' },
  due: { zh: '截止日期', en: 'the due date' },
  priority: { zh: '优先级', en: 'the priority' },
  limit: { zh: '在办上限', en: 'the limit' },
  estimate: { zh: '工时', en: 'the estimate' },
  repeat: { zh: '重复', en: 'the repetition' },
  assignees: { zh: '负责人', en: 'the assignees' },
  labels: { zh: '标签', en: 'the labels' },
  blockedBy: { zh: '前置', en: 'what is waited for' },
  checklist: { zh: '检查项', en: 'the checklist' },
}

/** `among` are all that were written like it, in `size` entries. */
function told(field: ChangedField, among: readonly ChangedField[], size: number, facts: Facts): Sentence | null {
  const [first, id, name] = field.path
  const { before, after } = field
  // A board is made with its first name; no later one may be empty.
  if (first === 'title' && (before === undefined || before === '') && shown(after) !== '')
    return say(`创建了看板“${shown(after)}”`, `Created the board “${shown(after)}”`)
  if (first === 'title') return say(`把看板改名为“${shown(after)}”`, `Renamed the board to “${shown(after)}”`)
  if (first === 'template')
    return after === true
      ? say('把看板设为模板', 'Made the board a template')
      : say('看板不再是模板', 'Made the board no template any more')
  if (!isCollection(first)) return null
  const it = subject(first, entryName(facts, first, String(id), field), size)
  const { zh, en } = it
  if (name === undefined) return created(first, field, among, facts)
  switch (name) {
    case 'archived':
    case 'into': {
      const into = facts.fields.find(({ path }) => path[1] === id && path[2] === 'into')?.after
      if (typeof into === 'string') {
        const other = short(facts.view.labels.find((label) => label.id === into)?.name ?? '…')
        return say(`把${zh}并入“${other}”`, `Merged ${en} into “${other}”`)
      }
      if (name === 'into') return say(`恢复了${zh}`, `Restored ${en}`)
      if (first !== 'cards' && first !== 'columns')
        return after === true ? say(`移除了${zh}`, `Removed ${en}`) : say(`恢复了${zh}`, `Restored ${en}`)
      if (after !== true) return say(`恢复了${zh}`, `Restored ${en}`)
      return (first === 'cards' && movedAway(among, it, facts)) || say(`归档了${zh}`, `Archived ${en}`)
    }
    case 'title':
    case 'name': {
      if (size > 1) return changed(name, it)
      const old = subject(first, shown(before), 1)
      return say(`把${old.zh}改名为“${shown(after)}”`, `Renamed ${old.en} to “${shown(after)}”`)
    }
    case 'color':
      return say(`改了${zh}的颜色`, `Changed the colour of ${en}`)
    case 'done':
      return after === true
        ? say(`把${zh}设为已完成的列`, `Made ${en} a column of finished cards`)
        : say(`${zh}不再是已完成的列`, `Made ${en} a column of unfinished cards`)
    case 'order':
    case 'spaced':
      return say(`调整了${zh}的位置`, `Changed the place of ${en}`)
    case 'column': {
      const [from, to] = [columnName(facts, before), columnName(facts, after)]
      // Cards of several columns may go to one.
      if (among.some((one) => one.before !== before)) return say(`把${zh}移到“${to.zh}”`, `Moved ${en} to “${to.en}”`)
      return say(`把${zh}从“${from.zh}”移到“${to.zh}”`, `Moved ${en} from “${from.en}” to “${to.en}”`)
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
    case 'limit':
      return typeof after === 'number'
        ? say(`把${zh}的在办上限设为 ${numerals(after)}`, `Set the limit of ${en} to ${numerals(after)}`)
        : say(`取消了${zh}的在办上限`, `Took the limit off ${en}`)
    case 'content':
      return say(`改了${zh}的内容`, `Changed what ${en} shows`)
    case 'estimate':
      return typeof after === 'number'
        ? say(`把${zh}的工时设为 ${numerals(after)} 小时`, `Set the estimate of ${en} to ${numerals(after)} h`)
        : say(`清除了${zh}的工时`, `Cleared the estimate of ${en}`)
    case 'repeat': {
      const repeat = repeats.find((known) => known === after)
      return repeat
        ? say(`把${zh}设为${REPEAT_WORDS[repeat].zh}重复`, `Made ${en} repeat ${REPEAT_WORDS[repeat].en}`)
        : say(`取消了${zh}的重复`, `Made ${en} not repeat any more`)
    }
    case 'kept':
      return say(`保留了同时移动而多出的${zh}`, `Kept ${en}, which had been moved twice at once`)
    case 'blockedBy':
      return waits(field, among, it, facts)
    case 'checklist':
      return checked(field, it, facts)
    case 'assignees':
      return assigned(field, among, it, facts)
    case 'labels':
      return labelled(field, among, it, facts)
    default:
      return null
  }
}

/** It was written again as it was: a choice between values that met. */
function describeKept(field: ChangedField, chosen: readonly ChangedField[], facts: Facts): Sentence {
  const [first, id, name] = field.path
  const { after, over = [] } = field
  const alike = chosen.filter(({ path }) => path[2] === name)
  const value = valueWords(field, after, facts)
  const others = over.flatMap((one) => {
    const words = one.value === null ? BLANK : valueWords(field, one.value, facts)
    const who = one.by === null ? '' : isolated(facts.personName(one.by))
    return words ? [{ ...words, who }] : []
  })
  const some = others.slice(0, MOST_VALUES)
  const not = {
    zh:
      some.length > 0
        ? chinese`，而不是${some.map(({ who, zh }) => (who ? chinese`${who}的${zh}` : zh)).join('、')}`
        : '',
    en: some.length > 0 ? `, not ${some.map(({ who, en }) => (who ? `${who}’s ${en}` : en)).join(' or ')}` : '',
  }
  const said = (zh: string, en: string) => say(`${zh}${not.zh}`, `${en}${not.en}`)
  if (!isCollection(first))
    return value ? said(`保留了看板的名称${value.zh}`, `Kept the board’s name ${value.en}`) : KEPT_ON_BOARD
  const it = subject(first, entryName(facts, first, String(id), field), new Set(alike.map(({ path }) => path[1])).size)
  const { zh, en } = it
  const what = WHAT[String(name)] ?? WHAT_ELSE
  // Where a card is may have been chosen, or what goes with it on another board.
  if (first === 'cards' && name === 'archived' && alike.every((one) => one.after === true))
    return say(`选定了${zh}以哪个为准`, `Chose what counts for ${en}`)
  if (alike.some(({ path }) => path[1] !== id)) return say(`保留了${zh}的${what.zh}`, `Kept ${what.en} of ${en}`)
  switch (name) {
    case 'done':
      return after === true
        ? say(`让${zh}仍为已完成的列`, `Left ${en} a column of finished cards`)
        : say(`让${zh}仍为未完成的列`, `Left ${en} a column of unfinished cards`)
    case 'archived':
      if (first !== 'cards' && first !== 'columns')
        return after === true ? say(`让${zh}保持移除`, `Left ${en} removed`) : say(`保留了${zh}`, `Kept ${en}`)
      return after === true ? say(`让${zh}留在归档中`, `Left ${en} archived`) : say(`保留了${zh}`, `Kept ${en}`)
    case 'title':
    case 'name':
      return first === 'cards'
        ? said(`保留了卡片标题${value?.zh}`, `Kept the title ${value?.en}`)
        : said(`保留了${zh}的名称`, `Kept the name of ${en}`)
    case 'column':
      return said(`让${zh}留在${value?.zh}`, `Left ${en} in ${value?.en}`)
    default:
      if (after === null) return said(`让${zh}的${what.zh}保持为空`, `Left ${what.en} of ${en} empty`)
      if (!value) return say(`保留了${zh}的${what.zh}`, `Kept ${what.en} of ${en}`)
      if (name === 'checklist')
        return said(`保留了${zh}的检查项${value.zh}`, `Kept ${value.en} in the checklist of ${en}`)
      return said(chinese`把${zh}的${what.zh}保留为${value.zh}`, `Kept ${value.en} as ${what.en} of ${en}`)
  }
}
const KEPT_ON_BOARD = say('保留了看板的设置', 'Kept a setting of the board')
const BLANK: Subject = { zh: '空白', en: 'blank' }

/** A value of a field, where it can be told in a few words; null also where there is none. */
function valueWords({ path: [first, , name, , part] }: ChangedField, value: unknown, facts: Facts): Subject | null {
  const same = (words: string): Subject => ({ zh: words, en: words })
  const quoted = (words: string) => same(`“${words}”`)
  if (first === 'title' || name === 'title' || name === 'name' || part === 'text')
    return typeof value === 'string' ? quoted(short(value)) : null
  switch (name) {
    case 'column': {
      const { zh, en } = columnName(facts, value)
      return { zh: `“${zh}”`, en: `“${en}”` }
    }
    case 'start':
    case 'due':
      return isDay(value) ? { zh: dayIn(value, 'zh-CN'), en: dayIn(value, 'en') } : null
    case 'priority': {
      const code = priorities.find((priority) => priority === value)
      return code ? same(PRIORITY_CODES[code]) : null
    }
    case 'limit':
      return typeof value === 'number' ? same(numerals(value)) : null
    case 'estimate':
      return typeof value === 'number' ? { zh: `${numerals(value)} 小时`, en: `${numerals(value)} h` } : null
    case 'repeat': {
      const repeat = repeats.find((known) => known === value)
      return repeat ? REPEAT_WORDS[repeat] : null
    }
    default:
      return null
  }
}

interface Subject {
  zh: string
  en: string
}

const REPEAT_WORDS: Readonly<Record<Repeat, { zh: string; en: string }>> = {
  daily: { zh: '每天', en: 'every day' },
  workdays: { zh: '每个工作日', en: 'every workday' },
  weekly: { zh: '每周', en: 'every week' },
  fortnightly: { zh: '每两周', en: 'every two weeks' },
  monthly: { zh: '每月', en: 'every month' },
  quarterly: { zh: '每季度', en: 'every quarter' },
  yearly: { zh: '每年', en: 'every year' },
}
/** As they stand on the screen. */
const PRIORITY_CODES: Readonly<Record<Priority, string>> = { urgent: 'P0', high: 'P1', medium: 'P2', low: 'P3' }

/** “Packaging” or “Packaging” and 4 other cards. */
function subject(collection: Collection, whole: string, count: number): Subject {
  const kind = ENTRY_NAMES[collection]
  const name = short(whole)
  if (count <= 1) return { zh: `${kind.zh}“${name}”`, en: `${kind.en}“${name}”` }
  const others = counted(count - 1, `other ${kind.other}`, `other ${kind.other}s`)
  return { zh: `“${name}”等 ${numerals(count)} ${kind.count}`, en: `“${name}” and ${others}` }
}

/** Cards that came from another board are told apart from new ones: of those that repeat the next ones may come along. */
function created(first: Collection, field: ChangedField, among: readonly ChangedField[], facts: Facts): Sentence {
  const [moved = [], added = []] = [true, false].map((isMoved) => {
    const some = first === 'cards' ? among.filter(({ after }) => (originOf(after) !== null) === isMoved) : []
    return [...new Map(some.map((one) => [one.path[1], one])).values()]
  })
  if (moved.length === 0 || field.after === undefined) return appeared(first, field, among, facts)
  const [one] = added
  return allOf([cameHere(moved, facts), ...(one ? [appeared(first, one, added, facts)] : [])])
}

function appeared(first: Collection, field: ChangedField, among: readonly ChangedField[], facts: Facts): Sentence {
  const count = new Set(among.map(({ path }) => path[1])).size
  const it = subject(first, entryName(facts, first, String(field.path[1]), field), count)
  if (field.after === undefined) return say(`删除了${it.zh}`, `Deleted ${it.en}`)
  if (first !== 'cards' || count > 1) return say(`添加了${it.zh}`, `Added ${it.en}`)
  const column = columnName(facts, partOf(field.after, 'column'))
  return say(`在“${column.zh}”添加了${it.zh}`, `Added ${it.en} to “${column.en}”`)
}

/** Null where one of them was put away, and not moved to another board. */
function movedAway(among: readonly ChangedField[], { zh, en }: Subject, { movedTo }: Facts): Sentence | null {
  const boards = new Set(among.map(({ path }) => movedTo?.(String(path[1])) ?? null))
  const [board] = boards
  if (boards.has(null)) return null
  if (boards.size > 1) return say(`把${zh}移到了其他看板`, `Moved ${en} to other boards`)
  if (!board) return say(`把${zh}移到了另一个看板`, `Moved ${en} to another board`)
  return say(`把${zh}移到看板“${short(board)}”`, `Moved ${en} to the board “${short(board)}”`)
}

function cameHere(moved: readonly ChangedField[], facts: Facts): Sentence {
  const [field] = moved
  if (!field) return say('移来了卡片', 'Moved cards here')
  const it = subject('cards', entryName(facts, 'cards', String(field.path[1]), field), moved.length)
  const [work, ...others] = new Set(moved.flatMap(({ after }) => originOf(after)?.work ?? []))
  const title = work && others.length === 0 ? (facts.workTitle?.(work) ?? null) : null
  const from = title ? { zh: `看板“${short(title)}”`, en: `the board “${short(title)}”` } : ELSEWHERE
  if (moved.length > 1) return say(`从${from.zh}移来了${it.zh}`, `Moved ${it.en} here from ${from.en}`)
  const column = columnName(facts, partOf(field.after, 'column'))
  return say(`从${from.zh}把${it.zh}移到“${column.zh}”`, `Moved ${it.en} here from ${from.en}, to “${column.en}”`)
}
const ELSEWHERE: Subject = { zh: '另一个看板', en: 'another board' }
const originOf = (entry: unknown): Origin | null => {
  const from = partOf(entry, 'from')
  return typeof from === 'string' ? readOrigin(from) : null
}

function dates(name: 'start' | 'due', after: unknown, it: Subject): Sentence {
  const [zh, en] = name === 'start' ? ['开始日期', 'start'] : ['截止日期', 'due date']
  return isDay(after)
    ? say(`把${it.zh}的${zh}设为 ${dayIn(after, 'zh-CN')}`, `Set the ${en} of ${it.en} to ${dayIn(after, 'en')}`)
    : say(`清除了${it.zh}的${zh}`, `Cleared the ${en} of ${it.en}`)
}

/** With its year: whoever reads it may do so in another one. */
const dayIn = (day: Day, locale: Locale): string => formatDay(day, locale, NEVER)
const NEVER = '0001-01-01' as Day

/** A sentence for those that came, and one for those that went, of the members of a card's field: people, labels, cards. */
function members(
  { path: [, id, name] }: ChangedField,
  among: readonly ChangedField[],
  nameOf: (member: string) => string,
  told: (came: boolean, names: string[]) => Sentence,
): Sentence {
  const written = among.filter(({ path }) => path[1] === id && path[2] === name && path.length === 4)
  const parts = [true, false].flatMap((came) => {
    const some = written.filter(({ after }) => (after === true) === came)
    return some.length > 0 ? [told(came, [...new Set(some.map(({ path }) => nameOf(String(path[3]))))])] : []
  })
  return allOf(parts)
}

const allOf = (parts: readonly Sentence[]): Sentence => ({
  'zh-CN': parts.map((part) => part['zh-CN']).join('；'),
  en: parts.map(({ en }, at) => (at === 0 ? en : en.charAt(0).toLowerCase() + en.slice(1))).join('; '),
})

/** People in a sentence. */
const listed = (names: readonly string[]): Subject => ({
  zh:
    names.length > MOST_NAMES
      ? chinese`${names.slice(0, MOST_NAMES).join('、')}等${numerals(names.length)}人`
      : names.join('、'),
  en: joined(names),
})
/** Names of labels and cards, which stand side by side in Chinese. */
function quoted(names: readonly string[]): Subject {
  const all = names.map((name) => `“${name}”`)
  const zh = all.slice(0, MOST_NAMES).join('')
  return { zh: all.length > MOST_NAMES ? `${zh}等 ${numerals(all.length)} 个` : zh, en: joined(all) }
}
function joined(names: readonly string[]): string {
  const some = names.slice(0, MOST_NAMES)
  const last = names.length > MOST_NAMES ? counted(names.length - MOST_NAMES, 'other', 'others') : some.pop()
  return some.length > 0 ? `${some.join(', ')} and ${last}` : `${last}`
}
const MOST_NAMES = 3

function assigned(field: ChangedField, among: readonly ChangedField[], it: Subject, { personName }: Facts): Sentence {
  return members(
    field,
    among,
    (person) => isolated(personName(person)),
    (came, names) => {
      const who = listed(names)
      return came
        ? say(chinese`把${it.zh}指派给${who.zh}`, `Assigned ${it.en} to ${who.en}`)
        : say(chinese`${it.zh}不再由${who.zh}负责`, `Unassigned ${who.en} from ${it.en}`)
    },
  )
}

function checked({ path, before, after }: ChangedField, it: Subject, { view }: Facts): Sentence {
  const [, card, , item, part] = path
  const known = view.cardsById.get(String(card))?.checklist.find(({ id }) => id === item)?.text
  const text = shown(partOf(after, 'text')) || (part === 'text' ? shown(after) : '') || short(known ?? '…')
  switch (part) {
    case undefined:
      return after === undefined
        ? say(`删除了${it.zh}的检查项`, `Deleted a checklist item of ${it.en}`)
        : say(`给${it.zh}添加了检查项“${text}”`, `Added “${text}” to the checklist of ${it.en}`)
    case 'done':
      return after === true
        ? say(`完成了${it.zh}的“${text}”`, `Ticked off “${text}” of ${it.en}`)
        : say(`重新打开了${it.zh}的“${text}”`, `Reopened “${text}” of ${it.en}`)
    case 'removed':
      return after === true
        ? say(`移除了${it.zh}的检查项`, `Removed a checklist item of ${it.en}`)
        : say(`恢复了${it.zh}的检查项“${text}”`, `Restored “${text}” of ${it.en}`)
    case 'text':
      return say(`把${it.zh}的“${shown(before)}”改为“${text}”`, `Changed “${shown(before)}” of ${it.en} to “${text}”`)
    default:
      return say(`调整了${it.zh}检查项的顺序`, `Changed the order of the checklist of ${it.en}`)
  }
}

function labelled(field: ChangedField, among: readonly ChangedField[], it: Subject, facts: Facts): Sentence {
  const nameOf = (id: string): string => {
    const name = facts.then?.('labels', id, 'name') ?? facts.view.labels.find((one) => one.id === id)?.name
    return typeof name === 'string' ? short(name) : '…'
  }
  return members(field, among, nameOf, (came, names) => {
    const { zh, en } = quoted(names)
    const label = names.length === 1 ? 'label' : 'labels'
    return came
      ? say(`给${it.zh}加上了标签${zh}`, `Put the ${label} ${en} on ${it.en}`)
      : say(`去掉了${it.zh}的标签${zh}`, `Took the ${label} ${en} off ${it.en}`)
  })
}

function waits(field: ChangedField, among: readonly ChangedField[], it: Subject, { view, then }: Facts): Sentence {
  const nameOf = (id: string) => shown(then?.('cards', id, 'title') ?? view.cardsById.get(id)?.title ?? '…')
  return members(field, among, nameOf, (came, names) => {
    const { zh, en } = quoted(names)
    return came
      ? say(`给${it.zh}添加了前置卡片${zh}`, `Made ${it.en} wait for ${en}`)
      : say(`去掉了${it.zh}的前置卡片${zh}`, `Made ${it.en} wait for ${en} no more`)
  })
}

/** The name as the change left it, else as it was then, else as it is now. */
function entryName({ view, then }: Facts, collection: Collection, id: string, field: ChangedField): string {
  const written = field.path.length === 2 ? (field.after ?? field.before) : undefined
  const part = collection === 'cards' || collection === 'columns' ? 'title' : 'name'
  const name = partOf(written, part) ?? then?.(collection, id, part)
  if (typeof name === 'string') return name
  if (collection === 'cards') return view.cardsById.get(id)?.title ?? '…'
  if (collection === 'columns') return view.columns.find((column) => column.id === id)?.title ?? '…'
  return view[collection].find((entry) => entry.id === id)?.name ?? '…'
}

function columnName({ view, then }: Facts, id: unknown): Subject {
  if (typeof id !== 'string') return { zh: '未知列', en: 'an unknown column' }
  const title = then?.('columns', id, 'title') ?? view.columns.find((column) => column.id === id)?.title
  return typeof title === 'string' ? { zh: short(title), en: short(title) } : { zh: '未知列', en: 'an unknown column' }
}

const partOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
const shown = (value: unknown): string => (typeof value === 'string' ? short(value) : '')
/** A name stands in quotation marks: those in it are the inner ones, in both languages. */
const short = (name: string): string => isolated(cut(name).replaceAll('“', '‘').replaceAll('”', '’'))
/** A sentence tells what happened, in Chinese at its end: a name that fills several lines would push that out of sight. */
function cut(name: string): string {
  if (widthOf(name) <= WIDEST_TOLD) return name
  let kept = ''
  for (const one of name) {
    if (widthOf(kept + one) > WIDEST_TOLD - widthOf('…') - 1) break
    kept += one
  }
  return `${kept.replace(CUT_WORD, '')}…`
}
/** About two lines of the history: forty Chinese characters, or twice as many letters. */
const WIDEST_TOLD = 80
/** The last of several words in letters, which may have been cut in two. */
const CUT_WORD = /\s+[\x21-\x7e]{0,20}$/

function say(zh: string, en: string): Sentence {
  return { 'zh-CN': zh, en }
}
