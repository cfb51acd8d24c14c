import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect } from 'react'
import { formatCount, formatRatio } from '../../../kernel/figure.ts'
import { fold } from '../../../kernel/fold.ts'
import { addMinutes, formatClock, formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import { useNow, useTopic } from '../../../platform/web/live.ts'
import {
  ButtonLink,
  type Column,
  DataTable,
  ErrorSentence,
  Figure,
  LiveLine,
  PageHeading,
  SearchField,
  Segments,
  SelectField,
  Status,
  useAddress,
  useCampaign,
  useGo,
  useOwnUnit,
  useTableAddress,
  Waiting,
} from '../../../platform/web/ui/index.ts'
import * as conferences from '../../conferences/contract.ts'
import * as contract from '../contract.ts'
import styles from './tally.module.css'

type Board = import('zod').z.output<typeof contract.Tally>
type Site = Board['sites'][number]
type Line = ValueOf<typeof conferences.listConferences>['rows'][number]

/** The board of a conference: by site or by unit, live. Opens at the conference that is on, else the nearest. */
export function Tally({ conference }: { conference?: string }) {
  const [campaignId] = useCampaign()
  const go = useGo()
  const { value, refused, again } = useAnswer(
    conferences.listConferences,
    // Make-ups are opened from their own screen: a campaign has hundreds of them.
    campaignId && { campaignId: campaignId as never, purposes: boarded, size: 200 },
  )
  const rows = value?.rows.filter(({ state, classified }) => state !== 'draft' && !classified)
  useEffect(() => {
    const best = rows && nearest(rows)
    if (!conference && best) go(`/quan-so/${best.conferenceId}`, { replace: true })
  }, [conference, rows, go])
  if (!conference)
    return (
      <>
        <PageHeading>
          {rows?.length === 0 ? <Trans>Chưa có hội nghị nào mở</Trans> : <Waiting width="60%" />}
        </PageHeading>
        <ErrorSentence refused={refused} again={again} />
        {rows?.length === 0 && (
          <p>
            <Trans>Quân số hiện ở đây từ lúc hội nghị được duyệt và có mốc điểm danh.</Trans>
          </p>
        )}
      </>
    )
  return <Opened key={conference} conferenceId={conference} rows={rows} />
}
const boarded = conferences.purposes.filter((purpose) => purpose !== 'makeup')
/** The study conference that is on or open, else the latest one; another kind only where nobody studies. */
const nearest = (rows: readonly Line[]) => {
  const rank = ({ state, purpose }: Line) =>
    (purpose === 'study' ? 0 : 3) + (state === 'live' ? 0 : state === 'open' ? 1 : 2)
  return [...rows].sort(
    (one, other) => rank(one) - rank(other) || (other.startsAt ?? '').localeCompare(one.startsAt ?? ''),
  )[0]
}

type Shown = Pick<Line, 'name' | 'state' | 'purpose' | 'unit'>
type Choices = { conferenceId: string; conference: Shown; rows: readonly Line[] }
/** A make-up is not among the rows: it is asked for by itself. */
function Opened({ conferenceId, rows }: { conferenceId: string; rows: readonly Line[] | undefined }) {
  const own = useOwnUnit()
  const listed = rows?.find((row) => row.conferenceId === conferenceId)
  const alone = useAnswer(
    conferences.getConference,
    rows && !listed ? { conferenceId: conferenceId as never } : undefined,
  )
  const conference: Shown | undefined = listed ?? alone.value
  if (!conference)
    return (
      <>
        <PageHeading>
          <Waiting width="60%" />
        </PageHeading>
        <ErrorSentence refused={alone.refused} again={alone.again} />
      </>
    )
  const choices = { conferenceId, conference, rows: rows ?? [] }
  return own ? <PartOf {...choices} unitId={own} /> : <BoardOf {...choices} />
}

/** Whoever has a part of the campaign sees her own people, wherever they sit; the halls are their keepers'. */
function PartOf({ conferenceId, conference, rows, unitId }: Choices & { unitId: string }) {
  const { t } = useLingui()
  return (
    <>
      <PageHeading under={<Trans>Người của đơn vị đồng chí, dù ngồi ở điểm cầu nào.</Trans>}>
        {conference.name}
      </PageHeading>
      {rows.length > 1 && (
        <div className={styles.choices}>
          <ChooseConference label={t`Hội nghị`} conferenceId={conferenceId} rows={rows} />
        </div>
      )}
      <ByUnit conferenceId={conferenceId} rootId={unitId} checkpointId={undefined} />
    </>
  )
}
function ChooseConference({
  label,
  conferenceId,
  rows,
}: {
  label: string
  conferenceId: string
  rows: readonly Line[]
}) {
  const go = useGo()
  return (
    <SelectField
      label={label}
      value={conferenceId}
      onChange={(event) => go(`/quan-so/${event.target.value}`)}
      options={rows.map((row) => ({ value: row.conferenceId, label: row.name }))}
    />
  )
}

function BoardOf({ conferenceId, conference, rows }: Choices) {
  const { t } = useLingui()
  const [words, change] = useAddress()
  const points = useAnswer(contract.listCheckpoints, { conferenceId: conferenceId as never }, { everyMs: 60_000 })
  // What is over opens at its first checkpoint, where the halls counted heads.
  const over = conference.state === 'closed'
  const checkpointId = words.moc ?? (over ? points.value?.checkpoints[0]?.checkpointId : undefined)
  const live = useTopic(
    contract.tally,
    over && points.waiting
      ? undefined
      : {
          conferenceId: conferenceId as never,
          ...(checkpointId ? { checkpointId: checkpointId as never } : {}),
        },
  )
  const board = live.snapshot
  const by = words.theo === 'don-vi' ? 'don-vi' : 'diem-cau'
  const totals = board?.totals
  const point = board?.checkpoint
  const present = formatCount(totals?.present ?? 0)
  const summoned = formatCount(totals?.summoned ?? 0)
  return (
    <>
      <PageHeading
        over={point ? `${point.name} · ${formatClock(new Date(point.at))} ${formatDay(new Date(point.at))}` : undefined}
        under={<LiveLine view={live} />}
        side={
          <>
            <ButtonLink href={`/quan-so/${conferenceId}/moc`} look={board && !point ? 'go' : 'plain'}>
              <Trans>Các mốc</Trans>
            </ButtonLink>
            {point && (
              <ButtonLink href={`/quan-so/${conferenceId}/ma/${point.checkpointId}`}>
                <Trans>Chiếu mã của mốc</Trans>
              </ButtonLink>
            )}
          </>
        }
      >
        {board ? (
          point ? (
            <Trans>
              {present} người có mặt trên {summoned} được triệu tập
            </Trans>
          ) : (
            <Trans>Chưa có mốc điểm danh nào</Trans>
          )
        ) : (
          <Waiting width="60%" />
        )}
      </PageHeading>
      {live.refused && <ErrorSentence refused={live.refused} />}
      <div className={styles.choices}>
        {rows.some((row) => row.conferenceId !== conferenceId) && (
          <ChooseConference
            label={t`Hội nghị`}
            conferenceId={conferenceId}
            rows={
              rows.some((row) => row.conferenceId === conferenceId)
                ? rows
                : [{ ...conference, conferenceId } as Line, ...rows]
            }
          />
        )}
        {(points.value?.checkpoints.length ?? 0) > 1 && (
          <SelectField
            label={t`Mốc`}
            value={checkpointId ?? ''}
            onChange={(event) => change({ moc: event.target.value || undefined })}
            options={[
              ...(over ? [] : [{ value: '', label: t`Mốc đang diễn ra` }]),
              ...points.value!.checkpoints.map((one) => ({
                value: one.checkpointId as string,
                label: `${one.name} · ${formatClock(new Date(one.at))}`,
              })),
            ]}
          />
        )}
        <Segments
          label={t`Gộp theo`}
          value={by}
          onChange={(key) => change({ theo: key === 'don-vi' ? key : undefined, trang: undefined })}
          tabs={[
            { key: 'diem-cau', label: <Trans>Theo điểm cầu</Trans> },
            { key: 'don-vi', label: <Trans>Theo đơn vị</Trans> },
          ]}
        />
      </div>
      {totals && (
        <div className="figures">
          <Figure label={t`Có mặt`} n={totals.present} d={totals.summoned} base={t`được triệu tập`} bar />
          {conference.purpose !== 'makeup' && (
            <Figure label={t`Trong đó trên thiết bị`} n={totals.onDevices} d={totals.present} base={t`người có mặt`} />
          )}
          {totals.sites > 0 && (
            <Figure label={t`Điểm cầu đã gửi quân số`} n={totals.headcounts} d={totals.sites} base={t`điểm cầu`} bar />
          )}
        </div>
      )}
      {by === 'diem-cau' ? (
        <BySite board={board} conferenceId={conferenceId} over={over} />
      ) : (
        <ByUnit conferenceId={conferenceId} rootId={conference.unit.unitId} checkpointId={checkpointId} />
      )}
    </>
  )
}

/** By site: whoever stands in that hall, whatever her own unit. */
function BySite({ board, conferenceId, over }: { board: Board | undefined; conferenceId: string; over: boolean }) {
  const { t } = useLingui()
  const [words, change] = useAddress()
  const [table, setTable] = useTableAddress({ size: 50 })
  const now = useNow(15_000)
  const point = board?.checkpoint
  const due = point ? addMinutes(new Date(point.at), 15) : undefined
  const isLate = (site: Site) => !over && due !== undefined && now > due && site.headcount === undefined
  const all = board?.sites ?? []
  const which = words.loc ?? 'all'
  const filters: Record<string, (site: Site) => boolean> = {
    all: () => true,
    late: (site) => site.headcount === undefined,
    off: (site) => site.headcount !== undefined && site.headcount !== site.present,
    empty: (site) => site.present === 0,
    fault: (site) => site.interrupted,
  }
  const wanted = fold(words.tim ?? '')
  const found = all
    .filter(filters[which] ?? (() => true))
    .filter(({ code, name }) => fold(`${code} ${name}`).includes(wanted))
  const nameOf = new Map(all.map((site) => [site.siteId, site.name]))
  const columns: Column<Site>[] = [
    {
      key: 'name',
      header: t`Điểm cầu`,
      onCard: 'title',
      cell: (site) => (
        <>
          {site.name}
          <div className="second small">
            {site.code}
            {site.parentSiteId && nameOf.has(site.parentSiteId) && ` · ${t`thuộc ${nameOf.get(site.parentSiteId)!}`}`}
          </div>
        </>
      ),
    },
    { key: 'summoned', header: t`Triệu tập`, number: true, cell: (site) => formatCount(site.summoned) },
    { key: 'present', header: t`Có mặt theo danh sách`, number: true, cell: (site) => formatCount(site.present) },
    {
      key: 'share',
      header: t`Trên triệu tập`,
      number: true,
      cell: (site) => formatRatio({ n: site.present, d: site.summoned }),
    },
    {
      key: 'headcount',
      header: t`Quân số đã đếm`,
      number: true,
      cell: (site) => (site.headcount === undefined ? '–' : formatCount(site.headcount)),
    },
    {
      key: 'state',
      header: t`Tình hình`,
      onCard: 'line',
      cell: (site) => {
        const off = (site.headcount ?? 0) - site.present
        const count = formatCount(Math.abs(off))
        if (site.interrupted)
          return (
            <Status tone="bad">
              <Trans>đang có sự cố</Trans>
            </Status>
          )
        if (isLate(site))
          return (
            <Status tone="wait" said>
              <Trans>chậm quân số</Trans>
            </Status>
          )
        if (site.headcount === undefined)
          return <Status tone="off">{over ? <Trans>không gửi quân số</Trans> : <Trans>chưa gửi quân số</Trans>}</Status>
        if (off === 0)
          return (
            <Status tone="ok">
              <Trans>khớp danh sách</Trans>
            </Status>
          )
        return (
          <Status tone="wait">
            {off > 0 ? <Trans>đếm nhiều hơn danh sách {count}</Trans> : <Trans>đếm ít hơn danh sách {count}</Trans>}
          </Status>
        )
      },
    },
  ]
  const page = found.slice((table.page - 1) * table.size, table.page * table.size)
  return (
    <DataTable
      label={t`Quân số theo điểm cầu`}
      columns={columns}
      rows={board && page}
      total={found.length}
      rowKey={({ siteId }) => `${conferenceId} ${siteId}`}
      state={table}
      onState={setTable}
      waiting={!board}
      rowTone={(site) => (site.interrupted ? 'marked' : undefined)}
      empty={
        all.length === 0 ? (
          <Trans>Hội nghị này không có điểm cầu. Xem theo đơn vị để thấy ai có mặt.</Trans>
        ) : (
          <Trans>Không có điểm cầu nào như vậy.</Trans>
        )
      }
      filters={
        <>
          <SearchField
            label={t`Tìm điểm cầu`}
            value={words.tim ?? ''}
            onSearch={(tim) => change({ tim: tim || undefined, trang: undefined })}
          />
          <SelectField
            label={t`Lọc`}
            value={which}
            onChange={(event) =>
              change({ loc: event.target.value === 'all' ? undefined : event.target.value, trang: undefined })
            }
            options={[
              { value: 'all', label: `${t`Tất cả`} (${formatCount(all.length)})` },
              ...(
                [
                  ['late', t`Chưa gửi quân số`],
                  ['off', t`Đếm khác danh sách`],
                  ['empty', t`Chưa có ai`],
                  ['fault', t`Đang có sự cố`],
                ] as const
              ).map(([value, label]) => ({
                value,
                label: `${label} (${formatCount(all.filter(filters[value]!).length)})`,
              })),
            ]}
          />
        </>
      }
    />
  )
}

/** By unit: whose people are present, wherever they sit. */
function ByUnit({
  conferenceId,
  rootId,
  checkpointId,
}: {
  conferenceId: string
  rootId: string | undefined
  checkpointId: string | undefined
}) {
  const { t } = useLingui()
  const [words, change] = useAddress()
  const unitId = words.don_vi ?? rootId
  const live = useTopic(
    contract.tallyByUnit,
    unitId
      ? {
          conferenceId: conferenceId as never,
          unitId: unitId as never,
          ...(checkpointId ? { checkpointId: checkpointId as never } : {}),
        }
      : undefined,
  )
  type Row = NonNullable<typeof live.snapshot>['rows'][number]
  const { snapshot } = live
  const open = (row: Row) => !row.own && row.children > 0 && change({ don_vi: row.unitId }, { push: true })
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Đơn vị`,
      onCard: 'title',
      cell: (row) =>
        row.own ? (
          <Trans>Trực thuộc {row.name}</Trans>
        ) : row.children > 0 ? (
          <a
            href={`?theo=don-vi&don_vi=${row.unitId}`}
            onClick={(event) => {
              event.preventDefault()
              open(row)
            }}
          >
            {row.name}
          </a>
        ) : (
          row.name
        ),
    },
    { key: 'code', header: t`Mã`, cell: (row) => row.code },
    { key: 'summoned', header: t`Triệu tập`, number: true, cell: (row) => formatCount(row.summoned) },
    { key: 'present', header: t`Có mặt`, number: true, cell: (row) => formatCount(row.present) },
    {
      key: 'share',
      header: t`Trên triệu tập`,
      number: true,
      cell: (row) => formatRatio({ n: row.present, d: row.summoned }),
    },
  ]
  const rows = snapshot?.rows.filter((row) => !row.own || row.summoned > 0 || row.present > 0)
  return (
    <>
      {snapshot && snapshot.unit.path.length > 1 && (
        <nav aria-label={t`Đơn vị cấp trên`} className={styles.trail}>
          {snapshot.unit.path
            .slice(
              Math.max(
                0,
                snapshot.unit.path.findIndex((unit) => unit.unitId === rootId),
              ),
              -1,
            )
            .map((unit) => (
              <a
                key={unit.unitId}
                href={`?theo=don-vi&don_vi=${unit.unitId}`}
                onClick={(event) => {
                  event.preventDefault()
                  change({ don_vi: unit.unitId }, { push: true })
                }}
              >
                {unit.name} ›
              </a>
            ))}
          <b>{snapshot.unit.name}</b>
        </nav>
      )}
      {live.refused && <ErrorSentence refused={live.refused} />}
      <DataTable
        label={t`Quân số theo đơn vị`}
        columns={columns}
        rows={rows}
        total={rows?.length}
        rowKey={(row) => `${row.unitId} ${row.own}`}
        waiting={!snapshot && !live.refused}
        onOpen={open}
        empty={<Trans>Đơn vị này không có đơn vị cấp dưới.</Trans>}
      />
      <p className="second">
        <Trans>Theo đơn vị: tính người của đơn vị, dù ngồi ở điểm cầu nào. Khách mời không tính vào đơn vị.</Trans>
      </p>
    </>
  )
}
