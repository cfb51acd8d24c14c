import { Trans, useLingui } from '@lingui/react/macro'
import { useAnswer } from '../../../../platform/web/answers.ts'
import { ButtonLink, ErrorSentence } from '../../../../platform/web/ui/light/index.ts'
import * as contract from '../../contract.ts'
import { tilesAPage } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { Top } from './Top.tsx'

/** The frame at once, names when they are known; no number stands where none is known. */
export function Opening({ sessionId }: { sessionId: string }) {
  const { t } = useLingui()
  const mine = useAnswer(contract.myStages, {}, { staleMs: 60_000 })
  const name = mine.value?.stages.find((one) => one.sessionId === sessionId)?.conferenceName
  const places = Array.from({ length: tilesAPage }, (_, at) => at)
  return (
    <div className={look.room} aria-busy="true">
      <Top>
        <h1 className={look.title}>
          <Trans>Phòng điều khiển</Trans>
          {name && `, ${name}`}
        </h1>
        <span className={look.fact} role="status">
          <Trans>Đang lấy danh sách điểm cầu…</Trans>
        </span>
        <span className={look.tools} />
      </Top>
      <div className={look.strips} />
      <nav className={look.rail} aria-label={t`Khối điểm cầu`} />
      <main className={look.wall}>
        <div className={look.wallHead} />
        <div className={look.tiles} aria-hidden="true">
          {places.map((place) => (
            <div key={place} className={look.hollow}>
              …
            </div>
          ))}
        </div>
      </main>
      <aside className={look.side} />
      <section className={look.run} />
      <footer className={look.keys} />
    </div>
  )
}

export function NoRoom({ refused }: { refused: string }) {
  return (
    <main className={`${look.refusal} stack`}>
      <h1>
        <Trans>Chưa vào được phòng điều khiển</Trans>
      </h1>
      <ErrorSentence refused={refused} />
      <p>
        <ButtonLink href="/dieu-khien">
          <Trans>Về danh sách buổi họp</Trans>
        </ButtonLink>
      </p>
    </main>
  )
}
