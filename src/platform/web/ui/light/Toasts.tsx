import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useSyncExternalStore } from 'react'

// What was just done, said once, with a way back where there is one. Read out by screen readers.

type Toast = { id: number; words: ReactNode; undo?: (() => void) | undefined }
let shown: readonly Toast[] = []
let next = 1
const readers = new Set<() => void>()
const show = (toasts: readonly Toast[]) => {
  shown = toasts
  for (const reader of readers) reader()
}

/** `say(t`Đã gửi quân số`)`; with `undo` it stays 10 s instead of 6. */
export function say(words: ReactNode, { undo }: { undo?: () => void } = {}) {
  const id = next++
  show([...shown.slice(-2), { id, words, undo }])
  setTimeout(() => unsay(id), undo ? 10_000 : 6_000)
}
const unsay = (id: number) => show(shown.filter((toast) => toast.id !== id))

/** Once per page, last in its frame. */
export function Toasts() {
  const { t } = useLingui()
  const toasts = useSyncExternalStore(
    (reader) => {
      readers.add(reader)
      return () => readers.delete(reader)
    },
    () => shown,
  )
  return (
    <div className="toasts no-print" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div className="toast" key={toast.id}>
          <span>{toast.words}</span>
          {toast.undo && (
            <button
              type="button"
              className="btn"
              onClick={() => {
                unsay(toast.id)
                toast.undo?.()
              }}
            >
              {t`Hoàn lại`}
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
