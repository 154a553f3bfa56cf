/**
 * `npm run bench` runs every benchmark, `npm run bench -- relay` those named, `-- --smoke` a fast run that checks that they
 * are right and measures nothing, `-- live --stages` tells where the time goes, `-- relay --part=fresh` runs one part. Installs
 * what is missing, also the peers, which the product never does. The last line of a benchmark is one line of JSON; a run without
 * options keeps it in bench/results/.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ensureBuilt,
  ensureInstalled,
  node26,
  requireNode20,
  root,
  run,
  Unprepared,
  withOurBinaries,
} from '../sync-relay/prepare.mjs'

const here = join(root, 'bench')
/**
 * Every benchmark; those in a browser need the built application.
 * @type {{ name: string, needsBuild?: boolean }[]}
 */
const benches = [
  { name: 'relay' },
  { name: 'live', needsBuild: true },
  { name: 'board', needsBuild: true },
  { name: 'open', needsBuild: true },
  { name: 'gestures', needsBuild: true },
]
const arguments_ = process.argv.slice(2)
const isSmoke = arguments_.includes('--smoke')
const wanted = arguments_.filter((argument) => !argument.startsWith('--'))

try {
  requireNode20()
  const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length > 0)
    throw new Unprepared(`No benchmark ${unknown.join(', ')}: there are ${benches.map(({ name }) => name).join(', ')}.`)
  await ensureInstalled()
  await ensurePeers()
  if (isSmoke) await ensureTyped()
  for (const { name, needsBuild } of benches) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    if (needsBuild) await ensureBuilt()
    const line = await lastLineOf(name)
    // A run with options is not the whole of it, or carries what watches it.
    if (arguments_.length > wanted.length) continue
    mkdirSync(join(here, 'results'), { recursive: true })
    writeFileSync(join(here, 'results', `${name}.json`), `${line}\n`)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function ensurePeers() {
  const installed = statSync(join(here, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (installed >= statSync(join(here, 'package-lock.json')).mtimeMs) return
  console.log('Installing the peers (npm ci in bench/) …')
  const code = await run('npm', ['ci', '--include=optional', '--loglevel=error'], {
    cwd: here,
    env: process.env,
    shell: process.platform === 'win32',
  })
  if (code !== 0) throw new Unprepared('npm ci in bench/ failed: see the lines above, then run this again.')
}

/** The product's own check leaves out what needs the peers. */
async function ensureTyped() {
  const code = await run(node26(), [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here])
  if (code !== 0) throw new Unprepared('The types of bench/ do not hold: see the lines above.')
}

/** Runs one benchmark, shows what it prints, and gives its last line. */
function lastLineOf(/** @type {string} */ name) {
  const args = [join(here, `${name}.ts`), ...arguments_.filter((argument) => argument.startsWith('--'))]
  const child = spawn(node26(), args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: withOurBinaries() })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
    process.stdout.write(text)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`The benchmark ${name} ended with ${code}.`))
      const line = output.trimEnd().split('\n').at(-1) ?? ''
      if (JSON.parse(line).bench !== name) return reject(new Error(`The last line of ${name} is not its result.`))
      resolve(line)
    })
  })
}
