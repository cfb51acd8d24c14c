import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useState } from 'react'
import { Button, Card, ClockField, DateField, Icon, SelectField, TextField } from '../../../platform/web/ui/index.ts'
import { audiences, type SessionShape } from '../contract.ts'
import css from './Conference.module.css'
import { type DraftSession, type DraftTopic, faultOf, moved, newTopic, soundMinutes } from './draft.ts'
import { audienceWords } from './words.ts'

/** One half-day: when, for whom, and its topics in order. */
export function SessionEditor({
  session,
  number,
  relayable,
  classified,
  showSlips,
  onChange,
  onRemove,
}: {
  session: DraftSession
  number: number
  /** The parent conference's sessions; empty when there is none. */
  relayable: readonly SessionShape[]
  classified: boolean
  showSlips: boolean
  onChange: (session: DraftSession) => void
  onRemove: () => void
}) {
  const { t } = useWords()
  const { _ } = useLingui()
  const change = (part: Partial<DraftSession>) => onChange({ ...session, ...part })
  const fault = faultOf(session)
  const relayed = session.mode === 'relayed' && relayable.length > 0
  const title = session.name || session.code
  return (
    <Card className={css.session} aria-label={t`Buổi ${title}`}>
      <div className={css['session-head']}>
        <h2>
          <Trans>Buổi {number}</Trans>
        </h2>
        <Button look="bare" small onClick={onRemove} aria-label={t`Bỏ buổi này: ${title}`}>
          <Trans>Bỏ buổi này</Trans>
        </Button>
      </div>
      <div className={css['session-fields']}>
        <TextField
          label={t`Mã`}
          value={session.code}
          maxLength={40}
          onChange={(event) => change({ code: event.target.value.replace(/[^\p{L}\p{N}._-]/gu, '') })}
          error={showSlips && fault === 'noCode' && <Trans>Cần mã buổi</Trans>}
        />
        <TextField
          label={t`Tên buổi`}
          placeholder={t`Buổi sáng`}
          value={session.name}
          maxLength={200}
          onChange={(event) => change({ name: event.target.value })}
        />
        <div className={css.wide}>
          <DateField
            label={t`Ngày`}
            value={session.day}
            onChange={(day) => change({ day })}
            error={showSlips && fault === 'noTime' && !session.day && <Trans>Cần ngày</Trans>}
          />
        </div>
        <ClockField label={t`Từ`} value={session.from} onChange={(from) => change({ from })} />
        <ClockField
          label={t`Đến`}
          value={session.to}
          onChange={(to) => change({ to })}
          error={fault === 'endsFirst' && <Trans>Phải sau giờ bắt đầu</Trans>}
        />
      </div>
      <div className={css.pair}>
        {relayable.length > 0 && (
          <SelectField
            label={t`Cách tổ chức`}
            value={session.mode === 'local' ? 'local' : (session.relaysId ?? '')}
            options={[
              { value: '', label: t`Tiếp sóng: chọn buổi của cấp trên` },
              ...relayable.map((above) => ({
                value: above.sessionId,
                label: t`Tiếp sóng ${above.name || above.code}`,
              })),
              { value: 'local', label: t`Tự tổ chức` },
            ]}
            onChange={(event) =>
              change(
                event.target.value === 'local'
                  ? { mode: 'local', relaysId: undefined }
                  : { mode: 'relayed', relaysId: event.target.value || undefined, topics: [] },
              )
            }
          />
        )}
        <SelectField
          label={t`Dành cho`}
          value={session.audience}
          disabled={classified}
          options={audiences.map((one) => ({ value: one, label: _(audienceWords[one]) }))}
          onChange={(event) => change({ audience: event.target.value as DraftSession['audience'] })}
        />
      </div>
      {relayed ? (
        <p className="second">
          <Trans>Chuyên đề theo chương trình của cấp trên, giờ giấc theo sóng.</Trans>
        </p>
      ) : (
        <Topics topics={session.topics} showSlips={showSlips} onChange={(topics) => change({ topics })} />
      )}
    </Card>
  )
}

