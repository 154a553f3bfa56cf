/** Order keys in a row, for what is listed at once: a0, a1 … (up to 62 of them). */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
export const place = (index: number): string => `a${DIGITS[index] ?? 'z'}`
