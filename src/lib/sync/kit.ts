/**
 * The recovery kit: 128 random bits as twelve words with a checksum (BIP39), on paper. It stands for a cold device of the
 * person, whose keys are `seedKeys(entropy, 'kit')`.
 */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as chinese } from '@scure/bip39/wordlists/simplified-chinese.js'
import type { Locale } from '../kernel/define-kind.ts'
import { kitWords } from '../kernel/kit-words.ts'
import { copyOf, randomBytes, type Bytes } from './bytes.ts'

const lists: Record<Locale, string[]> = { en: english, 'zh-CN': chinese }
const WORDS = 12

/** 16 random bytes. */
export const createKitSecret = (): Bytes => randomBytes(16)

/** Twelve words in the person's language. */
export const kitToWords = (secret: Bytes, locale: Locale): string[] =>
  entropyToMnemonic(secret, lists[locale]).split(/\s+/u)

export type KitReading =
  | { ok: true; secret: Bytes; locale: Locale }
  | { ok: false; reason: 'word-count' | 'checksum' }
  /** `word` is the first that is in neither list. */
  | { ok: false; reason: 'unknown-word'; word: string }

/** What a person typed, in either language. */
export function wordsToKit(typed: string): KitReading {
  const words = kitWords(typed)
  const locale: Locale = words.some((word) => chinese.includes(word)) ? 'zh-CN' : 'en'
  const known = new Set(lists[locale])
  const stranger = words.find((word) => !known.has(word))
  if (stranger !== undefined) return { ok: false, reason: 'unknown-word', word: stranger }
  if (words.length !== WORDS) return { ok: false, reason: 'word-count' }
  try {
    return { ok: true, secret: copyOf(mnemonicToEntropy(words.join(' '), lists[locale])), locale }
  } catch {
    return { ok: false, reason: 'checksum' }
  }
}
