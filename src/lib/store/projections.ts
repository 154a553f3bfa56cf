/**
 * The stored projections of one workspace. Derived from documents, never a second truth: rows of another version are
 * dropped, and a work is projected anew when one of its documents has other heads than its row says.
 */
import { entryKey, type Standing } from '#lib/kernel/arrivals.ts'
import type { Arrival, SearchText } from '#lib/kernel/define-kind.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { ofWorkspace, type Db, type ProjectedEntryRow, type ProjectionRow } from './db.ts'
import type { Projection } from './project-work.ts'

export interface ProjectionDiff {
  put: [entity: string, entry: SearchText][]
  gone: string[]
}

/** What search follows: first everything that is stored, recent works first, then every change. */
export type ProjectionEvent =
  | { type: 'entries'; work: DocId; kind: string; put: (SearchText & { entity: string })[]; gone: string[] }
  | { type: 'work-gone'; work: DocId }
  | { type: 'complete' }
  /** The workspace was removed from this device. */
  | { type: 'gone' }

/** Rows written in one transaction before others get a turn. */
const BATCH = 500
/** Of so many works the entries stay in memory, to compare the next projection with. */
const REMEMBERED = 4

export class Projections {
  readonly rows = new Map<DocId, ProjectionRow>()
  readonly #db: Db
  readonly #ws: WorkspaceId
  readonly #entries = new Map<DocId, Map<string, SearchText>>()
  /** What arrivals that lie in the archive were, and are again where they came from: a move was taken back. */
  readonly #origins = new Map<string, Standing>()

  constructor(db: Db, ws: WorkspaceId) {
    this.#db = db
    this.#ws = ws
  }

  async load(): Promise<void> {
    for (const row of await this.#db.getAll('projections', ofWorkspace(this.#ws))) {
      if (kindNamed(row.kind)?.projections.version === row.version) this.rows.set(row.work, row)
    }
  }

  async entriesOf(work: DocId): Promise<Map<string, SearchText>> {
    const known = this.#entries.get(work)
    if (known) return known
    const rows = await this.#db.getAll('projectedEntries', this.#range(work))
    const entries = new Map(rows.map(({ ws: _, work: __, entity, ...entry }): [string, SearchText] => [entity, entry]))
    this.#remember(work, entries)
    return entries
  }

  async isShown(work: DocId, entity: string): Promise<boolean> {
    return (await this.#shown(work, entity)) !== null
  }
  async #shown(work: DocId, entity: string): Promise<SearchText | null> {
    const known = this.#entries.get(work)
    const entry = known ? known.get(entity) : await this.#db.get('projectedEntries', [this.#ws, work, entity])
    return entry && !entry.archived ? entry : null
  }

  /** What an arrival was that lies in the archive, where that is there. */
  originOf(from: Arrival['from']): Standing | null {
    return this.#origins.get(entryKey(from)) ?? null
  }
  /** Looks for them: for all, or for those to which a work has anything to say. */
  async lookForOrigins(changed?: DocId, rows: Iterable<Pick<ProjectionRow, 'work' | 'arrivals'>> = this.rows.values()) {
    for (const { work, arrivals } of rows) {
      for (const { archived, from } of arrivals) {
        if (!archived || (changed !== undefined && changed !== work && changed !== from.work)) continue
        const entry = await this.#shown(from.work, from.entity)
        const key = entryKey(from)
        if (entry) this.#origins.set(key, await this.#standingOf(from.work, entry))
        else this.#origins.delete(key)
      }
    }
  }
  async #standingOf(work: DocId, { title, stage }: SearchText): Promise<Standing> {
    const stages = (await this.#shown(work, ''))?.stages
    return { title, ...(stage !== undefined && stages?.[stage]?.done && { finished: true }) }
  }

  /** Stores a projection: entries first, so that a row always has its entries behind it. Returns what is new. */
  async put({ entries, ...row }: Projection, pause: () => Promise<void>): Promise<ProjectionDiff> {
    const before = await this.entriesOf(row.work)
    const diff: ProjectionDiff = { put: [], gone: [] }
    for (const [entity, entry] of entries) {
      if (!isSame(before.get(entity), entry)) diff.put.push([entity, entry])
    }
    for (const entity of before.keys()) if (!entries.has(entity)) diff.gone.push(entity)
    // Until all is stored, what is remembered would not be what is stored.
    this.#entries.delete(row.work)
    for (let from = 0; from < diff.put.length; from += BATCH) {
      const tx = this.#db.transaction('projectedEntries', 'readwrite')
      for (const [entity, entry] of diff.put.slice(from, from + BATCH)) {
        const stored: ProjectedEntryRow = { ws: this.#ws, work: row.work, entity, ...entry }
        void tx.store.put(stored)
      }
      await tx.done
      await pause()
    }
    const tx = this.#db.transaction(['projections', 'projectedEntries'], 'readwrite')
    for (const entity of diff.gone) void tx.objectStore('projectedEntries').delete([this.#ws, row.work, entity])
    void tx.objectStore('projections').put({ ws: this.#ws, ...row })
    await tx.done
    this.#remember(row.work, entries)
    const others = [...this.rows.values()].filter(({ work }) => work !== row.work)
    await this.lookForOrigins(row.work, [...others, row])
    this.rows.set(row.work, { ws: this.#ws, ...row })
    return diff
  }

  /** A work that is archived, or that I may no longer read. */
  async drop(work: DocId): Promise<void> {
    this.rows.delete(work)
    this.#entries.delete(work)
    const tx = this.#db.transaction(['projections', 'projectedEntries'], 'readwrite')
    void tx.objectStore('projections').delete([this.#ws, work])
    void tx.objectStore('projectedEntries').delete(this.#range(work))
    await tx.done
    await this.lookForOrigins(work)
  }

  #range(work: DocId): IDBKeyRange {
    return IDBKeyRange.bound([this.#ws, work], [this.#ws, work, []])
  }

  #remember(work: DocId, entries: Map<string, SearchText>): void {
    this.#entries.delete(work)
    this.#entries.set(work, entries)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= REMEMBERED) break
      this.#entries.delete(oldest)
    }
  }
}

const isSame = (a: SearchText | undefined, b: SearchText): boolean =>
  a !== undefined &&
  a.title === b.title &&
  a.text === b.text &&
  a.at === b.at &&
  a.archived === b.archived &&
  a.stage === b.stage &&
  a.due === b.due &&
  a.template === b.template &&
  JSON.stringify([a.also, a.people, a.stages]) === JSON.stringify([b.also, b.people, b.stages])
