import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { expect, test, vi } from 'vitest'
import type { CoreClient } from '#lib/core/client.ts'
import { toId, type DocId, type WorkspaceId } from '#lib/kernel/ids.ts'
import { openProse } from '#lib/kinds/board/ui/prose-handle.ts'

// What the build says of itself; here is none.
vi.mock('$app/environment', () => ({ version: 'tried' }))
// The browser fetches the wasm; here it has begun already.
vi.mock('@automerge/automerge/slim', async (original) => ({
  ...(await original<typeof A>()),
  initializeWasm: () => Promise.resolve(),
}))

type Texts = Record<'entries', Record<string, { text: string }>>

/** What a tab asks of its core for a description, with the texts that have arrived so far, and what comes later. */
function coreWith(arrived: A.Doc<Texts>) {
  let tell: (event: { changes: Uint8Array[] }) => void = () => undefined
  const opened = {
    doc: toId('d0'.repeat(16)),
    bytes: A.save(arrived),
    actor: 'ab'.repeat(16),
    path: ['entries', 'mast', 'text'],
  }
  const core = {
    tab: 'tab',
    call: { openProse: () => Promise.resolve(opened) },
    onRestart: () => () => undefined,
    watch: (_topic: string, _args: unknown, emit: typeof tell) => {
      tell = emit
      return () => undefined
    },
  }
  return { core: core as unknown as CoreClient, tell: (changes: Uint8Array[]) => tell({ changes }) }
}
const card = {
  workspace: toId<WorkspaceId>('a0'.repeat(16)),
  work: toId<DocId>('b0'.repeat(16)),
  entity: 'mast',
}
const unexpected = (one: unknown) => expect.unreachable(String(one))

test('Bo opens a card that is here before its description: the description waits for the text and has it then', async () => {
  const begun = A.from<Texts>({ entries: {} })
  const { core, tell } = coreWith(begun)
  const opened = await openProse(core, card, unexpected, unexpected)
  const seen: string[] = []
  void opened.arrived.then(() => seen.push('arrived'))
  await Promise.resolve()
  expect(seen).toEqual([])

  const written = A.change(A.clone(begun), (texts) => void (texts.entries['mast'] = { text: 'Three offers' }))
  tell(A.getChanges(begun, written))
  await opened.arrived
  expect(opened.handle.doc()).toEqual({ entries: { mast: { text: 'Three offers' } } })
})

test('a description that is there can be written in at once', async () => {
  const { core } = coreWith(A.from<Texts>({ entries: { mast: { text: '' } } }))
  const opened = await openProse(core, card, unexpected, unexpected)
  await expect(opened.arrived).resolves.toBeUndefined()
})
