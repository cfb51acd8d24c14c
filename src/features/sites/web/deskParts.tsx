import { Trans } from '@lingui/react/macro'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { useOwnUnit } from '../../../platform/web/ui/index.ts'
import type { CampaignView, DeskParts, Need } from '../../campaigns/web/index.ts'
import { listConferences } from '../../conferences/contract.ts'
import { listConferenceSites, seating } from '../contract.ts'
import { sitesHref } from './conference.tsx'

/** What the campaign's desk says of rooms and seats: the steps, who is still without a seat, which site has not reported. */
export function useSitesParts(campaign: Pick<CampaignView, 'campaignId'>): DeskParts {
  const unitId = useOwnUnit()
  const conferences = useAnswer(listConferences, { campaignId: campaign.campaignId, purposes: ['study'], size: 50 })
  const main =
    conferences.value?.rows.find(({ parentId, state }) => !parentId && state !== 'closed') ?? conferences.value?.rows[0]
  const conferenceId = main?.conferenceId
  const seats = useAnswer(seating, conferenceId && { conferenceId, unitId }, { staleMs: 30_000 }).value
  const sites = useAnswer(listConferenceSites, conferenceId && { conferenceId, unitId, size: 1 }, {
    staleMs: 30_000,
  }).value
  if (!main || !conferenceId || !sites || main.classified) return {}
  const done = main.state === 'live' || main.state === 'closed'
  const needs: Need[] = []
  const proposed = formatCount(seats?.totals.proposed ?? 0)
  const left = formatCount(seats?.totals.left ?? 0)
  const notReady = formatCount(sites.sites - sites.ready)
  if (!done && seats?.abilities.includes('confirmSeating')) {
    if (seats.state === 'none' && sites.sites > 0)
      needs.push({
        key: 'seating',
        what: <Trans>Chưa xếp chỗ cho hội nghị</Trans>,
        fact: main.name,
        verb: <Trans>Xếp chỗ</Trans>,
        href: sitesHref('', conferenceId),
      })
    else if (seats.totals.proposed > 0)
      needs.push({
        key: 'confirm',
        what: <Trans>{proposed} người chờ xác nhận chỗ ngồi</Trans>,
        fact: <Trans>Còn {left} người chưa có chỗ.</Trans>,
        verb: <Trans>Xem và triệu tập</Trans>,
        href: sitesHref('', conferenceId),
      })
    if (sites.sites > sites.ready && seats.state === 'confirmed')
      needs.push({
        key: 'ready',
        what: <Trans>{notReady} điểm cầu chưa báo sẵn sàng</Trans>,
        verb: <Trans>Xem các điểm cầu</Trans>,
        href: `${sitesHref('hoi-nghi', conferenceId)}&xem=notReady`,
      })
  }
  const all = formatCount(sites.sites)
  const ready = formatCount(sites.ready)
  const summoned = formatCount(seats?.totals.summoned ?? 0)
  return {
    needs,
    steps: [
      {
        key: 'sites',
        label: <Trans>Điểm cầu</Trans>,
        state: sites.sites > 0 && (done || sites.ready === sites.sites) ? 'done' : sites.sites > 0 ? 'now' : 'next',
        words: sites.sites === 0 ? <Trans>Chưa có</Trans> : <Trans>{all} điểm cầu</Trans>,
        detail: sites.sites > 0 && !done && <Trans>{ready} đã sẵn sàng</Trans>,
        href: sitesHref('hoi-nghi', conferenceId),
      },
      {
        key: 'summons',
        label: <Trans>Xếp chỗ, triệu tập</Trans>,
        state: seats?.state === 'confirmed' ? 'done' : seats?.state === 'proposed' ? 'now' : 'next',
        words:
          seats?.state === 'confirmed' ? (
            <Trans>{summoned} người</Trans>
          ) : seats?.state === 'proposed' ? (
            <Trans>Chờ xác nhận</Trans>
          ) : (
            <Trans>Chưa xếp</Trans>
          ),
        detail: seats && seats.state !== 'none' && seats.totals.left > 0 && <Trans>{left} người chưa có chỗ</Trans>,
        href: sitesHref('', conferenceId),
      },
    ],
  }
}
