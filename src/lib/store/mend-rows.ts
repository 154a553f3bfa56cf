/**
 * Rows of the database that a failing disk or a killed browser has spoiled. What can be had again is dropped or derived
 * anew before anything reads it, so that one bad row never keeps the application from starting: the log, keys and
 * projections come again, where a record stands in the order and what a document is stands in the records themselves.
 */
import * as v from 'valibot'
import type { DocId, ScopeId, WorkspaceId } from '#lib/kernel/ids.ts'
import { docIdOf, type Birth } from '#lib/sync/identities.ts'
import { isRelayAddress } from '#lib/sync/links.ts'
import { parseRecord, type SealedRecord } from '#lib/sync/records.ts'
import { ofWorkspace, type Db, type DocRow, type RecordRow, type WorkspaceRow } from './db.ts'

const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const bytes = v.instance(Uint8Array)
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const key = v.instance(CryptoKey)

/** Without these nothing of a workspace can be opened. */
const identityShape = v.object({
  id,
  me: id,
  rootScope: id,
  keys: v.object({
    id,
    public: v.object({ sign: bytes, agree: bytes }),
    sign: key,
    agree: v.object({ privateKey: key, publicKey: key }),
  }),
})
/** What the rest of a workspace's own row is taken for where it cannot be read: the server and the workspace tell it again. */
const restShape = v.object({
  locale: v.fallback(v.picklist(['zh-CN', 'en']), 'en'),
  name: v.fallback(v.string(), ''),
  generation: v.fallback(v.nullable(id), null),
  relayKey: v.fallback(v.nullable(bytes), null),
  setupToken: v.fallback(v.nullable(v.string()), null),
  kitKept: v.fallback(v.boolean(), true),
  kit: v.fallback(v.nullable(id), null),
  firstSync: v.fallback(v.boolean(), false),
  confirmed: v.fallback(count, 0),
  owed: v.fallback(count, 0),
  talked: v.fallback(count, 0),
  removed: v.fallback(v.boolean(), false),
  createdAt: v.fallback(v.number(), 0),
})
const promisedShape = v.object({
  names: v.array(v.object({ mutation: v.string() })),
  board: v.optional(v.array(v.object({ mutation: v.string() }))),
})
const docShape = v.object({
  scope: id,
  lane: v.picklist(['main', 'talk', 'decision']),
  kind: v.string(),
  creator: id,
  nonce: v.pipe(bytes, v.length(16)),
  local: v.pipe(v.string(), v.minLength(8)),
  acceptedHeads: v.array(hash),
  chains: v.record(v.string(), v.object({ seq: count, id: hash })),
  newerBy: v.array(id),
  checking: v.nullable(
    v.object({ record: v.string(), device: id, heads: v.array(hash), position: count, order: hash }),
  ),
  sinceSnapshot: count,
  updatedAt: v.number(),
})
/** Rows that are asked for again, made anew, or missed by nobody where they cannot be read. */
const droppable = {
  authority: v.object({ signed: bytes }),
  scopeKeys: v.object({ wrap: bytes, served: v.optional(v.array(id)) }),
  sealed: v.object({ id: hash, scope: id, bytes, changes: v.array(v.object({ hash, actor: v.string() })) }),
  notices: v.object({ code: v.string(), params: v.record(v.string(), v.union([v.string(), v.number()])) }),
  projections: v.object({
    kind: v.string(),
    version: v.number(),
    title: v.string(),
    tasks: v.array(v.unknown()),
    taskCount: v.optional(v.number()),
    heads: v.record(v.string(), v.array(v.string())),
    contested: v.record(v.string(), v.array(v.unknown())),
  }),
  undo: v.object({
    way: v.picklist(['undo', 'redo']),
    group: v.string(),
    mutations: v.array(v.string()),
    changes: v.array(v.object({ doc: id, hashes: v.array(hash) })),
  }),
  seen: v.object({
    heads: v.record(v.string(), v.array(v.string())),
    at: v.optional(v.number()),
    count: v.optional(v.number()),
    entries: v.optional(v.array(v.object({ collection: v.string(), id: v.string(), text: v.optional(v.string()) }))),
  }),
  drafts: v.object({ doc: id, title: v.string(), at: v.number(), text: v.string(), changes: v.array(bytes) }),
} as const

/**
 * A workspace's own row as it can be used, the stored one itself where nothing had to be mended. Null where its keys cannot be
 * read. `relay`: the address that is taken for one that is damaged.
 */
export function mendWorkspace(stored: WorkspaceRow, relay: string): WorkspaceRow | null {
  if (!v.is(identityShape, stored)) return null
  const rest = v.parse(restShape, stored) as Partial<WorkspaceRow>
  // A workspace that stays on the device has no server: only a demo is that.
  const isReached = typeof stored.relay === 'string' && isRelayAddress(stored.relay)
  const demo = !isReached && (typeof stored.demo === 'boolean' ? stored.demo : stored.relay === null)
  const address = demo ? null : isReached ? stored.relay : relay
  const { promised, ...row } = { ...stored, ...rest, demo, relay: address }
  const kept = promised === undefined || v.is(promisedShape, promised)
  const mended = kept && promised ? { ...row, promised } : row
  const isWhole =
    kept && Object.entries(mended).every(([field, value]) => stored[field as keyof WorkspaceRow] === value)
  return isWhole ? stored : mended
}

