import { expect, test } from 'vitest'
import { toInstant } from '#lib/kernel/instants.ts'
import { versionNames } from '#lib/kinds/board/ui/version-names.ts'

test('versions of one name are told apart by their minute, and those of one minute by the second', () => {
  const at = (hour: number, minute: number, second: number) =>
    toInstant(new Date(2026, 10, 26, hour, minute, second).getTime())
  const versions = [
    { id: 'a', name: 'Weekly', at: at(9, 30, 5) },
    { id: 'b', name: 'Weekly', at: at(9, 30, 48) },
    { id: 'c', name: 'Weekly', at: at(10, 2, 0) },
    { id: 'd', name: 'Launch', at: at(9, 30, 7) },
  ]
  const said = (locale: 'en' | 'zh-CN') => [...versionNames(versions, locale).values()]
  expect(said('zh-CN')).toEqual([
    { title: 'Weekly · 2026年11月26日 09:30:05', when: '2026年11月26日 09:30:05' },
    { title: 'Weekly · 2026年11月26日 09:30:48', when: '2026年11月26日 09:30:48' },
    { title: 'Weekly · 2026年11月26日 10:02', when: '2026年11月26日 10:02' },
    { title: 'Launch', when: '2026年11月26日 09:30' },
  ])
  expect(new Set(said('en').map(({ title }) => title)).size).toBe(4)
})
