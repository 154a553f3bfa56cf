/** The relay as a process: environment in, signals out. Everything else is relay.ts. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { placeProblem, portProblem } from './place.mjs'
import { createRelay } from './relay.ts'
import { FolderInUse } from './storage/storage.ts'
import { openToAnyone, tokenFile, tokenFromFolder } from './setup-token.ts'

const { RELAYS = '' } = process.env
// What is set to nothing is not set: an empty DATA_DIR would be the folder that this runs in, an empty HOST every network.
const [PORT, HOST, DATA_DIR] = [
  process.env['PORT'] || '8080',
  process.env['HOST'] || '127.0.0.1',
  process.env['DATA_DIR'] || 'data',
]

class Misconfigured extends Error {}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host)

function toPort(text: string): number {
  const problem = portProblem(text)
  if (problem) throw new Misconfigured(problem)
  return Number(text)
}

function toOpenness(text: string): boolean {
  if (text !== '' && text !== '0' && text !== '1')
    throw new Misconfigured(
      `OPEN_WORKSPACES is 1 (whoever reaches the server may create a workspace) or 0 (with the set-up token only), not "${text}".`,
    )
  return text === '1'
}

/** Other relays that the application may reach, as sources of a Content-Security-Policy: no character of it may end one. */
function toRelays(text: string): string[] {
  const relays = text.split(/[\s,]+/).filter((relay) => relay !== '')
  for (const relay of relays)
    if (!/^wss?:(\/\/[a-z0-9.*-]+(:\d+)?)?$/i.test(relay))
      throw new Misconfigured(
        `RELAYS names origins such as wss://relay.example, with spaces between them, not "${relay}" (wss: alone allows any).`,
      )
  return relays
}

/** Not `recursive`: where a parent cannot have folders at all (/proc), that never comes back. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory())
      throw new Misconfigured(`DATA_DIR needs a folder, and ${folder} is a file: set DATA_DIR to a folder.`)
    return
  }
  makeFolder(dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}

function writableFolder(path: string): string {
  const folder = resolve(path)
  try {
    makeFolder(folder)
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return folder
  } catch (error) {
    if (error instanceof Misconfigured) throw error
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unusable'
    throw new Misconfigured(
      `DATA_DIR ${folder} cannot be written (${reason}): make it writable or set DATA_DIR to another folder.`,
    )
  }
}

function inWords(error: unknown, port: number): string {
  if (error instanceof Misconfigured || error instanceof FolderInUse) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const problem = placeProblem(code, port, HOST, 'npm start')
  if (problem) return problem
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function start(port: number) {
  const dataDir = writableFolder(DATA_DIR)
  const isOpen = toOpenness(process.env['OPEN_WORKSPACES'] ?? '')
  const setup = isLoopback(HOST) || isOpen ? openToAnyone : tokenFromFolder(dataDir)
  const relay = await createRelay({
    port,
    host: HOST,
    dataDir,
    app: join(import.meta.dirname, '..', 'build'),
    relays: toRelays(RELAYS),
    setup,
    newGeneration: process.argv.includes('--new-generation'),
  })

  let closing = false
  const stop = () => {
    if (closing) return
    closing = true
    void relay.close().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  // Started by another process of ours that has died: nobody could stop this one any more.
  if (process.send) process.on('disconnect', stop)

  const shown = HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST.includes(':') ? `[${HOST}]` : HOST
  console.log(`\n  同舟 Tongzhou   http://${shown}:${relay.port}/\n  data in ${dataDir}\n`)
  if (!setup.open) {
    if (setup.printed) {
      setup.keep()
      console.log(`  Set-up token, shown this once; creating a workspace asks for it:\n\n    ${setup.printed}\n`)
    } else console.log('  Creating a workspace asks for the set-up token that the first start printed.')
    console.log(`  If it is lost, delete ${tokenFile(dataDir)} and start again: that prints another.\n`)
  }
  process.send?.({ port: relay.port })
}

let port = 0
try {
  port = toPort(PORT)
  await start(port)
} catch (error) {
  console.error(inWords(error, port))
  process.exit(1)
}
