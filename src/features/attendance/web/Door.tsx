import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { fold } from '../../../kernel/fold.ts'
import { newId } from '../../../kernel/id.ts'
import { formatClock } from '../../../kernel/time.ts'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import { useOnline } from '../../../platform/web/live.ts'
import { Button, ErrorSentence, Icon, Note, Segments, Status, say } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { beep, useCamera } from './camera.ts'
import { claim, keep, kept } from './clock.ts'
import styles from './console.module.css'
import { readDoorText } from './doorCode.ts'
import { onAnswered, put } from './outbox.ts'
import { PointChoice } from './PointChoice.tsx'
import type { Hall, Person } from './useHall.ts'
import { checkInSays, excuseSays, findSays } from './words.ts'

const soundKey = 'diem-cau.sound'
const mostShown = 30

type Found = ValueOf<typeof contract.findAtDoor>
/** What the last scan came to; read aloud by whoever keeps the door. */
type Said =
  | {
      tone: 'ok' | 'wait'
      name: string
      unit: string
      words: 'in' | 'already' | 'kept' | 'elsewhere'
      at: Date
      where?: string | undefined
    }
  | { tone: 'wait'; asks: Found; code: string }
  | { tone: 'bad'; refused: Refusal; words?: typeof findSays }

/** The door: scan, search, or the whole hall at once. */
export function Door({ hall }: { hall: Hall }) {
  const { t } = useLingui()
  const [mode, setMode] = useState<'scan' | 'search' | 'all'>('scan')
  const [camera, setCamera] = useState<'refused' | 'none'>()
  const withoutCamera = useCallback((because: 'refused' | 'none') => {
    setCamera(because)
    setMode('search')
  }, [])
  const { point, summoned, present } = hall
  const out = formatCount(present)
  const of = formatCount(summoned ?? 0)
  if (!point)
    return (
      <>
        <h2>
          <Trans>Chưa có mốc điểm danh</Trans>
        </h2>
        <p>
          <Trans>Ban tổ chức chưa khai mốc nào cho hội nghị này. Khi có mốc, trang này mở ra ngay.</Trans>
        </p>
      </>
    )
  return (
    <>
      <PointChoice hall={hall} />
      <div className={styles.modes}>
        <Segments
          label={t`Cách điểm danh`}
          value={mode}
          onChange={(key) => setMode(key as typeof mode)}
          tabs={[
            { key: 'scan', label: <Trans>Quét giấy</Trans> },
            { key: 'search', label: <Trans>Tìm tên</Trans> },
            { key: 'all', label: <Trans>Cả hội trường</Trans> },
          ]}
        />
      </div>
      {mode === 'scan' && <Scan hall={hall} onNoCamera={withoutCamera} />}
      {mode === 'search' && camera === 'refused' && (
        <Note>
          <Trans>
            Máy ảnh chưa được phép. Đồng chí bấm vào biểu tượng ổ khoá cạnh địa chỉ trang để cho phép, hoặc cứ tìm theo
            tên.
          </Trans>
        </Note>
      )}
      {mode === 'search' && <Search hall={hall} camera={camera !== 'none'} />}
      {mode === 'all' && <WholeHall hall={hall} onDone={() => setMode('scan')} />}
      {mode !== 'all' && (
        <div>
          <p className={styles.count}>
            <b>{out}</b>{' '}
            {summoned ? <Trans>trên {of} người được triệu tập đã có mặt</Trans> : <Trans>người đã có mặt</Trans>}
          </p>
          <div className={styles.bar} aria-hidden="true">
            <div style={{ width: `${Math.min(100, (100 * present) / Math.max(1, summoned ?? 1))}%` }} />
          </div>
        </div>
      )}
      <Doubts hall={hall} />
      {mode === 'scan' && <Latest hall={hall} />}
    </>
  )
}

/** Writes one arrival down; what the list and the board already know is said at once, the server confirms behind. */
function useWriteDown(hall: Hall) {
  const { t } = useLingui()
  return (
    evidence: contract.Evidence,
    who: { person: Pick<Person, 'personId' | 'name' | 'unit'>; doorCode?: string } | { doorCode: string },
  ) => {
    const person = 'person' in who ? who.person : undefined
    const code = 'doorCode' in who && who.doorCode ? who.doorCode : undefined
    put(
      'checkIn',
      {
        arrivalId: newId(),
        checkpointId: hall.point!.checkpointId,
        siteId: hall.siteId,
        ...(code ? { doorCode: code } : { personId: person!.personId }),
        evidence,
        ...claim(),
      },
      person?.name ?? t`Giấy có mã ${code ?? ''}`,
      person?.personId,
    )
  }
}

