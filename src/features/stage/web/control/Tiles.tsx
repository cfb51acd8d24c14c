import { Trans, useLingui } from '@lingui/react/macro'
import { useMemo } from 'react'
import { lookOf, stepIn, tilesAPage, type Wall } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { Tile } from './Tile.tsx'
import { type Director, partOf } from './useDirector.ts'
import type { Preview } from './usePreview.ts'
import type { Reception } from './useReception.ts'
import type { ShownTiles } from './useShownTiles.ts'
import type { Sites } from './useSites.ts'

/** The page of halls that stands on the wall, every hall in a place of its own. */
export function Tiles({
  director: { pick, userId },
  wall: { state, shown, previews },
  sites: { groupName, unreported },
  tiles,
  pictures,
  onPick,
}: {
  director: Director
  wall: Wall
  sites: Sites
  tiles: ShownTiles
  pictures: Reception['pictures']
  onPick: Preview['pickSite']
}) {
  const { t } = useLingui()
  const onAir = partOf(shown?.source)?.partId
  const picked = useMemo(
    () =>
      new Map(
        previews.flatMap(({ by, userId: whose, shown: { source } }) =>
          whose !== userId && source.kind === 'part' ? [[source.partId as string, by]] : [],
        ),
      ),
    [previews, userId],
  )
  return (
    <div className={look.tiles} role="listbox" aria-label={t`Các điểm cầu đang hiện`} aria-orientation="horizontal">
      {tiles.shown.map((site, index) => (
        <Tile
          key={site.siteId}
          site={site}
          look={lookOf(site, unreported, state)}
          state={state}
          group={tiles.show === 'group' ? undefined : groupName(site.groupId)}
          onAir={site.partId !== undefined && site.partId === onAir}
          mine={pick?.siteId === site.siteId}
          pickedBy={site.partId && picked.get(site.partId)}
          unreported={unreported.has(site.siteId)}
          track={site.picture || site.partId === onAir ? pictures.get(site.siteId) : undefined}
          focusable={site === tiles.current}
          at={tiles.page * tilesAPage + index}
          of={tiles.listed.length}
          onPick={onPick}
        />
      ))}
      {tiles.shown.length === 0 && <Empty tiles={tiles} />}
    </div>
  )
}

function Empty({ tiles: { show, typed } }: { tiles: ShownTiles }) {
  return (
    <p className={look.empty}>
      {show === 'attention' ? (
        <Trans>Không điểm cầu nào cần chú ý.</Trans>
      ) : show === 'hands' ? (
        <Trans>Chưa hội trường nào giơ tay.</Trans>
      ) : show === 'search' && typed !== '' ? (
        <Trans>Không có điểm cầu nào tên như vậy.</Trans>
      ) : show === 'search' ? (
        <Trans>Gõ tên điểm cầu, không cần dấu.</Trans>
      ) : (
        <Trans>Buổi này chưa có điểm cầu nào.</Trans>
      )}
    </p>
  )
}

export const focusTile = (siteId: string) =>
  document.querySelector<HTMLElement>(`[data-tile="${CSS.escape(siteId)}"]`)?.focus()

/** Where an arrow leads from the tile in hand, among so many. */
export function stepFromTile(count: number, at: number, key: string): number {
  const grid = document.activeElement?.closest('[data-tile]')?.parentElement
  // The first arrow only puts the hand on a tile.
  if (!grid) return at
  return stepIn(count, getComputedStyle(grid).gridTemplateColumns.split(' ').length, at, key)
}
