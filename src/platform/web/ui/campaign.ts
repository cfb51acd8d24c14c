import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import { useAddress } from './address.ts'

// The campaign a desk works on: named in the address when a link says so, else the one chosen last on this device.

const key = 'diem-cau.campaign'
const readers = new Set<() => void>()
let inMemory: string | undefined

const kept = (): string | undefined => {
  try {
    return localStorage.getItem(key) ?? inMemory
  } catch {
    return inMemory
  }
}
export function keepCampaign(campaignId: string) {
  inMemory = campaignId
  try {
    localStorage.setItem(key, campaignId)
  } catch {
    // Private windows may refuse storage; the choice then lasts for this page.
  }
  for (const reader of readers) reader()
}
const subscribe = (reader: () => void) => {
  readers.add(reader)
  return () => readers.delete(reader)
}

/** `undefined` until one is known: `useAnswer(op, campaignId && { campaignId, … })` then waits. */
export function useCampaign(): [string | undefined, (campaignId: string) => void] {
  const [{ dot }, change] = useAddress()
  const last = useSyncExternalStore(subscribe, kept)
  const choose = useCallback(
    (campaignId: string) => {
      keepCampaign(campaignId)
      change({ dot: campaignId, trang: undefined })
    },
    [change],
  )
  return [dot ?? last, choose]
}

const OwnUnit = createContext<string | undefined>(undefined)
export const OwnUnitOf = OwnUnit.Provider
/**
 * The unit at which the reader's rights in this campaign begin: what a screen opens on when its address names none.
 * `undefined` when she has the whole campaign.
 */
export const useOwnUnit = () => useContext(OwnUnit)
