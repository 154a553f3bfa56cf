import { region } from '#lib/i18n/locale.svelte.ts'
import { typedDay } from '#lib/i18n/typed-day.ts'
import type { Day } from '#lib/kernel/instants.ts'
import { dayIn } from '../quick-dates.ts'

/** The day that somebody writes where a date is asked for: in figures as in that region, or in words. */
export const dayTyped = (text: string, today: Day): Day | null => typedDay(text, region(), today) ?? dayIn(text, today)
