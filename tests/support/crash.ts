/**
 * What is on a device's disk at one moment, in the middle of whatever it is doing: committed transactions are, others are
 * not. Looks into fake-indexeddb, where a browser would have to be killed.
 */
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { openDb } from '#lib/store/db.ts'

interface RawTransaction {
  mode: IDBTransactionMode
  _started: boolean
  _state: string
}
interface RawDatabase {
  transactions: RawTransaction[]
  rawObjectStores: Map<string, { keyPath: unknown; records: { values: () => Iterable<Row> } }>
}
interface Row {
  key: IDBValidKey
  value: unknown
}
/** By store, with the rows' keys where the store keeps them outside of the rows. */
type Content = Map<string, { inline: boolean; rows: Row[] }>
export interface Disk {
  core: Content
  documents: Content
}

const raw = (name: string): RawDatabase => {
  const databases = (indexedDB as unknown as { _databases: Map<string, RawDatabase> })._databases
  const found = databases.get(name)
  if (!found) throw new Error(`no database ${name}`)
  return found
}
const namesOf = (device: string): string[] => [device, `${device}-documents`]

const isWriting = (name: string): boolean =>
  raw(name).transactions.some(({ mode, _started, _state }) => mode !== 'readonly' && _started && _state !== 'finished')

function contentOf(name: string): Content {
  const content: Content = new Map()
  for (const [store, { keyPath, records }] of raw(name).rawObjectStores)
    content.set(store, { inline: keyPath !== null, rows: structuredClone([...records.values()]) })
  return content
}

/** The disk as soon as no transaction is half done; `cut` runs in the same moment. */
export async function diskOf(device: string, cut: () => void): Promise<Disk> {
  const [core = '', documents = ''] = namesOf(device)
  while (namesOf(device).some(isWriting)) await new Promise((resolve) => setImmediate(resolve))
  cut()
  return { core: contentOf(core), documents: contentOf(documents) }
}

/** Puts it under a new name, as a profile copied file by file. */
export async function writeDisk(device: string, { core, documents }: Disk): Promise<void> {
  const [coreName = '', documentsName = ''] = namesOf(device)
  const upgrade = (db: { createObjectStore: (name: string) => unknown }) =>
    documents.forEach((_, store) => db.createObjectStore(store))
  const targets = [
    { db: await openDb(coreName), content: core },
    { db: await openDB(documentsName, 1, { upgrade }), content: documents },
  ] as { db: Awaited<ReturnType<typeof openDB>>; content: Content }[]
  for (const { db, content } of targets) {
    for (const [store, { inline, rows }] of content) {
      const tx = db.transaction(store, 'readwrite')
      await Promise.all([...rows.map(({ key, value }) => tx.store.put(value, inline ? undefined : key)), tx.done])
    }
    db.close()
  }
}

const waiting = new Map<string, { left: number; then: () => void }>()

/** Calls back in the moment of the device's n-th commit from now. */
export function atCommit(device: string, n: number, then: () => void): void {
  waiting.set(device, { left: n, then })
}
export const atNoCommit = (device: string): void => void waiting.delete(device)

const transaction = IDBDatabase.prototype.transaction
IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
  const made = transaction.apply(this, args)
  if (made.mode === 'readwrite') made.addEventListener('complete', () => committed(this.name))
  return made
}

function committed(database: string): void {
  for (const [device, entry] of waiting) {
    if (!namesOf(device).includes(database) || --entry.left > 0) continue
    waiting.delete(device)
    entry.then()
  }
}
