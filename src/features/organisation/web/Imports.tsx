import { msg } from '@lingui/core/macro'
import { useLingui as useWords } from '@lingui/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import {
  type create,
  form,
  type ImportOptions,
  type ImportState,
  runs,
  uploadLimitBytes,
  uploadPath,
} from '../../../platform/imports.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { fileHref, type Refusal, sendFile, type ValueOf } from '../../../platform/web/client.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import {
  ButtonLink,
  Choice,
  Choices,
  type Column,
  DataTable,
  DateField,
  ErrorSentence,
  FileDrop,
  Icon,
  OrgTreePicker,
  PageHeading,
  ProgressBar,
  Section,
  SelectField,
  Status,
  TextField,
  type Tone,
  useGo,
  useTableAddress,
} from '../../../platform/web/ui/index.ts'
import { tops } from '../contract.ts'
import look from './organisation.module.css'
import { unitSource } from './unitSource.ts'
import { kindWords } from './words.ts'

export const sayUpload = {
  unknownKind: msg`Loại tệp này chưa được hỗ trợ.`,
  badOptions: msg`Lựa chọn kèm tệp chưa đúng. Đồng chí xem lại.`,
  tooManyOpen: msg({ message: 'Đang có {limit} tệp chưa xong. Hãy xác nhận hoặc huỷ bớt.' }),
  fileTooBig: msg`Tệp lớn hơn 60 MB. Đồng chí tách thành nhiều tệp.`,
  noFile: msg`Chưa có tệp nào được gửi.`,
} satisfies WordsFor<typeof create>

export const stateWords: Record<ImportState, { tone: Tone; words: Words }> = {
  uploaded: { tone: 'wait', words: msg`Chờ kiểm tra` },
  checking: { tone: 'wait', words: msg`Đang kiểm tra` },
  checked: { tone: 'wait', words: msg`Chờ xem lại` },
  applying: { tone: 'wait', words: msg`Đang ghi` },
  done: { tone: 'ok', words: msg`Đã ghi xong` },
  cancelled: { tone: 'off', words: msg`Đã huỷ, không ghi gì` },
  failed: { tone: 'bad', words: msg`Dừng giữa chừng, không ghi gì` },
}

/** New files, and what became of the earlier ones. Nothing is written before its own confirmation. */
export function Imports() {
  const { t } = useLingui()
  return (
    <div className="stack" data-gap="l">
      <PageHeading under={<Trans>Excel hoặc CSV, thứ tự cột tuỳ ý. Xem trước từng dòng; xác nhận rồi mới ghi.</Trans>}>
        <Trans>Nhập tệp</Trans>
      </PageHeading>
      <NewFile />
      <Section title={t`Các tệp đã nhập`}>
        <History />
      </Section>
    </div>
  )
}

/** Sends a file and opens its preview. Other features use it with their own kind and options. */
export function StartImport({ kind, options, disabled }: { kind: string; options: ImportOptions; disabled?: boolean }) {
  const { t } = useLingui()
  const go = useGo()
  const [share, setShare] = useState<number>()
  const [refused, setRefused] = useState<Refusal>()
  const send = async (file: File) => {
    setRefused(undefined)
    setShare(0)
    const answer = await sendFile(uploadPath, file, { kind, options: JSON.stringify(options) }, setShare)
    setShare(undefined)
    if (answer.ok) go(`/nhap-tep/${(answer.value as { runId: string }).runId}`)
    else setRefused(answer)
  }
  return (
    <div className="stack">
      <FileDrop
        label={t`Chọn tệp hoặc thả vào đây`}
        hint={t`.xlsx hoặc .csv, tối đa 60 MB`}
        limitMb={uploadLimitBytes / 1_000_000}
        disabled={disabled || share !== undefined}
        onFile={(file) => void send(file)}
      />
      {share !== undefined && <ProgressBar label={t`Đang gửi tệp`} share={share} />}
      <ErrorSentence refused={refused} words={sayUpload} />
    </div>
  )
}

