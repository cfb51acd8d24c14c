import { Trans, useLingui } from '@lingui/react/macro'
import { formatMoment } from '../../../../kernel/time.ts'
import { useAnswer } from '../../../../platform/web/answers.ts'
import { Go } from '../../../../platform/web/route.tsx'
import { ErrorSentence, Icon, LightPage, Status, WaitingLines } from '../../../../platform/web/ui/light/index.ts'
import * as contract from '../../contract.ts'
import styles from './lectern.module.css'

/** The sessions at whose lectern I may stand, those on the stage first. */
export function MyLecterns() {
  const { t } = useLingui()
  const { value, refused, waiting, again } = useAnswer(contract.myStages, {}, { everyMs: 30_000 })
  const rows = value?.stages
    .filter(({ rooms }) => rooms.includes('lectern'))
    .sort((one, other) => rank(one.state) - rank(other.state) || one.startsAt.localeCompare(other.startsAt))
  return (
    <LightPage>
      <h1>
        <Trans>Bục báo cáo viên</Trans>
      </h1>
      {waiting && <WaitingLines label={t`Đang mở`} lines={3} />}
      <ErrorSentence refused={refused} again={again} />
      {rows?.length === 0 && (
        <p>
          <Trans>Chưa có buổi nào giao đồng chí báo cáo. Khi ban tổ chức giao, buổi hiện ở đây.</Trans>
        </p>
      )}
      <ul className="stack">
        {rows?.map((row) => (
          <li key={row.sessionId}>
            <Go className={styles.mine} href={`/buc/${row.sessionId}`}>
              <span>
                <b>{row.sessionName}</b>
                <span>{row.conferenceName}</span>
                <span className="second num">{formatMoment(new Date(row.startsAt))}</span>
                {row.state === 'onAir' && (
                  <Status tone="ok">
                    <Trans>đang phát</Trans>
                  </Status>
                )}
                {row.state === 'backstage' && (
                  <Status tone="wait">
                    <Trans>hậu trường đã mở</Trans>
                  </Status>
                )}
                {row.state === 'break' && (
                  <Status tone="wait">
                    <Trans>đang giải lao</Trans>
                  </Status>
                )}
                {row.state === 'ended' && (
                  <Status tone="still">
                    <Trans>đã kết thúc</Trans>
                  </Status>
                )}
              </span>
              <Icon name="right" />
            </Go>
            <a className="second" href={`/hoi-nghi/${row.conferenceId}/tai-lieu`}>
              <Trans>Tải trang chiếu lên</Trans>
            </a>
          </li>
        ))}
      </ul>
    </LightPage>
  )
}
const rank = (state: contract.StageState) => (state === 'ended' ? 2 : state === 'closed' ? 1 : 0)
