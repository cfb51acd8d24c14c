import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import { newId } from '../../../../kernel/id.ts'
import { useAnswer } from '../../../../platform/web/answers.ts'
import {
  Button,
  ConfirmDialog,
  Dialog,
  ErrorSentence,
  Facts,
  TextField,
  WaitingLines,
} from '../../../../platform/web/ui/light/index.ts'
import type { Alarm, WallSite } from '../../contract.ts'
import * as contract from '../../contract.ts'
import type { Wall } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'
import type { Act } from './Parts.tsx'
import { faultWord, lineWord, says } from './words.ts'

/** One hall: whom to call, what its line was worth today, and what may be done about it. */
export function SiteDialog({
  site,
  onClose,
  sessionId,
  wall,
  groupName,
  act,
  onPreview,
}: {
  site: WallSite | undefined
  onClose: () => void
  sessionId: string
  wall: Wall
  groupName: (groupId: string) => string
  act: Act
  onPreview: (siteId: string) => void
}) {
  const name = site?.name ?? ''
  return (
    <Dialog open={site !== undefined} onClose={onClose} title={name}>
      {site && (
        <About
          site={site}
          sessionId={sessionId}
          wall={wall}
          group={groupName(site.groupId)}
          act={act}
          onClose={onClose}
          onPreview={() => {
            onPreview(site.siteId)
            onClose()
          }}
        />
      )}
    </Dialog>
  )
}

