/**
 * Undo of my own last action after others have edited (P7): the fields that it wrote get back what they held before, if
 * they still hold what it wrote; where somebody has changed one since, the person is told who and decides.
 */
import * as A from '@automerge/automerge/slim'
import type { DocumentType, PutAway } from '#lib/kernel/define-kind.ts'
import { begunApart, str } from '#lib/kernel/immutable-string.ts'
import { compareOrder } from '#lib/kernel/order.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { sumOfEntry } from '#lib/kernel/undone.ts'
import { writeAgain } from '#lib/kernel/write.ts'
import { objectsBegun } from './begun-apart.ts'
import type { AnyDoc } from './documents.ts'
import { isOfUndo, isTakingBack, isYielded } from './change-message.ts'
import { changeOf, isYieldedChange, keptFrom, knownTo, reopenedIn } from './changes-apart.ts'
import { valueAt, valueThen, valueWithin, writtenBy, type SettledField, type WrittenField } from './fields.ts'
import { partsOf, Touched } from './touched.ts'
import { valuesAt, type Reopened, type WrittenBy } from './values-met.ts'

export interface UndoWrite {
  path: readonly (string | number)[]
  /** `undefined` deletes. */
  value: unknown
  /** It stands there already, from what is taken back. */
  again?: true
  /** Of an entry that was begun twice: the object, where it is the hidden one. */
  hidden?: A.ObjID
  /** It is no value of its own: which text was known, or that the adding was undone. */
  note?: true
}
export interface UndoClash {
  path: (string | number)[]
  mine: unknown
  theirs: unknown
  /** What undoing would write. */
  restored: unknown
  /** Of a place (`placed`): what the entry stood in by the action, where somebody has put it into another since. */
  mineWithin?: unknown
  /** Actor of the change that wrote the present value, '' if it cannot be told. */
  actor: string
  /** Who wrote it chose between what had met there. */
  chosen?: true
}

/** An entry that the action made and in which somebody else has written since. */
export interface UndoneEntry {
  path: (string | number)[]
  /** Actors, the latest last. */
  actors: string[]
}

export interface UndoPlan {
  /** What the action wrote, of a choice over what. */
  fields: (WrittenField & Partial<Pick<SettledField, 'over'>>)[]
  writes: UndoWrite[]
  /** What is written too where others have worked since in an entry that is put away as it had been: then it is not as it was. */
  notes: UndoWrite[]
  clashes: UndoClash[]
  /** Entries that the action made, and that undoing puts aside. */
  made: (string | number)[][]
  worked: UndoneEntry[]
  /** Entries that the action made or brought back, and that somebody else has put aside since: undoing leaves them there. */
  aside: UndoneEntry[]
  /** Fields that somebody else wrote at the same time, and whose actor: undoing lets that value count. */
  met: { path: (string | number)[]; actor: string }[]
  /** Fields that somebody has taken back since, and by which actor: undoing writes nothing there. */
  already: { path: (string | number)[]; actor: string }[]
}

/**
 * What undoing these changes of one document would write, and which fields others have changed since. `first`: of what was
 * done again, the changes by which it was done first: what others wrote from then on counts; `isOwn`: whose work in an entry that
 * is put aside does not; `knownText`: which text of an entry is known here (known-text.ts); `isTextAsMade`: whether the text of an
 * entry that the action made is as it made it.
 */
