import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useRef, useState } from 'react'
import { Button, Icon } from '../../../platform/web/ui/light/index.ts'
import css from './materials.module.css'

export type Pages = { title: string; pages: number; prefix: string; width: number; height: number }

/** One page large, the others by arrow keys or a swipe of two buttons; the next one is fetched ahead. */
export function PageViewer({ deck, from = 1, onClose }: { deck: Pages; from?: number; onClose: () => void }) {
  const { t } = useLingui()
  const sheet = useRef<HTMLDialogElement>(null)
  const [page, setPage] = useState(from)
  const { title, pages, prefix, width, height } = deck
  useEffect(() => sheet.current?.showModal(), [])
  useEffect(() => {
    if (page < pages) new Image().src = `${prefix}${page + 1}.webp`
  }, [page, pages, prefix])
  const turn = (by: number) => setPage((now) => Math.min(pages, Math.max(1, now + by)))
  return (
    <dialog
      ref={sheet}
      className={css.viewer}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'PageDown') turn(1)
        if (event.key === 'ArrowLeft' || event.key === 'PageUp') turn(-1)
      }}
    >
      <div className={css.viewerHead}>
        <h2>{title}</h2>
        <button type="button" className="btn" data-look="bare" aria-label={t`Đóng`} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className={css.viewerPage}>
        <img
          className={css.viewerImage}
          src={`${prefix}${page}.webp`}
          srcSet={`${prefix}${page}-640.webp 640w, ${prefix}${page}.webp 1600w`}
          sizes="(max-width: 700px) 100vw, 1200px"
          width={width}
          height={height}
          alt={t`${title}, trang ${page}`}
        />
      </div>
      <div className={css.viewerFoot}>
        <Button onClick={() => turn(-1)} disabled={page === 1} icon={<Icon name="left" />}>
          <Trans>Trang trước</Trans>
        </Button>
        <span className="num" role="status">
          <Trans>
            {page} trên {pages}
          </Trans>
        </span>
        <Button onClick={() => turn(1)} disabled={page === pages} icon={<Icon name="right" />}>
          <Trans>Trang sau</Trans>
        </Button>
      </div>
    </dialog>
  )
}

/** The small picture of a first page, or what kind of thing it is. */
export const Thumb = ({
  prefix,
  width,
  height,
  alt = '',
}: {
  prefix: string
  width: number
  height: number
  alt?: string
}) => (
  <span className={css.thumb}>
    {prefix === '' ? (
      <Icon name="file" />
    ) : (
      <img src={`${prefix}1-640.webp`} width={width} height={height} alt={alt} loading="lazy" decoding="async" />
    )}
  </span>
)
