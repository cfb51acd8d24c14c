import { Trans, useLingui } from '@lingui/react/macro'
import { type ComponentType, Fragment, type ReactNode, useEffect } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatClock, formatDay } from '../../../kernel/time.ts'
import { useNow } from '../../../platform/web/live.ts'
import { Go, goTo } from '../../../platform/web/route.tsx'
import {
  Button,
  ErrorSentence,
  Icon,
  Note,
  Preferences,
  SkipLink,
  Status,
  TabBar,
  Toasts,
} from '../../../platform/web/ui/light/index.ts'
import styles from './console.module.css'
import { Door } from './Door.tsx'
import { Headcount } from './Headcount.tsx'
import { dismiss, sendNow } from './outbox.ts'
import { Ready } from './Ready.tsx'
import { type LiveRoom, Room } from './Room.tsx'
import { type Hall, useHall } from './useHall.ts'
import { anyWriteSays } from './words.ts'

const tabs = ['chuan-bi', 'diem-danh', 'quan-so', 'hoi-truong'] as const
type TabKey = (typeof tabs)[number]

/** What a later feature lends: something around every tab (a hall that speaks does not fall silent at the door), and its part of the last one. */
export type Lent = {
  Frame?: ComponentType<{ conferenceId: string; siteId: string; tab: string; children: ReactNode }>
  Live?: LiveRoom
}

/** The console of one hall at one conference. */
export function Console({
  site,
  conference,
  tab,
  Frame = Plain,
  Live,
}: { site: string; conference: string; tab: string } & Lent) {
  const { t } = useLingui()
  const hall = useHall(conference, site)
  const current: TabKey = tabs.find((key) => key === tab) ?? 'diem-danh'
  const href = (key: TabKey) => `/diem-cau/${site}/${conference}/${key}`
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const key = event.altKey ? tabs[Number(event.key) - 1] : undefined
      if (!key) return
      event.preventDefault()
      goTo(`/diem-cau/${site}/${conference}/${key}`)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [site, conference])
  return (
    <Frame conferenceId={conference} siteId={site} tab={current}>
      <div className={styles.console}>
        <SkipLink />
        <Header hall={hall} />
        <TabBar
          label={t`Việc ở hội trường`}
          current={current}
          items={[
            {
              key: 'chuan-bi',
              href: href('chuan-bi'),
              label: <Trans>Chuẩn bị</Trans>,
              icon: <Icon name="checklist" />,
            },
            { key: 'diem-danh', href: href('diem-danh'), label: <Trans>Điểm danh</Trans>, icon: <Icon name="scan" /> },
            { key: 'quan-so', href: href('quan-so'), label: <Trans>Quân số</Trans>, icon: <Icon name="people" /> },
            {
              key: 'hoi-truong',
              href: href('hoi-truong'),
              label: <Trans>Hội trường</Trans>,
              icon: <Icon name="hall" />,
            },
          ]}
        />
        <main id="noi-dung" className={styles.main} tabIndex={-1}>
          <div className={styles.work}>
            <Sending hall={hall} />
            {current === 'chuan-bi' && <Ready hall={hall} />}
            {current === 'diem-danh' && <Door hall={hall} />}
            {current === 'quan-so' && <Headcount hall={hall} />}
            {current === 'hoi-truong' && <Room hall={hall} Live={Live} />}
            <Preferences />
          </div>
          <Side hall={hall} />
        </main>
        <Toasts />
      </div>
    </Frame>
  )
}
const Plain: NonNullable<Lent['Frame']> = ({ children }) => <Fragment>{children}</Fragment>

function Header({ hall }: { hall: Hall }) {
  const now = useNow(5_000)
  const online = hall.lineMs !== undefined && hall.outbox.line === 'good'
  return (
    <header className={styles.header}>
      <div>
        <h1>
          <Go href="/diem-cau">{hall.sheet?.site.name ?? <Trans>Điểm cầu</Trans>}</Go>
        </h1>
        {online ? (
          <Status tone="ok">
            <Trans>Có mạng</Trans>
          </Status>
        ) : (
          <Status tone="wait" said>
            <Trans>Chưa nối được máy chủ</Trans>
          </Status>
        )}
      </div>
      <div className={styles.clock}>
        <b className="num">{formatClock(now)}</b>
        <span className="num second">{formatDay(now).slice(0, 5)}</span>
      </div>
    </header>
  )
}

