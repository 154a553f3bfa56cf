/** Asana: the JSON of "Export", a list of tasks with their subtasks inside. */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import { takePriority } from './asana-priority.ts'
import { asked, countOthers, namesOf } from './asked.ts'
import {
  addBlocks,
  byId,
  cardAt,
  dayReader,
  emptyBoard,
  isWholeNumber,
  listOf,
  readerOf,
  textsOf,
  wordOf,
  type Block,
  type ForeignReading,
} from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard, type ForeignColumn } from './foreign-board.ts'
import { keptNotes, spanOf } from './kept-notes.ts'
import { plainName } from './texts.ts'

export const isAsana = (file: Fields): boolean => {
  const tasks = listOf(file['data'])
  return tasks.length > 0 && tasks.some((task) => 'gid' in task && ('completed' in task || 'memberships' in task))
}

/** Ids, addresses, moments of changes, sums of what stands elsewhere, and what only one person sees. */
const ASIDE = namesOf(
  'gid id resource_type workspace permalink_url created_at created_by modified_at completed_at completed_by html_notes',
  'num_subtasks num_likes num_hearts likes hearts liked hearted assignee_section assignee_status parent projects',
  'memberships subtasks',
)

export function readAsana(file: Fields, reading: ForeignReading): ForeignBoard {
  const losses = new Losses()
  const tasks = readerOf(file, losses)('data')
  const project = listOf(tasks[0]?.['projects'])[0]
  const foreign = emptyBoard('asana-json', wordOf(project?.['name']))
  const dayOf = dayReader(foreign, reading)
  const columns = new Map<string, ForeignColumn>()
  const cards = byId(tasks, 'gid')
  const isCard = (task: Fields) => cards.has(wordOf(task['gid']))
  /** An item of a checklist blocks nothing. */
  const items = new Map<string, string>()
  for (const task of tasks)
    for (const { subtask } of subtasksOf(task, isCard)) items.set(wordOf(subtask['gid']), wordOf(subtask['name']))
  const blocks: Block[] = []

  for (const [index, fields] of tasks.entries()) {
    const inTask = asked(fields, ASIDE)
    const { entry: task } = inTask
    const title = wordOf(task['name'])
    const at = index + 1
    const key = wordOf(task['gid'])
    const dayIn = (entry: Fields, field: 'start' | 'due') => {
      const { [`${field}_on`]: day, [`${field}_at`]: moment } = entry
      if (wordOf(day) !== '' && wordOf(moment) !== '') foreign.times++
      return dayOf(wordOf(day) || moment, { at, title }, field)
    }
    const section = sectionOf(task)
    const column = plainName(section)
    if (section !== '' && !columns.has(column)) {
      columns.set(column, { key: column, title: section, archived: false, done: null, limit: null, color: null })
    }
    const card: ForeignCard = {
      ...cardAt(at, title),
      key,
      description: wordOf(task['notes']),
      column,
      labels: tagsOf(task).map((name) => ({ name, color: null })),
      people: peopleOf(task),
      start: dayIn(task, 'start'),
      due: dayIn(task, 'due'),
      blockedBy: idsIn(task['dependencies']).filter((other) => {
        const item = items.get(other)
        if (item !== undefined) losses.add('blocking-unknown', item)
        return item === undefined
      }),
      // What is finished leaves the sight there too.
      archived: task['completed'] === true,
    }
    for (const other of idsIn(task['dependents'])) blocks.push({ blocker: key, blocked: other })
    const keep = keptNotes(card, losses, reading)
    /** What a task and a subtask have alike and a card has no field for. */
    const keepMore = (entry: Fields, keepField: (name: string, value: string) => void) => {
      for (const field of listOf(entry['custom_fields'])) keepField(wordOf(field['name']), valueOf(field))
      for (const { name, permanent_url, view_url } of listOf(entry['attachments']))
        keep.attachment(wordOf(name), wordOf(permanent_url) || wordOf(view_url))
      losses.add('watchers', title, null, listOf(entry['followers']).length)
      const { num_likes, num_hearts, actual_time_minutes, resource_subtype } = entry
      const likes = num_likes ?? num_hearts
      if (isWholeNumber(likes, 1, 1e6)) losses.add('votes', title, null, likes)
      if (Number(actual_time_minutes) > 0) losses.add('time-records', title)
      const kind = wordOf(resource_subtype)
      if (kind !== '' && kind !== 'default_task') losses.add('other-fields', kind)
    }
    keepMore(task, (name, value) => takePriority(card, name, value) || keep.field(name, value))
    const parent = wordOf(fieldsOf(task['parent'])['name'])
    if (parent !== '') {
      card.notes.unshift({ about: 'fields', text: `↑ ${parent}` })
      losses.add('parents', parent, 'description')
    }
    // It stands in one column here.
    losses.add('other-fields', 'projects', null, listOf(task['projects']).length > 1 ? 1 : 0)
    if (task['created_at'] || task['created_by']) losses.add('authors')
    for (const { subtask, above } of subtasksOf(task, isCard)) {
      const inSubtask = asked(subtask, ASIDE)
      const { entry } = inSubtask
      const name = wordOf(entry['name'])
      const span = spanOf(dayIn(entry, 'start'), dayIn(entry, 'due'))
      const said = [...peopleOf(entry), span, ...tagsOf(entry).map((tag) => `#${tag}`)]
      keep.item([...above, name].join(' › '), entry['completed'] === true, said, 'subtask-details')
      keep.ofSubtask(name, wordOf(entry['notes']))
      keepMore(entry, (field, value) => keep.ofSubtask(`${name} · ${field}`, value))
      for (const other of idsIn(entry['dependencies'])) losses.add('blocking-unknown', `${name} ← ${other}`)
      for (const other of idsIn(entry['dependents'])) losses.add('blocking-unknown', `${other} ← ${name}`)
      countOthers(inSubtask, losses, 'subtask-details')
    }
    countOthers(inTask, losses)
    foreign.cards.push(card)
  }
  addBlocks(foreign, blocks, losses, (id) => items.get(id) ?? id)
  foreign.columns = [...columns.values()]
  foreign.losses = losses.list()
  return foreign
}

