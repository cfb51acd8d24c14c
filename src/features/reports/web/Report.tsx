import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount, formatRatio } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { fileHref } from '../../../platform/web/client.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ButtonLink,
  Dialog,
  ErrorSentence,
  Facts,
  Note,
  SelectField,
  Status,
  say,
  TextArea,
  useAddress,
  useCampaign,
  useNarrow,
  useOwnUnit,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import { figureColumns } from './columns.ts'
import { Declared } from './Declared.tsx'
import look from './reports.module.css'
import { type Picked, rowKey, Sheet } from './Sheet.tsx'

export type ReportView = (typeof contract.getReport)['output']['_zod']['output']
const says = {
  scopeNotFixed: msg`Đợt này chưa chốt diện học nên chưa có báo cáo.`,
  unknownVersion: msg`Không có bản này.`,
} satisfies WordsFor<typeof contract.getReport>
const freezeSays = {
  scopeNotFixed: msg`Đợt này chưa chốt diện học.`,
  sumBroken: msg`Có tổng chưa khớp ở {where}, nên chưa chốt được. Chưa có gì được ghi.`,
} satisfies WordsFor<typeof contract.freeze>
const checkWords: Record<ReportView['checks'][number]['check'], Words> = {
  rowsAddUp: msg`Các dòng cộng lại bằng tổng`,
  attendedWithinSummoned: msg`Tham dự ≤ triệu tập ≤ thuộc diện`,
  leftAccounted: msg`Số còn lại đã ghi đủ lý do`,
  ratiosFromCounts: msg`Tỷ lệ tính từ số, không cộng tỷ lệ`,
}

/** Biểu 1: the sheet is the interface; beside it what was checked, versions, exports, and what a figure is made of. */
export function Report() {
  const { t } = useLingui()
  const [campaignId] = useCampaign()
  const [address, change] = useAddress()
  const own = useOwnUnit()
  const unitId = address['don-vi'] ?? own
  const version = address.ban ? Number(address.ban) : undefined
  const { value, waiting, refused, again } = useAnswer(
    contract.getReport,
    campaignId
      ? {
          campaignId: campaignId as never,
          ...(unitId ? { unitId: unitId as never } : {}),
          ...(version ? { version } : {}),
        }
      : undefined,
  )
  if (refused && !value)
    return (
      <>
        <h1>
          <Trans>Báo cáo</Trans>
        </h1>
        <ErrorSentence refused={refused} words={says} again={again} />
      </>
    )
  if (waiting || !value || !campaignId) return <WaitingLines label={t`Đang lập biểu`} lines={8} />
  const [row, column] = (address.so ?? '').split('.')
  const picked = row && column ? { row, column } : undefined
  const pick = (next: Picked | undefined) => change({ so: next ? `${next.row}.${next.column}` : undefined })
  const hrefOf = (to: string) => `/bao-cao?don-vi=${to}${version ? `&ban=${version}` : ''}`
  return (
    <div className={look.room}>
      <div>
        {value.path.length > 1 && (
          <nav aria-label={t`Các cấp trên`}>
            <ol className={look.trail}>
              {value.path.map((step, at) => (
                <li key={step.unitId}>
                  {at === value.path.length - 1 ? (
                    <span aria-current="page">{step.name}</span>
                  ) : at < value.path.findIndex(({ unitId }) => unitId === own) ? (
                    step.name
                  ) : (
                    <a href={hrefOf(step.unitId)}>{step.name}</a>
                  )}
                </li>
              ))}
            </ol>
          </nav>
        )}
        <Sheet report={value} picked={picked} onPick={pick} hrefOf={hrefOf} />
      </div>
      <aside className={`${look.rail} no-print`} aria-label={t`Về biểu này`}>
        {picked ? (
          <Made report={value} picked={picked} onBack={() => pick(undefined)} />
        ) : (
          <Rail
            campaignId={campaignId}
            report={value}
            asking={address.chot !== undefined}
            onAsking={(asking) => change({ chot: asking ? '1' : undefined })}
            onChanged={again}
          />
        )}
      </aside>
    </div>
  )
}

