import { useCallback, useEffect, useMemo, useState } from 'react'
import type { WallSite } from '../../contract.ts'
import { findSites, needsAttention, pageOf, pagesOf, tilesAPage, type Wall } from '../../wall.ts'
import type { Sites } from './useSites.ts'

export type Show = 'group' | 'attention' | 'hands' | 'search' | 'list' | 'phones'
export type ShownTiles = ReturnType<typeof useShownTiles>

/** What stands on the wall: a group, a filter, a search or a table; the page of it; and the tile in hand. */
export function useShownTiles(
  { sites, state }: Wall,
  { groups, groupName, byId, unreported }: Sites,
  { cut }: { cut: boolean },
) {
  const [show, setShow] = useState<Show>('group')
  const [groupId, setGroupId] = useState<string>()
  const [typed, setTyped] = useState('')
  const [wanted, setPage] = useState(0)
  const [cursor, setCursor] = useState<string>()
  // The telephone list opens by itself when the room is cut off, and goes when it is back.
  useEffect(() => setShow((before) => (cut ? 'phones' : before === 'phones' ? 'group' : before)), [cut])

  const group = groups.find((one) => one.groupId === groupId) ?? groups[0]
  const listed = useMemo<readonly WallSite[]>(() => {
    if (show === 'attention') return sites.filter((site) => needsAttention(site, unreported, state))
    if (show === 'hands') return sites.filter((site) => site.handAt !== undefined)
    if (show === 'search') return findSites(sites, groupName, typed)
    return group?.sites ?? []
  }, [show, sites, unreported, state, groupName, typed, group])
  const pages = pagesOf(listed.length)
  const page = Math.min(wanted, pages - 1)
  const shown = pageOf(listed, page)

  const goTo = useCallback((id: string) => {
    setGroupId(id)
    setShow('group')
    setPage(0)
    setCursor(undefined)
  }, [])
  const goToSite = useCallback(
    (siteId: string) => {
      const site = byId.get(siteId)
      if (!site) return
      const inGroup = sites.filter((one) => one.groupId === site.groupId)
      setGroupId(site.groupId)
      setShow('group')
      setPage(Math.floor(inGroup.indexOf(site) / tilesAPage))
      setCursor(siteId)
    },
    [byId, sites],
  )
  return {
    show,
    group,
    typed,
    listed,
    page,
    pages,
    shown,
    asTiles: show !== 'list' && show !== 'phones',
    /** The tile in hand: the one keys are about. */
    current: shown.find((site) => site.siteId === cursor) ?? shown[0],
    setShow,
    setPage,
    setCursor,
    goTo,
    goToSite,
    stepGroup: (by: number) => {
      const from = groups.findIndex((one) => one.groupId === group?.groupId)
      const to = groups[(from + by + groups.length) % groups.length]
      if (to) goTo(to.groupId)
    },
    type: (words: string) => {
      setTyped(words)
      setPage(0)
    },
    /** On, and off again by the same press. */
    filter: (to: Show) => {
      setPage(0)
      setTyped('')
      setShow(show === to ? 'group' : to)
    },
  }
}
