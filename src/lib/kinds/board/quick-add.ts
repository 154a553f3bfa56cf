/**
 * A card typed in one line: “样品寄给客户 下周五 #紧急件 @林 ~2h !高” or "Send samples next Friday #rush @lin ~2h p1". What is
 * understood is shown before the card is added, and each part can be dismissed: then it stays in the title.
 */
import type { Day } from '../../kernel/instants.ts'
import { CHINESE_WEEKDAY } from './day-words/chinese.ts'
import { parseHours } from './estimate.ts'
import { findDays } from './quick-dates.ts'
import { findSpans } from './quick-spans.ts'
import type { Label, Priority } from './schema.ts'

type Meaning =
  | { kind: 'due'; day: Day }
  | { kind: 'span'; start: Day; due: Day }
  | { kind: 'priority'; priority: Priority }
  /** `label` is null for a name that no label of the board has yet. */
  | { kind: 'label'; label: string | null; name: string }
  | { kind: 'person'; person: string; name: string }
  | { kind: 'estimate'; hours: number }
export type Understood = Meaning & {
  from: number
  to: number
  /** It is in the title as well: a time of day belongs to it. */
  stays?: boolean
  /** The same words, dismissed once, stay dismissed while more is typed. */
  key: string
}
export interface QuickCard {
  title: string
  understood: Understood[]
}
export interface QuickContext {
  today: Day
  /** How the person writes a day in figures: 4/12 or 12/4. Null where that is not known. */
  dayFirst: boolean | null
  labels: readonly Pick<Label, 'id' | 'name'>[]
  people: readonly { id: string; name: string }[]
  me: string | null
  dismissed: ReadonlySet<string>
}

