import { readdirSync, readFileSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { expect, test } from 'playwright/test'
import { startRecordingProxy } from '../support/recording-proxy.ts'
import { startRelayProcess } from '../support/relay-process.ts'
import {
  addCard,
  cardNamed,
  createWorkspace,
  inviteLink,
  join,
  openFirstBoard,
  panelOf,
  retitle,
  syncIs,
} from './steps.ts'

/** Planted words, one for every place where a person writes; half of them Chinese, none of them in the application. A new place gets a word here. */
const WORDS = {
  workspace: 'Quagmire Works',
  ann: 'Zephyrine Oddsworth',
  bo: '欧阳雪菲',
  device: 'Wobblephone Zwölf',
  board: '蓬莱仙岛计划',
  column: 'Hinterland lane',
  card: 'Gargantuan xylophone',
  cardAgain: '琥珀色的齿轮箱',
  description: 'Perspicacious narwhals 喜马拉雅的雪豹',
  label: 'Mauve quokka',
  filed: '紫檀木的账簿',
  item: 'Effervescent pumpernickel',
  itemAgain: '琉璃瓦上的麻雀',
  invited: 'Bartholomew Fothergill',
  department: '孔雀蓝织造处',
  view: 'Umbrageous shortlist',
  version: '白露之前的定稿',
  template: 'Kaleidoscope blueprint',
}

/** The ways in which a word may lie in bytes: UTF-8, both UTF-16, hexadecimal, and Base64 at each of the three alignments. */
function disguises(word: string): Buffer[] {
  const utf8 = Buffer.from(word)
  const little = Buffer.from(word, 'utf16le')
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64')
    // The first and the last letters depend on the neighbours.
    return Buffer.from(text.slice(shift === 0 ? 0 : 4, -4))
  })
  return [utf8, little, Buffer.from(little).swap16(), Buffer.from(utf8.toString('hex')), ...base64]
}

