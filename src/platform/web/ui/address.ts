import { useRouter, useRouterState } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { TableState } from './DataTable.tsx'

// What a desk screen shows is in its address: a link sent to a colleague opens the same page, sort and filter.

/** The words after «?», and a way to change some of them (`undefined` takes one away). Replaces the address unless `push`. */
export function useAddress(): [
  Record<string, string>,
  (change: Record<string, string | undefined>, manner?: { push?: boolean }) => void,
] {
  const router = useRouter()
  const search = useRouterState({ select: (state) => state.location.searchStr })
  const words = useMemo(() => Object.fromEntries(new URLSearchParams(search)), [search])
  const change = useCallback(
    (next: Record<string, string | undefined>, { push = false }: { push?: boolean } = {}) => {
      const { pathname, search: now } = router.history.location
      const all = new URLSearchParams(now)
      for (const [name, value] of Object.entries(next)) {
        if (value === undefined || value === '') all.delete(name)
        else all.set(name, value)
      }
      const text = all.toString()
      router.history[push ? 'push' : 'replace'](text === '' ? pathname : `${pathname}?${text}`)
    },
    [router],
  )
  return [words, change]
}

/** The state of a DataTable, kept in the address as `trang` and `xep`. `name` tells two tables of one screen apart. */
export function useTableAddress({
  size = 50,
  sort,
  name = '',
}: {
  size?: number
  sort?: string
  name?: string
} = {}): [TableState, (state: TableState) => void] {
  const [words, change] = useAddress()
  const page = Math.max(1, Number(words[`${name}trang`] ?? 1) || 1)
  const state: TableState = { page, size, sort: words[`${name}xep`] ?? sort }
  const onState = (next: TableState) =>
    change({ [`${name}trang`]: next.page > 1 ? String(next.page) : undefined, [`${name}xep`]: next.sort })
  return [state, onState]
}

/** Goes to another screen of the desk. */
export function useGo(): (href: string, manner?: { replace?: boolean }) => void {
  const router = useRouter()
  return useCallback((href, { replace = false } = {}) => router.history[replace ? 'replace' : 'push'](href), [router])
}
