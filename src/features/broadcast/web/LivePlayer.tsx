import { Trans, useLingui } from '@lingui/react/macro'
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { Button } from '../../../platform/web/ui/light/index.ts'
import { drawArtwork, lendButtons, type OnLockScreen, tellLockScreen } from './lockScreen.ts'
import styles from './player.module.css'
import { usePlayback, type View } from './usePlayback.ts'

/** The device asks to save data, or its line is one of the thinnest kind: sound and slides are what it is offered first. */
export const savesData = (): boolean => {
  const line = (navigator as { connection?: { saveData?: boolean; effectiveType?: string } }).connection
  return line?.saveData === true || /2g/.test(line?.effectiveType ?? '')
}

/**
 * The programme on a member's own device. Nothing of the player is fetched before somebody presses play. `soundOnly` with `byHand` is what
 * she chose; otherwise the line decides, and the screen says so.
 */
export function LivePlayer({
  sessionId,
  nudge,
  soundOnly,
  byHand,
  asked,
  now,
  onSoundOnly,
  onView,
  onDate,
}: {
  sessionId: string
  nudge: unknown
  soundOnly: boolean
  byHand: boolean
  asked: number
  now: OnLockScreen
  onSoundOnly: (soundOnly: boolean) => void
  onView: (view: View | undefined) => void
  onDate: (date: Date | undefined) => void
}) {
  const { t } = useLingui()
  const media = useRef<HTMLVideoElement>(null)
  const box = useRef<HTMLElement>(null)
  const [wanted, setWanted] = useState(false)
  const [muted, setMuted] = useState(false)
  const { view, playback } = usePlayback({
    media,
    sessionId,
    wanted,
    soundOnly,
    byHand,
    asked,
    thrifty: savesData(),
    nudge,
    onDate,
  })
  const told = useRef(onView)
  told.current = onView
  useEffect(() => told.current(wanted ? view : undefined), [wanted, view])

  function begin() {
    // The press itself unlocks the element: by the time the player has come, a phone no longer remembers it.
    media.current?.load()
    setWanted(true)
  }
  useLockScreen(playback, now)

  const playing = view.state === 'playing' || view.state === 'soundOnly'
  const onKey = (event: KeyboardEvent) => {
    if (!playback || event.altKey || event.ctrlKey || event.metaKey) return
    const onButton = (event.target as HTMLElement).closest('button, a, input, textarea, select') !== null
    if (event.key === ' ' && !onButton) {
      if (view.paused) playback.play()
      else playback.pause()
    } else if (event.key === 'ArrowLeft') playback.seekBy(-10)
    else if (event.key === 'ArrowRight') playback.seekBy(10)
    else return
    event.preventDefault()
  }
  const steppedDown = wanted && view.soundOnly && !view.byHand
  const behind = view.behind
  return (
    <section
      ref={box}
      className={styles.player}
      aria-label={t`Hình và tiếng của hội nghị`}
      onKeyDown={onKey}
      data-sound={soundOnly && byHand ? '' : undefined}
    >
      <div className={styles.frame} data-blank={!wanted || view.soundOnly ? '' : undefined}>
        {/* biome-ignore lint/a11y/useMediaCaption: a live session has no captions yet; its words are on the slides */}
        <video ref={media} playsInline preload="none" tabIndex={wanted ? 0 : -1} aria-label={t`Hình của hội nghị`} />
        <div className={styles.over}>
          {!wanted ? (
            <Button look="go" big className={styles.begin} onClick={begin} icon={<Sign name="play" />}>
              {soundOnly ? <Trans>Nghe trực tiếp</Trans> : <Trans>Xem trực tiếp</Trans>}
            </Button>
          ) : (
            <div role="status">
              {view.state === 'waiting' ? (
                <Trans>Đang chờ hội trường chính phát. Có hình là tự hiện, đồng chí không phải tải lại.</Trans>
              ) : view.state === 'failed' ? (
                <Trans>Máy chủ không cho xem lúc này. Máy tự hỏi lại.</Trans>
              ) : view.state === 'ended' ? (
                <Trans>Chương trình đã hết.</Trans>
              ) : view.state === 'stalled' ? (
                <Trans>Đang nối lại</Trans>
              ) : steppedDown ? (
                <Trans>Mạng yếu, máy tạm chuyển sang tiếng và trang chiếu. Mạng khá lên, hình tự trở lại.</Trans>
              ) : view.soundOnly ? (
                <Trans>Đang nghe tiếng</Trans>
              ) : null}
            </div>
          )}
          {steppedDown && playing && (
            <Button small onClick={() => onSoundOnly(false)}>
              <Trans>Xem lại hình ngay</Trans>
            </Button>
          )}
          {view.silenced && (
            <Button onClick={() => playback?.unsilence()}>
              <Trans>Bật tiếng</Trans>
            </Button>
          )}
        </div>
      </div>
      <div className={styles.caption}>
        <b>{now.title}</b>
        {now.speaker && <span> · {now.speaker}</span>}
      </div>
      {wanted && playback && (
        <div className={styles.controls} role="toolbar" aria-label={t`Điều khiển`}>
          {view.paused ? (
            <Control name="play" label={t`Phát tiếp`} onPress={playback.play} />
          ) : (
            <Control name="pause" label={t`Tạm dừng`} onPress={playback.pause} />
          )}
          <Control
            name={muted ? 'silent' : 'sound'}
            label={muted ? t`Bật tiếng` : t`Tắt tiếng`}
            onPress={() => {
              if (media.current) media.current.muted = !muted
              setMuted(!muted)
            }}
          />
          <Control name="back" label={t`Lùi 10 giây`} onPress={() => playback.seekBy(-10)} />
          {behind >= 8 && (
            <Button small onClick={playback.toLive}>
              <Trans>Về trực tiếp</Trans>
            </Button>
          )}
          <span className={styles.space} />
          {document.pictureInPictureEnabled && !view.soundOnly && (
            <Control name="small" label={t`Thu nhỏ ra góc màn hình`} onPress={() => void inCorner(media.current)} />
          )}
          {!view.soundOnly && (
            <Control name="full" label={t`Toàn màn hình`} onPress={() => void fill(box.current, media.current)} />
          )}
        </div>
      )}
    </section>
  )
}

