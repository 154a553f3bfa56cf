import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startRelayProcess } from '#tests/support/relay-process.ts'
import { startRelay, temporaryFolder } from '#tests/support/start-relay.ts'

async function relayProcess(environment: Record<string, string> = {}) {
  const relay = await startRelayProcess(environment)
  onTestFinished(() => relay.dispose())
  return relay
}

const failureOf = (environment: Record<string, string>) =>
  startRelayProcess(environment).then(
    async (relay) => {
      await relay.dispose()
      return 'it started'
    },
    (error: Error) => error.message,
  )

test('it prints its address, answers /healthz and ends cleanly when asked', async () => {
  const relay = await relayProcess()
  expect(relay.output()).toContain(relay.origin)
  expect((await fetch(`${relay.origin}/healthz`)).status).toBe(200)
  expect(await relay.stop()).toBe(0)
})

test('killed without warning it starts again on the same port', async () => {
  const relay = await relayProcess()
  await relay.kill()
  await relay.restart()
  expect((await fetch(`${relay.origin}/healthz`)).status).toBe(200)
})

test('RELAYS that are no origins are said, and cannot slip into the policy', async () => {
  const relay = await relayProcess({ RELAYS: 'wss://one.example, wss://two.example:8443' })
  expect((await fetch(`${relay.origin}/healthz`)).status).toBe(200)
  for (const RELAYS of ["wss://one.example; script-src 'unsafe-eval'", 'https://one.example', '*'])
    expect(await failureOf({ RELAYS })).toContain('RELAYS names origins')
})

test('OPEN_WORKSPACES that is neither 0 nor 1 is said, not taken for one of them', async () => {
  for (const OPEN_WORKSPACES of ['yes', 'true', ' 1'])
    expect(await failureOf({ OPEN_WORKSPACES })).toContain('OPEN_WORKSPACES is 1')
  const relay = await relayProcess({ OPEN_WORKSPACES: '0' })
  expect((await fetch(`${relay.origin}/healthz`)).status).toBe(200)
})

test('a taken port is said in one line that names the way out', async () => {
  const other = await startRelay()
  const message = await failureOf({ PORT: String(other.port) })
  expect(message).toContain(`Port ${other.port} is taken`)
  expect(message).toContain(`PORT=${other.port + 1}`)
})

test('a folder that another relay has is refused in words, also on another port, and is free when that one is killed', async () => {
  const first = await relayProcess()
  const message = await failureOf({ DATA_DIR: first.dataDir })
  expect(message).toContain(`DATA_DIR ${first.dataDir} is in use by another relay`)
  expect(message).toContain('DATA_DIR=data-2')
  await first.kill()
  await first.restart()
  expect((await fetch(`${first.origin}/healthz`)).status).toBe(200)
})

test('a port that is no port is refused with its value', async () => {
  for (const PORT of ['80a', '65536'])
    expect(await failureOf({ PORT })).toContain(`PORT must be a number from 0 to 65535, not "${PORT}"`)
})

test('a host that is no name, and one that is elsewhere, are refused in words', async () => {
  expect(await failureOf({ HOST: 'nobody.invalid' })).toContain(
    'HOST nobody.invalid is no name that this machine knows',
  )
  expect(await failureOf({ HOST: '192.0.2.1' })).toContain('HOST 192.0.2.1 is no address of this machine')
})

test('npm run dev says in the same words what is wrong with its place, and not where in a library it failed', async () => {
  const other = await startRelay()
  const dev = (environment: Record<string, string>) => {
    const { status, stderr } = spawnSync(process.execPath, ['sync-relay/start.mjs', '--dev'], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    })
    return [status, stderr.trim()]
  }
  expect(dev({ PORT: String(other.port) })).toEqual([
    1,
    `Port ${other.port} is taken on 127.0.0.1: stop what runs there or start with PORT=${other.port + 1} npm run dev.`,
  ])
  expect(dev({ PORT: '80a' })).toEqual([1, 'PORT must be a number from 0 to 65535, not "80a".'])
  expect(dev({ PORT: '0', HOST: 'nobody.invalid' })).toEqual([
    1,
    'HOST nobody.invalid is no name that this machine knows: set HOST to an address of it, for example 0.0.0.0.',
  ])
})

test('what is set to nothing counts as not set', async () => {
  const relay = await relayProcess({ HOST: '' })
  expect(relay.output()).toContain('http://127.0.0.1:')
})

test('where a file stands in the place of the data folder, or of one that it is to be in, that is said with its path', async () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  for (const DATA_DIR of [file, join(file, 'inside')])
    expect(await failureOf({ DATA_DIR })).toContain(`DATA_DIR needs a folder, and ${file} is a file`)
})

test('a data folder that cannot be made is said with its path', async () => {
  expect(await failureOf({ DATA_DIR: '/proc/tongzhou' })).toContain('DATA_DIR /proc/tongzhou cannot be written')
})

test('on another address than loopback a set-up token is printed once; whoever has lost it is told how to have another', async () => {
  const DATA_DIR = join(temporaryFolder(), 'data')
  mkdirSync(DATA_DIR)
  const start = async () => {
    const relay = await relayProcess({ HOST: '0.0.0.0', DATA_DIR })
    await relay.stop()
    const [, token] = /Set-up token, .*:\n\n +(\S+)\n/.exec(relay.output()) ?? []
    return { output: relay.output(), token }
  }
  const first = await start()
  expect(first.token).toMatch(/^[\w-]{20}$/)
  const file = join(DATA_DIR, 'setup-token.sha256')
  const again = await start()
  expect(again.token).toBeUndefined()
  expect(again.output).not.toContain(first.token)
  expect(again.output).toContain(`asks for the set-up token that the first start printed`)
  expect(again.output).toContain(`delete ${file} and start again`)
  rmSync(file)
  const anew = await start()
  expect(anew.token).toMatch(/^[\w-]{20}$/)
  expect(anew.token).not.toBe(first.token)
})

test('where anyone may create a workspace nothing is said of a set-up token', async () => {
  for (const environment of [{}, { HOST: '0.0.0.0', OPEN_WORKSPACES: '1' }])
    expect((await relayProcess(environment)).output()).not.toMatch(/token/i)
})
