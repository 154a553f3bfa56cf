/**
 * Puts the demo on stage: its colleagues come into the log as people with devices of their own (whose keys are thrown away:
 * nobody will ever use them), its departments get their members, and its boards the past that the demo tells, each step by
 * who did it and when. All of it stays on this device.
 */
import type { Locale } from '#lib/kernel/define-kind.ts'
import { toId, type DeviceId, type PersonId, type ScopeId } from '#lib/kernel/ids.ts'
import { toInstant } from '#lib/kernel/instants.ts'
import { refuse } from '#lib/kernel/refusal.ts'
import type { Demo } from '#lib/kinds/demo.ts'
import { joinProof } from '#lib/sync/authority.ts'
import { actorOf } from '#lib/sync/bodies.ts'
import { randomBytes, randomId } from '#lib/sync/bytes.ts'
import { createDeviceKeys, seedKeys, signerOf } from '#lib/sync/keys.ts'
import type { WorkspaceCore } from './workspace-core.ts'

const MINUTE = 60_000

interface Colleague {
  person: PersonId
  device: DeviceId
  actor: string
}

export async function stageDemo(workspace: WorkspaceCore, demo: Demo, locale: Locale): Promise<void> {
  const evening = new Date(workspace.context().now).setHours(18, 30, 0, 0)
  const colleagues = new Map<string, Colleague>()
  for (const { person } of demo.people)
    colleagues.set(
      person,
      person === demo.me.person ? actorIn(workspace) : await letIn(workspace, toId<PersonId>(person)),
    )
  await workspace.mutateWorkspace(
    demo.people.map(({ person, name }) => ({
      mutation: 'introducePerson',
      args: { person, name, locale },
    })),
  )
  await formDepartments(workspace, demo, colleagues)
  for (const { kind, past } of demo.works) {
    await workspace.recount(
      kind,
      past.map(({ ago, by, calls, ...marks }) => ({
        at: toInstant(evening - ago * MINUTE),
        ...(colleagues.get(by) ?? refuse('unknown-person')),
        calls,
        ...marks,
      })),
    )
  }
}

/** Whoever opens the demo is there already. */
function actorIn(workspace: WorkspaceCore): Colleague {
  const { me: person, keys } = workspace.row
  return { person, device: keys.id, actor: actorOf(keys.id, randomBytes(8)) }
}

async function letIn(workspace: WorkspaceCore, person: PersonId): Promise<Colleague> {
  const [seed, keys, kit] = [
    await seedKeys(randomBytes(32), 'seed'),
    await createDeviceKeys(),
    await seedKeys(randomBytes(32), 'kit'),
  ]
  const { id, rootScope } = workspace.row
  const expires = toInstant(workspace.context().now + MINUTE)
  await workspace.propose({ type: 'invite', seed: seed.public, rank: 'member', expires, scopes: [rootScope] })
  const proof = await signerOf(seed).sign(joinProof(id, seed.id, person, keys.public.sign, kit.public.sign))
  await workspace.propose(
    { type: 'join', invite: seed.id, person, device: keys.public, kit: kit.public, proof },
    { signer: signerOf(keys) },
  )
  return { person, device: keys.id, actor: actorOf(keys.id, randomBytes(8)) }
}

async function formDepartments(workspace: WorkspaceCore, demo: Demo, colleagues: ReadonlyMap<string, Colleague>) {
  for (const { key, name } of demo.departments) {
    const scope = randomId<ScopeId>()
    const refused = await workspace.engine.openScope(scope, workspace.row.rootScope, 'department')
    if (refused) refuse(refused)
    await workspace.mutateWorkspace([{ mutation: 'nameScope', args: { scope, name } }])
    for (const { person, department } of demo.people) {
      const of = colleagues.get(person)
      if (department === key && of)
        await workspace.propose({ type: 'setDepartments', person: of.person, departments: [scope] })
    }
  }
}
