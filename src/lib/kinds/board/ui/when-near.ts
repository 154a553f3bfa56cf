/** Tells when an element comes near the view of what it scrolls in, sideways too, and when it goes. */
import type { Attachment } from 'svelte/attachments'

const NEAR_PX = 320

export const whenNear =
  (tell: (near: boolean) => void): Attachment<HTMLElement> =>
  (element) => {
    const observer = new IntersectionObserver((entries) => tell(Boolean(entries.at(-1)?.isIntersecting)), {
      root: element.parentElement,
      rootMargin: `0px ${NEAR_PX}px`,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }
