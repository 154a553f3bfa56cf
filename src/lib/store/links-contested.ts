/**
 * Addresses that two people gave the same letters of a description at once, or that one changed and another took away. Automerge keeps no
 * other value of a mark beside the one that counts, so what each of them wrote is read at the change by which they did.
 */
import * as A from '@automerge/automerge/slim'
import { beginningOf, textIn } from '#lib/kinds/prose/formats.ts'
import { linksIn, placeOf } from '#lib/kinds/prose/links.ts'
import { settledNow, takings } from '#lib/kinds/prose/put-again.ts'
import { parseMessage, parseTakenBack } from './change-message.ts'
import { knownTo } from './changes-apart.ts'
import { contestedField, isLink, isWords, type ContestedAt, type ContestedField } from './contested.ts'
import type { AnyDoc } from './documents.ts'
import { linksOverLetters, type ContestedStretch, type LinkWriter } from './links-met.ts'
import { textNow, type Stretch } from './text-now.ts'
import { changesOfText, metSince, type LookedAt } from './texts-apart.ts'
import { contestedWords } from './words-contested.ts'

type Place = readonly [collection: string, entry: string]

/** What one of them made of a stretch of letters. */
interface Written extends LinkWriter {
  before: string | null
  after: string | null
}

/** The links that met in the texts of a shard's entries. */
export function linksSince(looked: LookedAt, collection: string, before: ContestedAt | undefined): ContestedField[] {
  const textsOf = (hash: string) => {
    const { links, letters } = looked.touched.inTexts(looked.doc, hash)
    return [...links, ...letters].map(({ text }) => text)
  }
  // What is told of a link depends on the words that are.
  const isRead = (path: ContestedField['path']) => isLink(path) || isWords(path)
  const found = metSince(looked, before, isRead, textsOf, (entry) => contestedLinks(looked, [collection, entry]))
  return found.filter(({ path }) => isLink(path))
}

function contestedLinks(looked: LookedAt, place: Place): ContestedField[] {
  const { doc } = looked
  const text = textIn(doc, place[1])
  if (text === null) return []
  const [writers, settled] = writersIn(looked, text, place[1])
  if (writers.length === 0) return []
  const found = withLetters(looked, place[1], writers, givenTwice(doc, text, writers, settled))
  const backend = A.getBackend(doc)
  const letters = found.length > 0 ? backend.text(text) : ''
  return found.map(({ start, end, values }) => ({
    path: [...place, 'description', backend.getCursor(text, start), backend.getCursor(text, end - 1)],
    of: beginningOf(letters.slice(start, end)),
    values,
  }))
}

/** Letters that all of them knew. */
function givenTwice(
  doc: AnyDoc,
  text: A.ObjID,
  writers: readonly LinkWriter[],
  settled: readonly LinkWriter[],
): ContestedStretch[] {
  const all = [...writers, ...settled]
  const bounds = [...new Set(all.flatMap(({ ranges }) => ranges.flatMap(({ from, to }) => [from, to])))]
  bounds.sort((a, b) => a - b)
  const found: ContestedStretch[] = []
  for (const [at, start] of bounds.entries()) {
    const end = bounds[at + 1]
    if (end === undefined) break
    const isOver = ({ ranges }: LinkWriter) => ranges.some(({ from, to }) => from <= start && end <= to)
    const [over, settledOver] = [writers.filter(isOver), settled.filter(isOver)]
    const isAny = over.length > 0 && over.length + settledOver.length > 1
    const values = isAny ? valuesOf(doc, text, over, settledOver, { start, end }) : []
    if (values.length > 0) addStretch(found, { start, end, values })
  }
  return found
}

/** To the one that it continues, also where another one of the same values counts there. */
function addStretch(found: ContestedStretch[], { start, end, values }: ContestedStretch): void {
  const last = found.at(-1)
  if (last?.end === start && saidOf(last.values) === saidOf(values)) last.end = end
  else found.push({ start, end, values })
}
const saidOf = (values: ContestedField['values']): string =>
  values
    .map((one) => JSON.stringify(one))
    .sort()
    .join(' ')

/**
 * With those over letters that others put there. Of a stretch in which words are told the link is not: who chooses these sees where they
 * lead, and writes them anew.
 */
function withLetters(
  looked: LookedAt,
  entry: string,
  writers: readonly LinkWriter[],
  given: readonly ContestedStretch[],
): ContestedStretch[] {
  const now = textNow(
    looked,
    entry,
    writers.some(({ isApart }) => isApart),
  )
  const met = now ? linksOverLetters(now, writers) : []
  if (!now || met.length === 0) return [...given]
  const words = contestedWords(looked, entry).map(({ from, to }) => ({
    start: placeOf(now.backend, now.text, from) ?? 0,
    end: (placeOf(now.backend, now.text, to) ?? 0) + 1,
  }))
  const others = [...words, ...given]
  const found: ContestedStretch[] = []
  const isFree = (one: Stretch) => !others.some(({ start, end }) => start < one.end && one.start < end)
  for (const one of [...given, ...met.filter(isFree)].sort((a, b) => a.start - b.start)) addStretch(found, { ...one })
  return found
}

