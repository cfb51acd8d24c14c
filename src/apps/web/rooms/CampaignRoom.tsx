import { Trans, useLingui } from '@lingui/react/macro'
import { CampaignDesk, type CampaignView, type DeskParts } from '../../../features/campaigns/web/index.ts'
import { useConferenceParts } from '../../../features/conferences/web/index.ts'
import { type Ledger, ledger } from '../../../features/coverage/contract.ts'
import { getReport } from '../../../features/reports/contract.ts'
import { useSitesParts } from '../../../features/sites/web/index.ts'
import { formatCount, formatRatio } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import {
  type Column,
  Count,
  CoverageBar,
  DataTable,
  Figure,
  Section,
  ThinBar,
  useOwnUnit,
} from '../../../platform/web/ui/index.ts'

type Book = (typeof Ledger)['_zod']['output']
type Row = Book['unit']
const attended = (row: Row) => row.studiedAtSite + row.studiedOnDevice
const covered = (row: Row) => attended(row) + row.madeUp

/** The ledger of a campaign whose scope is fixed; before that there is nobody to count. */
const useLedger = (campaign: CampaignView) => {
  const where = useWhere(campaign)
  return useAnswer(ledger, campaign.scopeFixedAt ? where : undefined, { everyMs: 60_000 })
}
/** The whole campaign, or the reader's part of it. */
function useWhere({ campaignId }: CampaignView) {
  const unitId = useOwnUnit()
  return { campaignId: campaignId as never, ...(unitId ? { unitId: unitId as never } : {}) }
}

/** Make-ups and the report: the last two steps of the work. */
function useLastParts(campaign: CampaignView): DeskParts {
  const where = useWhere(campaign)
  const book = useLedger(campaign).value
  const report = useAnswer(getReport, book ? where : undefined, {
    staleMs: 60_000,
  }).value
  if (!book || covered(book.unit) + book.unit.booked === 0) return {}
  const { unit } = book
  const due = unit.inScope - attended(unit)
  const madeUp = formatCount(unit.madeUp)
  const left = formatCount(due)
  const last = report?.versions[0]
  const version = last?.version
  return {
    steps: [
      {
        key: 'makeups',
        label: <Trans>Học bù</Trans>,
        state: unit.booked + unit.notYet === 0 ? 'done' : 'now',
        words: <Trans>{madeUp} người đã học bù</Trans>,
        detail: <Trans>{left} người chưa dự hội nghị</Trans>,
        href: '/so-cai?xem=con-lai',
      },
      {
        key: 'report',
        label: <Trans>Báo cáo</Trans>,
        state: last ? (report.moved > 0 ? 'late' : 'done') : 'next',
        words: last ? (
          <Trans>Bản {version}</Trans>
        ) : report ? (
          <Trans>Chưa chốt</Trans>
        ) : (
          <Trans>Đang xem các bản</Trans>
        ),
        ...(last ? { when: formatMoment(new Date(last.at)) } : {}),
        ...(last && report.moved > 0 ? { detail: <Trans>Số đã đổi từ bản này</Trans> } : {}),
        href: '/bao-cao',
      },
    ],
  }
}

/** Later features add a line to each list; the order is that of the work. */
function useParts(campaign: CampaignView): DeskParts {
  const [conference, sites, last] = [useConferenceParts(campaign), useSitesParts(campaign), useLastParts(campaign)]
  const parts = [sites, conference, last]
  return {
    needs: parts.flatMap(({ needs = [] }) => needs),
    steps: parts.flatMap(({ steps = [] }) => steps),
    coming: parts.flatMap(({ coming = [] }) => coming),
  }
}

export const CampaignRoom = () => (
  <CampaignDesk useMore={useParts}>
    {(campaign) => campaign.scopeFixedAt && <Figures campaign={campaign} />}
  </CampaignDesk>
)

function Figures({ campaign }: { campaign: CampaignView }) {
  const book = useLedger(campaign).value
  return (
    <>
      <LedgerPanel book={book} />
      <Ratios unit={book?.unit} />
      {book && book.rows.length > 0 && <UnitsBelow book={book} />}
    </>
  )
}

