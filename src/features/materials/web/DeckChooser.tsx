import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useId, useState } from 'react'
import { useAnswer } from '../../../platform/web/answers.ts'
import { ErrorSentence, Note, WaitingLines } from '../../../platform/web/ui/light/index.ts'
import { listMaterials } from '../contract.ts'
import { DropFiles, OnTheWay } from './Bringing.tsx'
import { LineState } from './LineState.tsx'
import css from './materials.module.css'
import { Thumb } from './PageViewer.tsx'
import { useBring } from './useBring.ts'
import { isUnderway, type Line } from './words.ts'

export type ChosenDeck = {
  versionId: string
  title: string
  pages: number
  width: number
  height: number
  /** `${prefix}${page}.webp`, `${prefix}${page}-640.webp`. */
  prefix: string
}
/**
 * Chooses what is shown from the lectern: what is there for the conference, and the speaker's own, brought here and now.
 * What she has just brought is chosen by itself once its pages are there.
 */
export function DeckChooser({
  conferenceId,
  topicId,
  chosen,
  onChoose,
}: {
  conferenceId: string
  topicId?: string | undefined
  /** The version that is chosen. */
  chosen: string | undefined
  onChoose: (deck: ChosenDeck) => void
}) {
  const { t } = useLingui()
  const name = useId()
  const [awaited, setAwaited] = useState<string>()
  const uploads = useBring(conferenceId, { onDone: setAwaited })
  const [busy, setBusy] = useState(false)
  const { value, waiting, refused, again } = useAnswer(
    listMaterials,
    { conferenceId: conferenceId as never, size: 200 },
    busy || awaited !== undefined ? { everyMs: 1_000 } : { staleMs: 15_000 },
  )
  const rows = value?.rows
  useEffect(() => {
    setBusy(rows?.some(isUnderway) ?? false)
    const mine = rows?.find(({ versionId }) => versionId === awaited)
    if (!mine || isUnderway(mine)) return
    setAwaited(undefined)
    if (mine.state === 'ready' && mine.pages > 0) onChoose(deckFrom(mine))
  }, [rows, awaited, onChoose])
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (waiting || !value) return <WaitingLines lines={3} label={t`Đang lấy các bài trình chiếu`} />
  if (value.conference.classified)
    return (
      <Note>
        <Trans>Hội nghị có nội dung mật nên chỉ dùng bản giấy.</Trans>
      </Note>
    )
  // Those of her own topic first, then slides before papers; a file that was refused long ago is no choice.
  const shown = value.rows
    .filter((line) => line.kind !== 'video' && (line.state === 'ready' || isUnderway(line) || line.mayChange))
    .sort((one, other) => rankOf(one, topicId) - rankOf(other, topicId))
  return (
    <div className="stack">
      {shown.length > 0 && (
        <fieldset className={css.decks}>
          <legend className="sr">
            <Trans>Bài trình chiếu</Trans>
          </legend>
          {shown.map((line) => (
            <label key={line.versionId} className={css.deck} data-chosen={line.versionId === chosen ? '' : undefined}>
              <input
                type="radio"
                name={name}
                checked={line.versionId === chosen}
                disabled={line.state !== 'ready' || line.pages === 0}
                onChange={() => onChoose(deckFrom(line))}
              />
              <Thumb prefix={line.prefix} width={line.width} height={line.height} />
              <span className={css.deckWords}>
                <span className={css.plainName}>{line.title}</span>
                {line.topicTitle && <span className="second small">{line.topicTitle}</span>}
                <LineState line={line} />
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <OnTheWay {...uploads} />
      {value.abilities.includes('bringFile') && (
        <DropFiles small onFiles={(files) => uploads.bring(files.slice(0, 1), topicId ? { topicId } : {})} />
      )}
    </div>
  )
}
const rankOf = ({ topicId: of, kind, state }: Line, topicId: string | undefined) =>
  (topicId !== undefined && of === topicId ? 0 : 10) + (kind === 'slides' ? 0 : 2) + (state === 'ready' ? 0 : 1)
const deckFrom = ({ versionId, title, pages, width, height, prefix }: Line): ChosenDeck => ({
  versionId,
  title,
  pages,
  width,
  height,
  prefix,
})
