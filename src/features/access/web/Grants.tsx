import { msg } from '@lingui/core/macro'
import { useLingui as useWords } from '@lingui/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { addMinutes, dayOf, formatDay } from '../../../kernel/time.ts'
import type { Role, ScopeKind } from '../../../platform/rights.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  Choice,
  Choices,
  type Column,
  ConfirmDialog,
  DataTable,
  DateField,
  Drawer,
  ErrorSentence,
  OrgTreePicker,
  PageHeading,
  SearchField,
  Section,
  Status,
  say,
  TextField,
  useAddress,
  useTableAddress,
} from '../../../platform/web/ui/index.ts'
import { tops } from '../../organisation/contract.ts'
import { unitSource } from '../../organisation/web/index.ts'
import * as contract from '../contract.ts'
import { kindWords, roleDoes, roleWords } from './roleWords.ts'

const sayGrant = {
  aboveYourOwn: msg`Đồng chí chỉ giao được vai trò không cao hơn vai trò của mình ở nơi này.`,
  noSuchPlace: msg`Nơi được chọn không còn nữa. Đồng chí chọn lại.`,
  noSuchStaff: msg`Tài khoản này không còn dùng. Đồng chí chọn người khác.`,
  datesCross: msg`Ngày thôi đang trước ngày bắt đầu. Đồng chí sửa lại ngày.`,
  roleElsewhere: msg`Vai trò này không giao ở loại nơi đã chọn.`,
} satisfies WordsFor<typeof contract.grant>
const sayRevoke = {
  aboveYourOwn: msg`Quyền này do cấp trên giao nên cấp trên mới thu được.`,
  lastAdministrator: msg`Đây là người quản trị cuối cùng. Đồng chí giao quyền quản trị cho người khác trước.`,
} satisfies WordsFor<typeof contract.revokeGrant>
const sayTask = {
  toYourself: msg`Không ai tự giao cho mình việc xem tên. Đồng chí nhờ người khác giao.`,
  noSuchStaff: sayGrant.noSuchStaff,
  noSuchPlace: sayGrant.noSuchPlace,
  datesCross: sayGrant.datesCross,
  tooLong: msg`Việc xem tên giao nhiều nhất một năm. Đồng chí chọn ngày gần hơn.`,
} satisfies WordsFor<typeof contract.giveNameTask>

type Scope = { kind: ScopeKind; scopeId?: string; name: string }
type GrantRow = ValueOf<typeof contract.listGrants>['rows'][number]

/** Which place's rights are on screen: the address says it, else the reader's own. */
function useScope(): [Scope | undefined, (scope: Scope) => void] {
  const [words, change] = useAddress()
  const { _ } = useWords()
  const { value: me } = useAnswer(contract.me, {}, { staleMs: 60_000 })
  const { value: top } = useAnswer(tops, {}, { staleMs: 60_000 })
  const choose = ({ kind, scopeId, name }: Scope) =>
    change({ noi: kind, ma: scopeId, ten: scopeId ? name : undefined, trang: undefined }, { push: true })
  const wanted = words.noi as ScopeKind | undefined
  if (wanted === 'installation' || (wanted && words.ma))
    return [
      {
        kind: wanted,
        ...(words.ma ? { scopeId: words.ma } : {}),
        name: words.ten ?? _(kindWords[wanted] ?? kindWords.unit),
      },
      choose,
    ]
  if (!me || !top) return [undefined, choose]
  if (me.grants.some(({ role, kind }) => role === 'administrator' && kind === 'installation'))
    return [{ kind: 'installation', name: _(kindWords.installation) }, choose]
  const own = top.units[0]
  return [own && { kind: 'unit', scopeId: own.unitId, name: own.name }, choose]
}

