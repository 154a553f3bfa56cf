/** The few words of ours that an import writes onto cards, in the language of the person who imports. */
import type { Color } from '../schema.ts'
import type { Note } from './foreign-board.ts'

export interface ForeignWords {
  /** Headings above what is kept as text below a description; '' for none. */
  notes: Readonly<Record<Note['about'], string>>
  /** Names of fields that cards of other products have, for what is kept of them as text. */
  fields: Readonly<Record<'location' | 'requestedBy' | 'assignedBy' | 'received' | 'ended', string>>
  /** For labels that are a colour and no more. */
  colors: Readonly<Record<Color, string>>
  /** For a card without a title. */
  untitled: string
  /** For a column without a name; several have numbers. */
  unnamedColumn: string
}