export function planUndo(
  doc: AnyDoc,
  hashes: readonly string[],
  { created, putAway, placed }: Pick<DocumentType<never>, 'created' | 'putAway' | 'placed'> = {},
  touched = new Touched(),
  isMine: (actor: string) => boolean = () => false,
  {
    first = hashes,
    isOwn = isMine,
    knownText = () => null,
    isTextAsMade = () => true,
  }: {
    first?: readonly string[] | undefined
    isOwn?: typeof isMine
    knownText?: KnownTextOf
    isTextAsMade?: (entry: string) => boolean
  } = {},
): UndoPlan {
  const made: UndoPlan['made'] = []
  const worked: UndoneEntry[] = []
  const aside: UndoneEntry[] = []
  const met: UndoPlan['met'] = []
  const already: UndoPlan['already'] = []
  const since = writtenSince(doc, hashes, touched, isMine)
  const wasTakenBack = first !== hashes
  // To take it back and do it again is no work in it.
  const isOfTaking = ({ actor, message }: MadeBy) => wasTakenBack && isMine(actor) && isTakingBack(message)
  const work = wasTakenBack || isOwn !== isMine ? writtenSince(doc, first, touched, isOwn, { isOfTaking }) : since
  const own = new Set(hashes.map((hash) => A.getBackend(doc).getChangeMetaByHash(hash)?.actor))
  const isOther = (actor: string) => actor !== '' && !own.has(actor) && !isMine(actor)
  const writes: UndoWrite[] = []
  const clashes: UndoClash[] = []
  const { settled, ...written } = writtenBy(doc, hashes)
  const fields: UndoPlan['fields'] = [...written.fields]
  /** By entry, which text was known before, and that its adding had been undone. */
  const notes = new Map<string, (UndoWrite & { after: unknown })[]>()
  /** Entries that the action made, and in which nobody has put anything since. */
  const asMade = new Set<string>()
  /** Entries that are put away as they had been. */
  const awayAgain = new Set<string>()
  const isRedo = hashes.some((hash) => isOfUndo(A.getBackend(doc).getChangeMetaByHash(hash)?.message))
  const reopened = reopenedIn(doc)
  // Whoever makes a choice again that was taken back has seen what there is to choose between.
  const isChoice = isRedo && hashes.some((hash) => reopened.changes.has(hash))
  const valuesOf = fieldsIn(doc, isChoice ? undefined : reopened)
  const entries = new Set(
    fields.filter(({ whole, before }) => whole && before === undefined).map(({ path }) => nameOf(path)),
  )
  const putsAside = (path: (string | number)[]) => {
    made.push(path)
    const actors = work.within(path)
    // What I have taken back myself is no work of mine.
    const isAsItWas = () => {
      if (!actors.every(isMine)) return false
      const noted = notesIn(putAway?.[String(path[0])])
      const [now, then] = [valueAt(doc, path), valueThen(doc, path.map(String), hashes.slice(-1))].map((value) =>
        Object.entries(fieldsOf(value)).filter(([field]) => !noted.includes(field)),
      )
      return isSame(now, then)
    }
    if (actors.length > 0 && !isAsItWas()) worked.push({ path, actors })
  }
  const lookAtMade = ({ path, after }: WrittenField) => {
    const rule = path.length === 2 ? putAway?.[String(path[0])]?.undone : undefined
    if (!rule || !isTextAsMade(String(path[1]))) return
    const isAsMade = () => {
      const sum = (value: unknown) => sumOfEntry(rule, fieldsOf(value))
      const now = sum(valueAt(doc, path))
      return now === sum(after) || now === sum(valueThen(doc, path.map(String), hashes.slice(-1)))
    }
    if (!since.isTouched(path) || isAsMade()) asMade.add(nameOf(path))
  }
  const isAside = (path: (string | number)[]): boolean => {
    const actors = since.within(path)
    if (actors.length > 0) aside.push({ path, actors })
    return actors.length > 0
  }
  const withinOf = ([collection = '', id = '', field]: UndoClash['path']): Pick<UndoClash, 'mineWithin'> => {
    const { order, within } = placed?.[collection] ?? {}
    if (within === undefined || field !== order) return {}
    const path = [String(collection), String(id), within]
    const mineWithin = valueThen(doc, path, hashes.slice(-1))
    return isSame(mineWithin, valueAt(doc, path)) ? {} : { mineWithin }
  }
  const chosenAt = (path: UndoClash['path']): Pick<UndoClash, 'chosen'> => {
    const [at, field] = [mapAt(doc, path.slice(0, -1)), String(path.at(-1))]
    const [counts, ...others] = at ? valuesAt(doc, at, field) : []
    if (!at || !counts || others.length > 0) return {}
    const { message } = A.getBackend(doc).getChangeMetaByHash(changeOf(doc, counts.operation) ?? '') ?? {}
    if (isYielded(message)) return {}
    return keptFrom(doc, at, field, counts.operation).length > 0 ? { chosen: true } : {}
  }
  const doneFirst = new Map(
    wasTakenBack && !isRedo ? writtenBy(doc, first).fields.map(({ path, after }) => [nameOf(path), after]) : [],
  )
  /** Done again, it put there what somebody had written over it before it was taken back. */
  const writtenOver = (path: UndoClash['path'], now: unknown): Pick<UndoClash, 'mine' | 'actor'> | null => {
    const [mine, actor] = [doneFirst.get(nameOf(path)), work.writerOf(path)]
    return doneFirst.has(nameOf(path)) && !isSame(mine, now) && isOther(actor) ? { mine, actor } : null
  }
  for (const field of fields) {
    // What the action wrote into an entry that it had made goes with the entry: an import archives some of its cards.
    if (field.path.some((_, at) => at > 0 && entries.has(nameOf(field.path.slice(0, at))))) continue
    // Which text was known is no value of its own.
    if (field.path.length === 3 && notesIn(putAway?.[String(field.path[0])]).includes(String(field.path[2]))) {
      const name = nameOf(field.path.slice(0, 2))
      const note = { path: field.path, value: field.before, after: field.after, note: true as const }
      notes.set(name, [...(notes.get(name) ?? []), note])
      continue
    }
    // What only holds others up stays, an entry or a plain value: in a shard that an import opened there are others' cards.
    const flag = created?.[collectionOf(field.path)]
    if (flag === null && field.before === undefined) continue
    const now = valueAt(doc, field.path)
    if (field.whole && field.before === undefined) {
      // An entry came into being: what others wrote into it must not be lost with it.
      if (flag === null || now === undefined) continue
      if (flag === undefined) writes.push({ path: field.path, value: undefined })
      else if (valueAt(doc, [...field.path, flag]) !== true) {
        writes.push({ path: [...field.path, flag], value: true })
        putsAside(field.path)
        lookAtMade(field)
      } else {
        const then = () => valueThen(doc, [...field.path.map(String), flag], hashes.slice(-1))
        // What an import archived itself goes with the import.
        if (!isAside(field.path) && then() === true) lookAtMade(field)
      }
      continue
    }
    // An entry that the action brought back goes again.
    const entry = field.path.slice(0, -1)
    const wasBack = field.path.at(-1) === created?.[collectionOf(entry)] && field.before === true
    const isThere = !isSame(now, field.after) && isSamePlace(doc, field.path, [now, field.before], { created, placed })
    if (isThere || isSame(now, field.before) || (isNothing(now) && isNothing(field.before))) {
      if (wasBack) isAside(entry)
      else if (!isSame(field.before, field.after)) already.push({ path: field.path, actor: since.writerOf(field.path) })
      continue
    }
    if (wasBack && isSame(now, field.after)) putsAside(entry)
    if (wasBack && !isRedo) awayAgain.add(nameOf(entry))
    const write = { path: field.path, value: field.before }
    const { path, before: restored, after: mine } = field
    if (!isSame(now, mine))
      clashes.push({
        path,
        mine,
        theirs: now,
        restored,
        ...withinOf(path),
        actor: since.writerOf(path),
        ...chosenAt(path),
      })
    else {
      const over = writtenOver(path, now)
      const values = valuesOf(path)
      // Where nothing met it, it may have come in an entry as a whole; what others have left as it was is whose it was.
      const held =
        values.length > 1 || (!isRedo && values.some(({ again }) => again))
          ? values
          : [{ value: now, actor: since.writerOf(path) }]
      const theirs = held.filter(({ actor }) => isOther(actor))
      const same = theirs.find(({ value }) => isSame(value, now))
      // Who has written the same meant it: taking it back takes theirs back, too. What met it and does not count does from now on.
      if (over) clashes.push({ path, ...over, theirs: now, restored, ...withinOf(path) })
      else if (same)
        clashes.push({ path, mine, theirs: now, restored, ...withinOf(path), actor: same.actor, ...chosenAt(path) })
      else if (theirs[0]) {
        write.value = theirs[0].value
        met.push({ path, actor: theirs[0].actor })
      }
    }
    writes.push(write)
  }
  // Of a choice for what counted already nothing is to be seen; what there was to choose between comes back with it.
  const writtenAt = fieldsIn(doc)
  for (const { operation, ...field } of settled) {
    const [written, ...others] = writtenAt(field.path)
    if (written?.operation !== operation || others.length > 0) continue
    fields.push(field)
    writes.push({ path: field.path, value: field.before, again: true })
    awayAgain.add(nameOf(field.path.slice(0, 2)))
  }
  const isAgain = ({ path }: UndoWrite) => awayAgain.has(nameOf(path.slice(0, 2)))
  const [again = [], others = []] = [true, false].map((one) =>
    notesOf(
      doc,
      writes.filter((write) => isAgain(write) === one),
      putAway,
      knownText,
    ),
  )
  /** Of one that goes again: nobody has written in its text since it last went. */
  const isTextThen = ([collection, id]: UndoWrite['path']) => {
    const field = putAway?.[String(collection)]?.knewText
    const known = field === undefined ? null : knownText(String(id))
    const note = notes.get(nameOf([collection ?? '', id ?? '']))?.find(({ path }) => path[2] === field)
    const then = note ? note.value : valueAt(doc, [collection ?? '', id ?? '', field ?? ''])
    return known === null || known.split(' ')[0] === String(then).split(' ')[0]
  }
  const notesBack = [...awayAgain]
    .flatMap((entry) => notes.get(entry) ?? [])
    .filter(({ path }) => path[2] !== putAway?.[String(path[0])]?.undone?.field || isTextThen(path))
    .map(({ path, value }) => ({ path, value }))
  const marks = marksOf(doc, writes, putAway, { asMade, awayAgain, notes })
  const inHidden = fields.flatMap((field) => hiddenBack(doc, field, hashes))
  return {
    fields,
    writes: [...writes, ...others, ...notesBack, ...marks, ...inHidden],
    notes: again,
    clashes,
    made,
    worked,
    aside,
    met,
    already,
  }
}

