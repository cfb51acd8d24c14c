import { useLingui as useWords } from '@lingui/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useMemo, useState } from 'react'
import { useTopic } from '../../../../platform/web/live.ts'
import { Button, Dialog, ErrorSentence, Icon, Note, Status } from '../../../../platform/web/ui/light/index.ts'
import * as contract from '../../contract.ts'
import { belongsToSession } from '../../hallScreen.ts'
import { DeviceCheck, Meter } from '../media/DeviceCheck.tsx'
import { useChosenDevices, useLevel } from '../media/devices.ts'
import type { Gives, Wants } from '../media/room.ts'
import { Picture, Sounds } from '../media/Tracks.tsx'
import { useStageRoom } from '../media/useStageRoom.ts'
import { joinSays, lineSays, problemSays } from '../media/words.ts'
import type { LecternTold } from './Lectern.tsx'
import styles from './lectern.module.css'

/** The speaker's own place on the stage: tried first, then backstage, then on air; what others see and hear is always said. */
export function OnStage({ session, told }: { session: string; told: LecternTold }) {
  const { _ } = useWords()
  const { t } = useLingui()
  const chosen = useChosenDevices()
  const [checking, setChecking] = useState(false)
  const [inside, setInside] = useState(false)
  const [camera, setCamera] = useState(true)
  const [microphone, setMicrophone] = useState(true)
  const [screen, setScreen] = useState(false)
  const [loud, setLoud] = useState(true)
  const show = useTopic(contract.show, { sessionId: session } as never).snapshot
  const open = told.state === 'backstage' || told.state === 'onAir' || told.state === 'break'
  const gives = useMemo(
    (): Gives => ({
      camera: camera ? 'full' : 'off',
      microphone,
      screen,
      cameraId: chosen.camera,
      microphoneId: chosen.microphone,
    }),
    [camera, microphone, screen, chosen.camera, chosen.microphone],
  )
  const wants = useMemo(
    (): Wants => ({
      // Backstage they all talk with each other; on air the session is heard and nothing beside it.
      hear: (who) => loud && (show?.state === 'onAir' ? belongsToSession(show, who.partId) : who.kind !== 'technician'),
      see: (who, source) => isOnAir(show, who.partId, source),
    }),
    [loud, show],
  )
  const room = useStageRoom(inside ? { sessionId: session, as: 'speaker' } : undefined, { wants, gives })
  const level = useLevel(room.own.microphone.track)
  const { own } = room
  useEffect(() => {
    if (own.screen.problem !== undefined) setScreen(false)
  }, [own.screen.problem])

  if (!inside)
    return (
      <section className={styles.stage}>
        <h2>
          <Trans>Sân khấu</Trans>
        </h2>
        <p className="second">
          <Trans>Nói từ máy này thì vào sân khấu. Nói bằng micro của hội trường thì chỉ cần trang chiếu.</Trans>
        </p>
        <Button icon={<Icon name="camera" />} disabled={!open} onClick={() => setChecking(true)}>
          <Trans>Thử máy rồi vào</Trans>
        </Button>
        <Dialog
          open={checking}
          onClose={() => setChecking(false)}
          title={<Trans>Thử máy trước khi vào sân khấu</Trans>}
          actions={
            <>
              <Button onClick={() => setChecking(false)}>
                <Trans>Để sau</Trans>
              </Button>
              <Button
                look="go"
                onClick={() => {
                  setChecking(false)
                  setInside(true)
                }}
              >
                <Trans>Vào sân khấu</Trans>
              </Button>
            </>
          }
        >
          <p className="second">
            <Trans>Vào rồi đồng chí ở hậu trường: chỉ phòng điều khiển thấy và nghe.</Trans>
          </p>
          <DeviceCheck />
        </Dialog>
      </section>
    )

  const here = room.line === 'connected'
  const seen =
    here &&
    ((isOnAir(show, room.partId, 'camera') && own.camera.published) ||
      (isOnAir(show, room.partId, 'screen') && own.screen.published))
  const heard = here && own.microphone.published && !own.microphone.muted && told.state === 'onAir'
  const other = room.people.find((who) => isOnAir(show, who.partId, 'camera') && who.tracks.camera?.track)
  return (
    <section className={styles.stage} data-air={seen || heard ? '' : undefined}>
      <Sounds people={room.people} speakerId={chosen.speaker} />
      <div className={styles.over}>
        <h2>
          <Trans>Sân khấu</Trans>
        </h2>
        <span role="status">
          {room.line !== 'connected' ? (
            <Status tone={room.line === 'lost' || room.line === 'reconnecting' ? 'bad' : 'wait'}>
              {_(lineSays[room.line])}
            </Status>
          ) : seen ? (
            <Status tone="ok">
              <b>
                <Trans>Đang lên sóng</Trans>
              </b>
            </Status>
          ) : heard ? (
            <Status tone="ok">
              <b>
                <Trans>Cả hội nghị đang nghe</Trans>
              </b>
            </Status>
          ) : (
            <Status tone="still">
              <Trans>Hậu trường</Trans>
            </Status>
          )}
        </span>
      </div>
      {room.line === 'elsewhere' && (
        <Note tone="bad">
          <p>
            <Trans>Đồng chí đang nối bằng máy khác.</Trans>
          </p>
          <Button onClick={room.again}>
            <Trans>Dùng máy này</Trans>
          </Button>
        </Note>
      )}
      {(room.line === 'waiting' || room.line === 'removed' || room.line === 'refused' || room.line === 'ended') && (
        <ErrorSentence refused={room.refused} words={joinSays} again={room.again} />
      )}
      <div className={styles.pictures}>
        {own.camera.track && <Picture own={own.camera.track} mirror label={t`Hình của tôi`} className={styles.self} />}
        {other?.tracks.camera?.track && (
          <Picture track={other.tracks.camera.track} label={t`Hình của ${other.name}`} className={styles.self} />
        )}
      </div>
      <Meter level={microphone ? level : undefined} />
      {own.microphone.muted && (
        <p className="second">
          <Trans>Người điều hành đang đóng micro này.</Trans>
        </p>
      )}
      {(
        [
          ['microphone', t`Micro`],
          ['camera', t`Camera`],
          ['screen', t`Màn hình`],
        ] as const
      ).map(
        ([source, name]) =>
          own[source].problem && (
            <Note key={source} tone={source === 'microphone' ? 'bad' : 'wait'}>
              <b>{name}:</b>{' '}
              {source === 'screen' && own.screen.problem === 'stopped'
                ? t`đã thôi chia sẻ.`
                : _(problemSays[own[source].problem!])}
            </Note>
          ),
      )}
      <div className={styles.switches}>
        <Button aria-pressed={microphone} icon={<Icon name="microphone" />} onClick={() => setMicrophone(!microphone)}>
          {microphone ? <Trans>Tắt micro</Trans> : <Trans>Bật micro</Trans>}
        </Button>
        <Button aria-pressed={camera} icon={<Icon name="camera" />} onClick={() => setCamera(!camera)}>
          {camera ? <Trans>Tắt camera</Trans> : <Trans>Bật camera</Trans>}
        </Button>
        <Button aria-pressed={screen} icon={<Icon name="screen" />} onClick={() => setScreen(!screen)}>
          {screen ? <Trans>Thôi chia sẻ</Trans> : <Trans>Chia sẻ màn hình</Trans>}
        </Button>
        <Button
          aria-pressed={loud}
          icon={<Icon name="sound" />}
          onClick={() => {
            room.startSound()
            setLoud(!loud)
          }}
        >
          {loud ? <Trans>Tắt loa</Trans> : <Trans>Bật loa</Trans>}
        </Button>
      </div>
      <p>
        <Button look="bare" small onClick={() => setInside(false)}>
          <Trans>Rời sân khấu</Trans>
        </Button>
      </p>
    </section>
  )
}

export const isOnAir = (
  show: contract.Show | undefined,
  partId: string | undefined,
  source: 'camera' | 'screen',
): boolean => {
  const on = show?.shown?.source
  return (
    show?.state === 'onAir' &&
    partId !== undefined &&
    on?.kind === 'part' &&
    on.partId === partId &&
    (source === 'screen') === on.screen
  )
}
