import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useId, useState } from 'react'
import { type Column, DataTable, type TableState } from './DataTable.tsx'
import { Button } from './light/Button.tsx'
import { Icon } from './light/Icon.tsx'
import { say } from './light/Toasts.tsx'

/** Takes a file, or `many`, dropped or chosen. What one is gets judged by the server, not by its name. */
export function FileDrop({
  label,
  hint,
  accept = '.csv,.xlsx,.txt',
  limitMb,
  many = false,
  onFile,
  disabled,
}: {
  label: ReactNode
  hint?: ReactNode
  accept?: string
  limitMb?: number
  many?: boolean
  onFile: (file: File) => void
  disabled?: boolean
}) {
  const id = useId()
  const [over, setOver] = useState(false)
  const [tooBig, setTooBig] = useState<string>()
  const take = (files: FileList | null) => {
    if (!files?.length || disabled) return
    const given = many ? [...files] : [files[0]!]
    const isBig = ({ size }: File) => limitMb !== undefined && size > limitMb * 1_000_000
    setTooBig(given.find(isBig)?.name)
    for (const file of given) if (!isBig(file)) onFile(file)
  }
  return (
    <div>
      <label
        className="file-drop"
        htmlFor={id}
        data-over={over ? '' : undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          take(event.dataTransfer.files)
        }}
      >
        <Icon name="upload" />
        <span className="file-drop-label">{label}</span>
        {hint && <span className="second small">{hint}</span>}
        <input
          id={id}
          className="sr"
          type="file"
          multiple={many}
          accept={accept}
          disabled={disabled}
          onChange={(event) => {
            take(event.target.files)
            event.target.value = ''
          }}
        />
      </label>
      {tooBig !== undefined && (
        <div className="field-error" role="alert">
          <Trans>
            Tệp {tooBig} lớn hơn {limitMb} MB nên chưa gửi. Đồng chí tách thành nhiều tệp.
          </Trans>
        </div>
      )}
    </div>
  )
}

export type FileProblem = {
  line: number
  column?: string | undefined
  value?: string | undefined
  /** The sentence, already in the reader's language. */
  words: string
  suggestion?: string | undefined
}

/** What is wrong in a file, line by line, with what would do instead. */
export function ProblemList({
  problems,
  total,
  state,
  onState,
  waiting,
  empty,
}: {
  problems: readonly FileProblem[] | undefined
  total?: number | undefined
  state?: TableState
  onState?: (state: TableState) => void
  waiting?: boolean
  empty?: ReactNode
}) {
  const { t } = useLingui()
  const columns: Column<FileProblem>[] = [
    { key: 'line', header: t`Dòng`, number: true, width: '5rem', cell: ({ line }) => (line === 0 ? '–' : line) },
    { key: 'column', header: t`Cột`, cell: ({ column }) => column ?? '' },
    { key: 'value', header: t`Trong tệp`, cell: ({ value }) => (value === undefined ? '' : <q>{value}</q>) },
    { key: 'words', header: t`Vấn đề`, onCard: 'title', cell: ({ words }) => words },
    { key: 'suggestion', header: t`Có thể là`, cell: ({ suggestion }) => suggestion ?? '' },
  ]
  return (
    <DataTable
      label={t`Các chỗ cần sửa trong tệp`}
      columns={columns}
      rows={problems}
      total={total}
      rowKey={(problem) => `${problem.line} ${problem.column ?? ''} ${problem.words}`}
      empty={empty ?? <Trans>Không có chỗ nào cần sửa.</Trans>}
      {...(state ? { state } : {})}
      {...(onState ? { onState } : {})}
      {...(waiting ? { waiting } : {})}
    />
  )
}

/** Copies and says so. Where the browser forbids it, the text is shown to be copied by hand. */
export function CopyButton({ text, children, small }: { text: string; children?: ReactNode; small?: boolean }) {
  const { t } = useLingui()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      say(t`Đã chép`)
    } catch {
      prompt(t`Trình duyệt chưa cho chép. Đồng chí chép từ ô này:`, text)
    }
  }
  return (
    <Button icon={<Icon name="copy" />} small={!!small} onClick={copy}>
      {children ?? t`Chép`}
    </Button>
  )
}

export const PrintButton = ({ children, small }: { children?: ReactNode; small?: boolean }) => (
  <Button icon={<Icon name="print" />} small={!!small} onClick={() => print()}>
    {children ?? <Trans>In</Trans>}
  </Button>
)
