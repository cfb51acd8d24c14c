import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { lazy } from 'react'
import { loadMember } from '../../../features/attendance/web/index.ts'
import { loadOnNow } from '../../../features/broadcast/web/index.ts'
import * as coverage from '../../../features/coverage/contract.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import { Section, Status, type Tone } from '../../../platform/web/ui/light/index.ts'

type State = ValueOf<typeof coverage.myState>
const says = {
  studiedAtSite: msg`Đồng chí đã học tại hội trường.`,
  studiedOnDevice: msg`Đồng chí đã học trên thiết bị của mình.`,
  madeUp: msg`Đồng chí đã học bù.`,
  booked: msg`Đồng chí đã được xếp buổi học bù.`,
  notYet: msg`Đồng chí chưa học.`,
  exempt: msg`Đồng chí được miễn trong đợt này.`,
  outside: msg`Đồng chí không thuộc danh sách của đợt này.`,
} satisfies Record<State['state'], unknown>
const because = {
  awaiting: msg`Hội nghị của đồng chí chưa họp.`,
  partly: msg`Mới dự một phần, còn thiếu mốc. Chi bộ sẽ báo buổi học bù.`,
  excused: msg`Đã báo vắng có lý do. Chi bộ sẽ báo buổi học bù.`,
  absent: msg`Chưa thấy ghi có mặt. Nếu đồng chí có dự, xin báo bí thư chi bộ trong 7 ngày.`,
  noContact: msg`Chưa gửi được giấy triệu tập tới đồng chí. Đồng chí hỏi bí thư chi bộ.`,
  neverSummoned: msg`Chưa có giấy triệu tập. Chi bộ sẽ báo buổi học bù.`,
} satisfies Record<NonNullable<State['reason']>, unknown>
const tones: Record<State['state'], Tone> = {
  studiedAtSite: 'ok',
  studiedOnDevice: 'ok',
  madeUp: 'ok',
  booked: 'wait',
  notYet: 'off',
  exempt: 'still',
  outside: 'still',
}

const Room = lazy(async () => {
  const [Member, OnNow] = await Promise.all([loadMember(), loadOnNow()])
  const state = (campaignId: string) => <MyState campaignId={campaignId} />
  return { default: () => <Member first={<OnNow />} state={state} /> }
})

/** A member's own page, with what is on now at its head and her line in the ledger at its foot. */
export const MemberRoom = () => <Room />

function MyState({ campaignId }: { campaignId: string }) {
  const { _ } = useLingui()
  const { value } = useAnswer(coverage.myState, { campaignId: campaignId as never }, { staleMs: 60_000 })
  if (!value) return null
  return (
    <Section title={<Trans>Kết quả của tôi</Trans>}>
      <Status tone={tones[value.state]}>{_(says[value.state])}</Status>
      {value.reason && <p className="second">{_(because[value.reason])}</p>}
    </Section>
  )
}
