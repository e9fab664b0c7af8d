import { useEffect, useId, useRef, type MouseEvent, type ReactNode } from 'react'
import './dialog.css'

export interface DialogProps {
  open: boolean
  title: ReactNode
  closeLabel: string
  onClose(): void
  /** `center` for a question, `end` for a drawer at the inline end of the page. */
  placement?: 'center' | 'end'
  width?: string
  footer?: ReactNode
  children: ReactNode
}

/**
 * A modal on the browser's own `<dialog>`: focus is kept inside and given back, Escape closes, the rest of the page is inert.
 * Ant Design's modal and drawer write a style element without the nonce, which our content security policy refuses.
 */
export function Dialog({ open, title, closeLabel, onClose, placement = 'center', width, footer, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (open && !dialog.open) dialog.showModal()
    if (!open && dialog.open) dialog.close()
  }, [open])

  const onBackdrop = (event: MouseEvent<HTMLDialogElement>) => {
    if (event.target === ref.current) onClose()
  }

  return (
    <dialog
      ref={ref}
      className={`y-dialog y-dialog-${placement}`}
      aria-labelledby={titleId}
      style={width ? { inlineSize: width } : undefined}
      onCancel={(event) => { event.preventDefault(); onClose() }}
      onMouseDown={onBackdrop}
    >
      {open && (
        <div className="y-dialog-body">
          <header className="y-dialog-head">
            <h2 id={titleId}>{title}</h2>
            <button type="button" className="y-dialog-close" aria-label={closeLabel} onClick={onClose}>
              <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18" /></svg>
            </button>
          </header>
          <div className="y-dialog-content">{children}</div>
          {footer && <footer className="y-dialog-foot">{footer}</footer>}
        </div>
      )}
    </dialog>
  )
}
