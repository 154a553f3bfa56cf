/** What tabs show of a workspace: who and what is in it, by the log, the names' document and the projections. */
import { dayOf } from '#lib/i18n/format.ts'
import { Moves } from '#lib/kernel/arrivals.ts'
import type { Conflict, TaskBrief } from '#lib/kernel/define-kind.ts'
import type { DocId, PersonId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { distinctNames } from '#lib/kernel/names.ts'
import { putAwayTold } from '#lib/kernel/put-away.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import type { IndexedWork } from '#lib/kinds/index/schema.ts'
import type { WorkspaceView } from '#lib/kinds/workspace/schema.ts'
import type { Db, PutAwayRow, WorkspaceRow } from '#lib/store/db.ts'
import type { AuthorityState, InviteFact } from '#lib/sync/authority-state.ts'
import { originOf } from '#lib/sync/device-origins.ts'
import type { Engine } from '#lib/sync/engine.ts'
import { departmentsOf, deviceAt, includes, rankOf, rightOf, strongest } from '#lib/sync/rights.ts'
import type {
  Device,
  Invite,
  Notice,
  Person,
  Presence,
  RefusedDraft,
  Scope,
  SyncState,
  WorkspaceState,
  WorkSummary,
} from './api.ts'
import type { NewsReader } from './news.ts'
import type { Projector } from './projector.ts'

export interface ListedWork {
  root: DocId
  scope: ScopeId
  entry: IndexedWork
}

export interface WorkspaceParts {
  row: WorkspaceRow
  engine: Engine
  projector: Projector
  news: NewsReader
  names: WorkspaceView
  listed: readonly ListedWork[]
  notices: readonly Notice[]
  presence: Presence[]
  contested: Conflict[]
  drafts: RefusedDraft[]
  /** Milliseconds. */
  now: number
  personOf: (actor: string) => PersonId | null
  syncOf: (docs: readonly DocId[]) => SyncState
  sync: SyncState
}

export function readState(parts: WorkspaceParts): WorkspaceState {
  const { row, engine, names, listed } = parts
  const { state } = engine
  const mine = state.people.get(row.me)
  return {
    id: row.id,
    clockAhead: engine.clockAhead,
    name: names.name || row.name,
    demo: row.demo,
    me: row.me,
    device: row.keys.id,
    rank: (mine && rankOf(mine, state.n)) ?? 'guest',
    mayCreate: includes(rightOf(state, row.keys.id, row.rootScope), 'write'),
    kitKept: row.kitKept,
    kitVoid: isKitVoid(row, state),
    people: peopleOf(parts),
    scopes: scopesOf(parts),
    works: worksOf(parts),
    invites: invitesOf(parts),
    sync: parts.sync,
    presence: parts.presence,
    contested: parts.contested,
    drafts: parts.drafts,
    // A new device says its name a little after it is let in.
    notices: parts.notices.map((notice) => {
      const device = names.devices[String(notice.params['device'])]
      return device ? { ...notice, params: { ...notice.params, name: device.name, kind: device.kind ?? '' } } : notice
    }),
    joining: row.relay !== null && engine.connection !== 'live' && listed.length === 0,
    // Of a log that was damaged here nothing says so.
    beingRemoved: !row.removed && state.devices.has(row.keys.id) && deviceAt(state, row.keys.id) === null,
    removed: row.removed,
  }
}

/** Of whoever is being removed no kit counts, and no other one would. */
export const isKitVoid = ({ kit, keys }: WorkspaceRow, state: AuthorityState): boolean =>
  kit !== null && deviceAt(state, kit) === null && deviceAt(state, keys.id) !== null

function worksOf({
  row: { keys },
  engine,
  listed,
  projector,
  news,
  now,
  personOf,
  syncOf,
}: WorkspaceParts): WorkSummary[] {
  const today = dayOf(new Date(now))
  const arrivalsOf = new Map(listed.map(({ root }) => [root, projector.arrivalsOf(root)]))
  const arrivals = [...arrivalsOf].flatMap(([work, all]) => all.map((arrival) => ({ ...arrival, work })))
  const moves = new Moves(arrivals)
  const changedAway = ({ entity, by, takenBackBy, changed }: PutAwayRow, root: DocId): WorkSummary['changedAway'] => {
    const values = [
      ...by.map((actor) => {
        const takenBack = takenBackBy?.includes(actor) && { takenBack: true as const }
        return { value: true, by: personOf(actor), ...takenBack }
      }),
      ...changed.map(({ actor, knownBy }) => ({ value: false, by: personOf(actor), knownBy: knownBy.map(personOf) })),
    ]
    const told = putAwayTold(values, (one) => moves.wentBy(root, entity, one)).slice(1)
    return told.length > 0 ? [{ entity, by: [...new Set(told.map((one) => one.by))] }] : []
  }
  const isMovedApart = ({ entity, by }: PutAwayRow, root: DocId): boolean => {
    const back = moves.movedBackBy(root, entity)
    const on = moves.of(root, entity).map((one) => one.by)
    const people = by.flatMap((actor) => personOf(actor) ?? [])
    return people.some((one, at) => one === back && people.some((other, i) => i !== at && on.includes(other)))
  }
  const waitsElsewhere = ({ behind = [] }: TaskBrief, root: DocId): boolean =>
    behind.some((entity) => moves.whereNow(root, entity).some(({ finished }) => !finished))
  return listed.map(({ root, scope, entry }) => {
    const row = projector.row(root)
    const projections = row && kindNamed(row.kind)?.projections
    return {
      root,
      scope,
      kind: entry.kind,
      // The index is quicker with a new title, the work itself has the last word.
      title: row && projector.isCurrent(root) ? row.title : entry.title,
      summary: row && projections ? projections.summary(row.brief, today) : { 'zh-CN': '', en: '' },
      template: (row && projections?.isTemplate?.(row.brief)) ?? false,
      archived: entry.archived,
      writable: includes(rightOf(engine.state, keys.id, scope), 'write'),
      sync: syncOf(projector.docsOf(root)),
      updatedAt: row?.changedAt ?? toInstant(entry.createdAt),
      tasks: (row?.tasks ?? []).map((task) => ({ ...task, blocked: task.blocked || waitsElsewhere(task, root) })),
      taskCount: row?.taskCount ?? 0,
      arrivals: arrivalsOf.get(root) ?? [],
      changedAway: (row?.putAway ?? []).flatMap((one) => changedAway(one, root)),
      movedApart: (row?.putAway ?? []).filter((one) => isMovedApart(one, root)).map(({ entity }) => entity),
      updatedBy: row?.changedBy ? personOf(row.changedBy) : null,
      news: news.countOf(root),
      newsTurn: news.turnOf(root),
    }
  })
}

/** What the members are called. */
export const memberNames = (names: WorkspaceView, { people, n }: AuthorityState): ReadonlyMap<PersonId, string> =>
  distinctNames(
    [...people.values()].map((person) => ({
      id: person.id,
      name: names.people[person.id]?.name ?? '',
      removed: rankOf(person, n) === null,
    })),
  )

function peopleOf({ row, engine, names }: WorkspaceParts): Person[] {
  const { state, log } = engine
  const devicesOf = (person: PersonId) =>
    [...state.devices.values()]
      .filter((device) => device.person === person)
      .map((device): Device => ({
        id: device.id,
        name: names.devices[device.id]?.name ?? '',
        kind: names.devices[device.id]?.kind ?? null,
        browser: names.devices[device.id]?.browser ?? '',
        mine: person === row.me,
        current: device.id === row.keys.id,
        removed: deviceAt(state, device.id) === null,
        kit: device.kit,
        link: originOf(device.id, state) === 'seed',
        addedAt: log.timeAt(device.from),
      }))
  const distinct = memberNames(names, state)
  return [...state.people.values()].map((person) => ({
    id: person.id,
    name: distinct.get(person.id) ?? '',
    ownName: names.people[person.id]?.name ?? '',
    // Of whoever was removed, what they were last.
    rank: person.ranks.findLast(({ rank }) => rank !== null)?.rank ?? 'guest',
    removed: rankOf(person, state.n) === null,
    departments: [...departmentsOf(person, state.n)],
    devices: devicesOf(person.id),
  }))
}

function scopesOf({ row, engine: { state, reach }, names }: WorkspaceParts): Scope[] {
  const rightTo = (scope: ScopeId) => rightOf(state, row.keys.id, scope)
  return [...state.scopes.values()]
    .filter(({ id }) => includes(rightTo(id), 'read'))
    .map((scope) => ({
      id: scope.id,
      parent: scope.parent,
      class: scope.class,
      name: names.scopes[scope.id]?.name ?? '',
      myRight: strongest(rightTo(scope.id)),
      rotationDue: scope.rotationDue !== null,
      reached: reach.of(scope.id, row.keys.id, state),
    }))
}

function invitesOf({ engine, names, now }: WorkspaceParts): Invite[] {
  const { state, log, isSharing, clockAhead } = engine
  const became = ({ usedBy, to, expires }: InviteFact): Invite['state'] => {
    if (usedBy) return 'used'
    // Any device with the right to writes down that an invitation has lapsed: that is no withdrawal.
    const endedAt = to === null ? null : log.timeAt(to)
    if (endedAt !== null && endedAt < expires) return 'withdrawn'
    return to !== null || expires <= now - clockAhead ? 'expired' : 'open'
  }
  return [...state.invites.values()].map((invite) => ({
    id: invite.id,
    name: names.invites[invite.id]?.name ?? '',
    rank: invite.rank,
    createdBy: invite.by,
    createdAt: log.timeAt(invite.from),
    expiresAt: invite.expires,
    state: became(invite),
    usedBy: invite.usedBy,
    sent: invite.from < log.confirmed && !isSharing,
  }))
}

/** The newest first; without those that no words tell of: what documents keep of themselves, nobody wrote. */
export async function readDrafts(db: Db, ws: WorkspaceId): Promise<RefusedDraft[]> {
  const rows = await db.getAll('drafts', IDBKeyRange.bound([ws], [ws, []]))
  return rows
    .filter(({ sentences }) => sentences.length > 0)
    .sort((a, b) => b.at - a.at)
    .map(({ id, work, title, at, reason, sentences, text, hasCopy = false }) => ({
      id,
      work,
      title,
      at: toInstant(at),
      reason,
      sentences,
      text,
      hasCopy,
    }))
}
