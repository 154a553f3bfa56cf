import '#tests/support/automerge.ts'
import { expect, test } from 'vitest'
import { dayOf } from '#lib/i18n/format.ts'
import type { Locale } from '#lib/kernel/define-kind.ts'
import { deviceOf, until } from '#tests/support/people.ts'

const DAY = 24 * 60 * 60 * 1000

test.each<Locale>(['en', 'zh-CN'])('the demo tells who did what in the last weeks, in %s', async (locale) => {
  const ann = await deviceOf('ann', 1)
  const { workspace } = await ann.call('createDemo', { locale, today: dayOf(new Date()) })
  await until(async () => expect((await ann.state(workspace)).sync.state).toBe('saved'))
  const { people, scopes, works, me } = await ann.state(workspace)
  const departments = scopes.filter((scope) => scope.class === 'department')
  expect(departments).toHaveLength(5)
  expect(people).toHaveLength(8)
  for (const person of people) {
    expect(person.name).not.toBe('')
    expect(person.departments).toHaveLength(1)
  }
  expect(works).toHaveLength(4)
  const [{ root } = { root: '' as never }] = works
  const { steps } = await ann.call('timeline', { workspace, work: root })
  expect(steps.length).toBeGreaterThan(40)
  expect(new Set(steps.map(({ person }) => person)).size).toBeGreaterThan(5)
  expect(Date.now() - (steps[0]?.at ?? 0)).toBeGreaterThan(40 * DAY)
  expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).sort((a, b) => a - b))
  // Two named moments between which something happened, and news since yesterday by others than me.
  const doc = (await ann.docs(workspace, root))[root] as { versions: Record<string, { name: string }> }
  const [first = '', second = ''] = Object.keys(doc.versions)
  expect(Object.keys(doc.versions)).toHaveLength(2)
  const { changes } = await ann.call('compare', {
    workspace,
    work: root,
    from: { version: first },
    to: { version: second },
  })
  expect(changes.length).toBeGreaterThan(3)
  const news = await ann.call('news', { workspace, work: root, limit: 100 })
  expect(news.changes.length).toBeGreaterThan(0)
  expect(news.changes.flatMap(({ authors }) => authors.map(({ person }) => person))).not.toContain(me)
})

test('what Ann does in the demo she can undo, and after a restart it is all there', async () => {
  const ann = await deviceOf('ann', 1)
  const { workspace } = await ann.call('createDemo', { locale: 'en', today: dayOf(new Date()) })
  const [work] = (await ann.state(workspace)).works
  const root = work?.root as never
  await ann.call('commit', {
    workspace,
    work: root,
    tab: ann.tab,
    calls: [{ mutation: 'renameBoard', args: { title: 'Mine' } }],
  })
  expect(await ann.call('undo', { workspace, work: root, tab: ann.tab })).toMatchObject({ done: 'undone' })
  const before = await ann.docs(workspace, root)
  await ann.restart()
  expect(await ann.docs(workspace, root)).toEqual(before)
  expect((await ann.state(workspace)).people.every(({ departments }) => departments.length === 1)).toBe(true)
})
