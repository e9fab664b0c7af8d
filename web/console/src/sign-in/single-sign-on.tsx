import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "../lib/problem";
import { keepNext } from "./next";

interface SingleSignOnProps {
  email: string;
  next: string | undefined;
}

/** Offers to sign in by way of the company's identity provider, if it has one. */
export function SingleSignOn({ email, next }: SingleSignOnProps) {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { data: offer } = useQuery({
    queryKey: ["single-sign-on-offer"],
    retry: false,
    queryFn: ({ signal }) => call("GET", "/auth/single-sign-on", { signal }),
  });
  if (!offer?.offered) return null;
  const start = async () => {
    setBusy(true);
    setError(null);
    try {
      const { url } = await call("POST", "/auth/single-sign-on", { body: email === "" ? {} : { email } });
      keepNext(next);
      location.assign(url);
    } catch (reason) {
      setError(text(reason));
      setBusy(false);
    }
  };
  const isTheirs = offer.domains.some((domain) => email.toLowerCase().endsWith(`@${domain}`));
  return (
    <div className="signin-sso">
      {(offer.required || isTheirs) && (
        <p className="s2" role="status">
          {offer.required ? t("sso.required") : t("sso.yours")}
        </p>
      )}
      <button type="button" className="signin-other" aria-disabled={busy || undefined} onClick={() => void start()}>
        {busy && <span className="y-spinner" aria-hidden="true" />}
        {t("sso.enter")}
      </button>
      {error !== null && (
        <p className="notice hot" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
