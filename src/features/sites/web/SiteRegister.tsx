import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useCallback, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  type Column,
  Count,
  DataTable,
  ErrorSentence,
  OrgTreePicker,
  PageHeading,
  SearchField,
  Segments,
  useAddress,
  useGo,
  useTableAddress,
  Waiting,
} from '../../../platform/web/ui/index.ts'
import { tops } from '../../organisation/contract.ts'
import { BringFile, unitSource } from '../../organisation/web/index.ts'
import { listSites } from '../contract.ts'
import { SitesNav } from './conference.tsx'
import { SiteForm } from './SiteForm.tsx'
import look from './sites.module.css'
import { kindWords } from './words.ts'

type Row = ValueOf<typeof listSites>['rows'][number]

export function SiteRegister() {
  const { t } = useWords()
  const { _ } = useLingui()
  const go = useGo()
  const mine = useAnswer(tops, {})
  const [table, setTable] = useTableAddress({ size: 50, sort: 'code' })
  const [address, change] = useAddress()
  const [adding, setAdding] = useState(false)
  const [chosen, setChosen] = useState<{ id: string; name: string }>()
  const top = mine.value?.units[0]
  const unitId = address['don-vi'] ?? top?.unitId
  const closed = address.xem === 'thoi-dung'
  const sort = (table.sort ?? 'code').replace('-', '') as 'code' | 'name' | 'seats'
  const { value, waiting, refreshing, refused, again } = useAnswer(
    listSites,
    unitId && {
      unitId,
      closed,
      sort,
      downwards: table.sort?.startsWith('-') ?? false,
      search: address.tim ?? '',
      page: table.page,
      size: table.size,
    },
  )
  const search = useCallback((typed: string) => change({ tim: typed || undefined, trang: undefined }), [change])
  const unit =
    chosen && chosen.id === unitId
      ? chosen
      : top && top.unitId === unitId
        ? { id: top.unitId, name: top.name }
        : undefined
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Điểm cầu`,
      sortable: true,
      onCard: 'title',
      cell: (row) => (
        <>
          <a href={`/cac-diem-cau/danh-muc/${row.siteId}`}>{row.name}</a>
          {row.kind === 'viewing' && <div className="second small">{_(kindWords.viewing)}</div>}
        </>
      ),
    },
    { key: 'code', header: t`Mã`, sortable: true, cell: (row) => <span className="num nb">{row.code}</span> },
    { key: 'unit', header: t`Đơn vị`, cell: (row) => row.unitName },
    {
      key: 'parent',
      header: t`Điểm cầu cấp trên`,
      cell: (row) => row.parentSiteName ?? <span className="second">–</span>,
    },
    { key: 'seats', header: t`Số chỗ`, number: true, sortable: true, cell: (row) => <Count value={row.seats} /> },
    { key: 'equipment', header: t`Thiết bị dùng tốt`, number: true, cell: (row) => <Equipment row={row} /> },
  ]
  const sites = formatCount(value?.total ?? 0)
  const seats = formatCount(value?.seats ?? 0)
  const may = value?.abilities.includes('addSite')
  return (
    <>
      <SitesNav current="danh-muc">
        <div className={look.chooser}>
          <OrgTreePicker
            source={unitSource}
            label={t`Đơn vị`}
            value={unit}
            onChange={(node) => {
              if (!node) return
              setChosen({ id: node.id, name: node.name })
              change({ 'don-vi': node.id, trang: undefined }, { push: true })
            }}
          />
        </div>
      </SitesNav>
      <ErrorSentence refused={mine.refused} again={mine.again} />
      <PageHeading
        under={<Trans>Danh mục dùng chung cho mọi hội nghị. Số chỗ mỗi hội nghị có thể khác.</Trans>}
        side={
          may && (
            <>
              <BringFile kind="diem-cau" options={unit ? { withinId: unit.id } : {}} />
              <Button look="go" onClick={() => setAdding(true)}>
                <Trans>Thêm điểm cầu</Trans>
              </Button>
            </>
          )
        }
      >
        {value ? (
          <Trans>
            {sites} điểm cầu, {seats} chỗ
          </Trans>
        ) : (
          <Waiting width="40%" />
        )}
      </PageHeading>
      <h2 className="sr">{t`Danh mục điểm cầu`}</h2>
      <DataTable
        label={t`Danh mục điểm cầu`}
        columns={columns}
        rows={value?.rows}
        total={value?.total}
        rowKey={({ siteId }) => siteId}
        state={table}
        onState={setTable}
        waiting={waiting || mine.waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        onOpen={({ siteId }) => go(`/cac-diem-cau/danh-muc/${siteId}`)}
        filters={
          <>
            <SearchField label={t`Tìm tên, mã, đơn vị`} value={address.tim ?? ''} onSearch={search} />
            <Segments
              label={t`Chọn điểm cầu để xem`}
              value={closed ? 'thoi-dung' : 'dang-dung'}
              onChange={(key) => change({ xem: key === 'thoi-dung' ? key : undefined, trang: undefined })}
              tabs={[
                { key: 'dang-dung', label: t`Đang dùng` },
                { key: 'thoi-dung', label: t`Đã thôi dùng` },
              ]}
            />
          </>
        }
        empty={
          address.tim ? (
            <Trans>Không có điểm cầu nào khớp.</Trans>
          ) : closed ? (
            <Trans>Chưa thôi dùng điểm cầu nào.</Trans>
          ) : (
            <Trans>Chưa có điểm cầu nào. Nhập tệp hoặc thêm từng nơi.</Trans>
          )
        }
      />
      {adding && unit && <SiteForm unit={unit} onClose={() => setAdding(false)} />}
    </>
  )
}
function Equipment({ row }: { row: Row }) {
  const { ready, of } = row.equipment
  if (of === 0)
    return (
      <span className="second">
        <Trans>chưa ghi</Trans>
      </span>
    )
  return (
    <span className="num">
      {formatCount(ready)} / {formatCount(of)}
    </span>
  )
}
