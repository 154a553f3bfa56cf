/** Figures of several rounds, a table for people, and the line of JSON that a benchmark ends with. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) throw new Error('nothing was measured')
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Three digits that count. */
export const rounded = (value: number): number => Number(value.toPrecision(3))

export const roundedAll = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value)]))

export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const [index, row] of rows.entries()) {
    console.log(
      `  ${row.map((cell, column) => (column ? cell.padStart(widths[column]!) : cell.padEnd(widths[0]!))).join('  ')}`,
    )
    if (index === 0) console.log(`  ${widths.map((width) => '-'.repeat(width)).join('  ')}`)
  }
}

/** Versions of the peers as they are installed. */
export function versionsOf(...names: readonly string[]): Record<string, string> {
  const file = (name: string) => join(import.meta.dirname, '..', 'node_modules', ...name.split('/'), 'package.json')
  return Object.fromEntries(
    names.map((name) => [name, (JSON.parse(readFileSync(file(name), 'utf8')) as { version: string }).version]),
  )
}

export interface Result {
  bench: string
  ratios: Record<string, number>
  medians: Record<string, number>
  peers: Record<string, string>
}

/** The last line. */
export function printResult({ bench, ratios, medians, peers }: Result): void {
  const line = { bench, ratios: roundedAll(ratios), medians: roundedAll(medians), peers, node: process.versions.node }
  console.log(JSON.stringify(line))
}
