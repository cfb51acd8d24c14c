import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import { formatClock } from '../../../../kernel/time.ts'
import { useHallCode } from '../../../attendance/web/index.ts'
import { leftUntil, minutesLost, sceneOf } from '../../hallScreen.ts'
import { Picture, Sounds } from '../media/Tracks.tsx'
import type { Programme as ProgrammePart } from '../programme.ts'
import styles from './hall.module.css'
import { fillScreen, useAwake, usePointerMoved } from './kiosk.ts'
import { useHallScreen } from './useHallScreen.ts'

/** The big screen of one hall, read from twenty metres away. `Programme` is the player, lent by the app. */
export function HallScreen({
  conference,
  site,
  Programme,
}: {
  conference: string
  site: string
  Programme?: ProgrammePart | undefined
}) {
  const { t } = useLingui()
  const it = useHallScreen(conference, site)
  const moved = usePointerMoved()
  const [anew, setAnew] = useState(0)
  useAwake()
  useEffect(() => {
    // Paper, whatever the machine prefers: a cheap projector in a lit hall cannot show black.
    document.documentElement.setAttribute('data-theme', 'light')
    document.body.classList.add(styles.body!)
    return () => document.body.classList.remove(styles.body!)
  }, [])
  const { again, startSound } = it.room
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      startSound()
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'f' || event.key === 'F') fillScreen()
      if (event.key === 'r' || event.key === 'R') {
        again()
        setAnew((count) => count + 1)
      }
    }
    addEventListener('keydown', press)
    addEventListener('pointerdown', startSound)
    return () => {
      removeEventListener('keydown', press)
      removeEventListener('pointerdown', startSound)
    }
  }, [again, startSound])

  const { hall, show, now } = it
  const scene = sceneOf(hall, show, it.lostSince, now)
  const soundsHere = <Sounds people={it.room.people} />
  const player =
    Programme && it.byProgramme && it.sessionId ? (
      <Programme
        key={`${it.sessionId} ${anew}`}
        sessionId={it.sessionId}
        audioOnly={it.mode === 'audio'}
        onState={it.setPlayer}
        onDate={it.setPlaying}
      />
    ) : undefined
  const frame = {
    className: styles.hall,
    'data-scene': scene.kind,
    'data-on-air': it.onAir ? '' : undefined,
    'data-pointer': moved ? '' : undefined,
  }
  if (!hall || scene.kind === 'opening')
    return (
      <main {...frame}>
        <div className={styles.words}>
          <h1>
            {it.refused === 'signIn' ? (
              <Trans>Máy này chưa đăng nhập</Trans>
            ) : it.refused === 'notYours' ? (
              <Trans>Tài khoản này chưa được giao điểm cầu ở đây</Trans>
            ) : it.refused === 'notFound' || it.none ? (
              <Trans>Hội trường này chưa có buổi nào ở hội nghị đang mở</Trans>
            ) : (
              <Trans>Màn hình hội trường đang mở…</Trans>
            )}
          </h1>
          <p>
            {it.refused === 'signIn' ? (
              <a href={`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`}>
                <Trans>Đăng nhập</Trans>
              </a>
            ) : (
              it.channel === 'lost' && <Trans>Chưa nối được máy chủ. Màn hình tự thử lại, không cần bấm gì.</Trans>
            )}
          </p>
        </div>
      </main>
    )

  const clock = formatClock(now)
  const summoned = formatCount(hall.site.summoned)
  const present = formatCount(hall.headcount ?? hall.present)
  const foot = (
    <footer className={styles.foot}>
      {scene.kind === 'before' || scene.kind === 'soon' ? (
        <span>
          <Trans>
            <b className="num">{present}</b> đã điểm danh / <b className="num">{summoned}</b> được triệu tập
          </Trans>
        </span>
      ) : (
        <>
          <b className={styles.name}>{hall.site.name}</b>
          {scene.kind === 'lost' ? (
            <span className="second">
              <Trans>Trung tâm đã biết, đang xử lý</Trans>
            </span>
          ) : (
            <span className="second">
              <Trans>
                <b className="num">{present}</b> có mặt / <b className="num">{summoned}</b> triệu tập
              </Trans>
            </span>
          )}
        </>
      )}
      <span className={styles.side}>
        {it.room.soundBlocked && it.state === 'onAir' ? (
          <b className={styles.gold}>
            <Trans>Chưa bật tiếng: bấm một phím bất kỳ</Trans>
          </b>
        ) : moved ? (
          <span className="second">
            <Trans>F: toàn màn hình · R: nối lại</Trans>
          </span>
        ) : (
          <Receives it={it} quiet={scene.kind !== 'during' && scene.kind !== 'questions'} />
        )}
        <b className="num">{clock}</b>
      </span>
    </footer>
  )
  const lookers = hall.lookers.join(', ')
  const band = (
    <div className={styles.bands} role="status">
      {it.onAir && (
        <p className={styles.air}>
          <b>
            <Trans>Hội trường đang lên sóng</Trans>
          </b>
          {hall.microphone && hall.microphoneUntil && <Left until={new Date(hall.microphoneUntil)} now={now} />}
        </p>
      )}
      {it.back && scene.kind !== 'lost' && <Back {...it.back} />}
      {hall.message !== '' && scene.kind !== 'lost' && <p className={styles.message}>{hall.message}</p>}
      {hall.picture && (
        <p className={styles.looked}>
          {lookers === '' ? (
            <Trans>Đang gửi hình hội trường về trung tâm</Trans>
          ) : (
            <Trans>Đang gửi hình hội trường về trung tâm. Đang xem: {lookers}</Trans>
          )}
        </p>
      )}
    </div>
  )

  if (scene.kind === 'before' || scene.kind === 'soon')
    return (
      <main {...frame}>
        {soundsHere}
        <div className={styles.welcome}>
          <p className={styles.conference}>{hall.conference.name}</p>
          <h1>{hall.site.name}</h1>
          <p className={styles.conference}>{hall.site.unit}</p>
          {band}
          <div className={styles.count}>
            {scene.kind === 'soon' ? (
              <>
                <p>
                  <Trans>Khai mạc theo giấy mời lúc {formatClock(new Date(hall.conference.startsAt))}</Trans>
                </p>
                <p className={styles.soon}>
                  <Trans>Sắp bắt đầu. Mời các đồng chí ổn định chỗ ngồi.</Trans>
                </p>
              </>
            ) : (
              <>
                <p>
                  <Trans>Khai mạc lúc {formatClock(scene.startsAt)}, còn</Trans>
                </p>
                <BigLeft until={scene.startsAt} now={now} />
              </>
            )}
          </div>
        </div>
        <HallCode conferenceId={conference} siteId={site} />
        {foot}
      </main>
    )

  if (scene.kind === 'ended')
    return (
      <main {...frame}>
        <div className={styles.words}>
          <p className={styles.conference}>{hall.conference.name}</p>
          <h1>
            <Trans>Buổi học đã kết thúc</Trans>
          </h1>
          <p>
            <Trans>Cảm ơn các đồng chí. Việc tiếp theo và hạn nộp có ở trang của từng đồng chí, chi bộ sẽ nhắc.</Trans>
          </p>
          {hall.interruptions.length > 0 && (
            <p className="second">
              <Trans>Phần bị mất tín hiệu được phát lại. Không ai bị tính vắng.</Trans>
            </p>
          )}
        </div>
        {foot}
      </main>
    )

  const of = it.slide ? it.slide.pages : 0
  const page = it.picture?.page ?? it.slide?.page ?? 0
  const slide = it.picture ? (
    <img className={styles.slide} src={it.picture.url} alt={t`Trang chiếu ${page} trên ${of}`} />
  ) : undefined

  if (scene.kind === 'lost') {
    const since = formatClock(scene.since)
    const minutes = minutesLost(scene.since, now)
    return (
      <main {...frame}>
        <div className={styles.hidden}>
          {soundsHere}
          {player}
        </div>
        <div className={styles.lostBand} role="status">
          <i />
          <h1>
            <Trans>Đang kết nối lại từ {since}</Trans>
          </h1>
          <span>
            <Plural value={minutes} other="đã # phút" />
          </span>
        </div>
        <div className={styles.stage}>
          {slide ?? <Empty topic={show?.topic?.title ?? hall.conference.name} />}
          {slide && (
            <p className={styles.kept}>
              <Trans>
                Trang chiếu cuối được giữ: trang {page}/{of}
              </Trans>
            </p>
          )}
        </div>
        <div className={styles.next}>
          <h2>
            <Trans>Mời các đồng chí ngồi tại chỗ</Trans>
          </h2>
          <p>
            <Trans>Nếu chưa có lại hình:</Trans>
          </p>
          <ol>
            <li>
              <b className="num">{formatClock(scene.soundAt)}</b>
              <span>
                <Trans>nghe tiếng, xem trang chiếu</Trans>
              </span>
            </li>
            <li>
              <b className="num">{formatClock(scene.televisionAt)}</b>
              <span>
                <Trans>mở truyền hình của tỉnh</Trans>
              </span>
            </li>
          </ol>
          <p className={styles.promise}>
            <Trans>Phần bị mất sẽ được phát lại. Không ai bị tính vắng.</Trans>
          </p>
        </div>
        {foot}
      </main>
    )
  }

  if (scene.kind === 'break')
    return (
      <main {...frame}>
        {soundsHere}
        <div className={styles.hidden}>{player}</div>
        <div className={styles.words}>
          {band}
          <h1>
            <Trans>Giải lao</Trans>
          </h1>
          {show?.words && <p>{show.words}</p>}
          {scene.until && (
            <div className={styles.count}>
              <p>
                <Trans>Tiếp tục lúc {formatClock(scene.until)}, còn</Trans>
              </p>
              <BigLeft until={scene.until} now={now} />
            </div>
          )}
        </div>
        {foot}
      </main>
    )

  const asks = scene.kind === 'questions'
  const { speaker } = it
  // A question is asked by a face: the slide then gives its place, unless the speaker turned a page for the answer.
  const face = speaker ? (
    <Picture track={speaker.track} label={t`Hình của ${speaker.person.name}`} className={styles.video} />
  ) : it.mode === 'audio' ? undefined : (
    player
  )
  const bySlides = show?.shown?.source.kind === 'slides'
  const large = speaker?.screen || !slide ? face : undefined
  const small = large ? undefined : it.byProgramme && bySlides ? undefined : face
  const soundOnly = it.mode === 'audio' || it.player === 'soundOnly'
  const slate = show?.shown?.source.kind === 'slate' ? show.shown.source.words : ''
  const speaking = show?.speaking ?? []
  return (
    <main {...frame} data-wide={!small && !asks && slide ? '' : undefined}>
      {soundsHere}
      {player && player !== face && <div className={styles.hidden}>{player}</div>}
      {player && face === player && !large && !small && <div className={styles.hidden}>{player}</div>}
      <div className={styles.stage}>
        {band}
        {large ? (
          <div className={styles.large}>{large}</div>
        ) : (
          (slide ?? <Empty topic={slate || (show?.topic?.title ?? hall.conference.name)} />)
        )}
        <p className={styles.topic}>
          {show?.topic && (
            <span className={styles.gold}>
              <Trans>
                Chuyên đề {show.topic.nth}/{show.topic.of}
              </Trans>
            </span>
          )}
          <b className={styles.title}>{show?.topic?.title ?? hall.conference.name}</b>
        </p>
      </div>
      <div className={styles.right}>
        {small && <div className={styles.small}>{small}</div>}
        <div className={styles.who}>
          {speaking.length > 0 ? (
            <>
              <span className="second">{asks ? <Trans>Đang phát biểu</Trans> : <Trans>Đang nói</Trans>}</span>
              <b>{speaking[0]!.name}</b>
              {speaking[0]!.unit !== '' && <span className="second">{speaking[0]!.unit}</span>}
            </>
          ) : (
            show?.topic?.speaker && (
              <>
                <span className="second">
                  <Trans>Báo cáo viên</Trans>
                </span>
                <b>{show.topic.speaker}</b>
              </>
            )
          )}
          {it.waits && (
            <span className={styles.gold}>
              <Trans>Đang chờ chương trình từ trung tâm</Trans>
            </span>
          )}
          {soundOnly && (
            <span className={styles.gold}>
              <Trans>Đường truyền yếu: chỉ tiếng và trang chiếu</Trans>
            </span>
          )}
        </div>
        <div className={styles.ask}>
          {asks ? (
            <>
              <p>
                <Trans>Đang hỏi – đáp, còn</Trans>
              </p>
              <BigLeft until={scene.endsAt} now={now} />
              <p className="second">
                {show && show.hands > 0 ? (
                  <Plural value={show.hands} other="# nơi đang chờ. Muốn hỏi, báo người phụ trách điểm cầu" />
                ) : (
                  <Trans>Muốn hỏi, báo người phụ trách điểm cầu</Trans>
                )}
              </p>
            </>
          ) : (
            scene.kind === 'during' &&
            scene.questionsAt && (
              <>
                <p>
                  <Trans>Còn đến giờ hỏi – đáp</Trans>
                </p>
                <BigLeft until={scene.questionsAt} now={now} />
                {!it.waits && !soundOnly && (
                  <p className="second">
                    <Trans>Giơ tay hoặc gửi câu hỏi cho người phụ trách điểm cầu</Trans>
                  </p>
                )}
              </>
            )
          )}
        </div>
      </div>
      {foot}
    </main>
  )
}

