import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { Suspense, useCallback, useState } from 'react'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { fileHref, type ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  type Column,
  ConfirmDialog,
  DataTable,
  Drawer,
  ErrorSentence,
  Facts,
  SearchField,
  Section,
  SelectField,
  Status,
  say,
  useAddress,
  useCampaign,
  useTableAddress,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { forPeopleOf } from '../../access/contract.ts'
import { PersonAccess } from '../../access/web/index.ts'
import {
  type Excuse,
  excuse,
  excuses,
  listSummons,
  listUnsummoned,
  markUndeliverable,
  register,
  substitute,
  summonsSheet,
  withdrawSummons,
} from '../contract.ts'
import { SealedSlip } from './SealedSlip.tsx'
import type { SummonsView } from './Summons.tsx'
import look from './sites.module.css'
import { excuseWords, originWords, sayExcuse, sayRegister, saySubstitute, sayWithdraw } from './words.ts'

type Row = ValueOf<typeof listSummons>['rows'][number]
const views = ['all', 'atSites', 'onDevices', 'excused', 'undeliverable', 'substitutes'] as const

/** The names of one's own unit; each opening of the list is a look those people find on their own pages. */
export function SummonedPeople({ conferenceId, view }: { conferenceId: string; view: SummonsView }) {
  const { t } = useWords()
  const [table, setTable] = useTableAddress({ size: 50 })
  const [{ tim, loc }, change] = useAddress()
  const [opened, setOpened] = useState<Row>()
  const [adding, setAdding] = useState(false)
  const { unitId } = view.unit
  const which = views.find((one) => one === loc) ?? 'all'
  const { value, waiting, refreshing, refused, again } = useAnswer(listSummons, {
    conferenceId,
    unitId,
    which,
    search: tim ?? '',
    page: table.page,
    size: table.size,
  })
  const search = useCallback((typed: string) => change({ tim: typed || undefined, trang: undefined }), [change])
  const words: Record<(typeof views)[number], string> = {
    all: t`Tất cả`,
    atSites: t`Đến điểm cầu`,
    onDevices: t`Trên thiết bị`,
    excused: t`Xin vắng`,
    undeliverable: t`Chưa liên lạc được`,
    substitutes: t`Đi thay`,
  }
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Họ và tên`,
      onCard: 'title',
      cell: (row) => (
        <button type="button" className={look.name} onClick={() => setOpened(row)}>
          {row.name}
        </button>
      ),
    },
    { key: 'position', header: t`Chức vụ`, cell: (row) => row.position || <span className="second">–</span> },
    { key: 'unit', header: t`Chi bộ`, cell: (row) => row.unitName },
    {
      key: 'site',
      header: t`Nơi dự`,
      cell: (row) => row.siteName ?? (view.ownDevice ? t`Thiết bị cá nhân` : t`Chưa ghi điểm cầu`),
    },
    { key: 'state', header: t`Ghi chú`, onCard: 'line', cell: (row) => <Remarks row={row} /> },
  ]
  return (
    <>
      <DataTable
        label={t`Người được triệu tập`}
        columns={columns}
        rows={value?.rows}
        total={value?.total}
        rowKey={({ summonsId }) => summonsId}
        state={table}
        onState={setTable}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        onOpen={setOpened}
        filters={
          <>
            <SearchField label={t`Tìm tên, mã số`} value={tim ?? ''} onSearch={search} />
            <SelectField
              label={t`Chọn người để xem`}
              hideLabel
              value={which}
              onChange={(event) =>
                change({
                  loc: event.currentTarget.value === 'all' ? undefined : event.currentTarget.value,
                  trang: undefined,
                })
              }
              options={views.map((key) => ({ value: key, label: words[key] }))}
            />
          </>
        }
        actions={
          <>
            <ButtonLink href={fileHref(summonsSheet, { conferenceId, unitId })} download>
              <Trans>Tải danh sách</Trans>
            </ButtonLink>
            {view.ownDevice && view.total.without > 0 && (
              <Button onClick={() => setAdding(true)}>
                <Trans>Đăng ký dự trên thiết bị</Trans>
              </Button>
            )}
          </>
        }
        empty={tim || which !== 'all' ? <Trans>Không có ai khớp.</Trans> : <Trans>Chưa có ai được triệu tập.</Trans>}
      />
      {opened && (
        <SummonsDrawer
          key={opened.summonsId}
          row={opened}
          conferenceId={conferenceId}
          unitId={unitId}
          ownDevice={view.ownDevice}
          onClose={() => setOpened(undefined)}
        />
      )}
      {adding && <RegisterDrawer conferenceId={conferenceId} unitId={unitId} onClose={() => setAdding(false)} />}
      <p className="second small">
        <Trans>Mỗi lần mở danh sách tên đều được ghi lại; đồng chí có tên thấy ai đã xem.</Trans>
      </p>
    </>
  )
}

function Remarks({ row }: { row: Row }) {
  const { _ } = useLingui()
  return (
    <div className={look.at}>
      {row.excuse && <Status tone="wait">{_(excuseWords[row.excuse])}</Status>}
      {row.undeliverable && (
        <Status tone="bad">
          <Trans>Chưa liên lạc được</Trans>
        </Status>
      )}
      {row.replaces ? (
        <span className="small">
          <Trans>Đi thay đồng chí {row.replaces}</Trans>
        </span>
      ) : (
        row.origin !== 'seating' && <span className="small second">{_(originWords[row.origin])}</span>
      )}
      {row.sessionCodes && <span className="small">{row.sessionCodes.join(', ')}</span>}
    </div>
  )
}

function SummonsDrawer({
  row,
  conferenceId,
  unitId,
  ownDevice,
  onClose,
}: {
  row: Row
  conferenceId: string
  unitId: string
  ownDevice: boolean
  onClose: () => void
}) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [replacing, setReplacing] = useState(false)
  const [campaignId] = useCampaign()
  const may = useAnswer(forPeopleOf, { unitId }, { staleMs: 300_000 }).value?.abilities ?? []
  const [asking, setAsking] = useState(false)
  const { summonsId } = row
  const done = () => {
    onClose()
    say(t`Đã ghi`)
  }
  const excusing = useOperation(excuse, { done })
  const marking = useOperation(markUndeliverable, { done })
  const withdrawing = useOperation(withdrawSummons, { done })
  const replace = useOperation(substitute, { done })
  return (
    <Drawer open onClose={onClose} title={row.name}>
      <div className="stack" data-gap="l">
        <Facts
          facts={[
            [t`Chức vụ`, row.position || t`không`],
            [t`Chi bộ`, row.unitName],
            [t`Nơi dự`, row.siteName ?? (ownDevice ? t`Thiết bị cá nhân` : t`Chưa ghi điểm cầu`)],
            [t`Triệu tập`, _(originWords[row.origin])],
          ]}
        />
        <SelectField
          label={t`Xin vắng`}
          value={row.excuse ?? ''}
          disabled={excusing.doing}
          onChange={(event) =>
            void excusing.run({ conferenceId, summonsId, reason: (event.currentTarget.value || null) as Excuse | null })
          }
          options={[
            { value: '', label: t`Không xin vắng` },
            ...excuses.map((reason) => ({ value: reason, label: _(excuseWords[reason]) })),
          ]}
        />
        <ErrorSentence refused={excusing.refused} words={sayExcuse} />
        <div className="row">
          <Button
            doing={marking.doing}
            onClick={() => void marking.run({ conferenceId, summonsId, undeliverable: !row.undeliverable })}
          >
            {row.undeliverable ? <Trans>Đã liên lạc được</Trans> : <Trans>Chưa liên lạc được</Trans>}
          </Button>
          <Button onClick={() => setReplacing(true)}>
            <Trans>Cử người đi thay</Trans>
          </Button>
          <Button onClick={() => setAsking(true)}>
            <Trans>Thôi triệu tập</Trans>
          </Button>
        </div>
        <ErrorSentence refused={marking.refused} words={sayExcuse} />
        {campaignId && may.includes('copyEntryLink') && (
          <Section title={<Trans>Đường dẫn vào của đồng chí này</Trans>}>
            <Suspense fallback={<WaitingLines label={t`Đang mở`} lines={2} />}>
              <div className="stack">
                <PersonAccess
                  unitId={unitId}
                  personId={row.personId}
                  name={row.name}
                  campaignId={campaignId}
                  may={may}
                />
                <SealedSlip
                  conferenceId={conferenceId}
                  campaignId={campaignId}
                  unitId={unitId}
                  personId={row.personId}
                />
              </div>
            </Suspense>
          </Section>
        )}
        {replacing && (
          <Section title={<Trans>Ai đi thay</Trans>}>
            <Candidates
              conferenceId={conferenceId}
              unitId={unitId}
              verb={t`Cử đi thay`}
              doing={replace.doing}
              onChoose={(personId) => void replace.run({ conferenceId, summonsId, personId })}
            />
            <ErrorSentence refused={replace.refused} words={saySubstitute} />
          </Section>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        title={<Trans>Thôi triệu tập {row.name}</Trans>}
        verb={<Trans>Thôi triệu tập</Trans>}
        doing={withdrawing.doing}
        onClose={() => setAsking(false)}
        onConfirm={() => void withdrawing.run({ conferenceId, summonsId })}
      >
        <p>
          <Trans>Chỗ ngồi được để trống cho người khác. Đồng chí này không còn trong số được triệu tập.</Trans>
        </p>
        <ErrorSentence refused={withdrawing.refused} words={sayWithdraw} />
      </ConfirmDialog>
    </Drawer>
  )
}

function RegisterDrawer({
  conferenceId,
  unitId,
  onClose,
}: {
  conferenceId: string
  unitId: string
  onClose: () => void
}) {
  const { t } = useWords()
  const registering = useOperation(register, { done: () => say(t`Đã đăng ký`) })
  return (
    <Drawer open onClose={onClose} title={<Trans>Đăng ký dự trên thiết bị</Trans>}>
      <div className="stack">
        <p>
          <Trans>Đồng chí chưa có chỗ ở điểm cầu có thể dự trên thiết bị của mình.</Trans>
        </p>
        <ErrorSentence refused={registering.refused} words={sayRegister} />
        <Candidates
          conferenceId={conferenceId}
          unitId={unitId}
          verb={t`Đăng ký`}
          doing={registering.doing}
          onlyInScope
          onChoose={(personId) => void registering.run({ conferenceId, personId })}
        />
      </div>
    </Drawer>
  )
}

/** People of the unit without a summons, found by name. */
function Candidates({
  conferenceId,
  unitId,
  verb,
  doing,
  onlyInScope = false,
  onChoose,
}: {
  conferenceId: string
  unitId: string
  verb: string
  doing: boolean
  onlyInScope?: boolean
  onChoose: (personId: string) => void
}) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const { value, waiting, refused, again } = useAnswer(listUnsummoned, { conferenceId, unitId, search, size: 20 })
  const people = value?.rows.filter(({ inScope }) => inScope || !onlyInScope)
  return (
    <div className="stack">
      <SearchField label={t`Tìm tên, mã số`} value={search} onSearch={setSearch} />
      <ErrorSentence refused={refused} again={again} />
      {waiting && <WaitingLines label={t`Đang tìm`} lines={3} />}
      <ul className={look.list}>
        {people?.map(({ personId, name, unitName, inScope }) => (
          <li key={personId}>
            <span>
              {name}
              <div className="second small">
                {unitName}
                {!inScope && (
                  <>
                    {', '}
                    <Trans>ngoài diện học</Trans>
                  </>
                )}
              </div>
            </span>
            <Button small doing={doing} onClick={() => onChoose(personId)} aria-label={`${verb}: ${name}`}>
              {verb}
            </Button>
          </li>
        ))}
      </ul>
      {people?.length === 0 && (
        <p className="second">
          <Trans>Không có ai khớp.</Trans>
        </p>
      )}
    </div>
  )
}
