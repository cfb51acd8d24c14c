import { Trans, useLingui } from '@lingui/react/macro'
import { formatCount } from '../../../../kernel/figure.ts'
import { formatDay } from '../../../../kernel/time.ts'
import { useAnswer } from '../../../../platform/web/answers.ts'
import { usePath } from '../../../../platform/web/route.tsx'
import {
  ButtonLink,
  Card,
  ErrorSentence,
  LightPage,
  Status,
  WaitingLines,
} from '../../../../platform/web/ui/light/index.ts'
import * as contract from '../../contract.ts'
import { clock } from './clock.ts'
import { stateWord } from './words.ts'

type Room = 'control' | 'moderation' | 'lectern'
const paths: Record<Room, string> = { control: '/dieu-khien', moderation: '/dieu-hanh', lectern: '/buc' }

/** The sessions on whose stage I have a part, and the one door into each: that of the room whose address was opened. */
export function Stages() {
  const path = usePath()
  const room = (Object.keys(paths) as Room[]).find((one) => path.startsWith(paths[one])) ?? 'control'
  const { t, i18n } = useLingui()
  const { value, waiting, refused, again } = useAnswer(contract.myStages, {}, { everyMs: 15_000 })
  const stages = value?.stages ?? []
  const verb: Record<Room, string> = {
    control: t`Vào phòng điều khiển`,
    moderation: t`Vào phòng điều hành`,
    lectern: t`Lên bục`,
  }
  return (
    <LightPage>
      <div className="stack">
        <h1>
          <Trans>Sân khấu của tôi</Trans>
        </h1>
        {waiting && <WaitingLines lines={3} label={t`Đang lấy các buổi họp`} />}
        <ErrorSentence refused={refused} again={again} />
        {value && stages.length === 0 && (
          <p>
            <Trans>
              Đồng chí chưa có phần việc ở buổi trực tuyến nào. Người tổ chức giao quyền đạo diễn, điều hành hoặc báo
              cáo viên thì buổi họp hiện ở đây.
            </Trans>
          </p>
        )}
        {stages.map((stage) => {
          const first = stage.rooms.includes(room) ? room : stage.rooms[0]
          const others = stage.rooms.filter((one) => one !== first)
          const from = clock(stage.startsAt)
          const to = clock(stage.endsAt)
          const sites = formatCount(stage.sites)
          const running = stage.state === 'onAir' || stage.state === 'break'
          return (
            <Card key={stage.sessionId} as="article" now={running}>
              <div className="stack" data-gap="s">
                <h2>{stage.conferenceName}</h2>
                <p>
                  {stage.sessionName}, {from} – {to}, {formatDay(new Date(stage.startsAt))}
                </p>
                <p className="row" data-spread="">
                  <Status tone={running ? 'ok' : stage.state === 'backstage' ? 'wait' : 'off'}>
                    {i18n._(stateWord[stage.state])}
                  </Status>
                  <span className="second">
                    <Trans>{sites} điểm cầu</Trans>
                  </span>
                </p>
                {first && (
                  <ButtonLink look={running ? 'go' : 'plain'} wide href={`${paths[first]}/${stage.sessionId}`}>
                    {verb[first]}
                  </ButtonLink>
                )}
                {others.length > 0 && (
                  <p className="row">
                    {others.map((one) => (
                      <a key={one} href={`${paths[one]}/${stage.sessionId}`}>
                        {verb[one]}
                      </a>
                    ))}
                  </p>
                )}
              </div>
            </Card>
          )
        })}
      </div>
    </LightPage>
  )
}
