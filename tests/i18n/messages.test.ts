import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { plural } from '#lib/i18n/plural.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'

/** Every message by its path; a message is a string or a function. */
function flatten(messages: object, path = ''): Map<string, unknown> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? [...flatten(value, `${path}${key}.`)]
        : [[`${path}${key}`, value] as const],
    ),
  )
}
const english = flatten(en)
const chinese = flatten(zhCN)

test('both languages say the same things , complete from the first screen on', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
})

test('no message is empty, and a message with parameters has them in both languages', () => {
  for (const [path, message] of [...english, ...chinese]) {
    if (typeof message === 'string') expect(message.trim(), path).not.toBe('')
    expect(typeof chinese.get(path), path).toBe(typeof english.get(path))
  }
})

test('Chinese messages are Chinese: what stays Latin is a name or a code', () => {
  const latin = [...chinese]
    .filter(([, message]) => typeof message === 'string' && !/[\u3400-\u9fff、–]/u.test(message))
    .map(([path]) => path)
  expect(latin).toEqual(expect.arrayContaining(['palette.toggleLanguage']))
  for (const path of latin)
    expect(path).toMatch(/toggleLanguage|importing\.products|prioritiesShort|priorities\.p\d|delimiter|encoding/)
})

test('Chinese messages quote with one sort of marks, set Chinese commas, and have one word for one thing', () => {
  for (const [path, message] of chinese) {
    // Of a message with parameters, what is written between them.
    const written = typeof message === 'function' ? message.toString() : String(message)
    expect(written, path).not.toMatch(/[「」]|[\u3400-\u9fff][,;]|HTTPS,/)
    expect(written, `${path}: 描述, 工时, 检查项, 前置卡片, 未指派`).not.toMatch(
      /工作量|预计工时|检查清单|前置任务|未分配/,
    )
  }
})

test('English counts one and many apart; Chinese does not need to', () => {
  expect(en.people.devices(1)).toBe('1 device')
  expect(en.people.devices(2)).toBe('2 devices')
  expect(plural('zh-CN', 1, { one: 'never', other: 'always' })).toBe('always')
})
