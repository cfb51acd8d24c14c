import { msg } from '@lingui/core/macro'
import { useLingui as useWords } from '@lingui/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatDay } from '../../../kernel/time.ts'
import * as imports from '../../../platform/imports.ts'
import { sayImport } from '../../../platform/importWords.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ButtonLink,
  ErrorSentence,
  Facts,
  Note,
  PageHeading,
  ProblemList,
  ProgressBar,
  Section,
  SelectField,
  type TableState,
  TabPanel,
  Tabs,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { stateWords } from './Imports.tsx'
import look from './organisation.module.css'
import { kindWords } from './words.ts'

const sayRun = {
  notNow: msg`Tệp đang ở bước khác. Trang sẽ tự cập nhật.`,
  badOptions: msg`Lựa chọn kèm tệp chưa đúng. Đồng chí xem lại.`,
  hasProblems: msg`Còn chỗ cần sửa nên chưa ghi được.`,
} satisfies WordsFor<typeof imports.recheck> & WordsFor<typeof imports.confirm> & WordsFor<typeof imports.cancel>

type Asks = {
  register?: { code: string; name: string; isNew: boolean }
  validFrom?: string
  levels?: { word: string; count: number; level: string; by: string }[]
  levelNames?: string[]
  moved?: number
  exempt?: number
  exemptionsEnding?: number
}
const asksOf = (run: imports.Run) => (run.preview?.asks ?? {}) as Asks
/** Words no scheme knows and nobody has placed yet: asked about before the file is written. */
const guessedLevels = (run: imports.Run) =>
  run.state === 'checked' ? (asksOf(run).levels ?? []).filter(({ by }) => by === 'new').length : 0
/** What a file said is kept until its run ends, and no longer. */
const isOpen = ({ state }: imports.Run) => state === 'checked' || state === 'failed'
const underWay = (state: imports.ImportState) => state === 'uploaded' || state === 'checking' || state === 'applying'

/** One file from what was found in it to what became of it. */
export function ImportRun({ run: runId }: { run: string }) {
  const { t } = useLingui()
  const [busy, setBusy] = useState(true)
  const {
    value: run,
    waiting,
    refused,
    again,
  } = useAnswer(imports.run, { runId }, { everyMs: busy ? 600 : 0, staleMs: 0, keep: false })
  if (run && busy !== underWay(run.state)) setBusy(underWay(run.state))
  if (waiting) return <WaitingLines label={t`Đang mở tệp`} />
  if (!run) return <ErrorSentence refused={refused} again={again} />
  const { preview } = run
  return (
    <div className="stack" data-gap="l">
      <Heading run={run} />
      {underWay(run.state) && <UnderWay run={run} />}
      {!underWay(run.state) && preview && (
        <>
          <Acts run={run} />
          {guessedLevels(run) > 0 && <Levels key={preview.rowCount} run={run} />}
          {isOpen(run) && preview.problemCount + preview.remarkCount > 0 && <Findings run={run} />}
          <FoundOut run={run} />
          {run.state === 'checked' && guessedLevels(run) === 0 && asksOf(run).levels && <Levels run={run} />}
          {preview.rows.length > 0 && <FirstRows preview={preview} />}
        </>
      )}
      {!underWay(run.state) && !preview && <Again />}
    </div>
  )
}

function Heading({ run }: { run: imports.Run }) {
  const { t, i18n } = useLingui()
  const { _ } = useWords()
  const count = formatCount(run.preview?.problemCount ?? 0)
  const { added = 0, changed = 0, unchanged = 0 } = run.preview?.summary ?? {}
  const nothing = added + changed === 0
  const kind = kindWords[run.kind] ? _(kindWords[run.kind]!) : run.kind
  const title = () => {
    if (run.state === 'done')
      return nothing ? t`Không có gì thay đổi` : t`Đã ghi ${formatCount(added)} dòng mới, đổi ${formatCount(changed)}`
    if (run.state !== 'checked') return _(stateWords[run.state].words)
    if (run.preview?.refused) return t`Tệp này không đọc được`
    if ((run.preview?.problemCount ?? 0) > 0) return t`Còn ${count} chỗ cần sửa, chưa ghi gì`
    return nothing
      ? t`Tệp không đổi gì so với sổ`
      : t`Tệp sẵn sàng: thêm ${formatCount(added)}, đổi ${formatCount(changed)}`
  }
  const same = formatCount(unchanged)
  return (
    <PageHeading
      over={<a href="/nhap-tep">{t`Nhập tệp`}</a>}
      under={
        <>
          {kind} · {run.fileName}
          {run.preview?.summary && unchanged > 0 && <Trans> · giữ nguyên {same}</Trans>}
          {run.because && <div>{sayImport({ word: run.because }, i18n.locale === 'en' ? 'en' : 'vi')}</div>}
        </>
      }
    >
      {title()}
    </PageHeading>
  )
}

