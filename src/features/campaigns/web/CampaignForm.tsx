import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { type FormEvent, useState } from 'react'
import { fold } from '../../../kernel/fold.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { Words } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ButtonLink,
  DateField,
  DateTimeField,
  ErrorSentence,
  Icon,
  keepCampaign,
  OrgTreePicker,
  PageHeading,
  Section,
  say,
  TextArea,
  TextField,
  useCampaign,
  useGo,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { unitSource } from '../../organisation/web/index.ts'
import { CampaignSettings, createCampaign, getCampaign, listCampaigns, metrics, updateCampaign } from '../contract.ts'
import css from './CampaignForm.module.css'
import { type CampaignView, metricWords, sayCreate, sayUpdate } from './words.ts'

type Metric = (typeof metrics)[number]
type Filled = {
  name: string
  code: string
  theme: string
  unit: { id: string; name: string } | undefined
  countsOn: string | undefined
  unitsBelowUntil: string | undefined
  /** As typed: «95» or «72,7». */
  targets: Record<Metric, string>
  deadlines: { key: number; what: string; at: string | undefined }[]
  settings: CampaignSettings
}
const blank: Filled = {
  name: '',
  code: '',
  theme: '',
  unit: undefined,
  countsOn: undefined,
  unitsBelowUntil: undefined,
  targets: { attendedOfSummoned: '', attendedOfInScope: '', coveredOfInScope: '' },
  deadlines: [],
  settings: CampaignSettings.parse({}),
}
const filledFrom = (campaign: CampaignView): Filled => ({
  name: campaign.name,
  code: campaign.code,
  theme: campaign.theme,
  unit: { id: campaign.scopeUnit.unitId, name: campaign.scopeUnit.name },
  countsOn: campaign.countsOn,
  unitsBelowUntil: campaign.unitsBelowUntil,
  targets: Object.fromEntries(
    metrics.map((metric) => [metric, percentOf(campaign.targets.find((target) => target.metric === metric))]),
  ) as Record<Metric, string>,
  deadlines: campaign.deadlines.map(({ what, at }, key) => ({ key, what, at })),
  settings: campaign.settings,
})

const percentOf = (target: { n: number; d: number } | undefined): string =>
  target ? String(Math.round((1000 * target.n) / target.d) / 10).replace('.', ',') : ''
/** «95» is 95/100, «72,7» is 727/1000; nothing typed is no target; anything else is a slip. */
export function readPercent(typed: string): { n: number; d: number } | undefined | 'wrong' {
  const text = typed.trim().replace(/%$/, '').trim()
  if (text === '') return undefined
  const found = /^(\d{1,3})(?:[.,](\d))?$/.exec(text)
  if (!found) return 'wrong'
  const target = found[2] === undefined ? { n: Number(found[1]), d: 100 } : { n: Number(found[1] + found[2]), d: 1000 }
  return target.n > target.d ? 'wrong' : target
}
const targetsOf = (typed: Record<Metric, string>) =>
  metrics.flatMap((metric) => {
    const read = readPercent(typed[metric])
    return read === undefined || read === 'wrong' ? [] : [{ metric, ...read }]
  })
const deadlinesOf = (given: Filled['deadlines']) =>
  given.flatMap(({ what, at }) => (what.trim() && at ? [{ what: what.trim(), at }] : []))
/** «Học tập chuyên đề năm 2027» → «htcdn-2027»; when taken, «htcdn-2027-2». */
function codeFrom(name: string, taken: readonly string[]): string {
  const said = fold(name).match(/[a-z0-9]+/g) ?? []
  const initials = said.filter((word) => !/\d/.test(word)).map((word) => word[0])
  const numbers = said.filter((word) => /\d/.test(word))
  const code = [initials.slice(0, 12).join(''), ...numbers.slice(0, 2)].filter(Boolean).join('-').slice(0, 30)
  if (code === '' || !taken.includes(code)) return code
  const again = Array.from({ length: taken.length + 1 }, (_, at) => `${code}-${at + 2}`)
  return again.find((one) => !taken.includes(one)) ?? code
}

export function NewCampaign() {
  const { t } = useWords()
  const go = useGo()
  const known = useAnswer(listCampaigns, {}).value
  const founding = known?.mayFound
  const create = useOperation(createCampaign)
  const [unit] = founding?.length === 1 ? founding : []
  if (!founding) return <WaitingLines label={t`Đang mở`} />
  const taken = known?.campaigns.map(({ code }) => code) ?? []
  const submit = async ({ unit: scope, targets, deadlines, countsOn, unitsBelowUntil, ...rest }: Filled) => {
    if (!scope) return
    const answer = await create.run({
      ...rest,
      code: rest.code || codeFrom(rest.name, taken),
      scopeUnitId: scope.id,
      ...(countsOn ? { countsOn } : {}),
      ...(unitsBelowUntil ? { unitsBelowUntil } : {}),
      targets: targetsOf(targets),
      deadlines: deadlinesOf(deadlines),
    })
    if (!answer.ok) return
    keepCampaign(answer.value.campaignId)
    say(t`Đã lập đợt học tập.`)
    go(`/dot?dot=${answer.value.campaignId}`)
  }
  return (
    <>
      <PageHeading under={<Trans>Chỉ cần tên và đơn vị chủ trì. Ngày, chỉ tiêu, hạn ghi dần cũng được.</Trans>}>
        <Trans>Lập đợt học tập</Trans>
      </PageHeading>
      <Form
        start={{ ...blank, unit: unit && { id: unit.unitId, name: unit.name } }}
        taken={taken}
        onSubmit={submit}
        doing={create.doing}
        verb={<Trans>Lập đợt học tập</Trans>}
      >
        <ErrorSentence refused={create.refused} words={sayCreate} />
      </Form>
    </>
  )
}

