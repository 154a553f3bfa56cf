/** What a card of another product has and ours has no field for: text below the description, or left out; counted either way. */
import type { Day } from '#lib/kernel/instants.ts'
import { commentLine, type ForeignReading } from './fields.ts'
import type { ForeignCard, ForeignItem, LossKind, Losses } from './foreign-board.ts'
import { oneLine } from './texts.ts'

export const keptNotes = (card: ForeignCard, losses: Losses, reading: ForeignReading) => {
  function note(what: LossKind, name: string, value: string, counted = name): void {
    if (value === '') return
    card.notes.push({ about: 'fields', text: name === '' ? value : `${name}: ${value}` })
    losses.add(what, counted, 'description')
  }
  return {
    field: (name: string, value: string): void => note('custom-fields', name, value),
    /** A field that cards of the other product have by themselves. */
    detail: (name: string, value: string): void => note('other-fields', name, value),
    /** Another card, and what it is to this one in the other product's word. */
    link: (kind: string, other: string): void => note('links', kind, other, other),
    /** What a subtask says at length. */
    ofSubtask: (subtask: string, value: string): void => note('subtask-details', subtask, value, card.title),
    /** The file itself stays where it is; its name and address come along. */
    attachment(name: string, address: string): void {
      card.notes.push({ about: 'attachments', text: [name, address].filter(Boolean).join(' ') })
      losses.add('attachment-links', name || address, 'description')
    },
    comment(author: string, when: unknown, text: string): void {
      card.notes.push({ about: 'comments', text: commentLine(author, when, text, reading) })
      losses.add('comments', card.title, 'description')
    },
    /** An item of a checklist is a text and a tick: whose it is, and until when, stands in words behind its text. */
    item(
      text: string,
      done: boolean,
      said: readonly string[] = [],
      what: NonNullable<ForeignItem['tells']> = 'item-details',
    ): void {
      const words = said.map(oneLine).filter(Boolean)
      card.checklist.push(
        words.length === 0 ? { text, done } : { text: `${text} (${words.join(', ')})`, done, tells: what },
      )
    },
    /** A card of ours has one checklist: the items of several are told apart by the names of their lists. */
    prefix(list: string, lists: number, items: number): string {
      if (list === '' || PLAIN_LIST.test(list)) return lists > 1 && list !== '' ? `${list}: ` : ''
      if (lists > 1 && items > 0) return `${list}: `
      losses.add('checklist-names', list)
      return ''
    },
  }
}

/** A name that says no more than what it is. */
const PLAIN_LIST = /^checklist$/i

/** `2026-11-30`, or both days. */
export const spanOf = (start: Day | null, due: Day | null): string =>
  start === null ? (due ?? '') : due === null ? `${start} –` : `${start} – ${due}`
