/**
 * The person's language. `t()` is reactive: a component that reads a message renders again when the language changes,
 * and nothing else happens to it (inputs, focus and scroll stay).
 */
import type { Locale, Sentence } from '../kernel/define-kind.ts'
import { en } from './en.ts'
import { withNamesIsolated } from './isolated-names.ts'
import type { Messages } from './messages.ts'
import { regionOf } from './region.ts'
import { zhCN } from './zh-CN.ts'

const messagesByLocale: Readonly<Record<Locale, Messages>> = {
  en: withNamesIsolated(en),
  'zh-CN': withNamesIsolated(zhCN),
}
export const localeNames: Readonly<Record<Locale, string>> = { 'zh-CN': '简体中文', en: 'English' }

const STORED_AT = 'tongzhou.locale'

const isLocale = (text: unknown): text is Locale => text === 'en' || text === 'zh-CN'

/** The stored choice, else the browser's first language that we have, else English. */
function firstLocale(): Locale {
  try {
    const stored = localStorage.getItem(STORED_AT)
    if (isLocale(stored)) return stored
  } catch {
    // Storage may be forbidden; then the browser's language decides each time.
  }
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages
  for (const language of wanted) {
    if (language.toLowerCase().startsWith('zh')) return 'zh-CN'
    if (language.toLowerCase().startsWith('en')) return 'en'
  }
  return 'en'
}

let current = $state<Locale>(firstLocale())

export const locale = (): Locale => current

/** Where the person lives, as far as the language of the product is spoken there. */
export const region = (): string => regionOf(current)

export function setLocale(next: Locale): void {
  current = next
  if (typeof document !== 'undefined') document.documentElement.lang = next
  try {
    localStorage.setItem(STORED_AT, next)
  } catch {
    // The choice then lasts for this visit.
  }
}

/** Other open tabs follow at once. Gives back how to stop. */
export function followLocale(): () => void {
  const follow = ({ key, newValue }: StorageEvent) => {
    if (key === STORED_AT && isLocale(newValue) && newValue !== current) setLocale(newValue)
  }
  addEventListener('storage', follow)
  return () => removeEventListener('storage', follow)
}

/** The messages in the person's language. */
export const t = (): Messages => messagesByLocale[current]

export const say = (sentence: Sentence): string => sentence[current]

type RefusalParams = Readonly<Record<string, string | number>>

/** The words for a refusal; a code that this version does not know is named, not hidden. */
export function sayRefusal(code: string, params: RefusalParams = {}): string {
  const { unknown, ...known } = t().refusal
  const messages: Readonly<Record<string, string | ((params: RefusalParams) => string)>> = known
  const message = Object.hasOwn(messages, code) ? messages[code] : undefined
  if (message === undefined) return unknown(code)
  return typeof message === 'string' ? message : message(params)
}
