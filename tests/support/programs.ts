/** For every kind, random calls that fit its typical fixture, and one call of every mutation. */
import fc from 'fast-check'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { board } from '#lib/kinds/board/index.ts'
import { repeats } from '#lib/kinds/board/repeat.ts'
import { colors, priorities } from '#lib/kinds/board/schema.ts'

const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })
const calls = (mutation: string, args: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<MutationCall> =>
  fc.record(args).map((made) => call(mutation, made))

/** Quotation marks are left to the sentences that are made of these. */
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== '' && !/[“”]/.test(text))
const hexId = fc.constantFrom('0a'.repeat(16), '1b'.repeat(16), '2c'.repeat(16))
const order = fc.constantFrom('a0', 'a0V', 'a1', 'a1G', 'a2', 'b00')
const day = fc.constantFrom('2026-11-23', '2026-12-01', '2027-02-28', null)
const locale = fc.constantFrom('zh-CN', 'en')

function idsIn(mutation: string, key: string): string[] {
  return board.fixtures.typical().flatMap((made) => (made.mutation === mutation ? [String(made.args[key])] : []))
}
const column = fc.constantFrom(...idsIn('addColumn', 'column'))
const labels = idsIn('addLabel', 'label')
const label = fc.constantFrom(...labels)
const card = fc.constantFrom(...idsIn('addCard', 'card'))
const withItems = fc.constant('k1')
const item = fc.constantFrom('i1', 'i2')
const view = fc.constantFrom(...idsIn('addView', 'view'))
const version = fc.constantFrom(...idsIn('nameVersion', 'version'))
const content = fc.constantFrom('{}', '{"layout":"table"}', '{"text":"交期","due":"week"}')
const heads = fc.dictionary(hexId, fc.uniqueArray(fc.constantFrom('ab'.repeat(32), 'cd'.repeat(32))), { maxKeys: 2 })
const color = fc.constantFrom(...colors)
const priority = fc.constantFrom(...priorities, null)
/** Of a paragraph that is gone: ids of those that are there differ from device to device. */
const block = fc.constant(`4@${'ab'.repeat(24)}`)
const letter = fc.integer({ min: 4, max: 12 }).map((at) => `${at}@${'ab'.repeat(24)}`)
const link = fc.constantFrom('https://one.example', null)
const format = fc.constantFrom({ is: 'heading', level: 2 }, { is: 'unordered-list-item', within: ['blockquote'] })
const works = fc.constantFrom('a'.repeat(32), 'b'.repeat(32))

/**
 * A map per kind from each mutation to random calls of it that fit the typical fixture. The ids of what is created come
 * from `fresh`, so that two devices never make one id.
 */
