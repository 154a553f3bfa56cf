/** What a card of another product has and ours has no field for: text below the description, or left out; counted either way. */
import { commentLine, type ForeignReading } from './fields.ts'
import type { ForeignCard, Losses } from './foreign-board.ts'

export const keptNotes = (card: ForeignCard, losses: Losses, reading: ForeignReading) => ({
  field(name: string, value: string): void {
    if (value === '') return
    card.notes.push({ about: 'fields', text: name === '' ? value : `${name}: ${value}` })
    losses.add('custom-fields', name, true)
  },
  /** The file itself stays where it is; its name and address come along. */
  attachment(name: string, address: string): void {
    card.notes.push({ about: 'attachments', text: [name, address].filter(Boolean).join(' ') })
    losses.add('attachments', name || address)
  },
  comment(author: string, when: unknown, text: string): void {
    card.notes.push({ about: 'comments', text: commentLine(author, when, text, reading) })
    losses.add('comments', card.title, true)
  },
})

/** A card of ours has one checklist: the items of several are told apart by the names of their lists. */
export const itemPrefix = (list: string, lists: number): string => (lists > 1 && list !== '' ? `${list}: ` : '')
