import { hueOf, hues, type Hue } from '#lib/ui/hue.ts'
import type { Label } from './screen-board.ts'

/** A label's own colour; one that this version does not know becomes one derived from the id. */
export const hueFor = (label: Label): Hue => hues.find((hue) => hue === label.color) ?? hueOf(label.id)
