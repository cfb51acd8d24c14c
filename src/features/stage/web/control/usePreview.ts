import { useLingui } from '@lingui/react/macro'
import { useCallback } from 'react'
import type { Hand } from '../../contract.ts'
import type { Wall } from '../../wall.ts'
import { clock } from './clock.ts'
import { placeName } from './names.ts'
import { type Director, partOf, partSource } from './useDirector.ts'
import type { ShownTiles } from './useShownTiles.ts'
import type { Sites } from './useSites.ts'

export type Preview = ReturnType<typeof usePreview>

/** What is in my preview, as a hall, as a part and in words; and how a hall or a raised hand comes into it. */
export function usePreview(
  { pick, choose, userId }: Director,
  wall: Wall,
  { byId, groupName }: Sites,
  { goToSite, setCursor }: ShownTiles,
) {
  const { t } = useLingui()
  const source = partOf(pick?.source)
  const site = pick?.siteId ? byId.get(pick.siteId) : undefined
  const part = wall.parts.find((one) => one.partId === source?.partId)
  const page1 = wall.slide?.page
  const name = (): string => {
    if (!pick) return ''
    if (site) return placeName(site.name)
    if (part) return source?.screen ? t`Màn hình của ${part.name}` : part.name
    if (pick.source?.kind === 'slides') return page1 ? t`Trang chiếu ${page1}` : t`Trang chiếu`
    if (pick.source?.kind === 'slate') return pick.source.words || t`Bảng chờ`
    return wall.previews.find((one) => one.userId === userId)?.shown.name ?? t`Phim`
  }
  const hand = wall.hands.find(
    ({ state, siteId }) => state !== 'done' && siteId !== undefined && siteId === pick?.siteId,
  )
  const pickSite = useCallback(
    (siteId: string) => {
      setCursor(siteId)
      const partId = byId.get(siteId)?.partId
      choose(partId ? { siteId, source: partSource(partId) } : { siteId })
    },
    [byId, choose, setCursor],
  )
  const pickHand = useCallback(
    ({ siteId, partId }: Hand) => {
      if (siteId) {
        goToSite(siteId)
        pickSite(siteId)
      } else if (partId) choose({ source: partSource(partId) })
    },
    [goToSite, pickSite, choose],
  )
  return {
    pick,
    source,
    site,
    part,
    name: name(),
    detail: site ? groupName(site.groupId) : (part?.unit ?? ''),
    waitsUntil: hand && wall.topic?.phase === 'deliver' ? clock(wall.topic.questionsAt) : undefined,
    pickSite,
    pickHand,
  }
}
