/** Rounds in which every contender runs once, in turn and in another order each time, so that a busy machine is unfair to all. */
export async function interleaved<Name extends string, Figures>(
  rounds: number,
  contenders: readonly Name[],
  measure: (name: Name) => Promise<Figures>,
): Promise<Record<Name, Figures[]>> {
  const figures = Object.fromEntries(contenders.map((name) => [name, []])) as unknown as Record<Name, Figures[]>
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const name = contenders[(round + turn) % contenders.length]!
      figures[name].push(await measure(name))
    }
  }
  return figures
}
