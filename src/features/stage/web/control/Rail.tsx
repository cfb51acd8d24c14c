import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { memo, useEffect, useRef } from 'react'
import type { Group } from '../../wall.ts'
import look from './ControlRoom.module.css'
import { Key } from './Key.tsx'
import { groupName } from './names.ts'

/** Every group with its key, every hall a small square in a place of its own, and what is wrong in words too. */
export const Rail = memo(function Rail({
  groups,
  chosen,
  onChoose,
}: {
  groups: readonly Group[]
  chosen: string | undefined
  onChoose: (groupId: string) => void
}) {
  const { t } = useLingui()
  const now = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (chosen) now.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <nav className={look.rail} aria-label={t`Khối điểm cầu`}>
      {groups.map((group) => (
        <button
          type="button"
          key={group.groupId}
          ref={group.groupId === chosen ? now : undefined}
          className={look.group}
          aria-current={group.groupId === chosen ? 'true' : undefined}
          aria-keyshortcuts={group.key}
          onClick={() => onChoose(group.groupId)}
        >
          <span className={look.groupName}>
            {group.key && <Key>{group.key}</Key>}
            <span title={group.name}>{groupName(group.name)}</span>
            {group.hands > 0 && (
              <b>
                <Plural value={group.hands} other="# giơ tay" />
              </b>
            )}
          </span>
          <span className={look.squares} aria-hidden="true">
            {group.looks.map((one, at) => (
              <i key={group.sites[at]?.siteId} data-look={one} />
            ))}
          </span>
          <Troubles group={group} />
        </button>
      ))}
    </nav>
  )
})

function Troubles({ group: { lost, oneWay, weak, away, unreported } }: { group: Group }) {
  const bad = [
    lost > 0 && <Trans key="lost">{lost} mất</Trans>,
    oneWay > 0 && <Trans key="oneWay">{oneWay} một chiều</Trans>,
  ].filter((one) => one !== false)
  const wait = [
    weak > 0 && <Trans key="weak">{weak} yếu</Trans>,
    away > 0 && <Trans key="away">{away} chưa nối</Trans>,
    unreported > 0 && <Trans key="unreported">{unreported} chưa báo</Trans>,
  ].filter((one) => one !== false)
  if (bad.length + wait.length === 0) return null
  return (
    <span className={look.groupWords}>
      <span className={look.lost}>{listed(bad)}</span>
      {bad.length > 0 && wait.length > 0 && ', '}
      <span className={look.warn}>{listed(wait)}</span>
    </span>
  )
}
const listed = (words: readonly React.ReactNode[]) => words.flatMap((one, at) => (at === 0 ? [one] : [', ', one]))
