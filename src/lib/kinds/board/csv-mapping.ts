/** Which column of a file becomes what on the board: a guess from the headings, and from the cells where they fail. */
import { guessDateOrder, looksLikeDay, type DateOrder } from './csv-dates.ts'

export const IMPORT_FIELDS = [
  'title',
  'column',
  'description',
  'assignees',
  'labels',
  'start',
  'due',
  'priority',
  'estimate',
  'repeat',
  'checklist',
  'blockedBy',
  'key',
  'ignore',
] as const
export type ImportField = (typeof IMPORT_FIELDS)[number]

export interface Mapping {
  /** For each column of the file. Several may become the description, assignees or labels; of the others the first counts. */
  fields: ImportField[]
  /** How 3/4/2026 is meant. */
  dates: DateOrder
}

/** Fields that several columns of a file may fill together: Jira writes one column per label. */
export const MANY: readonly ImportField[] = ['description', 'assignees', 'labels', 'checklist', 'blockedBy']

/** Headings as Trello, Planka, Asana, Jira, Todoist, Feishu, Teambition and people write them, the surest first. */
const HEADINGS: Readonly<Record<Exclude<ImportField, 'ignore'>, readonly string[]>> = {
  title: words(
    'title|cardtitle|tasktitle|cardname|taskname|标题|任务标题|任务名称|卡片标题|卡片名称|任务名|summary|issuesummary|content|name|task|card|item|subject|todo|事项|待办事项|工作项|工作内容|需求名称|名称|主题|任务|卡片|内容|issue|需求|工作',
  ),
  column: words(
    'column|list|listname|columnname|sectioncolumn|section|列|列表|列名|所在列|看板列|任务列表|所属列表|分组|阶段|status|state|stage|taskstatus|状态|任务状态|进度|完成情况|完成状态|当前状态|当前阶段|bucket|bucketname|lane|phase|group|todo|待办',
  ),
  description: words(
    'description|desc|carddescription|taskdescription|notes|note|details|detail|描述|任务描述|卡片描述|说明|任务说明|备注|任务备注|详情|详细描述|详细说明|body|comment|remarks|remark',
  ),
  assignees: words(
    'assignees|assignee|assignedto|members|member|owner|owners|responsible|负责人|责任人|执行者|执行人|经办人|任务负责人|成员|处理人|指派给|受理人|参与者|参与人|协作人|person|people|who|assign',
  ),
  labels: words(
    'labels|label|tags|tag|标签|标记|任务标签|category|categories|类别|分类|类型|部门|department|component|components',
  ),
  start: words(
    'start|startdate|startsat|starttime|begin|begindate|plannedstart|开始|开始日期|开始时间|计划开始|计划开始日期|计划开始时间|起始日期|起始时间',
  ),
  due: words(
    'due|duedate|dueat|dueon|deadline|enddate|end|finishdate|targetdate|date|截止|截止日期|截止时间|到期日|到期日期|到期时间|结束|结束日期|结束时间|计划完成|计划完成时间|计划完成日期|完成期限|期限|计划结束|计划结束时间|预计完成时间',
  ),
  estimate: words(
    'estimate|estimatedhours|hours|effort|estimatehours|工时|预计工时|预估工时|预估|计划工时|估算工时|工作量|估算',
  ),
  repeat: words('repeat|repeats|recurrence|recurring|重复|循环|重复规则|重复周期'),
  checklist: words('checklist|checklistitems|subtasks|todos|检查项|检查清单|清单|子任务'),
  blockedBy: words(
    'blockedby|dependson|dependencies|predecessors|waitsfor|前置任务|前置卡片|前置|前置事项|依赖|依赖任务|被阻塞',
  ),
  key: words(
    'key|issuekey|cardkey|taskkey|id|cardid|taskid|issueid|ticketid|ticket|no|number|编号|任务编号|卡片编号|事项编号|需求编号|序号|标识',
  ),
  priority: words('priority|prio|优先级|任务优先级|优先|紧急程度|重要程度|urgency|importance|severity'),
}

function words(list: string): string[] {
  return list.split('|')
}

