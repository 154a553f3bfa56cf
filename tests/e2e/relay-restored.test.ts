import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { expect, test } from 'playwright/test'
import { startRelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, createWorkspace, inviteLink, join, openFirstBoard, syncIs } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

test('relay restored from an older copy of its data: what it lost is offered again, nothing is lost or doubled (R12)', async ({
  browser,
}) => {
  const relay = await startRelayProcess()
  const copy = mkdtempSync(joinPath(tmpdir(), 'tongzhou-copy-'))
  const contexts = await Promise.all([browser.newContext(), browser.newContext(), browser.newContext()])
  const [ann, bo, cy] = await Promise.all(contexts.map((context) => context.newPage()))
  if (!ann || !bo || !cy) throw new Error('three devices')
  try {
    await createWorkspace(ann, relay.origin, 'Skiff', 'Ann')
    await openFirstBoard(ann)
    const board = ann.url()
    await addCard(ann, 'in the copy')
    await syncIs(ann, 'Synced')
    await relay.stop()
    await syncIs(ann, 'Offline')
    cpSync(relay.dataDir, copy, { recursive: true })
    await relay.restart()
    // An invitation that was made without a connection is not known there yet.
    await syncIs(ann, 'Synced')

    // After the copy was made: an invitation, a new member, cards of both.
    const link = await inviteLink(ann)
    await join(bo, link, 'Bo')
    await openFirstBoard(bo)
    await addCard(bo, 'Bo after the copy')
    await ann.goto(board)
    await addCard(ann, 'Ann after the copy')
    await expect(cardNamed(bo, 'Ann after the copy')).toHaveCount(1)
    await syncIs(ann, 'Synced')
    await syncIs(bo, 'Synced')

    await relay.stop()
    await syncIs(ann, 'Offline')
    rmSync(relay.dataDir, { recursive: true })
    cpSync(copy, relay.dataDir, { recursive: true })
    await relay.restart()
    await expect(ann.getByText('The server was restored from an older copy.').first()).toBeVisible({ timeout: 60_000 })
    await syncIs(ann, 'Synced')
    await expect(bo.getByText('The server was restored from an older copy.').first()).toBeVisible({ timeout: 60_000 })
    await syncIs(bo, 'Synced')
    const later = await inviteLink(ann)
    await join(cy, later, 'Cy')
    await openFirstBoard(cy)
    for (const title of ['in the copy', 'Bo after the copy', 'Ann after the copy'])
      await expect(cardNamed(cy, title)).toHaveCount(1)
    await expect(cy.getByTestId('card')).toHaveCount(5)
    await addCard(cy, 'Cy is in')
    await expect(cardNamed(bo, 'Cy is in')).toHaveCount(1)
    await expect(bo.getByTestId('card')).toHaveCount(6)
  } finally {
    for (const context of contexts) await context.close()
    await relay.dispose()
    rmSync(copy, { recursive: true, force: true })
  }
})
