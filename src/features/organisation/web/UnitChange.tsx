import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { dayOf } from '../../../kernel/time.ts'
import type { Operation } from '../../../platform/contract.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { Words } from '../../../platform/web/refusals.tsx'
import {
  Button,
  DateField,
  Drawer,
  ErrorSentence,
  Note,
  OrgTreePicker,
  SelectField,
  say,
  TextField,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import look from './organisation.module.css'
import { unitSource } from './unitSource.ts'
import { sayAddUnit, sayClose, sayMerge, sayMove, sayRename, saySplit } from './words.ts'

export type ChangeKind = 'add' | 'rename' | 'move' | 'merge' | 'split' | 'close'
type Page = ValueOf<typeof contract.unitPage>
type Named = { id: string; name: string }

/** One change of a unit, dated. The old state stays in its history. */
export function UnitChange({ unit, kind, onClose }: { unit: Page; kind: ChangeKind | undefined; onClose: () => void }) {
  const { t } = useLingui()
  const titles: Record<ChangeKind, string> = {
    add: t`Thêm đơn vị trực thuộc ${unit.name}`,
    rename: t`Đổi tên, cấp của ${unit.name}`,
    move: t`Chuyển ${unit.name} sang cấp trên khác`,
    merge: t`Sáp nhập đơn vị khác vào ${unit.name}`,
    split: t`Chia tách ${unit.name}`,
    close: t`Kết thúc hoạt động của ${unit.name}`,
  }
  const Form = kind && { add: Add, rename: Rename, move: Move, merge: Merge, split: Split, close: Close }[kind]
  return (
    <Drawer open={kind !== undefined} onClose={onClose} title={kind && titles[kind]} wide={kind === 'split'}>
      {Form && <Form unit={unit} onClose={onClose} />}
    </Drawer>
  )
}
type FormProps = { unit: Page; onClose: () => void }
const today = () => dayOf(new Date())

function useChange<Op extends Operation>(operation: Op, onClose: () => void) {
  const { t } = useLingui()
  return useOperation(operation, {
    done: () => {
      say(t`Đã ghi`)
      onClose()
    },
  })
}
function Sheet({
  doing,
  refused,
  words,
  verb,
  onSubmit,
  children,
}: {
  doing: boolean
  refused: { refused: string } | undefined
  words: Partial<Record<string, Words>>
  verb: ReactNode
  onSubmit: () => void
  children: ReactNode
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
      <ErrorSentence refused={refused} words={words} />
      <div>
        <Button look="go" type="submit" doing={doing}>
          {verb}
        </Button>
      </div>
    </form>
  )
}
const DayOfChange = ({ day, onDay }: { day: string; onDay: (day: string) => void }) => {
  const { t } = useLingui()
  return (
    <DateField label={t`Có hiệu lực từ ngày`} value={day} max={today()} onChange={(given) => given && onDay(given)} />
  )
}
const Decision = ({ value, onChange }: { value: string; onChange: (text: string) => void }) => {
  const { t } = useLingui()
  return (
    <TextField
      label={t`Căn cứ`}
      hint={t`Số, ngày của quyết định; có thể để trống`}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function Add({ unit, onClose }: FormProps) {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [code, setCode] = useState(`${unit.code}.`)
  const [day, setDay] = useState(today)
  const { run, doing, refused } = useChange(contract.addUnit, onClose)
  return (
    <Sheet
      doing={doing}
      refused={refused}
      words={sayAddUnit}
      verb={<Trans>Thêm đơn vị</Trans>}
      onSubmit={() => void run({ parentId: unit.unitId, name, code, day })}
    >
      <TextField label={t`Tên đơn vị`} value={name} onChange={(event) => setName(event.target.value)} required />
      <TextField label={t`Mã đơn vị`} value={code} onChange={(event) => setCode(event.target.value)} required />
      <DayOfChange day={day} onDay={setDay} />
    </Sheet>
  )
}

function Rename({ unit, onClose }: FormProps) {
  const { t } = useLingui()
  const [name, setName] = useState(unit.name)
  const [levelId, setLevelId] = useState(unit.levelId)
  const [day, setDay] = useState(today)
  const { run, doing, refused } = useChange(contract.renameUnit, onClose)
  return (
    <Sheet
      doing={doing}
      refused={refused}
      words={sayRename}
      verb={<Trans>Ghi tên mới</Trans>}
      onSubmit={() => void run({ unitId: unit.unitId, name, levelId, day })}
    >
      <TextField label={t`Tên đơn vị`} value={name} onChange={(event) => setName(event.target.value)} required />
      <SelectField
        label={t`Cấp`}
        value={levelId}
        onChange={(event) => setLevelId(event.target.value)}
        options={unit.levels.map((level) => ({ value: level.levelId, label: level.name }))}
      />
      <DayOfChange day={day} onDay={setDay} />
    </Sheet>
  )
}

function Move({ unit, onClose }: FormProps) {
  const { t } = useLingui()
  const [parent, setParent] = useState<Named>()
  const [day, setDay] = useState(today)
  const { run, doing, refused } = useChange(contract.moveUnit, onClose)
  return (
    <Sheet
      doing={doing}
      refused={refused}
      words={sayMove}
      verb={<Trans>Chuyển đơn vị</Trans>}
      onSubmit={() => parent && void run({ unitId: unit.unitId, parentId: parent.id, day })}
    >
      <OrgTreePicker source={unitSource} label={t`Cấp trên mới`} value={parent} onChange={setParent} />
      <DayOfChange day={day} onDay={setDay} />
    </Sheet>
  )
}

function Merge({ unit, onClose }: FormProps) {
  const { t } = useLingui()
  const [from, setFrom] = useState<Named[]>([])
  const [day, setDay] = useState(today)
  const [decision, setDecision] = useState('')
  const { run, doing, refused } = useChange(contract.mergeUnits, onClose)
  return (
    <Sheet
      doing={doing}
      refused={refused}
      words={sayMerge}
      verb={<Trans>Sáp nhập {from.length} đơn vị</Trans>}
      onSubmit={() =>
        from.length > 0 && void run({ unitId: unit.unitId, fromIds: from.map(({ id }) => id), day, decision })
      }
    >
      <Note tone="still">
        <Trans>Đảng viên và đơn vị trực thuộc được chuyển sang; đơn vị cũ kết thúc và dẫn tới đây.</Trans>
      </Note>
      <OrgTreePicker
        source={unitSource}
        label={t`Thêm đơn vị được sáp nhập`}
        value={undefined}
        onChange={(node) => node && setFrom([...from.filter(({ id }) => id !== node.id), node])}
      />
      {from.length > 0 && (
        <ul className="rows">
          {from.map((one) => (
            <li key={one.id} className="row" data-spread="">
              {one.name}
              <Button look="bare" small onClick={() => setFrom(from.filter(({ id }) => id !== one.id))}>
                <Trans>Bỏ</Trans>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <DayOfChange day={day} onDay={setDay} />
      <Decision value={decision} onChange={setDecision} />
    </Sheet>
  )
}

function Split({ unit, onClose }: FormProps) {
  const { t } = useLingui()
  const [parts, setParts] = useState([
    { code: `${unit.code}A`, name: '' },
    { code: `${unit.code}B`, name: '' },
  ])
  const [placeOf, setPlaceOf] = useState<Record<string, number>>({})
  const [day, setDay] = useState(today)
  const [decision, setDecision] = useState('')
  const below = useAnswer(contract.children, unit.children > 0 && { unitId: unit.unitId, size: 500 })
  const people = useAnswer(
    contract.people,
    unit.ownMembers > 0 && unit.children === 0 && unit.seesNames && { unitId: unit.unitId, size: 200 },
  )
  const { run, doing, refused } = useChange(contract.splitUnit, onClose)
  const items = [
    ...(below.value?.rows ?? []).map((row) => ({ id: row.unitId, name: row.name, person: false })),
    ...(people.value?.rows ?? []).map((row) => ({ id: row.personId, name: row.fullName, person: true })),
  ]
  if (below.waiting || people.waiting) return <WaitingLines label={t`Đang lấy danh sách`} />
  if (unit.ownMembers > 0 && unit.children === 0 && !unit.seesNames)
    return (
      <Note>
        <Trans>Chia tách chi bộ cần xếp từng đảng viên, nên do cán bộ của đơn vị cơ sở làm.</Trans>
      </Note>
    )
  const inPart = (at: number, person: boolean) =>
    items.filter((item) => item.person === person && (placeOf[item.id] ?? 0) === at).map(({ id }) => id)
  return (
    <Sheet
      doing={doing}
      refused={refused}
      words={saySplit}
      verb={<Trans>Chia thành {parts.length} đơn vị</Trans>}
      onSubmit={() =>
        void run({
          unitId: unit.unitId,
          day,
          decision,
          parts: parts.map((part, at) => ({ ...part, childIds: inPart(at, false), personIds: inPart(at, true) })),
        })
      }
    >
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity until they are made
        <div key={at} className={look.parts}>
          <TextField
            label={t`Mã`}
            value={part.code}
            onChange={(event) => setParts(parts.with(at, { ...part, code: event.target.value }))}
            required
          />
          <TextField
            label={t`Tên đơn vị mới`}
            value={part.name}
            onChange={(event) => setParts(parts.with(at, { ...part, name: event.target.value }))}
            required
          />
        </div>
      ))}
      <div>
        <Button look="bare" onClick={() => setParts([...parts, { code: '', name: '' }])}>
          <Trans>Thêm một phần</Trans>
        </Button>
      </div>
      {items.map((item) => (
        <SelectField
          key={item.id}
          label={item.name}
          value={placeOf[item.id] ?? 0}
          onChange={(event) => setPlaceOf({ ...placeOf, [item.id]: Number(event.target.value) })}
          options={parts.map((part, at) => ({ value: String(at), label: part.name || part.code }))}
        />
      ))}
      <DayOfChange day={day} onDay={setDay} />
      <Decision value={decision} onChange={setDecision} />
    </Sheet>
  )
}

function Close({ unit, onClose }: FormProps) {
  const [day, setDay] = useState(today)
  const [decision, setDecision] = useState('')
  const { run, doing, refused } = useChange(contract.closeUnit, onClose)
  return (
    <Sheet
      doing={doing}
      refused={refused}
      words={sayClose}
      verb={<Trans>Kết thúc hoạt động</Trans>}
      onSubmit={() => void run({ unitId: unit.unitId, day, decision })}
    >
      <Note tone="still">
        <Trans>Chỉ đơn vị không còn đảng viên và đơn vị trực thuộc mới kết thúc được. Lịch sử vẫn giữ.</Trans>
      </Note>
      <DayOfChange day={day} onDay={setDay} />
      <Decision value={decision} onChange={setDecision} />
    </Sheet>
  )
}
