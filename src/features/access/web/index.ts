// The door of access for the pages.
import { msg } from '@lingui/core/macro'
import { lazy } from 'react'
import type { DeskRoute, LightRoute } from '../../../platform/web/routes.ts'

export { grantsHref } from './grantsHref.ts'

/** Signing in, setting up, entering by a link, the notice. */
export const accessJoin: readonly LightRoute[] = [
  { path: '/dang-nhap', title: msg`Đăng nhập`, load: () => import('./SignIn.tsx').then((m) => m.SignIn) },
  {
    path: '/dang-nhap/mat-khau/$token',
    title: msg`Đặt mật khẩu`,
    load: () => import('./ChoosePassword.tsx').then((m) => m.ChoosePassword),
  },
  { path: '/thiet-lap/$token', title: msg`Thiết lập lần đầu`, load: () => import('./SetUp.tsx').then((m) => m.SetUp) },
  { path: '/vao/$token', title: msg`Vào đợt học tập`, load: () => import('./Enter.tsx').then((m) => m.Enter) },
  {
    path: '/thong-bao-du-lieu',
    title: msg`Thông báo về dữ liệu`,
    load: () => import('./Notice.tsx').then((m) => m.NoticePage),
  },
]
/** Confirming herself and her own data; they stand beside the member's page. */
export const accessMember: readonly LightRoute[] = [
  { path: '/toi/xac-nhan', title: msg`Xác nhận`, load: () => import('./Confirm.tsx').then((m) => m.Confirm) },
  { path: '/toi/du-lieu', title: msg`Dữ liệu của tôi`, load: () => import('./MyData.tsx').then((m) => m.MyData) },
]
export const accessDesk: readonly DeskRoute[] = [
  { path: '/phan-quyen', title: msg`Phân quyền`, load: () => import('./Grants.tsx').then((m) => m.Grants) },
  { path: '/tai-khoan', title: msg`Tài khoản`, load: () => import('./Staff.tsx').then((m) => m.Staff) },
  { path: '/nhat-ky', title: msg`Nhật ký`, load: () => import('./Log.tsx').then((m) => m.Log) },
]

/** For the page of a person and of a cell; loaded when shown, so that light pages stay light. */
export const PersonAccess = lazy(async () => ({ default: (await import('./PersonAccess.tsx')).PersonAccess }))
export const FaceToFace = lazy(async () => ({ default: (await import('./PersonAccess.tsx')).FaceToFace }))
