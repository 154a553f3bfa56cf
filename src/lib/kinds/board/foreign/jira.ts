/**
 * Jira: the CSV of an issue search, all fields or the current ones. What an issue has several of stands in several
 * columns of one heading; a field that a company added is called `Custom field (Name)`.
 */
import type { Fields } from '#lib/kernel/reading.ts'
import { guessDateOrder, readDay } from '../csv-dates.ts'
import { priorityOf } from '../cells.ts'
import { parseHours } from '../estimate.ts'
import type { Pacing } from '../decode-text.ts'
import type { Table } from '../read-table.ts'
import { cardAt, dayReader, emptyBoard, listOf, sayOn, type ForeignReading } from './fields.ts'
import { Losses, type ForeignBoard, type ForeignCard } from './foreign-board.ts'
import { fromWiki } from './from-wiki.ts'
import { FINISHED } from './place-columns.ts'
import { plainHeading, rowsOf, type Row } from './rows.ts'
import { manyLines, oneLine, plainName, shorten } from './texts.ts'

const SUMMARY = ['summary', '概要', '摘要', '主题']
/** Nobody else calls a column so. */
const OWN_KEY = ['issue key', '问题关键字', '事务密钥', '工作项密钥']
const KEY = [...OWN_KEY, 'key', '关键字']
const OWN = ['issue id', 'issue type', '问题类型', '问题id', '事务类型', '工作项类型']
const START = ['start date', 'custom field (start date)', '开始日期']
const DUE = ['due date', 'due', '到期日', '到期日期']

export const isJira = ({ header }: Table): boolean => {
  const plain = header.map(plainHeading)
  const has = (headings: readonly string[]) => headings.some((heading) => plain.includes(heading))
  return has(SUMMARY) && (has(OWN_KEY) || (has(KEY) && has(OWN)))
}

/** What Jira answers to programs: it is not read, but known. */
export const isJiraJson = ({ issues }: Fields): boolean =>
  Array.isArray(issues) && (issues.length === 0 || listOf(issues).some((issue) => 'key' in issue && 'fields' in issue))

export async function readJira(table: Table, reading: ForeignReading, pacing: Pacing): Promise<ForeignBoard> {
  const foreign = emptyBoard('jira')
  const losses = new Losses()
  const rows = rowsOf(table)
  const dayOf = dayReader(foreign, reading, guessDateOrder(rows.cells(...START, ...DUE)) ?? 'day-first')
  const custom = customFields(table)
  const links = linkHeadings(table)
  const names = namesByAccount(table)
  const statuses = new Map<string, { key: string; title: string; rank: number }>()
  /** `Outward issue link (Blocks)` of the one says it about the other. */
  const blocks = new Map<string, string[]>()

  for await (const row of rows.each(pacing)) {
    const title = row.line(...SUMMARY)
    const say = sayOn(foreign, { at: row.at, title })
    if (title === '') {
      say('row-title-empty', 'row-left-out')
      foreign.cardsLeftOut++
      continue
    }
    const key = row.line(...KEY)
    const status = row.line('status', '状态')
    const statusKey = plainName(status)
    const category = plainName(row.line('status category', '状态类别'))
    if (status !== '' && !statuses.has(statusKey)) {
      statuses.set(statusKey, { key: statusKey, title: status, rank: rankOf(statusKey, category) })
    }
    for (const blocked of row.texts('outward issue link (blocks)')) {
      blocks.set(oneLine(blocked), [...(blocks.get(oneLine(blocked)) ?? []), key])
    }
    const words = row.line('priority', '优先级')
    const priority = priorityOf(words)
    if (priority === undefined) say('row-priority-unknown', 'cell-left-out', { value: shorten(words, 60) })
    const { text: description, lost } = fromWiki(row.text('description', '描述'))
    if (lost) losses.add('markup', title, 'description')
    const card: ForeignCard = {
      ...cardAt(row.at, title),
      key,
      description,
      column: statusKey,
      labels: labelsOf(row).map((name) => ({ name, color: null })),
      people: [row.line('assignee', '经办人')].filter((name) => name !== '' && !/^unassigned$/i.test(name)),
      start: dayOf(row.line(...START), { at: row.at, title }, 'start'),
      due: dayOf(row.line(...DUE), { at: row.at, title }, 'due'),
      priority: priority ?? null,
      estimate: hoursOf(row, say),
      blockedBy: row.texts('inward issue link (blocks)').map(oneLine),
    }
    notes(row, card, { custom, links, names }, losses, reading)
    foreign.cards.push(card)
  }
  for (const card of foreign.cards) {
    card.blockedBy.push(...(blocks.get(card.key) ?? []))
    // Of two issues with one key the first is meant.
    blocks.delete(card.key)
  }
  for (const [key, { length }] of blocks) losses.add('blocking-unknown', key, null, length)
  foreign.columns = [...statuses.values()]
    .sort((a, b) => a.rank - b.rank)
    .map(({ key, title, rank }) => ({
      key,
      title,
      archived: false,
      done: rank === DONE,
      limit: null,
      color: null,
    }))
  foreign.fileColumns = rows.unread()
  foreign.losses = losses.list()
  return foreign
}

