import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatClock, formatDay } from '../../../kernel/time.ts'
import type { Operation } from '../../../platform/contract.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  ConfirmDialog,
  ErrorSentence,
  Section,
  SelectField,
  say,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { offers } from '../../coverage/contract.ts'
import * as contract from '../contract.ts'
import look from './makeups.module.css'

type Where = { campaignId: string; unitId: string }
type Open = ValueOf<typeof contract.openMakeups>['makeups'][number]
type Offer = (typeof offers)[number]

const closed = msg`Buổi này đã kết thúc nên không xếp thêm được.`
const nobodyNamed = msg`Chưa chọn ai.`
const unknownUnit = msg`Đơn vị này không có trong đợt.`
const notYourUnit = msg`Buổi này không mở cho đơn vị của đồng chí. Hỏi cấp trên lập buổi cho đơn vị.`
const sayBook = {
  closed,
  paperOnly: msg`Buổi có nội dung mật: chỉ dùng mẫu giấy.`,
  nobodyNamed,
  unknownUnit,
  notYourUnit,
} satisfies WordsFor<typeof contract.bookMakeup>
const sayUnbook = { closed, nobodyNamed, unknownUnit, notYourUnit } satisfies WordsFor<typeof contract.unbookMakeup>
const sayOffer = {
  unknownPerson: msg`Người này không còn trong danh sách của đơn vị. Tải lại danh sách.`,
  aboveNames: msg`Ở cấp này chỉ xem được số.`,
} satisfies WordsFor<typeof contract.recordOffer>
export const offerWords: Record<Offer, Words> = {
  offered: msg`Đã mời, chờ trả lời`,
  accepted: msg`Nhận lời`,
  declined: msg`Chưa nhận lời`,
  undeliverable: msg`Không liên hệ được`,
}

const useOpen = (where: Where) => useAnswer(contract.openMakeups, where, { staleMs: 30_000 })

/** When and where, in two lines. */
function Slot({ makeup }: { makeup: Open }) {
  const from = formatClock(new Date(makeup.startsAt))
  const to = formatClock(new Date(makeup.endsAt))
  const day = formatDay(new Date(makeup.startsAt))
  const free = formatCount(makeup.free)
  return (
    <div>
      <strong>{day}</strong>, {from}–{to}
      <div className="second small">
        {makeup.places.length > 0 ? makeup.places.join(', ') : makeup.unitName}
        {' · '}
        {makeup.free > 0 ? <Trans>còn {free} chỗ</Trans> : <Trans>hết chỗ</Trans>}
      </div>
    </div>
  )
}

/** The make-ups open to a unit; everyone who can be made up goes into one at once. `left` counts them. */
export function OpenMakeups({
  where,
  left,
  refresh,
  onBooked,
}: {
  where: Where
  left: number | undefined
  refresh: readonly Operation[]
  onBooked: () => void
}) {
  const { t } = useLingui()
  const { value, waiting, refused, again } = useOpen(where)
  const [chosen, setChosen] = useState<Open>()
  const book = useOperation(contract.bookMakeup, {
    refresh: [...refresh, contract.openMakeups],
    done: ({ booked, withoutSeat }) => {
      setChosen(undefined)
      const people = formatCount(booked)
      const others = formatCount(withoutSeat)
      say(withoutSeat > 0 ? t`Đã xếp ${people} đồng chí, ${others} đồng chí chưa có chỗ` : t`Đã xếp ${people} đồng chí`)
      onBooked()
    },
  })
  const may = value?.abilities ?? []
  const people = formatCount(left ?? 0)
  return (
    <Section title={<Trans>Học bù</Trans>}>
      <div className="stack">
        {waiting && <WaitingLines label={t`Đang xem các buổi học bù`} lines={2} />}
        <ErrorSentence refused={refused} again={again} />
        {value?.makeups.length === 0 && (
          <p className="second">
            <Trans>Chưa có buổi học bù nào mở cho đơn vị. Có buổi thì hiện ở đây để xếp người.</Trans>
          </p>
        )}
        {value && value.makeups.length > 0 && (
          <ul className={look.slots}>
            {value.makeups.map((makeup) => {
              const booked = formatCount(makeup.booked)
              return (
                <li key={makeup.makeupId}>
                  <div>
                    <Slot makeup={makeup} />
                    {makeup.booked > 0 && (
                      <div className="small">
                        <Trans>Đơn vị đã xếp {booked} đồng chí.</Trans>
                      </div>
                    )}
                  </div>
                  {may.includes('bookMakeup') && left !== undefined && left > 0 && makeup.free > 0 && (
                    <Button small onClick={() => setChosen(makeup)}>
                      <Trans>Xếp cả {people} đồng chí</Trans>
                    </Button>
                  )}
                </li>
              )
            })}
          </ul>
        )}
        {may.includes('createMakeup') && (
          <p>
            <a href={`/hoc-bu?don-vi=${where.unitId}`}>
              <Trans>Lập buổi học bù</Trans>
            </a>
          </p>
        )}
      </div>
      <ConfirmDialog
        open={chosen !== undefined}
        title={<Trans>Xếp {people} đồng chí chưa học vào buổi này</Trans>}
        verb={<Trans>Xếp vào buổi</Trans>}
        doing={book.doing}
        onClose={() => {
          setChosen(undefined)
          book.forget()
        }}
        onConfirm={() =>
          chosen &&
          void book.run({
            makeupId: chosen.makeupId,
            unitIds: [where.unitId],
            reasons: ['partly', 'excused', 'absent', 'noContact', 'neverSummoned'],
          })
        }
      >
        {chosen && <Slot makeup={chosen} />}
        <p>
          <Trans>Ai đang chờ hội nghị thì không xếp. Xếp nhầm có thể thôi xếp từng người.</Trans>
        </p>
        <ErrorSentence refused={book.refused} words={sayBook} />
      </ConfirmDialog>
    </Section>
  )
}

