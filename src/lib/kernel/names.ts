/**
 * Names in lists: 2 before 10, Chinese ones by their pinyin. One order for both languages, so that colleagues who read different
 * ones see the same list.
 */
const collator = new Intl.Collator('zh-CN', { numeric: true })

export const compareNames = (a: string, b: string): number => collator.compare(a, b)

/** `Ann (2)`: what a name is called of which there are several. */
const numbered = (name: string, number: number): string => `${name.trim()} (${number})`

/**
 * What the members of a workspace are called: those of one name have numbers, in the order in which they came. Whoever was removed keeps
 * their name: no list to choose from has them without a mark.
 */
export function distinctNames<Id>(
  people: readonly { id: Id; name: string; removed: boolean }[],
): ReadonlyMap<Id, string> {
  const alike = Map.groupBy(
    people.filter(({ name, removed }) => name !== '' && !removed),
    ({ name }) => plainly(name),
  )
  return new Map(
    people.map((person) => {
      const { id, name } = person
      const others = alike.get(plainly(name)) ?? []
      const number = others.indexOf(person) + 1
      return [id, others.length > 1 && number > 0 ? numbered(name, number) : name]
    }),
  )
}

const plainly = (name: string): string => name.normalize('NFKC').trim().toLowerCase()