export const callsOf: Record<string, (fresh: fc.Arbitrary<string>) => Record<string, fc.Arbitrary<MutationCall>>> = {
  workspace: () => ({
    renameWorkspace: calls('renameWorkspace', { name }),
    introducePerson: calls('introducePerson', { person: hexId, name, locale }),
    nameScope: calls('nameScope', { scope: hexId, name }),
    nameDevice: calls('nameDevice', { device: hexId, name, kind: fc.constantFrom('phone', 'computer'), browser: name }),
    nameInvite: calls('nameInvite', { invite: hexId, name }),
  }),
  index: (fresh) => ({
    listWork: calls('listWork', {
      work: fresh.map((id) => Buffer.from(id.padEnd(16, '0').slice(-16)).toString('hex')),
      kind: fc.constant('board'),
      title: name,
    }),
    retitleWork: calls('retitleWork', { work: works, title: name }),
    archiveWork: calls('archiveWork', { work: works }),
    restoreWork: calls('restoreWork', { work: works }),
  }),
  prose: (fresh) => ({
    addEntry: calls('addEntry', { entry: fresh, text: fc.string({ unit: 'grapheme' }) }),
    keepText: calls('keepText', { entry: fc.constantFrom('p1', 'p2'), spans: fc.constant([]) }),
    keepFormat: calls('keepFormat', { entry: fc.constantFrom('p1', 'p2'), block, format }),
    keepLink: calls('keepLink', { entry: fc.constantFrom('p1', 'p2'), from: letter, to: letter, link }),
    keepWords: calls('keepWords', { entry: fc.constantFrom('p1', 'p2'), from: letter, to: letter, words: name }),
  }),
  board: (fresh) => ({
    renameBoard: calls('renameBoard', { title: name }),
    addColumn: calls('addColumn', { column: fresh, title: name, order, color: fc.option(color) }),
    renameColumn: calls('renameColumn', { column, title: name }),
    setColumnDone: calls('setColumnDone', { column, done: fc.boolean() }),
    recolorColumn: calls('recolorColumn', { column, color: fc.option(color) }),
    setColumnLimit: calls('setColumnLimit', { column, limit: fc.option(fc.integer({ min: 1, max: 20 })) }),
    addView: calls('addView', { view: fresh, name, content, order, owner: fc.option(hexId) }),
    editView: calls('editView', { view, name, content }),
    removeView: calls('removeView', { view }),
    restoreView: calls('restoreView', { view }),
    nameVersion: calls('nameVersion', { version: fresh, name, heads: heads }),
    renameVersion: calls('renameVersion', { version, name }),
    removeVersion: calls('removeVersion', { version }),
    restoreVersion: calls('restoreVersion', { version }),
    setTemplate: calls('setTemplate', { template: fc.boolean() }),
    moveColumn: calls('moveColumn', { column, order }),
    archiveColumn: calls('archiveColumn', { column }),
    restoreColumn: calls('restoreColumn', { column }),
    addLabel: calls('addLabel', { label: fresh, name, color }),
    editLabel: calls('editLabel', { label, name, color }),
    removeLabel: calls('removeLabel', { label }),
    mergeLabel: calls('mergeLabel', { label: fc.constant(labels[0]), into: fc.constant(labels[1]) }),
    restoreLabel: calls('restoreLabel', { label }),
    addShard: calls('addShard', { doc: hexId, type: fc.constant('cards') }),
    addCard: calls('addCard', {
      card: fresh,
      title: name,
      column,
      order,
      priority,
      due: day,
      labels: fc.uniqueArray(label),
      from: fc.option(fc.record({ work: hexId, entity: card, cut: card }), { nil: undefined }),
    }),
    retitleCard: calls('retitleCard', { card, title: name }),
    moveCard: calls('moveCard', { card, column, order }),
    respaceCard: calls('respaceCard', { card, order }),
    setAssignee: calls('setAssignee', { card, person: hexId, on: fc.boolean() }),
    setLabel: calls('setLabel', { card, label, on: fc.boolean() }),
    setDates: calls('setDates', { card, start: day, due: day }),
    setPriority: calls('setPriority', { card, priority }),
    setEstimate: calls('setEstimate', { card, estimate: fc.option(fc.integer({ min: 0, max: 400 })) }),
    setRepeat: calls('setRepeat', { card, repeat: fc.option(fc.constantFrom(...repeats)) }),
    setBlockedBy: calls('setBlockedBy', { card, by: card, on: fc.boolean() }),
    addChecklistItem: calls('addChecklistItem', { card, item: fresh, text: name, order }),
    editChecklistItem: calls('editChecklistItem', { card: withItems, item, text: name }),
    tickChecklistItem: calls('tickChecklistItem', { card: withItems, item, done: fc.boolean() }),
    moveChecklistItem: calls('moveChecklistItem', { card: withItems, item, order }),
    removeChecklistItem: calls('removeChecklistItem', { card: withItems, item }),
    restoreChecklistItem: calls('restoreChecklistItem', { card: withItems, item }),
    keepBoth: calls('keepBoth', { card }),
    keepDescription: calls('keepDescription', { card, text: name }),
    keepFormat: calls('keepFormat', { card, block, format }),
    keepLink: calls('keepLink', { card, from: letter, to: letter, link }),
    keepWords: calls('keepWords', { card, from: letter, to: letter, words: name }),
    archiveCard: calls('archiveCard', { card }),
    restoreCard: calls('restoreCard', { card }),
  }),
}

/** A short program of one device; what it creates has ids that begin with the given letter, never twice the same. */
export function programOf(kind: string, letter: string, maxLength = 6): fc.Arbitrary<MutationCall[]> {
  const known = callsOf[kind]
  if (!known) throw new Error(`no programs for ${kind}`)
  let made = 0
  const fresh = fc.constant(null).map(() => `${letter}${(made++).toString(36)}`)
  return fc.array(fc.oneof(...Object.values(known(fresh))), { minLength: 1, maxLength })
}
