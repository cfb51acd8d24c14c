import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, Suspense, useState } from 'react'
import { useNow } from '../../../../platform/web/live.ts'
import type { Wall } from '../../wall.ts'
import type { RoomPerson } from '../media/room.ts'
import { Picture } from '../media/Tracks.tsx'
import type { PlayerState, Programme as ProgrammePlayer } from '../programme.ts'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'
import { Key } from './Key.tsx'
import { placeName } from './names.ts'
import type { Director, Source, Undo } from './useDirector.ts'
import { useKeptChoice } from './useKeptChoice.ts'
import type { Preview } from './usePreview.ts'
import type { Primary } from './usePrimary.ts'
import type { Reception } from './useReception.ts'
import type { Talk } from './useTalkBack.ts'

/** How the programme to everybody fares, and the way to start its encoder anew; told by the application. */
export type ProgrammeNews = {
  state: 'off' | 'starting' | 'running' | 'waiting' | 'ended' | 'failed'
  because: string
  behindSeconds: number
  restart: (() => void) | undefined
}

export function Monitors({
  director: { sessionId, pick, undo, undoTake },
  wall,
  preview: { name: pickName, detail: pickDetail, waitsUntil },
  reception: { people, listening, listen },
  breakUntil,
  primary,
  talk,
  onSources,
  onParts,
  Programme,
  programme,
}: {
  director: Director
  wall: Wall
  preview: Preview
  reception: Reception
  breakUntil: string | undefined
  primary: Primary | undefined
  talk: Talk
  onSources: () => void
  onParts: () => void
  Programme: ProgrammePlayer | undefined
  programme: ProgrammeNews | undefined
}) {
  const { t } = useLingui()
  const [viewers, setViewers] = useKeptChoice('asViewers')
  const [player, setPlayer] = useState<PlayerState>('waiting')
  const onAir = wall.state === 'onAir' || wall.state === 'break'
  const microphones = wall.parts.filter((part) => part.microphone).length
  const took = clock(wall.tookAt)
  const shown = wall.shown
  const seen = onAir && viewers && Programme !== undefined
  const playing = player === 'playing' || player === 'soundOnly' || player === 'stalled'
  const behind = Math.round(programme?.behindSeconds ?? 0)
  const back = clock(breakUntil)
  return (
    <>
      <div className={look.monitors}>
        <figure>
          <figcaption>
            <span className={look.state} data-tone={onAir ? 'on' : 'off'}>
              {wall.state === 'break' ? (
                <Trans>Đang nghỉ</Trans>
              ) : wall.state === 'ended' ? (
                <Trans>Đã kết thúc</Trans>
              ) : onAir ? (
                <Trans>Đang phát</Trans>
              ) : (
                <Trans>Chưa phát</Trans>
              )}
            </span>
            <span>
              {programme?.state === 'failed' ? (
                <span className={look.lost}>
                  <Trans>mất chương trình</Trans>
                </span>
              ) : programme?.because === 'sourceFrozen' && wall.state === 'onAir' ? (
                <span className={look.lost} role="status">
                  <Trans>hình đứng yên</Trans>
                </span>
              ) : took && onAir ? (
                <Trans>từ {took}</Trans>
              ) : (
                ''
              )}
            </span>
          </figcaption>
          <div className={look.screen} data-air={onAir ? '' : undefined}>
            {wall.state === 'closed' ? (
              <Trans>Sân khấu chưa mở</Trans>
            ) : wall.state === 'backstage' ? (
              <Trans>Hậu trường. Người xem thấy trang chờ</Trans>
            ) : wall.state === 'ended' ? (
              <Trans>Buổi họp đã kết thúc</Trans>
            ) : wall.state === 'break' ? (
              <span className={look.slate}>{back ? <Trans>Nghỉ đến {back}</Trans> : <Trans>Đang nghỉ</Trans>}</span>
            ) : (
              !(seen && playing) && (
                <SourcePicture source={shown?.source} wall={wall} people={people} name={shown?.name} />
              )
            )}
            {seen && (
              <div data-programme="" style={playing && wall.state === 'onAir' ? undefined : { visibility: 'hidden' }}>
                <Suspense fallback={null}>
                  <Programme
                    sessionId={sessionId}
                    muted={listening !== 'programme'}
                    onState={setPlayer}
                    onDate={ignore}
                  />
                </Suspense>
              </div>
            )}
            {wall.state === 'onAir' && Programme && (
              <span className={look.chips}>
                <button
                  type="button"
                  aria-pressed={viewers}
                  title={viewers ? t`Hình người xem đang thấy` : t`Hình lúc này, chưa qua phát sóng`}
                  onClick={() => setViewers(!viewers)}
                >
                  {viewers ? (
                    behind > 0 ? (
                      <Trans>chậm {behind} giây</Trans>
                    ) : (
                      <Trans>như người xem</Trans>
                    )
                  ) : (
                    <Trans>tức thời</Trans>
                  )}
                </button>
                <ListenButton on={listening === 'programme'} of={t`chương trình`} onPress={() => listen('programme')} />
              </span>
            )}
            {undo && <UndoBar undo={undo} onUndo={() => void undoTake()} />}
          </div>
          <p className={look.caption}>
            <span title={shown?.name}>
              {onAir ? (
                <>
                  <b>{shown ? placeName(shown.name) || t`Bảng chờ` : t`Chưa có hình`}</b>
                  {shown?.detail ? `, ${shown.detail}` : ''}
                </>
              ) : null}
            </span>
            <button type="button" className={look.bare} onClick={onParts}>
              {microphones === 0 ? <Trans>không micrô mở</Trans> : <Trans>{microphones} micrô mở</Trans>}
            </button>
          </p>
        </figure>
        <figure>
          <figcaption>
            <span className={look.state} data-tone="off">
              <Trans>Xem trước</Trans>
            </span>
            <span>{waitsUntil && <Trans>chờ {waitsUntil}</Trans>}</span>
          </figcaption>
          <div className={look.screen}>
            {pick?.source ? (
              <SourcePicture source={pick.source} wall={wall} people={people} name={pickName} />
            ) : pick ? (
              <Trans>Chưa vào sân khấu</Trans>
            ) : (
              <Trans>Chọn một điểm cầu hoặc nguồn khác</Trans>
            )}
            <span className={look.chips}>
              <button type="button" onClick={onSources} aria-keyshortcuts="S">
                <Trans>nguồn khác</Trans> <Key>S</Key>
              </button>
              {pick?.source?.kind === 'part' && (
                <ListenButton on={listening === 'preview'} of={t`xem trước`} onPress={() => listen('preview')} />
              )}
            </span>
          </div>
          <p className={look.caption}>
            <span title={pickName}>
              <b>{pickName}</b>
              {pickDetail && `, ${pickDetail}`}
            </span>
          </p>
        </figure>
      </div>
      <div className={look.acts}>
        <button
          type="button"
          className={look.act}
          data-talking={talk.talking ? '' : undefined}
          aria-disabled={talk.why !== '' || undefined}
          aria-pressed={talk.talking}
          title={talk.why || undefined}
          onPointerDown={(event) => {
            if (talk.why === '' && event.button === 0) {
              event.currentTarget.setPointerCapture(event.pointerId)
              talk.hold(true)
            }
          }}
          onPointerUp={() => talk.hold(false)}
          onPointerCancel={() => talk.hold(false)}
          onKeyDown={(event) => {
            if ((event.key === ' ' || event.key === 'Enter') && !event.repeat && talk.why === '') {
              event.preventDefault()
              talk.hold(true)
            }
          }}
          onKeyUp={(event) => {
            if (event.key === ' ' || event.key === 'Enter') talk.hold(false)
          }}
          onBlur={() => talk.hold(false)}
          onContextMenu={(event) => event.preventDefault()}
        >
          <span>{talk.words}</span>
          {!talk.talking && <Key>{t`Giữ Space`}</Key>}
        </button>
        {primary ? (
          <button
            type="button"
            className={look.act}
            data-go=""
            aria-disabled={primary.why !== '' || primary.doing || undefined}
            aria-busy={primary.doing || undefined}
            aria-describedby={primary.why ? 'why-not' : undefined}
            aria-keyshortcuts="Enter"
            onClick={() => primary.why === '' && !primary.doing && primary.run()}
          >
            <span>{primary.words}</span>
            <Key>Enter</Key>
          </button>
        ) : (
          <span className={look.quiet}>
            <Trans>Không còn việc ở đây</Trans>
          </span>
        )}
        {primary?.why && (
          <p className={primary.plain ? 'sr' : look.why} id="why-not">
            {primary.why}
          </p>
        )}
      </div>
    </>
  )
}
const ignore = () => {}

