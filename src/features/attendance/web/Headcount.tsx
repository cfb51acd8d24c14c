import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { newId } from '../../../kernel/id.ts'
import { formatClock } from '../../../kernel/time.ts'
import { fileHref } from '../../../platform/web/client.ts'
import {
  BigNumberInput,
  Button,
  ButtonLink,
  Note,
  Status,
  say,
  TextField,
} from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { headcountAdds } from '../rules.ts'
import { claim } from './clock.ts'
import styles from './console.module.css'
import { put } from './outbox.ts'
import { PointChoice } from './PointChoice.tsx'
import type { Hall } from './useHall.ts'

type Four = {
  present?: number | undefined
  absentExcused?: number | undefined
  absentUnexcused?: number | undefined
  guests?: number | undefined
}

/** The sheet of paper he knows: four numbers beside what was summoned, the sum in words. */
export function Headcount({ hall }: { hall: Hall }) {
  const { t } = useLingui()
  const { point, summoned = 0, sheet } = hall
  const onRoll = sheet ? sheet.roll.filter(({ personId }) => (hall.here.get(personId)?.late ?? -1) >= 0).length : 0
  const excused = sheet ? sheet.roll.filter(({ excuse, personId }) => excuse && !hall.here.has(personId)).length : 0
  const fromRoll: Four =
    sheet && sheet.roll.length > 0
      ? {
          present: onRoll,
          absentExcused: excused,
          absentUnexcused: Math.max(0, summoned - onRoll - excused),
          guests: Math.max(0, hall.present - onRoll),
        }
      : {}
  const [four, setFour] = useState<Four>()
  const [why, setWhy] = useState('')
  const pointId = point?.checkpointId
  // biome-ignore lint/correctness/useExhaustiveDependencies: another checkpoint starts anew
  useEffect(() => {
    setFour(undefined)
    setWhy('')
  }, [pointId])
  if (!point)
    return (
      <p>
        <Trans>Ban tổ chức chưa khai mốc nào cho hội nghị này nên chưa có quân số để gửi.</Trans>
      </p>
    )
  const now = four ?? fromRoll
  const set = (name: keyof Four) => (value: number | undefined) => setFour({ ...now, [name]: value })
  const { present = 0, absentExcused = 0, absentUnexcused = 0, guests = 0 } = now
  const sum = present + absentExcused + absentUnexcused
  const adds = headcountAdds({ present, absentExcused, absentUnexcused }, summoned)
  const off = Math.abs(summoned - sum)
  const sent = hall.board?.checkpoints.find(({ checkpointId }) => checkpointId === pointId)?.headcount
  const unsent = hall.outbox.waiting.find(
    ({ kind, input }) => kind === 'reportHeadcount' && input.checkpointId === pointId,
  )
  const known = now.present !== undefined
  const send = () => {
    put(
      'reportHeadcount',
      {
        clientId: newId(),
        checkpointId: point.checkpointId,
        siteId: hall.siteId,
        present,
        absentExcused,
        absentUnexcused,
        guests,
        why: adds ? '' : why,
        ...claim(),
      },
      t`Quân số ${point.name}`,
    )
    say(t`Đã ghi quân số ${point.name}`)
  }
  const sentAt = sent ? formatClock(new Date(sent.at)) : ''
  const parts = [present, absentExcused, absentUnexcused].map(formatCount).join(' + ')
  return (
    <>
      <div>
        <h2>
          <Trans>Quân số {point.name}</Trans>
        </h2>
        <p className="second">
          {known && four === undefined ? (
            <Trans>Máy đã điền sẵn từ điểm danh. Đồng chí đếm lại rồi sửa nếu khác.</Trans>
          ) : (
            <Trans>Đồng chí đếm trong hội trường rồi ghi bốn số.</Trans>
          )}
        </p>
      </div>
      <PointChoice hall={hall} />
      {sent && !unsent && (
        <Note tone="ok">
          <p>
            <Status tone="ok">
              <Trans>
                Máy chủ đã nhận lúc {sentAt}: có mặt {formatCount(sent.present)} trên {formatCount(sent.summoned)},
                khách mời {formatCount(sent.guests)}.
              </Trans>
            </Status>
          </p>
          {sent.why && (
            <p className="second">
              <Trans>Lý do đã ghi: {sent.why}</Trans>
            </p>
          )}
        </Note>
      )}
      {unsent && (
        <Note>
          <Status tone="wait" said>
            <Trans>Đang giữ trong máy, có mạng là tự gửi.</Trans>
          </Status>
        </Note>
      )}
      <div className={styles.sheet}>
        <div className={styles.given}>
          <span>
            <Trans>Triệu tập</Trans>
          </span>
          <b>{formatCount(summoned)}</b>
        </div>
        <BigNumberInput
          label={t`Có mặt`}
          hint={sheet ? t`đã ghi ${formatCount(onRoll)}` : undefined}
          value={now.present}
          onChange={set('present')}
        />
        <BigNumberInput label={t`Vắng có lý do`} value={now.absentExcused} onChange={set('absentExcused')} />
        <BigNumberInput label={t`Vắng không lý do`} value={now.absentUnexcused} onChange={set('absentUnexcused')} />
        <div className={styles.sum} data-adds={adds ? '' : undefined} role="status">
          <b className="num">
            {parts} = {formatCount(sum)}
          </b>
          {adds ? (
            <Status tone="ok">
              <Trans>Đủ {formatCount(summoned)} người được triệu tập</Trans>
            </Status>
          ) : sum < summoned ? (
            <Status tone="wait" said>
              <Trans>Còn {formatCount(off)} người chưa ghi vào đâu</Trans>
            </Status>
          ) : (
            <Status tone="wait" said>
              <Trans>Nhiều hơn triệu tập {formatCount(off)} người</Trans>
            </Status>
          )}
        </div>
        <BigNumberInput
          label={t`Khách mời`}
          hint={t`không cộng vào triệu tập`}
          value={now.guests}
          onChange={set('guests')}
        />
      </div>
      {!adds && (
        <TextField
          label={t`Vì sao chưa bằng triệu tập`}
          hint={t`Vài chữ là đủ, ví dụ: còn hai xe đang trên đường. Không ghi tên ai.`}
          value={why}
          maxLength={300}
          onChange={(event) => setWhy(event.target.value)}
        />
      )}
      <Button look="go" big wide disabled={!known || (!adds && why.trim() === '')} onClick={send}>
        {adds ? (
          <Trans>Gửi quân số</Trans>
        ) : sum < summoned ? (
          <Trans>Gửi, bổ sung {formatCount(off)} người sau</Trans>
        ) : (
          <Trans>Gửi kèm lý do</Trans>
        )}
      </Button>
      <p>
        <ButtonLink
          look="bare"
          href={fileHref(contract.rollSheet, {
            checkpointId: point.checkpointId as never,
            siteId: hall.siteId as never,
          })}
          download=""
        >
          <Trans>Tải danh sách để ký trên giấy</Trans>
        </ButtonLink>
      </p>
    </>
  )
}
