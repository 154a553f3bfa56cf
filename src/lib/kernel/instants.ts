declare const brand: unique symbol

/** Milliseconds since 1970 in UTC, as a device claimed them: clocks lie, so nothing is decided by one. */
export type Instant = number & { readonly [brand]: 'instant' }
/** A calendar day without a time zone, `2026-11-23`. */
export type Day = string & { readonly [brand]: 'day' }

export const toInstant = (milliseconds: number): Instant => milliseconds as Instant

/** As other programs read it, in UTC; '' where a device's clock claimed what no calendar has. */
export const isoOf = (at: number): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : '')

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/

export function isDay(text: unknown): text is Day {
  const match = typeof text === 'string' ? DAY.exec(text) : null
  if (!match) return false
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])))
  return date.getUTCMonth() === Number(match[2]) - 1 && date.getUTCDate() === Number(match[3])
}

/** The day that lies so many days later, or earlier. */
export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10) as Day
}

/** 0 is Sunday; the same wherever the device is. */
export const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay()
