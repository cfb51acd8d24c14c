import { useLingui } from '@lingui/react/macro'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Alarm } from '../../contract.ts'
import { isAudible, isOpen, type Wall } from '../../wall.ts'
import { useAlarmWords } from './Side.tsx'
import { soundAlarm } from './tone.ts'
import { type Pick, partOf } from './useDirector.ts'

/** What a screen reader is told, at once or when it is free: new alarms, and what has gone on air. What cannot wait also sounds. */
export function useAnnouncements(
  { sites, alarms, shown, takeNo }: Wall,
  pick: Pick | undefined,
  { sound }: { sound: boolean },
) {
  const { t } = useLingui()
  const [loud, setLoud] = useState('')
  const [polite, setPolite] = useState('')
  const words = useAlarmWords()
  const onAir = partOf(shown?.source)?.partId
  const next = partOf(pick?.source)?.partId
  const watched = useMemo(() => {
    const of = (partId: string | undefined) =>
      sites.find((site) => site.partId !== undefined && site.partId === partId)?.siteId
    return new Set([of(onAir), of(next), pick?.siteId].filter((id) => id !== undefined))
  }, [sites, onAir, next, pick?.siteId])
  const audible = alarms.filter((alarm) => isAudible(alarm, watched)).map((alarm) => alarm.key)
  useSoundOnce(audible, sound)

  const announced = useRef<Set<string> | undefined>(undefined)
  useEffect(() => {
    const before = announced.current
    announced.current = new Set(alarms.filter(isOpen).map((alarm) => alarm.key))
    if (before === undefined) return
    const fresh = alarms.filter((alarm) => isOpen(alarm) && !before.has(alarm.key))
    const sentence = (alarm: Alarm) =>
      `${words(alarm, new Date())}: ${alarm.sites.map((site) => site.name).join(', ')}.`
    const loudOnes = fresh.filter((alarm) => isAudible(alarm, watched))
    if (loudOnes.length > 0) setLoud(loudOnes.map(sentence).join(' '))
    const quiet = fresh.filter((alarm) => !loudOnes.includes(alarm))
    if (quiet.length > 0) setPolite(quiet.map(sentence).join(' '))
  }, [alarms, words, watched])

  const lastTake = useRef(takeNo)
  const name = shown?.name
  useEffect(() => {
    if (takeNo === lastTake.current) return
    lastTake.current = takeNo
    if (name) setPolite(t`Đang phát ${name}`)
  }, [takeNo, name, t])
  return { loud, polite }
}

/** A hall whose line falls while it is on air or about to be is told by sound once, and again only when it falls again. */
function useSoundOnce(keys: readonly string[], on: boolean) {
  const [told] = useState(() => new Set<string>())
  const all = keys.join('\n')
  useEffect(() => {
    const now = new Set(all === '' ? [] : all.split('\n'))
    const fresh = [...now].some((key) => !told.has(key))
    told.clear()
    for (const key of now) told.add(key)
    if (fresh && on) soundAlarm()
  }, [all, on, told])
}
