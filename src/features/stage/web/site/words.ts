import { msg } from '@lingui/core/macro'
import type { Words, WordsFor } from '../../../../platform/web/refusals.tsx'
import type * as contract from '../../contract.ts'

export const faultSays: Record<(typeof contract.faultKinds)[number], Words> = {
  noSound: msg`Mất tiếng`,
  noPicture: msg`Mất hình`,
  frozen: msg`Giật, đứng`,
  power: msg`Mất điện`,
  help: msg`Cần giúp`,
  other: msg`Sự cố khác`,
}
export const alarmSays: Record<contract.Alarm['kind'], Words> = {
  lost: msg`Mất kết nối`,
  oneWay: msg`Tiếng một chiều`,
  unreported: msg`Chưa gửi quân số`,
  steppedDown: msg`Đường truyền yếu, đã hạ chế độ`,
  fault: msg`Báo sự cố`,
}
export const handSays = {
  notOpen: msg`Sân khấu chưa mở nên chưa giơ tay được. Khi mở, đồng chí giơ lại.`,
  otherConference: msg`Hội trường này không thuộc hội nghị đang mở.`,
  tooManyHands: msg`Hội trường đã có tay đang giơ. Đồng chí hạ tay đó rồi giơ lại.`,
  unknownHand: msg`Lượt này đã kết thúc.`,
} satisfies WordsFor<typeof contract.raiseHand> & WordsFor<typeof contract.lowerHand>
export const pictureSays = {
  otherConference: msg`Hội trường này không thuộc hội nghị đang mở.`,
  notOpen: msg`Sân khấu chưa mở nên chưa gửi hình được.`,
  running: msg`Buổi học đang diễn ra: chỉ hội trường được mời, hoặc đang báo cần giúp, mới gửi hình.`,
} satisfies WordsFor<typeof contract.setPicture>
