import { Trans, useLingui } from '@lingui/react/macro'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { Go } from '../../../platform/web/route.tsx'
import { ErrorSentence, Icon, LightPage, Status, WaitingLines } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import styles from './console.module.css'

/** The halls somebody keeps, each with its conferences; the nearest first. */
export function MySites({ site }: { site?: string }) {
  const { t } = useLingui()
  const { value, refused, waiting, again } = useAnswer(contract.mySites, {})
  const rows = value?.sites.filter(({ siteId }) => site === undefined || siteId === site)
  return (
    <LightPage>
      <h1>
        <Trans>Điểm cầu của tôi</Trans>
      </h1>
      {waiting && <WaitingLines label={t`Đang mở`} lines={4} />}
      <ErrorSentence refused={refused} again={again} />
      {rows?.length === 0 && (
        <p>
          <Trans>
            Chưa có hội nghị nào ở điểm cầu của đồng chí. Khi ban tổ chức mở hội nghị và xếp điểm cầu, hội nghị sẽ hiện
            ở đây.
          </Trans>
        </p>
      )}
      <ul className={styles.sites}>
        {rows?.map((row) => {
          const summoned = formatCount(row.summoned)
          return (
            <li key={`${row.siteId} ${row.conferenceId}`}>
              <Go className={styles.site} href={`/diem-cau/${row.siteId}/${row.conferenceId}/diem-danh`}>
                <span>
                  <b>{row.siteName}</b>
                  <span>{row.conferenceName}</span>
                  <span className="second small">
                    {row.startsAt && <span className="num">{formatMoment(new Date(row.startsAt))} · </span>}
                    <Trans>{summoned} người được triệu tập</Trans>
                  </span>
                  {row.state === 'live' && (
                    <Status tone="ok">
                      <Trans>đang họp</Trans>
                    </Status>
                  )}
                  {row.state === 'closed' && (
                    <Status tone="still">
                      <Trans>đã đóng</Trans>
                    </Status>
                  )}
                </span>
                <Icon name="right" />
              </Go>
            </li>
          )
        })}
      </ul>
    </LightPage>
  )
}
