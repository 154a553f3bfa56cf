/** What named versions are called in lists: those of one name by their moment, too, and those of one minute by the second. */
import { formatMoment } from '#lib/i18n/format.ts'
import type { Locale } from '#lib/kernel/define-kind.ts'
import type { NamedVersion } from '../schema.ts'

export function versionNames(
  versions: readonly Pick<NamedVersion, 'id' | 'name' | 'at'>[],
  locale: Locale,
): ReadonlyMap<string, { title: string; when: string }> {
  const alike = Map.groupBy(versions, ({ name }) => name)
  return new Map(
    versions.map(({ id, name, at }) => {
      const others = (alike.get(name) ?? []).filter((other) => other.id !== id)
      const minute = formatMoment(at, locale)
      const isSameMinute = others.some((other) => formatMoment(other.at, locale) === minute)
      const when = isSameMinute ? formatMoment(at, locale, 'seconds') : minute
      return [id, { title: others.length > 0 ? `${name} · ${when}` : name, when }]
    }),
  )
}
