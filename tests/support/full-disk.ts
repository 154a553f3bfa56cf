/**
 * A disk without room: no transaction that puts something into this device's databases is committed. Looks into
 * fake-indexeddb: a browser that is full says so when it commits, after every request has succeeded.
 */
import 'fake-indexeddb/auto'
import { onTestFinished } from 'vitest'

interface RawTransaction extends IDBTransaction {
  _markFinished: () => void
  _abort: (name: string) => void
}

export interface FullDisk {
  /** How many transactions it has not taken. */
  refused: () => number
  makeRoom: () => void
}

/** `stores`: which of its stores have no room; all of them unless it is said. */
export function fillDisk(device: string, stores: readonly string[] | null = null): FullDisk {
  const put = IDBObjectStore.prototype.put
  const refused = new Set<IDBTransaction>()
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
    const transaction = this.transaction as RawTransaction
    const isItsOwn = [device, `${device}-documents`].includes(transaction.db.name)
    if (isItsOwn && (stores?.includes(this.name) ?? true) && !refused.has(transaction)) {
      const finish = transaction._markFinished
      transaction._markFinished = () => {
        transaction._markFinished = finish
        refused.add(transaction)
        transaction._abort('QuotaExceededError')
      }
    }
    return put.apply(this, args)
  }
  const makeRoom = () => void (IDBObjectStore.prototype.put = put)
  onTestFinished(makeRoom)
  return { refused: () => refused.size, makeRoom }
}
