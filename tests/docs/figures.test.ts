import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const results = readdirSync(join(root, 'bench', 'results')).map((file) => {
  const lines = readFileSync(join(root, 'bench', 'results', file), 'utf8')
    .trimEnd()
    .split('\n')
  return { file, lines, result: JSON.parse(lines[0] ?? '') as { bench: string; ratios: Record<string, number> } }
})

test.each(results)('$file is the one line that its benchmark printed last', ({ file, lines, result }) => {
  expect(lines).toHaveLength(1)
  expect(`${result.bench}.json`).toBe(file)
  expect(Object.values(result.ratios).every((ratio) => Number.isFinite(ratio) && ratio > 0)).toBe(true)
})

test('every figure in the README is the one that was measured, and a goal that was missed says so', () => {
  const measured = new Map(results.flatMap(({ result }) => Object.entries(result.ratios)))
  const rows = [
    ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(
      /^\|.*\| `(\w+)` \| ([≤≥]) ([\d.]+) \| ([\d.]+)( \(missed\))? \|$/gm,
    ),
  ]
  expect(rows.length).toBeGreaterThan(0)
  for (const [, name, sign, goal, figure, missed] of rows) {
    expect(Number(figure), name).toBe(measured.get(name ?? ''))
    const reached = sign === '≤' ? Number(figure) <= Number(goal) : Number(figure) >= Number(goal)
    expect(missed === undefined, name).toBe(reached)
  }
})
