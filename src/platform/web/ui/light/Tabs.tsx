import type { ReactNode } from 'react'
import { Go } from '../../route.tsx'

export type Tab = { key: string; label: ReactNode; count?: string }

/** Panels of one page: «tab» roles, arrows move. The panel carries `id={tabPanelId(name)}` and role="tabpanel". */
export function Tabs({
  name,
  label,
  tabs,
  value,
  onChange,
}: {
  name: string
  label: string
  tabs: readonly Tab[]
  value: string
  onChange: (key: string) => void
}) {
  const step = (by: number) => {
    const at = tabs.findIndex((tab) => tab.key === value)
    const next = tabs[(at + by + tabs.length) % tabs.length]!
    onChange(next.key)
    document.getElementById(`${name}-tab-${next.key}`)?.focus()
  }
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') step(1)
        if (event.key === 'ArrowLeft') step(-1)
      }}
    >
      {tabs.map((tab) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          id={`${name}-tab-${tab.key}`}
          aria-selected={tab.key === value}
          aria-controls={tab.key === value ? tabPanelId(name) : undefined}
          tabIndex={tab.key === value ? 0 : -1}
          onClick={() => onChange(tab.key)}
        >
          {tab.label}
          {tab.count !== undefined && <span className="num second">{tab.count}</span>}
        </button>
      ))}
    </div>
  )
}
export const tabPanelId = (name: string) => `${name}-panel`
export const TabPanel = ({ name, value, children }: { name: string; value: string; children: ReactNode }) => (
  <div role="tabpanel" id={tabPanelId(name)} aria-labelledby={`${name}-tab-${value}`}>
    {children}
  </div>
)

/** One of a few views of the same list: «Tất cả 97.319 | Còn lại 26.558». */
export const Segments = ({
  label,
  tabs,
  value,
  onChange,
}: {
  label: string
  tabs: readonly Tab[]
  value: string
  onChange: (key: string) => void
}) => (
  <fieldset className="segments" aria-label={label}>
    {tabs.map((tab) => (
      <button key={tab.key} type="button" aria-pressed={tab.key === value} onClick={() => onChange(tab.key)}>
        {tab.label}
        {tab.count !== undefined && <span className="num">{tab.count}</span>}
      </button>
    ))}
  </fieldset>
)

/** The bar at the thumb of a phone. The page around it wears `className="has-tab-bar"`. */
export const TabBar = ({
  label,
  items,
  current,
}: {
  label: string
  items: readonly { key: string; href: string; label: ReactNode; icon: ReactNode }[]
  current: string
}) => (
  <nav className="tab-bar" aria-label={label}>
    {items.map((item) => (
      <Go key={item.key} href={item.href} aria-current={item.key === current ? 'page' : undefined}>
        {item.icon}
        <span>{item.label}</span>
      </Go>
    ))}
  </nav>
)
