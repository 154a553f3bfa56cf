import { expect, test } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, axeFindsNothing, cardNamed, createWorkspace, openFirstBoard, syncIs, workOffline } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

test('damaged keys: the start page says how many workspaces cannot be opened and how to come back, and the others open', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Whole', 'Ann')
  await expect(page.getByTestId('card')).toHaveCount(2)
  const whole = page.url()
  await createWorkspace(page, relay.origin, 'Broken', 'Ann')
  await expect(page).not.toHaveURL(whole)
  await expect(page.getByTestId('card')).toHaveCount(2)
  // Another page of this origin, so that no core has the database in hand.
  await page.goto(`${relay.origin}/healthz`)
  await page.evaluate(async (kept) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('tongzhou')
      opening.onsuccess = () => resolve(opening.result)
    })
    const store = db.transaction('workspaces', 'readwrite').objectStore('workspaces')
    const rows = await new Promise<{ id: string; keys: object }[]>((resolve) => {
      const asking: IDBRequest<{ id: string; keys: object }[]> = store.getAll()
      asking.onsuccess = () => resolve(asking.result)
    })
    for (const row of rows) if (!kept.includes(row.id)) store.put({ ...row, keys: { ...row.keys, sign: 'garbage' } })
    await new Promise((resolve) => (store.transaction.oncomplete = resolve))
    db.close()
  }, whole)
  await page.goto(relay.origin)
  await expect(
    page.getByText('1 workspace on this device cannot be opened: the stored keys are damaged.'),
  ).toBeVisible()
  await expect(page.getByRole('link', { name: /Broken/ })).toHaveCount(0)
  await page.getByRole('link', { name: /Whole/ }).click()
  await expect(page.getByRole('main').getByRole('link', { name: /First board/ })).toBeVisible()
})

for (const [how, damage] of [
  ['overwritten with garbage', 'garbage'],
  ['emptied', 'nothing'],
] as const) {
  test(`damaged storage: a document whose stored bytes were ${how} comes back from its records, and it is said`, async ({
    page,
  }) => {
    await createWorkspace(page, relay.origin, 'Disk', 'Ann')
    await openFirstBoard(page)
    const board = page.url()
    for (const title of ['one', 'two', 'three']) await addCard(page, title)
    await syncIs(page, 'Synced')
    // Another page of this origin, so that no core has the database in hand.
    await page.goto(`${relay.origin}/healthz`)
    const spoiled = await page.evaluate(async (kind) => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open('tongzhou-documents')
        opening.onsuccess = () => resolve(opening.result)
      })
      const store = db.transaction('documents', 'readwrite').objectStore('documents')
      const keys = await new Promise<IDBValidKey[]>((resolve) => {
        const asking = store.getAllKeys()
        asking.onsuccess = () => resolve(asking.result)
      })
      // Of every document one chunk: the first that holds bytes.
      const documents = new Map<string, IDBValidKey>()
      for (const key of keys as string[][])
        if (key[0] !== '~touched' && !documents.has(key[0]!)) documents.set(key[0]!, key)
      for (const key of documents.values()) {
        const binary = kind === 'garbage' ? crypto.getRandomValues(new Uint8Array(300)) : null
        store.put({ key, binary }, key)
      }
      await new Promise((resolve) => (store.transaction.oncomplete = resolve))
      db.close()
      return documents.size
    }, damage)
    expect(spoiled).toBeGreaterThan(3)
    await page.goto(board)
    await expect(page.getByTestId('card')).toHaveCount(5)
    for (const title of ['one', 'two', 'three']) await expect(cardNamed(page, title)).toHaveCount(1)
    await expect(page.getByText('Stored data on this device was damaged.')).toBeVisible()
    await addCard(page, 'four')
    await syncIs(page, 'Synced')
    await page.getByRole('button', { name: 'Dismiss' }).first().click()
    // It leaves the screen once it has left the disk.
    await expect(page.getByText('Stored data on this device was damaged.')).toHaveCount(0)
    await page.reload()
    await expect(page.getByTestId('card')).toHaveCount(6)
    await expect(page.getByText('Stored data on this device was damaged.')).toHaveCount(0)
  })
}

test('damaged storage: without its log a device that works offline says that it must go online to fetch the workspace, at home and at the address of a board, and has the switch for it there', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Disk', 'Ann')
  await openFirstBoard(page)
  const board = page.url()
  await syncIs(page, 'Synced')
  await workOffline(page)
  await syncIs(page, 'Offline')
  // Another page of this origin, so that no core has the database in hand.
  await page.goto(`${relay.origin}/healthz`)
  await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('tongzhou')
      opening.onsuccess = () => resolve(opening.result)
    })
    const store = db.transaction('authority', 'readwrite').objectStore('authority')
    const keys = await new Promise<IDBValidKey[]>((resolve) => {
      const asking = store.getAllKeys()
      asking.onsuccess = () => resolve(asking.result)
    })
    for (const [ws, n] of keys as [string, number][]) store.put({ ws, n })
    await new Promise((resolve) => (store.transaction.oncomplete = resolve))
    db.close()
  })
  const main = page.getByRole('main')
  await page.goto(board.slice(0, board.lastIndexOf('/')))
  await expect(main.getByRole('heading', { name: 'This device must go online' })).toBeVisible()
  await expect(main).toContainText('You chose to work offline')
  await axeFindsNothing(page)
  await page.goto(board)
  await expect(main.getByRole('heading', { name: 'This device must go online' })).toBeVisible()
  await main.getByRole('switch', { name: 'Work offline' }).click()
  await expect(page.getByTestId('card')).toHaveCount(2)
  await syncIs(page, 'Synced')
})
