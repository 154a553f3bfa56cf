/** People of the workspace by the names that other programs write. */
import { plainName } from './texts.ts'

export interface PeopleByName {
  nameOf: (id: string) => string
  /** The person's id, or null for a name that is nobody's or more than one person's. */
  find: (text: string) => string | null
}

/** A name, then one pair of brackets that ends with the text; `Ann (ann1), Zoe (zoe)` is no name. Within them may stand another pair. */
const IN_BRACKETS =
  /^([^(<（【[]*)[(<（【[]((?:[^()<>（）【】[\]]|[(<（【[][^()<>（）【】[\]]*[)>）】\]])*)[)>）】\]]\s*$/

const QUOTED = /^\s*["“](.*)["”]\s*$/

export function peopleByName(people: readonly { id: string; name: string }[]): PeopleByName {
  const byName = new Map<string, string | null>()
  const names = new Map<string, string>()
  for (const { id, name } of people) {
    names.set(id, name)
    byName.set(id, id)
    const key = plainName(name)
    // Two people of one name: nobody is picked silently.
    if (key !== '') byName.set(key, byName.has(key) ? null : id)
  }
  return {
    nameOf: (id) => names.get(id) ?? id,
    /** `@Li Na`, `"Li Na" <li@…>`, `李娜 (Li Na)`: the text itself, without the part in brackets, or that part. */
    find(text) {
      const bracket = IN_BRACKETS.exec(text)
      for (const candidate of [text, bracket?.[2], bracket?.[1]]) {
        const id = candidate === undefined ? null : byName.get(plainName(candidate.replace(QUOTED, '$1')))
        if (id) return id
      }
      return null
    },
  }
}