export function EditCampaign() {
  const { t } = useWords()
  const go = useGo()
  const [campaignId] = useCampaign()
  const { value, refused, again } = useAnswer(getCampaign, campaignId ? { campaignId } : undefined)
  const update = useOperation(updateCampaign)
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (!value) return <WaitingLines label={t`Đang mở`} />
  const submit = async (filled: Filled) => {
    const answer = await update.run({
      campaignId: value.campaignId,
      name: filled.name,
      theme: filled.theme,
      ...(filled.countsOn ? { countsOn: filled.countsOn } : {}),
      unitsBelowUntil: filled.unitsBelowUntil ?? null,
      settings: filled.settings,
      targets: targetsOf(filled.targets),
      deadlines: deadlinesOf(filled.deadlines),
    })
    if (!answer.ok) return
    say(t`Đã lưu.`)
    go('/dot')
  }
  return (
    <>
      <PageHeading over={value.code}>
        <Trans>Sửa đợt học tập</Trans>
      </PageHeading>
      <Form
        key={value.campaignId}
        start={filledFrom(value)}
        editing={value}
        onSubmit={submit}
        doing={update.doing}
        verb={<Trans>Lưu</Trans>}
      >
        <ErrorSentence refused={update.refused} words={sayUpdate} />
      </Form>
    </>
  )
}

function Form({
  start,
  editing,
  taken = [],
  onSubmit,
  doing,
  verb,
  children,
}: {
  start: Filled
  editing?: CampaignView
  /** Codes that are other campaigns'. */
  taken?: readonly string[]
  onSubmit: (filled: Filled) => void
  doing: boolean
  verb: React.ReactNode
  children: React.ReactNode
}) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [filled, setFilled] = useState(start)
  const [pressed, setPressed] = useState(false)
  const change = (part: Partial<Filled>) => setFilled((before) => ({ ...before, ...part }))
  const named = filled.name.trim() !== ''
  const wrongTarget = metrics.find((metric) => readPercent(filled.targets[metric]) === 'wrong')
  const halfDeadline = filled.deadlines.find(({ what, at }) => (what.trim() === '') !== (at === undefined))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (named && filled.unit && !wrongTarget && !halfDeadline && !doing) onSubmit(filled)
  }
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <Section title={<Trans>Đợt học tập</Trans>}>
        <div className="stack">
          <TextField
            label={t`Tên đợt`}
            value={filled.name}
            maxLength={300}
            onChange={(event) => change({ name: event.target.value })}
            error={pressed && !named && <Trans>Đồng chí ghi tên đợt, ví dụ «Học tập Nghị quyết Đại hội».</Trans>}
          />
          <TextField
            label={t`Theo văn bản`}
            hint={t`Ví dụ: Kế hoạch số 04-KH/TU ngày 27/11/2020`}
            value={filled.theme}
            maxLength={300}
            onChange={(event) => change({ theme: event.target.value })}
          />
          <div className={css.pair}>
            {editing ? (
              <TextField label={t`Đơn vị chủ trì`} value={editing.scopeUnit.name} readOnly />
            ) : (
              <OrgTreePicker
                source={unitSource}
                label={t`Đơn vị chủ trì`}
                hint={t`Cả các đơn vị bên dưới đều thuộc diện`}
                value={filled.unit}
                onChange={(unit) => change({ unit: unit && { id: unit.id, name: unit.name } })}
                error={pressed && !filled.unit && <Trans>Đồng chí chọn đơn vị chủ trì.</Trans>}
              />
            )}
            <TextField
              label={t`Mã`}
              hint={editing ? undefined : t`Ngắn, không dấu; dùng khi nhập tệp`}
              value={filled.code}
              placeholder={codeFrom(filled.name, taken)}
              readOnly={editing !== undefined}
              maxLength={40}
              onChange={(event) => change({ code: event.target.value.replace(/[^\p{L}\p{N}._-]/gu, '') })}
            />
          </div>
        </div>
      </Section>
      <Section title={<Trans>Ngày và hạn</Trans>}>
        <div className="stack">
          <div className={css.pair}>
            <DateField
              label={t`Ngày tính đầu mối`}
              hint={t`Để trống: lấy ngày của buổi học đầu tiên`}
              value={filled.countsOn}
              disabled={editing?.scopeFixedAt !== undefined}
              onChange={(countsOn) => change({ countsOn })}
            />
            <DateTimeField
              label={t`Hạn cho đơn vị bên dưới`}
              hint={t`Sau giờ này chỉ đơn vị chủ trì thêm hội nghị, điểm cầu`}
              value={filled.unitsBelowUntil}
              onChange={(unitsBelowUntil) => change({ unitsBelowUntil })}
            />
          </div>
          <Deadlines deadlines={filled.deadlines} onChange={(deadlines) => change({ deadlines })} showSlips={pressed} />
        </div>
      </Section>
      <Section title={<Trans>Chỉ tiêu</Trans>} aside={<Trans>mỗi chỉ tiêu một gốc; để trống là không đặt</Trans>}>
        <div className={css.pair}>
          {metrics.map((metric) => (
            <TextField
              key={metric}
              label={`${_(metricWords[metric])} (%)`}
              className="num"
              inputMode="decimal"
              value={filled.targets[metric]}
              onChange={(event) => change({ targets: { ...filled.targets, [metric]: event.target.value } })}
              error={
                readPercent(filled.targets[metric]) === 'wrong' && (
                  <Trans>Ghi một số từ 0 đến 100, nhiều nhất một chữ số thập phân.</Trans>
                )
              }
            />
          ))}
        </div>
      </Section>
      <Seating settings={filled.settings} onChange={(settings) => change({ settings })} />
      {children}
      <div className="row">
        <Button type="submit" look="go" doing={doing}>
          {verb}
        </Button>
        <ButtonLink href={editing ? '/dot' : '/dot/tat-ca'}>
          <Trans>Thôi</Trans>
        </ButtonLink>
      </div>
    </form>
  )
}

