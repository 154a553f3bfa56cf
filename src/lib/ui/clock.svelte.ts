/** The present minute, for "3 minutes ago": one timer for the whole tab, running only while something shows a time. */
import { createSubscriber } from 'svelte/reactivity'
import { toInstant, type Instant } from '../kernel/instants.ts'

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 30_000)
  return () => clearInterval(timer)
})

export function now(): Instant {
  subscribe()
  return toInstant(Date.now())
}
