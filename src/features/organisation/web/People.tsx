import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { fileHref } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  type Column,
  DataTable,
  ErrorSentence,
  Icon,
  Note,
  OrgTreePicker,
  PageHeading,
  SearchField,
  SelectField,
  Status,
  useAddress,
  useTableAddress,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { exportPeople, type PersonRow, people, personFilters, tops, unitPage } from '../contract.ts'
import look from './organisation.module.css'
import { AddPerson, PersonDrawer } from './Person.tsx'
import { peopleHref, UnitTable } from './Unit.tsx'
import { unitSource } from './unitSource.ts'
import { sayTotalsOnly } from './words.ts'

/** The people of one's own cell or grassroots unit; higher up the numbers lead down to where names are kept. */
export function People() {
  const { t } = useLingui()
  const [address, change] = useAddress()
  const mine = useAnswer(tops, {})
  const unitId = address['don-vi'] ?? mine.value?.units[0]?.unitId
  const { value: unit, waiting, refused, again } = useAnswer(unitPage, unitId && { unitId }, { keep: false })
  if (mine.waiting || waiting) return <WaitingLines label={t`Đang lấy danh sách`} />
  if (mine.value && unitId === undefined)
    return (
      <PageHeading
        under={<Trans>Nhập tệp đơn vị trước, rồi tệp đảng viên.</Trans>}
        side={
          <ButtonLink look="go" href="/nhap-tep">
            <Trans>Nhập tệp</Trans>
          </ButtonLink>
        }
      >
        <Trans>Chưa có đơn vị nào</Trans>
      </PageHeading>
    )
  if (!unit) return <ErrorSentence refused={refused ?? mine.refused} again={again} />
  const picker = (
    <OrgTreePicker
      source={unitSource}
      label={t`Đơn vị`}
      value={{ id: unit.unitId, name: unit.name }}
      onChange={(node) => node && change({ 'don-vi': node.id, trang: undefined, tim: undefined }, { push: true })}
    />
  )
  const members = formatCount(unit.members)
  const exempt = formatCount(unit.exempt)
  return (
    <div className="stack" data-gap="l">
      <PageHeading
        over={
          unit.path
            .slice(0, -1)
            .map(({ name }) => name)
            .join(' › ') || undefined
        }
        under={unit.exempt > 0 && <Trans>Trong đó {exempt} được miễn sinh hoạt hôm nay.</Trans>}
        side={<div style={{ minWidth: 'min(20rem, 80vw)' }}>{picker}</div>}
      >
        <Trans>
          {unit.name} có {members} đảng viên
        </Trans>
      </PageHeading>
      {unit.seesNames ? <PeopleTable key={unit.unitId} unitId={unit.unitId} /> : <TotalsOnly unit={unit} />}
    </div>
  )
}

function TotalsOnly({ unit }: { unit: { unitId: string; children: number } }) {
  return (
    <>
      <Note tone="still">
        <Trans>Cấp này xem số. Mở xuống đơn vị cơ sở đồng chí phụ trách để thấy tên.</Trans>
      </Note>
      {unit.children > 0 && <UnitTable unitId={unit.unitId} hrefOf={peopleHref} />}
    </>
  )
}

type Filter = (typeof personFilters)[number]
function PeopleTable({ unitId }: { unitId: string }) {
  const { t } = useLingui()
  const [address, change] = useAddress()
  const [table, setTable] = useTableAddress({ size: 50, sort: 'name' })
  const [opened, setOpened] = useState<PersonRow>()
  const [adding, setAdding] = useState(false)
  const filter = personFilters.find((one) => one === address.loc) ?? 'all'
  const text = address.tim ?? ''
  const sort = (table.sort ?? 'name').replace('-', '') as 'name'
  const { value, waiting, refreshing, refused, again } = useAnswer(people, {
    unitId,
    filter,
    text,
    sort,
    descending: table.sort?.startsWith('-') ?? false,
    page: table.page,
    size: table.size,
  })
  const filters: Record<Filter, string> = {
    all: t`Tất cả`,
    inForce: t`Thuộc diện`,
    exempt: t`Được miễn sinh hoạt`,
    temporary: t`Sinh hoạt tạm thời`,
    withPosition: t`Có chức vụ`,
  }
  const columns: Column<PersonRow>[] = [
    {
      key: 'name',
      header: t`Họ và tên`,
      sortable: true,
      onCard: 'title',
      cell: (row) => (
        <button type="button" className={look.name} onClick={() => setOpened(row)}>
          {row.fullName}
        </button>
      ),
    },
    { key: 'birthYear', header: t`Năm sinh`, number: true, sortable: true, cell: (row) => row.birthYear ?? '' },
    { key: 'code', header: t`Mã số`, sortable: true, cell: (row) => <span className="num">{row.code ?? ''}</span> },
    { key: 'unit', header: t`Chi bộ`, sortable: true, cell: (row) => row.unitName },
    { key: 'position', header: t`Chức vụ`, cell: (row) => row.position },
    {
      key: 'standing',
      header: t`Sinh hoạt`,
      cell: (row) =>
        row.exempt ? (
          <Status tone="off">{t`Được miễn`}</Status>
        ) : row.kind === 'temporary' ? (
          <Status tone="still">{t`Tạm thời`}</Status>
        ) : (
          <Status tone="ok">{t`Thuộc diện`}</Status>
        ),
    },
  ]
  return (
    <>
      <h2 className="sr">
        <Trans>Danh sách</Trans>
      </h2>
      <DataTable
        label={t`Đảng viên`}
        columns={columns}
        rows={value?.rows}
        total={value?.total}
        rowKey={(row) => `${row.personId} ${row.kind}`}
        state={table}
        onState={setTable}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        refusalWords={sayTotalsOnly}
        again={again}
        onOpen={setOpened}
        empty={
          text || filter !== 'all' ? <Trans>Không có ai khớp.</Trans> : <Trans>Chưa có đảng viên nào ở đây.</Trans>
        }
        filters={
          <>
            <div className={look.search}>
              <SearchField
                label={t`Tìm theo tên, mã, chức vụ`}
                value={text}
                onSearch={(tim) => change({ tim, trang: undefined })}
              />
            </div>
            <SelectField
              label={t`Lọc`}
              hideLabel
              value={filter}
              onChange={(event) =>
                change({ loc: event.target.value === 'all' ? undefined : event.target.value, trang: undefined })
              }
              options={personFilters.map((one) => ({ value: one, label: filters[one] }))}
            />
          </>
        }
        actions={
          <>
            <ButtonLink
              icon={<Icon name="download" />}
              href={fileHref(exportPeople, { unitId, filter, text })}
              download
            >
              <Trans>Excel</Trans>
            </ButtonLink>
            <ButtonLink href={fileHref(exportPeople, { unitId, filter, text, format: 'csv' })} download>
              <Trans>CSV</Trans>
            </ButtonLink>
            {value?.abilities.includes('addPerson') && (
              <Button icon={<Icon name="plus" />} onClick={() => setAdding(true)}>
                <Trans>Thêm đảng viên</Trans>
              </Button>
            )}
          </>
        }
      />
      <p className="second small">
        <Trans>Mỗi lần mở danh sách được ghi lại; từng người thấy ai đã xem.</Trans>
      </p>
      <PersonDrawer row={opened} onClose={() => setOpened(undefined)} />
      <AddPerson unitId={unitId} open={adding} onClose={() => setAdding(false)} />
    </>
  )
}
