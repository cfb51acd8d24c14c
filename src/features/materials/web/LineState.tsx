import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { Status } from '../../../platform/web/ui/light/index.ts'
import { type Line, printSeconds, problemWords } from './words.ts'

/** Where a file stands, in words; what is wrong with it, as a sentence. */
export function LineState({ line }: { line: Line }) {
  const { _ } = useLingui()
  const { state, pages, pagesDone, problem, problemDetail, seconds, inUse } = line
  const length = seconds === undefined ? undefined : printSeconds(seconds)
  const sentence = problem && problemWords[problem]
  return (
    <div className="stack" data-gap="s">
      {state === 'ready' ? (
        <Status tone="ok">
          {length !== undefined ? (
            <Trans>Sẵn sàng, dài {length}</Trans>
          ) : pages > 1 ? (
            <Trans>Sẵn sàng, {pages} trang</Trans>
          ) : (
            <Trans>Sẵn sàng</Trans>
          )}
        </Status>
      ) : state === 'waiting' ? (
        <Status tone="wait" said>
          <Trans>Đã nhận, đợi dựng trang</Trans>
        </Status>
      ) : state === 'working' ? (
        <Status tone="wait" said>
          {pages > 0 ? (
            <Trans>
              Đang dựng trang {pagesDone} trên {pages}
            </Trans>
          ) : (
            <Trans>Đang mở tệp</Trans>
          )}
        </Status>
      ) : (
        <Status tone="bad">
          {problem === 'stampWord' ? (
            <Trans>Bị chặn vì có dấu độ mật</Trans>
          ) : state === 'failed' ? (
            <Trans>Chưa dựng được</Trans>
          ) : (
            <Trans>Không dùng được</Trans>
          )}
        </Status>
      )}
      {sentence && <p className="small">{_({ ...sentence, values: { ...problemDetail } })}</p>}
      {inUse !== undefined && state !== 'ready' && (
        <p className="second small">
          <Trans>Trong khi đó vẫn dùng bản {inUse}.</Trans>
        </p>
      )}
    </div>
  )
}
