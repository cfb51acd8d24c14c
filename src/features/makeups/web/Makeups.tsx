import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { formatCount } from '../../../kernel/figure.ts'
import { formatClock, formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  type Column,
  DataTable,
  PageHeading,
  SearchField,
  Segments,
  Status,
  useAddress,
  useCampaign,
  useGo,
  useOwnUnit,
  useTableAddress,
  Waiting,
} from '../../../platform/web/ui/index.ts'
import { BringFile } from '../../organisation/web/index.ts'
import * as contract from '../contract.ts'
import { Plan } from './Plan.tsx'
import { stateWords } from './words.ts'

type Line = (typeof contract.MakeupLine)['_zod']['output']
const says = {
  scopeNotFixed: msg`Đợt này chưa chốt diện học.`,
} satisfies WordsFor<typeof contract.listMakeups>

/** Make-ups of a unit: those that are, and those that should be. */
export function Makeups() {
  const { t } = useLingui()
  const [campaignId] = useCampaign()
  const [address, change] = useAddress()
  const own = useOwnUnit()
  const unitId = address['don-vi'] ?? own
  const list = address.xem === 'danh-sach'
  const { value } = useAnswer(
    contract.listMakeups,
    campaignId
      ? { campaignId: campaignId as never, ...(unitId ? { unitId: unitId as never } : {}), page: 1, size: 1 }
      : undefined,
  )
  const totals = value?.totals
  const makeups = totals && formatCount(totals.makeups)
  const present = totals && formatCount(totals.present)
  return (
    <>
      <PageHeading
        under={
          totals ? (
            totals.makeups === 0 ? (
              <Trans>Chưa có buổi nào.</Trans>
            ) : (
              <Trans>
                {makeups} buổi, {present} người đã học bù.
              </Trans>
            )
          ) : (
            <Waiting width="12em" />
          )
        }
        side={campaignId && <BringFile kind="hoc-bu" options={{ campaignId }} />}
      >
        <Trans>Học bù</Trans>
      </PageHeading>
      <div className="stack" data-gap="l">
        <div>
          <Segments
            label={t`Xem`}
            value={list ? 'danh-sach' : 'lap'}
            onChange={(next) => change({ xem: next === 'lap' ? undefined : next, trang: undefined })}
            tabs={[
              { key: 'lap', label: t`Lập buổi` },
              { key: 'danh-sach', label: t`Các buổi`, ...(makeups ? { count: makeups } : {}) },
            ]}
          />
        </div>
        {campaignId && (list ? <List campaignId={campaignId} unitId={unitId} /> : <Plan campaignId={campaignId} />)}
      </div>
    </>
  )
}

function List({ campaignId, unitId }: { campaignId: string; unitId: string | undefined }) {
  const { t, i18n } = useLingui()
  const [state, setState] = useTableAddress({ size: 50 })
  const [address, change] = useAddress()
  const go = useGo()
  const { value, waiting, refreshing, refused, again } = useAnswer(contract.listMakeups, {
    campaignId: campaignId as never,
    ...(unitId ? { unitId: unitId as never } : {}),
    find: address.tim ?? '',
    page: state.page,
    size: state.size,
  })
  const columns: Column<Line>[] = [
    {
      key: 'name',
      header: t`Buổi học bù`,
      onCard: 'title',
      cell: (row) => <a href={`/hoc-bu/${row.makeupId}`}>{row.name}</a>,
    },
    { key: 'unit', header: t`Đơn vị tổ chức`, cell: (row) => row.unit.name },
    {
      key: 'at',
      header: t`Lúc`,
      cell: (row) => (
        <span className="nb">
          {formatClock(new Date(row.startsAt))} {formatDay(new Date(row.startsAt))}
        </span>
      ),
    },
    {
      key: 'state',
      header: t`Tình trạng`,
      cell: (row) => <Status tone={row.state === 'closed' ? 'off' : 'ok'}>{i18n._(stateWords[row.state])}</Status>,
    },
    { key: 'seats', header: t`Số ghế`, number: true, cell: (row) => (row.seats > 0 ? formatCount(row.seats) : '–') },
    { key: 'booked', header: t`Đã xếp`, number: true, cell: (row) => formatCount(row.booked) },
    { key: 'present', header: t`Có mặt`, number: true, cell: (row) => formatCount(row.present) },
  ]
  return (
    <DataTable
      label={t`Các buổi học bù`}
      columns={columns}
      rows={value?.rows}
      total={value?.total}
      rowKey={(row) => row.makeupId}
      state={state}
      onState={setState}
      waiting={waiting}
      refreshing={refreshing}
      refused={refused}
      refusalWords={says}
      again={again}
      onOpen={(row) => go(`/hoc-bu/${row.makeupId}`)}
      filters={
        <SearchField
          label={t`Tìm buổi học bù`}
          placeholder={t`Tên, mã hoặc đơn vị`}
          hideLabel
          value={address.tim ?? ''}
          onSearch={(typed) => change({ tim: typed || undefined, trang: undefined })}
        />
      }
      empty={<Trans>Chưa có buổi học bù nào như vậy.</Trans>}
    />
  )
}
