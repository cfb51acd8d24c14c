import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, Suspense, useCallback, useState } from 'react'
import { forPeopleOf } from '../../../features/access/contract.ts'
import { FaceToFace, PersonAccess } from '../../../features/access/web/index.ts'
import { LateTicks } from '../../../features/attendance/web/index.ts'
import * as coverage from '../../../features/coverage/contract.ts'
import { reasonWords, stateWords } from '../../../features/coverage/web/index.ts'
import { MakeUpFor, OpenMakeups } from '../../../features/makeups/web/index.ts'
import { OneSummons, RegisterHer } from '../../../features/sites/web/index.ts'
import { formatCount, formatRatio } from '../../../kernel/figure.ts'
import { formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { call, type ValueOf } from '../../../platform/web/client.ts'
import { useTopic } from '../../../platform/web/live.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  type Column,
  CoverageBar,
  DataTable,
  Drawer,
  ErrorSentence,
  Facts,
  Note,
  PageHeading,
  SearchField,
  Section,
  Segments,
  Status,
  type TableState,
  TextField,
  type Tone,
  useCampaign,
  Waiting,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import look from './CellRoom.module.css'

type Book = ValueOf<typeof coverage.ledger>
type Unit = Book['unit']
type Person = ValueOf<typeof coverage.peopleBehind>['rows'][number]
/** Where the reader is, why she opens names, and who was read again since a list was opened. */
type Room = {
  campaignId: string
  why: string | undefined
  giveWhy: (why: string) => void
  fresh: ReadonlyMap<string, Person>
  readAgain: (personIds: readonly string[]) => void
  /** Many were changed at once: the lists are asked for anew. */
  forget: () => void
}

const covered = (unit: Unit) => unit.studiedAtSite + unit.studiedOnDevice + unit.madeUp
const left = (unit: Unit) => unit.booked + unit.notYet
/** Whoever waits for a conference is not made up before it. */
const toMakeUp = (unit: Unit) => unit.notYet - unit.reasons.awaiting
const old = [coverage.ledger]

const says = {
  scopeNotFixed: msg`Đợt này chưa chốt danh sách thuộc diện. Chốt xong thì danh sách của đơn vị hiện ở đây.`,
  notFound: msg`Đơn vị này không có trong đợt đang chọn. Đồng chí chọn đợt khác ở thanh trên.`,
  notYours: msg`Đồng chí không được giao việc ở đơn vị này.`,
} satisfies WordsFor<typeof coverage.ledger> & Record<'notFound' | 'notYours', Words>
const sayNames = {
  scopeNotFixed: says.scopeNotFixed,
  aboveNames: msg`Ở cấp này chỉ xem được số, không xem được họ tên.`,
  notYours: msg`Chỉ bí thư chi bộ và cán bộ của đơn vị cơ sở mở được họ tên. Đồng chí vẫn xem được số.`,
} satisfies WordsFor<typeof coverage.peopleBehind> & Record<'notYours', Words>
/** What each kind of person still needs, as somebody would advise. */
const advice: Record<coverage.Reason | 'booked', Words> = {
  awaiting: msg`Hội nghị chưa họp, chưa phải làm gì.`,
  partly: msg`Còn thiếu mốc điểm danh, mời học bù.`,
  excused: msg`Mời học bù.`,
  absent: msg`Hỏi lý do, mời học bù.`,
  noContact: msg`Tìm cách liên lạc khác.`,
  neverSummoned: msg`Đăng ký dự trên thiết bị cá nhân, hoặc mời học bù.`,
  booked: msg`Nhắc ngày học bù.`,
}
const tones: Record<Person['state'], Tone> = {
  studiedAtSite: 'ok',
  studiedOnDevice: 'ok',
  madeUp: 'ok',
  booked: 'wait',
  notYet: 'off',
  exempt: 'still',
}

/** The room of a cell's secretary, and of the officer of a unit that keeps names: who has not studied, and what each still needs. */
export function CellRoom({ unitId }: { unitId: string }) {
  const [campaignId] = useCampaign()
  const where = campaignId ? { campaignId, unitId } : undefined
  const asked = useAnswer(coverage.ledger, where, { keep: false })
  const live = useTopic(coverage.liveLedger, asked.value ? where : undefined)
  const [why, giveWhy] = useState<string>()
  const [fresh, setFresh] = useState<ReadonlyMap<string, Person>>(new Map())
  const readAgain = useCallback(
    async (personIds: readonly string[]) => {
      if (!campaignId || why === undefined) return
      for (const personId of personIds) {
        const answer = await call(coverage.peopleBehind, { campaignId, unitId, filter: 'inScope', personId, why })
        const row = answer.ok ? answer.value.rows[0] : undefined
        if (row) setFresh((before) => new Map(before).set(personId, row))
      }
    },
    [campaignId, unitId, why],
  )
  const value = asked.value && newer(asked.value, live.snapshot)
  if (!campaignId) return <Heading value={undefined} refused={false} />
  if (!value)
    return (
      <>
        <Heading value={undefined} refused={asked.refused !== undefined} />
        <ErrorSentence refused={asked.refused} words={says} again={asked.again} />
      </>
    )
  const room: Room = { campaignId, why, giveWhy, fresh, readAgain, forget: () => setFresh(new Map()) }
  return (
    <>
      <Heading value={value} refused={false} />
      <div className={look.page} key={campaignId}>
        <div className={look.main}>
          <Bar unit={value.unit} />
          {value.unit.keepsNames ? (
            <People value={value} room={room} />
          ) : (
            <Section title={<Trans>Ai còn cần gì</Trans>}>
              <div className="stack">
                <Needs unit={value.unit} />
                <p className="second">
                  <Trans>
                    Ở cấp này chỉ xem được số. Họ tên mở ở chi bộ và đơn vị cơ sở; số của từng đơn vị có trong{' '}
                    <a href={`/so-cai?don-vi=${unitId}`}>sổ cái</a>.
                  </Trans>
                </p>
              </div>
            </Section>
          )}
        </div>
        <Suspense fallback={<WaitingLines label="" lines={3} />}>
          <Beside value={value} room={room} />
        </Suspense>
      </div>
    </>
  )
}
/** The stream may bring an older reading than the answer just asked for. */
const newer = (asked: Book, live: Book | undefined) => (live && live.at > asked.at ? live : asked)

function Heading({ value, refused }: { value: Book | undefined; refused: boolean }) {
  const unit = value?.unit
  const rest = unit && formatCount(left(unit))
  const all = unit && formatCount(unit.inScope)
  const studied = unit && formatCount(covered(unit))
  const ratio = unit && formatRatio({ n: covered(unit), d: unit.inScope })
  const exempt = unit && formatCount(unit.exempt)
  return (
    <PageHeading
      over={value && [value.unit.name, value.path.at(-2)?.name].filter((name) => name).join(' · ')}
      under={
        unit &&
        unit.inScope > 0 && (
          <>
            <Trans>
              Đã học {studied}, bằng {ratio} số thuộc diện.
            </Trans>{' '}
            {unit.exempt > 0 && <Trans>Miễn sinh hoạt {exempt} đồng chí, không tính.</Trans>}
          </>
        )
      }
    >
      {unit === undefined ? (
        refused ? (
          <Trans>Chi bộ của tôi</Trans>
        ) : (
          <Waiting width="60%" />
        )
      ) : unit.inScope === 0 ? (
        <Trans>Chưa có đồng chí nào thuộc diện</Trans>
      ) : left(unit) === 0 ? (
        <Trans>Cả {all} đồng chí đã học</Trans>
      ) : (
        <Trans>
          Còn {rest} trên {all} đồng chí chưa học
        </Trans>
      )}
    </PageHeading>
  )
}

function Bar({ unit }: { unit: Unit }) {
  const { t, i18n } = useLingui()
  if (unit.inScope === 0) return null
  const part = (key: 'studiedAtSite' | 'studiedOnDevice' | 'madeUp' | 'booked', barLook: '1' | '2' | '3' | 'gold') => ({
    key,
    label: i18n._(stateWords[key]),
    count: unit[key],
    look: barLook,
  })
  return (
    <CoverageBar
      base={t`người thuộc diện`}
      caption={t`Tình trạng của người thuộc diện`}
      total={unit.inScope}
      parts={[
        part('studiedAtSite', '1'),
        part('studiedOnDevice', '2'),
        part('madeUp', '3'),
        part('booked', 'gold'),
        { key: 'notYet', label: i18n._(stateWords.notYet), count: unit.notYet, look: 'hatch' as const },
      ].filter(({ count }) => count > 0)}
    />
  )
}

/** Numbers only: what is left to do, most people first. */
function Needs({ unit }: { unit: Unit }) {
  const { i18n } = useLingui()
  const needs = [
    ...coverage.reasons.map((reason) => ({ key: reason, count: unit.reasons[reason], words: reasonWords[reason] })),
    { key: 'booked' as const, count: unit.booked, words: stateWords.booked },
  ].filter(({ count }) => count > 0)
  return (
    <ul className={look.needs}>
      {needs
        .sort((a, b) => b.count - a.count)
        .map(({ key, count, words }) => (
          <li key={key}>
            <span className="num">{formatCount(count)}</span>
            <span>
              {i18n._(words)}
              <span className="second small"> · {i18n._(advice[key])}</span>
            </span>
          </li>
        ))}
    </ul>
  )
}

/** Names are opened for a reason, which is written down beside them. */
function Gate({ onWhy }: { onWhy: (why: string) => void }) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const usual = [t`Nhắc đi học`, t`Mời học bù`, t`Rà soát danh sách`]
  return (
    <form
      className={look.gate}
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() !== '') onWhy(typed.trim())
      }}
    >
      <Note tone="wait">
        <Trans>
          Sau đây là họ tên. Lần mở này được ghi vào nhật ký; từng đồng chí có tên sẽ thấy ai đã xem, lúc nào, để làm
          gì.
        </Trans>
      </Note>
      <TextField
        label={t`Mở để làm gì`}
        value={typed}
        maxLength={200}
        required
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <div className="row">
        {usual.map((words) => (
          <Button key={words} small onClick={() => setTyped(words)}>
            {words}
          </Button>
        ))}
      </div>
      <div>
        <Button look="go" type="submit" disabled={typed.trim() === ''}>
          <Trans>Mở danh sách</Trans>
        </Button>
      </div>
    </form>
  )
}

