import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { fold } from '../../../kernel/fold.ts'
import { Button } from './light/Button.tsx'
import { Dialog } from './light/Dialog.tsx'
import { Field, type FieldWords, TextField } from './light/Field.tsx'
import { Icon } from './light/Icon.tsx'
import { Waiting, WaitingLines } from './light/Progress.tsx'

// The organisation's tree of thousands of units: children are fetched when a unit is opened, found ones by the server.

export type OrgNode = { id: string; name: string; code?: string | undefined; hasChildren: boolean }
/** What a search finds, with the names above it: «Bắc Giang › Lục Ngạn». */
export type OrgFound = OrgNode & { above?: readonly string[] | undefined }
export type OrgSource = {
  /** Names this tree among others that are kept in memory. */
  key: string
  /** `undefined` asks for the roots. Throw when it cannot be had. */
  children: (parentId: string | undefined) => Promise<readonly OrgNode[]>
  /** The server searches without accents; at most a few dozen come back. */
  search: (typed: string) => Promise<readonly OrgFound[]>
}

const staleMs = 60_000
const rowPx = 44

type Shown = { node: OrgNode; depth: number; parent: string | undefined; at: number; of: number }

/** Lazy tree by the ARIA pattern: ↑ ↓ move, → opens, ← closes or goes up, Home, End, Enter chooses. */
export function OrgTree({
  source,
  label,
  selected,
  onSelect,
  side,
  height = 480,
}: {
  source: OrgSource
  label: string
  selected?: string | undefined
  onSelect: (node: OrgNode) => void
  /** Something short at the right of a unit: a count, a status. */
  side?: (node: OrgNode) => ReactNode
  height?: number
}) {
  const answers = useQueryClient()
  const roots = useQuery({
    queryKey: ['org', source.key, ''],
    queryFn: () => source.children(undefined),
    staleTime: staleMs,
  })
  const [kids, setKids] = useState<ReadonlyMap<string, readonly OrgNode[] | 'waiting' | 'failed'>>(new Map())
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState<string | undefined>(selected)
  const box = useRef<HTMLDivElement>(null)

  const openNode = async (node: OrgNode) => {
    setOpen((before) => new Set(before).add(node.id))
    if (Array.isArray(kids.get(node.id))) return
    setKids((before) => new Map(before).set(node.id, 'waiting'))
    const found = await answers
      .fetchQuery({
        queryKey: ['org', source.key, node.id],
        queryFn: () => source.children(node.id),
        staleTime: staleMs,
      })
      .catch(() => 'failed' as const)
    setKids((before) => new Map(before).set(node.id, found))
  }
  const closeNode = (id: string) =>
    setOpen((before) => {
      const after = new Set(before)
      after.delete(id)
      return after
    })
  // One root is opened at once: nobody comes to look at its name alone.
  const only = roots.data?.length === 1 ? roots.data[0] : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once, when the root becomes known
  useEffect(() => {
    if (only?.hasChildren) void openNode(only)
  }, [only?.id])

  const shown = useMemo(() => flatten(roots.data ?? [], kids, open), [roots.data, kids, open])
  const current = Math.max(
    0,
    shown.findIndex(({ node }) => node.id === active),
  )
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 12,
    getItemKey: (at) => shown[at]!.node.id,
  })
  const focusRow = (at: number) => {
    const to = shown[Math.min(shown.length - 1, Math.max(0, at))]
    if (!to) return
    setActive(to.node.id)
    rows.scrollToIndex(shown.indexOf(to))
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to.node.id)}"]`)?.focus(),
    )
  }
  const onKey = (event: KeyboardEvent) => {
    const here = shown[current]
    if (!here) return
    const isOpen = open.has(here.node.id)
    const right = () => (isOpen ? focusRow(current + 1) : here.node.hasChildren && void openNode(here.node))
    const left = () =>
      isOpen ? closeNode(here.node.id) : focusRow(shown.findIndex(({ node }) => node.id === here.parent))
    const acts = new Map<string, () => void>([
      ['ArrowDown', () => focusRow(current + 1)],
      ['ArrowUp', () => focusRow(current - 1)],
      ['ArrowRight', right],
      ['ArrowLeft', left],
      ['Home', () => focusRow(0)],
      ['End', () => focusRow(shown.length - 1)],
      ['Enter', () => onSelect(here.node)],
      [' ', () => onSelect(here.node)],
    ])
    const act = acts.get(event.key)
    if (!act) return
    event.preventDefault()
    act()
  }

  const { t } = useLingui()
  if (roots.isPending) return <WaitingLines label={t`Đang lấy cây đơn vị`} />
  if (roots.isError)
    return (
      <div className="empty" role="alert">
        <p>
          <Trans>Chưa lấy được cây đơn vị.</Trans>
        </p>
        <Button onClick={() => roots.refetch()}>
          <Trans>Thử lại</Trans>
        </Button>
      </div>
    )
  if (shown.length === 0)
    return (
      <div className="empty">
        <Trans>Chưa có đơn vị nào. Nhập tệp don-vi để bắt đầu.</Trans>
      </div>
    )
  return (
    <div ref={box} className="org-tree" style={{ maxHeight: height }} role="tree" aria-label={label} onKeyDown={onKey}>
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
        {rows.getVirtualItems().map((item) => {
          const { node, depth, at, of } = shown[item.index]!
          const state = kids.get(node.id)
          const isOpen = open.has(node.id)
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys
            <div
              key={item.key}
              data-node={node.id}
              className="org-row"
              role="treeitem"
              aria-level={depth + 1}
              aria-setsize={of}
              aria-posinset={at + 1}
              aria-expanded={node.hasChildren ? isOpen : undefined}
              aria-selected={node.id === selected}
              tabIndex={item.index === current ? 0 : -1}
              style={{ transform: `translateY(${item.start}px)`, paddingInlineStart: `${0.25 + depth * 1.35}rem` }}
              onFocus={() => setActive(node.id)}
              onClick={() => {
                setActive(node.id)
                onSelect(node)
              }}
            >
              {node.hasChildren ? (
                <span
                  className="tree-toggle"
                  aria-hidden="true"
                  onClick={(event) => {
                    event.stopPropagation()
                    setActive(node.id)
                    isOpen ? closeNode(node.id) : void openNode(node)
                  }}
                >
                  <Icon name={isOpen ? 'down' : 'right'} />
                </span>
              ) : (
                <span className="tree-space" />
              )}
              <span className="org-name">{node.name}</span>
              {isOpen && state === 'waiting' && <Waiting width="3em" />}
              {isOpen && state === 'failed' && (
                <span className="second small">
                  <Trans>chưa lấy được, đóng rồi mở lại</Trans>
                </span>
              )}
              {side && <span className="org-side num">{side(node)}</span>}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function flatten(
  roots: readonly OrgNode[],
  kids: ReadonlyMap<string, readonly OrgNode[] | 'waiting' | 'failed'>,
  open: ReadonlySet<string>,
): Shown[] {
  const shown: Shown[] = []
  const add = (nodes: readonly OrgNode[], depth: number, parent: string | undefined) => {
    for (const [at, node] of nodes.entries()) {
      shown.push({ node, depth, parent, at, of: nodes.length })
      const below = kids.get(node.id)
      if (open.has(node.id) && typeof below === 'object') add(below, depth + 1, node.id)
    }
  }
  add(roots, 0, undefined)
  return shown
}

/** The text after it has rested: typing asks the server once, not per letter. */
function useRested(text: string, ms = 250): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), ms)
    return () => clearTimeout(timer)
  }, [text, ms])
  return rested
}