/** The queue of what was entered: nothing is shown while everything has been sent. */
function Sending({ hall }: { hall: Hall }) {
  const { waiting, refused, line, full } = hall.outbox
  const count = formatCount(waiting.length)
  const lost = line === 'lost' || hall.lineMs === undefined
  return (
    <>
      {line === 'signIn' && (
        <Note tone="bad">
          <p>
            <Trans>
              Phiên đăng nhập đã hết. {count} việc vừa ghi vẫn ở trong máy này; đăng nhập lại là máy tự gửi.
            </Trans>
          </p>
          <p>
            <a href={`/dang-nhap?ve=${encodeURIComponent(location.pathname)}`}>
              <Trans>Đăng nhập lại</Trans>
            </a>
          </p>
        </Note>
      )}
      {line !== 'signIn' && lost && (
        <Note tone="wait">
          <p>
            {waiting.length > 0 ? (
              <Trans>
                Mất mạng. {count} việc đã ghi đang giữ trong máy này, có mạng là tự gửi. Đồng chí cứ làm tiếp, đừng đóng
                trang.
              </Trans>
            ) : (
              <Trans>Mất mạng. Đồng chí cứ làm tiếp: điều ghi được giữ trong máy này và tự gửi khi có mạng.</Trans>
            )}
          </p>
          {waiting.length > 0 && (
            <p>
              <Button small onClick={sendNow}>
                <Trans>Gửi lại ngay</Trans>
              </Button>
            </p>
          )}
        </Note>
      )}
      {full && waiting.length > 0 && (
        <Note tone="bad">
          <Trans>
            Bộ nhớ của trình duyệt đã đầy. Điều vừa ghi chỉ còn ở trang này: đồng chí đừng đóng trang trước khi gửi
            xong.
          </Trans>
        </Note>
      )}
      {refused.map((write) => (
        <div key={write.writeId} className="stack" data-gap="s">
          <ErrorSentence refused={write.refused} words={anyWriteSays} />
          <p className="row" data-spread="">
            <span>{write.about}</span>
            <Button small onClick={() => dismiss(write.writeId)}>
              <Trans>Đã biết</Trans>
            </Button>
          </p>
        </div>
      ))}
    </>
  )
}

/** Beside the work on a wide screen: four numbers and the checkpoints of the day. */
function Side({ hall }: { hall: Hall }) {
  const { board, sheet, summoned, present, points, point } = hall
  const excused = sheet?.roll.filter(({ excuse, personId }) => excuse && !hall.here.has(personId)).length
  const known = summoned !== undefined
  const onRoll = sheet
    ? sheet.roll.filter(({ personId }) => (hall.here.get(personId)?.late ?? -1) >= 0).length
    : present
  return (
    <aside className={styles.side}>
      <dl className={styles.four}>
        <div>
          <dt>
            <Trans>Triệu tập</Trans>
          </dt>
          <dd>{known ? formatCount(summoned) : '–'}</dd>
        </div>
        <div>
          <dt>
            <Trans>Có mặt</Trans>
          </dt>
          <dd>{board || sheet ? formatCount(present) : '–'}</dd>
        </div>
        <div>
          <dt>
            <Trans>Báo vắng</Trans>
          </dt>
          <dd>{excused === undefined ? '–' : formatCount(excused)}</dd>
        </div>
        <div>
          <dt>
            <Trans>Chưa đến</Trans>
          </dt>
          <dd>{known ? formatCount(Math.max(0, summoned - onRoll - (excused ?? 0))) : '–'}</dd>
        </div>
      </dl>
      {points.length > 0 && (
        <section>
          <h2 className={styles.small}>
            <Trans>Các mốc</Trans>
          </h2>
          <ol className={styles.points}>
            {points.map((one) => {
              const counted = board?.checkpoints.find(({ checkpointId }) => checkpointId === one.checkpointId)
              const heads = formatCount(counted?.present ?? 0)
              return (
                <li key={one.checkpointId} data-now={one.checkpointId === point?.checkpointId ? '' : undefined}>
                  <span className="num">{formatClock(new Date(one.at))}</span>
                  <span>
                    <b>{one.name}</b>
                    <span className="second small">
                      {counted?.headcount ? (
                        <Trans>{heads} người trong danh sách · đã gửi quân số</Trans>
                      ) : (
                        <Trans>{heads} người trong danh sách</Trans>
                      )}
                    </span>
                  </span>
                </li>
              )
            })}
          </ol>
        </section>
      )}
    </aside>
  )
}
