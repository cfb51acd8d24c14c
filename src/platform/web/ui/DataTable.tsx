import { Trans, useLingui } from '@lingui/react/macro'
import { type KeyboardEvent, type ReactNode, useRef, useState, useSyncExternalStore } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import type { Refusal } from '../client.ts'
import type { Words } from '../refusals.tsx'
import { Button } from './light/Button.tsx'
import { ErrorSentence } from './light/ErrorSentence.tsx'
import { SelectField } from './light/Field.tsx'
import { Icon } from './light/Icon.tsx'
import { Waiting } from './light/Progress.tsx'

// A table that shows what the server paged, sorted and filtered. Below 640 px its rows are cards.

export type Column<Row> = {
  /** Also the word the server sorts by. */
  key: string
  header: string
  cell: (row: Row) => ReactNode
  /** Numbers stand right in tabular digits. */
  number?: boolean
  sortable?: boolean
  width?: string
  /** On a phone: the card's title, one of its facts (default), or left out. */
  onCard?: 'title' | 'fact' | 'line' | 'hide'
}
/** `sort` is a column's key, with «-» before it for descending; page counts from 1. */
export type TableState = { page: number; size: number; sort?: string | undefined }

export type DataTableProps<Row> = {
  /** Names the table for those who hear it. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[] | undefined
  /** How many rows there are in all pages. */
  total?: number | undefined
  rowKey: (row: Row) => string
  state?: TableState
  onState?: (state: TableState) => void
  waiting?: boolean
  refreshing?: boolean
  refused?: Refusal | undefined
  refusalWords?: Partial<Record<string, Words>>
  again?: () => void
  /** What to say when there is no row: why, and what to do. */
  empty: ReactNode
  /** A first row in bold: «Toàn tỉnh». */
  totalRow?: Row | undefined
  /** Enter, → and a click on the row open it. A link or button in the first cell must do the same for those without a keyboard habit. */
  onOpen?: (row: Row) => void
  /** Rows of a tree, flattened by the caller in the order they are shown. → opens, ← closes. */
  tree?: { depth: (row: Row) => number; state: (row: Row) => 'open' | 'closed' | 'leaf'; toggle: (row: Row) => void }
  /** Ticking rows; keys of rows on other pages stay ticked. */
  selection?: {
    selected: ReadonlySet<string>
    onChange: (selected: ReadonlySet<string>) => void
    nameOf: (row: Row) => string
  }
  rowTone?: (row: Row) => 'quiet' | 'marked' | undefined
  /** Search and filters, above on the left; export and actions on the right. */
  filters?: ReactNode
  actions?: ReactNode
}

const narrow = matchMedia('(max-width: 640px)')
export const useNarrow = (): boolean =>
  useSyncExternalStore(
    (reader) => {
      narrow.addEventListener('change', reader)
      return () => narrow.removeEventListener('change', reader)
    },
    () => narrow.matches,
  )

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { filters, actions, rows, waiting, refused, refusalWords, again, empty, refreshing } = props
  const phone = useNarrow()
  const { t } = useLingui()
  const nothing = rows !== undefined && rows.length === 0
  return (
    <div className="data-table" aria-busy={waiting || refreshing || undefined}>
      {(filters || actions) && (
        <div className="data-table-tools no-print">
          <div className="row">{filters}</div>
          <div className="row">{actions}</div>
        </div>
      )}
      <ErrorSentence
        refused={refused}
        {...(refusalWords ? { words: refusalWords } : {})}
        {...(again ? { again } : {})}
      />
      {phone && <SortOnPhone {...props} />}
      {!(refused && rows === undefined) && (phone ? <Cards {...props} /> : <Grid {...props} />)}
      {nothing && <div className="empty">{empty}</div>}
      <span className="sr" role="status">
        {waiting ? t`Đang lấy số liệu` : ''}
      </span>
      <Pages {...props} />
    </div>
  )
}

