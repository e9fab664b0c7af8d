import { call } from "@yingda/api/client";
import type { Me, SecondStepAsked } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { canUsePasskeys } from "../lib/can-use-passkeys";
import { answerWithPasskey } from "../lib/passkeys";
import { Press } from "../lib/press";
import { isProblem, useProblemText } from "../lib/problem";
import { PlainField } from "./plain-field";
import type { SecondStepProps } from "./second-step-props";
import { SetUp } from "./set-up";

/** The second step of a sign-in: a code, a recovery code or a passkey; or its setup, where the company requires it and there is none yet. */
export function SecondStep(props: SecondStepProps) {
  return props.asked.methods.length === 0 ? <SetUp {...props} /> : <Give {...props} />;
}

function Give({ asked, onEntered, onOver }: SecondStepProps) {
  const { t } = useTranslation("signin");
  const text = useProblemText();
  const id = useId();
  const has = (method: SecondStepAsked["methods"][number]) => asked.methods.includes(method);
  const [recovers, setRecovers] = useState(!has("app"));
  const [code, setCode] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const takes = has("app") || has("recovery_code");

  const attempt = async (give: () => Promise<Me | null>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const me = await give();
      if (me) onEntered(me);
    } catch (reason) {
      if (isProblem(reason, "second_step_over")) onOver(reason);
      else {
        setError(recovers && isProblem(reason, "second_step_wrong") ? t("second.recovery.wrong") : text(reason));
        setCode("");
      }
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim() === "") document.getElementById(id)?.focus();
    else void attempt(() => call("POST", "/auth/second-step", { body: { token: asked.token, code } }));
  };
  const change = () => {
    setRecovers(!recovers);
    setCode("");
    setError(null);
  };
  const withPasskey = () =>
    attempt(async () => {
      const { token } = asked;
      const passkey = await answerWithPasskey(
        await call("POST", "/auth/second-step/passkey-options", { body: { token } }),
      );
      return passkey && (await call("POST", "/auth/second-step/passkey", { body: { token, passkey } }));
    });

  return (
    <form onSubmit={submit} noValidate>
      <div>
        <h1>{t("second.title")}</h1>
        <p>{takes ? t(recovers ? "second.recovery.what" : "second.app.what") : t("second.passkey.what")}</p>
      </div>
      {takes && (
        <PlainField
          id={id}
          label={t(recovers ? "second.recovery" : "second.code")}
          key={String(recovers)}
          className="input signin-code"
          dir="auto"
          name="code"
          inputMode={recovers ? "text" : "numeric"}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={20}
          autoFocus
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      {error !== null && (
        <p className="notice hot" role="alert">
          {error}
        </p>
      )}
      {takes && (
        <Press submits busy={busy}>
          {t("second.submit")}
        </Press>
      )}
      {has("passkey") && canUsePasskeys() && (
        <button type="button" className="press-plain" onClick={() => void withPasskey()}>
          {t("second.passkey")}
        </button>
      )}
      {has("app") && has("recovery_code") && (
        <button type="button" className="signin-other" onClick={change}>
          {t(recovers ? "second.to_app" : "second.to_recovery")}
        </button>
      )}
      <button type="button" className="signin-other" onClick={() => onOver(null)}>
        {t("second.back")}
      </button>
      <p className="s2 t3">{t("second.lost")}</p>
    </form>
  );
}
