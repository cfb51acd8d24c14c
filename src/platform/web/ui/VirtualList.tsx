import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'

/** A long list that draws only what is seen: rows of `rowPx`, measured if they grow. For pages of the server use DataTable. */
export function VirtualList<Item>({
  label,
  items,
  itemKey,
  children,
  rowPx = 56,
  height = 520,
}: {
  label: string
  items: readonly Item[]
  itemKey: (item: Item) => string
  children: (item: Item, at: number) => ReactNode
  rowPx?: number
  height?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 8,
    getItemKey: (at) => itemKey(items[at]!),
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: it is no fieldset
    <div ref={box} className="virtual-list" style={{ maxHeight: height }} tabIndex={0} role="group" aria-label={label}>
      <ul style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={rows.measureElement}
            data-index={item.index}
            aria-setsize={items.length}
            aria-posinset={item.index + 1}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {children(items[item.index]!, item.index)}
          </li>
        ))}
      </ul>
    </div>
  )
}