function Topics({
  topics,
  showSlips,
  onChange,
}: {
  topics: readonly DraftTopic[]
  showSlips: boolean
  onChange: (topics: DraftTopic[]) => void
}) {
  const { t } = useWords()
  const [dragged, setDragged] = useState<number>()
  const [target, setTarget] = useState<number>()
  const drop = () => {
    if (dragged !== undefined && target !== undefined) onChange(moved(topics, dragged, target))
    setDragged(undefined)
    setTarget(undefined)
  }
  return (
    <div className="stack">
      <ol className={css.topics}>
        {topics.map((topic, at) => {
          const number = at + 1
          const change = (part: Partial<DraftTopic>) =>
            onChange(topics.map((one) => (one.key === topic.key ? { ...one, ...part } : one)))
          return (
            <li
              key={topic.key}
              className={css.topic}
              data-dragged={dragged === at ? '' : undefined}
              data-target={target === at && dragged !== at ? '' : undefined}
              onDragOver={(event) => {
                if (dragged === undefined) return
                event.preventDefault()
                setTarget(at)
              }}
              onDrop={(event) => {
                event.preventDefault()
                drop()
              }}
            >
              <div className={css['topic-head']}>
                <strong>
                  <Trans>Chuyên đề {number}</Trans>
                </strong>
                <div className={css.moves}>
                  <button
                    type="button"
                    className={`btn ${css.grip}`}
                    data-size="s"
                    data-look="bare"
                    draggable
                    tabIndex={-1}
                    aria-hidden="true"
                    title={t`Kéo để đổi chỗ`}
                    onDragStart={() => setDragged(at)}
                    onDragEnd={() => {
                      setDragged(undefined)
                      setTarget(undefined)
                    }}
                  >
                    <Icon name="menu" />
                  </button>
                  <Button
                    small
                    look="bare"
                    disabled={at === 0}
                    aria-label={t`Chuyên đề ${number}: lên trước`}
                    onClick={() => onChange(moved(topics, at, at - 1))}
                  >
                    <Icon name="up" />
                  </Button>
                  <Button
                    small
                    look="bare"
                    disabled={at === topics.length - 1}
                    aria-label={t`Chuyên đề ${number}: xuống sau`}
                    onClick={() => onChange(moved(topics, at, at + 1))}
                  >
                    <Icon name="down" />
                  </Button>
                  <Button
                    small
                    look="bare"
                    aria-label={t`Bỏ chuyên đề ${number}`}
                    onClick={() => onChange(topics.filter(({ key }) => key !== topic.key))}
                  >
                    <Icon name="close" />
                  </Button>
                </div>
              </div>
              <div className={css.title}>
                <TextField
                  label={t`Tên chuyên đề ${number}`}
                  hideLabel
                  placeholder={t`Tên chuyên đề`}
                  value={topic.title}
                  maxLength={300}
                  onChange={(event) => change({ title: event.target.value })}
                  error={showSlips && topic.title.trim() === '' && <Trans>Cần tên chuyên đề</Trans>}
                />
              </div>
              <div className={css.speaker}>
                <TextField
                  label={t`Người trình bày`}
                  value={topic.speaker}
                  maxLength={200}
                  onChange={(event) => change({ speaker: event.target.value })}
                />
              </div>
              <TextField
                label={t`Trình bày (phút)`}
                className="num"
                inputMode="numeric"
                value={topic.deliver}
                onChange={(event) => change({ deliver: event.target.value })}
                error={!soundMinutes(topic.deliver) && <Trans>Số phút</Trans>}
              />
              <TextField
                label={t`Hỏi – đáp (phút)`}
                className="num"
                inputMode="numeric"
                value={topic.questions}
                onChange={(event) => change({ questions: event.target.value })}
                error={!soundMinutes(topic.questions) && <Trans>Số phút</Trans>}
              />
            </li>
          )
        })}
      </ol>
      <div>
        <Button small onClick={() => onChange([...topics, newTopic()])}>
          <Trans>Thêm chuyên đề</Trans>
        </Button>
      </div>
    </div>
  )
}
