import { useLingui } from '@lingui/react'
import { Trans, useLingui as useMacro } from '@lingui/react/macro'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Button, Icon, Note, SelectField, Status } from '../../../../platform/web/ui/light/index.ts'
import styles from './device.module.css'
import { chooseDevice, type DeviceProblem, problemOf, useChosenDevices, useDevices, useLevel } from './devices.ts'
import { Picture } from './Tracks.tsx'
import { problemSays } from './words.ts'

type Opened = { camera?: MediaStreamTrack; microphone?: MediaStreamTrack }
const heardAbove = 0.12

/**
 * Camera, microphone and loudspeaker tried before anybody is heard: a picture, a level that moves, a tone. Nothing leaves the device.
 * The devices chosen are kept, and taken by whoever joins the stage from here. `camera: false` for sound alone.
 */
export function DeviceCheck({
  camera: withCamera = true,
  onReady,
}: {
  camera?: boolean
  onReady?: (ready: boolean) => void
}) {
  const { _ } = useLingui()
  const { t } = useMacro()
  const chosen = useChosenDevices()
  const [opened, setOpened] = useState<Opened>({})
  const [problems, setProblems] = useState<{ camera?: DeviceProblem; microphone?: DeviceProblem }>({})
  const [heard, setHeard] = useState(false)
  const [tried, setTried] = useState(0)
  const devices = useDevices(opened)
  const level = useLevel(opened.microphone)
  useEffect(() => {
    if ((level ?? 0) > heardAbove) setHeard(true)
  }, [level])

  // biome-ignore lint/correctness/useExhaustiveDependencies: opened anew when another device is chosen or it is tried again
  useEffect(() => {
    let over = false
    const mine: MediaStreamTrack[] = []
    const open = async (kind: 'camera' | 'microphone') => {
      try {
        if (!navigator.mediaDevices) throw new DOMException('', 'NotAllowedError')
        const id = chosen[kind]
        const wanted = { ...(id ? { deviceId: { ideal: id } } : {}) }
        const stream = await navigator.mediaDevices.getUserMedia(
          kind === 'camera'
            ? { video: { ...wanted, width: { ideal: 1280 }, height: { ideal: 720 } } }
            : { audio: { ...wanted, echoCancellation: true, noiseSuppression: true } },
        )
        const track = stream.getTracks()[0]!
        if (over) return track.stop()
        mine.push(track)
        track.addEventListener('ended', () => setProblems((before) => ({ ...before, [kind]: 'stopped' })))
        setOpened((before) => ({ ...before, [kind]: track }))
      } catch (error) {
        if (!over) setProblems((before) => ({ ...before, [kind]: problemOf(error) }))
      }
    }
    setProblems({})
    setOpened({})
    setHeard(false)
    void (async () => {
      // One after the other: some phones ask for only one permission at a time.
      await open('microphone')
      if (withCamera && !over) await open('camera')
    })()
    return () => {
      over = true
      for (const track of mine) track.stop()
    }
  }, [chosen.camera, chosen.microphone, withCamera, tried])

  const ready = opened.microphone !== undefined && !problems.microphone
  useEffect(() => onReady?.(ready), [ready, onReady])
  const options = (list: MediaDeviceInfo[], other: string) =>
    list.map((one, at) => ({ value: one.deviceId, label: one.label || `${other} ${at + 1}` }))
  return (
    <div className={styles.check}>
      {withCamera && (
        <div className={styles.picture}>
          {opened.camera ? (
            <Picture own={opened.camera} mirror label={t`Hình của máy này`} />
          ) : (
            <p>{problems.camera ? <Trans>Chưa có hình</Trans> : <Trans>Đang mở camera…</Trans>}</p>
          )}
        </div>
      )}
      <div className="stack" data-gap="s">
        <Meter level={level} />
        <p role="status">
          {problems.microphone ? (
            <Status tone="bad">
              <Trans>Micro chưa mở được</Trans>
            </Status>
          ) : heard ? (
            <Status tone="ok">
              <Trans>Nghe rõ micro</Trans>
            </Status>
          ) : opened.microphone ? (
            <Status tone="wait">
              <Trans>Đồng chí nói thử một câu, vạch phải chạy</Trans>
            </Status>
          ) : (
            <Status tone="off">
              <Trans>Đang mở micro…</Trans>
            </Status>
          )}
        </p>
        {problems.microphone && (
          <Note tone="bad">
            <b>
              <Trans>Micro:</Trans>
            </b>{' '}
            {_(problemSays[problems.microphone])}
          </Note>
        )}
        {problems.camera && (
          <Note tone="wait">
            <b>
              <Trans>Camera:</Trans>
            </b>{' '}
            {_(problemSays[problems.camera])}
          </Note>
        )}
        {devices.microphones.length > 1 && (
          <SelectField
            label={t`Micro`}
            options={options(devices.microphones, t`Micro`)}
            value={opened.microphone?.getSettings().deviceId ?? chosen.microphone ?? ''}
            onChange={(event) => chooseDevice({ microphone: event.target.value })}
          />
        )}
        {withCamera && devices.cameras.length > 1 && (
          <SelectField
            label={t`Camera`}
            options={options(devices.cameras, t`Camera`)}
            value={opened.camera?.getSettings().deviceId ?? chosen.camera ?? ''}
            onChange={(event) => chooseDevice({ camera: event.target.value })}
          />
        )}
        <div className="row">
          <ToneButton />
          {(problems.microphone || problems.camera) && (
            <Button icon={<Icon name="again" />} onClick={() => setTried((count) => count + 1)}>
              <Trans>Thử lại</Trans>
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

/** How loud it is now; words beside it say whether that is enough. */
export function Meter({ level }: { level: number | undefined }) {
  const { t } = useMacro()
  const share = Math.round((level ?? 0) * 100)
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> each in their own colours
    <div
      className={styles.meter}
      role="meter"
      aria-label={t`Mức tiếng của micro`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
    >
      <i style={{ width: `${share}%` }} />
    </div>
  )
}

/** Two short notes, so that somebody can say whether the loudspeaker is on. */
function ToneButton() {
  const playing = useRef<AudioContext>(undefined)
  const play = useCallback(() => {
    void playing.current?.close().catch(() => {})
    const audio = new AudioContext()
    playing.current = audio
    for (const [at, pitch] of [
      [0, 523],
      [0.35, 659],
    ] as const) {
      const tone = audio.createOscillator()
      const loud = audio.createGain()
      tone.frequency.value = pitch
      loud.gain.setValueAtTime(0.0001, audio.currentTime + at)
      loud.gain.exponentialRampToValueAtTime(0.25, audio.currentTime + at + 0.03)
      loud.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.32)
      tone.connect(loud).connect(audio.destination)
      tone.start(audio.currentTime + at)
      tone.stop(audio.currentTime + at + 0.34)
    }
  }, [])
  useEffect(() => () => void playing.current?.close().catch(() => {}), [])
  return (
    <Button icon={<Icon name="sound" />} onClick={play}>
      <Trans>Thử loa</Trans>
    </Button>
  )
}
