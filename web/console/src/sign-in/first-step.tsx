import { Link, useSearch } from "@tanstack/react-router";
import { call } from "@yingda/api/client";
import type { Answer, Body } from "@yingda/api/operations";
import { solve } from "@yingda/api/puzzle";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { loadWords } from "../lib/i18n";
import { prefs } from "../lib/prefs";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { CompanyName } from "./company-name";
import { OpenCompanyLink } from "./open-company-link";
import { PasskeySignIn } from "./passkey-sign-in";
import { PasswordField } from "../lib/password-field";
import { PlainField } from "./plain-field";
import { SingleSignOn } from "./single-sign-on";
import { useWait, Wait } from "./wait";

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
  const [error, setError] = useState<string | null>(why);
  const [busy, setBusy] = useState(false);
  const { until, begin } = useWait();

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
      onAnswer(await signIn({ email: email.trim(), password }));
    } catch (reason) {
      if (isProblem(reason, "too_many_requests")) begin(reason);
      else setError(text(reason));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="signin-ways">
      <form onSubmit={(event) => void submit(event)} onInput={fetchInside} noValidate>
        <div>
          <CompanyName />
          <h1>{t("title")}</h1>
          <p>{t("who")}</p>
        </div>
        {search.why === "revoked" && (
          <p className="notice warn" role="status">
            {t("revoked")}
          </p>
        )}
        <PlainField
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
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
      <SingleSignOn email={email.trim()} next={search.next} />
      <PasskeySignIn onAnswer={onAnswer} />
      <p className="s2">
        <Link to="/forgot">{t("forgot")}</Link>
      </p>
      <OpenCompanyLink />
    </div>
  );
}
