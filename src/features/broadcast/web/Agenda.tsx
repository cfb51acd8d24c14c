import { Trans } from '@lingui/react/macro'
import { formatClock } from '../../../kernel/time.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import { Section } from '../../../platform/web/ui/light/index.ts'
import type * as conferences from '../../conferences/contract.ts'
import styles from './live.module.css'

type Item = ValueOf<typeof conferences.getProgramme>['sessions'][number]['items'][number]

/** The run of the session, with where we are while it is on: by what the stage says, else by the clock. */
export function Agenda({
  items,
  now,
  title,
  on,
}: {
  items: readonly Item[]
  now: Date
  title: string | undefined
  on: boolean
}) {
  const byTitle = title === undefined ? -1 : items.findIndex((item) => item.kind === 'deliver' && item.title === title)
  const at = !on
    ? -1
    : byTitle >= 0
      ? byTitle
      : items.findIndex(({ from, to }) => new Date(from) <= now && now < new Date(to))
  return (
    <Section title={<Trans>Chương trình</Trans>}>
      <ol className={styles.agenda}>
        {items.map((item, nth) => (
          <li
            key={`${item.kind} ${item.from}`}
            data-kind={item.kind}
            data-past={nth < at ? '' : undefined}
            aria-current={nth === at ? 'step' : undefined}
          >
            <span className="num">{formatClock(new Date(item.from))}</span>
            <span>
              {item.kind === 'questions' ? (
                <Trans>Hỏi và đáp, {item.minutes} phút</Trans>
              ) : item.kind === 'free' ? (
                <Trans>Nghỉ, dự phòng</Trans>
              ) : (
                item.title
              )}
              {item.kind === 'deliver' && item.speaker && <span className="second">{item.speaker}</span>}
              {nth === at && (
                <span className="gold">
                  <Trans>đang ở đây</Trans>
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
