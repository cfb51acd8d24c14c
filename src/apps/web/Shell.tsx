import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { useRouterState } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { me as askMe, signOut as askSignOut, type RoomKey } from '../../features/access/contract.ts'
import { listCampaigns } from '../../features/campaigns/contract.ts'
import { pageFor } from '../../platform/pages.ts'
import { useAnswer } from '../../platform/web/answers.ts'
import { call } from '../../platform/web/client.ts'
import type { Words } from '../../platform/web/refusals.tsx'
import type { DeskRoute } from '../../platform/web/routes.ts'
import {
  AppShell,
  ErrorSentence,
  OwnUnitOf,
  PageHeading,
  useCampaign,
  useGo,
  WaitingLines,
} from '../../platform/web/ui/index.ts'

/** The word of each room in the bar; a room without one does not compile. */
const roomWords: Record<RoomKey, Words> = {
  control: msg`Phòng điều khiển`,
  moderation: msg`Điều hành phát biểu`,
  lectern: msg`Bục báo cáo`,
  desk: msg`Đợt học tập`,
  conferences: msg`Hội nghị`,
  sites: msg`Điểm cầu`,
  tally: msg`Quân số`,
  ledger: msg`Sổ cái`,
  makeups: msg`Học bù`,
  report: msg`Báo cáo`,
  tree: msg`Tổ chức`,
  people: msg`Đảng viên`,
  import: msg`Nhập tệp`,
  cell: msg`Chi bộ`,
  console: msg`Phiên điểm cầu`,
  member: msg`Trang của tôi`,
  grants: msg`Phân quyền`,
  staff: msg`Tài khoản`,
  log: msg`Nhật ký`,
}
const signInPath = '/dang-nhap'
export const signInAgain = () => {
  const here = location.pathname + location.search
  location.assign(here === '/' ? signInPath : `${signInPath}?ve=${encodeURIComponent(here)}`)
}

/** The frame of the desk, from who is at it: `access.me` says the rooms, in their order. */
export function Shell({ routes, children }: { routes: readonly DeskRoute[]; children: ReactNode }) {
  const { _ } = useLingui()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const { value: me, refused, waiting, again } = useAnswer(askMe, {}, { staleMs: 60_000 })
  const asked = useAnswer(listCampaigns, me?.kind === 'staff' ? {} : undefined, { staleMs: 60_000 })
  const campaigns = asked.value?.campaigns
  const [campaign, choose] = useCampaign()
  const go = useGo()

  const current = campaigns?.find(({ campaignId }) => campaignId === campaign)
  const known = campaigns && current !== undefined
  const first = campaigns?.[0]?.campaignId
  useEffect(() => {
    if (known === false && first !== undefined) choose(first)
  }, [known, first, choose])
  useEffect(() => {
    if (me?.kind === 'nobody' || me?.needsTotp) signInAgain()
  }, [me?.kind, me?.needsTotp])
  // «/» is nobody's own page: everyone goes to the first of her rooms.
  const home = me?.rooms.find((room) => isServed(room.path, routes))?.path
  useEffect(() => {
    if (path !== '/' || home === undefined) return
    if (pageFor(home) === 'index.html') go(home, { replace: true })
    else location.replace(home)
  }, [path, home, go])

  const nav = (me?.rooms ?? [])
    .filter((room) => isServed(room.path, routes))
    .map((room) => ({
      href: room.path,
      label: room.label === '' ? _(roomWords[room.key]) : room.label,
      current: path === room.path || path.startsWith(`${room.path}/`),
    }))
  const out = async () => {
    const answer = await call(askSignOut, {})
    if (answer.ok) location.assign(signInPath)
  }
  return (
    <AppShell
      nav={nav}
      person={me && me.name !== '' ? { name: me.name } : undefined}
      campaigns={(campaigns ?? []).map(({ campaignId, name }) => ({ key: campaignId, label: name }))}
      campaign={campaign}
      onCampaign={choose}
      demo={
        me?.demo ? (
          <a href={signInPath}>
            <Trans>Vào với vai khác</Trans>
          </a>
        ) : undefined
      }
      {...(me && me.kind !== 'nobody' ? { onSignOut: out } : {})}
    >
      {me === undefined || asked.waiting || (known === false && first !== undefined) ? (
        waiting || me ? (
          <WaitingLines label={_(msg`Đang mở`)} />
        ) : (
          <ErrorSentence refused={refused} again={again} />
        )
      ) : path !== '/' ? (
        <OwnUnitOf value={current?.partUnitId}>{children}</OwnUnitOf>
      ) : nav.length === 0 && me.kind !== 'nobody' ? (
        <PageHeading under={<Trans>Người quản trị đơn vị giao quyền xong thì các phòng làm việc hiện ở đây.</Trans>}>
          <Trans>Đồng chí chưa được giao việc nào</Trans>
        </PageHeading>
      ) : null}
    </AppShell>
  )
}

/** A room is shown once its screen exists, on the desk or as a light page of its own. */
const isServed = (room: string, routes: readonly DeskRoute[]): boolean =>
  pageFor(room) !== 'index.html' ||
  routes.some(({ path }) => {
    const [, first] = path.split('/')
    return first !== undefined && !first.startsWith('$') && room.split('/')[1] === first
  })
