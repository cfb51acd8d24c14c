import { useLingui } from '@lingui/react/macro'
import { WaitingLines } from '../../../platform/web/ui/light/index.ts'

export const Opening = ({ lines = 3 }: { lines?: number }) => {
  const { t } = useLingui()
  return <WaitingLines label={t`Đang mở`} lines={lines} />
}
