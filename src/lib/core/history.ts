/** Who did what when (P8): the changes of a record of work, newest first, put into sentences by its kind. */
import * as A from '@automerge/automerge/slim'
import type { AnyKind, AuditFacts, ChangedField, Sentence } from '#lib/kernel/define-kind.ts'
import type { DeviceId, DocId, PersonId } from '#lib/kernel/ids.ts'
import { toInstant, type Instant } from '#lib/kernel/instants.ts'
import { documentTypeNamed } from '#lib/kinds/index.ts'
import type { Documents } from '#lib/store/documents.ts'
import { fieldsOfChanges, valueThen, writtenBy } from '#lib/store/fields.ts'
import { WROTE } from '#lib/kernel/groups.ts'
import { isQuiet } from '#lib/store/moments.ts'
import { awayBy, putAwayBetween, putAwayBy, type Between } from '#lib/store/put-away-then.ts'
import { entryName, isTouched, placeNamed } from '#lib/store/touched.ts'
import type { WrittenValue } from '#lib/store/values-met.ts'
import { parseMessage, parseTakenBack } from '#lib/store/change-message.ts'
import { splitKind, type Members, type OpenWork, type Works } from '#lib/store/works.ts'
import type { HistoryEntry, ToldStep } from './api.ts'
import { TOGETHER } from './begun-twice.ts'
import { restored, type Replay } from './replay.ts'

interface Change {
  doc: DocId
  hash: string
  mutation: string
  isNobodys?: true
}
/** All of one action, also where others wrote in between. */
interface Action {
  id: string
  actor: string
  at: number
  changes: Change[]
  /** How many steps the timeline has up to its last one. */
  step: number
}

/** Where this actor moved an entry to: what the record of work is called, and what the entry is there. */
export interface Moved {
  to: string
  /** There, since. */
  archived: boolean
  entry: { work: DocId; entity: string }
}
/** At all or between those times; null where nobody did. */
type MovedBy = (work: DocId, entry: string, actor: string, between?: Between) => Moved | null

/** The name in the messages of what was brought in from a file: one action, whatever it is made of. */
export const IMPORT = 'import'

/** A page looks at so many actions at the most: a filter for one person may match none of them. */
const MOST_LOOKED_AT = 5_000
/** Actors of devices: hash of the key and the session. Genesis and migrations have shorter ones. */
const DEVICE_ACTOR = 48

export class HistoryReader {
  readonly #documents: Documents
  readonly #works: Works
  readonly #replay: Replay
  readonly #personOf: (actor: string) => PersonId | null
  readonly #moved: MovedBy
  readonly #workTitle: (work: DocId) => string | null

  constructor(
    documents: Documents,
    works: Works,
    replay: Replay,
    personOf: (actor: string) => PersonId | null,
    movedBy: MovedBy,
    workTitle: (work: DocId) => string | null,
  ) {
    this.#documents = documents
    this.#works = works
    this.#replay = replay
    this.#personOf = personOf
    this.#moved = movedBy
    this.#workTitle = workTitle
  }

