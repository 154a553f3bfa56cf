/** A day in figures, as it is written where the person lives: 31/12/2026, 12/31/2026, 2026/12/31. Pure. */
import { isDay, type Day } from '../kernel/instants.ts'

type Part = 'year' | 'month' | 'day'
const isPart = (type: string): type is Part => type === 'year' || type === 'month' || type === 'day'

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(region: string): Intl.DateTimeFormat {
  const known = formats.get(region)
  if (known) return known
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' } as const
  const made = new Intl.DateTimeFormat(region, options)
  formats.set(region, made)
  return made
}
const partsOf = (day: Day, region: string) => formatOf(region).formatToParts(new Date(`${day}T00:00:00Z`))
const ANY = '2001-02-03' as Day

export const dayInFigures = (day: Day, region: string): string =>
  partsOf(day, region)
    .map(({ value }) => value)
    .join('')

/** What an empty field shows: dd/mm/yyyy. */
export const figuresWanted = (region: string, letters: Readonly<Record<Part, string>>): string =>
  partsOf(ANY, region)
    .map(({ type, value }) => (isPart(type) ? letters[type] : value))
    .join('')

/** A day without its year, to show how one is written: 31/12. */
export const exampleFor = (region: string): string =>
  new Intl.DateTimeFormat(region, { month: '2-digit', day: '2-digit', timeZone: 'UTC' }).format(Date.UTC(2001, 11, 31))

/** Whether the day stands before the month where the person lives; null where only the language is known. */
export function dayStandsFirst(region: string): boolean | null {
  if (new Intl.Locale(region).region === undefined) return null
  const order = partsOf(ANY, region).map(({ type }) => type)
  return order.indexOf('day') < order.indexOf('month')
}

const MARK = '\\s*[-/. ]\\s*'
const THREE = new RegExp(`^(\\d{1,4})${MARK}(\\d{1,2})${MARK}(\\d{1,4})$`)
const TWO = new RegExp(`^(\\d{1,2})${MARK}(\\d{1,2})$`)

/**
 * The day that the figures mean, or null. The order is that of the region, unless only another one makes a day of them; a year may
 * come first anywhere. Without a year it is the next such day from `since` on.
 */
export function typedDay(text: string, region: string, since: Day): Day | null {
  const typed = text.normalize('NFKC').trim()
  const order = partsOf(ANY, region).flatMap(({ type }) => (isPart(type) ? [type] : []))
  const dayFirst = order.indexOf('day') < order.indexOf('month')
  const ofTwo = (year: string, one: string, two: string): Day | null =>
    dayFirst ? (dayOf(year, two, one) ?? dayOf(year, one, two)) : (dayOf(year, one, two) ?? dayOf(year, two, one))
  if (/^\d{8}$/.test(typed)) {
    const yearFirst = () => dayOf(typed.slice(0, 4), typed.slice(4, 6), typed.slice(6))
    const yearLast = () => ofTwo(typed.slice(4), typed.slice(0, 2), typed.slice(2, 4))
    return order[0] === 'year' ? (yearFirst() ?? yearLast()) : (yearLast() ?? yearFirst())
  }
  const [, one = '', two = '', three = ''] = THREE.exec(typed) ?? []
  if (one.length > 2) return dayOf(one, two, three)
  if (three !== '' && order[0] === 'year' && three.length <= 2) return dayOf(one, two, three)
  if (three !== '') return ofTwo(three, one, two)
  const pair = TWO.exec(typed)
  if (!pair) return null
  const [, left = '', right = ''] = pair
  const next = [0, 1, 2, 3, 4].map((years) => ofTwo(String(Number(since.slice(0, 4)) + years), left, right))
  return next.find((day) => day !== null && day >= since) ?? null
}

/** Two figures are a year of this century. */
function dayOf(year: string, month: string, day: string): Day | null {
  if (year.length === 3 || year.length === 1 || day.length > 2) return null
  const text = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(text) ? text : null
}
