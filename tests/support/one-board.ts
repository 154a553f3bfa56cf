import type { MutationCall } from '#lib/kernel/define-kind.ts'
import type { DocId } from '#lib/kernel/ids.ts'
import { readBoard } from '#lib/kinds/board/schema.ts'
import { deviceOf, type TestDevice } from './people.ts'
import { startRelay } from './start-relay.ts'

export const call = (mutation: string, args: Record<string, unknown>): MutationCall => ({ mutation, args })

/** Ann has made a workspace with its first board; what a device sees of its boards, and does on them. */
export async function annOnOneBoard() {
  const relay = await startRelay()
  const ann = await deviceOf('ann', relay.port)
  const { workspace, board } = await ann.call('createWorkspace', { name: 'Boat', person: 'Ann', locale: 'en' })
  const boardOf = async (device: TestDevice, work: DocId) =>
    readBoard((await device.call('moment', { workspace, work, at: { now: true } })) as Parameters<typeof readBoard>[0])
  const commit = (device: TestDevice, work: DocId, ...calls: MutationCall[]) =>
    device.call('commit', { workspace, work, tab: device.tab, calls })
  return { relay, ann, workspace, board, boardOf, commit }
}
