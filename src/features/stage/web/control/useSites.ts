import { useCallback, useMemo } from 'react'
import { groupsOf, unreportedSites, type Wall } from '../../wall.ts'
import { groupName as shortGroupName } from './names.ts'

export type Sites = ReturnType<typeof useSites>

/** Every hall by its id, the groups they stand in with the names used here, and which halls owe a headcount. */
export function useSites(wall: Wall) {
  const { sites, alarms, state } = wall
  // biome-ignore lint/correctness/useExhaustiveDependencies: groups are made of these alone
  const groups = useMemo(() => groupsOf(wall), [sites, alarms, wall.groups, state])
  const names = useMemo(() => new Map(wall.groups.map((one) => [one.groupId, shortGroupName(one.name)])), [wall.groups])
  const groupName = useCallback((id: string) => names.get(id) ?? '', [names])
  const byId = useMemo(() => new Map(sites.map((site) => [site.siteId, site])), [sites])
  const siteGroup = useCallback(
    (id: string | undefined) => groupName(byId.get(id ?? '')?.groupId ?? ''),
    [byId, groupName],
  )
  const unreported = useMemo(() => unreportedSites(alarms), [alarms])
  return { groups, groupName, byId, siteGroup, unreported }
}