function LedgerPanel({ book }: { book: Book | undefined }) {
  const { t } = useLingui()
  const unit = book?.unit
  const inScope = formatCount(unit?.inScope ?? 0)
  const left = formatCount(unit ? unit.booked + unit.notYet : 0)
  const at = book && formatMoment(new Date(book.at))
  const part = (key: string, label: string, count: number | undefined, look: '1' | '2' | '3' | 'gold' | 'empty') => ({
    key,
    label,
    count: count ?? 0,
    look,
    href: '/so-cai',
  })
  return (
    <Section
      title={
        book ? (
          <Trans>
            Sổ cái: còn {left} trên {inScope} người thuộc diện chưa học
          </Trans>
        ) : (
          <Trans>Sổ cái</Trans>
        )
      }
      aside={at && <Trans>Số liệu đến {at}</Trans>}
    >
      {book && (
        <CoverageBar
          caption={t`Mỗi người thuộc diện ở đúng một chỗ`}
          base={t`người thuộc diện`}
          total={unit?.inScope ?? 0}
          parts={[
            part('site', t`Học tại điểm cầu`, unit?.studiedAtSite, '1'),
            part('device', t`Học trên thiết bị cá nhân`, unit?.studiedOnDevice, '2'),
            part('madeUp', t`Học bù`, unit?.madeUp, '3'),
            part('booked', t`Đã xếp học bù`, unit?.booked, 'gold'),
            part('notYet', t`Chưa học`, unit?.notYet, 'empty'),
          ]}
        />
      )}
    </Section>
  )
}

/** Four ratios, each out of its own base; never added, never averaged. */
function Ratios({ unit }: { unit: Row | undefined }) {
  const { t } = useLingui()
  const came = unit && attended(unit)
  return (
    <Section
      title={<Trans>Bốn tỷ lệ, mỗi tỷ lệ một gốc</Trans>}
      aside={<Trans>Không cộng, không lấy trung bình</Trans>}
    >
      <div className="figures">
        <Figure
          label={t`Có mặt trong số được triệu tập`}
          n={came}
          d={unit?.summoned}
          base={t`người được triệu tập`}
          href="/so-cai"
        />
        <Figure
          label={t`Dự hội nghị trong số thuộc diện`}
          n={came}
          d={unit?.inScope}
          base={t`người thuộc diện`}
          href="/so-cai"
        />
        <Figure
          label={t`Học bù trong số chưa dự`}
          n={unit?.madeUp}
          d={unit && unit.inScope - attended(unit)}
          base={t`người chưa dự hội nghị`}
          href="/so-cai?xem=con-lai"
        />
        <Figure
          label={t`Đã học trong số thuộc diện`}
          n={unit && covered(unit)}
          d={unit?.inScope}
          base={t`người thuộc diện`}
          href="/so-cai"
        />
      </div>
    </Section>
  )
}

/** The units below in the order of their codes: who has how many still to reach. */
function UnitsBelow({ book }: { book: Book }) {
  const { t } = useLingui()
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Đơn vị`,
      onCard: 'title',
      cell: (row) => (row.own ? t`Sinh hoạt tại cơ quan` : <a href={`/so-cai?don-vi=${row.unitId}`}>{row.name}</a>),
    },
    { key: 'inScope', header: t`Thuộc diện`, number: true, cell: (row) => <Count value={row.inScope} /> },
    { key: 'attended', header: t`Đã dự`, number: true, cell: (row) => <Count value={attended(row)} /> },
    { key: 'madeUp', header: t`Học bù`, number: true, cell: (row) => <Count value={row.madeUp} /> },
    {
      key: 'share',
      header: t`Đã học trên thuộc diện`,
      number: true,
      cell: (row) => (
        <>
          <span className="num">{formatRatio({ n: covered(row), d: row.inScope })}</span>
          <ThinBar
            total={row.inScope}
            parts={[
              { count: covered(row), look: '1' },
              { count: row.booked, look: 'gold' },
            ]}
          />
        </>
      ),
    },
    { key: 'booked', header: t`Đã xếp học bù`, number: true, cell: (row) => <Count value={row.booked} /> },
    { key: 'notYet', header: t`Chưa học`, number: true, cell: (row) => <Count value={row.notYet} /> },
  ]
  const count = book.rows.filter(({ own }) => !own).length
  return (
    <Section title={<Trans>{count} đơn vị trực thuộc</Trans>} aside={<Trans>Xếp theo mã đơn vị</Trans>}>
      <DataTable
        label={t`Đơn vị trực thuộc`}
        columns={columns}
        rows={book.rows}
        rowKey={(row) => (row.own ? 'own' : row.unitId)}
        empty={<Trans>Không có đơn vị trực thuộc</Trans>}
      />
    </Section>
  )
}
