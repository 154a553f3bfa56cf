import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, test } from 'playwright/test'
import { startRelayProcess } from '../support/relay-process.ts'
import { createWorkspace, openFirstBoard } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

test('update: a new version is offered, waits for a yes, and a half-typed card outlives the offer (P57)', async ({
  page,
}) => {
  const relay = await startRelayProcess()
  // The same application with another version of its service worker, once that is asked for.
  let version = ''
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' }
    // Else the answer to "has it changed?" would be an empty no.
    delete headers['if-none-match']
    delete headers['if-modified-since']
    const onward = request(
      {
        host: '127.0.0.1',
        port: relay.port,
        method: incoming.method,
        path: incoming.url,
        headers,
      },
      (answer) => {
        if (!version || !incoming.url?.startsWith('/service-worker.js')) {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
          return
        }
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => {
          outgoing.writeHead(200, { 'content-type': 'text/javascript' })
          outgoing.end(`${Buffer.concat(parts).toString()}\n// ${version}`)
        })
      },
    )
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await createWorkspace(page, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'Versions', 'Ann')
    await openFirstBoard(page)
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await page.reload()
    await expect(page.getByTestId('card')).toHaveCount(2)
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
    version = 'the next version'
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update().then(() => undefined))
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
    // The next visit offers it again; taken, it reloads with everything there.
    await page.reload()
    await expect(now).toBeVisible()
    const other = await page.context().newPage()
    await other.goto(page.url())
    const nowThere = other.getByRole('button', { name: 'Update now' })
    await expect(nowThere).toBeVisible()
    const reloaded = page.waitForEvent('load')
    await now.click()
    await reloaded
    // In another tab it is still offered, and taken by that tab alone.
    const reloadedThere = other.waitForEvent('load')
    await nowThere.click()
    await reloadedThere
    await expect(other.getByTestId('card')).toHaveCount(3)
    await expect(nowThere).toHaveCount(0)
    await expect(page.getByTestId('card')).toHaveCount(3)
    await expect(now).toHaveCount(0)
    expect(
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting ?? null),
    ).toBeNull()
  } finally {
    server.closeAllConnections()
    server.close()
    await relay.dispose()
  }
})
