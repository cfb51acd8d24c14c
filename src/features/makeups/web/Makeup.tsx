import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatClock, formatDay, formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ConfirmDialog,
  DataTable,
  ErrorSentence,
  Facts,
  Note,
  PageHeading,
  SearchField,
  Section,
  SelectField,
  Status,
  say,
  type TableState,
  TextField,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import look from './makeups.module.css'
import { stateWords } from './words.ts'

type One = (typeof contract.getMakeup)['output']['_zod']['output']
type Booked = (typeof contract.roster)['output']['_zod']['output']['rows'][number]
const rollSays = {
  otherConference: msg`Mốc này không thuộc buổi học bù.`,
  paperOnly: msg`Buổi có nội dung mật, chỉ điểm danh trên giấy.`,
  notYet: msg`Chưa đến giờ điểm danh.`,
  unknownPerson: msg`Có người không còn trong danh sách. Hãy tải lại trang.`,
} satisfies WordsFor<typeof contract.takeRoll>
const closeSays = {
  closed: msg`Buổi đã kết thúc từ trước.`,
  notYet: msg`Buổi chưa diễn ra nên chưa kết thúc được.`,
} satisfies WordsFor<typeof contract.closeMakeup>

/** One make-up: where its people come from, their names for those who may see them, attendance by list. */
export function Makeup({ makeup: makeupId }: { makeup: string }) {
  const { t, i18n } = useLingui()
  const { value, waiting, refused, again } = useAnswer(contract.getMakeup, { makeupId: makeupId as never })
  const [closing, setClosing] = useState(false)
  const close = useOperation(contract.closeMakeup, { refresh: 'all' })
  if (waiting) return <WaitingLines label={t`Đang lấy buổi học bù`} />
  if (!value) return <ErrorSentence refused={refused} again={again} />
  const may = (verb: string) => value.abilities.includes(verb)
  const starts = new Date(value.startsAt)
  const present = formatCount(value.present)
  const booked = formatCount(value.booked)
  return (
    <>
      <PageHeading
        over={<a href="/hoc-bu?xem=danh-sach">{t`Các buổi học bù`}</a>}
        under={
          <Trans>
            {present} người có mặt trên {booked} người đã xếp chỗ.
          </Trans>
        }
        side={
          may('closeMakeup') && value.state !== 'closed' ? (
            <Button onClick={() => setClosing(true)}>
              <Trans>Kết thúc buổi</Trans>
            </Button>
          ) : undefined
        }
      >
        {value.name}
      </PageHeading>
      <ErrorSentence refused={close.refused} words={closeSays} />
      <div className={look.two}>
        <Section title={<Trans>Buổi học</Trans>}>
          <Facts
            facts={[
              [
                t`Tình trạng`,
                <Status key="s" tone={value.state === 'closed' ? 'off' : 'ok'}>
                  {i18n._(stateWords[value.state])}
                </Status>,
              ],
              [t`Đơn vị tổ chức`, value.unit.name],
              [t`Lúc`, `${formatClock(starts)}–${formatClock(new Date(value.endsAt))} ${formatDay(starts)}`],
              [t`Nơi học`, value.sites.map(({ name }) => name).join(', ') || t`Phòng của đơn vị`],
              [t`Số ghế`, value.seats > 0 ? formatCount(value.seats) : '–'],
              [t`Mã`, value.code],
            ]}
          />
        </Section>
        <Section title={<Trans>Người học đến từ đâu</Trans>}>
          <DataTable
            label={t`Theo đơn vị cơ sở`}
            rows={value.units}
            rowKey={(row) => row.unitId}
            columns={[
              { key: 'name', header: t`Đơn vị`, cell: (row) => row.name, onCard: 'title' },
              { key: 'booked', header: t`Đã xếp`, number: true, cell: (row) => formatCount(row.booked) },
              { key: 'present', header: t`Có mặt`, number: true, cell: (row) => formatCount(row.present) },
            ]}
            empty={<Trans>Chưa xếp ai.</Trans>}
          />
        </Section>
      </div>
      {may('roster') && value.booked > 0 && <Roster makeup={value} mayTake={may('takeRoll')} onTaken={again} />}
      <ConfirmDialog
        open={closing}
        title={t`Kết thúc buổi học bù`}
        verb={t`Kết thúc buổi`}
        doing={close.doing}
        onClose={() => setClosing(false)}
        onConfirm={async () => {
          const done = await close.run({ makeupId: makeupId as never })
          setClosing(false)
          if (done.ok) say(t`Đã kết thúc buổi học bù.`)
        }}
      >
        <Trans>Ai chưa có mặt trở lại diện còn phải học. Điểm danh bằng danh sách giấy vẫn ghi thêm được.</Trans>
      </ConfirmDialog>
    </>
  )
}

