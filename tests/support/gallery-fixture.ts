/** A fixture of a kind as the documents that its view would be given. */
import type { WorkDocs } from '#lib/kernel/define-kind.ts'
import { kindNamed } from '#lib/kinds/index.ts'
import { createReplica, fork, mergeInto, run, workOf } from './kinds.ts'

export function galleryFixture(kindName: string, name: string): WorkDocs | null {
  const kind = kindNamed(kindName)
  if (!kind) return null
  const ann = createReplica(kind, 'Ann')
  if (name === 'conflicted') {
    const { start, ours, theirs } = kind.fixtures.conflicted()
    run(ann, start)
    const bo = fork(ann, 'Bo')
    run(ann, ours)
    run(bo, theirs)
    mergeInto(ann, bo)
  } else if (name === 'empty' || name === 'typical' || name === 'huge') run(ann, kind.fixtures[name]())
  else return null
  return workOf(ann)
}
