import { Trans } from '@lingui/react/macro'
import { Component, type ReactNode } from 'react'
import styles from './hall.module.css'

const key = 'diem-cau.man-hinh.mo-lai'
const waitsMs = [4_000, 15_000, 60_000]
const calmMs = 10 * 60_000

/** How long to wait before opening anew: longer each time within ten minutes, so that a hall never sees a screen that flickers. */
function nextWaitMs(now: number): number {
  let times: number[] = []
  try {
    times = (JSON.parse(sessionStorage.getItem(key) ?? '[]') as number[]).filter((at) => now - at < calmMs)
    sessionStorage.setItem(key, JSON.stringify([...times, now].slice(-10)))
  } catch {
    // Without a memory every wait is the middle one.
    return waitsMs[1]!
  }
  return waitsMs[Math.min(times.length, waitsMs.length - 1)]!
}

/** A hall never reads a fault's text: a sentence, and the screen opens itself anew. */
export class HallGuard extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override componentDidCatch() {
    setTimeout(() => location.reload(), nextWaitMs(Date.now()))
  }
  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <main className={styles.hall}>
        <div className={styles.words}>
          <h1>
            <Trans>Màn hình đang tự mở lại</Trans>
          </h1>
          <p>
            <Trans>Mời các đồng chí chờ ít giây. Điều đã ghi vẫn còn, không ai bị tính vắng.</Trans>
          </p>
        </div>
      </main>
    )
  }
}
