import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { Component, type ReactNode } from 'react'
import { formatClock } from '../../../../kernel/time.ts'
import type { Refusal } from '../../client.ts'
import { type LiveView, useOnline } from '../../live.ts'
import { type Words, wordsOf } from '../../refusals.tsx'
import { Button } from './Button.tsx'
import { Note, Status } from './Status.tsx'

/** Says a refusal in words. Give the operation's own sentences as `words`; the general ones are known. Shows nothing without a refusal. */
export function ErrorSentence({
  refused,
  words,
  again,
}: {
  refused: Refusal | string | undefined
  words?: Partial<Record<string, Words>>
  again?: () => void
}) {
  const { _ } = useLingui()
  if (refused === undefined) return null
  const refusal = typeof refused === 'string' ? { refused } : refused
  const sentence = wordsOf(refusal.refused, words)
  return (
    <div role="alert">
      <Note tone="bad">
        <div className="row" data-spread="">
          <span>{_({ ...sentence, values: { ...sentence.values, ...refusal.detail } })}</span>
          {again && (
            <Button small onClick={again}>
              <Trans>Thử lại</Trans>
            </Button>
          )}
        </div>
      </Note>
    </div>
  )
}

/** Catches what should not happen and says so like a person. A new `key` clears it. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <div role="alert" style={{ padding: '1.5rem 0' }}>
        <Note tone="bad">
          <p>
            <Trans>Trang này gặp lỗi khi hiện ra. Điều đã gửi vẫn được giữ trên máy chủ. Đồng chí tải lại trang.</Trans>
          </p>
          <p style={{ marginTop: '0.6rem' }}>
            <Button onClick={() => location.reload()}>
              <Trans>Tải lại trang</Trans>
            </Button>
          </p>
        </Note>
      </div>
    )
  }
}

/** A band that appears only when the device has no line. */
export function OfflineBanner() {
  const online = useOnline()
  return (
    <div role="status">
      {!online && (
        <div className="band" data-tone="bad">
          <div className="band-inner">
            <Trans>Máy này đang mất mạng. Điều đang nhập vẫn còn, có mạng thì gửi lại.</Trans>
          </div>
        </div>
      )}
    </div>
  )
}

/** How fresh live numbers are, in words. */
export function LiveLine({ view }: { view: Pick<LiveView<unknown>, 'line' | 'at' | 'refused'> }) {
  const at = view.at ? formatClock(view.at) : ''
  if (view.refused !== undefined) return <ErrorSentence refused={view.refused} />
  return (
    <span role="status">
      {view.line === 'live' ? (
        <Status tone="ok">
          <Trans>Số đang chạy, cập nhật {at}</Trans>
        </Status>
      ) : view.line === 'polling' ? (
        <Status tone="wait">
          <Trans>Số có thể chậm vài giây, cập nhật {at}</Trans>
        </Status>
      ) : view.line === 'lost' && at !== '' ? (
        <Status tone="bad">
          <Trans>Đang kết nối lại, số lúc {at}</Trans>
        </Status>
      ) : view.line === 'lost' ? (
        <Status tone="bad">
          <Trans>Đang kết nối lại</Trans>
        </Status>
      ) : (
        <Status tone="off">
          <Trans>Đang kết nối</Trans>
        </Status>
      )}
    </span>
  )
}
