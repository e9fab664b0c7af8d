import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./icon";
import "./password-field.css";

export interface PasswordFieldProps {
  label: ReactNode;
  value: string;
  onChange(value: string): void;
  autoComplete: "current-password" | "new-password";
  error?: string | null;
  hint?: string;
  autoFocus?: boolean;
  maxLength?: number;
}

/** A password field with a button to show it and a hint when Caps Lock is on. */
export function PasswordField({
  label,
  value,
  onChange,
  autoComplete,
  error,
  hint,
  autoFocus,
  maxLength,
}: PasswordFieldProps) {
  const { t } = useTranslation("signin");
  const id = useId();
  const [caps, setCaps] = useState(false);
  const [shown, setShown] = useState(false);
  const look = (event: KeyboardEvent) => setCaps(event.getModifierState("CapsLock"));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="password">
        <input
          id={id}
          className="input"
          type={shown ? "text" : "password"}
          name="password"
          autoComplete={autoComplete}
          autoFocus={autoFocus}
          maxLength={maxLength}
          autoCapitalize="none"
          spellCheck={false}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-words`}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCaps(false)}
        />
        <button
          type="button"
          className="ib"
          aria-pressed={shown}
          aria-label={t("show")}
          title={t("show")}
          onClick={() => setShown(!shown)}
        >
          <Icon name="eye" />
        </button>
      </span>
      <span id={`${id}-words`}>
        {error ? (
          <span className="field-error">{error}</span>
        ) : caps ? (
          <span className="caps">{t("caps_lock")}</span>
        ) : hint ? (
          <span className="t3">{hint}</span>
        ) : null}
      </span>
    </div>
  );
}
