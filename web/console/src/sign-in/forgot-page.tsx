import { Link, useSearch } from "@tanstack/react-router";
import { call } from "@yingda/api/client";
import { solve } from "@yingda/api/puzzle";
import { useId, useState, type FormEvent } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { usePrefs } from "../lib/prefs";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { CompanyField } from "./company-field";
import { hasSeveral, lastCompany, noteSeveral } from "./company";
import { SignInFrame } from "./frame";

/** Has a link sent to one's own address, with which a new password is chosen. What is said does not tell whether somebody has the address. */
export function ForgotPage() {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const { language } = usePrefs();
  const search = useSearch({ from: "/forgot" });
  const [email, setEmail] = useState("");
  const [company, setCompany] = useState(() => search.company ?? lastCompany());
  const [asksCompany, setAsksCompany] = useState(() => search.company !== undefined || hasSeveral());
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(false);
  const emailId = useId();
  const companyId = useId();

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
      const named = asksCompany && company.trim() !== "" ? { company: company.trim() } : {};
      await call("POST", "/auth/recoveries", { body: { ...named, email: email.trim(), lang: language, proof } });
      setSent(true);
    } catch (reason) {
      if (isProblem(reason, "company_required")) {
        noteSeveral();
        flushSync(() => setAsksCompany(true));
        document.getElementById(companyId)?.focus();
      }
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
            {asksCompany && <CompanyField id={companyId} value={company} onChange={setCompany} />}
            <div className="field">
              <label htmlFor={emailId}>{t("email")}</label>
              <input
                id={emailId}
                className="input"
                type="email"
                name="email"
                autoComplete="username"
                autoFocus
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            </div>
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
