/**
 * Finds a Chromium for the browser tests, installs Debian's where it may, and else says what is missing. As a command
 * it prints the path.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** @returns {Promise<string | null>} the path of an executable Chromium */
async function findChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named) return isExecutable(named) ? named : null
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (folder && isExecutable(join(folder, name))) return join(folder, name)
    }
  }
  return playwrightsOwn()
}

/** Finds one or installs one. @returns {Promise<string>} */
export async function ensureChromium() {
  const found = await findChromium()
  if (found) return found
  if (process.env.CHROMIUM_PATH) {
    throw new Error(`CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, but nothing can be run there.`)
  }
  installDebians()
  const installed = await findChromium()
  if (installed) return installed
  throw new Error(
    'The browser tests need Chromium and there is none here. Install the package chromium of your system, ' +
      'or run `npx playwright install chromium`, or set CHROMIUM_PATH to an executable.',
  )
}

async function playwrightsOwn() {
  try {
    const { chromium } = await import('playwright')
    const path = chromium.executablePath()
    return path && existsSync(path) ? path : null
  } catch {
    return null // not installed yet, or a platform without one
  }
}

function installDebians() {
  if (!existsSync('/usr/bin/apt-get')) return
  const root = process.getuid?.() === 0
  const sudo = !root && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
  if (!root && !sudo) return
  console.error('Installing Chromium (apt-get) …')
  const aptGet = (/** @type {string[]} */ ...args) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args]
    const [file = '', ...rest] = sudo ? ['sudo', '-n', ...command] : command
    // Standard output belongs to the path that this command prints.
    return spawnSync(file, rest, { stdio: ['ignore', 2, 2] }).status === 0
  }
  aptGet('update')
  aptGet('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
}

function isExecutable(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await ensureChromium())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