export function Grants() {
  const { t } = useLingui()
  const { _ } = useWords()
  const [scope, choose] = useScope()
  const [table, setTable] = useTableAddress({ size: 50 })
  const [past, setPast] = useState(false)
  const [giving, setGiving] = useState(false)
  const [taking, setTaking] = useState<GrantRow>()
  const place = scope && { kind: scope.kind, ...(scope.scopeId ? { scopeId: scope.scopeId } : {}) }
  const listed = useAnswer(contract.listGrants, place && { ...place, past, page: table.page, size: table.size })
  const { value: me } = useAnswer(contract.me, {}, { staleMs: 60_000 })
  const whole = me?.grants.some(({ role, kind }) => role === 'administrator' && kind === 'installation') === true
  const revoke = useOperation(contract.revokeGrant, {
    refresh: [contract.listGrants],
    done: () => {
      setTaking(undefined)
      say(t`Đã thu quyền`)
    },
  })
  const columns: Column<GrantRow>[] = [
    {
      key: 'name',
      header: t`Người`,
      onCard: 'title',
      cell: ({ name, userName }) => (
        <>
          {name}
          <div className="second small">{userName}</div>
        </>
      ),
    },
    { key: 'role', header: t`Vai trò`, cell: ({ role }) => _(roleWords[role]) },
    {
      key: 'place',
      header: t`Ở đâu`,
      cell: ({ kind, scopeName }) => (
        <>
          {scopeName || _(kindWords[kind])}
          {scopeName && kind !== 'unit' && <span className="second small"> {_(kindWords[kind])}</span>}
        </>
      ),
    },
    {
      key: 'when',
      header: t`Thời gian`,
      onCard: 'line',
      cell: ({ from, to }) => (
        <>
          <span className="num">{formatDay(from)}</span> –{' '}
          {to ? <span className="num">{formatDay(to)}</span> : t`không hạn`}
        </>
      ),
    },
    {
      key: 'state',
      header: t`Tình trạng`,
      cell: ({ inForce, revokedAt, from }) =>
        inForce ? (
          <span className="nb">
            <Status tone="ok">{t`Đang có`}</Status>
          </span>
        ) : revokedAt ? (
          <Status tone="off">{t`Đã thu ngày ${formatDay(new Date(revokedAt))}`}</Status>
        ) : from > dayOf(new Date()) ? (
          <Status tone="wait">{t`Chưa đến ngày`}</Status>
        ) : (
          <Status tone="off">{t`Đã hết hạn`}</Status>
        ),
    },
    { key: 'reason', header: t`Lý do`, onCard: 'line', cell: ({ reason }) => reason },
    {
      key: 'do',
      header: t`Thu quyền`,
      cell: (row) =>
        !row.revokedAt && (
          <Button
            small
            look="bare"
            style={{ marginBlock: '-0.5rem' }}
            onClick={() => setTaking(row)}
            aria-label={t`Thu quyền của ${row.name}`}
          >
            <Trans>Thu</Trans>
          </Button>
        ),
    },
  ]
  const count = formatCount(listed.value?.total ?? 0)
  return (
    <>
      <PageHeading
        over={<Trans>Phân quyền</Trans>}
        under={
          <Trans>
            Cấp trên giao quyền cho cấp dưới, có ngày và có lý do. Quyền ở một đơn vị thì dùng được ở mọi cấp bên dưới.
          </Trans>
        }
        side={
          (listed.value?.mayGive.length ?? 0) > 0 && (
            <Button look="go" onClick={() => setGiving(true)}>
              <Trans>Giao quyền</Trans>
            </Button>
          )
        }
      >
        {scope ? (
          listed.value ? (
            <Trans>
              {scope.name}: {count} quyền
            </Trans>
          ) : (
            scope.name
          )
        ) : (
          <Trans>Phân quyền</Trans>
        )}
      </PageHeading>
      <DataTable
        label={t`Các quyền đã giao`}
        columns={columns}
        rows={listed.value?.rows}
        total={listed.value?.total}
        rowKey={({ grantId }) => grantId}
        state={table}
        onState={setTable}
        waiting={listed.waiting}
        refreshing={listed.refreshing}
        refused={listed.refused}
        again={listed.again}
        rowTone={({ inForce }) => (inForce ? undefined : 'quiet')}
        empty={<Trans>Chưa giao quyền nào ở đây.</Trans>}
        filters={
          <>
            <OrgTreePicker
              label={t`Nơi`}
              source={unitSource}
              value={scope?.scopeId ? { id: scope.scopeId, name: scope.name } : undefined}
              onChange={(node) =>
                node
                  ? choose({ kind: 'unit', scopeId: node.id, name: node.name })
                  : choose({ kind: 'installation', name: '' })
              }
              clearable={whole}
            />
            <Choice checked={past} onChange={(event) => setPast(event.target.checked)}>
              <Trans>Cả quyền đã hết</Trans>
            </Choice>
          </>
        }
      />
      {scope?.kind === 'unit' && scope.scopeId && <NameTasks unitId={scope.scopeId} unitName={scope.name} />}
      {scope && place && (
        <Drawer open={giving} onClose={() => setGiving(false)} title={<Trans>Giao quyền ở {scope.name}</Trans>}>
          <GiveRole scope={place} mayGive={listed.value?.mayGive ?? []} done={() => setGiving(false)} />
        </Drawer>
      )}
      <ConfirmDialog
        open={taking !== undefined}
        title={taking && <Trans>Thu quyền của {taking.name}?</Trans>}
        verb={<Trans>Thu quyền</Trans>}
        doing={revoke.doing}
        onClose={() => {
          setTaking(undefined)
          revoke.forget()
        }}
        onConfirm={() =>
          taking &&
          void revoke.run({
            grantId: taking.grantId,
            kind: taking.kind,
            ...(taking.scopeId ? { scopeId: taking.scopeId } : {}),
          })
        }
      >
        {taking && (
          <p>
            <Trans>
              {_(roleWords[taking.role])}, {taking.scopeName || _(kindWords[taking.kind])}. Người này mất quyền ngay;
              việc đã làm vẫn giữ nguyên.
            </Trans>
          </p>
        )}
        <ErrorSentence refused={revoke.refused} words={sayRevoke} />
      </ConfirmDialog>
    </>
  )
}

