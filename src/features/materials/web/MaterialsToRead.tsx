import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useState } from 'react'
import { useAnswer } from '../../../platform/web/answers.ts'
import { fileHref } from '../../../platform/web/client.ts'
import { ButtonLink, ErrorSentence, Icon, WaitingLines } from '../../../platform/web/ui/light/index.ts'
import { materialFile, readable } from '../contract.ts'
import css from './materials.module.css'
import { PageViewer, Thumb } from './PageViewer.tsx'
import { kindWords, type Line, printBytes, printSeconds } from './words.ts'

/** What a member has to read of a conference: pages as pictures, small enough for a weak line; the file where it may be taken. */
export function MaterialsToRead({ conferenceId }: { conferenceId: string }) {
  const { t } = useWords()
  const [open, setOpen] = useState<Line>()
  const { value, waiting, refused, again } = useAnswer(
    readable,
    { conferenceId: conferenceId as never },
    { staleMs: 60_000 },
  )
  if (refused && !value)
    // Whoever may not read has nothing to read; nothing is wrong with her page.
    return refused.refused === 'notFound' ? <Nothing /> : <ErrorSentence refused={refused} again={again} />
  if (waiting || !value) return <WaitingLines lines={3} label={t`Đang lấy tài liệu`} />
  if (value.materials.length === 0) return <Nothing />
  return (
    <>
      <ul className={css.toRead}>
        {value.materials.map((line) => (
          <li key={line.materialId}>
            <ToRead line={line} onOpen={() => setOpen(line)} />
          </li>
        ))}
      </ul>
      {open && <PageViewer deck={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
const Nothing = () => (
  <p className="second">
    <Trans>Hội nghị chưa có tài liệu nào để đọc.</Trans>
  </p>
)

function ToRead({ line, onOpen }: { line: Line; onOpen: () => void }) {
  const { _ } = useLingui()
  const { title, kind, pages, bytes, seconds, prefix, width, height, topicTitle } = line
  const size = printBytes(bytes)
  const length = seconds === undefined ? '' : printSeconds(seconds)
  return (
    <>
      <Thumb prefix={prefix} width={width} height={height} />
      <div className={css.toReadWords}>
        {pages > 0 ? (
          <button type="button" className={css.name} onClick={onOpen}>
            {title}
          </button>
        ) : (
          <span className={css.plainName}>{title}</span>
        )}
        <span className="second small">
          {_(kindWords[kind])}
          {pages > 1 && (
            <>
              {' · '}
              <Trans>{pages} trang</Trans>
            </>
          )}
          {length !== '' && ` · ${length}`}
          {topicTitle && ` · ${topicTitle}`}
        </span>
      </div>
      {line.mayDownload && (
        <ButtonLink
          small
          icon={<Icon name="download" />}
          href={fileHref(materialFile, { versionId: line.versionId as never })}
          download
        >
          <span>
            <Trans>Tải về, {size}</Trans>
            <span className="sr"> {title}</span>
          </span>
        </ButtonLink>
      )}
    </>
  )
}