function UnderWay({ run }: { run: imports.Run }) {
  const { t } = useLingui()
  const { done, total } = run.progress
  const cancel = useOperation(imports.cancel)
  return (
    <div className="stack" style={{ maxWidth: '40rem' }}>
      <ProgressBar
        label={run.state === 'applying' ? t`Đang ghi vào sổ` : t`Đang đọc và đối chiếu từng dòng`}
        share={total > 0 ? done / total : undefined}
        words={total > 0 ? `${formatCount(done)} / ${formatCount(total)}` : undefined}
      />
      <p className="second">
        {run.state === 'applying' ? (
          <Trans>Ghi tất cả hoặc không ghi gì. Huỷ lúc này thì sổ vẫn như cũ.</Trans>
        ) : (
          <Trans>Chưa có gì được ghi. Có thể rời trang rồi quay lại.</Trans>
        )}
      </p>
      <div>
        <Button doing={cancel.doing} onClick={() => void cancel.run({ runId: run.runId })}>
          <Trans>Huỷ</Trans>
        </Button>
      </div>
      <ErrorSentence refused={cancel.refused} words={sayRun} />
    </div>
  )
}
const Again = () => (
  <div>
    <ButtonLink href="/nhap-tep">
      <Trans>Nhập tệp khác</Trans>
    </ButtonLink>
  </div>
)

function Acts({ run }: { run: imports.Run }) {
  const { runId } = run
  const confirm = useOperation(imports.confirm)
  const cancel = useOperation(imports.cancel)
  const recheck = useOperation(imports.recheck)
  if (!isOpen(run))
    return (
      <div className="row">
        {run.state === 'done' && run.kind === 'don-vi' && (
          <ButtonLink look="go" href="/to-chuc">
            <Trans>Mở cây tổ chức</Trans>
          </ButtonLink>
        )}
        {run.state === 'done' && run.kind === 'dang-vien' && (
          <ButtonLink look="go" href="/dang-vien">
            <Trans>Mở danh sách đảng viên</Trans>
          </ButtonLink>
        )}
        <Again />
      </div>
    )
  const ready = run.state === 'checked' && run.preview?.problemCount === 0
  const { added = 0, changed = 0, missing = 0 } = run.preview?.summary ?? {}
  const rows = formatCount(added + changed)
  const left = formatCount(missing)
  const guessed = guessedLevels(run)
  return (
    <div className="stack">
      {ready && guessed > 0 && (
        <Note>
          <Trans>
            {guessed} loại đơn vị chưa gặp bao giờ. Nếu để vậy, mỗi loại thành một cấp mới; đồng chí xem bảng dưới.
          </Trans>
        </Note>
      )}
      {ready && missing > 0 && (
        <Note tone="still">
          <Trans>{left} mục có trong sổ mà không có trong tệp; giữ nguyên, xem ở phần «Nên biết».</Trans>
        </Note>
      )}
      <div className="row">
        {ready && (
          <Button look="go" doing={confirm.doing} onClick={() => void confirm.run({ runId })}>
            {added + changed > 0 ? <Trans>Ghi {rows} dòng vào sổ</Trans> : <Trans>Ghi nhận, không đổi gì</Trans>}
          </Button>
        )}
        {!ready && (
          <Button doing={recheck.doing} onClick={() => void recheck.run({ runId })}>
            <Trans>Kiểm tra lại</Trans>
          </Button>
        )}
        <Button doing={cancel.doing} onClick={() => void cancel.run({ runId })}>
          <Trans>Huỷ tệp này</Trans>
        </Button>
        {!ready && (
          <ButtonLink href="/nhap-tep">
            <Trans>Nhập tệp đã sửa</Trans>
          </ButtonLink>
        )}
      </div>
      <ErrorSentence refused={confirm.refused ?? cancel.refused ?? recheck.refused} words={sayRun} />
    </div>
  )
}

