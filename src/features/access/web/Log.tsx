import { Trans, useLingui } from '@lingui/react/macro'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { fileHref, type ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  type Column,
  DataTable,
  DateField,
  ErrorSentence,
  Note,
  PageHeading,
  SearchField,
  Segments,
  SelectField,
  useAddress,
  useTableAddress,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import { Opening } from './Opening.tsx'
import { operationWords, partWords } from './operationWords.ts'
import { roleWords } from './roleWords.ts'

type Row = ValueOf<typeof contract.log>['rows'][number]

/** Who changed what, who looked at what; and whether the log is as it was written. */
export function Log() {
  const { t, i18n } = useLingui()
  const say = (operation: string) => {
    const known = operationWords(operation)
    return known ? i18n._(known) : operation
  }
  const [words, change] = useAddress()
  const [table, setTable] = useTableAddress({ size: 50 })
  const filter = {
    log: words.so === 'xem' ? ('look' as const) : ('change' as const),
    actor: words.ai ?? '',
    operation: words.viec ?? '',
    ...(words.ngay ? { from: words.ngay, to: words.ngay } : {}),
  }
  const listed = useAnswer(contract.log, { ...filter, page: table.page, size: table.size })
  const set = (next: Record<string, string | undefined>) => change({ ...next, trang: undefined })
  const looks = filter.log === 'look'
  const columns: Column<Row>[] = [
    { key: 'at', header: t`Lúc`, cell: ({ at }) => <span className="num nb">{formatMoment(new Date(at))}</span> },
    {
      key: 'actor',
      header: t`Ai`,
      onCard: 'title',
      cell: ({ actor, name }) =>
        name ? (
          <>
            {name}
            <div className="second small">{shortened(actor)}</div>
          </>
        ) : (
          <span style={{ overflowWrap: 'anywhere' }} title={actor}>
            {shortened(actor)}
          </span>
        ),
    },
    {
      key: 'operation',
      header: looks ? t`Danh sách` : t`Việc`,
      cell: ({ operation }) => <span title={operation}>{say(operation)}</span>,
    },
    ...(looks
      ? [
          { key: 'howMany', header: t`Số người`, number: true, cell: ({ howMany }: Row) => formatCount(howMany ?? 0) },
          { key: 'reason', header: t`Lý do`, onCard: 'line' as const, cell: ({ reason }: Row) => reason ?? '' },
        ]
      : []),
    { key: 'about', header: t`Về`, onCard: 'line', cell: ({ about }) => <About about={about} /> },
  ]
  const total = formatCount(listed.value?.total ?? 0)
  return (
    <>
      <PageHeading
        over={<Trans>Nhật ký</Trans>}
        under={<Trans>Nhật ký chỉ ghi mã, không ghi tên người được xem hay sửa. Không ai sửa được dòng đã ghi.</Trans>}
        side={
          <ButtonLink href={fileHref(contract.exportLog, filter)} download="">
            <Trans>Tải tệp CSV</Trans>
          </ButtonLink>
        }
      >
        {looks ? <Trans>{total} lượt xem danh sách</Trans> : <Trans>{total} thay đổi</Trans>}
      </PageHeading>
      <Verified />
      <DataTable
        label={looks ? t`Các lượt xem` : t`Các thay đổi`}
        columns={columns}
        rows={listed.value?.rows}
        total={listed.value?.total}
        rowKey={({ seq }) => String(seq)}
        state={table}
        onState={setTable}
        waiting={listed.waiting}
        refreshing={listed.refreshing}
        refused={listed.refused}
        again={listed.again}
        empty={<Trans>Không có dòng nào khớp.</Trans>}
        filters={
          <>
            <Segments
              label={t`Loại nhật ký`}
              value={looks ? 'xem' : 'sua'}
              onChange={(key) => set({ so: key === 'xem' ? 'xem' : undefined, viec: undefined })}
              tabs={[
                { key: 'sua', label: <Trans>Thay đổi</Trans> },
                { key: 'xem', label: <Trans>Lượt xem</Trans> },
              ]}
            />
            <SearchField label={t`Người thực hiện`} value={filter.actor} onSearch={(typed) => set({ ai: typed })} />
            <SelectField
              label={looks ? t`Danh sách` : t`Việc`}
              value={filter.operation}
              onChange={(event) => set({ viec: event.target.value })}
              options={[
                { value: '', label: t`Tất cả` },
                ...(listed.value?.operations ?? [])
                  .map((name) => ({ value: name, label: say(name) }))
                  .sort((one, other) => one.label.localeCompare(other.label, 'vi')),
              ]}
            />
            <DateField label={t`Ngày`} value={words.ngay} onChange={(day) => set({ ngay: day })} />
          </>
        }
      />
    </>
  )
}

/** Ids are long and begin alike: their ends tell them apart, the whole is there to be copied. */
const shortened = (text: string) => text.replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{4}([\da-f]{8})/g, '…$1')
function About({ about }: { about: Record<string, unknown> }) {
  const { i18n } = useLingui()
  const named = (part: string) => {
    const known = partWords(part)
    return known ? i18n._(known) : part
  }
  const valued = (part: string, text: string) => {
    const role = part === 'role' ? roleWords[text as keyof typeof roleWords] : undefined
    return role ? i18n._(role) : text
  }
  return (
    <span className="small">
      {Object.entries(about).map(([name, value], at) => {
        const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
        const isId = /^[\da-f]{8}-[\da-f-]{27}$/.test(text)
        return (
          <span key={name} title={isId ? text : undefined} style={{ overflowWrap: 'anywhere' }}>
            {at > 0 && ' · '}
            <span className="second">{named(name)}</span>{' '}
            {isId ? <span className="num">…{text.slice(-8)}</span> : valued(name, text)}
          </span>
        )
      })}
    </span>
  )
}

