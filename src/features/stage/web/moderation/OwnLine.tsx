import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Button, Note, Section, Status } from '../../../../platform/web/ui/light/index.ts'
import type { Wants } from '../media/room.ts'
import { Picture, Sounds } from '../media/Tracks.tsx'
import { useStageRoom } from '../media/useStageRoom.ts'
import { joinSays, lineSays, problemSays } from '../media/words.ts'
import look from './Moderation.module.css'

// The moderator asks the halls in her own voice: she is on the stage by her own camera and microphone when she wants to be.
const wants: Wants = { hear: (who) => who.kind !== 'technician', see: () => false }

export function OwnLine({ sessionId, open }: { sessionId: string; open: boolean }) {
  const { t, i18n } = useLingui()
  const [here, setHere] = useState(false)
  const [camera, setCamera] = useState(true)
  const [microphone, setMicrophone] = useState(true)
  const stage = useStageRoom(here && open ? { sessionId, as: 'moderator' } : undefined, {
    wants,
    gives: { camera: camera ? 'full' : 'off', microphone, screen: false },
  })
  const { line, own, refused } = stage
  const problem = own.microphone.problem ?? own.camera.problem
  const why = refused && (joinSays as Record<string, (typeof joinSays)['ended']>)[refused.refused]
  return (
    <Section title={<Trans>Tiếng và hình của tôi</Trans>}>
      {!here || !open ? (
        <div className="stack" data-gap="s">
          <p className="second">
            <Trans>Ngồi cạnh chủ trì thì không cần. Hỏi các điểm cầu từ máy này thì nối tiếng và hình.</Trans>
          </p>
          <p>
            <Button disabled={!open} onClick={() => setHere(true)}>
              <Trans>Vào sân khấu bằng máy này</Trans>
            </Button>
          </p>
        </div>
      ) : (
        <div className="stack" data-gap="s">
          <div className="row" data-spread="">
            <Status tone={line === 'connected' ? 'ok' : line === 'lost' || line === 'reconnecting' ? 'bad' : 'wait'}>
              {i18n._(lineSays[line])}
            </Status>
            <Button small look="bare" onClick={() => setHere(false)}>
              <Trans>Rời sân khấu</Trans>
            </Button>
          </div>
          {why && line !== 'connected' && <Note tone="still">{i18n._(why)}</Note>}
          {problem && <Note>{i18n._(problemSays[problem])}</Note>}
          {own.camera.track && <Picture own={own.camera.track} mirror label={t`Hình của tôi`} className={look.own} />}
          <div className="row">
            <Button small aria-pressed={microphone} onClick={() => setMicrophone(!microphone)}>
              {microphone ? <Trans>Tắt micrô của tôi</Trans> : <Trans>Mở micrô của tôi</Trans>}
            </Button>
            <Button small aria-pressed={camera} onClick={() => setCamera(!camera)}>
              {camera ? <Trans>Tắt camera</Trans> : <Trans>Mở camera</Trans>}
            </Button>
            {stage.soundBlocked && (
              <Button small onClick={stage.startSound}>
                <Trans>Bật tiếng</Trans>
              </Button>
            )}
            {line === 'elsewhere' && (
              <Button small onClick={stage.again}>
                <Trans>Nối ở máy này</Trans>
              </Button>
            )}
          </div>
          {own.microphone.muted && (
            <p className="second">
              <Trans>Người điều khiển đang tắt micrô này.</Trans>
            </p>
          )}
          <Sounds people={stage.people} />
        </div>
      )}
    </Section>
  )
}
