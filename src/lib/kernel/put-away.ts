export interface PutAwayBy {
  /** A person, or the actor of a device. */
  by: string | null
  /** Of one of several: by taking back that it came to be there. */
  takenBack?: true
}

/** Whoever puts an entry away at once agrees with the others who do, unless some moved it to another record of work by that. */
interface Written extends PutAwayBy {
  value: unknown
  /** Of what was written: who put the entry away and knew of it, where others put it away who did not. */
  knownBy?: readonly (string | null)[]
}

/**
 * Where an entry went by whoever put it away: it stands there, or lies in the archive there, too. 'back' where they moved it back and
 * it is there no more: that was another action, so they have not archived it here. Null where they did.
 */
export type Went = 'stands' | 'away' | 'back' | null

/**
 * Of what was written of an entry that is put away (`true` of each who did that), what a person is told of. Those who moved it
 * come first: where it went it is still there, which the others may not have meant. What one of them knew of is told only where
 * the entry stands nowhere with it, and stands where another moved it, without it.
 */
export function putAwayTold<Value extends Written>(
  values: readonly Value[],
  went: (one: Value) => Went,
): readonly Value[] {
  const putters = values.filter(({ value }) => value === true)
  if (putters.length < 2) return values
  const [standing = [], others = [], away = []] = (['stands', null, 'away'] as const).map((where) =>
    putters.filter((one) => went(one) === where),
  )
  const [mover] = [...standing, ...away]
  const told =
    mover && others.length > 0 ? [mover, ...others] : [mover ?? putters[0]].filter((one) => one !== undefined)
  const isTold = ({ value, knownBy = [] }: Value) =>
    value !== true &&
    (knownBy.length === 0 || (standing.length > 0 && !standing.some(({ by }) => knownBy.includes(by))))
  return [...told, ...values.filter(isTold)]
}
