import { useLingui as useWords } from '@lingui/react'
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { newId } from '../../../../kernel/id.ts'
import { formatClock } from '../../../../kernel/time.ts'
import { useOperation } from '../../../../platform/web/answers.ts'
import {
  Button,
  Dialog,
  ErrorSentence,
  Icon,
  type IconName,
  Note,
  Section,
  Status,
  say,
  TextField,
} from '../../../../platform/web/ui/light/index.ts'
import { skewMs } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'
import { DeviceCheck, Meter } from '../media/DeviceCheck.tsx'
import { useLevel } from '../media/devices.ts'
import { Picture } from '../media/Tracks.tsx'
import { joinSays, lineSays, problemSays } from '../media/words.ts'
import { useSiteHere } from './SiteFrame.tsx'
import { tellCentre, useTellings } from './sent.ts'
import styles from './site.module.css'
import { alarmSays, faultSays, handSays, pictureSays } from './words.ts'

/** The tab «Hội trường»: the hall's hand, its faults, its picture, those that hang on it. Without a stage, `faults` as they are. */
export function SiteRoom({ faults }: { faults: ReactNode }) {
  const { hall, none, siteId, conferenceId } = useSiteHere()
  const { t } = useLingui()
  if (!hall)
    return none ? (
      faults
    ) : (
      <>
        <p className="second" role="status">
          <Trans>Đang hỏi sân khấu của buổi này…</Trans>
        </p>
        {faults}
      </>
    )
  return (
    <div className="stack" data-gap="l">
      <div className="stack">
        <h2>
          <Trans>Hội trường</Trans>
        </h2>
        {hall.message !== '' && (
          <Note tone="wait">
            <b>
              <Trans>Trung tâm:</Trans>
            </b>{' '}
            {hall.message}
          </Note>
        )}
        {hall.talkBackBy && <TalkBack by={hall.talkBackBy} />}
        <Hand />
        <Seat />
      </div>
      <Faults />
      <Children />
      <HallPicture />
      <LastWord />
      <Part title={<Trans>Màn hình lớn</Trans>}>
        <p>
          <Trans>Máy nối máy chiếu mở đường dẫn này, đăng nhập bằng tài khoản điểm cầu, rồi bấm F.</Trans>
        </p>
        <p>
          <a
            className="btn"
            href={`/man-hinh/${conferenceId}/${siteId}`}
            target="_blank"
            rel="noopener"
            aria-label={t`Mở màn hình hội trường ở cửa sổ mới`}
          >
            <Icon name="screen" />
            <Trans>Mở màn hình hội trường</Trans>
          </a>
        </p>
      </Part>
      <Today />
    </div>
  )
}

const Part = ({ title, children }: { title: ReactNode; children: ReactNode }) => (
  <Section title={title}>
    <div className="stack">{children}</div>
  </Section>
)

function TalkBack({ by }: { by: string }) {
  const { room } = useSiteHere()
  return (
    <Note tone="ok">
      <Status tone="ok">
        <Trans>{by} ở phòng điều khiển đang nói với hội trường, chỉ máy này nghe.</Trans>
      </Status>
      {room.soundBlocked && (
        <p>
          <Button onClick={room.startSound} icon={<Icon name="sound" />}>
            <Trans>Bật tiếng</Trans>
          </Button>
        </p>
      )}
    </Note>
  )
}

// ── the hand ─────────────────────────────────────────────────────────────────
function Hand() {
  const { hall, hand, open } = useSiteHere()
  if (!hall) return null
  if (!open)
    return (
      <section className={styles.card}>
        <h3>{hall.state === 'ended' ? <Trans>Buổi đã kết thúc</Trans> : <Trans>Sân khấu chưa mở</Trans>}</h3>
        {hall.state !== 'ended' && (
          <p className="second">
            <Trans>Khi phòng điều khiển mở sân khấu, đồng chí giơ tay xin phát biểu ở đây.</Trans>
          </p>
        )}
        {hall.state !== 'ended' && <TryDevices />}
      </section>
    )
  if (hall.microphone) return <Heard />
  if (hand?.state === 'called' || hand?.state === 'onAir' || hall.onAir) return <Called />
  return hand?.state === 'waiting' ? <Waits /> : <MayAsk />
}

