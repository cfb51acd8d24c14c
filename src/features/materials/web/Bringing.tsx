import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useId, useState } from 'react'
import { wordsOf } from '../../../platform/web/refusals.tsx'
import { Button, Icon, ProgressBar, Status } from '../../../platform/web/ui/light/index.ts'
import css from './materials.module.css'
import type { useBring } from './useBring.ts'
import { fileTypes, printBytes, sayBring } from './words.ts'

/** Takes files, dropped or chosen. What they are gets judged by the server, not by their names. */
export function DropFiles({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const id = useId()
  const [over, setOver] = useState(false)
  return (
    <label
      className={css.drop}
      htmlFor={id}
      data-over={over ? '' : undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onFiles([...event.dataTransfer.files])
      }}
    >
      <Icon name="upload" />
      <span className={css.dropLabel}>
        <Trans>Kéo tệp vào đây, hoặc bấm để chọn</Trans>
      </span>
      <span className="second small">
        <Trans>PDF, PPTX, ảnh hoặc video, mỗi tệp đến 200 MB</Trans>
      </span>
      <input
        id={id}
        className="sr"
        type="file"
        multiple
        accept={fileTypes}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </label>
  )
}

/** What is on its way, each with its share and a way to stop it; what was refused, in words. */
export function OnTheWay({ files, again, stop }: Pick<ReturnType<typeof useBring>, 'files' | 'again' | 'stop'>) {
  const { t } = useWords()
  const { _ } = useLingui()
  if (files.length === 0) return null
  return (
    <ul className={css.onTheWay} aria-label={t`Các tệp đang gửi`}>
      {files.map((it) => {
        const { versionId, file, state, share, refused } = it
        const size = printBytes(file.size)
        const sentence = refused && wordsOf(refused.refused, sayBring)
        const mayHelp = refused && ['offline', 'busy', 'broken', 'noRoom', 'signIn'].includes(refused.refused)
        return (
          <li key={versionId}>
            {state === 'refused' ? (
              <div className="stack" data-gap="s">
                <Status tone="bad">
                  <span className={css.fileName}>{file.name}</span>
                </Status>
                <p className="small" role="alert">
                  {sentence && _({ ...sentence, values: { ...refused?.detail } })}
                </p>
              </div>
            ) : (
              <ProgressBar
                label={<span className={css.fileName}>{file.name}</span>}
                share={state === 'waiting' ? 0 : share}
                words={
                  state === 'waiting' ? (
                    <Trans>Đợi lượt, {size}</Trans>
                  ) : share >= 1 ? (
                    <Trans>Đang cất, {size}</Trans>
                  ) : undefined
                }
              />
            )}
            <span className="row">
              {mayHelp && (
                <Button small onClick={() => again(it)}>
                  <Trans>Gửi lại</Trans>
                </Button>
              )}
              <Button small look="bare" onClick={() => stop(versionId)}>
                {state === 'refused' ? <Trans>Bỏ khỏi danh sách</Trans> : <Trans>Dừng gửi</Trans>}
              </Button>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
