// The door of the stage.

import type { Desk } from '../../../platform/server/desk.ts'
import type { AnyHot } from '../../../platform/server/hot.ts'
import type { AnyTopic } from '../../../platform/server/live.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import { type MediaBeside, openMedia } from '../media/index.ts'
import { takeAlarm } from './alarms.ts'
import { hall, lectern, queue, show, wall } from './boards.ts'
import { hearNews } from './connections.ts'
import { preview, take, undoTake } from './cut.ts'
import { clearFault, reportFault, sayWord, setPicture } from './hall.ts'
import {
  callHand,
  callSite,
  finishHand,
  lowerHand,
  lowerMyHand,
  orderHands,
  raiseCallersHand,
  raiseHand,
  raiseMyHand,
} from './hands.ts'
import { join, myStages, stageReady } from './join.ts'
import { lineHistory, reportLine, watchTiles } from './line.ts'
import { onMediaNews } from './mediaServer.ts'
import { myHand } from './myHand.ts'
import { addCaller, muteHalls, readmitPart, removePart, sendMessage, setMicrophone, talkBack } from './parts.ts'
import { hideSlides, moveTopic, showSlide, standIn } from './run.ts'
import { callBreak, endStage, goOnAir, openStage } from './session.ts'
import { openSweep } from './sweep.ts'

export { heardOf } from '../heard.ts'

export const operations: AnyServed[] = [
  openStage,
  goOnAir,
  callBreak,
  endStage,
  take,
  undoTake,
  preview,
  setMicrophone,
  muteHalls,
  removePart,
  readmitPart,
  talkBack,
  sendMessage,
  takeAlarm,
  addCaller,
  raiseHand,
  lowerHand,
  raiseMyHand,
  lowerMyHand,
  myHand,
  raiseCallersHand,
  orderHands,
  callHand,
  callSite,
  finishHand,
  moveTopic,
  standIn,
  hideSlides,
  setPicture,
  reportFault,
  clearFault,
  sayWord,
  join,
  stageReady,
  myStages,
  lineHistory,
]
export const hotOperations: AnyHot[] = [showSlide, reportLine, watchTiles]
export const topics: AnyTopic[] = [show, wall, queue, lectern, hall]

export { early } from '../media/index.ts'
export { aboutPerson } from './aboutPerson.ts'
export { standsOnStage } from './store.ts'

/** The media server, an ear for who comes and goes, and the sweep. */
export async function beside(desk: Desk, beside: MediaBeside): Promise<{ stop: () => Promise<void> }> {
  const deafen = onMediaNews(desk, (news) => hearNews(desk, news))
  const media = await openMedia(desk, beside)
  const sweeping = openSweep(desk, (fault) => beside.log(fault, 'stage sweep'))
  return {
    async stop() {
      await sweeping.stop()
      await media.stop()
      deafen()
    },
  }
}
