/**
 * How many random programs a suite runs: a fixed sample in `npm test`, the full count in `npm run test:long`. Somebody who
 * follows a failure sets `TONGZHOU_RUNS` and `TONGZHOU_SEED` (docs/long-runs.md).
 */
const seed = Number(process.env['TONGZHOU_SEED'] ?? 20261123)

/** Of every property that does not name one: a run that fails fails again. */
export const fixed = { seed }

export function runsOf(sample: number, full: number): { numRuns: number; seed: number; endOnFailure: true } {
  const asked = Number(process.env['TONGZHOU_RUNS'] ?? 0)
  return { numRuns: asked || (process.env['TONGZHOU_LONG'] ? full : sample), seed, endOnFailure: true }
}
