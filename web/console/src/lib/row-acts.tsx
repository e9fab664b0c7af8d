import { Popup } from "@yingda/antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm, Question } from "./confirm";
import { Icon } from "./icon";
import "./row-acts.css";

/** An action on a row. */
export interface Act {
  word: string;
  /** Its full accessible name, if the word alone does not say what it acts on. */
  label?: string;
  disabled?: boolean;
  /** The question asked first, if it cannot be undone. */
  asks?: { ask: string; what: string; danger?: boolean };
  run(): void;
}

interface ActsProps {
  acts: readonly Act[];
  close(): void;
}

/** All actions by name; those that need confirmation ask in the same place. */
function Menu({ acts, close }: ActsProps) {
  const [asking, setAsking] = useState<Act | null>(null);
  if (asking?.asks)
    return (
      <div className="row-acts-ask">
        <Question
          {...asking.asks}
          act={asking.word}
          onCancel={close}
          onConfirm={() => {
            close();
            asking.run();
          }}
        />
      </div>
    );
  return (
    <ul>
      {acts.map((act) => (
        <li key={act.word}>
          <button
            type="button"
            className="y-menu-item"
            disabled={act.disabled}
            onClick={() => {
              if (act.asks) setAsking(act);
              else {
                close();
                act.run();
              }
            }}
          >
            {act.word}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface RowActsProps {
  /** What the row is about. */
  name: string;
  acts: readonly Act[];
}

/** The actions for a row: hidden until the row is hovered or focused, and always behind one button, for touch too. */
export function RowActs({ name, acts }: RowActsProps) {
  const { t } = useTranslation("shell");
  if (acts.length === 0) return null;
  return (
    <span className="row-acts">
      <span className="row-acts-near">
        {acts.map((act) => {
          if (act.asks)
            return (
              <Confirm
                key={act.word}
                {...act.asks}
                label={act.label}
                act={act.word}
                disabled={act.disabled ?? false}
                onConfirm={act.run}
              >
                {act.word}
              </Confirm>
            );
          return (
            <button
              key={act.word}
              type="button"
              className="y-text-button"
              aria-label={act.label}
              disabled={act.disabled}
              onClick={act.run}
            >
              {act.word}
            </button>
          );
        })}
      </span>
      <Popup
        label={t("acts.of", { name })}
        className="row-acts-menu"
        trigger={(props) => (
          <button {...props} className="ib s" aria-label={t("acts.of", { name })} title={t("acts")}>
            <Icon name="more" />
          </button>
        )}
      >
        {(close) => <Menu acts={acts} close={close} />}
      </Popup>
    </span>
  );
}
