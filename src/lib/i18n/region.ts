import type { Locale } from '../kernel/define-kind.ts'

let told: readonly string[] | null = null
/** Those of the tab, for a worker: not every browser tells a shared one what the person has chosen. */
export function tellLanguages(languages: readonly string[]): void {
  told = languages
}

/** How dates are written where the person lives: a British browser in English writes the day first. */
export const regionOf = (locale: Locale): string =>
  (told ?? navigator.languages).find((language) => language.slice(0, 2) === locale.slice(0, 2)) ?? locale