/** What one figure is made of: n, d, base, rule. */
function Made({ report, picked, onBack }: { report: ReportView; picked: Picked; onBack: () => void }) {
  const { t, i18n } = useLingui()
  const { sheet } = report
  const column = figureColumns.find(({ key }) => key === picked.column)
  const rows = sheet.children.length > 0 ? sheet.children : [sheet]
  const one = picked.row === 'tong' ? sheet : rows.find((row) => rowKey(row) === picked.row)
  if (!column || !one) return null
  const of = column.of?.(one)
  const base = of && i18n._(of.base)
  const n = of && formatCount(of.n)
  const d = of && formatCount(of.d)
  const ratio = of && formatRatio(of)
  const name = picked.row === 'tong' ? t`Tổng cộng` : one.unit.name
  const opens = !one.unit.own && sheet.version === null
  return (
    <div className="stack">
      <div>
        <Button look="bare" onClick={onBack}>
          <Trans>‹ Về báo cáo</Trans>
        </Button>
      </div>
      <div>
        <h1 className="second" style={{ fontSize: '17px', fontWeight: 400 }}>
          {name}, {column.group ? `${i18n._(column.group)}, ` : ''}
          {i18n._(column.title)}
        </h1>
        <p className={look.big}>{column.text(one)}</p>
      </div>
      <Facts
        facts={[
          ...(of ? [[t`Trong số`, t`${n} trên ${d} ${base}, bằng ${ratio}`] as [string, string]] : []),
          [t`Cách tính`, i18n._(column.rule)],
          [
            t`Lúc`,
            sheet.version === null
              ? t`đang chạy, ${formatMoment(new Date(sheet.asOf))}`
              : t`chốt ${formatMoment(new Date(sheet.asOf))}, bản ${sheet.version}`,
          ],
        ]}
      />
      {opens && (
        <ButtonLink href={`/so-cai?don-vi=${one.unit.unitId}`}>
          <Trans>Mở sổ cái của đơn vị</Trans>
        </ButtonLink>
      )}
    </div>
  )
}

function Rail({
  campaignId,
  report,
  asking,
  onAsking,
  onChanged,
}: {
  campaignId: string
  report: ReportView
  asking: boolean
  onAsking: (asking: boolean) => void
  onChanged: () => void
}) {
  const { i18n } = useLingui()
  const phone = useNarrow()
  const { sheet } = report
  const unitId = sheet.unit.unitId
  const last = report.versions[0]
  const asOf = formatMoment(new Date(sheet.asOf))
  const moved = formatCount(report.moved)
  const joined = formatCount(report.rollMoved.joined)
  const gone = formatCount(report.rollMoved.gone)
  const mayFreeze = report.abilities.includes('freeze') && !phone
  const hrefOf = (ban?: number) =>
    `/bao-cao?${new URLSearchParams({ 'don-vi': unitId, ...(ban ? { ban: String(ban) } : {}) })}`
  const paperHref = (format: (typeof contract.formats)[number]) =>
    fileHref(contract.paper, {
      campaignId: campaignId as never,
      unitId: unitId as never,
      form: 'bieu-1',
      format,
      ...(sheet.version === null ? { draft: true } : { version: sheet.version }),
    })
  return (
    <>
      <div>
        <h1 style={{ fontSize: '23px' }}>
          {sheet.version === null ? <Trans>Biểu 1, số đang chạy</Trans> : <Trans>Biểu 1, bản {sheet.version}</Trans>}
        </h1>
        <p className="second" style={{ margin: 0 }}>
          {sheet.version === null ? <Trans>Tính lúc {asOf}</Trans> : <Trans>Số liệu chốt lúc {asOf}</Trans>}
        </p>
        {last && sheet.version === null && (
          <p style={{ marginBottom: 0 }}>
            {report.moved === 0 ? (
              <Trans>Chưa số nào đổi từ bản {last.version}.</Trans>
            ) : (
              <Status tone="wait">
                <Trans>
                  {moved} số đã đổi từ bản {last.version}
                </Trans>
              </Status>
            )}
          </p>
        )}
        {sheet.version !== null && (
          <p style={{ marginBottom: 0 }}>
            <a href={hrefOf()}>
              <Trans>Xem số đang chạy</Trans>
            </a>
          </p>
        )}
      </div>
      {mayFreeze && sheet.version === null && (
        <Button look="go" wide onClick={() => onAsking(true)}>
          <Trans>Chốt số liệu</Trans>
        </Button>
      )}
      <section>
        <h2>
          <Trans>Máy đã kiểm tra</Trans>
        </h2>
        <ul className={look.list}>
          {report.checks.map(({ check, holds, where }) => (
            <li key={check}>
              <Status tone={holds ? 'ok' : 'bad'}>
                {i18n._(checkWords[check])}
                {!holds && where ? `: ${where}` : ''}
              </Status>
            </li>
          ))}
        </ul>
        {report.rollMoved.joined + report.rollMoved.gone > 0 && (
          <p className="second">
            <Trans>
              Danh sách thuộc diện tăng {joined}, giảm {gone} so với lúc chốt.
            </Trans>
          </p>
        )}
      </section>
      <section>
        <h2>{sheet.version === null ? <Trans>Xuất bản dự thảo</Trans> : <Trans>Xuất</Trans>}</h2>
        <div className={look.exports}>
          {contract.formats.map((format) => (
            <ButtonLink key={format} href={paperHref(format)} download>
              {format.toUpperCase()}
            </ButtonLink>
          ))}
        </div>
      </section>
      {report.conferences.length > 0 && <Summary campaignId={campaignId} report={report} />}
      <section>
        <h2>
          <Trans>Các bản</Trans>
        </h2>
        {report.versions.length === 0 ? (
          <p className="second">
            <Trans>Chưa chốt bản nào.</Trans>
          </p>
        ) : (
          <ol className={look.versions} reversed>
            {report.versions.map((one, at) => {
              const before = report.versions[at + 1]
              const covered = formatCount(one.covered)
              const more = before && formatCount(Math.abs(one.covered - before.covered))
              return (
                <li key={one.version}>
                  {one.version === sheet.version ? (
                    <strong>
                      <Trans>Bản {one.version}</Trans>
                    </strong>
                  ) : (
                    <a href={hrefOf(one.version)}>
                      <Trans>Bản {one.version}</Trans>
                    </a>
                  )}{' '}
                  · {formatMoment(new Date(one.at))}
                  <div className="second small">
                    <Trans>{covered} người đã học.</Trans>{' '}
                    {before && one.covered > before.covered && (
                      <Trans>
                        Thêm {more} so với bản {before.version}.
                      </Trans>
                    )}
                    {before && one.covered < before.covered && (
                      <Trans>
                        Bớt {more} so với bản {before.version}.
                      </Trans>
                    )}{' '}
                    {one.note}
                  </div>
                </li>
              )
            })}
          </ol>
        )}
      </section>
      <Declared campaignId={campaignId} report={report} onChanged={onChanged} />
      {asking && mayFreeze && (
        <Freeze campaignId={campaignId} report={report} onClose={() => onAsking(false)} onFrozen={onChanged} />
      )}
    </>
  )
}

