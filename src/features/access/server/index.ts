// The door of access on the server.
import type { Db } from '../../../platform/server/db.ts'
import type { Places } from '../../../platform/server/desk.ts'
import type { AnyHot } from '../../../platform/server/hot.ts'
import type { AnyTopic } from '../../../platform/server/live.ts'
import type { AnyServed } from '../../../platform/server/operate.ts'
import * as audit from './audit.ts'
import * as grants from './grants.ts'
import * as who from './me.ts'
import * as member from './memberSignIn.ts'
import * as mine from './myData.ts'
import * as staff from './staff.ts'
import * as staffSignIn from './staffSignIn.ts'
import { type DemoPerson, writeDemoPerson } from './store.ts'

export const operations: AnyServed[] = [
  who.me,
  staffSignIn.signIn,
  staffSignIn.signInTotp,
  staffSignIn.enrolTotp,
  staffSignIn.confirmTotp,
  staffSignIn.changePassword,
  who.signOut,
  who.signOutEverywhere,
  staff.seeSetup,
  staff.setUp,
  staff.seePasswordLink,
  staff.choosePassword,
  member.seeLink,
  member.enter,
  member.setPin,
  member.confirmPin,
  member.askFaceToFace,
  member.confirmFaceToFace,
  member.resetPin,
  member.copyEntryLink,
  member.forPeopleOf,
  member.revokeEntryLinks,
  grants.grant,
  grants.revokeGrant,
  grants.listGrants,
  grants.giveNameTask,
  grants.endNameTask,
  grants.listNameTasks,
  grants.findStaff,
  staff.listStaff,
  staff.createStaff,
  staff.renewPasswordLink,
  staff.setStaffDisabled,
  staff.resetTotp,
  staff.linkPerson,
  audit.log,
  audit.exportLog,
  audit.verifyLog,
  mine.looksAtMe,
  mine.myData,
  mine.exportMyData,
  who.demoPeople,
  who.playLive,
  who.enterAsDemo,
]
export const hotOperations: AnyHot[] = []
export const topics: AnyTopic[] = []
export const places: Places = {}
export const importKinds = []

export { cookieName, mintCookie, type SignedIn } from '../../../platform/server/cookie.ts'
// For the app: the edge of every process.
export { actorFromCookie, type OpenAccess, openAccess, sessionCookie } from './actor.ts'
export { identityOf } from './identity.ts'
export { sealLogs, verifyLogs } from './log.ts'
export { endEntryLinks, makeEntryLink } from './memberSignIn.ts'

// For later features, the command line and the demo.
export { aboutPerson } from './myData.ts'
export { createSetupLink } from './staff.ts'
export const { createStaff } = staff
export const { grant, revokeGrant, giveNameTask } = grants
export { setPassword } from './staff.ts'
/** Someone a visitor of the demo may look around as; the same key again replaces her. */
export const offerDemoPerson = (db: Db, person: DemoPerson, position: number) => writeDemoPerson(db, person, position)
