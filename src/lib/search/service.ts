/**
 * The search worker's inside: an index per workspace, fed by the core's projections, and the question of each tab. A tab
 * asks as the person types and is answered at once; its last question is answered anew when what it would find changes,
 * so that a card written a second ago appears while the palette is open.
 */
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import type { ProjectionEvent } from '#lib/store/projections.ts'
import { NamedPeople, type Assigned } from './named-people.ts'
import { TextIndex, type Found, type Group } from './text-index.ts'

export type ToSearch =
  /** The worker has no way to the core yet, or a tab brings a new one. */
  | { type: 'core'; port: MessagePort }
  | { type: 'ask'; id: number; workspace: WorkspaceId; text: string; limit: number }
  | { type: 'forget' }

export type FromSearch =
  | { type: 'need-core' }
  /** `complete: false`: not everything is in the index yet; more answers to the same question follow. */
  | ({ type: 'answer'; id: number; complete: boolean } & Found)

/** How the service follows a workspace; returns how to stop. */
export type Feed = (workspace: WorkspaceId, emit: (event: ProjectionEvent) => void) => () => void

interface Question {
  id: number
  workspace: WorkspaceId
  text: string
  limit: number
  answered: string | null
}

interface Indexed {
  index: TextIndex
  people: NamedPeople
  complete: boolean
  stop: () => void
}

/** Changes of so many milliseconds are answered together. */
const GATHER = 50

export class SearchService {
  readonly #feed: Feed
  readonly #now: () => number
  readonly #workspaces = new Map<WorkspaceId, Indexed>()
  readonly #questions = new Map<(answer: FromSearch) => void, Question>()
  readonly #changed = new Set<WorkspaceId>()

  constructor(feed: Feed, now: () => number = Date.now) {
    this.#feed = feed
    this.#now = now
  }

  /** Serves one tab: what it says goes in, answers come out by `tell`. */
  receive(message: Exclude<ToSearch, { type: 'core' }>, tell: (answer: FromSearch) => void): void {
    if (message.type === 'forget') {
      this.#questions.delete(tell)
      return
    }
    const { id, workspace, text, limit } = message
    const question: Question = { id, workspace, text, limit, answered: null }
    this.#questions.set(tell, question)
    const { index, complete } = this.#follow(workspace)
    if (complete || index.size > 0) this.#answer(question, tell)
  }

  /** For tests and measurements. */
  sizeOf(workspace: WorkspaceId): number {
    return this.#workspaces.get(workspace)?.index.size ?? 0
  }

  #follow(workspace: WorkspaceId): Indexed {
    const known = this.#workspaces.get(workspace)
    if (known) return known
    const indexed: Indexed = {
      index: new TextIndex(),
      people: new NamedPeople(),
      complete: false,
      stop: () => undefined,
    }
    this.#workspaces.set(workspace, indexed)
    indexed.stop = this.#feed(workspace, (event) => {
      // Events of a workspace that is gone may still be on their way.
      if (this.#workspaces.get(workspace) !== indexed) return
      this.#take(workspace, indexed, event)
      this.#gather(workspace)
    })
    return indexed
  }

  #take(workspace: WorkspaceId, indexed: Indexed, event: ProjectionEvent): void {
    switch (event.type) {
      case 'entries':
        for (const entity of event.gone) {
          indexed.index.remove(event.work, entity)
          indexed.people.forget(event.work, entity)
        }
        for (const { at, people = [], ...entry } of event.put) {
          // What changes while somebody looks is the newest there is, whenever it was made.
          const seen = indexed.complete ? this.#now() : (at ?? 0)
          const group = groupOf(event.kind, entry.entity)
          this.#put(indexed, { ...entry, group, work: event.work, at: seen, people })
        }
        if (event.kind === 'workspace') {
          const names = new Map(event.put.map(({ entity, title }) => [entity, title]))
          for (const entry of indexed.people.rename(names)) this.#put(indexed, entry)
        }
        break
      case 'work-gone':
        indexed.index.removeWork(event.work)
        indexed.people.forgetWork(event.work)
        break
      case 'complete':
        indexed.complete = true
        break
      case 'gone':
        // Nothing of a removed workspace stays in memory; a later question finds nothing, or a workspace that came back.
        indexed.stop()
        indexed.complete = true
        indexed.index = new TextIndex()
        indexed.people = new NamedPeople()
        this.#workspaces.delete(workspace)
        break
      default:
        event satisfies never
    }
  }

  #put({ index, people }: Indexed, entry: Assigned): void {
    people.keep(entry)
    index.put(people.withNames(entry))
  }

  #gather(workspace: WorkspaceId): void {
    if (this.#changed.size === 0) setTimeout(() => this.#answerChanged(), GATHER)
    this.#changed.add(workspace)
  }

  #answerChanged(): void {
    for (const [tell, question] of this.#questions)
      if (this.#changed.has(question.workspace)) this.#answer(question, tell)
    this.#changed.clear()
  }

  #answer(question: Question, tell: (answer: FromSearch) => void): void {
    const indexed = this.#workspaces.get(question.workspace)
    const found = indexed?.index.search(question.text, question.limit, this.#now()) ?? { hits: [], entries: 0 }
    const complete = indexed?.complete ?? true
    const said = JSON.stringify([found, complete])
    if (said === question.answered) return
    question.answered = said
    tell({ type: 'answer', id: question.id, ...found, complete })
  }
}

function groupOf(kind: string, entity: string): Group {
  if (kind === 'workspace') return 'person'
  return entity === '' ? 'work' : 'entry'
}
