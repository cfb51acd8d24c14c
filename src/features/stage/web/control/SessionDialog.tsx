import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatDay } from '../../../../kernel/time.ts'
import { useAnswer } from '../../../../platform/web/answers.ts'
import type { Words } from '../../../../platform/web/refusals.tsx'
import {
  Button,
  ConfirmDialog,
  Dialog,
  Facts,
  SelectField,
  Status,
  TextField,
} from '../../../../platform/web/ui/light/index.ts'
import * as contract from '../../contract.ts'
import type { Wall } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'
import type { ProgrammeNews } from './Monitors.tsx'
import type { Act } from './Parts.tsx'
import { says, stageNotReady, stateWord } from './words.ts'

const programmeWord: Record<ProgrammeNews['state'], Words> = {
  off: msg`chưa chạy`,
  starting: msg`đang khởi động`,
  running: msg`đang phát`,
  waiting: msg`chờ hình và tiếng`,
  ended: msg`đã kết thúc`,
  failed: msg`bị ngắt`,
}
const becauseWord: Record<string, Words> = {
  noFfmpeg: msg`Máy chủ chưa có chương trình nén hình.`,
  noStage: msg`Sân khấu chưa chạy.`,
  notOnAir: msg`Buổi họp chưa phát.`,
  encoderFailed: msg`Bộ nén hình dừng, đang tự chạy lại.`,
  diskFull: msg`Ổ đĩa đầy. Người quản trị dọn chỗ, chương trình tự chạy lại.`,
  stopped: msg`Chương trình đã dừng.`,
  slowMachine: msg`Máy chủ làm không kịp, người xem nhận hình nhỏ hơn. Chạy lại bộ nén hình thì thử hình đầy đủ.`,
  sourceFrozen: msg`Hình đang phát đứng yên từ vài giây. Đồng chí kiểm tra nguồn hoặc chuyển nguồn khác.`,
}

/** The session itself: opening the stage, going on air, a break with its hour of return, the end. */
export function SessionDialog({
  open,
  onClose,
  sessionId,
  wall,
  breakUntil,
  programme,
  act,
}: {
  open: boolean
  onClose: () => void
  sessionId: string
  wall: Wall
  breakUntil: string | undefined
  programme: ProgrammeNews | undefined
  act: Act
}) {
  const { t, i18n } = useLingui()
  const ready = useAnswer(contract.stageReady, open && {}, { everyMs: 5_000 })
  const [minutes, setMinutes] = useState('15')
  const [words, setWords] = useState('')
  const [ending, setEnding] = useState(false)
  const { state, conference } = wall
  const starts = `${clock(conference.startsAt)} – ${clock(conference.endsAt)}, ${formatDay(new Date(conference.startsAt))}`
  const back = clock(breakUntil)
  const behind = Math.round(programme?.behindSeconds ?? 0)
  const notReady = ready.value && !ready.value.ready ? ready.value.because : undefined
  return (
    <Dialog open={open} onClose={onClose} title={conference.name}>
      <Facts
        facts={[
          [t`Buổi`, `${conference.sessionName}, ${starts}`],
          [
            t`Sân khấu`,
            <Status key="state" tone={state === 'onAir' ? 'ok' : state === 'closed' ? 'off' : 'still'}>
              {i18n._(stateWord[state])}
              {state === 'break' && back && <Trans>, trở lại lúc {back}</Trans>}
            </Status>,
          ],
          ...(programme
            ? ([
                [
                  t`Chương trình`,
                  <span key="programme">
                    {i18n._(programmeWord[programme.state])}
                    {programme.state === 'running' && behind > 0 && <Trans>, người xem thấy sau {behind} giây</Trans>}
                    {becauseWord[programme.because] && `. ${i18n._(becauseWord[programme.because]!)}`}
                  </span>,
                ],
              ] as [string, React.ReactNode][])
            : []),
        ]}
      />
      {state === 'closed' && (
        <div className="stack" data-gap="s">
          <p>
            <Trans>
              Mở sân khấu để báo cáo viên và điểm cầu vào hậu trường. Chưa ai nghe thấy gì cho đến khi bắt đầu phát.
            </Trans>
          </p>
          {notReady && <Status tone="wait">{i18n._(stageNotReady[notReady])}</Status>}
          <Button
            look="go"
            disabled={notReady !== undefined}
            onClick={async () => (await act(contract.openStage, { sessionId }, says.openStage)) && onClose()}
          >
            <Trans>Mở sân khấu</Trans>
          </Button>
        </div>
      )}
      {(state === 'backstage' || state === 'break') && (
        <Button look="go" onClick={async () => (await act(contract.goOnAir, { sessionId }, says.goOnAir)) && onClose()}>
          {state === 'break' ? <Trans>Phát tiếp</Trans> : <Trans>Bắt đầu phát</Trans>}
        </Button>
      )}
      {state === 'onAir' && (
        <form
          className={look.pair}
          onSubmit={async (event) => {
            event.preventDefault()
            const until = new Date(Date.now() + Number(minutes) * 60_000)
            until.setSeconds(0, 0)
            const done = await act(
              contract.callBreak,
              { sessionId, until: until.toISOString(), words: words.trim() },
              says.callBreak,
            )
            if (done) onClose()
          }}
        >
          <TextField
            label={t`Cho nghỉ với dòng chữ`}
            placeholder={t`Nghỉ giải lao`}
            maxLength={200}
            value={words}
            onChange={(e) => setWords(e.target.value)}
          />
          <SelectField
            label={t`Trở lại sau`}
            value={minutes}
            onChange={(e) => setMinutes(e.target.value)}
            options={['5', '10', '15', '20', '30', '45', '60', '90'].map((value) => ({
              value,
              label: t`${value} phút`,
            }))}
          />
          <Button type="submit">
            <Trans>Cho nghỉ</Trans>
          </Button>
        </form>
      )}
      {state === 'ended' && (
        <p>
          <Trans>Buổi họp đã kết thúc. Nếu bấm nhầm, đồng chí mở lại sân khấu rồi phát tiếp.</Trans>
        </p>
      )}
      <div className="dialog-actions">
        {state === 'ended' && (
          <Button onClick={async () => (await act(contract.openStage, { sessionId }, says.openStage)) && onClose()}>
            <Trans>Mở lại sân khấu</Trans>
          </Button>
        )}
        {programme?.restart && (
          <Button onClick={programme.restart}>
            <Trans>Chạy lại bộ nén hình</Trans>
          </Button>
        )}
        {state !== 'closed' && state !== 'ended' && (
          <Button onClick={() => setEnding(true)}>
            <Trans>Kết thúc buổi họp</Trans>
          </Button>
        )}
        <Button onClick={onClose}>
          <Trans>Đóng</Trans>
        </Button>
      </div>
      <ConfirmDialog
        open={ending}
        title={<Trans>Kết thúc buổi họp</Trans>}
        verb={<Trans>Kết thúc</Trans>}
        onClose={() => setEnding(false)}
        onConfirm={async () => {
          setEnding(false)
          if (await act(contract.endStage, { sessionId }, says.endStage)) onClose()
        }}
      >
        <p>
          <Trans>
            Sân khấu đóng, mọi điểm cầu thấy màn hình kết thúc và người xem không còn hình. Bấm nhầm thì mở lại được.
            Quân số và điểm danh vẫn báo tiếp được.
          </Trans>
        </p>
      </ConfirmDialog>
    </Dialog>
  )
}

