import { Trans, useLingui } from '@lingui/react/macro'
import { memo } from 'react'
import { useNow } from '../../../../platform/web/live.ts'
import { axisOf, type Block, lateMinutes, type Wall } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'

/** Plan and reality on one axis. A late start eats the topic's own slack, never the reserved minutes of questions. */
export const RunOfShow = memo(function RunOfShow({
  run,
  topic,
  onTopic,
}: {
  run: Wall['run']
  topic: Wall['topic']
  onTopic: (topicId: string) => void
}) {
  const { t } = useLingui()
  const now = useNow(10_000)
  const axis = axisOf(run, topic, now)
  const late = lateMinutes(run, now)
  const minutes = Math.abs(late ?? 0)
  const share = (ms: number) => (axis ? ((ms - axis.fromMs) / (axis.toMs - axis.fromMs)) * 100 : 0)
  const at = share(now.getTime())
  const left = axis?.leftMinutes ?? 0
  const kept = axis?.keptMinutes ?? 0
  const end = axis && axis.keptMinutes !== undefined ? axis.real.at(-1) : undefined
  const titleOf = ({ kind, title }: Block) => (kind === 'questions' ? t`Hỏi – đáp` : title)
  const wordsOf = (block: Block) =>
    block.look === 'now'
      ? ''
      : block.look === 'coming' && block.kind === 'deliver'
        ? t`Còn ${left} phút`
        : titleOf(block)
  const planned = ({ title, fromMs }: Block) => {
    const from = clock(fromMs)
    return t`Dự kiến ${from}: ${title}`
  }
  const place = (block: Block) => ({
    left: `${share(block.fromMs)}%`,
    width: `${share(block.toMs) - share(block.fromMs)}%`,
  })
  return (
    <section className={look.run} aria-label={t`Diễn biến chương trình`}>
      <div className={look.runWords}>
        <span>
          {late !== undefined && (
            <b data-late={late > 0 ? '' : undefined}>
              {late > 0 ? (
                <Trans>Chậm {minutes} phút</Trans>
              ) : late < 0 ? (
                <Trans>Sớm {minutes} phút</Trans>
              ) : (
                <Trans>Đúng giờ</Trans>
              )}
            </b>
          )}
        </span>
        <b>
          <Trans>Dự kiến</Trans>
        </b>
        <b>
          <Trans>Thực tế</Trans>
        </b>
      </div>
      <div className={look.axis}>
        {axis ? (
          <>
            <div aria-hidden="true">
              {axis.ticks.map((tick) => (
                <span key={tick} className={look.tick} style={{ left: `${share(tick)}%` }}>
                  {clock(tick)}
                </span>
              ))}
            </div>
            <div>
              {axis.plan.map((block) =>
                block.topicId ? (
                  <button
                    type="button"
                    key={block.key}
                    className={look.piece}
                    data-kind={block.kind}
                    style={place(block)}
                    title={`${block.title}, ${clock(block.fromMs)} – ${clock(block.toMs)}`}
                    aria-description={planned(block)}
                    onClick={() => onTopic(block.topicId!)}
                  >
                    {titleOf(block)}
                  </button>
                ) : (
                  <span
                    key={block.key}
                    className={look.piece}
                    data-kind={block.kind}
                    style={place(block)}
                    title={`${block.title}, ${clock(block.fromMs)} – ${clock(block.toMs)}`}
                  >
                    {titleOf(block)}
                  </span>
                ),
              )}
            </div>
            <div>
              {axis.real.map((block) => (
                <span
                  key={block.key}
                  className={look.piece}
                  data-kind={block.kind}
                  data-look={block.look}
                  style={place(block)}
                  title={`${block.title}, ${clock(block.fromMs)} – ${clock(block.toMs)}`}
                >
                  {wordsOf(block)}
                </span>
              ))}
              {end && share(end.toMs) < 84 && (
                <span className={look.kept} style={{ left: `${share(end.toMs)}%` }}>
                  <Trans>Giờ hỏi – đáp giữ đủ {kept} phút</Trans>
                </span>
              )}
            </div>
            {at >= 0 && at <= 100 && <i className={look.now} style={{ left: `${at}%` }} aria-hidden="true" />}
          </>
        ) : (
          <p className={look.quiet}>
            <Trans>Buổi này chưa có chương trình chi tiết.</Trans>
          </p>
        )}
      </div>
    </section>
  )
})
