/** People by id, and who else has which card open. */
import type { Person, Presence } from '#lib/core/api.ts'
import { dayOf } from '#lib/i18n/format.ts'
import type { Day, Instant } from '#lib/kernel/instants.ts'

export const peopleById = (people: readonly Person[]): ReadonlyMap<string, Person> =>
  new Map(people.map((person) => [person.id, person]))

/** Present people by card, without this device; one entry per person, however many of their devices are there. */
export function editorsByCard(
  presence: readonly Presence[],
  work: string,
  device: string | undefined,
): ReadonlyMap<string, readonly Presence[]> {
  const byCard = new Map<string, Presence[]>()
  for (const one of presence) {
    if (one.work !== work || !one.entity || one.device === device) continue
    const here = byCard.get(one.entity) ?? []
    if (!here.some(({ person }) => person === one.person)) byCard.set(one.entity, [...here, one])
  }
  return byCard
}

/** The device's calendar day at a moment. */
export const dayAt = (at: Instant): Day => dayOf(new Date(at))
