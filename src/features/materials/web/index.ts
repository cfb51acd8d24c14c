// The door of materials for screens.
import { msg } from '@lingui/core/macro'
import { lazy } from 'react'
import type { DeskRoute } from '../../../platform/web/routes.ts'

/** `<MaterialsToRead conferenceId />`: what a member has to read. Loaded when shown, so that light pages stay light. */
export const MaterialsToRead = lazy(async () => ({ default: (await import('./MaterialsToRead.tsx')).MaterialsToRead }))

export const materialsDesk: readonly DeskRoute[] = [
  {
    path: '/hoi-nghi/$conference/tai-lieu',
    title: msg`Tài liệu của hội nghị`,
    load: () => import('./Materials.tsx').then((it) => it.Materials),
  },
]