test('the relay is blind: no frame that it saw and no file that it stored holds a word that people wrote', async ({
  browser,
}) => {
  const relay = await startRelayProcess()
  const proxy = await startRecordingProxy(relay.port)
  const contexts = await Promise.all([browser.newContext(), browser.newContext(), browser.newContext()])
  const [ann, bo, phone] = await Promise.all(contexts.map((context) => context.newPage()))
  if (!ann || !bo || !phone) throw new Error('three devices')
  try {
    await createWorkspace(ann, proxy.origin, WORDS.workspace, WORDS.ann)
    await openFirstBoard(ann)
    const board = ann.url()
    await ann.getByRole('button', { name: 'Board actions' }).click()
    await ann.getByRole('menuitem', { name: 'Rename board' }).click()
    await expect(ann.getByRole('textbox', { name: 'Board name' })).toBeFocused()
    await ann.getByRole('textbox', { name: 'Board name' }).fill(WORDS.board)
    await ann.keyboard.press('Enter')
    await ann.getByRole('button', { name: 'Add column' }).first().click()
    await ann.getByRole('textbox', { name: 'Column name' }).fill(WORDS.column)
    await ann.keyboard.press('Enter')
    await addCard(ann, WORDS.card)
    await retitle(ann, WORDS.card, WORDS.cardAgain)
    const description = panelOf(ann).getByRole('textbox', { name: 'Description' })
    await description.click()
    await ann.keyboard.type(WORDS.description)
    await panelOf(ann).getByRole('button', { name: 'Choose labels' }).click()
    await ann.getByPlaceholder('Find or create a label').fill(WORDS.label)
    await ann.getByText(`Create label “${WORDS.label}”`).click()
    await ann.keyboard.press('Escape')
    const item = panelOf(ann).getByRole('textbox', { name: 'Add an item' })
    await item.fill(WORDS.item)
    await item.press('Enter')
    await item.fill(WORDS.itemAgain)
    await item.press('Enter')
    await expect(cardNamed(ann, WORDS.cardAgain).getByText('0 of 2 done')).toBeAttached()

    await ann.getByRole('searchbox', { name: 'Filter cards' }).fill(WORDS.cardAgain)
    await ann.getByRole('button', { name: 'Save as…' }).click()
    await ann.getByRole('textbox', { name: 'Name of the view' }).fill(WORDS.view)
    await ann.getByRole('checkbox', { name: 'Everybody on this board gets it' }).check()
    await ann.getByRole('button', { name: 'Save', exact: true }).click()
    const views = ann.getByRole('toolbar', { name: 'View of the board' })
    await expect(views.getByRole('button', { name: `View: ${WORDS.view}` })).toBeVisible()
    await views.getByRole('button', { name: `View: ${WORDS.view}` }).click()
    await ann.getByRole('menuitem', { name: 'All cards' }).click()
    await expect(ann.getByTestId('card')).toHaveCount(3)
    const choose = async (action: string) => {
      await ann.getByRole('button', { name: 'Board actions' }).click()
      await ann.getByRole('menuitem', { name: action }).click()
    }
    await choose('Versions')
    const versions = ann.getByRole('dialog', { name: 'Versions' })
    await versions.getByRole('textbox', { name: 'Name of the version' }).fill(WORDS.version)
    await ann.keyboard.press('Enter')
    await expect(versions.getByRole('listitem').filter({ hasText: WORDS.version })).toBeVisible()
    await ann.keyboard.press('Escape')
    await choose('Save as template…')
    const saving = ann.getByRole('dialog', { name: 'Save as a template' })
    await saving.getByLabel('Name of the template').fill(WORDS.template)
    await saving.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(saving).toHaveCount(0)
    await choose('Import CSV')
    const file = { name: 'plan.csv', mimeType: 'text/csv', buffer: Buffer.from(`title\n${WORDS.filed}\n`) }
    await ann.getByRole('dialog').locator('input[type=file]').setInputFiles(file)
    await ann.getByRole('button', { name: 'Import 1 card' }).click()
    await expect(cardNamed(ann, WORDS.filed)).toHaveCount(1)

    const link = await inviteLink(ann, WORDS.invited)
    const departments = ann.getByRole('region', { name: 'Departments' })
    await departments.getByRole('button', { name: 'New department' }).click()
    await ann.getByRole('textbox', { name: 'Name of the department' }).fill(WORDS.department)
    await ann.keyboard.press('Enter')
    await expect(departments.getByRole('listitem').filter({ hasText: WORDS.department })).toBeVisible()
    await join(bo, link, WORDS.bo)
    await bo.getByRole('link', { name: WORDS.board }).first().click()
    await cardNamed(bo, WORDS.cardAgain).click()
    await expect(panelOf(bo).getByRole('textbox', { name: 'Description' })).toContainText(WORDS.description)
    await ann.getByRole('button', { name: 'Link a device' }).click()
    await ann.getByRole('button', { name: 'Show the link' }).click()
    await phone.goto(await ann.getByRole('dialog').getByRole('textbox').inputValue())
    await phone.getByLabel('Name of this device').fill(WORDS.device)
    await phone.getByRole('button', { name: 'Link this device' }).click()
    await expect(phone.getByRole('link', { name: WORDS.board }).first()).toBeVisible()
    await ann.goto(board)
    await expect(ann.getByTestId('presence').first()).toBeVisible()
    for (const page of [ann, bo, phone]) await syncIs(page, 'Synced')
  } finally {
    for (const context of contexts) await context.close()
    await proxy.close()
    await relay.stop()
  }
  const stored = readdirSync(relay.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(joinPath(entry.parentPath, entry.name)))
  // There was something to look through, and looking finds what is there.
  expect(proxy.frames.length).toBeGreaterThan(50)
  expect(stored.reduce((sum, bytes) => sum + bytes.length, 0)).toBeGreaterThan(50_000)
  const everything = Buffer.concat([...proxy.frames, ...stored])
  for (const open of ['challenge', 'records', 'board.cards']) expect(everything.includes(open)).toBe(true)
  const found = Object.entries(WORDS).flatMap(([place, word]) =>
    // A word of several is looked for in its parts too; shorter ones would turn up by chance.
    [word, ...word.split(' ').filter((part) => Buffer.byteLength(part) >= 6)].flatMap((part) =>
      disguises(part).flatMap((hidden, way) => (everything.includes(hidden) ? [`${place}: ${part} (${way})`] : [])),
    ),
  )
  expect(found).toEqual([])
  await relay.dispose()
})
