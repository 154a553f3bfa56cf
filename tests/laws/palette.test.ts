/**
 * What a person can do with a button or a menu, the palette can do, too. Every label of a button, a menu entry or a field to
 * choose in is looked for in the sources: it has to be a command under the same words, or stand below with its reason.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'svelte/compiler'
import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import { answersTo, asksOn, bare } from '#lib/ui/commands.svelte.ts'

const root = join(import.meta.dirname, '../../src/lib')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(?:svelte|ts)$/.test(file) && !file.startsWith('i18n'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

/** Where commands come from: the palette's own, and what screens offer while they are there. */
const offering = sources.filter(
  ({ file, text }) =>
    file.endsWith('Palette.svelte') || /\bOffer\b|\.offer\(|\boffer\w*Menu\(|: MenuEntry\[\] \{/.test(text),
)
const wordsIn = (text: string) => [...text.matchAll(/\bt\(\)\.([a-zA-Z]+\.[a-zA-Z]+)/g)].map(([, words = '']) => words)
const commands = new Set(offering.flatMap(({ text }) => wordsIn(scriptOf(text))))

/** What a command opens: what can be done in it is done there. By file, the words of that command. */
const OPENED: Readonly<Record<string, string>> = {
  'kinds/board/ui/AddColumn.svelte': 'board.addColumn',
  'kinds/board/ui/ArchiveColumnDialog.svelte': 'board.archiveColumn',
  'kinds/board/ui/ArchivedDialog.svelte': 'board.archived',
  'kinds/board/ui/BlockedByField.svelte': 'blocking.title',
  'kinds/board/ui/BoardPrint.svelte': 'print.menu',
  'kinds/board/ui/CardClipboard.svelte': 'clipboard.paste',
  'kinds/board/ui/ChangeList.svelte': 'news.open',
  'kinds/board/ui/ColumnLimitDialog.svelte': 'limit.menu',
  'kinds/board/ui/CreateBoard.svelte': 'palette.newBoard',
  'kinds/board/ui/FilterBar.svelte': 'board.filters',
  'kinds/board/ui/HistoryList.svelte': 'board.history',
  'kinds/board/ui/HistoryPanel.svelte': 'board.history',
  'kinds/board/ui/ImportMapping.svelte': 'board.importCsv',
  'kinds/board/ui/ImportLists.svelte': 'board.importCsv',
  'kinds/board/ui/ImportPeople.svelte': 'board.importCsv',
  'kinds/board/ui/ImportWizard.svelte': 'board.importCsv',
  'kinds/board/ui/KeepForAll.svelte': 'contested.keepAll',
  'kinds/board/ui/LabelDialog.svelte': 'palette.editLabel',
  'kinds/board/ui/LostNote.svelte': 'lost.restore',
  'kinds/board/ui/MoveDialog.svelte': 'move.to',
  'kinds/board/ui/MoveElsewhere.svelte': 'move.to',
  'kinds/board/ui/NewsButton.svelte': 'news.open',
  'kinds/board/ui/NewsPanel.svelte': 'news.open',
  'kinds/board/ui/QuickAdd.svelte': 'board.addCard',
  'kinds/board/ui/TableAdd.svelte': 'board.addCard',
  'kinds/board/ui/RepeatNote.svelte': 'board.finished',
  'kinds/board/ui/TemplateDialog.svelte': 'templates.save',
  'kinds/board/ui/VersionsDialog.svelte': 'versions.open',
  'kinds/board/ui/ViewDialog.svelte': 'views.saveAs',
  'ui/Kit.svelte': 'settings.renewKit',
  'ui/shell/ArchivedBoards.svelte': 'board.restore',
  'ui/people/Invitations.svelte': 'palette.goPeople',
  'ui/people/InviteDialog.svelte': 'palette.invite',
  'ui/people/LinkDeviceDialog.svelte': 'people.linkDevice',
  'ui/shell/SyncBadge.svelte': 'palette.toggleOffline',
  'ui/shell/Templates.svelte': 'templates.begin',
  'ui/shell/WorkOffline.svelte': 'palette.toggleOffline',
}
/** Answers to a question that the product asks, parts of a control, and screens outside a workspace. */
const NO_COMMANDS = [
  'kinds/board/ui/Checklist.svelte',
  'kinds/board/ui/MeanwhileNote.svelte',
  'kinds/board/ui/CutOffImport.svelte',
  'kinds/board/ui/FormatBar.svelte',
  'kinds/board/ui/UnderWay.svelte',
  'kinds/board/ui/UndoQuestion.svelte',
  'kinds/board/ui/WhoDialog.svelte',
  'ui/Banner.svelte',
  'ui/Confirm.svelte',
  'ui/ContestedChoice.svelte',
  'ui/DateField.svelte',
  'ui/Dialog.svelte',
  'ui/Toasts.svelte',
  'ui/people/MeanwhileName.svelte',
  'ui/shell/KitNotice.svelte',
  'ui/shell/Missing.svelte',
  'ui/shell/Palette.svelte',
  'ui/shell/PartReplaced.svelte',
  'ui/shell/Problem.svelte',
  'ui/shell/Removed.svelte',
  'ui/shell/SetupToken.svelte',
  'ui/shell/WorkPage.svelte',
]
const isOutside = (file: string) => file.startsWith('ui/start/') || NO_COMMANDS.includes(file)
/** The same in the words of its place, with what it is as a command; null where it is no deed: it opens a menu, closes, or names. */
const OTHER_WORDS: Readonly<Record<string, string | null>> = {
  'board.addCardTo': 'board.addCard',
  'board.columnMenu': null,
  'board.menu': null,
  'board.startUsual': 'board.addColumn',
  'bulk.select': 'bulk.selectThis',
  'card.close': null,
  'card.column': 'palette.moveTo',
  'card.editLabel': 'palette.editLabel',
  'news.inThisCard': 'news.open',
  'news.inThisCardShort': 'news.open',
  'card.mergeTwin': 'card.addLabel',
  'card.findLabel': null,
  'card.findPerson': null,
  'card.history': 'board.history',
  'card.menu': null,
  'card.noPerson': null,
  'common.cancel': null,
  'contested.more': null,
  'common.close': null,
  'common.create': 'departments.create',
  'common.remove': 'card.addAssignee',
  'common.save': 'departments.edit',
  'doubled.archive': 'card.archive',
  'home.createBoard': 'palette.newBoard',
  'home.showMore': null,
  'home.showAll': null,
  'home.showFewer': null,
  'nav.newBoard': 'palette.newBoard',
  'nav.openSidebar': null,
  'nav.search': null,
  'nav.shortcuts': 'palette.shortcuts',
  'notices.seeDevices': 'palette.goPeople',
  'people.invite': 'palette.invite',
  'people.linkUnused': 'palette.goPeople',
  'people.removeDevice': 'palette.goPeople',
  'people.withdrawLink': 'palette.goPeople',
  'presence.more': null,
  'replay.compareShort': 'replay.compare',
  'replay.restoreShort': 'replay.restoreBoard',
  'replay.speed': 'replay.play',
  'settings.language': 'palette.toggleLanguage',
  'table.group': 'palette.groupBy',
  'views.changed': null,
  'views.choose': null,
  'views.dropCondition': 'board.clearFilter',
  'welcome.demoBadge': null,
}

function scriptOf(text: string): string {
  const end = text.lastIndexOf('</script>')
  return end < 0 ? text : text.slice(0, end)
}
const CONTROLS = new Set(['Button', 'IconButton', 'Menu', 'Select', 'Picker', 'DayField', 'Switch', 'Choice'])

function controlsOf({ file, text }: (typeof sources)[number]): string[] {
  if (!file.endsWith('.svelte')) return []
  const found: string[] = []
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk)
    if (typeof node !== 'object' || node === null) return
    const { type, name, start, end } = node as { type?: string; name?: string; start?: number; end?: number }
    if ((type === 'Component' && CONTROLS.has(name ?? '')) || (type === 'RegularElement' && name === 'button'))
      found.push(...wordsIn(text.slice(start, end)))
    else Object.values(node).forEach(walk)
  }
  walk(parse(text, { modern: true }).fragment)
  for (const [, words = ''] of text.matchAll(/\blabel: t\(\)\.([a-zA-Z]+\.[a-zA-Z]+)/g)) found.push(words)
  return found
}

test('every control of the product is a command of the palette, or says why it is none', () => {
  const missing = sources
    .filter(({ file }) => !isOutside(file) && !OPENED[file])
    .flatMap((source) =>
      [...new Set(controlsOf(source))]
        .filter((words) => !commands.has(words) && OTHER_WORDS[words] === undefined)
        .map((words) => `${source.file}: ${words}`),
    )
  expect(missing).toEqual([])
})

test('what stands for a control is a command, and no exception outlives what it was made for', () => {
  const standing = [...Object.values(OPENED), ...Object.values(OTHER_WORDS)].filter((words) => words !== null)
  expect(standing.filter((words) => !commands.has(words))).toEqual([])
  const files = new Set(sources.map(({ file }) => file))
  expect([...Object.keys(OPENED), ...NO_COMMANDS].filter((file) => !files.has(file))).toEqual([])
  const used = new Set(sources.filter(({ file }) => !OPENED[file] && !isOutside(file)).flatMap(controlsOf))
  expect(Object.keys(OTHER_WORDS).filter((words) => !used.has(words) || commands.has(words))).toEqual([])
})

/** What people type who look for something under a name of their own, and the command that they mean. */
const LOOKED_FOR: readonly (readonly [command: keyof typeof en.palette.also, english: string, chinese: string])[] = [
  ['home', 'overdue', '我的任务'],
  ['newBoard', 'new board', '新建看板'],
  ['people', 'link device', '关联设备'],
  ['settings', 'recovery kit', '恢复包'],
  ['language', 'language', '语言'],
  ['offline', 'offline', '离线'],
  ['newCard', 'new card', '新建卡片'],
  ['newCard', 'create card', '新卡片'],
  ['filters', 'overdue', '逾期'],
  ['onlyMine', 'assigned to me', '分配给我'],
  ['lanes', 'swimlane', '泳道'],
  ['finished', 'mark done', '标记完成'],
  ['openCard', 'description', '描述'],
  ['openCard', 'checklist', '清单'],
  ['assign', 'assign to me', '指派'],
  ['label', 'new label', '新建标签'],
  ['editLabel', 'rename label', '重命名标签'],
  ['editLabel', 'label colour', '标签颜色'],
  ['checklist', 'checklist', '清单'],
  ['due', 'due date', '截止日期'],
  ['start', 'start date', '开始日期'],
  ['moveTo', 'mark done', '标记完成'],
]

test('what people look for under other words is found by them, in either language', () => {
  expect(new Set(LOOKED_FOR.map(([command]) => command))).toEqual(new Set(Object.keys(en.palette.also)))
  for (const [command, english, chinese] of LOOKED_FOR) {
    expect(answersTo({ label: '', also: en.palette.also[command] }, english), english).toBe(true)
    const label = command === 'newBoard' ? zhCN.palette.newBoard : ''
    expect(answersTo({ label, also: zhCN.palette.also[command] }, chinese), chinese).toBe(true)
  }
  const offered = offering.map(({ text }) => text).join('\n')
  for (const [command] of LOOKED_FOR)
    expect(offered).toMatch(new RegExp(`palette\\.also(?:\\.${command}\\b|\\[field\\])`))
})

test('a command that asks on has its dots once, and none before an answer', () => {
  for (const { move, card } of [en, zhCN]) {
    expect(asksOn(move.to)).toBe(move.to)
    expect(asksOn(card.priority)).toBe(`${card.priority}…`)
    expect(bare(move.to)).not.toContain('…')
  }
})
