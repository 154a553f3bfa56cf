/**
 * What a fresh clone needs before anything of ours can run: packages and a build. Runs on the system's Node (20 or
 * newer) and imports nothing but Node itself, because nothing else is there yet.
 */
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const inRoot = (/** @type {string[]} */ ...parts) => join(root, ...parts)
const binaries = inRoot('node_modules', '.bin')

/** An expected failure: its message is one line that says what to do. */
export class Unprepared extends Error {}

export function requireNode20() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Unprepared(`Node ${process.versions.node} is too old: install Node 20 or newer and run this again.`)
  }
}

/** Installs the packages where they are missing or older than the lockfile. */
export async function ensureInstalled() {
  // A worktree that borrows another checkout's packages: npm would delete them there, under whoever runs on them.
  if (lstatSync(inRoot('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return
  const lock = modified(inRoot('package-lock.json'))
  // npm writes this file last, so an interrupted install counts as none.
  if (modified(inRoot('node_modules', '.package-lock.json')) < lock) {
    console.log('Installing packages (npm ci) …')
    const npm = npmCommand()
    // What npm warns of (the system's Node is older than some packages want) concerns nobody: ours runs them.
    const quiet = ['--loglevel=error', '--no-audit', '--no-fund']
    const code = await run(npm.file, [...npm.args, 'ci', '--include=dev', '--include=optional', ...quiet], {
      env: withoutOurBinaries(process.env),
      shell: npm.shell,
    })
    if (code !== 0) throw new Unprepared('npm ci failed: see the lines above, then run this again.')
  }
  if (!existsSync(node26())) {
    throw new Unprepared(
      `No Node 26 for ${process.platform}-${process.arch} among the optional packages: run \`npm ci --include=optional\`.`,
    )
  }
}

/** Builds the application where the build is missing or older than what it is made of. */
export async function ensureBuilt() {
  if (isBuilt()) return
  console.log('Building the application (a minute or two, once) …')
  const started = new Date()
  const vite = inRoot('node_modules', 'vite', 'bin', 'vite.js')
  // Warnings and errors only: the list of files says nothing to whoever wants to see the application, and Kit's hint to
  // preview it would lead past the relay.
  const code = await run(node26(), [vite, 'build', '--logLevel', 'warn', '--configLoader', 'native'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (code !== 0) throw new Unprepared('The build failed: see the lines above.')
  // A source saved while the build ran is newer than the build.
  utimesSync(inRoot(BUILT), started, started)
}

const BUILT = join('build', '.complete')
/** The build writes its mark last, so an interrupted one counts as none. */
export function isBuilt(folder = root) {
  const sources = ['src', 'static', 'package-lock.json', 'svelte.config.js', 'vite.config.ts']
  const built = modified(join(folder, BUILT))
  return built > 0 && built >= Math.max(...sources.map((source) => newest(join(folder, source))))
}

/** The Node that the packages bring along: it runs TypeScript as it is. */
export function node26() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const flat = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const places = [`node-${flat}`, `node-bin-${flat}`].map((folder) => inRoot('node_modules', folder, 'bin', name))
  return places.find((place) => existsSync(place)) ?? join(binaries, name)
}

/**
 * How the relay is run: with its types stripped beforehand (30 MB less, and up in half the time), and with a small space for
 * young objects, because what lives long are sockets (13 MB less with 500 of them, at the same speed).
 */
export const relayFlags = ['--max-semi-space-size=2']
export const relayEnvironment = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'relay') }

/**
 * Runs a command to its end and gives its exit code; 1 where a signal ended it or it could not start.
 * @param {string} file
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: withOurBinaries(),
      ...options,
    })
    child.on('error', (error) => {
      console.error(`${file}: ${error.message}`)
      resolve(1)
    })
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** @param {NodeJS.ProcessEnv} [env] @returns {NodeJS.ProcessEnv} */
export function withOurBinaries(env = process.env) {
  return { ...env, PATH: `${binaries}${separator()}${env.PATH ?? ''}` }
}

/** `npm ci` deletes node_modules first: npm must not run on the Node that lies in there. */
function withoutOurBinaries(/** @type {NodeJS.ProcessEnv} */ env) {
  const path = (env.PATH ?? '').split(separator()).filter((folder) => !folder.startsWith(inRoot('node_modules')))
  return { ...env, PATH: path.join(separator()) }
}

function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env
  if (npm && node && !node.startsWith(inRoot('node_modules'))) return { file: node, args: [npm], shell: false }
  return { file: 'npm', args: [], shell: process.platform === 'win32' }
}

const separator = () => (process.platform === 'win32' ? ';' : ':')

/** When a file was last written, in milliseconds; 0 where there is none. */
function modified(/** @type {string} */ path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** The newest file or folder under a path: a folder changes when a file in it is added, renamed or deleted. */
function newest(/** @type {string} */ path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  /** @type {number} */
  const inside = readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0)
  return Math.max(stats.mtimeMs, inside)
}