const PRIORITIES: readonly { priority: Priority; words: string }[] = [
  { priority: 'urgent', words: 'p0|[!](?:0|urgent|critical|紧急|特急)|紧急|特急' },
  { priority: 'high', words: 'p1|[!](?:1|high|高)' },
  { priority: 'medium', words: 'p2|[!](?:2|medium|中)' },
  { priority: 'low', words: 'p3|[!](?:3|low|低)' },
]
const alone = (words: string) => new RegExp(`(?<![^\\s,，;；])(?:${words})(?![^\\s,，;；。])`, 'g')
const priorityRules = PRIORITIES.map(({ priority, words }) => ({ priority, pattern: alone(words) }))
const AMOUNT = '(?:(?:\\d*[.,]?\\d+|[一二两三四五六七八九十半])\\s?[a-z\\p{Script=Han}]*\\s?)+?'
const ESTIMATE = alone(`[~≈]\\s?(${AMOUNT})`).source
/** Right behind a day, without a space: 明天~2小时. With a unit, and 12月4日~6日 is no six days of work. */
const ESTIMATE_BEHIND = `(?<=${CHINESE_WEEKDAY}|(?<!每)[天日号底末后前内]|(?<!every\\s)day|tomorrow)~(${AMOUNT}(?<=[a-z\\p{Script=Han}])(?<!日))(?![^\\s,，;；。])`
/** A name ends at a space or at punctuation. */
const NAMED = /(?<![\w.@#&/])([#@])([^\s#@,，。;；:：!！?？、()（）]+)/gu

/** Lower case and half-width, letter by letter: places in the text stay where they are. */
function folded(text: string): string {
  let out = ''
  for (const unit of text.split('')) {
    const code = unit.charCodeAt(0)
    const half = code === 0x3000 ? ' ' : code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : unit
    const lower = half.toLowerCase()
    out += lower.length === 1 ? lower : half
  }
  return out
}

/** What stands in quotation marks is said by somebody, or the name of something: the book “Tomorrow”, 《明天》. */
const QUOTED =
  /“[^”]*”|‘[^‘’]*’(?!\p{L})|\u300c[^\u300d]*\u300d|\u300e[^\u300f]*\u300f|《[^》]*》|〈[^〉]*〉|(?<![\p{L}\p{N}])"(?=\S)[^"]*"/gu

/** What is longer was pasted and is no sentence to a machine; reading it would hold up each key. */
const LONGEST_READ = 2000

export function readQuickAdd(text: string, context: QuickContext): QuickCard {
  if (text.length > LONGEST_READ) return { title: text.trim(), understood: [] }
  const plain = folded(text)
  const found: Understood[] = []
  const quoted = [...plain.matchAll(QUOTED)].map(({ index, 0: words }) => ({ from: index, to: index + words.length }))
  const offer = (from: number, to: number, meaning: Meaning, stays = false) => {
    if (quoted.some((quote) => from < quote.to && quote.from < to)) return
    const key = `${meaning.kind} ${plain.slice(from, to)}`
    if (context.dismissed.has(key) || found.some((other) => from < other.to && other.from < to)) return
    found.push({ ...meaning, from, to, key, ...(stays && { stays }) })
  }
  const has = (kind: Meaning['kind']) => found.some((one) => one.kind === kind)

  for (const match of plain.matchAll(NAMED)) named(text, plain, match, context, offer)
  const spans = findSpans(plain, context.today, text, context.dayFirst)
  // Of a span no end is read as something else, dismissed or not; 明天 ~2h is none, and of an estimate nothing is read with a day.
  const withoutSpans = blanked(plain, spans)
  const estimates = [...withoutSpans.matchAll(new RegExp(`${ESTIMATE}|${ESTIMATE_BEHIND}`, 'gu'))].flatMap(
    ({ index, 0: words, 1: apart, 2: behind }) => {
      const hours = parseHours(apart ?? behind ?? '')
      // From 1.2 to 1.4.
      const isRange = /^.\s\d[\d.,]*\s*$/.test(words) && /\d\s*$/.test(withoutSpans.slice(0, index))
      return hours === null || isRange ? [] : [{ from: index, to: index + words.length, hours }]
    },
  )
  for (const { from, to, hours } of estimates) if (!has('estimate')) offer(from, to, { kind: 'estimate', hours })
  for (const { priority, pattern } of priorityRules)
    for (const { index, 0: words } of plain.matchAll(pattern))
      if (!has('priority')) offer(index, index + words.length, { kind: 'priority', priority })
  const withoutEstimates = blanked(withoutSpans, estimates)
  const days = findDays(withoutEstimates, context.today, text, context.today, context.dayFirst)
  for (const when of [...spans, ...days].sort((a, b) => a.from - b.from)) {
    if (has('due') || has('span')) break
    const { from, to, isTimed } = when
    offer(
      from,
      to,
      'start' in when ? { kind: 'span', start: when.start, due: when.due } : { kind: 'due', day: when.day },
      isTimed,
    )
  }

  found.sort((a, b) => a.from - b.from)
  const title = without(
    text,
    found.filter(({ stays }) => !stays),
  )
  // Nothing but "Friday": that is what the card is called.
  return !/[\p{L}\p{N}\p{S}]/u.test(title) ? { title: text.trim(), understood: [] } : { title, understood: found }
}

const blanked = (text: string, parts: readonly { from: number; to: number }[]): string =>
  parts.reduce((rest, { from, to }) => rest.slice(0, from) + ' '.repeat(to - from) + rest.slice(to), text)

/** Whether the words of a part are in the text, whatever they mean there. */
export const isSaid = (key: string, text: string): boolean => folded(text).includes(key.slice(key.indexOf(' ') + 1))

type Offer = (from: number, to: number, meaning: Meaning) => void

function named(text: string, plain: string, match: RegExpExecArray, context: QuickContext, offer: Offer): void {
  const [, sign, word = ''] = match
  const from = match.index
  const start = from + 1
  const rest = plain.slice(start)
  /** Names may have spaces: the longest that stands here. */
  const whole = <One extends { name: string }>(all: readonly One[]): One | undefined =>
    all
      .filter(({ name }) => name !== '' && rest.startsWith(folded(name)) && !/^\w/.test(rest.slice(name.length)))
      .sort((a, b) => b.name.length - a.name.length)[0]
  if (sign === '#') {
    const known = whole(context.labels)
    if (known) return offer(from, start + known.name.length, { kind: 'label', label: known.id, name: known.name })
    // "#123" is a number of something.
    if (/^\d+$/.test(word)) return
    return offer(from, start + word.length, {
      kind: 'label',
      label: null,
      name: text.slice(start, start + word.length),
    })
  }
  const person = whole(context.people)
  if (person) return offer(from, start + person.name.length, { kind: 'person', person: person.id, name: person.name })
  const me = context.people.find(({ id }) => id === context.me)
  const withPart = (isIt: (part: string) => boolean) =>
    context.people.filter(({ name }) =>
      folded(name)
        .split(/[\s·]+/)
        .some(isIt),
    )
  // Of Ann Berg and Anna Li, "@Ann" is Ann.
  const exact = withPart((part) => part === word)
  const begun = exact.length > 0 ? exact : withPart((part) => part.startsWith(word))
  const one = me && (word === 'me' || word === '我') ? me : begun.length === 1 ? begun[0] : undefined
  if (one) offer(from, start + word.length, { kind: 'person', person: one.id, name: one.name })
}

/** Nothing changes but where a part went. */
function without(text: string, parts: readonly { from: number; to: number }[]): string {
  return parts.reduceRight((rest, { from, to }) => joined(rest.slice(0, from), rest.slice(to)), text).trim()
}
/** Chinese words stand side by side and others have a space between them; marks that held or parted what went, go with it. */
function joined(before: string, after: string): string {
  const opened = /[(（]\s*$/.exec(before)
  const closed = opened && /^\s*[)）]/.exec(after)
  if (closed) return joined(before.slice(0, opened.index), after.slice(closed[0].length))
  const [start, end] = [before.trimEnd(), after.trimStart()]
  if (start === '') return end.replace(/^[:：,，;；.。\s]+(?![\p{L}\p{N}])/u, '').replace(/^[:：,，;；]\s*/, '')
  if (/^[,，;；.。!！?？、:：)）]*$/.test(end)) return start.replace(/[,，;；]$/, '') + end.replace(/^[,，;；]/, '')
  if (/^[,，;；.。!！?？、:：](?!\w)/.test(end)) return start + end
  return /\p{Script=Han}$/u.test(start) && /^\p{Script=Han}/u.test(end) ? start + end : `${start} ${end}`
}
