/** Whoever puts an entry away at once agrees with the others who do, unless some moved it to another record of work by that. */
interface Written {
  value: unknown
}

/**
 * Of what was written of an entry that is put away (`true` of each who did that), what a person is told of. Those who moved it
 * come first: where it went it is still there, which the others may not have meant.
 */
export function putAwayTold<Value extends Written>(
  values: readonly Value[],
  isMover: (one: Value) => boolean,
): readonly Value[] {
  const putters = values.filter(({ value }) => value === true)
  const movers = putters.filter(isMover)
  const others = putters.filter((one) => !isMover(one))
  const told = movers.length > 0 && others.length > 0 ? [...movers.slice(0, 1), ...others] : putters.slice(0, 1)
  return putters.length < 2 ? values : [...told, ...values.filter(({ value }) => value !== true)]
}