function Scan({ hall, onNoCamera }: { hall: Hall; onNoCamera: (because: 'refused' | 'none') => void }) {
  const { t } = useLingui()
  const [said, setSaid] = useState<Said>()
  const [sound, setSound] = useState(kept(soundKey) !== 'off')
  const online = useOnline()
  const write = useWriteDown(hall)
  const tell = (next: Said) => {
    setSaid(next)
    if (sound) beep(next.tone)
    if ('vibrate' in navigator) navigator.vibrate(next.tone === 'ok' ? 60 : [60, 60, 60])
  }
  const camera = useCamera(true, (text) => void take(text))
  useEffect(() => {
    if (camera.state === 'refused' || camera.state === 'none') onNoCamera(camera.state)
  }, [camera.state, onNoCamera])
  // The server may know more than this device: she is already in, or at another hall.
  const point = hall.point!.checkpointId
  useEffect(
    () =>
      onAnswered((one, value: ValueOf<typeof contract.checkIn>) => {
        if (one.kind !== 'checkIn' || one.input.checkpointId !== point || !value.person) return
        const { outcome, before, person } = value
        if (outcome === 'elsewhere')
          setSaid({ tone: 'wait', ...person, words: 'elsewhere', at: new Date(before!.at), where: before?.siteName })
        else if (one.personId === undefined) setSaid({ tone: 'ok', ...person, words: 'in', at: new Date(one.madeAt) })
      }),
    [point],
  )

  async function take(text: string) {
    const read = readDoorText(text, hall.conferenceId)
    if (read.kind === 'otherConference') return tell({ tone: 'bad', refused: { refused: 'otherConference' } })
    if (read.kind === 'words') return tell({ tone: 'bad', refused: { refused: 'unknownPerson' } })
    const person = hall.byCode.get(read.code)
    if (person) {
      const here = hall.here.get(person.personId)
      if (here) return tell({ tone: 'wait', ...person, words: 'already', at: here.at })
      write('doorScan', { person, doorCode: read.code })
      return tell({ tone: 'ok', ...person, words: 'in', at: new Date() })
    }
    const answer = await call(
      contract.findAtDoor,
      { conferenceId: hall.conferenceId, siteId: hall.siteId, code: read.code },
      { tries: 1 },
    )
    if (answer.ok) {
      const here = hall.here.get(answer.value.personId)
      return tell(
        here
          ? { tone: 'wait', ...answer.value, words: 'already', at: here.at }
          : { tone: 'wait', asks: answer.value, code: read.code },
      )
    }
    if (answer.refused !== 'offline') return tell({ tone: 'bad', refused: answer, words: findSays })
    write('doorScan', { doorCode: read.code })
    return tell({
      tone: 'wait',
      name: t`Giấy ${read.code.slice(0, 4)} ${read.code.slice(4)}`,
      unit: '',
      words: 'kept',
      at: new Date(),
    })
  }
  return (
    <>
      <div className={styles.camera} data-state={camera.state}>
        <video ref={camera.video} muted playsInline aria-label={t`Hình từ máy ảnh`} />
        <span className={styles.frame} aria-hidden="true" />
        <div className={styles.strip}>
          <span role="status">
            {camera.state === 'opening' ? <Trans>Đang bật máy ảnh</Trans> : <Trans>Đưa mã vào khung</Trans>}
          </span>
          <button
            type="button"
            aria-pressed={sound}
            onClick={() => {
              keep(soundKey, sound ? 'off' : 'on')
              setSound(!sound)
            }}
          >
            {sound ? <Trans>Có tiếng</Trans> : <Trans>Tắt tiếng</Trans>}
          </button>
        </div>
      </div>
      <div role="status" aria-live="assertive">
        {said && <SaidCard said={said} hall={hall} onDone={setSaid} />}
      </div>
      {!online && hall.sheet === undefined && (
        <Note>
          <Trans>Máy này chưa có danh sách nên chưa đọc được tên. Mã quét vẫn được giữ và tự gửi khi có mạng.</Trans>
        </Note>
      )}
    </>
  )
}