/** Returns whether anything had to be mended. */
export async function mendRows(db: Db, ws: WorkspaceId): Promise<boolean> {
  let damaged = false
  for (const [store, shape] of Object.entries(droppable) as [keyof typeof droppable, v.GenericSchema][]) {
    const [keys, rows] = await Promise.all([db.getAllKeys(store, ofWorkspace(ws)), db.getAll(store, ofWorkspace(ws))])
    for (const [at, row] of rows.entries()) {
      const where = keys[at]
      if (where === undefined || v.is(shape, row)) continue
      damaged = true
      await db.delete(store, where as never)
    }
  }
  const docs = await mendDocs(db, ws)
  const places = await mendPlaces(db, ws)
  return damaged || docs || places
}

/** What a document is, and how far each device's chain in it has come, is in its records. */
async function mendDocs(db: Db, ws: WorkspaceId): Promise<boolean> {
  const range = ofWorkspace(ws)
  const [keys, rows] = await Promise.all([db.getAllKeys('docs', range), db.getAll('docs', range)])
  const whole = new Set<string>()
  let damaged = false
  for (const [at, row] of rows.entries()) {
    const [, doc] = keys[at] ?? []
    if (doc === undefined) continue
    if (v.is(docShape, row) && docIdOf(ws, row.scope, birthOf(row)) === doc) whole.add(doc)
    else {
      damaged = true
      await db.delete('docs', [ws, doc])
    }
  }
  for (const doc of await docsWithRecords(db, ws)) {
    if (whole.has(doc)) continue
    const row = await docFromRecords(db, ws, doc)
    if (!row) continue
    damaged = true
    await db.put('docs', row)
  }
  return damaged
}

async function docsWithRecords(db: Db, ws: WorkspaceId): Promise<Set<DocId>> {
  const docs = new Set<DocId>()
  const index = db.transaction('records').store.index('doc')
  for (let at = await index.openKeyCursor(ofWorkspace(ws), 'nextunique'); at; at = await at.continue())
    docs.add(at.key[1] as DocId)
  for (const [, doc] of await db.getAllKeys('sealed', ofWorkspace(ws))) docs.add(doc as DocId)
  return docs
}

/** Of no head that there is: the document is put together again from its records when it is opened. */
const UNKNOWN_HEAD = '0'.repeat(64)

async function docFromRecords(db: Db, ws: WorkspaceId, doc: DocId): Promise<DocRow | null> {
  const accepted = (await db.getAllFromIndex('records', 'doc', [ws, doc]))
    .filter(({ verdict }) => verdict === 'accepted')
    .sort((a, b) => a.position - b.position)
    .flatMap(({ bytes: record }) => recordIn(record))
  const mine = (await db.getAll('sealed', IDBKeyRange.bound([ws, doc], [ws, doc, []]))).flatMap(({ bytes: record }) =>
    recordIn(record),
  )
  const born = [...accepted, ...mine].find(({ header }) => header.birth !== null)?.header
  if (!born?.birth || docIdOf(ws, born.scope, born.birth) !== doc) return null
  const chains: DocRow['chains'] = {}
  for (const { header, id: record } of accepted)
    chains[header.device] = { seq: header.seq, id: record, part: header.part }
  return {
    ws,
    doc,
    scope: born.scope,
    ...born.birth,
    local: doc,
    acceptedHeads: [UNKNOWN_HEAD],
    chains,
    newerBy: [],
    checking: null,
    sinceSnapshot: 0,
    updatedAt: 0,
  }
}

/** How far the order of a scope has come is where its last record stands. */
async function mendPlaces(db: Db, ws: WorkspaceId): Promise<boolean> {
  let damaged = false
  const known = new Map((await db.getAll('cursors', ofWorkspace(ws))).map((row) => [row.scope, row]))
  const shape = v.object({ position: count, order: hash })
  const scopes = new Set([...known.keys(), ...(await db.getAll('docs', ofWorkspace(ws))).map(({ scope }) => scope)])
  for (const scope of scopes) {
    if (v.is(shape, known.get(scope))) continue
    const last = await lastRecord(db, ws, scope)
    if (!last && !known.has(scope)) continue
    damaged = true
    if (last) await db.put('cursors', { ws, scope, position: last.position, order: last.order })
    else await db.delete('cursors', [ws, scope])
  }
  return damaged
}

async function lastRecord(db: Db, ws: WorkspaceId, scope: ScopeId): Promise<RecordRow | null> {
  const range = IDBKeyRange.bound([ws, scope, 1], [ws, scope, Infinity])
  const cursor = await db.transaction('records').store.openCursor(range, 'prev')
  return cursor && v.is(hash, cursor.value.order) ? cursor.value : null
}

const birthOf = ({ lane, kind, creator, nonce }: DocRow): Birth => ({ lane, kind, creator, nonce })

function recordIn(stored: unknown): SealedRecord[] {
  const parsed = stored instanceof Uint8Array ? parseRecord(stored as Uint8Array<ArrayBuffer>) : null
  return parsed?.ok ? [parsed.value] : []
}
