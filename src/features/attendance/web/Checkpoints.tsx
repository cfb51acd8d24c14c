import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { addMinutes, atVietnam, dayOf, formatClock, formatDay } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ButtonLink,
  Card,
  ClockField,
  ErrorSentence,
  Note,
  PageHeading,
  say,
  TextField,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { getConference } from '../../conferences/contract.ts'
import { BringFile } from '../../organisation/web/index.ts'
import * as contract from '../contract.ts'
import styles from './checkpoints.module.css'

const says = {
  conferenceClosed: msg`Hội nghị đã kết thúc nên các mốc giữ nguyên.`,
  unknownSession: msg`Buổi này không còn trong chương trình. Đồng chí tải lại trang.`,
  outOfOrder: msg({ message: 'Mốc {code}: giờ mở, giờ vào, giờ đóng phải theo thứ tự.' }),
  sameCode: msg`Có hai mốc trùng mã. Đồng chí sửa một mã.`,
  hasArrivals: msg({ message: 'Mốc {code} đã có người điểm danh nên không bỏ được; vẫn sửa giờ được.' }),
} satisfies WordsFor<typeof contract.declareCheckpoints>

type Session = ValueOf<typeof getConference>['sessions'][number]
type Draft = {
  key: number
  sessionCode: string
  code: string
  name: string
  opens: string | undefined
  at: string | undefined
  closes: string | undefined
}

/** When the doors are kept: by these moments lateness and presence are judged, so they are declared beforehand. */
export function Checkpoints({ conference: conferenceId }: { conference: string }) {
  const { t } = useLingui()
  const plan = useAnswer(getConference, { conferenceId: conferenceId as never })
  const points = useAnswer(contract.listCheckpoints, { conferenceId: conferenceId as never })
  const refused = plan.refused ?? points.refused
  if (refused && !(plan.value && points.value)) return <ErrorSentence refused={refused} again={plan.again} />
  if (!plan.value || !points.value) return <WaitingLines label={t`Đang mở các mốc`} lines={6} />
  return <Editor key={conferenceId} plan={plan.value} declared={points.value.checkpoints} />
}

