import { Trans, useLingui } from '@lingui/react/macro'
import { Fragment, type KeyboardEvent, useRef } from 'react'
import { formatClock, formatDay } from '../../../kernel/time.ts'
import '../../../platform/web/look/official.css'
import type { Figures } from '../contract.ts'
import { figureColumns } from './columns.ts'
import type { ReportView } from './Report.tsx'
import look from './reports.module.css'

export type Picked = { row: string; column: string }
export const rowKey = (one: Figures, total = false) => `${one.unit.own ? 'coquan' : total ? 'tong' : one.unit.unitId}`

/** The paper itself: each figure is a button, arrows move between them, Escape leaves. */
export function Sheet({
  report,
  picked,
  onPick,
  hrefOf,
}: {
  report: ReportView
  picked: Picked | undefined
  onPick: (picked: Picked | undefined) => void
  hrefOf: (unitId: string) => string
}) {
  const { t, i18n } = useLingui()
  const table = useRef<HTMLTableElement>(null)
  const { sheet, heading } = report
  const rows = sheet.children.length > 0 ? sheet.children : [sheet]
  const asOf = new Date(sheet.asOf)
  const [, month, year] = formatDay(asOf).split('/')
  const clock = formatClock(asOf)
  const day = formatDay(asOf)
  const frozen = sheet.version !== null
  const groups = runs(figureColumns.map(({ group }) => (group ? i18n._(group) : undefined)))

  function onKey(event: KeyboardEvent) {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-at]')
    if (!cell) return
    if (event.key === 'Escape') return onPick(undefined)
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key]
    if (!step) return
    event.preventDefault()
    const [row, column] = cell.dataset.at!.split(' ').map(Number)
    table.current?.querySelector<HTMLElement>(`[data-at="${row! + step[0]!} ${column! + step[1]!}"]`)?.focus()
  }
  const line = (one: Figures, at: number, total: boolean) => {
    const key = rowKey(one, total)
    return (
      <tr key={key} className={total ? look.total : undefined}>
        <td className={look.n} style={{ textAlign: 'center' }}>
          {total ? '' : at + 1}
        </td>
        <th scope="row">
          {total ? (
            <Trans>Tổng cộng</Trans>
          ) : one.unit.own || one.unit.unitId === sheet.unit.unitId ? (
            one.unit.name
          ) : (
            <a href={hrefOf(one.unit.unitId)}>{one.unit.name}</a>
          )}
        </th>
        {figureColumns.map((column, nth) => {
          const on = picked?.row === key && picked.column === column.key
          const first = picked === undefined && at === 0 && nth === 0 && !total
          const name = total ? t`Tổng cộng` : one.unit.name
          const title = `${column.group ? `${i18n._(column.group)}, ` : ''}${i18n._(column.title)}`
          return (
            <td key={column.key} className={look.n}>
              <button
                type="button"
                className={look.figure}
                data-at={`${at} ${nth}`}
                tabIndex={on || first ? 0 : -1}
                aria-pressed={on}
                aria-label={`${column.text(one)}, ${title}, ${name}`}
                onClick={() => onPick(on ? undefined : { row: key, column: column.key })}
              >
                {column.text(one)}
              </button>
            </td>
          )
        })}
      </tr>
    )
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keys
    <section className={look.scroll} tabIndex={0} aria-label={t`Biểu số 1`}>
      <div className={`official ${look.sheet}`} lang="vi">
        {!frozen && (
          <p className={look.draft}>
            <Trans>DỰ THẢO</Trans>
          </p>
        )}
        <div className={look.head}>
          <div>
            {heading.superior && <p>{heading.superior.toLocaleUpperCase('vi')}</p>}
            <p>
              <strong>{heading.issuing.toLocaleUpperCase('vi')}</strong>
            </p>
            <p>*</p>
            <p>
              <Trans>Biểu số 1</Trans>
            </p>
          </div>
          <div>
            <p>
              <span className={look.party}>ĐẢNG CỘNG SẢN VIỆT NAM</span>
            </p>
            <p>
              <em>
                {heading.place}, ngày &nbsp;&nbsp;&nbsp;&nbsp; tháng {month} năm {year}
              </em>
            </p>
          </div>
        </div>
        <h2 className={look.title}>
          {heading.title.map((words) => (
            <span key={words}>{words}</span>
          ))}
        </h2>
        <table ref={table} onKeyDown={onKey}>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                TT
              </th>
              <th scope="col" rowSpan={2}>
                <Trans>Đơn vị</Trans>
              </th>
              {groups.map(({ name, from, length }) =>
                name === undefined ? (
                  <Fragment key={from}>
                    {figureColumns.slice(from, from + length).map(({ key, title }) => (
                      <th key={key} scope="col" rowSpan={2}>
                        {i18n._(title)}
                      </th>
                    ))}
                  </Fragment>
                ) : (
                  <th key={from} scope="colgroup" colSpan={length}>
                    {name}
                  </th>
                ),
              )}
            </tr>
            <tr>
              {figureColumns
                .filter(({ group }) => group)
                .map(({ key, title }) => (
                  <th key={key} scope="col">
                    {i18n._(title)}
                  </th>
                ))}
            </tr>
            <tr className={look.formulas}>
              <td />
              <td />
              {figureColumns.map(({ key, formula }) => (
                <td key={key}>{formula ?? ''}</td>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((one, at) => line(one, at, false))}
            {line(sheet, rows.length, true)}
          </tbody>
        </table>
        <p className={look.notes}>
          {frozen ? (
            <Trans>
              Số liệu chốt lúc {clock} ngày {day}, bản {sheet.version}.
            </Trans>
          ) : (
            <Trans>
              Số liệu đang chạy, lúc {clock} ngày {day}; chưa chốt.
            </Trans>
          )}{' '}
          <Trans>
            Đại biểu tính theo đơn vị nơi sinh hoạt; điểm cầu và hội nghị bổ sung tính theo đơn vị tổ chức. Cột D đếm
            người, không trùng với cột C.
          </Trans>
        </p>
      </div>
    </section>
  )
}

/** Neighbours of the same name as one run. */
function runs(names: readonly (string | undefined)[]) {
  const found: { name: string | undefined; from: number; length: number }[] = []
  for (const [from, name] of names.entries()) {
    const last = found.at(-1)
    if (last && last.name === name) last.length++
    else found.push({ name, from, length: 1 })
  }
  return found
}
