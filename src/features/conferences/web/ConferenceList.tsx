import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useCallback } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  ButtonLink,
  type Column,
  DataTable,
  PageHeading,
  SearchField,
  SelectField,
  Status,
  useAddress,
  useCampaign,
  useGo,
  useTableAddress,
  Waiting,
} from '../../../platform/web/ui/index.ts'
import { listConferences, type Purpose, purposes, type State, states } from '../contract.ts'
import { purposeWords, stateTones, stateWords } from './words.ts'

type Row = ValueOf<typeof listConferences>['rows'][number]

export function ConferenceList() {
  const { t } = useWords()
  const { _ } = useLingui()
  const go = useGo()
  const [campaignId] = useCampaign()
  const [table, setTable] = useTableAddress({ size: 50 })
  const [{ muc, buoc, tim }, change] = useAddress()
  const purpose = purposes.find((one) => one === muc)
  const state = states.find((one) => one === buoc)
  const { value, waiting, refreshing, refused, again } = useAnswer(
    listConferences,
    campaignId
      ? {
          campaignId,
          page: table.page,
          size: table.size,
          ...(purpose ? { purposes: [purpose] } : {}),
          ...(state ? { states: [state] } : {}),
          ...(tim ? { find: tim } : {}),
        }
      : undefined,
  )
  const search = useCallback((typed: string) => change({ tim: typed || undefined, trang: undefined }), [change])
  const filtered = Boolean(purpose || state || tim)
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Hội nghị`,
      onCard: 'title',
      cell: (row) => (
        <>
          <a href={`/hoi-nghi/${row.conferenceId}`}>{row.name}</a>
          <div className="second small">
            {row.code} · {_(purposeWords[row.purpose])}
            {row.classified && (
              <>
                {' · '}
                <Trans>nội dung mật, chỉ dùng giấy</Trans>
              </>
            )}
          </div>
        </>
      ),
    },
    { key: 'unit', header: t`Đơn vị tổ chức`, cell: (row) => row.unit.name },
    {
      key: 'when',
      header: t`Bắt đầu`,
      cell: (row) =>
        row.startsAt ? <span className="num nb">{formatMoment(new Date(row.startsAt))}</span> : t`chưa định`,
    },
    { key: 'sessions', header: t`Số buổi`, number: true, cell: (row) => formatCount(row.sessions) },
    {
      key: 'state',
      header: t`Bước`,
      cell: (row) => (
        <span className="nb">
          <Status tone={stateTones[row.state]}>{_(stateWords[row.state])}</Status>
        </span>
      ),
    },
  ]
  const all = value && formatCount(value.total)
  const purposeOptions = [
    { value: '', label: t`Mọi mục đích` },
    ...purposes.map((one: Purpose) => ({ value: one, label: _(purposeWords[one]) })),
  ]
  const stateOptions = [
    { value: '', label: t`Mọi bước` },
    ...states.map((one: State) => ({ value: one, label: _(stateWords[one]) })),
  ]
  return (
    <>
      <PageHeading
        side={
          value?.abilities.includes('createConference') && (
            <ButtonLink look="go" href="/hoi-nghi/moi">
              <Trans>Lập hội nghị</Trans>
            </ButtonLink>
          )
        }
      >
        {all === undefined ? <Waiting width="40%" /> : <Trans>{all} hội nghị</Trans>}
      </PageHeading>
      <DataTable
        label={t`Các hội nghị của đợt`}
        columns={columns}
        rows={value?.rows}
        total={value?.total}
        rowKey={(row) => row.conferenceId}
        state={table}
        onState={setTable}
        onOpen={(row) => go(`/hoi-nghi/${row.conferenceId}`)}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        filters={
          <>
            <SearchField label={t`Tìm tên, mã, đơn vị`} value={tim ?? ''} onSearch={search} />
            <SelectField
              label={t`Mục đích`}
              hideLabel
              value={purpose ?? ''}
              options={purposeOptions}
              onChange={(event) => change({ muc: event.target.value || undefined, trang: undefined })}
            />
            <SelectField
              label={t`Bước`}
              hideLabel
              value={state ?? ''}
              options={stateOptions}
              onChange={(event) => change({ buoc: event.target.value || undefined, trang: undefined })}
            />
          </>
        }
        empty={
          filtered ? (
            <Trans>Không có hội nghị nào như vậy. Đồng chí bỏ bớt điều kiện lọc.</Trans>
          ) : (
            <Trans>Đợt này chưa có hội nghị nào. Đồng chí lập hội nghị đầu tiên.</Trans>
          )
        }
      />
    </>
  )
}