function Editor({
  plan,
  declared,
}: {
  plan: ValueOf<typeof getConference>
  declared: ValueOf<typeof contract.listCheckpoints>['checkpoints']
}) {
  const { t } = useLingui()
  const { sessions } = plan
  const [drafts, setDrafts] = useState(() => draftsOf(declared))
  const [pressed, setPressed] = useState(false)
  const declare = useOperation(contract.declareCheckpoints)
  const change = (key: number, part: Partial<Draft>) =>
    setDrafts(drafts.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const whole = drafts.every(({ code, name, opens, at, closes }) => code && name.trim() && opens && at && closes)
  const mayChange = plan.abilities.includes('arrangeSessions') && plan.state !== 'closed'
  const save = async () => {
    setPressed(true)
    if (!whole) return
    const answer = await declare.run({
      conferenceId: plan.conferenceId as never,
      checkpoints: toSend(drafts, sessions),
    })
    if (!answer.ok) return
    setPressed(false)
    say(t`Đã lưu các mốc.`)
  }
  return (
    <>
      <PageHeading
        over={<a href={`/hoi-nghi/${plan.conferenceId}`}>{plan.name}</a>}
        under={
          <Trans>
            Mỗi mốc có giờ mở cửa, giờ vào và giờ đóng. Đến sau giờ vào là muộn; sau giờ đóng vẫn ghi nhưng chờ người
            phụ trách chấp nhận.
          </Trans>
        }
        side={
          <>
            {declared.length > 0 && mayChange && (
              <BringFile kind="diem-danh" options={{ conferenceId: plan.conferenceId }} />
            )}
            <ButtonLink href={`/quan-so/${plan.conferenceId}`}>
              <Trans>Xem quân số</Trans>
            </ButtonLink>
          </>
        }
      >
        <Trans>Các mốc điểm danh</Trans>
      </PageHeading>
      {sessions.length === 0 && (
        <Note tone="wait">
          <Trans>Hội nghị chưa có buổi nào có giờ. Đồng chí ghi chương trình trước.</Trans>
        </Note>
      )}
      <div className="stack" data-gap="l">
        {sessions.map((session) => {
          const title = session.name || session.code
          const ofIt = drafts.filter(({ sessionCode }) => sessionCode === session.code)
          return (
            <section key={session.code} className="stack" aria-label={t`Buổi ${title}`}>
              <h2>
                <Trans>Buổi {title}</Trans>{' '}
                <span className="second small num">
                  {formatClock(new Date(session.startsAt))}–{formatClock(new Date(session.endsAt))}{' '}
                  {formatDay(new Date(session.startsAt))}
                </span>
              </h2>
              {ofIt.map((one) => (
                <Card key={one.key} className={styles.point}>
                  <TextField
                    label={t`Tên mốc`}
                    value={one.name}
                    maxLength={120}
                    disabled={!mayChange}
                    onChange={(event) => change(one.key, { name: event.target.value })}
                    error={pressed && !one.name.trim() && <Trans>Cần tên mốc</Trans>}
                  />
                  <TextField
                    label={t`Mã`}
                    value={one.code}
                    maxLength={40}
                    disabled={!mayChange}
                    onChange={(event) =>
                      change(one.key, { code: event.target.value.replace(/[^\p{L}\p{N}._-]/gu, '') })
                    }
                    error={pressed && !one.code && <Trans>Cần mã</Trans>}
                  />
                  <ClockField
                    label={t`Giờ mở`}
                    value={one.opens}
                    disabled={!mayChange}
                    onChange={(opens) => change(one.key, { opens })}
                  />
                  <ClockField
                    label={t`Giờ vào`}
                    value={one.at}
                    disabled={!mayChange}
                    onChange={(at) => change(one.key, { at })}
                  />
                  <ClockField
                    label={t`Giờ đóng`}
                    value={one.closes}
                    disabled={!mayChange}
                    onChange={(closes) => change(one.key, { closes })}
                  />
                  {mayChange && (
                    <Button
                      small
                      look="bare"
                      aria-label={t`Bỏ mốc ${one.name || one.code}`}
                      onClick={() => setDrafts(drafts.filter(({ key }) => key !== one.key))}
                    >
                      <Trans>Bỏ mốc</Trans>
                    </Button>
                  )}
                </Card>
              ))}
              {mayChange && (
                <p>
                  <Button
                    small
                    aria-label={t`Thêm mốc cho buổi ${title}`}
                    onClick={() =>
                      setDrafts([
                        ...drafts,
                        proposed(session, ofIt, drafts, ofIt.length === 0 ? t`Khai mạc` : t`Sau giải lao`),
                      ])
                    }
                  >
                    <Trans>Thêm mốc</Trans>
                  </Button>
                </p>
              )}
            </section>
          )
        })}
        {pressed && !whole && (
          <p className="field-error" role="alert">
            <Trans>Còn mốc chưa đủ tên, mã hoặc giờ.</Trans>
          </p>
        )}
        <ErrorSentence refused={declare.refused} words={says} />
        {mayChange && sessions.length > 0 && (
          <p>
            <Button look="go" doing={declare.doing} onClick={() => void save()}>
              <Trans>Lưu các mốc</Trans>
            </Button>
          </p>
        )}
      </div>
    </>
  )
}

const clockOf = (moment: string | Date) => formatClock(new Date(moment)).padStart(5, '0')
const draftsOf = (declared: ValueOf<typeof contract.listCheckpoints>['checkpoints']): Draft[] =>
  declared.map((one, key) => ({
    key,
    sessionCode: one.sessionCode,
    code: one.code,
    name: one.name,
    opens: clockOf(one.opensAt),
    at: clockOf(one.at),
    closes: clockOf(one.closesAt),
  }))

/** The first at the opening, doors open three quarters of an hour before; a further one in the middle of what is left. */
function proposed(session: Session, ofIt: readonly Draft[], all: readonly Draft[], name: string): Draft {
  const [starts, ends] = [new Date(session.startsAt), new Date(session.endsAt)]
  const middle = new Date((starts.getTime() + ends.getTime()) / 2)
  const at = ofIt.length === 0 ? starts : middle
  const within = (moment: Date) => (dayOf(moment) === dayOf(starts) ? moment : starts)
  const used = new Set(all.map(({ code }) => code))
  const code = Array.from({ length: 60 }, (_, nth) => `${session.code}-M${nth + 1}`).find((one) => !used.has(one)) ?? ''
  return {
    key: Math.max(-1, ...all.map(({ key }) => key)) + 1,
    sessionCode: session.code,
    code,
    name,
    opens: clockOf(within(addMinutes(at, ofIt.length === 0 ? -45 : -15))),
    at: clockOf(at),
    closes: clockOf(within(addMinutes(at, 30))),
  }
}

/** Clock times are of the session's own day. */
function toSend(drafts: readonly Draft[], sessions: readonly Session[]) {
  const dayIn = new Map(sessions.map(({ code, startsAt }) => [code, dayOf(new Date(startsAt))]))
  return drafts.map(({ sessionCode, code, name, opens, at, closes }) => {
    const moment = (clock: string | undefined) => atVietnam(dayIn.get(sessionCode)!, clock!).toISOString()
    return { sessionCode, code, name, opensAt: moment(opens), at: moment(at), closesAt: moment(closes) }
  })
}
