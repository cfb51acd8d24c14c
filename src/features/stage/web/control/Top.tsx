import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import { useNow } from '../../../../platform/web/live.ts'
import { isUnderWay, type Wall } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { clockWithSeconds } from './clock.ts'
import { Key } from './Key.tsx'

/** The head of the room: the mark, what is told in it, the hour. */
export const Top = ({ children }: { children: ReactNode }) => (
  <header className={look.top}>
    <a className={look.mark} href="/dieu-khien">
      Điểm Cầu
    </a>
    {children}
    <Clock />
  </header>
)
const Clock = () => <span className={look.time}>{clockWithSeconds(useNow(500))}</span>

export const Tool = ({ letter, onPress, children }: { letter: string; onPress: () => void; children: ReactNode }) => (
  <button type="button" className={look.tool} aria-keyshortcuts={letter} onClick={onPress}>
    {children} <Key>{letter}</Key>
  </button>
)

/** Halls with a picture and heads in them; before it runs, halls that are ready. */
export function Figures({ wall: { state, sites, screens, headcount } }: { wall: Wall }) {
  const siteCount = formatCount(sites.length)
  if (!isUnderWay(state) && state !== 'ended') {
    const readyCount = formatCount(sites.filter((site) => site.ready).length)
    return (
      <span className={look.fact}>
        <b>{readyCount}</b>/{siteCount} <Trans>điểm cầu đã sẵn sàng</Trans>
      </span>
    )
  }
  const withPicture = formatCount(screens.full + screens.slow)
  const present = formatCount(headcount.present)
  const summoned = formatCount(headcount.summoned)
  const reported = formatCount(headcount.reported)
  return (
    <>
      <span className={look.fact}>
        <b>{withPicture}</b>/{siteCount} <Trans>điểm cầu có hình</Trans>
      </span>
      <span className={look.fact}>
        <b>{present}</b>{' '}
        {headcount.reported === headcount.sites ? (
          <Trans>có mặt / {summoned} triệu tập</Trans>
        ) : (
          <Trans>
            có mặt / {summoned} triệu tập ở {reported} điểm cầu đã báo
          </Trans>
        )}
      </span>
    </>
  )
}
