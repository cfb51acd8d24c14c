import { Trans, useLingui } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import { formatCount } from '../../../../kernel/figure.ts'
import type { StageState, WallSite } from '../../contract.ts'
import { isUnderWay } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'
import { faultWord, lineWord } from './words.ts'

const worst = ['lost', 'fault', 'weak', 'away', 'slow', 'good'] as const
type Key = 'name' | 'group' | 'word' | 'heads' | 'summoned' | 'hand'

/** The same halls as a table: for a screen reader, and for whoever wants another order. The order of the tiles stays. */
export function SiteTable({
  sites,
  groupName,
  state,
  onOpen,
}: {
  sites: readonly WallSite[]
  groupName: (groupId: string) => string
  state: StageState
  onOpen: (siteId: string) => void
}) {
  const { t, i18n } = useLingui()
  const [sort, setSort] = useState<{ key: Key; down: boolean } | undefined>()
  const rows = useMemo(() => {
    if (!sort) return sites
    const value = (site: WallSite): string | number =>
      sort.key === 'name'
        ? site.name
        : sort.key === 'group'
          ? groupName(site.groupId)
          : sort.key === 'word'
            ? worst.indexOf(site.word)
            : sort.key === 'heads'
              ? (site.headcount ?? -1)
              : sort.key === 'summoned'
                ? site.summoned
                : (site.handAt ?? '~')
    const order = (a: WallSite, b: WallSite) => {
      const [x, y] = [value(a), value(b)]
      return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'vi')
    }
    const sorted = sites.toSorted(order)
    return sort.down ? sorted.reverse() : sorted
  }, [sites, sort, groupName])
  const heading = (key: Key, words: string, number = false) => (
    <th
      scope="col"
      data-number={number ? '' : undefined}
      aria-sort={sort?.key === key ? (sort.down ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" onClick={() => setSort({ key, down: sort?.key === key && !sort.down })}>
        {words}
        <span aria-hidden="true">{sort?.key === key ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  )
  const before = !isUnderWay(state) && state !== 'ended'
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
    <section className={look.table} tabIndex={0} aria-label={t`Danh sách đầy đủ các điểm cầu`}>
      <table>
        <thead>
          <tr>
            {heading('name', t`Điểm cầu`)}
            {heading('group', t`Khối`)}
            {heading('word', t`Đường truyền`)}
            {heading('heads', before ? t`Sẵn sàng` : t`Có mặt`, !before)}
            {heading('summoned', t`Triệu tập`, true)}
            {heading('hand', t`Giơ tay`)}
            <th scope="col">
              <Trans>Lời gần nhất</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((site) => {
            const since = clock(site.since)
            return (
              <tr key={site.siteId}>
                <th
                  scope="row"
                  style={{ position: 'static', borderBottomColor: 'var(--line)', padding: '0.2rem 0.5rem' }}
                >
                  <button type="button" className={look.bare} onClick={() => onOpen(site.siteId)}>
                    {site.name}
                  </button>
                </th>
                <td>{groupName(site.groupId)}</td>
                <td>
                  <span
                    className={look.state}
                    data-tone={
                      site.word === 'lost' || site.word === 'fault'
                        ? 'lost'
                        : site.word === 'weak'
                          ? 'gold'
                          : site.word === 'away'
                            ? 'off'
                            : undefined
                    }
                  >
                    {i18n._(lineWord[site.word])}
                    {since && site.word !== 'good' && ` ${t`từ ${since}`}`}
                  </span>
                </td>
                {before ? (
                  <td>{site.ready ? t`sẵn sàng` : site.readyNote || t`chưa`}</td>
                ) : (
                  <td data-number="">{site.headcount === undefined ? t`chưa báo` : formatCount(site.headcount)}</td>
                )}
                <td data-number="">{formatCount(site.summoned)}</td>
                <td>{clock(site.handAt)}</td>
                <td>{site.fault ? i18n._(faultWord[site.fault]) : site.lastWord}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

/** When the room itself has no line: whom to call, from what was last known. */
export function Phones({ sites, groupName }: { sites: readonly WallSite[]; groupName: (groupId: string) => string }) {
  const { t } = useLingui()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
    <section className={look.table} tabIndex={0} aria-label={t`Danh bạ điểm cầu`}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Điểm cầu</Trans>
            </th>
            <th scope="col">
              <Trans>Khối</Trans>
            </th>
            <th scope="col">
              <Trans>Người phụ trách</Trans>
            </th>
            <th scope="col">
              <Trans>Điện thoại</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => (
            <tr key={site.siteId}>
              <th
                scope="row"
                style={{ position: 'static', borderBottomColor: 'var(--line)', padding: '0.2rem 0.5rem' }}
              >
                {site.name}
              </th>
              <td>{groupName(site.groupId)}</td>
              <td>{site.contactName || t`chưa ghi`}</td>
              <td>
                {site.contactPhone ? (
                  <a href={`tel:${site.contactPhone.replace(/\s/g, '')}`}>{site.contactPhone}</a>
                ) : (
                  t`chưa ghi`
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
