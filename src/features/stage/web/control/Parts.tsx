import { Trans, useLingui } from '@lingui/react/macro'
import { type FormEvent, useState } from 'react'
import { newId } from '../../../../kernel/id.ts'
import type { Operation } from '../../../../platform/contract.ts'
import type { InputOf, ValueOf } from '../../../../platform/web/client.ts'
import { useNow } from '../../../../platform/web/live.ts'
import type { Words } from '../../../../platform/web/refusals.tsx'
import { Button, ConfirmDialog, Status, TextField } from '../../../../platform/web/ui/light/index.ts'
import * as contract from '../../contract.ts'
import { countdown, type Wall } from '../../wall.ts'
import look from './Parts.module.css'
import { partKindWord, partStateWord, says } from './words.ts'

export type Part = Wall['parts'][number]
/** Does one thing and answers its value, or nothing where it was refused; the refusal is shown by whoever lends this. */
export type Act = <Op extends Operation>(
  operation: Op,
  input: InputOf<Op>,
  words?: Partial<Record<string, Words>>,
) => Promise<ValueOf<Op> | undefined>

const order = ['onAir', 'backstage', 'invited', 'left', 'removed'] as const
const heardBy = (part: Part) => part.kind === 'site' || part.kind === 'member' || part.kind === 'telephone'
/** A hall that only watches: 236 of them are not a list anybody reads. */
const isQuietHall = (part: Part) =>
  part.kind === 'site' &&
  !part.microphone &&
  (part.state === 'invited' || part.state === 'backstage' || part.state === 'left')
/** How long a hall's microphone stays open by itself. */
const turnSeconds = 180

/** Who is on the stage, whose microphone is open and for how long; off the stage and back. */
export function Parts({
  sessionId,
  parts,
  act,
  onPreview,
}: {
  sessionId: string
  parts: readonly Part[]
  act: Act
  onPreview?: (part: Part) => void
}) {
  const { t, i18n } = useLingui()
  const [leaving, setLeaving] = useState<Part>()
  const [why, setWhy] = useState('')
  const now = useNow(1_000)
  const [all, setAll] = useState(false)
  const present = parts.filter((part) => part.kind !== 'technician')
  const quiet = present.filter(isQuietHall)
  const count = quiet.length
  const shown = (all ? present : present.filter((part) => !isQuietHall(part))).toSorted(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name, 'vi'),
  )
  const microphone = (part: Part, open: boolean, seconds?: number) =>
    act(
      contract.setMicrophone,
      { sessionId, partId: part.partId, open, ...(seconds === undefined ? {} : { seconds }) },
      says.setMicrophone,
    )
  const leavingName = leaving?.name ?? ''
  return (
    <>
      {shown.length === 0 && (
        <p className="second">
          <Trans>Chưa có ai trên sân khấu.</Trans>
        </p>
      )}
      <ul className={look.parts}>
        {shown.map((part) => {
          const left = part.until ? countdown(Date.parse(part.until), now) : undefined
          return (
            <li key={part.partId} data-removed={part.state === 'removed' ? '' : undefined}>
              <div className={look.who}>
                <b>{part.name}</b>
                <span className="second small">
                  {i18n._(partKindWord[part.kind])}
                  {part.unit && ` · ${part.unit}`}
                </span>
              </div>
              <div className={look.states}>
                <Status tone={part.state === 'onAir' ? 'wait' : part.connected ? 'still' : 'off'}>
                  {i18n._(partStateWord[part.state])}
                  {part.state !== 'removed' && part.kind !== 'telephone' && !part.connected && (
                    <Trans>, chưa nối</Trans>
                  )}
                </Status>
                {part.microphone && (
                  <span className={look.open}>
                    {left ? <Trans>Micrô mở, còn {left}</Trans> : <Trans>Micrô mở</Trans>}
                  </span>
                )}
              </div>
              <div className={look.verbs}>
                {part.state === 'removed' ? (
                  <Button
                    small
                    onClick={() => act(contract.readmitPart, { sessionId, partId: part.partId }, says.readmitPart)}
                    aria-label={t`Cho vào lại: ${part.name}`}
                  >
                    <Trans>Cho vào lại</Trans>
                  </Button>
                ) : (
                  <>
                    {onPreview && (
                      <Button small onClick={() => onPreview(part)} aria-label={t`Xem trước ${part.name}`}>
                        <Trans>Xem trước</Trans>
                      </Button>
                    )}
                    {part.microphone ? (
                      <>
                        {part.until && (
                          <Button
                            small
                            aria-label={t`Thêm 1 phút cho ${part.name}`}
                            onClick={() =>
                              microphone(
                                part,
                                true,
                                Math.max(10, Math.round((Date.parse(part.until!) - Date.now()) / 1_000) + 60),
                              )
                            }
                          >
                            <Trans>Thêm 1 phút</Trans>
                          </Button>
                        )}
                        <Button small onClick={() => microphone(part, false)} aria-label={t`Tắt micrô ${part.name}`}>
                          <Trans>Tắt micrô</Trans>
                        </Button>
                      </>
                    ) : (
                      part.state !== 'left' && (
                        <Button
                          small
                          aria-label={heardBy(part) ? t`Mở micrô 3 phút: ${part.name}` : t`Mở micrô: ${part.name}`}
                          onClick={() => microphone(part, true, heardBy(part) ? turnSeconds : undefined)}
                        >
                          {heardBy(part) ? <Trans>Mở micrô 3 phút</Trans> : <Trans>Mở micrô</Trans>}
                        </Button>
                      )
                    )}
                    <Button
                      small
                      look="bare"
                      onClick={() => {
                        setWhy('')
                        setLeaving(part)
                      }}
                      aria-label={t`Mời ra: ${part.name}`}
                    >
                      <Trans>Mời ra</Trans>
                    </Button>
                  </>
                )}
              </div>
            </li>
          )
        })}
      </ul>
      {count > 0 && (
        <p>
          <Button small aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? (
              <Trans>Cất các điểm cầu không mở micrô</Trans>
            ) : (
              <Trans>Xem cả {count} điểm cầu không mở micrô</Trans>
            )}
          </Button>
        </p>
      )}
      <ConfirmDialog
        open={leaving !== undefined}
        title={<Trans>Mời {leavingName} ra khỏi sân khấu</Trans>}
        verb={<Trans>Mời ra</Trans>}
        onClose={() => setLeaving(undefined)}
        onConfirm={async () => {
          const partId = leaving!.partId
          setLeaving(undefined)
          await act(contract.removePart, { sessionId, partId, why }, says.removePart)
        }}
      >
        <p>
          <Trans>Hình và tiếng của nơi này ngắt ngay. Muốn vào lại thì phải có người cho vào lại ở đây.</Trans>
        </p>
        <TextField label={t`Lý do, nếu cần ghi`} maxLength={200} value={why} onChange={(e) => setWhy(e.target.value)} />
      </ConfirmDialog>
    </>
  )
}

