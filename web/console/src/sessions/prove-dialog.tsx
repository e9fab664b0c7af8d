import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useState, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { useRefused } from "../lib/mutations";
import { answerWithPasskey } from "../lib/passkeys";
import { isProblem, useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { PasswordField } from "../lib/password-field";
import { passkeysQuery, secondStepQuery } from "./queries";

type Proof = Body<"POST", "/me/proof">;

/** Asks again for a proof of who one is, because the last one was a while ago. */
function ProveDialog({ onProved, onClose }: { onProved(): void; onClose(): void }) {
  const { t } = useTranslation("account");
  const { t: shell } = useTranslation("shell");
  const text = useProblemText();
  const me = useMe();
  const secondStep = useQuery(secondStepQuery).data;
  const passkeys = useQuery(passkeysQuery).data;
  const hasApp = typeof secondStep?.app_since === "number";
  const hasPasskeys = (passkeys?.items.length ?? 0) > 0;
  // Whoever has a second step proves it with that; the password would not suffice.
  const way = hasApp ? "code" : hasPasskeys ? null : "password";
  const [value, setValue] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const prove = async (proof: () => Promise<Proof | null>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const body = await proof();
      if (body === null) return;
      await call("POST", "/me/proof", { body });
      onProved();
    } catch (reason) {
      setError(text(reason));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (way !== null) void prove(async () => ({ [way]: value }));
  };
  const change = (next: string) => {
    setValue(next);
    setError(null);
  };
  if (!secondStep || !passkeys) return null;
  return (
    <Dialog open title={t("prove.title")} closeLabel={shell("close")} onClose={onClose} width="26rem">
      <form className="form" onSubmit={submit} noValidate>
        <p>{t("prove.why")}</p>
        {way === "password" && (
          <>
            <input type="email" name="email" autoComplete="username" value={me.email} readOnly hidden />
            <PasswordField
              label={t("prove.password")}
              autoComplete="current-password"
              autoFocus
              value={value}
              onChange={change}
              error={error}
            />
          </>
        )}
        {way === "code" && (
          <Field label={t("prove.code")} error={error ?? undefined}>
            {(ids) => (
              <Input
                {...ids}
                name="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={20}
                autoFocus
                value={value}
                onChange={(event) => change(event.target.value)}
              />
            )}
          </Field>
        )}
        {way === null && error !== null && (
          <p className="notice hot" role="alert">
            {error}
          </p>
        )}
        <div className="row wrap">
          {way !== null && (
            <Button type="primary" htmlType="submit" loading={busy} disabled={value === ""}>
              {t("prove.go")}
            </Button>
          )}
          {hasPasskeys && (
            <Button
              type={way === null ? "primary" : "default"}
              onClick={() =>
                void prove(async () => {
                  const passkey = await answerWithPasskey(await call("POST", "/me/passkeys/options-to-prove"));
                  return passkey && { passkey };
                })
              }
            >
              {t("prove.passkey")}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

export interface Proved {
  /** Does it, and returns what it returns. Whoever closes the dialog has it refused. */
  proved<T>(act: () => Promise<T>): Promise<T>;
  /** Does it, and says why it was refused. */
  run(act: () => Promise<unknown>): void;
  dialog: ReactNode;
}

/** Does what needs a recent proof of who one is: where that is missing, it is asked for first. */
export function useProved(): Proved {
  const refuse = useRefused();
  const [asking, setAsking] = useState<{ onProved(): void; onClose(): void } | null>(null);
  const ask = (missing: unknown) =>
    new Promise<void>((resolve, reject) =>
      setAsking({
        onProved: () => {
          setAsking(null);
          resolve();
        },
        onClose: () => {
          setAsking(null);
          reject(missing);
        },
      }),
    );
  const proved = async <T,>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      if (!isProblem(error, "proof_required")) throw error;
      await ask(error);
      return await proved(act);
    }
  };
  const run = (act: () => Promise<unknown>) =>
    void proved(act).catch((error: unknown) => {
      if (!isProblem(error, "proof_required")) refuse(error);
    });
  return { proved, run, dialog: asking && <ProveDialog {...asking} /> };
}