function MayAsk() {
  const { sessionId, siteId, show } = useSiteHere()
  const { t } = useLingui()
  const [about, setAbout] = useState('')
  // The same hand when it is pressed again after a lost answer.
  const [handId, setHandId] = useState(() => newId())
  const raise = useOperation(contract.raiseHand, { refresh: [], done: () => setHandId(newId()) })
  const others = show?.hands ?? 0
  const { topic } = show ?? {}
  const nth = topic?.nth ?? 0
  return (
    <section className={styles.card}>
      <h3>
        <Trans>Điểm cầu muốn phát biểu?</Trans>
      </h3>
      <p className="second">
        {topic?.phase === 'questions' && (
          <>
            <Trans>Hỏi – đáp chuyên đề {nth}.</Trans>{' '}
          </>
        )}
        {others === 0 ? <Trans>Chưa có ai chờ.</Trans> : <Plural value={others} other="Đang có # nơi chờ." />}
      </p>
      <TextField
        label={t`Muốn hỏi về việc gì (không bắt buộc)`}
        maxLength={200}
        value={about}
        onChange={(event) => setAbout(event.target.value)}
      />
      <Button
        look="go"
        big
        wide
        icon={<Icon name="hand" />}
        doing={raise.doing}
        onClick={() => void raise.run({ sessionId, siteId, handId, about: about.trim() } as never)}
      >
        <Trans>Giơ tay</Trans>
      </Button>
      <ErrorSentence refused={raise.refused} words={handSays} />
    </section>
  )
}

function useLower() {
  const { sessionId, siteId, hand } = useSiteHere()
  const lower = useOperation(contract.lowerHand, { refresh: [] })
  return {
    ...lower,
    lower: () => hand && void lower.run({ sessionId, siteId, handId: hand.handId } as never),
  }
}

function Waits() {
  const { hall, hand } = useSiteHere()
  const { lower, doing, refused } = useLower()
  if (!hall || !hand) return null
  const clock = formatClock(new Date(hand.raisedAt))
  const { name } = hall.site
  const { place } = hand
  return (
    <section className={styles.card}>
      <p role="status">
        <Status tone="wait">
          <b>
            <Trans>Đã giơ tay lúc {clock}</Trans>
          </b>
        </Status>
      </p>
      <p>
        <Trans>
          {name} thứ <b className="num">{place}</b> trong hàng chờ phát biểu. Khi đến lượt, máy này rung và micro hội
          trường tự mở.
        </Trans>
      </p>
      {hand.about !== '' && <p className="second">{hand.about}</p>}
      <TryDevices />
      <Button wide doing={doing} onClick={lower}>
        <Trans>Hạ tay</Trans>
      </Button>
      <ErrorSentence refused={refused} words={handSays} />
    </section>
  )
}

/** Called, or on air with the microphone still closed: the devices are open and tried, the line is told in words. */
function Called() {
  const { hall, hand, room } = useSiteHere()
  const { _ } = useWords()
  const { lower, doing, refused } = useLower()
  const level = useLevel(room.own.microphone.track)
  const { t } = useLingui()
  if (!hall) return null
  const ready = room.line === 'connected' && room.own.microphone.published
  return (
    <section className={styles.card} data-called="">
      <p role="alert">
        <Status tone={ready ? 'ok' : 'wait'}>
          <b>{hall.onAir ? <Trans>Hội trường đang lên hình</Trans> : <Trans>Chuẩn bị lên sóng</Trans>}</b>
        </Status>
      </p>
      <p>
        {hall.onAir && !hand ? (
          <Trans>Micro đã đóng, hình hội trường còn trên sóng đến khi phòng điều khiển chuyển cảnh.</Trans>
        ) : hall.onAir ? (
          <Trans>Cả hội nghị đang thấy hội trường, micro còn đóng. Người điều hành mở thì đồng chí nói.</Trans>
        ) : ready ? (
          <Trans>Đã nối, phòng điều khiển thấy và nghe được hội trường. Chờ lời mời, chưa ai khác nghe.</Trans>
        ) : (
          <Trans>Máy này đang tự vào sân khấu: {_(lineSays[room.line])}.</Trans>
        )}
      </p>
      {room.own.camera.track && (
        <Picture own={room.own.camera.track} label={t`Hình hội trường gửi đi`} className={styles.picture} />
      )}
      <Meter level={level} />
      <OwnProblems />
      {hand && (
        <Button wide doing={doing} onClick={lower}>
          <Trans>Chưa nói được, xin thôi</Trans>
        </Button>
      )}
      <ErrorSentence refused={refused} words={handSays} />
    </section>
  )
}

