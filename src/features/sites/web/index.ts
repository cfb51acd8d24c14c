// The door of sites on the web: rooms, seats, summonses; and the member's own summons for her page.
import { msg } from '@lingui/core/macro'
import { lazy } from 'react'
import type { DeskRoute } from '../../../platform/web/routes.ts'

/** For the room of a cell: one person's summons, and registering her for her own device. */
export const OneSummons = lazy(async () => ({ default: (await import('./OneSummons.tsx')).OneSummons }))
export const RegisterHer = lazy(async () => ({ default: (await import('./OneSummons.tsx')).RegisterHer }))
export { sitesHref } from './conference.tsx'
export { useSitesParts } from './deskParts.tsx'

export const sitesDesk: readonly DeskRoute[] = [
  { path: '/cac-diem-cau', title: msg`Xếp chỗ`, load: () => import('./Seating.tsx').then((it) => it.Seating) },
  {
    path: '/cac-diem-cau/hoi-nghi',
    title: msg`Điểm cầu của hội nghị`,
    load: () => import('./ConferenceSites.tsx').then((it) => it.ConferenceSites),
  },
  {
    path: '/cac-diem-cau/trieu-tap',
    title: msg`Triệu tập`,
    load: () => import('./Summons.tsx').then((it) => it.Summons),
  },
  {
    path: '/cac-diem-cau/danh-muc',
    title: msg`Danh mục điểm cầu`,
    load: () => import('./SiteRegister.tsx').then((it) => it.SiteRegister),
  },
  {
    path: '/cac-diem-cau/danh-muc/$site',
    title: msg`Điểm cầu`,
    load: () => import('./SitePage.tsx').then((it) => it.SitePage),
  },
]
