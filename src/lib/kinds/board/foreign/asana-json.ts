/** Asana: the JSON of "Export", a list of tasks with their subtasks inside. */
import { fieldsOf, type Fields } from '#lib/kernel/reading.ts'
import { cardAt, dayReader, emptyBoard, listOf, readerOf, textsOf, wordOf, type ForeignReading } from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard, type ForeignColumn } from './foreign-board.ts'
import { keptNotes } from './kept-notes.ts'
import { plainName } from './texts.ts'

export const isAsana = (file: Fields): boolean => {
  const tasks = listOf(file['data'])
  return tasks.length > 0 && tasks.some((task) => 'gid' in task && ('completed' in task || 'memberships' in task))
}

/** Subtasks of subtasks stand below them, so many levels deep. */
const DEEPEST = 5

export function readAsana(file: Fields, reading: ForeignReading): ForeignBoard {
  const losses = new Losses()
  const tasks = readerOf(file, losses)('data')
  const project = listOf(tasks[0]?.['projects'])[0]
  const foreign = emptyBoard('asana-json', wordOf(project?.['name']))
  const dayOf = dayReader(foreign, reading)
  const columns = new Map<string, ForeignColumn>()
  const items = new Map<string, string>()
  for (const task of tasks) for (const { gid, name } of subtasksOf(task)) items.set(wordOf(gid), wordOf(name))
  for (const { gid } of tasks) items.delete(wordOf(gid))

  for (const [index, task] of tasks.entries()) {
    const title = wordOf(task['name'])
    const at = index + 1
    const section = sectionOf(task)
    const column = plainName(section)
    if (section !== '' && !columns.has(column)) {
      columns.set(column, { key: column, title: section, archived: false, done: null, limit: null, color: null })
    }
    const read: ForeignCard = {
      ...cardAt(at, title),
      key: wordOf(task['gid']),
      description: wordOf(task['notes']),
      column,
      labels: listOf(task['tags']).map(({ name }) => ({ name: wordOf(name), color: null })),
      people: [wordOf(fieldsOf(task['assignee'])['name'])].filter((name) => name !== ''),
      start: dayOf(task['start_on'] ?? task['start_at'], { at, title }, 'start'),
      due: dayOf(task['due_on'] ?? task['due_at'], { at, title }, 'due'),
      blockedBy: dependenciesOf(task).filter((key) => {
        // An item of a checklist blocks nothing.
        const item = items.get(key)
        if (item !== undefined) losses.add('blocking-unknown', item)
        return item === undefined
      }),
      checklist: subtasks(task, title, losses),
      // What is finished leaves the sight there too.
      archived: task['completed'] === true,
    }
    const keep = keptNotes(read, losses, reading)
    for (const field of listOf(task['custom_fields'])) keep.field(wordOf(field['name']), wordOf(field['display_value']))
    for (const attachment of listOf(task['attachments']))
      keep.attachment(wordOf(attachment['name']), wordOf(attachment['permanent_url']) || wordOf(attachment['view_url']))
    losses.add('watchers', title, false, listOf(task['followers']).length)
    const likes = Number(task['num_likes'] ?? task['num_hearts'])
    if (Number.isInteger(likes)) losses.add('votes', title, false, likes)
    foreign.cards.push(read)
  }
  foreign.columns = [...columns.values()]
  foreign.losses = losses.list()
  return foreign
}

const dependenciesOf = (task: Fields): string[] => [
  ...listOf(task['dependencies']).map(({ gid }) => wordOf(gid)),
  ...textsOf(task['dependencies']),
]
const subtasksOf = (task: Fields, depth = 1): Fields[] =>
  depth > DEEPEST ? [] : listOf(task['subtasks']).flatMap((subtask) => [subtask, ...subtasksOf(subtask, depth + 1)])

const sectionOf = (task: Fields): string => {
  const section = listOf(task['memberships'])
    .map((membership) => wordOf(fieldsOf(membership['section'])['name']))
    .find((name) => name !== '')
  const own = section ?? wordOf(fieldsOf(task['assignee_section'])['name'])
  // Asana's own word for no section.
  return /^\(no section\)$/i.test(own) ? '' : own
}

function subtasks(task: Fields, card: string, losses: Losses): ForeignCard['checklist'] {
  const items: ForeignCard['checklist'] = []
  const open = listOf(task['subtasks']).map((subtask) => ({ subtask, prefix: '', depth: 1 }))
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { subtask, prefix, depth } = next
    const text = `${prefix}${wordOf(subtask['name'])}`
    items.push({ text, done: subtask['completed'] === true })
    const more = ['assignee', 'due_on', 'notes'].some((field) => subtask[field])
    if (more) losses.add('subtask-details', card)
    for (const key of dependenciesOf(subtask)) losses.add('blocking-unknown', `${wordOf(subtask['name'])} ← ${key}`)
    if (depth < DEEPEST) {
      const inner = listOf(subtask['subtasks']).map((below) => ({
        subtask: below,
        prefix: `${text} › `,
        depth: depth + 1,
      }))
      open.unshift(...inner.slice(0, 1_000))
    }
  }
  return items
}
