import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Me } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { NewApp } from "../lib/new-app";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { RecoveryCodes } from "../lib/recovery-codes";
import { PlainField } from "./plain-field";
import type { SecondStepProps } from "./second-step-props";

/** Sets up two-step verification during a sign-in; whoever has done it sees the recovery codes, and then enters. */
export function SetUp({ asked: { token }, onEntered, onOver }: SecondStepProps) {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<{ me: Me; codes: string[] } | null>(null);
  const begun = useQuery({
    queryKey: ["second-step-setup", token],
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => call("POST", "/auth/second-step/setup", { body: { token }, signal }),
  });

  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const set = await call("POST", "/auth/second-step/setup/confirm", { body: { token, code } });
      setDone({ me: set.me, codes: set.recovery_codes });
    } catch (reason) {
      if (isProblem(reason, "second_step_over")) onOver(reason);
      else {
        setError(text(reason));
        setCode("");
      }
    } finally {
      setBusy(false);
    }
  };

  if (done)
    return (
      <div className="signin-ways">
        <h1>{t("codes.title")}</h1>
        <RecoveryCodes codes={done.codes} />
        <Press onClick={() => onEntered(done.me)}>{t("codes.enter")}</Press>
      </div>
    );
  return (
    <form onSubmit={(event) => void confirm(event)} noValidate>
      <div>
        <h1>{t("setup.title")}</h1>
        <p>{t("setup.why")}</p>
      </div>
      {begun.isError && (
        <p className="notice hot" role="alert">
          {text(begun.error)}
        </p>
      )}
      {begun.data && (
        <>
          <NewApp app={begun.data} />
          <PlainField
            label={t("second.code")}
            className="input signin-code"
            dir="auto"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          {error !== null && (
            <p className="notice hot" role="alert">
              {error}
            </p>
          )}
          <Press submits busy={busy} disabled={code.trim() === ""}>
            {t("setup.submit")}
          </Press>
        </>
      )}
      <button type="button" className="signin-other" onClick={() => onOver(null)}>
        {t("second.back")}
      </button>
    </form>
  );
}
