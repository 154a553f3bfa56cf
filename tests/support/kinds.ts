/** Kinds without a core: the documents of one record of work on one device, run, forked and merged by hand. */
import './automerge.ts'
import * as A from '@automerge/automerge/slim'
import * as v from 'valibot'
import type { AnyKind, MutationCall, MutationContext, WorkDocs } from '#lib/kernel/define-kind.ts'
import { runMutation } from '#lib/kernel/run-mutation.ts'
import { toId, type DocId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { frozenChanges } from '#lib/store/frozen.ts'
import { toPlain } from '#lib/store/plain.ts'

export type AnyDoc = A.Doc<Record<string, unknown>>

export interface Replica {
  kind: AnyKind
  actor: string
  docs: Map<DocId, { type: string; doc: AnyDoc }>
  /** Which shard an entry is in. */
  shards: Map<string, DocId>
}

export const ROOT = toId<DocId>('0'.repeat(32))
export const CONTEXT: MutationContext = { now: toInstant(1_795_000_000_000) }

const actorOf = (name: string): string => Buffer.from(name.padEnd(24, '.')).toString('hex')

function newDocument(kind: AnyKind, type: string, actor: string): AnyDoc {
  const definition = kind.documents[type]
  if (!definition) throw new Error(`${kind.name} has no ${type}`)
  const changes = [...frozenChanges(`${kind.name}.${type}`, definition)] as A.Change[]
  return A.applyChanges(A.init<Record<string, unknown>>({ actor }), changes)[0]
}

/** A new record of work on the device of the person named. */
export function createReplica(kind: AnyKind, name: string): Replica {
  const actor = actorOf(name)
  return {
    kind,
    actor,
    docs: new Map([[ROOT, { type: 'root', doc: newDocument(kind, 'root', actor) }]]),
    shards: new Map(),
  }
}

/** The same record of work on another device. */
export function fork({ kind, docs, shards }: Replica, name: string): Replica {
  const actor = actorOf(name)
  const copies = [...docs].map(([id, { type, doc }]) => [id, { type, doc: A.clone(doc, { actor }) }] as const)
  return { kind, actor, docs: new Map(copies), shards: new Map(shards) }
}

/** Brings everything of `theirs` into `ours`. */
export function mergeInto(ours: Replica, theirs: Replica): void {
  for (const [id, { type, doc }] of theirs.docs) {
    const known = ours.docs.get(id)
    const start = known?.doc ?? A.init<Record<string, unknown>>({ actor: ours.actor })
    ours.docs.set(id, { type, doc: A.applyChanges(start, A.getAllChanges(doc))[0] })
  }
  for (const [entity, shard] of theirs.shards) ours.shards.set(entity, shard)
}

export interface Written {
  doc: DocId
  type: string
  hashes: string[]
}

/** When a change was made, in seconds, and its message. */
export interface Stamp {
  time: number
  message?: string
}

/** Runs the calls as the core does: into the entry's shard, a further shard where the others are full. Throws refusals. */
export function run(
  replica: Replica,
  calls: readonly MutationCall[],
  ctx: MutationContext = CONTEXT,
  stamp: Stamp = { time: 0 },
): Written[] {
  const written: Written[] = []
  const steps: ((draft: Record<string, unknown>) => void)[] = []
  let on: DocId = ROOT
  const flush = () => {
    if (steps.length > 0) written.push(change(replica, on, steps.splice(0), stamp))
  }
  for (const call of calls) {
    const mutation = replica.kind.mutations[call.mutation]
    if (!mutation) throw new Error(`unknown mutation ${call.mutation}`)
    const args = v.parse(mutation.args, call.args)
    const entity = mutation.entity ? String(call.args[mutation.entity]) : ''
    let id = mutation.on === 'root' ? ROOT : replica.shards.get(entity)
    if (!id && mutation.creates) {
      id = shardWithRoom(replica, mutation.on, flush, stamp)
      replica.shards.set(entity, id)
    }
    if (!id) throw new Error(`no shard holds ${entity}`)
    if (on !== id || steps.length >= 100) flush()
    on = id
    const { entries } = replica.kind.documents[mutation.on] ?? {}
    steps.push((draft) => runMutation(mutation, draft, args, ctx, entries))
  }
  flush()
  return written
}

function change(
  replica: Replica,
  id: DocId,
  steps: ((draft: Record<string, unknown>) => void)[],
  stamp: Stamp,
): Written {
  const member = replica.docs.get(id)
  if (!member) throw new Error('no such document')
  const before = A.getHeads(member.doc)
  member.doc = A.change(member.doc, { ...stamp }, (draft) => steps.forEach((step) => step(draft)))
  return { doc: id, type: member.type, hashes: A.getHeads(member.doc).filter((head) => !before.includes(head)) }
}

function shardWithRoom(replica: Replica, type: string, flush: () => void, stamp: Stamp): DocId {
  const counts = new Map<DocId, number>()
  for (const shard of replica.shards.values()) counts.set(shard, (counts.get(shard) ?? 0) + 1)
  for (const [id, member] of replica.docs) {
    if (member.type === type && (counts.get(id) ?? 0) < (replica.kind.documents[type]?.capacity ?? 500)) return id
  }
  const id = toId<DocId>(replica.actor.slice(0, 28) + replica.docs.size.toString(16).padStart(4, '0'))
  replica.docs.set(id, { type, doc: newDocument(replica.kind, type, replica.actor) })
  flush()
  run(replica, [{ mutation: 'addShard', args: { doc: id, type } }], CONTEXT, stamp)
  return id
}

export function workOf({ docs }: Replica): WorkDocs {
  const plain: Record<DocId, { type: string; doc: unknown }> = {}
  for (const [id, { type, doc }] of docs) plain[id] = { type, doc: toPlain(doc) }
  return { root: ROOT, docs: plain }
}

export const viewOf = <View>(replica: Replica): View => replica.kind.read(workOf(replica)) as View

export const headsOf = (replica: Replica): Record<string, string[]> =>
  Object.fromEntries([...replica.docs].sort().map(([id, { doc }]) => [id, [...A.getHeads(doc)].sort()]))