function Deadlines({
  deadlines,
  onChange,
  showSlips,
}: {
  deadlines: Filled['deadlines']
  onChange: (deadlines: Filled['deadlines']) => void
  showSlips: boolean
}) {
  const { t } = useWords()
  const change = (key: number, part: Partial<Filled['deadlines'][number]>) =>
    onChange(deadlines.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const nextKey = Math.max(-1, ...deadlines.map(({ key }) => key)) + 1
  return (
    <div className="stack">
      {deadlines.length > 0 && (
        <ul className={css.deadlines}>
          {deadlines.map(({ key, what, at }) => (
            <li key={key}>
              <TextField
                label={t`Việc đến hạn`}
                placeholder={t`Hạn nộp bài thu hoạch`}
                value={what}
                maxLength={200}
                onChange={(event) => change(key, { what: event.target.value })}
                error={showSlips && at && what.trim() === '' && <Trans>Đồng chí ghi tên việc.</Trans>}
              />
              <DateTimeField
                label={t`Hạn`}
                value={at}
                onChange={(next) => change(key, { at: next })}
                error={showSlips && !at && what.trim() !== '' && <Trans>Đồng chí ghi cả giờ và ngày.</Trans>}
              />
              <Button small onClick={() => onChange(deadlines.filter((one) => one.key !== key))}>
                <Trans>Bỏ hạn này</Trans>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button small onClick={() => onChange([...deadlines, { key: nextKey, what: '', at: undefined }])}>
          <Trans>Thêm hạn</Trans>
        </Button>
      </div>
    </div>
  )
}

const orderWords: Record<CampaignSettings['seatOrder'][number], Words> = {
  position: msg`Theo chức vụ`,
  evenly: msg`Chia đều cho các chi bộ`,
  code: msg`Theo mã số`,
}

/** Who goes first where seats are short. */
function Seating({
  settings,
  onChange,
}: {
  settings: CampaignSettings
  onChange: (settings: CampaignSettings) => void
}) {
  const { t } = useWords()
  const { _ } = useLingui()
  const order = settings.seatOrder
  const swap = (at: number, other: number) => {
    const next = [...order]
    ;[next[at], next[other]] = [next[other]!, next[at]!]
    onChange({ ...settings, seatOrder: next })
  }
  return (
    <Section title={<Trans>Khi thiếu ghế</Trans>} aside={<Trans>ai được xếp trước; không theo tuổi, giới</Trans>}>
      <div className="stack">
        <ol className={css.order}>
          {order.map((one, at) => {
            const label = _(orderWords[one])
            return (
              <li key={one}>
                <span className="num second">{at + 1}.</span>
                <span>{label}</span>
                <Button small disabled={at === 0} aria-label={t`${label}: lên trước`} onClick={() => swap(at, at - 1)}>
                  <Icon name="up" />
                </Button>
                <Button
                  small
                  disabled={at === order.length - 1}
                  aria-label={t`${label}: xuống sau`}
                  onClick={() => swap(at, at + 1)}
                >
                  <Icon name="down" />
                </Button>
              </li>
            )
          })}
        </ol>
        <TextArea
          label={t`Thứ tự chức vụ`}
          hint={t`Mỗi dòng một chức vụ, trên xuống dưới`}
          rows={5}
          value={settings.positionOrder.join('\n')}
          onChange={(event) => onChange({ ...settings, positionOrder: event.target.value.split('\n').slice(0, 50) })}
          onBlur={() =>
            onChange({
              ...settings,
              positionOrder: settings.positionOrder.map((one) => one.trim()).filter((one) => one !== ''),
            })
          }
        />
      </div>
    </Section>
  )
}
