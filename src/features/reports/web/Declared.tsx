import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { useOperation } from '../../../platform/web/answers.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import { Button, Dialog, ErrorSentence, SelectField, say, TextField } from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import type { ReportView } from './Report.tsx'
import look from './reports.module.css'

const kindWords: Record<(typeof contract.countKinds)[number], Words> = {
  persons: msg`người`,
  attendances: msg`lượt người`,
  events: msg`cuộc`,
  items: msg`tin, bài`,
}
const says = {} satisfies WordsFor<typeof contract.declareTotal>

/** Totals a unit typed itself: shown apart, never added to the sheet. */
export function Declared({
  campaignId,
  report,
  onChanged,
}: {
  campaignId: string
  report: ReportView
  onChanged: () => void
}) {
  const { t, i18n } = useLingui()
  const [adding, setAdding] = useState(false)
  const remove = useOperation(contract.removeDeclared)
  const may = report.abilities.includes('declareTotal')
  if (report.declared.length === 0 && !may) return null
  return (
    <section>
      <h2>
        <Trans>Đơn vị tự khai</Trans>
      </h2>
      <p className="second small">
        <Trans>Để riêng, không cộng vào biểu.</Trans>
      </p>
      <ul className={look.versions}>
        {report.declared.map((one) => {
          const kind = i18n._(kindWords[one.countKind as keyof typeof kindWords])
          return (
            <li key={one.declaredId}>
              {one.what}: <strong className="num">{formatCount(one.count)}</strong> {kind}
              <div className="second small">
                <Trans>
                  {one.unit}, theo {one.source}
                </Trans>
              </div>
              {report.abilities.includes('removeDeclared') && (
                <Button
                  look="bare"
                  small
                  doing={remove.doing}
                  onClick={async () => {
                    const done = await remove.run({
                      unitId: report.sheet.unit.unitId as never,
                      declaredId: one.declaredId as never,
                    })
                    if (done.ok) onChanged()
                  }}
                >
                  <Trans>Bỏ số này</Trans>
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      <ErrorSentence refused={remove.refused} />
      {may && (
        <Button small onClick={() => setAdding(true)}>
          <Trans>Khai thêm một số</Trans>
        </Button>
      )}
      {adding && (
        <Declare
          campaignId={campaignId}
          unitId={report.sheet.unit.unitId}
          title={t`Số do ${report.sheet.unit.name} tự khai`}
          onClose={() => setAdding(false)}
          onDone={onChanged}
        />
      )}
    </section>
  )
}

function Declare({
  campaignId,
  unitId,
  title,
  onClose,
  onDone,
}: {
  campaignId: string
  unitId: string
  title: string
  onClose: () => void
  onDone: () => void
}) {
  const { t, i18n } = useLingui()
  const declare = useOperation(contract.declareTotal)
  const [what, setWhat] = useState('')
  const [count, setCount] = useState('')
  const [kind, setKind] = useState<(typeof contract.countKinds)[number]>('persons')
  const [source, setSource] = useState('')
  const number = Number(count.replace(/[.\s]/g, ''))
  const ready = what.trim() !== '' && source.trim() !== '' && count.trim() !== '' && Number.isInteger(number)
  const run = async () => {
    const done = await declare.run({
      campaignId: campaignId as never,
      unitId: unitId as never,
      what: what.trim(),
      count: number,
      countKind: kind,
      source: source.trim(),
    })
    if (!done.ok) return
    say(t`Đã ghi số tự khai.`)
    onClose()
    onDone()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Để sau</Trans>
          </Button>
          <Button look="go" onClick={run} doing={declare.doing} disabled={!ready}>
            <Trans>Ghi số</Trans>
          </Button>
        </>
      }
    >
      <TextField
        label={t`Khai về việc gì`}
        hint={t`Ví dụ: hội nghị tuyên truyền ở cơ sở`}
        value={what}
        maxLength={200}
        onChange={(event) => setWhat(event.currentTarget.value)}
      />
      <TextField
        label={t`Con số`}
        inputMode="numeric"
        value={count}
        onChange={(event) => setCount(event.currentTarget.value)}
      />
      <SelectField
        label={t`Đếm gì`}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as typeof kind)}
        options={contract.countKinds.map((one) => ({ value: one, label: i18n._(kindWords[one]) }))}
      />
      <TextField
        label={t`Theo nguồn nào`}
        hint={t`Ví dụ: báo cáo số 12-BC/ĐU`}
        value={source}
        maxLength={300}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      <ErrorSentence refused={declare.refused} words={says} />
    </Dialog>
  )
}
