import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useCallback, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  type Column,
  ConfirmDialog,
  Count,
  DataTable,
  Drawer,
  ErrorSentence,
  Facts,
  PageHeading,
  SearchField,
  Segments,
  Status,
  say,
  TextField,
  ThinBar,
  useAddress,
  useOwnUnit,
  useTableAddress,
  Waiting,
} from '../../../platform/web/ui/index.ts'
import { attachSite, attachSites, detachSite, listConferenceSites, reportReady } from '../contract.ts'
import { WithConference } from './conference.tsx'
import { SiteForm } from './SiteForm.tsx'
import { kindWords, sayAttach, sayAttachAll, sayDetach, sayReady } from './words.ts'

type Row = ValueOf<typeof listConferenceSites>['rows'][number]
const views = ['all', 'free', 'notReady'] as const

export function ConferenceSites() {
  return (
    <WithConference current="hoi-nghi">
      {({ conferenceId, unit, name }) => (
        <OfConference
          key={conferenceId}
          conferenceId={conferenceId}
          conferenceName={name}
          unit={{ id: unit.unitId, name: unit.name }}
        />
      )}
    </WithConference>
  )
}

function OfConference({
  conferenceId,
  conferenceName,
  unit,
}: {
  conferenceId: string
  conferenceName: string
  unit: { id: string; name: string }
}) {
  const { t } = useWords()
  const { _ } = useLingui()
  const own = useOwnUnit()
  const [table, setTable] = useTableAddress({ size: 50, sort: 'code' })
  const [{ tim, xem }, change] = useAddress()
  const [opened, setOpened] = useState<string>()
  const [adding, setAdding] = useState(false)
  const which = views.find((one) => one === xem) ?? 'all'
  const sort = table.sort === 'name' ? 'name' : table.sort === 'free' ? 'free' : 'code'
  const { value, waiting, refreshing, refused, again } = useAnswer(listConferenceSites, {
    conferenceId,
    unitId: own,
    which,
    sort,
    search: tim ?? '',
    page: table.page,
    size: table.size,
  })
  const attachAll = useOperation(attachSites, { done: ({ added }) => say(<Added count={added} />) })
  const search = useCallback((typed: string) => change({ tim: typed || undefined, trang: undefined }), [change])
  const may = (verb: string) => value?.abilities.includes(verb) ?? false
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Điểm cầu`,
      sortable: true,
      onCard: 'title',
      cell: (row) => (
        <>
          <a href={`/cac-diem-cau/danh-muc/${row.siteId}`}>{row.name}</a>
          <div className="second small">
            {row.code}, {row.unitName}
            {row.kind === 'viewing' && `, ${_(kindWords.viewing)}`}
          </div>
        </>
      ),
    },
    { key: 'seats', header: t`Số chỗ`, number: true, cell: (row) => <Count value={row.seats} /> },
    {
      key: 'taken',
      header: t`Người được xếp`,
      number: true,
      cell: (row) => (
        <>
          <Count value={row.summoned + row.proposed} />
          <ThinBar
            total={Math.max(row.seats, row.summoned + row.proposed)}
            parts={[
              { count: row.summoned, look: '1' },
              { count: row.proposed, look: '3' },
            ]}
          />
        </>
      ),
    },
    {
      key: 'free',
      header: t`Còn trống`,
      number: true,
      sortable: true,
      cell: (row) => <Count value={Math.max(0, row.seats - row.summoned - row.proposed)} />,
    },
    { key: 'ready', header: t`Sẵn sàng`, cell: (row) => <Readiness row={row} /> },
    {
      key: 'open',
      header: t`Chi tiết`,
      cell: (row) => (
        <Button small onClick={() => setOpened(row.siteId)} aria-label={t`Xem: ${row.name}`}>
          <Trans>Xem</Trans>
        </Button>
      ),
    },
  ]
  const row = value?.rows.find(({ siteId }) => siteId === opened)
  const sites = formatCount(value?.sites ?? 0)
  const ready = formatCount(value?.ready ?? 0)
  const seats = formatCount(value?.seats ?? 0)
  const taken = formatCount(value?.taken ?? 0)
  return (
    <>
      <PageHeading
        over={conferenceName}
        under={
          value && (
            <Trans>
              {seats} chỗ, đã xếp {taken} người.
            </Trans>
          )
        }
        side={
          <>
            {may('attachSite') && (
              <Button onClick={() => setAdding(true)}>
                <Trans>Thêm điểm cầu</Trans>
              </Button>
            )}
            {may('attachSites') && (
              <Button
                look={value?.sites === 0 ? 'go' : 'plain'}
                doing={attachAll.doing}
                onClick={() => void attachAll.run({ conferenceId })}
              >
                <Trans>Lấy từ danh mục</Trans>
              </Button>
            )}
          </>
        }
      >
        {!value ? (
          <Waiting width="40%" />
        ) : value.sites === 0 ? (
          <Trans>Hội nghị chưa có điểm cầu nào</Trans>
        ) : (
          <Trans>
            {ready} trên {sites} điểm cầu đã sẵn sàng
          </Trans>
        )}
      </PageHeading>
      <ErrorSentence refused={attachAll.refused} words={sayAttachAll} />
      <h2 className="sr">{t`Các điểm cầu của hội nghị`}</h2>
      <DataTable
        label={t`Các điểm cầu của hội nghị`}
        columns={columns}
        rows={value?.rows}
        total={value?.total}
        rowKey={({ siteId }) => siteId}
        state={table}
        onState={setTable}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        onOpen={({ siteId }) => setOpened(siteId)}
        filters={
          <>
            <SearchField label={t`Tìm điểm cầu, đơn vị`} value={tim ?? ''} onSearch={search} />
            <Segments
              label={t`Chọn điểm cầu để xem`}
              value={which}
              onChange={(key) => change({ xem: key === 'all' ? undefined : key, trang: undefined })}
              tabs={[
                { key: 'all', label: t`Tất cả` },
                { key: 'free', label: t`Còn chỗ` },
                { key: 'notReady', label: t`Chưa sẵn sàng` },
              ]}
            />
          </>
        }
        empty={
          tim || which !== 'all' ? (
            <Trans>Không có điểm cầu nào khớp.</Trans>
          ) : (
            <>
              <p>
                <Trans>Nhập tệp điểm cầu hoặc thêm từng nơi, rồi lấy vào hội nghị.</Trans>
              </p>
              <ButtonLink href="/nhap-tep">
                <Trans>Nhập tệp</Trans>
              </ButtonLink>
            </>
          )
        }
      />
      {row && (
        <SiteDrawer
          key={row.siteId}
          row={row}
          conferenceId={conferenceId}
          mayPlan={may('attachSite')}
          onClose={() => setOpened(undefined)}
        />
      )}
      {adding && <SiteForm unit={unit} conferenceId={conferenceId} onClose={() => setAdding(false)} />}
    </>
  )
}
function Added({ count }: { count: number }) {
  const added = formatCount(count)
  return count === 0 ? (
    <Trans>Mọi điểm cầu trong danh mục đã có ở hội nghị</Trans>
  ) : (
    <Trans>Đã lấy thêm {added} điểm cầu</Trans>
  )
}
function Readiness({ row }: { row: Row }) {
  const faulty = formatCount(row.faulty)
  return (
    <>
      {row.readyAt ? (
        <Status tone="ok">
          <Trans>Sẵn sàng</Trans>
        </Status>
      ) : (
        <Status tone="off">
          <Trans>Chưa báo</Trans>
        </Status>
      )}
      {row.faulty > 0 && (
        <div className="small second">
          <Trans>{faulty} thiết bị chưa dùng được</Trans>
        </div>
      )}
    </>
  )
}

function SiteDrawer({
  row,
  conferenceId,
  mayPlan,
  onClose,
}: {
  row: Row
  conferenceId: string
  mayPlan: boolean
  onClose: () => void
}) {
  const { t } = useWords()
  const [seats, setSeats] = useState(String(row.seats))
  const [note, setNote] = useState(row.readyNote)
  const [asking, setAsking] = useState(false)
  const attach = useOperation(attachSite, { done: () => say(t`Đã ghi số chỗ`) })
  const detach = useOperation(detachSite, { done: onClose })
  const ready = useOperation(reportReady, { done: () => say(t`Đã ghi`) })
  const { siteId } = row
  return (
    <Drawer open onClose={onClose} title={row.name}>
      <div className="stack" data-gap="l">
        <Facts
          facts={[
            [t`Đơn vị`, row.unitName],
            [t`Đã triệu tập`, formatCount(row.summoned)],
            [t`Chờ xác nhận`, formatCount(row.proposed)],
            [t`Báo sẵn sàng`, row.readyAt ? formatMoment(new Date(row.readyAt)) : t`chưa`],
          ]}
        />
        {mayPlan && (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault()
              void attach.run({ conferenceId, siteId, seats: Number(seats) })
            }}
          >
            <TextField
              label={t`Số chỗ trong hội nghị này`}
              inputMode="numeric"
              value={seats}
              onChange={(event) => setSeats(event.currentTarget.value.replace(/\D/g, ''))}
            />
            <ErrorSentence refused={attach.refused} words={sayAttach} />
            <Button type="submit" doing={attach.doing} disabled={!(Number(seats) >= 1) || Number(seats) === row.seats}>
              <Trans>Ghi số chỗ</Trans>
            </Button>
          </form>
        )}
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            void ready.run({ conferenceId, siteId, ready: !row.readyAt, note })
          }}
        >
          <TextField
            label={t`Ghi chú về chuẩn bị`}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <ErrorSentence refused={ready.refused} words={sayReady} />
          <Button type="submit" doing={ready.doing}>
            {row.readyAt ? <Trans>Thôi báo sẵn sàng</Trans> : <Trans>Báo sẵn sàng</Trans>}
          </Button>
        </form>
        <div className="row">
          <ButtonLink href={`/cac-diem-cau/danh-muc/${siteId}`}>
            <Trans>Thiết bị và liên hệ</Trans>
          </ButtonLink>
          {mayPlan && (
            <Button onClick={() => setAsking(true)}>
              <Trans>Gỡ khỏi hội nghị</Trans>
            </Button>
          )}
        </div>
      </div>
      <ConfirmDialog
        open={asking}
        title={<Trans>Gỡ {row.name} khỏi hội nghị</Trans>}
        verb={<Trans>Gỡ</Trans>}
        doing={detach.doing}
        onClose={() => setAsking(false)}
        onConfirm={() => void detach.run({ conferenceId, siteId })}
      >
        <p>
          <Trans>Điểm cầu vẫn còn trong danh mục.</Trans>
        </p>
        <ErrorSentence refused={detach.refused} words={sayDetach} />
      </ConfirmDialog>
    </Drawer>
  )
}
