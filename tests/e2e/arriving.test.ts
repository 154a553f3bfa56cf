import { expect, test, type Page } from 'playwright/test'
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts'
import { addCard, cardNamed, createWorkspace, openFirstBoard, panelOf } from './steps.ts'

test.use({ serviceWorkers: 'allow' })

let relay: RelayProcess
test.beforeAll(async () => void (relay = await startRelayProcess()))
test.afterAll(() => relay.dispose())

declare global {
  interface Window {
    letCardsArrive: () => void
  }
}

/** Runs in the page before anything of it: the cards of a board are on their way until they are let in. */
function holdCards(): void {
  const held: (() => void)[] = []
  let holding = true
  window.letCardsArrive = () => {
    holding = false
    for (const tell of held.splice(0)) tell()
  }
  const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage')!
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    set(listener: (event: MessageEvent) => void) {
      set!.call(this, (event: MessageEvent<{ event?: { type?: string; docType?: string } }>) => {
        const { type, docType } = event.data.event ?? {}
        const isOfCards = docType === 'cards' || type === 'snapshot' || type === 'patches'
        if (holding && isOfCards) held.push(() => listener(event))
        else listener(event)
      })
    },
  })
}

const column = (page: Page, name: string) => page.getByTestId('column').filter({ hasText: name })

test('Ann follows a link to a card of a board that is still being read: columns stand there, nothing says that they are empty, a card that she adds comes last', async ({
  page,
}) => {
  await createWorkspace(page, relay.origin, 'Harbour', 'Ann')
  await openFirstBoard(page)
  for (const title of ['Order paper', 'Print the posters']) await addCard(page, title)
  await cardNamed(page, 'Order paper').click()
  await expect(panelOf(page)).toBeVisible()

  await page.addInitScript(holdCards)
  await page.reload()
  const todo = column(page, 'To do')
  await expect(todo.getByRole('button', { name: 'Add a card to To do' }).first()).toBeVisible()
  await expect(todo).toHaveAttribute('aria-label', 'To do')
  await expect(page.getByTestId('card')).toHaveCount(0)
  await expect(page.getByText('No cards')).toHaveCount(0)
  await expect(page.getByText('This card is not on the board')).toHaveCount(0)

  await todo.getByRole('button', { name: 'Add a card to To do' }).last().click()
  const field = todo.getByRole('textbox', { name: 'Add a card to To do' })
  await field.fill('Call the printer')
  await field.press('Enter')
  await page.evaluate(() => window.letCardsArrive())
  await expect(panelOf(page)).toBeVisible()
  await expect(todo.getByTestId('card')).toHaveCount(5)
  await expect(todo.getByTestId('card').last()).toContainText('Call the printer')
})
