import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, createWorkspace, openFirstBoard, syncIs, workOffline } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

/** Notes every word that the badge says from now on. */
async function listenToBadge(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const said: string[] = []
    const note = () => {
      const words = document.querySelector('[data-testid=sync-state]')?.getAttribute('data-state')
      if (words && said.at(-1) !== words) said.push(words)
    }
    note()
    new MutationObserver(note).observe(document.body, { subtree: true, attributes: true, childList: true })
    Object.assign(window, { badgeSaid: said })
  })
  return () => page.evaluate(() => (window as unknown as { badgeSaid: string[] }).badgeSaid)
}

/** Notes what a screen reader is told of the connection, from the next load on. */
async function listenToLiveRegion(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const told: string[] = []
    new MutationObserver(() => {
      for (const { textContent: text } of document.querySelectorAll('.sr-only[role=status]'))
        if (text && /^(Offline|Connected again)$/.test(text) && told.at(-1) !== text) told.push(text)
    }).observe(document, { subtree: true, characterData: true, childList: true })
    Object.assign(window, { told })
  })
  return () => page.evaluate(() => (window as unknown as { told: string[] }).told)
}

test('the switch "work offline": two tabs, reload and a deep link go on, and the badge never says "synced" without a receipt (P6)', async ({
  context,
}) => {
  const page = await context.newPage()
  await createWorkspace(page, relay.origin, 'Ferry', 'Ann')
  await openFirstBoard(page)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await syncIs(page, 'Synced')
  const said = await listenToBadge(page)
  await workOffline(page)
  await syncIs(page, 'Offline')
  await addCard(page, 'on the ferry')
  await syncIs(page, 'Offline · \\d+ waiting')
  await page.getByTestId('sync-state').click()
  await expect(page.getByText('You chose to work offline.')).toBeVisible()
  await page.keyboard.press('Escape')
  expect((await said()).slice(1)).not.toContain('synced')
  expect((await said()).slice(1)).not.toContain('sending')

  // The choice lasts: another tab, a reload, and a link to one card while nothing answers.
  await cardNamed(page, 'on the ferry').click()
  await expect(page).toHaveURL(/\?card=/)
  const deep = page.url()
  await relay.kill()
  const second = await context.newPage()
  await second.goto(deep)
  await expect(second.getByTestId('card-panel')).toBeVisible()
  await syncIs(second, 'Offline · \\d+ waiting')
  await page.reload()
  await expect(page.getByTestId('card-panel')).toBeVisible()
  await relay.restart()
  await addCard(second, 'in the second tab')
  await expect(cardNamed(page, 'in the second tab')).toHaveCount(1)
  await syncIs(page, 'Offline · \\d+ waiting')

  const saidAfter = await listenToBadge(page)
  await workOffline(second)
  await syncIs(page, 'Synced')
  await syncIs(second, 'Synced')
  const words = await saidAfter()
  expect(words.indexOf('synced')).toBe(words.length - 1)
  await second.close()
  const told = await listenToLiveRegion(page)
  await page.reload()
  await expect(cardNamed(page, 'on the ferry')).toHaveCount(1)
  await expect(cardNamed(page, 'in the second tab')).toHaveCount(1)
  await syncIs(page, 'Synced')
  // A load is no return: that is told only after a loss that was told.
  await workOffline(page)
  await syncIs(page, 'Offline')
  await workOffline(page)
  await syncIs(page, 'Synced')
  await expect.poll(told).toEqual(['Offline', 'Connected again'])
})
