/** A piece of work in a process of its own, so that it starts cold and nothing of it stays. */
import { fork } from 'node:child_process'

export async function runTask<Job extends object, Answer>(file: string, job: Job): Promise<Answer> {
  const child = fork(file, [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const answer = new Promise<Answer>((resolve, reject) => {
    child.once('message', (message: { answer: Answer } | { failed: string }) => {
      if ('answer' in message) resolve(message.answer)
      else reject(new Error(`${file}: ${message.failed}`))
    })
    void ended.then(() => reject(new Error(`${file} ended early`)))
  })
  child.send(job)
  try {
    return await answer
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

/** The other end: in the process. */
export function serveTask<Job extends object, Answer>(work: (job: Job) => Promise<Answer>): void {
  process.once('message', (job: Job) => {
    work(job).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) =>
        process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
}

export async function until(check: () => boolean | Promise<boolean>, every = 2): Promise<void> {
  const deadline = performance.now() + 180_000
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}
