/** A board of thousands of cards in a workspace of its own, whole on disk and at the relay: what benchmarks in a browser open. */
import type { BrowserContext, Page } from 'playwright'
import type { MutationCall } from '../../src/lib/kernel/define-kind.ts'
import { createWorkspace } from '../../tests/e2e/steps.ts'
import { callCore, prepare, workspaceOf } from './browser.ts'

/** For 10,000 cards to come in on a busy machine. */
export const PATIENCE = 300_000

/** Gives the addresses of the workspace and of the board. */
export async function fillLargeBoard(
  context: BrowserContext,
  origin: string,
  calls: MutationCall[],
): Promise<{ home: string; board: string }> {
  await prepare(context)
  const page = await context.newPage()
  await createWorkspace(page, origin, 'Bench', 'Ann')
  await page
    .getByRole('link', { name: /First board/ })
    .first()
    .waitFor()
  const workspace = workspaceOf(page)
  const { root } = await callCore(page, 'createWork', { workspace, kind: 'board', calls })
  const home = `${origin}/${workspace}`
  const board = `${home}/${root}`
  // The core answers before all of it is on disk, and ends with its last page; what the page says is of after that.
  await page.locator(`a[href$="${root}"]`).first().waitFor({ timeout: PATIENCE })
  await allSynced(page)
  await page.goto(board)
  await page.getByTestId('card').first().waitFor({ timeout: PATIENCE })
  await allSynced(page)
  await page.close()
  return { home, board }
}

async function allSynced(page: Page): Promise<void> {
  const isSynced = () =>
    document.querySelector('[data-testid="sync-state"]')?.getAttribute('aria-label')?.includes('Synced')
  await page.waitForFunction(isSynced, undefined, { timeout: PATIENCE })
}
