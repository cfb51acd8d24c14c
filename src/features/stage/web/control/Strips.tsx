import { Trans } from '@lingui/react/macro'
import { ErrorSentence } from '../../../../platform/web/ui/light/index.ts'
import look from './ControlRoom.module.css'
import { clock } from './clock.ts'
import type { Director } from './useDirector.ts'
import type { Reception } from './useReception.ts'

/** What the room itself is told: its line is gone, a deed was refused, another device has its seat, a colleague is speaking. */
export function Strips({
  director: { cutSince, trouble, forgetTrouble },
  reception: { elsewhere, again },
  talkingBy: by,
  onPhones,
}: {
  director: Director
  reception: Reception
  talkingBy: string | undefined
  onPhones: () => void
}) {
  const cutAt = clock(cutSince?.getTime())
  return (
    <div className={look.strips}>
      {cutSince && (
        <div className={look.strip} data-tone="cut" role="alert">
          <Trans>Phòng điều khiển mất mạng từ {cutAt}; chương trình vẫn phát. Hình và số là của lúc đó.</Trans>
          <button type="button" onClick={onPhones}>
            <Trans>Danh bạ điểm cầu</Trans>
          </button>
        </div>
      )}
      {trouble && (
        <div className={look.strip}>
          <ErrorSentence refused={trouble.refusal} words={trouble.words} />
          <button type="button" onClick={forgetTrouble}>
            <Trans>Đã rõ</Trans>
          </button>
        </div>
      )}
      {elsewhere && (
        <div className={look.strip} data-tone="plain" role="status">
          <Trans>Hình và tiếng của đồng chí đang nối ở máy khác. Bấm phím ở đây vẫn có tác dụng.</Trans>
          <button type="button" onClick={again}>
            <Trans>Nối ở máy này</Trans>
          </button>
        </div>
      )}
      {by !== undefined && (
        <div className={look.strip} data-tone="plain" role="status">
          <Trans>{by} đang nói riêng với một nơi.</Trans>
        </div>
      )}
    </div>
  )
}