const newRegister = '+'
function NewFile() {
  const { t } = useLingui()
  const { value } = useAnswer(tops, {})
  const [kind, setKind] = useState<'don-vi' | 'dang-vien'>('don-vi')
  const [register, setRegister] = useState<string>()
  const [registerCode, setRegisterCode] = useState('')
  const [under, setUnder] = useState<{ id: string; name: string; code?: string | undefined }>()
  const [validFrom, setValidFrom] = useState<string>()
  const everywhere = value?.abilities.includes('importEverywhere') ?? false
  const registers = value?.registers ?? []
  const chosen = register ?? registers[0]?.code
  const named = chosen === newRegister ? registerCode.trim() : chosen
  const own = value?.units[0]?.unitId
  const options: ImportOptions = {
    ...(named ? { register: named } : {}),
    ...(kind === 'don-vi' && under?.code ? { under: under.code } : {}),
    ...(validFrom ? { validFrom } : {}),
    // Whoever was given a part of the tree brings files for that part.
    ...(!everywhere && own ? { withinId: own } : {}),
  }
  return (
    <Section title={t`Tệp mới`}>
      <div className={look.kinds}>
        <div className="stack">
          <Choices legend={t`Tệp nói về`}>
            <Choice type="radio" boxed name="kind" checked={kind === 'don-vi'} onChange={() => setKind('don-vi')}>
              <Trans>
                <b>Đơn vị</b>: mã, mã cấp trên, tên, loại
              </Trans>
            </Choice>
            <Choice type="radio" boxed name="kind" checked={kind === 'dang-vien'} onChange={() => setKind('dang-vien')}>
              <Trans>
                <b>Đảng viên</b>: mã số, họ tên, năm sinh, mã đơn vị…
              </Trans>
            </Choice>
          </Choices>
          <div>
            <ButtonLink small icon={<Icon name="download" />} href={fileHref(form, { kind })} download>
              <Trans>Tải mẫu trống</Trans>
            </ButtonLink>
          </div>
          {(registers.length > 1 || (everywhere && registers.length > 0)) && (
            <SelectField
              label={t`Sổ`}
              hint={t`Mã đơn vị chỉ cần không trùng trong một sổ`}
              value={chosen ?? ''}
              onChange={(event) => setRegister(event.target.value)}
              options={[
                ...registers.map(({ code, name }) => ({ value: code, label: name })),
                ...(everywhere && kind === 'don-vi' ? [{ value: newRegister, label: t`Sổ mới…` }] : []),
              ]}
            />
          )}
          {chosen === newRegister && kind === 'don-vi' && (
            <TextField
              label={t`Mã của sổ mới`}
              hint={t`Ngắn, ví dụ hue`}
              value={registerCode}
              onChange={(event) => setRegisterCode(event.target.value)}
            />
          )}
          {kind === 'don-vi' && registers.length > 0 && (
            <OrgTreePicker
              source={unitSource}
              label={t`Gắn vào dưới đơn vị`}
              hint={t`Khi tệp chỉ có một phần cây; để trống nếu tệp có cả gốc`}
              value={under}
              onChange={setUnder}
              clearable
            />
          )}
          <DateField
            label={t`Có hiệu lực từ ngày`}
            hint={t`Để trống: tệp đầu tiên của sổ tính từ trước mọi đợt, các tệp sau tính từ hôm nay`}
            value={validFrom}
            onChange={setValidFrom}
          />
        </div>
        <StartImport kind={kind} options={options} disabled={chosen === newRegister && named === ''} />
      </div>
    </Section>
  )
}

type RunRow = ValueOf<typeof runs>['rows'][number]
function History() {
  const { t } = useLingui()
  const { _ } = useWords()
  const go = useGo()
  const [state, setState] = useTableAddress({ size: 20 })
  const { value, waiting, refreshing, refused, again } = useAnswer(
    runs,
    { page: state.page, size: state.size },
    { everyMs: 5_000 },
  )
  const hrefOf = (row: RunRow) => `/nhap-tep/${row.runId}`
  const columns: Column<RunRow>[] = [
    { key: 'file', header: t`Tệp`, onCard: 'title', cell: (row) => <a href={hrefOf(row)}>{row.fileName}</a> },
    { key: 'kind', header: t`Loại`, cell: (row) => (kindWords[row.kind] ? _(kindWords[row.kind]!) : row.kind) },
    { key: 'at', header: t`Lúc`, cell: (row) => <span className="num">{formatMoment(new Date(row.createdAt))}</span> },
    {
      key: 'state',
      header: t`Tình trạng`,
      cell: (row) => <Status tone={stateWords[row.state].tone}>{_(stateWords[row.state].words)}</Status>,
    },
    {
      key: 'added',
      header: t`Thêm`,
      number: true,
      cell: (row) => (row.summary ? formatCount(row.summary.added) : '–'),
    },
    {
      key: 'changed',
      header: t`Đổi`,
      number: true,
      cell: (row) => (row.summary ? formatCount(row.summary.changed) : '–'),
    },
    {
      key: 'same',
      header: t`Giữ nguyên`,
      number: true,
      cell: (row) => (row.summary ? formatCount(row.summary.unchanged) : '–'),
    },
  ]
  return (
    <DataTable
      label={t`Các tệp đã nhập`}
      columns={columns}
      rows={value?.rows}
      total={value?.total}
      rowKey={(row) => row.runId}
      state={state}
      onState={setState}
      waiting={waiting}
      refreshing={refreshing}
      refused={refused}
      again={again}
      onOpen={(row) => go(hrefOf(row))}
      empty={<Trans>Chưa có tệp nào.</Trans>}
    />
  )
}