/** What a status or a sort of task is called, too: alone it makes no row of headings, and not surely a heading of titles. */
const ALSO_CELLS: ReadonlySet<string> = new Set(words('todo|待办|task|issue|任务|需求'))
/** What else stands below such a heading that was the first card's: no title. */
const SORTS: ReadonlySet<string> = ALSO_CELLS.union(
  new Set(words('doing|inprogress|done|backlog|进行中|已完成|完成|bug|story|epic|subtask|缺陷|故事|子任务')),
)
const known = new Set(Object.values(HEADINGS).flat()).difference(ALSO_CELLS)
/** Whether what stands in a first row can only be a heading. */
export const isKnownHeading = (heading: string): boolean => known.has(plainHeading(heading))

/** Guesses a mapping. `sampleRows` are a few first rows; a title is found whenever any cell holds text. */
export function guessMapping(header: readonly string[], sampleRows: readonly (readonly string[])[]): Mapping {
  const fields: ImportField[] = header.map(() => 'ignore')
  const plain = header.map(plainHeading)
  const named = titleAmong(plain, sampleRows)
  if (named !== null) fields[named] = 'title'
  for (const field of IMPORT_FIELDS) {
    if (field === 'ignore' || field === 'title') continue
    const ranked = rankedHeadings(plain, field).filter(({ index }) => fields[index] === 'ignore')
    const best = ranked[0]
    if (!best) continue
    // A second heading of the same words is more of the same; another word may be another thing.
    for (const { index, rank } of ranked) {
      if (index === best.index || (rank === best.rank && MANY.includes(field))) fields[index] = field
    }
  }
  // What cards are called by is only asked where others refer to them.
  if (!fields.includes('blockedBy'))
    for (const [at, field] of fields.entries()) if (field === 'key') fields[at] = 'ignore'
  if (!fields.includes('title')) {
    const likeliest = likeliestTitle(fields, sampleRows)
    if (likeliest !== null) fields[likeliest] = 'title'
  }
  const dates = sampleRows.flatMap((row) =>
    row.filter((_, index) => fields[index] === 'start' || fields[index] === 'due'),
  )
  // Where nothing tells, a Chinese or American table is likelier than a European one: those mostly write 23.11.2026.
  return { fields, dates: guessDateOrder(dates) ?? 'month-first' }
}

/** The columns whose headings name a field, the surest first. */
function rankedHeadings(plain: readonly string[], field: Exclude<ImportField, 'ignore'>) {
  const names = HEADINGS[field]
  return plain
    .map((heading, index) => ({ index, heading, rank: names.indexOf(heading) }))
    .filter(({ rank }) => rank !== -1)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
}

/** The column whose heading names titles: what stands below is mostly there and differs, unless the heading leaves no doubt. */
function titleAmong(plain: readonly string[], rows: readonly (readonly string[])[]): number | null {
  const ranked = rankedHeadings(plain, 'title')
  const isSure = ({ heading }: { heading: string }) => !ALSO_CELLS.has(heading)
  const below = plain.map((_, at) => wordsAt(at, rows))
  const differing = (at: number) => new Set(below[at]).size
  const most = Math.max(...plain.map((heading, at) => (known.has(heading) ? 0 : differing(at))))
  const found = ranked.find((column) => {
    const cells = below[column.index] ?? []
    const differ = differing(column.index)
    if (cells.length * 2 < rows.length || differ * 2 < cells.length) return false
    return isSure(column) || (differ === most && !cells.some((cell) => SORTS.has(plainHeading(cell))))
  })
  return (found ?? ranked.find(isSure))?.index ?? null
}

/** `Due Date *`, `due_date` and `Due date (UTC)` are one heading. */
function plainHeading(heading: string): string {
  return heading
    .slice(0, 100)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]|【[^】]*】/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** The column with the most words that is neither numbers nor dates. */
function likeliestTitle(fields: readonly ImportField[], rows: readonly (readonly string[])[]): number | null {
  let best: number | null = null
  let bestScore = 0
  for (const [index, field] of fields.entries()) {
    if (field !== 'ignore') continue
    const cells = wordsAt(index, rows)
    const distinct = new Set(cells)
    const length = cells.reduce((sum, cell) => sum + Math.min(cell.length, 60), 0) / Math.max(cells.length, 1)
    const score = distinct.size * (1 + length / 60)
    if (score > bestScore) {
      best = index
      bestScore = score
    }
  }
  return best
}

/** What a column has that is neither empty nor a number or a date. */
const wordsAt = (index: number, rows: readonly (readonly string[])[]): string[] =>
  rows.map((row) => (row[index] ?? '').trim()).filter((cell) => /\p{L}/u.test(cell) && !looksLikeDay(cell))
