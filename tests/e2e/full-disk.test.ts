import { expect, test, type Browser, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  axeFindsNothing,
  cardNamed,
  createWorkspace,
  inviteLink,
  join,
  openFirstBoard,
  syncIs,
} from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

const banner = (page: Page) => page.getByText('This device has no space left: edits are not being stored.')

/** A device of its own, whose small disk can be filled to the last byte. */
async function deviceWithQuota(browser: Browser) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  const quota = (quotaSize?: number) =>
    session.send('Storage.overrideQuotaForOrigin', { origin: relay.origin, ...(quotaSize && { quotaSize }) })
  await page.goto(relay.origin)
  await quota(800_000)
  const fill = async () => {
    const fits = await page.evaluate(async () => {
      const opening = indexedDB.open('ballast')
      opening.onupgradeneeded = () => opening.result.createObjectStore('ballast', { autoIncrement: true })
      const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)))
      const isTaken = (size: number) =>
        new Promise<boolean>((resolve) => {
          const tx = db.transaction('ballast', 'readwrite')
          tx.oncomplete = () => resolve(true)
          tx.onabort = () => resolve(false)
          tx.objectStore('ballast').put(crypto.getRandomValues(new Uint8Array(size)))
        })
      let most = 1_000
      for (const size of [60_000, 6_000, 600, 60, 6]) while (most > 0 && (await isTaken(size))) most--
      db.close()
      return most === 0
    })
    expect(fits).toBe(false)
    // The browser tidies up what is there: what that gives back is no room.
    await quota(1)
  }
  return { context, page, fill, makeRoom: () => quota() }
}

/** Ann and Bo on one board, with Ann's disk full. */
async function boardOnFullDisk(browser: Browser) {
  const { context, page: ann, fill, makeRoom } = await deviceWithQuota(browser)
  const his = await browser.newContext()
  const bo = await his.newPage()
  await createWorkspace(ann, relay.origin, 'Disk', 'Ann')
  await openFirstBoard(ann)
  const board = ann.url()
  await join(bo, await inviteLink(ann), 'Bo')
  await openFirstBoard(bo)
  await ann.goto(board)
  await syncIs(ann, 'Synced')
  await fill()
  const leave = async () => {
    await context.close()
    await his.close()
  }
  return { ann, bo, makeRoom, leave }
}

test('a full disk: the badge says that an edit is not stored and what to do, never that it is synced, and with room again it is stored and arrives without another edit (P6)', async ({
  browser,
}) => {
  const { ann, bo, makeRoom, leave } = await boardOnFullDisk(browser)
  await addCard(ann, 'written on a full disk')
  await expect(banner(ann)).toBeVisible()
  await syncIs(ann, 'Not stored · 1 waiting')
  await ann.getByTestId('sync-state').click()
  await expect(ann.getByText('are lost if the app is closed now. Keep it open and free some space')).toBeVisible()
  await axeFindsNothing(ann)
  await ann.keyboard.press('Escape')
  await expect(cardNamed(bo, 'written on a full disk')).toHaveCount(0)
  // Whoever loads the page anew meanwhile is asked, and has not lost it by staying.
  const asking = ann.waitForEvent('dialog')
  await ann.evaluate(() => void setTimeout(() => location.reload()))
  const question = await asking
  expect(question.type()).toBe('beforeunload')
  await question.dismiss()
  await expect(cardNamed(ann, 'written on a full disk')).toHaveCount(1)
  await makeRoom()
  await syncIs(ann, 'Synced')
  await expect
    .poll(() => ann.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))))
    .toBe(false)
  await expect(banner(ann)).toHaveCount(0)
  await expect(cardNamed(bo, 'written on a full disk')).toHaveCount(1)
  await ann.reload()
  await expect(ann.getByRole('region', { name: 'Column To do, 3 cards' })).toBeVisible()
  await leave()
})

test('a disk that is full when the app is opened: nothing is said to be under way, and with room again all comes and goes by itself @long', async ({
  browser,
}) => {
  const { ann, bo, makeRoom, leave } = await boardOnFullDisk(browser)
  await ann.reload()
  await addCard(bo, 'from Bo')
  await addCard(ann, 'after the reload')
  await syncIs(ann, 'Not stored')
  await makeRoom()
  await syncIs(ann, 'Synced')
  await expect(cardNamed(ann, 'from Bo')).toHaveCount(1)
  await expect(cardNamed(bo, 'after the reload')).toHaveCount(1)
  await expect(banner(ann)).toHaveCount(0)
  await leave()
})
