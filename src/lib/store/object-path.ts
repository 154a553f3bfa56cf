import type * as A from '@automerge/automerge/slim'

type Backend = ReturnType<typeof A.getBackend>

/**
 * The way to an object as it was at a change, else right before it; null where it is hidden or cannot be told. Automerge errs
 * (`objInfo` panics) on some blocks of texts in which two people have made lists at once.
 */
export function objectPath(
  backend: Backend,
  object: A.ObjID,
  { hash, deps }: { hash: string; deps: readonly string[] },
): readonly (string | number)[] | null {
  for (const heads of [[hash], [...deps]]) {
    try {
      return backend.objInfo(object, heads).path ?? null
    } catch (error) {
      console.warn('the way to an object', error)
    }
  }
  return null
}
