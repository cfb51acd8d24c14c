import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import look from './ControlRoom.module.css'
import { Key } from './Key.tsx'

/** The foot of the room: the keys of every minute, and where all of them stand. */
export const KeyHints = ({
  list,
  onSearch,
  onList,
  onKeys,
}: {
  list: boolean
  onSearch: () => void
  onList: () => void
  onKeys: () => void
}) => (
  <footer className={look.keys}>
    <Hint keys={['1', '–', '0', 'T']}>
      <Trans>chọn khối</Trans>
    </Hint>
    <Hint keys={['←', '↑', '↓', '→']}>
      <Trans>chọn điểm cầu</Trans>
    </Hint>
    <Hint keys={['P']}>
      <Trans>xem trước</Trans>
    </Hint>
    <Hint keys={['Enter']}>
      <Trans>đưa lên phát</Trans>
    </Hint>
    <Hint keys={['Space']}>
      <Trans>giữ để gọi</Trans>
    </Hint>
    <Hint keys={['M']}>
      <Trans>tắt tiếng hội trường</Trans>
    </Hint>
    <button type="button" aria-keyshortcuts="/" onClick={onSearch}>
      <Key>/</Key> <Trans>tìm điểm cầu</Trans>
    </button>
    <button type="button" aria-keyshortcuts="L" aria-pressed={list} onClick={onList}>
      <Key>L</Key> <Trans>bảng đầy đủ</Trans>
    </button>
    <button type="button" onClick={onKeys}>
      <Key>?</Key> <Trans>mọi phím tắt</Trans>
    </button>
  </footer>
)

const Hint = ({ keys, children }: { keys: readonly string[]; children: ReactNode }) => (
  <span>
    {keys.map((key) => (key === '–' ? '–' : <kbd key={key}>{key}</kbd>))} {children}
  </span>
)
