/** Whether this browser can sign as the protocol asks; older ones have WebCrypto without Ed25519. */
export async function hasEd25519(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
    return true
  } catch {
    return false
  }
}
