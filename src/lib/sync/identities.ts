/**
 * Names that are derived, so that nobody can claim another: a device is its key, a workspace its genesis, a document its
 * birth.
 */
import type { DeviceId, DocId, ScopeId, WorkspaceId } from '../kernel/ids.ts'
import { concat, copyOf, idOfHash, idToBytes, sha256, utf8, type Bytes } from './bytes.ts'
import { encode } from './cbor.ts'

export const lanes = ['main', 'talk', 'decision'] as const
export type Lane = (typeof lanes)[number]

/** The preimage of a document's id but for workspace and scope. `kind` is `<kind>.<document type>`, `board.cards`. */
export interface Birth {
  lane: Lane
  kind: string
  /** Whose device the id is derived from. It names; it gives no right. */
  creator: DeviceId
  /** 16 bytes. */
  nonce: Bytes
}

const DEVICE = utf8('tz-device-1')
const WORKSPACE = utf8('tz-workspace-1')
const COMPANION = utf8('tz-companion-1')
const WELL_KNOWN = new Uint8Array(16)

/** A device (or an invite's seed, or a kit) by its Ed25519 public key. */
export const deviceIdOf = (signKey: Uint8Array): DeviceId => idOfHash(sha256(DEVICE, signKey))

/** A workspace by the signed bytes of its genesis: a relay cannot swap the genesis. */
export const workspaceIdOf = (signedGenesis: Uint8Array): WorkspaceId => idOfHash(sha256(WORKSPACE, signedGenesis))

export const docIdOf = (workspace: WorkspaceId, scope: ScopeId, birth: Birth): DocId =>
  idOfHash(
    sha256(
      encode([
        'tz-doc-1',
        idToBytes(workspace),
        idToBytes(scope),
        birth.lane,
        birth.kind,
        idToBytes(birth.creator),
        birth.nonce,
      ]),
    ),
  )

/** A document that every device can name without having been told: one per scope and kind. */
const wellKnownBirth = (kind: string, opener: DeviceId): Birth => ({
  lane: 'main',
  kind,
  creator: opener,
  nonce: WELL_KNOWN,
})

/** The index of a scope: what it holds, with titles. `opener` is the device that opened the scope. */
export const indexBirth = (opener: DeviceId): Birth => wellKnownBirth('index.root', opener)
export const indexDocId = (workspace: WorkspaceId, scope: ScopeId, opener: DeviceId): DocId =>
  docIdOf(workspace, scope, indexBirth(opener))

/** The workspace document (names, organisation) in the root scope; `founder` is the device of the genesis. */
export const workspaceBirth = (founder: DeviceId): Birth => wellKnownBirth('workspace.root', founder)

/** The document of another kind that belongs to a shard, at an id derived from the shard's. */
export const companionBirth = (kind: string, shard: DocId, shardBirth: Birth): Birth => ({
  lane: shardBirth.lane,
  kind,
  creator: shardBirth.creator,
  nonce: copyOf(sha256(concat(COMPANION, idToBytes(shard))), 0, 16),
})