/** Both keys put an entry among the same neighbours. Where those stand in several documents, that is not known here. */
function isSamePlace(
  doc: AnyDoc,
  [collection = '', id = '', ...inner]: UndoWrite['path'],
  keys: readonly unknown[],
  { created, placed }: { [Key in 'created' | 'placed']: DocumentType<never>[Key] | undefined },
): boolean {
  const { order, orderOf, within } = placed?.[collection] ?? {}
  if (!orderOf || within !== undefined || inner.join() !== order || !keys.every((key) => typeof key === 'string'))
    return false
  const flag = created?.[collection]
  const others = Object.entries(fieldsOf(valueAt(doc, [collection]))).flatMap(([other, value]) => {
    const entry = fieldsOf(value)
    return other === id || (flag && entry[flag] === true) ? [] : [{ id: other, order: orderOf(entry) }]
  })
  const places = keys.map((key) => {
    const one = { id: String(id), order: orderOf({ [order]: key }) }
    return others.filter((other) => compareOrder(other, one) < 0).length
  })
  return places[0] === places[1]
}

/** An action wrote each of the entries that were begun under one id: each gets back what it held itself. */
function hiddenBack(doc: AnyDoc, { path, before: was, after }: WrittenField, hashes: readonly string[]): UndoWrite[] {
  const [collection, entry, ...inner] = path.map(String)
  if (collection === undefined || entry === undefined || inner.length === 0) return []
  const before = A.getBackend(doc).getChangeMetaByHash(hashes[0] ?? '')?.deps ?? []
  const knewOf = knownTo(doc, hashes[0] ?? '')
  return objectsBegun(doc, collection, entry)
    .slice(0, -1)
    .flatMap((hidden) => {
      const now = valueWithin(doc, hidden, inner)
      // Of one that the action did not know it was written into that since.
      const isKnown = knewOf(changeOf(doc, hidden) ?? '')
      const then = isKnown ? valueWithin(doc, hidden, inner, before) : was
      return isSame(now, after) && !isSame(now, then) ? [{ path, value: then, hidden }] : []
    })
}