function Summary({ campaignId, report }: { campaignId: string; report: ReportView }) {
  const { t } = useLingui()
  const [conferenceId, setConferenceId] = useState(report.conferences[0]!.conferenceId)
  return (
    <section>
      <h2>
        <Trans>Tóm tắt hội nghị</Trans>
      </h2>
      <div className="stack" data-gap="s">
        {report.conferences.length > 1 && (
          <SelectField
            label={t`Hội nghị`}
            value={conferenceId}
            onChange={(event) => setConferenceId(event.currentTarget.value)}
            options={report.conferences.map((one) => ({ value: one.conferenceId, label: one.name }))}
          />
        )}
        <div className={look.exports}>
          {contract.formats.map((format) => (
            <ButtonLink
              key={format}
              download
              href={fileHref(contract.paper, {
                campaignId: campaignId as never,
                unitId: report.sheet.unit.unitId as never,
                form: 'tom-tat',
                format,
                conferenceId: conferenceId as never,
              })}
            >
              {format.toUpperCase()}
            </ButtonLink>
          ))}
        </div>
      </div>
    </section>
  )
}

/** Three sums and the note; what is frozen stays as it is, a later version may say more. */
function Freeze({
  campaignId,
  report,
  onClose,
  onFrozen,
}: {
  campaignId: string
  report: ReportView
  onClose: () => void
  onFrozen: () => void
}) {
  const { t, i18n } = useLingui()
  const [note, setNote] = useState('')
  const freeze = useOperation(contract.freeze, { refresh: 'all' })
  const { sheet, versions } = report
  const broken = report.checks.some(({ holds }) => !holds)
  const next = (versions[0]?.version ?? 0) + 1
  const inScope = formatCount(sheet.inScope)
  const covered = formatCount(sheet.covered)
  const left = formatCount(sheet.left)
  const run = async () => {
    const done = await freeze.run({ campaignId: campaignId as never, note: note.trim() })
    if (!done.ok) return
    say(t`Đã chốt bản ${done.value.version}.`)
    onClose()
    onFrozen()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Chốt số liệu, bản ${next}`}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Để sau</Trans>
          </Button>
          <Button look="go" onClick={run} doing={freeze.doing} disabled={broken || note.trim() === ''}>
            <Trans>Chốt bản {next}</Trans>
          </Button>
        </>
      }
    >
      <p>
        <Trans>
          {inScope} người thuộc diện = {covered} đã học + {left} còn lại.
        </Trans>
      </p>
      <ul className={look.list}>
        {report.checks.map(({ check, holds, where }) => (
          <li key={check}>
            <Status tone={holds ? 'ok' : 'bad'}>
              {i18n._(checkWords[check])}
              {!holds && where ? `: ${where}` : ''}
            </Status>
          </li>
        ))}
      </ul>
      {sheet.reasons.awaiting > 0 && (
        <Note tone="wait">
          <Trans>Còn người chờ hội nghị chưa kết thúc. Vẫn chốt được; bản sau sẽ ghi thêm.</Trans>
        </Note>
      )}
      <TextArea
        label={t`Ghi chú của bản này`}
        hint={t`Ví dụ: số liệu sau đợt học bù thứ nhất`}
        value={note}
        maxLength={500}
        rows={2}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <ErrorSentence refused={freeze.refused} words={freezeSays} />
    </Dialog>
  )
}
