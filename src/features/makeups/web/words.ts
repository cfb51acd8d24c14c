import { msg } from '@lingui/core/macro'
import type { Words } from '../../../platform/web/refusals.tsx'
import type { makeupStates } from '../contract.ts'

export const stateWords: Record<(typeof makeupStates)[number], Words> = {
  draft: msg`Dự thảo`,
  approved: msg`Đã duyệt`,
  open: msg`Đang nhận người`,
  live: msg`Đang họp`,
  closed: msg`Đã kết thúc`,
}
