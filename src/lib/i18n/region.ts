import type { Locale } from '../kernel/define-kind.ts'

/** How dates are written where the person lives: a British browser in English writes the day first. */
export const regionOf = (locale: Locale): string =>
  navigator.languages.find((language) => language.slice(0, 2) === locale.slice(0, 2)) ?? locale
