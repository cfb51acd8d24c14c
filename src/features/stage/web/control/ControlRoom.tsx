import { Trans, useLingui } from '@lingui/react/macro'
import { useTopic } from '../../../../platform/web/live.ts'
import { Toasts } from '../../../../platform/web/ui/light/index.ts'
import * as contract from '../../contract.ts'
import type { Wall } from '../../wall.ts'
import { Sounds } from '../media/Tracks.tsx'
import type { Programme as ProgrammePlayer } from '../programme.ts'
import look from './ControlRoom.module.css'
import { useDarkRoom } from './darkRoom.ts'
import { KeyHints } from './KeyHints.tsx'
import { KeysDialog } from './KeysDialog.tsx'
import { backToRoom } from './keys.ts'
import { Monitors, type ProgrammeNews } from './Monitors.tsx'
import { OnAirDialog, TakenMeanwhileDialog } from './OnAirDialog.tsx'
import { NoRoom, Opening } from './Opening.tsx'
import { MessagesDialog, PartsDialog } from './PartsDialog.tsx'
import { Rail } from './Rail.tsx'
import { RunOfShow } from './RunOfShow.tsx'
import { SessionDialog, TopicDialog } from './SessionDialog.tsx'
import { Alarms, Queue, Screens } from './Side.tsx'
import { SiteDialog } from './SiteDialog.tsx'
import { Phones, SiteTable } from './SiteTable.tsx'
import { SourcesDialog } from './SourcesDialog.tsx'
import { Strips } from './Strips.tsx'
import { Tiles } from './Tiles.tsx'
import { Figures, Tool, Top } from './Top.tsx'
import { soundAlarm } from './tone.ts'
import { useAnnouncements } from './useAnnouncements.ts'
import { useDialogs } from './useDialogs.ts'
import { type Director, partSource, useDirector } from './useDirector.ts'
import { useKeptChoice } from './useKeptChoice.ts'
import { useKeyDeeds } from './useKeyDeeds.ts'
import { usePreview } from './usePreview.ts'
import { usePrimary } from './usePrimary.ts'
import { useReception } from './useReception.ts'
import { useRoomDeeds } from './useRoomDeeds.ts'
import { useShownTiles } from './useShownTiles.ts'
import { useSites } from './useSites.ts'
import { useTalkBack } from './useTalkBack.ts'
import { WallHead } from './WallHead.tsx'

/** One dark screen for 236 halls. `Programme` plays what viewers get; `programme` tells how it fares. Both are lent by the application. */
export function ControlRoom({
  session,
  Programme,
  programme,
}: {
  session: string
  Programme?: ProgrammePlayer | undefined
  programme?: ProgrammeNews | undefined
}) {
  useDarkRoom()
  const director = useDirector(session)
  const { view, wall } = director
  if (view.refused !== undefined && wall === undefined) return <NoRoom refused={view.refused} />
  if (wall === undefined) return <Opening sessionId={session} />
  return <Room director={director} wall={wall} Programme={Programme} programme={programme} />
}

