/**
 * What home, lists and search show of a record of work, computed from its documents. Pure in its result: two devices
 * with the same documents get the same projection, and a stored one can be dropped and made anew.
 */
import * as A from '@automerge/automerge/slim'
import type { AnyKind, SearchText, WorkDocs } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { fieldsOf } from '#lib/kernel/reading.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import type { ProjectionRow } from './db.ts'
import type { AnyDoc, Documents } from './documents.ts'
import { toPlain } from './plain.ts'
import { splitKind, type OpenWork, type Works } from './works.ts'

export interface Projection extends Omit<ProjectionRow, 'ws'> {
  entries: Map<string, SearchText>
}

type Before = Pick<ProjectionRow, 'heads' | 'changedAt' | 'changedBy'>

/** Actors of devices: hash of the key and the session. Genesis and migrations have shorter ones and no time. */
const DEVICE_ACTOR = 48

/**
 * Opens what of the work is not open yet and projects it. `pause` is awaited between documents, so that nobody waits long
 * for the core; `before` is the last projection of this work, from which only what is new has to be looked at.
 */
export async function projectWork(
  documents: Documents,
  works: Works,
  work: OpenWork,
  before: Before | null,
  pause: () => Promise<void>,
): Promise<Projection> {
  await works.openShards(work)
  const docs: Record<DocId, { type: string; doc: unknown }> = {}
  const heads: Record<DocId, string[]> = {}
  const latest = new Latest(before)
  const companionTexts: Readonly<Record<string, SearchText>>[] = []
  for (const missing of listedShards(work)) if (!work.docs.has(missing)) heads[missing] = []
  for (const [id, { type, open }] of work.docs) {
    const doc = open.handle.doc()
    docs[id] = { type, doc: toPlain(doc) }
    heads[id] = A.getHeads(doc).sort()
    if (!latest.look(id, doc)) return projectWork(documents, works, work, null, pause)
    await pause()
    const companion = works.companionId(work, id)
    if (!companion) continue
    heads[companion] = []
    const row = documents.rows.get(companion)
    const kind = row && kindNamed(splitKind(row.kind)[0])
    if (!kind) continue
    const content = (await documents.open(companion)).handle.doc()
    heads[companion] = A.getHeads(content).sort()
    if (!latest.look(companion, content)) return projectWork(documents, works, work, null, pause)
    companionTexts.push(companionText(kind, companion, content))
    await pause()
  }
  const { kind } = work
  const view: unknown = kind.read({ root: work.root, docs })
  return {
    work: work.root,
    kind: kind.name,
    version: kind.projections.version,
    title: kind.projections.title(view),
    brief: kind.projections.brief(view),
    heads,
    changedAt: latest.at === null ? null : toInstant(latest.at),
    changedBy: latest.by,
    entries: withTexts(kind.projections.searchText(view), companionTexts),
  }
}

/** The companion's text (a card's description) belongs to the entry of the same id; an entry that nobody shows has none. */
function withTexts(
  own: Readonly<Record<string, SearchText>>,
  companions: readonly Readonly<Record<string, SearchText>>[],
): Map<string, SearchText> {
  return new Map(
    Object.entries(own).map(([entity, entry]) => {
      const more = companions.flatMap((texts) => (Object.hasOwn(texts, entity) ? [texts[entity]?.text ?? ''] : []))
      return [entity, { ...entry, text: [entry.text, ...more].filter((text) => text !== '').join('\n') }]
    }),
  )
}

/** By the companion's plain content, which keeps its identity while it does not change. */
const textsOf = new WeakMap<object, Readonly<Record<string, SearchText>>>()

function companionText(kind: AnyKind, id: DocId, content: AnyDoc): Readonly<Record<string, SearchText>> {
  const plain = toPlain(content)
  const known = textsOf.get(plain)
  if (known) return known
  const docs: WorkDocs = { root: id, docs: { [id]: { type: 'root', doc: plain } } }
  const made = kind.projections.searchText(kind.read(docs))
  textsOf.set(plain, made)
  return made
}

function listedShards(work: OpenWork): DocId[] {
  const root = work.docs.get(work.root)?.open.handle.doc()
  return Object.keys(fieldsOf(root?.['shards'])) as DocId[]
}

/** The latest change by the time that its device claimed; of several in one second, the one of the greater actor. */
class Latest {
  at: number | null
  by: string | null
  readonly #before: Before | null

  constructor(before: Before | null) {
    this.#before = before
    this.at = before?.changedAt ?? null
    this.by = before?.changedBy ?? null
  }

  /** False where the document was rolled back since: what was known before is then worth nothing. */
  look(id: DocId, doc: AnyDoc): boolean {
    const seen = this.#before?.heads[id] ?? []
    if (!A.hasHeads(doc, seen)) return false
    for (const { actor, time } of A.getChangesMetaSince(doc, seen)) {
      if (actor.length !== DEVICE_ACTOR || time === 0) continue
      const at = time * 1000
      if (this.at !== null && (at < this.at || (at === this.at && actor < (this.by ?? '')))) continue
      this.at = at
      this.by = actor
    }
    return true
  }
}
