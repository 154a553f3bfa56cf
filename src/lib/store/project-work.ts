/**
 * What home, lists and search show of a record of work, computed from its documents. Pure in its result: two devices of one
 * person with the same documents get the same projection, and a stored one can be dropped and made anew.
 */
import * as A from '@automerge/automerge/slim'
import type { AnyKind, SearchText, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { documentTypeNamed, kindNamed } from '#lib/kinds/index.ts'
import { contestedAt, contestedSince, isPutAway, putAwayBy, textsContested, type ContestedField } from './contested.ts'
import type { ProjectionRow } from './db.ts'
import type { AnyDoc, Documents } from './documents.ts'
import { toPlain } from './plain.ts'
import { readApart } from './texts-apart.ts'
import { contestedInTexts } from './texts-contested.ts'
import type { Touched } from './touched.ts'
import { splitKind, type OpenWork, type Works } from './works.ts'

export interface Projection extends Omit<ProjectionRow, 'ws'> {
  entries: Map<string, SearchText>
}

/** What is not empty of a companion, by entry. */
type Texts = readonly (readonly [entity: string, entry: SearchText])[]

type Before = Pick<ProjectionRow, 'heads' | 'contested' | 'changedAt' | 'changedBy'>

/** Actors of devices: hash of the key and the session. Genesis and migrations have shorter ones and no time. */
const DEVICE_ACTOR = 48

export interface ProjectingWith {
  documents: Documents
  works: Works
  touched: Touched
  /** Whose tasks are listed. */
  me: PersonId
  personOf: (actor: string) => PersonId | null
  now: () => number
  /** Awaited between documents, so that nobody waits long for the core. */
  pause: () => Promise<void>
}

/**
 * Opens what of the work is not open yet and projects it. `before` is the last projection of this work, from which only what is
 * new has to be looked at.
 */
export async function projectWork(tools: ProjectingWith, work: OpenWork, before: Before | null): Promise<Projection> {
  const { documents, works, touched, me, personOf, now, pause } = tools
  await works.openShards(work)
  const docs: Record<DocId, { type: string; doc: unknown }> = {}
  const heads: Record<DocId, string[]> = {}
  const contested: Record<DocId, ContestedField[]> = {}
  const putAway: ContestedField[] = []
  const latest = new Latest(before, now())
  const companionTexts: Texts[] = []
  for (const missing of listedShards(work)) if (!work.docs.has(missing)) heads[missing] = []
  for (const [id, { type, open }] of work.docs) {
    const doc = open.handle.doc()
    const plain = toPlain(doc)
    docs[id] = { type, doc: plain }
    // Kinds remember what they read of an entry, so that reading all of it at the end is short.
    if (!readAlone.has(plain)) work.kind.read({ root: work.root, docs: { [id]: { type, doc: plain } } })
    readAlone.add(plain)
    heads[id] = A.getHeads(doc).sort()
    latest.look(id, doc)
    const documentType = documentTypeNamed(open.row.kind)
    // Of one that is still being checked they are looked for when somebody looks at it: others wait for their boards meanwhile.
    if (documentType?.contested && !open.row.checking) {
      contested[id] = contestedSince(doc, documentType, touched, contestedAt(before, id))
      putAway.push(...contested[id].filter((field) => isPutAway(field, documentType.putAway)))
    }
    await pause()
    const companion = works.companionId(work, id)
    if (!companion) continue
    heads[companion] = []
    const row = documents.rows.get(companion)
    const kind = row && kindNamed(splitKind(row.kind)[0])
    if (!kind) continue
    const content = (await documents.open(companion)).handle.doc()
    heads[companion] = A.getHeads(content).sort()
    latest.look(companion, content)
    if (contested[id]) {
      putAway.push(...textsContested(doc, contested[id], documentType?.putAway, { doc: content, touched }))
      const known = contestedAt(before, companion)
      await readApart({ doc: content, touched }, known, pause)
      contested[companion] = contestedInTexts({ doc: content, touched }, documentType?.entries ?? '', known)
    }
    companionTexts.push(companionText(kind, companion, content))
    await pause()
  }
  const { kind } = work
  const view: unknown = kind.read({ root: work.root, docs })
  await pause()
  const brief: unknown = kind.projections.brief(view)
  await pause()
  const { tasks, count: taskCount } = kind.projections.tasksOf?.(view, me) ?? { tasks: [], count: 0 }
  await pause()
  const arrivals = (kind.projections.arrivals?.(view) ?? []).map((arrival) => {
    const by = works.begunBy(work, arrival.entity)
    return { ...arrival, by: (by && personOf(by)) ?? '' }
  })
  const own = kind.projections.searchText(view)
  await pause()
  return {
    work: work.root,
    kind: kind.name,
    version: kind.projections.version,
    title: kind.projections.title(view),
    brief,
    tasks,
    taskCount,
    arrivals,
    heads,
    contested,
    putAway: putAwayBy(putAway),
    changedAt: latest.at === null ? null : toInstant(latest.at),
    changedBy: latest.by,
    entries: withTexts(withoutUndone(own, new Set(putAway.map(({ path: [, entity] }) => entity))), companionTexts),
  }
}

const readAlone = new WeakSet<object>()

/** What was added and taken back is not found, unless somebody has written in it who did not know of that. */
function withoutUndone(
  own: Readonly<Record<string, SearchText>>,
  written: ReadonlySet<string>,
): Readonly<Record<string, SearchText>> {
  return Object.fromEntries(
    Object.entries(own).flatMap(([entity, { undone, ...entry }]) =>
      undone && !written.has(entity) ? [] : [[entity, entry]],
    ),
  )
}

/** The companion's text (a card's description) belongs to the entry of the same id; an entry that nobody shows has none. */
function withTexts(own: Readonly<Record<string, SearchText>>, companions: readonly Texts[]): Map<string, SearchText> {
  const entries = new Map(Object.entries(own))
  for (const texts of companions) {
    for (const [entity, { text }] of texts) {
      const entry = entries.get(entity)
      if (entry) entries.set(entity, { ...entry, text: entry.text === '' ? text : `${entry.text}\n${text}` })
    }
  }
  return entries
}

/** By the companion's plain content, which keeps its identity while it does not change. */
const textsOf = new WeakMap<object, Texts>()

function companionText(kind: AnyKind, id: DocId, content: AnyDoc): Texts {
  const plain = toPlain(content)
  const known = textsOf.get(plain)
  if (known) return known
  const docs: WorkDocs = { root: id, docs: { [id]: { type: 'root', doc: plain } } }
  const made = Object.entries(kind.projections.searchText(kind.read(docs))).filter(([, { text }]) => text !== '')
  textsOf.set(plain, made)
  return made
}

function listedShards(work: OpenWork): DocId[] {
  const root = work.docs.get(work.root)?.open.handle.doc()
  return Object.keys(fieldsOf(root?.['shards'])) as DocId[]
}

/**
 * The latest change by the time that its device claimed, among those that no other followed; of several in one second, the one
 * of the greater actor. One that claims to be yet to come (a clock is ahead) was made by the time that it was first seen here.
 */
class Latest {
  at: number | null = null
  by: string | null = null
  readonly #before: Before | null
  readonly #now: number

  constructor(before: Before | null, now: number) {
    this.#before = before
    this.#now = now
  }

  look(id: DocId, doc: AnyDoc): void {
    const backend = A.getBackend(doc)
    for (const head of A.getHeads(doc)) {
      const { actor, time } = backend.getChangeMetaByHash(head) ?? { actor: '', time: 0 }
      if (actor.length !== DEVICE_ACTOR || time === 0) continue
      const at = this.#timeOf(time * 1000, actor, this.#before?.heads[id]?.includes(head) === true)
      if (this.at !== null && (at < this.at || (at === this.at && actor < (this.by ?? '')))) continue
      this.at = at
      this.by = actor
    }
  }

  #timeOf(claimed: number, actor: string, isKnown: boolean): number {
    if (claimed <= this.#now) return claimed
    const { changedAt = null, changedBy = null } = (isKnown && this.#before) || {}
    if (changedAt === null) return this.#now
    // Whatever came after it was later.
    return changedBy === actor ? changedAt : changedAt - 1
  }
}
