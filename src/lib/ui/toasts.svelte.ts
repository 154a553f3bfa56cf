/** Short messages at the edge of the screen. One with an action stays until it is used or dismissed for longer. */
import { untrack } from 'svelte'
import { t } from '../i18n/locale.svelte.ts'
import { announce } from './announcer.svelte.ts'

interface ToastAction {
  label: () => string
  run: () => void
}
export interface Toast {
  id: number
  /** Said anew when the person changes the language. */
  text: () => string
  detail?: (() => string) | undefined
  tone: 'plain' | 'danger'
  action?: ToastAction | undefined
  /** To where it is: a second one, beside the action. */
  way?: ToastAction | undefined
  /** A toast about the same takes this one's place. */
  about?: string | undefined
  /** Milliseconds; null stays until dismissed. */
  life: number | null
  /** Whatever else is said or comes on the screen, it stays until it is used or dismissed. */
  lasts?: boolean | undefined
  /** Words of the person that are nowhere else any more: who closes the window is asked, and it lasts, too. */
  unsaved?: (() => string) | undefined
}

let last = 0
let shown = $state.raw<readonly Toast[]>([])

/** How often something came up that no message may lie over. */
let rooms = $state(0)
export const roomsMade = (): number => rooms
/** For an element that comes up at the edge of the screen: `{@attach makeRoom}`. */
export function makeRoom(): void {
  rooms = untrack(roomsMade) + 1
}

export const toasts = (): readonly Toast[] => shown

/** What the page on screen says itself: messages about it are neither shown nor read. Returns the end of it. */
let unsaid: readonly string[] = []
export function leaveUnsaid(abouts: readonly string[]): () => void {
  unsaid = abouts
  return () => {
    if (unsaid === abouts) unsaid = []
  }
}

/** In the language of now, else as when it came: the screen that it is of may be gone, with what it would follow. */
export const asItCame = (text: () => string) => (): string => {
  t()
  return untrack(text)
}

export function showToast(toast: Pick<Toast, 'text'> & Partial<Omit<Toast, 'id' | 'text'>>): number {
  const id = ++last
  if (toast.about !== undefined && unsaid.includes(toast.about)) return id
  const life = toast.life === undefined ? (toast.action ? 10_000 : 5_000) : toast.life
  if (toast.about !== undefined) dismissToastsAbout(toast.about)
  shown = [...othersBeside(shown), { tone: 'plain', ...toast, life, id }]
  const detail = toast.detail?.()
  announce(detail ? `${toast.text()}\n${detail}` : toast.text())
  return id
}

/** More than three would cover what the person works on. On a phone one does: what passes gives way, what lasts waits below it. */
function othersBeside(before: readonly Toast[]): readonly Toast[] {
  const narrow = matchMedia('(width < 40rem)').matches
  const kept = narrow ? before.filter(({ life }) => life === null).slice(-1) : before.slice(-2)
  return before.filter((toast) => isLasting(toast) || kept.includes(toast))
}

const isLasting = ({ lasts, unsaved }: Toast): boolean => lasts === true || unsaved !== undefined

/** What they offer is done, or is out of date. */
export function dismissToastsAbout(about: string): void {
  shown = shown.filter((toast) => toast.about !== about)
}

/** What they are about is not to be seen any more. */
export function dismissAllToasts(): void {
  shown = []
}

/** What they are about is not on the screen for a while. */
export function dismissPassingToasts(): void {
  shown = shown.filter(isLasting)
}

export function dismissToast(id: number): void {
  shown = shown.filter((toast) => toast.id !== id)
}
