// The door: the tree, the people, the files that bring both; and the tree as a source for anyone's picker.
import { msg } from '@lingui/core/macro'
import { lazy } from 'react'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export { unitSource } from './unitSource.ts'
/** For later features: a button that brings a file of theirs. */
export const BringFile = lazy(async () => ({ default: (await import('./BringFile.tsx')).BringFile }))

export const organisationDesk: readonly DeskRoute[] = [
  { path: '/to-chuc', title: msg`Tổ chức`, load: () => import('./Organisation.tsx').then((m) => m.Organisation) },
  { path: '/dang-vien', title: msg`Đảng viên`, load: () => import('./People.tsx').then((m) => m.People) },
  { path: '/nhap-tep', title: msg`Nhập tệp`, load: () => import('./Imports.tsx').then((m) => m.Imports) },
  { path: '/nhap-tep/$run', title: msg`Xem trước tệp`, load: () => import('./ImportRun.tsx').then((m) => m.ImportRun) },
]
