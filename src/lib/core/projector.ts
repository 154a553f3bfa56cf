/**
 * Keeps the projections of one workspace true: a work whose documents changed is projected once the changes pause, one
 * work after the other and in short slices, so that nobody waits for it. Home reads the rows; search follows `watch`.
 */
import type { KnownArrival } from '#lib/kernel/arrivals.ts'
import type { SearchText } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId } from '#lib/kernel/ids.ts'
import type { ProjectionRow } from '#lib/store/db.ts'
import type { Documents } from '#lib/store/documents.ts'
import { projectWork } from '#lib/store/project-work.ts'
import type { ProjectionEvent, Projections } from '#lib/store/projections.ts'
import type { DocumentStore } from '#lib/store/document-store.ts'
import type { Touched } from '#lib/store/touched.ts'
import type { OpenWork, Works } from '#lib/store/works.ts'

export interface ProjectorOptions {
  projections: Projections
  documents: Documents
  works: Works
  storage: DocumentStore
  touched: Touched
  /** Whose tasks are listed. */
  me: PersonId
  personOf: (actor: string) => PersonId | null
  now: () => number
  /** The works that home and search show: listed and readable. */
  shown: () => ReadonlySet<DocId>
  openWork: (root: DocId) => Promise<OpenWork>
  /** While a device catches up, documents change many times over: projecting waits for the end of it. */
  isCatchingUp: () => boolean
  /** A work was projected, and is open; `before`: what was known of it until then. */
  onProjected: (work: OpenWork, before: ProjectionRow | null) => Promise<void>
  /** A row changed: screens are told. */
  onChange: () => void
}

const DEBOUNCE = 100
const DEBOUNCE_CATCHING_UP = 500
/** A stream of changes does not put it off for longer. */
const LONGEST = 3_000
/** Entries, and characters of them, in one event: who takes it is busy for some 50 ms. */
const SLICE = 500
const SLICE_TEXT = 100_000

