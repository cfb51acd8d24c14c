import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useMemo } from 'react'
import { formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  ErrorSentence,
  Note,
  PageHeading,
  SelectField,
  useAddress,
  useCampaign,
  useOwnUnit,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { listConferences } from '../../conferences/contract.ts'
import look from './sites.module.css'

type Line = ValueOf<typeof listConferences>['rows'][number]

/** A screen of sites with its conference and, if wanted, a unit. */
export const sitesHref = (screen: '' | 'hoi-nghi' | 'trieu-tap', conferenceId: string, unitId?: string) =>
  `/cac-diem-cau${screen && `/${screen}`}?hoi-nghi=${conferenceId}${unitId ? `&don-vi=${unitId}` : ''}`

/** The conference in the address, else the first study conference that is not over. */
function useConference() {
  const [campaignId] = useCampaign()
  const [address, change] = useAddress()
  const { value, waiting, refused, again } = useAnswer(listConferences, campaignId && { campaignId, size: 200 })
  const rows = value?.rows
  const chosen = useMemo(
    () =>
      rows?.find(({ conferenceId }) => conferenceId === address['hoi-nghi']) ??
      rows?.find(({ purpose, state, parentId }) => purpose === 'study' && state !== 'closed' && !parentId) ??
      rows?.find(({ purpose }) => purpose === 'study') ??
      rows?.[0],
    [rows, address['hoi-nghi']],
  )
  const choose = (conferenceId: string) =>
    change({ 'hoi-nghi': conferenceId, 'don-vi': undefined, trang: undefined }, { push: true })
  return { campaignId, rows, chosen, choose, waiting, refused, again }
}

/** The four screens of a conference's sites, and the conference they speak of. */
export function WithConference({
  current,
  children,
}: {
  current: '' | 'hoi-nghi' | 'trieu-tap'
  children: (conference: Line) => ReactNode
}) {
  const { t } = useLingui()
  const { campaignId, rows, chosen, choose, waiting, refused, again } = useConference()
  if (refused) return <ErrorSentence refused={refused} again={again} />
  if (campaignId === undefined)
    return (
      <PageHeading under={<Trans>Chọn đợt học tập ở thanh trên cùng.</Trans>}>
        <Trans>Chưa chọn đợt học tập</Trans>
      </PageHeading>
    )
  if (waiting || !rows) return <WaitingLines label={t`Đang lấy các hội nghị`} />
  if (!chosen)
    return (
      <PageHeading under={<a href="/hoi-nghi/moi">{t`Lập hội nghị đầu tiên`}</a>}>
        <Trans>Đợt này chưa có hội nghị</Trans>
      </PageHeading>
    )
  return (
    <>
      <SitesNav current={current} conferenceId={chosen.conferenceId}>
        {rows.length > 1 && (
          <div className={look.chooser}>
            <SelectField
              label={t`Hội nghị`}
              value={chosen.conferenceId}
              onChange={(event) => choose(event.currentTarget.value)}
              options={rows.map((row) => ({
                value: row.conferenceId,
                label: row.startsAt ? `${row.name}, ${formatDay(new Date(row.startsAt))}` : row.name,
              }))}
            />
          </div>
        )}
      </SitesNav>
      {chosen.classified ? (
        <Note tone="wait">
          <Trans>Hội nghị có nội dung mật: không mở điểm cầu trên mạng, chỉ dùng mẫu giấy.</Trans>
        </Note>
      ) : (
        children(chosen)
      )}
    </>
  )
}

export function SitesNav({
  current,
  conferenceId,
  children,
}: {
  current: '' | 'hoi-nghi' | 'trieu-tap' | 'danh-muc'
  conferenceId?: string
  children?: ReactNode
}) {
  const { t } = useLingui()
  const href = (screen: '' | 'hoi-nghi' | 'trieu-tap') =>
    conferenceId ? sitesHref(screen, conferenceId) : `/cac-diem-cau${screen && `/${screen}`}`
  const items = [
    ['', href(''), t`Xếp chỗ`],
    ['hoi-nghi', href('hoi-nghi'), t`Các điểm cầu`],
    ['trieu-tap', href('trieu-tap'), t`Triệu tập`],
    ['danh-muc', '/cac-diem-cau/danh-muc', t`Danh mục`],
  ] as const
  return (
    <div className={look.nav}>
      <nav aria-label={t`Điểm cầu`}>
        <ul>
          {items.map(([key, to, label]) => (
            <li key={key}>
              <a href={to} aria-current={key === current ? 'page' : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  )
}

/** From the conference's unit down to the one above this. */
export function Trail({
  trail,
  hrefOf,
}: {
  trail: readonly { unitId: string; name: string }[]
  hrefOf: (unitId: string) => string
}) {
  const { t } = useLingui()
  const own = useOwnUnit()
  const above = trail.slice(0, -1)
  // Above her own unit there is nothing she may open.
  const from = trail.findIndex(({ unitId }) => unitId === own)
  if (above.length === 0) return null
  return (
    <nav className={look.trail} aria-label={t`Cấp trên`}>
      {above.map(({ unitId, name }, at) => (
        <span key={unitId}>{at < from ? name : <a href={hrefOf(unitId)}>{name}</a>} ›</span>
      ))}
    </nav>
  )
}
