import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { dayOf, formatDay } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  Choice,
  ConfirmDialog,
  DateField,
  Drawer,
  ErrorSentence,
  Facts,
  OrgTreePicker,
  Section,
  SelectField,
  say,
  TextField,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import { unitSource } from './unitSource.ts'
import { sayAddPerson, sayEnd, sayEndExemption, sayExempt, sayPersonal, sayTotalsOnly, sayTransfer } from './words.ts'

type Card = ValueOf<typeof contract.personCard>
type Task = 'correct' | 'transfer' | 'exempt' | 'endExemption' | 'end'
const today = () => dayOf(new Date())

/** One person's card over the list, with what may be done about her. */
export function PersonDrawer({ row, onClose }: { row: contract.PersonRow | undefined; onClose: () => void }) {
  return (
    <Drawer open={row !== undefined} onClose={onClose} title={row?.fullName}>
      {row && <PersonCard key={row.personId} row={row} onClose={onClose} />}
    </Drawer>
  )
}

function PersonCard({ row, onClose }: { row: contract.PersonRow; onClose: () => void }) {
  const { t } = useLingui()
  const which = { unitId: row.unitId, personId: row.personId }
  const { value: card, waiting, refused, again } = useAnswer(contract.personCard, which, { keep: false })
  const [task, setTask] = useState<Task>()
  const [erasing, setErasing] = useState(false)
  const erase = useOperation(contract.erasePerson, {
    done: () => {
      say(t`Đã xoá theo yêu cầu`)
      onClose()
    },
  })
  if (waiting) return <WaitingLines label={t`Đang lấy thông tin`} />
  if (!card) return <ErrorSentence refused={refused} words={sayTotalsOnly} again={again} />
  const may = (verb: string) => card.abilities.includes(verb)
  const tasks: { task: Task; verb: string; words: string; shown: boolean }[] = [
    { task: 'correct', verb: 'correctPerson', words: t`Sửa thông tin`, shown: true },
    { task: 'transfer', verb: 'transferPerson', words: t`Chuyển sinh hoạt`, shown: true },
    { task: 'exempt', verb: 'exemptPerson', words: t`Miễn sinh hoạt`, shown: !card.exempt },
    { task: 'endExemption', verb: 'endExemption', words: t`Hết miễn`, shown: card.exempt },
    { task: 'end', verb: 'endMembership', words: t`Kết thúc sinh hoạt`, shown: card.kind === 'official' },
  ]
  const Form =
    task && { correct: Correct, transfer: Transfer, exempt: Exempt, endExemption: EndExemption, end: End }[task]
  if (Form)
    return (
      <div className="stack">
        <div>
          <Button look="bare" onClick={() => setTask(undefined)}>
            <Trans>‹ Trở lại</Trans>
          </Button>
        </div>
        <Form
          card={card}
          done={() => {
            say(t`Đã ghi`)
            if (task === 'correct' || task === 'exempt' || task === 'endExemption') setTask(undefined)
            else onClose()
          }}
        />
      </div>
    )
  return (
    <div className="stack" data-gap="l">
      <Facts
        facts={[
          [t`Mã số`, card.code ?? '–'],
          [t`Năm sinh`, card.birthYear ?? '–'],
          [t`Chi bộ`, card.unitName],
          [t`Chức vụ`, card.position || '–'],
          [t`Điện thoại`, card.phone ?? '–'],
          [t`Thư điện tử`, card.email ?? '–'],
        ]}
      />
      <div className="row">
        {tasks
          .filter(({ verb, shown }) => shown && may(verb))
          .map(({ task: one, words }) => (
            <Button key={one} onClick={() => setTask(one)}>
              {words}
            </Button>
          ))}
        {may('erasePerson') && (
          <Button look="bare" onClick={() => setErasing(true)}>
            <Trans>Xoá theo yêu cầu</Trans>
          </Button>
        )}
      </div>
      <Section title={t`Nơi sinh hoạt`}>
        <ul className="rows">
          {card.memberships.map((one) => (
            <li key={one.membershipId}>
              {one.unitName}
              {one.kind === 'temporary' && <span className="second"> · {t`tạm thời`}</span>}
              <div className="second small num">
                <Period from={one.validFrom} to={one.validTo} />
              </div>
            </li>
          ))}
        </ul>
      </Section>
      {card.exemptions.length > 0 && (
        <Section title={t`Miễn sinh hoạt`} aside={t`Lý do không được lưu`}>
          <ul className="rows">
            {card.exemptions.map((one) => (
              <li key={one.validFrom} className="num">
                <Period from={one.validFrom} to={one.validTo} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <ConfirmDialog
        open={erasing}
        title={t`Xoá ${card.fullName} theo yêu cầu?`}
        verb={t`Xoá`}
        doing={erase.doing}
        onConfirm={() => void erase.run(which).then(() => setErasing(false))}
        onClose={() => setErasing(false)}
      >
        <Trans>Họ tên, mã số, năm sinh và liên hệ bị xoá hẳn. Các con số đã chốt vẫn giữ, không kèm tên.</Trans>
      </ConfirmDialog>
      <ErrorSentence refused={erase.refused} words={sayTotalsOnly} />
    </div>
  )
}
const Period = ({ from, to }: { from: string; to: string | undefined }) => {
  const begun = formatDay(from)
  if (to === undefined) return <Trans>từ {begun} đến nay</Trans>
  const ended = formatDay(to)
  return (
    <Trans>
      từ {begun} đến trước {ended}
    </Trans>
  )
}

function Form({
  children,
  verb,
  doing,
  onSubmit,
}: {
  children: ReactNode
  verb: ReactNode
  doing: boolean
  onSubmit: () => void
}) {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      <div>
        <Button look="go" type="submit" doing={doing}>
          {verb}
        </Button>
      </div>
    </form>
  )
}
type TaskProps = { card: Card; done: () => void }
const whose = ({ unitId, personId }: Card) => ({ unitId, personId })

type Typed = { fullName: string; code: string; birthYear: string; position: string; phone: string; email: string }
const blank: Typed = { fullName: '', code: '', birthYear: '', position: '', phone: '', email: '' }
const sent = (typed: Typed) => ({
  fullName: typed.fullName,
  position: typed.position,
  ...(typed.code ? { code: typed.code } : {}),
  ...(/^\d{4}$/.test(typed.birthYear) ? { birthYear: Number(typed.birthYear) } : {}),
  ...(typed.phone ? { phone: typed.phone } : {}),
  ...(typed.email ? { email: typed.email } : {}),
})
function PersonalFields({ typed, onTyped }: { typed: Typed; onTyped: (typed: Typed) => void }) {
  const { t } = useLingui()
  const field = (name: keyof Typed) => ({
    value: typed[name],
    onChange: (event: { target: { value: string } }) => onTyped({ ...typed, [name]: event.target.value }),
  })
  return (
    <>
      <TextField label={t`Họ và tên`} required {...field('fullName')} />
      <TextField
        label={t`Năm sinh`}
        hint={t`Chỉ năm, để phân biệt người trùng tên`}
        inputMode="numeric"
        pattern="\d{4}"
        {...field('birthYear')}
      />
      <TextField label={t`Mã số`} hint={t`Mã riêng của cơ quan; không dùng số thẻ, số định danh`} {...field('code')} />
      <TextField label={t`Chức vụ`} {...field('position')} />
      <TextField label={t`Điện thoại`} inputMode="tel" {...field('phone')} />
      <TextField label={t`Thư điện tử`} inputMode="email" {...field('email')} />
    </>
  )
}
function Correct({ card, done }: TaskProps) {
  const [typed, setTyped] = useState<Typed>({
    fullName: card.fullName,
    code: card.code ?? '',
    birthYear: card.birthYear ? String(card.birthYear) : '',
    position: card.position,
    phone: card.phone ?? '',
    email: card.email ?? '',
  })
  const { run, doing, refused } = useOperation(contract.correctPerson, { done })
  return (
    <Form verb={<Trans>Ghi lại</Trans>} doing={doing} onSubmit={() => void run({ ...whose(card), ...sent(typed) })}>
      <PersonalFields typed={typed} onTyped={setTyped} />
      <ErrorSentence refused={refused} words={sayPersonal} />
    </Form>
  )
}
export function AddPerson({ unitId, open, onClose }: { unitId: string; open: boolean; onClose: () => void }) {
  const { t } = useLingui()
  return (
    <Drawer open={open} onClose={onClose} title={t`Thêm đảng viên`}>
      {open && <AddForm unitId={unitId} onClose={onClose} />}
    </Drawer>
  )
}
function AddForm({ unitId, onClose }: { unitId: string; onClose: () => void }) {
  const { t } = useLingui()
  const [typed, setTyped] = useState(blank)
  const [cell, setCell] = useState(unitId)
  const [day, setDay] = useState(today)
  const below = useAnswer(contract.children, { unitId, size: 500 })
  const { run, doing, refused } = useOperation(contract.addPerson, {
    done: () => {
      say(t`Đã thêm`)
      onClose()
    },
  })
  const cells = below.value?.rows ?? []
  return (
    <Form
      verb={<Trans>Thêm đảng viên</Trans>}
      doing={doing}
      onSubmit={() => void run({ unitId: cell, day, ...sent(typed) })}
    >
      <PersonalFields typed={typed} onTyped={setTyped} />
      {cells.length > 0 && (
        <SelectField
          label={t`Chi bộ`}
          value={cell}
          onChange={(event) => setCell(event.target.value)}
          options={[
            { value: unitId, label: t`Ngay tại đơn vị này` },
            ...cells.map((row) => ({ value: row.unitId, label: row.name })),
          ]}
        />
      )}
      <DateField label={t`Từ ngày`} value={day} max={today()} onChange={(given) => given && setDay(given)} />
      <ErrorSentence refused={refused} words={sayAddPerson} />
    </Form>
  )
}

function Transfer({ card, done }: TaskProps) {
  const { t } = useLingui()
  const [to, setTo] = useState<{ id: string; name: string }>()
  const [day, setDay] = useState(today)
  const [until, setUntil] = useState<string>()
  const [temporary, setTemporary] = useState(false)
  const { run, doing, refused } = useOperation(contract.transferPerson, { done })
  return (
    <Form
      verb={<Trans>Chuyển sinh hoạt</Trans>}
      doing={doing}
      onSubmit={() =>
        to &&
        void run({ ...whose(card), toUnitId: to.id, day, ...(temporary && until ? { temporaryUntil: until } : {}) })
      }
    >
      <OrgTreePicker source={unitSource} label={t`Chuyển đến`} value={to} onChange={setTo} />
      <DateField label={t`Từ ngày`} value={day} max={today()} onChange={(given) => given && setDay(given)} />
      <Choice checked={temporary} onChange={(event) => setTemporary(event.target.checked)}>
        <Trans>Sinh hoạt tạm thời, vẫn tính ở chi bộ cũ</Trans>
      </Choice>
      {temporary && <DateField label={t`Đến hết ngày`} value={until} min={day} onChange={setUntil} />}
      <ErrorSentence refused={refused} words={sayTransfer} />
    </Form>
  )
}
function Exempt({ card, done }: TaskProps) {
  const { t } = useLingui()
  const [from, setFrom] = useState(today)
  const [lastDay, setLastDay] = useState<string>()
  const { run, doing, refused } = useOperation(contract.exemptPerson, { done })
  return (
    <Form
      verb={<Trans>Ghi miễn sinh hoạt</Trans>}
      doing={doing}
      onSubmit={() => void run({ ...whose(card), from, ...(lastDay ? { lastDay } : {}) })}
    >
      <DateField label={t`Từ ngày`} value={from} onChange={(given) => given && setFrom(given)} />
      <DateField
        label={t`Đến hết ngày`}
        hint={t`Để trống nếu chưa biết. Không ghi lý do.`}
        value={lastDay}
        min={from}
        onChange={setLastDay}
      />
      <ErrorSentence refused={refused} words={sayExempt} />
    </Form>
  )
}
function EndExemption({ card, done }: TaskProps) {
  const { t } = useLingui()
  const [day, setDay] = useState(today)
  const { run, doing, refused } = useOperation(contract.endExemption, { done })
  return (
    <Form verb={<Trans>Ghi hết miễn</Trans>} doing={doing} onSubmit={() => void run({ ...whose(card), day })}>
      <DateField
        label={t`Sinh hoạt trở lại từ ngày`}
        value={day}
        max={today()}
        onChange={(given) => given && setDay(given)}
      />
      <ErrorSentence refused={refused} words={sayEndExemption} />
    </Form>
  )
}
function End({ card, done }: TaskProps) {
  const { t } = useLingui()
  const [day, setDay] = useState(today)
  const { run, doing, refused } = useOperation(contract.endMembership, { done })
  return (
    <Form verb={<Trans>Kết thúc sinh hoạt</Trans>} doing={doing} onSubmit={() => void run({ ...whose(card), day })}>
      <p>
        <Trans>Dùng khi đồng chí từ trần, ra khỏi Đảng hoặc chuyển đi nơi không có trong sổ. Không ghi lý do.</Trans>
      </p>
      <DateField label={t`Từ ngày`} value={day} max={today()} onChange={(given) => given && setDay(given)} />
      <ErrorSentence refused={refused} words={sayEnd} />
    </Form>
  )
}