function Roster({ makeup, mayTake, onTaken }: { makeup: One; mayTake: boolean; onTaken: () => void }) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const [why, setWhy] = useState<string>()
  const [find, setFind] = useState('')
  const [state, setState] = useState<TableState>({ page: 1, size: 200 })
  const [absent, setAbsent] = useState<ReadonlySet<string>>(new Set())
  const [checkpointId, setCheckpointId] = useState(makeup.checkpoints[0]?.checkpointId ?? '')
  const { value, waiting, refreshing, refused, again } = useAnswer(
    contract.roster,
    why === undefined
      ? undefined
      : { makeupId: makeup.makeupId as never, why, find, page: state.page, size: state.size },
  )
  const roll = useOperation(contract.takeRoll, { refresh: 'all' })
  if (why === undefined)
    return (
      <Section title={<Trans>Danh sách</Trans>}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            if (typed.trim()) setWhy(typed.trim())
          }}
        >
          <Note tone="wait">
            <Trans>Lần mở họ tên này được ghi vào nhật ký và từng đồng chí có tên sẽ thấy.</Trans>
          </Note>
          <TextField
            label={t`Mở để làm gì`}
            hint={t`Ví dụ: điểm danh buổi học bù`}
            value={typed}
            maxLength={200}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <div>
            <Button type="submit" disabled={!typed.trim()}>
              <Trans>Mở danh sách</Trans>
            </Button>
          </div>
        </form>
      </Section>
    )
  const hidden = formatCount(value?.hidden ?? 0)
  const shown = value?.rows ?? []
  const out = formatCount(absent.size)
  const take = async () => {
    const everyone = value?.hidden === 0
    const done = await roll.run({
      makeupId: makeup.makeupId as never,
      checkpointId: checkpointId as never,
      everyone,
      // Whom she cannot see she does not vouch for.
      presentIds: everyone ? [] : shown.map(({ personId }) => personId as never).filter((id) => !absent.has(id)),
      absentIds: [...absent] as never[],
    })
    if (!done.ok) return
    const added = formatCount(done.value.added)
    say(t`Đã ghi thêm ${added} người có mặt.`)
    setAbsent(new Set())
    again()
    onTaken()
  }
  return (
    <Section title={<Trans>Danh sách</Trans>}>
      {(value?.hidden ?? 0) > 0 && (
        <Note tone="still">
          <Trans>{hidden} người của đơn vị khác không hiện tên ở đây.</Trans>
        </Note>
      )}
      <DataTable<Booked>
        label={t`Danh sách học bù`}
        rows={value?.rows}
        total={value?.total}
        rowKey={(row) => row.personId}
        state={state}
        onState={setState}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        {...(mayTake
          ? { selection: { selected: absent, onChange: setAbsent, nameOf: (row) => t`Vắng: ${row.name}` } }
          : {})}
        filters={<SearchField label={t`Tìm theo họ tên`} hideLabel value={find} onSearch={setFind} />}
        actions={
          mayTake && (
            <>
              {makeup.checkpoints.length > 1 && (
                <SelectField
                  label={t`Mốc điểm danh`}
                  hideLabel
                  value={checkpointId}
                  onChange={(event) => setCheckpointId(event.currentTarget.value)}
                  options={makeup.checkpoints.map(({ checkpointId: value_, name, at }) => ({
                    value: value_,
                    label: `${name}, ${formatMoment(new Date(at))}`,
                  }))}
                />
              )}
              <Button look="go" onClick={take} doing={roll.doing} disabled={shown.length === 0}>
                {absent.size === 0 ? <Trans>Có mặt cả</Trans> : <Trans>Có mặt cả, trừ {out} người</Trans>}
              </Button>
            </>
          )
        }
        empty={<Trans>Không có ai mà đồng chí được xem tên.</Trans>}
        columns={[
          { key: 'name', header: t`Họ và tên`, cell: (row) => row.name, onCard: 'title' },
          { key: 'unit', header: t`Chi bộ`, cell: (row) => row.unit },
          { key: 'site', header: t`Nơi học`, cell: (row) => row.site ?? '–', onCard: 'hide' },
          {
            key: 'present',
            header: t`Có mặt`,
            cell: (row) =>
              row.checkpointIds.length === makeup.checkpoints.length ? (
                <Status tone="ok">{t`Có mặt`}</Status>
              ) : row.checkpointIds.length > 0 ? (
                <Status tone="wait">{t`Dự một phần`}</Status>
              ) : (
                <Status tone="off">{t`Chưa ghi`}</Status>
              ),
          },
        ]}
      />
      <ErrorSentence refused={roll.refused} words={rollSays} />
    </Section>
  )
}