type KnownTextOf = (entry: string) => string | null
type PutAways = Readonly<Record<string, PutAway>>

/** The fields of an entry that are no values of their own. */
export const notesIn = (away: PutAway | undefined): string[] =>
  [away?.knewText, away?.undone?.field].flatMap((field) => field ?? [])

/** That the adding of an entry was undone is noted in it, and no more where it comes again, or goes for another reason. */
function marksOf(
  doc: AnyDoc,
  writes: readonly UndoWrite[],
  putAway: PutAways = {},
  {
    asMade,
    awayAgain,
    notes,
  }: Record<'asMade' | 'awayAgain', ReadonlySet<string>> & {
    notes: ReadonlyMap<string, readonly (UndoWrite & { after: unknown })[]>
  },
): UndoWrite[] {
  const none = new Map(marksGone(doc, writes, putAway).map((write) => [nameOf(write.path.slice(0, 2)), write]))
  const flagged = new Set(writes.filter((write) => isFlag(write, putAway)).map(({ path }) => nameOf(path.slice(0, 2))))
  const made = [...asMade].flatMap((name): UndoWrite[] => {
    const path = partsOf(name)
    const rule = putAway[path[0] ?? '']?.undone
    const value = rule && sumOfEntry(rule, fieldsOf(valueAt(doc, path)))
    return rule ? [{ path: [...path, rule.field], value, note: true }] : []
  })
  // An import that had archived it itself comes again, or goes again.
  const alone = [...notes].flatMap(([name, list]) =>
    flagged.has(name) || awayAgain.has(name) || asMade.has(name)
      ? []
      : list.flatMap(({ path, value, after }): UndoWrite[] => {
          const isMark = path[2] === putAway[String(path[0])]?.undone?.field
          return isMark && isSame(valueAt(doc, path), after) ? [{ path, value, note: true }] : []
        }),
  )
  for (const name of [...asMade, ...awayAgain]) none.delete(name)
  return [...none.values(), ...made, ...alone]
}

