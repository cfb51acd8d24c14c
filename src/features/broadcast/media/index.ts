// The door of the broadcast's media: the process that makes the programme.
export { type Cut, type CutSource, slateSource, wallClock } from './compose.ts'
export { folderOf, holderName, makeProgramme } from './make.ts'
export { type Followed, type Report, type Running, runProgramme } from './programme.ts'
export { type OpenRoom, openRoom } from './room.ts'
