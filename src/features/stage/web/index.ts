// The door of stage for screens.

export { HallGuard } from './hall/Guard.tsx'
export { chooseDevice, type DeviceProblem, useChosenDevices, useDevices, useLevel } from './media/devices.ts'
export type { Gives, OwnTrack, RoomLine, RoomPerson, RoomSource, RoomState, Seat, Wants } from './media/room.ts'
export { Picture, Sounds } from './media/Tracks.tsx'
export { type StageSeat, useStageRoom } from './media/useStageRoom.ts'
export { joinSays, lineSays, problemSays } from './media/words.ts'
export type { PlayerState, Programme, ProgrammeProps } from './programme.ts'
/** Screens are brought when they are shown; the app lends them the programme's player. */
export const loadHallScreen = () => import('./hall/HallScreen.tsx').then((m) => m.HallScreen)
export const loadSiteFrame = () => import('./site/SiteFrame.tsx').then((m) => m.SiteFrame)
export const loadSiteRoom = () => import('./site/SiteRoom.tsx').then((m) => m.SiteRoom)
export const loadDeviceCheck = () => import('./media/DeviceCheck.tsx').then((m) => m.DeviceCheck)
