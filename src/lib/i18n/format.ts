/** Dates, times and sizes as people write them in their region; the language and the present moment are arguments. */
import type { Locale } from '../kernel/define-kind.ts'
import type { Day, Instant } from '../kernel/instants.ts'
import { regionOf } from './region.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A day as a short date; the year only where it is not the present one. */
export function formatDay(day: Day, locale: Locale, today: Day): string {
  const withYear = day.slice(0, 4) !== today.slice(0, 4)
  const key = `${writtenIn(locale)} ${withYear} ${day}`
  const known = days.get(key)
  if (known !== undefined) return known
  const options: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric', timeZone: 'UTC' }
  if (withYear) options.year = 'numeric'
  const made = dateFormat(locale, options).format(new Date(`${day}T00:00:00Z`))
  days.set(key, made)
  return made
}
/** The same with its weekday, the year always: which day is meant. */
export const formatWeekday = (day: Day, locale: Locale): string =>
  dateFormat(locale, { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
/** The cards of a board share few days, and formatting one takes as long as drawing a tenth of its tile. */
const days = new Map<string, string>()

/** "3 minutes ago" within two days, a date and time before that; the year only where it is not the present one. A clock that
    runs ahead reads as "just now". */
export function formatWhen(at: Instant, locale: Locale, now: Instant): string {
  const ago = now - at
  const relative = relativeFormat(locale)
  // The browser's "now" and 现在 are for what is, not for what has been done.
  if (ago < MINUTE && ago > -DAY) return locale === 'zh-CN' ? '刚刚' : 'just now'
  if (ago < HOUR && ago > 0) return spaced(relative.format(-Math.floor(ago / MINUTE), 'minute'))
  if (ago < DAY && ago > 0) return spaced(relative.format(-Math.floor(ago / HOUR), 'hour'))
  if (ago < 2 * DAY && ago > 0) return relative.format(-1, 'day')
  if (new Date(at).getFullYear() !== new Date(now).getFullYear()) return formatMoment(at, locale)
  const hour = locale === 'zh-CN' ? '2-digit' : 'numeric'
  return dateFormat(locale, { month: 'short', day: 'numeric', hour, minute: '2-digit' }).format(new Date(at))
}

/** As every other number of things stands in a Chinese sentence: 3 分钟前. Dates keep together: 10月5日. */
const spaced = (text: string): string => text.replace(/(\d)(\p{Script=Han})/gu, '$1 $2')

/** Date and time in full; to the second where two are of one minute. */
export const formatMoment = (at: Instant, locale: Locale, to: 'minutes' | 'seconds' = 'minutes'): string =>
  dateFormat(locale, { dateStyle: 'medium', timeStyle: to === 'seconds' ? 'medium' : 'short' }).format(new Date(at))

/** So many minutes in the unit that one says it in: 26 hours, 3 days. */
export function formatSpan(minutes: number, locale: Locale): string {
  const [hours, days, years] = [minutes / 60, minutes / 60 / 24, minutes / 60 / 24 / 365.25]
  const [amount, unit] =
    hours < 2 ? [minutes, 'minute'] : days < 2 ? [hours, 'hour'] : years < 2 ? [days, 'day'] : [years, 'year']
  const format = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const
  return spaced(new Intl.NumberFormat(locale, format).format(Math.round(amount)))
}

/** Bytes in the unit that keeps the number short. */
export function formatBytes(bytes: number, locale: Locale): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  let amount = bytes
  let unit = 0
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: amount < 10 && unit > 0 ? 1 : 0,
  }).format(amount)
}

/** The calendar day of a moment in the device's own time zone. */
export function dayOf(at: Date): Day {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}` as Day
}

/** As in the fields for dates. In Chinese the order is the same everywhere, but the letters of the product are the simplified ones. */
const writtenIn = (locale: Locale): string => (locale === 'en' ? regionOf(locale) : locale)
const dateFormats = new Map<string, Intl.DateTimeFormat>()
function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const region = writtenIn(locale)
  const key = region + JSON.stringify(options)
  const known = dateFormats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(region, options)
  dateFormats.set(key, made)
  return made
}

const relativeFormats = new Map<Locale, Intl.RelativeTimeFormat>()
function relativeFormat(locale: Locale): Intl.RelativeTimeFormat {
  const known = relativeFormats.get(locale)
  if (known) return known
  const made = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  relativeFormats.set(locale, made)
  return made
}
