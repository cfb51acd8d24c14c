import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useRef, useState } from 'react'
import { newId } from '../../../kernel/id.ts'
import { formatClock } from '../../../kernel/time.ts'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import { Go } from '../../../platform/web/route.tsx'
import { ErrorSentence, LightPage, Note, Status, WaitingLines } from '../../../platform/web/ui/light/index.ts'
import * as access from '../../access/contract.ts'
import * as contract from '../contract.ts'
import { claim, heardTime } from './clock.ts'
import { checkInSays } from './words.ts'

/** What the link on the hall's wall opens: she is here, in one step. */
export function OwnScan({ conference, site, code }: { conference: string; site: string; code: string }) {
  const { t } = useLingui()
  const [said, setSaid] = useState<ValueOf<typeof contract.checkIn>>()
  const [refused, setRefused] = useState<Refusal | 'noPoint'>()
  const once = useRef(false)
  useEffect(() => {
    if (once.current) return
    once.current = true
    void (async () => {
      const askedAt = Date.now()
      const [me, points] = await Promise.all([
        call(access.me, {}),
        call(contract.listCheckpoints, { conferenceId: conference as never }),
      ])
      if (!points.ok)
        return points.refused === 'signIn'
          ? location.assign(`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`)
          : setRefused(points)
      if (!me.ok) return setRefused(me)
      heardTime(points.value.serverTime, askedAt)
      const { currentId } = points.value
      if (!currentId || !me.value.personId) return setRefused(currentId ? { refused: 'notYours' } : 'noPoint')
      const answer = await call(contract.checkIn, {
        arrivalId: newId(),
        checkpointId: currentId,
        siteId: site,
        personId: me.value.personId,
        evidence: 'ownScan',
        proof: code,
        ...claim(),
      } as never)
      if (answer.ok) setSaid(answer.value)
      else setRefused(answer)
    })()
  }, [conference, site, code])
  const at = said ? formatClock(new Date(said.before?.at ?? Date.now())) : ''
  return (
    <LightPage>
      <h1>
        {said ? (
          <Trans>Đồng chí đã có mặt</Trans>
        ) : refused ? (
          <Trans>Chưa ghi được</Trans>
        ) : (
          <Trans>Đang ghi có mặt</Trans>
        )}
      </h1>
      {!said && !refused && <WaitingLines label={t`Đang ghi`} lines={3} />}
      {said && (
        <Note tone="ok">
          <Status tone="ok">
            {said.outcome === 'new' ? (
              <Trans>Đã ghi lúc {at} ở hội trường này.</Trans>
            ) : said.outcome === 'elsewhere' ? (
              <Trans>Đồng chí đã được ghi ở nơi khác lúc {at}. Người phụ trách sẽ hỏi lại.</Trans>
            ) : (
              <Trans>Đồng chí đã được ghi từ lúc {at}.</Trans>
            )}
          </Status>
        </Note>
      )}
      {refused === 'noPoint' && (
        <p>
          <Trans>Hội nghị chưa có mốc điểm danh nào đang mở.</Trans>
        </p>
      )}
      {refused && refused !== 'noPoint' && (
        <ErrorSentence
          refused={refused.refused === 'wrongCode' ? 'expiredHall' : refused}
          words={{ ...checkInSays, expiredHall: checkInSays.wrongCode }}
        />
      )}
      {refused && refused !== 'noPoint' && refused.refused === 'wrongCode' && (
        <p>
          <Trans>Mã trên màn hình đổi sau mỗi 30 giây. Đồng chí quét lại mã đang chiếu.</Trans>
        </p>
      )}
      <p>
        <Go href="/toi">
          <Trans>Về trang của tôi</Trans>
        </Go>
      </p>
    </LightPage>
  )
}
