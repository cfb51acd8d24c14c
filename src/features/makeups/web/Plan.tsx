import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { call } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  type Column,
  Count,
  DataTable,
  DateField,
  Dialog,
  ErrorSentence,
  Note,
  ProgressBar,
  Section,
  say,
  useAddress,
  useOwnUnit,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import { firstDay, slotsFor } from '../rules.ts'
import look from './makeups.module.css'

type Planned = (typeof contract.planMakeup)['output']['_zod']['output']
type Row = Planned['rows'][number]
const tickedAtFirst = 20
const namesShown = 4

const says = {
  scopeNotFixed: msg`Đợt này chưa chốt diện học nên chưa biết còn những ai.`,
} satisfies WordsFor<typeof contract.planMakeup>
const makingSays = {
  scopeNotFixed: msg`Đợt này chưa chốt diện học.`,
  codeTaken: msg`Mã buổi đã có. Hãy thử lại.`,
  unknownUnit: msg`Không có đơn vị này trong đợt.`,
  outsideScope: msg`Đơn vị này nằm ngoài đợt.`,
  endsFirst: msg`Giờ kết thúc phải sau giờ bắt đầu.`,
  unknownSite: msg`Không có điểm cầu này.`,
  outsideConference: msg`Điểm cầu không thuộc đơn vị tổ chức.`,
  siteClosed: msg`Điểm cầu đã ngừng dùng.`,
} satisfies WordsFor<typeof contract.createMakeup>

