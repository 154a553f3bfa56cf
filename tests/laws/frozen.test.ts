import '#tests/support/automerge.ts'
import * as A from '@automerge/automerge/slim'
import { createHash } from 'node:crypto'
import { encode } from 'cborg'
import { describe, expect, test } from 'vitest'
import type { DocumentType } from '#lib/kernel/define-kind.ts'
import { str, type ImmutableString } from '#lib/kernel/immutable-string.ts'
import { kinds } from '#lib/kinds/index.ts'
import { frozenChanges } from '#lib/store/frozen.ts'
import { toPlain } from '#lib/store/plain.ts'
import { createReplica, run, viewOf } from '#tests/support/kinds.ts'

/** Frozen from the first version tag on: until then a change here is a decision, afterwards it is a broken document. */
const GENESIS: Record<string, string[]> = {
  'workspace.root': ['de33c70d70dbbca83fe3ed268b5c9c5534a888af3bc9acf05f56746c444769df'],
  'index.root': ['c8ca50d2cdd6f4a662dc6b1f654bb23e441f473c930b79b945029d1dd852d284'],
  'board.root': ['516994850335ae57c3eac31c7ce8b3eb5604f416c96841b67a00a1a2fb76f397'],
  'board.cards': ['7a003300bf92cff41bb6b17e5345d424faf17965cdbfd96c28cc0dfb18fc55b0'],
  'prose.root': ['a1deadad6d0ca6ddbb45e81bb6158e20ee6f84da72d3b07085b4ad6b1f4e11c5'],
}
const DIGESTS: Record<string, string> = {
  workspace: '3fb4d022d41b4414ca77fe9a33759fd321485e3ac5ccd2e5bf30e18b927fd114',
  index: 'c6dc77ae6348bd4dea13c43415c12c927fea08253964e33a91bae8bf7d6cbc88',
  board: '4fed871d0e354163b750576ab771d347b9f4a253fe397838c11beff63d563405',
  prose: 'cadd1821df1f543bb67238fd34772ffa55012e77ced5c975dd1ef4421a838799',
}

const hashOf = (change: Uint8Array): string => A.decodeChange(change as A.Change).hash
const types = kinds.flatMap((kind) =>
  Object.entries(kind.documents).map(([type, definition]) => ({ name: `${kind.name}.${type}`, definition })),
)

test('genesis and migrations of every document type have the pinned hashes (R3)', () => {
  expect(
    Object.fromEntries(types.map(({ name, definition }) => [name, frozenChanges(name, definition).map(hashOf)])),
  ).toEqual(GENESIS)
})

test('the digest of the typical fixture of every kind has the pinned hash', () => {
  const digests = kinds.map((kind) => {
    const replica = createReplica(kind, 'Lin')
    run(replica, kind.fixtures.typical())
    const content = kind.digest.content(viewOf(replica), kind.digest.version)
    return [kind.name, createHash('sha256').update(encode(content)).digest('hex')]
  })
  expect(Object.fromEntries(digests)).toEqual(DIGESTS)
})

describe.each(types)('$name', ({ name, definition }) => {
  test('the frozen changes carry no time and an actor of 16 bytes, and are the same when made again', () => {
    const frozen = frozenChanges(name, definition)
    for (const change of frozen) {
      const { time, actor, message } = A.decodeChange(change as A.Change)
      expect({ time, length: actor.length, message }).toEqual({ time: 0, length: 32, message: 'genesis' })
    }
    // Under another name nothing is remembered, so they are really made again.
    expect(frozenChanges(`${name} again`, definition)).toEqual(frozen)
  })

  test('applying them a second time changes nothing', () => {
    const frozen = [...frozenChanges(name, definition)] as A.Change[]
    const [once] = A.applyChanges(A.init<Record<string, unknown>>(), frozen)
    const heads = A.getHeads(once)
    const [twice] = A.applyChanges(once, frozen)
    expect(A.getHeads(twice)).toEqual(heads)
    expect(A.getAllChanges(twice)).toHaveLength(frozen.length)
  })
})

test('Ann and Bo take the same migration offline, both tag a card, and both tags are there afterwards', () => {
  interface Draft {
    cards: Record<string, ImmutableString>
    tags: Record<string, ImmutableString>
  }
  const old: DocumentType<Draft> = { genesis: (d) => void (d.cards = {}), migrations: [] }
  const migrated: DocumentType<Draft> = { ...old, migrations: [(d) => void (d.tags = {})] }
  const [before, after] = [frozenChanges('trial.old', old), frozenChanges('trial.new', migrated)]
  expect(after.slice(0, 1)).toEqual(before)
  const onDevice = (actor: string, tag: string) => {
    const [created] = A.applyChanges(A.init<Draft>({ actor }), [...before] as A.Change[])
    const used = A.change(created, (d) => void (d.cards[tag] = str('a card')))
    const [upgraded] = A.applyChanges(used, [...after] as A.Change[])
    return A.change(upgraded, (d) => void (d.tags[tag] = str('a tag')))
  }
  const [ann, bo] = [onDevice('aa'.repeat(24), 'ann'), onDevice('bb'.repeat(24), 'bo')]
  const merged = A.merge(A.clone(ann), bo)
  expect(toPlain(merged)).toEqual({
    cards: { ann: 'a card', bo: 'a card' },
    tags: { ann: 'a tag', bo: 'a tag' },
  })
  expect(toPlain(A.merge(A.clone(bo), ann))).toEqual(toPlain(merged))
})

test('a migration that writes nothing is an error, not an empty change', () => {
  const idle: DocumentType<never> = { genesis: () => undefined, migrations: [] }
  expect(() => frozenChanges('trial.idle', idle)).toThrow()
})
