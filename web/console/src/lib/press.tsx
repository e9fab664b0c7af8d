import "@yingda/antd/button.css";
import type { ReactNode } from "react";

interface PressProps {
  submits?: boolean;
  busy?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
  children: ReactNode;
  onClick?(): void;
}

/**
 * The primary button of pages that load no component library. While it is working, a press
 * does nothing, but it keeps its name and the focus; a double click counts as one press.
 */
export function Press({
  submits = false,
  busy = false,
  disabled = false,
  autoFocus = false,
  children,
  onClick,
}: PressProps) {
  return (
    <button
      type={submits ? "submit" : "button"}
      className="press"
      disabled={disabled}
      autoFocus={autoFocus}
      aria-disabled={busy ? true : undefined}
      onClick={(event) => {
        if (busy || event.detail > 1) event.preventDefault();
        else onClick?.();
      }}
    >
      {busy && <span className="y-spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}
