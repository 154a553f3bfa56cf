import 'fake-indexeddb/auto'
import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { openDB } from 'idb'
import { expect, onTestFinished, test } from 'vitest'
import { DocumentStore } from '#lib/store/document-store.ts'
import type { StoredDocument } from '#lib/store/stored-document.ts'

let databases = 0
function twoStarts(): { name: string; start: () => DocumentStore } {
  const name = `documents-${databases++}`
  return {
    name,
    start() {
      const store = new DocumentStore(name)
      onTestFinished(() => store.close())
      return store
    },
  }
}

async function rowsOf(name: string): Promise<string[][]> {
  const db = await openDB(name)
  const keys = (await db.getAllKeys('documents')) as string[][]
  db.close()
  return keys
}
const chunks = async (name: string) => (await rowsOf(name)).filter((key) => key.length === 3)
const marks = async (name: string) => (await rowsOf(name)).filter(([local]) => local?.startsWith('~'))

const text = randomText(20_000)
const filled = () => A.from<Record<string, unknown>>({ text, count: 0 })

async function writeOften(store: DocumentStore, document: StoredDocument, times: number): Promise<void> {
  for (let n = 1; n <= times; n++) {
    document.change((draft) => void (draft['count'] = n), 'count', 0)
    await store.save(document)
  }
}

test('what Ann saved change by change is there after a restart', async () => {
  const { start } = twoStarts()
  const before = start()
  const document = await before.create('a', filled())
  await writeOften(before, document, 20)
  const after = await start().open('a')
  expect(after?.doc()['count']).toBe(20)
  expect(A.getHeads(after!.doc())).toEqual(A.getHeads(document.doc()))
})

test('a document that is left alone becomes one row, without a mark, and still says the same', async () => {
  const { name, start } = twoStarts()
  const store = start()
  const document = await store.create('a', filled())
  await writeOften(store, document, 30)
  expect((await chunks(name)).length).toBeGreaterThan(20)
  await store.rows.clearTouched('a')
  await store.rows.clearUnprojected(['a'])
  await store.compact(document)
  expect(await chunks(name)).toHaveLength(1)
  expect(await marks(name)).toEqual([])
  expect((await start().open('a'))?.doc()['count']).toBe(30)
})

test('what is not saved yet does not go to disk with a compaction: it would be there without its mark', async () => {
  const { start } = twoStarts()
  const store = start()
  const document = await store.create('a', filled())
  await writeOften(store, document, 30)
  document.change((draft) => void (draft['count'] = 'unsaved'), 'count', 0)
  await store.compact(document)
  expect((await start().open('a'))?.doc()['count']).toBe(30)
})

test('however often Ann writes, the rows of a document stay few', async () => {
  const { name, start } = twoStarts()
  const store = start()
  const document = await store.create('a', A.from<Record<string, unknown>>({ text: randomText(100_000), count: 0 }))
  await writeOften(store, document, 500)
  expect((await chunks(name)).length).toBeLessThan(410)
  expect((await start().open('a'))?.doc()['count']).toBe(500)
})

test('every document that was written is marked until somebody has looked at it', async () => {
  const { start } = twoStarts()
  const store = start()
  const document = await store.create('a', filled())
  await store.rows.clearTouched('a')
  expect(await store.rows.touched()).toEqual(new Set())
  await writeOften(store, document, 1)
  expect(await store.rows.touched()).toEqual(new Set(['a']))
  expect(await store.rows.unprojected()).toEqual(new Set(['a']))
})

test('a damaged row is left out and noticed, the others are read', async () => {
  const { name, start } = twoStarts()
  const store = start()
  await writeOften(store, await store.create('a', filled()), 3)
  const db = await openDB(name)
  const key = (await chunks(name)).find(([, part]) => part === 'incremental')
  await db.put('documents', { key, binary: new Uint8Array(300) }, key)
  db.close()
  const after = start()
  expect((await after.open('a'))?.doc()['text']).toBe(text)
  expect(after.rows.isDamaged('a')).toBe(true)
})

test('a change that is refused leaves no trace, and nobody is told', async () => {
  const { start } = twoStarts()
  const document = await start().create('a', filled())
  const told: unknown[] = []
  document.listen((change) => told.push(change))
  const heads = A.getHeads(document.doc())
  const refuse = (draft: Record<string, unknown>) => {
    draft['count'] = 1
    throw new Error('no')
  }
  expect(() => document.change(refuse, 'count', 0)).toThrow('no')
  expect(A.getHeads(document.doc())).toEqual(heads)
  expect(document.doc()['count']).toBe(0)
  expect(told).toEqual([])
  document.change((draft) => void (draft['count'] = 2), 'count', 0)
  expect(told).toHaveLength(1)
})

/** Hardly compressible. */
function randomText(length: number): string {
  let state = 7
  let text = ''
  while (text.length < length) text += (state = (Math.imul(state, 1103515245) + 12345) >>> 0).toString(36)
  return text
}