function SaidCard({ said, hall, onDone }: { said: Said; hall: Hall; onDone: (said: Said) => void }) {
  const write = useWriteDown(hall)
  if ('refused' in said) return <ErrorSentence refused={said.refused} words={said.words ?? checkInSays} />
  if ('asks' in said) {
    const { name, unit, summonedTo, inScope } = said.asks
    return (
      <div className={styles.said} data-tone="wait">
        <div>
          <p className={styles.name}>{name}</p>
          <p className="second">{unit}</p>
          <p>
            {summonedTo ? (
              <Trans>
                Được triệu tập đến <b>{summonedTo}</b>. Dự ở đây cũng được.
              </Trans>
            ) : inScope ? (
              <Trans>Chưa có trong triệu tập. Ghi dự ở đây thì được triệu tập tại cửa.</Trans>
            ) : (
              <Trans>Không thuộc diện triệu tập. Ghi là khách mời.</Trans>
            )}
          </p>
          <Button
            look="go"
            big
            onClick={() => {
              write(said.code ? 'doorScan' : 'stewardTick', { person: said.asks })
              onDone({ tone: 'ok', name, unit, words: 'in', at: new Date() })
            }}
          >
            <Trans>Ghi dự ở đây</Trans>
          </Button>
        </div>
      </div>
    )
  }
  const at = formatClock(said.at)
  const { where = '' } = said
  return (
    <div className={styles.said} data-tone={said.tone}>
      <span className={styles.mark} aria-hidden="true">
        <Icon name={said.tone === 'ok' ? 'check' : 'clock'} />
      </span>
      <div>
        <p className={styles.name}>{said.name}</p>
        <p className="second">{said.unit}</p>
        <p>
          <b>
            {said.words === 'in' && <Trans>Đã có mặt lúc {at}</Trans>}
            {said.words === 'already' && <Trans>Đã điểm danh từ lúc {at}. Không cần quét lại.</Trans>}
            {said.words === 'kept' && <Trans>Đã giữ lúc {at}. Có mạng sẽ biết tên.</Trans>}
            {said.words === 'elsewhere' && (
              <Trans>
                Đã được ghi ở {where} lúc {at}. Giữ cả hai, hỏi lại người đó.
              </Trans>
            )}
          </b>
        </p>
      </div>
    </div>
  )
}

