/**
 * Finds a Chromium for the browser tests, installs Debian's where it may, and else says what is missing. As a command
 * it installs what the whole check needs.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Chromium without the parts of it that nobody sees in a test: the same pages cost a fifth less of the processor. */
const SHELLS = ['chromium-headless-shell']
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** @typedef {{ headless?: boolean }} Kind `headless`: the shell serves as well, and better */

/** @param {Kind} kind @returns {Promise<string | null>} the path of an executable Chromium */
async function findChromium({ headless = false }) {
  const named = process.env.CHROMIUM_PATH
  if (named) return isExecutable(named) ? named : null
  return onPath([...(headless ? SHELLS : []), ...NAMES]) ?? (await playwrightsOwn())
}

/** @param {string[]} names the first of them that is there is taken */
function onPath(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (folder && isExecutable(join(folder, name))) return join(folder, name)
    }
  }
  return null
}

/** Finds one or installs one. @param {Kind} kind @returns {Promise<string>} its path */
export async function ensureChromium(kind = {}) {
  const found = await findChromium(kind)
  if (found) return found
  if (process.env.CHROMIUM_PATH) {
    throw new Error(`CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, but nothing can be run there.`)
  }
  installDebians()
  const installed = await findChromium(kind)
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
  console.log('Installing Chromium (apt-get) …')
  const aptGet = (/** @type {string[]} */ ...args) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args]
    const [file = '', ...rest] = sudo ? ['sudo', '-n', ...command] : command
    return spawnSync(file, rest, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
  }
  aptGet('update')
  aptGet('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
  // Not every release has it, and nothing needs it.
  aptGet('install', '-y', '--no-install-recommends', ...SHELLS)
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
    await ensureChromium()
    if (!process.env.CHROMIUM_PATH && !onPath(SHELLS)) installDebians()
    console.log(`The browser tests run in ${await ensureChromium({ headless: true })}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
