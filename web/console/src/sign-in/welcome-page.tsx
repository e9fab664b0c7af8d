import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { call, Problem } from "@yingda/api/client";
import type { SecondStepAsked } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Press } from "../lib/press";
import { useProblemText } from "../lib/problem";
import { useBuiltInWord } from "../lib/built-in-roles";
import { SignInFrame } from "./frame";
import { SecondStep } from "./later";
import { PasswordField } from "../lib/password-field";
import { passwordFault } from "./password-rule";
import { isAsked, useEnter } from "./use-enter";

/** A one-time link: it names the member it is for; the first use sets the password, later ones need only a press. */
export function WelcomePage() {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const roleWord = useBuiltInWord();
  const enter = useEnter();
  const { next } = useSearch({ from: "/welcome" });
  const [token] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<SecondStepAsked | null>(null);
  const link = useQuery({
    queryKey: ["sign-in-link", token],
    staleTime: Infinity,
    retry: false,
    queryFn: ({ signal }) => call("POST", "/auth/links/inspect", { body: { token }, signal }),
  });

  const redeem = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !link.data) return;
    const fault = link.data.needs_password ? passwordFault(password) : null;
    if (fault) {
      setError(text(fault));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const answer = await call("POST", "/auth/links/redeem", {
        body: { token, ...(link.data.needs_password ? { password } : {}) },
      });
      if (isAsked(answer)) setAsked(answer);
      else await enter(answer, next);
    } catch (reason) {
      setError(text(reason));
      if (reason instanceof Problem && reason.code.startsWith("link_")) await link.refetch();
    } finally {
      setBusy(false);
    }
  };

  // Nothing has changed yet: whoever does not take the second step now can use the link again, with another password.
  if (asked)
    return (
      <SignInFrame title={t("welcome.page")}>
        <SecondStep
          asked={asked}
          onEntered={(me) => void enter(me, next)}
          onOver={() => void link.refetch().then(() => setAsked(null))}
        />
      </SignInFrame>
    );
  return (
    <SignInFrame title={t("welcome.page")}>
      {link.isPending && (
        <p className="t2" role="status">
          {t("welcome.reading")}
        </p>
      )}
      {link.isError && (
        <div>
          <h1>{t("welcome.unusable")}</h1>
          <p role="alert">{text(link.error)}</p>
          <Link to="/sign-in" search={{}}>
            {t("welcome.to_sign_in")}
          </Link>
        </div>
      )}
      {link.data && (
        <form onSubmit={(event) => void redeem(event)} noValidate>
          <div>
            <h1>{t("welcome.title", { name: link.data.name })}</h1>
            <p>
              {t("welcome.role", { role: roleWord(link.data.role, link.data.role_name) })}
              <i className="dot" />
              {link.data.email}
            </p>
          </div>
          {link.data.needs_password ? (
            <>
              <input type="email" name="email" autoComplete="username" value={link.data.email} readOnly hidden />
              <PasswordField
                label={t("welcome.new_password")}
                autoComplete="new-password"
                autoFocus
                value={password}
                onChange={(value) => {
                  setPassword(value);
                  setError(null);
                }}
                error={error}
                hint={t("welcome.password_rule")}
              />
            </>
          ) : (
            error !== null && (
              <p className="notice hot" role="alert">
                {error}
              </p>
            )
          )}
          <Press submits busy={busy} autoFocus={!link.data.needs_password}>
            {link.data.needs_password ? t("welcome.set_and_enter") : t("welcome.enter")}
          </Press>
        </form>
      )}
    </SignInFrame>
  );
}