/** One topic: its real hours, and who delivers it instead. */
export function TopicDialog({
  topicId,
  onClose,
  sessionId,
  run,
  act,
}: {
  topicId: string | undefined
  onClose: () => void
  sessionId: string
  run: Wall['run']
  act: Act
}) {
  const deliver = run.find((item) => item.topicId === topicId && item.kind === 'deliver')
  return (
    <Dialog open={deliver !== undefined} onClose={onClose} title={deliver?.title ?? ''}>
      {deliver && topicId && (
        <TopicHours topicId={topicId} onClose={onClose} sessionId={sessionId} run={run} act={act} deliver={deliver} />
      )}
    </Dialog>
  )
}
export function TopicHours({
  topicId,
  onClose,
  sessionId,
  run,
  act,
  deliver,
}: {
  topicId: string
  onClose?: () => void
  sessionId: string
  run: Wall['run']
  act: Act
  deliver: Wall['run'][number]
}) {
  const { t } = useLingui()
  const [speaker, setSpeaker] = useState('')
  const questions = run.find((item) => item.topicId === topicId && item.kind === 'questions')
  const move = async (to: 'deliver' | 'questions' | 'ended') => {
    if (await act(contract.moveTopic, { sessionId, topicId, to }, says.moveTopic)) onClose?.()
  }
  const hours = (item: Wall['run'][number] | undefined) =>
    item
      ? `${clock(item.plannedFrom)} – ${clock(item.plannedTo)}${item.realFrom ? ` (${clock(item.realFrom)}${item.realTo ? ` – ${clock(item.realTo)}` : ''})` : ''}`
      : '–'
  const now = questions?.realTo ? 'ended' : questions?.realFrom ? 'questions' : deliver.realFrom ? 'deliver' : 'before'
  return (
    <>
      <Facts
        facts={[
          [t`Báo cáo viên`, deliver.speaker || t`chưa ghi`],
          [t`Trình bày, dự kiến (thực tế)`, hours(deliver)],
          [t`Hỏi – đáp, dự kiến (thực tế)`, hours(questions)],
        ]}
      />
      <div className="row">
        {now === 'before' && (
          <Button look="go" onClick={() => move('deliver')}>
            <Trans>Bắt đầu chuyên đề</Trans>
          </Button>
        )}
        {now === 'deliver' && (
          <Button look="go" onClick={() => move('questions')}>
            <Trans>Sang hỏi – đáp</Trans>
          </Button>
        )}
        {(now === 'deliver' || now === 'questions') && (
          <Button onClick={() => move('ended')}>
            <Trans>Kết thúc chuyên đề</Trans>
          </Button>
        )}
        {now === 'questions' && (
          <Button onClick={() => move('deliver')}>
            <Trans>Trở lại trình bày</Trans>
          </Button>
        )}
      </div>
      <form
        className={look.pair}
        onSubmit={async (event) => {
          event.preventDefault()
          const name = speaker.trim()
          if (name !== '' && (await act(contract.standIn, { sessionId, topicId, speaker: name }, says.standIn)))
            setSpeaker('')
        }}
      >
        <TextField
          label={t`Người trình bày thay`}
          maxLength={200}
          value={speaker}
          onChange={(e) => setSpeaker(e.target.value)}
        />
        <Button type="submit" disabled={speaker.trim() === ''}>
          <Trans>Ghi người thay</Trans>
        </Button>
      </form>
    </>
  )
}