/** Who is left by unit, and the sessions that would hold them; ticked ones are made and filled at once. */
export function Plan({ campaignId }: { campaignId: string }) {
  const { t } = useLingui()
  const [address, change] = useAddress()
  const own = useOwnUnit()
  const unitId = address['don-vi'] ?? own
  const { value, waiting, refused, again } = useAnswer(contract.planMakeup, {
    campaignId: campaignId as never,
    ...(unitId ? { unitId: unitId as never } : {}),
  })
  if (waiting) return <WaitingLines label={t`Đang tính ai còn phải học`} />
  if (!value) return <ErrorSentence refused={refused} words={says} again={again} />
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Đơn vị`,
      onCard: 'title',
      cell: (row) =>
        row.own ? (
          <Trans>Sinh hoạt tại cơ quan</Trans>
        ) : row.children > 0 ? (
          <a href={`/hoc-bu?don-vi=${row.unitId}`}>{row.name}</a>
        ) : (
          row.name
        ),
    },
    { key: 'left', header: t`Còn lại`, number: true, cell: (row) => <Count value={row.left} /> },
    { key: 'booked', header: t`Đã xếp`, number: true, cell: (row) => <Count value={row.booked} /> },
    { key: 'notYet', header: t`Chưa xếp`, number: true, cell: (row) => <Count value={row.notYet} /> },
  ]
  return (
    <div className="stack" data-gap="l">
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
                  <a href={`/hoc-bu?don-vi=${step.unitId}`}>{step.name}</a>
                )}
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className={`${look.two} ${look.planning}`}>
        <Proposals key={value.unit.unitId} plan={value} onMade={again} />
        <Section title={<Trans>Ai còn phải học</Trans>}>
          <DataTable
            label={t`Người còn lại theo đơn vị`}
            columns={columns}
            rows={value.rows}
            rowKey={(row) => row.unitId + String(row.own)}
            onOpen={(row) =>
              !row.own && row.children > 0 && change({ 'don-vi': row.unitId, trang: undefined }, { push: true })
            }
            empty={<Trans>Đơn vị này không có đơn vị trực thuộc.</Trans>}
          />
        </Section>
      </div>
    </div>
  )
}

function Proposals({ plan, onMade }: { plan: Planned; onMade: () => void }) {
  const { t } = useLingui()
  const { proposals } = plan
  const [ticked, setTicked] = useState<ReadonlySet<number>>(
    () => new Set(proposals.length <= tickedAtFirst ? proposals.keys() : []),
  )
  const [asking, setAsking] = useState(false)
  const [whole, setWhole] = useState(false)
  const shown = formatCount(proposals.length)
  const chosen = proposals.filter((_, at) => ticked.has(at))
  const people = formatCount(chosen.reduce((sum, one) => sum + one.people, 0))
  const sessions = formatCount(chosen.length)
  const all = formatCount(proposals.length + plan.more)
  const mayMake = plan.abilities.includes('createMakeup')
  if (proposals.length === 0)
    return (
      <Section title={<Trans>Các buổi nên mở</Trans>}>
        <p>
          {plan.left === 0 ? (
            <Trans>Không còn ai phải học bù.</Trans>
          ) : (
            <Trans>Ai còn lại cũng đã có chỗ ở một buổi học bù.</Trans>
          )}
        </p>
      </Section>
    )
  return (
    <Section
      title={<Trans>Các buổi nên mở: {all}</Trans>}
      aside={
        mayMake ? (
          <Button look="go" disabled={chosen.length === 0} onClick={() => setAsking(true)}>
            <Trans>
              Lập {sessions} buổi, mời {people} người
            </Trans>
          </Button>
        ) : undefined
      }
    >
      <p className="second small">
        <Trans>Đơn vị cơ sở gần nhau được gộp lại, đông nhất trước, không buổi nào quá số ghế.</Trans>
      </p>
      {proposals.length > tickedAtFirst && (
        <Note tone="still">
          <Trans>Danh sách dài. Hãy mở một đơn vị cấp dưới để lập cho từng nơi.</Trans>
        </Note>
      )}
      <ol className={look.proposals}>
        {(whole ? proposals : proposals.slice(0, tickedAtFirst)).map((one, at) => {
          const names = one.units
            .slice(0, namesShown)
            .map(({ name }) => name)
            .join(', ')
          const others = formatCount(one.units.length - namesShown)
          const name = one.site?.name ?? one.holder.name
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a proposal has no name but its place in the list
            <li key={at}>
              <label className="choice">
                <input
                  type="checkbox"
                  checked={ticked.has(at)}
                  disabled={!mayMake}
                  onChange={(event) => {
                    const next = new Set(ticked)
                    if (event.currentTarget.checked) next.add(at)
                    else next.delete(at)
                    setTicked(next)
                  }}
                />
                <span>{one.site ? name : <Trans>Phòng của {name}</Trans>}</span>
              </label>
              <span className={`num ${look.seats}`}>
                {formatCount(one.people)} / {formatCount(one.seats)} <Trans>ghế</Trans>
              </span>
              <span className={`second small ${look.units}`}>
                {one.units.length > namesShown ? (
                  <Trans>
                    {names} và {others} đơn vị nữa
                  </Trans>
                ) : (
                  names
                )}
              </span>
            </li>
          )
        })}
      </ol>
      {!whole && proposals.length > tickedAtFirst && (
        <Button look="bare" onClick={() => setWhole(true)}>
          <Trans>Hiện đủ {shown} buổi</Trans>
        </Button>
      )}
      {asking && (
        <Making
          plan={plan}
          chosen={chosen}
          title={t`Lập ${sessions} buổi học bù`}
          onClose={() => setAsking(false)}
          onMade={() => {
            setAsking(false)
            onMade()
          }}
        />
      )}
    </Section>
  )
}

/** Asks for the first day, then makes the sessions one by one and fills each; what is made stays made. */
function Making({
  plan,
  chosen,
  title,
  onClose,
  onMade,
}: {
  plan: Planned
  chosen: readonly contract.Proposal[]
  title: string
  onClose: () => void
  onMade: () => void
}) {
  const { t } = useLingui()
  const [day, setDay] = useState<string | undefined>(() => firstDay(new Date()))
  const [done, setDone] = useState<number>()
  const [refused, setRefused] = useState<{ refused: string; detail?: Record<string, unknown> }>()
  const slots = day
    ? slotsFor(
        chosen.map(({ site }) => site?.siteId),
        day,
      )
    : []
  const last = slots
    .map((slot) => slot.day)
    .sort()
    .at(-1)
  const lastDay = last ? formatDay(last) : ''

  async function make() {
    setRefused(undefined)
    let booked = 0
    for (const [at, one] of chosen.entries()) {
      setDone(at)
      const made = await call(contract.createMakeup, {
        campaignId: plan.campaign.campaignId as never,
        unitId: one.holder.unitId as never,
        ...slots[at]!,
        ...(one.site ? { siteIds: [one.site.siteId as never] } : { seats: one.seats }),
      })
      if (!made.ok) {
        setRefused(made as never)
        return setDone(undefined)
      }
      const filled = await call(contract.bookMakeup, {
        makeupId: made.value.makeupId as never,
        unitIds: one.units.map(({ unitId }) => unitId as never),
      })
      if (!filled.ok) {
        setRefused(filled as never)
        return setDone(undefined)
      }
      booked += filled.value.booked
    }
    const people = formatCount(booked)
    const sessions = formatCount(chosen.length)
    say(t`Đã lập ${sessions} buổi, xếp chỗ cho ${people} người.`)
    onMade()
  }
  const doing = done !== undefined
  const step = formatCount((done ?? 0) + 1)
  const all = formatCount(chosen.length)
  return (
    <Dialog
      open
      onClose={() => !doing && onClose()}
      title={title}
      actions={
        <>
          <Button onClick={onClose} disabled={doing}>
            <Trans>Để sau</Trans>
          </Button>
          <Button look="go" onClick={make} disabled={!day} doing={doing}>
            <Trans>Lập và xếp chỗ</Trans>
          </Button>
        </>
      }
    >
      <DateField
        label={t`Ngày đầu tiên`}
        hint={t`Mỗi hội trường một buổi sáng, một buổi chiều, rồi sang ngày sau; nghỉ Chủ nhật.`}
        value={day}
        onChange={setDay}
        disabled={doing}
      />
      {last && last !== day && (
        <p className="second">
          <Trans>Buổi cuối vào {lastDay}.</Trans>
        </p>
      )}
      {doing && <ProgressBar label={t`Đang lập`} share={done / chosen.length} words={t`Buổi ${step} trên ${all}`} />}
      <ErrorSentence refused={refused as never} words={makingSays} />
    </Dialog>
  )
}
