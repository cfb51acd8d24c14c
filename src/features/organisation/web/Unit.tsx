import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { fileHref, type ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  type Column,
  Count,
  DataTable,
  ErrorSentence,
  Facts,
  Icon,
  Note,
  PageHeading,
  Section,
  useGo,
  useTableAddress,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { children, exportUnits, type UnitRow, unitPage } from '../contract.ts'
import look from './organisation.module.css'
import { type ChangeKind, UnitChange } from './UnitChange.tsx'

type Page = ValueOf<typeof unitPage>
export const unitHref = (unitId: string) => `/to-chuc?don-vi=${unitId}`
export const peopleHref = (unitId: string) => `/dang-vien?don-vi=${unitId}`

export function Unit({ unitId }: { unitId: string }) {
  const { t } = useLingui()
  const { value: unit, waiting, refused, again } = useAnswer(unitPage, { unitId }, { keep: false })
  const [changing, setChanging] = useState<ChangeKind>()
  if (waiting) return <WaitingLines label={t`Đang lấy đơn vị`} />
  if (!unit) return <ErrorSentence refused={refused} again={again} />
  const members = formatCount(unit.members)
  return (
    <div className="stack" data-gap="l">
      <PageHeading
        over={<Path path={unit.path.slice(0, -1)} />}
        under={<Under unit={unit} />}
        side={<Actions unit={unit} onChange={setChanging} />}
      >
        {unit.closedOn ? (
          <Trans>
            {unit.name} đã kết thúc ngày {formatDay(unit.closedOn)}
          </Trans>
        ) : (
          <Trans>
            {unit.name}: {members} đảng viên
          </Trans>
        )}
      </PageHeading>
      {!unit.closedOn && <Numbers unit={unit} />}
      {unit.children > 0 && <Below unit={unit} />}
      <History unit={unit} />
      <UnitChange unit={unit} kind={changing} onClose={() => setChanging(undefined)} />
    </div>
  )
}

const Path = ({ path }: { path: Page['path'] }) => {
  const { t } = useLingui()
  if (path.length === 0) return null
  return (
    <nav className={look.path} aria-label={t`Cấp trên`}>
      {path.map(({ unitId, name }, at) => (
        <span key={unitId}>
          {at > 0 && <span className="second">› </span>}
          <a href={unitHref(unitId)}>{name}</a>
        </span>
      ))}
    </nav>
  )
}
const Under = ({ unit }: { unit: Page }) => (
  <>
    <Trans>
      Mã {unit.code} · {unit.levelName} · Sổ {unit.registerName}
    </Trans>
  </>
)

function Actions({ unit, onChange }: { unit: Page; onChange: (kind: ChangeKind) => void }) {
  const { t } = useLingui()
  const may = (verb: string) => unit.abilities.includes(verb) && !unit.closedOn
  const changes: { kind: ChangeKind; verb: string; words: string }[] = [
    { kind: 'add', verb: 'addUnit', words: t`Thêm đơn vị trực thuộc` },
    { kind: 'rename', verb: 'renameUnit', words: t`Đổi tên, cấp` },
    { kind: 'move', verb: 'moveUnit', words: t`Chuyển cấp trên` },
    { kind: 'merge', verb: 'mergeUnits', words: t`Nhận sáp nhập` },
    { kind: 'split', verb: 'splitUnit', words: t`Chia tách` },
    { kind: 'close', verb: 'closeUnit', words: t`Kết thúc hoạt động` },
  ]
  const open = changes.filter(({ verb }) => may(verb))
  return (
    <div className="row">
      {open.length > 0 && (
        <select
          className={`input ${look.change}`}
          aria-label={t`Thay đổi đơn vị`}
          value=""
          onChange={(event) => onChange(event.target.value as ChangeKind)}
        >
          <option value="" disabled>
            {t`Thay đổi…`}
          </option>
          {open.map(({ kind, words }) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      )}
      {unit.abilities.includes('exportUnits') && (
        <ButtonLink icon={<Icon name="download" />} href={fileHref(exportUnits, { unitId: unit.unitId })} download>
          <Trans>Xuất Excel</Trans>
        </ButtonLink>
      )}
    </div>
  )
}

function Numbers({ unit }: { unit: Page }) {
  const { t } = useLingui()
  const facts: [React.ReactNode, React.ReactNode][] = [
    [t`Đảng viên chính thức ở đây`, <Count key="m" value={unit.members} />],
    [t`Được miễn sinh hoạt hôm nay`, <Count key="e" value={unit.exempt} />],
    [t`Thuộc diện`, <Count key="a" value={unit.members - unit.exempt} />],
  ]
  if (unit.children > 0 && unit.ownMembers > 0)
    facts.push([t`Sinh hoạt ngay tại đơn vị này`, <Count key="o" value={unit.ownMembers} />])
  if (unit.temporary > 0)
    facts.push([t`Sinh hoạt tạm thời, không tính vào trên`, <Count key="t" value={unit.temporary} />])
  const keeper = unit.grassroots?.name
  return (
    <div className="stack">
      <Facts facts={facts} />
      {unit.seesNames ? (
        <div>
          <ButtonLink href={peopleHref(unit.unitId)} icon={<Icon name="people" />}>
            <Trans>Mở danh sách đảng viên</Trans>
          </ButtonLink>
        </div>
      ) : (
        <Note tone="still">
          {keeper ? (
            <Trans>Ở đây xem số. Danh sách tên do {keeper} giữ.</Trans>
          ) : (
            <Trans>Cấp này xem số. Danh sách tên do từng đơn vị cơ sở giữ.</Trans>
          )}
        </Note>
      )}
    </div>
  )
}

function Below({ unit }: { unit: Page }) {
  const { t } = useLingui()
  return (
    <Section title={t`Đơn vị trực thuộc`} aside={t`${formatCount(unit.children)} đơn vị, xếp theo mã`}>
      <UnitTable unitId={unit.unitId} hrefOf={unitHref} />
    </Section>
  )
}
/** Children's numbers; each opens its own page. */
export function UnitTable({ unitId, hrefOf }: { unitId: string; hrefOf: (unitId: string) => string }) {
  const { t } = useLingui()
  const go = useGo()
  const [state, setState] = useTableAddress({ size: 50 })
  const { value, waiting, refreshing, refused, again } = useAnswer(children, {
    unitId,
    page: state.page,
    size: state.size,
  })
  const columns: Column<UnitRow>[] = [
    { key: 'name', header: t`Đơn vị`, onCard: 'title', cell: (row) => <a href={hrefOf(row.unitId)}>{row.name}</a> },
    { key: 'code', header: t`Mã`, cell: (row) => <span className="num">{row.code}</span> },
    { key: 'level', header: t`Cấp`, cell: (row) => row.levelName },
    {
      key: 'children',
      header: t`Trực thuộc`,
      number: true,
      cell: (row) => (row.children > 0 ? formatCount(row.children) : '–'),
    },
    {
      key: 'members',
      header: t`Đảng viên`,
      number: true,
      cell: (row) => (row.members === undefined ? '–' : formatCount(row.members)),
    },
    {
      key: 'exempt',
      header: t`Được miễn`,
      number: true,
      cell: (row) => (row.exempt === undefined ? '–' : formatCount(row.exempt)),
    },
  ]
  return (
    <DataTable
      label={t`Đơn vị trực thuộc`}
      columns={columns}
      rows={value?.rows}
      total={value?.total}
      rowKey={(row) => row.unitId}
      state={state}
      onState={setState}
      waiting={waiting}
      refreshing={refreshing}
      refused={refused}
      again={again}
      onOpen={(row) => go(hrefOf(row.unitId))}
      empty={<Trans>Không có đơn vị trực thuộc.</Trans>}
    />
  )
}

function History({ unit }: { unit: Page }) {
  const { t } = useLingui()
  const [all, setAll] = useState(false)
  const shown = all ? unit.versions : unit.versions.slice(0, 5)
  return (
    <Section title={t`Lịch sử`} aside={t`Tên, cấp và cấp trên qua các thời kỳ`}>
      <div className={look.scroll}>
        <table className="plain-table">
          <thead>
            <tr>
              <th>
                <Trans>Từ ngày</Trans>
              </th>
              <th>
                <Trans>Đến trước ngày</Trans>
              </th>
              <th>
                <Trans>Tên</Trans>
              </th>
              <th>
                <Trans>Cấp</Trans>
              </th>
              <th>
                <Trans>Cấp trên</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((version) => (
              <tr key={`${version.validFrom} ${version.recordedAt}`}>
                <td className="num">{formatDay(version.validFrom)}</td>
                <td className="num">{version.validTo ? formatDay(version.validTo) : t`nay`}</td>
                <td>{version.name}</td>
                <td>{version.levelName}</td>
                <td>{version.parentName ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {unit.versions.length > shown.length && (
        <Button look="bare" onClick={() => setAll(true)}>
          <Trans>Xem cả {unit.versions.length} thời kỳ</Trans>
        </Button>
      )}
      {unit.successors.length > 0 && (
        <ul className="rows">
          {unit.successors.map((one) => (
            <li key={`${one.unitId} ${one.onDay}`}>
              <span className="num">{formatDay(one.onDay)}</span>{' '}
              {one.direction === 'into' ? (
                one.kind === 'merge' ? (
                  <Trans>sáp nhập vào</Trans>
                ) : (
                  <Trans>chia tách thành</Trans>
                )
              ) : one.kind === 'merge' ? (
                <Trans>nhận sáp nhập</Trans>
              ) : (
                <Trans>chia tách từ</Trans>
              )}{' '}
              <a href={unitHref(one.unitId)}>{one.name}</a>
              {one.decision && <span className="second"> · {one.decision}</span>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
