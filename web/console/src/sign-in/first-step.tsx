import { Link, useSearch } from "@tanstack/react-router";
import { call, Problem } from "@yingda/api/client";
import type { Answer, Body } from "@yingda/api/operations";
import { solve } from "@yingda/api/puzzle";
import { useEffect, useId, useState, type FormEvent } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { spanInWords } from "../lib/format";
import { loadWords } from "../lib/i18n";
import { prefs, usePrefs } from "../lib/prefs";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { CompanyField } from "./company-field";
import { hasSeveral, lastCompany, noteSeveral } from "./company";
import { PasskeySignIn } from "./passkey-sign-in";
import { PasswordField } from "./password-field";

/** Who is signed in, or the second step that is asked for. */
export type SignInAnswer = Answer<"POST", "/auth/sessions">;

/** Signs in. While many people do, or after many wrong passwords for this address, the server first requires a proof of work from the page. */
async function signIn(body: Omit<Body<"POST", "/auth/sessions">, "proof">): Promise<SignInAnswer> {
  try {
    return await call("POST", "/auth/sessions", { body });
  } catch (reason) {
    if (!isProblem(reason, "puzzle_required")) throw reason;
    const { puzzle, bits } = await call("GET", "/customer/puzzle");
    return await call("POST", "/auth/sessions", {
      body: { ...body, proof: { puzzle, solution: await solve(puzzle, bits) } },
    });
  }
}

/** The wait the server asks for, as a countdown in words. */
function Wait({ until }: { until: number }) {
  const { t } = useTranslation("signin");
  const { language } = usePrefs();
  useNow(1000);
  return (
    <p className="notice warn" role="timer">
      {t("wait", { time: spanInWords(until - Date.now(), language) })}
    </p>
  );
}

/** Preloads what follows the sign-in while the user types. If it cannot be loaded now, it is requested again then. */
const fetchInside = () =>
  void Promise.all([import("../shell/shell"), loadWords(prefs.get().language)]).catch(() => undefined);

interface FirstStepProps {
  /** Why one is here again, if the second step was not taken in time. */
  why: string | null;
  onAnswer(answer: SignInAnswer): void;
}

/** The first step: address and password, or a passkey, which is all steps at once. */
export function FirstStep({ why, onAnswer }: FirstStepProps) {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const search = useSearch({ from: "/sign-in" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [company, setCompany] = useState(() => search.company ?? lastCompany());
  // If the installation has only one company, nobody has to name it.
  const [asksCompany, setAsksCompany] = useState(() => search.company !== undefined || hasSeveral());
  const [error, setError] = useState<string | null>(why);
  const [busy, setBusy] = useState(false);
  const [until, setUntil] = useState<number | null>(null);
  const emailId = useId();
  const companyId = useId();

  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => setUntil(null), Math.max(0, until - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || until !== null) return;
    if (email.trim() === "" || password === "") {
      const form = event.currentTarget as HTMLFormElement;
      form.querySelector<HTMLInputElement>(email.trim() === "" ? "input[name=email]" : "input[name=password]")?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const named = asksCompany ? company.trim() : "";
      onAnswer(await signIn({ ...(named === "" ? {} : { company: named }), email: email.trim(), password }));
    } catch (reason) {
      if (reason instanceof Problem && reason.code === "too_many_requests")
        setUntil(Date.now() + (reason.retryAfter ?? 60) * 1000);
      else {
        if (isProblem(reason, "company_required")) {
          noteSeveral();
          flushSync(() => setAsksCompany(true));
          document.getElementById(companyId)?.focus();
        }
        setError(text(reason));
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="signin-ways">
      <form onSubmit={(event) => void submit(event)} onInput={fetchInside} noValidate>
        <div>
          <h1>{t("title")}</h1>
          <p>{t("who")}</p>
        </div>
        {search.why === "revoked" && (
          <p className="notice warn" role="status">
            {t("revoked")}
          </p>
        )}
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
        <PasswordField label={t("password")} autoComplete="current-password" value={password} onChange={setPassword} />
        {until !== null ? (
          <Wait until={until} />
        ) : (
          error !== null && (
            <p className="notice hot" role="alert">
              {error}
            </p>
          )
        )}
        <Press submits busy={busy} disabled={until !== null}>
          {t("submit")}
        </Press>
      </form>
      <PasskeySignIn onAnswer={onAnswer} />
      <p className="s2">
        <Link to="/forgot" search={asksCompany && company.trim() !== "" ? { company: company.trim() } : {}}>
          {t("forgot")}
        </Link>
      </p>
    </div>
  );
}