const isFlag = ({ path }: Pick<UndoWrite, 'path'>, putAway: PutAways): boolean =>
  path.length === 3 && path[2] === putAway[String(path[0])]?.flag

/** Whatever else puts these entries away, or brings them back, ends that their adding was undone. */
export function marksGone(
  doc: AnyDoc,
  writes: readonly Pick<UndoWrite, 'path'>[],
  putAway: PutAways = {},
): UndoWrite[] {
  return writes.flatMap((write): UndoWrite[] => {
    const [collection = '', entry = ''] = write.path
    const field = isFlag(write, putAway) ? putAway[String(collection)]?.undone?.field : undefined
    if (field === undefined) return []
    const path = [collection, entry, field]
    return valueAt(doc, path) === undefined ? [] : [{ path, value: undefined, note: true }]
  })
}

/**
 * Whoever puts an entry away by these writes knows the text that it has now, and has been asked about that: it is noted in place of
 * what another knew who put it away before.
 */
export function notesOf(
  doc: AnyDoc,
  writes: readonly UndoWrite[],
  putAway: DocumentType<never>['putAway'] = {},
  knownText: KnownTextOf,
): UndoWrite[] {
  return writes.flatMap(({ path: [collection, entry, field, ...inner], value }) => {
    const away = inner.length === 0 && entry !== undefined ? putAway[String(collection)] : undefined
    const note = away && away.flag === field && value === true ? away.knewText : undefined
    if (note === undefined) return []
    const path = [collection ?? '', entry ?? '', note]
    const known = knownText(String(entry)) ?? undefined
    return isSame(valueAt(doc, path), known) ? [] : [{ path, value: known, note: true }]
  })
}

/** The values of a field: the one that counts, and those that met it at once. */
function fieldsIn(doc: AnyDoc, reopened?: Reopened): (path: readonly (string | number)[]) => readonly WrittenBy[] {
  return (path) => {
    const at = mapAt(doc, path.slice(0, -1))
    const field = path.at(-1)
    return at && field !== undefined ? valuesAt(doc, at, String(field), reopened) : []
  }
}
export function mapAt(doc: AnyDoc, path: readonly (string | number)[]): Record<string, unknown> | null {
  let at: unknown = doc
  for (const key of path)
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[key] : null
  return typeof at === 'object' && at !== null ? (at as Record<string, unknown>) : null
}

/** `cards` of cards/k1, `cards.checklist` of cards/k1/checklist/i1. */
const collectionOf = (path: readonly (string | number)[]): string => path.filter((_, at) => at % 2 === 0).join('.')