/** Buttons and words on the lock screen, as long as it plays; the sound goes on there by itself. */
function useLockScreen(playback: ReturnType<typeof usePlayback>['playback'], now: OnLockScreen) {
  const { title, speaker, conference } = now
  const [artwork, setArtwork] = useState<string>()
  useEffect(() => {
    if (!playback) return
    void drawArtwork().then(setArtwork)
    return lendButtons({ ...playback, stop: playback.pause })
  }, [playback])
  useEffect(() => {
    if (playback) tellLockScreen({ title, speaker, conference }, artwork)
  }, [playback, title, speaker, conference, artwork])
}

async function inCorner(video: HTMLVideoElement | null) {
  if (document.pictureInPictureElement) return document.exitPictureInPicture()
  await video?.requestPictureInPicture().catch(() => {})
}
async function fill(box: HTMLElement | null, video: HTMLVideoElement | null) {
  if (document.fullscreenElement) return document.exitFullscreen()
  if (box?.requestFullscreen)
    return box.requestFullscreen().catch(() => {})
    // An iPhone fills the screen with the picture only.
  ;(video as { webkitEnterFullscreen?: () => void } | null)?.webkitEnterFullscreen?.()
}

const signs = {
  play: 'M8 5l11 7-11 7z',
  pause: 'M8 5v14M16 5v14',
  sound: 'M4 9.5h3.5L12 6v12l-4.5-3.5H4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  silent: 'M4 9.5h3.5L12 6v12l-4.5-3.5H4zM16 9.5l5 5M21 9.5l-5 5',
  back: 'M4.5 5v5h5M5 10a7.5 7.5 0 1 1-.5 4',
  small: 'M4 6h16v12H4zM12.5 12h5v4h-5z',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
} as const
const Sign = ({ name }: { name: keyof typeof signs }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={signs[name]} />
  </svg>
)
function Control({
  name,
  label,
  onPress,
}: {
  name: keyof typeof signs
  label: string
  onPress: () => void
}): ReactNode {
  const press = useCallback(() => onPress(), [onPress])
  return (
    <button type="button" className={styles.control} aria-label={label} title={label} onClick={press}>
      <Sign name={name} />
    </button>
  )
}
