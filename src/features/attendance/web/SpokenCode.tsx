import { Trans } from '@lingui/react/macro'
import { useRef } from 'react'
import { formatClock } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { useNow } from '../../../platform/web/live.ts'
import { Button, ButtonLink, ErrorSentence, PageHeading } from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import styles from './tally.module.css'
import { showCodeSays } from './words.ts'

/** The checkpoint's one code, spoken and projected for a minute. */
export function SpokenCode({ conference, checkpoint }: { conference: string; checkpoint: string }) {
  const wall = useRef<HTMLDivElement>(null)
  const points = useAnswer(contract.listCheckpoints, { conferenceId: conference as never })
  const show = useOperation(contract.showCode, { refresh: [contract.listCheckpoints] })
  const now = useNow(500)
  const point = points.value?.checkpoints.find(({ checkpointId }) => checkpointId === checkpoint)
  const left = show.value ? Math.ceil((new Date(show.value.shownUntil).getTime() - now.getTime()) / 1000) : 0
  const shown = show.value && left > 0 ? show.value.code : undefined
  const until = show.value ? formatClock(new Date(show.value.takenUntil)) : ''
  const press = () => void show.run({ conferenceId: conference as never, checkpointId: checkpoint as never })
  return (
    <>
      <PageHeading
        over={point?.name}
        side={
          <ButtonLink href={`/quan-so/${conference}`}>
            <Trans>Về quân số</Trans>
          </ButtonLink>
        }
      >
        <Trans>Mã của mốc</Trans>
      </PageHeading>
      <ErrorSentence refused={show.refused} words={showCodeSays} />
      <div ref={wall} className={styles.wall} data-shown={shown ? '' : undefined}>
        {shown ? (
          <>
            <p className={styles.digits} role="status">
              {shown.slice(0, 3)} {shown.slice(3)}
            </p>
            <p>
              <Trans>
                Chiếu thêm {left} giây. Máy nhận mã đến {until}.
              </Trans>
            </p>
          </>
        ) : (
          <>
            <p>
              {show.value ? (
                <Trans>Đã thôi chiếu. Máy còn nhận mã đến {until}.</Trans>
              ) : (
                <Trans>Mã hiện trong 60 giây, đọc to hai lần. Người dự trên thiết bị nhập mã trong 10 phút.</Trans>
              )}
            </p>
            <p>
              <Button look="go" big doing={show.doing} onClick={press}>
                {show.value ? <Trans>Chiếu lại</Trans> : <Trans>Chiếu mã</Trans>}
              </Button>
            </p>
          </>
        )}
      </div>
      <p>
        <Button onClick={() => void wall.current?.requestFullscreen?.()}>
          <Trans>Phóng to cả màn hình</Trans>
        </Button>
      </p>
    </>
  )
}
