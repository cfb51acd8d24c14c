import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from './light/Icon.tsx'

/** A sheet from the right, over the page: what a number is made of, one row's details. Whole screen on a phone. Escape closes. */
export function Drawer({
  open,
  onClose,
  title,
  wide,
  children,
}: {
  open: boolean
  onClose: () => void
  title: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  const { t } = useLingui()
  const sheet = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    if (open) sheet.current?.showModal()
    else sheet.current?.close()
  }, [open])
  return (
    <dialog
      ref={sheet}
      className="dialog drawer"
      data-wide={wide ? '' : undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        if (event.target !== sheet.current) return
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === sheet.current && onClose()}
      onKeyDown={() => {}}
    >
      {open && (
        <div className="drawer-inner">
          <div className="drawer-head">
            <h2 id={id}>{title}</h2>
            <button type="button" className="btn" data-look="bare" aria-label={t`Đóng`} onClick={onClose}>
              <Icon name="close" />
            </button>
          </div>
          <div className="stack">{children}</div>
        </div>
      )}
    </dialog>
  )
}
