/** Who did what when (P8): the changes of a record of work, newest first, put into sentences by its kind. */
import * as A from '@automerge/automerge/slim'
import type { AnyKind, AuditFacts, ChangedField, Sentence } from '#lib/kernel/define-kind.ts'
import type { DeviceId, DocId, PersonId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import type { AnyDoc, Documents } from '#lib/store/documents.ts'
import { fieldsOfChanges } from '#lib/store/fields.ts'
import { parseMessage, splitKind, type OpenWork, type Works } from '#lib/store/works.ts'
import type { HistoryEntry, ToldStep } from './api.ts'
import { RESTORE } from './replay.ts'

interface Step {
  doc: DocId
  hash: string
  actor: string
  time: number
  mutation: string
  group: string | null
}

/** A page looks at so many actions at the most: a filter for one card may match none of them. */
const MOST_LOOKED_AT = 400
/** Actors of devices: hash of the key and the session. Genesis and migrations have shorter ones. */
const DEVICE_ACTOR = 48

export class HistoryReader {
  readonly #documents: Documents
  readonly #works: Works
  readonly #personOf: (actor: string) => PersonId | null

  constructor(documents: Documents, works: Works, personOf: (actor: string) => PersonId | null) {
    this.#documents = documents
    this.#works = works
    this.#personOf = personOf
  }

  /** `before` is the id of the last entry of the page before; `entity` keeps only what touched that card. */
  page(
    work: OpenWork,
    page: { before?: string; limit: number; entity?: string },
    personName: (person: string) => string,
  ): { entries: HistoryEntry[]; more: boolean } {
    const groups = new Map<string, Step[]>()
    const pending = new Set<string>()
    for (const [doc, { open }] of work.docs) {
      for (const change of A.getChangesMetaSince(open.handle.doc(), open.row.acceptedHeads)) pending.add(change.hash)
      for (const step of stepsOf(doc, open.handle.doc())) {
        const id = step.group ?? step.hash
        const steps = groups.get(id)
        if (steps) steps.push(step)
        else groups.set(id, [step])
      }
    }
    // Times are whole seconds: within one, what a document holds later is the newer (the sort is stable).
    const newestFirst = [...groups].reverse().sort(([, a], [, b]) => (b.at(-1)?.time ?? 0) - (a.at(-1)?.time ?? 0))
    const start = page.before ? newestFirst.findIndex(([id]) => id === page.before) + 1 : 0
    const view = work.kind.read(this.#works.plain(work))
    const entries: HistoryEntry[] = []
    let at = start
    for (; at < newestFirst.length && at < start + MOST_LOOKED_AT && entries.length < page.limit; at++) {
      const [id, steps] = newestFirst[at] ?? ['', []]
      const entry = this.#entry(work, id, steps, view, personName)
      if (page.entity && !entry.fields.some((field) => field.path.includes(page.entity ?? ''))) continue
      entries.push({ ...entry, pending: steps.some((step) => pending.has(step.hash)) })
    }
    return { entries, more: at < newestFirst.length }
  }

  /** What changes did together, and to which entries. `view` has the names of their moment. */
  told(
    work: OpenWork,
    changes: readonly { doc: DocId; hash: string; mutation: string }[],
    view: unknown,
    personName: (person: string) => string,
  ): ToldStep {
    const { fields, sentence } = this.#written(work, changes, view, personName)
    const entries = new Map(
      fields.map(({ path: [collection, id] }) => [
        `${collection} ${id}`,
        { collection: String(collection), id: String(id) },
      ]),
    )
    return { sentence, entries: [...entries.values()] }
  }

  /** Sentences of changes that are about to be taken back (R7). */
  async ofChanges(
    doc: DocId,
    root: DocId | null,
    changes: readonly Uint8Array[],
    personName: (person: string) => string,
  ): Promise<HistoryEntry[]> {
    if (!root) return []
    const work = await this.#works.open(root)
    const hashes = new Set(changes.map((change) => A.decodeChange(change as A.Change).hash))
    const content = (await this.#documents.open(doc)).handle.doc()
    const view = work.kind.read(this.#works.plain(work))
    return stepsOf(doc, content)
      .filter((step) => hashes.has(step.hash))
      .map((step) => this.#entry(work, step.hash, [step], view, personName))
  }

  #entry(
    work: OpenWork,
    id: string,
    steps: Step[],
    view: unknown,
    personName: (person: string) => string,
  ): HistoryEntry {
    const last = steps.at(-1)
    return {
      id,
      at: toInstant((last?.time ?? 0) * 1000),
      person: last ? this.#personOf(last.actor) : null,
      device: last ? (last.actor.slice(0, 32) as DeviceId) : null,
      mutation: steps.find((step) => step.mutation !== 'addShard')?.mutation ?? last?.mutation ?? '',
      ...this.#written(work, steps, view, personName),
      pending: false,
    }
  }

  #written(
    work: OpenWork,
    steps: readonly { doc: DocId; hash: string; mutation: string }[],
    view: unknown,
    personName: (person: string) => string,
  ): { fields: ChangedField[]; sentence: Sentence } {
    const fields: ChangedField[] = []
    for (const doc of new Set(steps.map((step) => step.doc))) {
      const open = work.docs.get(doc)?.open ?? this.#documents.peek(doc)
      if (!open) continue
      const type = splitKind(open.row.kind)[1]
      const hashes = steps.filter((step) => step.doc === doc).map((step) => step.hash)
      for (const { path, before, after } of fieldsOfChanges(open.handle.doc(), hashes))
        fields.push({ doc, type, path, before, after })
    }
    const mutations = steps.map((step) => step.mutation)
    return { fields, sentence: sentenceOf(work, mutations, { fields, view, personName }) }
  }
}

function stepsOf(doc: DocId, content: AnyDoc): Step[] {
  return A.getChangesMetaSince(content, [])
    .filter((meta) => meta.actor.length === DEVICE_ACTOR)
    .map((meta) => ({ doc, hash: meta.hash, actor: meta.actor, time: meta.time, ...parseMessage(meta.message) }))
}

const MOST_SENTENCES = 3

/** What an action did: a sentence for each sort of mutation in it, those first that people make themselves. */
export function sentenceOf(work: OpenWork, mutations: readonly string[], facts: AuditFacts<unknown>): Sentence {
  const first = mutations[0] ?? ''
  const way = first.includes(':') ? first.split(':', 1)[0] : ''
  const names = new Set(mutations.map((mutation) => mutation.split(':').at(-1) ?? ''))
  if (names.size > 1) names.delete('addShard')
  const said = new Map<string, Sentence>()
  for (const name of names) {
    const sentence = sentenceFor(work.kind, name, facts)
    said.set(sentence.en, sentence)
  }
  const parts = [...said.values()].slice(0, MOST_SENTENCES)
  const sentence = { 'zh-CN': parts.map((part) => part['zh-CN']).join('；'), en: parts.map(({ en }) => en).join('; ') }
  if (way === 'undo') return { 'zh-CN': `撤销后：${sentence['zh-CN']}`, en: `Undone, now: ${sentence.en}` }
  if (way === 'redo') return { 'zh-CN': `重做：${sentence['zh-CN']}`, en: `Done again: ${sentence.en}` }
  return sentence
}

/** What a mutation did, in the kind's words; going back to a moment is no kind's own. */
function sentenceFor(kind: AnyKind, mutation: string, facts: AuditFacts<unknown>): Sentence {
  if (mutation !== RESTORE) return kind.audit[mutation]?.(facts) ?? { 'zh-CN': mutation, en: mutation }
  const count = new Set(facts.fields.map(({ path }) => path.slice(0, 2).join('/'))).size
  return {
    'zh-CN': `恢复到较早的状态，改动 ${count} 处`,
    en: `Went back to an earlier state, changing ${count === 1 ? '1 entry' : `${count} entries`}`,
  }
}
