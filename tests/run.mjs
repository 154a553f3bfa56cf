/**
 * `npm test` (`npm run test:long` with --long): installs what is missing, runs the unit and the browser tests, and
 * prints as its last line `N passed, N failed`. A runner that crashed, or that ran nothing, is a failure.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import {
  Unprepared,
  ensureBuilt,
  ensureInstalled,
  node26,
  requireNode20,
  root,
  run,
  withOurBinaries,
} from '../sync-relay/prepare.mjs'
import { ensureChromium } from './chromium.mjs'

/** `wrong` names what failed, a line each. @typedef {{ passed: number, failed: number, skipped: number, wrong: string[] }} Counts */

const output = mkdtempSync(join(tmpdir(), 'tongzhou-tests-'))
const arguments_ = process.argv.slice(2)
const env = withOurBinaries({ ...process.env, ...(arguments_.includes('--long') && { TONGZHOU_LONG: '1' }) })

try {
  requireNode20()
  await ensureInstalled()
  env.CHROMIUM_PATH = await ensureChromium({ headless: true })
  await ensureBuilt()
  const unit = await runVitest()
  const browser = await runPlaywright()
  report(sum(unit, browser))
} catch (error) {
  console.error(error instanceof Unprepared || error instanceof Error ? error.message : error)
  report({ passed: 0, failed: 1, skipped: 0, wrong: [] })
} finally {
  rmSync(output, { recursive: true, force: true })
}

async function runVitest() {
  const file = join(output, 'vitest.json')
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [program, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run(node26(), args, { env })
  return judge('vitest', code, file, (result) => {
    const files =
      /** @type {{ name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[]} */ (
        result.testResults
      )
    // A file that did not even load has no tests to count.
    const unloaded = files.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    )
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + unloaded.length,
      skipped: result.numPendingTests + result.numTodoTests,
      wrong: [
        ...unloaded.map(({ name, message }) => failure(name, 'does not load', message)),
        ...files.flatMap(({ name, assertionResults }) =>
          assertionResults
            .filter(({ status }) => status === 'failed')
            .map(({ fullName, failureMessages: [message = ''] }) => failure(name, fullName, message)),
        ),
      ],
    }
  })
}

async function runPlaywright() {
  const file = join(output, 'playwright.json')
  const program = join(root, 'node_modules', 'playwright', 'cli.js')
  const args = [program, 'test', '-c', join(root, 'tests', 'e2e', 'playwright.config.ts'), '--reporter=list,json']
  const code = await run(node26(), args, { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file } })
  return judge('playwright', code, file, ({ stats, errors, suites }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
    wrong: [
      ...errors.map((/** @type {{ message?: string }} */ { message = '' }) => failure('playwright', '', message)),
      ...suites.flatMap(failedSpecs),
    ],
  }))
}

/**
 * @param {{ suites?: any[], specs: { ok: boolean, file: string, title: string, tests: { results: { error?: { message?: string } }[] }[] }[] }} suite
 * @returns {string[]}
 */
function failedSpecs({ suites = [], specs }) {
  const failed = specs.filter(({ ok }) => !ok)
  return [
    ...failed.map(({ file, title, tests }) =>
      failure(file, title, tests.flatMap(({ results }) => results).find(({ error }) => error)?.error?.message ?? ''),
    ),
    ...suites.flatMap(failedSpecs),
  ]
}

/**
 * @param {string} file
 * @param {string} title
 * @param {string} message
 */
function failure(file, title, message) {
  const lines = stripVTControlCharacters(message).trim().split('\n').slice(0, 12)
  return [`${relative(root, resolve(root, file))} › ${title}`, ...lines].join('\n  ')
}

/**
 * Reads a runner's own result; where it contradicts the exit code, or there is nothing, that is one failure more.
 * @param {string} name
 * @param {number} code
 * @param {string} file
 * @param {(result: any) => Counts} count
 * @returns {Counts}
 */
function judge(name, code, file, count) {
  /** @type {Counts} */
  let counts = { passed: 0, failed: 0, skipped: 0, wrong: [] }
  const broken = (/** @type {string} */ what) => ({ ...counts, failed: 1, wrong: [`${name} ${what}`] })
  try {
    counts = count(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    return broken(`left no readable result: ${error instanceof Error ? error.message : error}`)
  }
  if (counts.passed + counts.failed === 0) return broken('ran no test.')
  if (code !== 0 && counts.failed === 0)
    return broken(`ended with exit code ${code} although no test failed: its own output above names the error.`)
  return counts
}

/** @param {Counts[]} all @returns {Counts} */
function sum(...all) {
  /** @type {Counts} */
  const total = { passed: 0, failed: 0, skipped: 0, wrong: [] }
  for (const { passed, failed, skipped, wrong } of all) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
    total.wrong.push(...wrong)
  }
  return total
}

/** What failed comes last, where it is found in a long or a cut record. */
function report(/** @type {Counts} */ { passed, failed, skipped, wrong }) {
  process.exitCode = failed > 0 ? 1 : 0
  if (wrong.length > 0) console.log(`\nFailed:\n${wrong.join('\n')}`)
  console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
}
