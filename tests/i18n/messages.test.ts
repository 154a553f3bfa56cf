import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { zhCN } from '#lib/i18n/zh-CN.ts'

const sources = join(import.meta.dirname, '../../src/lib')

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
    .filter(([, message]) => typeof message === 'string' && !/[\u3400-\u9fff，、–]/u.test(message))
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
  // The words that people look for a command by are theirs.
  for (const [path, message] of chinese)
    if (!path.startsWith('palette.also.')) expect(String(message), path).not.toMatch(OTHER_WORDS)
  const elsewhere = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:svelte|ts)$/.test(file) && !/^i18n|csv-mapping|templates\.ts$/.test(file),
  )
  for (const file of elsewhere) expect(readFileSync(join(sources, file), 'utf8'), file).not.toMatch(OTHER_WORDS)
})
/** A checklist has 检查项, a card a 描述, and what is quoted stands in “”. */
const OTHER_WORDS = /[「」]|清单|(?:添加了|改了|编辑|卡片的?)说明/

test('English counts one and many apart; Chinese does not need to', () => {
  expect(en.people.devices(1)).toBe('1 device')
  expect(en.people.devices(2)).toBe('2 devices')
  expect(zhCN.people.devices(1)).toBe(zhCN.people.devices(2).replace('2', '1'))
})

/** What a message is given, by the types in its source. */
function parametersByPath(file: string): Map<string, string[]> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found = new Map<string, string[]>()
  const walk = (node: ts.Node, path: readonly string[]): void => {
    const at = ts.isPropertyAssignment(node) ? [...path, node.name.getText().replaceAll("'", '')] : path
    if (ts.isPropertyAssignment(node) && ts.isArrowFunction(node.initializer))
      found.set(
        at.join('.'),
        node.initializer.parameters.map(({ type }) => type?.getText() ?? ''),
      )
    ts.forEachChild(node, (child) => walk(child, at))
  }
  walk(source, [])
  return found
}

/** A year is a number, but no count. */
const ABOUT_YEARS = ['dates.holidaysUnknown', 'importing.rowProblems.dateYear']

test('a number in a sentence is written as 10,000, in both languages and everywhere alike', () => {
  const parameters = parametersByPath(join(sources, 'i18n/en.ts'))
  const given = (type: string): unknown => {
    if (type === 'number') return 54321
    return type.endsWith('[]') ? ['x'] : type.startsWith('Readonly<Record') ? {} : 'x'
  }
  const wrong: string[] = []
  for (const [language, messages] of Object.entries({ en: english, 'zh-CN': chinese }))
    for (const [path, message] of messages) {
      if (typeof message !== 'function' || ABOUT_YEARS.includes(path)) continue
      const types = parameters.get(path)
      if (!types) throw new Error(`${path}: parameters unknown`)
      const said: unknown = Reflect.apply(message, undefined, types.map(given))
      if (String(said).includes('54321')) wrong.push(`${language} ${path}: ${String(said)}`)
    }
  expect(wrong).toEqual([])
  const others = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:svelte|ts)$/.test(file) && readFileSync(join(sources, file), 'utf8').includes('.toLocaleString('),
  )
  expect(others).toEqual([])
})

test('what a button shows is part of what it is called, so that whoever speaks to it can say what they see', () => {
  for (const { news } of [en, zhCN])
    for (const count of [1, 1_234])
      expect(news.button(count).startsWith(news.count(count)), news.button(count)).toBe(true)
})
