import { Trans, useLingui } from '@lingui/react/macro'
import type { ComponentType, ReactNode } from 'react'
import { newId } from '../../../kernel/id.ts'
import { formatClock } from '../../../kernel/time.ts'
import { Button, ButtonLink, Note, Status, say } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { serverNow } from './clock.ts'
import styles from './console.module.css'
import { put } from './outbox.ts'
import type { Hall } from './useHall.ts'
import { causeSays } from './words.ts'

type Fault = { interruptionId: string; fromAt: string; toAt?: string | undefined; cause: string }

/** What happens in the hall: faults, or what a later feature makes of them, and the hall's own code for the big screen. */
export const Room = ({ hall, Live }: { hall: Hall; Live?: LiveRoom | undefined }) => (
  <>
    {Live ? <Live faults={<Faults hall={hall} />} /> : <Faults hall={hall} />}
    <Code hall={hall} />
  </>
)
/** What the stage puts in the place of the plain faults while the hall has a stage; else it shows `faults`. */
export type LiveRoom = ComponentType<{ faults: ReactNode }>

/** Faults in one tap. */
function Faults({ hall }: { hall: Hall }) {
  const { t, i18n } = useLingui()
  const faults = known(hall)
  const open = faults.filter(({ toAt }) => toAt === undefined)
  const over = faults.filter(({ toAt }) => toAt !== undefined)
  const causeOf = (cause: string) => i18n._(causeSays[cause as keyof typeof causeSays] ?? causeSays.other)
  const report = (cause: (typeof contract.interruptionCauses)[number]) => {
    put(
      'recordInterruption',
      {
        interruptionId: newId(),
        conferenceId: hall.conferenceId,
        siteId: hall.siteId,
        fromAt: serverNow().toISOString(),
        cause,
      },
      causeOf(cause),
    )
    say(t`Đã ghi: ${causeOf(cause)}`)
  }
  const end = ({ interruptionId, fromAt, cause }: Fault) =>
    put(
      'recordInterruption',
      {
        interruptionId,
        conferenceId: hall.conferenceId,
        siteId: hall.siteId,
        fromAt,
        toAt: serverNow().toISOString(),
        cause,
      },
      causeOf(cause),
    )
  return (
    <>
      <h2>{open.length > 0 ? <Trans>Đang có sự cố</Trans> : <Trans>Hội trường có sự cố thì bấm một nút</Trans>}</h2>
      {open.map((fault) => {
        const from = formatClock(new Date(fault.fromAt))
        return (
          <Note key={fault.interruptionId} tone="bad">
            <div className="row" data-spread="">
              <Status tone="bad">
                <Trans>
                  {causeOf(fault.cause)} từ {from}
                </Trans>
              </Status>
              <Button onClick={() => end(fault)}>
                <Trans>Đã có lại</Trans>
              </Button>
            </div>
          </Note>
        )
      })}
      <div className={styles.faults}>
        {contract.interruptionCauses
          .filter((cause) => !open.some((fault) => fault.cause === cause))
          .map((cause) => (
            <Button key={cause} big onClick={() => report(cause)}>
              {causeOf(cause)}
            </Button>
          ))}
      </div>
      <p className="second">
        <Trans>Số phút mất tín hiệu được ghi lại và bù bằng xem lại. Không ai bị tính vắng vì sự cố.</Trans>
      </p>
      {over.length > 0 && (
        <ul className={styles.latest}>
          {over.map((fault) => (
            <li key={fault.interruptionId}>
              <span>{causeOf(fault.cause)}</span>
              <span className="num second">
                {formatClock(new Date(fault.fromAt))}–{formatClock(new Date(fault.toAt!))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

const Code = ({ hall }: { hall: Hall }) => (
  <section className="stack">
    <h2>
      <Trans>Mã của hội trường</Trans>
    </h2>
    <p>
      <Trans>
        Chiếu mã lên màn hình lớn. Người dự mở máy ảnh của điện thoại, quét mã là tự ghi có mặt ở đây. Mã đổi sau mỗi 30
        giây.
      </Trans>
    </p>
    <p>
      <ButtonLink href={`/diem-cau/${hall.siteId}/${hall.conferenceId}/ma`}>
        <Trans>Chiếu mã</Trans>
      </ButtonLink>
    </p>
  </section>
)

/** What the board knows, with what still waits to be sent laid over it. */
function known(hall: Hall): Fault[] {
  const faults = new Map<string, Fault>((hall.board?.interruptions ?? []).map((one) => [one.interruptionId, one]))
  for (const { kind, input } of hall.outbox.waiting)
    if (kind === 'recordInterruption' && input.siteId === hall.siteId)
      faults.set(String(input.interruptionId), input as Fault)
  return [...faults.values()].sort((one, other) => one.fromAt.localeCompare(other.fromAt))
}
