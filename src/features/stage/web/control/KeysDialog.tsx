import { Trans, useLingui } from '@lingui/react/macro'
import { Fragment } from 'react'
import { Button, Dialog } from '../../../../platform/web/ui/light/index.ts'
import look from './ControlRoom.module.css'

/** Every key of the room; whether alarms sound here, and whether letters are keys. */
export function KeysDialog({
  open,
  onClose,
  sound,
  onSound,
  letters,
  onLetters,
}: {
  open: boolean
  onClose: () => void
  sound: boolean
  onSound: (on: boolean) => void
  letters: boolean
  onLetters: (on: boolean) => void
}) {
  const { t } = useLingui()
  const keys: [string, string][] = [
    ['1 – 0, T', t`chọn khối; [ và ] sang khối bên cạnh`],
    ['← ↑ ↓ →', t`chọn điểm cầu; PageUp, PageDown sang trang`],
    ['P', t`xem trước điểm cầu đang chọn`],
    ['Enter', t`đưa lên phát`],
    ['Backspace', t`hoàn lại trong 5 giây`],
    ['Space', t`giữ để nói riêng với nơi đang xem trước`],
    ['M', t`tắt micrô mọi hội trường`],
    ['F1 – F4', t`nhận và mở cảnh báo`],
    ['A, H', t`chỉ nơi cần chú ý; chỉ nơi giơ tay`],
    ['/', t`tìm điểm cầu, không cần dấu`],
    ['L, D', t`bảng đầy đủ; danh bạ điện thoại`],
    ['I', t`chi tiết điểm cầu đang chọn`],
    ['S', t`nguồn khác: người nói, màn hình, trang chiếu, phim, bảng chờ`],
    [', .', t`trang chiếu trước, trang chiếu sau`],
    ['V, N, B', t`sân khấu; nhắn; buổi họp`],
    ['Esc', t`trở về khối`],
  ]
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={<Trans>Mọi phím tắt</Trans>}
      actions={
        <Button onClick={onClose}>
          <Trans>Đóng</Trans>
        </Button>
      }
    >
      <dl className={`${look.keyList} ${look.dialogKeys}`}>
        {keys.map(([key, words]) => (
          <Fragment key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </Fragment>
        ))}
      </dl>
      <label className="choice">
        <input type="checkbox" checked={sound} onChange={(event) => onSound(event.target.checked)} />
        <span>
          <Trans>Kêu khi nơi đang phát hoặc đang xem trước mất tín hiệu, mất tiếng</Trans>
        </span>
      </label>
      <label className="choice">
        <input type="checkbox" checked={letters} onChange={(event) => onLetters(event.target.checked)} />
        <span>
          <Trans>Dùng phím tắt bằng chữ và phím cách</Trans>
        </span>
      </label>
    </Dialog>
  )
}