/** Staff to choose, by a few letters of the name. */
function StaffPicker({
  scope,
  value,
  onChange,
}: {
  scope: { kind: ScopeKind; scopeId?: string }
  value: { userId: string; name: string } | undefined
  onChange: (one: { userId: string; name: string } | undefined) => void
}) {
  const { t } = useLingui()
  const [search, setSearch] = useState('')
  const found = useAnswer(contract.findStaff, search.length >= 2 && { ...scope, search })
  if (value)
    return (
      <div className="field">
        <span className="field-label">{t`Giao cho`}</span>
        <div className="row" data-spread="">
          <b>{value.name}</b>
          <Button small look="bare" onClick={() => onChange(undefined)}>
            <Trans>Đổi người</Trans>
          </Button>
        </div>
      </div>
    )
  return (
    <div className="stack" data-gap="s">
      <SearchField label={t`Giao cho`} placeholder={t`Gõ tên hoặc tên đăng nhập`} value={search} onSearch={setSearch} />
      <ErrorSentence refused={found.refused} />
      <ul className="rows" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
        {search.length >= 2 &&
          found.value?.rows.map((one) => (
            <li key={one.userId} className="row" data-spread="">
              <span>
                {one.name} <span className="second small">{one.userName}</span>
              </span>
              <Button small onClick={() => onChange(one)} aria-label={t`Chọn ${one.name}`}>
                <Trans>Chọn</Trans>
              </Button>
            </li>
          ))}
      </ul>
      {search.length >= 2 && found.value?.rows.length === 0 && (
        <p className="second">
          <Trans>Không có tài khoản nào như vậy. Người quản trị tạo tài khoản ở mục Tài khoản.</Trans>
        </p>
      )}
    </div>
  )
}

function GiveRole({
  scope,
  mayGive,
  done,
}: {
  scope: { kind: ScopeKind; scopeId?: string }
  mayGive: readonly Role[]
  done: () => void
}) {
  const { t } = useLingui()
  const { _ } = useWords()
  const [staff, setStaff] = useState<{ userId: string; name: string }>()
  const [role, setRole] = useState<Role>()
  const [from, setFrom] = useState<string | undefined>(dayOf(new Date()))
  const [to, setTo] = useState<string>()
  const [reason, setReason] = useState('')
  const give = useOperation(contract.grant, {
    refresh: [contract.listGrants],
    done: () => {
      say(t`Đã giao quyền`)
      done()
    },
  })
  const ready = staff && role && reason.trim() !== ''
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) void give.run({ ...scope, userId: staff.userId, role, from, to, reason })
      }}
    >
      <StaffPicker scope={scope} value={staff} onChange={setStaff} />
      <Choices legend={<Trans>Vai trò</Trans>}>
        {mayGive.map((one) => (
          <Choice key={one} type="radio" name="role" boxed checked={role === one} onChange={() => setRole(one)}>
            <b>{_(roleWords[one])}</b>
            <br />
            <span className="second small">{_(roleDoes[one])}</span>
          </Choice>
        ))}
      </Choices>
      <DateField label={t`Từ ngày`} value={from} onChange={setFrom} />
      <DateField
        label={t`Đến hết ngày`}
        hint={t`Để trống nếu không hạn.`}
        value={to}
        onChange={setTo}
        {...(from ? { min: from } : {})}
      />
      <TextField
        label={t`Lý do`}
        hint={t`Ví dụ: Quyết định phân công số, ngày.`}
        required
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ErrorSentence refused={give.refused} words={sayGrant} />
      <Button look="go" type="submit" doing={give.doing} disabled={!ready}>
        <Trans>Giao quyền</Trans>
      </Button>
    </form>
  )
}