function Room({
  director,
  wall,
  Programme,
  programme,
}: {
  director: Director
  wall: Wall
  Programme: ProgrammePlayer | undefined
  programme: ProgrammeNews | undefined
}) {
  const { t } = useLingui()
  const { sessionId, act, pick, choose } = director
  const { breakUntil } = useTopic(contract.show, { sessionId: sessionId as never }).snapshot ?? {}
  const [sound, setSound] = useKeptChoice('sound')
  const [letters, setLetters] = useKeptChoice('letters')
  const cut = director.cutSince !== undefined
  const cutWhy = cut ? t`Phòng điều khiển đang mất mạng, chưa đổi hình được.` : ''

  const dialogs = useDialogs()
  const sites = useSites(wall)
  const tiles = useShownTiles(wall, sites, { cut })
  const preview = usePreview(director, wall, sites, tiles)
  const { primary, doing, goOnAir } = usePrimary(director, wall, preview, {
    cutWhy,
    askOnAir: () => dialogs.open('onAir'),
  })
  const { talk, gives } = useTalkBack(director, wall, preview, { cutWhy })
  const reception = useReception(director, wall, tiles, preview, gives)
  const { loud, polite } = useAnnouncements(wall, pick, { sound })
  const deeds = useRoomDeeds(director, tiles, dialogs)
  useKeyDeeds({ director, wall, sites, tiles, preview, primary, talk, deeds, dialogs, letters })

  const { groupName } = sites
  const { people } = reception
  const { opened, open, close } = dialogs
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys of the room are heard by the window
    // biome-ignore lint/a11y/noStaticElementInteractions: this only gives the focus back after a click
    <div className={`${look.room} ${cut ? look.cut : ''}`} onClick={backToRoom}>
      <Top>
        <h1 className={look.title} title={wall.conference.name}>
          <Trans>Phòng điều khiển</Trans>, {wall.conference.name}
        </h1>
        <Figures wall={wall} />
        <span className={look.tools}>
          <Tool letter="V" onPress={() => open('parts')}>
            <Trans>Sân khấu</Trans>
          </Tool>
          <Tool letter="N" onPress={() => open('messages')}>
            <Trans>Nhắn</Trans>
          </Tool>
          <Tool letter="B" onPress={() => open('session')}>
            <Trans>Buổi họp</Trans>
          </Tool>
        </span>
      </Top>
      <Strips
        director={director}
        reception={reception}
        talkingBy={wall.talkBack?.userId === director.userId ? undefined : wall.talkBack?.by}
        onPhones={() => tiles.setShow('phones')}
      />
      <Rail
        groups={sites.groups}
        chosen={tiles.show === 'group' ? tiles.group?.groupId : undefined}
        onChoose={tiles.goTo}
      />
      <main className={look.wall} aria-label={t`Điểm cầu`}>
        <WallHead wall={wall} sites={sites} tiles={tiles} />
        {tiles.show === 'list' ? (
          <SiteTable sites={wall.sites} groupName={groupName} state={wall.state} onOpen={dialogs.openSite} />
        ) : tiles.show === 'phones' ? (
          <Phones sites={wall.sites} groupName={groupName} />
        ) : (
          <Tiles
            director={director}
            wall={wall}
            sites={sites}
            tiles={tiles}
            pictures={reception.pictures}
            onPick={preview.pickSite}
          />
        )}
      </main>
      <aside className={look.side} aria-label={t`Phát và cảnh báo`}>
        <Monitors
          director={director}
          wall={wall}
          preview={preview}
          reception={reception}
          breakUntil={breakUntil}
          primary={primary}
          talk={talk}
          onSources={() => open('sources')}
          onParts={() => open('parts')}
          Programme={Programme}
          programme={programme}
        />
        <Alarms alarms={wall.alarms} groupName={groupName} onPress={deeds.pressAlarm} />
        <Queue
          hands={wall.hands}
          topic={wall.topic}
          siteGroup={sites.siteGroup}
          onPick={preview.pickHand}
          onCall={deeds.callHand}
        />
        <Screens screens={wall.screens} slide={wall.slide} sites={wall.sites.length} />
      </aside>
      <RunOfShow run={wall.run} topic={wall.topic} onTopic={dialogs.openTopic} />
      <KeyHints
        list={tiles.show === 'list'}
        onSearch={() => tiles.filter('search')}
        onList={() => tiles.filter('list')}
        onKeys={() => open('keys')}
      />
      {reception.heard && <Sounds people={reception.heard} />}
      <p className="sr" role="alert">
        {loud}
      </p>
      <p className="sr" role="status">
        {polite}
      </p>
      <Toasts />

      <KeysDialog
        open={opened === 'keys'}
        onClose={close}
        sound={sound}
        onSound={(on) => {
          setSound(on)
          if (on) soundAlarm()
        }}
        letters={letters}
        onLetters={setLetters}
      />
      <SourcesDialog
        open={opened === 'sources'}
        onClose={close}
        sessionId={sessionId}
        wall={wall}
        people={people}
        act={act}
        onChoose={(source) => choose({ source })}
      />
      <PartsDialog
        open={opened === 'parts'}
        onClose={close}
        sessionId={sessionId}
        parts={wall.parts}
        act={act}
        onPreview={(part) => {
          if (part.siteId) preview.pickSite(part.siteId)
          else choose({ source: partSource(part.partId) })
          close()
        }}
        onMuteAll={deeds.muteAll}
      />
      <MessagesDialog
        open={opened === 'messages'}
        onClose={close}
        sessionId={sessionId}
        messages={wall.messages}
        site={preview.site}
        act={act}
      />
      <SessionDialog
        open={opened === 'session'}
        onClose={close}
        sessionId={sessionId}
        wall={wall}
        breakUntil={breakUntil}
        programme={programme}
        act={act}
      />
      <TopicDialog topicId={dialogs.topicId} onClose={close} sessionId={sessionId} run={wall.run} act={act} />
      <SiteDialog
        site={sites.byId.get(dialogs.siteId ?? '')}
        onClose={close}
        sessionId={sessionId}
        wall={wall}
        groupName={groupName}
        act={act}
        onPreview={preview.pickSite}
      />
      <OnAirDialog open={opened === 'onAir'} onClose={close} sites={wall.sites} doing={doing} goOnAir={goOnAir} />
      <TakenMeanwhileDialog director={director} wall={wall} />
    </div>
  )
}