/** Every seal is computed again from its lines, here and now. */
function Verified() {
  const { value, refused, waiting, refreshing, again } = useAnswer(contract.verifyLog, {}, { staleMs: 60_000 })
  if (waiting) return <Opening lines={1} />
  if (!value) return <ErrorSentence refused={refused} again={again} />
  const lines = formatCount(value.lines)
  const seals = formatCount(value.seals)
  const unsealed = formatCount(value.unsealed)
  const at = value.lastSealedAt ? formatMoment(new Date(value.lastSealedAt)) : ''
  const mark = value.lastHash?.slice(0, 16) ?? ''
  const { fromSeq, toSeq } = value.broken ?? { fromSeq: 0, toSeq: 0 }
  return (
    <Note tone={value.ok ? 'ok' : 'bad'}>
      <div className="row" data-spread="">
        <span role="status">
          {value.ok ? (
            value.seals === 0 ? (
              <Trans>Chưa có dòng nào được niêm phong. Máy niêm phong mười giây một lần.</Trans>
            ) : (
              <Trans>
                Nhật ký nguyên vẹn: {lines} dòng trong {seals} niêm phong, lần cuối {at}. Dấu cuối {mark}; chờ niêm
                phong {unsealed} dòng.
              </Trans>
            )
          ) : value.broken?.log === 'look' ? (
            <Trans>
              Nhật ký xem không khớp niêm phong ở các dòng {fromSeq} đến {toSeq}: có dòng bị sửa, bị bỏ hoặc bị thêm.
              Giữ nguyên máy chủ và báo người phụ trách an toàn thông tin.
            </Trans>
          ) : (
            <Trans>
              Nhật ký thay đổi không khớp niêm phong ở các dòng {fromSeq} đến {toSeq}: có dòng bị sửa, bị bỏ hoặc bị
              thêm. Giữ nguyên máy chủ và báo người phụ trách an toàn thông tin.
            </Trans>
          )}
        </span>
        <Button small doing={refreshing} onClick={() => again()}>
          <Trans>Kiểm tra lại</Trans>
        </Button>
      </div>
    </Note>
  )
}
