/**
 * The tab's copy of a document: plain objects to which Automerge's patches are applied. What a patch does not touch keeps
 * its identity, so that a screen re-renders only what changed. Law: the mirror equals the document after any patches.
 */
import type { PlainPatch } from './plain-patch.ts'

type Container = Record<string | number, unknown>

/** What a block marker looks like in the string form of a text. */
const BLOCK = '\uFFFC'

export function applyPatches<Doc>(mirror: Doc, patches: readonly PlainPatch[]): Doc {
  // Containers copied in this call may be written again without another copy.
  const fresh = new Set<object>()
  let root: unknown = mirror
  for (const patch of patches) root = apply(root, patch, 0, fresh)
  return root as Doc
}

function apply(at: unknown, patch: PlainPatch, depth: number, fresh: Set<object>): unknown {
  const key = patch.path[depth]
  if (key === undefined) return at
  if (typeof at === 'string') {
    // A patch from below a letter describes the inside of a block marker, which the string form does not show.
    return depth === patch.path.length - 1 ? applyToText(at, patch, Number(key)) : at
  }
  const copy = own(at, fresh)
  if (depth < patch.path.length - 1) {
    copy[key] = apply(copy[key], patch, depth + 1, fresh)
    return copy
  }
  switch (patch.action) {
    case 'put':
      copy[key] = patch.value
      break
    case 'del':
      if (Array.isArray(copy)) copy.splice(Number(key), patch.length ?? 1)
      else delete copy[key]
      break
    case 'insert':
      if (Array.isArray(copy)) copy.splice(Number(key), 0, ...patch.values)
      break
    case 'inc':
      copy[key] = Number(copy[key] ?? 0) + patch.value
      break
    case 'splice':
      if (Array.isArray(copy)) copy.splice(Number(key), 0, patch.value)
      break
    default:
      patch satisfies never
  }
  return copy
}

function applyToText(text: string, patch: PlainPatch, index: number): string {
  if (patch.action === 'splice') return text.slice(0, index) + patch.value + text.slice(index)
  if (patch.action === 'del') return text.slice(0, index) + text.slice(index + (patch.length ?? 1))
  if (patch.action === 'insert') return text.slice(0, index) + BLOCK.repeat(patch.values.length) + text.slice(index)
  return text
}

function own(value: unknown, fresh: Set<object>): Container {
  if (typeof value === 'object' && value !== null && fresh.has(value)) return value as Container
  const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object | undefined) }
  fresh.add(copy)
  return copy as Container
}
