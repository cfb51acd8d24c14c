import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { fileHref, type ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  Card,
  type Column,
  ConfirmDialog,
  Count,
  CoverageBar,
  DataTable,
  ErrorSentence,
  Note,
  PageHeading,
  Section,
  say,
  ThinBar,
  useAddress,
  useGo,
  useOwnUnit,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { confirmSeating, proposeSeating, seating, seatingSheet } from '../contract.ts'
import { AddedSite } from './AddedSite.tsx'
import { sitesHref, Trail, WithConference } from './conference.tsx'
import { MoveSeats } from './MoveSeats.tsx'
import look from './sites.module.css'
import { sayConfirm, sayPropose, saySeating } from './words.ts'

export type SeatingView = ValueOf<typeof seating>
type Row = SeatingView['rows'][number]

export function Seating() {
  return (
    <WithConference current="">
      {({ conferenceId, name }) => <OfConference key={conferenceId} conferenceId={conferenceId} name={name} />}
    </WithConference>
  )
}

function OfConference({ conferenceId, name }: { conferenceId: string; name: string }) {
  const { t } = useLingui()
  const [address] = useAddress()
  const own = useOwnUnit()
  const unitId = address['don-vi'] ?? own
  const { value, waiting, refused, again } = useAnswer(seating, { conferenceId, unitId })
  if (refused && !value) return <ErrorSentence refused={refused} words={saySeating} again={again} />
  if (waiting || !value) return <WaitingLines label={t`Đang đếm chỗ ngồi`} lines={6} />
  return <View view={value} conferenceId={conferenceId} name={name} />
}

function View({ view, conferenceId, name }: { view: SeatingView; conferenceId: string; name: string }) {
  const { t } = useLingui()
  const go = useGo()
  const [moving, setMoving] = useState<Row>()
  const { totals, state } = view
  const hrefOf = (unitId: string) => sitesHref('', conferenceId, unitId)
  const mayPlan = view.abilities.includes('moveSeats')
  // A unit's own part beside its children is moved from within, not by a count over all of them.
  const mayMove = (row: Row) => mayPlan && state !== 'none' && row.inScope > 0 && (!row.own || view.rows.length === 1)
  const columns = useColumns({ hrefOf, mayMove, anyMove: mayPlan && state !== 'none', onMove: setMoving })
  const parts = [
    {
      key: 'summoned',
      label: t`Đã triệu tập đến điểm cầu`,
      count: totals.summoned - totals.onDevices,
      look: '1' as const,
    },
    { key: 'proposed', label: t`Dự kiến xếp, chờ xác nhận`, count: totals.proposed, look: '3' as const },
    { key: 'devices', label: t`Dự trên thiết bị cá nhân`, count: totals.onDevices, look: 'gold' as const },
    { key: 'left', label: t`Chưa có chỗ`, count: totals.left, look: 'hatch' as const },
  ].filter(({ key, count }) => count > 0 || key === 'left')
  return (
    <div className="stack" data-gap="l">
      <PageHeading
        over={view.trail.length > 1 ? <Trail trail={view.trail} hrefOf={hrefOf} /> : name}
        under={<StateWords view={view} />}
        side={
          state !== 'none' && (
            <ButtonLink href={fileHref(seatingSheet, { conferenceId, unitId: view.unit.unitId })} download>
              <Trans>Tải bảng xếp chỗ</Trans>
            </ButtonLink>
          )
        }
      >
        <Answer view={view} />
      </PageHeading>
      <div className={look.split}>
        <div className={look.next}>
          <Next view={view} conferenceId={conferenceId} />
        </div>
        <div className={`stack ${look.main}`} data-gap="l">
          <CoverageBar
            parts={parts}
            total={totals.inScope}
            base={t`người thuộc diện`}
            caption={t`Chỗ ngồi của người thuộc diện`}
          />
          <Section title={<Trans>Theo đơn vị</Trans>}>
            <DataTable
              label={t`Chỗ ngồi theo đơn vị`}
              columns={columns}
              rows={view.rows}
              rowKey={(row) => `${row.unitId}${row.own}`}
              onOpen={(row) => !row.own && row.children > 0 && go(hrefOf(row.unitId))}
              empty={<Trans>Đơn vị này không có người thuộc diện.</Trans>}
            />
          </Section>
        </div>
        <aside className={look.side}>
          {totals.left > 0 && state !== 'none' && <Short view={view} hrefOf={hrefOf} />}
          {totals.left > 0 && mayPlan && state !== 'none' && <AddedSite conferenceId={conferenceId} view={view} />}
          <SeatOrder order={view.order} />
        </aside>
      </div>
      {moving && <MoveSeats conferenceId={conferenceId} row={moving} onClose={() => setMoving(undefined)} />}
    </div>
  )
}

function Answer({ view: { state, totals } }: { view: SeatingView }) {
  const seats = formatCount(totals.seats)
  const inScope = formatCount(totals.inScope)
  const sites = formatCount(totals.sites)
  const seated = formatCount(totals.summoned + totals.proposed - totals.onDevices)
  const left = formatCount(totals.left)
  if (state === 'none')
    return (
      <Trans>
        {sites} điểm cầu có {seats} chỗ cho {inScope} người
      </Trans>
    )
  if (totals.left === 0) return <Trans>Cả {inScope} người đều có chỗ</Trans>
  return (
    <Trans>
      {seated} người có chỗ, {left} người chưa có
    </Trans>
  )
}
function StateWords({ view: { state, madeAt, confirmedAt, totals } }: { view: SeatingView }) {
  const made = madeAt ? formatMoment(new Date(madeAt)) : ''
  const confirmed = confirmedAt ? formatMoment(new Date(confirmedAt)) : ''
  const free = formatCount(totals.free)
  if (state === 'none') return <Trans>Chưa lập phương án xếp chỗ.</Trans>
  if (state === 'proposed')
    return (
      <Trans>
        Phương án lập lúc {made}, chưa gửi triệu tập. Còn {free} chỗ trống.
      </Trans>
    )
  return (
    <Trans>
      Đã triệu tập lúc {confirmed}. Còn {free} chỗ trống.
    </Trans>
  )
}

function useColumns({
  hrefOf,
  mayMove,
  anyMove,
  onMove,
}: {
  hrefOf: (unitId: string) => string
  mayMove: (row: Row) => boolean
  anyMove: boolean
  onMove: (row: Row) => void
}): Column<Row>[] {
  const { t } = useLingui()
  return [
    {
      key: 'unit',
      header: t`Đơn vị`,
      onCard: 'title',
      cell: (row) =>
        row.own ? (
          <OwnName name={row.name} />
        ) : row.children > 0 ? (
          <a href={hrefOf(row.unitId)}>{row.name}</a>
        ) : (
          row.name
        ),
    },
    { key: 'inScope', header: t`Thuộc diện`, number: true, cell: (row) => <Count value={row.inScope} /> },
    {
      key: 'seats',
      header: t`Chỗ trong đơn vị`,
      number: true,
      cell: (row) => (row.sites === 0 ? <span className="second">–</span> : <Count value={row.seats} />),
    },
    {
      key: 'seated',
      header: t`Có chỗ`,
      number: true,
      cell: (row) => (
        <>
          <Count value={row.seated} />
          <ThinBar
            total={row.inScope}
            parts={[
              { count: row.seated, look: '1' },
              { count: row.onDevices, look: 'gold' },
              { count: row.left, look: 'hatch' },
            ]}
          />
        </>
      ),
    },
    { key: 'devices', header: t`Trên thiết bị`, number: true, cell: (row) => <Count value={row.onDevices} /> },
    { key: 'left', header: t`Chưa có chỗ`, number: true, cell: (row) => <Count value={row.left} /> },
    {
      key: 'at',
      header: t`Ngồi ở`,
      onCard: 'line',
      cell: (row) => <SittingAt row={row} />,
    },
    ...(anyMove
      ? [
          {
            key: 'move',
            header: t`Chuyển`,
            cell: (row: Row) =>
              mayMove(row) ? (
                <Button small onClick={() => onMove(row)} aria-label={t`Chuyển chỗ: ${row.name}`}>
                  <Trans>Chuyển</Trans>
                </Button>
              ) : null,
          },
        ]
      : []),
  ]
}
const OwnName = ({ name }: { name: string }) => (
  <>
    {name}
    <div className="second small">
      <Trans>riêng phần cơ quan</Trans>
    </div>
  </>
)
/** «21 người → Hội trường xã»: the name of the site, then how many. */
function SittingAt({ row }: { row: Row }) {
  const inside = formatCount(row.inside?.count ?? 0)
  const sites = formatCount(row.inside?.sites ?? 0)
  const others = formatCount(row.others)
  return (
    <ul className={`${look.at} small`}>
      {row.inside && (
        <li>
          <Trans>
            <span className="num">{inside}</span> → {sites} điểm cầu của đơn vị
          </Trans>
        </li>
      )}
      {row.at.map(({ siteId, name, count }) => (
        <li key={siteId}>
          <span className="num">{formatCount(count)}</span> → {name}
        </li>
      ))}
      {row.others > 0 && (
        <li className="second">
          <Trans>và {others} người ở điểm cầu khác</Trans>
        </li>
      )}
    </ul>
  )
}

/** The one thing to do now. */
function Next({ view, conferenceId }: { view: SeatingView; conferenceId: string }) {
  const [asking, setAsking] = useState<'propose' | 'confirm'>()
  const propose = useOperation(proposeSeating, { done: () => setAsking(undefined) })
  const confirm = useOperation(confirmSeating, {
    done: ({ summoned }) => {
      setAsking(undefined)
      say(<Summoned count={summoned} />)
    },
  })
  const { totals, state } = view
  const proposed = formatCount(totals.proposed)
  if (!view.abilities.includes('proposeSeating')) return null
  const seated = totals.summoned + totals.proposed - totals.onDevices
  return (
    <Card now>
      <div className="stack">
        <div>
          <div className="second">
            <Trans>Xếp được</Trans>
          </div>
          <div className={`${look.big} num`}>{formatCount(seated)}</div>
          <div className="second">
            <OutOf count={totals.inScope} />
          </div>
        </div>
        <dl className={look.facts}>
          <Fact name={<Trans>Điểm cầu</Trans>} count={totals.sites} />
          <Fact name={<Trans>Tổng số chỗ</Trans>} count={totals.seats} />
          <Fact name={<Trans>Còn trống</Trans>} count={totals.free} />
          <Fact name={<Trans>Chưa có chỗ</Trans>} count={totals.left} />
        </dl>
        {totals.proposed > 0 && (
          <Button look="go" wide doing={confirm.doing} onClick={() => setAsking('confirm')}>
            <Trans>Triệu tập {proposed} người</Trans>
          </Button>
        )}
        {state === 'confirmed' && totals.proposed === 0 && (
          <ButtonLink look="go" wide href={sitesHref('trieu-tap', conferenceId)}>
            <Trans>Sang giấy triệu tập</Trans>
          </ButtonLink>
        )}
        {(state !== 'confirmed' || (totals.free > 0 && totals.left > 0)) && (
          <Button
            look={state === 'none' ? 'go' : 'plain'}
            wide
            doing={propose.doing}
            onClick={() => (state === 'none' ? void propose.run({ conferenceId }) : setAsking('propose'))}
          >
            {state === 'none' ? (
              <Trans>Lập phương án xếp chỗ</Trans>
            ) : state === 'proposed' ? (
              <Trans>Lập lại phương án</Trans>
            ) : (
              <Trans>Xếp thêm người chưa có chỗ</Trans>
            )}
          </Button>
        )}
        <ErrorSentence refused={propose.refused} words={sayPropose} />
      </div>
      <ConfirmDialog
        open={asking === 'propose'}
        title={<Trans>Lập lại phương án</Trans>}
        verb={<Trans>Lập lại phương án</Trans>}
        doing={propose.doing}
        onClose={() => setAsking(undefined)}
        onConfirm={() => void propose.run({ conferenceId })}
      >
        <Trans>Phương án chưa xác nhận sẽ được thay. Người đã có triệu tập giữ nguyên chỗ.</Trans>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'confirm'}
        title={<Trans>Triệu tập {proposed} người</Trans>}
        verb={<Trans>Triệu tập</Trans>}
        doing={confirm.doing}
        onClose={() => setAsking(undefined)}
        onConfirm={() => void confirm.run({ conferenceId })}
      >
        <p>
          <Trans>Mỗi người có một triệu tập kèm mã vào cửa. Sau đó vẫn chuyển chỗ, thay người được.</Trans>
        </p>
        <ErrorSentence refused={confirm.refused} words={sayConfirm} />
      </ConfirmDialog>
    </Card>
  )
}
const Fact = ({ name, count }: { name: ReactNode; count: number }) => (
  <div>
    <dt>{name}</dt>
    <dd className="num">{formatCount(count)}</dd>
  </div>
)
function OutOf({ count }: { count: number }) {
  const all = formatCount(count)
  return <Trans>trên {all} người thuộc diện</Trans>
}
function Summoned({ count }: { count: number }) {
  const all = formatCount(count)
  return <Trans>Đã triệu tập {all} người</Trans>
}