/** Search without accents, over the tree: typing shows what is found, an empty box shows the tree. */
export function OrgFinder({
  source,
  label,
  selected,
  onSelect,
  side,
  height,
}: {
  source: OrgSource
  label: string
  selected?: string | undefined
  onSelect: (node: OrgFound) => void
  side?: (node: OrgNode) => ReactNode
  height?: number
}) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const wanted = fold(useRested(typed))
  const found = useQuery({
    queryKey: ['org-search', source.key, wanted],
    queryFn: () => source.search(wanted),
    enabled: wanted.length > 1,
    staleTime: staleMs,
  })
  return (
    <div className="stack" data-gap="s">
      <TextField
        label={t`Tìm đơn vị`}
        type="search"
        placeholder={t`Tên hoặc mã, không cần dấu`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {wanted.length > 1 ? (
        <ul className="org-found" aria-label={t`Đơn vị tìm thấy`} style={{ maxHeight: height ?? 480 }}>
          {found.isPending && (
            <li>
              <Waiting width="60%" />
            </li>
          )}
          {found.isError && (
            <li className="empty">
              <Trans>Chưa tìm được. Đồng chí thử lại sau vài giây.</Trans>
            </li>
          )}
          {found.data?.length === 0 && (
            <li className="empty">
              <Trans>Không có đơn vị nào như vậy.</Trans>
            </li>
          )}
          {found.data?.map((node) => (
            <li key={node.id}>
              <button type="button" aria-current={node.id === selected || undefined} onClick={() => onSelect(node)}>
                <span>{node.name}</span>
                <span className="second small">{[node.code, node.above?.join(' › ')].filter(Boolean).join(' · ')}</span>
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <OrgTree
          source={source}
          label={label}
          selected={selected}
          onSelect={onSelect}
          {...(side ? { side } : {})}
          {...(height ? { height } : {})}
        />
      )}
    </div>
  )
}

/** A field that holds one unit and opens a dialog to choose it. */
export function OrgTreePicker({
  source,
  value,
  onChange,
  clearable,
  disabled,
  ...words
}: FieldWords & {
  source: OrgSource
  value: { id: string; name: string } | undefined
  onChange: (node: OrgNode | undefined) => void
  clearable?: boolean
  disabled?: boolean
}) {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Field {...words}>
        {(worn) => (
          <div className="date-field">
            <button {...worn} type="button" className="input picker" disabled={disabled} onClick={() => setOpen(true)}>
              <span className={value ? '' : 'second'}>{value?.name ?? t`Chọn đơn vị`}</span>
              <Icon name="down" />
            </button>
            {clearable && value && (
              <button
                type="button"
                className="btn"
                aria-label={t`Bỏ chọn ${value.name}`}
                onClick={() => onChange(undefined)}
              >
                <Icon name="close" />
              </button>
            )}
          </div>
        )}
      </Field>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={words.label}
        actions={<Button onClick={() => setOpen(false)}>{t`Thôi`}</Button>}
      >
        <OrgFinder
          source={source}
          label={t`Cây đơn vị`}
          selected={value?.id}
          height={360}
          onSelect={(node) => {
            onChange(node)
            setOpen(false)
          }}
        />
      </Dialog>
    </>
  )
}