/** Ids alone, or of objects. */
const idsIn = (list: unknown): string[] => [...listOf(list).map(({ gid }) => wordOf(gid)), ...textsOf(list)]

const tagsOf = (task: Fields): string[] => listOf(task['tags']).map(({ name }) => wordOf(name))

const peopleOf = (task: Fields): string[] => [wordOf(fieldsOf(task['assignee'])['name'])].filter((name) => name !== '')

/** What the field shows; older files have only what it is made of. */
function valueOf(field: Fields): string {
  const { display_value, text_value, number_value, enum_value, multi_enum_values, people_value, date_value } = field
  const names = [fieldsOf(enum_value), ...listOf(multi_enum_values), ...listOf(people_value)]
  return (
    wordOf(display_value) ||
    wordOf(text_value) ||
    wordOf(number_value) ||
    names
      .map(({ name }) => wordOf(name))
      .filter(Boolean)
      .join(', ') ||
    wordOf(fieldsOf(date_value)['date'])
  )
}

const sectionOf = (task: Fields): string => {
  const section = listOf(task['memberships'])
    .map((membership) => wordOf(fieldsOf(membership['section'])['name']))
    .find((name) => name !== '')
  const own = section ?? wordOf(fieldsOf(task['assignee_section'])['name'])
  // Asana's own word for no section.
  return /^\(no section\)$/i.test(own) ? '' : own
}

/** All subtasks, however deep, each after the one that it is below; those that are cards of the file are not below any. */
function* subtasksOf(task: Fields, isCard: (task: Fields) => boolean): Generator<{ subtask: Fields; above: string[] }> {
  const below = (task: Fields, above: string[]) =>
    listOf(task['subtasks'])
      .filter((subtask) => !isCard(subtask))
      .reverse()
      .map((subtask) => ({ subtask, above }))
  const open = below(task, [])
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    const way = [...next.above, wordOf(next.subtask['name'])]
    // Of a long way the end says more.
    for (const deeper of below(next.subtask, way.length > 4 ? ['…', ...way.slice(-3)] : way)) open.push(deeper)
  }
}
