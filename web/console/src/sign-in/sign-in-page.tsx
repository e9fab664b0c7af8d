import { useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { call, Problem } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { solve } from "@yingda/api/puzzle";
import type { Me } from "@yingda/api/types";
import { useEffect, useId, useState, type FormEvent } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { spanInWords } from "../lib/format";
import { loadWords } from "../lib/i18n";
import { prefs, usePrefs } from "../lib/prefs";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { forgetPerson, meQuery } from "../lib/session";
import { hasSeveral, lastCompany, noteSeveral, rememberCompany } from "./company";
import { SignInFrame } from "./frame";
import { PasswordField } from "./password-field";
import { SingleSignOn } from "./single-sign-on";

/** Signs in. While many people do, or after many wrong passwords for this address, the server first requires a proof of work from the page. */
async function signIn(body: Omit<Body<"POST", "/auth/sessions">, "proof">): Promise<Me> {
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

export function SignInPage() {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const queryClient = useQueryClient();
  const router = useRouter();
  const search = useSearch({ from: "/sign-in" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [company, setCompany] = useState(() => search.company ?? lastCompany());
  // If the installation has only one company, nobody has to name it.
  const [asksCompany, setAsksCompany] = useState(() => search.company !== undefined || hasSeveral());
  const [error, setError] = useState<string | null>(null);
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
      const me = await signIn({ ...(named === "" ? {} : { company: named }), email: email.trim(), password });
      rememberCompany(me.tenant.key);
      forgetPerson(queryClient);
      queryClient.setQueryData(meQuery.queryKey, me);
      if (search.next) router.history.replace(`/console${search.next}`);
      else await router.navigate({ to: "/", replace: true });
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
    <SignInFrame title={t("title")}>
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
        {asksCompany && (
          <div className="field">
            <label htmlFor={companyId}>{t("company")}</label>
            <input
              id={companyId}
              className="input"
              name="organization"
              autoComplete="organization"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={100}
              aria-describedby={`${companyId}-words`}
              value={company}
              onChange={(event) => setCompany(event.target.value)}
            />
            <span id={`${companyId}-words`} className="s1 t3">
              {t("company.what")}
            </span>
          </div>
        )}
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
        <SingleSignOn company={asksCompany ? company.trim() : ""} email={email.trim()} next={search.next} />
        <p className="s2 t3">{t("forgot")}</p>
      </form>
    </SignInFrame>
  );
}
