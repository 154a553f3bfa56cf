/**
 * Public keys that are no keys: the points of small order of Ed25519 and X25519. A signature that holds for every message
 * can be written under the first, so anybody could speak as such a device and nobody be held to it; agreeing with the second
 * fails, so wrapping a scope key to it would fail for the whole scope. Implementations differ in whether they refuse them,
 * and R0 wants one answer everywhere: the log refuses them.
 *
 * (RFC 8032, 5.1; RFC 7748, 6.1. The encodings with the top bit masked, non-canonical ones included.)
 */
import { copyOf, toHex, type Bytes } from './bytes.ts'

const ZERO = '00'.repeat(32)
const ONE = `01${'00'.repeat(31)}`
/** p - 1, p and p + 1 for p = 2^255 - 19. */
const NEAR_P = ['ec', 'ed', 'ee'].map((first) => `${first}${'ff'.repeat(30)}7f`)

const weakSignKeys = new Set([
  ZERO,
  ONE,
  ...NEAR_P,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])
const weakAgreeKeys = new Set([
  ZERO,
  ONE,
  ...NEAR_P,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
])

function masked(key: Bytes): string {
  const copy = copyOf(key)
  copy[31]! &= 127
  return toHex(copy)
}

export const isWeakSignKey = (key: Bytes): boolean => weakSignKeys.has(masked(key))
export const isWeakAgreeKey = (key: Bytes): boolean => weakAgreeKeys.has(masked(key))
