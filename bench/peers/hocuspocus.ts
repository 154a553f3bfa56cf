/** Hocuspocus with its usual configuration, keeping documents in SQLite (its own debounce: 2 s after a change, not before). */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Server } from '@hocuspocus/server'
import * as Y from 'yjs'
import { announce } from './announce.ts'

const db = new DatabaseSync(join(process.env['DATA_DIR'] ?? '.', 'hocuspocus.sqlite'))
db.exec('pragma journal_mode = wal; pragma synchronous = full')
db.exec('create table if not exists documents (name text primary key, state blob not null)')
const get = db.prepare('select state from documents where name = ?')
const set = db.prepare('insert or replace into documents values (?, ?)')

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  async onLoadDocument({ document, documentName }) {
    const state = get.get(documentName)?.['state']
    if (state instanceof Uint8Array) Y.applyUpdate(document, state)
  },
  async onStoreDocument({ document, documentName }) {
    set.run(documentName, Y.encodeStateAsUpdate(document))
  },
})
await server.listen()
announce(server.httpServer.address())
