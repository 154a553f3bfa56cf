import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test, type Page } from 'playwright/test'
import { createRelay } from '../../sync-relay/relay.ts'
import { startRecordingProxy } from '../support/recording-proxy.ts'
import { createWorkspace, openFirstBoard, panelOf, syncIs } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

/** A server whose application has another version from `replaceVersion` on. */
async function serveVersions() {
  const folder = mkdtempSync(join(tmpdir(), 'tongzhou-versions-'))
  const [app, dataDir] = [join(folder, 'build'), join(folder, 'data')]
  cpSync(join(import.meta.dirname, '..', '..', 'build'), app, { recursive: true })
  const host = '127.0.0.1'
  let relay = await createRelay({ port: 0, host, dataDir, app })
  const { port } = relay
  return {
    port,
    /**
     * Named otherwise. With `parts` its scripts are, too, but for the first ones and the core: those of before are there no more.
     * With `core` that one is as well, so that it waits until the core of before has gone.
     */
    async replaceVersion(renamed?: 'parts' | 'core') {
      await relay.close()
      const { version } = JSON.parse(readFileSync(join(app, '_app', 'version.json'), 'utf8')) as { version: string }
      const names = new Map([[version, `${version}1`]])
      const paths = readdirSync(app, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => ({ path: join(parentPath, name), parentPath, name }))
      // The page's own script has its digest in the policy.
      const first = readFileSync(join(app, 'index.html'), 'utf8')
      const isRenamed = (name: string) =>
        /\.js$/.test(name) &&
        !name.startsWith('service-worker') &&
        !first.includes(name) &&
        (renamed === 'core' || !name.startsWith('core.worker'))
      for (const { name } of paths) if (renamed && isRenamed(name)) names.set(name, `next-${name}`)
      for (const { path, parentPath, name } of paths) {
        if (/\.(br|gz)$/.test(name)) rmSync(path)
        else {
          if (/\.(js|json|html)$/.test(name)) {
            let text = readFileSync(path, 'utf8')
            for (const [before, now] of names) text = text.replaceAll(before, now)
            writeFileSync(path, text)
          }
          const next = names.get(name)
          if (next) renameSync(path, join(parentPath, next))
        }
      }
      relay = await createRelay({ port, host, dataDir, app })
    },
    stop: () => relay.close(),
    async [Symbol.asyncDispose]() {
      await relay.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The first board, with its two cards, in a page that the service worker has. */
async function openInstalled(page: Page, origin: string): Promise<void> {
  await createWorkspace(page, origin, 'Versions', 'Ann')
  await openFirstBoard(page)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.reload()
  await expect(page.getByTestId('card')).toHaveCount(2)
}

/** As it does by itself once an hour. */
const lookForUpdate = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update().then(() => undefined))

async function forgetBrowserCache(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.clearBrowserCache')
  await session.detach()
}

const waitingIn = (page: Page) =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting ?? null)

test('update: a new version is offered, waits for a yes, and a half-typed card outlives the offer (P57)', async ({
  page,
}) => {
  await using server = await serveVersions()
  await openInstalled(page, `http://127.0.0.1:${server.port}`)
  const column = page.getByTestId('column').first()
  const addCard = column.getByRole('button', { name: /Add a card to/ }).last()
  await addCard.click()
  await page.keyboard.type('half a card')
  // Left for another page, the words are there when she comes back.
  await page.getByRole('link', { name: 'Home' }).first().click()
  await expect(page.getByTestId('column')).toHaveCount(0)
  await page.goBack()
  await expect(addCard).toHaveText('half a card')
  await addCard.click()
  await expect(column.getByRole('textbox')).toHaveValue('half a card')
  await server.replaceVersion()
  await lookForUpdate(page)
  const now = page.getByRole('button', { name: 'Update now' })
  await expect(now).toBeVisible()
  // Nothing happens by itself.
  await expect(column.getByRole('textbox')).toHaveValue('half a card')
  // Nor by the button, while something is only typed, however often it is pressed; and the browser asks before the page is left.
  await now.dblclick()
  await expect(page.getByText('“half a card” is only typed so far').first()).toBeVisible()
  const anyway = page.getByRole('button', { name: 'Update anyway' })
  await expect(anyway).toBeVisible()
  await expect(column.getByRole('textbox')).toHaveValue('half a card')
  const isAsked = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
  expect(await isAsked()).toBe(true)
  // The question goes with what is typed, and once that is added the plain offer is back.
  await column.getByRole('textbox').fill('half a card more')
  await expect(page.getByText('“half a card more” is only typed so far').first()).toBeVisible()
  await column.getByRole('textbox').press('Enter')
  await expect(page.getByTestId('card')).toHaveCount(3)
  await expect(now).toBeVisible()
  await expect(anyway).toHaveCount(0)
  await expect.poll(isAsked).toBe(false)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  // The next visit offers it again; taken, it reloads with everything there. Whoever gives up what is typed is not asked twice.
  await page.reload()
  await expect(now).toBeVisible()
  await addCard.click()
  await page.keyboard.type('given up')
  await now.click()
  const questions: string[] = []
  page.on('dialog', (dialog) => {
    questions.push(dialog.type())
    void dialog.dismiss()
  })
  const reloaded = page.waitForEvent('load')
  await anyway.click()
  await reloaded
  expect(questions).toEqual([])
  await expect(page.getByTestId('card')).toHaveCount(3)
  await expect(now).toHaveCount(0)
  expect(await waitingIn(page)).toBeNull()
})

test('update: in another tab it is still offered, and taken by that tab alone; who waits for that takes a newer one meanwhile (P57)', async ({
  page,
}) => {
  await using server = await serveVersions()
  await openInstalled(page, `http://127.0.0.1:${server.port}`)
  const replace = async () => {
    // The first scripts keep their names here, and name the new core.
    await forgetBrowserCache(page)
    await server.replaceVersion('core')
    await lookForUpdate(page)
  }
  await replace()
  const now = page.getByRole('button', { name: 'Update now' })
  await expect(now).toBeVisible()
  const other = await page.context().newPage()
  await other.goto(page.url())
  const nowThere = other.getByRole('button', { name: 'Update now' })
  await expect(nowThere).toBeVisible()
  await other.getByRole('button', { name: 'Dismiss' }).click()
  await expect(nowThere).toHaveCount(0)
  await expect(other.getByTestId('card')).toHaveCount(2)
  // However much that tab asks for meanwhile: a worker that is never idle for a second is not let go.
  const asking = await other.evaluate(() => Number(setInterval(() => void fetch('/healthz').catch(() => undefined), 5)))
  const take = async () => {
    const reloaded = page.waitForEvent('load')
    await now.click()
    await reloaded
    // For the core of before, which the other tab still has.
    await expect(page.getByRole('heading', { name: 'Still open in another tab' })).toBeVisible()
  }
  await take()
  await other.evaluate((timer) => clearInterval(timer), asking)
  // A core that has not begun is not waited for.
  await replace()
  await take()
  // Dismissed before, it is offered there again: that tab is the last one of the version before.
  await expect(nowThere).toBeVisible()
  const reloadedThere = other.waitForEvent('load')
  await nowThere.click()
  await reloadedThere
  await expect(other.getByTestId('card')).toHaveCount(2)
  await expect(nowThere).toHaveCount(0)
  await expect(page.getByTestId('card')).toHaveCount(2)
  await expect(now).toHaveCount(0)
  expect(await waitingIn(page)).toBeNull()
})

test('update: a tab that goes on with the version before finds what it has not loaded yet; two versions later it is told (P57)', async ({
  page,
}) => {
  await using server = await serveVersions()
  await openInstalled(page, `http://127.0.0.1:${server.port}`)
  const descriptionIn = (tab: Page) => panelOf(tab).getByRole('textbox', { name: 'Description' })
  await page.getByTestId('card').first().click()
  await expect(descriptionIn(page)).toBeEditable()
  await descriptionIn(page).pressSequentially('Three offers')
  await page.keyboard.press('Escape')
  const [other, third] = [await page.context().newPage(), await page.context().newPage()]
  for (const tab of [other, third]) {
    await tab.goto(page.url().replace(/\?.*/, ''))
    await expect(tab.getByTestId('card')).toHaveCount(2)
  }
  const replace = async () => {
    await server.replaceVersion('parts')
    await lookForUpdate(page)
    const reloaded = page.waitForEvent('load')
    await page.getByRole('button', { name: 'Update now' }).click()
    await reloaded
    await expect(page.getByTestId('card')).toHaveCount(2)
    // What the browser holds besides is gone: its own cache is no promise.
    await forgetBrowserCache(other)
  }
  await replace()
  await other.getByTestId('card').first().click()
  await expect(descriptionIn(other)).toBeEditable()
  await replace()
  // It is said at once; trying as often as for what breaks off takes 7 seconds.
  const soon = { timeout: 3_000 }
  const told = /this tab still shows the version before/
  for (const item of ['Versions', 'Import', 'Versions']) {
    await other.getByRole('button', { name: 'Board actions' }).click()
    await other.getByRole('menuitem', { name: item }).click()
    await expect(other.getByRole('paragraph').filter({ hasText: told })).toBeVisible(soon)
  }
  // Once, in the place of the offer, with the same way out of it.
  await expect(other.getByText('A new version is ready')).toHaveCount(0)
  const nowThere = other.getByRole('button', { name: 'Update now' })
  await expect(nowThere).toHaveCount(1)
  await other
    .getByTestId('column')
    .first()
    .getByRole('button', { name: /Add a card to/ })
    .last()
    .click()
  await other.keyboard.type('half a card')
  await nowThere.click()
  await expect(other.getByText('“half a card” is only typed so far').first()).toBeVisible()
  await other.getByTestId('column').first().getByRole('textbox').fill('')
  await other.keyboard.press('Escape')
  await server.stop()
  // What a card says is read all the same where the editor is one of the parts that do not come.
  await third.getByTestId('card').first().click()
  await expect(panelOf(third).getByRole('status').filter({ hasText: told })).toBeVisible(soon)
  await expect(panelOf(third).getByText('Three offers')).toBeVisible()
  const reloaded = third.waitForEvent('load')
  await panelOf(third).getByRole('button', { name: 'Update now' }).click()
  await reloaded
  await expect(descriptionIn(third)).toHaveText('Three offers')
  // Without the server other pages come all the same, and the page anew, which has it all.
  await other.keyboard.press('Escape')
  const board = other.url()
  for (const [link, shown] of [
    ['People', 'Invite'],
    ['Settings', 'Save'],
  ] as const) {
    await other.getByRole('link', { name: link }).first().click()
    await expect(other.getByRole('button', { name: shown }).first()).toBeVisible()
  }
  await other.goto(board)
  await other.getByRole('button', { name: 'Board actions' }).click()
  await other.getByRole('menuitem', { name: 'Versions' }).click()
  await expect(other.getByRole('dialog', { name: 'Versions' })).toBeVisible()
})

test('update: a request that hangs does not hold the new version up, nor is anything of the board lost (P57)', async ({
  page,
}) => {
  await using server = await serveVersions()
  const proxy = await startRecordingProxy(
    server.port,
    () => false,
    () => false,
    (path) => path.endsWith('/hangs.js'),
  )
  try {
    await openInstalled(page, proxy.origin)
    const asked = page.waitForRequest('**/hangs.js')
    await page.evaluate(() => void fetch('/_app/immutable/hangs.js').catch(() => undefined))
    await asked
    await server.replaceVersion()
    await syncIs(page, 'Synced')
    await lookForUpdate(page)
    const reloaded = page.waitForEvent('load')
    await page.getByRole('button', { name: 'Update now' }).click()
    await reloaded
    await expect(page.getByTestId('card')).toHaveCount(2)
    await expect(page.getByRole('button', { name: 'Update now' })).toHaveCount(0)
  } finally {
    await proxy.close()
  }
})