function Short({ view, hrefOf }: { view: SeatingView; hrefOf: (unitId: string) => string }) {
  return (
    <Section title={<Trans>Nơi thiếu chỗ nhất</Trans>}>
      <ul className={look.list}>
        {view.short.map(({ unitId, name, left }) => (
          <li key={unitId}>
            <a href={hrefOf(unitId)}>{name}</a>
            <span className="num nb">{formatCount(left)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** The order is published in words, wherever seats are given out. */
function SeatOrder({ order }: { order: SeatingView['order'] }) {
  const positions = order.positionOrder.join(', ')
  return (
    <Section title={<Trans>Ai được xếp trước</Trans>}>
      <Note tone="still">
        <ol className={look.order}>
          {order.seatOrder.map((criterion) => (
            <li key={criterion}>
              {criterion === 'position' ? (
                <Trans>Theo chức vụ: {positions}, chức vụ khác, rồi người không giữ chức vụ.</Trans>
              ) : criterion === 'evenly' ? (
                <Trans>Lần lượt mỗi chi bộ một người.</Trans>
              ) : (
                <Trans>Theo mã số.</Trans>
              )}
            </li>
          ))}
        </ol>
        <p>
          <Trans>
            Mỗi người ngồi ở điểm cầu gần nhất còn chỗ; hết chỗ thì lên điểm cầu cấp trên. Không xét tuổi hay giới tính.
          </Trans>
        </p>
      </Note>
    </Section>
  )
}
