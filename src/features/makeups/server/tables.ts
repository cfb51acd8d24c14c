export type MakeupTable = { conference_id: string; seats: number }
export type MakeupOfferTable = {
  id: string
  campaign_id: string
  person_id: string
  offered_at: Date
  undeliverable_at: Date | null
  answered: 'accepted' | 'declined' | null
}
declare module '../../../platform/server/db.ts' {
  interface Tables {
    makeup: MakeupTable
    makeup_offer: MakeupOfferTable
  }
}
