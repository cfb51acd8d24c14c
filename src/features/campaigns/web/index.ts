// The door of campaigns on the web.
import { msg } from '@lingui/core/macro'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export { CampaignDesk, type Coming, type DeskParts, type Need } from './CampaignDesk.tsx'
export type { CampaignView } from './words.ts'
export { phaseWords } from './words.ts'

/** Screens beside the desk itself; «/dot» is put together by the app from `CampaignDesk` and the panels of later features. */
export const campaignsDesk: readonly DeskRoute[] = [
  {
    path: '/dot/tat-ca',
    title: msg`Các đợt học tập`,
    load: () => import('./CampaignList.tsx').then((it) => it.CampaignList),
  },
  {
    path: '/dot/moi',
    title: msg`Lập đợt học tập`,
    load: () => import('./CampaignForm.tsx').then((it) => it.NewCampaign),
  },
  {
    path: '/dot/sua',
    title: msg`Sửa đợt học tập`,
    load: () => import('./CampaignForm.tsx').then((it) => it.EditCampaign),
  },
  {
    path: '/dot/danh-sach',
    title: msg`Danh sách thuộc diện`,
    load: () => import('./Roll.tsx').then((it) => it.Roll),
  },
  {
    path: '/dot/quy-tac',
    title: msg`Quy tắc tính có mặt`,
    load: () => import('./PresenceRules.tsx').then((it) => it.PresenceRules),
  },
]
