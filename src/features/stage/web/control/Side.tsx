import { Trans, useLingui } from '@lingui/react/macro'
import { memo, useMemo } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import { useNow } from '../../../../platform/web/live.ts'
import type { Alarm, Hand } from '../../contract.ts'
import { countdown, inOrder, isOpen, lasted, type Wall } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'
import { Key } from './Key.tsx'
import { placeName, shortName } from './names.ts'
import { faultWord } from './words.ts'

// What needs a hand, most urgent first: alarms, the queue, and what the halls' screens show.

export const alarmKeys = ['F1', 'F2', 'F3', 'F4'] as const

/** What happened and since when, as one line; the seconds run only for a line that is away. */
export function useAlarmWords() {
  const { t, i18n } = useLingui()
  return (alarm: Alarm, now: Date): string => {
    const since = clock(alarm.since)
    if (alarm.mendedAt !== undefined) {
      const mended = clock(alarm.mendedAt)
      return alarm.kind === 'lost' ? t`Đã có tín hiệu lại lúc ${mended}` : t`Đã xong lúc ${mended}`
    }
    if (alarm.kind === 'lost') {
      const { minutes, seconds } = lasted(alarm.since, now)
      return minutes >= 60 ? t`Mất tín hiệu từ ${since}` : t`Mất tín hiệu ${minutes} phút ${seconds} giây`
    }
    if (alarm.kind === 'oneWay') return t`Tiếng một chiều từ ${since}`
    if (alarm.kind === 'unreported') return t`Chưa báo quân số sau 15 phút`
    if (alarm.kind === 'steppedDown') return t`Xuống tiếng và trang chiếu từ ${since}`
    const fault = alarm.faultKind ? i18n._(faultWord[alarm.faultKind]) : t`Báo có lỗi`
    return t`${fault} từ ${since}`
  }
}

