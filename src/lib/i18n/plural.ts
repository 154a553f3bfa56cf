/** Picks the plural form of a count by the language's own rules; `other` stands in for forms that are not given. */
export function plural(locale: string, count: number, forms: { one?: string; other: string }): string {
  const form = rules(locale).select(count)
  return (form === 'one' ? forms.one : undefined) ?? forms.other
}

const rulesByLocale = new Map<string, Intl.PluralRules>()

function rules(locale: string): Intl.PluralRules {
  const known = rulesByLocale.get(locale)
  if (known) return known
  const made = new Intl.PluralRules(locale)
  rulesByLocale.set(locale, made)
  return made
}
