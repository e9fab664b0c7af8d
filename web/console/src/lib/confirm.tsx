import { Button, Popup } from "@yingda/antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface QuestionProps {
  ask: string;
  what: string;
  act: string;
  danger?: boolean;
  onCancel(): void;
  onConfirm(): void;
}

/** The question asked before an irreversible action, with its two answers. */
export function Question({ ask, what, act, danger = false, onCancel, onConfirm }: QuestionProps) {
  const { t } = useTranslation("shell");
  return (
    <>
      <p>{ask}</p>
      <p className="s2 t3">{what}</p>
      <div className="row ask-acts">
        <Button size="small" autoFocus onClick={onCancel}>
          {t("cancel")}
        </Button>
        <Button size="small" danger={danger} type="primary" onClick={onConfirm}>
          {act}
        </Button>
      </div>
    </>
  );
}

interface ConfirmProps {
  ask: string;
  what: string;
  act: string;
  /** Its full accessible name, if its text does not say what it acts on. */
  label?: string | undefined;
  disabled?: boolean;
  danger?: boolean;
  children: ReactNode;
  onConfirm(): void;
}

/** A button that asks once before an irreversible action. It is as plain as its neighbours; the action is red where the question is asked. */
export function Confirm({
  ask,
  what,
  act,
  label,
  disabled = false,
  danger = false,
  children,
  onConfirm,
}: ConfirmProps) {
  return (
    <Popup
      label={ask}
      className="ask"
      trigger={(props) => (
        <button {...props} type="button" className="y-text-button" aria-label={label} disabled={disabled}>
          {children}
        </button>
      )}
    >
      {(close) => (
        <Question
          ask={ask}
          what={what}
          act={act}
          danger={danger}
          onCancel={close}
          onConfirm={() => {
            close();
            onConfirm();
          }}
        />
      )}
    </Popup>
  );
}
