/** Two people who write in one text, and take back what they wrote. */
import * as A from '@automerge/automerge'
import { expect } from 'vitest'
import { writingMessage } from '#lib/kernel/groups.ts'
import { str } from '#lib/kernel/immutable-string.ts'
import { replaceLetters } from '#lib/kinds/prose/letters.ts'
import type { ProseDraft } from '#lib/kinds/prose/schema.ts'
import type { CameBack } from '#lib/kinds/prose/places.ts'
import { nothingMet, takingBack } from '#lib/kinds/prose/take-back.ts'
import { changeMessage, choiceIn, choiceMessage, takenBack } from '#lib/store/change-message.ts'

const KEEP = changeMessage('keepWords', 'g')
export const UNDO = changeMessage(takenBack('undo', ['keepWords']), 'g')
export const REDO = changeMessage(takenBack('redo', ['keepWords']), 'g')

export const path = ['entries', 'k1', 'text']
type Note = Record<'entries', Record<'k1', { text: string }>>
export const block = (type: string, parents: string[] = []) => ({
  type: str(type),
  parents: parents.map(str),
  attrs: {},
})

/** Somebody who writes in a note, and takes back what they wrote. */
function writer(doc: A.Doc<Note>) {
  const cameBack: CameBack = new Map()
  const change = (write: (draft: Note) => void, message = ''): string[] => {
    const next = A.change(person.doc, { message }, write)
    const hashes = next === person.doc ? [] : A.getHeads(next)
    person.doc = next
    return hashes
  }
  const person = {
    doc,
    /** Each returns its change. */
    writes: (at: number, text: string, instead = 0) => change((draft) => A.splice(draft, path, at, instead, text)),
    splits: (at: number, type = 'paragraph') => change((draft) => A.splitBlock(draft, path, at, block(type))),
    shapes: (spans: A.Span[]) => change((draft) => A.updateSpans(draft, path, spans)),
    marks: (start: number, end: number, name: string, value: string | boolean = true) =>
      change((draft) => A.mark(draft, path, { start, end, expand: 'both' }, name, value)),
    unmarks: (start: number, end: number, name: string) =>
      change((draft) => A.unmark(draft, path, { start, end, expand: 'none' }, name)),
    /** What stands there of words that met, from the first letter to behind the last one: `words` are what counts. */
    chooses: (start: number, end: number, words: string) => {
      const [from, to] = [start, end - 1].map((at) => A.getCursor(person.doc, path, at))
      const prose = (draft: unknown) => draft as ProseDraft
      return change((draft) => replaceLetters(prose(draft), 'k1', from ?? '', to ?? '', words), KEEP)
    },
    /** What chose between words is taken back by `UNDO`, and done again by `REDO`. */
    takesBack: (hashes: string[], choice?: string) => {
      if (hashes.length === 0) return []
      const message = choice === undefined ? writingMessage(0, 'k1', hashes) : choiceMessage(choice, hashes)
      const isMine = (actor: string) => actor === A.getActorId(person.doc)
      const { write, isAnything } = takingBack(person.doc, path, hashes, cameBack, isMine, choiceIn)
      const changed = change((draft) => (person.told = write(draft)), message)
      const isStaying = person.told.instead.length + person.told.gone.length > 0
      // As the core does it: where nothing was left to take back, that it was is written down all the same.
      if (changed.length > 0 || !isAnything || isStaying) return changed
      person.doc = A.emptyChange(person.doc, { message })
      return A.getHeads(person.doc)
    },
    told: nothingMet(),
    actor: () => A.getActorId(person.doc),
    text: () => person.doc.entries.k1.text.replaceAll('\uFFFC', '¶'),
    spans: () => A.spans(person.doc, path),
  }
  return person
}

/** `actors`: of two values that met that of the greater one counts. */
export function annAndBo(text = '', actors: Partial<Record<'ann' | 'bo', string>> = {}) {
  const start = A.change(A.from<Note>({ entries: { k1: { text: '' } } }), (draft) => A.splice(draft, path, 0, 0, text))
  const person = (actor?: string) => writer(A.clone(start, actor === undefined ? {} : { actor }))
  const [ann, bo] = [person(actors.ann), person(actors.bo)]
  const meet = () => {
    ann.doc = A.merge(ann.doc, bo.doc)
    bo.doc = A.merge(bo.doc, ann.doc)
    expect(bo.spans()).toEqual(ann.spans())
  }
  return { ann, bo, meet }
}

export type Writers = ReturnType<typeof annAndBo>

/** Whom Ann was told of as she took something back. */
export const toldOf = ({ ann, bo }: Writers) => {
  const names = (actors: readonly string[]) => actors.map((actor) => (actor === A.getActorId(bo.doc) ? 'Bo' : actor))
  const { instead, beside, gone } = ann.told
  return { instead: names(instead), beside: names(beside), gone: names(gone) }
}
export const NOBODY = { instead: [], beside: [], gone: [] }
