/** The crowd's process, seen from the benchmark. */
import { fork } from 'node:child_process'
import type { Job, Outcome } from '../load/crowd.ts'

export interface Load {
  /** Writes everything and waits until everybody has it. */
  run: () => Promise<Outcome>
  end: () => Promise<void>
}

type Message = { ready: true } | { outcome: Outcome } | { failed: string }

/** Resolves when everybody is connected and follows the document. */
export async function gather(file: string, job: Job): Promise<Load> {
  const child = fork(file, [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const next = (): Promise<Message> =>
    new Promise((resolve, reject) => {
      child.once('message', (message: Message) => {
        if ('failed' in message) {
          child.kill('SIGKILL')
          reject(new Error(`${file}: ${message.failed}`))
        } else resolve(message)
      })
      void ended.then(() => reject(new Error(`${file} ended early`)))
    })
  const ready = next()
  child.send(job)
  await ready
  return {
    async run() {
      const answer = next()
      child.send('go')
      const message = await answer
      if (!('outcome' in message)) throw new Error('the crowd did not say what happened')
      return message.outcome
    },
    async end() {
      child.send('leave')
      await ended
    },
  }
}
