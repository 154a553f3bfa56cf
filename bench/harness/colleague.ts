/** A colleague's process, seen from the benchmark. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { DocId } from '../../src/lib/kernel/ids.ts'

export interface Joining {
  origin: string
  link: string
  person: string
}

/** So many edits of each board, with titles of their own. */
export interface Week {
  boards: readonly DocId[]
  edits: number
  name: string
}

export interface Colleague {
  /** Resolves when the relay has all of it, and the colleague is offline again. */
  edit: (week: Week) => Promise<void>
  leave: () => void
}

export async function invite(joining: Joining): Promise<Colleague> {
  const file = join(import.meta.dirname, '..', 'load', 'colleague.ts')
  const child = fork(file, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ask = (message: Joining | Week): Promise<void> =>
    new Promise((resolve, reject) => {
      child.once('message', (answer: { done: true } | { failed: string }) => {
        if ('failed' in answer) reject(new Error(`the colleague: ${answer.failed}`))
        else resolve()
      })
      child.once('close', () => reject(new Error('the colleague ended early')))
      child.send(message)
    })
  await ask(joining)
  return { edit: ask, leave: () => child.kill('SIGKILL') }
}
