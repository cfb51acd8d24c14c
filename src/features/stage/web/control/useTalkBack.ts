import { useLingui } from '@lingui/react/macro'
import { useRef, useState } from 'react'
import * as contract from '../../contract.ts'
import type { Wall } from '../../wall.ts'
import type { Gives } from '../media/room.ts'
import { shortName } from './names.ts'
import type { Director } from './useDirector.ts'
import type { Preview } from './usePreview.ts'
import { says } from './words.ts'

export type Talk = {
  words: string
  /** Why nobody can be talked to now; empty when one can. */
  why: string
  talking: boolean
  hold: (down: boolean) => void
}

/** Speaking to the place in preview alone, for as long as the key is held; and what this device gives the stage for it. */
export function useTalkBack(
  { sessionId, act }: Director,
  wall: Wall,
  { source, part, name }: Preview,
  { cutWhy }: { cutWhy: string },
): { talk: Talk; gives: Gives } {
  const { t } = useLingui()
  const [talking, setTalking] = useState<string>()
  const talkTo = useRef<string | undefined>(undefined)
  // The device is opened with the first word and kept: the second time nobody waits for it.
  const [hasTalked, setHasTalked] = useState(false)
  const told = useRef<Promise<unknown>>(Promise.resolve())
  const why =
    cutWhy ||
    (!source
      ? t`Chọn một nơi đã vào sân khấu để nói riêng.`
      : part && !part.connected
        ? t`Nơi này chưa nối vào sân khấu.`
        : '')
  const hold = (down: boolean) => {
    const partId = down ? source?.partId : undefined
    if (down ? why !== '' || partId === undefined : talkTo.current === undefined) return
    talkTo.current = partId
    setTalking(down ? name : undefined)
    if (down) setHasTalked(true)
    // One after the other, so that letting go never overtakes pressing.
    told.current = told.current.then(async () => {
      const done = await act(contract.talkBack, { sessionId, partId: (partId ?? null) as never }, says.talkBack)
      if (!done && down) {
        talkTo.current = undefined
        setTalking(undefined)
      }
    })
  }
  const short = shortName(name)
  const listener = talking === undefined ? undefined : wall.parts.find((one) => one.partId === talkTo.current)?.identity
  return {
    talk: {
      words: talking ? t`Đang nói với ${shortName(talking)}` : short ? t`Gọi ${short}` : t`Gọi`,
      why,
      talking: talking !== undefined,
      hold,
    },
    // The hall's console hears it, nobody else.
    gives: { camera: 'off', microphone: hasTalked, screen: false, onlyTo: listener === undefined ? [] : [listener] },
  }
}
