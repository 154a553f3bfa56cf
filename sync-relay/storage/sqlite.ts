import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { toId, type DeviceId, type DocId, type ScopeId, type WorkspaceId } from '#lib/kernel/ids.ts'
import { bytesToHash, copyOf, hashToBytes, idToBytes, toHex, type Bytes, type Hash } from '#lib/sync/bytes.ts'
import { lanes, type Birth } from '#lib/sync/identities.ts'
import { firstPage } from '#lib/sync/protocol.ts'
import type { Part } from '#lib/sync/records.ts'
import { FolderInUse, StorageFull, type Placed, type Storage } from './storage.ts'

const SCHEMA = `
  create table if not exists meta (name text primary key, value blob not null) strict;
  create table if not exists log (ws blob, n integer, signed blob not null, primary key (ws, n)) strict, without rowid;
  create table if not exists docs (
    ws blob, doc blob, scope blob not null, lane text not null, kind text not null, creator blob not null, nonce blob not null,
    primary key (ws, doc)) strict, without rowid;
  create table if not exists records (
    ws blob not null, scope blob not null, position integer not null, id blob not null, ordering blob not null,
    doc blob not null, device blob not null, seq integer not null, epoch integer not null, part text, bytes blob not null,
    primary key (ws, scope, position)) strict;
  create unique index if not exists record_ids on records (ws, id);
  create unique index if not exists chains on records (ws, doc, device, seq);
  create table if not exists scope_key_wraps (
    ws blob, recipient blob, scope blob, epoch integer, sender blob, bytes blob not null,
    primary key (ws, recipient, scope, epoch, sender)) strict, without rowid;
  create table if not exists snapshots (
    ws blob, scope blob, doc blob, position integer not null, primary key (ws, scope, doc)) strict, without rowid;
  create table if not exists blobs (
    ws blob, scope blob, hash blob, total integer not null, primary key (ws, scope, hash)) strict, without rowid;
`

type Row = Record<string, SQLOutputValue>
const blob = (value: SQLOutputValue | undefined): Bytes => {
  if (value instanceof Uint8Array) return copyOf(value)
  throw new Error('the database holds something else than bytes')
}
const id = <Id extends WorkspaceId | ScopeId | DocId | DeviceId>(value: SQLOutputValue | undefined): Id =>
  toId<Id>(toHex(blob(value)))
const hash = (value: SQLOutputValue | undefined): Hash => bytesToHash(blob(value))
const sizeOf = ({ bytes }: Row): number => (bytes instanceof Uint8Array ? bytes.length : 0)
const toPart = (value: SQLOutputValue | undefined): Part | null =>
  typeof value === 'string' ? (JSON.parse(value) as Part) : null
const isFull = (error: unknown): boolean =>
  error instanceof Error && ('errcode' in error ? error.errcode === 13 || error.errcode === 778 : false)

/**
 * Two relays on one folder would each give out the same places of an order. The lock is one of the system's (SQLite's, on a file
 * beside the database, which others may so still read and copy): it goes with the process, however that ends.
 */
function lockFolder(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'relay.lock'))
  try {
    // One that is just ending has this long.
    lock.exec('pragma busy_timeout = 2000; begin exclusive')
  } catch (error) {
    lock.close()
    const isBusy = error instanceof Error && 'errcode' in error && error.errcode === 5
    throw isBusy ? new FolderInUse(folder) : error
  }
  return () => lock.close()
}

