import { lazy } from 'react'
import { loadConsole } from '../../../features/attendance/web/index.ts'
import { loadSiteFrame, loadSiteRoom } from '../../../features/stage/web/index.ts'

const Console = lazy(async () => {
  // Together, so that a slow line shows one page and not three in turn.
  const [{ default: Shown }, Frame, Live] = await Promise.all([
    loadConsole().then((it) => ({ default: it })),
    loadSiteFrame(),
    loadSiteRoom(),
  ])
  return {
    default: (of: { site: string; conference: string; tab: string }) => <Shown {...of} Frame={Frame} Live={Live} />,
  }
})
/** The console of a hall: attendance's, with the stage around it and in its last tab. */
export const ConsoleRoom = (of: { site: string; conference: string; tab: string }) => <Console {...of} />