function Search({ hall, camera }: { hall: Hall; camera: boolean }) {
  const { t, i18n } = useLingui()
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState<{ found?: Found; refused?: Refusal }>()
  const input = useRef<HTMLInputElement>(null)
  const hintId = useId()
  const write = useWriteDown(hall)
  const roll = hall.sheet?.roll
  const folded = useMemo(
    () => (roll ?? []).map((person) => ({ person, text: fold(`${person.name} ${person.unit}`) })),
    [roll],
  )
  const namesakes = useMemo(() => {
    const seen = new Map<string, number>()
    for (const { name } of roll ?? []) seen.set(name, (seen.get(name) ?? 0) + 1)
    return seen
  }, [roll])
  const read = readDoorText(typed, hall.conferenceId)
  const { byCode, conferenceId } = hall
  const hits = useMemo(() => {
    const read = readDoorText(typed, conferenceId)
    if (read.kind === 'code') {
      const person = byCode.get(read.code)
      return person ? [person] : []
    }
    const words = fold(typed).split(' ').filter(Boolean)
    return folded.filter(({ text }) => words.every((word) => text.includes(word))).map(({ person }) => person)
  }, [typed, folded, byCode, conferenceId])
  useEffect(() => input.current?.focus(), [])

  const tick = (person: Pick<Person, 'personId' | 'name' | 'unit'>) => {
    write(read.kind === 'code' ? 'typedCode' : 'stewardTick', { person })
    say(t`${person.name}: đã có mặt`)
    setTyped('')
    setAsked(undefined)
    input.current?.focus()
  }
  async function enter() {
    const [only] = hits
    if (hits.length === 1 && only && !hall.here.has(only.personId)) return tick(only)
    if (hits.length === 0 && typed.trim() !== '') await ask()
  }
  async function ask() {
    const answer = await call(contract.findAtDoor, {
      conferenceId: hall.conferenceId,
      siteId: hall.siteId,
      code: read.kind === 'code' ? read.code : typed.trim(),
    })
    setAsked(answer.ok ? { found: answer.value } : { refused: answer })
  }
  return (
    <div className="stack">
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault()
          void enter()
        }}
      >
        <label className="field-label" htmlFor={`${hintId}-i`}>
          <Trans>Tên, chi bộ, mã trên giấy hoặc mã số</Trans>
        </label>
        <input
          ref={input}
          id={`${hintId}-i`}
          className="input"
          type="search"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby={hintId}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setAsked(undefined)
          }}
        />
        <div className="field-hint" id={hintId}>
          {camera ? (
            <Trans>Gõ không dấu cũng được. Máy quét cầm tay gõ thẳng vào ô này.</Trans>
          ) : (
            <Trans>Máy này không có máy ảnh. Gõ không dấu cũng được.</Trans>
          )}
        </div>
      </form>
      {roll?.length === 0 && (
        <p>
          <Trans>Chưa có danh sách. Vẫn đếm được bốn số ở mục Quân số.</Trans>
        </p>
      )}
      <ul className={styles.people}>
        {hits.slice(0, mostShown).map((person) => {
          const here = hall.here.get(person.personId)
          const year = (namesakes.get(person.name) ?? 0) > 1 ? person.birthYear : undefined
          const clock = here ? formatClock(here.at) : ''
          return (
            <li key={person.personId}>
              <span>
                <b>{person.name}</b>
                <span className="second small">
                  {person.unit}
                  {year && <Trans> · sinh {year}</Trans>}
                  {person.excuse && ` · ${i18n._(excuseSays[person.excuse]!)}`}
                </span>
              </span>
              {here ? (
                <span className={styles.state}>
                  <Status tone={here.sent ? 'ok' : 'wait'}>
                    <span className="num">{clock}</span>
                  </Status>
                  <Button
                    look="bare"
                    small
                    onClick={() =>
                      put(
                        'withdrawArrival',
                        { checkpointId: hall.point!.checkpointId, siteId: hall.siteId, personId: person.personId },
                        person.name,
                        person.personId,
                      )
                    }
                    aria-label={t`Rút lại: ${person.name}`}
                  >
                    <Trans>Rút lại</Trans>
                  </Button>
                </span>
              ) : (
                <Button onClick={() => tick(person)} aria-label={t`Ghi có mặt: ${person.name}`}>
                  <Trans>Có mặt</Trans>
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {hits.length > mostShown && (
        <p className="second">
          <Plural value={hits.length - mostShown} other="Còn # người nữa. Gõ thêm để thu hẹp." />
        </p>
      )}
      {typed.trim() !== '' && hits.length === 0 && !asked && (
        <div className="stack">
          <p>
            <Trans>
              Không có trong danh sách của hội trường. Nếu đây là mã trên giấy hoặc mã số, đồng chí tìm trong cả hội
              nghị.
            </Trans>
          </p>
          <Button wide onClick={() => void ask()}>
            <Trans>Tìm người dự thay, dự thêm hoặc khách</Trans>
          </Button>
        </div>
      )}
      <ErrorSentence refused={asked?.refused} words={findSays} />
      {asked?.found && (
        <SaidCard
          said={{ tone: 'wait', asks: asked.found, code: '' }}
          hall={hall}
          onDone={() => {
            say(t`${asked.found!.name}: đã có mặt`)
            setTyped('')
            setAsked(undefined)
          }}
        />
      )}
    </div>
  )
}

/** «Có mặt cả, trừ …»: starts from those who were in before, else from the list. One sentence for a whole hall. */
function WholeHall({ hall, onDone }: { hall: Hall; onDone: () => void }) {
  const { t } = useLingui()
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set())
  const [typed, setTyped] = useState('')
  const fromBefore = hall.hereBefore.size > 0
  const base = fromBefore
    ? [...hall.hereBefore.keys()].map((personId) => ({
        personId,
        ...(hall.byId.get(personId) ?? { name: t`Khách, chưa rõ tên`, unit: '' }),
      }))
    : (hall.sheet?.roll ?? [])
  const left = base.filter(({ personId }) => !hall.here.has(personId))
  const before = formatCount(base.length)
  const pointBefore = hall.before?.name ?? ''
  const words = fold(typed).split(' ').filter(Boolean)
  const shown = left.filter(({ name, unit }) => words.every((word) => fold(`${name} ${unit}`).includes(word)))
  const added = left.length - missing.size
  const confirm = () => {
    put(
      'confirmSite',
      {
        clientId: newId(),
        checkpointId: hall.point!.checkpointId,
        siteId: hall.siteId,
        base: fromBefore ? 'previous' : 'roll',
        exceptPersonIds: [...missing],
        ...claim(),
      },
      t`Xác nhận cả hội trường, trừ ${missing.size} người`,
    )
    say(t`Đã xác nhận ${added} người có mặt`)
    onDone()
  }
  if (left.length === 0)
    return (
      <p>
        {base.length === 0 ? (
          <Trans>Chưa có danh sách để xác nhận cả hội trường.</Trans>
        ) : (
          <Trans>Mọi người trong danh sách đã được ghi có mặt ở mốc này.</Trans>
        )}
      </p>
    )
  return (
    <div className="stack">
      <p>
        {fromBefore ? (
          <Trans>
            Mốc này bắt đầu từ {before} người đã có mặt ở mốc «{pointBefore}». Đồng chí đánh dấu người vắng, rồi xác
            nhận một lần.
          </Trans>
        ) : (
          <Trans>Bắt đầu từ {before} người trong danh sách. Đồng chí đánh dấu người vắng, rồi xác nhận một lần.</Trans>
        )}
      </p>
      <input
        className="input"
        type="search"
        aria-label={t`Tìm người vắng`}
        placeholder={t`Tìm người vắng`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ul className={styles.people} data-scroll="">
        {shown.slice(0, 400).map(({ personId, name, unit }) => (
          <li key={personId}>
            <label className="choice">
              <input
                type="checkbox"
                checked={missing.has(personId)}
                onChange={() =>
                  setMissing((now) => {
                    const next = new Set(now)
                    if (!next.delete(personId)) next.add(personId)
                    return next
                  })
                }
              />
              <span>
                <b>{name}</b> <span className="second small">{unit}</span>
              </span>
            </label>
            {missing.has(personId) && (
              <Status tone="wait" said>
                <Trans>vắng</Trans>
              </Status>
            )}
          </li>
        ))}
      </ul>
      <Button look="go" big wide onClick={confirm}>
        {missing.size === 0 ? (
          <Trans>Có mặt cả {left.length} người</Trans>
        ) : (
          <Trans>Có mặt cả, trừ {missing.size} người</Trans>
        )}
      </Button>
    </div>
  )
}

/** Two halls say the same person at one moment, or she came after closing: asked, never decided by the machine. */
function Doubts({ hall }: { hall: Hall }) {
  const { t } = useLingui()
  const doubts = (hall.board?.doubts ?? []).filter(({ checkpointId }) => checkpointId === hall.point?.checkpointId)
  const late = (hall.board?.waiting ?? []).filter(({ checkpointId }) => checkpointId === hall.point?.checkpointId)
  const nameOf = (personId: string) => hall.byId.get(personId)?.name ?? t`Một người chưa rõ tên`
  if (doubts.length === 0 && late.length === 0) return null
  return (
    <>
      {doubts.map((doubt) => {
        const name = nameOf(doubt.personId)
        const at = formatClock(new Date(doubt.otherAt))
        const keepOne = (arrivalId: string) =>
          put('keepArrival', { siteId: hall.siteId, arrivalId }, name, doubt.personId)
        return (
          <Note key={doubt.otherArrivalId}>
            <p>
              <Trans>
                <b>{name}</b> cũng được ghi ở {doubt.otherSite || t`thiết bị cá nhân`} lúc {at}. Người ấy đang ngồi ở
                đâu?
              </Trans>
            </p>
            <p className="row">
              <Button small onClick={() => keepOne(doubt.arrivalId)}>
                <Trans>Đang ở đây</Trans>
              </Button>
              <Button small onClick={() => keepOne(doubt.otherArrivalId)}>
                <Trans>Đang ở bên kia</Trans>
              </Button>
            </p>
          </Note>
        )
      })}
      {late.length > 0 && (
        <Note>
          <p>
            <Plural
              value={late.length}
              other="# người đến ngoài giờ của mốc, đã ghi nhưng chưa tính. Đồng chí chấp nhận thì được tính."
            />{' '}
            {late
              .slice(0, 5)
              .map(({ personId }) => nameOf(personId))
              .join(', ')}
          </p>
          <p>
            <Button
              small
              onClick={() =>
                put(
                  'acceptArrivals',
                  { siteId: hall.siteId, arrivalIds: late.slice(0, 500).map(({ arrivalId }) => arrivalId) },
                  t`Chấp nhận người đến muộn`,
                )
              }
            >
              <Trans>Chấp nhận</Trans>
            </Button>
          </p>
        </Note>
      )}
    </>
  )
}

function Latest({ hall }: { hall: Hall }) {
  const latest = [...hall.here].sort(([, one], [, other]) => +other.at - +one.at).slice(0, 8)
  return (
    <ul className={styles.latest}>
      {latest.map(([personId, { at, sent }]) => {
        const person = hall.byId.get(personId)
        return (
          <li key={personId}>
            <span>
              {person?.name ?? <Trans>Một người ngoài danh sách</Trans>}{' '}
              <span className="second small">{person?.unit}</span>
            </span>
            <Status tone={sent ? 'ok' : 'wait'}>
              <span className="num">{formatClock(at)}</span>
            </Status>
          </li>
        )
      })}
    </ul>
  )
}