/** Gives everybody else a turn. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

export class Projector {
  readonly #options: ProjectorOptions
  /** Works that have changed, each with the end of its next projection. */
  readonly #dirty = new Map<DocId, PromiseWithResolvers<void>>()
  #projecting: DocId | null = null
  /** Which work a document belongs to, and what a work consists of, from the rows and from what was read since. */
  readonly #workOf = new Map<DocId, DocId>()
  readonly #docsOf = new Map<DocId, Set<DocId>>()
  readonly #watchers = new Set<(event: ProjectionEvent) => void>()
  #queue: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | undefined
  #dirtySince = 0
  #loaded = false
  #stopped = false

  constructor(options: ProjectorOptions) {
    this.#options = options
  }

  /** Reads what is stored; what was written since it was projected is projected again. */
  async load(): Promise<void> {
    const { projections, documents, storage } = this.#options
    await projections.load()
    this.#loaded = true
    for (const row of projections.rows.values()) this.#know(row.work, docsIn(row))
    const unprojected = await storage.rows.unprojected()
    for (const row of documents.rows.values()) if (unprojected.has(row.local)) this.changed(row.doc)
    this.#enqueue(async () => {
      await projections.lookForOrigins()
      this.#options.onChange()
    })
    this.worksChanged()
  }

  row(work: DocId): ProjectionRow | null {
    return this.#options.projections.rows.get(work) ?? null
  }
  isShown(work: DocId, entity: string): Promise<boolean> {
    return this.#options.projections.isShown(work, entity)
  }
  /** Entries that were moved to a work from others. */
  arrivalsOf(work: DocId): KnownArrival[] {
    const { rows } = this.#options.projections
    return (rows.get(work)?.arrivals ?? []).map((arrival) => {
      const origin = arrival.archived && this.#options.projections.originOf(arrival.from)
      return origin ? { ...arrival, origin } : arrival
    })
  }

  /** What a work consists of, also where its row could not be stored. */
  docsOf(work: DocId): DocId[] {
    return [...(this.#docsOf.get(work) ?? [work])]
  }

  /** Whether the row says what the documents say. */
  isCurrent(work: DocId): boolean {
    return !this.isUnderWay(work) && this.#options.projections.rows.has(work)
  }
  /** It has changed, and its row does not say that yet. */
  isUnderWay(work: DocId): boolean {
    return this.#dirty.has(work) || this.#projecting === work
  }

  /** The rows say what all the documents say. */
  get isSettled(): boolean {
    return this.#dirty.size === 0 && this.#projecting === null
  }

  /** A document changed, or arrived. Whether it is shown at all is asked when it is projected: an edit is on its way meanwhile. */
  changed(doc: DocId): void {
    if (this.#loaded) this.#mark(this.#workOf.get(doc) ?? doc)
  }

  /** The set of works may have changed: new ones are projected, those that are gone dropped. */
  worksChanged(): void {
    if (!this.#loaded || this.#stopped) return
    const { projections, documents } = this.#options
    const shown = this.#options.shown()
    for (const work of shown) if (!projections.rows.has(work) && documents.rows.has(work)) this.#mark(work)
    for (const work of projections.rows.keys()) {
      if (shown.has(work)) continue
      this.#take(work)?.resolve()
      projections.rows.delete(work)
      this.#enqueue(async () => {
        await projections.drop(work)
        this.#emit({ type: 'work-gone', work })
      })
    }
  }

  /** Follows what search needs to know: everything first, then every change. */
  watch(emit: (event: ProjectionEvent) => void): () => void {
    let following = true
    const send = (event: ProjectionEvent) => {
      if (following) emit(event)
    }
    // In the queue, so that no change is told between reading a work and telling it.
    this.#enqueue(async () => {
      const rows = [...this.#options.projections.rows.values()]
      for (const row of rows.sort((a, b) => (b.changedAt ?? 0) - (a.changedAt ?? 0))) {
        if (!following) return
        const entries = await this.#options.projections.entriesOf(row.work)
        tellEntries(send, row, [...entries], [])
        await pause()
      }
      this.#watchers.add(send)
      send({ type: 'complete' })
    })
    return () => {
      following = false
      this.#watchers.delete(send)
    }
  }

  /** Resolves when everything that has changed so far is projected and stored, which begins at once. */
  async settle(): Promise<void> {
    this.worksChanged()
    do {
      this.#start()
      await this.#queue
    } while (this.#dirty.size > 0 && !this.#stopped)
  }

  /** The same without hurrying it: whoever asks after every change does not have every change projected for itself. */
  async settled(): Promise<void> {
    const marked = [...this.#dirty.values()]
    await this.#queue
    await Promise.all(marked.map(({ promise }) => promise))
  }

  async stop(isRemoved: boolean): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#queue
    for (const work of this.#dirty.keys()) this.#take(work)?.resolve()
    if (isRemoved) this.#emit({ type: 'gone' })
    this.#watchers.clear()
  }

  #mark(work: DocId): void {
    if (this.#stopped) return
    if (this.#dirty.size === 0) this.#dirtySince = Date.now()
    if (!this.#dirty.has(work)) this.#dirty.set(work, Promise.withResolvers())
    clearTimeout(this.#timer)
    const wait = this.#options.isCatchingUp() ? DEBOUNCE_CATCHING_UP : DEBOUNCE
    const left = this.#dirtySince + LONGEST - Date.now()
    this.#timer = setTimeout(() => this.#start(), Math.max(0, Math.min(wait, left)))
  }

  #start(): void {
    clearTimeout(this.#timer)
    for (const work of this.#dirty.keys()) this.#enqueue(() => this.#project(work))
  }

  #take(work: DocId): PromiseWithResolvers<void> | undefined {
    const end = this.#dirty.get(work)
    this.#dirty.delete(work)
    return end
  }

  async #project(work: DocId): Promise<void> {
    const end = this.#stopped ? null : this.#take(work)
    try {
      if (end && this.#options.shown().has(work)) await this.#projectNow(work)
    } finally {
      end?.resolve()
    }
  }

  async #projectNow(work: DocId): Promise<void> {
    const { projections, documents, works, storage, touched, me, personOf, now } = this.#options
    this.#projecting = work
    const open = await this.#options.openWork(work)
    await works.openShards(open)
    // Known before they are read, so that a change after the reading is noticed.
    this.#know(work, works.membersOf(open))
    const before = projections.rows.get(work) ?? null
    const projection = await projectWork({ documents, works, touched, me, personOf, now, pause }, open, before)
    if (this.#stopped) return
    const diff = await projections.put(projection, pause)
    this.#projecting = null
    const members = docsIn(projection).filter((doc) => documents.rows.has(doc))
    for (const doc of members) await documents.flush(doc)
    // Unless one of its documents changed meanwhile, nothing has to be checked after a restart.
    await storage.rows.clearUnprojected(
      members.flatMap((doc) => documents.rows.get(doc)?.local ?? []),
      () => !this.#dirty.has(work),
    )
    for (const emit of this.#watchers) tellEntries(emit, projection, diff.put, diff.gone)
    this.#options.onChange()
    await pause()
    await this.#options.onProjected(open, before)
  }

  #know(work: DocId, docs: readonly DocId[]): void {
    for (const doc of docs) this.#workOf.set(doc, work)
    this.#docsOf.set(work, new Set([...this.docsOf(work), ...docs]))
  }

  #emit(event: ProjectionEvent): void {
    for (const emit of this.#watchers) emit(event)
  }

  #enqueue(step: () => Promise<void>): void {
    this.#queue = this.#queue.then(step).catch((error: unknown) => {
      this.#projecting = null
      // A work that cannot be read shows what was known of it; the others go on.
      console.error('projection', error)
    })
  }
}

const docsIn = ({ heads }: Pick<ProjectionRow, 'heads'>): DocId[] => Object.keys(heads) as DocId[]

function tellEntries(
  emit: (event: ProjectionEvent) => void,
  { work, kind }: { work: DocId; kind: string },
  put: readonly (readonly [string, SearchText])[],
  gone: string[],
): void {
  const tell = (entries: readonly (readonly [string, SearchText])[], removed: string[]) =>
    emit({
      type: 'entries',
      work,
      kind,
      put: entries.map(([entity, entry]) => ({ entity, ...entry })),
      gone: removed,
    })
  if (gone.length > 0) tell([], gone)
  let from = 0
  let characters = 0
  for (const [i, [, { title, text }]] of put.entries()) {
    characters += title.length + text.length
    if (i + 1 < put.length && i + 1 - from < SLICE && characters < SLICE_TEXT) continue
    tell(put.slice(from, i + 1), [])
    from = i + 1
    characters = 0
  }
}
