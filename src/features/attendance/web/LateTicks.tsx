import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import type { Operation } from '../../../platform/contract.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import { Button, Choice, Choices, ErrorSentence, Section, say } from '../../../platform/web/ui/index.ts'
import { acceptArrivals, waitingArrivals } from '../contract.ts'

type Arrival = ValueOf<typeof waitingArrivals>['arrivals'][number]
const says = { aboveNames: msg`Ở cấp này chỉ xem được số.` } satisfies WordsFor<typeof waitingArrivals>

/**
 * Ticks on own devices that came too late to count by themselves: how many, and on request who, for the cell's secretary to accept.
 * `why` is the reason the reader gave for opening names; until she has, `gate` asks for it. Nothing is shown while none wait.
 */
export function LateTicks({
  campaignId,
  unitId,
  why,
  gate,
  refresh,
  onAccepted,
}: {
  campaignId: string
  unitId: string
  why: string | undefined
  gate: ReactNode
  refresh: readonly Operation[]
  onAccepted: (personIds: readonly string[]) => void
}) {
  const { t } = useLingui()
  const waiting = useAnswer(waitingArrivals, { campaignId, unitId }, { staleMs: 15_000 })
  const [asked, setAsked] = useState(false)
  const [opening, setOpening] = useState(false)
  const [refused, setRefused] = useState<Refusal>()
  const [arrivals, setArrivals] = useState<readonly Arrival[]>()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const accept = useOperation(acceptArrivals, { refresh: [...refresh, waitingArrivals] })
  const open = async () => {
    if (why === undefined) return setAsked(true)
    setOpening(true)
    const answer = await call(waitingArrivals, { campaignId, unitId, named: true, why })
    setOpening(false)
    setRefused(answer.ok ? undefined : answer)
    if (answer.ok) setArrivals(answer.value.arrivals)
  }
  const total = waiting.value?.total ?? 0
  if (total === 0) return null
  const may = waiting.value!.abilities.includes('acceptArrivals')
  const count = formatCount(total)
  const taken = (arrivals ?? []).filter(({ arrivalId }) => !left.has(arrivalId))
  const chosen = formatCount(taken.length)
  const send = async () => {
    const answer = await accept.run({ unitId, arrivalIds: taken.map(({ arrivalId }) => arrivalId) })
    if (!answer.ok) return
    const accepted = formatCount(answer.value.accepted)
    say(t`Đã chấp nhận ${accepted} lượt`)
    setArrivals(undefined)
    setLeft(new Set())
    onAccepted([...new Set(taken.map(({ personId }) => personId))])
  }
  return (
    <Section title={<Trans>Điểm danh muộn</Trans>}>
      <div className="stack">
        <p>
          {may ? (
            <Trans>
              {count} lượt tự xác nhận trên thiết bị cá nhân đến sau giờ. Đồng chí chấp nhận thì mới được tính.
            </Trans>
          ) : (
            <Trans>{count} lượt tự xác nhận trên thiết bị cá nhân đến sau giờ, chờ bí thư chi bộ chấp nhận.</Trans>
          )}
        </p>
        {arrivals === undefined && (why !== undefined || !asked) && (
          <p>
            <Button doing={opening} onClick={() => void open()}>
              <Trans>Xem từng lượt</Trans>
            </Button>
          </p>
        )}
        {asked && why === undefined && gate}
        <ErrorSentence refused={refused} words={says} />
        {arrivals && (
          <Choices legend={<Trans>Các lượt đang chờ</Trans>}>
            {arrivals.map((one) => {
              const at = formatMoment(new Date(one.at))
              const minutes = formatCount(Math.abs(one.lateMinutes))
              return (
                <Choice
                  key={one.arrivalId}
                  checked={may && !left.has(one.arrivalId)}
                  disabled={!may}
                  onChange={(event) => {
                    const next = new Set(left)
                    if (event.currentTarget.checked) next.delete(one.arrivalId)
                    else next.add(one.arrivalId)
                    setLeft(next)
                  }}
                >
                  {one.name}
                  <div className="second small">
                    {one.unit} · {one.checkpoint} ·{' '}
                    {one.lateMinutes < 0 ? (
                      <Trans>
                        {at}, sớm {minutes} phút
                      </Trans>
                    ) : (
                      <Trans>
                        {at}, muộn {minutes} phút
                      </Trans>
                    )}
                  </div>
                </Choice>
              )
            })}
          </Choices>
        )}
        {arrivals && may && (
          <p>
            <Button doing={accept.doing} disabled={taken.length === 0} onClick={() => void send()}>
              <Trans>Chấp nhận {chosen} lượt</Trans>
            </Button>
          </p>
        )}
        <ErrorSentence refused={accept.refused} />
      </div>
    </Section>
  )
}
