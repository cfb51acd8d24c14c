import { msg } from '@lingui/core/macro'
import type { WordsFor } from '../../../../platform/web/refusals.tsx'
import type * as contract from '../../contract.ts'

export const slideSays = {
  notOpen: msg`Sân khấu chưa mở nên trang chưa hiện ở các điểm cầu.`,
  unknownDeck: msg`Tập trang chiếu này không còn. Đồng chí chọn tập khác.`,
  noSuchPage: msg`Tập trang chiếu không có trang này.`,
} satisfies WordsFor<typeof contract.showSlide>
export const topicSays = {
  notOpen: msg`Sân khấu chưa mở nên chưa chuyển phần được.`,
  unknownTopic: msg`Chuyên đề này không còn trong chương trình.`,
} satisfies WordsFor<typeof contract.moveTopic>