function About({
  site,
  sessionId,
  wall,
  group,
  act,
  onClose,
  onPreview,
}: {
  site: WallSite
  sessionId: string
  wall: Wall
  group: string
  act: Act
  onClose: () => void
  onPreview: () => void
}) {
  const { t, i18n } = useLingui()
  const history = useAnswer(contract.lineHistory, wall.state !== 'closed' && { sessionId, siteId: site.siteId })
  const mine = history.value?.sites[0]
  const [words, setWords] = useState('')
  const [sent, setSent] = useState('')
  const [removing, setRemoving] = useState(false)
  const part = wall.parts.find((one) => one.partId === site.partId)
  const alarms = wall.alarms.filter(
    (alarm) => alarm.mendedAt === undefined && alarm.sites.some((one) => one.siteId === site.siteId),
  )
  const parent = wall.sites.find((one) => one.siteId === site.parentSiteId)
  const since = clock(site.since)
  const heads = site.headcount === undefined ? undefined : formatCount(site.headcount)
  const summoned = formatCount(site.summoned)
  const open = wall.state !== 'closed' && wall.state !== 'ended'
  const siteName = site.name
  const there = site.word !== 'lost' && site.word !== 'away'
  return (
    <>
      <div className="row" data-spread="">
        <p>
          {site.contactName || <Trans>Chưa ghi người phụ trách</Trans>}
          {site.contactPhone && (
            <>
              {' · '}
              <a href={`tel:${site.contactPhone.replace(/\s/g, '')}`}>
                <b>{site.contactPhone}</b>
              </a>
            </>
          )}
        </p>
        <span className="row">
          {open && (
            <Button small onClick={onPreview}>
              <Trans>Xem trước</Trans>
            </Button>
          )}
          {open && !site.partId && (
            <Button
              small
              onClick={() => act(contract.callSite, { sessionId, siteId: site.siteId, handId: newId() }, says.callSite)}
            >
              <Trans>Mời vào sân khấu</Trans>
            </Button>
          )}
        </span>
      </div>
      {alarms.map((alarm) => (
        <AlarmTaking key={alarm.key} alarm={alarm} sessionId={sessionId} act={act} />
      ))}
      <Facts
        facts={[
          [t`Khối`, group],
          [
            t`Đường truyền`,
            <>
              {i18n._(lineWord[site.word])}
              {since && <Trans> từ {since}</Trans>}
              {there && site.mode === 'hls' && <Trans>, xem qua phát chậm</Trans>}
              {there && site.mode === 'audio' && <Trans>, tiếng và trang chiếu</Trans>}
              {there && site.mode === 'webrtc' && <Trans>, nối thẳng</Trans>}
            </>,
          ],
          [t`Quân số`, heads === undefined ? t`chưa báo, triệu tập ${summoned}` : `${heads}/${summoned}`],
          [t`Đã điểm danh`, formatCount(site.present)],
          [t`Trang chiếu đang hiện`, site.slidePage > 0 ? String(site.slidePage) : '–'],
          [t`Trước giờ họp`, site.ready ? site.readyNote || t`Đã sẵn sàng` : site.readyNote || t`Chưa báo sẵn sàng`],
          ...(site.fault ? ([[t`Điểm cầu báo`, i18n._(faultWord[site.fault])]] as [string, string][]) : []),
          ...(site.lastWord ? ([[t`Lời gần nhất`, site.lastWord]] as [string, string][]) : []),
          ...(parent
            ? ([[t`Điểm cầu cấp trên`, `${parent.name}, ${parent.contactName} ${parent.contactPhone}`]] as [
                string,
                string,
              ][])
            : []),
        ]}
      />
      {wall.state !== 'closed' && (
        <section>
          <h3>
            <Trans>Đường truyền hôm nay</Trans>
          </h3>
          {history.waiting ? (
            <WaitingLines lines={1} label={t`Đang lấy lịch sử đường truyền`} />
          ) : history.refused ? (
            <ErrorSentence refused={history.refused} again={history.again} />
          ) : mine ? (
            <p>
              <Plural value={mine.goodMinutes} other="# phút tốt" />,{' '}
              <Plural value={mine.poorMinutes} other="# phút yếu" />,{' '}
              <Plural value={mine.lostMinutes} other="# phút mất" />
            </p>
          ) : (
            <p className="second">
              <Trans>Chưa có số đo nào.</Trans>
            </p>
          )}
        </section>
      )}
      {open && (
        <form
          className={look.pair}
          onSubmit={async (event) => {
            event.preventDefault()
            const typed = words.trim()
            if (typed === '') return
            const said = await act(
              contract.sendMessage,
              { sessionId, to: 'site', siteId: site.siteId, words: typed },
              says.sendMessage,
            )
            if (!said) return
            setSent(typed)
            setWords('')
          }}
        >
          <TextField
            label={t`Nhắn riêng điểm cầu này`}
            hint={sent ? t`Đã gửi: ${sent}` : undefined}
            maxLength={200}
            value={words}
            onChange={(e) => setWords(e.target.value)}
          />
          <Button type="submit" disabled={words.trim() === ''}>
            <Trans>Gửi</Trans>
          </Button>
        </form>
      )}
      <div className="dialog-actions">
        {part?.state === 'removed' ? (
          <Button onClick={() => act(contract.readmitPart, { sessionId, partId: part.partId }, says.readmitPart)}>
            <Trans>Cho vào lại sân khấu</Trans>
          </Button>
        ) : (
          part && (
            <>
              <Button
                onClick={() =>
                  act(
                    contract.setMicrophone,
                    {
                      sessionId,
                      partId: part.partId,
                      open: !part.microphone,
                      ...(part.microphone ? {} : { seconds: 180 }),
                    },
                    says.setMicrophone,
                  )
                }
              >
                {part.microphone ? <Trans>Tắt micrô</Trans> : <Trans>Mở micrô 3 phút</Trans>}
              </Button>
              <Button look="bare" onClick={() => setRemoving(true)}>
                <Trans>Mời ra khỏi sân khấu</Trans>
              </Button>
            </>
          )
        )}
        <Button onClick={onClose}>
          <Trans>Đóng</Trans>
        </Button>
      </div>
      <ConfirmDialog
        open={removing}
        title={<Trans>Mời {siteName} ra khỏi sân khấu</Trans>}
        verb={<Trans>Mời ra</Trans>}
        onClose={() => setRemoving(false)}
        onConfirm={async () => {
          setRemoving(false)
          if (part) await act(contract.removePart, { sessionId, partId: part.partId, why: '' }, says.removePart)
        }}
      >
        <p>
          <Trans>
            Hình và tiếng của nơi này ngắt ngay. Hội trường vẫn xem chương trình. Muốn vào lại thì cho vào lại ở đây.
          </Trans>
        </p>
      </ConfirmDialog>
    </>
  )
}

function AlarmTaking({ alarm, sessionId, act }: { alarm: Alarm; sessionId: string; act: Act }) {
  const by = alarm.takenBy
  const taken = by !== undefined
  return (
    <div className="row" data-spread="">
      <span>{taken ? <Trans>{by} đang xử lý cảnh báo này.</Trans> : <Trans>Cảnh báo này chưa ai nhận.</Trans>}</span>
      <Button
        small
        onClick={() => act(contract.takeAlarm, { sessionId, alarmKey: alarm.key, taken: !taken }, says.takeAlarm)}
      >
        {taken ? <Trans>Thôi nhận</Trans> : <Trans>Tôi xử lý</Trans>}
      </Button>
    </div>
  )
}
