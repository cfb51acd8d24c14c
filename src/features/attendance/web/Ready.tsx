import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { fileHref } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  ErrorSentence,
  Status,
  TextField,
  type Tone,
} from '../../../platform/web/ui/light/index.ts'
import * as sites from '../../sites/contract.ts'
import * as contract from '../contract.ts'
import { skewMs } from './clock.ts'
import styles from './console.module.css'
import type { Hall } from './useHall.ts'
import { rollSays } from './words.ts'

const mostSkewMs = 60_000

/** Before the doors open: what is not done stands first. */
export function Ready({ hall }: { hall: Hall }) {
  const { t } = useLingui()
  const place = useAnswer(sites.site, { siteId: hall.siteId as never })
  const held = place.value?.conferences.find(({ conferenceId }) => conferenceId === hall.conferenceId)
  const report = useOperation(sites.reportReady, { refresh: [sites.site] })
  const [note, setNote] = useState('')
  const [camera, setCamera] = useState<'untried' | 'good' | 'refused'>('untried')
  const tryCamera = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: true })
      for (const track of stream.getTracks()) track.stop()
      setCamera('good')
    } catch {
      setCamera('refused')
    }
  }
  const people = formatCount(hall.sheet?.roll.length ?? 0)
  const at = hall.rollAt ? formatMoment(hall.rollAt) : ''
  const skewSeconds = Math.round(Math.abs(skewMs()) / 1000)
  const ms = hall.lineMs ?? 0
  const items: { key: string; done: boolean; tone: Tone; words: ReactNode; detail?: ReactNode; act?: ReactNode }[] = [
    {
      key: 'roll',
      done: hall.sheet !== undefined && hall.sheet.roll.length > 0,
      tone: hall.sheet ? 'ok' : 'wait',
      words: hall.sheet ? (
        hall.sheet.roll.length > 0 ? (
          <Trans>Danh sách {people} người đã ở trong máy</Trans>
        ) : (
          <Trans>Chưa có danh sách</Trans>
        )
      ) : (
        <Trans>Danh sách chưa tải về</Trans>
      ),
      detail: hall.sheet ? (
        hall.sheet.roll.length > 0 ? (
          <Trans>Tải lúc {at}. Mất mạng vẫn điểm danh được.</Trans>
        ) : (
          <Trans>Vẫn đếm được bốn số.</Trans>
        )
      ) : (
        <ErrorSentence refused={hall.rollRefused} words={rollSays} />
      ),
      act: (
        <Button small doing={hall.asking} onClick={() => void hall.askRoll()}>
          <Trans>Tải lại danh sách</Trans>
        </Button>
      ),
    },
    {
      key: 'line',
      done: hall.lineMs !== undefined,
      tone: hall.lineMs === undefined ? 'wait' : 'ok',
      words:
        hall.lineMs === undefined ? (
          <Trans>Chưa nối được máy chủ</Trans>
        ) : (
          <Trans>Đường truyền tốt, máy chủ trả lời sau {ms} mili giây</Trans>
        ),
      detail:
        hall.lineMs === undefined ? (
          <Trans>Đồng chí xem lại mạng của hội trường. Vẫn điểm danh được, có mạng là tự gửi.</Trans>
        ) : undefined,
      act: (
        <Button small onClick={() => void hall.measure()}>
          <Trans>Đo lại</Trans>
        </Button>
      ),
    },
    {
      key: 'clock',
      done: Math.abs(skewMs()) < mostSkewMs,
      tone: Math.abs(skewMs()) < mostSkewMs ? 'ok' : 'wait',
      words:
        Math.abs(skewMs()) < mostSkewMs ? (
          <Trans>Đồng hồ của máy đúng giờ</Trans>
        ) : (
          <Trans>Đồng hồ của máy lệch {skewSeconds} giây</Trans>
        ),
      detail:
        Math.abs(skewMs()) < mostSkewMs ? undefined : <Trans>Giờ ghi đã được bù lại, không ai bị tính muộn oan.</Trans>,
    },
    {
      key: 'camera',
      done: camera === 'good',
      tone: camera === 'good' ? 'ok' : 'wait',
      words:
        camera === 'good' ? (
          <Trans>Máy ảnh dùng được</Trans>
        ) : camera === 'refused' ? (
          <Trans>Máy ảnh chưa được phép</Trans>
        ) : (
          <Trans>Máy ảnh chưa thử</Trans>
        ),
      detail:
        camera === 'refused' ? (
          <Trans>
            Đồng chí bấm vào biểu tượng ổ khoá cạnh địa chỉ trang, cho phép máy ảnh. Không có máy ảnh thì tìm theo tên.
          </Trans>
        ) : undefined,
      act: (
        <Button small onClick={() => void tryCamera()}>
          <Trans>Thử máy ảnh</Trans>
        </Button>
      ),
    },
  ]
  const left = items.filter(({ done }) => !done)
  const readyAt = held?.readyAt ? formatMoment(new Date(held.readyAt)) : ''
  return (
    <>
      <h2>
        {left.length > 0 ? <Trans>Còn {left.length} việc trước khi mở cửa</Trans> : <Trans>Mọi việc đã sẵn sàng</Trans>}
      </h2>
      <ul className={styles.jobs}>
        {[...left, ...items.filter(({ done }) => done)].map((item) => (
          <li key={item.key}>
            <div>
              <Status tone={item.tone}>{item.words}</Status>
              {item.detail && <div className="second small">{item.detail}</div>}
            </div>
            {item.act}
          </li>
        ))}
      </ul>
      <section className="stack">
        <h2>
          <Trans>Báo sẵn sàng</Trans>
        </h2>
        {held?.readyAt ? (
          <>
            <Status tone="ok">
              <Trans>Đã báo sẵn sàng lúc {readyAt}</Trans>
            </Status>
            {held.readyNote && (
              <p className="second">
                <Trans>Ghi chú: {held.readyNote}</Trans>
              </p>
            )}
            <p>
              <Button
                small
                doing={report.doing}
                onClick={() =>
                  void report.run({
                    conferenceId: hall.conferenceId as never,
                    siteId: hall.siteId as never,
                    ready: false,
                  })
                }
              >
                <Trans>Rút lại</Trans>
              </Button>
            </p>
          </>
        ) : (
          <>
            <TextField
              label={t`Còn thiếu gì không`}
              hint={t`Để trống nếu đủ.`}
              value={note}
              maxLength={300}
              onChange={(event) => setNote(event.target.value)}
            />
            <ErrorSentence refused={report.refused} words={{ notAttached: rollSays.tooEarly }} />
            <Button
              look="go"
              big
              wide
              doing={report.doing}
              onClick={() =>
                void report.run({
                  conferenceId: hall.conferenceId as never,
                  siteId: hall.siteId as never,
                  ready: true,
                  note,
                })
              }
            >
              <Trans>Báo hội trường sẵn sàng</Trans>
            </Button>
          </>
        )}
        {hall.point && (
          <p>
            <ButtonLink
              look="bare"
              href={fileHref(contract.rollSheet, {
                checkpointId: hall.point.checkpointId,
                siteId: hall.siteId as never,
              })}
              download=""
            >
              <Trans>Tải danh sách để ký trên giấy</Trans>
            </ButtonLink>
          </p>
        )}
      </section>
    </>
  )
}