export const Alarms = memo(function Alarms({
  alarms,
  groupName,
  onPress,
}: {
  alarms: readonly Alarm[]
  groupName: (groupId: string) => string
  onPress: (alarm: Alarm) => void
}) {
  const { t } = useLingui()
  const words = useAlarmWords()
  const ordered = useMemo(() => inOrder(alarms), [alarms])
  const open = ordered.filter(isOpen)
  const taken = open.filter((alarm) => alarm.takenBy !== undefined).length
  const now = useNow(open.some((alarm) => alarm.kind === 'lost') ? 1_000 : 30_000)
  const count = open.length
  return (
    <section className={look.block} aria-labelledby="alarms">
      <h3 id="alarms">
        <span>
          <Trans>Cảnh báo</Trans>
        </span>
        <span>
          {count === 0 ? (
            <Trans>không có</Trans>
          ) : taken === 0 ? (
            <Trans>{count} việc</Trans>
          ) : (
            <Trans>
              {count} việc, {taken} đang xử lý
            </Trans>
          )}
        </span>
      </h3>
      {ordered.length === 0 ? (
        <p className={look.quiet}>
          <Trans>Không có việc nào cần người xử lý.</Trans>
        </p>
      ) : (
        <ul className={look.scroll} tabIndex={ordered.length > 4 ? 0 : undefined}>
          {ordered.map((alarm, at) => {
            // A line that fell twice is one hall.
            const sites = [...new Map(alarm.sites.map((site) => [site.siteId, site])).values()]
            const one = sites.length === 1
            const names = sites.slice(0, 3).map((site) => (one ? placeName(site.name) : shortName(site.name)))
            const more = sites.length - names.length
            const group = one ? groupName(sites[0]?.groupId ?? '') : ''
            const key = isOpen(alarm) ? alarmKeys[at] : undefined
            const tone =
              !isOpen(alarm) || alarm.takenBy
                ? 'off'
                : alarm.kind === 'lost' || alarm.kind === 'oneWay'
                  ? 'lost'
                  : 'gold'
            const by = alarm.takenBy
            const verb = alarm.takenBy
              ? t`Mở`
              : alarm.kind === 'unreported'
                ? t`Nhắc`
                : alarm.kind === 'steppedDown'
                  ? t`Mở`
                  : t`Gọi`
            const where = names.join(', ')
            return (
              <li key={alarm.key} className={look.alarm}>
                <span className={look.state} data-tone={tone}>
                  {words(alarm, now)}
                </span>
                <p title={`${where}. ${alarm.detail}`}>
                  <b>{where}</b>
                  {more > 0 && <Trans> và {more} nơi nữa</Trans>}
                  {group && `, ${group}`}
                  {by ? (
                    <>
                      . <Trans>{by} nhận</Trans>
                    </>
                  ) : (
                    alarm.detail && `. ${alarm.detail}`
                  )}
                </p>
                {isOpen(alarm) && (
                  <button type="button" onClick={() => onPress(alarm)} aria-keyshortcuts={key} aria-description={where}>
                    {verb}
                    {key && <Key>{key}</Key>}
                  </button>
                )}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
})

export const Queue = memo(function Queue({
  hands,
  topic,
  siteGroup,
  onPick,
  onCall,
}: {
  hands: readonly Hand[]
  topic: Wall['topic']
  siteGroup: (siteId: string | undefined) => string
  onPick: (hand: Hand) => void
  onCall: (hand: Hand) => void
}) {
  const { t } = useLingui()
  const now = useNow(1_000)
  const live = hands.filter(({ state }) => state === 'onAir' || state === 'called' || state === 'waiting')
  const waiting = live.filter(({ state }) => state === 'waiting').length
  const opens = topic?.phase === 'deliver' ? clock(topic.questionsAt) : ''
  const due = topic?.phase === 'deliver' ? topic.questionsAt : topic?.phase === 'questions' ? topic.endsAt : undefined
  return (
    <section className={look.block} aria-labelledby="queue">
      <h3 id="queue">
        <span>
          <Trans>Hàng chờ phát biểu</Trans>
        </span>
        <span>
          {live.length === 0 ? (
            <Trans>chưa có ai giơ tay</Trans>
          ) : opens ? (
            <Trans>mở lúc {opens}</Trans>
          ) : (
            <Trans>{waiting} đang chờ</Trans>
          )}
        </span>
      </h3>
      <ol className={`${look.queue} ${look.scroll}`} tabIndex={live.length > 4 ? 0 : undefined}>
        {topic && due && (
          <li data-air="">
            <span>
              <b>{topic.phase === 'questions' ? t`Hỏi – đáp` : topic.speaker || topic.title}</b>
            </span>
            <Left toMs={Date.parse(due)} now={now} />
          </li>
        )}
        {live.map((hand) => {
          const raised = clock(hand.raisedAt)
          return (
            <li key={hand.handId}>
              <span className={look.place}>{hand.place > 0 ? hand.place : '·'}</span>
              <span title={hand.about || undefined}>
                <button type="button" onClick={() => onPick(hand)}>
                  {hand.kind === 'site' ? placeName(hand.name) : hand.name}{' '}
                  <small>{siteGroup(hand.siteId) || hand.unit}</small>
                </button>
              </span>
              {hand.state === 'onAir' ? (
                hand.until ? (
                  <Left toMs={Date.parse(hand.until)} now={now} />
                ) : (
                  <small>
                    <Trans>đang nói</Trans>
                  </small>
                )
              ) : hand.state === 'called' ? (
                <small className={look.warn}>
                  <Trans>đang chuẩn bị</Trans>
                </small>
              ) : (
                <small>
                  <Trans>giơ tay {raised}</Trans>{' '}
                  <button
                    type="button"
                    className={look.small}
                    style={{ padding: '0 0.45rem', border: '1px solid var(--line-2)' }}
                    onClick={() => onCall(hand)}
                    aria-label={t`Mời ${hand.name}`}
                  >
                    <Trans>Mời</Trans>
                  </button>
                </small>
              )}
            </li>
          )
        })}
      </ol>
    </section>
  )
})

const Left = ({ toMs, now }: { toMs: number; now: Date }) => {
  const left = countdown(toMs, now)
  const over = toMs < now.getTime()
  return (
    <span className={look.left} data-over={over ? '' : undefined}>
      <small>{over ? <Trans>quá</Trans> : <Trans>còn</Trans>}</small> {left.replace('−', '')}
    </span>
  )
}

export const Screens = memo(function Screens({
  screens,
  slide,
  sites,
}: {
  screens: Wall['screens']
  slide: Wall['slide']
  sites: number
}) {
  const { full, slow, soundAndSlides, television, keepsSlide } = screens
  const page = slide?.page
  const pages = slide?.pages
  const parts = [
    full > 0 && (
      <span key="full">
        <b>{formatCount(full)}</b> <Trans>đủ</Trans>
      </span>
    ),
    slow > 0 && (
      <span key="slow">
        <b>{formatCount(slow)}</b> <Trans>chậm vài giây</Trans>
      </span>
    ),
    soundAndSlides > 0 && (
      <span key="sound">
        <b>{formatCount(soundAndSlides)}</b> <Trans>tiếng và trang chiếu</Trans>
      </span>
    ),
    television > 0 && (
      <span key="tv">
        <b>{formatCount(television)}</b> <Trans>xem truyền hình</Trans>
      </span>
    ),
    keepsSlide > 0 && (
      <span key="keeps">
        <b>{formatCount(keepsSlide)}</b> <Trans>giữ trang chiếu cuối</Trans>
      </span>
    ),
  ].filter((one) => one !== false)
  return (
    <section className={`${look.block} ${look.screens}`} aria-labelledby="screens">
      <h3 id="screens">
        <span>
          <Trans>Màn hình hội trường</Trans>
        </span>
        <span>
          {slide && (
            <Trans>
              trang chiếu {page}/{pages}
            </Trans>
          )}
        </span>
      </h3>
      <p>
        {parts.length === 0 ? (
          <Trans>Chưa màn hình nào nối.</Trans>
        ) : full === sites ? (
          <>
            <b>{formatCount(full)}</b> <Trans>điểm cầu đủ hình và trang chiếu</Trans>
          </>
        ) : (
          parts.flatMap((one, at) => (at === 0 ? [one] : [', ', one]))
        )}
      </p>
    </section>
  )
})
