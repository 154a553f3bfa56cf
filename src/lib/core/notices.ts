/** What a person of this device has to be told about a workspace, until it is over or put away. */
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import type { Db } from '#lib/store/db.ts'
import type { Notice } from './api.ts'

export class Notices {
  readonly #db: Db
  readonly #ws: WorkspaceId
  readonly #onChange: () => void
  #all: Notice[] = []

  constructor(db: Db, ws: WorkspaceId, onChange: () => void) {
    this.#db = db
    this.#ws = ws
    this.#onChange = onChange
  }

  /** The newest first. */
  get all(): readonly Notice[] {
    return this.#all
  }

  async load(): Promise<void> {
    const range = IDBKeyRange.bound([this.#ws], [this.#ws, []])
    this.#all = (await this.#db.getAll('notices', range)).map(({ id, code, params, severity }) => ({
      id,
      code,
      params,
      severity,
    }))
  }

  /** One notice of a kind: the same news again only replaces it. */
  async add(
    code: string,
    severity: Notice['severity'],
    params: Record<string, string | number> = {},
    id = code,
  ): Promise<void> {
    const notice: Notice = { id, code, params, severity }
    this.#all = [notice, ...this.#all.filter((known) => known.id !== id)]
    // On a full disk it is said all the same.
    await this.#db.put('notices', { ws: this.#ws, ...notice }).catch(console.error)
    this.#onChange()
  }

  async dismiss(id: string): Promise<void> {
    this.#all = this.#all.filter((notice) => notice.id !== id)
    await this.#db.delete('notices', [this.#ws, id])
    this.#onChange()
  }

  async over(codes: readonly string[]): Promise<void> {
    for (const { id, code } of this.#all) if (codes.includes(code)) await this.dismiss(id)
  }
}
