/**
 * Words that are nowhere but in a field yet: a card that is being typed, an item of a checklist, a form. Whoever closes the window
 * or takes an update meanwhile is asked.
 */
import { Draft } from './draft.svelte.ts'
import { toasts } from './toasts.svelte.ts'

const FIELDS =
  'textarea, input:not([type=checkbox], [type=radio], [type=file], [type=range], [type=color], [type=date])'
/**
 * What a field keeps until a key or a button takes it; any other field is saved when it is left. A form that was handed in may
 * be refused: one that is taken goes, or is emptied.
 */
const KEPT = 'form, [data-half-typed]'
/** What is searched for is nobody's work. */
const SEARCHED = '[type=search], [role=combobox], [role=searchbox]'

/** As much of them as a message has room for. */
const MOST = 40

/** By workspace and place. */
const drafts = new Map<string, Map<string, Draft>>()
/** The words of one place of a workspace: a column of a board, a cell of its lanes. */
export function draftAt(workspace: string, place: string): Draft {
  const known = drafts.get(workspace) ?? new Map<string, Draft>()
  drafts.set(workspace, known)
  const draft = known.get(place) ?? new Draft()
  known.set(place, draft)
  return draft
}

/** Where words of fields stay that are gone with their screen. */
export const ofFields = (workspace: string): Draft => draftAt(workspace, 'removed')

const draftsOf = (workspace: string): Draft[] => [...(drafts.get(workspace)?.values() ?? [])]
/** What stands in the places of a workspace, whether or not a field shows it. */
export const keptWords = (workspace: string): string[] => distinct(draftsOf(workspace).map(({ text }) => text))
export function forgetKeptWords(workspace: string): void {
  for (const draft of draftsOf(workspace)) draft.text = ''
}

/** They are nowhere else any more: their field is gone, or what they were handed in to has refused them. */
export function keepWords(workspace: string, words: readonly string[]): void {
  const draft = ofFields(workspace)
  const kept = keptWords(workspace)
  draft.text = distinct([...draft.text.split('\n'), ...words.filter((text) => !kept.includes(text.trim()))]).join('\n')
}

const distinct = (words: readonly string[]): string[] => [
  ...new Set(words.map((text) => text.trim()).filter((text) => text !== '')),
]

type Field = HTMLInputElement | HTMLTextAreaElement

const typed = new WeakSet<Field>()
const fieldOf = ({ target }: Event): Field | null =>
  target instanceof HTMLElement && target.matches(FIELDS) && !target.matches(SEARCHED) ? (target as Field) : null

/** Such words on the page, each cut to what a message has room for. */
export const halfTyped = (): string[] =>
  typedWords().map((text) => (text.length > MOST ? `${text.slice(0, MOST).trimEnd()}…` : text))

/** All of them, field by field, then those of closed fields, of one workspace or of all, and those that stand in a message only. */
export function typedWords(workspace?: string): string[] {
  const fields = [...document.querySelectorAll<Field>(FIELDS)].filter((field) => {
    const isOpen = field === document.activeElement || field.closest(KEPT) !== null
    return typed.has(field) && isOpen
  })
  const unsaved = toasts().flatMap((toast) => toast.unsaved?.() ?? [])
  const kept = (workspace === undefined ? [...drafts.keys()] : [workspace]).flatMap(keptWords)
  // What an open field shows is its draft's, too.
  return distinct([...fields.map(({ value }) => value), ...kept, ...unsaved])
}

/** What the person has given up already, by taking an update all the same. */
let givenUp: readonly string[] = []
export function giveUp(words: readonly string[]): void {
  givenUp = words
}

/** From now on the browser asks before a page with such words is left. Returns the end of it. */
export function watchHalfTyped(): () => void {
  const end = new AbortController()
  const { signal } = end
  addEventListener(
    'input',
    (event) => {
      const field = fieldOf(event)
      if (field) typed.add(field)
    },
    { signal, capture: true },
  )
  addEventListener(
    'change',
    (event) => {
      const field = fieldOf(event)
      if (field && !field.closest(KEPT)) typed.delete(field)
    },
    { signal, capture: true },
  )
  const isAsked = () => halfTyped().some((text) => !givenUp.includes(text))
  addEventListener('beforeunload', (event) => isAsked() && event.preventDefault(), { signal })
  return () => end.abort()
}