const DONE = 4
/** A search knows no order of the statuses: the way of work gives one. */
const RANKS: readonly [RegExp, number][] = [
  [/^(?:backlog|idea|new|open|待规划|需求池|新建|打开)$/, 0],
  [/^(?:to ?do|selected for development|ready|reopened|待办|待处理|重新打开)$/, 1],
  [/review|test|verif|qa|评审|审核|测试|验证/, 3],
]
function rankOf(status: string, category: string): number {
  if (FINISHED.test(status) || /^(?:done|完成|已完成)$/.test(category)) return DONE
  const known = RANKS.find(([pattern]) => pattern.test(status))
  if (known) return known[1]
  return /^(?:to do|new|待办)$/.test(category) ? 1 : 2
}

/** What people sort issues by becomes labels. */
const LABELS = [
  ...['labels', '标签', 'component/s', 'components', '模块', 'sprint', 'custom field (sprint)', '冲刺'],
  ...['issue type', '问题类型', '事务类型', '工作项类型'],
]
const labelsOf = (row: Row): string[] => [
  ...new Set(
    row
      .texts(...LABELS)
      .map(sprintName)
      .filter((name) => name !== ''),
  ),
]
/** Old servers write a sprint as `com.atlassian…Sprint@1f[id=7,state=ACTIVE,name=Sprint 7,…]`. */
const sprintName = (cell: string): string => oneLine(/\bSprint@[^[]*\[.*?\bname=([^,\]]*)/.exec(cell)?.[1] ?? cell)

/** The original estimate, in seconds; by hand also as `2d 4h`, eight hours a day and five days a week as in Jira. */
function hoursOf(row: Row, say: ReturnType<typeof sayOn>): number | null {
  const cell = row.line('original estimate', '初始预估时间', '初始预估')
  if (cell === '') return null
  if (/^\d+(?:\.\d+)?$/.test(cell)) return Math.round(Number(cell) / 36) / 100
  const hours = parseHours(cell)
  if (hours !== null) return hours
  say('row-estimate-unknown', 'cell-left-out', { value: shorten(cell, 60) })
  return null
}

/** Fields of a company's own by their names. What only Jira understands (ranks, its panels) says nothing to people. */
function customFields({ header }: Table): { heading: string; name: string }[] {
  const fields = new Map<string, { heading: string; name: string }>()
  for (const heading of header) {
    const name = /^custom field \((.*)\)$/i.exec(heading.trim())?.[1]?.trim() ?? ''
    const plain = plainHeading(heading)
    if (name === '' || /^(?:rank|development|start date|sprint|\[chart\].*)$/i.test(name)) continue
    if (!fields.has(plain)) fields.set(plain, { heading: plain, name })
  }
  // Cloud writes this one without brackets.
  const points = header.find((heading) => /^story points?(?: estimate)?$/i.test(heading.trim()))
  if (points !== undefined) fields.set(plainHeading(points), { heading: plainHeading(points), name: points.trim() })
  return [...fields.values()]
}

/** Links of other kinds than “Blocks”, which a company names as it likes: both directions of each by its name. */
function linkHeadings({ header }: Table): Map<string, string[]> {
  const links = new Map<string, string[]>()
  for (const heading of header) {
    const name = /^(?:out|in)ward issue link \((.*)\)$/i.exec(heading.trim())?.[1]?.trim() ?? ''
    const plain = plainHeading(heading)
    if (name === '' || /^blocks$/i.test(name) || links.get(name)?.includes(plain)) continue
    links.set(name, [...(links.get(name) ?? []), plain])
  }
  return links
}

/** People have a column of their names and one of their accounts. */
const PEOPLE = ['assignee', 'reporter', 'creator', '经办人', '报告人', '创建者']

/** Comments know their author by the account alone. */
function namesByAccount({ header, rows }: Table): Map<string, string> {
  const plain = header.map(plainHeading)
  const names = new Map<string, string>()
  for (const heading of PEOPLE) {
    const [name, account] = [
      plain.indexOf(heading),
      plain.findIndex((other) => other.replace(/ ?id$/, '') === heading && other !== heading),
    ]
    if (name < 0 || account < 0) continue
    for (const row of rows) {
      const [called, id] = [oneLine(row[name] ?? ''), oneLine(row[account] ?? '')]
      if (called !== '' && id !== '' && !names.has(id)) names.set(id, called)
    }
  }
  return names
}

/** What the headings and the file as a whole say of its issues. */
interface Headed {
  custom: readonly { heading: string; name: string }[]
  links: ReadonlyMap<string, string[]>
  names: ReadonlyMap<string, string>
}

function notes(
  row: Row,
  card: ForeignCard,
  { custom, links, names }: Headed,
  losses: Losses,
  reading: ForeignReading,
): void {
  const note = (text: string) => void card.notes.push({ about: 'fields', text })
  if (card.key !== '') note(card.key)
  const parent = row.line('parent key', 'parent summary', 'parent', 'parent id', '父级')
  if (parent !== '') {
    note(`↑ ${parent}`)
    losses.add('parents', parent, 'description')
  }
  for (const { heading, name } of custom) {
    for (const value of row.texts(heading)) {
      note(`${name}: ${manyLines(value)}`)
      losses.add('custom-fields', name, 'description')
    }
  }
  for (const [type, headings] of links) {
    for (const other of row.texts(...headings)) {
      note(`${type}: ${oneLine(other)}`)
      losses.add('links', oneLine(other), 'description')
    }
  }
  for (const cell of row.texts('attachment', 'attachments', '附件')) {
    const [, , name = '', address = ''] = cell.split(';')
    card.notes.push({ about: 'attachments', text: oneLine(`${name} ${address}`) || oneLine(cell) })
    losses.add('attachment-links', oneLine(name || cell), 'description')
  }
  for (const cell of row.texts('comment', 'comments', '评论', '备注')) {
    card.notes.push({ about: 'comments', text: commentOf(cell, names, reading) })
    losses.add('comments', card.title, 'description')
  }
  losses.add('time-records', card.title, null, row.texts('log work', '工作日志').length)
  losses.add('watchers', card.title, null, row.texts('watchers', '关注者').length)
  const votes = Number(row.line('votes', '投票'))
  if (Number.isInteger(votes)) losses.add('votes', card.title, null, votes)
}

/** `23/Nov/26 2:15 PM;ann;what she wrote`. */
function commentOf(cell: string, names: ReadonlyMap<string, string>, { today, utcOffset }: ForeignReading): string {
  const match = /^([^;]{6,40});([^;]{0,100});([^]*)$/.exec(cell)
  const day = match && readDay(match[1] ?? '', { order: 'day-first', today, utcOffset })
  const author = oneLine(match?.[2] ?? '')
  return match && day ? `${[names.get(author) ?? author, day.day].filter(Boolean).join(', ')}: ${match[3] ?? ''}` : cell
}
