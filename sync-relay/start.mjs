/**
 * `npm start` and `npm run dev`: from a fresh clone to a running relay that serves the application, with no other
 * command. Runs on the system's Node; the relay itself runs on the Node 26 that the packages bring along.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  Unprepared,
  ensureBuilt,
  ensureInstalled,
  node26,
  relayEnvironment,
  relayFlags,
  requireNode20,
  root,
  withOurBinaries,
} from './prepare.mjs'
import { placeProblem, portProblem } from './place.mjs'

const development = process.argv.includes('--dev')
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--dev')

try {
  requireNode20()
  await requirePlace()
  await ensureInstalled()
  if (!development) await ensureBuilt()
  process.exitCode = await serve(
    development ? viteDevelopment() : [...relayFlags, join(root, 'sync-relay', 'main.ts'), ...passedOn],
  )
} catch (error) {
  if (!(error instanceof Unprepared)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** Said before minutes of installing and building; Vite would say it with the path of the call through its own sources. */
async function requirePlace() {
  const { port, host } = place()
  const isNoPort = portProblem(port)
  if (isNoPort) throw new Unprepared(isNoPort)
  const code = await new Promise((resolve) => {
    const trial = createServer()
    trial.once('error', (error) => resolve('code' in error ? error.code : ''))
    trial.listen(Number(port), host, () => trial.close(() => resolve('')))
  })
  const problem = placeProblem(String(code), Number(port), host, development ? 'npm run dev' : 'npm start')
  if (problem) throw new Unprepared(problem)
}

function place() {
  return { port: process.env.PORT || '8080', host: process.env.HOST || '127.0.0.1' }
}

function viteDevelopment() {
  const { port, host } = place()
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  return [vite, 'dev', '--port', port, '--host', host, '--strictPort', ...passedOn]
}

/** Runs the server until it ends by itself or we are told to end. @param {string[]} args @returns {Promise<number>} */
function serve(args) {
  return new Promise((resolve) => {
    // The extra channel tells the server when this process has died without a word.
    const child = spawn(node26(), args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...relayEnvironment, ...withOurBinaries() },
    })
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal))
    }
    // npm's shell does not pass a signal on: when it is gone, the person who stopped `npm start` meant us too.
    const parent = process.ppid
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500)
    watch.unref()
    child.on('error', (error) => {
      console.error(`${node26()}: ${error.message}`)
      resolve(1)
    })
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)))
  })
}
