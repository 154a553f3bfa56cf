/**
 * An open description in the tab: a document of its own, loaded from the core's saved bytes. What is written here goes to
 * the core as changes, what others write arrives the same way; the port keeps the order. What came between the bytes and the
 * subscription is asked for by its heads, and so it is after the core has died and another one has taken its place.
 */
import * as A from '@automerge/automerge/slim'
import wasmAddress from '@automerge/automerge/automerge.wasm?url'
import type { DocHandle } from '@automerge/prosemirror'
import type { Moment, UndoResult } from '#lib/core/api.ts'
import type { CoreClient } from '#lib/core/client.ts'
import { loadPart } from '#lib/core/load-part.ts'
import { hasHeads } from '#lib/kernel/has-heads.ts'
import type { DocId, WorkspaceId } from '#lib/kernel/ids.ts'
import { writingMessage } from '#lib/kernel/groups.ts'
import { beginParagraph } from './prose-begin.ts'

type Prose = Record<string, unknown>
type Listener = Parameters<DocHandle<unknown>['on']>[1]

export interface OpenProse {
  handle: DocHandle<unknown>
  path: string[]
  /**
   * Takes back what was written here last, or writes it again; nothing of what others wrote meanwhile. The core does it, for
   * it is among the actions of the work, and it comes back as what others write does; resolves when it has.
   */
  takeBack: (way: 'undo' | 'redo') => Promise<void>
  /** What is written from now on is a step of its own. */
  rest: () => void
  /** What others write waits outside until it is let in: nothing may be drawn anew around a word that is being composed. */
  hold: () => void
  letIn: () => void
  /** Resolves when there is a text: a card may be here before what it says. */
  arrived: Promise<void>
  close: () => void
}

/** Writing goes on in one step of undo until there is a pause of so many milliseconds. */
const PAUSE_MS = 500

let wasm: Promise<void> | null = null

/** Where it does not come, the next one that needs it asks again. */
const loadWasm = (): Promise<void> =>
  (wasm ??= loadPart(() => A.initializeWasm(wasmAddress)).catch((error: unknown) => {
    wasm = null
    throw error
  }))

/**
 * Opens the description of an entry; the first one in a tab fetches the wasm. `onRefused`: a change was not taken; `onTakenBack`: what
 * came of it.
 */
export async function openProse(
  core: CoreClient,
  args: { workspace: WorkspaceId; work: DocId; entity: string },
  onRefused: (error: unknown) => void,
  onTakenBack: (way: 'undo' | 'redo', done: UndoResult) => void,
): Promise<OpenProse> {
  const { workspace, work, entity } = args
  const { tab } = core
  const [opened] = await Promise.all([core.call.openProse({ ...args, tab }), loadWasm()])
  const { doc: id, path } = opened
  let doc = A.load<Prose>(opened.bytes, { actor: opened.actor as A.ActorId })
  const listeners = new Set<Listener>()
  let tellArrived = () => {}
  const arrived = new Promise<void>((resolve) => (tellArrived = resolve))
  if (hasText(doc, path)) tellArrived()

  /** Until then what is written is more of the last step. */
  let stepEnds = 0
  const send = (changes: Uint8Array[], step: 'new' | 'more') =>
    void core.call.proseChanges({ workspace, work, entity, doc: id, tab, changes, step }).catch(onRefused)

  const handle: DocHandle<unknown> = {
    doc: () => doc,
    change(write) {
      const now = Date.now()
      const when = { time: Math.floor(now / 1000), message: writingMessage(now, entity) }
      const next = A.change(doc, when, (draft) => {
        beginParagraph(draft, path)
        write(draft)
      })
      const made = A.getLastLocalChange(next)
      if (next === doc || !made) return
      doc = next
      send([made], now < stepEnds ? 'more' : 'new')
      stepEnds = now + PAUSE_MS
    },
    on: (_, listener) => void listeners.add(listener),
    off: (_, listener) => void listeners.delete(listener),
  }
  const place = {
    workspace,
    doc: id,
    tab,
    get heads() {
      return A.getHeads(doc)
    },
  }
  const unlisten = core.onRestart(() => {
    // The new core may lack what the old one had not saved.
    const mine = A.getChangesSince(doc, A.getHeads(A.load<Prose>(opened.bytes)))
    if (mine.length > 0) send(mine, 'new')
  })
  let held: Uint8Array[] | null = null
  const takeIn = (changes: Uint8Array[]) => {
    const told: Parameters<Listener>[0][] = []
    ;[doc] = A.applyChanges(doc, changes, {
      patchCallback: (patches, patchInfo) =>
        told.push({ handle, doc: patchInfo.after, patches, patchInfo: patchInfo as A.PatchInfo<unknown> }),
    })
    // One that fails makes way for another one, which is for what comes next.
    for (const payload of told) for (const listener of [...listeners]) listener(payload)
    if (hasText(doc, path)) tellArrived()
  }
  const stop = core.watch('prose', place, ({ changes }) => {
    if (held) held.push(...changes)
    else takeIn(changes)
  })
  return {
    handle,
    path,
    async takeBack(way) {
      stepEnds = 0
      await core.call[way]({ workspace, work, tab, text: entity }).then((done) => onTakenBack(way, done), onRefused)
    },
    rest: () => void (stepEnds = 0),
    hold: () => void (held ??= []),
    letIn() {
      const waiting = held ?? []
      held = null
      if (waiting.length > 0) takeIn(waiting)
    },
    arrived,
    close() {
      stop()
      unlisten()
      listeners.clear()
    },
  }
}

/** The description as it was at a moment, to read; null where there was none, or none is known of. */
export async function openProseThen(
  core: CoreClient,
  args: { workspace: WorkspaceId; work: DocId; entity: string },
  at: Moment,
): Promise<OpenProse | null> {
  const { tab } = core
  const [{ bytes, path }, { heads }] = await Promise.all([
    core.call.openProse({ ...args, tab }),
    core.call.textHeads({ ...args, at }),
    loadWasm(),
  ])
  const doc = A.load<Prose>(bytes)
  if (!heads || !hasHeads(doc, heads)) return null
  const then = A.view(doc, heads)
  if (!hasText(then, path)) return null
  const ignore = () => undefined
  return {
    handle: { doc: () => then, change: ignore, on: ignore, off: ignore },
    path,
    takeBack: async () => ignore(),
    rest: ignore,
    hold: ignore,
    letIn: ignore,
    arrived: Promise.resolve(),
    close: ignore,
  }
}

function hasText(doc: Prose, [collection = '', entry = '']: readonly string[]): boolean {
  return Object.hasOwn(doc[collection] ?? {}, entry)
}