  /**
   * `before` is the id of the last entry of the page before; `entity` keeps only what touched that entry, `person` what that
   * person did. The order is the replay's.
   */
  async page(
    work: OpenWork,
    page: { before?: string; limit: number; entity?: string; person?: PersonId },
    personName: (person: string) => string,
  ): Promise<{ entries: HistoryEntry[]; more: boolean }> {
    const members = await this.#works.members(work)
    const actions = this.#actions(work, members)
    const start = page.before ? actions.findIndex(({ id }) => id === page.before) + 1 : 0
    const view = work.kind.read(this.#works.plain(work))
    const found: Action[] = []
    let at = start
    for (; at < actions.length && at < start + MOST_LOOKED_AT && found.length < page.limit; at++) {
      const action = actions[at]
      if (!action || (page.person && this.#personOf(action.actor) !== page.person)) continue
      if (page.entity && !action.changes.some((change) => this.#touches(members, change, page.entity ?? ''))) continue
      found.push(action)
    }
    const pending = new Set<string>()
    for (const doc of new Set(found.flatMap(({ changes }) => changes.map((change) => change.doc)))) {
      const row = this.#documents.rows.get(doc)
      const content = members.get(doc)?.open.handle.doc()
      if (!row || !content) continue
      for (const { hash } of A.getChangesMetaSince(content, row.acceptedHeads)) pending.add(hash)
    }
    const entries = found.map((action) => ({
      ...this.#entry(work, action, { view, personName, then: this.#namesThen(work, members, action) }, page.entity),
      pending: action.changes.some(({ hash }) => pending.has(hash)),
    }))
    return { entries, more: at < actions.length }
  }

  /** What an actor's changes did together, and to which entries. `view` has the names of their moment. */
  told(
    work: OpenWork,
    { actor, changes, view }: { actor: string; changes: readonly Change[]; view: unknown },
    personName: (person: string) => string,
  ): ToldStep {
    const movedTo = this.#movedBy(work, { actor, changes })
    const { fields, sentence } = this.#written(work, done(changes), { view, personName, movedTo })
    const entries = new Map(
      fields.map(({ path: [collection, id] }) => [
        `${collection} ${id}`,
        { collection: String(collection), id: String(id) },
      ]),
    )
    const mutations = changes.map(({ mutation }) => mutation)
    return { sentence, entries: [...entries.values()], isOfMany: isOfMany(mutations) }
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
    return A.getChangesMetaSince(content, [])
      .filter(({ hash, actor }) => actor.length === DEVICE_ACTOR && hashes.has(hash))
      .map(({ hash, actor, time, message }) => {
        const changed = [{ doc, hash, ...parseMessage(message) }]
        return this.#entry(work, { id: hash, actor, at: time, changes: changed, step: 0 }, { view, personName })
      })
  }

  /** Newest first. */
  #actions(work: OpenWork, members: Members): Action[] {
    const actions = new Map<string, Action>()
    for (const [at, step] of this.#replay.moments.timeline(work.root, members).entries()) {
      const id = step.group ?? step.changes[0]?.hash ?? ''
      const known = actions.get(id)
      // Where others wrote in between, the action counts as made when it was done.
      actions.delete(id)
      actions.set(id, {
        id,
        actor: step.actor,
        at: step.at,
        changes: [...(known?.changes ?? []), ...done(step.changes)],
        step: at + 1,
      })
    }
    return [...actions.values()].reverse()
  }

  #touches(members: Members, { doc, hash }: Change, entity: string): boolean {
    const content = members.get(doc)?.open.handle.doc()
    return content ? isTouched(this.#replay.touched.of(content, hash), entity) : false
  }

  /** Values of fields as they were when the action was done, as far as its device knew them. */
  #namesThen(work: OpenWork, members: Members, { step }: Action): NonNullable<AuditFacts<unknown>['then']> {
    const then = this.#replay.moments.at(work.root, members, step)
    return (collection, id, field) => {
      for (const [doc, { open, textsOf }] of members) {
        const heads = then[doc]
        if (textsOf !== undefined || !heads) continue
        const value = valueThen(open.handle.doc(), [collection, id, field], heads)
        if (value !== undefined) return value
      }
      return undefined
    }
  }

  #entry(
    work: OpenWork,
    { id, actor, at, changes }: Action,
    facts: Omit<AuditFacts<unknown>, 'fields'>,
    entity?: string,
  ): HistoryEntry {
    const mutation = (changes.find((change) => !isQuiet(change.mutation)) ?? changes[0])?.mutation ?? ''
    const { way, mutations } = parseTakenBack(mutation)
    return {
      id,
      at: toInstant(at * 1000),
      person: this.#personOf(actor),
      device: actor.slice(0, 32) as DeviceId,
      mutation,
      ...(way === 'undo' && { takesBack: mutations }),
      ...this.#written(work, changes, { ...facts, movedTo: this.#movedBy(work, { actor, changes }) }, entity),
      pending: false,
    }
  }

  /** Where these changes moved an entry to; an earlier or a later move of it, or one that was taken back before them, is not theirs. */
  #movedBy(
    work: OpenWork,
    { actor, changes }: { actor: string; changes: readonly Change[] },
  ): NonNullable<AuditFacts<unknown>['movedTo']> {
    return (entry) => {
      // Of what was never moved nothing has to be read.
      if (this.#moved(work.root, entry, actor) === null) return null
      for (const { doc, hash } of changes) {
        const open = this.#opened(work, doc)
        const flags = open && documentTypeNamed(open.row.kind)?.putAway
        const between = flags && putAwayBetween(open.handle.doc(), { flags, entry, hash }, this.#replay.touched)
        if (between) return this.#moved(work.root, entry, actor, between)?.to ?? null
      }
      return null
    }
  }

  /** By whom these entries are away, and since when; null for one that is there, or of which that cannot be told. */
  putAwayBy(work: OpenWork, entries: readonly string[]): ({ person: PersonId | null; at: Instant } | null)[] {
    return entries.map((entry) => {
      const { doc } = this.#works.shardOf(work, entry) ?? {}
      const open = doc && this.#opened(work, doc)
      const flags = open && documentTypeNamed(open.row.kind)?.putAway
      const last = flags && awayBy(open.handle.doc(), { flags, entry }, this.#replay.touched)
      return last ? { person: this.#personOf(last.actor), at: toInstant(last.at) } : null
    })
  }

  /**
   * Of those of these entries that are away, the moves by which they are, with what they became, whatever became of that since:
   * not of those that were archived after their move was taken back.
   */
  movedAway(work: OpenWork, entries: readonly string[]): { entity: string; to: Moved['entry'] }[] {
    return entries.flatMap((entity) => {
      const { doc } = this.#works.shardOf(work, entity) ?? {}
      const open = doc && this.#opened(work, doc)
      const flags = open && documentTypeNamed(open.row.kind)?.putAway
      if (!flags) return []
      const content = open.handle.doc()
      const moves = putAwayBy(content, { flags, entry: entity }, this.#replay.touched).map(({ hash, actor }) => {
        const between = putAwayBetween(content, { flags, entry: entity, hash }, this.#replay.touched)
        return between && this.#moved(work.root, entity, actor, between)
      })
      const move = moves.find((one) => one !== null)
      // Chosen from a move and an archiving by hand: the latter where it is archived there as well.
      return !move || (move.archived && moves.includes(null)) ? [] : [{ entity, to: move.entry }]
    })
  }

  #opened(work: OpenWork, doc: DocId) {
    return work.docs.get(doc)?.open ?? this.#documents.peek(doc)
  }

  /** Of one entry alone, where it is named; of all where that was only mentioned and has no fields of its own. */
  #written(
    work: OpenWork,
    changes: readonly Change[],
    facts: Omit<AuditFacts<unknown>, 'fields'>,
    entity?: string,
  ): { fields: ChangedField[]; sentence: Sentence } {
    const itsOwn = this.#fields(work, changes, entity)
    const fields = entity === undefined || itsOwn.length > 0 ? itsOwn : this.#fields(work, changes)
    const mutations = changes.map(({ mutation }) => mutation)
    return { fields, sentence: sentenceOf(work, mutations, { ...facts, workTitle: this.#workTitle, fields }) }
  }

  #fields(work: OpenWork, changes: readonly Change[], entity?: string): ChangedField[] {
    const fields: ChangedField[] = []
    for (const doc of new Set(changes.map((change) => change.doc))) {
      const open = this.#opened(work, doc)
      if (!open) continue
      const [kind, type] = splitKind(open.row.kind)
      const content = open.handle.doc()
      const written = changes.filter((change) => change.doc === doc)
      const hashes = written
        .map(({ hash }) => hash)
        .filter((hash) => entity === undefined || isTouched(this.#replay.touched.of(content, hash), entity))
      if (kind === 'prose') {
        // Texts that begin with their entries say nothing of their own; those of an import are long.
        if (written.some(({ mutation }) => !isQuiet(mutation)))
          fields.push(
            ...this.#texts(work, doc, content, hashes).filter(({ path }) => entity === undefined || path[1] === entity),
          )
      } else {
        const { fields: changed, settled } = writtenBy(content, hashes, entity)
        for (const { path, before, after } of changed) fields.push({ doc, type, path, before, after })
        for (const { path, before, after, over } of settled)
          fields.push({ doc, type, path, before, after, over: chosenOver(over, this.#personOf) })
      }
    }
    return fields
  }

  /** Entries whose text was written in, as fields of those entries; one that was begun with its entry says nothing of its own. */
  #texts(work: OpenWork, companion: DocId, content: A.Doc<Record<string, unknown>>, hashes: string[]): ChangedField[] {
    const shard = [...work.docs].find(([doc]) => this.#works.companionId(work, doc) === companion)
    if (!shard) return []
    const begun = new Set<string>()
    const written = new Set<string>()
    for (const { path, before } of fieldsOfChanges(content, hashes))
      if (path.length === 2 && before === undefined) begun.add(entryName('entries', String(path[1])))
    const { touched } = this.#replay
    for (const hash of hashes) for (const name of touched.of(content, hash)) if (!begun.has(name)) written.add(name)
    const [doc, { type }] = shard
    return textFields(
      work,
      { doc, type },
      [...written].map((name) => placeNamed(name)[1]),
    )
  }
}

/** Without what is nobody's action. */
const done = (changes: readonly Change[]): Change[] => changes.filter(({ isNobodys }) => !isNobodys)

/** The values over which another one was chosen, and whose they were. */
export const chosenOver = (
  over: readonly WrittenValue[],
  personOf: (actor: string) => PersonId | null,
): NonNullable<ChangedField['over']> => over.map(({ value, actor }) => ({ value, by: personOf(actor) }))

/** The texts of entries of one document as fields of those entries. */
export function textFields(
  work: OpenWork,
  shard: { doc: DocId; type: string } | null,
  entries: readonly string[],
): ChangedField[] {
  const collection = shard && work.kind.documents[shard.type]?.entries
  if (!shard || !collection) return []
  return entries.map((entry) => ({ ...shard, path: [collection, entry, TEXT], before: undefined, after: undefined }))
}

/** The last part of the path of a text: no field of the entry has such a name. */
const TEXT = 'text'

const MOST_SENTENCES = 3
const WAYS = {
  undo: { 'zh-CN': '撤销', en: 'undo', done: { 'zh-CN': '已撤销', en: 'Undone' } },
  redo: { 'zh-CN': '重做', en: 'redo', done: { 'zh-CN': '已重做', en: 'Redone' } },
} as const

/** A mutation of its own for each that an action was made of, also one that was taken back. */
const namesOf = (mutations: readonly string[]): Set<string> =>
  new Set(mutations.flatMap((mutation) => parseTakenBack(mutation).mutations))

/** What an action did: a sentence for each sort of mutation in it, those first that people make themselves. */
export function sentenceOf(work: OpenWork, mutations: readonly string[], facts: AuditFacts<unknown>): Sentence {
  const { way } = parseTakenBack(mutations[0] ?? '')
  const names = namesOf(mutations)
  for (const name of names) if (names.size > 1 && isQuiet(name)) names.delete(name)
  // Of one entry nothing is said that was done to others.
  const seen = [...names].filter((name) => hasFields(work.kind, name, facts))
  const said = new Map<string, Sentence>()
  for (const name of seen.length > 0 ? seen : names) {
    const sentence = sentenceFor(work.kind, name, facts)
    said.set(sentence.en, sentence)
  }
  const parts = [...said.values()].slice(0, MOST_SENTENCES)
  const sentence = {
    'zh-CN': parts.map((part) => part['zh-CN']).join('；'),
    en: parts.map(({ en }, index) => (index === 0 ? en : en.charAt(0).toLowerCase() + en.slice(1))).join('; '),
  }
  if (way === null) return sentence
  // An import is told by its name, all else by what became of it, which taking back turns round.
  if (!isOfMany(mutations))
    return { 'zh-CN': `${sentence['zh-CN']}（${WAYS[way]['zh-CN']}）`, en: `${sentence.en} (${WAYS[way].en})` }
  const { done } = WAYS[way]
  return { 'zh-CN': `${done['zh-CN']}：${sentence['zh-CN']}`, en: `${done.en}: ${sentence.en}` }
}

/** Whether a mutation has something to say of these fields, instead of the words that are said where none is to be seen. What is no kind's own always has. */
export function hasFields({ audit }: AnyKind, mutation: string, facts: AuditFacts<unknown>): boolean {
  if (!Object.hasOwn(audit, mutation)) return true
  const said = audit[mutation]
  return said?.(facts).en !== said?.({ ...facts, fields: [] }).en
}

/** Whether it is told of as a number of entries, none of them by name. */
const isOfMany = (mutations: readonly string[]): boolean =>
  [...namesOf(mutations)].some((name) => name === IMPORT || restored(name) !== null)

/** What a mutation did, in the kind's words. */
function sentenceFor(kind: AnyKind, mutation: string, facts: AuditFacts<unknown>): Sentence {
  if (mutation === WROTE) return kind.auditText?.(facts) ?? { 'zh-CN': '改了描述', en: 'Changed a description' }
  if (mutation === IMPORT) return kind.auditImport?.(facts) ?? { 'zh-CN': '导入了文件', en: 'Imported a file' }
  const back = restored(mutation)
  if (back !== null)
    return (
      kind.auditRestored?.(facts, back === 'all') ?? {
        'zh-CN': '恢复到了较早的样子',
        en: 'Went back to an earlier state',
      }
    )
  if (mutation === TOGETHER)
    return kind.auditTogether?.(facts) ?? { 'zh-CN': '合并了同时创建的内容', en: 'Put together what two had begun' }
  const said = Object.hasOwn(kind.audit, mutation) ? kind.audit[mutation] : undefined
  return said?.(facts) ?? { 'zh-CN': mutation, en: mutation }
}