/** `:memory:` keeps nothing. `page_count` bounds the file (tests of a full disk). */
export function openSqlite(folder: string | ':memory:', options: { mostPages?: number } = {}): Storage {
  if (folder !== ':memory:') mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unlock = folder === ':memory:' ? () => undefined : lockFolder(folder)
  const db = new DatabaseSync(folder === ':memory:' ? folder : join(folder, 'relay.sqlite'))
  // A commit is on disk before it is acknowledged (R5).
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 2000;')
  db.exec(SCHEMA)
  if (options.mostPages) db.exec(`pragma max_page_count = ${options.mostPages}`)

  const statement = (sql: string) => db.prepare(sql)
  const getMeta = statement('select value from meta where name = ?')
  const setMeta = statement('insert into meta values (?, ?) on conflict (name) do update set value = excluded.value')
  const insertLog = statement('insert into log values (?, ?, ?)')
  const insertDoc = statement('insert or ignore into docs values (?, ?, ?, ?, ?, ?, ?)')
  const insertRecord = statement('insert into records values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const setSnapshot = statement('insert or replace into snapshots values (?, ?, ?, ?)')
  const insertWrap = statement('insert or replace into scope_key_wraps values (?, ?, ?, ?, ?, ?)')
  const byId = statement('select scope, position from records where ws = ? and id = ?')
  const byPosition = statement('select ordering from records where ws = ? and scope = ? and position = ?')
  const after = statement(
    'select position, bytes from records where ws = ? and scope = ? and position > ? order by position',
  )
  const isKnown = statement('select 1 from log where ws = ? limit 1')
  const snapshotsFrom = statement(
    `select snapshots.doc, bytes from snapshots join records using (ws, scope, position)
      where ws = ? and scope = ? order by snapshots.doc limit -1 offset ?`,
  )
  const wrapsFrom = statement(
    `select bytes from scope_key_wraps where ws = ?1 and recipient = ?2 and (?3 is null or scope = ?3)
      order by scope, epoch, sender limit -1 offset ?4`,
  )

  const write = <Result>(work: () => Result): Result => {
    db.exec('begin immediate')
    try {
      const result = work()
      db.exec('commit')
      return result
    } catch (error) {
      try {
        db.exec('rollback')
      } catch {
        // SQLite has rolled back by itself where the disk is full.
      }
      throw isFull(error) ? new StorageFull('full') : error
    }
  }

  return {
    identity(make) {
      const key = getMeta.get('key')
      const generation = getMeta.get('generation')
      const renewed = getMeta.get('renewed') !== undefined
      if (key && generation) return { key: blob(key['value']), generation: blob(generation['value']), renewed }
      const made = make()
      write(() => {
        setMeta.run('key', made.key)
        setMeta.run('generation', made.generation)
      })
      return { ...made, renewed: false }
    },
    setGeneration: (generation) =>
      write(() => {
        setMeta.run('generation', generation)
        setMeta.run('renewed', generation)
      }),
    isKnown: (ws) => isKnown.get(idToBytes(ws)) !== undefined,
    log: (ws) =>
      db
        .prepare('select signed from log where ws = ? order by n')
        .all(idToBytes(ws))
        .map((row: Row) => blob(row['signed'])),
    appendLog: (ws, n, signed) => write(() => void insertLog.run(idToBytes(ws), n, signed)),
    docs: (ws) =>
      db
        .prepare('select * from docs where ws = ?')
        .all(idToBytes(ws))
        .map((row: Row) => ({
          doc: id<DocId>(row['doc']),
          scope: id<ScopeId>(row['scope']),
          birth: {
            lane: lanes.find((lane) => lane === row['lane']) ?? 'main',
            kind: String(row['kind']),
            creator: id<DeviceId>(row['creator']),
            nonce: blob(row['nonce']),
          } satisfies Birth,
        })),
    chainEnds: (ws) =>
      db
        .prepare('select doc, device, max(seq) as seq, id, part from records where ws = ? group by doc, device')
        .all(idToBytes(ws))
        .map((row: Row) => ({
          doc: id<DocId>(row['doc']),
          device: id<DeviceId>(row['device']),
          seq: Number(row['seq']),
          id: hash(row['id']),
          part: toPart(row['part']),
        })),
    heads: (ws) =>
      db
        .prepare('select scope, max(position) as position, ordering from records where ws = ? group by scope')
        .all(idToBytes(ws))
        .map((row: Row) => ({
          scope: id<ScopeId>(row['scope']),
          position: Number(row['position']),
          order: hash(row['ordering']),
        })),
    bytesOf: (ws) =>
      Number(
        db
          .prepare(
            `select (select coalesce(sum(length(bytes)), 0) from records where ws = ?1)
                  + (select coalesce(sum(total), 0) from blobs where ws = ?1) as sum`,
          )
          .get(idToBytes(ws))?.['sum'] ?? 0,
      ),
    addRecords: (ws, records) =>
      write(() => {
        const workspace = idToBytes(ws)
        for (const record of records) {
          const { birth } = record
          const doc = idToBytes(record.doc)
          const scope = idToBytes(record.scope)
          if (birth) insertDoc.run(workspace, doc, scope, birth.lane, birth.kind, idToBytes(birth.creator), birth.nonce)
          insertRecord.run(
            workspace,
            scope,
            record.position,
            hashToBytes(record.id),
            hashToBytes(record.order),
            doc,
            idToBytes(record.device),
            record.seq,
            record.epoch,
            record.part ? JSON.stringify(record.part) : null,
            record.bytes,
          )
          if (record.isSnapshot) setSnapshot.run(workspace, scope, doc, record.position)
        }
      }),
    isAccepted: (ws, recordId) => byId.get(idToBytes(ws), hashToBytes(recordId)) !== undefined,
    positionOf: (ws, recordId) => {
      const row = byId.get(idToBytes(ws), hashToBytes(recordId))
      return row ? { scope: id<ScopeId>(row['scope']), position: Number(row['position']) } : null
    },
    orderAt: (ws, scope, position) => {
      const row = byPosition.get(idToBytes(ws), idToBytes(scope), position)
      return row ? hash(row['ordering']) : null
    },
    page: (ws, scope, from) =>
      firstPage<Row>(after.iterate(idToBytes(ws), idToBytes(scope), from), sizeOf).map((row) => ({
        position: Number(row['position']),
        bytes: blob(row['bytes']),
      })),
    placedAfter: (ws, scope, from) =>
      db
        .prepare(
          'select position, id, ordering, doc, device, seq, epoch, part from records where ws = ? and scope = ? and position > ? order by position',
        )
        .all(idToBytes(ws), idToBytes(scope), from)
        .map((row: Row): Placed => ({
          scope,
          position: Number(row['position']),
          id: hash(row['id']),
          order: hash(row['ordering']),
          doc: id<DocId>(row['doc']),
          device: id<DeviceId>(row['device']),
          seq: Number(row['seq']),
          epoch: Number(row['epoch']),
          part: toPart(row['part']),
        })),
    snapshots: (ws, scope, from) =>
      firstPage<Row>(snapshotsFrom.iterate(idToBytes(ws), idToBytes(scope), from), sizeOf).map((row) => ({
        doc: id<DocId>(row['doc']),
        record: blob(row['bytes']),
      })),
    blob: (ws, scope, name) => {
      const row = db
        .prepare('select total from blobs where ws = ? and scope = ? and hash = ?')
        .get(idToBytes(ws), idToBytes(scope), hashToBytes(name))
      return row ? Number(row['total']) : null
    },
    addBlob: (ws, scope, name, total) =>
      write(
        () =>
          void db
            .prepare('insert or ignore into blobs values (?, ?, ?, ?)')
            .run(idToBytes(ws), idToBytes(scope), hashToBytes(name), total),
      ),
    addWraps: (ws, wraps) =>
      write(() => {
        for (const wrap of wraps)
          insertWrap.run(
            idToBytes(ws),
            idToBytes(wrap.recipient),
            idToBytes(wrap.scope),
            wrap.epoch,
            idToBytes(wrap.sender),
            wrap.bytes,
          )
      }),
    wrapsFor: (ws, recipient, scope, from) =>
      firstPage<Row>(
        wrapsFrom.iterate(idToBytes(ws), idToBytes(recipient), scope && idToBytes(scope), from),
        sizeOf,
      ).map((row) => blob(row['bytes'])),
    close() {
      db.close()
      unlock()
    },
  }
}
