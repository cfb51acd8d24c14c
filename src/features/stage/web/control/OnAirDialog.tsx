import { Trans } from '@lingui/react/macro'
import { formatCount } from '../../../../kernel/figure.ts'
import { Button, Dialog } from '../../../../platform/web/ui/light/index.ts'
import type { Wall } from '../../wall.ts'
import { clock } from './clock.ts'
import type { Director } from './useDirector.ts'

// Two things that are asked again before everybody sees them.

/** Before the first picture goes out. */
export function OnAirDialog({
  open,
  onClose,
  sites,
  doing,
  goOnAir,
}: {
  open: boolean
  onClose: () => void
  sites: Wall['sites']
  doing: boolean
  goOnAir: () => void
}) {
  const siteCount = formatCount(sites.length)
  const readyCount = formatCount(sites.filter((site) => site.ready).length)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={<Trans>Bắt đầu phát</Trans>}
      actions={
        <>
          <Button onClick={onClose}>
            <Trans>Quay lại</Trans>
          </Button>
          <Button
            look="go"
            doing={doing}
            onClick={() => {
              onClose()
              goOnAir()
            }}
          >
            <Trans>Bắt đầu phát</Trans>
          </Button>
        </>
      }
    >
      <p>
        <Trans>
          Từ lúc này mọi điểm cầu và người xem thấy nguồn đồng chí đưa lên. Hình của hội trường gửi về tắt đi.
        </Trans>
      </p>
      <p>
        <Trans>
          {readyCount}/{siteCount} điểm cầu đã sẵn sàng.
        </Trans>
      </p>
    </Dialog>
  )
}

/** Two directors at once: somebody else put another source on air while this one was pressed. */
export function TakenMeanwhileDialog({
  director: { question, forgetQuestion, take, taking },
  wall,
}: {
  director: Director
  wall: Wall
}) {
  const questionName = question?.name ?? ''
  const nowShown = question?.shown || wall.shown?.name || ''
  const tookBy = question?.by || wall.tookBy || ''
  const tookAt = clock(question?.at ?? wall.tookAt)
  return (
    <Dialog
      open={question !== undefined}
      onClose={forgetQuestion}
      title={<Trans>Vẫn đưa {questionName} lên phát?</Trans>}
      actions={
        <>
          <Button onClick={forgetQuestion}>
            <Trans>Để nguyên {nowShown}</Trans>
          </Button>
          <Button
            look="go"
            doing={taking}
            onClick={() => question && take(question.source, question.name, question.takeNo)}
          >
            <Trans>Vẫn đưa {questionName} lên</Trans>
          </Button>
        </>
      }
    >
      <p>
        <Trans>
          {tookBy} vừa đưa {nowShown} lên phát lúc {tookAt}, ngay trước lúc đồng chí bấm.
        </Trans>
      </p>
    </Dialog>
  )
}
