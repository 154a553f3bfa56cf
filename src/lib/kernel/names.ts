/**
 * Names in lists: 2 before 10, Chinese ones by their pinyin. One order for both languages, so that colleagues who read different
 * ones see the same list.
 */
const collator = new Intl.Collator('zh-CN', { numeric: true })

export const compareNames = (a: string, b: string): number => collator.compare(a, b)
