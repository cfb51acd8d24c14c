import { type ReactNode, useId } from 'react'

/** `share` from 0 to 1; `undefined` means under way without a known end. The words beside it say what is being done. */
export function ProgressBar({
  label,
  share,
  words,
}: {
  label: ReactNode
  share: number | undefined
  words?: ReactNode
}) {
  const id = useId()
  const percent = share === undefined ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div className="stack" data-gap="s">
      <div className="row" data-spread="">
        <span id={id}>{label}</span>
        <span className="num second">{words ?? (percent === undefined ? '' : `${percent}%`)}</span>
      </div>
      <div
        className="progress"
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div
          className={percent === undefined ? 'waiting' : ''}
          style={{ width: percent === undefined ? '100%' : `${percent}%` }}
        />
      </div>
    </div>
  )
}
/** Grey where words will come; never a zero. */
export const Waiting = ({ width }: { width?: string }) => (
  <span className="waiting" aria-hidden="true" style={width ? { width } : undefined} />
)
export const WaitingLines = ({ lines = 4, label }: { lines?: number; label: string }) => (
  <div className="stack" role="status">
    <span className="sr">{label}</span>
    {Array.from({ length: lines }, (_, at) => `${90 - ((at * 37) % 45)}%`).map((width) => (
      <Waiting key={width} width={width} />
    ))}
  </div>
)