/** Somebody who joins by telephone, held to a microphone of the control room; queued like everybody. */
export function AddCaller({ sessionId, act, queue = false }: { sessionId: string; act: Act; queue?: boolean }) {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [unit, setUnit] = useState('')
  const [about, setAbout] = useState('')
  const [doing, setDoing] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    setDoing(true)
    const added = await act(contract.addCaller, { sessionId, partId: newId(), name, unit }, says.addCaller)
    if (added && queue)
      await act(
        contract.raiseCallersHand,
        { sessionId, handId: newId(), partId: added.partId, about },
        says.raiseCallersHand,
      )
    setDoing(false)
    if (!added) return
    setName('')
    setUnit('')
    setAbout('')
  }
  return (
    <form className={look.pair} onSubmit={submit}>
      <TextField
        label={t`Người gọi điện thoại`}
        required
        maxLength={120}
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <TextField label={t`Đơn vị`} maxLength={200} value={unit} onChange={(e) => setUnit(e.target.value)} />
      {queue && (
        <TextField label={t`Nội dung hỏi`} maxLength={200} value={about} onChange={(e) => setAbout(e.target.value)} />
      )}
      <Button type="submit" doing={doing} disabled={name.trim() === ''}>
        {queue ? <Trans>Thêm vào hàng chờ</Trans> : <Trans>Thêm người gọi</Trans>}
      </Button>
    </form>
  )
}

/** One line for the lectern, for all halls, or for one. */
export function Messages({
  sessionId,
  messages,
  site,
  act,
}: {
  sessionId: string
  messages: { lectern: string; halls: string | undefined }
  site?: { siteId: string; name: string } | undefined
  act: Act
}) {
  const { t } = useLingui()
  const siteName = site?.name ?? ''
  return (
    <div className="stack">
      {site && (
        <Message
          label={t`Gửi riêng ${siteName}`}
          standing=""
          quick={[t`Đề nghị báo quân số`, t`Chuẩn bị lên sóng`, t`Kiểm tra micrô giúp`]}
          onSend={(words) =>
            act(contract.sendMessage, { sessionId, to: 'site', siteId: site.siteId, words }, says.sendMessage)
          }
        />
      )}
      <Message
        label={t`Gửi bục báo cáo viên`}
        standing={messages.lectern}
        quick={[t`Còn 5 phút`, t`Xin nói chậm lại`, t`Mời sang hỏi – đáp`]}
        onSend={(words) => act(contract.sendMessage, { sessionId, to: 'lectern', words }, says.sendMessage)}
      />
      <Message
        label={t`Gửi mọi hội trường`}
        standing={messages.halls ?? ''}
        quick={[t`Đề nghị báo quân số`, t`Hội nghị bắt đầu sau ít phút`, t`Đề nghị tắt micrô`]}
        onSend={(words) => act(contract.sendMessage, { sessionId, to: 'halls', words }, says.sendMessage)}
      />
    </div>
  )
}
function Message({
  label,
  standing,
  quick,
  onSend,
}: {
  label: string
  standing: string
  quick: readonly string[]
  onSend: (words: string) => Promise<unknown>
}) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const [sent, setSent] = useState('')
  const send = async (words: string) => {
    const answer = await onSend(words)
    if (answer === undefined) return
    setSent(words)
    setTyped('')
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() !== '') void send(typed.trim())
      }}
    >
      <div className={look.pair}>
        <TextField label={label} maxLength={200} value={typed} onChange={(e) => setTyped(e.target.value)} />
        <Button type="submit" disabled={typed.trim() === ''}>
          <Trans>Gửi</Trans>
        </Button>
      </div>
      <div className={look.quick}>
        {quick.map((words) => (
          <button type="button" key={words} onClick={() => send(words)}>
            {words}
          </button>
        ))}
      </div>
      <p className="second small" role="status">
        {standing ? (
          <>
            <Trans>Đang hiện: {standing}</Trans>{' '}
            <button type="button" className={look.bare} aria-label={t`Gỡ lời nhắn đang hiện`} onClick={() => send('')}>
              <Trans>Gỡ</Trans>
            </button>
          </>
        ) : sent ? (
          <Trans>Đã gửi: {sent}</Trans>
        ) : null}
      </p>
    </form>
  )
}