function Heard() {
  const { hall, hand, room, now } = useSiteHere()
  const { lower, doing, refused } = useLower()
  const level = useLevel(room.own.microphone.track)
  if (!hall) return null
  const { name } = hall.site
  const until = hall.microphoneUntil ?? hand?.until
  return (
    <section className={styles.card} data-heard="">
      <p role="alert">
        <Status tone="ok">
          <b>
            <Trans>Micro hội trường đang mở</Trans>
          </b>
        </Status>
      </p>
      <h3 className={styles.invited}>
        <Trans>Mời {name} phát biểu</Trans>
      </h3>
      <p className="second">
        <Trans>Cả hội nghị đang nghe.</Trans> {until && <TimeLeft until={new Date(until)} now={now} />}
      </p>
      <Meter level={level} />
      <OwnProblems />
      {hand && (
        <Button wide big icon={<Icon name="microphone" />} doing={doing} onClick={lower}>
          <Trans>Nói xong, tắt micro</Trans>
        </Button>
      )}
      <ErrorSentence refused={refused} words={handSays} />
    </section>
  )
}
function TimeLeft({ until, now }: { until: Date; now: Date }) {
  const seconds = Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000))
  const minutes = Math.floor(seconds / 60)
  const rest = seconds % 60
  if (seconds === 0) return <Trans>Hết giờ phát biểu.</Trans>
  return minutes > 0 ? (
    <Trans>
      Còn {minutes} phút {rest} giây.
    </Trans>
  ) : (
    <Trans>Còn {rest} giây.</Trans>
  )
}

/** What keeps this hall from being seen or heard, and what to do about it. */
function OwnProblems() {
  const { room } = useSiteHere()
  const { _ } = useWords()
  const { microphone, camera } = room.own
  return (
    <>
      {room.line === 'elsewhere' && (
        <Note tone="bad">
          <p>
            <Trans>Hội trường đang nối bằng máy khác.</Trans>
          </p>
          <Button onClick={room.again}>
            <Trans>Dùng máy này</Trans>
          </Button>
        </Note>
      )}
      {(room.line === 'removed' || room.line === 'refused') && (
        <ErrorSentence refused={room.refused} words={joinSays} again={room.again} />
      )}
      {microphone.problem && (
        <Note tone="bad">
          <b>
            <Trans>Micro:</Trans>
          </b>{' '}
          {_(problemSays[microphone.problem])}
        </Note>
      )}
      {camera.problem && (
        <Note tone="wait">
          <b>
            <Trans>Camera:</Trans>
          </b>{' '}
          {_(problemSays[camera.problem])}
        </Note>
      )}
    </>
  )
}
/** The console's own seat, told while nobody is called: quietly, but for what somebody must do something about. */
function Seat() {
  const { room, open, speaks } = useSiteHere()
  const { _ } = useWords()
  if (!open || speaks || room.line === 'off' || room.line === 'connected') return null
  if (['elsewhere', 'removed', 'refused'].includes(room.line)) return <OwnProblems />
  return (
    <p className="second small" role="status">
      <Trans>Sân khấu: {_(lineSays[room.line])}</Trans>
    </p>
  )
}

/** Tried in a window of its own, so that the camera is off again when it is closed. */
function TryDevices() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button wide icon={<Icon name="camera" />} onClick={() => setOpen(true)}>
        <Trans>Thử micro, camera và loa</Trans>
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={<Trans>Thử máy của hội trường</Trans>}
        actions={
          <Button onClick={() => setOpen(false)}>
            <Trans>Xong</Trans>
          </Button>
        }
      >
        <p className="second">
          <Trans>Hình và tiếng ở đây chưa gửi đi đâu.</Trans>
        </p>
        <DeviceCheck />
      </Dialog>
    </>
  )
}

