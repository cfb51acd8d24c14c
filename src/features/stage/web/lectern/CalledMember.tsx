import { useLingui as useWords } from '@lingui/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import { useAnswer, useOperation } from '../../../../platform/web/answers.ts'
import { useNow, useTopic } from '../../../../platform/web/live.ts'
import { Button, Card, ErrorSentence, Icon, LightPage, Note, Status } from '../../../../platform/web/ui/light/index.ts'
import { skewMs } from '../../../attendance/web/index.ts'
import * as contract from '../../contract.ts'
import { belongsToSession } from '../../hallScreen.ts'
import { formatLeft } from '../../lecternTime.ts'
import { DeviceCheck, Meter } from '../media/DeviceCheck.tsx'
import { useChosenDevices, useLevel } from '../media/devices.ts'
import type { Gives, Wants } from '../media/room.ts'
import { Picture, Sounds } from '../media/Tracks.tsx'
import { useStageRoom } from '../media/useStageRoom.ts'
import { joinSays, lineSays, problemSays } from '../media/words.ts'
import styles from './lectern.module.css'
import { isOnAir } from './OnStage.tsx'

/** A member who was called from her own device: tried first, heard only while the moderator opens the microphone. */
export function CalledMember({ session }: { session: string }) {
  const { _ } = useWords()
  const { t } = useLingui()
  const device = useNow()
  const chosen = useChosenDevices()
  const [inside, setInside] = useState(false)
  const [camera, setCamera] = useState(true)
  const turn = useAnswer(contract.myHand, { sessionId: session } as never, { everyMs: 3_000 })
  const hand = turn.value?.hand
  const isCalled = hand?.state === 'called' || hand?.state === 'onAir'
  const show = useTopic(contract.show, { sessionId: session } as never).snapshot
  const lower = useOperation(contract.lowerMyHand, { refresh: [contract.myHand] })
  const gives = useMemo(
    (): Gives => ({
      camera: camera ? 'full' : 'off',
      microphone: true,
      screen: false,
      cameraId: chosen.camera,
      microphoneId: chosen.microphone,
    }),
    [camera, chosen.camera, chosen.microphone],
  )
  const wants = useMemo(
    (): Wants => ({
      hear: (who) => belongsToSession(show, who.partId),
      see: (who, source) => isOnAir(show, who.partId, source),
    }),
    [show],
  )
  const room = useStageRoom(inside && isCalled ? { sessionId: session, as: 'member' } : undefined, { wants, gives })
  const level = useLevel(room.own.microphone.track)
  const { own } = room
  const heard =
    room.line === 'connected' && own.microphone.published && !own.microphone.muted && hand?.state === 'onAir'
  const left = hand?.until
    ? Math.max(0, Math.round((new Date(hand.until).getTime() - device.getTime() - skewMs()) / 1000))
    : undefined
  const back = (
    <p>
      <a href={`/toi/hop/${session}`}>
        <Trans>Về trang xem trực tiếp</Trans>
      </a>
    </p>
  )
  if (turn.value && !isCalled)
    return (
      <LightPage>
        <h1>
          {hand?.state === 'done' ? (
            <Trans>Cảm ơn đồng chí đã phát biểu</Trans>
          ) : (
            <Trans>Chưa đến lượt phát biểu</Trans>
          )}
        </h1>
        {hand?.state === 'waiting' && (
          <p>
            <Trans>Đồng chí thứ {hand.place} trong hàng chờ. Đến lượt, trang này tự chuyển.</Trans>
          </p>
        )}
        {hand && hand.words !== '' && <p>{hand.words}</p>}
        {hand?.state === 'waiting' && <DeviceCheck />}
        {back}
      </LightPage>
    )
  return (
    <LightPage>
      <h1>{heard ? <Trans>Mời đồng chí phát biểu</Trans> : <Trans>Chuẩn bị phát biểu</Trans>}</h1>
      <ErrorSentence refused={turn.refused} again={turn.again} />
      {!inside ? (
        <>
          <p>
            <Trans>Thử máy trước. Hình và tiếng ở đây chưa gửi đi đâu.</Trans>
          </p>
          <DeviceCheck camera={camera} />
          <p>
            <Button onClick={() => setCamera(!camera)}>
              {camera ? <Trans>Chỉ dùng tiếng</Trans> : <Trans>Dùng cả hình</Trans>}
            </Button>
          </p>
          <Button look="go" big wide onClick={() => setInside(true)}>
            <Trans>Sẵn sàng, vào sân khấu</Trans>
          </Button>
        </>
      ) : (
        <Card className={heard ? styles.heard : undefined}>
          <div className="stack">
            <Sounds people={room.people} />
            <p role="status">
              {room.line !== 'connected' ? (
                <Status tone="wait">
                  <Trans>Sân khấu: {_(lineSays[room.line])}</Trans>
                </Status>
              ) : heard ? (
                <Status tone="ok">
                  <b>
                    <Trans>Micro đang mở, cả hội nghị đang nghe</Trans>
                  </b>
                </Status>
              ) : (
                <Status tone="wait">
                  <Trans>Hậu trường: chỉ phòng điều khiển thấy và nghe. Chờ lời mời.</Trans>
                </Status>
              )}
            </p>
            {heard && left !== undefined && (
              <p className={styles.turnLeft}>
                <Trans>
                  Còn <b className="num">{formatLeft(left)}</b>
                </Trans>
              </p>
            )}
            {(room.line === 'refused' || room.line === 'removed') && (
              <ErrorSentence refused={room.refused} words={joinSays} again={room.again} />
            )}
            {room.line === 'elsewhere' && (
              <Note tone="bad">
                <Trans>Đồng chí đang nối bằng máy khác.</Trans>{' '}
                <Button small onClick={room.again}>
                  <Trans>Dùng máy này</Trans>
                </Button>
              </Note>
            )}
            {own.camera.track && (
              <Picture own={own.camera.track} mirror label={t`Hình của tôi`} className={styles.self} />
            )}
            <Meter level={level} />
            {own.microphone.problem && <Note tone="bad">{_(problemSays[own.microphone.problem])}</Note>}
            {own.camera.problem && <Note tone="wait">{_(problemSays[own.camera.problem])}</Note>}
            {room.soundBlocked && (
              <Button onClick={room.startSound} icon={<Icon name="sound" />}>
                <Trans>Bật tiếng</Trans>
              </Button>
            )}
          </div>
        </Card>
      )}
      {hand && (
        <Button
          wide
          doing={lower.doing}
          onClick={() => void lower.run({ sessionId: session, handId: hand.handId } as never)}
        >
          {heard ? <Trans>Nói xong, rời sân khấu</Trans> : <Trans>Xin thôi phát biểu</Trans>}
        </Button>
      )}
      <ErrorSentence
        refused={lower.refused}
        words={{ unknownHand: { id: 'done', message: t`Lượt này đã kết thúc.` } }}
      />
      {back}
    </LightPage>
  )
}
