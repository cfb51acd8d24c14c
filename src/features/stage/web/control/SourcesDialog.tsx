import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useAnswer } from '../../../../platform/web/answers.ts'
import { useTopic } from '../../../../platform/web/live.ts'
import { Button, Dialog, ErrorSentence, TextField } from '../../../../platform/web/ui/light/index.ts'
import { listMaterials } from '../../../materials/contract.ts'
import * as contract from '../../contract.ts'
import type { Wall } from '../../wall.ts'
import type { RoomPerson } from '../media/room.ts'
import look from './ControlRoom.module.css'
import type { Act } from './Parts.tsx'
import { partSource, type Source } from './useDirector.ts'
import { partKindWord, says } from './words.ts'

/** What else may be shown: somebody on the stage or her screen, the slides, a film, a still with words. */
export function SourcesDialog({
  open,
  onClose,
  sessionId,
  wall,
  people,
  act,
  onChoose,
}: {
  open: boolean
  onClose: () => void
  sessionId: string
  wall: Wall
  people: readonly RoomPerson[]
  act: Act
  onChoose: (source: Source) => void
}) {
  const { t, i18n } = useLingui()
  const queue = useTopic(contract.queue, open ? { sessionId: sessionId as never } : undefined).snapshot
  const decks = queue?.decks
  const films = useAnswer(
    listMaterials,
    open && { conferenceId: wall.conference.conferenceId, kind: 'video', size: 50 },
  )
  const [words, setWords] = useState('')
  const choose = (source: Source) => {
    onChoose(source)
    onClose()
  }
  const here = wall.parts.filter(
    ({ kind, state }) => kind !== 'site' && kind !== 'technician' && state !== 'removed' && state !== 'left',
  )
  const sharing = people.filter((one) => one.tracks.screen !== undefined)
  const slide = wall.slide
  const page = slide?.page ?? 0
  const pages = slide?.pages ?? 0
  return (
    <Dialog open={open} onClose={onClose} title={<Trans>Chọn nguồn để xem trước</Trans>}>
      <section>
        <h3>
          <Trans>Trên sân khấu</Trans>
        </h3>
        <ul className={look.rows}>
          {here.length === 0 && (
            <li className="second">
              <Trans>Chưa có báo cáo viên hay chủ trì nào vào sân khấu.</Trans>
            </li>
          )}
          {here.map((part) => (
            <li key={part.partId}>
              <span>
                {part.name}{' '}
                <span className="second">
                  {i18n._(partKindWord[part.kind])}
                  {!part.connected && part.kind !== 'telephone' && <Trans>, chưa nối</Trans>}
                </span>
              </span>
              <Button
                small
                onClick={() => choose(partSource(part.partId))}
                disabled={!part.connected}
                aria-label={t`Xem trước ${part.name}`}
              >
                <Trans>Xem trước</Trans>
              </Button>
            </li>
          ))}
          {sharing.map((person) => {
            const name = person.name
            return (
              <li key={`${person.identity}-screen`}>
                <span>
                  <Trans>Màn hình của {name}</Trans>
                </span>
                <Button
                  small
                  onClick={() => choose(partSource(person.partId, true))}
                  aria-label={t`Xem trước màn hình của ${name}`}
                >
                  <Trans>Xem trước</Trans>
                </Button>
              </li>
            )
          })}
        </ul>
      </section>
      <section>
        <h3>
          <Trans>Trang chiếu</Trans>
        </h3>
        <ul className={look.rows}>
          {slide && (
            <li>
              <span>
                <Trans>
                  Đang mở trang {page}/{pages}
                </Trans>
              </span>
              <span className="row">
                <Button
                  small
                  disabled={page <= 1}
                  onClick={() => act(contract.showSlide, turn(sessionId, slide, -1), says.showSlide)}
                >
                  <Trans>Trang trước</Trans>
                </Button>
                <Button
                  small
                  disabled={page >= pages}
                  onClick={() => act(contract.showSlide, turn(sessionId, slide, 1), says.showSlide)}
                >
                  <Trans>Trang sau</Trans>
                </Button>
                <Button small onClick={() => act(contract.hideSlides, { sessionId }, says.hideSlides)}>
                  <Trans>Cất</Trans>
                </Button>
                <Button small onClick={() => choose({ kind: 'slides' })}>
                  <Trans>Xem trước đầy khung</Trans>
                </Button>
              </span>
            </li>
          )}
          {decks
            ?.filter((deck) => deck.versionId !== slide?.versionId)
            .map((deck) => (
              <li key={deck.versionId}>
                <span>
                  {deck.title}{' '}
                  <span className="second">
                    <Trans>{deck.pages} trang</Trans>
                  </span>
                </span>
                <Button
                  small
                  aria-label={t`Mở ${deck.title} từ trang 1`}
                  onClick={() =>
                    act(
                      contract.showSlide,
                      {
                        sessionId,
                        versionId: deck.versionId,
                        page: 1,
                        clickNo: Math.max(slide?.clickNo ?? 0, queue?.clickNo ?? 0) + 1,
                        claimedAt: new Date().toISOString(),
                      },
                      says.showSlide,
                    )
                  }
                >
                  <Trans>Mở từ trang 1</Trans>
                </Button>
              </li>
            ))}
          {decks?.length === 0 && !slide && (
            <li className="second">
              <Trans>Hội nghị này chưa có bộ trang chiếu.</Trans>
            </li>
          )}
        </ul>
      </section>
      <section>
        <h3>
          <Trans>Phim</Trans>
        </h3>
        <ErrorSentence refused={films.refused} again={films.again} />
        <ul className={look.rows}>
          {films.value?.rows.length === 0 && (
            <li className="second">
              <Trans>Hội nghị này chưa có phim.</Trans>
            </li>
          )}
          {films.value?.rows.map((film) => (
            <li key={film.versionId}>
              <span>{film.title}</span>
              <Button
                small
                disabled={film.state !== 'ready'}
                aria-label={t`Xem trước ${film.title}`}
                onClick={() => choose({ kind: 'file', versionId: film.versionId, fromSeconds: 0 } as Source)}
              >
                {film.state === 'ready' ? <Trans>Xem trước</Trans> : <Trans>Đang xử lý</Trans>}
              </Button>
            </li>
          ))}
        </ul>
      </section>
      <form
        className={look.pair}
        onSubmit={(event) => {
          event.preventDefault()
          choose({ kind: 'slate', words: words.trim() })
        }}
      >
        <TextField
          label={t`Bảng chờ với dòng chữ`}
          maxLength={200}
          value={words}
          placeholder={t`Hội nghị tiếp tục sau ít phút`}
          onChange={(e) => setWords(e.target.value)}
        />
        <Button type="submit">
          <Trans>Xem trước</Trans>
        </Button>
      </form>
    </Dialog>
  )
}

/** The page beside the one shown, turned here in the speaker's stead. */
export const turn = (sessionId: string, slide: NonNullable<Wall['slide']>, by: number) => ({
  sessionId,
  versionId: slide.versionId,
  page: Math.min(slide.pages, Math.max(1, slide.page + by)),
  clickNo: slide.clickNo + 1,
  claimedAt: new Date().toISOString(),
})