function BigLeft({ until, now }: { until: Date; now: Date }) {
  const { count, unit } = leftUntil(until, now)
  return (
    <p className={styles.big}>
      {count}
      <small>
        {unit === 'seconds' ? <Plural value={count} other="giây" /> : <Plural value={count} other="phút" />}
      </small>
    </p>
  )
}
function Left({ until, now }: { until: Date; now: Date }) {
  const { count, unit } = leftUntil(until, now)
  return (
    <span>
      {unit === 'seconds' ? <Plural value={count} other="còn # giây" /> : <Plural value={count} other="còn # phút" />}
    </span>
  )
}
function Back({ at, from }: { at: Date; from: Date }) {
  const minutes = minutesLost(from, at)
  const clock = formatClock(at)
  return (
    <p className={styles.back}>
      <b>
        <Trans>Đã kết nối lại lúc {clock}.</Trans>
      </b>{' '}
      <Plural value={minutes} other="Mất # phút, sẽ được phát lại." />
    </p>
  )
}
/** How the picture comes, in words; nothing while it is as it should be. */
function Receives({ it, quiet }: { it: ReturnType<typeof useHallScreen>; quiet: boolean }) {
  if (quiet || it.mode === 'webrtc') return null
  return (
    <span className="second">
      {it.mode === 'hls' ? (
        <Trans>qua chương trình phát, chậm vài giây</Trans>
      ) : (
        <Trans>chỉ tiếng và trang chiếu</Trans>
      )}
    </span>
  )
}
const Empty = ({ topic }: { topic: ReactNode }) => (
  <div className={styles.empty}>
    <p>{topic}</p>
  </div>
)

// How a code is drawn comes when one is shown; until then its square is kept.
const QrPicture = lazy(async () => ({
  default: (await import('../../../../platform/web/ui/light/QrPicture.tsx')).QrPicture,
}))

/** The changing code; without one, the door writes people down. */
function HallCode({ conferenceId, siteId }: { conferenceId: string; siteId: string }) {
  const { t } = useLingui()
  const { code } = useHallCode(conferenceId, siteId)
  return (
    <div className={styles.code}>
      <h2>
        <Trans>Điểm danh tại đây</Trans>
      </h2>
      {code ? (
        <Suspense fallback={<svg viewBox="0 0 1 1" aria-hidden="true" />}>
          <QrPicture text={code.url} label={t`Mã của hội trường`} />
        </Suspense>
      ) : (
        <div className={styles.noCode} />
      )}
      <p>
        {code ? (
          <>
            <Trans>Quét bằng điện thoại.</Trans>
            <br />
            <Trans>Không có điện thoại: đưa giấy triệu tập cho người trực ở cửa.</Trans>
          </>
        ) : (
          <Trans>Mời các đồng chí đưa giấy triệu tập cho người trực ở cửa.</Trans>
        )}
      </p>
    </div>
  )
}
