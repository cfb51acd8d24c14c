// The door of conferences on the web.
import { msg } from '@lingui/core/macro'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export { useConferenceParts } from './deskParts.tsx'
export { purposeWords, stateTones, stateWords } from './words.ts'

export const conferencesDesk: readonly DeskRoute[] = [
  {
    path: '/hoi-nghi',
    title: msg`Hội nghị`,
    load: () => import('./ConferenceList.tsx').then((it) => it.ConferenceList),
  },
  {
    path: '/hoi-nghi/moi',
    title: msg`Lập hội nghị`,
    load: () => import('./NewConference.tsx').then((it) => it.NewConference),
  },
  {
    path: '/hoi-nghi/$conference',
    title: msg`Hội nghị`,
    load: () => import('./ConferenceEditor.tsx').then((it) => it.ConferenceEditor),
  },
  {
    path: '/hoi-nghi/$conference/chuong-trinh',
    title: msg`Chương trình hội nghị`,
    load: () => import('./Programme.tsx').then((it) => it.Programme),
  },
]
