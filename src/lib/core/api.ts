/**
 * What a tab and the core say to each other: plain, structured-cloneable data over one MessagePort. A call is answered
 * once, by its result or by a refusal; a subscription delivers a first value and then events. The tab has no document,
 * no key and no second truth; it shows what arrives here.
 */
import type { KnownArrival } from '../kernel/arrivals.ts'
import type { ChangedField, Conflict, Locale, MutationCall, Sentence, TaskBrief } from '../kernel/define-kind.ts'
import type { DeviceId, DocId, PersonId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import type { Day, Instant } from '../kernel/instants.ts'
import type { PlainPatch } from '../kernel/plain-patch.ts'
import type { EntryChange, FieldChange } from '../store/compare.ts'
import type { ImportedFrom, Pasted } from '../store/db.ts'
import type { Manifest } from '../store/moments.ts'
import type { ProjectionEvent } from '../store/projections.ts'
import type { UnsavedEvent } from './unsaved.ts'
import type { Formatted } from '../kernel/formatted.ts'
import type { DeviceKind } from '../kinds/workspace/schema.ts'
import type { NoRoom } from '../sync/protocol.ts'
import type { Reached } from '../sync/reach.ts'

export type { PlainPatch }
/** What the device is that somebody comes in with, as far as its browser says. */
export interface ThisDevice {
  kind: DeviceKind
  /** “Chrome · Windows”. */
  browser: string
}

/** An expected "no": `code` names a message in i18n (`refusal.<code>`), `params` fill it. */
export interface Refused {
  code: string
  params: Record<string, string | number>
}
export type Outcome<Value> = { ok: true; value: Value } | { ok: false; refused: Refused }

export type Rank = 'owner' | 'admin' | 'manager' | 'member' | 'guest'
export type Right = 'read' | 'comment' | 'write' | 'approve' | 'admin'

/** P6, per document and summed up per workspace. */
export type SyncState =
  | { state: 'saving' } // not yet in IndexedDB
  /**
   * This device's disk has no room. `isStored`: all edits are on it, but what is to be sent, or has come, is not. If not, the last
   * edits are in memory alone, and `count` of them no receipt covers. It is tried again and again.
   */
  | { state: 'no-space'; count: number; isStored: boolean }
  | { state: 'saved' } // saved here; nothing under way (a local-only workspace, or before the first connection)
  | { state: 'connecting'; count: number } // edits wait for the first answer of the server
  | { state: 'sending'; count: number }
  | { state: 'no-room'; count: number; lack: NoRoom } // the server cannot keep it; it is offered again and again
  | { state: 'receiving' } // all of mine is confirmed, and what others wrote is being taken in
  | { state: 'synced' }
  /** No connection, the switch is thrown, or the server wants its set-up token first. */
  | { state: 'offline'; count: number; why: 'network' | 'choice' | 'token' }
  | { state: 'refused'; count: number }
  | { state: 'held'; count: number }
  | { state: 'keyless'; count: number } // the key is not on this device: nothing can be sealed, and what comes cannot be read
  | { state: 'parted'; count: number } // the server's list of people and devices is another than ours: nothing is taken or sent
  | { state: 'checking' } // shown from a snapshot; its records are still being checked, edits wait

export interface WorkspaceSummary {
  id: WorkspaceId
  name: string
  demo: boolean
  /** False: the recovery kit was shown, and nobody has said that it was put away. */
  kitKept: boolean
  /** The person I am here. */
  me: PersonId
  /** The device that this is there: another one after joining again. */
  device: DeviceId
}

/** Topic `app`: everything before a workspace is chosen. */
export interface AppState {
  workspaces: WorkspaceSummary[]
  /** `persisted: false` = the browser may evict the data: said plainly. `full`: the last write did not fit. */
  storage: { persisted: boolean | null; full: boolean; usage: number | null; quota: number | null }
  /** The "work offline" switch. */
  workOffline: boolean
  /** Workspaces whose keys on this device cannot be read any more. */
  unreadable: number
}

export interface Person {
  id: PersonId
  /** Of several members of one name each has a number behind it. */
  name: string
  /** As they gave it. */
  ownName: string
  rank: Rank
  removed: boolean
  departments: ScopeId[]
  devices: Device[]
}
export interface Device {
  id: DeviceId
  /** As its owner typed it; '' where they typed none. */
  name: string
  kind: DeviceKind | null
  browser: string
  mine: boolean
  current: boolean
  removed: boolean
  /** A recovery kit: a cold device on paper. */
  kit: boolean
  /** A link for a further device that was shown and that nobody has opened yet. */
  link: boolean
  /** As the device that let it in claimed. */
  addedAt: Instant | null
}
export interface Scope {
  id: ScopeId
  parent: ScopeId | null
  class: 'company' | 'department' | 'project' | 'budget' | 'part' | 'incident' | 'private'
  name: string
  myRight: Right | null
  rotationDue: boolean
  /** On how many of the devices that may read it is what this one wrote last; null where it has written nothing yet. */
  reached: Reached | null
}
export interface WorkSummary {
  root: DocId
  scope: ScopeId
  kind: string
  title: string
  summary: Sentence
  /** Others are begun from it. */
  template: boolean
  /** Put away: it stands in no list, and what is in it stays. */
  archived: boolean
  /** I may change it, as far as its scope goes. */
  writable: boolean
  sync: SyncState
  /** The latest change, as its device claimed; null by nobody that is known here. */
  updatedAt: Instant | null
  updatedBy: PersonId | null
  /** What I still have to do there, the most pressing of it first. */
  tasks: TaskBrief[]
  /** And how much that is. */
  taskCount: number
  /** Entries that were moved there from other records of work. */
  arrivals: KnownArrival[]
  /** Entries that were put away there, and by whom they were changed at once, or put away by others than who moved them from there. */
  changedAway: { entity: string; by: (PersonId | null)[] }[]
  /** Entries that one moved on from there, and another, who did not know of that, back to where they had come from. */
  movedApart: string[]
  /** Entries that others changed since this device last looked. */
  news: number
  /** Another number whenever what is new there is something else. */
  newsTurn: number
}
export interface Invite {
  id: string
  rank: Rank
  /** Whom it is for, as its author noted; '' without a note. */
  name: string
  createdBy: PersonId
  /** As its author's device claimed; null where the log has it no more. */
  createdAt: Instant | null
  expiresAt: Instant
  /** By this device's clock. */
  state: 'open' | 'used' | 'expired' | 'withdrawn'
  usedBy: PersonId | null
  /** The server has it, and the keys behind its link: the link works. */
  sent: boolean
}

/** Topic `workspace`: people, scopes, records of work, sync. */
export interface WorkspaceState {
  id: WorkspaceId
  /** Milliseconds by which this device's clock is ahead of the server's, as far as that matters; negative where it is behind. */
  clockAhead: number
  name: string
  demo: boolean
  me: PersonId
  device: DeviceId
  rank: Rank
  /** I may create boards, and put them away. */
  mayCreate: boolean
  /** False: the recovery kit was shown, and nobody has said that it was put away. */
  kitKept: boolean
  /** The words that this device showed last let nobody in any more: another device of mine used the kit, or made another one. */
  kitVoid: boolean
  people: Person[]
  scopes: Scope[]
  works: WorkSummary[]
  invites: Invite[]
  sync: SyncState
  /** Present people by device, with the record of work and the entity (card) they are on. */
  presence: Presence[]
  /** Names, of departments for example, that two people gave at once and nobody has settled since. */
  contested: Conflict[]
  /** Refused edits kept as drafts, newest first. */
  drafts: RefusedDraft[]
  /** Things a person must know: equivocation seen, quarantined records, relay generation changed, I was removed. */
  notices: Notice[]
  /** First sync of a freshly joined device. */
  joining: boolean
  /** The log has removed me, or this device, and `removed` follows: whoever has a screen keeps it until then. */
  beingRemoved: boolean
  /** I, or this device, have no access any more: what is left here is offered as a file and then deleted. */
  removed: boolean
}
export interface Presence {
  device: DeviceId
  person: PersonId
  name: string
  work: DocId | null
  entity: string | null
  /** The field that has the focus (`title`, `description`), if any. */
  field: string | null
}
export interface RefusedDraft {
  id: string
  work: DocId
  title: string
  at: Instant
  reason: string
  /** What the refused edits said, as audit sentences and as text to copy. */
  sentences: Sentence[]
  text: string
  /** Its reader has it in a file or copied it. */
  hasCopy: boolean
}
export interface Notice {
  id: string
  code: string
  params: Record<string, string | number>
  severity: 'info' | 'warning' | 'danger'
}

export interface WorkSnapshot {
  root: DocId
  kind: string
  scope: ScopeId
  docs: Record<DocId, { type: string; doc: unknown }>
  /** Why it cannot be edited, if it cannot: `newer-version`, `no-right`, `removed`, `checking`. */
  readOnly: string | null
  sync: SyncState
  /** Entries go on coming: a long action is under way, or what was there before this device joined. */
  coming: boolean
}

/** Topic `work`: its documents, one by one, then a snapshot with whatever has not come yet; from then on what changes. */
export type WorkEvent =
  | { type: 'snapshot'; snapshot: WorkSnapshot }
  | { type: 'patches'; doc: DocId; patches: PlainPatch[]; by: PersonId | null; mine: boolean }
  | { type: 'document'; doc: DocId; docType: string; content: unknown }
  | { type: 'state'; readOnly: string | null; sync: SyncState; coming: boolean }
  /** Every field that two people wrote at once and nobody has written since; told when that changes. */
  | { type: 'conflicts'; conflicts: Conflict[] }
  /** Somebody else took it, or entries of it, back to an earlier state: told of each of its documents, by which changes. */
  | { type: 'brought-back'; group: string; changes: string[] }
  | { type: 'gone' }

export interface HistoryEntry {
  /** Undo group, or the change's hash where it has none. */
  id: string
  at: Instant
  person: PersonId | null
  device: DeviceId | null
  mutation: string
  /** Of an undo, the mutations that it took back. */
  takesBack?: readonly string[]
  /** What happened, from the kind's audit. */
  sentence: Sentence
  fields: ChangedField[]
  /** Not yet accepted by the relay. */
  pending: boolean
}

/**
 * A moment of a record of work: after a step of its timeline (null: its beginning), one that was shown, a named version, what I
 * last saw, or now. What somebody did before, offline, comes in before a step; the heads of what was shown stay as they are.
 */
export type Moment =
  { step: string | null } | { heads: Manifest } | { version: string } | { seen: true } | { now: true }

/** One action on the slider, oldest first. */
export interface ReplayStep {
  /** The hash of its first change: whatever comes in before it, this one is meant. */
  id: string
  at: Instant
  person: PersonId | null
  mutation: string
}

/** What a step did, in the words of its moment, and the entries that it touched. */
export interface ToldStep {
  sentence: Sentence
  entries: { collection: string; id: string }[]
  /** The sentence is about all of them alike, and names none. */
  isOfMany: boolean
}

export interface ReplayedDocs {
  root: DocId
  docs: Record<DocId, { type: string; doc: unknown }>
  /** Documents that the tab holds already under the key that it named. */
  same: DocId[]
  /** What to name them by next time. */
  keys: Record<DocId, string>
  /** What all documents held, texts too: names this moment, whatever comes in later. */
  heads: Manifest
  /** There are documents beyond the limit, neither held nor among these: asking with these keys, too, brings the next ones. */
  more: boolean
}

export interface EntryAddress {
  collection: string
  id: string
}
/** What becomes of an entry, as a question tells it. */
export type ToldChange = Pick<EntryChange, 'collection' | 'id' | 'change'>

/** What others changed since this device last looked. */
export interface NewsPage {
  /** When that was; null where the record of work had never been looked at: then nothing of it is new. */
  since: Instant | null
  /** The newest of it. */
  changes: ChangeByOthers[]
  /** All of it, newest first. */
  entries: EntryAddress[]
  /** The moment that it was worked out at: to mark it as seen, and not what has come since. */
  until: Manifest
}
/** Only what others wrote of it is told; what it was before is what I knew, my own edits included. */
export interface ChangeByOthers extends EntryChange {
  fields: FieldByOthers[]
  text?: { before: string; after: string; authors: Authors }
  /** Everybody whose work that is. */
  authors: Authors
  /**
   * Of an entry that came or was brought back: fields that hold since what somebody else wrote, I or a third person, and what they
   * held when it came.
   */
  byAnother?: Readonly<Record<string, unknown>>
}
export interface FieldByOthers extends FieldChange {
  authors: Authors
}
/** Each with their latest write. */
export type Authors = { person: PersonId | null; at: Instant }[]

export type { TaskBrief }
export type { EntryChange, FieldChange } from '../store/compare.ts'

/** Undo met a field that somebody changed since: the person decides. */
export interface UndoConflict {
  /**
   * `restored` is what would be written, `along` what else into the same entry, where nobody changed it since. `mineWithin`: of a
   * place, what the entry stood in by the action, where it stands in another now. `chosen`: `by` has chosen between what had met.
   */
  fields: {
    path: (string | number)[]
    mine: unknown
    mineWithin?: unknown
    theirs: unknown
    restored: unknown
    by: string
    chosen?: true
    work: DocId
    along?: Readonly<Record<string, unknown>>
  }[]
  /** Entries that the action made, and in which others have written since: undoing puts them aside. */
  entries: {
    path: (string | number)[]
    by: string[]
    work: DocId
    /** Somebody has put it aside there. */
    aside?: true
    /** By moving it on to this work, where it was archived since. */
    wentTo?: string
  }[]
  /** Entries that undoing would put aside, and in which so many others stand that stay: who put them there. */
  held: { path: (string | number)[]; entries: number; by: string[]; work: DocId }[]
  /** How many entries of the collections of `entries` the action made. */
  made: number
  /** How many fields and entries of the action would go without those. */
  others: number
  moved?: Moved
}
/** Entries that were cut in one record of work and pasted in another: one action, undone in both from whichever of them. */
export interface Moved {
  /** Their titles. */
  from: string
  to: string
  entries: number
}
/** An entry that somebody moved to another record of work, and the title of that: it stays there as it is. */
export interface MovedAway {
  entity: string
  title: string
  by: string
  to: string
  /** It was me. */
  mine?: true
  /** It was archived there since. */
  archived?: true
  /** It came back as another entry. */
  back?: true
}
/** An entry that somebody else archived where it is. */
export interface ArchivedBy {
  entity: string
  by: string
}
/** What somebody has taken back, or done again, before. */
export interface Already {
  /** '' where it is of no entry. */
  entity: string
  by: string
  /** It was me. */
  mine?: true
}
/** An entry that is not done again, because somebody has put it into an archive, or brought it back from there. */
export interface LeftBehind {
  /** As it is named in the work that was asked. */
  entity: string
  by: string
  /** The title of the work in which they did. */
  on: string
  archived: boolean
}
/**
 * What to do where others have changed since: ask, look at what would be asked now and do nothing, write over what the question
 * named (asked again where that is not all of it any more), keep theirs and do the rest, or leave all of the action as it is and
 * never ask about it again.
 */
export type OnConflict = 'ask' | 'look' | { overwrite: UndoConflict } | 'keep' | 'leave'
export interface UndoOptions {
  /** Instead of the newest. */
  group?: string
  /** The newest step of writing in the text of this entry. */
  text?: string
  onConflict?: OnConflict
}
export type UndoResult =
  /** `elsewhere`: in another window that is still open there is something. */
  | { done: 'nothing'; elsewhere?: true }
  /** `group` is the action that was taken back or done again, `again` whether that can be turned round. */
  | {
      done: 'undone'
      group: string
      sentence: Sentence
      again: boolean
      /** It took back a choice between two values, and both are to be chosen from again. */
      open?: true
      /** Names of those whose values, written at the same time, count now. */
      theirs?: string[]
      from?: ImportedFrom
      moved?: Moved & { otherGroup: string }
      /** Entries of it that are not here any more. */
      away?: MovedAway[]
      behind?: LeftBehind[]
      /** Moved on by others, and back all the same. */
      alsoThere?: MovedAway[]
      /** What it wrote of these shows in the archive alone. */
      archivedBy?: ArchivedBy[]
      already?: Already[]
      /**
       * Of writing: names of those who have put other words in the place of those that were put there; nothing came back beside them. Null for
       * the person, who chose these.
       */
      instead?: (string | null)[]
      /** Of writing: names of those right beside whose words, written since, what came back stands. */
      beside?: string[]
      /** Of writing: names of those who have taken out what stood around what came back. */
      around?: string[]
      /** Of writing: names of those who have taken out the line in which it was; nothing came back there. */
      gone?: string[]
      /** Of writing of which nothing is to be seen: names of those whose format or address counts, … */
      kept?: string[]
      /** … or who have taken out, or taken back, all that there was to take back. */
      taken?: string[]
    }
  /** Nothing would be left of it to write, or in such entries: nothing is taken back, and it is not tried again. `sentence`: of what, but of a move. */
  | {
      done: 'away'
      group: string
      sentence?: Sentence
      away: MovedAway[]
      behind?: LeftBehind[]
      archivedBy?: ArchivedBy[]
      already?: Already[]
      instead?: (string | null)[]
      gone?: string[]
    }
  | { done: 'ask'; group: string; conflict: UndoConflict }
  /** Who looked: there is nothing to ask about. */
  | { done: 'free'; group: string }
  | { done: 'left'; group: string }
  /** Its other half is in a work that cannot be changed here, and why: nothing is taken back, and it is not tried again. */
  | { done: 'stays'; group: string; title: string; reason: string }

export interface CreatedWorkspace {
  workspace: WorkspaceId
  /** The recovery kit: words in the person's language, shown once. */
  kit: string[]
  /** The first board, in the person's language. */
  board: DocId
}

export interface JoinPreview {
  workspace: WorkspaceId
  relay: string
  /** Already on this device. */
  known: boolean
  /** …but the membership has ended: what is left must be deleted here before one can join again. */
  ended: boolean
}

/** What undo cannot see in an action's changes. */
export interface ActionFacts {
  /** An import: undo and redo name the file. */
  from?: ImportedFrom
  /** Entries are cut, and the clipboard has them under this name. */
  cut?: string
  pasted?: Pasted
  /** It is one action with what has just been done in another record of work. With `entries`, what is cut here came there as these. */
  along?: { work: DocId; group: string; entries?: Pasted['entries'] }
  /** A choice between what was written at once: what stands there already is written again, for else that would be no change. */
  choice?: true
}

/** Calls from tab to core. Every method resolves to an Outcome; the client unwraps or throws Refusal. */
export interface CoreCalls {
  /** `device` is what this device is, here and in `join` and `recover`. */
  createWorkspace(args: {
    name: string
    person: string
    locale: Locale
    device?: ThisDevice
    setupToken?: string
  }): CreatedWorkspace
  /** What the relay asked for when it refused to create the workspace there; it is tried at once. */
  setSetupToken(args: { workspace: WorkspaceId; token: string }): void
  /** The words that were shown, or those that count in their place, are on paper: they are not asked for again. */
  keepKit(args: { workspace: WorkspaceId }): void
  /** A new recovery kit for me; kits from before stop working. */
  renewKit(args: { workspace: WorkspaceId; locale: Locale }): { kit: string[]; relay: string }
  /** `today` where the person is: the demo's dates lie around it. */
  createDemo(args: { locale: Locale; today: Day }): { workspace: WorkspaceId }
  removeDemo(args: { workspace: WorkspaceId }): void
  /** Forgets a workspace on this device (after its unsent edits were offered as a file). */
  leaveWorkspace(args: { workspace: WorkspaceId }): void
  /** `typed`: words that no document has yet, for the file. */
  unsentEdits(args: { workspace: WorkspaceId; typed?: readonly string[] }): { count: number; file: string }
  setWorkOffline(args: { offline: boolean }): void
  askPersist(args: { granted: boolean }): void
  /** Somebody is back before the screen: what waits for room on the disk, or for the server, is tried now. */
  hurry(args: Record<string, never>): void

  /** `name` is whom it is for. The link is a secret that is kept nowhere. */
  createInvite(args: { workspace: WorkspaceId; rank: Rank; days: number; name?: string }): {
    link: string
    id: string
    expiresAt: Instant
  }
  expireInvite(args: { workspace: WorkspaceId; id: string }): void
  readInvite(args: { link: string }): JoinPreview
  /** Asks the relay whether the invitation still holds; refuses with what is wrong with it, or `relay-unreachable`. */
  checkInvite(args: { link: string }): { rank: Rank; expiresAt: Instant }
  /** A `job` can be called off while nobody has answered. */
  join(args: { link: string; person: string; locale: Locale; device?: ThisDevice; job?: string }): {
    workspace: WorkspaceId
    kit: string[]
  }
  /** A further device of mine: this one shows the link (a secret, single use), the new one opens it. */
  startDeviceLink(args: { workspace: WorkspaceId }): { link: string; id: DeviceId }
  /** Asks the relay whether the link still holds; refuses with what is wrong with it, or `relay-unreachable`. */
  checkDeviceLink(args: { link: string }): void
  finishDeviceLink(args: { link: string; name: string; device?: ThisDevice; locale: Locale; job?: string }): {
    workspace: WorkspaceId
  }
  /** With the recovery kit; the kit is used up and a new one returned. */
  recover(args: {
    words: string[]
    relay: string
    workspace: WorkspaceId
    locale: Locale
    device?: ThisDevice
    job?: string
  }): {
    workspace: WorkspaceId
    kit: string[]
  }
  removeMember(args: { workspace: WorkspaceId; person: PersonId }): void
  removeDevice(args: { workspace: WorkspaceId; device: DeviceId }): void
  setRank(args: { workspace: WorkspaceId; person: PersonId; rank: Rank }): void
  /** A department is a scope of its own within the company. */
  createDepartment(args: { workspace: WorkspaceId; name: string }): { scope: ScopeId }
  introduceMe(args: { workspace: WorkspaceId; name: string }): void
  renameWorkspace(args: { workspace: WorkspaceId; name: string }): void
  renameScope(args: { workspace: WorkspaceId; scope: ScopeId; name: string }): void
  setDepartments(args: { workspace: WorkspaceId; person: PersonId; departments: ScopeId[] }): void

  /** Puts a record of work away for all members, or brings it back. */
  archiveWork(args: { workspace: WorkspaceId; work: DocId; archived: boolean }): void
  createWork(args: { workspace: WorkspaceId; scope?: ScopeId; kind: string; calls: MutationCall[] }): { root: DocId }
  /** Runs mutations as one undoable action; all or nothing per call list. With a `job` it can be watched and called off. */
  commit(
    args: {
      workspace: WorkspaceId
      work: DocId
      calls: MutationCall[]
      tab: string
      job?: string
    } & ActionFacts,
  ): {
    group: string
    /** What was pasted was cut in the work of this title, and both are one action. */
    movedFrom?: string
  }
  /** The commit, undo or restoring of that job refuses with `cancelled`, unless it is past that. */
  cancelCommit(args: { job: string }): void
  /** A long one can be watched and called off, like a commit. */
  undo(args: { workspace: WorkspaceId; work: DocId; tab: string; job?: string } & UndoOptions): UndoResult
  redo(args: { workspace: WorkspaceId; work: DocId; tab: string; job?: string } & UndoOptions): UndoResult
  /**
   * `entity` and `person` keep only what touched that entry, and what that person did. Where `settled` is false it may not be
   * known yet that what left the work just now was moved, and where to; whoever asks for it `settled` waits until it is.
   */
  history(args: {
    workspace: WorkspaceId
    work: DocId
    before?: string
    limit: number
    entity?: string
    person?: PersonId
    settled?: true
  }): {
    entries: HistoryEntry[]
    more: boolean
    settled: boolean
  }

  /** Every action so far, for the replay's slider. */
  timeline(args: { workspace: WorkspaceId; work: DocId }): { steps: ReplayStep[] }
  /** The step in words; null where it is not there, and at the beginning. */
  tellStep(args: { workspace: WorkspaceId; work: DocId; step: string | null }): { told: ToldStep | null }
  /**
   * The record of work as it was. `have` names what the tab holds already, so that a slider moves what changed alone; `limit` is
   * how many documents come with one answer, so that reading a large one keeps nobody waiting.
   */
  moment(args: {
    workspace: WorkspaceId
    work: DocId
    at: Moment
    have?: Record<DocId, string>
    limit?: number
  }): ReplayedDocs
  /** What differs between two moments. */
  compare(args: { workspace: WorkspaceId; work: DocId; from: Moment; to: Moment }): { changes: EntryChange[] }
  /** Where to look in the text of an entry (see `openProse`) for how it was at a moment; null where that is not known. */
  textHeads(args: { workspace: WorkspaceId; work: DocId; at: Moment; entity: string }): { heads: string[] | null }
  /**
   * Brings the whole, or one entry, its text included, back to a moment, as one action that can be undone. A long one can be
   * watched and called off, like a commit. `told` is what the person was told that goes back: where that is not all of it any
   * more, or not any more, it `differs` and nothing is written.
   */
  restoreMoment(args: {
    workspace: WorkspaceId
    work: DocId
    tab: string
    at: Moment
    entry?: EntryAddress
    told?: ToldChange[]
    job?: string
  }): { group: string | null; changed: number; differs?: true }
  /** Gives the present moment a name. */
  nameVersion(args: { workspace: WorkspaceId; work: DocId; tab: string; name: string }): { version: string }
  /** What others changed since this device last looked, the newest `limit` of it; the first look is remembered as such. */
  news(args: { workspace: WorkspaceId; work: DocId; limit: number }): NewsPage
  /**
   * Counts as seen by this device: all of it (as it was at `until`, else as it is now), or some entries as they are now, of which what
   * was new is the answer.
   */
  markSeen(args: { workspace: WorkspaceId; work: DocId; entries?: EntryAddress[]; until?: Manifest }): ChangeByOthers[]
  /**
   * The same of entries that this person looks at where they moved them before they had seen them: as they were when they went. What
   * others wrote in them here that did not go along, or in one that had been seen, stays news.
   */
  markSeenElsewhere(args: { workspace: WorkspaceId; work: DocId; entries: EntryAddress[] }): void

  /** Whether an entry of a work is there and not in the archive, as home and search know it: its documents are not opened. */
  isShown(args: { workspace: WorkspaceId; work: DocId; entity: string }): boolean
  /** Whose devices began these entries of a work, in their order: by the signatures, whatever the entries say; null: not known. */
  makers(args: { workspace: WorkspaceId; work: DocId; entities: readonly string[] }): (PersonId | null)[]
  /** Which of these entries of a work lie in the archive, as its documents are now. */
  putAway(args: { workspace: WorkspaceId; work: DocId; entities: readonly string[] }): string[]
  /** Of each of these entries that lies in the archive, who put it there and when. */
  putAwayBy(args: {
    workspace: WorkspaceId
    work: DocId
    entities: readonly string[]
  }): ({ person: PersonId | null; at: Instant } | null)[]
  /**
   * Of those of these entries that lie in the archive, which were put there by moving them, and what they became by that, whatever
   * became of it since.
   */
  movedAway(args: {
    workspace: WorkspaceId
    work: DocId
    entities: readonly string[]
  }): { entity: string; to: { work: DocId; entity: string } }[]
  /** All descriptions of a work by entry, for a file or a copy: those of now, or of a moment. */
  descriptions(args: { workspace: WorkspaceId; work: DocId; at?: Moment }): { texts: Record<string, Formatted> }
  /** An open description: saved bytes of the prose document; changes then go both ways over `prose` events. */
  openProse(args: { workspace: WorkspaceId; work: DocId; entity: string; tab: string }): {
    doc: DocId
    bytes: Uint8Array
    actor: string
    path: string[]
  }
  /** `step`: for undo this is a new step of writing in the text of that entry, or more of the last one. */
  proseChanges(args: {
    workspace: WorkspaceId
    work: DocId
    entity: string
    doc: DocId
    tab: string
    changes: Uint8Array[]
    step: 'new' | 'more'
  }): void

  /** Changes of this device that the core before this one had told of and not saved. Those that are here already are no-ops. */
  writeAgain(args: { workspace: WorkspaceId; doc: DocId; changes: Uint8Array[] }): void

  /** Answers when all that was written here is on disk. */
  settle(args: Record<string, never>): void

  present(args: {
    workspace: WorkspaceId
    tab: string
    work: DocId | null
    entity: string | null
    field: string | null
  }): void
  copiedDrafts(args: { workspace: WorkspaceId; ids: readonly string[] }): void
  dropDraft(args: { workspace: WorkspaceId; id: string }): void
  dismissNotice(args: { workspace: WorkspaceId; id: string }): void
}

export interface CoreTopics {
  app: { args: Record<string, never>; event: AppState }
  workspace: { args: { workspace: WorkspaceId }; event: WorkspaceState }
  work: { args: { workspace: WorkspaceId; work: DocId }; event: WorkEvent }
  /** What is written here, of every workspace, until it is on disk. */
  unsaved: { args: Record<string, never>; event: UnsavedEvent }
  /** How far the commit, undo or restoring of a job is. */
  commit: { args: { job: string }; event: { done: number; all: number } }
  /** For the search worker: everything that is stored, then every change. */
  projections: { args: { workspace: WorkspaceId }; event: ProjectionEvent }
  /** First what came after `heads`, then what comes. */
  prose: {
    args: { workspace: WorkspaceId; doc: DocId; tab: string; heads: string[] }
    event: { changes: Uint8Array[] }
  }
}
