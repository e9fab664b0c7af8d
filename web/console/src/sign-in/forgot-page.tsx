import { Link } from "@tanstack/react-router";
import { call } from "@yingda/api/client";
import { solve } from "@yingda/api/puzzle";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { usePrefs } from "../lib/prefs";
import { Press } from "../lib/press";
import { useProblemText } from "../lib/problem";
import { SignInFrame } from "./frame";
import { PlainField } from "./plain-field";

/** Has a link sent to one's own address, with which a new password is chosen. What is said does not tell whether somebody has the address. */
export function ForgotPage() {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const { language } = usePrefs();
  const [email, setEmail] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  const emailId = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (email.trim() === "") {
      document.getElementById(emailId)?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const { puzzle, bits } = await call("GET", "/customer/puzzle");
      const proof = { puzzle, solution: await solve(puzzle, bits) };
      await call("POST", "/auth/recoveries", { body: { email: email.trim(), lang: language, proof } });
      setSent(true);
    } catch (reason) {
      setError(text(reason));
    } finally {
      setBusy(false);
    }
  };

  return (
    <SignInFrame title={t("forgot.title")}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <div>
          <h1>{t("forgot.title")}</h1>
          <p>{t("forgot.what")}</p>
        </div>
        {sent ? (
          <p className="notice ok" role="status">
            {t("forgot.sent")}
          </p>
        ) : (
          <>
            <PlainField
              id={emailId}
              label={t("email")}
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
            {error !== null && (
              <p className="notice hot" role="alert">
                {error}
              </p>
            )}
            <Press submits busy={busy}>
              {t("forgot.submit")}
            </Press>
          </>
        )}
        <p className="s2">
          <Link to="/sign-in" search={{}}>
            {t("forgot.back")}
          </Link>
        </p>
      </form>
    </SignInFrame>
  );
}
