// Who may, pure: the web hides what the server would refuse. Operations on a session also ask whether the site takes part in it.
import { anyone, byRole, either, herself, type PolicyFor, type Role, signedIn } from '../../platform/rights.ts'
import type * as contract from './contract.ts'

const onSession = (roles: readonly Role[]) => byRole<{ sessionId: string }>(roles, 'session', (i) => i.sessionId)
const onSite = (roles: readonly Role[]) => byRole<{ siteId: string }>(roles, 'site', (i) => i.siteId)
const directors = onSession(['director'])
const moderators = onSession(['director', 'moderator'])
const speakers = onSession(['director', 'moderator', 'speaker'])
const halls = onSite(['siteManager', 'steward'])
const watchers = onSession(['director', 'moderator', 'organiser'])

export const policy = {
  openStage: directors,
  goOnAir: directors,
  callBreak: directors,
  endStage: directors,
  take: directors,
  undoTake: directors,
  preview: directors,
  setMicrophone: moderators,
  muteHalls: moderators,
  removePart: moderators,
  readmitPart: moderators,
  talkBack: directors,
  sendMessage: moderators,
  // The parent site takes its children's alarms; the operation asks which those are.
  takeAlarm: signedIn,
  addCaller: moderators,
  raiseHand: halls,
  lowerHand: halls,
  raiseMyHand: herself('entered'),
  lowerMyHand: herself('entered'),
  myHand: herself('entered'),
  raiseCallersHand: moderators,
  orderHands: moderators,
  callHand: moderators,
  callSite: moderators,
  finishHand: moderators,
  moveTopic: speakers,
  standIn: moderators,
  showSlide: speakers,
  hideSlides: speakers,
  setPicture: halls,
  reportFault: halls,
  clearFault: either<{ sessionId: string; siteId: string }>(halls, directors),
  sayWord: halls,
  reportLine: halls,
  watchTiles: directors,
  // Which part somebody may join as is judged by the operation: a role, a hall she keeps, or a turn she was called to.
  join: signedIn,
  stageReady: signedIn,
  myStages: signedIn,
  lineHistory: either<{ sessionId: string; siteId?: string | undefined }>(
    watchers,
    byRole(['siteManager', 'steward'], 'site', (i) => i.siteId),
  ),
  // What is on now: anybody's for a public session; for others the topic asks who she is.
  show: anyone,
  wall: watchers,
  // Names of members who ask to speak: for those who order the queue.
  queue: moderators,
  lectern: onSession(['director', 'moderator', 'speaker', 'organiser']),
  hall: either<{ sessionId: string; siteId: string }>(halls, watchers),
} satisfies PolicyFor<typeof contract>
