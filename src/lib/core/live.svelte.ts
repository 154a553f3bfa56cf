/**
 * What a tab shows, kept up to date by the core's topics. Plain data in `$state.raw` cells: a remote change and a local
 * one arrive by the same event and replace the same cell.
 */
import type { Conflict, WorkDocs } from '../kernel/define-kind.ts'
import type { DocId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import type { AppState, SyncState, WorkEvent, WorkspaceState } from './api.ts'
import { getCore, type CoreClient } from './client.ts'
import type { Write } from './rpc.ts'
import { applyPatches } from '../kernel/apply-patches.ts'

type BroughtBack = Extract<WorkEvent, { type: 'brought-back' }>

// Made with the module: state made inside the $derived that first asks would not be tracked by it.
let appState = $state.raw<AppState | null>(null)
let watching = false

/** Everything before a workspace is chosen. `state` is null until the core has answered. */
export class LiveApp {
  get state(): AppState | null {
    return appState
  }
}

const app = new LiveApp()

/** The one LiveApp of this tab; the first to ask starts the core. */
export function liveApp(): LiveApp {
  if (!watching) {
    watching = true
    getCore().watch('app', {}, (state) => (appState = state))
  }
  return app
}

/** People, boards, sync state, presence and notices of one workspace. */
export class LiveWorkspace {
  readonly id: WorkspaceId
  state = $state.raw<WorkspaceState | null>(null)
  /** What this tab has handed in, until a state has come that counts it. */
  #writes = $state.raw<readonly Write[]>([])
  readonly stop: () => void

  constructor(id: WorkspaceId, core: CoreClient = getCore()) {
    this.id = id
    let ended: readonly Write[] = []
    const deaf = core.onWrite((write, end) => {
      if (write.workspace !== id) return
      this.#writes = [...this.#writes, write]
      void end.then(() => (ended = [...ended, write]))
    })
    const stop = core.watch('workspace', { workspace: id }, (state) => {
      if (ended.length > 0) this.#writes = this.#writes.filter((write) => !ended.includes(write))
      ended = []
      // Without its boards, fields would be closed before anybody has read what was only typed into them.
      if (!state.beingRemoved || this.state === null) this.state = state
    })
    this.stop = () => {
      deaf()
      stop()
    }
  }

  /** In this record of work, or anywhere, something is under way of which the state does not know yet. */
  isWriting(work: DocId | null): boolean {
    return this.#writes.some((write) => work === null || write.work === work)
  }
}

/**
 * One open record of work: its documents as plain data. A view derives from `docs` with its kind's pure functions:
 * `const board = $derived(readBoard(live.docs))`; unchanged subtrees keep their identity from event to event.
 */
export class LiveWork {
  readonly workspace: WorkspaceId
  readonly work: DocId
  status = $state<'opening' | 'open' | 'gone'>('opening')
  docs = $state.raw<WorkDocs>({ root: '' as DocId, docs: {} })
  kind = $state<string | null>(null)
  scope = $state<ScopeId | null>(null)
  readOnly = $state<string | null>(null)
  sync = $state.raw<SyncState>({ state: 'saved' })
  coming = $state(false)
  conflicts = $state.raw<readonly Conflict[]>([])
  /** What somebody else took back to an earlier state last: an action, and some of its changes. */
  broughtBack = $state.raw<Pick<BroughtBack, 'group' | 'changes'> | null>(null)
  readonly stop: () => void

  constructor(workspace: WorkspaceId, work: DocId, core: CoreClient = getCore()) {
    this.workspace = workspace
    this.work = work
    this.docs = { root: work, docs: {} }
    this.stop = core.watch('work', { workspace, work }, (event) => this.#receive(event))
  }

  #receive(event: WorkEvent): void {
    switch (event.type) {
      case 'snapshot': {
        const { root, docs, kind, scope, readOnly, sync, coming } = event.snapshot
        // Most of its documents have come before, each for itself.
        this.docs = { root, docs: { ...this.docs.docs, ...docs } }
        this.kind = kind
        this.scope = scope
        this.readOnly = readOnly
        this.sync = sync
        this.coming = coming
        this.status = 'open'
        break
      }
      case 'patches': {
        const known = this.docs.docs[event.doc]
        if (!known) break
        const doc = applyPatches(known.doc, event.patches)
        this.docs = { ...this.docs, docs: { ...this.docs.docs, [event.doc]: { ...known, doc } } }
        break
      }
      case 'document':
        this.docs = {
          ...this.docs,
          docs: { ...this.docs.docs, [event.doc]: { type: event.docType, doc: event.content } },
        }
        break
      case 'state':
        this.readOnly = event.readOnly
        this.sync = event.sync
        this.coming = event.coming
        break
      case 'conflicts':
        this.conflicts = event.conflicts
        break
      case 'brought-back':
        this.broughtBack = event
        break
      case 'gone':
        this.status = 'gone'
        break
      default:
        event satisfies never
    }
  }
}
