import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'
import { toId, type DeviceId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { deviceNames, thisDevice } from '#lib/ui/device-names.ts'

const device = (letter: string, more: { name?: string; browser?: string; addedAt?: number } = {}) => ({
  id: toId<DeviceId>(letter.repeat(32)),
  name: more.name ?? '',
  kind: 'computer' as const,
  browser: more.browser ?? '',
  addedAt: toInstant(more.addedAt ?? 1_795_000_000_000),
})

test('two computers of Ann, let in within a minute, are told apart by their browsers, and by numbers where those are the same', () => {
  const devices = [
    device('a', { browser: 'Chrome · Windows', addedAt: 1_795_000_000_002 }),
    device('b', { browser: 'Firefox · Linux' }),
    device('c', { browser: 'Chrome · Windows', addedAt: 1_795_000_000_001 }),
    device('d', { name: 'ThinkPad' }),
  ]
  expect([...deviceNames(devices, en).values()].sort()).toEqual([
    'Computer (Chrome · Windows), no.\u00a01',
    'Computer (Chrome · Windows), no.\u00a02',
    'Computer (Firefox · Linux)',
    'ThinkPad',
  ])
  expect(deviceNames(devices, zhCN).get('c'.repeat(32))).toBe('电脑（Chrome · Windows），第\u00a01\u00a0台')
  expect(deviceNames([device('a')], en).get('a'.repeat(32))).toBe('Computer')
})

test.each([
  [
    { brands: [{ brand: 'Not;A=Brand' }, { brand: 'Chromium' }, { brand: 'Google Chrome' }], platform: 'Windows' },
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
    { kind: 'computer', browser: 'Chrome · Windows' },
  ],
  [
    undefined,
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    { kind: 'computer', browser: 'Firefox · Linux' },
  ],
  [
    undefined,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
    { kind: 'phone', browser: 'Safari · iOS' },
  ],
  [
    undefined,
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0',
    { kind: 'computer', browser: 'Edge · macOS' },
  ],
  [undefined, '', { kind: 'computer', browser: '' }],
])('a browser says what it is and where it runs (%#)', (userAgentData, userAgent, is) => {
  expect(thisDevice({ userAgent, ...(userAgentData && { userAgentData }) })).toEqual(is)
})
