import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { wordsOf } from '../../../platform/web/refusals.tsx'
import { Button, ProgressBar, Status } from '../../../platform/web/ui/light/index.ts'
import css from './materials.module.css'
import type { useBring } from './useBring.ts'
import { printBytes, sayBring } from './words.ts'

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
