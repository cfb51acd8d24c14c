export type MakeupTable = { conference_id: string; seats: number }
declare module '../../../platform/server/db.ts' {
  interface Tables {
    makeup: MakeupTable
  }
}
