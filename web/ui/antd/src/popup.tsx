import { pressed } from "@yingda/api/keys";
import { useCallback, useId, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import "./popup.css";

export interface PopupTrigger {
  ref: RefObject<HTMLButtonElement | null>;
  type: "button";
  "aria-expanded": boolean;
  "aria-controls": string;
  "aria-haspopup": "dialog";
  onClick(): void;
}

export interface PopupProps {
  label: string;
  trigger(props: PopupTrigger): ReactNode;
  /** Where it opens: below the button, above it, or beside it at the inline end. */
  side?: "below" | "above" | "beside";
  className?: string;
  open?: boolean;
  onOpenChange?(open: boolean): void;
  children(close: () => void): ReactNode;
}

const gap = 6;

/** The position at which a box of this size stays on the page. */
export function place(
  anchor: DOMRect,
  box: { width: number; height: number },
  page: { width: number; height: number },
  side: "below" | "above" | "beside",
) {
  const clamp = (start: number, size: number, room: number) => Math.max(8, Math.min(start, room - size - 8));
  if (side === "beside")
    return {
      x: clamp(anchor.right + gap, box.width, page.width),
      y: clamp(anchor.bottom - box.height, box.height, page.height),
    };
  const below = anchor.bottom + gap;
  const above = anchor.top - gap - box.height;
  const fitsBelow = below + box.height <= page.height - 8;
  const y = side === "below" ? (fitsBelow || above < 8 ? below : above) : above >= 8 || !fitsBelow ? above : below;
  return { x: clamp(anchor.left, box.width, page.width), y: clamp(y, box.height, page.height) };
}

/** A small panel at a button, in the browser's top layer: never clipped, closed by Escape or a press elsewhere, after which focus returns to the button. */
export function Popup({ label, trigger, side = "below", className, open: wanted, onOpenChange, children }: PopupProps) {
  const [own, setOwn] = useState(false);
  const open = wanted ?? own;
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  const setOpen = useCallback(
    (next: boolean) => {
      setOwn(next);
      onOpenChange?.(next);
    },
    [onOpenChange],
  );
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, [setOpen]);

  useLayoutEffect(() => {
    const box = panel.current;
    if (!box || !open) return;
    box.showPopover();
    const arrange = () => {
      if (!button.current) return;
      const at = place(
        button.current.getBoundingClientRect(),
        box.getBoundingClientRect(),
        { width: innerWidth, height: innerHeight },
        side,
      );
      box.style.left = `${at.x}px`;
      box.style.top = `${at.y}px`;
    };
    const enter = () => {
      const first = box.querySelector<HTMLElement>(
        '[data-autofocus], [aria-checked="true"], button, a, input, select, textarea',
      );
      (first ?? box).focus();
    };
    arrange();
    // A menu can turn into a question, which is larger; and what is loaded later gets the focus that waits for it.
    const size = new ResizeObserver(() => {
      arrange();
      if (document.activeElement === box) enter();
    });
    size.observe(box);
    enter();
    addEventListener("resize", arrange);
    const away = (event: PointerEvent) => {
      if (!box.contains(event.target as Node) && !button.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", away);
    return () => {
      size.disconnect();
      removeEventListener("resize", arrange);
      removeEventListener("pointerdown", away);
      box.hidePopover();
    };
  }, [open, side, setOpen]);

  return (
    <>
      {trigger({
        ref: button,
        type: "button",
        "aria-expanded": open,
        "aria-controls": id,
        "aria-haspopup": "dialog",
        onClick: () => setOpen(!open),
      })}
      <div
        id={id}
        ref={panel}
        popover="manual"
        role="dialog"
        aria-label={label}
        tabIndex={-1}
        className={className ? `y-popup ${className}` : "y-popup"}
        onKeyDown={(event) => {
          if (pressed(event) === "Escape") {
            event.stopPropagation();
            close();
          }
        }}
        onBlur={(event) => {
          const next = event.relatedTarget as Node | null;
          if (open && next && !panel.current?.contains(next) && next !== button.current) setOpen(false);
        }}
      >
        {open && children(close)}
      </div>
    </>
  );
}
