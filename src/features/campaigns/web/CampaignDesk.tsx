import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { formatCount, formatRatio } from '../../../kernel/figure.ts'
import { dayOf, formatClock, formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import {
  ButtonLink,
  ErrorSentence,
  Facts,
  PageHeading,
  Section,
  type Step,
  Steps,
  useCampaign,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { getCampaign, proposeRollChanges } from '../contract.ts'
import css from './CampaignDesk.module.css'
import { type CampaignView, metricWords } from './words.ts'

/** One thing somebody has to do now: the fact, its base, its deadline and one verb. */
export type Need = {
  key: string
  what: ReactNode
  fact?: ReactNode
  due?: ReactNode
  verb: ReactNode
  href: string
}
export type Coming = { key: string; at: Date; what: ReactNode; href?: string | undefined }
/** What later features add to the desk. Needs come worst first; steps in the order of the work. */
export type DeskParts = {
  needs?: readonly Need[]
  steps?: readonly Step[]
  coming?: readonly Coming[]
}
type Props = {
  /** A hook of the app: asks the later features about this campaign. */
  useMore?: (campaign: CampaignView) => DeskParts
  /** Panels under the steps: ledger, ratios, sites, units. */
  children?: (campaign: CampaignView) => ReactNode
}
const useNothing = (): DeskParts => ({})
const mostNeeds = 5

/** The organiser's two minutes at half past seven: what to do first, where the campaign is, whether the figures stand. */
export function CampaignDesk(props: Props) {
  const { t } = useWords()
  const [campaignId] = useCampaign()
  const { value, refused, again } = useAnswer(getCampaign, campaignId ? { campaignId } : undefined, {
    everyMs: 60_000,
  })
  if (refused?.refused === 'notFound' || (!campaignId && !value)) return <NoCampaign />
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (!value) return <WaitingLines lines={8} label={t`Đang mở bàn điều phối`} />
  return <Desk key={value.campaignId} campaign={value} {...props} />
}

function NoCampaign() {
  return (
    <PageHeading
      under={<Trans>Đợt học tập là khung chung: ai thuộc diện, học ngày nào, đến hạn nào báo cáo.</Trans>}
      side={
        <>
          <ButtonLink look="go" href="/dot/moi">
            <Trans>Lập đợt học tập</Trans>
          </ButtonLink>
          <ButtonLink href="/dot/tat-ca">
            <Trans>Xem các đợt</Trans>
          </ButtonLink>
        </>
      }
    >
      <Trans>Chưa có đợt học tập nào</Trans>
    </PageHeading>
  )
}

function Desk({ campaign, useMore = useNothing, children }: Props & { campaign: CampaignView }) {
  const { t, i18n } = useWords()
  const more = useMore(campaign)
  const own = useOwnParts(campaign)
  const now = new Date()
  const needs = [...(own.needs ?? []), ...(more.needs ?? [])].slice(0, mostNeeds)
  const coming = [...(own.coming ?? []), ...(more.coming ?? [])].sort((one, other) => +one.at - +other.at)
  const next = coming.find(({ at }) => at > now)
  const weekday = new Intl.DateTimeFormat(i18n.locale === 'en' ? 'en-GB' : 'vi', {
    weekday: 'long',
    timeZone: 'Asia/Ho_Chi_Minh',
  }).format(now)
  const today = `${weekday}, ${formatDay(now)}`
  return (
    <>
      <PageHeading
        over={campaign.theme || campaign.scopeUnit.name}
        under={
          <span>
            <strong>{today}.</strong>{' '}
            {next && (
              <Trans>
                Còn {daysBetween(now, next.at)} ngày đến: {next.what}
              </Trans>
            )}
          </span>
        }
        side={
          campaign.abilities.includes('updateCampaign') && (
            <ButtonLink small href="/dot/sua">
              <Trans>Sửa đợt học tập</Trans>
            </ButtonLink>
          )
        }
      >
        {campaign.name}
      </PageHeading>
      <div className={css.top}>
        <Section
          title={<Trans>Việc cần đồng chí</Trans>}
          aside={needs.length > 0 && <Trans>{needs.length} việc, gấp nhất ở trên</Trans>}
        >
          <Needs needs={needs} />
        </Section>
        <Section title={<Trans>Sắp tới</Trans>}>
          <ComingUp coming={coming} now={now} />
        </Section>
      </div>
      <Section
        title={<Trans>Đợt học tập đang ở đâu</Trans>}
        aside={<Trans>Bấm một bước để mở phòng làm việc của bước đó</Trans>}
      >
        <Steps label={t`Các bước của đợt học tập`} steps={[...(own.steps ?? []), ...(more.steps ?? [])]} />
      </Section>
      {children?.(campaign)}
      <Targets campaign={campaign} />
      <Section
        title={<Trans>Quy tắc tính có mặt</Trans>}
        aside={
          <a href="/dot/quy-tac">
            <Trans>Bản {campaign.policy.version}, xem các bản</Trans>
          </a>
        }
      >
        <ul className={css.rules} lang="vi">
          {campaign.policy.words.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Section>
      <div className={`${css.foot} second small`}>
        <a href="/dot/tat-ca">
          <Trans>Các đợt học tập khác</Trans>
        </a>
        <span>
          <Trans>Mỗi con số mở ra danh sách của nó</Trans>
        </span>
      </div>
    </>
  )
}

function Needs({ needs }: { needs: readonly Need[] }) {
  if (needs.length === 0)
    return (
      <p className="second">
        <Trans>Lúc này không có việc gấp.</Trans>
      </p>
    )
  return (
    <ol className={css.jobs}>
      {needs.map((need, at) => (
        <li key={need.key}>
          <div>
            <div className={css.job}>
              <span className={css.what}>{need.what}</span>
              {need.due && <span className="second small num">{need.due}</span>}
            </div>
            {need.fact && <div className="second small">{need.fact}</div>}
          </div>
          <ButtonLink look={at === 0 ? 'go' : 'plain'} href={need.href}>
            {need.verb}
          </ButtonLink>
        </li>
      ))}
    </ol>
  )
}

function ComingUp({ coming, now }: { coming: readonly Coming[]; now: Date }) {
  const shown = coming.filter(({ at }) => daysBetween(at, now) <= 7).slice(0, 9)
  if (shown.length === 0)
    return (
      <p className="second">
        <Trans>Chưa có hạn nào phía trước.</Trans>
      </p>
    )
  return (
    <ol className={css.coming}>
      {shown.map(({ key, at, what, href }) => (
        <li key={key} data-past={at < now ? '' : undefined}>
          <span className={`${css.when} num`}>
            {dayOf(at) === dayOf(now) ? formatClock(at) : formatDay(at)}
            {at < now && (
              <span className="sr">
                {' '}
                <Trans>đã qua</Trans>
              </span>
            )}
          </span>
          <span>{href ? <a href={href}>{what}</a> : what}</span>
        </li>
      ))}
    </ol>
  )
}
/** Calendar days in Vietnam from one moment to another. */
const daysBetween = (from: Date, to: Date): number =>
  Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / 86_400_000)

/** What this feature itself knows: the roll and the deadlines. */
function useOwnParts(campaign: CampaignView): DeskParts {
  const fixed = campaign.scopeFixedAt !== undefined
  const { value: proposal } = useAnswer(
    proposeRollChanges,
    fixed && campaign.abilities.includes('confirmRollChanges') ? { campaignId: campaign.campaignId } : undefined,
    { staleMs: 300_000 },
  )
  const changes = Object.values(proposal?.totals ?? {}).reduce((sum, count) => sum + count, 0)
  const scope = campaign.scopeUnit.name
  const needs: Need[] = []
  if (!fixed && campaign.abilities.includes('fixScope'))
    needs.push({
      key: 'fix',
      what: <Trans>Danh sách thuộc diện chưa chốt</Trans>,
      fact: <Trans>Mọi con số của đợt tính trên danh sách này: đảng viên của {scope} và các đơn vị bên dưới.</Trans>,
      verb: <Trans>Xem và chốt</Trans>,
      href: '/dot/danh-sach',
    })
  if (changes > 0)
    needs.push({
      key: 'roll',
      what: <Trans>Danh sách lệch {formatCount(changes)} người so với sổ đảng viên</Trans>,
      fact: <Trans>Chuyển đi, chuyển đến, được miễn từ lúc chốt. Chưa xác nhận thì chưa tính.</Trans>,
      verb: <Trans>Xem thay đổi</Trans>,
      href: '/dot/danh-sach',
    })
  const inScope = campaign.roll && formatCount(campaign.roll.inScope)
  return {
    needs,
    steps: [
      {
        key: 'scope',
        label: <Trans>Danh sách</Trans>,
        state: fixed ? 'done' : 'now',
        words: fixed ? <Trans>Đã chốt</Trans> : <Trans>Chưa chốt</Trans>,
        when: campaign.scopeFixedAt && formatDay(new Date(campaign.scopeFixedAt)),
        detail: inScope && (
          <Trans>
            <strong className="num">{inScope}</strong> người thuộc diện
          </Trans>
        ),
        href: '/dot/danh-sach',
      },
    ],
    coming: campaign.deadlines.map(({ deadlineId, what, at }) => ({ key: deadlineId, what, at: new Date(at) })),
  }
}

function Targets({ campaign }: { campaign: CampaignView }) {
  const { _ } = useLingui()
  if (campaign.targets.length === 0) return null
  return (
    <Section title={<Trans>Chỉ tiêu</Trans>} aside={<Trans>Đợt này phấn đấu đạt</Trans>}>
      <Facts
        facts={campaign.targets.map(({ metric, n, d }) => {
          const least = formatRatio({ n, d })
          return [
            _(metricWords[metric]),
            <Trans key={metric}>
              ít nhất <strong className="num">{least}</strong>
            </Trans>,
          ]
        })}
      />
    </Section>
  )
}
