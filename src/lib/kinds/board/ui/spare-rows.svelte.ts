/**
 * What is drawn above and below the view, so that scrolling never shows a gap: nothing in the first frame, which a person waits
 * for, the rest behind it.
 */
const SPARE_PX = 240

export class SpareRows {
  px = $state(0)

  /** To be made with its component; `isShown` says when there is something to see. */
  constructor(isShown: () => boolean) {
    $effect(() => {
      if (!isShown() || this.px > 0) return
      // A frame's callbacks run before it is painted.
      const frame = requestAnimationFrame(() => setTimeout(() => (this.px = SPARE_PX)))
      return () => cancelAnimationFrame(frame)
    })
  }
}