/** One person and the make-ups: booked into one, taken back, and what came of asking her. */
export function MakeUpFor({
  where,
  personId,
  booked,
  offer,
  refresh,
  onDone,
}: {
  where: Where
  personId: string
  /** The make-up she is booked into, when she is. */
  booked: { makeupId: string; name: string } | undefined
  offer: Offer | undefined
  refresh: readonly Operation[]
  onDone: (personIds: readonly string[]) => void
}) {
  const { t, i18n } = useLingui()
  const { value, waiting, refused, again } = useOpen(where)
  const may = value?.abilities ?? []
  const told = (words: string) => () => {
    say(words)
    onDone([personId])
  }
  const old = [...refresh, contract.openMakeups]
  const book = useOperation(contract.bookMakeup, {
    refresh: old,
    done: ({ booked: taken }) => told(taken > 0 ? t`Đã xếp học bù` : t`Buổi này hết chỗ, chưa xếp được`)(),
  })
  const unbook = useOperation(contract.unbookMakeup, { refresh: old, done: told(t`Đã thôi xếp`) })
  const asking = useOperation(contract.recordOffer, { refresh, done: told(t`Đã ghi`) })
  const hers = { unitId: where.unitId, personIds: [personId] }
  const slot = value?.makeups.find(({ makeupId }) => makeupId === booked?.makeupId)
  return (
    <div className="stack">
      <ErrorSentence refused={refused} again={again} />
      {waiting && <WaitingLines label={t`Đang xem các buổi học bù`} lines={2} />}
      {booked ? (
        <div className="row" data-spread>
          {slot ? <Slot makeup={slot} /> : <span>{booked.name}</span>}
          {may.includes('unbookMakeup') && (
            <Button small doing={unbook.doing} onClick={() => void unbook.run({ makeupId: booked.makeupId, ...hers })}>
              <Trans>Thôi xếp</Trans>
            </Button>
          )}
        </div>
      ) : (
        <>
          {may.includes('bookMakeup') && value && value.makeups.length > 0 && (
            <ul className={look.slots}>
              {value.makeups.map((makeup) => (
                <li key={makeup.makeupId}>
                  <Slot makeup={makeup} />
                  <Button
                    small
                    doing={book.doing}
                    disabled={makeup.free === 0}
                    onClick={() => void book.run({ makeupId: makeup.makeupId, ...hers })}
                  >
                    <Trans>Xếp vào buổi</Trans>
                  </Button>
                </li>
              ))}
            </ul>
          )}
          {value?.makeups.length === 0 && (
            <p className="second">
              <Trans>Chưa có buổi học bù nào mở cho đơn vị.</Trans>
            </p>
          )}
          {may.includes('recordOffer') && (
            <SelectField
              label={t`Đã mời học bù`}
              value={offer ?? ''}
              disabled={asking.doing}
              onChange={(event) =>
                void asking.run({ campaignId: where.campaignId, ...hers, outcome: event.currentTarget.value as Offer })
              }
              options={[
                ...(offer ? [] : [{ value: '', label: t`Chưa mời` }]),
                ...offers.map((outcome) => ({ value: outcome, label: i18n._(offerWords[outcome]) })),
              ]}
            />
          )}
        </>
      )}
      <ErrorSentence refused={book.refused} words={sayBook} />
      <ErrorSentence refused={unbook.refused} words={sayUnbook} />
      <ErrorSentence refused={asking.refused} words={sayOffer} />
    </div>
  )
}
