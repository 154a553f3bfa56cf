/**
 * Addresses that two people gave the same letters of a description at once, or that one changed and another took away. Automerge keeps no
 * other value of a mark beside the one that counts, so what each of them wrote is read at the change by which they did.
 */
import * as A from '@automerge/automerge/slim'
import { beginningOf, textIn } from '#lib/kinds/prose/formats.ts'
import { linksIn, placeOf } from '#lib/kinds/prose/links.ts'
import { parseMessage, parseTakenBack } from './change-message.ts'
import { knownTo } from './changes-apart.ts'
import { contestedField, isLink, type ContestedAt, type ContestedField } from './contested.ts'
import type { AnyDoc } from './documents.ts'
import { changesOfText, metSince, type LookedAt } from './texts-apart.ts'

type Place = readonly [collection: string, entry: string]

/** A change that wrote links in a text, and where, as places of now. */
interface Writer {
  hash: string
  actor: string
  deps: string[]
  ranges: { start: number; end: number }[]
  /** Somebody chose between those that had met, also where it is the one that counted. */
  isChoice: boolean
  /** Somebody took such a choice back. */
  isChoiceBack: boolean
}

/** What one of them made of a stretch of letters. */
interface Written extends Writer {
  before: string | null
  after: string | null
}

/** The links that met in the texts of a shard's entries. */
export function linksSince(looked: LookedAt, collection: string, before: ContestedAt | undefined): ContestedField[] {
  const textsOf = (hash: string) => looked.touched.inTexts(looked.doc, hash).links.map(({ text }) => text)
  return metSince(looked, before, isLink, textsOf, (entry) => contestedLinks(looked, [collection, entry]))
}

function contestedLinks(looked: LookedAt, place: Place): ContestedField[] {
  const { doc } = looked
  const text = textIn(doc, place[1])
  if (text === null) return []
  const writers = writersIn(looked, text, place[1])
  const bounds = [...new Set(writers.flatMap(({ ranges }) => ranges.flatMap(({ start, end }) => [start, end])))]
  bounds.sort((a, b) => a - b)
  const found: ContestedStretch[] = []
  for (const [at, start] of bounds.entries()) {
    const end = bounds[at + 1]
    if (end === undefined) break
    const over = writers.filter(({ ranges }) => ranges.some((one) => one.start <= start && end <= one.end))
    const values = over.length < 2 ? [] : valuesOf(doc, text, over, { start, end })
    const last = found.at(-1)
    const said = JSON.stringify(values)
    if (values.length === 0) continue
    if (last?.end === start && last.said === said) last.end = end
    else found.push({ start, end, values, said })
  }
  const backend = A.getBackend(doc)
  const letters = found.length > 0 ? backend.text(text) : ''
  return found.map(({ start, end, values }) => ({
    path: [...place, 'description', backend.getCursor(text, start), backend.getCursor(text, end - 1)],
    of: beginningOf(letters.slice(start, end)),
    values,
  }))
}

interface ContestedStretch {
  start: number
  end: number
  values: ContestedField['values']
  said: string
}

/** Those that wrote links in this text, in an order in which each comes after what it was made on. */
function writersIn({ doc, touched }: LookedAt, text: A.ObjID, entry: string): Writer[] {
  const backend = A.getBackend(doc)
  return changesOfText(doc, entry).flatMap(({ hash, actor, message }): Writer[] => {
    const ranges = touched.inTexts(doc, hash).links.flatMap((write) => {
      if (write.text !== text) return []
      const [start, end] = [placeOf(backend, text, write.begin), placeOf(backend, text, write.end)]
      return start !== null && end !== null && start < end ? [{ start, end }] : []
    })
    if (ranges.length === 0) return []
    const { deps = [] } = backend.getChangeMetaByHash(hash) ?? {}
    const { way, mutations } = parseTakenBack(parseMessage(message).mutation)
    const isOfChoice = mutations.includes('keepLink')
    return [
      { hash, actor, deps, ranges, isChoice: isOfChoice && way !== 'undo', isChoiceBack: isOfChoice && way === 'undo' },
    ]
  })
}

/** Of a stretch of letters that all of these wrote links over; none where they agree, or one knew of all others. */
function valuesOf(
  doc: AnyDoc,
  text: A.ObjID,
  over: readonly Writer[],
  { start, end }: { start: number; end: number },
): ContestedField['values'] {
  const backend = A.getBackend(doc)
  const written = letterKnown(backend, text, over, start, end)
  const knows = new Map(over.map(({ hash }) => [hash, knownTo(doc, hash)]))
  const isLast = (one: Writer, among: readonly Writer[]) =>
    !among.some((other) => other !== one && knows.get(other.hash)?.(one.hash))
  let counted: Written[] = []
  for (const one of written) {
    if (one.isChoiceBack) {
      const choice = counted.findLast((other) => other.isChoice && knows.get(one.hash)?.(other.hash))
      counted = counted.filter((other) => other !== choice)
    } else if (one.isChoice || one.before !== one.after) counted.push(one)
  }
  const values = counted
    .filter((one) => isLast(one, counted))
    .map(({ after, actor }): ContestedField['values'][number] => ({ value: after, actor }))
  const present = linksIn(backend, text)(start)
  // Whoever wrote again what was there, and made the letters bold for one, may have the last word all the same.
  const again = written.findLast(({ after }) => after === present)
  if (again && values.every(({ value }) => value !== present)) values.push({ value: present, actor: again.actor })
  return contestedField(['', '', ''], present, values).flatMap((field) => field.values)
}

/** What each of them made of the first letter that all of them knew. */
function letterKnown(
  backend: ReturnType<typeof A.getBackend>,
  text: A.ObjID,
  over: readonly Writer[],
  start: number,
  end: number,
): Written[] {
  for (let at = start; at < end; at++) {
    const letter = backend.getCursor(text, at)
    const then = over.map(({ hash }) => placeOf(backend, text, letter, [hash]))
    if (then.includes(null)) continue
    return over.map((writer, nth) => ({
      ...writer,
      before: linksIn(backend, text, writer.deps)(placeOf(backend, text, letter, writer.deps)),
      after: linksIn(backend, text, [writer.hash])(then[nth] ?? null),
    }))
  }
  return []
}