// ── faults ───────────────────────────────────────────────────────────────────
const faultIcons: Record<(typeof contract.faultKinds)[number], IconName> = {
  noSound: 'sound',
  noPicture: 'eye',
  frozen: 'again',
  power: 'power',
  help: 'help',
  other: 'alert',
}
const oneTap = ['noSound', 'noPicture', 'frozen', 'power', 'help'] as const
function Faults() {
  const { hall, sessionId, siteId } = useSiteHere()
  const { _ } = useWords()
  const { t } = useLingui()
  const { waiting, lost } = useTellings()
  if (!hall) return null
  const mine = waiting.filter(({ input }) => input.siteId === siteId && input.sessionId === sessionId)
  const cleared = new Set(mine.filter(({ kind }) => kind === 'clearFault').map(({ input }) => String(input.faultId)))
  const unsent = mine.findLast(({ kind, input }) => kind === 'reportFault' && !cleared.has(String(input.faultId)))
  const fault = unsent
    ? {
        faultId: String(unsent.input.faultId),
        kind: unsent.input.kind as (typeof contract.faultKinds)[number],
        at: String(unsent.input.claimedAt),
      }
    : hall.fault && !cleared.has(hall.fault.faultId)
      ? hall.fault
      : undefined
  const report = (kind: (typeof oneTap)[number]) => {
    tellCentre({
      kind: 'reportFault',
      input: {
        sessionId,
        siteId,
        faultId: newId(),
        kind,
        claimedAt: new Date(Date.now() + skewMs()).toISOString(),
      },
    })
    const words = _(faultSays[kind])
    say(t`Đã báo: ${words}`)
  }
  const since = fault ? formatClock(new Date(fault.at)) : ''
  const { parent } = hall
  const contact = parent?.contactName || parent?.name
  return (
    <Part title={<Trans>Báo sự cố</Trans>}>
      <p className="second">
        <Trans>Bấm một lần. Cấp trên thấy ngay, phút bị mất được phát lại, không ai bị tính vắng.</Trans>
      </p>
      {fault && (
        <Note tone="bad">
          <div className="row" data-spread="">
            <Status tone="bad">
              <Trans>
                {_(faultSays[fault.kind])}, báo lúc {since}
              </Trans>
            </Status>
            <Button
              onClick={() => tellCentre({ kind: 'clearFault', input: { sessionId, siteId, faultId: fault.faultId } })}
            >
              <Trans>Đã hết</Trans>
            </Button>
          </div>
          {mine.length > 0 && lost && (
            <p>
              <Trans>Chưa gửi được vì mất mạng. Máy giữ lại và tự gửi, đúng giờ đồng chí đã bấm.</Trans>
            </p>
          )}
        </Note>
      )}
      <div className={styles.faults}>
        {oneTap.map((kind) => (
          <Button key={kind} big icon={<Icon name={faultIcons[kind]} />} onClick={() => report(kind)}>
            {_(faultSays[kind])}
          </Button>
        ))}
        {parent?.contactPhone && (
          <a className="btn" data-big="" href={`tel:${parent.contactPhone.replace(/[^\d+]/g, '')}`}>
            <Icon name="phone" />
            <Trans>Gọi {contact}</Trans>
          </a>
        )}
      </div>
    </Part>
  )
}

// ── those that hang on this hall ─────────────────────────────────────────────
function Children() {
  const { hall, sessionId } = useSiteHere()
  const { _ } = useWords()
  const take = useOperation(contract.takeAlarm, { refresh: [] })
  if (!hall || (hall.children.length === 0 && hall.childHands.length === 0)) return null
  return (
    <Part title={<Trans>Điểm cầu trực thuộc</Trans>}>
      <ul className={styles.lines}>
        {hall.children.map((alarm) => {
          const at = formatClock(new Date(alarm.since))
          const names = alarm.sites.map(({ name }) => name).join(', ')
          const what = alarm.faultKind ? _(faultSays[alarm.faultKind]) : _(alarmSays[alarm.kind])
          const { takenBy } = alarm
          return (
            <li key={alarm.key}>
              <span>
                <Status tone={alarm.mendedAt ? 'ok' : takenBy ? 'off' : 'bad'}>
                  <b>{names}</b>
                </Status>
                <span className="second">
                  {alarm.mendedAt ? (
                    <Trans>
                      {what}, đã hết lúc {formatClock(new Date(alarm.mendedAt))}
                    </Trans>
                  ) : (
                    <Trans>
                      {what} từ {at}
                    </Trans>
                  )}
                  {takenBy && !alarm.mendedAt && <Trans>. {takenBy} đang xử lý</Trans>}
                </span>
              </span>
              {!alarm.mendedAt && !takenBy && (
                <Button
                  doing={take.doing}
                  onClick={() => void take.run({ sessionId, alarmKey: alarm.key, taken: true } as never)}
                >
                  <Trans>Tôi xử lý</Trans>
                </Button>
              )}
            </li>
          )
        })}
        {hall.childHands.map(({ siteId, name, at }) => (
          <li key={siteId}>
            <span>
              <Status tone="wait">
                <b>{name}</b>
              </Status>
              <span className="second">
                <Trans>giơ tay lúc {formatClock(new Date(at))}</Trans>
              </span>
            </span>
          </li>
        ))}
      </ul>
      <ErrorSentence refused={take.refused} />
    </Part>
  )
}

