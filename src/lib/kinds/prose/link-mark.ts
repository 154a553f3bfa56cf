/** How an address lies over the letters of a collaborative text. */
import { fieldsOf, textOf } from '../../kernel/reading.ts'

export const linkMark = (href: string): string => JSON.stringify({ href, title: '' })

/** Empty where it is none: another device may have written anything. */
export function hrefOf(mark: unknown): string {
  try {
    return typeof mark === 'string' ? textOf(fieldsOf(JSON.parse(mark))['href']) : ''
  } catch {
    return ''
  }
}

/** The editor and a choice write an address in their own ways. */
export const isSameMark = (name: string, one: unknown = null, other: unknown = null): boolean =>
  name === 'link' ? hrefOf(one) === hrefOf(other) : one === other