const another = '+'
/** Words of «Loại» and the level each becomes; what was guessed is asked about first. */
function Levels({ run }: { run: imports.Run }) {
  const { t } = useLingui()
  const { levels = [], levelNames = [] } = asksOf(run)
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const recheck = useOperation(imports.recheck)
  const guessed = guessedLevels(run)
  const before = (run.options.levels ?? {}) as Record<string, string>
  const how: Record<string, string> = {
    name: t`đúng tên cấp`,
    remembered: t`như lần trước`,
    chosen: t`đồng chí chọn`,
    depth: t`theo bậc trong cây`,
    new: t`cấp mới`,
  }
  return (
    <Section
      title={t`Loại đơn vị trong tệp là cấp nào`}
      aside={guessed > 0 ? t`${guessed} loại chưa gặp, xin xem lại` : t`Đã hiểu hết`}
    >
      <div className={look.scroll}>
        <table className={`plain-table ${look.levels}`}>
          <thead>
            <tr>
              <th>{t`Trong tệp`}</th>
              <th className="n">{t`Số đơn vị`}</th>
              <th>{t`Là cấp`}</th>
              <th>{t`Vì`}</th>
            </tr>
          </thead>
          <tbody>
            {levels.map(({ word, count, level, by }) => {
              const shown = word || t`(để trống)`
              return (
                <tr key={word}>
                  <td>{shown}</td>
                  <td className="n num">{formatCount(count)}</td>
                  <td>
                    {word === '' ? (
                      level
                    ) : (
                      <SelectField
                        label={t`Cấp của «${shown}»`}
                        hideLabel
                        value={chosen[word] ?? level}
                        onChange={(event) =>
                          setChosen({ ...chosen, [word]: event.target.value === another ? word : event.target.value })
                        }
                        options={[
                          ...levelNames.map((name) => ({ value: name, label: name })),
                          ...(levelNames.includes(word) ? [] : [{ value: another, label: t`Cấp mới tên «${word}»` }]),
                        ]}
                      />
                    )}
                  </td>
                  <td className="second">{how[by] ?? by}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {Object.keys(chosen).length > 0 && (
        <div className="row" style={{ marginTop: '0.8rem' }}>
          <Button
            doing={recheck.doing}
            onClick={() =>
              void recheck.run({ runId: run.runId, options: { ...run.options, levels: { ...before, ...chosen } } })
            }
          >
            <Trans>Dùng các cấp đã chọn</Trans>
          </Button>
        </div>
      )}
      <ErrorSentence refused={recheck.refused} words={sayRun} />
    </Section>
  )
}

function Findings({ run }: { run: imports.Run }) {
  const { t, i18n } = useLingui()
  const { problemCount = 0, remarkCount = 0 } = run.preview ?? {}
  const [which, setWhich] = useState<'problems' | 'remarks'>(problemCount > 0 ? 'problems' : 'remarks')
  const [state, setState] = useState<TableState>({ page: 1, size: 20 })
  const { value, waiting } = useAnswer(
    imports.problems,
    { runId: run.runId, which, page: state.page, size: state.size },
    { staleMs: 0 },
  )
  const recheck = useOperation(imports.recheck)
  const language = i18n.locale === 'en' ? 'en' : 'vi'
  const large = which === 'problems' && value?.rows.find(({ word }) => word === 'largeChange' || word === 'largeMove')
  return (
    <Section title={t`Từng dòng`}>
      <Tabs
        name="findings"
        label={t`Từng dòng`}
        value={which}
        onChange={(key) => {
          setWhich(key as 'problems')
          setState({ ...state, page: 1 })
        }}
        tabs={[
          { key: 'problems', label: t`Cần sửa`, count: formatCount(problemCount) },
          { key: 'remarks', label: t`Nên biết`, count: formatCount(remarkCount) },
        ]}
      />
      <TabPanel name="findings" value={which}>
        {large && (
          <Note>
            <div className="row" data-spread="">
              <span>{sayImport(plain(large), language)}</span>
              <Button
                doing={recheck.doing}
                onClick={() =>
                  void recheck.run({ runId: run.runId, options: { ...run.options, confirmLargeChange: true } })
                }
              >
                <Trans>Đúng ý, cứ đổi</Trans>
              </Button>
            </div>
          </Note>
        )}
        <ErrorSentence refused={recheck.refused} words={sayRun} />
        <ProblemList
          problems={value?.rows.map((problem) => ({
            line: problem.line,
            column: problem.column,
            value: problem.value,
            suggestion: problem.suggestion,
            words: sayImport(plain(problem), language),
          }))}
          total={value?.total}
          state={state}
          onState={setState}
          waiting={waiting}
          empty={which === 'problems' ? <Trans>Không có chỗ nào cần sửa.</Trans> : <Trans>Không có gì thêm.</Trans>}
        />
      </TabPanel>
    </Section>
  )
}
const plain = ({ word, column, value, params }: imports.Problem) => ({
  word,
  ...(column === undefined ? {} : { column }),
  ...(value === undefined ? {} : { value }),
  ...(params === undefined ? {} : { params }),
})

const encodingNames: Record<string, string> = {
  'utf-8': 'Unicode (UTF-8)',
  'utf-16le': 'Unicode (UTF-16)',
  'utf-16be': 'Unicode (UTF-16 BE)',
  'windows-1258': 'Windows-1258',
  tcvn3: 'TCVN3 (ABC, .VnTime)',
  vni: 'VNI',
}
function FoundOut({ run }: { run: imports.Run }) {
  const { t } = useLingui()
  const preview = run.preview!
  const asks = asksOf(run)
  const recheck = useOperation(imports.recheck)
  const open = isOpen(run)
  const read = (reading: imports.Reading) =>
    void recheck.run({ runId: run.runId, reading: { ...run.reading, ...reading } })
  const delimiters: Record<string, string> = { ',': t`dấu phẩy`, ';': t`dấu chấm phẩy`, '\t': t`dấu tab` }
  const facts: [React.ReactNode, React.ReactNode][] = []
  if (asks.register)
    facts.push([
      t`Vào sổ`,
      asks.register.isNew ? t`${asks.register.name} (sổ mới, mã ${asks.register.code})` : asks.register.name,
    ])
  if (asks.validFrom) facts.push([t`Có hiệu lực từ`, formatDay(asks.validFrom)])
  if (asks.moved) facts.push([t`Chuyển sinh hoạt`, formatCount(asks.moved)])
  if (asks.exempt) facts.push([t`Được miễn trong tệp`, formatCount(asks.exempt)])
  if (asks.exemptionsEnding) facts.push([t`Hết miễn`, formatCount(asks.exemptionsEnding)])
  if (preview.format) facts.push([t`Dạng tệp`, preview.format === 'xlsx' ? 'Excel' : 'CSV'])
  if (preview.sheet)
    facts.push([
      t`Trang tính`,
      open && (preview.sheets?.length ?? 0) > 1 ? (
        <SelectField
          key="sheet"
          label={t`Trang tính`}
          hideLabel
          value={preview.sheet}
          onChange={(event) => read({ sheet: event.target.value })}
          options={preview.sheets!.map((name) => ({ value: name, label: name }))}
        />
      ) : (
        preview.sheet
      ),
    ])
  if (preview.encoding)
    facts.push([
      t`Bảng mã chữ`,
      open ? (
        <SelectField
          key="encoding"
          label={t`Bảng mã chữ`}
          hideLabel
          value={preview.encoding}
          onChange={(event) => read({ encoding: event.target.value as NonNullable<imports.Reading['encoding']> })}
          options={Object.entries(encodingNames).map(([value, label]) => ({ value, label }))}
        />
      ) : (
        (encodingNames[preview.encoding] ?? preview.encoding)
      ),
    ])
  if (preview.delimiter)
    facts.push([
      t`Ngăn cách cột`,
      open ? (
        <SelectField
          key="delimiter"
          label={t`Ngăn cách cột`}
          hideLabel
          value={preview.delimiter}
          onChange={(event) => read({ delimiter: event.target.value as NonNullable<imports.Reading['delimiter']> })}
          options={Object.entries(delimiters).map(([value, label]) => ({ value, label }))}
        />
      ) : (
        (delimiters[preview.delimiter] ?? preview.delimiter)
      ),
    ])
  if (preview.headerLine) facts.push([t`Dòng tiêu đề`, preview.headerLine])
  if (preview.columns) {
    facts.push([t`Cột nhận ra`, preview.columns.matched.map(({ header }) => header).join(', ')])
    if (preview.columns.unknown.length > 0) facts.push([t`Cột để sang bên`, preview.columns.unknown.join(', ')])
    if (preview.columns.missing.length > 0) facts.push([t`Cột không có trong tệp`, preview.columns.missing.join(', ')])
  }
  facts.push([t`Số dòng`, formatCount(preview.rowCount)])
  return (
    <Section title={t`Đọc được từ tệp`}>
      <div className={look.facts}>
        <Facts facts={facts} />
      </div>
      <ErrorSentence refused={recheck.refused} words={sayRun} />
    </Section>
  )
}

function FirstRows({ preview }: { preview: imports.Preview }) {
  const { t } = useLingui()
  const columns = preview.columns?.matched ?? []
  return (
    <Section title={t`Những dòng đầu`} aside={t`Như hệ thống đọc được`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard too */}
      <section className={look.scroll} aria-label={t`Những dòng đầu của tệp`} tabIndex={0}>
        <table className="plain-table">
          <thead>
            <tr>
              <th className="n">{t`Dòng`}</th>
              {columns.map(({ key, header }) => (
                <th key={key}>{header}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.slice(0, 10).map((row) => (
              <tr key={row.line}>
                <td className="n num">{row.line}</td>
                {columns.map(({ key }) => (
                  <td key={key}>{row.cells[key]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Section>
  )
}