/** Applies the writes to a draft inside a change. */
export function applyUndo(draft: Record<string, unknown>, writes: readonly UndoWrite[]): void {
  // To go through a map of hundreds of entries anew for each of them would be felt.
  const maps = new Map<string, Record<string | number, unknown> | undefined>([['', draft]])
  const mapAt = (path: readonly (string | number)[]): Record<string | number, unknown> | undefined => {
    const name = nameOf(path)
    if (maps.has(name)) return maps.get(name)
    const next: unknown = mapAt(path.slice(0, -1))?.[path.at(-1) ?? '']
    const map = typeof next === 'object' && next !== null ? (next as Record<string | number, unknown>) : undefined
    maps.set(name, map)
    return map
  }
  for (const { path, value, again, hidden } of writes) {
    const at = hidden === undefined ? mapAt(path.slice(0, -1)) : hiddenAt(draft, path.slice(0, -1), hidden)
    const last = path.at(-1)
    if (!at || last === undefined) continue
    if (again) writeAgain(at, last, toStored(value))
    else if (value === undefined) delete at[last]
    else at[last] = toStored(value)
    // What lay in it is another now.
    maps.delete(nameOf(path))
  }
}

function hiddenAt(
  draft: Record<string, unknown>,
  [collection = '', entry = '', ...inner]: readonly (string | number)[],
  hidden: A.ObjID,
): Record<string | number, unknown> | null {
  const entries = draft[collection] as Record<string, AnyDoc>
  const begun = begunApart(entries, String(entry)).find((one) => A.getObjectId(one) === hidden)
  return begun ? mapAt(begun, inner) : null
}

/** Also into what is hidden behind an entry that was begun twice. */
export const inEach = (doc: AnyDoc, writes: readonly UndoWrite[]): UndoWrite[] =>
  writes.flatMap((write) => {
    const [collection, entry, ...inner] = write.path.map(String)
    if (collection === undefined || entry === undefined || inner.length === 0) return [write]
    const hidden = objectsBegun(doc, collection, entry).slice(0, -1)
    return [write, ...hidden.map((object) => ({ ...write, hidden: object }))]
  })

/** Strings are stored whole; maps are rebuilt (only where an entry that had been taken out comes back). */
function toStored(value: unknown): unknown {
  if (typeof value === 'string') return str(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toStored(inner)]))
}

const nameOf = (path: readonly (string | number)[]): string => path.join('\u0000')
/** A person who is not assigned any more is as one who never was, and so is a date that was taken away. */
const isNothing = (value: unknown): boolean => value === undefined || value === null || value === false
export const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

type MadeBy = Pick<A.ChangeMetadata, 'actor' | 'message'>

/**
 * Who else has written what since, in one pass over the changes: asked field by field, it took 20 s where two people had set
 * 500 cards at once.
 */
export function writtenSince(
  doc: AnyDoc,
  hashes: readonly string[],
  touched: Touched,
  isMine: (actor: string) => boolean,
  {
    heads = hashes.slice(-1),
    isOfTaking = () => false,
  }: { heads?: readonly string[]; isOfTaking?: (change: MadeBy) => boolean } = {},
) {
  const writers = new Map<string, string>()
  const inEntry = new Map<string, string[]>()
  /** By anybody. */
  const entries = new Set<string>()
  for (const { hash, actor, message } of A.getChangesMetaSince(doc, [...heads])) {
    if (hashes.includes(hash) || isYieldedChange(doc, { hash, message })) continue
    if (isOfTaking({ actor, message })) continue
    for (const name of touched.fields(doc, hash)) {
      const [collection = '', entry = '', ...inside] = partsOf(name)
      // Who began the same entry apart has written nothing in it by that.
      if (inside.length > 0 || objectsBegun(doc, collection, entry).length === 0) writers.set(name, actor)
      entries.add(nameOf([collection, entry]))
      if (isMine(actor)) continue
      // An item within a card is an entry too.
      for (const place of [
        [collection, entry],
        ...(inside.length > 2 ? [[collection, entry, ...inside.slice(0, 2)]] : []),
      ]) {
        const known = (inEntry.get(nameOf(place)) ?? []).filter((one) => one !== actor)
        inEntry.set(nameOf(place), [...known, actor])
      }
    }
  }
  return {
    /** The last who wrote a field, or what it lies in; '' if it cannot be told. */
    writerOf: (path: readonly (string | number)[]): string => {
      const name = nameOf(path.length === 1 ? ['', ...path] : path)
      for (let length = path.length; length > 1; length--) {
        const known = writers.get(nameOf(path.slice(0, length)))
        if (known !== undefined) return known
      }
      return writers.get(name) ?? ''
    },
    isTouched: (entry: readonly (string | number)[]): boolean => entries.has(nameOf(entry)),
    within: (path: readonly (string | number)[]): string[] => inEntry.get(nameOf(path)) ?? [],
  }
}
