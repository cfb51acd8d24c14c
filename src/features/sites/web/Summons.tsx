import { Trans, useLingui } from '@lingui/react/macro'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  type Column,
  Count,
  CoverageBar,
  DataTable,
  ErrorSentence,
  PageHeading,
  Segments,
  useAddress,
  useGo,
  useOwnUnit,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { BringFile } from '../../organisation/web/index.ts'
import { summonsCounts } from '../contract.ts'
import { sitesHref, Trail, WithConference } from './conference.tsx'
import { Papers } from './Papers.tsx'
import { SummonedPeople } from './SummonedPeople.tsx'
import look from './sites.module.css'
import { saySeating } from './words.ts'

export type SummonsView = ValueOf<typeof summonsCounts>
type Row = SummonsView['rows'][number]

export function Summons() {
  return (
    <WithConference current="trieu-tap">
      {({ conferenceId, name }) => <OfConference key={conferenceId} conferenceId={conferenceId} name={name} />}
    </WithConference>
  )
}

function OfConference({ conferenceId, name }: { conferenceId: string; name: string }) {
  const { t } = useLingui()
  const [address, change] = useAddress()
  const own = useOwnUnit()
  const unitId = address['don-vi'] ?? own
  const { value, waiting, refused, again } = useAnswer(summonsCounts, { conferenceId, unitId })
  if (refused && !value) return <ErrorSentence refused={refused} words={saySeating} again={again} />
  if (waiting || !value) return <WaitingLines label={t`Đang đếm triệu tập`} lines={6} />
  const hrefOf = (unitId: string) => sitesHref('trieu-tap', conferenceId, unitId)
  const { total } = value
  const names = value.seesNames && address.xem === 'ten'
  const parts = [
    { key: 'sites', label: t`Đến điểm cầu`, count: total.atSites, look: '1' as const },
    {
      key: 'devices',
      label: value.ownDevice ? t`Dự trên thiết bị cá nhân` : t`Chưa ghi điểm cầu`,
      count: total.onDevices,
      look: 'gold' as const,
    },
    { key: 'without', label: t`Chưa được triệu tập`, count: total.without, look: 'hatch' as const },
  ].filter(({ key, count }) => count > 0 || key !== 'devices')
  return (
    <div className="stack" data-gap="l">
      <PageHeading
        over={value.trail.length > 1 ? <Trail trail={value.trail} hrefOf={hrefOf} /> : name}
        under={<Beside total={total} />}
        side={value.abilities.includes('confirmSeating') && <BringFile kind="trieu-tap" options={{ conferenceId }} />}
      >
        <Answer total={total} unitName={value.unit.name} />
      </PageHeading>
      <div className={look.split}>
        <div className="stack" data-gap="l">
          <CoverageBar
            parts={parts}
            total={total.inScope}
            base={t`người thuộc diện`}
            caption={t`Triệu tập người thuộc diện`}
          />
          {value.seesNames && (
            <Segments
              label={t`Xem theo`}
              value={names ? 'ten' : 'so'}
              onChange={(key) => change({ xem: key === 'ten' ? key : undefined, trang: undefined, tim: undefined })}
              tabs={[
                { key: 'so', label: t`Theo đơn vị` },
                { key: 'ten', label: t`Theo tên` },
              ]}
            />
          )}
          {names ? (
            <SummonedPeople conferenceId={conferenceId} view={value} />
          ) : (
            <ByUnit view={value} hrefOf={hrefOf} />
          )}
        </div>
        <aside className={look.next}>
          <Papers conferenceId={conferenceId} view={value} />
        </aside>
      </div>
    </div>
  )
}

function Answer({ total, unitName }: { total: SummonsView['total']; unitName: string }) {
  const summoned = formatCount(total.summoned)
  const inScope = formatCount(total.inScope)
  if (total.summoned === 0) return <Trans>Chưa triệu tập ai ở {unitName}</Trans>
  return (
    <Trans>
      Triệu tập {summoned} trên {inScope} người thuộc diện
    </Trans>
  )
}
function Beside({ total }: { total: SummonsView['total'] }) {
  const excused = formatCount(total.excused)
  const undeliverable = formatCount(total.undeliverable)
  const substitutes = formatCount(total.substitutes)
  return (
    <Trans>
      {excused} người xin vắng, {undeliverable} người chưa liên lạc được, {substitutes} người đi thay.
    </Trans>
  )
}

function ByUnit({ view, hrefOf }: { view: SummonsView; hrefOf: (unitId: string) => string }) {
  const { t } = useLingui()
  const go = useGo()
  const columns: Column<Row>[] = [
    {
      key: 'unit',
      header: t`Đơn vị`,
      onCard: 'title',
      cell: (row) =>
        row.own ? (
          <>
            {row.name}
            <div className="second small">
              <Trans>riêng phần cơ quan</Trans>
            </div>
          </>
        ) : (
          <a href={hrefOf(row.unitId)}>{row.name}</a>
        ),
    },
    { key: 'inScope', header: t`Thuộc diện`, number: true, cell: (row) => <Count value={row.inScope} /> },
    { key: 'summoned', header: t`Triệu tập`, number: true, cell: (row) => <Count value={row.summoned} /> },
    { key: 'atSites', header: t`Đến điểm cầu`, number: true, cell: (row) => <Count value={row.atSites} /> },
    { key: 'onDevices', header: t`Trên thiết bị`, number: true, cell: (row) => <Count value={row.onDevices} /> },
    { key: 'excused', header: t`Xin vắng`, number: true, cell: (row) => <Count value={row.excused} /> },
    {
      key: 'undeliverable',
      header: t`Chưa liên lạc được`,
      number: true,
      cell: (row) => <Count value={row.undeliverable} />,
    },
    { key: 'without', header: t`Chưa triệu tập`, number: true, cell: (row) => <Count value={row.without} /> },
  ]
  return (
    <DataTable
      label={t`Triệu tập theo đơn vị`}
      columns={columns}
      rows={view.rows}
      rowKey={(row) => `${row.unitId}${row.own}`}
      onOpen={(row) => !row.own && go(hrefOf(row.unitId))}
      empty={<Trans>Đơn vị này không có người thuộc diện.</Trans>}
    />
  )
}
