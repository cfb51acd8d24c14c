import { useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { formatCount, formatRatio } from '../../../kernel/figure.ts'
import { Waiting } from './light/Progress.tsx'

type Opens = { href?: string | undefined; onOpen?: (() => void) | undefined }

/** A number that opens what it is made of; plain when there is nothing to open. `undefined` is «not known yet», never 0. */
export function Count({ value, href, onOpen, label }: { value: number | undefined; label?: string } & Opens) {
  if (value === undefined) return <Waiting />
  const text = formatCount(value)
  const name = label === undefined ? undefined : `${text}, ${label}`
  if (href !== undefined)
    return (
      <a className="count num" href={href} aria-label={name}>
        {text}
      </a>
    )
  if (onOpen !== undefined)
    return (
      <button type="button" className="count num" onClick={onOpen} aria-label={name}>
        {text}
      </button>
    )
  return <span className="num">{text}</span>
}

/**
 * A ratio as it is read out: «96,0%» with «62.221 / 64.809» beside it, and the name of what it is out of.
 * Integers in, printed by the rule of kernel/figure. `note` says what the rest is.
 */
export function Figure({
  label,
  n,
  d,
  base,
  note,
  bar = true,
  href,
  onOpen,
}: {
  label: ReactNode
  n: number | undefined
  d: number | undefined
  /** «người được triệu tập» */
  base: string
  note?: ReactNode
  bar?: boolean
} & Opens) {
  const { t } = useLingui()
  const known = n !== undefined && d !== undefined
  const out = known ? `${formatCount(n)} / ${formatCount(d)}` : ''
  const made = t`xem các số tạo nên`
  return (
    <div className="figure">
      <div className="figure-label">{label}</div>
      <div className="figure-line">
        {known ? <span className="figure-ratio">{formatRatio({ n, d })}</span> : <Waiting width="4.5em" />}
        {known &&
          (href !== undefined ? (
            <a className="count num" href={href} aria-label={`${out} ${base}, ${made}`}>
              {out}
            </a>
          ) : onOpen !== undefined ? (
            <button type="button" className="count num" onClick={onOpen} aria-label={`${out} ${base}, ${made}`}>
              {out}
            </button>
          ) : (
            <span className="num">{out}</span>
          ))}
      </div>
      {bar && <ThinBar parts={known ? [{ count: n, look: '1' }] : []} total={d ?? 0} />}
      <div className="figure-base">
        {base}
        {note && <span className="figure-note">{note}</span>}
      </div>
    </div>
  )
}

export type BarLook = '1' | '2' | '3' | 'gold' | 'hatch' | 'empty'
/** A thin bar inside a cell; the numbers beside it say the same, so it is hidden from readers. */
export const ThinBar = ({ parts, total }: { parts: readonly { count: number; look: BarLook }[]; total: number }) => (
  <div className="thin-bar" aria-hidden="true">
    {total > 0 &&
      parts.map((part) => (
        <div key={part.look} data-look={part.look} style={{ width: `${(part.count / total) * 100}%` }} />
      ))}
  </div>
)

export type CoveragePart = { key: string; label: ReactNode; count: number; look: BarLook } & Opens

/** Everybody in exactly one place: one bar, and the legend is the table of its numbers. `total` must be the sum of the parts. */
export function CoverageBar({
  parts,
  total,
  base,
  caption,
}: {
  parts: readonly CoveragePart[] | undefined
  total: number | undefined
  /** «người thuộc diện» */
  base: string
  caption: string
}) {
  const { t } = useLingui()
  return (
    <div className="coverage">
      <div className="coverage-bar" aria-hidden="true">
        {parts !== undefined &&
          total !== undefined &&
          parts
            .filter(({ count }) => count > 0)
            .map((part) => <div key={part.key} data-look={part.look} style={{ flexGrow: part.count, flexBasis: 3 }} />)}
      </div>
      <table className="coverage-legend">
        <caption className="sr">{caption}</caption>
        <thead className="sr">
          <tr>
            <th scope="col">{t`Tình trạng`}</th>
            <th scope="col">{base}</th>
            <th scope="col">{t`Tỷ lệ`}</th>
          </tr>
        </thead>
        <tbody>
          {(parts ?? []).map((part) => (
            <tr key={part.key}>
              <th scope="row">
                <span className="swatch" data-look={part.look} aria-hidden="true" />
                {part.label}
              </th>
              <td>
                <Count value={part.count} href={part.href} onOpen={part.onOpen} />
              </td>
              <td className="num second">{formatRatio({ n: part.count, d: total ?? 0 })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
