import { Trans, useLingui } from '@lingui/react/macro'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import {
  Brand,
  ButtonLink,
  Card,
  ErrorSentence,
  LightPage,
  Status,
  WaitingLines,
} from '../../../platform/web/ui/light/index.ts'
import { myProgrammes } from '../contract.ts'
import { liveHref } from './paths.ts'

/** What is on now, for the top of a member's own page: nothing when nothing is. */
export function OnNow() {
  const { value } = useAnswer(myProgrammes, {}, { staleMs: 30_000, everyMs: 120_000 })
  const on = value?.sessions.find(({ onAir }) => onAir)
  if (!on) return null
  return (
    <Card now className="stack" data-gap="s">
      <p className="gold">
        <Trans>Đang diễn ra</Trans>
      </p>
      <h2>{on.sessionName}</h2>
      <p className="second">{on.conferenceName}</p>
      <ButtonLink look="go" wide big href={liveHref(on.sessionId)}>
        <Trans>Vào xem buổi này</Trans>
      </ButtonLink>
    </Card>
  )
}

/** Sessions that may be watched now or soon. */
export function MyProgrammes() {
  const { t } = useLingui()
  const { value, waiting, refused, again } = useAnswer(myProgrammes, {}, { staleMs: 10_000, everyMs: 60_000 })
  const sessions = value?.sessions ?? []
  return (
    <LightPage
      bar={
        <>
          <Brand href="/toi" />
          <a href="/toi">
            <Trans>Trang của tôi</Trans>
          </a>
        </>
      }
    >
      <h1>
        <Trans>Buổi họp xem trên máy</Trans>
      </h1>
      {waiting && <WaitingLines label={t`Đang mở`} lines={3} />}
      <ErrorSentence refused={refused} again={again} />
      {value && sessions.length === 0 && (
        <p>
          <Trans>Chưa có buổi nào phát cho đồng chí. Khi có, buổi đó hiện ở đây và ở trang của đồng chí.</Trans>
        </p>
      )}
      {sessions.length > 0 && (
        <div className="rows">
          {sessions.map(({ sessionId, conferenceName, sessionName, startsAt, onAir }) => (
            <div key={sessionId}>
              <span>
                <a href={liveHref(sessionId)}>
                  <b>{sessionName}</b>
                </a>
                <span className="second" style={{ display: 'block' }}>
                  {conferenceName}
                </span>
              </span>
              {onAir ? (
                <Status tone="ok">
                  <Trans>đang phát</Trans>
                </Status>
              ) : (
                <span className="num second nb">{formatMoment(new Date(startsAt))}</span>
              )}
            </div>
          ))}
        </div>
      )}
    </LightPage>
  )
}
