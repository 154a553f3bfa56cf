/** The labels of a file, as labels of the board: found by their names, or made. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { colors, type Board, type Color } from '../schema.ts'
import type { ForeignLabel, Losses } from './foreign-board.ts'
import { labelKey } from './texts.ts'
import type { ForeignWords } from './words.ts'

export function labelMaker(board: Board, newEntity: () => string, words: ForeignWords, losses: Losses) {
  const byName = new Map<string, string>()
  const names = new Map<string, string>()
  for (const { id, name, archived } of board.labels) {
    names.set(id, name)
    if (!archived && !byName.has(labelKey(name))) byName.set(labelKey(name), id)
  }
  const calls: MutationCall[] = []
  const told = new Set<string>()
  /** A colour that there is none like here; of a label without a name all that it says. */
  const tellColor = ({ name, strange = '' }: ForeignLabel) => {
    const says = name || strange
    if (strange !== '' && !told.has(says)) losses.add('label-colors', says)
    told.add(says)
  }
  /** The colours that a label's name has had in the file: one name is one label. */
  const colorsOf = new Map<string, Set<Color>>()
  return {
    calls,
    nameOf: (id: string) => names.get(id) ?? '',
    idOf(label: ForeignLabel, shortened: (text: string) => string = (text) => text): string {
      // A label without a name is called by its colour.
      const name = shortened(label.name || words.colors[label.color ?? 'gray'])
      const known = byName.get(labelKey(name))
      if (label.color !== null) {
        const seen = colorsOf.get(labelKey(name)) ?? new Set()
        if (seen.size > 0 && !seen.has(label.color)) losses.add('label-twins', name)
        colorsOf.set(labelKey(name), seen.add(label.color))
      }
      if (known === undefined || label.name === '') tellColor(label)
      if (known !== undefined) return known
      const id = newEntity()
      byName.set(labelKey(name), id)
      names.set(id, name)
      // Gray is for labels that want no attention; new ones take turns with the others.
      const turn: Color = colors[1 + (calls.length % (colors.length - 1))] ?? 'blue'
      const color = label.color ?? (label.name === '' ? 'gray' : turn)
      calls.push({ mutation: 'addLabel', args: { label: id, name, color } })
      return id
    },
  }
}
