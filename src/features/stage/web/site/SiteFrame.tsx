import { Trans } from '@lingui/react/macro'
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import { Go } from '../../../../platform/web/route.tsx'
import { Icon } from '../../../../platform/web/ui/light/index.ts'
import { Sounds } from '../media/Tracks.tsx'
import styles from './site.module.css'
import { type Site, useSite } from './useSite.ts'

const SiteHere = createContext<Site | undefined>(undefined)
export const useSiteHere = (): Site => {
  const site = useContext(SiteHere)
  if (!site) throw new Error('a part of the hall outside its frame')
  return site
}

/**
 * Around every tab of a hall's console: its seat on the stage stays when somebody turns to the door, and a call is seen and felt there.
 */
export function SiteFrame({
  conferenceId,
  siteId,
  tab,
  children,
}: {
  conferenceId: string
  siteId: string
  tab: string
  children: ReactNode
}) {
  const site = useSite(conferenceId, siteId)
  const { hall, hand, room, called } = site
  const isCalled = hand?.state === 'called'
  const isHeard = hall?.microphone === true
  useShake(isCalled)
  const elsewhere = tab !== 'hoi-truong'
  return (
    <SiteHere value={site}>
      <Sounds people={room.people} />
      {elsewhere && (isCalled || isHeard || called) && (
        <div className={styles.call} role="alert">
          <Go href={`/diem-cau/${siteId}/${conferenceId}/hoi-truong`}>
            <Icon name={isHeard ? 'microphone' : called ? 'phone' : 'hand'} />
            {isHeard ? (
              <Trans>Micro hội trường đang mở</Trans>
            ) : isCalled ? (
              <Trans>Hội trường được mời: chuẩn bị lên sóng</Trans>
            ) : (
              <Trans>Phòng điều khiển đang nói với hội trường</Trans>
            )}
          </Go>
        </div>
      )}
      {children}
    </SiteHere>
  )
}

/** The phone in a pocket shakes once when the hall is called. */
function useShake(on: boolean) {
  const before = useRef(false)
  useEffect(() => {
    if (on && !before.current && 'vibrate' in navigator) navigator.vibrate([300, 150, 300, 150, 600])
    before.current = on
  }, [on])
}
