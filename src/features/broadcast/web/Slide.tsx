import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { backInMs } from '../line.ts'
import styles from './live.module.css'

export type Page = { prefix: string; page: number; pages: number; width: number; height: number }
const addressOf = ({ prefix, page }: Page, small: boolean) => `${prefix}${page}${small ? '-640' : ''}.webp`

const aheadAfterMs = 4_000
function fetchAhead(page: Page, small: boolean) {
  const picture = new Image()
  picture.fetchPriority = 'low'
  picture.src = addressOf(page, small)
}

/**
 * The page of the slides that belongs to what is heard. The page before stays until the new one is here, so a thin line never shows an empty
 * box; the next is fetched ahead. `small`: 640 dots wide, also on a large screen.
 */
export function Slide({ page, small }: { page: Page | undefined; small: boolean }) {
  const { t } = useLingui()
  const [shown, setShown] = useState<Page>()
  const wanted = page && addressOf(page, small)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address says everything about the page
  useEffect(() => {
    if (!page || !wanted) return setShown(undefined)
    let over = false
    let timer: ReturnType<typeof setTimeout>
    const fetchPage = (tried: number) => {
      const picture = new Image()
      picture.src = wanted
      picture.decode().then(
        () => {
          if (over) return
          setShown(page)
          if (page.page < page.pages)
            timer = setTimeout(fetchAhead, aheadAfterMs, { ...page, page: page.page + 1 }, small)
        },
        () => {
          if (!over) timer = setTimeout(fetchPage, backInMs(tried), tried + 1)
        },
      )
    }
    fetchPage(1)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [wanted])
  const { width, height } = shown ?? page ?? { width: 16, height: 9 }
  const nth = formatCount(shown?.page ?? 0)
  const of = formatCount(shown?.pages ?? 0)
  return (
    <figure className={styles.slide}>
      <div className={styles.paper} style={{ aspectRatio: `${width || 16} / ${height || 9}` }}>
        {shown ? (
          <img src={addressOf(shown, small)} alt={t`Trang chiếu ${nth}`} width={width} height={height} />
        ) : (
          <span className="second">
            {page ? <Trans>Trang chiếu đang tới</Trans> : <Trans>Chưa có trang chiếu</Trans>}
          </span>
        )}
      </div>
      <figcaption className="second num">
        {shown ? (
          <Trans>
            Trang {nth} trên {of}
          </Trans>
        ) : (
          ' '
        )}
      </figcaption>
    </figure>
  )
}