const ListenButton = ({ on, of, onPress }: { on: boolean; of: string; onPress: () => void }) => {
  const { t } = useLingui()
  return (
    <button type="button" aria-pressed={on} aria-label={on ? t`Đang nghe ${of}` : t`Nghe ${of}`} onClick={onPress}>
      {on ? <Trans>đang nghe</Trans> : <Trans>nghe</Trans>}
    </button>
  )
}

function UndoBar({ undo, onUndo }: { undo: Undo; onUndo: () => void }) {
  const now = useNow(250)
  const seconds = Math.max(1, Math.ceil((undo.untilMs - now.getTime()) / 1_000))
  return (
    <span className={look.screenBar}>
      <button type="button" onClick={onUndo} aria-keyshortcuts="Backspace">
        <Trans>Hoàn lại ({seconds})</Trans> <Key>⌫</Key>
      </button>
    </span>
  )
}

/** A source as it is at this moment: somebody's picture, her screen, the slide, the words of a slate. */
export function SourcePicture({
  source,
  wall,
  people,
  name,
}: {
  source: Source | undefined
  wall: Wall
  people: readonly RoomPerson[]
  name: string | undefined
}): ReactNode {
  const { t } = useLingui()
  if (source === undefined) return <Trans>Chưa có hình</Trans>
  if (source.kind === 'slate') return <span className={look.slate}>{source.words || t`Bảng chờ`}</span>
  if (source.kind === 'file') return <Trans>Tệp: {name}</Trans>
  if (source.kind === 'slides') {
    const slide = wall.slide
    if (!slide) return <Trans>Chưa mở trang chiếu</Trans>
    return <img src={`${slide.prefix}${slide.page}-640.webp`} alt={t`Trang chiếu ${slide.page} trên ${slide.pages}`} />
  }
  const part = wall.parts.find((one) => one.partId === source.partId)
  const person = people.find((one) => one.partId === source.partId)
  const picture = source.screen ? person?.tracks.screen : person?.tracks.camera
  if (picture?.track && !picture.muted) return <Picture track={picture.track} label={name ?? ''} />
  const site = wall.sites.find((one) => one.partId === source.partId)
  if (part?.kind === 'telephone') return <Trans>Qua điện thoại</Trans>
  if (site?.word === 'lost') return <Trans>Mất tín hiệu từ {clock(site.since)}</Trans>
  if (!part?.connected) return <Trans>Chưa nối vào sân khấu</Trans>
  if (source.screen) return <Trans>Chưa chia sẻ màn hình</Trans>
  if (person?.tracks.microphone && !person.tracks.microphone.muted) return <Trans>Có tiếng, chưa có hình</Trans>
  return <Trans>Đã nối, chưa bật camera</Trans>
}
