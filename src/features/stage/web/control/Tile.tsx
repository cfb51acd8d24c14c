import { useLingui } from '@lingui/react/macro'
import { memo } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import type { StageState, WallSite } from '../../contract.ts'
import { isUnderWay, type Look } from '../../wall.ts'
import type { RemoteTrack } from '../media/livekit.ts'
import { Picture } from '../media/Tracks.tsx'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'
import { placeName } from './names.ts'
import { faultWord, lineWord } from './words.ts'

/** One hall: its picture where its manager sends one, else its number of heads, large; its name, its line in a word. */
export const Tile = memo(function Tile({
  site,
  look: seen,
  state,
  group,
  onAir,
  mine,
  pickedBy,
  unreported,
  track,
  focusable,
  at,
  of,
  onPick,
}: {
  site: WallSite
  look: Look
  state: StageState
  /** Written where tiles of several groups stand together. */
  group: string | undefined
  onAir: boolean
  /** In my preview. */
  mine: boolean
  /** The name of another operator who has it in hers. */
  pickedBy: string | undefined
  unreported: boolean
  track: RemoteTrack | undefined
  focusable: boolean
  at: number
  of: number
  onPick: (siteId: string) => void
}) {
  const { t, i18n } = useLingui()
  const before = !isUnderWay(state) && state !== 'ended'
  const lost = seen === 'lost'
  const since = clock(site.since)
  const counted = site.headcount !== undefined
  const viewing = site.kind === 'viewing'
  const word = viewing && site.word === 'away' ? t`Truyền hình` : i18n._(lineWord[site.word])
  const tone =
    lost || seen === 'fault' ? 'lost' : site.word === 'weak' ? 'gold' : site.word === 'away' ? 'off' : undefined
  const raised = clock(site.handAt)
  const hand = site.handAt ? t`Giơ tay ${raised}` : undefined
  const fault = site.fault ? i18n._(faultWord[site.fault]) : undefined
  const saying = pickedBy
    ? t`${pickedBy} chọn`
    : mine
      ? t`Đang xem trước`
      : (fault ??
        (seen === 'fault'
          ? t`Tiếng một chiều`
          : site.word === 'weak' && site.mode === 'audio'
            ? t`Tiếng và trang chiếu`
            : site.lastWord))
  const heads = counted ? formatCount(site.headcount ?? 0) : undefined
  const summoned = formatCount(site.summoned)
  const large = track === undefined && !lost && !before
  const spoken = [
    group ? `${site.name}, ${group}` : site.name,
    onAir ? t`đang phát` : '',
    hand,
    lost ? t`mất tín hiệu từ ${since}` : word,
    before
      ? site.ready
        ? t`đã sẵn sàng`
        : t`chưa sẵn sàng`
      : heads === undefined
        ? t`chưa báo quân số`
        : t`${heads} trên ${summoned}`,
    before ? site.readyNote : saying,
  ]
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: P previews and arrows move; the room hears its keys
    <div
      className={look.tile}
      role="option"
      data-tile={site.siteId}
      data-look={seen}
      title={site.name}
      data-picked={pickedBy ? '' : undefined}
      aria-selected={mine}
      aria-description={spoken.filter(Boolean).join(', ')}
      aria-posinset={at + 1}
      aria-setsize={of}
      tabIndex={focusable ? 0 : -1}
      onClick={() => onPick(site.siteId)}
    >
      <span
        className={look.area}
        data-plain={track || lost ? undefined : ''}
        data-full={(onAir || hand) && saying && !before ? '' : undefined}
      >
        {track ? (
          <Picture track={track} label={site.name} />
        ) : lost ? (
          <span>{t`Mất tín hiệu từ ${since}`}</span>
        ) : before ? (
          <Readiness site={site} />
        ) : viewing ? (
          <span>{t`Xem qua truyền hình`}</span>
        ) : heads === undefined ? (
          <span>
            <span className={unreported ? look.warn : undefined}>{t`chưa báo`}</span>
            <br />
            {t`triệu tập ${summoned}`}
          </span>
        ) : (
          <span className={look.heads}>
            {heads}
            <small>/{summoned}</small>
          </span>
        )}
        {onAir ? (
          <span className={look.flag} data-air="">{t`Đang phát`}</span>
        ) : (
          hand && <span className={look.flag}>{hand}</span>
        )}
        {saying && !before && <span className={look.saying}>{saying}</span>}
      </span>
      <span className={look.tileName}>
        {placeName(site.name)}
        {group && !large && <small> {group}</small>}
      </span>
      <span className={look.tileFoot}>
        <span className={look.state} data-tone={tone}>
          {word}
        </span>
        {large ? (
          <span>{group}</span>
        ) : heads === undefined ? (
          <span className={unreported ? look.warn : undefined}>{before ? summoned : t`chưa báo`}</span>
        ) : (
          <span>
            <b>{heads}</b>/{summoned}
          </span>
        )}
      </span>
    </div>
  )
})

function Readiness({ site }: { site: WallSite }) {
  const { t } = useLingui()
  const note = site.readyNote
  return (
    <span>
      <span className={site.ready ? undefined : look.warn}>{site.ready ? t`Đã sẵn sàng` : t`Chưa sẵn sàng`}</span>
      {note && (
        <>
          <br />
          {note}
        </>
      )}
    </span>
  )
}
