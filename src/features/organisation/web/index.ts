// The door: the tree, the people, the files that bring both; and the tree as a source for anyone's picker.
import { msg } from '@lingui/core/macro'
import type { DeskRoute } from '../../../platform/web/routes.ts'

export { unitSource } from './unitSource.ts'

export const organisationDesk: readonly DeskRoute[] = [
  { path: '/to-chuc', title: msg`Tổ chức`, load: () => import('./Organisation.tsx').then((m) => m.Organisation) },
  { path: '/dang-vien', title: msg`Đảng viên`, load: () => import('./People.tsx').then((m) => m.People) },
  { path: '/nhap-tep', title: msg`Nhập tệp`, load: () => import('./Imports.tsx').then((m) => m.Imports) },
  { path: '/nhap-tep/$run', title: msg`Xem trước tệp`, load: () => import('./ImportRun.tsx').then((m) => m.ImportRun) },
]
