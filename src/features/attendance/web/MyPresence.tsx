import { Trans, useLingui } from '@lingui/react/macro'
import { addMinutes, formatClock } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import { useNow } from '../../../platform/web/live.ts'
import { Section, Status } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { skewMs } from './clock.ts'
import { useKept } from './kept.ts'
import styles from './member.module.css'
import { OwnTick } from './OwnTick.tsx'
import { useOutbox } from './outbox.ts'
import { evidenceSays } from './words.ts'

type Presence = ValueOf<typeof contract.myPresence>

/** The checkpoint a code may be typed for: its hours are now and she has not been seen at it. */
export function openPoint({ checkpoints }: Presence, now: Date) {
  return checkpoints.findLast(
    ({ arrival, open, opensAt, closesAt }) =>
      !arrival && (open || (new Date(opensAt) <= now && now <= addMinutes(new Date(closesAt), 15))),
  )
}

/** Her presence as last heard; without a line, as it was kept. */
function usePresence(conferenceId: string) {
  const asked = useAnswer(contract.myPresence, { conferenceId: conferenceId as never }, { staleMs: 30_000 })
  const { value } = useKept(`presence.${conferenceId}`, asked.value)
  const now = new Date(useNow(15_000).getTime() + skewMs())
  return { value, again: asked.again, now }
}

/** The code to type while a checkpoint is open: for the page of a session that is going on. Shows nothing when there is nothing to do. */
export function MyPoint({
  conferenceId,
  personId,
  inHall,
}: {
  conferenceId: string
  personId: string
  inHall: boolean
}) {
  const { value, again, now } = usePresence(conferenceId)
  const point = value && openPoint(value, now)
  if (!point) return null
  return (
    <OwnTick key={point.checkpointId} point={point} personId={personId} inHall={inHall} onDone={() => void again()} />
  )
}
export function MyPresenceAt({ conferenceId }: { conferenceId: string }) {
  const { value, now } = usePresence(conferenceId)
  return value && value.checkpoints.length > 0 ? <MyPresence presence={value} now={now} /> : null
}

/** Which checkpoints know her, in words, and what is not recorded. */
export function MyPresence({ presence, now }: { presence: Presence; now: Date }) {
  const { i18n } = useLingui()
  const { waiting } = useOutbox()
  return (
    <Section title={<Trans>Có mặt của tôi</Trans>}>
      <ul className={styles.points}>
        {presence.checkpoints.map(({ checkpointId, name, at, opensAt, closesAt, arrival }) => {
          const clock = arrival ? formatClock(new Date(arrival.at)) : ''
          const how = arrival ? i18n._(evidenceSays[arrival.evidence]) : ''
          const minutes = arrival?.judgement.counts ? arrival.judgement.lateMinutes : 0
          const kept = waiting.some(({ kind, input }) => kind === 'checkIn' && input.checkpointId === checkpointId)
          const tone = arrival
            ? arrival.judgement.counts
              ? 'ok'
              : 'wait'
            : kept || (new Date(opensAt) <= now && now <= new Date(closesAt))
              ? 'wait'
              : 'off'
          return (
            <li key={checkpointId}>
              <Status tone={tone}>
                <span className="num">{formatClock(new Date(at))}</span>
              </Status>
              <span>
                <b>{name}</b>
                <span className="second">
                  {arrival ? (
                    arrival.judgement.counts ? (
                      minutes > 0 ? (
                        <Trans>
                          đã ghi lúc {clock}, {how}, muộn {minutes} phút
                        </Trans>
                      ) : (
                        <Trans>
                          đã ghi lúc {clock}, {how}
                        </Trans>
                      )
                    ) : (
                      <Trans>đã ghi lúc {clock}, chờ người phụ trách chấp nhận</Trans>
                    )
                  ) : kept ? (
                    <Trans>đang giữ trong máy, có mạng là tự gửi</Trans>
                  ) : now > new Date(closesAt) ? (
                    <Trans>chưa ghi</Trans>
                  ) : now >= new Date(opensAt) ? (
                    <Trans>đang mở</Trans>
                  ) : (
                    <Trans>chưa đến giờ</Trans>
                  )}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
      <p className="second">
        <Trans>
          Chỉ ghi những mốc này. Không dùng máy ảnh, không theo dõi máy của đồng chí. Ghi sai, đồng chí báo bí thư chi
          bộ trong 7 ngày.
        </Trans>
      </p>
    </Section>
  )
}
