import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useIsFetching } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { formatClock, formatDay, formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import { useNow } from '../../../platform/web/live.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import { Go } from '../../../platform/web/route.tsx'
import {
  Brand,
  Button,
  Card,
  ErrorSentence,
  LightPage,
  Note,
  Section,
  Status,
  WaitingLines,
} from '../../../platform/web/ui/light/index.ts'
import { QrPicture } from '../../../platform/web/ui/light/QrPicture.tsx'
import * as access from '../../access/contract.ts'
import * as conferences from '../../conferences/contract.ts'
import * as sites from '../../sites/contract.ts'
import * as contract from '../contract.ts'
import { skewMs } from './clock.ts'
import { useKept } from './kept.ts'
import { MyPresence, openPoint } from './MyPresence.tsx'
import styles from './member.module.css'
import { OwnTick } from './OwnTick.tsx'
import { excuseSays } from './words.ts'

type Mine = ValueOf<typeof sites.mySummons>['conferences'][number]

const registerSays = {
  alreadySummoned: msg`Đồng chí đã có giấy triệu tập. Tải lại trang là thấy.`,
  notInScope: msg`Đồng chí không thuộc diện của đợt này. Có gì chưa đúng, đồng chí hỏi bí thư chi bộ.`,
  noOwnDevice: msg`Hội nghị này không nhận dự trên thiết bị cá nhân.`,
  conferenceClosed: msg`Hội nghị đã đóng.`,
  paperOnly: msg`Hội nghị này chỉ làm trên giấy.`,
} satisfies WordsFor<typeof sites.register>

/** A member's own page: one column, the one thing to do now first. Later features lend `state`, her line in the ledger, and `first`, what is on now. */
export function Member({ state, first }: { state?: (campaignId: string) => ReactNode; first?: ReactNode }) {
  const { t } = useLingui()
  const who = useAnswer(access.me, {}, { staleMs: 60_000 })
  const asked = useAnswer(sites.mySummons, {}, { staleMs: 30_000 })
  const me = useKept('me', who.value)
  const mine = useKept('summons', asked.value)
  const now = new Date(useNow(15_000).getTime() + skewMs())
  const whole = useWhole(mine.value !== undefined || asked.refused !== undefined, mine.old ? 1_000 : 2_500)
  const all = mine.value?.conferences ?? []
  const chosen = nearest(all, now)
  const others = all.filter((one) => one !== chosen)
  const name = me.value?.name ?? ''
  return (
    <LightPage
      preferences={whole}
      bar={
        <>
          <Brand href="/toi" />
          <Go href="/toi/du-lieu">
            <Trans>Dữ liệu của tôi</Trans>
          </Go>
        </>
      }
    >
      {!whole && <WaitingLines label={t`Đang mở`} lines={6} />}
      <div className="stack" data-gap="l" style={whole ? undefined : { display: 'none' }}>
        {first}
        {mine.old && asked.refused && (
          <Note>
            <Trans>Chưa nối được máy chủ. Đây là nội dung giữ lại từ lần mở trước.</Trans>
          </Note>
        )}
        {!mine.value && <ErrorSentence refused={asked.refused} again={asked.again} />}
        {mine.value && !chosen && (
          <>
            <h1>
              <Trans>Chào đồng chí {name}</Trans>
            </h1>
            <p>
              <Trans>Chưa có hội nghị nào dành cho đồng chí. Khi có giấy triệu tập, giấy sẽ hiện ở đây.</Trans>
            </p>
          </>
        )}
        {chosen && (
          <Conference key={chosen.conferenceId} mine={chosen} name={name} personId={me.value?.personId} now={now} />
        )}
        {chosen && state?.(chosen.campaignId)}
        {others.length > 0 && (
          <Section title={<Trans>Các hội nghị khác</Trans>}>
            <div className="rows">
              {others.map((one) => (
                <div key={one.conferenceId}>
                  <span>
                    <b>{one.conferenceName}</b>
                    <span className="second small" style={{ display: 'block' }}>
                      {one.summons?.site?.name ??
                        (one.summons ? (
                          <Trans>dự trên thiết bị của đồng chí</Trans>
                        ) : (
                          <Trans>chưa có giấy triệu tập</Trans>
                        ))}
                    </span>
                  </span>
                  {one.sessions[0] && (
                    <span className="num second nb">{formatDay(new Date(one.sessions[0].startsAt))}</span>
                  )}
                </div>
              ))}
            </div>
          </Section>
        )}
      </div>
    </LightPage>
  )
}

/**
 * Her page is shown in one piece, so that the paper she holds up at the door does not jump while the rest comes. Once her summons is known the
 * rest is given `patienceMs`; what is later still then finds its place by itself.
 */
function useWhole(known: boolean, patienceMs: number): boolean {
  const awaited = useIsFetching({ predicate: ({ state }) => state.data === undefined })
  const [whole, setWhole] = useState(false)
  useEffect(() => {
    if (!known || whole || awaited > 0) return
    // A moment, in which what has just come may ask for more.
    const timer = setTimeout(() => setWhole(true), 30)
    return () => clearTimeout(timer)
  }, [known, whole, awaited])
  useEffect(() => {
    if (!known) return
    const timer = setTimeout(() => setWhole(true), patienceMs)
    return () => clearTimeout(timer)
  }, [known, patienceMs])
  return whole
}

/** What is on now, else what comes next, else what was last. */
function nearest(all: readonly Mine[], now: Date): Mine | undefined {
  const ends = (one: Mine) => Math.max(0, ...one.sessions.map(({ endsAt }) => +new Date(endsAt)))
  const starts = (one: Mine) => Math.min(...one.sessions.map(({ startsAt }) => +new Date(startsAt)))
  const ahead = all.filter((one) => ends(one) + 3_600_000 >= +now).sort((one, other) => starts(one) - starts(other))
  const behind = [...all].sort((one, other) => ends(other) - ends(one))
  return ahead.find(({ summons }) => summons) ?? ahead[0] ?? behind.find(({ summons }) => summons) ?? behind[0]
}

function Conference({
  mine,
  name,
  personId,
  now,
}: {
  mine: Mine
  name: string
  personId: string | undefined
  now: Date
}) {
  const { conferenceId, summons } = mine
  const presence = useAnswer(contract.myPresence, { conferenceId: conferenceId as never }, { staleMs: 30_000 })
  const programme = useAnswer(conferences.getProgramme, { conferenceId: conferenceId as never }, { staleMs: 300_000 })
  const seen = useKept(`presence.${conferenceId}`, presence.value)
  const planned = useKept(`programme.${conferenceId}`, programme.value)
  const first = mine.sessions[0]
  const over = mine.state === 'closed' || mine.sessions.every(({ endsAt }) => new Date(endsAt) < now)
  const began = first !== undefined && new Date(first.startsAt) <= now
  const point = seen.value && openPoint(seen.value, now)
  const when = first ? formatMoment(new Date(first.startsAt)) : ''
  return (
    <>
      <div className="stack" data-gap="s">
        <p className="second">{mine.conferenceName}</p>
        <h1>
          {over ? (
            <Trans>Hội nghị đã xong</Trans>
          ) : began ? (
            <Trans>Hội nghị đang họp</Trans>
          ) : first ? (
            <Trans>Họp lúc {when}</Trans>
          ) : (
            <Trans>Chưa định giờ họp</Trans>
          )}
        </h1>
      </div>
      {point && personId && (summons || !mine.mayRegister) && (
        <OwnTick
          key={point.checkpointId}
          point={point}
          personId={personId}
          inHall={summons?.site !== undefined}
          onDone={() => void presence.again()}
        />
      )}
      {summons ? (
        !over && <Paper mine={mine} name={name} />
      ) : (
        <NoPaper mine={mine} over={over} onDone={() => void presence.again()} />
      )}
      {seen.value && seen.value.checkpoints.length > 0 && <MyPresence presence={seen.value} now={now} />}
      {planned.value && planned.value.sessions.length > 0 && <Programme programme={planned.value} />}
      {(mine.documents || mine.contact) && (
        <Section title={<Trans>Mang theo và liên hệ</Trans>}>
          {mine.documents && <p>{mine.documents}</p>}
          {mine.contact && (
            <p>
              <Trans>Liên hệ: {mine.contact}</Trans>
            </p>
          )}
        </Section>
      )}
    </>
  )
}

/** Her summons: the code to show at the door, her name, where to go. */
function Paper({ mine, name }: { mine: Mine; name: string }) {
  const { t, i18n } = useLingui()
  const { summons } = mine
  if (!summons) return null
  const { site, doorCode, qr, excuse } = summons
  const letters = `${doorCode.slice(0, 4)} ${doorCode.slice(4)}`
  return (
    <Card className={styles.paper}>
      <h2>{site ? <Trans>Giấy vào cửa</Trans> : <Trans>Dự trên thiết bị của đồng chí</Trans>}</h2>
      {site ? (
        <>
          <QrPicture text={qr} label={t`Mã vào cửa ${letters}`} className={styles.qr} />
          <p className={styles.letters}>{letters}</p>
          <p>
            <b>{name}</b>
          </p>
          <p>
            {site.name}
            {site.address && (
              <>
                <br />
                <span className="second">{site.address}</span>
              </>
            )}
          </p>
          {(site.contactName || site.contactPhone) && (
            <p>
              <Trans>Cần giúp thì gọi</Trans> {site.contactName}{' '}
              {site.contactPhone && (
                <a className="num nb" href={`tel:${site.contactPhone.replace(/[^\d+]/g, '')}`}>
                  {site.contactPhone}
                </a>
              )}
            </p>
          )}
          <p className="second">
            <Trans>Đưa mã này ở cửa. Quên điện thoại cũng không sao: nói tên là được.</Trans>
          </p>
        </>
      ) : (
        <p>
          <Trans>
            Đồng chí không phải đến hội trường. Đến mỗi mốc, mã được đọc và chiếu trong một phút; đồng chí nhập mã ở
            trang này.
          </Trans>
        </p>
      )}
      {excuse && (
        <Status tone="wait" said>
          {i18n._(excuseSays[excuse]!)}
        </Status>
      )}
    </Card>
  )
}
function NoPaper({ mine, over, onDone }: { mine: Mine; over: boolean; onDone: () => void }) {
  const register = useOperation(sites.register, { done: onDone })
  return (
    <Card>
      {mine.mayRegister && !over ? (
        <div className="stack">
          <p>
            <Trans>Đồng chí chưa có chỗ ở hội trường. Có thể dự trên điện thoại hoặc máy tính của mình.</Trans>
          </p>
          <ErrorSentence refused={register.refused} words={registerSays} />
          <Button
            look="go"
            wide
            big
            doing={register.doing}
            onClick={() => void register.run({ conferenceId: mine.conferenceId as never })}
          >
            <Trans>Đăng ký dự trên thiết bị</Trans>
          </Button>
        </div>
      ) : (
        <p>
          <Trans>Đồng chí chưa có giấy triệu tập cho hội nghị này. Chi bộ sẽ báo buổi học bù.</Trans>
        </p>
      )}
    </Card>
  )
}

function Programme({ programme }: { programme: ValueOf<typeof conferences.getProgramme> }) {
  return (
    <Section title={<Trans>Chương trình</Trans>}>
      {programme.sessions.map((session) => (
        <div key={session.sessionId} className={styles.session}>
          <h3>
            {session.name || <Trans>Buổi {session.code}</Trans>}{' '}
            <span className="second num">{formatMoment(new Date(session.startsAt))}</span>
          </h3>
          <ol>
            {session.items.map((item) => (
              <li key={`${item.kind} ${item.from}`} data-kind={item.kind}>
                <span className="num">{formatClock(new Date(item.from))}</span>
                <span>
                  {item.kind === 'questions' ? (
                    <Trans>Hỏi và đáp, {item.minutes} phút</Trans>
                  ) : item.kind === 'free' ? (
                    <Trans>Nghỉ, dự phòng</Trans>
                  ) : (
                    item.title
                  )}
                  {item.kind === 'deliver' && item.speaker && <span className="second small">{item.speaker}</span>}
                </span>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </Section>
  )
}