function People({ value, room }: { value: Book; room: Room }) {
  const { unit, rows } = value
  return (
    <Section title={<Trans>Ai còn cần gì</Trans>}>
      <div className="stack" data-gap="l">
        {left(unit) > 0 && <Needs unit={unit} />}
        {unit.inScope === 0 ? null : room.why === undefined ? (
          <Gate onWhy={room.giveWhy} />
        ) : unit.children === 0 ? (
          <PeopleOf unit={unit} room={room} />
        ) : (
          <ul className={look.cells}>
            {rows.map((row) => (
              <Cell key={row.unitId + String(row.own)} unit={row} room={room} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

/** One cell of a unit: its numbers, and its people when opened. */
function Cell({ unit, room }: { unit: Unit; room: Room }) {
  const [open, setOpen] = useState(false)
  const rest = formatCount(left(unit))
  const all = formatCount(unit.inScope)
  return (
    <li>
      <div className={look.cell}>
        <div>
          <h3>{unit.own ? <Trans>Sinh hoạt tại cơ quan</Trans> : unit.name}</h3>
          <span className="second small">
            {unit.inScope === 0 ? (
              <Trans>không có người thuộc diện</Trans>
            ) : left(unit) === 0 ? (
              <Trans>cả {all} đồng chí đã học</Trans>
            ) : (
              <Trans>
                còn {rest} trên {all} đồng chí
              </Trans>
            )}
          </span>
        </div>
        {unit.inScope > 0 && (
          <Button small aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? <Trans>Thu lại</Trans> : <Trans>Mở họ tên</Trans>}
            <span className="sr"> {unit.name}</span>
          </Button>
        )}
      </div>
      {open && (
        <div className={look.opened}>
          <PeopleOf unit={unit} room={room} />
        </div>
      )}
    </li>
  )
}

type View = 'left' | 'covered' | 'inScope'
/** The people of one cell with what each needs; a name opens what can be done for her. */
function PeopleOf({ unit, room }: { unit: Unit; room: Room }) {
  const { t, i18n } = useLingui()
  const [view, setView] = useState<View>(left(unit) > 0 ? 'left' : 'inScope')
  const [search, setSearch] = useState('')
  const [state, setState] = useState<TableState>({ page: 1, size: 50 })
  const [openedId, setOpened] = useState<string>()
  const { value, waiting, refreshing, refused, again } = useAnswer(
    coverage.peopleBehind,
    {
      campaignId: room.campaignId,
      unitId: unit.unitId,
      own: unit.own,
      filter: view,
      search,
      why: room.why ?? '',
      page: state.page,
      size: state.size,
    },
    // Opening the list is the look; it is not opened again behind the reader's back.
    { staleMs: Number.POSITIVE_INFINITY },
  )
  const rows = value?.rows.map((row) => room.fresh.get(row.personId) ?? row)
  const opened = rows?.find(({ personId }) => personId === openedId)
  const turn = (next: Partial<{ view: View; search: string }>) => {
    if (next.view) setView(next.view)
    if (next.search !== undefined) setSearch(next.search)
    setState((before) => ({ ...before, page: 1 }))
  }
  const columns: Column<Person>[] = [
    {
      key: 'name',
      header: t`Họ và tên`,
      onCard: 'title',
      cell: (row) => (
        <button type="button" className={look.name} onClick={() => setOpened(row.personId)}>
          {row.name}
        </button>
      ),
    },
    { key: 'position', header: t`Chức vụ`, onCard: 'hide', cell: (row) => row.position || '–' },
    {
      key: 'state',
      header: t`Tình trạng`,
      onCard: 'line',
      cell: (row) => (
        <Status tone={tones[row.state]}>{i18n._(row.reason ? reasonWords[row.reason] : stateWords[row.state])}</Status>
      ),
    },
    { key: 'place', header: t`Triệu tập`, onCard: 'line', cell: (row) => <Places person={row} /> },
  ]
  const unitName = unit.name
  return (
    <>
      <DataTable
        label={t`Người của ${unitName}`}
        columns={columns}
        rows={rows}
        total={value?.total}
        rowKey={({ personId }) => personId}
        state={state}
        onState={setState}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        refusalWords={sayNames}
        again={again}
        onOpen={({ personId }) => setOpened(personId)}
        filters={
          <>
            <Segments
              label={t`Xem`}
              value={view}
              onChange={(next) => turn({ view: next as View })}
              tabs={[
                { key: 'left', label: t`Còn lại`, count: formatCount(left(unit)) },
                { key: 'covered', label: t`Đã học`, count: formatCount(covered(unit)) },
                { key: 'inScope', label: t`Tất cả`, count: formatCount(unit.inScope) },
              ]}
            />
            {unit.inScope > 12 && (
              <SearchField
                label={t`Tìm theo họ tên`}
                placeholder={t`Tìm theo họ tên`}
                hideLabel
                value={search}
                onSearch={(typed) => typed !== search && turn({ search: typed })}
              />
            )}
          </>
        }
        empty={<Trans>Không có ai.</Trans>}
      />
      {opened && (
        <PersonDrawer
          key={opened.personId}
          person={opened}
          unitId={unit.unitId}
          room={room}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  )
}

/** Where she is called to, in a line each. */
function Places({ person }: { person: Person }) {
  if (person.summonses.length === 0)
    return (
      <span className="second small">
        <Trans>chưa có</Trans>
      </span>
    )
  return (
    <div className="small">
      {person.summonses.map((summons) => (
        <div key={summons.summonsId}>
          <Where summons={summons} />
        </div>
      ))}
    </div>
  )
}
function Where({ summons: { siteName, makeup, startsAt } }: { summons: Person['summonses'][number] }) {
  const day = startsAt && formatDay(new Date(startsAt))
  return (
    <>
      {siteName ?? (makeup ? <Trans>Buổi học bù</Trans> : <Trans>Thiết bị cá nhân</Trans>)}
      {day && <span className="second">, {day}</span>}
    </>
  )
}

function PersonDrawer({
  person,
  unitId,
  room,
  onClose,
}: {
  person: Person
  unitId: string
  room: Room
  onClose: () => void
}) {
  const { t, i18n } = useLingui()
  const { campaignId, readAgain } = room
  const may = useAnswer(forPeopleOf, { unitId }, { staleMs: 300_000 }).value?.abilities ?? []
  const study = person.summonses.filter(({ makeup }) => !makeup)
  const booked = person.summonses.find(({ makeup, closed }) => makeup && !closed)
  const makesUp = person.state === 'booked' || (person.state === 'notYet' && person.reason !== 'awaiting')
  return (
    <Drawer open onClose={onClose} title={person.name}>
      <Suspense fallback={<WaitingLines label={t`Đang mở`} />}>
        <div className="stack" data-gap="l">
          <div className="stack" data-gap="s">
            <Status tone={tones[person.state]}>
              {i18n._(stateWords[person.state])}
              {person.reason && `: ${i18n._(reasonWords[person.reason]).toLowerCase()}`}
            </Status>
            <Facts
              facts={[[t`Chi bộ`, person.unit], ...(person.position ? ([[t`Chức vụ`, person.position]] as const) : [])]}
            />
          </div>
          {study.map((summons) => {
            return (
              <Section key={summons.summonsId} title={summons.conferenceName}>
                <div className="stack">
                  <p>
                    <Where summons={summons} />
                  </p>
                  <OneSummons
                    summons={{
                      conferenceId: summons.conferenceId,
                      summonsId: summons.summonsId,
                      personId: person.personId,
                      excuse: summons.excuse,
                      undeliverable: summons.undeliverable,
                    }}
                    unitId={unitId}
                    closed={summons.closed}
                    refresh={old}
                    onDone={readAgain}
                  />
                </div>
              </Section>
            )
          })}
          {(person.state === 'notYet' || person.state === 'booked') && person.mayRegister.length > 0 && (
            <Section title={<Trans>Chưa được triệu tập</Trans>}>
              {person.mayRegister.map(({ conferenceId, name }) => (
                <RegisterHer
                  key={conferenceId}
                  conferenceId={conferenceId}
                  conferenceName={name}
                  personId={person.personId}
                  refresh={old}
                  onDone={readAgain}
                />
              ))}
            </Section>
          )}
          {makesUp && (
            <Section title={<Trans>Học bù</Trans>}>
              <MakeUpFor
                where={{ campaignId, unitId }}
                personId={person.personId}
                booked={booked && { makeupId: booked.conferenceId, name: booked.conferenceName }}
                offer={person.offer}
                refresh={old}
                onDone={readAgain}
              />
            </Section>
          )}
          {(may.includes('copyEntryLink') || may.includes('resetPin')) && (
            <Section title={<Trans>Đường dẫn vào trang riêng</Trans>}>
              <PersonAccess
                unitId={unitId}
                personId={person.personId}
                name={person.name}
                campaignId={campaignId}
                may={may}
              />
            </Section>
          )}
        </div>
      </Suspense>
    </Drawer>
  )
}

/** What is done for the whole unit: late ticks, make-ups, and confirming somebody who stands here. */
function Beside({ value, room }: { value: Book; room: Room }) {
  const { unitId } = value.unit
  const { campaignId } = room
  const may = useAnswer(forPeopleOf, { unitId }, { staleMs: 300_000 }).value?.abilities ?? []
  const gate: ReactNode = <Gate onWhy={room.giveWhy} />
  return (
    <div className={look.beside}>
      {value.unit.keepsNames && (
        <LateTicks
          campaignId={campaignId}
          unitId={unitId}
          why={room.why}
          gate={gate}
          refresh={old}
          onAccepted={room.readAgain}
        />
      )}
      <OpenMakeups
        where={{ campaignId, unitId }}
        left={value.unit.keepsNames ? toMakeUp(value.unit) : undefined}
        refresh={[coverage.ledger, coverage.peopleBehind]}
        onBooked={room.forget}
      />
      {may.includes('confirmFaceToFace') && (
        <Section title={<Trans>Xác nhận trực tiếp</Trans>}>
          <FaceToFace unitId={unitId} />
        </Section>
      )}
    </div>
  )
}
