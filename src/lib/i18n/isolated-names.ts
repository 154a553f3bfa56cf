/** The words of the application with whatever they are given isolated in them: a title in Hebrew turns no sentence around. */
import { isolated } from '../kernel/isolated.ts'

type Words = Readonly<Record<string, unknown>>
const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

function given(value: unknown): unknown {
  if (typeof value === 'string') return isolated(value)
  if (Array.isArray(value)) return value.map(given)
  return isWords(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, given(inner)])) : value
}

function isolating(value: unknown): unknown {
  if (typeof value === 'function') return (...args: unknown[]): unknown => value(...args.map(given))
  return isWords(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, isolating(inner)]))
    : value
}

export const withNamesIsolated = <Messages extends object>(messages: Messages): Messages =>
  isolating(messages) as Messages
