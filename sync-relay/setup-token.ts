/**
 * Who may create a workspace on this relay. On the loopback address anyone there; elsewhere who holds the set-up token,
 * which is printed once and kept only as a hash.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type SetupPolicy =
  | { open: true }
  | {
      open: false
      admits: (token: string | null) => boolean
      /** Only when new. */
      printed: string | null
      /** Keeps a new token's hash: called once it can be read by somebody. A start that fails makes another the next time. */
      keep: () => void
    }

export const openToAnyone: SetupPolicy = { open: true }

const hashOf = (token: string): Buffer => createHash('sha256').update(`tz-setup-1:${token}`).digest()

const tokenPolicy = (hash: Buffer, printed: string | null = null, keep: () => void = () => undefined): SetupPolicy => ({
  open: false,
  admits: (token) => token !== null && timingSafeEqual(hashOf(token.trim()), hash),
  printed,
  keep,
})

/** The policy of one known token (tests, and hosts that hand the token in). */
export const requireToken = (token: string): SetupPolicy => tokenPolicy(hashOf(token))

/** Where a data folder keeps the hash: without it the next start makes another token. */
export const tokenFile = (folder: string): string => join(folder, 'setup-token.sha256')

/** Reads the hash from the data folder, or makes a token, whose text is then known to the caller alone. */
export function tokenFromFolder(folder: string): SetupPolicy {
  const file = tokenFile(folder)
  if (existsSync(file)) return tokenPolicy(Buffer.from(readFileSync(file, 'utf8').trim(), 'hex'))
  const token = randomBytes(15).toString('base64url')
  return tokenPolicy(hashOf(token), token, () =>
    writeFileSync(file, `${hashOf(token).toString('hex')}\n`, { mode: 0o600 }),
  )
}