/**
 * Those that wrote links in this text, in an order in which each comes after what it was made on; and, of these, what is as if it had not been:
 * taken back, or what took back or did again.
 */
function writersIn({ doc, touched }: LookedAt, text: A.ObjID, entry: string): readonly [LinkWriter[], LinkWriter[]] {
  const backend = A.getBackend(doc)
  const changes = changesOfText(doc, entry)
  const settled = settledNow(changes)
  const taking = takings(changes)
  const writers = changes.flatMap((change): LinkWriter[] => {
    const { hash, message } = change
    const ranges = touched.inTexts(doc, hash).links.flatMap((write) => {
      if (write.text !== text) return []
      const { begin, end } = write
      const [from, to] = [placeOf(backend, text, begin), placeOf(backend, text, end)]
      return from !== null && to !== null ? [{ begin, end, from, to }] : []
    })
    if (ranges.length === 0) return []
    const { deps = [] } = backend.getChangeMetaByHash(hash) ?? {}
    const { way, mutations } = parseTakenBack(parseMessage(message).mutation)
    const isOfChoice = mutations.includes('keepLink')
    const isChoice = isOfChoice && way !== 'undo'
    const choicesBack = isOfChoice && way === 'undo' ? (taking(change)?.takes ?? []) : null
    return [{ ...change, deps, ranges, isChoice, choicesBack }]
  })
  const { counted = [], uncounted = [] } = Object.groupBy(writers, ({ hash }) =>
    settled.has(hash) ? 'uncounted' : 'counted',
  )
  return [counted, uncounted]
}

/** Of a stretch of letters that all of these wrote links over; none where they agree, or one knew of all others. */
function valuesOf(
  doc: AnyDoc,
  text: A.ObjID,
  over: readonly LinkWriter[],
  settled: readonly LinkWriter[],
  { start, end }: Stretch,
): ContestedField['values'] {
  const backend = A.getBackend(doc)
  const written = letterKnown(backend, text, over, start, end)
  const knows = new Map(over.map(({ hash }) => [hash, knownTo(doc, hash)]))
  const isLast = (one: LinkWriter, among: readonly LinkWriter[]) =>
    !among.some((other) => other !== one && knows.get(other.hash)?.(one.hash))
  let counted: Written[] = []
  for (const one of written) {
    if (one.choicesBack) counted = counted.filter(({ hash }) => !one.choicesBack?.includes(hash))
    else if (one.isChoice || one.before !== one.after) counted.push(one)
  }
  const last = counted.filter((one) => isLast(one, counted))
  // Of those who wrote the same one is named, on every device that one.
  const values = last
    .map(({ after, actor }): ContestedField['values'][number] => ({ value: after, actor }))
    .sort((a, b) => (a.actor < b.actor ? -1 : 1))
  const present = linksIn(backend, text)(start)
  // Whoever wrote again what was there, and made the letters bold for one, may have the last word all the same.
  const lastBy = (some: readonly Written[]) =>
    some
      .filter(({ after }) => after === present)
      .sort((a, b) => (a.actor < b.actor ? -1 : 1))
      .at(-1)
  const again = written.length < over.length ? undefined : lastBy(written)
  // So may who took theirs back, and knew nothing of what the other one gave.
  const isUnknowing = ({ hash }: LinkWriter) => last.some((one) => !knownTo(doc, hash)(one.hash))
  const back = again ?? lastBy(letterKnown(backend, text, settled.filter(isUnknowing), start, end))
  if (back && values.every(({ value }) => value !== present)) values.push({ value: present, actor: back.actor })
  return contestedField(['', '', ''], present, values).flatMap((field) => field.values)
}

/** What each of them made of the first letter that all of them knew, or else most of them. */
function letterKnown(
  backend: ReturnType<typeof A.getBackend>,
  text: A.ObjID,
  over: readonly LinkWriter[],
  start: number,
  end: number,
): Written[] {
  let knowing: LinkWriter[] = []
  let letter = ''
  for (let at = start; at < end && knowing.length < over.length; at++) {
    const id = backend.getCursor(text, at)
    const all = over.filter(({ hash }) => placeOf(backend, text, id, [hash]) !== null)
    if (all.length > knowing.length) [knowing, letter] = [all, id]
  }
  return knowing.map((writer) => ({
    ...writer,
    before: linksIn(backend, text, writer.deps)(placeOf(backend, text, letter, writer.deps)),
    after: linksIn(backend, text, [writer.hash])(placeOf(backend, text, letter, [writer.hash])),
  }))
}
