import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { usePrefs } from "../lib/prefs";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { PlainField } from "../sign-in/plain-field";
import { useWait, Wait } from "../sign-in/wait";
import type { Draft } from "./draft";
import { requestOpening, type OpeningRequested } from "./queries";

interface AddressStepProps {
  draft: Draft;
  set(change: Partial<Draft>): void;
  onSent(asked: OpeningRequested): void;
}

/** The first step: the address to which the code is sent. */
export function AddressStep({ draft: { email }, set, onSent }: AddressStepProps) {
  const { t } = useTranslation("opening");
  const { t: signIn } = useTranslation("signin");
  const text = useProblemText();
  const { language } = usePrefs();
  const id = useId();
  const [fault, setFault] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const wait = useWait();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || wait.until !== null) return;
    if (email.trim() === "") {
      document.getElementById(id)?.focus();
      return;
    }
    setBusy(true);
    setFault(null);
    setError(null);
    try {
      onSent(await requestOpening({ email: email.trim(), lang: language }));
    } catch (reason) {
      if (isProblem(reason, "too_many_requests")) wait.begin(reason);
      else if (isProblem(reason) && reason.field === "email") {
        setFault(text(reason));
        document.getElementById(id)?.focus();
      } else setError(text(reason));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <PlainField
        id={id}
        label={signIn("email")}
        hint={t("email_hint")}
        error={fault}
        type="email"
        name="email"
        autoComplete="email"
        autoFocus
        value={email}
        onChange={(event) => {
          set({ email: event.target.value });
          setFault(null);
        }}
      />
      {wait.until !== null && <Wait until={wait.until} />}
      {error !== null && (
        <p className="notice hot" role="alert">
          {error}
        </p>
      )}
      <Press submits busy={busy} disabled={wait.until !== null}>
        {t("send")}
      </Press>
    </form>
  );
}
