/** Short messages at the edge of the screen. One with an action stays until it is used or dismissed for longer. */
import { announce } from './announcer.svelte.ts'

export interface Toast {
  id: number
  text: string
  detail?: string | undefined
  tone: 'plain' | 'danger'
  action?: { label: string; run: () => void } | undefined
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
  shown = [...shown.slice(-2), { tone: 'plain', ...toast, life, id }]
  announce(toast.text)
  return id
}

export function dismissToast(id: number): void {
  shown = shown.filter((toast) => toast.id !== id)
}
