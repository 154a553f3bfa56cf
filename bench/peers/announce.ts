import type { AddressInfo } from 'node:net'

/** Tells the benchmark where the server listens, and ends with it. */
export function announce(address: AddressInfo | string | null): void {
  if (typeof address !== 'object' || !address) throw new Error('no port')
  process.send?.({ port: address.port })
  process.on('disconnect', () => process.exit())
  // An exit, not an end by signal: only then does Node keep what it has compiled.
  process.on('SIGTERM', () => process.exit())
}
