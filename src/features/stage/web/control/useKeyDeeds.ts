import * as contract from '../../contract.ts'
import { inOrder, isOpen, type Wall } from '../../wall.ts'
import { useRoomKeys } from './keys.ts'
import { alarmKeys } from './Side.tsx'
import { turn } from './SourcesDialog.tsx'
import { focusTile, stepFromTile } from './Tiles.tsx'
import type { Dialogs } from './useDialogs.ts'
import { type Director, isOpenStage } from './useDirector.ts'
import type { Preview } from './usePreview.ts'
import type { Primary } from './usePrimary.ts'
import type { RoomDeeds } from './useRoomDeeds.ts'
import type { ShownTiles } from './useShownTiles.ts'
import type { Sites } from './useSites.ts'
import type { Talk } from './useTalkBack.ts'
import { says } from './words.ts'

/** What every key of the room does. */
export function useKeyDeeds({
  director: { sessionId, act, undo, undoTake, cutSince },
  wall: { state, alarms, slide },
  sites: { groups },
  tiles,
  preview: { pickSite },
  primary,
  talk: { hold },
  deeds: { pressAlarm, muteAll },
  dialogs: { open, openSite },
  letters,
}: {
  director: Director
  wall: Wall
  sites: Sites
  tiles: ShownTiles
  preview: Preview
  primary: Primary | undefined
  talk: Talk
  deeds: RoomDeeds
  dialogs: Dialogs
  letters: boolean
}) {
  const { show, shown, page, pages, current, filter, setPage } = tiles
  const turnSlide = (by: number) => slide && void act(contract.showSlide, turn(sessionId, slide, by), says.showSlide)
  const byName = new Map<string, () => void>([
    ['[', () => tiles.stepGroup(-1)],
    [']', () => tiles.stepGroup(1)],
    ['PageDown', () => setPage(Math.min(pages - 1, page + 1))],
    ['PageUp', () => setPage(Math.max(0, page - 1))],
    ['P', () => current && pickSite(current.siteId)],
    ['Enter', () => primary?.why === '' && !primary.doing && primary.run()],
    ['Backspace', () => undo && void undoTake()],
    ['M', () => cutSince === undefined && isOpenStage(state) && void muteAll()],
    ['A', () => filter('attention')],
    ['H', () => filter('hands')],
    ['L', () => filter('list')],
    ['D', () => filter('phones')],
    ['S', () => open('sources')],
    ['V', () => open('parts')],
    ['N', () => open('messages')],
    ['B', () => open('session')],
    ['I', () => current && openSite(current.siteId)],
    ['/', () => tiles.setShow('search')],
    ['?', () => open('keys')],
    [',', () => turnSlide(-1)],
    ['.', () => turnSlide(1)],
    ['Escape', () => show !== 'group' && filter(show)],
  ])
  const step = (key: string): boolean => {
    if (!tiles.asTiles || !current) return false
    const site = shown[stepFromTile(shown.length, shown.indexOf(current), key)]
    if (site) {
      tiles.setCursor(site.siteId)
      focusTile(site.siteId)
    }
    return true
  }
  const press = (key: string): boolean => {
    const group = groups.find((one) => one.key === key)
    const alarmAt = (alarmKeys as readonly string[]).indexOf(key)
    if (group) tiles.goTo(group.groupId)
    else if (alarmAt >= 0) {
      const alarm = inOrder(alarms)[alarmAt]
      if (alarm && isOpen(alarm)) pressAlarm(alarm)
    } else if (key.startsWith('Arrow')) return step(key)
    else byName.get(key)?.()
    return group !== undefined || alarmAt >= 0 || byName.has(key)
  }
  useRoomKeys(press, hold, { letters })
}