// ── the hall's picture ───────────────────────────────────────────────────────
function HallPicture() {
  const { hall, room, open, sessionId, siteId, speaks } = useSiteHere()
  const { t } = useLingui()
  const turn = useOperation(contract.setPicture, { refresh: [] })
  if (!hall || !open) return null
  const on = hall.picture
  const lookers = hall.lookers.join(', ')
  return (
    <Part title={<Trans>Hình hội trường</Trans>}>
      {on ? (
        <>
          <p role="status">
            <Status tone="ok">
              <Trans>Đang gửi hình về trung tâm</Trans>
            </Status>
          </p>
          <p className="second">
            {lookers === '' ? <Trans>Lúc này chưa ai xem.</Trans> : <Trans>Đang xem: {lookers}.</Trans>}{' '}
            <Trans>Hình nhỏ, mỗi giây một khung, không ghi lại.</Trans>
          </p>
          {!speaks && room.own.camera.track && (
            <Picture own={room.own.camera.track} label={t`Hình hội trường gửi đi`} className={styles.picture} />
          )}
          {!speaks && <OwnProblems />}
        </>
      ) : (
        <p className="second">
          <Trans>
            Đang tắt. Bật thì phòng điều khiển thấy hội trường bằng hình nhỏ, mỗi giây một khung, không ghi lại. Khi
            buổi học bắt đầu, hình tự tắt.
          </Trans>
        </p>
      )}
      <p>
        <Button
          icon={<Icon name="camera" />}
          doing={turn.doing}
          onClick={() => void turn.run({ sessionId, siteId, on: !on } as never)}
        >
          {on ? <Trans>Tắt hình</Trans> : <Trans>Bật hình</Trans>}
        </Button>
      </p>
      <ErrorSentence refused={turn.refused} words={pictureSays} />
    </Part>
  )
}

// ── the last word ────────────────────────────────────────────────────────────
function LastWord() {
  const { open, sessionId, siteId } = useSiteHere()
  const { t } = useLingui()
  const [words, setWords] = useState('')
  const tell = useOperation(contract.sayWord, {
    refresh: [],
    done: () => {
      setWords('')
      say(t`Phòng điều khiển đã thấy lời nhắn`)
    },
  })
  if (!open) return null
  const send = (text: string) => void tell.run({ sessionId, siteId, words: text } as never)
  const ready = [t`Đã đủ tài liệu`, t`Đã ổn định`, t`Loa nhỏ`]
  return (
    <Part title={<Trans>Nhắn phòng điều khiển</Trans>}>
      <div className="row">
        {ready.map((text) => (
          <Button key={text} onClick={() => send(text)}>
            {text}
          </Button>
        ))}
      </div>
      <form
        className={styles.word}
        onSubmit={(event) => {
          event.preventDefault()
          if (words.trim() !== '') send(words.trim())
        }}
      >
        <TextField
          label={t`Lời khác, ngắn`}
          maxLength={80}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button type="submit" doing={tell.doing}>
          <Trans>Gửi</Trans>
        </Button>
      </form>
      <ErrorSentence refused={tell.refused} />
    </Part>
  )
}

// ── today ────────────────────────────────────────────────────────────────────
function Today() {
  const { hall } = useSiteHere()
  if (!hall || hall.interruptions.length === 0) return null
  const newest = [...hall.interruptions].sort((one, other) => other.from.localeCompare(one.from))
  return (
    <Part title={<Trans>Hôm nay</Trans>}>
      <ul className={styles.lines}>
        {newest.map(({ from, to, minutes }) => (
          <li key={from}>
            <span>
              {to && minutes === 0 ? (
                <Trans>Chập chờn chưa đến một phút, đã nối lại</Trans>
              ) : to ? (
                <Plural value={minutes} other="Mất tín hiệu # phút, đã nối lại" />
              ) : (
                <Plural value={minutes} other="Đang mất tín hiệu, # phút" />
              )}
            </span>
            <span className="num second">{formatClock(new Date(to ?? from))}</span>
          </li>
        ))}
      </ul>
      <p className="second">
        <Trans>Những phút này được phát lại cho người của hội trường. Không ai bị tính vắng.</Trans>
      </p>
    </Part>
  )
}
