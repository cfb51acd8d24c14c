// The door of the broadcast's media: the process that makes the programme.
export { type Cut, slateSource, wallClock } from './compose.ts'
export { folderOf, makeProgramme } from './make.ts'
export { type Report, type Running, runProgramme } from './programme.ts'
export { openRoom } from './room.ts'
