import { region } from '#lib/i18n/locale.svelte.ts'
import { dayStandsFirst, typedDay } from '#lib/i18n/typed-day.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { nearestSince } from '../day-words/calendar.ts'
import { dayIn } from '../quick-dates.ts'

/**
 * The day that somebody writes where a date is asked for: in figures as in that region, or in words. Without a year a card is due
 * on the next such day; it may have been begun, so it starts on the nearest one.
 */
export function dayTyped(text: string, today: Day, field: 'start' | 'due'): Day | null {
  const since = field === 'start' ? nearestSince(today) : today
  return typedDay(text, region(), since) ?? dayIn(text, today, since, dayStandsFirst(region()))
}
