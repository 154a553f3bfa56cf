/** The wizard's way to the worker that reads the file. */
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { isBrokenOff, scriptProblem } from '#lib/core/keep-loading.ts'
import { loadPart } from '#lib/core/load-part.ts'
import { Refusal } from '#lib/kernel/refusal.ts'
import type { Mapping } from '../csv-mapping.ts'
import type { ImportShown, PlanAsk, ReadAsk } from '../import-session.ts'

export type ToImport =
  | { type: 'read'; id: number; file: Blob; as: ReadAsk; ask: PlanAsk }
  | { type: 'plan'; id: number; ask: PlanAsk; mapping: Mapping | null }
  | { type: 'headings'; id: number; headings: boolean; ask: PlanAsk }
  | { type: 'calls'; id: number }
export type FromImport =
  | { type: 'progress'; id: number; done: number; all: number }
  | { type: 'shown'; id: number; shown: ImportShown }
  | { type: 'refused'; id: number; code: string; params: Record<string, string | number> }
  | { type: 'calls'; id: number; calls: readonly MutationCall[] }

type Answer = Extract<FromImport, { type: 'shown' | 'calls' }>

export class ImportReader {
  #worker: Worker | null = null
  readonly #onProgress: (done: number, all: number) => void
  #last = 0
  #waiting: {
    asked: ToImport
    resolve: (answer: Answer | null) => void
    reject: (error: unknown) => void
  } | null = null

  constructor(onProgress: (done: number, all: number) => void) {
    this.#onProgress = onProgress
  }

  /** Null where a later step came in its place. */
  async read(file: Blob, as: ReadAsk, ask: PlanAsk): Promise<ImportShown | null> {
    return this.#shown(await this.#ask((id) => ({ type: 'read', id, file, as, ask })))
  }
  async plan(ask: PlanAsk, mapping: Mapping | null): Promise<ImportShown | null> {
    return this.#shown(await this.#ask((id) => ({ type: 'plan', id, ask, mapping })))
  }
  async headings(headings: boolean, ask: PlanAsk): Promise<ImportShown | null> {
    return this.#shown(await this.#ask((id) => ({ type: 'headings', id, headings, ask })))
  }
  async calls(): Promise<readonly MutationCall[]> {
    const answer = await this.#ask((id) => ({ type: 'calls', id }))
    return answer?.type === 'calls' ? answer.calls : []
  }

  /** What cannot pause, such as reading 50 MB of JSON, ends with the worker. */
  stop(): void {
    this.#worker?.terminate()
    this.#worker = null
    this.#settle()?.resolve(null)
  }

  #shown = (answer: Answer | null): ImportShown | null => (answer?.type === 'shown' ? answer.shown : null)

  #ask(message: (id: number) => ToImport): Promise<Answer | null> {
    this.#settle()?.resolve(null)
    return new Promise((resolve, reject) => {
      const asked = message(++this.#last)
      this.#waiting = { asked, resolve, reject }
      if (this.#worker) this.#worker.postMessage(asked)
      else this.#start()
    })
  }

  /** Where the worker does not come, the next step begins it anew. */
  #start(): void {
    loadPart(() => new Promise<never>((_, failed) => this.#open(failed))).catch((error: unknown) => {
      this.#worker = null
      this.#settle()?.reject(error)
    })
  }

  #open(failed: (error: Error) => void): void {
    this.#worker = new Worker(new URL('./import.worker.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<FromImport>) => this.#receive(data)
    this.#worker.onerror = (event) => {
      const problem = scriptProblem(event)
      if (isBrokenOff(problem)) failed(problem)
      else this.#settle()?.reject(problem)
    }
    if (this.#waiting) this.#worker.postMessage(this.#waiting.asked)
  }

  #receive(message: FromImport): void {
    if (message.id !== this.#last) return
    if (message.type === 'progress') this.#onProgress(message.done, message.all)
    else if (message.type === 'refused') this.#settle()?.reject(new Refusal(message.code, message.params))
    else this.#settle()?.resolve(message)
  }

  #settle() {
    const waiting = this.#waiting
    this.#waiting = null
    return waiting
  }
}
