/** What a cell of a table says: texts, lists of names, priorities. */
import { oneLine, plainName } from './foreign/texts.ts'
import type { Repeat } from './repeat.ts'
import { priorities, type Priority } from './schema.ts'

/** Spreadsheets and our own export put an apostrophe before what looks like a formula; it is no part of the text. */
export const asWritten = (cell: string): string => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell)

/** Several names in one cell: one per line, or with separators, unless the whole cell is one known name. */
export function listed(cell: string, known: (whole: string) => boolean = () => false): string[] {
  const whole = oneLine(cell)
  if (whole === '') return []
  if (known(whole)) return [whole]
  const parts = /[\r\n]/.test(cell) ? cell.split(/[\r\n]+/) : cell.split(/[,;|，；、]/)
  return parts.map(oneLine).filter((part) => part !== '')
}

/** What is in brackets or quotation marks goes with its name: `Ann (Sales, East), "Lee, Kim" <kim@…>`. Bounded, for a cell may be a book. */
const namesBetween = (separators: string): RegExp =>
  new RegExp(
    `(?:"[^"]{1,200}"|“[^”]{1,200}”|[(（](?:[^()（）]|[(（][^()（）]{0,200}[)）]){0,200}[)）]|\\[[^[\\]]{0,200}\\]|【[^【】]{0,200}】|<[^<>]{0,200}>|[^${separators}])+`,
    'g',
  )
const BETWEEN_COMMAS = namesBetween(',，、;；|')
const BETWEEN_SEMICOLONS = namesBetween(';；|')
/** The same of people. Where semicolons part them a comma is of a name: `Smith, John; Lee, Kim`, unless it parts people that are known. */
export function listedPeople(cell: string, known: (whole: string) => boolean): string[] {
  const lines = listed(cell, known)
  if (lines.length < 2 || /[\r\n]/.test(cell)) return lines
  const names = namesIn(cell, BETWEEN_SEMICOLONS)
  if (names.length < 2) return namesIn(cell, BETWEEN_COMMAS)
  return names.flatMap((name) => {
    const parts = known(name) ? [] : namesIn(name, BETWEEN_COMMAS)
    return parts.length > 1 && parts.every(known) ? parts : [name]
  })
}
const namesIn = (cell: string, names: RegExp): string[] =>
  (cell.match(names) ?? []).map(oneLine).filter((name) => name !== '')

const PRIORITY_WORDS: Readonly<Record<Priority, string>> = {
  urgent: 'urgent highest critical blocker p0 1 紧急 非常紧急 十分紧急 特急 最高 很高',
  high: 'high important major p1 2 高 较高 重要 优先',
  medium: 'medium normal moderate standard p2 3 中 中等 普通 一般 正常',
  low: 'low lowest minor trivial p3 p4 4 低 较低 最低 不紧急',
}
const PRIORITY_OF = new Map<string, Priority | null>([
  ...priorities.flatMap((priority) => PRIORITY_WORDS[priority].split(' ').map((word) => [word, priority] as const)),
  ...['', '-', 'none', 'no', '无', '未设置'].map((word) => [word, null] as const),
])
/** Undefined for a word that is none. `P1 · High`, as it stands on the screen and in our own export, says it twice. */
export function priorityOf(text: string): Priority | null | undefined {
  const [said, ...others] = plainName(text)
    .split(' · ')
    .map((word) => PRIORITY_OF.get(word))
  return others.every((other) => other === said) ? said : undefined
}

const REPEAT_WORDS: Readonly<Record<Repeat, string>> = {
  daily: 'daily|every day|每天|每日',
  workdays: 'workdays|weekdays|every workday|every weekday|工作日|每个工作日',
  weekly: 'weekly|every week|每周|每星期',
  fortnightly: 'fortnightly|biweekly|every two weeks|every 2 weeks|每两周|双周',
  monthly: 'monthly|every month|每月|每个月',
  quarterly: 'quarterly|every quarter|每季度|每季',
  yearly: 'yearly|annually|every year|每年',
}
const REPEAT_OF = new Map<string, Repeat | null>([
  ...Object.entries(REPEAT_WORDS).flatMap(([repeat, words]) =>
    words.split('|').map((word) => [word, repeat as Repeat] as const),
  ),
  ...['', '-', 'none', 'never', 'no', '无', '不重复'].map((word) => [word, null] as const),
])
/** Undefined for a word that is none. */
export const repeatOf = (text: string): Repeat | null | undefined => REPEAT_OF.get(plainName(text))

/** One item per line, ticked as `[x]`; marks of lists are no part of it. */
export const checklistOf = (cell: string): { text: string; done: boolean }[] =>
  cell
    .split(/[\r\n]+/)
    .map((line) => /^\s*(?:[-*•] )?(?:\[([ xX✓]?)\] ?|([☐☑✓✔]) ?)?(.*)$/.exec(line))
    .map((match) => ({
      text: oneLine(match?.[3] ?? ''),
      done: /[xX✓]/.test(match?.[1] ?? '') || /[☑✓✔]/.test(match?.[2] ?? ''),
    }))
    .filter(({ text }) => text !== '')
