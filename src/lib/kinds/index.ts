/** Every kind of document, without its looks: for the core, the worker, tests and benchmarks. */
import type { AnyKind, DocumentType } from '../kernel/define-kind.ts'
import { board } from './board/index.ts'
import { index } from './index/index.ts'
import { prose } from './prose/index.ts'
import { workspace } from './workspace/index.ts'

export const kinds: readonly AnyKind[] = [workspace, index, board, prose]

const byName = new Map(kinds.map((kind) => [kind.name, kind]))

export const kindNamed = (name: string): AnyKind | null => byName.get(name) ?? null

/** By full name: `board.cards`. */
export function documentTypeNamed(name: string): DocumentType<never> | null {
  const [kind = '', type = ''] = name.split('.')
  const documents = byName.get(kind)?.documents
  return documents && Object.hasOwn(documents, type) ? (documents[type] ?? null) : null
}

/** How many migrations this application knows of a document type; null if it does not know the type. */
export const kindVersionOf = (name: string): number | null => documentTypeNamed(name)?.migrations.length ?? null
