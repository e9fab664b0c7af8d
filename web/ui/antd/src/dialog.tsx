import { useId, useLayoutEffect, useRef, useState, type MouseEvent, type ReactNode } from "react";
import "./dialog.css";

export interface DialogProps {
  open: boolean;
  title: ReactNode;
  closeLabel: string;
  onClose(): void;
  /** `center` for a question, `end` for a drawer at the inline end of the page. */
  placement?: "center" | "end";
  width?: string;
  footer?: ReactNode;
  children: ReactNode;
}

/** The first field of a question, unless something in it asks for the focus itself; otherwise its close button, or in a drawer its title. */
const firstField =
  ":scope.y-dialog-center :is(input:not([type=checkbox], [type=radio], [type=hidden], [readonly]), textarea, select):enabled";

/**
 * A modal based on the browser's own `<dialog>`: focus is kept inside and restored afterwards, Escape closes it, the rest of the page is inert. Ant Design's
 * modal and drawer write a style element without the nonce, which our content security policy refuses.
 */
export function Dialog({
  open,
  title,
  closeLabel,
  onClose,
  placement = "center",
  width,
  footer,
  children,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const [shown, setShown] = useState(false);

  // The content is rendered once the dialog is open, so that `autoFocus` takes effect. A
  // dialog that is removed while open would not restore the focus, so it is closed first.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog || !open) return;
    dialog.showModal();
    setShown(true);
    return () => {
      dialog.close();
      setShown(false);
    };
  }, [open]);
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog || !shown || (document.activeElement !== dialog && dialog.contains(document.activeElement))) return;
    const first =
      dialog.querySelector<HTMLElement>(firstField) ??
      dialog.querySelector<HTMLElement>(":scope.y-dialog-end h2, .y-dialog-close");
    first?.focus();
  }, [shown]);

  // The second click of the double click that opened it does not count as a press outside it.
  const onBackdrop = (event: MouseEvent<HTMLDialogElement>) => {
    if (event.target === ref.current && event.detail < 2) onClose();
  };

  return (
    <dialog
      ref={ref}
      className={`y-dialog y-dialog-${placement}`}
      aria-labelledby={titleId}
      style={width ? { inlineSize: width } : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={onBackdrop}
    >
      {open && shown && (
        <div className="y-dialog-body">
          <header className="y-dialog-head">
            <h2 id={titleId} tabIndex={-1} dir="auto">
              {title}
            </h2>
            <button type="button" className="y-dialog-close" aria-label={closeLabel} onClick={onClose}>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M6 6l12 12M18 6L6 18" />
              </svg>
            </button>
          </header>
          <div className="y-dialog-content">{children}</div>
          {footer && <footer className="y-dialog-foot">{footer}</footer>}
        </div>
      )}
    </dialog>
  );
}