/** Dated tasks that open names below a unit; apart from roles, because they open more than numbers. */
function NameTasks({ unitId, unitName }: { unitId: string; unitName: string }) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  const scope = { kind: 'unit' as const, scopeId: unitId }
  const { value, refused } = useAnswer(contract.listNameTasks, { unitId: unitId })
  const end = useOperation(contract.endNameTask, { refresh: [contract.listNameTasks] })
  const [staff, setStaff] = useState<{ userId: string; name: string }>()
  const [to, setTo] = useState<string | undefined>(dayOf(addMinutes(new Date(), 14 * 24 * 60)))
  const [reason, setReason] = useState('')
  const give = useOperation(contract.giveNameTask, {
    refresh: [contract.listNameTasks],
    done: () => {
      say(t`Đã giao việc xem tên`)
      setOpen(false)
      setStaff(undefined)
      setReason('')
    },
  })
  // Heads read the grants of their unit without this.
  if (refused?.refused === 'notYours') return null
  return (
    <Section
      title={<Trans>Việc được xem tên</Trans>}
      aside={
        <Button small onClick={() => setOpen(true)}>
          <Trans>Giao việc xem tên</Trans>
        </Button>
      }
    >
      <p className="second">
        <Trans>
          Bình thường chỉ chi bộ và đơn vị cơ sở thấy tên người của mình. Ai cần xem tên ở cấp trên thì được giao có
          hạn, có lý do; mỗi lần xem đều hiện trên trang của người được xem.
        </Trans>
      </p>
      <ErrorSentence refused={refused ?? end.refused} />
      <div className="rows">
        {value?.rows.map((task) => {
          const from = formatDay(task.from)
          const until = formatDay(task.to)
          return (
            <div key={task.taskId} className="row" data-spread="">
              <span>
                <b>{task.name}</b> · {task.unitName}
                <br />
                <span className="second small">
                  <Trans>
                    {task.reason}, từ {from} đến {until}
                  </Trans>
                </span>
              </span>
              <span className="row">
                {task.inForce ? (
                  <Status tone="wait">{t`Đang xem được`}</Status>
                ) : (
                  <Status tone="off">{t`Ngoài hạn`}</Status>
                )}
                <Button
                  small
                  look="bare"
                  doing={end.doing}
                  onClick={() => void end.run({ taskId: task.taskId, unitId: task.unitId })}
                >
                  <Trans>Thôi giao</Trans>
                </Button>
              </span>
            </div>
          )
        })}
        {value?.rows.length === 0 && (
          <p>
            <Trans>Không ai đang được giao.</Trans>
          </p>
        )}
      </div>
      <Drawer open={open} onClose={() => setOpen(false)} title={<Trans>Giao việc xem tên ở {unitName}</Trans>}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            if (staff && to) void give.run({ userId: staff.userId, unitId: unitId, reason, to })
          }}
        >
          <StaffPicker scope={scope} value={staff} onChange={setStaff} />
          <DateField label={t`Đến hết ngày`} value={to} onChange={setTo} min={dayOf(new Date())} />
          <TextField
            label={t`Để làm gì`}
            hint={t`Người được xem sẽ đọc thấy dòng này.`}
            required
            maxLength={300}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <ErrorSentence refused={give.refused} words={sayTask} />
          <Button look="go" type="submit" doing={give.doing} disabled={!staff || !to || reason.trim() === ''}>
            <Trans>Giao việc</Trans>
          </Button>
        </form>
      </Drawer>
    </Section>
  )
}
