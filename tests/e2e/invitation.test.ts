import jsQR from 'jsqr'
import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { createWorkspace } from './steps.ts'

let relay: RelayProcess
test.beforeAll(async () => {
  relay = await startRelayProcess()
})
test.afterAll(() => relay.dispose())

/** What a camera reads from the code of that name. */
async function scanned(page: Page, label: string): Promise<string | null> {
  const { pixels, side } = await page.getByRole('img', { name: label }).evaluate(async (svg) => {
    const side = 600
    const copy = svg.cloneNode(true) as SVGElement
    copy.setAttribute('width', String(side))
    copy.setAttribute('height', String(side))
    const image = new Image()
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = side
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0, side, side)
    return { pixels: [...(context?.getImageData(0, 0, side, side).data ?? [])], side }
  })
  return jsQR(Uint8ClampedArray.from(pixels), side, side)?.data ?? null
}

test('the code beside an invitation says to a camera what the link says', async ({ page }) => {
  await createWorkspace(page, relay.origin, 'Skiff', 'Ann')
  await page.getByRole('link', { name: 'People' }).first().click()
  await page
    .getByRole('button', { name: /Invite/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  expect(await scanned(page, 'Scan to join')).toBe(link)
})
