import { Trans, useLingui } from '@lingui/react/macro'
import { formatClock, formatDay } from '../../../kernel/time.ts'
import { layOut, minutesOf } from '../rules.ts'
import css from './Conference.module.css'
import { type DraftSession, sessionOf } from './draft.ts'

/** The day as minutes: what is delivered, what is kept for questions, what is free. The list beside the bar says the same. */
export function DayTimeline({ sessions }: { sessions: readonly DraftSession[] }) {
  return (
    <div className={css.day}>
      {sessions.map((draft) => (
        <SessionLine key={draft.key} draft={draft} />
      ))}
    </div>
  )
}

function SessionLine({ draft }: { draft: DraftSession }) {
  const { t } = useLingui()
  const session = sessionOf(draft)
  if (!session || session.endsAt <= session.startsAt) return null
  const items = layOut(session)
  const title = draft.name || t`Buổi ${draft.code}`
  const day = formatDay(session.startsAt)
  const length = (+session.endsAt - +session.startsAt) / 60_000
  const over = minutesOf(session.topics) - length
  const kept = session.topics.reduce((sum, { questionMinutes }) => sum + questionMinutes, 0)
  const overMinutes = Math.ceil(over)
  return (
    <div>
      <div>
        <strong>{title}</strong> <span className="second small num">{day}</span>
      </div>
      <div className={css.bar} aria-hidden="true" data-over={over > 0 ? '' : undefined}>
        {items.map((item) => (
          <span key={`${item.kind} ${item.topicAt}`} data-kind={item.kind} style={{ flex: item.minutes }} />
        ))}
      </div>
      <ol className={css.hours}>
        {items.map((item) => {
          const minutes = item.minutes
          return (
            <li key={`${item.kind} ${item.topicAt}`} data-kind={item.kind}>
              <span className="num">{formatClock(item.from)}</span>
              <span>
                {item.kind === 'questions' ? (
                  <Trans>Hỏi – đáp</Trans>
                ) : item.kind === 'free' ? (
                  <Trans>Còn trống</Trans>
                ) : (
                  item.title || <Trans>Chuyên đề chưa có tên</Trans>
                )}
              </span>
              <span className="num second nb">
                <Trans>{minutes} phút</Trans>
              </span>
            </li>
          )
        })}
      </ol>
      <p className="second small">
        {over > 0 ? (
          <Trans>Quá giờ {overMinutes} phút.</Trans>
        ) : (
          <Trans>
            Kết thúc {formatClock(session.endsAt)}; dành {kept} phút hỏi – đáp.
          </Trans>
        )}
      </p>
    </div>
  )
}
