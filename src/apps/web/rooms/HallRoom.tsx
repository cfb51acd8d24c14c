import { lazy, Suspense } from 'react'
import { Player } from '../../../features/broadcast/web/index.ts'
import { HallGuard, loadHallScreen } from '../../../features/stage/web/index.ts'

const HallScreen = lazy(async () => ({ default: await loadHallScreen() }))

/** A hall's big screen: the stage's, with the broadcast's player. Whatever breaks in it, the hall reads a sentence. */
export const HallRoom = ({ conference, site }: { conference: string; site: string }) => (
  <HallGuard>
    <Suspense fallback={null}>
      <HallScreen conference={conference} site={site} Programme={Player} />
    </Suspense>
  </HallGuard>
)
