import { useLingui } from '@lingui/react/macro'
import { useCallback } from 'react'
import { call } from '../../../../platform/web/client.ts'
import { say } from '../../../../platform/web/ui/light/index.ts'
import type { Alarm, Hand } from '../../contract.ts'
import * as contract from '../../contract.ts'
import type { Dialogs } from './useDialogs.ts'
import type { Director } from './useDirector.ts'
import type { ShownTiles } from './useShownTiles.ts'
import { says } from './words.ts'

export type RoomDeeds = ReturnType<typeof useRoomDeeds>

/** What is done about halls from the side: an alarm taken in hand, a raised hand called, every hall's microphone closed. */
export function useRoomDeeds({ sessionId, act }: Director, { goToSite }: ShownTiles, { openSite }: Dialogs) {
  const { t } = useLingui()
  const pressAlarm = useCallback(
    (alarm: Alarm) => {
      const first = alarm.sites[0]?.siteId
      if (!alarm.takenBy) void act(contract.takeAlarm, { sessionId, alarmKey: alarm.key, taken: true }, says.takeAlarm)
      if (alarm.kind === 'unreported' && !alarm.takenBy) {
        const count = alarm.sites.length
        // A reminder is one line on the console of each; a hundred halls are reminded a few at a time.
        void inTurns(alarm.sites, (site) =>
          call(contract.sendMessage, { sessionId, to: 'site', siteId: site.siteId, words: t`Đề nghị báo quân số` }),
        ).then(() => say(t`Đã nhắc ${count} điểm cầu báo quân số`))
        return
      }
      if (!first) return
      goToSite(first)
      if (alarm.sites.length === 1) openSite(first)
    },
    [act, sessionId, goToSite, openSite, t],
  )
  const callHand = useCallback(
    (hand: Hand) => void act(contract.callHand, { sessionId, handId: hand.handId }, says.callHand),
    [act, sessionId],
  )
  const muteAll = async () => {
    const done = await act(contract.muteHalls, { sessionId }, says.muteHalls)
    if (!done) return
    const count = done.muted
    say(count === 0 ? t`Không có micrô hội trường nào đang mở` : t`Đã tắt micrô của ${count} nơi`)
  }
  return { pressAlarm, callHand, muteAll }
}

/** Some at a time, each told once; what fails is seen on the tile, where the word does not come. */
async function inTurns<Item>(items: readonly Item[], tell: (item: Item) => Promise<unknown>) {
  for (let from = 0; from < items.length; from += 5) await Promise.all(items.slice(from, from + 5).map(tell))
}