function Grid<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, totalRow, selection, rowTone, refreshing } = props
  const { t } = useLingui()
  const body = useRef<HTMLTableSectionElement>(null)
  const [current, setCurrent] = useState(0)
  const moves = props.onOpen !== undefined || props.tree !== undefined
  const shown = rows ?? []
  const allTicked =
    selection !== undefined && shown.length > 0 && shown.every((row) => selection.selected.has(rowKey(row)))
  return (
    <div className="data-table-scroll" data-refreshing={refreshing ? '' : undefined}>
      <table aria-label={label} aria-rowcount={props.total}>
        <thead>
          <tr>
            {selection && (
              <th className="tick">
                <input
                  type="checkbox"
                  aria-label={t`Chọn cả trang`}
                  checked={allTicked}
                  onChange={() => selection.onChange(ticked(selection.selected, shown.map(rowKey), !allTicked))}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} {...props} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {totalRow !== undefined && (
            <tr className="total-row">
              {selection && <td />}
              {columns.map((column) => (
                <td key={column.key} className={column.number ? 'n' : undefined}>
                  {column.cell(totalRow)}
                </td>
              ))}
            </tr>
          )}
          {rows === undefined && <WaitingRows columns={columns} ticks={selection !== undefined} />}
          {shown.map((row, at) => (
            <tr
              key={rowKey(row)}
              data-tone={rowTone?.(row)}
              data-opens={props.onOpen ? '' : undefined}
              tabIndex={moves ? (at === Math.min(current, shown.length - 1) ? 0 : -1) : undefined}
              onFocus={() => setCurrent(at)}
              onKeyDown={(event) => moves && move(event, row, at, props, body.current)}
              onClick={(event) => {
                const inner = (event.target as HTMLElement).closest('a, button, input, label, select')
                if (!inner && !getSelection()?.toString()) props.onOpen?.(row)
              }}
            >
              {selection && (
                <td className="tick">
                  <input
                    type="checkbox"
                    aria-label={t`Chọn ${selection.nameOf(row)}`}
                    checked={selection.selected.has(rowKey(row))}
                    onChange={(event) =>
                      selection.onChange(ticked(selection.selected, [rowKey(row)], event.target.checked))
                    }
                  />
                </td>
              )}
              {columns.map((column, first) => (
                <td key={column.key} className={column.number ? 'n' : undefined}>
                  {first === 0 && props.tree ? (
                    <TreeCell row={row} tree={props.tree}>
                      {column.cell(row)}
                    </TreeCell>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
const ticked = (before: ReadonlySet<string>, keys: readonly string[], on: boolean): ReadonlySet<string> => {
  const after = new Set(before)
  for (const key of keys) on ? after.add(key) : after.delete(key)
  return after
}

/** ↑ ↓ between rows, → opens (or goes into) a row, ← closes it, Enter opens. Typing inside a control is left alone. */
function move<Row>(
  event: KeyboardEvent<HTMLTableRowElement>,
  row: Row,
  at: number,
  { rows = [], tree, onOpen }: DataTableProps<Row>,
  body: HTMLTableSectionElement | null,
) {
  if (event.target !== event.currentTarget && event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
  if ((event.target as HTMLElement).matches('input, select, textarea')) return
  const go = (to: number) =>
    body?.querySelectorAll<HTMLTableRowElement>('tr[tabindex]')[Math.min(rows.length - 1, Math.max(0, to))]?.focus()
  const state = tree?.state(row)
  const right = () => (state === 'closed' ? tree?.toggle(row) : state === 'open' ? go(at + 1) : onOpen?.(row))
  const left = () => {
    if (state === 'open') return tree?.toggle(row)
    if (!tree) return
    const depth = tree.depth(row)
    for (let up = at - 1; up >= 0; up--) if (tree.depth(rows[up]!) < depth) return go(up)
  }
  const acts = new Map([
    ['ArrowDown', () => go(at + 1)],
    ['ArrowUp', () => go(at - 1)],
    ['Home', () => go(0)],
    ['End', () => go(rows.length - 1)],
    ['Enter', () => onOpen?.(row)],
    ['ArrowRight', right],
    ['ArrowLeft', left],
  ])
  const act = acts.get(event.key)
  if (!act) return
  event.preventDefault()
  act()
}

function HeaderCell<Row>({ column, state, onState }: { column: Column<Row> } & DataTableProps<Row>) {
  const sorted = sortOf(column.key, state?.sort)
  return (
    <th
      scope="col"
      className={column.number ? 'n' : undefined}
      style={column.width ? { width: column.width } : undefined}
      aria-sort={sorted === 'up' ? 'ascending' : sorted === 'down' ? 'descending' : undefined}
    >
      {column.sortable && state && onState ? (
        <button type="button" onClick={() => onState({ ...state, page: 1, sort: nextSort(column, state.sort) })}>
          {column.header}
          <span className="sort-mark" aria-hidden="true">
            {sorted === 'up' ? '↑' : sorted === 'down' ? '↓' : ''}
          </span>
        </button>
      ) : (
        column.header
      )}
    </th>
  )
}
const sortOf = (key: string, sort: string | undefined) =>
  sort === key ? 'up' : sort === `-${key}` ? 'down' : undefined
/** Words go up first, numbers down first; the third press gives back the server's own order. */
const nextSort = <Row,>({ key, number }: Column<Row>, sort: string | undefined): string | undefined => {
  const [first, second] = number ? [`-${key}`, key] : [key, `-${key}`]
  return sort === first ? second : sort === second ? undefined : first
}

const TreeCell = <Row,>({
  row,
  tree,
  children,
}: {
  row: Row
  tree: NonNullable<DataTableProps<Row>['tree']>
  children: ReactNode
}) => {
  const { t } = useLingui()
  const state = tree.state(row)
  return (
    <span className="tree-cell" style={{ paddingInlineStart: `${tree.depth(row) * 1.4}rem` }}>
      {state === 'leaf' ? (
        <span className="tree-space" />
      ) : (
        <button
          type="button"
          className="tree-toggle"
          tabIndex={-1}
          aria-label={state === 'open' ? t`Thu lại` : t`Mở cấp dưới`}
          aria-expanded={state === 'open'}
          onClick={() => tree.toggle(row)}
        >
          <Icon name={state === 'open' ? 'down' : 'right'} />
        </button>
      )}
      <span>{children}</span>
    </span>
  )
}

const WaitingRows = <Row,>({ columns, ticks }: { columns: readonly Column<Row>[]; ticks: boolean }) =>
  ['a', 'b', 'c', 'd', 'e', 'f'].map((line) => (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row that waits holds nothing to focus
    <tr key={line} aria-hidden="true">
      {ticks && <td />}
      {columns.map((column, at) => (
        <td key={column.key} className={column.number ? 'n' : undefined}>
          <Waiting width={column.number ? '3.5em' : at === 0 ? '70%' : '50%'} />
        </td>
      ))}
    </tr>
  ))

function Cards<Row>({ label, columns, rows, rowKey, totalRow, onOpen, tree, selection, rowTone }: DataTableProps<Row>) {
  const { t } = useLingui()
  const title = columns.find((column) => column.onCard === 'title') ?? columns[0]!
  const lines = columns.filter((column) => column.onCard === 'line')
  const facts = columns.filter((column) => column !== title && (column.onCard ?? 'fact') === 'fact')
  const card = (row: Row, key: string, total = false) => (
    <li
      key={key}
      className="card data-card"
      data-total={total ? '' : undefined}
      data-tone={rowTone?.(row)}
      style={tree && !total ? { marginInlineStart: `${Math.min(3, tree.depth(row)) * 0.7}rem` } : undefined}
    >
      <div className="data-card-head">
        {selection && !total && (
          <input
            type="checkbox"
            aria-label={t`Chọn ${selection.nameOf(row)}`}
            checked={selection.selected.has(key)}
            onChange={(event) => selection.onChange(ticked(selection.selected, [key], event.target.checked))}
          />
        )}
        <div className="data-card-title">{title.cell(row)}</div>
      </div>
      {lines.map((column) => (
        <div key={column.key}>{column.cell(row)}</div>
      ))}
      {facts.length > 0 && (
        <dl className="data-card-facts">
          {facts.map((column) => (
            <div key={column.key}>
              <dt>{column.header}</dt>
              <dd className={column.number ? 'num' : undefined}>{column.cell(row)}</dd>
            </div>
          ))}
        </dl>
      )}
      {!total && tree && tree.state(row) !== 'leaf' && (
        <Button small look="bare" aria-expanded={tree.state(row) === 'open'} onClick={() => tree.toggle(row)}>
          {tree.state(row) === 'open' ? t`Thu lại` : t`Mở cấp dưới`}
        </Button>
      )}
      {!total && onOpen && (
        <Button small onClick={() => onOpen(row)}>
          {t`Mở`}
        </Button>
      )}
    </li>
  )
  return (
    <ul className="data-cards" aria-label={label}>
      {totalRow !== undefined && card(totalRow, 'tong', true)}
      {rows === undefined
        ? ['a', 'b', 'c'].map((key) => (
            <li key={key} className="card data-card" aria-hidden="true">
              <Waiting width="60%" />
              <Waiting width="85%" />
            </li>
          ))
        : rows.map((row) => card(row, rowKey(row)))}
    </ul>
  )
}

function SortOnPhone<Row>({ columns, state, onState }: DataTableProps<Row>) {
  const { t } = useLingui()
  const sortable = columns.filter((column) => column.sortable)
  if (!state || !onState || sortable.length === 0) return null
  return (
    <SelectField
      label={t`Xếp theo`}
      value={state.sort ?? ''}
      onChange={(event) => onState({ ...state, page: 1, sort: event.target.value || undefined })}
      options={[
        { value: '', label: t`Thứ tự sẵn có` },
        ...sortable.flatMap(({ key, header, number }) =>
          number
            ? [
                { value: `-${key}`, label: t`${header}, lớn trước` },
                { value: key, label: t`${header}, nhỏ trước` },
              ]
            : [
                { value: key, label: t`${header}, A đến Z` },
                { value: `-${key}`, label: t`${header}, Z đến A` },
              ],
        ),
      ]}
    />
  )
}

function Pages<Row>({ state, onState, total, rows }: DataTableProps<Row>) {
  const { t } = useLingui()
  if (total === undefined || rows === undefined || total === 0) return null
  const pages = state ? Math.ceil(total / state.size) : 1
  const from = state ? (state.page - 1) * state.size + 1 : 1
  const fromText = formatCount(from)
  const toText = formatCount(from + rows.length - 1)
  const totalText = formatCount(total)
  return (
    <div className="data-table-pages no-print">
      <span className="second num">
        {pages > 1 ? (
          <Trans>
            {fromText} đến {toText} trong {totalText} dòng
          </Trans>
        ) : (
          <Trans>{totalText} dòng</Trans>
        )}
      </span>
      {state && onState && pages > 1 && (
        <nav className="row" aria-label={t`Trang`}>
          <Button small disabled={state.page <= 1} onClick={() => onState({ ...state, page: state.page - 1 })}>
            <Icon name="left" />
            <Trans>Trước</Trans>
          </Button>
          <span className="num">
            {formatCount(state.page)} / {formatCount(pages)}
          </span>
          <Button small disabled={state.page >= pages} onClick={() => onState({ ...state, page: state.page + 1 })}>
            <Trans>Sau</Trans>
            <Icon name="right" />
          </Button>
        </nav>
      )}
    </div>
  )
}
