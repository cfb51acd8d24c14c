import { Trans } from '@lingui/react/macro'
import type { ComponentProps } from 'react'
import { Button, Dialog } from '../../../../platform/web/ui/light/index.ts'
import { AddCaller, Messages, Parts } from './Parts.tsx'

type Opened = { open: boolean; onClose: () => void }

/** Who is on the stage. */
export const PartsDialog = ({
  open,
  onClose,
  onMuteAll,
  ...parts
}: Opened & ComponentProps<typeof Parts> & { onMuteAll: () => void }) => (
  <Dialog
    open={open}
    onClose={onClose}
    title={<Trans>Trên sân khấu</Trans>}
    actions={
      <>
        <Button onClick={onMuteAll}>
          <Trans>Tắt micrô mọi hội trường</Trans>
        </Button>
        <Button onClick={onClose}>
          <Trans>Đóng</Trans>
        </Button>
      </>
    }
  >
    <Parts {...parts} />
    <AddCaller sessionId={parts.sessionId} act={parts.act} />
  </Dialog>
)

export const MessagesDialog = ({ open, onClose, ...messages }: Opened & ComponentProps<typeof Messages>) => (
  <Dialog
    open={open}
    onClose={onClose}
    title={<Trans>Nhắn</Trans>}
    actions={
      <Button onClick={onClose}>
        <Trans>Đóng</Trans>
      </Button>
    }
  >
    <Messages {...messages} />
  </Dialog>
)
