import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { formatDay, formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import {
  Button,
  ButtonLink,
  ConfirmDialog,
  Drawer,
  ErrorSentence,
  Facts,
  Note,
  PageHeading,
  Section,
  Status,
  say,
  useGo,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import {
  arrangeSessions,
  getConference,
  moveState,
  type Problem,
  removeConference,
  type State,
  setClassified,
} from '../contract.ts'
import { approvalProblems } from '../rules.ts'
import css from './Conference.module.css'
import { ConferenceDetails } from './ConferenceDetails.tsx'
import { DayTimeline } from './DayTimeline.tsx'
import { draftOf, faultOf, newSession, sessionOf, toSend } from './draft.ts'
import { SessionEditor } from './SessionEditor.tsx'
import {
  type ConferenceView,
  moveConsequences,
  moveWords,
  problemWords,
  purposeWords,
  sayArrange,
  sayClassified,
  sayMove,
  sayRemove,
  stateTones,
  stateWords,
} from './words.ts'

/** A conference from its first line to its end: what is in it, what still stands between it and its approval. */
export function ConferenceEditor({ conference: conferenceId }: { conference: string }) {
  const { t } = useWords()
  const { value, refused, again } = useAnswer(getConference, { conferenceId })
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (!value || value.conferenceId !== conferenceId) return <WaitingLines lines={8} label={t`Đang mở hội nghị`} />
  return <Editor key={`${conferenceId} ${value.state} ${value.classified}`} conference={value} />
}

function Editor({ conference }: { conference: ConferenceView }) {
  const { t } = useWords()
  const { _ } = useLingui()
  const { conferenceId } = conference
  const may = (verb: string) => conference.abilities.includes(verb)
  const [sessions, setSessions] = useState(() => draftOf(conference.sessions))
  const [kept, setKept] = useState(() => JSON.stringify(sessions))
  const [pressed, setPressed] = useState(false)
  const [editing, setEditing] = useState(false)
  const arrange = useOperation(arrangeSessions)
  const changed = JSON.stringify(sessions) !== kept
  useUnsavedWarning(changed)
  const relays = conference.parentSessions.length > 0
  const whole = sessions.flatMap((draft) => sessionOf(draft) ?? [])
  // A session whose hours are still open is missing its hours, not itself.
  const problems = approvalProblems(conference, whole).filter(
    ({ because }) => because !== 'noSession' || sessions.length === 0,
  )
  const sound = sessions.every((draft) => faultOf(draft) === undefined)
  const editable = may('arrangeSessions') && conference.state !== 'closed'
  const save = async () => {
    setPressed(true)
    if (!sound) return
    const answer = await arrange.run({ conferenceId, sessions: toSend(sessions) })
    if (!answer.ok) return
    const withIds = sessions.map((draft, at) => ({ ...draft, sessionId: answer.value.sessionIds[at] }))
    setSessions(withIds)
    setKept(JSON.stringify(withIds))
    setPressed(false)
    say(t`Đã lưu chương trình.`)
  }
  return (
    <>
      <PageHeading
        over={conference.campaign.name}
        under={
          <span className="row">
            <Status tone={stateTones[conference.state]} said>
              {_(stateWords[conference.state])}
            </Status>
            <span>{_(purposeWords[conference.purpose])}</span>
            <span>{conference.unit.name}</span>
            {conference.startsAt && <span className="num">{formatDay(new Date(conference.startsAt))}</span>}
          </span>
        }
        side={
          <>
            <ButtonLink href={`/hoi-nghi/${conferenceId}/chuong-trinh`}>
              <Trans>Xem chương trình</Trans>
            </ButtonLink>
            {!conference.classified && (
              <ButtonLink href={`/hoi-nghi/${conferenceId}/tai-lieu`}>
                <Trans>Tài liệu</Trans>
              </ButtonLink>
            )}
            {may('updateConference') && conference.state !== 'closed' && (
              <Button onClick={() => setEditing(true)}>
                <Trans>Sửa thông tin</Trans>
              </Button>
            )}
          </>
        }
      >
        {conference.name}
      </PageHeading>
      {conference.classified && (
        <Note tone="wait">
          <Trans>
            Hội nghị có nội dung mật: mọi chức năng trên mạng đã tắt, không điểm cầu nào nối sóng. Điểm danh, ghi chép
            bằng mẫu giấy.
          </Trans>
        </Note>
      )}
      <div className={css.two}>
        <div className={css.sessions}>
          {sessions.map((session, at) => (
            <fieldset key={session.key} disabled={!editable} style={{ display: 'contents' }}>
              <SessionEditor
                session={session}
                number={at + 1}
                relayable={conference.parentSessions}
                classified={conference.classified}
                showSlips={pressed}
                onChange={(next) => setSessions(sessions.map((one) => (one.key === next.key ? next : one)))}
                onRemove={() => setSessions(sessions.filter(({ key }) => key !== session.key))}
              />
            </fieldset>
          ))}
          {sessions.length === 0 && (
            <p className="second">
              <Trans>Chưa có buổi nào. Mỗi buổi là một nửa ngày, có giờ và các chuyên đề.</Trans>
            </p>
          )}
          {editable && (
            <div>
              <Button onClick={() => setSessions([...sessions, newSession(sessions, relays)])}>
                <Trans>Thêm buổi</Trans>
              </Button>
            </div>
          )}
          {editable && (changed || arrange.refused) && (
            <div className={css.save}>
              <Button look="go" doing={arrange.doing} onClick={save}>
                <Trans>Lưu chương trình</Trans>
              </Button>
              <Button
                onClick={() => {
                  setSessions(JSON.parse(kept))
                  arrange.forget()
                }}
              >
                <Trans>Bỏ các sửa đổi</Trans>
              </Button>
              {pressed && !sound && (
                <span className="field-error" role="alert">
                  <Trans>Còn ô chưa đủ, xem các dòng chữ đỏ.</Trans>
                </span>
              )}
              <ErrorSentence refused={arrange.refused} words={sayArrange} />
            </div>
          )}
        </div>
        <div className={css.side}>
          <Section title={<Trans>Ngày hội nghị</Trans>}>
            {whole.length > 0 ? (
              <DayTimeline sessions={sessions} />
            ) : (
              <p className="second">
                <Trans>Có giờ của buổi thì lịch hiện ở đây.</Trans>
              </p>
            )}
          </Section>
          <Progress conference={conference} problems={problems} whole={sound} changed={changed} />
          <Classified conference={conference} />
          <Remove conference={conference} />
        </div>
      </div>
      <Drawer open={editing} onClose={() => setEditing(false)} title={<Trans>Thông tin hội nghị</Trans>}>
        <ConferenceDetails conference={conference} onDone={() => setEditing(false)} />
      </Drawer>
    </>
  )
}

/** A tab closed with something unsaved asks first. */
function useUnsavedWarning(changed: boolean) {
  useEffect(() => {
    if (!changed) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [changed])
}

/** What is missing, and the one step forward. */
function Progress({
  conference,
  problems,
  whole,
  changed,
}: {
  conference: ConferenceView
  problems: readonly Problem[]
  /** Every field of the programme is filled in. */
  whole: boolean
  changed: boolean
}) {
  const { _ } = useLingui()
  const [to, setTo] = useState<State>()
  const { conferenceId } = conference
  const move = useOperation(moveState, { done: () => setTo(undefined) })
  const may = conference.abilities.includes('moveState')
  const dates = (
    [
      [<Trans key="a">Duyệt</Trans>, conference.approvedAt],
      [<Trans key="o">Mở điểm danh</Trans>, conference.openedAt],
      [<Trans key="l">Bắt đầu</Trans>, conference.liveAt],
      [<Trans key="c">Kết thúc</Trans>, conference.closedAt],
    ] as const
  ).flatMap(([name, at]) => (at ? [[name, formatMoment(new Date(at))] as const] : []))
  const blocked = (problems.length > 0 || !whole) && conference.state === 'draft'
  return (
    <Section title={<Trans>Các bước</Trans>} aside={_(stateWords[conference.state])}>
      <div className="stack">
        {dates.length > 0 && <Facts facts={dates} />}
        {problems.length > 0 && conference.state !== 'closed' && (
          <div>
            <p>
              <strong>
                {conference.state === 'draft' ? (
                  <Trans>Trước khi duyệt còn phải:</Trans>
                ) : (
                  <Trans>Chương trình đang thiếu:</Trans>
                )}
              </strong>
            </p>
            <ul className={css.problems}>
              {problems.map((problem) => (
                <li key={`${problem.because} ${problem.session} ${problem.other}`}>
                  {_({ ...problemWords[problem.because], values: problem })}
                </li>
              ))}
            </ul>
          </div>
        )}
        {may && (
          <div className="row">
            {conference.next.map((next) => (
              <Button
                key={next}
                look={
                  next === 'draft' || changed || (next === 'closed' && conference.state === 'open') ? 'plain' : 'go'
                }
                disabled={changed || (next === 'approved' && blocked)}
                onClick={() => setTo(next)}
              >
                {_(moveWords[next])}
              </Button>
            ))}
          </div>
        )}
        {may && changed && conference.next.length > 0 && (
          <p className="second small">
            <Trans>Lưu chương trình trước, rồi chuyển bước.</Trans>
          </p>
        )}
        <ErrorSentence refused={move.refused} words={sayMove} />
      </div>
      <ConfirmDialog
        open={to !== undefined}
        title={to && _(moveWords[to])}
        verb={to && _(moveWords[to])}
        doing={move.doing}
        onConfirm={async () => {
          if (!to) return
          await move.run({ conferenceId, to })
          setTo(undefined)
        }}
        onClose={() => setTo(undefined)}
      >
        <p>{to && _(moveConsequences[to])}</p>
      </ConfirmDialog>
    </Section>
  )
}

function Classified({ conference }: { conference: ConferenceView }) {
  const [asking, setAsking] = useState(false)
  const set = useOperation(setClassified)
  const { conferenceId, classified } = conference
  if (!conference.abilities.includes('setClassified') || conference.state === 'closed') return null
  if (classified && conference.state !== 'draft') return null
  return (
    <Section title={<Trans>Nội dung mật</Trans>}>
      <div className="stack">
        <p className="second">
          {classified ? (
            <Trans>Đang bật: chỉ dùng mẫu giấy.</Trans>
          ) : (
            <Trans>Có nội dung mật thì tắt hết phần trên mạng, in mẫu giấy để dùng.</Trans>
          )}
        </p>
        <div>
          <Button small onClick={() => setAsking(true)}>
            {classified ? <Trans>Bỏ chế độ mật</Trans> : <Trans>Bật chế độ mật</Trans>}
          </Button>
        </div>
        <ErrorSentence refused={set.refused} words={sayClassified} />
      </div>
      <ConfirmDialog
        open={asking}
        title={classified ? <Trans>Bỏ chế độ nội dung mật</Trans> : <Trans>Bật chế độ nội dung mật</Trans>}
        verb={classified ? <Trans>Bỏ chế độ mật</Trans> : <Trans>Bật chế độ mật</Trans>}
        doing={set.doing}
        onConfirm={async () => {
          await set.run({ conferenceId, classified: !classified })
          setAsking(false)
        }}
        onClose={() => setAsking(false)}
      >
        <p>
          {classified ? (
            <Trans>Các chức năng trên mạng bật lại. Người dự trên thiết bị cá nhân phải cho phép lại.</Trans>
          ) : (
            <Trans>
              Ngay lập tức: không điểm cầu nào nối sóng, không dự trên thiết bị cá nhân, mọi buổi thành nội bộ. Sau khi
              duyệt thì không bỏ được nữa.
            </Trans>
          )}
        </p>
      </ConfirmDialog>
    </Section>
  )
}

function Remove({ conference }: { conference: ConferenceView }) {
  const { t } = useWords()
  const go = useGo()
  const [asking, setAsking] = useState(false)
  const remove = useOperation(removeConference, { refresh: [] })
  const name = conference.name
  if (!conference.abilities.includes('removeConference') || conference.state !== 'draft') return null
  return (
    <div className="stack">
      <div>
        <Button small look="bare" onClick={() => setAsking(true)}>
          <Trans>Bỏ hội nghị này</Trans>
        </Button>
      </div>
      <ErrorSentence refused={remove.refused} words={sayRemove} />
      <ConfirmDialog
        open={asking}
        title={<Trans>Bỏ hội nghị</Trans>}
        verb={<Trans>Bỏ hội nghị</Trans>}
        doing={remove.doing}
        onConfirm={async () => {
          const answer = await remove.run({ conferenceId: conference.conferenceId })
          setAsking(false)
          if (!answer.ok) return
          say(t`Đã bỏ hội nghị.`)
          go('/hoi-nghi')
        }}
        onClose={() => setAsking(false)}
      >
        <p>
          <Trans>«{name}» và chương trình của nó mất hẳn.</Trans>
        </p>
      </ConfirmDialog>
    </div>
  )
}
