import { Button } from "@yingda/antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";

/** How long something can be undone, in milliseconds. */
const forMs = 8000;

export interface Undone {
  key: number;
  text: string;
  act(): void;
}

/** What was just done, and the button that undoes it. */
export function UndoBar({ undo, onOver }: { undo: Undone | null; onOver(): void }) {
  const { t } = useTranslation("knowledge");
  // The bar stays while the pointer or the focus is on it.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!undo || held) return;
    const timer = setTimeout(onOver, forMs);
    return () => clearTimeout(timer);
  }, [undo, held, onOver]);
  return (
    <div className="kn-undo" role="status">
      {undo && (
        <p
          className="toast"
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <Icon name="check" />
          <span>{undo.text}</span>
          <Button
            size="small"
            type="link"
            onClick={() => {
              setHeld(false);
              onOver();
              undo.act();
            }}
          >
            {t("undo")}
          </Button>
        </p>
      )}
    </div>
  );
}
