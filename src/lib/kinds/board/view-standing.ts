/** How what a person sees stands to the saved view that it began as, which others may have saved again meanwhile. */

/**
 * same: the view shows just that. mine: this person changed it since. theirs: somebody else did, and this person did not.
 * apart: both.
 */
export type ViewStanding = 'same' | 'mine' | 'theirs' | 'apart'

/** `began` is what the view held when the two were last the same; null where that is not known, and nobody else changed it then. */
export function viewStanding({
  began,
  saved,
  shown,
}: {
  began: string | null
  saved: string
  shown: string
}): ViewStanding {
  if (saved === shown) return 'same'
  if (began === null || saved === began) return 'mine'
  return shown === began ? 'theirs' : 'apart'
}
