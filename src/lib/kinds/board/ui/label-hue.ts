import type { Hue } from '#lib/ui/hue.ts'
import type { Color } from './screen-board.ts'

/** The product's hue for a label's colour. */
export const hueOfColor: Readonly<Record<Color, Hue>> = {
  gray: 'gray',
  red: 'red',
  orange: 'orange',
  yellow: 'amber',
  green: 'green',
  teal: 'teal',
  blue: 'blue',
  purple: 'violet',
  pink: 'pink',
}
