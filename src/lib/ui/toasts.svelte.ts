/** Short messages at the edge of the screen. One with an action stays until it is used or dismissed for longer. */
import { announce } from './announcer.svelte.ts'

export interface Toast {
  id: number
  text: string
  detail?: string | undefined
  tone: 'plain' | 'danger'
  action?: { label: string; run: () => void } | undefined
  /** A toast about the same takes this one's place. */
  about?: string | undefined
  /** Milliseconds; null stays until dismissed. */
  life: number | null
}

let last = 0
let shown = $state.raw<readonly Toast[]>([])

export const toasts = (): readonly Toast[] => shown

export function showToast(toast: { text: string } & Partial<Omit<Toast, 'id' | 'text'>>): number {
  const id = ++last
  const life = toast.life === undefined ? (toast.action ? 10_000 : 5_000) : toast.life
  // More than three would cover what the person works on.
  if (toast.about !== undefined) dismissToastsAbout(toast.about)
  shown = [...shown.slice(-2), { tone: 'plain', ...toast, life, id }]
  announce(toast.text)
  return id
}

/** What they offer is done, or is out of date. */
export function dismissToastsAbout(about: string): void {
  shown = shown.filter((toast) => toast.about !== about)
}

/** What they are about is not to be seen any more. */
export function dismissAllToasts(): void {
  shown = []
}

export function dismissToast(id: number): void {
  shown = shown.filter((toast) => toast.id !== id)
}
