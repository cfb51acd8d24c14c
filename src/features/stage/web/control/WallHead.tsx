import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useMemo } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import type { WallSite } from '../../contract.ts'
import { headsOf, isUnderWay, needsAttention, type Wall } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { Key } from './Key.tsx'
import { focusTile } from './Tiles.tsx'
import type { ShownTiles } from './useShownTiles.ts'
import type { Sites } from './useSites.ts'

/** What stands on the wall in words, and the ways to another view of it. */
export function WallHead({
  wall: { sites, state },
  sites: { groupName, unreported },
  tiles,
}: {
  wall: Wall
  sites: Sites
  tiles: ShownTiles
}) {
  const { show, group, typed } = tiles
  const attention = useMemo(
    () => sites.filter((site) => needsAttention(site, unreported, state)).length,
    [sites, unreported, state],
  )
  const handsUp = useMemo(() => sites.filter((site) => site.handAt !== undefined).length, [sites])
  return (
    <div className={look.wallHead}>
      {show === 'search' && <Search tiles={tiles} />}
      <h2 className={show === 'search' ? 'sr' : undefined}>
        {show === 'group' ? (
          groupName(group?.groupId ?? '')
        ) : show === 'attention' ? (
          <Trans>Cần chú ý</Trans>
        ) : show === 'hands' ? (
          <Trans>Giơ tay</Trans>
        ) : show === 'list' ? (
          <Trans>Danh sách đầy đủ</Trans>
        ) : show === 'phones' ? (
          <Trans>Danh bạ điểm cầu</Trans>
        ) : (
          <Trans>Tìm điểm cầu</Trans>
        )}
      </h2>
      {show === 'group' && group ? (
        <GroupWords sites={group.sites} before={!isUnderWay(state) && state !== 'ended'} />
      ) : (
        <p role="status">
          {show === 'search' && typed === '' ? (
            ''
          ) : (
            <Trans>{formatCount((tiles.asTiles ? tiles.listed : sites).length)} điểm cầu</Trans>
          )}
        </p>
      )}
      <div className={look.filters}>
        {tiles.pages > 1 && tiles.asTiles && <Pager page={tiles.page} pages={tiles.pages} onPage={tiles.setPage} />}
        <Filter on={show === 'group'} onPress={() => tiles.setShow('group')}>
          <Trans>Cả khối</Trans>
        </Filter>
        <Filter on={show === 'attention'} letter="A" onPress={() => tiles.filter('attention')}>
          <Trans>Cần chú ý</Trans> {attention > 0 && formatCount(attention)}
        </Filter>
        <Filter on={show === 'hands'} letter="H" onPress={() => tiles.filter('hands')}>
          <Trans>Giơ tay</Trans> {handsUp > 0 && formatCount(handsUp)}
        </Filter>
      </div>
    </div>
  )
}

function Search({ tiles: { typed, type, filter, shown, setCursor } }: { tiles: ShownTiles }) {
  const { t } = useLingui()
  return (
    <input
      className={look.search}
      type="search"
      aria-label={t`Tìm điểm cầu`}
      placeholder={t`Tên điểm cầu hoặc khối`}
      value={typed}
      // biome-ignore lint/a11y/noAutofocus: the key / asks for this very field
      autoFocus
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') filter('search')
        if ((event.key === 'Enter' || event.key === 'ArrowDown') && shown[0]) {
          event.preventDefault()
          setCursor(shown[0].siteId)
          focusTile(shown[0].siteId)
        }
      }}
    />
  )
}

function GroupWords({ sites, before }: { sites: readonly WallSite[]; before: boolean }) {
  const heads = headsOf(sites)
  const all = formatCount(heads.sites)
  if (before) {
    const ready = formatCount(sites.filter((site) => site.ready).length)
    return (
      <p>
        <Trans>
          {ready}/{all} đã sẵn sàng
        </Trans>
      </p>
    )
  }
  const reported = formatCount(heads.reported)
  const present = formatCount(heads.present)
  const summoned = formatCount(heads.summoned)
  return (
    <p>
      <Trans>
        {reported}/{all} đã báo
      </Trans>
      <i className={look.rule} />
      <b>{present}</b> <Trans>có mặt / {summoned} triệu tập</Trans>
    </p>
  )
}

const Filter = ({
  on,
  letter,
  onPress,
  children,
}: {
  on: boolean
  letter?: string
  onPress: () => void
  children: ReactNode
}) => (
  <button type="button" className={look.filter} aria-pressed={on} aria-keyshortcuts={letter} onClick={onPress}>
    {children} {letter && <Key>{letter}</Key>}
  </button>
)

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useLingui()
  const now = page + 1
  return (
    <span className={look.pager}>
      <button type="button" disabled={page === 0} aria-label={t`Trang trước`} onClick={() => onPage(page - 1)}>
        ‹
      </button>
      <Trans>
        trang {now}/{pages}
      </Trans>
      <button type="button" disabled={now === pages} aria-label={t`Trang sau`} onClick={() => onPage(page + 1)}>
        ›
      </button>
    </span>
  )
}
