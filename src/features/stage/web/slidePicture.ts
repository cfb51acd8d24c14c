import { useEffect, useState } from 'react'
import { keepSlide, type SlidePage } from './kept.ts'

/** A page's picture from what is kept, else from the line; asked for again until it came. The page before stays until then. */
export function useSlidePicture(slide: SlidePage | undefined): { url: string; page: number } | undefined {
  const [picture, setPicture] = useState<{ url: string; page: number }>()
  const { versionId, page, prefix } = slide ?? {}
  useEffect(() => {
    if (versionId === undefined || page === undefined || prefix === undefined) return setPicture(undefined)
    let over = false
    let timer: ReturnType<typeof setTimeout>
    const bring = async (tried: number) => {
      const blob = await keepSlide({ versionId, page, prefix })
      if (over) return
      if (blob) setPicture({ url: URL.createObjectURL(blob), page })
      else timer = setTimeout(() => void bring(tried + 1), Math.min(10_000, 1_000 * 2 ** tried))
    }
    void bring(0)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [versionId, page, prefix])
  useEffect(() => () => (picture ? URL.revokeObjectURL(picture.url) : undefined), [picture])
  return picture
}

const mostAhead = 200
/** Brings the pages of a deck beforehand, the next ones first, one at a time: a lectern then turns them without a line. */
export function useDeckAhead(deck: { versionId: string; prefix: string; pages: number } | undefined, page: number) {
  const { versionId, prefix, pages } = deck ?? {}
  useEffect(() => {
    if (versionId === undefined || prefix === undefined || pages === undefined) return
    let over = false
    const order = Array.from({ length: pages }, (_, at) => at + 1).sort(
      (one, other) => (one < page ? one + pages : one) - (other < page ? other + pages : other),
    )
    const bring = async () => {
      for (const next of order.slice(0, mostAhead)) {
        if (over) return
        // A line that is lost is tried again by the page that is shown; going on here would only wait.
        if (!(await keepSlide({ versionId, page: next, prefix }))) return
      }
    }
    void bring()
    return () => {
      over = true
    }
  }, [versionId, prefix, pages, page])
}
